"""Stages of training: what is built, what of it trains when, and what it is told by.

Found by name through the entry-point group ``trainers.stages``; nothing here needs torch before a
stage is loaded.
"""

from trainers.stages.protocol import Group, Losses, Phase, Stage, Start
from trainers.stages.registry import GROUP, find_stage, stage_names

__all__ = ["GROUP", "Group", "Losses", "Phase", "Stage", "Start", "find_stage", "stage_names"]
