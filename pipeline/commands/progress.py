"""How far a run is: a bar on a terminal, a line per stage elsewhere.

Belongs here: showing. Does not belong here: stages. Everything goes to stderr and holds counts only.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.site import Progress

_DOING = {
    "intake": "Taking in", "read": "Reading", "parse": "Finding letters", "match": "Matching", "filing": "Filing", "check": "Checking", "review": "Sorting",
}  # fmt: skip
_TOLD = ("intake", "read", "review")


@contextmanager
def shown() -> Iterator[Progress]:
    """A progress to hand to a site."""
    if not sys.stderr.isatty():
        yield _line
        return
    with _bar() as bar:
        yield bar


def _line(stage: str, done: int, total: int) -> None:
    if stage in _TOLD and total and done in (total, *range(0, total, 50)[1:]):
        print(f"{_DOING.get(stage, stage)}: {done} of {total}", file=sys.stderr, flush=True)


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=_DOING.get(stage, stage), completed=done, total=total)

        yield show
