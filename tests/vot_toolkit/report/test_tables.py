"""Tables as they stand on the terminal, whole and at a fixed width."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

from rich.console import Console

from vot_toolkit.analysis import Analysis, analyze
from vot_toolkit.report.tables import show


def printed(analysis: Analysis, **choices: bool) -> str:
    """Print an analysis as a plain terminal of 80 columns would show it."""
    stream = io.StringIO()
    show(analysis, Console(file=stream, width=80), **choices)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


RANKING = """\
set · rules vot2018 · baseline
┏━━━┳━━━━━━━━━┳━━━━━━━┳━━━━━━━┳━━━━━━━┳━━━━━━━━━━━━┳━━━━━━┳━━━━━┓
┃ # ┃ tracker ┃ EAO ↑ ┃   A ↑ ┃   R ↓ ┃ failures ↓ ┃ rep. ┃ fps ┃
┡━━━╇━━━━━━━━━╇━━━━━━━╇━━━━━━━╇━━━━━━━╇━━━━━━━━━━━━╇━━━━━━╇━━━━━┩
│ 1 │ good    │ 0.938 │ 0.938 │ 0.000 │        0.0 │    1 │   – │
│ 2 │ poor    │ 0.272 │ 0.590 │ 2.857 │        2.0 │    1 │   – │
└───┴─────────┴───────┴───────┴───────┴────────────┴──────┴─────┘"""


def test_ranking_is_by_eao_and_reads_well(small_results: Path) -> None:
    analysis = analyze(small_results / "results", small_results / "set.json")
    assert printed(analysis) == RANKING


def test_attributes_and_sequences_are_shown_when_asked_for(small_results: Path) -> None:
    analysis = analyze(small_results / "results", small_results / "set.json")
    text = printed(analysis, attributes=True, per_sequence=True)
    assert text.startswith(RANKING)
    for heading in ("EAO ↑ by attribute", "A ↑ by attribute", "failures ↓ by attribute"):
        assert f"baseline · {heading}" in text
    assert "│ alpha    │ 0.938   0.0 │ 0.590   1.0 │" in text


def analyzed(folder: Path, **choices: str) -> Analysis:
    return analyze(folder / "results", folder / "set.json", **choices)


def without_fps(text: str) -> str:
    return text.replace("│   – │", "")


UNSUPERVISED = """\
set · rules {rules} · unsupervised
┏━━━┳━━━━━━━━━┳━━━━━━━┳━━━━━┓
┃ # ┃ tracker ┃  AO ↑ ┃ fps ┃
┡━━━╇━━━━━━━━━╇━━━━━━━╇━━━━━┩
{row}
└───┴─────────┴───────┴─────┘"""


def test_rules_without_an_average_overlap_give_no_rank_and_the_reason(small_results: Path) -> None:
    (small_results / "results" / "good" / "baseline").rename(
        small_results / "results" / "good" / "unsupervised"
    )
    shutil.rmtree(small_results / "results" / "poor")
    row = "│ 1 │ good    │ 0.911 │   – │"
    assert printed(analyzed(small_results)) == UNSUPERVISED.format(rules="vot2018", row=row)
    assert printed(analyzed(small_results, rules="pysot")).splitlines()[4:] == [
        "│   │ good    │    – │   – │",
        "└───┴─────────┴──────┴─────┘",
        "  – AO: these rules do not define it",
    ]


def test_a_tracker_without_results_in_a_sequence_is_marked(small_results: Path) -> None:
    shutil.rmtree(small_results / "results" / "poor" / "baseline" / "beta")
    lines = printed(analyzed(small_results)).splitlines()
    assert lines[4].startswith("│ 1 │ good    │")
    assert lines[5].startswith("│ 2 │ poor *  │")
    assert lines[7] == "  * sequences without results: poor 1 of 2"


def test_a_tracker_without_a_score_has_no_rank(small_results: Path) -> None:
    shutil.rmtree(small_results / "results" / "good" / "baseline" / "beta")
    lines = printed(analyzed(small_results, rules="vot-toolkit")).splitlines()
    assert lines[4].startswith("│ 1 │ poor    │")
    assert lines[5].startswith("│   │ good *  │     – │")


def test_attributes_that_rules_do_not_define_are_said(small_results: Path) -> None:
    text = printed(analyzed(small_results, rules="pysot"), attributes=True)
    assert "baseline · EAO ↑ by attribute\n┏" in text
    assert "  – baseline · A ↑ by attribute: these rules do not define it" in text
    assert "  – baseline · failures ↓ by attribute: these rules do not define it" in text


def test_an_attribute_of_no_scored_frame_is_said(small_results: Path) -> None:
    dataset = small_results / "set.json"
    data = json.loads(dataset.read_text())
    for entry in data.values():
        entry["blur"] = [int(index == 0) for index in range(len(entry["gt_rect"]))]
    dataset.write_text(json.dumps(data))
    text = printed(analyzed(small_results), attributes=True)
    assert "  – baseline · A ↑ by attribute: no scored frame has the attribute" in text


def test_a_set_without_attributes_is_said(small_results: Path) -> None:
    dataset = small_results / "set.json"
    data = json.loads(dataset.read_text())
    for entry in data.values():
        del entry["occlusion"]
    dataset.write_text(json.dumps(data))
    text = printed(analyzed(small_results), attributes=True)
    assert text == RANKING + "\n  – attributes: the data set has none"


def test_what_fps_means_is_said_where_there_are_any(small_results: Path) -> None:
    times = small_results / "results" / "good" / "baseline" / "alpha" / "alpha_time.txt"
    times.write_text("0.1\n" * 40)
    assert printed(analyzed(small_results)).splitlines()[-1] == (
        "  fps: of the tracker alone, mean over sequences; frames/s during a run: of all workers "
        "together, images read"
    )


def test_names_are_no_markup(small_results: Path) -> None:
    results = small_results / "results"
    (results / "good").rename(results / "[red]x")
    text = printed(analyzed(small_results), attributes=True, per_sequence=True)
    assert text.count("[red]x") == 5


def test_problems_name_file_and_line(small_results: Path) -> None:
    broken = small_results / "results" / "good" / "baseline" / "alpha" / "alpha_001.txt"
    lines = broken.read_text().splitlines()
    lines[16] = "garbage"
    broken.write_text("\n".join(lines))
    text = printed(analyze(small_results / "results", small_results / "set.json"))
    assert "1 problem\n" in text
    assert "good alpha: not a number: 'garbage'" in text
    assert f"{broken}:17" in text.replace("\n", "")


def test_a_missing_score_is_explained(small_results: Path) -> None:
    dataset = small_results / "set.json"
    text = dataset.read_text()
    analysis = analyze(small_results / "results", dataset)
    assert "–" not in without_fps(printed(analysis))
    data = json.loads(text)
    del data["beta"]
    dataset.write_text(json.dumps(data))
    lone = printed(analyze(small_results / "results", dataset))
    assert "EAO: needs at least two distinct sequence lengths" in lone
