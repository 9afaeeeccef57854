"""The administrators' page of files: dropped into the inbox, what became of each, another try, out of quarantine.

Belongs here: putting files into the inbox, the two deeds on a file with their reason, the receipt of a day. Does not
belong here: taking files in or reading them (the road does it at its next run), users (users.py).
"""

import csv
import hashlib
import io
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.desk import phrases
from pipeline.desk.call import EVERYBODY, Call, guarded
from pipeline.desk.deeds import RefusedError
from pipeline.desk.lists import safe_cell
from pipeline.ledger import ReceiptRow, chain
from pipeline.ledger import tables as t
from pipeline.ledger.desk_tables import notes, releases, work
from pipeline.model import ReviewItem
from pipeline.review.queues import TITLES

_SHOWN = 200
_BLOCK = 1 << 20
_NAMES = 100


def safe_name(name: str) -> str:
    """A file name for the inbox from what a browser sent: no path, no control characters, never hidden or empty."""
    last = re.split(r"[\\/]", name)[-1]
    kept = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    return kept[-120:] or "file"


def put_in_inbox(inbox: Path, name: str, content: io.BufferedIOBase, most_bytes: int) -> str:
    """Writes a file into the inbox under a name of its own and returns that name; a file that lies there already is
    never written over. RefusedError when it is too large."""
    inbox.mkdir(parents=True, exist_ok=True)
    temporary = inbox / f".desk-{os.getpid()}-{os.urandom(6).hex()}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("xb") as out:
            while block := content.read(_BLOCK):
                size += len(block)
                if size > most_bytes:
                    raise RefusedError(f"{safe_name(name)} is larger than {most_bytes // 1_000_000} MB.")
                digest.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        return _linked(temporary, inbox / "desk" / safe_name(name), digest.hexdigest()[:8])
    finally:
        temporary.unlink(missing_ok=True)


def _linked(temporary: Path, target: Path, digest: str) -> str:
    """Gives the file the first name that nobody has; two people who drop the same name at once get one each."""
    target.parent.mkdir(exist_ok=True)
    for n in range(_NAMES):
        tail = ("", f"-{digest}", f"-{digest}-{n}")[min(n, 2)]
        free = target.with_name(f"{target.stem}{tail}{target.suffix}")
        try:
            os.link(temporary, free)
        except FileExistsError:
            continue
        return free.name
    raise RefusedError(f"The inbox holds {_NAMES} files called {target.name}. Wait for the next run, then drop it again.")


def files_page(call: Call) -> Response:
    """What was received last, on a day, or under a name, and what became of it."""
    day, part, state = call.asked("day")[:10], call.asked("name")[:80], call.asked("state")
    query = received(day, part, state).order_by(t.receipts.c.seq.desc()).limit(_SHOWN)
    with call.office.ledger.reading() as c:
        rows = [shown(r) for r in c.execute(query)]
    waiting = sorted(
        p.relative_to(call.office.settings.inbox).as_posix() for p in call.office.settings.inbox.rglob("*") if p.is_file() and not p.name.startswith(".")
    )
    return call.page("files.html", rows=rows, accounts=call.office.ledger.accounts(), waiting=waiting[:_SHOWN], told=call.asked("told"), day=day, part=part,
                     state=state, states=STATES, most=_SHOWN)  # fmt: skip


STATES = (("", "all"), ("unreadable", "unreadable"), ("work", "in work"), ("twice", "sent twice"), ("queued", "in a queue"))


def received(day: str = "", part: str = "", state: str = "") -> "sa.Select[tuple[object, ...]]":
    """Receipts with the letters made of them and how these stand at the desk, as far as wanted."""
    r, c, w = t.receipts.c, t.cases.c, work.c
    joined = t.receipts.outerjoin(t.cases, c.receipt_id == r.id).outerjoin(work, w.letter_id == c.letter_id).outerjoin(releases, releases.c.receipt_id == r.id)
    query = sa.select(r.id, r.seq, r.file, r.sha256, r.received_at, r.channel, r.size, r.duplicate_of, r.problems, c.letter_id, c.queue, c.quarantined, c.part,
                      c.item, w.state, w.changed_how, w.changed_by, releases.c.who.label("let_out_by"), releases.c.reason.label("let_out_why")).select_from(joined)  # fmt: skip
    query = query.where(r.received_at.startswith(day, autoescape=True)) if day else query
    query = query.where(r.file.contains(part, autoescape=True)) if part else query
    which = {"unreadable": c.quarantined == 1, "work": c.letter_id.is_(None), "twice": r.duplicate_of.is_not(None), "queued": c.quarantined == 0}.get(state)
    return query if which is None else query.where(which)


def shown(row: "sa.Row[Any]") -> dict[str, Any]:
    """A received file as the page and the day's receipt tell it: `became` its state in words, `says` what is wrong with
    it, `again` whether another reading could end otherwise."""
    own = [p["says"] for p in json.loads(row.problems)]
    item = ReviewItem.model_validate_json(row.item) if row.quarantined else None
    says = list(dict.fromkeys([*own, *(p.says for p in (item.problems if item else ()))]))
    became = "sent twice" if row.duplicate_of else "unreadable" if row.quarantined else TITLES.get(row.queue or "", "in work")
    decided = f", {phrases.deed(row.changed_how)} by {row.changed_by}" if row.state not in (None, "open") else ""
    return {**row._mapping, "became": became + decided, "says": says, "again": bool(row.quarantined) and not own}


def upload(call: Call) -> Response:
    """Puts dropped files into the inbox; the next run takes them in. A file that is refused keeps none of the others out."""
    if not call.files:
        raise RefusedError("No file came along.")
    most = int(call.office.settings.max_file_mb * 1_000_000)
    refused = []
    for each in call.files:
        try:
            put_in_inbox(call.office.settings.inbox, each.filename or "", each.file, most)  # type: ignore[arg-type]
        except RefusedError as err:
            refused.append(str(err))
            continue
        call.office.ledger.note(call.office.now(), "desk", "uploaded", {"who": call.who.user.name, "size": each.size or 0})
    if refused:
        taken = len(call.files) - len(refused)
        return call.page("message.html", status=422, head=f"{taken} of {len(call.files)} files are in the inbox", says=f"Not taken: {' '.join(refused)}")
    return RedirectResponse(f"/files?told={len(call.files)}", 303)


def retry(call: Call) -> Response:
    """Has a file read anew at the next run, with the reason."""
    row, reason = _file(call), call.text("reason").strip()[:1000]
    if row.receipt.problems:
        raise RefusedError(f"{row.receipt.problems[0].says} Another reading of the same bytes would end the same way.")
    site = call.office.site()
    for stage, key in (("setback", site.parse_key(row.receipt)), ("parse", site.parse_key(row.receipt)), ("read", site.read_key(row.receipt))):
        site.store.forget(stage, key)
    with call.office.ledger.writing() as c:
        c.execute(t.batches.update().where(t.batches.c.key == row.receipt.batch).values(judged=None))
        _keep_reason(c, call, row, "retry_asked", f"To be read again: {reason}")
    return RedirectResponse("/files?state=unreadable", 303)


def release(call: Call) -> Response:
    """Lets a file out of quarantine, with the reason: it counts as queued from then on, and a person works from the
    original."""
    row, reason = _file(call), call.text("reason").strip()[:1000]
    if not any(place.quarantined for place in call.office.ledger.cases_of(row.id)):
        raise RefusedError("The file is not in quarantine.")
    with call.office.ledger.writing() as c:
        c.execute(releases.delete().where(releases.c.receipt_id == row.id))
        c.execute(releases.insert(), {"receipt_id": row.id, "who": call.who.user.name, "at": call.office.now(), "reason": reason})
        _keep_reason(c, call, row, "let_out", f"Let out of quarantine: {reason}")
    call.office.judge(row.id)
    return RedirectResponse(f"/files?name={quote(row.receipt.file)}", 303)


def _file(call: Call) -> ReceiptRow:
    row = call.office.ledger.receipt(str(call.request.path_params["receipt"]))
    if row is None:
        raise RefusedError("There is no such file.")
    if not call.text("reason").strip():
        raise RefusedError("Give a reason: it is kept with the file.")
    return row


def _keep_reason(c: sa.Connection, call: Call, row: ReceiptRow, how: str, text: str) -> None:
    """The reason as a note on each of the file's letters, the event without it."""
    for letter_id in c.execute(sa.select(t.cases.c.letter_id).where(t.cases.c.receipt_id == row.id)).scalars().all():
        c.execute(notes.insert(), {"letter_id": letter_id, "who": call.who.user.name, "at": call.office.now(), "text": text})
    chain.append(c, call.office.now(), row.id, how, {"who": call.who.user.name})


def day_receipt(call: Call) -> Response:
    """Every file received on a day with its hash and what became of it, as CSV."""
    day = call.asked("day")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise RefusedError("Name the day as 2026-03-14.")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("file", "sha256", "bytes", "channel", "received_at", "state", "letter_id", "problem"))
    with call.office.ledger.reading() as c:
        for r in map(shown, c.execute(received(day).order_by(t.receipts.c.seq, t.cases.c.part))):
            cells = (r["file"], r["sha256"], r["size"], r["channel"], r["received_at"], r["became"], r["letter_id"] or "", " ".join(r["says"]))
            writer.writerow([safe_cell(cell) for cell in cells])
    call.office.ledger.note(call.office.now(), "desk", "receipt_exported", {"who": call.who.user.name, "day": day})
    return Response("\ufeff" + out.getvalue(), media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="received-{day}.csv"'})


ROUTES = [
    Route("/files", guarded(files_page, *EVERYBODY), methods=["GET"]),
    Route("/files/upload", guarded(upload, "administrator", "lead"), methods=["POST"]),
    Route("/files/{receipt}/retry", guarded(retry, "administrator", "lead"), methods=["POST"]),
    Route("/files/{receipt}/release", guarded(release, "administrator", "lead"), methods=["POST"]),
    Route("/files/day.csv", guarded(day_receipt, "administrator", "lead", "auditor"), methods=["GET"]),
]
