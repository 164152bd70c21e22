"""The unsupervised experiment."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.challenges import Protocol
from vot_toolkit.errors import DatasetError
from vot_toolkit.experiment import Initialize, Update, unsupervised

PROTOCOL = Protocol("unsupervised", repetitions=1)


def test_one_start_and_every_region(sequence, play, shown):
    run, requests = play(unsupervised(sequence(5), PROTOCOL))
    assert shown(run) == "1,r,r,r,r"
    assert [type(request) for request in requests] == [Initialize] + [Update] * 4
    np.testing.assert_array_equal(run.times, [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(run.scores, [np.nan, 0.1, 0.2, 0.3, 0.4])


def test_single_frame(sequence, play, shown):
    run, requests = play(unsupervised(sequence(1), PROTOCOL))
    assert (shown(run), len(requests)) == ("1", 1)


def test_starts_on_the_first_region(sequence, play, shown):
    run, _ = play(unsupervised(sequence(5, codes={0: 0, 1: 0, 3: 0}), PROTOCOL))
    assert shown(run) == "0,0,1,r,r"


def test_sequence_without_a_region(sequence):
    with pytest.raises(DatasetError, match="no frame to start"):
        next(unsupervised(sequence(1, codes={0: 0}), PROTOCOL))
