"""What a reviewer may want to know beside the findings: it blocks nothing and goes by no code of a finding.

Belongs here: the letter against the member's file where no rule is broken: amount, provider, what an earlier letter said,
a request that this letter answers. Does not belong here: findings (the rule table). Both sides are quoted; silence on
either side says nothing.
"""

from collections.abc import Callable, Iterator

from pipeline.check.changes import in_words
from pipeline.check.days import in_words as written_out
from pipeline.check.facts import Held, field_side, side
from pipeline.check.filing import is_same, likeness
from pipeline.codes.fold import fold
from pipeline.codes.reference import reference_of
from pipeline.codes.things import Thing
from pipeline.codes.things import likeness as likeness_of
from pipeline.model import OnFile, RecordSide, Remark

_SAME = 0.7
"""From this likeness on two letters have the same words but for names and what the scanner made of them."""


def remarks_on(held: Held) -> tuple[Remark, ...]:
    """Every remark on a letter held against the records, the weightiest first."""
    return tuple(remark for make in _MAKERS for remark in make(held))


def _answers(held: Held) -> Iterator[Remark]:
    """The paper bears the reference of a request that went out for an earlier letter."""
    for earlier in held.earlier:
        reference = reference_of(earlier.letter_id)
        if earlier.order < held.mine.order and reference in held.mine.answers:
            differs = in_words(earlier.values, held.mine.values)
            yield Remark(code="ANSWERS_REQUEST", says=f"This answers the request {reference}{f'; changed: {differs}' if differs else ''}.",
                         record=_letter(earlier, "reference", reference))  # fmt: skip


def _amount(held: Held) -> Iterator[Remark]:
    """The letter names a price and the claim line another."""
    for item in held.letter.items:
        lines = [c for c in held.claims if c.amount]
        if item.cost and lines and all(abs((c.amount or 0) - item.cost) > 0.01 for c in lines) and len(held.letter.items) == 1:
            claim = lines[0]
            yield Remark(code="AMOUNT_DIFFERS", says=f"The letter names ${item.cost:,.2f}, the claim line ${claim.amount:,.2f}.", letter=side(item.evidence),
                         record=RecordSide(table="claims", id=claim.claim_id, column="amount", value=f"{claim.amount:.2f}"))  # fmt: skip


def _other_words(held: Held) -> Iterator[Remark]:
    """The claim line calls the thing by a name that has nothing in common with the letter's."""
    for claim in held.claims[:1]:
        line = Thing(claim.item_description, claim.category, claim.code, claim.amount)
        if held.letter.items and not any(likeness_of(Thing(i.text, i.category, i.code, i.cost), line) for i in held.letter.items):
            item = held.letter.items[0]
            yield Remark(code="OTHER_WORDS", says=f"The letter asks for {item.text}, the claim line says {claim.item_description}: is it the same thing?",
                         letter=side(item.evidence), record=RecordSide(table="claims", id=claim.claim_id, column="item_description", value=claim.item_description))  # fmt: skip


def _provider(held: Held) -> Iterator[Remark]:
    """Whether the signer stands in the member's history, where the history names providers at all."""
    name, number = held.letter.text_of("provider.name"), held.letter.text_of("provider.npi")
    rows = [r for r in held.history if r.provider_name or r.provider_npi]
    if not name or not rows:
        return
    seen = [r for r in rows if (number and r.provider_npi == number) or _same_name(r.provider_name, name)]
    days = sorted(r.date for r in seen if r.date)
    says = f"The signer treated the member before, last on {written_out(days[-1])}." if days else "The member's history names other providers, not the signer."
    if seen and not days:
        says = "The signer treated the member before."
    row = seen[-1] if seen else rows[-1]
    yield Remark(code="SIGNER_SEEN" if seen else "SIGNER_NEW", says=says, letter=field_side(held.letter, "provider.name"),
                 record=RecordSide(table="history", id=row.member_id, column="provider_name", value=row.provider_name))  # fmt: skip


def _same_name(a: str, b: str) -> bool:
    """Whether the surname and the first letter of another name agree."""
    one, two = fold(a).split(), fold(b).split()
    return bool(one and two) and any(w in two and len(w) > 2 for w in (one[0], one[-1])) and bool({w[0] for w in one} & {w[0] for w in two})


def _said_otherwise(held: Held) -> Iterator[Remark]:
    """An earlier letter of the member for such a thing said otherwise; one sent again is a finding of its own."""
    mine = {a for a in held.mine.asks if a.startswith("item:")}
    for earlier in reversed(held.earlier):
        alike = mine & set(earlier.asks) and earlier.member_id and earlier.member_id == held.mine.member_id
        if not alike or earlier.order >= held.mine.order or is_same(earlier, held.mine):
            continue
        differs = in_words(earlier.values, held.mine.values)
        if differs:
            yield Remark(code="SAID_OTHERWISE", says=f"An earlier letter for such a thing said otherwise: {differs}.", letter=field_side(held.letter, "letter_date"),
                         record=_letter(earlier, "letter_date", earlier.letter_date or ""))  # fmt: skip
        return


def _same_wording(held: Held) -> Iterator[Remark]:
    """A letter for another patient came in the same words: a template, or a letter with the name changed."""
    for other in held.earlier:
        apart = other.patient and held.mine.patient and other.patient != held.mine.patient and not (other.member_id and other.member_id == held.mine.member_id)
        if apart and other.order < held.mine.order and likeness(other.signature, held.mine.signature) >= _SAME:
            yield Remark(code="SAME_WORDING", says="A letter for another patient came in the same words; the office may use a template.",
                         letter=field_side(held.letter, "patient.name"), record=_letter(other, "wording", "the same"))  # fmt: skip
            return


def _letter(earlier: OnFile, column: str, value: str) -> RecordSide:
    return RecordSide(table="letters", id=earlier.letter_id, column=column, value=value)


_MAKERS: tuple[Callable[[Held], Iterator[Remark]], ...] = (_answers, _said_otherwise, _same_wording, _other_words, _amount, _provider)
