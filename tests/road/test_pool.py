"""A file that hangs, or kills its worker, harms no other."""

import os
import time

import pytest

from pipeline.pool import Done, Lost, Pool
from tests.road.breakers import work


def test_hanging_and_dying_work_is_lost_alone() -> None:
    kinds = ["a", "hang", "b", "die", "c", "segfault", "killed", "d"]
    seen: list[None] = []
    begun = time.monotonic()
    with Pool(2) as pool:
        found = pool.map(work, [(kind, 3.0) for kind in kinds], lambda: seen.append(None))
    assert found == [Done("a"), Lost(3.0), Done("b"), Lost(None), Done("c"), Lost(None), Lost(None), Done("d")]
    assert len(seen) == len(kinds)
    assert time.monotonic() - begun < 60


def test_work_that_eats_memory_is_refused_it() -> None:
    with Pool(1, memory_mb=1000) as pool:
        assert pool.map(work, [("a", 30.0)], lambda: None) == [Done("a")]
        with pytest.raises(MemoryError):
            pool.map(work, [("eat", 30.0)], lambda: None)
        assert pool.map(work, [("b", 30.0)], lambda: None) == [Done("b")]


def test_what_the_work_raises_rises() -> None:
    with pytest.raises(KeyError), Pool(1) as pool:
        pool.map(work, [("a", 30.0), ("raise", 30.0)], lambda: None)


def test_engines_are_told_to_use_one_thread() -> None:
    with Pool(1):
        assert os.environ["OMP_THREAD_LIMIT"] == "1"
