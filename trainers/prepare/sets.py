"""The kinds of data sets that can be prepared."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainers.prepare.part import Plan


class SetName(StrEnum):
    """Names, as the command line offers them."""

    YTB_VOS = "ytb_vos"
    COCO = "coco"
    DET = "det"
    VID = "vid"
    FOLDER = "folder"
    RENDERED = "rendered"


def plan_for(
    name: SetName,
    source: Path,
    *,
    original: bool = False,
    licences: frozenset[int] | None = None,
) -> Plan:
    """List the parts of a data set.

    Parameters
    ----------
    name : SetName
        What kind it is.
    source : Path
        Where it lies.
    original : bool
        Whether to leave out what the original's scripts lost; it concerns VID alone.
    licences : frozenset of int or None
        Numbers of the licences whose images may be used; it concerns COCO, and what is rendered
        from it. None for all.

    Raises
    ------
    PreparationError
        If there is no such data set.
    """
    from trainers.prepare import coco, det, folder, vid, ytb_vos
    from trainers.prepare.rendered import videos

    plans: dict[SetName, Callable[[Path], Plan]] = {
        SetName.YTB_VOS: ytb_vos.plan,
        SetName.COCO: partial(coco.plan, licences=licences),
        SetName.DET: det.plan,
        SetName.VID: partial(vid.plan, last_run_only=original),
        SetName.FOLDER: folder.plan,
        SetName.RENDERED: partial(videos.plan, licences=licences),
    }
    return plans[name](source)
