"""The door of ``python -m siammask``."""

from siammask.cli import main

if __name__ == "__main__":
    main()
