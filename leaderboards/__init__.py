"""Boards that compare checkpoints and hardware runs. Nothing of it is written yet."""
