"""Tables as they stand on the terminal, whole and at a fixed width."""

from __future__ import annotations

import io
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
    assert "–" not in printed(analysis).replace("│   – │", "")
    import json

    data = json.loads(text)
    del data["beta"]
    dataset.write_text(json.dumps(data))
    lone = printed(analyze(small_results / "results", dataset))
    assert "EAO: needs at least two distinct sequence lengths" in lone
