"""What goes along with the loop: logs, checkpoints, scores, guards."""

from trainers.hooks.protocol import Hook, Line, Run

__all__ = ["Hook", "Line", "Run"]
