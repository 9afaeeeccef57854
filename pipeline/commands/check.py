"""`lmn check`: is everything as a run needs it?

Belongs here: asking each part and printing its answer. Does not belong here: mending. Nothing is changed.
"""

import argparse
import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipeline.commands.start import day_of, ledger_to_ask, settings_of
from pipeline.errors import BadSettings, ClaimsMalformed, OperatorError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.check import Rules


def main(options: argparse.Namespace) -> int:
    """0 when all is sound, else the exit code of the first fault; every fault is printed."""
    settings, day = settings_of(options), day_of(options)
    steps: list[tuple[str, Callable[[], str]]] = [
        ("settings", lambda: _settings(settings)),
        ("claim records", lambda: _claims(settings, day)),
        ("plan rules", lambda: _rules(settings, day)),
        ("engine", lambda: _engine(settings)),
        ("ledger", lambda: _ledger(settings)),
    ]
    codes = [code for name, step in steps if (code := _told(name, step))]
    if not codes:
        print(f"All sound as of {day.isoformat()}.")
    return codes[0] if codes else 0


def _told(name: str, step: Callable[[], str]) -> int:
    try:
        print(f"{name:<14} ok      {step()}")
    except OperatorError as err:
        print(f"{name:<14} FAULT   {err}")
        return err.exit
    return 0


def _settings(settings: Settings) -> str:
    if not settings.inbox.is_dir() and not settings.inbox.is_relative_to(settings.home):
        raise BadSettings(f"The inbox {settings.inbox} is not there. Create it, or name another with --inbox DIR.")
    return f"home {settings.home}, inbox {settings.inbox}, out {settings.out}, {settings.workers} workers"


def _claims(settings: Settings, day: dt.date) -> str:
    from pipeline.records import faults
    from pipeline.records.tables import place_of

    found = faults(settings.claims, day)
    if found:
        raise ClaimsMalformed("\n".join([f"{len(found)} in {place_of(settings.claims)}", *(f"    {fault}" for fault in found)]))
    return settings.claims if "://" not in settings.claims else "database"


def _rules(settings: Settings, day: dt.date) -> str:
    from pipeline.check import load_rules
    from pipeline.check.specimen import examples

    rules = load_rules(settings.rules)
    tried = examples(rules)
    told = f"{settings.rules or 'the rules that come with the program'}, version {rules.version}, {len(rules.rows)} rules, {tried} examples borne out"
    return "\n    note: ".join([told, *_notes(rules, settings, day)])


def _notes(rules: "Rules", settings: Settings, day: dt.date) -> Iterator[str]:
    """What is no fault and may be none meant: findings that no rule makes, plans that the records do not hold."""
    from pipeline.check.rules import plans_named, unmade
    from pipeline.check.sheet import meant
    from pipeline.records import load_records

    if unmade(rules):
        yield f"no rule makes {', '.join(unmade(rules))}."
    if plans_named(rules):
        try:
            known = load_records(settings.claims, day).plans
        except OperatorError:
            return
        yield from (f"{where}: the records hold no plan '{plan}', so that the row does nothing.{meant(plan, known)}" for plan, where in plans_named(rules) if plan not in known)


def _engine(settings: Settings) -> str:
    from pipeline.read import engine_named

    engine = engine_named(settings.engine)
    return f"{engine.name} ({engine.version})"


def _ledger(settings: Settings) -> str:
    from pipeline.errors import LedgerDamaged

    ledger = ledger_to_ask(settings)
    ledger.verify_chain()
    accounts = ledger.accounts()
    ledger.close()
    if not accounts.balanced:
        raise LedgerDamaged("Received files and files in queues do not add up. Restore the ledger from backup.")
    return f"{accounts.received} files received, {accounts.letters} letters and papers, no event was changed"
