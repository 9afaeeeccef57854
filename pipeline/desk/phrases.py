"""What people did and what they key, in their own words: deeds, queues, places in a letter, values as they are typed.

Belongs here: text that only the desk shows, for codes that the ledger keeps. Does not belong here: words that pages
without a server share (review/wording.py), reading what is typed (keyed.py, which takes back every text made here).
"""

from pipeline.model import Scalar
from pipeline.review import wording
from pipeline.review.queues import TITLES

DEEDS = {
    "request_info": "information asked for", "not_lmn": "set aside as no letter", "duplicate": "closed as a duplicate", "move": "moved",
    "moved_queue": "moved to another queue", "unmoved": "put back into its queue", "confirmed": "value confirmed", "corrected": "value corrected",
    "marked_absent": "value marked as not stated", "uncorrected": "what was keyed taken back", "undone": "decision undone", "undo": "undone",
    "queued": "sorted", "let_out": "let out of quarantine", "looked": "looked at", "noted": "note written", "released": "let go",
    "reassigned": "given to a colleague", "reassign": "given to a colleague", "reopen": "reopened", "retry_asked": "to be read again",
    "fetched": "pages fetched", "original_downloaded": "original downloaded", "request_downloaded": "request downloaded", "second_look": "opened for a second reading",
    "second_reading": "read a second time", "second_settled": "second reading settled", "left_in_inbox": "left in the inbox", "received_again": "received again",
    "login": "logged in", "logout": "logged out", "user_shut": "user shut out", "user_open": "user let in", "user_role": "role changed",
    "proposed_approved": "approval proposed", "proposed_denied": "denial proposed", "proposed_request_info": "request proposed",
    "proposed_not_lmn": "setting aside proposed", "proposed_duplicate": "closing as a duplicate proposed",
}  # fmt: skip
"""What was done, by the name under which the ledger keeps it; a name that is missing here is a word already."""

CHOICES = {
    "approved": "approve", "denied": "deny", "request_info": "ask for information", "not_lmn": "set aside: no letter", "duplicate": "close as a duplicate",
}  # fmt: skip
"""A decision as somebody chooses it."""

_HEADS = {"items": "item", "diagnoses": "diagnosis"}
_PARTS = {"category": "kind", "icd10": "code", "duration_months": "months", "frequency": "how often"}
LIFETIME = "lifetime"


def program(code: str) -> str:
    """'hsa' -> 'HSA'; '' stays empty."""
    return wording.PROGRAM_LABELS.get(code, wording.in_words(code))


def deed(how: str) -> str:
    """'request_info' -> 'information asked for'."""
    return DEEDS.get(how, wording.in_words(how))


def choice(what: str) -> str:
    """A decision to choose: 'not_lmn' -> 'set aside: no letter'."""
    return CHOICES.get(what, wording.in_words(what))


def about(what: str, named: str) -> str:
    """What a decision names besides itself: the queue of a move, the colleague, the other letter."""
    if what == "move":
        return f"to {TITLES.get(named, named)}"
    if what == "proposed":
        first, _, rest = named.partition(" ")
        return f"{choice(first)} {rest}".strip()
    return f"to {named}" if what == "reassign" and named else named


def place(path: str) -> str:
    """'items.0.cost' -> 'item 1, cost'; 'patient.dob' -> 'birth date'; 'match.member_id' -> 'member'."""
    head, _, rest = path.partition(".")
    if head in _HEADS:
        number, _, part = rest.partition(".")
        name = f"{_HEADS[head]} {int(number) + 1}" if number.isdecimal() else f"added {_HEADS[head]}"
        return name if part == "text" else f"{name}, {_PARTS.get(part, part)}"
    if path == "match.member_id":
        return "member"
    label = wording.ELEMENT_LABELS.get(rest) if head == "elements" else wording.LABELS.get(path)
    return (label[:1].lower() + label[1:] if label and not label.isupper() else label) or wording.in_words(path)


def detail(values: dict[str, str | int | float | None], kind: str = "") -> str:
    """What an event says besides its `kind`, without ids: 'from Match to Decide', 'birth date'."""
    undone = kind in ("undone", "reopened")
    leads = {"was": "it was " if undone else "from ", "queue": "to ", "to": "to ", "what": "", "code": "", "path": "", "stage": "while it was in ", "reason": "", "day": ""}
    told = ((name, lead, values.get(name)) for name, lead in leads.items())
    return " ".join(lead + _said(name, value, undone) for name, lead, value in told if isinstance(value, str) and value and value != kind)


def _said(name: str, value: str, undone: bool) -> str:
    if name == "path":
        return place(value)
    if name == "what" or (undone and name == "was"):
        return deed(value)
    return wording.in_words(value) if name == "code" else TITLES.get(value, value)


def typed(path: str, value: Scalar | None) -> str:
    """A value as a person would key it; `keyed.value_of` reads it back as the same value."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        joined = "; ".join(value)
        return f"{joined};" if len(value) == 1 and "," in joined else joined
    part = path.rpartition(".")[2]
    if isinstance(value, float):
        return LIFETIME if part == "duration_months" and value >= 999 else _dollars(value) if part == "cost" else f"{value:g}"
    if isinstance(value, str) and part == "category" and path.startswith("items."):
        return wording.in_words(value)
    return wording.shown(path, value)


def _dollars(value: float) -> str:
    """'$1,200', with cents where there are any, and all of them where there are more than two."""
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return f"${whole}" if float(whole.replace(",", "")) == value else f"${value!r}"
