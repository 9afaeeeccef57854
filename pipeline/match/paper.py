"""The patient looked for on the paper itself, with the records in hand.

Belongs here: what the letter states of the patient (name, birth date, member id, claim number) and was not recognised
for it: words that are a member's own, found where they stand. Does not belong here: the choice among members.

A name alone tells nobody: beside it must stand that member's birth date, own id or claim number. The signer, the account
holder, relatives and contacts are named on letters too: a name that is marked as theirs is not the patient's, and where
two members of whom this holds are named, none is taken.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.codes import credentials
from pipeline.codes.dates import dates_in
from pipeline.codes.fold import as_digits, plain
from pipeline.model import Candidate, DocumentText, Evidence, FieldValue, Letter, MemberRow
from pipeline.records import Name, Records, id_key
from pipeline.records.names import fold

SURE = 0.97
"""Confidence of a value that is the member's own and stands on the page to the letter."""

BECAUSE = "the records' own words, where they stand on the page"

_BETWEEN = frozenset(fold(w) for w in ("first", "last", "name", "given", "middle", "initial", "mi", "surname", "family", "patient", "patients", "legal"))
"""Labels that may part a given name from a surname in a form's cells."""

_ANOTHERS = frozenset(fold(w) for w in (
    "subscriber", "subscribers", "insured", "insureds", "policyholder", "cardholder", "holder", "holders", "accountholder", "employee", "employees", "sponsor", "guarantor",
    "contact", "spouse", "parent", "mother", "father", "mom", "dad", "guardian", "wife", "husband", "son", "daughter", "brother", "sister", "twin", "sibling", "attorney",
    "adjuster", "caregiver", "partner", "physician", "provider", "prescriber", "practitioner", "doctor", "dr", "attn", "attention", "cc", "supervising", "referring", "nurse",
    "aunt", "uncle", "cousin", "grandmother", "grandfather", "unlike", "than",
))  # fmt: skip
"""Words shortly before a name that make it somebody else's than the patient's."""

_REACH, _BEHIND = 6, 2
"""So many words before and behind a name are looked at for whose it is."""

_LONGEST_ID, _SHORTEST_ID = 24, 5
Span = tuple[int, int]


@dataclass(frozen=True)
class Token:
    """A folded word, the span of the printed word without its punctuation, its page and line."""

    folded: str
    start: int
    end: int
    page: int
    line: int


@dataclass(frozen=True)
class Paper:
    """The words on a letter's pages."""

    document: DocumentText
    pages: tuple[int, ...]

    @cached_property
    def tokens(self) -> list[Token]:
        found = []
        for number in self.pages:
            for word in self.document.page(number).words:
                start, end = _bare(word.text, word.start)
                found += [Token(fold(part), start, end, number, word.line) for part in plain(word.text).split()]
        return found

    @cached_property
    def at(self) -> dict[str, list[int]]:
        """Places of each folded word among the tokens."""
        found: dict[str, list[int]] = {}
        for place, token in enumerate(self.tokens):
            found.setdefault(token.folded, []).append(place)
        return found

    @cached_property
    def days(self) -> dict[dt.date, Span]:
        """Every calendar day that is written there, and where first."""
        found: dict[dt.date, Span] = {}
        for start, text in self._texts():
            for day, a, b in _days_in(text):
                found.setdefault(day, (start + a, start + b))
        return found

    @cached_property
    def numbers(self) -> dict[str, Span]:
        """The folded key of whatever may be an identifier, of one printed word to three of a line; where first."""
        words = [(w.text, w.start, n, w.line) for n in self.pages for w in self.document.page(n).words]
        numeric = [any(c.isdigit() for c in w[0]) for w in words]
        found: dict[str, Span] = {}
        for first in (n for n in range(len(words)) if any(numeric[n : n + 3])):
            for last in range(first, min(first + 3, len(words))):
                run = words[first : last + 1]
                written = "".join(w[0] for w in run)
                if run[0][2:] != run[-1][2:] or len(written) > _LONGEST_ID:
                    break
                if any(numeric[first : last + 1]) and sum(c.isdigit() for c in as_digits(written)) >= 3 and len(key := id_key(written)) >= _SHORTEST_ID:
                    found.setdefault(key, (_bare(*run[0][:2])[0], _bare(*run[-1][:2])[1]))
        return found

    def _texts(self) -> Iterator[tuple[int, str]]:
        for number in self.pages:
            words = self.document.page(number).words
            if words:
                yield words[0].start, self.document.text[words[0].start : words[-1].end]

    def says(self, name: str, value: str, span: Span) -> FieldValue:
        """The value with the words it stands on."""
        evidence = Evidence.at(self.document, *span)
        return FieldValue(name=name, candidates=(Candidate(value=value, confidence=min(SURE, max(0.5, evidence.confidence)), because=BECAUSE, evidence=evidence),))


def _bare(text: str, start: int) -> Span:
    """The span of a word without the punctuation around it."""
    left = next((n for n, c in enumerate(text) if c.isalnum()), 0)
    right = next((n for n, c in enumerate(reversed(text)) if c.isalnum()), 0)
    return start + left, start + len(text) - right


def _days_in(text: str) -> Iterator[tuple[dt.date, int, int]]:
    """Every calendar day in a text; a year of two digits may be of either century."""
    for found in dates_in(text):
        if found.day is not None:
            yield found.day, found.start, found.end
        if found.day is not None and found.two_digit_year and (found.day.month, found.day.day) != (2, 29):
            yield found.day.replace(year=found.day.year + (100 if found.day.year < 2000 else -100)), found.start, found.end


def named_on(letter: Letter, paper: Paper, records: Records) -> str | None:
    """The one member who is named on the paper as the patient; None when nobody is, or more than one. A letter whose
    patient has a birth date is about nobody with another."""
    born = letter.text_of("patient.dob")
    found = []
    for member, name in records.members_at(_around(paper, records)):
        may_be = born is None or member.dob is None or born == member.dob.isoformat()
        if may_be and _ties(member, paper, records) and _named(name, paper, letter):
            found.append(member.member_id)
    return found[0] if len(found) == 1 else None


def values_of(letter: Letter, member_id: str, paper: Paper, records: Records) -> tuple[FieldValue, ...]:
    """What the paper states of a patient who is this member, as far as the letter's values lack it: name, birth date, id,
    claim number. A part of the id that was taken for the whole gives way to it."""
    member = records.members[member_id]
    told = [*_name(letter, member, paper, records), *_other_values(letter, member, paper, records)]
    return tuple(told)


def _name(letter: Letter, member: MemberRow, paper: Paper, records: Records) -> Iterator[FieldValue]:
    name = records.name(member)
    span = _named(name, paper, letter) if letter["patient.name"].accepted is None else None
    if span:
        yield paper.says("patient.name", _written(paper, span, name), span)


def _around(paper: Paper, records: Records) -> list[int]:
    """Rows of the members whose birth date, id or claim stands on the paper, and of their households' ids."""
    owners = [records.members.place(records.claims[c].member_id) for key in paper.numbers for c in records.claims_numbered(key)]
    rows = {int(r) for r in records.member_rows("member_id", sorted(paper.numbers))}
    return sorted(rows | {int(r) for r in records.born_on(sorted(paper.days))} | {r for r in owners if r is not None})


def _ties(member: MemberRow, paper: Paper, records: Records) -> bool:
    """Whether something that is this person's alone stands there: the birth date, an id that nobody else has, a claim."""
    if member.dob is not None and member.dob in paper.days:
        return True
    own = id_key(member.member_id)
    if own in paper.numbers and len(records.with_id(own)) == 1:
        return True
    return any(id_key(number) in paper.numbers for number in records.claims_of.get(member.member_id, ()))


def _other_values(letter: Letter, member: MemberRow, paper: Paper, records: Records) -> Iterator[FieldValue]:
    if letter["patient.dob"].accepted is None and member.dob in paper.days and member.dob:
        yield paper.says("patient.dob", member.dob.isoformat(), paper.days[member.dob])
    own = letter["patient.member_id"].accepted
    for key in (key for number in (member.member_id, member.account_holder_id) if (key := id_key(number)) in paper.numbers):
        span = paper.numbers[key]
        if own is None or (id_key(str(own.value)) != key and own.evidence and span[0] <= own.evidence.start and own.evidence.end <= span[1]):
            yield paper.says("patient.member_id", _text(paper, span), span)
            break
    if letter["claim_number"].accepted is None:
        keys = [key for number in records.claims_of.get(member.member_id, ()) if (key := id_key(number)) in paper.numbers]
        yield from (paper.says("claim_number", _text(paper, paper.numbers[key]), paper.numbers[key]) for key in keys[:1])


def _text(paper: Paper, span: Span) -> str:
    return " ".join(paper.document.text[span[0] : span[1]].split())


def _named(name: Name, paper: Paper, letter: Letter) -> Span | None:
    """Where the member's full name stands as the patient's: both names whole, middle names aside, in either order."""
    if len(name.given) < 2 or not name.surname:
        return None
    for place in paper.at.get(name.given, ()):
        for ends in (_after(name, place, paper.tokens), _before(name, place, paper.tokens)):
            if ends is not None and not _is_anothers(*ends, paper, letter):
                a, b = paper.tokens[ends[0]], paper.tokens[ends[1]]
                return min(a.start, b.start), max(a.end, b.end)
    return None


def _after(name: Name, place: int, tokens: Sequence[Token]) -> Span | None:
    """'Ana (M.) Ortega (Ruiz)': first and last place of the name whose given name stands here."""
    for at in range(place + 1, min(place + 7, len(tokens) - len(name.surname) + 1)):
        if tuple(t.folded for t in tokens[at : at + len(name.surname)]) == name.surname and tokens[at].page == tokens[place].page:
            return place, at + len(name.surname) - 1
        if not _may_part(tokens[at], name, at - place):
            return None
    return None


def _before(name: Name, place: int, tokens: Sequence[Token]) -> Span | None:
    """'Ortega, Ana (M.)': the surname before the given name."""
    for end in range(place - 1, max(place - 7, len(name.surname) - 2), -1):
        first = end - len(name.surname) + 1
        if tuple(t.folded for t in tokens[first : end + 1]) == name.surname and tokens[first].page == tokens[place].page:
            return first, place
        if tokens[end].folded not in _BETWEEN:
            return None
    return None


def _may_part(token: Token, name: Name, gap: int) -> bool:
    """Whether a word may stand between given name and surname: an initial, a middle name that may be the member's, a
    form's label."""
    if token.folded in _BETWEEN or len(token.folded) == 1:
        return True
    return gap <= 2 and (token.folded in name.middle or any(token.folded[0] == m[0] for m in name.middle))


def _is_anothers(first: int, last: int, paper: Paper, letter: Letter) -> bool:
    """Whether the name is marked as the signer's, the account holder's, a relative's or a contact's."""
    tokens = paper.tokens
    span = (tokens[first].start, tokens[last].end)
    for field in ("provider.name", "account_holder"):
        own = letter[field].accepted
        if own and own.evidence and own.evidence.start < span[1] and span[0] < own.evidence.end:
            return True
    around = (*_before_in_sentence(first, tokens, paper.document.text), *tokens[last + 1 : last + 1 + _BEHIND])
    if any(t.folded in _ANOTHERS and abs(t.line - tokens[first].line) <= 1 and t.page == tokens[first].page for t in around):
        return True
    behind = paper.document.text[span[1] : span[1] + 24]
    return bool(re.match(rf"\s?,\s?{credentials.pattern()}", behind))


def _before_in_sentence(first: int, tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The words before a name, back to the end of a sentence or to another's name with the same surname: whose mother or
    employee that is was said of the other."""
    here = {t.folded for t in tokens[first : first + 3]}
    begin = first
    while begin > max(0, first - _REACH):
        token = tokens[begin - 1]
        if token.folded in here or (text[token.end : token.end + 1] in (".", ";") and token.folded not in _ANOTHERS):
            break
        begin -= 1
    return tokens[begin:first]


def _written(paper: Paper, span: Span, name: Name) -> str:
    """The name as it is printed, given name first and without the labels between."""
    words = [t for t in paper.tokens if span[0] <= t.start and t.end <= span[1]]
    printed: dict[Span, str] = {}
    for t in words:
        if t.folded not in _BETWEEN or t.folded in (name.given, *name.rest):
            printed[(t.start, t.end)] = paper.document.text[t.start : t.end]
    texts = list(printed.values())
    if words and words[0].folded in name.surname and words[0].folded != name.given:
        count = len({(t.start, t.end) for t in words if t.folded in name.surname})
        texts = texts[count:] + texts[:count]
    return " ".join(texts)
