"""Whether a letter's item and a claim line are the same kind of thing: by code, by category, by words.

Belongs here: the comparison and its word table (things.csv). Does not belong here: which claim is chosen, what follows
from a difference. Words of trade that say nothing ("session", "monthly", "custom") count for nothing; several names of
one thing ("wig", "cranial prosthesis") count as one.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import JaroWinkler

from pipeline.codes.fold import fold, plain

BROAD = frozenset({"other_dme", "other", "procedure_or_test", "prescription_drug", "supplement", "therapy_service",
                   "home_modification", "special_diet"})  # fmt: skip
"""Categories that hold many unlike things: being of one category does not make two of them the same."""

_NEAR = frozenset(frozenset(pair) for pair in (
    ("cosmetic_procedure", "procedure_or_test"), ("wheelchair", "other_dme"), ("cpap", "other_dme"), ("mattress_bed", "other_dme"),
    ("therapy_service", "fitness_program"), ("therapy_service", "chiropractic"), ("therapy_service", "massage_therapy"),
    ("nutrition_counseling", "weight_loss_program"), ("special_diet", "supplement"), ("prescription_drug", "supplement"),
    ("orthopedic_footwear", "other_dme"), ("home_modification", "other_dme"), ("procedure_or_test", "therapy_service"),
    ("special_diet", "nutrition_counseling"), ("weight_loss_program", "fitness_program"),
))  # fmt: skip
"""Categories between which two people may sort the same thing differently."""


@dataclass(frozen=True)
class Thing:
    """An item of a letter or a claim line: description, category, code as written (None when there is none)."""

    text: str
    category: str
    code: str | None = None
    amount: float | None = None


def same_code(a: str | None, b: str | None) -> bool:
    """Whether two procedure, supply or drug codes agree but for modifiers, hyphens and look-alike characters."""
    return bool(a and b) and _code(a or "") == _code(b or "")


def _code(code: str) -> str:
    words = fold(code).split()
    if len(words) > 1 and all(part.isdigit() for part in plain(code).split()):
        return "".join(words)
    return words[0] if words else ""


def likeness(item: Thing, line: Thing) -> float:
    """How surely two things are the same, 0 (another thing) to 10. Code 5, category 2 (3 where the category is
    narrow), each shared word 1 up to 3, equal amount 1. Nothing in common but a broad category is another thing."""
    code = same_code(item.code, line.code)
    same = bool(item.category) and item.category == line.category
    shared = shared_words(item.text, line.text)
    if not code and not same and not _sorted_differently(item, line, shared):
        return 0.0
    amount = bool(item.amount and line.amount) and abs((item.amount or 0) - (line.amount or 0)) < 0.01
    if same and item.category in BROAD and not code and not shared and not _says_nothing(line.text):
        return 0.0
    return 5.0 * code + (2.0 if item.category in BROAD else 3.0) * same + min(3, shared) + 1.0 * amount


def may_be(item: Thing, line: Thing) -> bool:
    """Whether nothing says that two devices or modifications of a home are not the same though their names differ: two codes
    would, or a kind of device (kinds.csv) in each of the names and none in common. Drugs, tests and therapies have names."""
    if item.category != line.category or item.category not in _UNNAMED or (item.code and line.code):
        return False
    left, right = words_of(item.text) & _kinds(), words_of(line.text) & _kinds()
    return not (left and right) or bool(left & right)


_UNNAMED = frozenset({"other_dme", "home_modification"})
"""Broad categories whose things go by as many names as there are makers."""


@lru_cache(maxsize=1)
def _kinds() -> frozenset[str]:
    text = files("pipeline.codes").joinpath("kinds.csv").read_text(encoding="utf-8")
    return frozenset(_singular(row["noun"]) for row in csv.DictReader(text.splitlines()))


def _sorted_differently(item: Thing, line: Thing, shared: int) -> bool:
    least = min(len(words_of(item.text)), len(words_of(line.text)))
    if frozenset((item.category, line.category)) in _NEAR:
        return shared >= min(2, least) and shared > 0
    if "other" in (item.category, line.category) or not line.category:
        return shared >= min(2, least) and shared > 0
    return shared >= 2 and shared >= least


def _says_nothing(text: str) -> bool:
    return not words_of(text)


def shared_words(a: str, b: str) -> int:
    """How many telling words two descriptions share, look-alike characters and plurals aside."""
    left, right = words_of(a), words_of(b)
    return sum(any(_alike(word, other) for other in right) for word in sorted(left))


def _alike(a: str, b: str) -> bool:
    if a == b:
        return True
    return min(len(a), len(b)) >= 5 and JaroWinkler.similarity(fold(a), fold(b)) >= 0.93


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """The telling words of a description: synonyms made one, plurals cut, words of trade left out."""
    phrase = f" {plain(text)} "
    for written, meant in _synonyms():
        phrase = phrase.replace(f" {written} ", f" {meant} ")
    words = {_singular(w) for w in re.findall(r"[a-z][a-z0-9]{2,}", phrase)}
    return frozenset(words - _empty())


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 4 else word


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    text = files("pipeline.codes").joinpath("things.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def _synonyms() -> tuple[tuple[str, str], ...]:
    pairs = [(row["written"], row["meant"]) for row in _rows() if row["meant"]]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(_singular(row["written"]) for row in _rows() if not row["meant"])
