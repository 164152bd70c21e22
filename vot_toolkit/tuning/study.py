"""The study: run trials, score them on two parts of the data set, and rank them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vot_toolkit.analysis import analyze
from vot_toolkit.atomic import write_whole
from vot_toolkit.claim import claimed
from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import ResultsError, RunError, TrackerChoiceError, TrackerError
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.tracker.settings import write_settings
from vot_toolkit.tuning.objective import Objective, Values
from vot_toolkit.tuning.progress import NoTrialProgress, TrialProgress
from vot_toolkit.tuning.sampler import Sampler
from vot_toolkit.tuning.space import CHECKPOINT, Space
from vot_toolkit.tuning.split import Split
from vot_toolkit.tuning.trial import Trial, trial_label

if TYPE_CHECKING:
    from vot_toolkit.run.config import RunConfig
    from vot_toolkit.run.runner import RunOutcome

SCHEMA_VERSION = 1
TRIALS, CLAIMS = "trials", ".claims"


@dataclass(frozen=True)
class Plan:
    """What is tuned, and how.

    Parameters
    ----------
    spec : TrackerSpec
        The tracker with the options that stay as they are.
    label : str
        Its name in results.
    space : Space
        The options that are tuned.
    objective : Objective
        What ranks.
    dataset : Dataset
        All sequences of both parts.
    split : Split
        The two parts.
    config : RunConfig
        How trackers are run; its sequences are set here.
    rules : str
        Rule set that scores.
    folder : Path
        Where everything is kept.
    """

    spec: TrackerSpec
    label: str
    space: Space
    objective: Objective
    dataset: Dataset
    split: Split
    config: RunConfig
    rules: str
    folder: Path


@dataclass(frozen=True)
class Study:
    """What came of tuning.

    Parameters
    ----------
    plan : Plan
        What was tuned.
    trials : tuple of Trial
        Best first; those without a value last.
    reference : Trial or None
        The tracker with its own options; None where it has none, as for a list of checkpoints.
    """

    plan: Plan
    trials: tuple[Trial, ...]
    reference: Trial | None

    @property
    def best(self) -> Trial:
        """The best trial on the sequences tuned on."""
        return self.trials[0]

    def value(self, scores: Values | None) -> float | None:
        """Take the objective out of scores."""
        return None if scores is None else scores[self.plan.objective.measure]

    def gains(self) -> tuple[float, float | None] | None:
        """Tell by how much the best beats the tracker's own options, on both parts."""
        if self.reference is None:
            return None
        parts = [self._gain(self.best.tuning, self.reference.tuning)]
        parts.append(self._gain(self.best.held_out, self.reference.held_out))
        return None if parts[0] is None else (parts[0], parts[1])

    def _gain(self, scores: Values | None, reference: Values | None) -> float | None:
        value, before = self.value(scores), self.value(reference)
        if value is None or before is None:
            return None
        return self.plan.objective.gain(value, before)

    def to_dict(self) -> dict[str, Any]:
        """Give everything as JSON object."""
        plan = self.plan
        return {
            "schema_version": SCHEMA_VERSION,
            "tracker": plan.label,
            "objective": plan.objective.name,
            "dataset": {"name": plan.dataset.name, "digest": plan.dataset.full.digest()},
            "rules": plan.rules,
            "sequences": {"tuning": plan.split.tuning, "held_out": plan.split.held_out},
            "reference": None if self.reference is None else self.reference.to_dict(),
            "trials": [trial.to_dict() for trial in self.trials],
        }

    def write(self) -> Path:
        """Write ``trials.json`` and the settings file ``best.json``; give the latter's path."""
        folder = self.plan.folder
        text = json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n"
        write_whole(folder / "trials.json", text)
        best = folder / "best.json"
        options = {**dict(self.plan.spec.options), **self.best.options}
        write_settings(best, self.plan.spec.target, options, self._provenance())
        return best

    def _provenance(self) -> dict[str, Any]:
        plan = self.plan
        return {
            "objective": plan.objective.name,
            "dataset": plan.dataset.name,
            "rules": plan.rules,
            "trials": len(self.trials),
            "tuned": list(plan.space.options),
            "tuning": dict(self.best.tuning or {}),
            "held_out": None if self.best.held_out is None else dict(self.best.held_out),
        }


def run_study(
    plan: Plan, sampler: Sampler, top: int, progress: TrialProgress | None = None
) -> Study:
    """Run all trials that are missing, then the best ones on the sequences held out.

    Parameters
    ----------
    plan : Plan
        What is tuned.
    sampler : Sampler
        What is tried.
    top : int
        Trials that are also run on the sequences held out.
    progress : TrialProgress, optional
        Who is told.

    Returns
    -------
    Study

    Raises
    ------
    TrackerError
        If the tracker cannot be built with its own options, or does not have those tuned.
    ResultsError
        If the folder holds results of another run.
    RunError
        If no trial has a value.
    """
    progress = progress or NoTrialProgress()
    bench = _Bench(plan, progress)
    reference = None if CHECKPOINT in plan.space.options else bench.reference()
    ranked = _ranked(plan.objective, bench.tried(sampler))
    _check_value(plan, ranked)
    if plan.split.held_out:
        progress.hold_out(min(top, len(ranked)), len(plan.split.held_out))
        reference = reference and bench.held_out(reference)
        ranked = [*map(bench.held_out, ranked[:top]), *ranked[top:]]
    return Study(plan, tuple(ranked), reference)


def _ranked(objective: Objective, trials: Iterable[Trial]) -> list[Trial]:
    """Sort the best first; the other measures decide between equals, then the name."""

    def place(trial: Trial) -> tuple[bool, list[float], str]:
        values = trial.tuning or {}
        if values.get(objective.measure) is None or trial.problem:
            return True, [], trial.label
        return False, [-merit for merit in objective.merits(values)], trial.label

    return sorted(trials, key=place)


def _check_value(plan: Plan, ranked: list[Trial]) -> None:
    best = ranked[0]
    if best.problem:
        raise RunError(f"no trial could be run: {best.label}: {best.problem}")
    if best.tuning is None or best.tuning[plan.objective.measure] is None:
        raise RunError(
            f"{plan.objective.name} is undefined on {len(plan.split.tuning)} sequences",
            hint="EAO needs two different lengths; --objective accuracy needs none",
        )


class _Bench:
    """Runs trials one after the other; an engine spreads each over processes."""

    def __init__(self, plan: Plan, progress: TrialProgress) -> None:
        self._plan, self._progress = plan, progress
        self._results = plan.folder / TRIALS

    def reference(self) -> Trial:
        """Run the tracker with its own options; what is wrong with it is wrong with all."""
        return self._awaited(Trial(self._plan.label, {}))

    def tried(self, sampler: Sampler) -> list[Trial]:
        """Run all points of a sampler; what other programs are at comes last."""
        done, elsewhere = [], []
        for point in sampler.points():
            trial = Trial(trial_label(self._plan.label, point), point)
            finished = self._claimed(trial) if sampler.independent else self._awaited(trial)
            if finished is None:
                elsewhere.append(trial)
            else:
                sampler.learn(self._value(finished))
                done.append(finished)
        return done + [self._awaited(trial) for trial in elsewhere]

    def held_out(self, trial: Trial) -> Trial:
        """Run a trial, unless something was wrong with it, on the sequences held out."""
        if trial.problem:
            return trial
        with claimed(self._plan.folder / CLAIMS, trial.label, wait=True):
            other, _ = self._evaluated(trial, self._plan.split.held_out)
        return replace(trial, held_out=other.tuning)

    def _awaited(self, trial: Trial) -> Trial:
        """Run a trial, once no other program is at it."""
        finished = self._claimed(trial, wait=True)
        assert finished is not None, "who waits gets the trial"
        return finished

    def _claimed(self, trial: Trial, *, wait: bool = False) -> Trial | None:
        """Run a trial unless another program is at it."""
        with claimed(self._plan.folder / CLAIMS, trial.label, wait=wait) as free:
            if not free:
                return None
            finished, is_new = self._evaluated(trial, self._plan.split.tuning)
        self._progress.finish(finished, self._value(finished), is_new=is_new)
        return finished

    def _value(self, trial: Trial) -> float | None:
        if trial.problem or trial.tuning is None:
            return None
        return trial.tuning[self._plan.objective.measure]

    def _evaluated(self, trial: Trial, sequences: tuple[str, ...]) -> tuple[Trial, bool]:
        """Run what is missing of some sequences, and score them; tell whether any was missing."""
        try:
            outcome = self._run(trial, sequences)
        except TrackerChoiceError:
            raise
        except TrackerError as error:
            # Options that the tracker refuses are a poor trial; its own ones must do.
            if not trial.options:
                raise
            return replace(trial, problem=str(error)), True
        if outcome.failures:
            failure = outcome.failures[0]
            return replace(trial, problem=f"{failure.sequence}: {failure.what}"), True
        return self._scored(trial, sequences), outcome.num_run > 0

    def _run(self, trial: Trial, sequences: tuple[str, ...]) -> RunOutcome:
        from vot_toolkit.run.config import engine_for
        from vot_toolkit.run.runner import ADVICE, run_tracker

        plan = self._plan
        config = plan.config.model_copy(update={"sequences": sequences})
        options = {**dict(plan.spec.options), **trial.options}
        try:
            return run_tracker(
                replace(plan.spec, options=tuple(options.items())),
                plan.dataset.full,
                config,
                label=trial.label,
                results=self._results,
                engine=engine_for(config),
                progress=self._progress.frames,
            )
        except ResultsError as error:
            if error.hint != ADVICE:
                raise
            hint = "--force runs all trials anew, another --out keeps both"
            raise ResultsError(error.what, file=error.file, line=error.line, hint=hint) from None

    def _scored(self, trial: Trial, sequences: tuple[str, ...]) -> Trial:
        plan = self._plan
        analysis = analyze(
            self._results,
            plan.dataset.full.select(sequences),
            trackers=trial.label,
            experiments=plan.objective.experiment,
            rules=plan.rules,
            workers=plan.config.num_workers,
        )
        scores = analysis.trackers[trial.label][plan.objective.experiment]
        problem = analysis.problems[0].what if analysis.problems else None
        return replace(trial, tuning=plan.objective.values(scores), problem=problem)
