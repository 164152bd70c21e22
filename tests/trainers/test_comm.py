"""What processes say to each other; without torch's machinery where that is enough."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trainers import comm

torch = pytest.importorskip("torch")


def test_nothing_happens_in_a_single_process() -> None:
    value = torch.tensor([1.0, 2.0])
    assert comm.mean(value) is value
    assert comm.gather("x") == ["x"] and comm.broadcast("x") == "x"
    assert comm.only_main(lambda: 3) == 3
    comm.barrier()
    comm.leave()
    assert (comm.rank(), comm.world_size(), comm.is_main()) == (0, 1, True)


class Store:
    """What processes write to and read from."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def set(self, key: str, value: str) -> None:
        self.values[key] = value

    def get(self, key: str) -> bytes:
        return self.values[key].encode()

    def check(self, keys: list[str]) -> bool:
        return all(key in self.values for key in keys)


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the function that makes this one of two processes."""
    store = Store()

    def set_rank(rank: int) -> Store:
        monkeypatch.setattr(comm, "_store", store)
        monkeypatch.setattr(comm, "_turns", 0)
        monkeypatch.setattr(comm, "rank", lambda: rank)
        return store

    return set_rank


def test_the_others_get_what_the_first_one_found(become: Any) -> None:
    store = become(0)
    assert comm.only_main(lambda: {"eao": 0.5}) == {"eao": 0.5}
    become(1)
    assert comm.only_main(lambda: pytest.fail("not this one's turn")) == {"eao": 0.5}
    assert json.loads(store.get("turn 1")) == {"result": {"eao": 0.5}}


def test_the_others_learn_that_it_failed(become: Any) -> None:
    become(0)
    with pytest.raises(ZeroDivisionError):
        comm.only_main(lambda: 1 / 0)
    become(1)
    with pytest.raises(comm.OthersError, match="ZeroDivisionError: division by zero"):
        comm.only_main(lambda: None)
