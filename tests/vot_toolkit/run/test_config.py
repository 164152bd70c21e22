"""Options that are refused, with the option, the value, and what is accepted."""

from dataclasses import replace

import pytest

from vot_toolkit.errors import UsageError
from vot_toolkit.run.config import run_config


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"workers": 0}, "--workers 0 (accepted: greater than or equal to 1)"),
        ({"repetitions": -1}, "--repetitions -1 (accepted: greater than or equal to 1)"),
        ({"timeout": 0.0}, "--timeout 0.0 (accepted: greater than 0)"),
        ({"timeout": float("inf")}, "--timeout inf (accepted: a finite number)"),
        ({"engine": "fast"}, "--engine 'fast' (accepted: 'process', 'serial' or 'ray')"),
        (
            {"address": "here:1"},
            "--address here:1 with --engine process (it names the cluster of --engine ray)",
        ),
        ({"device": "tpu"}, "--device 'tpu' (accepted: 'cpu', 'cuda' or 'npu')"),
        (
            {"engine": "serial", "timeout": 2.5},
            "--timeout 2.5 with --engine serial "
            "(only --engine process or ray can interrupt a tracker)",
        ),
        (
            {"engine": "serial", "workers": 3},
            "--workers 3 with --engine serial (the serial engine is one worker; "
            "--engine process takes more)",
        ),
        (
            {"experiments": "basline"},
            "--experiment 'basline': no such name (did you mean 'baseline'? "
            "accepted: baseline, realtime, unsupervised, all)",
        ),
        (
            {"experiments": ()},
            "--experiment: none given (accepted: baseline, realtime, unsupervised, all)",
        ),
        (
            {"sequences": ["ball", "cub"]},
            "--sequence 'cub': no such name (did you mean 'cup'? accepted: ball, cup, dove)",
        ),
    ],
)
def test_what_is_refused(dataset, values, message):
    with pytest.raises(UsageError) as error:
        run_config(**{"experiments": "baseline", "dataset": dataset, **values})
    assert str(error.value) == message


def test_all_experiments(dataset):
    assert run_config("all", dataset).experiments == ("baseline", "realtime", "unsupervised")
    assert run_config(["baseline", "baseline"], dataset).experiments == ("baseline",)


def test_the_name_of_the_data_set_chooses_the_challenge(dataset):
    named = replace(dataset, name="VOT2016")
    assert run_config("all", named).experiments == ("baseline", "unsupervised")
    with pytest.raises(UsageError, match=r"'realtime': no such name .*accepted: baseline, unsup"):
        run_config("realtime", named)
    assert run_config("all", dataset).experiments == ("baseline", "realtime", "unsupervised")
