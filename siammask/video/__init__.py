"""Frames in and out: folders, video files, cameras; drawing what a tracker says; index PNG."""
