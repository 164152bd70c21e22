"""Boards as they stand on the terminal, whole and at a fixed width, and in other formats."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from leaderboards.boards.board import View
from leaderboards.boards.condition import parse_condition
from leaderboards.boards.hardware import hardware_board
from leaderboards.boards.trackers import tracker_board
from leaderboards.gap import MARKS
from leaderboards.intervals import Intervals
from leaderboards.render.data import as_csv, as_json
from leaderboards.render.latex import latex
from leaderboards.render.markdown import markdown
from vot_toolkit.errors import UsageError

TRACKERS = """\
toy · dddddddddddd · rules vot2018
#  tracker        weights     A ↑    R ↓   EAO ↑ 95 %  RT ↑  AO ↑  fps ↑  on
────────────────────────────────────────────────────────────────────────────
1  good           11111111  0.834  0.000  0.825 ±.112     –     –   31.2   a
2  fair           22222222  0.779  0.422  0.688 ±.668     –     –  120.0   a
3  poor                     0.586  2.110  0.332 ±.322     –     –    9.5   a
   broken *                 0.586  2.110            ×     –     –    9.5   b
   fair by pysot  22222222      ≠      ≠            ≠     –     –  120.0   a
  – not run
  × failed: there is no result to score: its process ended
  ≠ not comparable: scored by rules pysot, the others by vot2018
  * broken: 1 of its results are damaged or missing
  a Intel Xeon E5-2690 v4, 8 of 28 cores
  b on a machine that is not known"""


def broken(record):
    """Make the record of a tracker that failed everywhere."""
    baseline = dict(record.results["experiments"]["baseline"])
    baseline |= {"eao": None, "undefined": {"eao": "there is no result to score"}}
    problems = [{"what": "its process ended"}]
    results = {**record.results, "experiments": {"baseline": baseline}, "problems": problems}
    return replace(record, label="broken", results=results)


@pytest.fixture
def board(filled, evaluated):
    """Fill the store with a tracker of each mark; give the board."""
    filled.add(broken(evaluated("poor", machine=None)))
    filled.add(replace(evaluated("fair", "pysot"), label="fair by pysot"))

    def make(published=False, **values):
        entries, problems = filled.entries()
        assert problems == []
        return tracker_board(entries, View(published=published, **values), Intervals(filled).of)

    return make


def test_trackers(board, printed):
    assert printed(board()) == TRACKERS


def test_three_marks_are_three_characters():
    assert len(set(MARKS.values())) == 3 and all(len(mark) == 1 for mark in MARKS.values())


def test_intervals_are_kept(filled, board, printed, monkeypatch):
    first = printed(board())
    monkeypatch.setattr(filled.__class__, "read", None)
    assert printed(board()) == first
    (filled.folder / ".intervals.json").write_text("{")
    monkeypatch.undo()
    assert printed(board()) == first


def names(tables):
    return [row.cells["label"].value for table in tables for row in table.rows]


def test_sorting_follows_the_measure(board):
    assert names(board(sort="fps"))[0] == "fair"
    assert set(names(board(sort="-fps"))[:2]) == {"poor", "broken"}
    # Lower is better here.
    assert names(board(sort="robustness"))[:2] == ["good", "fair"]
    assert names(board(sort="checkpoint"))[0] == "good"
    with pytest.raises(UsageError, match=r"--sort eoa: .*did you mean 'eao'"):
        board(sort="eoa")


def test_conditions(board):
    def where(*texts):
        return names(board(conditions=tuple(map(parse_condition, texts))))

    assert where("rules=PYSOT") == ["fair by pysot"]
    assert where("tracker=fair*", "rules=vot2018") == ["fair"]
    assert where("checkpoint=") == ["poor", "broken"]
    assert where("machine=Intel*", "origin=measured", "mode=exact", "tracker=g*") == ["good"]
    with pytest.raises(UsageError, match=r"--where ruls=x: no such key .*did you mean 'rules'"):
        where("ruls=x")
    with pytest.raises(UsageError, match="accepted: KEY=VALUE"):
        parse_condition("rules")


def test_columns(board):
    (table,) = board(columns=("label", "failures", "precision", "option.mode"))
    assert [column.heading for column in table.columns][:2] == ["tracker", "failures ↓"]
    assert [cell.text for cell in table.rows[0].cells.values()] == ["good", "0.0", "", "exact"]
    with pytest.raises(UsageError, match=r"no column 'eoa' \(did you mean 'eao'"):
        board(columns=("eoa",))


def test_only_the_first(board, printed):
    lines = printed(board(top=1)).splitlines()
    assert "  … and 4 more: --top 5 shows all" in lines
    assert lines[3].startswith("1  good") and lines[4].startswith("  …")


def test_data_sets_have_tables_of_their_own(filled, evaluated, board):
    other = replace(evaluated("good"), label="elsewhere")
    dataset = {"name": "toy", "digest": "e" * 64}
    filled.add(replace(other, config={**other.config, "dataset": dataset}))
    assert [len(table.rows) for table in board()] == [1, 5] or [
        len(table.rows) for table in board()
    ] == [5, 1]


def test_published_rows_stand_beside_measurements_of_their_set(filled, evaluated, board):
    record = evaluated("good")
    dataset = {"name": "VOT2018", "sequences": 60, "frames": 21356, "partial": False}
    results = {**record.results, "dataset": dataset}
    filled.add(replace(record, label="mine", results=results))
    tables = board(published=True)
    mine = next(table for table in tables if "mine" in names([table]))
    assert names([mine])[:3] == ["mine", "D3S", "Ocean (online)"]
    assert [row.published for row in mine.rows[:2]] == [False, True]
    assert any(remark.startswith("published, not measured here") for remark in mine.remarks)
    part = {**record.results, "dataset": {**dataset, "sequences": 3, "partial": True}}
    filled.add(replace(record, label="part", results=part))
    alone = next(table for table in board(published=True) if "part" in names([table]))
    assert names([alone]) == ["part"] and "(part: 3 sequences)" in alone.title


HARDWARE = """\
training · images/s
run      loss  FPS n epochs AMP CPU device       batch eff. FPS/n wait on
─────────────────────────────────────────────────────────────────────────
8p NPU      – 1724 8      1  O1 ARM NPU             64  91%   216    –  1
8p NPU 2.5940 1615 8     20  O1 ARM NPU             64  86%   202    –  1
8p NPU 2.6000 1540 8      2  O1 ARM Ascend 910B3    64  88%   192   4%  a
8p GPU      –  846 8      1   – x86 GPU              –  55%   106    –  1
8p GPU 2.5939  812 8     20   – x86 GPU              –  53%   102    –  1
1p NPU      –  236 1      1  O1 ARM NPU             64        236    –  1
1p NPU 2.6000  220 1      2  O1 ARM Ascend 910B3    64        220   4%  a
1p GPU      –  193 1      1   – x86 GPU              –        193    –  1
4p CPU 2.6000    × 4      2  O0 x86 CPU             64    –     –   4%  b
  FPS: images/s on n devices, an image is one pair of template and search;
  batch: of one device; eff.: FPS / (n x FPS of one device); wait: share of the
  time waiting for data
  – not run
  × failed: no iteration was measured
  a 8 x Ascend 910B3, Kunpeng-920, 8 of 28 cores
  b Intel Xeon E5-2690 v4, 8 of 28 cores
  published, not measured here:
  1 Ascend ModelZoo-PyTorch, README of SiamMask_for_Pytorch"""


def test_hardware(filled, training, printed):
    filled.add(training("4p CPU", devices=4, fps=None))
    entries, _ = filled.entries()
    assert printed(hardware_board(entries, View())) == HARDWARE


def test_efficiency_is_that_of_the_reference():
    (table,) = hardware_board([], View(conditions=(parse_condition("device=NPU"),)))
    found = {row.cells["images_per_s"].value: row.cells["efficiency"].value for row in table.rows}
    assert found[1724] == pytest.approx(1724 / (8 * 236))
    assert found[236] is None


def test_efficiency_asks_for_the_same_on_one_device(store, training, printed):
    store.add(training("one", batch=32))
    store.add(training("two", devices=2, fps=50.0))
    entries, _ = store.entries()
    text = printed(hardware_board(entries, View(published=False)))
    assert "– not run: efficiency: no run of the same on one device" in text


def test_an_empty_board():
    assert hardware_board([], View(published=False)) == []
    assert tracker_board([], View(published=False), lambda entries: {}) == []


def test_json_has_all_digits_and_words_for_gaps(board):
    (table,) = json.loads(as_json(board()))
    good, broken_row = table["rows"][0], table["rows"][3]
    assert good["eao"] == pytest.approx(0.825, abs=5e-4) and good["eao_low"] < good["eao"]
    assert broken_row["eao"] is None and broken_row["gaps"]["eao"]["kind"] == "failed"
    assert good["machine"] == "Intel Xeon E5-2690 v4, 8 of 28 cores" and not good["published"]


def test_csv(board):
    rows = list(csv.DictReader(io.StringIO(as_csv(board()))))
    assert [row["eao"] for row in rows[3:]] == ["failed", "not comparable"]
    assert float(rows[0]["eao"]) == pytest.approx(0.825, abs=5e-4)
    assert rows[0]["overlap"] == "not run"


MARKDOWN = """\
### toy · dddddddddddd · rules vot2018

| # | tracker | weights | A ↑ | R ↓ | EAO ↑ 95 % | RT ↑ | AO ↑ | fps ↑ | on |
| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 1 | good | 11111111 | 0.834 | 0.000 | 0.825 ±.112 | – | – | 31.2 | a |
| 2 | fair | 22222222 | 0.779 | 0.422 | 0.688 ±.668 | – | – | 120.0 | a |
| 3 | poor |  | 0.586 | 2.110 | 0.332 ±.322 | – | – | 9.5 | a |
|  | broken \\* |  | 0.586 | 2.110 | × | – | – | 9.5 | b |
|  | fair by pysot | 22222222 | ≠ | ≠ | ≠ | – | – | 120.0 | a |

- – not run
- × failed: there is no result to score: its process ended
- ≠ not comparable: scored by rules pysot, the others by vot2018
- \\* broken: 1 of its results are damaged or missing
- a Intel Xeon E5-2690 v4, 8 of 28 cores
- b on a machine that is not known
"""


def test_markdown(board):
    assert markdown(board()).rstrip("\n") == MARKDOWN.rstrip("\n")
    assert "- … and 4 more: --top 5 shows all" in markdown(board(top=1))


LATEX = r"""% toy · dddddddddddd · rules vot2018
\begin{tabular}{rllrrrrrrr}
\toprule
\# & tracker & weights & A $\uparrow$ & R $\downarrow$ & EAO $\uparrow$ 95 \% & RT $\uparrow$ & AO $\uparrow$ & fps $\uparrow$ & on \\
\midrule
1 & good & 11111111 & 0.834 & 0.000 & 0.825 $\pm$.112 & -- & -- & 31.2 & a \\
2 & fair & 22222222 & 0.779 & 0.422 & 0.688 $\pm$.668 & -- & -- & 120.0 & a \\
3 & poor &  & 0.586 & 2.110 & 0.332 $\pm$.322 & -- & -- & 9.5 & a \\
 & broken * &  & 0.586 & 2.110 & $\times$ & -- & -- & 9.5 & b \\
 & fair by pysot & 22222222 & $\neq$ & $\neq$ & $\neq$ & -- & -- & 120.0 & a \\
\bottomrule
\end{tabular}
% – not run
% × failed: there is no result to score: its process ended
% ≠ not comparable: scored by rules pysot, the others by vot2018
% * broken: 1 of its results are damaged or missing
% a Intel Xeon E5-2690 v4, 8 of 28 cores
% b on a machine that is not known
"""  # noqa: E501


def test_latex(board):
    assert latex(board()).rstrip("\n") == LATEX.rstrip("\n")


CSV = """\
table,label,images_per_s,devices,efficiency,file,source,link,machine,published
training · images/s,8p NPU,1724.0,8,0.913135593220339,,SOURCE,LINK,,True
training · images/s,1p NPU,236.0,1,,,SOURCE,LINK,,True
training · images/s,mine,30.0,2,not run,FILE,,,"Intel Xeon E5-2690 v4, 8 of 28 cores",False
"""


def test_csv_whole(store, training):
    path, _ = store.add(training("mine", devices=2))
    conditions = (parse_condition("epochs=*"), parse_condition("amp=O*"))
    columns = ("label", "images_per_s", "devices", "efficiency")
    tables = hardware_board(store.entries()[0], View(conditions=conditions, columns=columns))
    published = tables[0].rows[0].more
    lines = as_csv(tables).replace(f'"{published["source"]}"', "SOURCE").splitlines(keepends=True)
    text = "".join(line for line in lines if "1615" not in line)
    assert text.replace(published["link"], "LINK").replace(path.name, "FILE") == CSV
