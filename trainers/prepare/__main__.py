"""The door of ``python -m trainers.prepare``."""

from trainers.prepare.app import main

if __name__ == "__main__":
    main()
