"""Results of other tools, told apart, checked, and brought into one layout."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.analysis import analyze
from vot_toolkit.errors import FormatError, ResultsError, UserError
from vot_toolkit.exchange.importing import Imported, import_results
from vot_toolkit.formats.times import read_times

OFFICIAL = "KCF/baseline/{}/{}_001.txt"


@pytest.fixture
def bring(tmp_path, dataset):
    """Import a folder into ``out``; give what was imported, and the files there."""

    def start(source, **values):
        done = import_results(source, tmp_path / "out", dataset, **values)
        found = {
            path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
            for path in sorted((tmp_path / "out").rglob("*"))
            if path.is_file()
        }
        return done, found

    return start


@pytest.mark.parametrize(
    ("pattern", "kind", "experiment"),
    [
        (OFFICIAL, "lost", "baseline"),
        ("KCF/realtime/{}/{}_001.txt", "lost", "realtime"),
        ("KCF/unsupervised/{}/{}_001.txt", "kept", "unsupervised"),
        ("KCF/{}/{}_001.txt", "lost", "baseline"),
        ("KCF/{}/{}_001.txt", "box", "unsupervised"),
        ("KCF/{}.txt", "lost", "baseline"),
        ("KCF/{}.txt", "box", "unsupervised"),
    ],
)
@pytest.mark.parametrize("of_one", [False, True])
def test_layouts_are_told_apart(
    fill, bring, lines, dataset, tmp_path, pattern, kind, experiment, of_one
):
    source = fill(pattern, kind)
    done, found = bring(source / "KCF" if of_one else source)
    assert done == [Imported("KCF", experiment, 3, ())]
    for name in ("ball", "cup", "dove"):
        expected = lines(name, kind)
        expected[0] = "1"
        text = found.pop(f"KCF/{experiment}/{name}/{name}_001.txt").decode()
        assert text == "\n".join(expected) + "\n"
    assert found == {}
    analysis = analyze(tmp_path / "out", dataset)
    assert analysis.problems == ()


def test_binary_files_stay_binary(fill, bring, dataset, tmp_path):
    source = fill("KCF/baseline/{}/{}_001.bin")
    _, found = bring(source)
    assert (
        found["KCF/baseline/cup/cup_001.bin"]
        == (source / "KCF/baseline/cup/cup_001.bin").read_bytes()
    )
    assert analyze(tmp_path / "out", dataset).problems == ()


def test_several_trackers_and_repetitions(fill, bring):
    fill(OFFICIAL)
    fill("KCF/baseline/{}/{}_002.txt")
    done, found = bring(fill("SRDCF/baseline/{}/{}_001.txt"))
    assert done == [Imported("KCF", "baseline", 6, ()), Imported("SRDCF", "baseline", 3, ())]
    assert len(found) == 9


def test_what_lies_beside_comes_along(fill, bring):
    source = fill(OFFICIAL)
    folder = source / "KCF" / "baseline" / "cup"
    (folder / "cup_time.txt").write_text("0.1\n" * 8)
    (folder / "cup_001_confidence.value").write_text("\n" + "0.5\n" * 7)
    (folder / "notes.md").write_text("mine")
    _, found = bring(source)
    assert found["KCF/baseline/cup/cup_time.txt"] == b"0.1\n" * 8
    assert found["KCF/baseline/cup/cup_001_confidence.value"] == b"\n" + b"0.5\n" * 7
    assert "KCF/baseline/cup/notes.md" not in found


def test_times_of_single_repetitions_are_put_together(fill, bring, tmp_path):
    source = fill("KCF/baseline/{}/{}_001.bin")
    fill("KCF/baseline/{}/{}_003.bin")
    for repetition in (1, 3):
        path = source / "KCF" / "baseline" / "cup" / f"cup_00{repetition}_time.value"
        path.write_text(f"0.{repetition}\n" * 7 + "\n")
    bring(source)
    times = read_times(tmp_path / "out" / "KCF" / "baseline" / "cup" / "cup_time.txt")
    expected = np.array([[0.1, 0, 0.3]] * 7 + [[np.nan, 0, np.nan]])
    np.testing.assert_array_equal(times, expected)


def test_sequences_that_are_missing_are_told(fill, bring):
    source = fill(OFFICIAL)
    (source / "KCF" / "baseline" / "dove" / "dove_001.txt").unlink()
    done, _ = bring(source)
    assert done == [Imported("KCF", "baseline", 2, ("dove",))]


def test_another_name(fill, bring):
    done, _ = bring(fill(OFFICIAL), tracker="mine")
    assert done[0].tracker == "mine"
    fill("SRDCF/baseline/{}/{}_001.txt")
    with pytest.raises(ResultsError, match=r"--tracker 'new' for 2 trackers: KCF, SRDCF"):
        bring(fill(OFFICIAL), tracker="new")


def test_the_folder_of_an_experiment_needs_a_name(fill, bring):
    source = fill(OFFICIAL) / "KCF" / "baseline"
    with pytest.raises(ResultsError, match=r"'baseline' is no name for a tracker .*--tracker"):
        bring(source)
    assert bring(source, tracker="KCF")[0] == [Imported("KCF", "baseline", 3, ())]


def test_codes_that_tell_no_experiment(fill, bring):
    source = fill("KCF/{}.txt", "kept")
    with pytest.raises(ResultsError, match=r"tell no experiment.*--experiment baseline"):
        bring(source)
    assert bring(source, experiment="realtime")[0][0].experiment == "realtime"


def test_two_layouts_in_one_folder(fill, bring):
    fill("KCF/{}.txt", "box")
    source = fill("KCF/{}/{}_001.txt", "box")
    with pytest.raises(ResultsError, match=r"several layouts: pysot, got10k \(--format says"):
        bring(source)
    done, _ = bring(source, layout="got10k")
    assert done == [Imported("KCF", "unsupervised", 3, ())]


def test_what_was_found_before_is_kept(fill, bring):
    source = fill(OFFICIAL)
    bring(source)
    with pytest.raises(ResultsError, match=r"something in this folder already \(--tracker NAME\)"):
        bring(source)


def spoil(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("cup_001.txt", "\n10.", "\nabc10.", r"cup_001\.txt:2: not a number: 'abc10\.14"),
        ("cup_001.txt", "1\n", "", r"cup_001\.txt: 7 lines for 8 frames"),
        ("cup_001.txt", "1\n", "2\n", r"cup_001\.txt:1: does not begin with an initialisation"),
        ("cup_time.txt", "0.1\n", "", r"cup_time\.txt: 7 lines for 8 frames"),
        ("cup_time.txt", "0.1\n", "soon\n", r"cup_time\.txt:1: not a row of seconds: 'soon'"),
    ],
)
def test_what_is_damaged_is_named_and_nothing_is_written(
    fill, bring, tmp_path, name, old, new, message
):
    folder = fill(OFFICIAL) / "KCF" / "baseline" / "cup"
    (folder / "cup_time.txt").write_text("0.1\n" * 8)
    spoil(folder / name, old, new)
    with pytest.raises(UserError, match=message):
        bring(tmp_path / "source")
    assert not (tmp_path / "out").exists()


def test_a_truncated_binary_file(fill, bring):
    path = fill("KCF/baseline/{}/{}_001.bin") / "KCF" / "baseline" / "cup" / "cup_001.bin"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(UserError, match=r"cup_001\.bin: ends in the middle of a region"):
        bring(path.parents[3])


def test_a_sequence_that_is_not_in_the_set(fill, bring):
    source = fill(OFFICIAL)
    folder = source / "KCF" / "baseline"
    (folder / "cups").mkdir()
    (folder / "cups" / "cups_001.txt").write_text("1\n")
    with pytest.raises(ResultsError, match=r"no sequence 'cups' \(did you mean 'cup'"):
        bring(source)


def test_many_faults_are_counted(fill, bring):
    source = fill(OFFICIAL)
    for name in ("ball", "cup", "dove"):
        (source / "KCF" / "baseline" / name / f"{name}_001.txt").write_text("1\n")
    with pytest.raises(ResultsError, match=r"1 line for 12 frames, and 2 more files like it"):
        bring(source)


def test_one_repetition_as_text_and_binary(fill, bring):
    fill("KCF/baseline/{}/{}_001.bin")
    with pytest.raises(ResultsError, match="several layouts: official, bin"):
        bring(fill(OFFICIAL))


@pytest.mark.parametrize("layout", [None, "official", "bin", "pysot", "got10k"])
def test_a_folder_without_results(tmp_path, bring, layout):
    with pytest.raises(ResultsError, match="no such folder"):
        bring(tmp_path / "none", layout=layout)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.txt").write_text("nothing\n")
    with pytest.raises(ResultsError, match=r"no results on sequences such as ball, cup, dove"):
        bring(tmp_path / "empty", layout=layout)


def test_errors_are_those_of_a_user(fill, bring):
    path = fill("KCF/{}.txt", "box") / "KCF" / "cup.txt"
    path.write_text("1,2,3\n" * 8)
    with pytest.raises(ResultsError) as error:
        bring(path.parents[1])
    assert (error.value.file, error.value.line) == (path, 1)
    assert FormatError.exit_status == error.value.exit_status == 2
