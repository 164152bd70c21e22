"""The schedule: what is stored is kept, the rest is handed out, and repetitions stop in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vot_toolkit.run.jobs import Course, Job


class Schedule:
    """Hand out the jobs that remain, longest sequences first.

    Which jobs are run depends on the stored results and on the outcomes alone, never on the order
    in which workers report. After the protocol's test (the first three repetitions) the remaining
    repetitions of a sequence are left out when these agree. Those of the three that could not be
    run are no evidence; when two could not, the rest waits until a later run has made up for them.

    Parameters
    ----------
    courses : iterable of Course
        With what is stored already.
    agree : callable
        Tells of a course whether those of its first repetitions that are stored are the same.
    deterministic : bool or None
        The tracker's own word; None until one has been built.
    """

    def __init__(
        self,
        courses: Iterable[Course],
        agree: Callable[[Course], bool],
        deterministic: bool | None = None,
    ) -> None:
        # The sort is stable, so that equal lengths keep the order of the data set.
        self.courses = sorted(courses, key=lambda course: -len(course.sequence))
        self.deterministic = deterministic
        self._agree = agree
        self._by_key = {(c.experiment, c.sequence.name): c for c in self.courses}
        self._test(self.courses)

    def learn(self, deterministic: bool) -> None:
        """Take the tracker's word on whether its answers vary; later words are ignored."""
        if self.deterministic is None:
            self.deterministic = deterministic
            self._test(self.courses)

    def take(self) -> Job | None:
        """Give the next job and count it as running; None when none may start now."""
        for course in self.courses:
            for repetition in course.ready(self.deterministic):
                course.running.add(repetition)
                return course.job(repetition)
        return None

    def settle(self, job: Job, *, stored: bool) -> Course:
        """Note that a job is over, and give its course."""
        course = self._by_key[job.experiment, job.sequence.name]
        course.running.discard(job.repetition)
        (course.stored if stored else course.failed).add(job.repetition)
        self._test([course])
        return course

    def missing(self, course: Course) -> int:
        """Count the repetitions of a course that are not over."""
        return course.missing(self.deterministic)

    def columns(self, job: Job) -> int:
        """Count the repetitions that a time file has room for, run or not."""
        if self.deterministic:
            return 1
        return self._by_key[job.experiment, job.sequence.name].count

    @property
    def ready(self) -> int:
        """Number of jobs that may start now."""
        return sum(len(course.ready(self.deterministic)) for course in self.courses)

    @property
    def finished(self) -> bool:
        """Whether every job is over."""
        return not any(self.missing(course) for course in self.courses)

    @property
    def missing_frames(self) -> int:
        """Frames of the jobs that are not over; shrinks when repetitions are left out."""
        return sum(self.missing(course) * len(course.sequence) for course in self.courses)

    def _test(self, courses: Iterable[Course]) -> None:
        if self.deterministic is not False:
            return
        for course in courses:
            if course.can_be_tested():
                course.stopped = len(course.tested) < 2 or self._agree(course)
