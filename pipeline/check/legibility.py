"""Can the letter be read well enough to be judged?

Belongs here: doubt about reading. What is absent from a well-read page is absent; what is absent from a badly read one
is unread; a value in doubt is held against nobody. Does not belong here: what the letter says.
"""

import datetime as dt
from collections.abc import Iterator

from pipeline.check.days import in_words, later
from pipeline.check.facts import Answer, Held, belief, fact, field_belief, field_side, side
from pipeline.check.filing import HIDDEN_DATE, PAGES_ANNOUNCED
from pipeline.check.sheet import day_of
from pipeline.check.timing import covers_until
from pipeline.model import Candidate, FieldValue, Letter, LetterSide

_POOR = 0.62
_FAIR = 0.78
_ESSENTIAL = (("patient.name", "the patient's name"), ("letter_date", "the date"), ("provider.name", "the signer's name"))
_REMARKS = ("unfilled", "questionnaire", "icd9", "code_partial", "code_release")
"""Notes on how a letter was written, which say nothing of how well it can be read."""
_RIVAL = 0.05
"""A reading that lost by no more than this confidence is about as good as the one that won."""


@fact("what")
def unread(held: Held) -> Answer | None:
    """Essential values are absent from a badly read page; one of several on a poor page or beside a told trouble with
    a page, two on a fair one, three on any. So is a date that a stamp was printed across."""
    letter = held.letter
    if HIDDEN_DATE in held.mine.states:
        return Answer("insufficient", {"what": "the date"})
    absent = [says for name, says in _ESSENTIAL if not letter[name].accepted]
    absent += [] if letter.diagnoses else ["the diagnosis"]
    absent += [] if letter.items else ["the item"]
    if absent and (is_poor(letter) or (letter.quality < _FAIR and len(absent) >= 2) or len(absent) >= 3):
        return Answer("insufficient", {"what": absent[0]})
    return None


@fact("what", "read")
def doubtful(held: Held) -> Answer | None:
    """An essential value was read, with less confidence than the plan's policy asks of a value that is to be judged."""
    for what, read, confidence, quoted in _read(held):
        if confidence < held.policy.least_confidence:
            return Answer("insufficient", {"what": what, "read": read}, quoted, confidence=confidence)
    return None


def is_poor(letter: Letter) -> bool:
    """Whether what is absent from the letter may stand there unread: a poor page, or one in trouble."""
    return letter.quality < _POOR or any(p.code not in _REMARKS for p in letter.problems)


def _read(held: Held) -> Iterator[tuple[str, str, float, LetterSide | None]]:
    letter = held.letter
    for name, what in (("patient.name", "the patient's name"), ("patient.dob", "the birth date"), ("letter_date", "the date")):
        if letter[name].accepted:
            yield what, letter.text_of(name) or "", field_belief(letter, name), field_side(letter, name)
    for d in (d for d in letter.diagnoses if d.primary):
        yield "the diagnosis", d.text, belief(d.confidence, d.evidence), side(d.evidence)
    for item in letter.items[:1]:
        yield "the item", item.text, belief(item.confidence, item.evidence), side(item.evidence)


@fact("what", "read")
def unsure(held: Held) -> Answer | None:
    """An essential value, the signature included, was read with less confidence than the plan's policy asks of a letter
    that has no other fault."""
    signed = held.letter["provider.signed"]
    read = list(_read(held))
    if signed.accepted:
        read.append(("the signature", "signed" if signed.value else "unsigned", field_belief(held.letter, "provider.signed"), None))
    for what, said, confidence, quoted in read:
        if confidence < held.policy.sure_confidence:
            return Answer("insufficient", {"what": what, "read": said}, quoted, confidence=confidence)
    return None


@fact("pages")
def page_missing(held: Held) -> Answer | None:
    """A page's own footer counts more pages than arrived."""
    told = next((s.partition(":")[2] for s in held.mine.states if s.startswith(PAGES_ANNOUNCED)), None)
    return Answer("insufficient", {"pages": told}) if told else None


@fact("one", "other")
def disputed(held: Held) -> Answer | None:
    """Two dates stand about as well for the letter's own, and which it is makes a difference to a rule."""
    field = held.letter["letter_date"]
    own = field.accepted
    for rival in _rivals(field):
        stands = _standing(held, str(rival.value))
        if own and stands and stands != _standing(held, str(own.value)):
            return Answer("insufficient", {"one": _day_in_words(own.value), "other": _day_in_words(rival.value)}, side(rival.evidence))
    return None


def _day_in_words(value: object) -> str:
    return in_words(day) if (day := day_of(str(value))) else str(value)


def _rivals(field: FieldValue) -> list[Candidate]:
    own = field.accepted
    return [c for c in field.candidates if own and own.confidence < 1 and c.value != own.value and c.confidence >= own.confidence - _RIVAL]


def _standing(held: Held, written: str) -> tuple[bool, ...]:
    """How a letter of this date would stand to each claim line and to today; () for what is no date."""
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        return ()
    field = FieldValue(name="letter_date", candidates=(Candidate(value=written, confidence=1.0, because="tried"),))
    letter = held.letter.model_copy(update={"fields": {**held.letter.fields, "letter_date": field}})
    told = [day > held.as_of]
    for claim in held.claims:
        until = covers_until(letter, held.plan_of(claim), held.policy_of(claim), held.mine.received)
        if claim.service_date:
            told += [day > later(claim.service_date, held.policy_of(claim).look_back_days), until is not None and until < claim.service_date]
    return tuple(told)
