"""The list of problems below the tables."""

from __future__ import annotations

import io

from rich.console import Console

from vot_toolkit.problem import Problem
from vot_toolkit.report.problems import show_problems


def printed(*problems: Problem) -> list[str]:
    """Show problems on a plain terminal of 80 columns."""
    stream = io.StringIO()
    show_problems(problems, Console(file=stream, width=80))
    return stream.getvalue().splitlines()


def lost(tracker: str, sequence: str, what: str = "no results") -> Problem:
    return Problem(tracker, sequence, f"results/{tracker}/baseline/{sequence}", None, what)


def test_nothing_wrong_is_nothing_said() -> None:
    assert printed() == []


def test_what_reads_alike_is_one_group_of_a_tracker() -> None:
    assert printed(
        lost("good", "ants"),
        Problem("good", "bag", "bag_001.txt", 17, "not a number: 'x'"),
        *(lost("good", name) for name in ("car", "dove", "egg")),
        lost("poor", "ants"),
    ) == [
        "6 problems",
        "  good, 4 sequences (ants, car, dove and 1 more): no results",
        "    results/good/baseline/ants and 3 more",
        "  good bag: not a number: 'x'",
        "    bag_001.txt:17",
        "  poor ants: no results",
        "    results/poor/baseline/ants",
    ]


def test_files_of_one_sequence_and_of_several_are_counted() -> None:
    files = [Problem("good", "ants", f"ants_00{n}.txt", 54, "too short") for n in (1, 2, 3)]
    assert printed(*files)[1:] == [
        "  good ants, 3 times: too short",
        "    ants_001.txt:54 and 2 more",
    ]
    more = Problem("good", "bag", "bag_001.txt", 54, "too short")
    assert printed(*files, more)[1] == "  good, 2 sequences, 4 files (ants, bag): too short"


def test_a_tracker_with_many_faults_hides_no_other() -> None:
    many = [lost("bad", f"s{n:02d}", f"fault {n}") for n in range(40)]
    lines = printed(*many, lost("worse", "ants"), lost("worse", "bag", "damaged"))
    assert lines[0] == "42 problems"
    assert sum(line.startswith("  bad") for line in lines) == 18
    assert sum(line.startswith("  worse") for line in lines) == 2
    assert lines[-1] == "  … and 22 more: --json FILE lists all"


def test_the_text_of_an_exception_is_one_line_of_bounded_length() -> None:
    (_, line) = printed(Problem("good", None, None, None, "first\nsecond " + "x" * 5000 + " last"))
    assert line.startswith("  good: first second xxx") and line.endswith("xxx last")
    assert len(line) <= 320


def test_signs_of_markup_are_kept() -> None:
    assert printed(Problem("[bold]a", None, None, None, "[red]b"))[1] == "  [bold]a: [red]b"
