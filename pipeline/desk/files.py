"""The administrators' pages: files dropped into the inbox, what became of each, and the people who may come in.

Belongs here: putting files into the inbox, asking for another try, the receipt of a day, users. Does not belong here:
taking files in or reading them (the road does it at its next run).
"""

import csv
import hashlib
import io
import os
import re
from pathlib import Path

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.desk import access
from pipeline.desk.call import EVERYBODY, Call, guarded
from pipeline.desk.deeds import RefusedError
from pipeline.ledger import people
from pipeline.ledger import tables as t

_SHOWN = 200
_BLOCK = 1 << 20


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
        target = inbox / "desk" / safe_name(name)
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            target = target.with_name(f"{target.stem}-{digest.hexdigest()[:8]}{target.suffix}")
        os.link(temporary, target)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    return target.name


def files_page(call: Call) -> Response:
    """What was received last and what became of it."""
    with call.office.ledger.reading() as c:
        rows = [dict(r._mapping) for r in c.execute(_received().order_by(t.receipts.c.seq.desc()).limit(_SHOWN))]
    waiting = sorted(p.relative_to(call.office.settings.inbox).as_posix() for p in call.office.settings.inbox.rglob("*") if p.is_file() and not p.name.startswith("."))
    told = call.request.query_params.get("told", "")
    return call.page("files.html", rows=rows, accounts=call.office.ledger.accounts(), waiting=waiting[:_SHOWN], told=told)


def _received() -> "sa.Select[tuple[object, ...]]":
    joined = t.receipts.outerjoin(t.cases, t.cases.c.receipt_id == t.receipts.c.id)
    r, c = t.receipts.c, t.cases.c
    return sa.select(r.id, r.seq, r.file, r.sha256, r.received_at, r.channel, r.size, r.duplicate_of, c.letter_id, c.queue, c.quarantined, c.part).select_from(joined)


def upload(call: Call) -> Response:
    """Puts dropped files into the inbox; the next run takes them in."""
    if not call.files:
        raise RefusedError("No file came along.")
    most = int(call.office.settings.max_file_mb * 1_000_000)
    for each in call.files:
        put_in_inbox(call.office.settings.inbox, each.filename or "", each.file, most)  # type: ignore[arg-type]
        call.office.ledger.note(call.office.now(), "desk", "uploaded", {"who": call.who.user.name, "size": each.size or 0})
    return RedirectResponse(f"/files?told={len(call.files)}", 303)


def retry(call: Call) -> Response:
    """Asks that a file be judged again at the next run, with the reason."""
    key, reason = str(call.request.path_params["receipt"]), call.text("reason").strip()
    receipt = call.office.ledger.receipt(key)
    if receipt is None:
        raise RefusedError("There is no such file.")
    if not reason:
        raise RefusedError("Give a reason: it is kept with the file.")
    from pipeline.results import Setback

    settings = call.office.site()
    kept = settings.store.result_path("setback", settings.parse_key(receipt.receipt))
    if settings.store.get("setback", settings.parse_key(receipt.receipt), Setback) is not None:
        kept.unlink(missing_ok=True)
    with call.office.ledger.writing() as c:
        c.execute(t.batches.update().where(t.batches.c.key == receipt.receipt.batch).values(judged=None))
    call.office.ledger.note(call.office.now(), key, "retry_asked", {"who": call.who.user.name, "reason": hashlib.sha256(reason.encode()).hexdigest()[:12]})
    return RedirectResponse("/files", 303)


def day_receipt(call: Call) -> Response:
    """Every file received on a day with its hash and state, as CSV."""
    day = call.asked("day")[:10]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("file", "sha256", "bytes", "channel", "received_at", "state", "letter_id"))
    with call.office.ledger.reading() as c:
        for r in c.execute(_received().where(t.receipts.c.received_at.startswith(day, autoescape=True)).order_by(t.receipts.c.seq)):
            state = "duplicate" if r.duplicate_of else "quarantined" if r.quarantined else r.queue or "in work"
            name = f"'{r.file}" if r.file[:1] in "=+-@" else r.file
            writer.writerow((name, r.sha256, r.size, r.channel, r.received_at, state, r.letter_id or ""))
    return Response("\ufeff" + out.getvalue(), media_type="text/csv", headers={"Content-Disposition": 'attachment; filename="received.csv"'})


def people_page(call: Call) -> Response:
    """The users, and a one-time password that was just made."""
    return _people(call, "")


def change_people(call: Call) -> Response:
    """Adds a user, gives a new one-time password, lets somebody in or out."""
    do, name, me = call.text("do"), call.text("name").strip(), call.who.user.name
    told = ""
    try:
        if do == "add":
            told = f"{name}: one-time password {access.add_user(call.office, name, call.text('role'), me)}"
        elif do == "reset":
            told = f"{name}: one-time password {access.reset_password(call.office, name, me)}"
        elif do in ("shut", "open") and name != me:
            with call.office.ledger.writing() as c:
                people.change(c, name, active=int(do == "open"))
                people.end(c, user=name)
            call.office.ledger.note(call.office.now(), "desk", f"user_{do}", {"user": name, "by": me})
    except ValueError as err:
        told = str(err)
    return _people(call, told)


def _people(call: Call, told: str) -> Response:
    with call.office.ledger.reading() as c:
        return call.page("people.html", users=people.every(c), roles=people.ROLES, told=told)


ROUTES = [
    Route("/files", guarded(files_page, *EVERYBODY), methods=["GET"]),
    Route("/files/upload", guarded(upload, "administrator", "lead"), methods=["POST"]),
    Route("/files/{receipt}/retry", guarded(retry, "administrator", "lead"), methods=["POST"]),
    Route("/files/day.csv", guarded(day_receipt, "administrator", "lead", "auditor"), methods=["GET"]),
    Route("/people", guarded(people_page, "administrator"), methods=["GET"]),
    Route("/people", guarded(change_people, "administrator"), methods=["POST"]),
]
