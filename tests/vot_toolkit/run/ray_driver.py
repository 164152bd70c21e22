"""Run a fake tracker on a Ray cluster of two nodes: ``ray_driver.py CASE DATASET RESULTS [ARGS]``.

A process of its own: a cluster leaves threads and connections behind in its driver. What happened
is printed as JSON in the last line.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

# Of the processes of a cluster, those that only watch it can be spared.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

from ray.cluster_utils import Cluster

from vot_toolkit.dataset import open_dataset
from vot_toolkit.run.config import engine_for, run_config
from vot_toolkit.run.runner import run_tracker
from vot_toolkit.tracker.registry import TrackerSpec

FAKES = Path(__file__).with_name("fake_trackers.py")


def run(address, folder, results, name, options=(), **values):
    """Evaluate; give what the tests look at."""
    dataset = open_dataset(folder)
    config = run_config("baseline", dataset, engine="ray", address=address, **values)
    spec = name if isinstance(name, TrackerSpec) else TrackerSpec(f"{FAKES}:{name}", options)
    engine = engine_for(config)
    outcome = run_tracker(spec, dataset, config, label="fake", results=Path(results), engine=engine)
    return {
        "run": outcome.num_run,
        "failures": [[f.sequence, f.what] for f in outcome.failures],
    }


def lost_node(cluster, folder, results):
    """Lose a node, with all its processes, as soon as there is a result."""
    node = cluster.add_node(num_cpus=1)
    seen = {}

    def lose():
        while not list(Path(results).rglob("*_001.txt")):
            time.sleep(0.005)
        seen["actors"] = sum(len(list_workers(pid)) for pid in node_processes(node))
        kill_all(node)

    thread = threading.Thread(target=lose)
    thread.start()
    found = run(cluster.address, folder, results, "Slow", repetitions=4, workers=2)
    thread.join()
    return {**found, **seen}


def node_processes(node):
    """Give the numbers of a node's own processes."""
    return [info.process.pid for infos in node.all_processes.values() for info in infos]


def list_workers(pid):
    """Give the children of a process."""
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []


def kill_all(node):
    """Kill a node as a power cut does: its raylet and the workers below it, all at once."""
    own = node_processes(node)
    for pid in [*(worker for parent in own for worker in list_workers(parent)), *own]:
        try:
            os.kill(int(pid), 9)
        except ProcessLookupError:
            continue


def whole(cluster, folder, results):
    """Run on both nodes with nothing going wrong."""
    cluster.add_node(num_cpus=1)
    return run(cluster.address, folder, results, "Random", repetitions=4)


def lanes(cluster, folder, results):
    """Run with lanes in every actor."""
    return run(cluster.address, folder, results, "RandomLanes", repetitions=4, lanes=3)


def trouble(cluster, folder, results, what):
    """Run a tracker that hangs or crashes, and prints."""
    options = (("trouble", what),)
    found = run(cluster.address, folder, results, "Troubled", options, timeout=1.0)
    chatty = run(cluster.address, folder, results + "/chatty", "Chatty")
    log = Path(results) / "chatty" / "fake" / "printed.log"
    return {**found, "chatty": chatty["run"], "log": sorted(set(log.read_text().split("\n")))}


CASES = {"whole": whole, "lost": lost_node, "lanes": lanes, "trouble": trouble}

if __name__ == "__main__":
    case, *arguments = sys.argv[1:]
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        found = CASES[case](cluster, *arguments)
    finally:
        cluster.shutdown()
    print(json.dumps(found))
