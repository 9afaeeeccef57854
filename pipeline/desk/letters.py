"""Requests about one letter: its page, its pictures and words, what is done to it, the request to the provider.

Belongs here: from a request to a deed and back. Does not belong here: the deeds (deeds.py), what the page shows
(sheet.py).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from pipeline.codes.reference import reference_of
from pipeline.desk import deeds, sendback
from pipeline.desk.call import Call
from pipeline.desk.deeds import Deed, RefusedError
from pipeline.desk.lists import query_of, wanted_of
from pipeline.desk.people import colleagues
from pipeline.desk.sheet import reasons, sheet_of
from pipeline.ledger import work
from pipeline.ledger.work import Wanted, WorkRow
from pipeline.model import Case
from pipeline.review.queues import LADDER
from pipeline.review.sendback import Reader


def letter_page(call: Call) -> Response:
    """The page of one letter; that it was looked at is written into the audit trail."""
    row, case = _found(call)
    office, me = call.office, call.who.user.name
    office.looks_at(me, row.letter_id)
    before, after = neighbours(call, row, dict(call.request.query_params))
    office.ledger.note(office.now(), row.receipt_id, "looked", {"letter_id": row.letter_id, "who": me})
    office.was_shown(call.who.session.token, row.letter_id)
    return call.page(
        "letter.html", at="letter", sheet=sheet_of(office, row, case), before=before, after=after, query=query_of(dict(call.request.query_params)),
        ladder=LADDER, colleagues=colleagues(office), reasons=reasons(office, row), me=me, role=call.who.user.role,
        others=office.others_at(me, row.letter_id), second_why=office.policy.needs_second(row.plan_id, row.program, "denied", row.amount),
    )  # fmt: skip


def neighbours(call: Call, row: WorkRow, given: Mapping[str, str], sides: Sequence[int] = (-1, 1)) -> tuple[str | None, ...]:
    """The letters before and after this one in the list that the person came from, else in its queue. Examiners who work
    down one list do not get into each other's way: what another has taken or is looking at is passed over going on."""
    me, role = call.who.user.name, call.who.user.role
    wanted = wanted_of(given, me) if query_of(given) else Wanted(queue=row.queue)
    shared = role == "examiner" and wanted.state == "todo" and wanted.assigned is None
    passed = call.office.looked_at(me) if shared else frozenset()
    with call.office.ledger.reading() as c:
        wanted = work.told_apart(c, wanted)
        return tuple(work.beside(c, wanted, row, side, *((passed, me) if side > 0 and shared else ())) for side in sides)


def warm(call: Call) -> Response:
    """Gets the next letter ready and names its first picture, which the browser fetches ahead; that it did so is written
    into the audit trail, apart from looks."""
    row = call.office.find(call.letter_id)
    case = call.office.case(row) if row else None
    first = next((n for n in case.pages if any(f.number == n and f.image for f in case.faces)), None) if case else None
    if row is None or first is None:
        return Response(status_code=204)
    call.office.ledger.note(call.office.now(), row.receipt_id, "fetched_ahead", {"letter_id": row.letter_id, "who": call.who.user.name}, once=True)
    call.office.was_shown(call.who.session.token, row.letter_id)
    return JSONResponse({"picture": f"/page/{row.letter_id}/{first}.jpg"})


def words(call: Call) -> Response:
    """The words of each page with their boxes: [start, end, x0, y0, x1, y1, text]."""
    row, _ = _found(call)
    _traced(call, row)
    document = call.office.document(row.receipt_id)
    pages = {p.number: [[w.start, w.end, *(round(v, 1) for v in w.box), w.text] for w in p.words] for p in document.pages} if document else {}
    return JSONResponse(pages)


def picture(call: Call) -> Response:
    """The picture of a page."""
    row, case = _found(call)
    _traced(call, row)
    number = int(call.request.path_params["number"])
    face = next((f for f in case.faces if f.number == number and f.image), None)
    root = call.office.store.root.resolve()
    for path in ((root / str(face.image)).resolve(), call.office.store.page_image(case.receipt.sha256, number)) if face else ():
        if path.is_file() and path.is_relative_to(root):
            return _picture(path, call.request.headers.get("if-none-match", ""))
    return PlainTextResponse("There is no picture of this page.", 404)


def _traced(call: Call, row: WorkRow) -> None:
    """Writes it into the audit trail when somebody fetches a letter's pages or words without having opened the letter."""
    if call.office.was_shown(call.who.session.token, row.letter_id):
        call.office.ledger.note(call.office.now(), row.receipt_id, "fetched", {"letter_id": row.letter_id, "who": call.who.user.name})


def _picture(path: Path, known: str) -> Response:
    """The file, or that it is the one which the browser has; kept by this person's browser alone."""
    stat = path.stat()
    headers = {"Cache-Control": "private, max-age=3600", "ETag": f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'}
    if headers["ETag"] in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type="image/jpeg", headers=headers, stat_result=stat)


def original(call: Call) -> Response:
    """The file as it arrived, to keep or open elsewhere; its name bears the reference and nobody's name."""
    row, case = _found(call)
    path = call.office.store.original(case.receipt.sha256)
    if not path.is_file():
        return PlainTextResponse("The original is not in this home's store.", 404)
    call.office.ledger.note(call.office.now(), row.receipt_id, "original_downloaded", {"letter_id": row.letter_id, "who": call.who.user.name})
    kind = PurePosixPath(case.receipt.file).suffix.lower()
    name = f"{reference_of(row.letter_id)}{kind if re.fullmatch(r'[.][a-z0-9]{1,5}', kind) else ''}"
    return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"})


def act(call: Call) -> Response:
    """One deed, sent by the page's script. The answer holds the new version, the right side anew, and what changed."""
    given = call.given
    name = call.text("act")
    result = call.text("result")[:160] if name in ("decide", "correct") else ""
    deed = Deed(call.who.user.name, call.letter_id, _number(given.get("version")), call.text("token")[:64], _seconds(given.get("seconds")), result)
    if name not in _ACTS or not deed.token:
        raise RefusedError("There is no such action.")
    told = _ACTS[name](call, deed)
    row, case = _found(call)
    if told.get("done"):  # whoever is done with a letter goes on to the next: its page is not made anew
        (told["next"],) = neighbours(call, row, dict(parse_qsl(call.text("list"))), sides=(1,))
    else:
        told["facts"] = call.pages.text("facts.html", sheet=sheet_of(call.office, row, case), me=call.who.user.name, today=call.office.today)
    return JSONResponse({"version": row.version, "result": row.result, "state": row.state, "queue": row.queue, "assigned": row.assigned, **told})


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value == value else 0.0


def _take(call: Call, deed: Deed) -> dict[str, Any]:
    deeds.took(call.office, deed)
    return {"says": "Taken or let go."}


def _correct(call: Call, deed: Deed) -> dict[str, Any]:
    span = call.given.get("span")
    pair = (_number(span[0]), _number(span[1])) if isinstance(span, list) and len(span) == 2 else None
    changes = deeds.corrected(call.office, deed, call.text("path"), call.text("text"), pair, bool(call.given.get("absent")), bool(call.given.get("accept")))
    return {"changes": changes, "says": "Kept."}


def _member(call: Call, deed: Deed) -> dict[str, Any]:
    return {"changes": deeds.chose_member(call.office, deed, call.text("member")), "says": "Member chosen."}


def _note(call: Call, deed: Deed) -> dict[str, Any]:
    deeds.noted(call.office, deed, call.text("text"))
    return {"says": "Noted."}


def _move(call: Call, deed: Deed) -> dict[str, Any]:
    deeds.moved(call.office, deed, call.text("queue"), call.text("reason"))
    return {"says": "Moved.", "done": True}


def _reassign(call: Call, deed: Deed) -> dict[str, Any]:
    deeds.reassigned(call.office, deed, call.text("to"))
    return {"says": f"Given to {call.text('to')}.", "done": True}


def _decide(call: Call, deed: Deed) -> dict[str, Any]:
    what = call.text("what")
    requests = sendback.made(call.office, *_found(call), {r: call.text(r) for r in sendback.READERS if r in call.given}) if what == "request_info" else {}
    state = deeds.decided(call.office, deed, what, call.text("code"), call.text("reason"), call.text("about"))
    for reader, text in requests.items():
        sendback.keep(call.office, call.letter_id, reader, text, call.who.user.name, final=state != "second")
    says = {
        "approved": "Approved.",
        "denied": "Denied.",
        "request_info": f"Request made to the {' and the '.join(requests)}.",
        "not_lmn": "Set aside as no letter.",
        "duplicate": "Closed as a duplicate.",
    }
    return {"says": "Proposed; a second person must agree." if state == "second" else says[what], "done": True}


def _undo(call: Call, deed: Deed) -> dict[str, Any]:
    what = deeds.undone(call.office, deed)
    return {"says": {"decision": "The decision is undone.", "move": "Back in its queue."}.get(what, "Undone."), "changes": []}


def _reopen(call: Call, deed: Deed) -> dict[str, Any]:
    if not call.who.may("lead", "administrator"):
        raise RefusedError("A lead reopens letters.")
    deeds.reopened(call.office, deed, call.text("reason"))
    return {"says": "Reopened."}


def _draft(call: Call, deed: Deed) -> dict[str, Any]:
    sendback.keep(call.office, call.letter_id, _reader(call.text("reader")), call.text("text"), call.who.user.name)
    return {"says": "Draft kept."}


_ACTS: dict[str, Callable[[Call, Deed], dict[str, Any]]] = {
    "take": _take, "correct": _correct, "member": _member, "note": _note, "move": _move, "reassign": _reassign, "decide": _decide,
    "undo": _undo, "reopen": _reopen, "draft": _draft,
}  # fmt: skip


def draft(call: Call) -> Response:
    """The requests to the provider and to the member, as they were left or as they are drafted."""
    row, case = _found(call)
    _traced(call, row)
    return JSONResponse({reader: sendback.text_for(call.office, row, case, reader) for reader in sendback.READERS})


def draft_file(call: Call) -> Response:
    """One of the requests as a file; its name bears the reference and nobody's name."""
    row, case = _found(call)
    reader, _, kind = str(call.request.path_params["file"]).rpartition(".")
    if kind not in _KINDS:
        raise RefusedError("A request is given out as docx or pdf.")
    content = sendback.file_of(call.office, row, case, _reader(reader), kind)
    call.office.ledger.note(call.office.now(), row.receipt_id, "request_downloaded", {"letter_id": row.letter_id, "who": call.who.user.name})
    name = f"{reference_of(row.letter_id)}-{reader}.{kind}"
    return Response(content, media_type=_KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _reader(name: str) -> Reader:
    found = next((r for r in sendback.READERS if r == name), None)
    if found is None:
        raise RefusedError("A request goes to the provider or to the member.")
    return found


_KINDS = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}


def _found(call: Call) -> tuple[WorkRow, Case]:
    row = call.office.find(call.letter_id)
    case = call.office.case(row) if row else None
    if row is None or case is None:
        raise RefusedError("There is no such letter, or it was read anew and has another id. Look for it in the list.")
    return row, case
