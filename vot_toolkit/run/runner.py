"""The runner: one tracker through all its jobs, with what came of them on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import FormatError, ResultsError, UsageError
from vot_toolkit.experiment.determinism import agree
from vot_toolkit.experiment.machine import Run
from vot_toolkit.machine import describe_machine
from vot_toolkit.region_overlap import overlaps
from vot_toolkit.results import names_a_folder
from vot_toolkit.run.child import Output
from vot_toolkit.run.disturbance import disturbance
from vot_toolkit.run.engine import Engine, Fault
from vot_toolkit.run.identity import (
    FILE_NAME,
    Identity,
    identify,
    read_identity,
    write_identity,
)
from vot_toolkit.run.jobs import Course, Job, challenge
from vot_toolkit.run.lock import held
from vot_toolkit.run.progress import Progress, Silence
from vot_toolkit.run.schedule import Schedule
from vot_toolkit.run.storage import LOG, Storage
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.wording import counted

if TYPE_CHECKING:
    from vot_toolkit.run.config import RunConfig

LONGEST_LOG = 2**20
"""Bytes kept of what a tracker printed, the last ones."""

LINES_SHOWN = 10

ADVICE = "--force removes them and runs anew, --name LABEL keeps both"


@dataclass(frozen=True)
class Failure:
    """A job that could not be done.

    Parameters
    ----------
    tracker : str
        Label of the tracker.
    experiment, sequence : str
        Where it happened.
    repetition : int
        From 1.
    what : str
        For the user.
    file : Path or None
        The file at fault, where there is one.
    """

    tracker: str
    experiment: str
    sequence: str
    repetition: int
    what: str
    file: Path | None = None


@dataclass(frozen=True)
class RunOutcome:
    """What came of running a tracker.

    Parameters
    ----------
    label : str
        Name of the folder and of the row in tables.
    folder : Path
        Where the results are.
    identity : Identity
        As written to ``run.json``.
    num_run : int
        Jobs that were done now; the others had been stored before.
    failures : tuple of Failure
        Jobs that could not be done, in the order of the data set.
    """

    label: str
    folder: Path
    identity: Identity
    num_run: int
    failures: tuple[Failure, ...]


def run_tracker(
    spec: TrackerSpec,
    dataset: Dataset,
    config: RunConfig,
    *,
    label: str,
    results: Path,
    engine: Engine,
    progress: Progress | None = None,
) -> RunOutcome:
    """Run what is missing of a tracker's results, and keep the rest.

    Parameters
    ----------
    spec : TrackerSpec
        Which tracker, with its options.
    dataset : Dataset
        The whole set; `config` selects sequences of it.
    config : RunConfig
        What to run.
    label : str
        Name of the folder in `results`.
    results : Path
        Folder of all trackers' results.
    engine : Engine
        Who does the work.
    progress : Progress, optional
        Who is told about it.

    Returns
    -------
    RunOutcome

    Raises
    ------
    ResultsError
        If the folder holds results of a different run, or another run is writing to it.
    TrackerError
        If the tracker cannot be built.
    UsageError
        If the label is no name for a folder, or the checkpoint cannot be read.
    """
    _check_label(label)
    storage = Storage(results / label)
    identity = identify(spec, dataset, challenge(dataset.name), config.experiments)
    courses = _courses(dataset, config)
    with held(storage.folder):
        identity = _admit(storage, identity, courses, force=config.force)
        storage.clean(courses)
        for course in courses:
            course.stored = storage.repetitions(
                course.experiment, course.sequence.name, len(course.sequence)
            )
        book = _Book(label, storage, identity, courses, progress or Silence())
        if progress is not None and not book.finished:
            _note_disturbance(config, courses, progress)
        book.work(engine, spec)
    return book.outcome()


def _check_label(label: str) -> None:
    if not names_a_folder(label):
        raise UsageError(f"--name {label!r}", hint="accepted: a name for a folder")


def _courses(dataset: Dataset, config: RunConfig) -> list[Course]:
    """List what to run, in the order of the challenge and the data set."""
    chosen = dataset if config.sequences is None else dataset.select(config.sequences)
    protocols = challenge(dataset.name).experiments
    return [
        Course(experiment, sequence, protocols[experiment], config.repetitions)
        for experiment in config.experiments
        for sequence in chosen
    ]


def _note_disturbance(config: RunConfig, courses: list[Course], progress: Progress) -> None:
    """Warn where a result depends on time and this machine gives trackers too little of it."""
    if not any(course.protocol.type == "realtime" for course in courses):
        return
    reasons = disturbance(describe_machine(), config.num_workers, config.device)
    if reasons is not None:
        progress.note(
            f"realtime: {reasons}, so that trackers take longer here than they need and the result "
            "means nothing; run it on an idle machine with --workers 1"
        )


def _admit(storage: Storage, now: Identity, courses: list[Course], *, force: bool) -> Identity:
    """Make sure that new results may join those of a folder; give the identity of both."""
    stored, reasons = _compare(storage, now, force=force)
    if reasons and not force:
        what = f"{storage.folder} holds results of another run: {'; '.join(reasons)}"
        raise ResultsError(what, hint=ADVICE)
    if force:
        _clear(storage, courses, whole=bool(reasons))
    return now if stored is None or reasons else stored.joined(now)


def _compare(storage: Storage, now: Identity, *, force: bool) -> tuple[Identity | None, list[str]]:
    """Read what made the stored results, and why new ones must not join them."""
    try:
        stored = read_identity(storage.folder)
    except FormatError as error:
        if not force:
            raise
        return None, [str(error)]
    if next(storage.results(), None) is None:
        # A description without results binds nobody.
        return None, []
    if stored is None:
        return None, [f"it has no {FILE_NAME}, so they were made elsewhere"]
    return stored, stored.differences(now)


def _clear(storage: Storage, courses: list[Course], *, whole: bool) -> None:
    """Remove the results of these courses; they must be all there is when a new run begins."""
    own = {(course.experiment, course.sequence.name) for course in courses}
    if whole:
        for experiment, sequence, path in storage.results():
            if (experiment, sequence) not in own:
                raise ResultsError(
                    f"{storage.folder} would hold results of two runs: {path.name} in "
                    f"{experiment} is of the former one, and not among what is run now",
                    hint="run with all its experiments and sequences, or give a --name",
                )
    for experiment, sequence in sorted(own):
        storage.remove(experiment, sequence)
    if whole:
        for name in (FILE_NAME, LOG):
            (storage.folder / name).unlink(missing_ok=True)


class _Book:
    """The ledger of one run: a schedule, the folder behind it, and what went wrong."""

    def __init__(
        self,
        label: str,
        storage: Storage,
        identity: Identity,
        courses: list[Course],
        progress: Progress,
    ) -> None:
        self._label = label
        self._storage = storage
        self._identity = identity
        self._order = {course: place for place, course in enumerate(courses)}
        self._progress = progress
        self._schedule = Schedule(courses, self._agree, identity.deterministic)
        self._failures: list[tuple[int, Failure]] = []
        self._signed: Identity | None = None
        self._determinism_noted = False
        self._num_run = self._frames_over = self._failures_over = 0

    def work(self, engine: Engine, spec: TrackerSpec) -> None:
        """Let an engine do all jobs that are missing."""
        self._note_options()
        self._note_checkpoint(spec)
        self._note_what_is_kept()
        self._note_determinism()
        if self.finished:
            return
        output = Output()
        self._progress.start(self._label, self._schedule.missing_frames)
        try:
            engine.run(spec, self, output)
        finally:
            self._progress.stop()
            self._keep(output)

    def outcome(self) -> RunOutcome:
        """Sum up."""
        ordered = sorted(self._failures, key=lambda item: (item[0], item[1].repetition))
        failures = tuple(failure for _, failure in ordered)
        return RunOutcome(
            self._label, self._storage.folder, self._identity, self._num_run, failures
        )

    def built(self, deterministic: bool) -> None:
        """Write ``run.json`` before the first result; see `Ledger.built`."""
        self._schedule.learn(deterministic)
        known = self._schedule.deterministic
        self._identity = replace(self._identity, deterministic=known)
        self._sign()
        self._note_determinism()

    def take(self) -> Job | None:
        """Give the next job; see `Ledger.take`."""
        return self._schedule.take()

    @property
    def ready(self) -> int:
        """Number of jobs that may start now; see `Ledger.ready`."""
        return self._schedule.ready

    @property
    def finished(self) -> bool:
        """Whether every job is over; see `Ledger.finished`."""
        return self._schedule.finished

    def done(self, job: Job, run: Run) -> None:
        """Store a result; see `Ledger.done`."""
        self._storage.write(job, run, self._schedule.columns(job))
        self._num_run += 1
        self._frames_over += len(job.sequence)
        self._failures_over += len(run.trajectory.failures())
        self._settle(job, stored=True)

    def failed(self, job: Job, fault: Fault) -> None:
        """Collect a failure; see `Ledger.failed`."""
        name = job.sequence.name
        failure = Failure(self._label, job.experiment, name, job.repetition, fault.what, fault.file)
        self._progress.note(
            f"{self._label}: {job.experiment}/{name}, repetition {job.repetition} failed: "
            f"{fault.what}"
        )
        course = self._settle(job, stored=False)
        self._failures.append((self._order[course], failure))

    def tick(self, frames: int, failures: int) -> None:
        """Pass on how far everything is; see `Ledger.tick`."""
        over = self._frames_over
        total = over + self._schedule.missing_frames
        self._progress.update(over + frames, total, self._failures_over + failures)

    def _sign(self) -> None:
        """Write ``run.json`` when it says something new."""
        if self._identity != self._signed:
            write_identity(self._storage.folder, self._identity)
            self._signed = self._identity

    def _settle(self, job: Job, *, stored: bool) -> Course:
        course = self._schedule.settle(job, stored=stored)
        self.tick(0, 0)
        if not self._schedule.missing(course) and not course.failed:
            self._progress.finish_sequence(job.experiment, job.sequence.name)
        return course

    def _keep(self, output: Output) -> None:
        """Store what the tracker printed beside its results; without any, show the last of it."""
        text = output.read(last=LONGEST_LOG).decode(errors="replace")
        if text and self._signed:
            self._progress.note(
                f"{self._label}: what it printed is in {self._storage.write_log(text)}"
            )
        elif text:
            last = "\n".join(text.splitlines()[-LINES_SHOWN:])
            self._progress.note(f"{self._label}: the last of what it printed:\n{last}")

    def _agree(self, course: Course) -> bool:
        """Compare the first repetitions as stored, so that a resumed run decides alike."""
        width, height = course.sequence.bounds
        compare = partial(overlaps, bounds=(width - 1, height - 1))
        first, *others = (
            self._storage.read(course.experiment, course.sequence.name, repetition)
            for repetition in course.tested
        )
        threshold = course.protocol.deterministic_overlap
        return all(agree(first, other, compare, threshold) for other in others)

    def _note_determinism(self) -> None:
        """Say once that a deterministic tracker runs once, whatever was asked for."""
        limit = self._schedule.courses[0].limit or 1
        if limit > 1 and self._schedule.deterministic and not self._determinism_noted:
            self._determinism_noted = True
            self._progress.note(
                f"{self._label} is deterministic: one repetition each, not --repetitions {limit}"
            )

    def _note_options(self) -> None:
        """Say by what options the tracker's numbers come about, the default ones too."""
        options = self._identity.options
        if options:
            listed = ", ".join(f"{key}={value}" for key, value in options.items())
            self._progress.note(f"{self._label}: {listed}")

    def _note_checkpoint(self, spec: TrackerSpec) -> None:
        """Say which weights are used where none were given."""
        used = spec.settled_options().get("checkpoint")
        if used is not None and "checkpoint" not in dict(spec.options):
            self._progress.note(
                f"{self._label}: no --checkpoint given, so it uses the weights that come with it, "
                f"{Path(used).stem}"
            )

    def _note_what_is_kept(self) -> None:
        courses = self._schedule.courses
        kept = sum(not self._schedule.missing(course) for course in courses)
        partly = sum(bool(course.stored) for course in courses) - kept
        if kept or partly:
            part = f", {partly} in part" if partly else ""
            found = f"{kept} of {counted(len(courses), 'sequence')} {'is' if kept == 1 else 'are'}"
            self._progress.note(f"{found} already in {self._storage.folder}{part}: kept")
