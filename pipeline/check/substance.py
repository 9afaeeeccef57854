"""Does the letter's own case stand: specific, medical, and for this condition?

Belongs here: wellness, cosmetic and vague letters, complaints in place of diagnoses (complaints.csv), items that a
diagnosis does not carry (item_support.csv, which says nothing rather than guess). Does not belong here: what is merely
missing.
"""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from pipeline.check.facts import Answer, Held, belief, fact, side
from pipeline.codes.fold import plain
from pipeline.model import Diagnosis, Item


def _flag(held: Held, code: str) -> Answer | None:
    flag = next((f for f in held.letter.flags if f.code == code), None)
    return Answer("not_met", letter=side(flag.evidence)) if flag else None


@fact()
def vague(held: Held) -> Answer | None:
    """A hedge is the whole case."""
    return _flag(held, "vague_language")


@fact()
def wellness(held: Held) -> Answer | None:
    """General health is the purpose, with no diagnosed condition behind it."""
    return _flag(held, "general_wellness")


@fact()
def cosmetic(held: Held) -> Answer | None:
    """Looks are the purpose."""
    return _flag(held, "cosmetic")


@fact("diagnosis")
def nonspecific(held: Held) -> Answer | None:
    """Every diagnosis is a bare complaint, and none has a code."""
    found = held.letter.diagnoses
    if not found or any(d.icd10 or not is_complaint(d.text) for d in found):
        return None
    return Answer("insufficient", {"diagnosis": found[0].text}, side(found[0].evidence))


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    text = files("pipeline.check").joinpath("complaints.csv").read_text(encoding="utf-8")
    return {row["word"]: row["role"] for row in csv.DictReader(text.splitlines())}


def is_complaint(text: str) -> bool:
    """Whether a condition is a complaint alone, at most with a broad part of the body: 'back problems', 'joint pain',
    but not 'low back pain with sciatica', 'neck pain after whiplash', 'arthritis'."""
    roles = [_words().get(word) for word in plain(text).split()]
    return "complaint" in roles and None not in roles


@lru_cache(maxsize=1)
def _support() -> dict[str, tuple[tuple[int, str, str, bool], ...]]:
    """Category to (length of block, first, last, carries), the narrowest block first."""
    text = files("pipeline.check").joinpath("item_support.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[int, str, str, bool]]] = {}
    for row in csv.DictReader(text.splitlines()):
        first, _, last = row["block"].partition("-")
        width = _ordinal(last or first) - _ordinal(first)
        found.setdefault(row["category"], []).append((width, first, last or first, row["verdict"] == "carries"))
    return {category: tuple(sorted(blocks)) for category, blocks in found.items()}


def _ordinal(code: str) -> int:
    return ord(code[0]) * 100 + int(re.sub(r"\D", "9", code[1:3].ljust(2, "0")))


def carries(code: str, category: str) -> bool | None:
    """Whether a diagnosis may carry an item of the category: True or False where the table says, None where it does
    not. The narrowest block that holds the code's first three characters decides."""
    for _, first, last, verdict in _support().get(category, ()):
        if first <= code[:3].upper() <= last:
            return verdict
    return None


@fact("diagnosis", "item")
def not_supported(held: Held) -> Answer | None:
    """The table says of each of the letter's diagnoses that it does not carry the item. A diagnosis without a code, or
    of which the table is silent, might carry it."""
    found = held.letter.diagnoses
    for item in held.letter.items if found else ():
        if all(_refused(d, item) for d in found):
            read = min(belief(found[0].confidence, found[0].evidence), belief(item.confidence, item.evidence))
            return Answer("not_met", {"diagnosis": found[0].text, "item": item.text}, side(found[0].evidence), confidence=read)
    return None


def _refused(diagnosis: Diagnosis, item: Item) -> bool:
    code = diagnosis.icd10 or diagnosis.suggested_icd10
    return bool(code) and carries(code or "", item.category) is False
