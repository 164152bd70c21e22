"""Formats in which a board is written, one module each."""
