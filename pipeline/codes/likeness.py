"""Which ICD-10-CM code's description is most like a condition's words: the last rung under the suggestion of a code.

Belongs here: the words of descriptions, their weight by rarity, the comparison. Does not belong here: the ladder of known
names (suggestions). A description is as like as the share of its telling words that were said and of the said words
that it holds; what is unspecified costs nothing.
"""

import math
import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from pipeline.codes import icd10
from pipeline.codes.fold import plain

_OTHER = 0.04
"""What a residual code ('Other …') is less like than a plain one."""
LEAST = 0.55
"""Likeness (0..1) below which nothing is suggested."""
_FREE = frozenset(
    ["unspecified", "of", "the", "and", "or", "other", "not", "nos", "in", "on", "at", "to", "a", "an", "by", "for", "from", "is", "as", "initial", "encounter", "site", "part", "type",
     "primary", "current", "injury", "mellitus", "disease", "disorder", "syndrome", "condition", "region", "joint", "limb", "muscle", "fascia", "tendon", "s", "specified", "classified", "elsewhere", "adult", "due"]
)  # fmt: skip
_SAME = {
    "oa": "osteoarthritis", "ra": "rheumatoid arthritis", "dm2": "type 2 diabetes", "dm": "diabetes", "t2dm": "type 2 diabetes", "ckd": "chronic kidney", "gerd": "gastro esophageal reflux",
    "gastroesophageal": "gastro esophageal", "copd": "chronic obstructive pulmonary", "ptsd": "post traumatic stress", "adhd": "attention deficit hyperactivity", "htn": "hypertension", "afib": "atrial fibrillation",
    "spinal": "spinal", "both": "bilateral", "lumbosacral": "lumbosacral", "back": "back", "w": "with", "hips": "hip", "knees": "knee", "hands": "hand", "feet": "foot", "shoulders": "shoulder", "ears": "ear", "eyes": "eye",
    "legs": "lower extremities", "arms": "upper extremities", "l": "left", "r": "right", "bilat": "bilateral", "neck": "cervical", "claudication": "neurogenic claudication", "dementia": "dementia",
    "thrive": "thrive", "child": "child", "hiatal": "diaphragmatic", "neurogenic": "neurogenic", "dd": "degeneration", "ddd": "disc degeneration", "degenerative": "degeneration", "disk": "disc", "palmar": "palms", "axillary": "axilla",
    "plantar": "plantar", "tobacco": "nicotine", "smoking": "nicotine", "stroke": "cerebral infarction", "heart": "heart", "kidney": "kidney", "renal": "kidney", "cancer": "malignant neoplasm", "large": "large", "mite": "mite",
    "intellectual": "intellectual", "generalised": "generalized", "tear": "tear", "dx": "",
}  # fmt: skip
_QUIET = frozenset(["without", "uncomplicated", "intractable", "unilateral", "female", "male", "adult", "level", "complete", "closed", "pathological", "fracture"])
"""Words of a description that say little when the letter does not say them."""
_COLOUR = frozenset(["sever", "severe", "moderat", "moderate", "mild", "activ", "active", "symptomat", "symptomatic", "painful", "advanced", "longstanding", "persistent", "worsening", "progressiv", "progressive", "documented", "known", "early", "late"])
"""What letters say of a condition's course, for which few codes have a word."""
_SPINE = (("c", "cervical"), ("t", "thoracic"), ("l", "lumbar"), ("s", "sacral"))


class _Entry(NamedTuple):
    code: str
    words: frozenset[str]
    weight: float
    other: bool


def stem(word: str) -> str:
    """A word without plural and the endings that nouns and adjectives of one disease differ by."""
    if len(word) > 6 and word.endswith(("pathic", "itic", "otic")):
        word = word[:-2]
    for ending in ("ies", "es", "s", "ic", "al", "y", "e"):
        if len(word) - len(ending) >= 4 and word.endswith(ending) and not word.endswith(("ss", "sis", "us", "itis")):
            return word[: -len(ending)]
    return word


def _denied(text: str) -> str:
    """'without obstruction or gangrene', 'not intractable' as words of their own."""
    bare = re.sub(r"\b(?:current|pathological|status)\s", "", text)
    return re.sub(r"\b(?:without|not)\s+(\w+)(?:\s+(?:or|and)\s+(\w+))?", lambda m: " ".join(f"no{w}" for w in m.groups() if w), bare)


def words_of(text: str) -> frozenset[str]:
    """The telling words of a condition's name, abbreviations written out, levels of the spine as their region."""
    spread: list[str] = []
    for word in re.findall(r"[a-z0-9]+", _denied(plain(re.sub(r"\bw/", "with ", text.lower())))):
        level = re.fullmatch(r"([ctls])\d{1,2}", word)
        spread += [dict(_SPINE)[level.group(1)]] if level else _SAME.get(word, word).split()
    return frozenset(stem(w) for w in spread if w not in _FREE and w != "with")


@lru_cache(maxsize=1)
def _index() -> tuple[tuple[_Entry, ...], dict[str, float], dict[str, tuple[int, ...]]]:
    listed = [(code, description) for code, billable, description in icd10.codes() if billable and code[0] not in "OPQVWXY" and not re.search(r"\bsequela\b", description, re.I)]
    split = [(code, words_of(description), description.startswith("Other ") or " other " in description) for code, description in listed]
    seen = Counter(w for _, words, _ in split for w in words)
    rare = {w: math.log(1 + len(split) / n) for w, n in seen.items()}
    entries = tuple(_Entry(code, words, sum(rare[w] * _loudness(w) for w in words), other) for code, words, other in split)
    places: dict[str, list[int]] = {}
    for n, entry in enumerate(entries):
        for word in entry.words:
            places.setdefault(word, []).append(n)
    return entries, rare, {w: tuple(ns) for w, ns in places.items()}


_QUIET_STEMS = frozenset(stem(w) for w in _QUIET)


def _loudness(word: str) -> float:
    """How much a word of a description counts that the letter does not say."""
    return 0.25 if word in _QUIET_STEMS or (word.startswith("no") and word not in _NO_WORDS) else 1.0


_NO_WORDS = frozenset(stem(w) for w in ("nose", "nodes", "nodule", "nodular", "nocturnal", "noise", "nonunion", "normal", "norovirus", "nontoxic", "nonrheumatic", "nontraumatic", "nondisplaced", "nonscarring", "nonpressure"))


def likeness(said: frozenset[str], entry_words: frozenset[str], weight: float, rare: dict[str, float]) -> float:
    """The harmonic mean of the weight of the said words that are met and of the description's words that were said."""
    common = said & entry_words
    if not common:
        return 0.0
    whole = sum(rare.get(w, 6.0) * (0.3 if w in _COLOUR and w not in entry_words else 1.0) for w in said)
    met = sum(rare[w] for w in common)
    held = sum(rare[w] * _loudness(w) for w in common)
    recall, precision = met / whole, held / max(weight, 0.1)
    return 2 * recall * precision / (recall + precision)


def like_code(text: str, code: str) -> float:
    """How like (0..1) a code's own description is to the words."""
    entries, rare, _ = _index()
    bare = code.replace(".", "")
    own = next((e for e in entries if e.code == bare), None)
    return likeness(words_of(text), own.words, own.weight, rare) if own else 0.0


@lru_cache(maxsize=2048)
def most_like(text: str) -> tuple[str, float] | None:
    """(dotted code, likeness) of the best description; None when none is like enough."""
    entries, rare, places = _index()
    said = words_of(text)
    known = sorted((w for w in said if w in places), key=lambda w: (len(places[w]), w))
    if not known:
        return None
    near = {n for w in known[:3] if len(places[w]) < 6000 for n in places[w]}
    scored = [(likeness(said, entries[n].words, entries[n].weight, rare) - (_OTHER if entries[n].other else 0.0), -len(entries[n].code), entries[n].code) for n in near]
    best = max(scored, key=lambda s: (round(s[0], 6), s[1], [-ord(c) for c in s[2]]), default=None)
    return (icd10.dotted(best[2]), best[0]) if best and best[0] >= LEAST else None
