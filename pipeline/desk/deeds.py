"""What people do to a letter: take, correct, note, move, decide, undo; each once, each with who and when.

Belongs here: one transaction per deed, its event, its second person, its undoing. Does not belong here: pages, who may
come in, judging (letters.py does it again after a correction).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pipeline.amend import known_path
from pipeline.desk.keyed import NotThatError, value_of
from pipeline.desk.kin import judged_again
from pipeline.desk.office import Office
from pipeline.ledger import chain, decisions, labels, people, work
from pipeline.ledger.desk_tables import acts, notes
from pipeline.ledger.labels import Label
from pipeline.ledger.work import WorkRow
from pipeline.model import Case, Correction, Decision, Evidence, Letter, Scalar
from pipeline.review.queues import NAMES

DECISIONS = ("approved", "denied", "request_info", "not_lmn", "duplicate")
UNDO_MINUTES = 30
_KEYED_HOW = {"confirm": "confirmed", "correct": "corrected", "absent": "marked_absent"}
_STATE = {"approved": "decided", "denied": "decided", "request_info": "asked", "not_lmn": "decided", "duplicate": "decided"}


class RefusedError(ValueError):
    """The deed cannot be done; the message says why to the person."""


class ConflictError(Exception):
    """Somebody was faster: who did what, when."""

    def __init__(self, row: WorkRow) -> None:
        super().__init__(row.letter_id)
        self.row = row


@dataclass(frozen=True)
class Deed:
    """Who does something to which letter; `version` is that of the row the person saw, `token` makes it happen once,
    `seconds` is how long the letter was open."""

    who: str
    letter_id: str
    version: int
    token: str
    seconds: float = 0.0


def took(office: Office, deed: Deed) -> None:
    """Takes the letter, or lets it go when it is one's own."""
    row = _seen(office, deed)
    mine = row.assigned == deed.who
    _do(office, deed, row, "released" if mine else "taken", {"assigned": "" if mine else deed.who})


def reassigned(office: Office, deed: Deed, to: str) -> None:
    """Gives the letter to a colleague who examines letters."""
    with office.ledger.reading() as c:
        user = people.find(c, to)
    if user is None or not user.active or user.role not in ("examiner", "lead", "administrator"):
        raise RefusedError(f"There is no examiner called {to}.")
    row = _seen(office, deed)
    _do(office, deed, row, "reassigned", {"assigned": to}, {"to": to})


def moved(office: Office, deed: Deed, queue: str, reason: str) -> None:
    """Puts the letter into another queue; it stays there when it is judged again."""
    if queue not in NAMES:
        raise RefusedError("There is no such queue.")
    if not reason.strip():
        raise RefusedError("Say why: whoever works that queue reads it.")
    row = _seen(office, deed)
    decision = _decision(office, deed, row, "move", reason, about=queue)
    _do(office, deed, row, "moved_queue", {"queue": queue, "moved": queue}, {"to": queue}, decision)


def noted(office: Office, deed: Deed, text: str) -> None:
    """Adds a note. A note hinders nobody: it needs no version."""
    if not text.strip():
        raise RefusedError("The note is empty.")
    row = _row(office, deed)
    with office.ledger.writing() as c:
        if _once(c, office, deed, "noted"):
            c.execute(notes.insert(), {"letter_id": deed.letter_id, "who": deed.who, "at": office.now(), "text": text.strip()[:4000]})
            chain.append(c, office.now(), row.receipt_id, "noted", {"letter_id": deed.letter_id, "who": deed.who})


def decided(office: Office, deed: Deed, what: str, code: str, reason: str, about: str = "") -> str:
    """A person's decision; returns the state the letter is in then: decided, asked, or second when another person must
    agree first. RefusedError when a reason or the other letter is missing, or the second person is the first."""
    row = _seen(office, deed)
    if what not in DECISIONS:
        raise RefusedError("There is no such decision.")
    known = {r.code: r.says for r in office.policy.reasons(row.plan_id, row.program, what)}
    if what == "denied" and code not in known:
        raise RefusedError("A denial needs a reason from the plan's table.")
    if what == "denied" and code == "other" and not reason.strip():
        raise RefusedError("Write the reason down.")
    if what == "duplicate" and (office.find(about) is None or about == row.letter_id):
        raise RefusedError("Name the letter that it is the same as by its id.")
    second = row.state == "second"
    if second and row.changed_by == deed.who:
        raise RefusedError("A second person has to agree.")
    needs = office.policy.needs_second(row.plan_id, row.program, what, row.amount)
    if second and row.changed_how != f"proposed_{what}":
        needs, second = "", False
    state = "second" if needs and not second else _STATE[what]
    says = what if state != "second" else "proposed"
    decision = _decision(office, deed, row, says, reason.strip() or known.get(code, ""), code=code, about=about or (what if says == "proposed" else ""), second=second)
    how = f"proposed_{what}" if state == "second" else what
    if _do(office, deed, row, how, {"state": state}, {"what": what, "code": code}, decision) and says == "approved":
        judged_again(office, row)
    return state


def undone(office: Office, deed: Deed) -> str:
    """Takes back the person's own last deed on the letter: a decision within the window, else a correction."""
    row = _seen(office, deed)
    if row.state != "open" and row.changed_by == deed.who:
        past = dt.datetime.fromisoformat(office.now()) - dt.datetime.fromisoformat(row.changed_at)
        if past > dt.timedelta(minutes=UNDO_MINUTES):
            raise RefusedError(f"A decision can be undone for {UNDO_MINUTES} minutes; a lead can reopen the letter.")
        _do(office, deed, row, "undone", {"state": "open"}, {"was": row.changed_how}, _decision(office, deed, row, "undo", "undone by the same person"))
        judged_again(office, row)
        return "decision"
    if row.state != "open":
        raise RefusedError(f"{row.changed_by} decided this letter; a lead can reopen it.")
    path = ""

    def back(c: sa.Connection) -> None:
        nonlocal path
        path = labels.take_back(c, deed.letter_id, deed.who) or ""
        if not path:
            raise RefusedError("There is nothing of yours to undo here.")

    _do(office, deed, row, "uncorrected", {}, {}, also=back)
    rejudged(office, row)
    return path


def reopened(office: Office, deed: Deed, reason: str) -> None:
    """Puts a decided letter back on the list, for a lead."""
    row = _seen(office, deed)
    if row.state == "open":
        raise RefusedError("The letter is open.")
    _do(office, deed, row, "reopened", {"state": "open"}, {"was": row.changed_how}, _decision(office, deed, row, "reopen", reason or "reopened"))
    judged_again(office, row)


def corrected(office: Office, deed: Deed, path: str, text: str, span: tuple[int, int] | None, absent: bool = False, accept: bool = False) -> list[str]:
    """Keeps what a person keyed, with the words it stands on, and judges the letter again at once; returns what
    changed, in sentences. RefusedError for a value that the field cannot hold."""
    row = _seen(office, deed)
    case = office.case(row)
    if case is None or case.letter is None:
        raise RefusedError("This file holds no letter whose values could be corrected.")
    if row.state in ("decided", "asked"):
        raise RefusedError("The letter is decided. Undo the decision or have it reopened first.")
    try:
        was, confidence, evidence = read_at(case.letter, path) if known_path(path) else (None, 0.0, None)
        value = None if absent else was if accept else value_of(path, text)
    except NotThatError as err:
        raise RefusedError(str(err)) from None
    if span is not None:
        evidence = _evidence(office, row, span)
    elif value != was:
        evidence = None
    kind = "confirm" if value == was else "absent" if value is None else "correct"
    label = Label(row.letter_id, row.receipt_id, kind, was, confidence, Correction(path=path, value=value, evidence=evidence), deed.who, office.now())
    done = _do(office, deed, row, _KEYED_HOW[kind], {}, {"path": path}, also=lambda c: labels.add(c, label))
    return rejudged(office, row) if done else []


def chose_member(office: Office, deed: Deed, member: str) -> list[str]:
    """Ties the letter to a member that a person chose; returns what changed."""
    row = _seen(office, deed)
    if office.records is None or member not in office.records.members:
        raise RefusedError("The records hold no such member.")
    case = office.case(row)
    was = case.item.match.member_id if case and case.item.match else None
    label = Label(row.letter_id, row.receipt_id, "correct", was, 0.0, Correction(path="match.member_id", value=member), deed.who, office.now())
    done = _do(office, deed, row, "member_chosen", {}, {}, also=lambda c: labels.add(c, label))
    return rejudged(office, row) if done else []


def rejudged(office: Office, row: WorkRow) -> list[str]:
    """Matches, checks and sorts the file's letters again with what people keyed; what changed for this letter."""
    from pipeline.letters import Known

    receipt = office.ledger.receipt(row.receipt_id)
    before = office.case(row)
    if receipt is None or before is None:
        return []
    office.ledger.replace_cases(row.receipt_id, Known(office.site()).placed(receipt), office.now())
    office.refresh()
    office.recount()
    now = office.find(row.letter_id)
    after = office.case(now) if now else None
    return _changes(before, after) if after else []


def read_at(letter: Letter, path: str) -> tuple[Scalar | None, float, Evidence | None]:
    """What the letter holds at a path now: value, confidence, words."""
    head, _, rest = path.partition(".")
    if head == "elements":
        element = next((e for e in letter.elements if e.name == rest), None)
        return (element.value, element.confidence, element.evidence) if element else (None, 0.0, None)
    if head in ("items", "diagnoses"):
        at, _, part = rest.partition(".")
        entries: tuple[Any, ...] = getattr(letter, head)
        if int(at) >= len(entries):
            return None, 0.0, None
        entry = entries[int(at)]
        return getattr(entry, part), entry.confidence, entry.evidence
    best = letter[path].accepted
    return (best.value, best.confidence, best.evidence) if best else (None, 0.0, None)


def _evidence(office: Office, row: WorkRow, span: tuple[int, int]) -> Evidence:
    document = office.document(row.receipt_id)
    try:
        if document is None:
            raise ValueError
        return Evidence.at(document, *span)
    except ValueError:
        raise RefusedError("These words are not on the page as it was read last. Open the letter anew.") from None


def _changes(before: Case, after: Case) -> list[str]:
    found = []
    if before.item.queue != after.item.queue:
        found.append(f"Queue: {before.item.queue} → {after.item.queue}")
    old, new = ({f.code: f.says for f in c.item.findings} for c in (before, after))
    found += [f"Settled: {says}" for code, says in old.items() if code not in new]
    found += [f"New: {says}" for code, says in new.items() if code not in old]
    member = [c.item.match.member_id if c.item.match else None for c in (before, after)]
    if member[0] != member[1]:
        found.append(f"Member: {member[0] or 'none'} → {member[1] or 'none'}")
    return found


def _row(office: Office, deed: Deed) -> WorkRow:
    row = office.find(deed.letter_id)
    if row is None:
        raise RefusedError("There is no such letter any more.")
    return row


def _seen(office: Office, deed: Deed) -> WorkRow:
    """The row, if it still is as the person saw it, or the same deed was done already."""
    row = _row(office, deed)
    with office.ledger.reading() as c:
        repeated = c.execute(sa.select(acts.c.token).where(acts.c.token == deed.token)).first() is not None
    if row.version != deed.version and not repeated:
        raise ConflictError(row)
    return row


def _decision(office: Office, deed: Deed, row: WorkRow, what: str, reason: str, **more: Any) -> Decision:
    case = office.case(row)
    rules = tuple(f"{f.code} {f.rule}" for f in case.item.findings) if case else ()
    with office.ledger.reading() as c:
        keyed = tuple((x.correction.path, x.kind) for x in labels.labels(c, row.letter_id))
    return Decision(letter_id=row.letter_id, who=deed.who, when=office.now(), what=what, reason=reason, rules=rules, queue=row.queue, corrections=keyed, **more)


def _do(
    office: Office, deed: Deed, row: WorkRow, how: str, values: dict[str, str], detail: dict[str, str] | None = None,
    decision: Decision | None = None, also: Callable[[sa.Connection], None] | None = None,
) -> bool:  # fmt: skip
    """The deed, its decision and its event in one transaction. False when it was done before; ConflictError when
    somebody was faster."""
    at = office.now()
    with office.ledger.writing() as c:
        if not _once(c, office, deed, how):
            return False
        if not work.change(c, deed.letter_id, deed.version, {**values, "changed_by": deed.who, "changed_at": at, "changed_how": how}):
            raise ConflictError(work.find(c, deed.letter_id) or row)
        if also is not None:
            also(c)
        if decision is not None:
            decisions.put(c, decision)
        chain.append(c, at, row.receipt_id, how, {"letter_id": deed.letter_id, "who": deed.who, **(detail or {})})
    office.recount()
    return True


def _once(c: sa.Connection, office: Office, deed: Deed, what: str) -> bool:
    if c.execute(sa.select(acts.c.token).where(acts.c.token == deed.token)).first():
        return False
    c.execute(acts.insert(), {"token": deed.token, "letter_id": deed.letter_id, "who": deed.who, "at": office.now(), "what": what,
                              "seconds": max(0.0, min(deed.seconds, 3600.0))})  # fmt: skip
    return True

