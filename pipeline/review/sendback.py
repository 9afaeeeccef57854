"""What to ask for when a letter lacks something: the smallest list, in words for the provider and for the member.

Belongs here: which findings become requests (asks.csv), the two letters as paragraphs. Does not belong here: files
(sendback_file.py), sending: a person reads the draft, and sends it or not.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from pipeline.codes.reference import reference_of
from pipeline.model import Case, ClaimRow, Finding, Letter
from pipeline.review.clocks import supply_day

Reader = Literal["provider", "member"]


class Ask(NamedTuple):
    """One thing to ask for, in words for either reader; `quote` the letter's own words, '' where it is silent."""

    finding: str
    provider: str
    member: str
    quote: str
    page: int | None


class Draft(NamedTuple):
    """A request as paragraphs. `asks` are numbered lines; `due` is the day by which the answer should be there."""

    reader: Reader
    reference: str
    due: dt.date
    to: tuple[str, ...]
    subject: tuple[str, ...]
    opening: str
    asks: tuple[str, ...]
    closing: tuple[str, ...]

    @property
    def text(self) -> str:
        """The draft as plain text, lines of any length."""
        numbered = [f"  {n}. {ask}" for n, ask in enumerate(self.asks, 1)]
        parts = ["\n".join(self.to), "\n".join(self.subject), self.opening, "\n".join(numbered), *self.closing]
        return "\n\n".join(part for part in parts if part) + "\n"


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    text = files("pipeline.review").joinpath("asks.csv").read_text(encoding="utf-8")
    return {row["finding"]: row for row in csv.DictReader(text.splitlines())}


def asks_of(findings: Sequence[Finding]) -> tuple[Ask, ...]:
    """The smallest list that settles the findings that block and that a provider can settle: what another request
    covers is not asked for twice, what the plan only notes not at all."""
    wanted = {f.code: f for f in findings if f.severity == "blocks" and f.code in _table()}
    told = []
    for code, row in _table().items():
        covered = set(filter(None, row["covered_by"].split("|")))
        if code in wanted and not covered & set(wanted):
            side = wanted[code].letter
            told.append(Ask(code, row["provider"], row["member"], " ".join(side.quote.split()) if side else "", side.page if side else None))
    return tuple(told)


def drafts(case: Case, as_of: dt.date, plan_name: str = "", program: str = "fsa", claim: ClaimRow | None = None) -> tuple[Draft, Draft] | None:
    """The request to the provider and the one to the member; None when the letter lacks nothing that a provider could
    supply, or the file holds no letter. `claim`: the one it is for, which may be urgent."""
    letter, asked = case.letter, asks_of(case.item.findings)
    if letter is None or not asked:
        return None
    reference, due = reference_of(case.item.letter_id), supply_day(program, as_of, claim)
    plan = plan_name or letter.text_of("recipient.payer") or "the plan"
    return _to_provider(letter, asked, as_of, due, reference, plan), _to_member(letter, asked, as_of, due, reference, plan)


def _to_provider(letter: Letter, asked: Sequence[Ask], as_of: dt.date, due: dt.date, reference: str, plan: str) -> Draft:
    lines = [f"{a.provider} The letter says on page {a.page}: “{a.quote}”" if a.quote else a.provider for a in asked]
    opening = f"We received your letter of medical necessity{_about(letter)}. Before {plan} can review it, it needs the following from you:"
    return Draft(
        "provider", reference, due, _address(letter), _subject(letter, as_of, reference), opening, tuple(lines),
        (f"Please answer by {_long(due)}. A corrected letter is best; send this page with it, or write {reference} on it, so that it reaches this case.",
         "Nothing has been decided on this request. What the letter already says need not be sent again."),
    )  # fmt: skip


def _to_member(letter: Letter, asked: Sequence[Ask], as_of: dt.date, due: dt.date, reference: str, plan: str) -> Draft:
    signer = letter.text_of("provider.name")
    opening = (f"We received a letter of medical necessity{f' from {signer}' if signer else ''}{_about(letter)}. "
               f"Before {plan} can review it, the provider's office has to add:")  # fmt: skip
    return Draft(
        "member", reference, due, tuple(filter(None, (letter.text_of("patient.name"),))), _subject(letter, as_of, reference), opening,
        tuple(a.member[:1].upper() + a.member[1:] + "." for a in asked),
        (f"Please pass this page on to the office and ask for a corrected letter by {_long(due)}. It should bear the reference {reference}.",
         "Nothing has been decided on your request, and you need not file it again."),
    )  # fmt: skip


def _about(letter: Letter) -> str:
    """' of March 14, 2026 for therapeutic massage', as far as the letter says so."""
    day = letter.text_of("letter_date")
    items = [i.text for i in letter.items[:2]]
    return (f" of {_long(dt.date.fromisoformat(day))}" if day and _is_day(day) else "") + (f" for {' and '.join(items)}" if items else "")


def _address(letter: Letter) -> tuple[str, ...]:
    name, titles = letter.text_of("provider.name"), letter["provider.credentials"].value
    signer = ", ".join(filter(None, (name, ", ".join(titles) if isinstance(titles, tuple) else None)))
    place = " ".join(filter(None, (letter.text_of("practice.state"), letter.text_of("practice.zip"))))
    town = ", ".join(filter(None, (letter.text_of("practice.city"), place)))
    fax = letter.text_of("practice.fax")
    told = (signer, letter.text_of("practice.name"), letter.text_of("practice.address"), town, f"Fax {fax[:3]}-{fax[3:6]}-{fax[6:]}" if fax else None)
    return tuple(line for line in told if line)


def _subject(letter: Letter, as_of: dt.date, reference: str) -> tuple[str, ...]:
    patient, born, claim = letter.text_of("patient.name"), letter.text_of("patient.dob"), letter.text_of("claim_number")
    who = f"Patient: {patient}{f', born {_long(dt.date.fromisoformat(born))}' if born and _is_day(born) else ''}" if patient else ""
    return tuple(filter(None, (_long(as_of), f"Reference: {reference}", who, f"Claim: {claim}" if claim else "")))


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _long(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
