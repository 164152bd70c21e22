"""What child processes print."""

import multiprocessing
import subprocess
import sys

import pytest

from vot_toolkit.run.child import Output, begin, end


def talk(output, word):
    begin(output)
    print(word)
    subprocess.run([sys.executable, "-c", f"print('{word} child')"], check=True)
    print(f"{word} error", file=sys.stderr, end="")


@pytest.mark.usefixtures("importable_by_children")
def test_all_that_children_print_is_kept_in_turn(capfd):
    output, context = Output(), multiprocessing.get_context("spawn")
    for word in ("one", "two"):
        process = context.Process(target=talk, args=(output, word))
        process.start()
        process.join(20)
        assert end(process) == 0
    assert output.read() == b"one\none child\none errortwo\ntwo child\ntwo error"
    assert output.read(last=5) == b"error"
    assert capfd.readouterr() == ("", "")
