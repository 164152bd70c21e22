"""A program to be stopped from outside: ``driver.py DATASET RESULTS CLASS WORKERS [LANES]``."""

import sys
from pathlib import Path

from vot_toolkit.dataset import open_dataset
from vot_toolkit.run.config import engine_for, run_config
from vot_toolkit.run.runner import run_tracker
from vot_toolkit.tracker.registry import TrackerSpec

if __name__ == "__main__":
    folder, results, name, workers, *more = sys.argv[1:]
    dataset = open_dataset(folder)
    lanes = int(more[0]) if more else 1
    config = run_config("baseline", dataset, workers=int(workers), lanes=lanes)
    spec = TrackerSpec(f"{Path(__file__).with_name('fake_trackers.py')}:{name}")
    engine = engine_for(config)
    run_tracker(spec, dataset, config, label="fake", results=Path(results), engine=engine)
