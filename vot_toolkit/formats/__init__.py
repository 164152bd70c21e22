"""File formats: reading and writing, each strict and named.

A reader raises `vot_toolkit.errors.FormatError` with file and line; it never guesses.
"""
