"""A home with many letters for the desk's benchmark: some hundred that were judged in full, the rest copies of their rows.

Belongs here: filling the ledger and the store. Does not belong here: asking the desk anything (desk.py). The copies lie
behind the judged ones in every queue, have names, members and days of their own, and open with the pages of the letter
that they were copied from; an examiner who works down a queue meets letters that are whole.
"""

import datetime as dt
import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rejudging
import sqlalchemy as sa

from pipeline.desk import access
from pipeline.desk.office import Office
from pipeline.ledger import people, tables
from pipeline.ledger.desk_tables import acts, work, work_words
from pipeline.ledger.lead_tables import measures
from pipeline.ledger.ledger import Ledger
from pipeline.process import judge_batch, run_all
from pipeline.settings import Settings, load
from pipeline.site import opened

DAY = dt.date(2026, 6, 30)
PASSWORD = "a password of some length"
EXAMINERS = 20
_SAMPLES = ("attachment.pdf", "portal/lmn_form_filled.pdf", "portal/letter-of-medical-necessity.pdf", "portal/medical letter.pdf", "portal/notes.pdf",
            "portal/document.pdf", "portal/document (2).pdf", "portal/IMG_2231.jpg", "Scan 14.pdf")  # fmt: skip
_AT_ONCE = 2_000


def made(folder: Path, url: str, letters: int, whole: int) -> Settings:
    """The settings of a home whose ledger, at `url`, holds so many letters, `whole` of them judged in full."""
    seed = load(folder / "seed", claims=str(rejudging.ROOT / "sample_docs" / "claims"), settle_seconds=0.0)
    if not (seed.home / "ledger.sqlite").exists():
        for name in _SAMPLES:
            (seed.home / "inbox" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(rejudging.ROOT / "sample_docs" / "inbox" / name, seed.home / "inbox" / name)
    run_all(seed, DAY)  # a seed of an earlier program is read anew
    home = folder / ("home-" + url.partition(":")[0].partition("+")[0])
    shutil.rmtree(home, ignore_errors=True)
    settings = load(home, claims=str(home / "claims"), settle_seconds=0.0, ledger_url=url if "@" in url else f"sqlite:///{home / 'ledger.sqlite'}")
    rejudging.multiply(seed, settings, whole)
    pictures(seed, settings)
    with opened(settings, DAY, "2026-06-30T08:00:00+00:00") as site, site.hold():
        for batch in site.ledger.form_batches(site.now, rejudging.BATCH):
            judge_batch(site, batch)
    office = Office(settings, DAY)
    office.refresh()
    hashed = access._hasher.hash(PASSWORD)
    with office.ledger.writing() as c:
        for number in range(EXAMINERS):
            people.add(c, f"examiner{number:02d}", "examiner", hashed, must_change=False)
        people.add(c, "lead", "lead", hashed, must_change=False)
    office.close()
    copies(settings.ledger_url, letters)
    return settings


def pictures(seed: Settings, settings: Settings) -> None:
    """The seed's page pictures, which every copy of its file shows too."""
    shutil.copytree(seed.store / "pages", settings.store / "pages", dirs_exist_ok=True)
    with opened(seed, DAY, "now") as old, opened(settings, DAY, "now") as new:
        shas = {row.receipt.file: row.receipt.sha256 for row in old.ledger.receipts()}
        for row in new.ledger.receipts():
            sha = next((s for file, s in shas.items() if row.receipt.file.endswith("/" + file)), "")
            folder = settings.store / "pages" / sha[:2]
            if sha and (folder / sha).is_dir() and sha != row.receipt.sha256 and not (folder / row.receipt.sha256).exists():
                (folder / row.receipt.sha256).symlink_to(sha)


def known(folder: Path) -> Settings:
    """The settings of the SQLite home that was made here before."""
    home = folder / "home-sqlite"
    return load(home, claims=str(home / "claims"), settle_seconds=0.0)


def copies(url: str, letters: int) -> None:
    """Rows of the judged letters again and again until there are so many."""
    ledger = Ledger(url)
    with ledger.reading() as c:
        rows = {str(r["letter_id"]): dict(r) for r in c.execute(sa.select(work)).mappings()}
        places = {str(r["letter_id"]): dict(r) for r in c.execute(sa.select(tables.cases)).mappings()}
        receipts = {str(r["id"]): dict(r) for r in c.execute(sa.select(tables.receipts)).mappings()}
        measured = {str(r["letter_id"]): dict(r) for r in c.execute(sa.select(measures)).mappings()}
        words: dict[str, list[str]] = {}
        for r in c.execute(sa.select(work_words)):
            words.setdefault(str(r.letter_id), []).append(str(r.word))
    originals = [(rows[k], places[k], receipts[rows[k]["receipt_id"]], words.get(k, []), measured[k]) for k in sorted(rows)]
    with ledger.writing() as c:
        c.execute(work.update().values(press="2026-01-01"))
    seq = max(r["seq"] for r in receipts.values())
    made = _copies(originals, letters - len(originals), seq)
    while some := [one for _, one in zip(range(_AT_ONCE), made, strict=False)]:
        with ledger.writing() as c:
            for table in (tables.receipts, tables.cases, work, work_words, acts, measures):
                several = [row for one in some for row in one[table.name]]
                if several:
                    c.execute(table.insert(), several)
    with ledger.writing() as c:
        if c.dialect.name == "postgresql":
            c.execute(sa.text("SELECT setval(pg_get_serial_sequence('receipts', 'seq'), (SELECT max(seq) FROM receipts))"))
            c.execute(sa.text("ANALYZE"))  # as the server does by itself within minutes; SQLite never does
    ledger.close()


def _copies(originals: list[tuple[dict[str, Any], ...]], count: int, seq: int) -> Iterator[dict[str, list[dict[str, Any]]]]:
    chance = random.Random(7)
    for n in range(count):
        row, place, receipt, words, measure = originals[n % len(originals)]
        mark = hashlib.sha256(f"copy {n}".encode()).hexdigest()
        day = (DAY - dt.timedelta(days=chance.randrange(1, 90))).isoformat()
        due = (DAY + dt.timedelta(days=chance.randrange(-10, 60))).isoformat()
        own = {"letter_id": f"{mark[:16]}-1", "receipt_id": mark[:32]}
        name = f"{rejudging._name(row['patient'], n)}"
        state = chance.choices(("open", "decided", "asked", "second"), (60, 34, 5, 1))[0]
        changed = {"state": state, "changed_by": f"examiner{n % EXAMINERS:02d}", "changed_at": f"{day}T10:00:00+00:00", "changed_how": "approved"} if state != "open" else {}
        held = f"examiner{chance.randrange(EXAMINERS):02d}" if chance.random() < 0.03 else ""
        made = {**row, **own, **changed, "due": due, "press": due, "received": day, "patient": name, "member_id": f"{row['member_id']}C{n:06d}", "assigned": held,
                "amount": round(chance.uniform(20, 4000), 2), "effort": chance.randrange(0, 9)}  # fmt: skip
        known = {w for w in words if w.startswith("finding:")} | {w.lower() for w in name.split()} | {made["member_id"].lower(), own["letter_id"]}
        yield {
            "receipts": [{**receipt, "id": mark[:32], "seq": seq + n + 1, "sha256": mark, "file": f"copy {n}", "received_at": f"{day}T08:00:00+00:00", "duplicate_of": None}],
            "cases": [{**place, **own, "due": due}], "desk_work": [made], "desk_measures": [{**measure, "letter_id": own["letter_id"], "received": day}],
            "desk_words": [{"word": w[:80], "letter_id": own["letter_id"]} for w in sorted({w[:80] for w in known})],
            "desk_acts": [{"token": mark, "letter_id": own["letter_id"], "who": made["changed_by"], "at": made["changed_at"], "what": "approved", "seconds": 60.0}]
                         if state != "open" else [],
        }  # fmt: skip
