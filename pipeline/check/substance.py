"""Does the letter's own case stand: specific, medical, and for this condition?

Belongs here: wellness, cosmetic and vague letters, complaints in place of diagnoses, items that a diagnosis does not
carry (item_support.csv, which says nothing rather than guess). Does not belong here: what is merely missing.
"""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from pipeline.check.facts import Answer, Held, side
from pipeline.codes.fold import plain

_COMPLAINT = re.compile(
    r"^(?:(?:chronic|severe|general|ongoing|mild|some|bad|persistent|frequent|occasional|her|his) )*(?:(?:back|neck|knee|joint|muscle|foot|hip|shoulder|leg|"
    r"body|stomach|chest|arm|hand|sleep|skin|heart|weight|breathing|digestive|health|general|medical)\s+)*"
    r"(?:problems?|issues?|troubles?|pains?|aches?|discomfort|soreness|complaints?|stiffness|condition|tension|tightness|fatigue|stress|tiredness|symptoms?|raised cholesterol|high cholesterol)$"
)  # fmt: skip


def _flag(held: Held, code: str) -> Answer | None:
    flag = next((f for f in held.letter.flags if f.code == code), None)
    return Answer("not_met", letter=side(flag.evidence)) if flag else None


def vague(held: Held) -> Answer | None:
    return _flag(held, "vague_language")


def wellness(held: Held) -> Answer | None:
    return _flag(held, "general_wellness")


def cosmetic(held: Held) -> Answer | None:
    return _flag(held, "cosmetic")


def nonspecific(held: Held) -> Answer | None:
    """Every diagnosis is a bare complaint without a code."""
    found = held.letter.diagnoses
    if not found or any(d.icd10 or not _COMPLAINT.match(plain(d.text)) for d in found):
        return None
    return Answer("insufficient", letter=side(found[0].evidence))


@lru_cache(maxsize=1)
def _support() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    text = files("pipeline.check").joinpath("item_support.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["category"]: (tuple(filter(None, r["supports"].split("|"))), tuple(filter(None, r["refuses"].split("|")))) for r in rows}


def not_supported(held: Held) -> Answer | None:
    """Every coded diagnosis lies in blocks that the table says the item does not treat, and none in those it does."""
    codes = [d for d in held.letter.diagnoses if d.icd10]
    if not codes or len(codes) < len(held.letter.diagnoses):
        return None
    for item in held.letter.items:
        supports, refuses = _support().get(item.category, ((), ()))
        if refuses and all(str(d.icd10).startswith(refuses) and not str(d.icd10).startswith(supports) for d in codes):
            return Answer("not_met", {"diagnosis": codes[0].text, "item": item.text}, side(codes[0].evidence))
    return None
