"""Hooks, told what a loop would tell them."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

pytest.importorskip("torch")

from trainers.checkpoints import Progress
from trainers.errors import DivergenceError
from trainers.hooks.guards import SkippedSteps
from trainers.hooks.progress import LineProgress, LiveProgress, progress_for
from trainers.hooks.protocol import Line
from trainers.hooks.tensorboard import HINT, TensorBoard
from trainers.hooks.trace import Trace, read_trace
from trainers.hooks.validation import Validation
from trainers.stopping import StopRequest
from vot_toolkit.errors import DatasetError


class FakeRun:
    """A run of two epochs of four steps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.epochs, self.steps, self.total = 2, 4, 8
        self.progress, self.total_steps = Progress(), 0
        self.best: dict[str, Any] = {}
        self.said: list[str] = []
        self.note: Callable[[str], None] = self.said.append

    def go_to(self, epoch: int, step: int = 0) -> FakeRun:
        self.progress, self.total_steps = Progress(epoch, step), epoch * self.steps + step
        return self


@pytest.fixture
def run(tmp_path: Path) -> Any:
    return FakeRun(tmp_path)


def line(total_steps: int = 1, **values: Any) -> Line:
    given: dict[str, Any] = {
        "loss": 3.25,
        "terms": {"rpn_cls_loss": 0.5, "rpn_loc_loss": 0.25, "rpn_mask_loss": 0.07812345678901234},
        "metrics": {"mask_iou_mean": 0.5, "mask_iou_at_5": 0.4, "mask_iou_at_7": 0.3},
        "lr": {"adjust": 0.001, "layers": 0.0001},
        "grad_norm": 2.0,
        "scale": 1.0,
        "skipped": 0,
        "skipped_in_a_row": 0,
        "images_per_s": 235.96,
        "data_share": 0.02,
    }
    epoch, step = divmod(total_steps - 1, 4)
    return Line(epoch=epoch, step=step + 1, total_steps=total_steps, **{**given, **values})


def test_a_trace_goes_on_without_what_is_done_again(run: Any) -> None:
    for begin, end in ((0, 6), (4, 8)):
        trace = Trace()
        trace.begin(run.go_to(*divmod(begin, 4)))
        for number in range(begin, end):
            trace.log(run, line(number + 1, loss=number / 3))
        trace.close()
        if not begin:
            with (run.folder / "trace.jsonl").open("a") as file:
                file.write('{"epoch": 1, "ste')
    found = read_trace(run.folder / "trace.jsonl")
    assert [each["total_steps"] for each in found] == list(range(1, 9))
    assert [each["loss"] for each in found] == [number / 3 for number in range(8)]
    assert found[0]["terms"]["rpn_mask_loss"] == 0.07812345678901234  # type: ignore[index]
    assert found[0]["speed"] == {"images_per_s": 235.96, "data_share": 0.02}


def test_a_loss_that_is_no_number_is_null(run: Any) -> None:
    trace = Trace()
    trace.begin(run)
    trace.log(run, line(loss=float("nan")))
    trace.close()
    text = (run.folder / "trace.jsonl").read_text()
    assert json.loads(text)["loss"] is None


def test_curves(run: Any) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    hook = TensorBoard()
    hook.begin(run)
    hook.log(run, line(1))
    run.best["scores"] = {"e1": 0.375}
    hook.end_epoch(run.go_to(1))
    # The second epoch was not scored: nothing is said of it.
    hook.end_epoch(run.go_to(2))
    hook.close()
    events = EventAccumulator(str(run.folder / "board")).Reload()
    found = {tag: events.Scalars(tag)[0].value for tag in events.Tags()["scalars"]}
    assert len(events.Scalars("validation/EAO")) == 1
    assert found["loss/total"] == 3.25 and found["loss/cls"] == 0.5
    assert found["mask/mIoU"] == 0.5 and found["lr/adjust"] == pytest.approx(0.001)
    assert found["validation/EAO"] == 0.375


def test_without_tensorboard_it_is_said(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("trainers.hooks.tensorboard.import_module", absent)
    hook = TensorBoard()
    hook.begin(run)
    hook.log(run, line())
    hook.end_epoch(run)
    hook.close()
    assert run.said == [HINT]


def test_many_skipped_steps_end_the_run_with_advice(run: Any) -> None:
    guard = SkippedSteps(most=3)
    for count in (1, 2, 12):
        guard.log(run, line(skipped=count, skipped_in_a_row=1))
    assert run.said == [
        "epoch 1, step 1: 1 steps skipped so far, loss 3.25",
        "epoch 1, step 1: 12 steps skipped so far, loss 3.25",
    ]
    with pytest.raises(DivergenceError, match=r"the last 3 steps were skipped.*lower learning"):
        guard.log(run, line(skipped=15, skipped_in_a_row=3))


def test_lines_where_there_is_no_terminal(run: Any) -> None:
    text = io.StringIO()
    now = [0.0]
    progress = LineProgress(Console(file=text, width=200), clock=lambda: now[0])
    progress.begin(run)
    for number in range(1, 5):
        now[0] += 6.0
        run.go_to(*divmod(number, 4))
        progress.log(run, line(number, skipped=number // 3))
    progress.end_epoch(run)
    numbers = (
        "loss 3.2500 (cls 0.5000, loc 0.2500, mask 0.0781), mask IoU 0.500, lr 0.001, "
        "236 images/s, 2% waiting for data"
    )
    assert text.getvalue().splitlines() == [
        f"epoch 1/2 step 1/4: {numbers}, 42.0 s left",
        f"epoch 1/2 step 3/4: {numbers}, 1 skipped, 30.0 s left",
        f"epoch 1/2 done, {numbers}, 1 skipped",
    ]


def test_a_bar_in_a_terminal(run: Any) -> None:
    text = io.StringIO()
    console = Console(file=text, width=120, force_terminal=True, color_system=None)
    progress = progress_for(console)
    assert isinstance(progress, LiveProgress)
    progress.begin(run)
    progress.begin_epoch(run)
    progress.log(run, line(2))
    progress.step(run.go_to(0, 2))
    progress._live.refresh()
    progress.end_epoch(run.go_to(1))
    progress.close()
    shown = text.getvalue()
    assert "epoch 1/2" in shown and "2/4" in shown and "mask IoU 0.500" in shown
    assert "epoch 1/2 done, loss 3.2500" in shown


def test_the_best_is_kept(run: Any) -> None:
    scores: dict[str, float | Exception | None] = {
        "checkpoint_e1.pth": 0.25,
        "checkpoint_e2.pth": 0.375,
        "checkpoint_e3.pth": 0.3,
        "checkpoint_e4.pth": None,
        "checkpoint_e5.pth": DatasetError("it was moved"),
    }

    def score(path: Path) -> float | None:
        found = scores[path.name]
        if isinstance(found, Exception):
            raise found
        return found

    hook = Validation(score)
    for epoch in range(1, 6):
        (run.folder / f"checkpoint_e{epoch}.pth").write_text(f"of {epoch}")
        hook.end_epoch(run.go_to(epoch))
    assert (run.folder / "best.pth").read_text() == "of 2"
    assert (run.best["eao"], run.best["checkpoint"]) == (0.375, "checkpoint_e2.pth")
    assert run.best["scores"] == {"e1": 0.25, "e2": 0.375, "e3": 0.3, "e4": None, "e5": None}
    assert run.said == [
        "checkpoint_e1.pth: EAO 0.2500, the best so far, kept as best.pth",
        "checkpoint_e2.pth: EAO 0.3750, the best so far, kept as best.pth",
        "checkpoint_e3.pth: EAO 0.3000, the best is 0.3750",
        "warning: checkpoint_e4.pth has no EAO on this data set",
        "warning: checkpoint_e5.pth was not scored: it was moved",
    ]


def test_ctrl_c_ends_a_scoring_at_once_and_it_is_done_later(run: Any) -> None:
    def score(path: Path) -> float:
        signal.raise_signal(signal.SIGINT)
        return pytest.fail("goes on")

    (run.folder / "checkpoint_e1.pth").touch()
    with StopRequest(run.note) as stop:
        Validation(score, stop).end_epoch(run.go_to(1))
        assert stop()
    assert run.best == {}
    assert run.said == ["checkpoint_e1.pth was not scored to the end; a run that goes on does it"]
    Validation(lambda _: 0.5).begin(run)
    assert run.best["scores"] == {"e1": 0.5}


def test_what_a_killed_run_did_not_score_is_scored_when_it_goes_on(run: Any) -> None:
    seen: list[str] = []

    def score(path: Path) -> float:
        seen.append(path.name)
        return 0.5

    (run.folder / "checkpoint_e1.pth").touch()
    for place in ((0, 0), (0, 2), (1, 0), (1, 0), (1, 2)):
        Validation(score).begin(run.go_to(*place))
    assert seen == ["checkpoint_e1.pth"]
