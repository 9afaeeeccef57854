"""What people do to a letter besides keying: take, give, move, note, decide, undo, reopen.

Belongs here: what each deed needs, its second person, its undoing. Does not belong here: pages, who may come in, the
frame of a deed (deed.py), what is keyed (corrections.py).
"""

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa

from pipeline.desk.corrections import chose_member, corrected, judge_others, read_at, rejudged
from pipeline.desk.deed import ConflictError, Deed, RefusedError, decision, do, once, row_of, seen
from pipeline.desk.office import Office
from pipeline.ledger import chain, labels, people
from pipeline.ledger import decisions as kept
from pipeline.ledger.desk_tables import notes
from pipeline.ledger.work import WorkRow
from pipeline.model import Decision
from pipeline.review.queues import NAMES

__all__ = [
    "DECISIONS",
    "UNDO_MINUTES",
    "ConflictError",
    "Deed",
    "RefusedError",
    "chose_member",
    "corrected",
    "decided",
    "moved",
    "noted",
    "read_at",
    "reassigned",
    "rejudged",
    "reopened",
    "took",
    "undone",
]  # fmt: skip

DECISIONS = ("approved", "denied", "request_info", "not_lmn", "duplicate")
UNDO_MINUTES = 30
_LONGEST_NOTE = 4_000
_STATE = {"approved": "decided", "denied": "decided", "request_info": "asked", "not_lmn": "decided", "duplicate": "decided"}


def took(office: Office, deed: Deed) -> None:
    """Takes the letter, or lets it go when it is one's own."""
    row = seen(office, deed)
    mine = row.assigned == deed.who
    do(office, deed, row, "released" if mine else "taken", {"assigned": "" if mine else deed.who})


def reassigned(office: Office, deed: Deed, to: str) -> None:
    """Gives the letter to a colleague who examines letters."""
    with office.ledger.reading() as c:
        user = people.find(c, to)
    if user is None or not user.active or user.role not in ("examiner", "lead", "administrator"):
        raise RefusedError(f"There is no examiner called {to}.")
    row = seen(office, deed)
    do(office, deed, row, "reassigned", {"assigned": to}, {"to": to}, decision(office, deed, row, "reassign", "", about=to))


def moved(office: Office, deed: Deed, queue: str, reason: str) -> None:
    """Puts the letter into another queue; it stays there when it is judged again."""
    if queue not in NAMES:
        raise RefusedError("There is no such queue.")
    if not reason.strip():
        raise RefusedError("Say why: whoever works that queue reads it.")
    row = seen(office, deed)
    do(office, deed, row, "moved_queue", {"queue": queue, "moved": queue}, {"to": queue}, decision(office, deed, row, "move", reason, about=queue))


def noted(office: Office, deed: Deed, text: str) -> None:
    """Adds a note. A note hinders nobody: it needs no version."""
    if not text.strip():
        raise RefusedError("The note is empty.")
    if len(text) > _LONGEST_NOTE:
        raise RefusedError(f"The note is too long: at most {_LONGEST_NOTE:,} characters, this one has {len(text):,}.")
    row = row_of(office, deed)
    with office.ledger.writing() as c:
        if once(c, office, deed, "noted"):
            c.execute(notes.insert(), {"letter_id": deed.letter_id, "who": deed.who, "at": office.now(), "text": text.strip()})
            chain.append(c, office.now(), row.receipt_id, "noted", {"letter_id": deed.letter_id, "who": deed.who})


def decided(office: Office, deed: Deed, what: str, code: str, reason: str, about: str = "") -> str:
    """A person's decision; returns the state the letter is in then: decided, asked, or second when another person must
    agree first. RefusedError when a reason or the other letter is missing, the letter is decided, or the second person
    is the first."""
    row = seen(office, deed)
    if row.state == "decided" and not _repeated(office, deed):
        raise RefusedError("The letter is decided. Whoever decided can undo it, a lead can reopen it.")
    said = _reason(office, row, what, code, reason.strip(), about)
    proposal = _standing(office, row) if row.state == "second" else None
    if proposal is not None and proposal.who == deed.who:
        raise RefusedError("A second person has to agree; undo yours to propose something else.")
    agrees = proposal is not None and proposal.about.split(" ")[0] == what
    if office.policy.needs_second(row.plan_id, row.program, what, row.amount) and not agrees:
        told = decision(office, deed, row, "proposed", said, code=code, about=f"{what} {about}".strip())
        do(office, deed, row, f"proposed_{what}", {"state": "second"}, {"what": what, "code": code}, told)
        return "second"
    told = decision(office, deed, row, what, said, code=code, about=about, second=agrees)
    if do(office, deed, row, what, {"state": _STATE[what]}, {"what": what, "code": code}, told) and what == "approved":
        judge_others(office, row.letter_id, row.member_id)
    return _STATE[what]


def _reason(office: Office, row: WorkRow, what: str, code: str, reason: str, about: str) -> str:
    """The reason in words. RefusedError for what the decision lacks."""
    if what not in DECISIONS:
        raise RefusedError("There is no such decision.")
    known = {r.code: r.says for r in office.policy.reasons(row.plan_id, row.program, what)}
    if what == "denied" and code not in known:
        raise RefusedError("A denial needs a reason from the plan's table.")
    if what == "denied" and code == "other" and not reason:
        raise RefusedError("Write the reason down.")
    if what == "duplicate" and (office.find(about) is None or about == row.letter_id):
        raise RefusedError("Name the letter that it is the same as by its id.")
    return reason or known.get(code, "")


def undone(office: Office, deed: Deed) -> str:
    """Takes back the person's own last deed on the letter: a decision within the window, a move to another queue, else
    what was keyed last. Returns decision, move, or the path of the value."""
    deed = replace(deed, result="")
    row = seen(office, deed)
    if row.state != "open":
        _undo_decision(office, deed, row)
        return "decision"
    if row.changed_how == "moved_queue" and row.changed_by == deed.who:
        place = office.place(row)
        back = place.item.queue if place else row.queue
        do(office, deed, row, "unmoved", {"queue": back, "moved": ""}, {"to": back}, decision(office, deed, row, "move", "undone by the same person", about=back))
        return "move"
    path = ""

    def take_back(c: sa.Connection) -> None:
        nonlocal path
        path = labels.take_back(c, deed.letter_id, deed.who) or ""
        if not path:
            raise RefusedError("There is nothing of yours to undo here.")

    do(office, deed, row, "uncorrected", {}, {}, also=take_back)
    rejudged(office, row)
    return path


def _undo_decision(office: Office, deed: Deed, row: WorkRow) -> None:
    last = _standing(office, row)
    if last is None or last.who != deed.who:
        raise RefusedError(f"{last.who if last else row.changed_by} decided this letter; a lead can reopen it.")
    if dt.datetime.fromisoformat(office.now()) - dt.datetime.fromisoformat(last.when) > dt.timedelta(minutes=UNDO_MINUTES):
        raise RefusedError(f"A decision can be undone for {UNDO_MINUTES} minutes; a lead can reopen the letter.")
    do(office, deed, row, "undone", {"state": "open"}, {"was": last.what}, decision(office, deed, row, "undo", "undone by the same person"))
    if last.what == "approved":
        judge_others(office, row.letter_id, row.member_id)


def reopened(office: Office, deed: Deed, reason: str) -> None:
    """Puts a decided letter back on the list, for a lead, who says why."""
    deed = replace(deed, result="")
    row, last = seen(office, deed), None
    if row.state == "open":
        raise RefusedError("The letter is open.")
    if not reason.strip():
        raise RefusedError("Say why: the one who decided reads it.")
    last = _standing(office, row)
    do(office, deed, row, "reopened", {"state": "open"}, {"was": row.changed_how}, decision(office, deed, row, "reopen", reason.strip()))
    if last is not None and last.what == "approved":
        judge_others(office, row.letter_id, row.member_id)


def _standing(office: Office, row: WorkRow) -> Decision | None:
    with office.ledger.reading() as c:
        return kept.standing(c, row.letter_id)


def _repeated(office: Office, deed: Deed) -> bool:
    """Whether the deed comes again because its answer was lost."""
    row = row_of(office, deed)
    return row.version != deed.version
