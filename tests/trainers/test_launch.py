"""Which process this is, by the variables of torchrun and SLURM."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.errors import LaunchError
from trainers.launch import Place, find_place, meeting_point, share


def test_a_process_of_its_own() -> None:
    assert find_place({"PATH": "/bin", "SLURM_PROCID": "0", "SLURM_NTASKS": "8"}) == Place()


def test_under_torchrun() -> None:
    variables = {
        "RANK": "9",
        "WORLD_SIZE": "16",
        "LOCAL_RANK": "1",
        "LOCAL_WORLD_SIZE": "8",
        "TORCHELASTIC_RESTART_COUNT": "2",
    }
    assert find_place(variables) == Place(9, 16, 1, 8, "torchrun", 2)


def test_under_slurm() -> None:
    variables = {
        "SLURM_STEP_NUM_TASKS": "5",
        "SLURM_PROCID": "4",
        "SLURM_LOCALID": "0",
        "SLURM_NODEID": "2",
        "SLURM_STEP_TASKS_PER_NODE": "2(x2),1",
    }
    assert find_place(variables) == Place(4, 5, 0, 1, "slurm")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"RANK": "1", "WORLD_SIZE": "2"}, "LOCAL_RANK is not set"),
        ({"RANK": "x", "WORLD_SIZE": "2"}, "RANK='x'"),
        (
            {"RANK": "2", "WORLD_SIZE": "2", "LOCAL_RANK": "0"},
            "process 2 of 2, on this host 0 of 1",
        ),
        (
            {
                "SLURM_STEP_NUM_TASKS": "2",
                "SLURM_PROCID": "0",
                "SLURM_LOCALID": "0",
                "SLURM_STEP_TASKS_PER_NODE": "two",
            },
            "SLURM_STEP_TASKS_PER_NODE='two'",
        ),
    ],
)
def test_contradictions(variables: dict[str, str], message: str) -> None:
    with pytest.raises(LaunchError, match=message.replace("(", r"\(")):
        find_place(variables)


@pytest.mark.parametrize(
    ("nodes", "first"),
    [
        ("one", "one"),
        ("a,b", "a"),
        ("gpu[3,7]", "gpu3"),
        ("n[08-11],m[1]", "n08"),
        ("", "localhost"),
    ],
)
def test_where_tasks_meet(nodes: str, first: str) -> None:
    found = meeting_point({"SLURM_STEP_NODELIST": nodes, "SLURM_JOB_ID": "42"})
    assert found == {"MASTER_ADDR": first, "MASTER_PORT": "29542"}


def test_a_place_to_meet_that_is_set_stays() -> None:
    assert meeting_point({"MASTER_ADDR": "x", "MASTER_PORT": "1"}) == {
        "MASTER_ADDR": "x",
        "MASTER_PORT": "1",
    }


@given(st.integers(1, 64), st.integers(1, 16))
def test_shares_are_equal_and_apart(cores: int, processes: int) -> None:
    shares = [share(Place(i, processes, i, processes), range(cores)) for i in range(processes)]
    if processes == 1 or cores < processes:
        assert shares == [[]] * processes
    else:
        assert {len(each) for each in shares} == {cores // processes}
        taken = [core for each in shares for core in each]
        assert len(set(taken)) == len(taken) and taken == sorted(taken)
