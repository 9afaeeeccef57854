"""`lmn whatif`: who would move under other rules or claim records, by which rule, for how much money.

Belongs here: what is printed and the CSV. Does not belong here: judging (whatif.py).
"""

import argparse
import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.commands.progress import shown
from pipeline.commands.start import day_of, home_of, now_on, settings_of
from pipeline.errors import BadSettings
from pipeline.settings import Settings
from pipeline.site import Site, opened
from pipeline.store import Store
from pipeline.whatif import Judgement, Otherwise, by_rule, judge_otherwise, moves

_COLUMNS = ("letter_id", "file", "queue_now", "queue_then", "moves", "amount", "gained", "lost", "rules", "member_now", "member_then", "said")


def main(options: argparse.Namespace) -> int:
    """Prints the moves; the queues, the ledger and the store stay as they are."""
    if options.rules is None and options.claims is None:
        raise BadSettings("Name what is to be tried: a rule table, or --claims DIR.")
    return report(options, parse_again=False)


def report(options: argparse.Namespace, parse_again: bool) -> int:
    """Judges every letter otherwise and prints the differences."""
    from pipeline.check import load_rules
    from pipeline.check.specimen import examples
    from pipeline.records import load_records

    day = day_of(options)
    tried = home_of(options)
    claims, rules = getattr(options, "claims", None), getattr(options, "rules", None)
    with shown() as progress, opened(_present(options, tried), day, now_on(day), progress) as site:
        other_rules = load_rules(rules.expanduser().resolve()) if rules else site.rules
        examples(other_rules)
        records = load_records(tried.claims, day) if claims else site.records
        otherwise = Otherwise(other_rules, records, records.snapshot != site.records.snapshot, parse_again, day)
        judged = judge_otherwise(site, otherwise, tried.workers)
        waits, stale = _unjudged(site), any(b.judged not in (None, site.judgement) for b in site.ledger.batches())
    if options.csv:
        _write(options.csv, judged)
    print(json.dumps(_as_json(judged), indent=1, ensure_ascii=False) if options.json else "\n".join(_lines(judged, waits, parse_again, stale)))
    return 0


def _present(options: argparse.Namespace, tried: Settings) -> Settings:
    """The settings that the queues are made with: records named on the command line are what is tried, unless the home
    names none that are there, as after `lmn run --claims`."""
    options.claims = None
    own = settings_of(options)
    return own if "://" in own.claims or Path(own.claims).is_dir() else tried


def _unjudged(site: Site) -> int:
    return sum(b.judged is None for b in site.ledger.batches())


def _lines(judged: Sequence[Judgement], waits: int, parse_again: bool, stale: bool) -> list[str]:
    moved = [j for j in judged if j.moves]
    differ = [j for j in judged if j.differs]
    told = [f"{len(judged)} letter{'' if len(judged) == 1 else 's'} judged; {len(moved)} would move, {len(differ) - len(moved)} would stay where they are with other findings or values."]
    if waits:
        told.append(f"{waits} batches are still in work and were left out; run 'lmn run' first.")
    if stale:
        told.append("The queues were made by other records or rules, or on another day: what that changes is counted too. Run 'lmn run' first to see the change alone.")
    told += _table(("from", "to", "letters", "amount"), [(m.now, m.then, str(m.letters), f"{m.amount:,.2f}") for m in moves(judged)])
    rules = [(s.rule, str(s.gained), str(s.lost), str(s.letters), f"{s.amount:,.2f}") for s in by_rule(judged)]
    told += _table(("rule", "gained", "lost", "letters moved", "amount"), rules)
    rows = [(j.letter_id, j.queue_now, j.queue_then, f"{j.amount:,.2f}", _finds(j)) for j in moved[:40]]
    told += _table(("letter", "now", "then", "amount", "because"), rows)
    if len(moved) > 40:
        told.append(f"and {len(moved) - 40} more; --csv FILE lists all.")
    if parse_again:
        said = [(name, sum(any(n == name for n, _, _ in j.said) for j in judged)) for name in sorted({n for j in judged for n, _, _ in j.said})]
        told += _table(("value", "letters that say otherwise"), [(name, str(number)) for name, number in said])
    return told


def _finds(j: Judgement) -> str:
    return ", ".join([*(f"+{code} ({rule}{'' if level == 'blocks' else ', noted'})" for code, level, rule in j.gained),
                      *(f"-{code} ({rule}{'' if level == 'blocks' else ', noted'})" for code, level, rule in j.lost)])  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, numbers to the right; nothing for no rows."""
    if not rows:
        return []
    widths = [max(len(r[n]) for r in (head, *rows)) for n in range(len(head))]
    numeric = [all(r[n].replace(",", "").replace(".", "").isdigit() for r in rows) for n in range(len(head))]
    def line(cells: Sequence[str]) -> str:
        return "  ".join(c.rjust(w) if right else c.ljust(w) for c, w, right in zip(cells, widths, numeric, strict=True)).rstrip()

    return ["", line(head), *(line(r) for r in rows)]


def _row(j: Judgement) -> dict[str, Any]:
    return {"letter_id": j.letter_id, "file": j.file, "queue_now": j.queue_now, "queue_then": j.queue_then, "moves": "yes" if j.moves else "no",
            "amount": f"{j.amount:.2f}", "gained": "|".join(code for code, _, _ in j.gained), "lost": "|".join(code for code, _, _ in j.lost),
            "rules": "|".join(j.rules), "member_now": j.member_now or "", "member_then": j.member_then or "",
            "said": "; ".join(f"{n}: {old or '-'} -> {new or '-'}" for n, old, new in j.said)}  # fmt: skip


def _write(path: Path, judged: Sequence[Judgement]) -> None:
    from pipeline.review.spreadsheet import harmless

    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: harmless(v) for k, v in _row(j).items()} for j in judged if j.differs)
    target = path.expanduser().resolve()
    Store(target.parent).put_bytes(target, text.getvalue().encode())


def _as_json(judged: Sequence[Judgement]) -> dict[str, Any]:
    return {"letters": len(judged), "moves": [m._asdict() for m in moves(judged)], "rules": [s._asdict() for s in by_rule(judged)],
            "differ": [_row(j) for j in judged if j.differs]}  # fmt: skip
