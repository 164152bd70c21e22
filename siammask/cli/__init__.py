"""The command line of SiamMask; see ``python -m siammask --help``."""

from siammask.cli.app import main

__all__ = ["main"]
