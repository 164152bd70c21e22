"""The door of ``python -m leaderboards``."""

from leaderboards.cli import main

if __name__ == "__main__":
    main()
