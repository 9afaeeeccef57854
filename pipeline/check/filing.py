"""Was this letter received before?

Belongs here: the keys of a letter on file and their comparison. Equality of what it asks and states decides; the
MinHash of its words only proposes. A changed date alone is no new content; a cured defect or added content is. Does
not belong here: files with the same bytes (intake).
"""

import hashlib
import re

from pipeline.check.facts import Answer, Held
from pipeline.codes.fold import fold, plain
from pipeline.model import DocumentText, Letter, OnFile, RecordSide

_PERMUTATIONS = 64
_ALIKE = 0.6


def filing_keys(letter: Letter, document: DocumentText, order: int, file: str, member_id: str | None) -> OnFile:
    """The keys under which this letter lies on file."""
    words = [w.text for n in letter.pages for w in document.page(n).words]
    asks = {f"item:{i.code or i.category}" for i in letter.items} | {f"dx:{(d.icd10 or fold(d.text))[:3]}" for d in letter.diagnoses}
    states = {e.name for e in letter.elements if e.value} | {n for n in ("patient.name", "provider.name", "provider.credentials") if letter[n].accepted}
    states |= {"signed"} if not letter.has_flag("unsigned") else set()
    states |= {"duration"} if any(i.duration_months for i in letter.items) else set()
    return OnFile(letter_id=letter.letter_id, sha256=letter.sha256, file=file, order=order, patient=fold(letter.text_of("patient.name") or ""),
                  member_id=member_id, letter_date=letter.text_of("letter_date"), asks=tuple(sorted(asks)), states=tuple(sorted(states)),
                  signature=minhash(words))  # fmt: skip


def minhash(words: list[str]) -> tuple[int, ...]:
    """A MinHash of the folded words' 3-shingles, dates and numbers left out."""
    folded = [fold(w) for w in words if not re.search(r"\d", w)]
    kept = [w for w in folded if w]
    shingles = {" ".join(kept[n : n + 3]) for n in range(max(1, len(kept) - 2))}
    hashes = [int.from_bytes(hashlib.blake2b(s.encode(), digest_size=8).digest()) for s in sorted(shingles)]
    return tuple(min((h ^ (seed * 0x9E3779B97F4A7C15)) * 0xBF58476D1CE4E5B9 % (1 << 61) for h in hashes) for seed in range(1, _PERMUTATIONS + 1))


def likeness(a: OnFile, b: OnFile) -> float:
    """Estimated share of common shingles, 0..1."""
    pairs = list(zip(a.signature, b.signature, strict=False))
    return sum(x == y for x, y in pairs) / max(1, len(pairs))


def duplicate(held: Held) -> Answer | None:
    for earlier in held.earlier:
        if earlier.order < held.mine.order and _same_letter(earlier, held.mine):
            changed = "" if earlier.letter_date == held.mine.letter_date else f"; then it was dated {earlier.letter_date or 'nothing'}"
            return Answer("contradicted", {"changed": changed}, None,
                          RecordSide(table="letters", id=earlier.letter_id, column="file", value=earlier.sha256[:16]))  # fmt: skip
    return None


def _same_letter(earlier: OnFile, mine: OnFile) -> bool:
    if not _same_patient(earlier, mine) or likeness(earlier, mine) < _ALIKE:
        return False
    cured = {s for s in set(mine.states) - set(earlier.states) if s in ("signed", "duration", "provider.credentials")}
    asks = set(mine.asks) ^ set(earlier.asks)
    return not cured and (len(asks) <= 1 or likeness(earlier, mine) >= 0.85) and not _grown(earlier, mine)


def _grown(earlier: OnFile, mine: OnFile) -> bool:
    """New elements of the justification: something was added."""
    return len(set(mine.states) - set(earlier.states)) >= 2


def _same_patient(a: OnFile, b: OnFile) -> bool:
    if a.member_id and b.member_id:
        return a.member_id == b.member_id
    return bool(a.patient) and plain(a.patient) == plain(b.patient)
