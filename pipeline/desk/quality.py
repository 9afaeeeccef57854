"""Second readings: a share of the decided letters is read again by somebody who has not seen the first's work; leads
settle the differences; an error found puts back on the list every decided letter that it touches.

Belongs here: who may read what, keeping readings and verdicts, reopening, the pages. Does not belong here: choosing
and comparing (second.py).
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.desk.agreement import Pair, by_field, by_person, pairs
from pipeline.desk.call import EVERYBODY, WORKERS, Call, guarded
from pipeline.desk.deeds import ConflictError, RefusedError, read_at, rejudged
from pipeline.desk.keyed import NotThatError
from pipeline.desk.office import Office
from pipeline.desk.second import (
    DECISION,
    FIELDS,
    LABELS,
    NAMES,
    Values,
    agree,
    chosen,
    first_values,
    kappa,
    keyed_values,
)
from pipeline.ledger import chain, decisions, labels, work
from pipeline.ledger import tables as t
from pipeline.ledger.board import DECIDED
from pipeline.ledger.desk_tables import readings
from pipeline.ledger.desk_tables import work as desk_work
from pipeline.ledger.labels import Label
from pipeline.ledger.lead_tables import verdicts
from pipeline.ledger.work import WorkRow
from pipeline.model import Correction, Decision, Scalar

CLOSED = ("decided", "asked")
VERDICTS = ("first", "second", "neither")
_SHOWN = 40
_MOST_TOUCHED = 2_000


def due_for(office: Office, who: str, limit: int = _SHOWN) -> list[WorkRow]:
    """Decided letters that chance chose and that this person may read blind, last decided first."""
    share, seed = office.settings.second_share, office.settings.second_seed
    found: list[WorkRow] = []
    with office.ledger.reading() as c:
        done = set(c.execute(sa.select(readings.c.letter_id)).scalars())
        query = sa.select(desk_work.c.letter_id).where(desk_work.c.state.in_(CLOSED)).order_by(desk_work.c.changed_at.desc(), desk_work.c.letter_id)
        ids = [i for i in c.execute(query).scalars() if i not in done and chosen(i, seed, share)]
    for letter_id in ids:
        row = office.find(letter_id)
        if row is not None and not why_not(office, row, who):
            found.append(row)
        if len(found) == limit:
            break
    return found


def why_not(office: Office, row: WorkRow, who: str) -> str:
    """Why this person may not read the letter blind; '' when they may."""
    if row.state not in CLOSED:
        return "The letter is not decided."
    if not chosen(row.letter_id, office.settings.second_seed, office.settings.second_share):
        return "Chance did not choose this letter for a second reading."
    if any(d.who == who for d in office.ledger.decisions_on(row.letter_id)):
        return "Somebody who did not work on this letter has to read it."
    if any(e.kind == "looked" and e.detail.get("who") == who and e.detail.get("letter_id") == row.letter_id for e in office.ledger.events_of(row.receipt_id)):
        return "You have looked at this letter; somebody who has not has to read it."
    with office.ledger.reading() as c:
        read = c.execute(sa.select(readings.c.letter_id).where(readings.c.letter_id == row.letter_id)).first()
    return "The letter has had its second reading." if read else ""


def read(office: Office, row: WorkRow, who: str, second: Values) -> Pair:
    """Keeps a second reading beside what the first left. RefusedError when the person may not, or it was read by now."""
    refused = why_not(office, row, who)
    if refused:
        raise RefusedError(refused)
    case, last = office.case(row), first_decision(office, row.letter_id)
    if case is None or last is None:
        raise RefusedError("The letter's first reading is not there any more.")
    pair = Pair(row.letter_id, who, last.who, office.now(), first_values(case.letter, last.what), second, {})
    compared = sum(n in second for n in pair.first)
    with office.ledger.writing() as c:
        if c.execute(sa.select(readings.c.letter_id).where(readings.c.letter_id == row.letter_id)).first():
            raise RefusedError("The letter has had its second reading.")
        c.execute(readings.insert(), {"letter_id": row.letter_id, "who": who, "at": pair.at, "first_by": last.who, "first": json.dumps(pair.first),
                                      "second": json.dumps(second), "agreed": compared - len(pair.apart), "fields": compared})  # fmt: skip
        chain.append(c, pair.at, row.receipt_id, "second_reading", {"letter_id": row.letter_id, "who": who, "agreed": compared - len(pair.apart), "fields": compared})
    return pair


def first_decision(office: Office, letter_id: str) -> Decision | None:
    """The decision that stands on a letter."""
    return next((d for d in reversed(office.ledger.decisions_on(letter_id)) if d.what in DECIDED), None)


def settle(office: Office, pair: Pair, row: WorkRow, who: str, right: dict[str, str]) -> list[str]:
    """Writes down who was right and reopens what an error of the first touches; ids of the letters reopened. Where the
    second was right about a value, it becomes a label. RefusedError for the first person themselves."""
    if who == pair.first_by:
        raise RefusedError("Somebody other than the first person settles the difference.")
    right = {n: v for n, v in right.items() if n in pair.unsettled and v in VERDICTS}
    if not right:
        raise RefusedError("Say for at least one difference who was right.")
    wrong = {n: pair.first[n] for n, v in right.items() if v != "first"}
    at, reopened = office.now(), touched(office, row, wrong) if wrong else []
    with office.ledger.writing() as c:
        for name, verdict in right.items():
            c.execute(verdicts.insert(), {"letter_id": row.letter_id, "reader": pair.reader, "field": name, "verdict": verdict, "who": who, "at": at})
            chain.append(c, at, row.receipt_id, "second_settled", {"letter_id": row.letter_id, "who": who, "path": name, "what": verdict})
        for each in reopened:
            _reopen(c, each, who, at, row.letter_id, tuple(wrong))
        for label in _labels(office, pair, row, at, [n for n, v in right.items() if v == "second"]):
            labels.add(c, label)
    office.recount()
    if reopened:
        rejudged(office, row)
    return [each.letter_id for each in reopened]


def _reopen(c: sa.Connection, row: WorkRow, who: str, at: str, cause: str, fields: tuple[str, ...]) -> None:
    if not work.change(c, row.letter_id, row.version, {"state": "open", "changed_by": who, "changed_at": at, "changed_how": "reopened"}):
        raise ConflictError(work.find(c, row.letter_id) or row)
    reason = "A second reading found an error: " + ", ".join(LABELS[f].lower() for f in fields)
    decision = Decision(letter_id=row.letter_id, who=who, when=at, what="reopen", reason=reason, about=cause, queue=row.queue)
    decisions.put(c, decision)
    chain.append(c, at, row.receipt_id, "reopened", {"letter_id": row.letter_id, "who": who, "was": row.changed_how, "cause": cause})


def _labels(office: Office, pair: Pair, row: WorkRow, at: str, names: Sequence[str]) -> Iterator[Label]:
    """The second person's values where one value at one path was wrong."""
    case = office.case(row)
    for name in names:
        if case is None or case.letter is None or not any(a.name == name and a.kind == "path" for a in FIELDS):
            continue
        was, confidence, _ = read_at(case.letter, name)
        value = pair.second[name]
        yield Label(row.letter_id, row.receipt_id, "absent" if value is None else "correct", was, confidence, Correction(path=name, value=value), pair.reader, at)


def touched(office: Office, row: WorkRow, wrong: Values) -> list[WorkRow]:
    """Decided letters that an error touches: the letter itself, those closed as its duplicates, and those that hold the
    same wrong value about the same member (patient.*) or the same practice (provider.*, practice.*)."""
    w = desk_work.c
    near = [w.letter_id == row.letter_id, *_duplicates(office, row.letter_id)]
    if row.member_id and any(n.startswith("patient.") for n in wrong):
        near.append(w.member_id == row.member_id)
    if row.practice and any(n.startswith(("provider.", "practice.")) for n in wrong):
        near.append(w.practice == row.practice)
    query = sa.select(desk_work).where(w.state.in_(CLOSED), sa.or_(*near)).order_by(w.letter_id).limit(_MOST_TOUCHED)
    with office.ledger.reading() as c:
        rows = [WorkRow(**r._mapping) for r in c.execute(query)]
    follows = {row.letter_id, *_closed_as(office, row.letter_id)}
    return [each for each in rows if each.letter_id in follows or _holds(office, each, row, wrong)]


def _duplicates(office: Office, letter_id: str) -> list[sa.ColumnElement[bool]]:
    ids = _closed_as(office, letter_id)
    return [desk_work.c.letter_id.in_(ids)] if ids else []


def _closed_as(office: Office, letter_id: str) -> list[str]:
    """Letters whose standing decision says that they are the same as this one."""
    with office.ledger.reading() as c:
        query = sa.select(t.decisions.c.letter_id).where(t.decisions.c.decision.contains(f'"about":"{letter_id}"', autoescape=True)).distinct()
        ids = list(c.execute(query).scalars())
    standing = {i: first_decision(office, i) for i in ids}
    return sorted(i for i, d in standing.items() if d and d.what == "duplicate" and d.about == letter_id)


def _holds(office: Office, other: WorkRow, row: WorkRow, wrong: Values) -> bool:
    case = office.case(other)
    if case is None or case.letter is None:
        return False
    for name, value in wrong.items():
        near = (name.startswith("patient.") and other.member_id == row.member_id) or (name.startswith(("provider.", "practice.")) and other.practice == row.practice)
        if near and value is not None and name in NAMES and agree(name, case.letter[name].value, value):
            return True
    return False


def page(call: Call) -> Response:
    """What I may read blind; for leads agreement and open differences."""
    me, leads = call.who.user, call.who.may("lead", "administrator", "auditor")
    mine = due_for(call.office, me.name) if call.who.may(*WORKERS) else []
    with call.office.ledger.reading() as c:
        found = pairs(c) if leads else []
    pairs_of = [(str(p.first[DECISION]), str(p.second[DECISION])) for p in found]
    return call.page(
        "quality.html", at="board", mine=mine, leads=leads, fields=by_field(found), people=by_person(found), kappa=kappa(pairs_of), number=len(found),
        open=[p for p in found if p.unsettled], share=call.office.settings.second_share, labels=LABELS, told=call.asked("told")[:200],
    )  # fmt: skip


def form(call: Call) -> Response:
    """The pages of a letter and empty fields; nothing of the first's work."""
    return _form(call, {}, "")


def _form(call: Call, given: dict[str, Any], says: str) -> Response:
    office, row = call.office, call.office.find(call.letter_id)
    case = office.case(row) if row else None
    if row is None or case is None:
        raise RefusedError("There is no such letter.")
    refused = why_not(office, row, call.who.user.name)
    if refused:
        raise RefusedError(refused)
    office.ledger.note(office.now(), row.receipt_id, "second_look", {"letter_id": row.letter_id, "who": call.who.user.name})
    numbers = [f.number for f in case.faces if f.image and f.number in case.pages]
    return call.page("second.html", at="board", status=422 if says else 200, letter_id=row.letter_id, pages=numbers, fields=FIELDS, decisions=DECIDED, given=given, says=says)


def submit(call: Call) -> Response:
    """Keeps what was keyed, or shows it again with what is wrong with it."""
    row = call.office.find(call.letter_id)
    if row is None:
        raise RefusedError("There is no such letter.")
    try:
        values = keyed_values(call.given)
    except NotThatError as err:
        return _form(call, call.given, str(err))
    pair = read(call.office, row, call.who.user.name, values)
    compared = sum(n in values for n in pair.first)
    return RedirectResponse(f"/quality?told=Kept:+{compared - len(pair.apart)}+of+{compared}+agree.", 303)


def difference(call: Call) -> Response:
    """Both readings side by side, for whoever settles them; a letter reopened is told here."""
    row, pair = _pair(call)
    return call.page("settle.html", at="board", row=row, pair=pair, labels=LABELS, told=call.asked("told")[:200], shown=_shown)


def settled(call: Call) -> Response:
    """Settles the differences that were ticked."""
    row, pair = _pair(call)
    reopened = settle(call.office, pair, row, call.who.user.name, {n: call.text(f"right:{n}") for n in pair.unsettled})
    return RedirectResponse(f"/quality/{row.letter_id}/{pair.reader}?told={len(reopened)}+letters+reopened.", 303)


def _pair(call: Call) -> tuple[WorkRow, Pair]:
    row = call.office.find(call.letter_id)
    with call.office.ledger.reading() as c:
        pair = next((p for p in pairs(c, call.letter_id) if p.reader == call.request.path_params["reader"]), None)
    if row is None or pair is None:
        raise RefusedError("There is no such second reading.")
    return row, pair


def _shown(value: Scalar | None) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value).replace("_", " ")


_LEADS = ("lead", "administrator", "auditor")
ROUTES = [
    Route("/quality", guarded(page, *EVERYBODY), methods=["GET"]),
    Route("/quality/{letter_id}", guarded(form, *WORKERS), methods=["GET"]),
    Route("/quality/{letter_id}", guarded(submit, *WORKERS), methods=["POST"]),
    Route("/quality/{letter_id}/{reader}", guarded(difference, *_LEADS), methods=["GET"]),
    Route("/quality/{letter_id}/{reader}", guarded(settled, "lead", "administrator"), methods=["POST"]),
]
