"""What most commands begin with: settings from the options, and the day and time of the run.

Belongs here: reading options. Does not belong here: a command.
"""

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from pipeline.errors import BadSettings
from pipeline.ledger import Ledger, is_there
from pipeline.settings import Settings, load
from pipeline.site import ledger_of


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings with the command line's options on top; a folder of claim records becomes absolute."""
    given: dict[str, Any] = {name: getattr(options, name, None) for name in ("inbox", "out", "jobs")}
    claims = getattr(options, "claims", None)
    if claims and "://" not in claims:
        claims = str(Path(claims).expanduser().resolve())
    return load(options.home, claims=claims, **given)


def home_of(options: argparse.Namespace) -> Settings:
    """The settings of a home in which something was done. BadSettings where nothing was: a misspelt --home makes no home.
    LedgerDamaged where its ledger is gone."""
    settings = settings_of(options)
    if not is_there(settings.ledger_url):
        ledger_to_ask(settings).close()
        raise BadSettings(f"Nothing was done in {settings.home} yet. Name the home with --home DIR or LMN_HOME, or begin with 'lmn run'.")
    return settings


def ledger_to_ask(settings: Settings) -> Ledger:
    """The home's ledger, or an empty one in memory where nothing was done yet: asking makes no home."""
    return ledger_of(settings) if is_there(settings.ledger_url) or settings.store.exists() else Ledger("sqlite://")


def day_of(options: argparse.Namespace) -> dt.date:
    """The day that counts as today."""
    return options.as_of or dt.date.today()


def now_on(day: dt.date) -> str:
    """This time of day on that day: a run as of another day dates its receipts on that day."""
    clock = dt.datetime.now().astimezone()
    return dt.datetime.combine(day, clock.timetz()).isoformat(timespec="seconds")


def receipt_time(day: dt.date) -> str:
    """When a run as of that day receives its files: now; at noon as of another day than today, so that the same files give
    the same queues at any hour and in any time zone."""
    return now_on(day) if day == dt.date.today() else f"{day.isoformat()}T12:00:00+00:00"
