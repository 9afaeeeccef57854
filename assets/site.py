"""The site that assets work at, and what Dagster may hear of a failure there.

Belongs here: the resource, and translating exceptions. Does not belong here: settings themselves (pipeline.settings).
"""

import datetime as dt
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import dagster as dg

from pipeline.errors import OperatorError
from pipeline.settings import load
from pipeline.site import Site, opened

T = TypeVar("T")


@dg.resource(description="Settings, store, ledger and records of one home, from LMN_* variables; judges as of today.")
def site_of_today(_context: dg.InitResourceContext) -> Iterator[Site]:
    now = dt.datetime.now().astimezone()
    with opened(load(), now.date(), now.isoformat(timespec="seconds")) as site:
        yield site


def holding(site: Site, work: Callable[[], T]) -> T:
    """`work` with the home to itself. A failure reaches Dagster as a sentence without the letter's words: an
    operator's error as it is, a bug as its class and place. `site.fault` keeps the exception for the caller."""
    try:
        with site.hold(patient=True):
            return work()
    except OperatorError as err:
        site.fault = err
        told = str(err)
    except Exception as err:
        site.fault = err
        told = f"{type(err).__name__} at {_place(err)}"
    raise dg.Failure(description=told, allow_retries=False)


def _place(err: BaseException) -> str:
    last = traceback.extract_tb(err.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
