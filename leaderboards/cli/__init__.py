"""The command line: one module a command, each parsing, calling once, and showing."""

from leaderboards.cli.app import main

__all__ = ["main"]
