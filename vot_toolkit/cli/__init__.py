"""The command line: one module a command, each parsing, calling once, and showing."""

from vot_toolkit.cli.app import main

__all__ = ["main"]
