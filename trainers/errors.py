"""Errors of training and its data that a user can cause and mend."""

from __future__ import annotations

from vot_toolkit.errors import UserError


class PreparationError(UserError):
    """A data set that is not where it was said to be, or crops that were prepared otherwise."""


class AnnotationError(UserError):
    """An annotation file of a training set that does not follow its format."""


class CropsError(UserError):
    """Crops that are missing or broken, or a packed folder that is not whole."""


class StageError(UserError):
    """A stage of training that does not exist, or lacks what it starts from."""


class RecipeError(UserError):
    """A config of a training that cannot be used: unknown keys, wrong values, sizes that clash."""


class BackendError(UserError):
    """Hardware that is not there, or that its software does not let be used."""


class LaunchError(UserError):
    """Processes that cannot be started, or a cluster's variables that contradict each other."""


class ResumeError(UserError):
    """A run that cannot be gone on with: its checkpoints are broken or of another training."""


class DivergenceError(UserError):
    """A training that does not get on: too many steps in a row had to be skipped."""

    exit_status = 1
