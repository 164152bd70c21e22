"""Boards that compare checkpoints and hardware runs, and say what a difference is worth."""
