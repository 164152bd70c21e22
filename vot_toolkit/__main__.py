"""The door of ``python -m vot_toolkit``."""

from vot_toolkit.cli import main

if __name__ == "__main__":
    main()
