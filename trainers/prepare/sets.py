"""The kinds of data sets that can be prepared."""

from __future__ import annotations

from enum import StrEnum
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


def plan_for(name: SetName, source: Path, *, original: bool = False) -> Plan:
    """List the parts of a data set.

    Parameters
    ----------
    name : SetName
        What kind it is.
    source : Path
        Where it lies.
    original : bool
        Whether to leave out what the original's scripts lost; it concerns VID alone.

    Raises
    ------
    PreparationError
        If there is no such data set.
    """
    from trainers.prepare import coco, det, folder, vid, ytb_vos
    from trainers.prepare.rendered import videos

    plans = {
        SetName.YTB_VOS: ytb_vos.plan,
        SetName.COCO: coco.plan,
        SetName.DET: det.plan,
        SetName.FOLDER: folder.plan,
        SetName.RENDERED: videos.plan,
    }
    if name is SetName.VID:
        return vid.plan(source, last_run_only=original)
    return plans[name](source)
