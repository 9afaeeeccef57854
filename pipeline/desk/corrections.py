"""What people key at the desk: values corrected, confirmed, added, taken out, a member chosen; judged again at once.

Belongs here: keeping a keyed value with its words, and saying what it changed. Does not belong here: laying it over the
letter (amend.py), judging (letters.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.amend import is_added, known_path, places
from pipeline.desk.deed import Deed, RefusedError, do, seen
from pipeline.desk.keyed import NotThatError, value_of
from pipeline.desk.office import Office
from pipeline.ledger import labels, work
from pipeline.ledger.labels import Label
from pipeline.ledger.work import WorkRow
from pipeline.model import FIELD_NAMES, Case, Correction, Evidence, Letter, Scalar
from pipeline.review.queues import TITLES

_HOW = {"confirm": "confirmed", "correct": "corrected", "absent": "marked_absent"}
_NAMES = {"items": "item", "diagnoses": "diagnosis"}


def corrected(office: Office, deed: Deed, path: str, text: str, span: tuple[int, int] | None, absent: bool = False, accept: bool = False) -> list[str]:
    """Keeps what a person keyed, with the words it stands on, and judges the letter again at once; returns what
    changed, in sentences. RefusedError for a value that the field cannot hold."""
    if path in FIELD_NAMES and not accept:
        deed = replace(deed, result="")
    row = seen(office, deed)
    case = office.case(row)
    if case is None or case.letter is None:
        raise RefusedError("This file holds no letter whose values could be corrected.")
    if row.state in ("decided", "asked"):
        raise RefusedError("The letter is decided. Undo the decision or have it reopened first.")
    keyed = _keyed(office, row) if path.partition(".")[0] in _NAMES else []
    try:
        was, confidence, evidence = read_at(case.letter, path, keyed) if known_path(path) else (None, 0.0, None)
        value = None if absent else was if accept else value_of(path, text)
    except NotThatError as err:
        raise RefusedError(str(err)) from None
    evidence = _evidence(office, row, span) if span is not None else evidence if value == was else None
    _fits(path, was, value, evidence)
    kind = "confirm" if value == was else "absent" if value is None else "correct"
    label = Label(row.letter_id, row.receipt_id, kind, was, confidence, Correction(path=path, value=value, evidence=evidence), deed.who, office.now())
    done = do(office, deed, row, _HOW[kind], {}, {"path": path}, also=lambda c: labels.add(c, label))
    return rejudged(office, row) if done else []


def _keyed(office: Office, row: WorkRow) -> list[Correction]:
    """What stands keyed on the letter: by it the places of items and diagnoses are counted."""
    with office.ledger.reading() as c:
        return [x.correction for x in labels.labels(c, row.letter_id)]


def _fits(path: str, was: Scalar | None, value: Scalar | None, evidence: Evidence | None) -> None:
    """RefusedError for what no letter can hold: a new entry that quotes nothing, a part of an entry that is not there."""
    head, _, rest = path.partition(".")
    place, _, part = rest.partition(".")
    if head not in _NAMES or was is not None:
        return
    if part == "text" and value is None:
        raise RefusedError(f"There is no such {_NAMES[head]}.")
    if part == "text" and is_added(place) and evidence is None:
        raise RefusedError(f"Click the {_NAMES[head]}'s words on the page: what is added quotes the letter.")


def chose_member(office: Office, deed: Deed, member: str) -> list[str]:
    """Ties the letter to a member that a person chose; returns what changed."""
    row = seen(office, replace(deed, result=""))
    if office.records is None or member not in office.records.members:
        raise RefusedError("The records hold no such member.")
    case = office.case(row)
    was = case.item.match.member_id if case and case.item.match else None
    label = Label(row.letter_id, row.receipt_id, "correct", was, 0.0, Correction(path="match.member_id", value=member), deed.who, office.now())
    done = do(office, replace(deed, result=""), row, "member_chosen", {}, {}, also=lambda c: labels.add(c, label))
    return rejudged(office, row) if done else []


def rejudged(office: Office, row: WorkRow) -> list[str]:
    """Matches, checks and sorts the file's letters again with what people keyed; what changed for this letter."""
    before = office.case(row)
    if before is None:
        return []
    office.judge(row.receipt_id)
    receipt = office.ledger.receipt(row.receipt_id)
    if receipt is not None and not office.read_now(receipt):
        return ["Kept. This version of the program has not read the file yet: the next run does, and judges the letter by what you keyed."]
    now = office.find(row.letter_id)
    after = office.case(now) if now else None
    if now is not None and now.member_id != row.member_id:
        judge_others(office, row.letter_id, row.member_id, now.member_id)
    return _changes(before, after) if after else []


def judge_others(office: Office, letter_id: str, *members: str) -> None:
    """What is on file of these members has changed by a letter: their other open letters are held against it, as soon as the
    person is told that the deed stands. The next run would do it too, should the desk end before that."""

    def judge() -> None:
        with office.ledger.reading() as c:
            others = [o for member in dict.fromkeys(members) if member for o in work.of_member(c, member, letter_id) if o.state in work.OPEN]
        for receipt_id in dict.fromkeys(o.receipt_id for o in others):
            office.judge(receipt_id)

    office.later(judge)


def read_at(letter: Letter, path: str, keyed: Sequence[Correction] = ()) -> tuple[Scalar | None, float, Evidence | None]:
    """What the letter holds at a path now: value, confidence, words. `keyed` is what was laid over it: by that the
    places of items and diagnoses are counted."""
    head, _, rest = path.partition(".")
    if head == "elements":
        element = next((e for e in letter.elements if e.name == rest), None)
        return (element.value, element.confidence, element.evidence) if element else (None, 0.0, None)
    if head in _NAMES:
        place, _, part = rest.partition(".")
        entries: dict[str, Any] = dict(zip(places(letter, head, keyed), getattr(letter, head), strict=False))
        entry = entries.get(place)
        return (getattr(entry, part), entry.confidence, entry.evidence) if entry is not None else (None, 0.0, None)
    best = letter[path].accepted if path in FIELD_NAMES else None
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
        found.append(f"Queue: {TITLES[before.item.queue]} → {TITLES[after.item.queue]}")
    old, new = ({f.code: f.says for f in c.item.findings} for c in (before, after))
    found += [f"Settled: {says}" for code, says in old.items() if code not in new]
    found += [f"New: {says}" for code, says in new.items() if code not in old]
    member, claims = ([_tied(c, at) for c in (before, after)] for at in (0, 1))
    found += [f"Member: {member[0]} → {member[1]}"] if member[0] != member[1] else []
    found += [f"Claims: {claims[0]} → {claims[1]}"] if claims[0] != claims[1] else []
    found += [f"Due: {before.item.due or 'no day'} → {after.item.due or 'no day'}"] if before.item.due != after.item.due else []
    return found


def _tied(case: Case, at: int) -> str:
    """The member (0) or the claims (1) that a letter is tied to."""
    match = case.item.match
    return ((match.member_id or "none", ", ".join(match.claims) or "none") if match else ("none", "none"))[at]
