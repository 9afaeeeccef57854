"""Many files at once, each in a process that can be killed without harm to the others.

Belongs here: the pool, its limits, what is said of a worker that died. Does not belong here: what is done with a file
(worker.py). Another engine for spreading work (Ray, Dask) would stand behind the same `map`.
"""

import logging
import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from types import TracebackType
from typing import Any, Generic, NamedTuple, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

J = TypeVar("J")
R = TypeVar("R")

_ONE_THREAD = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_PRELOAD = ["pipeline.worker"]
_AHEAD = 3
"""Jobs in hand for each worker while results are taken in order."""


class Done(NamedTuple, Generic[R]):
    """What a worker returned."""

    value: R


class Lost(NamedTuple):
    """A worker that did not return: it took longer than `seconds`, or it died (`seconds` None)."""

    seconds: float | None


class Pool:
    """Worker processes, one thread each, each with at most `memory_mb` of its own data (0 for no bound); use as a context.
    Exceptions raised by the work itself rise in `map`."""

    def __init__(self, workers: int, memory_mb: int = 0) -> None:
        for name in _ONE_THREAD:
            os.environ.setdefault(name, "1")
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        self._workers = workers
        self._pool: Any = ProcessPool(max_workers=workers, context=context, initializer=_begin, initargs=(memory_mb,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()

    def map(self, work: Callable[[J], R], jobs: Sequence[tuple[J, float]], each: Callable[[], None]) -> list[Done[R] | Lost]:
        """`work` on every (job, seconds allowed), in the order of the jobs; calls `each` whenever one is through."""
        futures = [self._pool.schedule(work, args=(job,), timeout=seconds) for job, seconds in jobs]
        left: set[Future[R]] = set(futures)
        while left:
            through, left = wait(left, return_when=FIRST_COMPLETED)
            for _ in through:
                each()
        return [_outcome(future, seconds) for future, (_, seconds) in zip(futures, jobs, strict=True)]

    def stream(self, work: Callable[[J], R], jobs: Sequence[J]) -> Iterator[R]:
        """`work` on every job, results in the order of the jobs, a few ahead of what is taken. A worker that dies raises."""
        ahead: deque[Future[R]] = deque()
        for job in jobs:
            ahead.append(self._pool.schedule(work, args=(job,)))
            if len(ahead) > _AHEAD * self._workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _outcome(future: "Future[R]", seconds: float) -> Done[R] | Lost:
    try:
        return Done(future.result())
    except TimeoutError:
        return Lost(seconds)
    except ProcessExpired:
        return Lost(None)


def _begin(memory_mb: int) -> None:
    """An interrupt at the keyboard is the parent's to handle. Data is bounded rather than address space: models are mapped
    into the latter and cost nothing. Libraries keep quiet: what they would say of a broken
    file may hold its words."""
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if memory_mb:
        bound = memory_mb * 1_000_000
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
