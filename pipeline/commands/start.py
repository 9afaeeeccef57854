"""What most commands begin with: settings from the options, and the day and time of the run.

Belongs here: reading options. Does not belong here: a command.
"""

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from pipeline.settings import Settings, load


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings with the command line's options on top; a folder of claim records becomes absolute."""
    given: dict[str, Any] = {name: getattr(options, name, None) for name in ("inbox", "out", "jobs")}
    claims = getattr(options, "claims", None)
    if claims and "://" not in claims:
        claims = str(Path(claims).expanduser().resolve())
    return load(options.home, claims=claims, **given)


def day_of(options: argparse.Namespace) -> dt.date:
    """The day that counts as today."""
    return options.as_of or dt.date.today()


def now_on(day: dt.date) -> str:
    """This time of day on that day: a run as of another day dates its receipts on that day."""
    clock = dt.datetime.now().astimezone()
    return dt.datetime.combine(day, clock.timetz()).isoformat(timespec="seconds")
