"""Trackers: the contract they keep, how they are found by name, and a few that are built in."""

from vot_toolkit.tracker.protocol import Reply, Tracker, reply
from vot_toolkit.tracker.registry import TrackerSpec, tracker_names

__all__ = ["Reply", "Tracker", "TrackerSpec", "reply", "tracker_names"]
