"""Was this letter received before?

Belongs here: the keys of a letter on file and their comparison. The same patient, the same words and nothing new make
a letter sent again; a changed date alone is nothing new, a cured defect or an added sentence is. Two letters on one
office's template about different things differ in what they ask. Does not belong here: files with the same bytes
(intake).
"""

import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Iterable, Sequence

from pipeline.check.changes import in_words, values_of
from pipeline.check.facts import Answer, Held, fact, field_side
from pipeline.codes.fold import fold
from pipeline.codes.reference import references_in
from pipeline.model import DocumentText, Evidence, Letter, OnFile, RecordSide

HASHES = 64
"""Hashes of a letter's MinHash: its estimate of likeness is off by 0.06 (one standard deviation)."""

_ALIKE = 0.45
"""Least likeness of two readings of one letter. Two scans of a page share 0.55 of their 3-word shingles and more."""

_SAME_WORDS = 0.85
"""From this likeness on two letters have the same words but for what the scanner made of them."""

_WINDOW, _KNOWN = 14, 2
"""So many word pairs in a row of which at most so many stand in the earlier letter are an added sentence: a scanner's
errors do not come that close together, and a fax line or a stamp is shorter."""

_PAIRS = "pairs:"
PAGES_ANNOUNCED = "announced:"
"""Begins the state of a letter whose pages count more pages than arrived: 'announced:page 1 of 3'."""

HIDDEN_DATE = "hidden:letter_date"
"""The state of a letter without a date of its own on which a date was overprinted by a stamp or by hand: it may be the
letter's, so that the letter neither lacks one for certain nor has one that can be read."""

_OVERPRINTED = re.compile(r"[^\W\d]{2,}[^\w\s]*\d{1,2}([/.-])\d{1,2}\1(?:\d{2}){1,2}$|^\d{1,2}([/.-])\d{1,2}\2(?:\d{2}){1,2}[^\W\d]{2,}")

_FOOTER = re.compile(r"\b(?:page|pg\.?)\s*(\d{1,2})\s*(?:of|/)\s*(\d{1,2})\b", re.I)

_NOISE = 16
"""Two pictures of one page differ in at most one of so many bits of their hashes."""

_SEEN = ("signed", "letterhead", "duration")
"""States whose arrival cures a defect and that no words of their own stand for."""


def filing_keys(
    letter: Letter, document: DocumentText, order: int, file: str, member_id: str | None, received: dt.date | None = None, faces: Sequence[str] = ()
) -> OnFile:
    """The keys under which this letter lies on file; `order` is the place of its file in the order of receipt, `faces`
    a perceptual hash (hex) of each of its pages."""
    words = [w.text for n in letter.pages for w in document.page(n).words] if document.pages else []
    return OnFile(
        letter_id=letter.letter_id, sha256=letter.sha256, file=file, order=order,
        patient=" ".join(sorted(fold(letter.text_of("patient.name") or "").split())),
        member_id=member_id, letter_date=letter.text_of("letter_date"), asks=tuple(sorted(_asks(letter))),
        states=tuple(sorted({*_states(letter), *_announced(letter, document), *_hidden(letter, document), _packed(words)})), signature=minhash(_shingles(words), HASHES),
        received=received, values=values_of(letter), faces=tuple(faces), answers=references_in(document.text),
    )  # fmt: skip


def _asks(letter: Letter) -> set[str]:
    """What is asked for and why: code or category of each item, category of each diagnosis."""
    items = {f"item:{i.category}" for i in letter.items} | {f"code:{_bare(i.code)}" for i in letter.items if i.code}
    return items | {f"dx:{d.icd10[:3]}" for d in letter.diagnoses if d.icd10}


def _bare(code: str) -> str:
    return fold(code).replace(" ", "")[:11]


def _states(letter: Letter) -> set[str]:
    """What stands on the letter that its like may lack. What stands in words carries the pairs of those words, so that
    it can be looked for in a letter in which it was not recognised."""
    dated = letter["treatment_end"].accepted is not None
    seen = {
        "signed": letter["provider.signed"].value is True,
        "letterhead": letter.kind == "form" or not letter.has_flag("no_letterhead"),
        "duration": dated or all(i.duration_months is not None for i in letter.items),
    }  # fmt: skip
    worded = {n: c.evidence for n in ("letter_date", "patient.name", "provider.credentials") if (c := letter[n].accepted)}
    worded |= {"diagnosis": letter.diagnoses[0].evidence} if letter.diagnoses else {}
    worded |= {"item": letter.items[0].evidence} if letter.items else {}
    return {name for name, holds in seen.items() if holds} | {f"{name}={_pairs_in(e)}" for name, e in worded.items()}


def _announced(letter: Letter, document: DocumentText) -> set[str]:
    for number in letter.pages if document.pages else ():
        for found in _FOOTER.finditer(" ".join(w.text for w in document.page(number).words)):
            if int(found[1]) <= int(found[2]) and int(found[2]) > len(document.pages):
                return {f"{PAGES_ANNOUNCED}page {int(found[1])} of {int(found[2])}"}
    return set()


def _hidden(letter: Letter, document: DocumentText) -> set[str]:
    """A date grown together with letters that ink lies across, and that no field of the letter was read from."""
    if letter["letter_date"].accepted or not document.pages:
        return set()
    read = [c.evidence.quote for f in letter.fields.values() if (c := f.accepted) and c.evidence]
    for number in letter.pages:
        page = document.page(number)
        for word in page.words:
            if _OVERPRINTED.search(word.text) and any(_across(mark.box, word.box) for mark in page.marks) and not any(word.text in quote for quote in read):
                return {HIDDEN_DATE}
    return set()


def _across(ink: Sequence[float], word: Sequence[float]) -> bool:
    """Whether ink lies over a part of a word's box."""
    return ink[0] < word[2] and word[0] < ink[2] and ink[1] < word[3] and word[1] < ink[3]


def _pairs_in(evidence: Evidence | None) -> str:
    return "".join(_pairs(evidence.quote.split())) if evidence else ""


def _folded(words: Iterable[str]) -> list[str]:
    """Folded words; dates and numbers are left out, so that a changed date is nothing new, and single letters, so that
    a stamp set in spaced letters is no sentence."""
    return [part for w in words if not re.search(r"\d", w) for part in fold(w).split() if len(part) > 1]


def _shingles(words: Sequence[str]) -> set[str]:
    kept = _folded(words)
    return {" ".join(kept[n : n + 3]) for n in range(max(0, len(kept) - 2))}


def _pairs(words: Sequence[str]) -> list[str]:
    """A two-byte hash in hex of each pair of neighbouring words, in the order of the letter."""
    kept = _folded(words)
    return [hashlib.blake2b(f"{a} {b}".encode(), digest_size=2).hexdigest() for a, b in itertools.pairwise(kept)]


def _packed(words: Sequence[str]) -> str:
    """The pairs in one string. Their order stays: it is what tells an added sentence from scattered misreadings."""
    return _PAIRS + "".join(_pairs(words))


def _unpacked(filed: OnFile) -> list[str]:
    return _cut(next((s[len(_PAIRS) :] for s in filed.states if s.startswith(_PAIRS)), ""))


def _cut(packed: str) -> list[str]:
    return [packed[n : n + 4] for n in range(0, len(packed), 4)]


def minhash(features: set[str], count: int) -> tuple[int, ...]:
    """For each of `count` hash functions the least hash of the features; () when there are none. The share of equal
    places of two estimates the share of common features (Broder 1997)."""
    bases = [int.from_bytes(hashlib.blake2b(f.encode(), digest_size=8).digest()) for f in sorted(features)]
    if not bases:
        return ()
    odd = [(seed * 0x9E3779B97F4A7C15) | 1 for seed in range(1, count + 1)]
    return tuple(min((base ^ mix) * mix >> 7 & 0x1FFFFFFFFFFFFF for base in bases) for mix in odd)


def likeness(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimated share of common features of two MinHashes, 0..1; 0 when either has none."""
    return sum(x == y for x, y in zip(a, b, strict=False)) / max(len(a), len(b), 1)


@fact("changed")
def duplicate(held: Held) -> Answer | None:
    """A letter received earlier says the same of the same patient, and this one adds nothing."""
    for earlier in held.earlier:
        if earlier.order < held.mine.order and earlier.letter_id != held.mine.letter_id and is_same(earlier, held.mine):
            differs = in_words(earlier.values, held.mine.values)
            return Answer("contradicted", {"changed": f"; changed since: {differs}" if differs else ""}, field_side(held.letter, "letter_date"),
                          RecordSide(table="letters", id=earlier.letter_id, column="sha256", value=earlier.sha256[:16]))  # fmt: skip
    return None


def is_same(earlier: OnFile, mine: OnFile) -> bool:
    """Whether `mine` is the earlier letter sent again without anything new."""
    if earlier.sha256 == mine.sha256:
        return earlier.letter_id.rpartition("-")[2] == mine.letter_id.rpartition("-")[2]
    alike = likeness(earlier.signature, mine.signature) >= _ALIKE or look_alike(earlier.faces, mine.faces)
    if not _same_patient(earlier, mine) or not alike or _asks_else(earlier, mine):
        return False
    return not _cures(earlier, mine) and not _says_more(earlier, mine)


def look_alike(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether the pictures of all pages agree but for the scanner's noise: at most one bit of 16 of each hash."""
    if not a or len(a) != len(b) or not all((*a, *b)):
        return False
    return all(len(x) == len(y) and (int(x, 16) ^ int(y, 16)).bit_count() * _NOISE <= 4 * len(x) for x, y in zip(a, b, strict=True))


def _same_patient(a: OnFile, b: OnFile) -> bool:
    if a.member_id and b.member_id:
        return a.member_id == b.member_id
    return bool(a.patient) and a.patient == b.patient


def _asks_else(earlier: OnFile, mine: OnFile) -> bool:
    """Whether they ask for other things: codes where both have codes, else categories. One reading may have missed
    some, so a difference counts on both sides; on one side only where the words differ too."""
    worded_alike = likeness(earlier.signature, mine.signature) >= _SAME_WORDS
    for kind in ("code:", "item:", "dx:"):
        before, now = ({a for a in x.asks if a.startswith(kind)} for x in (earlier, mine))
        if now - before and (before - now or (before and not worded_alike)):
            return True
    return False


def _cures(earlier: OnFile, mine: OnFile) -> bool:
    """Whether something stands on this letter that the earlier one lacked, and not only for want of recognition."""
    before = dict(state.partition("=")[::2] for state in earlier.states)
    known = set(_unpacked(earlier))
    for state in mine.states:
        name, _, packed = state.partition("=")
        if name in before or name.startswith((_PAIRS, PAGES_ANNOUNCED)) or f"hidden:{name}" in before:
            continue
        pairs = _cut(packed)
        if name in _SEEN or not pairs or not known.issuperset(pairs):
            return True
    return False


def _says_more(earlier: OnFile, mine: OnFile) -> bool:
    """Whether somewhere in this letter a whole sentence runs on that the earlier letter does not have."""
    before = set(_unpacked(earlier))
    known = [pair in before for pair in _unpacked(mine)]
    return bool(before) and any(sum(known[n : n + _WINDOW]) <= _KNOWN for n in range(len(known) - _WINDOW + 1))
