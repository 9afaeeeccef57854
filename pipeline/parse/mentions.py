"""Conditions named in running text: where each name begins and ends.

Belongs here: the phrase around a known name (codes.conditions) or a word that ends like a condition, with what describes
it. Does not belong here: codes beside a name (dxcodes), whether it is asserted (diagnoses, stances).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from pipeline.codes import conditions, icd10

_ANATOMY = (
    r"(?:the |her |his |their |both |bilateral |left |right |lower |upper |lumbar |cervical |thoracic |dominant )*"
    r"(?:spine|back|neck|knees?|hips?|shoulders?|feet|foot|ankles?|wrists?|hands?|elbows?|heels?|legs?|arms?|jaw|region|joints?|extremit(?:y|ies)|"
    r"limbs?|lungs?|heart|colon|breast|skin|face|nose|scalp|eyes?|eyelids?|lids?|ears?|toes?|thumbs?|fingers?|disc|discs|nerve|tendon|ligament|forearm|thigh|calf|"
    r"native coronary artery|trunk|abdomen|pelvis|pregnancy|childhood|newborn|bladder|kidney|liver|thyroid|esophagus|stomach|sides?)"
)
_NOT_BEFORE = re.compile(
    r"[\s\-]+(?:panel|clinic|specialists?|foundation|screen(?:ing)?|tests?|testing|medications?|department|center|centre|program(?:me)?|group|scale|score|"
    r"index|inventory|questionnaire|unit|team|management|disability index|associates|institute|society|relief|diary|severity|log|rating|alerts?|dogs?|response|scores?|levels?|prevention|drugs?|pills?|shoes?|support|educat\w+|supplies|socks|surger\w+|surgeons?|carriers?|serolog\w+|antibod\w+|biops\w+|markers?|work-?ups?|titers?|imaging|cultures?|swabs?)\b", re.I)  # fmt: skip
_NUMBERED = re.compile(r"-(?:[A-Z]{1,4}-)?\d{3,}")
"""Behind letters that begin a licence or a number of the file: 'ALS-PT-2210'."""
_BEHIND = re.compile(
    rf"(?:\s+(?:of|in|at|affecting|on)\s+{_ANATOMY}(?:\s+and\s+{_ANATOMY})?|,?\s+(?:type|class|stage|grade|level)\s+(?:\d[a-c]?|I{{1,3}}|IV)(?!\w)"
    r"|\s+(?:at|of)\s+[LTCS]\d{1,2}(?:[-/][LTCS]?\d{1,2})?|,?\s+with(?:out)? (?:aura|status migrainosus|agoraphobia|exacerbation)"
    r"|,\s+(?:left|right|bilateral|both (?:feet|knees|hips|hands|shoulders|sides|legs|eyes|ears)|class \d|type \d|severe|moderate|mild|recurrent|intractable|not intractable|generalized|chronic)(?!\w)){1,3}",
    re.I,
)


@dataclass(frozen=True)
class Mention:
    """A condition at text[start:end], with the code written beside it. `how`: coded, labelled, ticked or prose; `kind`
    d for a disease, s for a sign, symptom or complaint."""

    text: str
    start: int
    end: int
    how: str
    code: icd10.Code | None = None
    code_start: int = 0
    code_end: int = 0
    because: str = ""
    kind: str = "d"


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(
        files("pipeline.parse").joinpath("data/conditions.yaml").read_text(encoding="utf-8")
    )
    return data


@lru_cache(maxsize=1)
def _heads() -> str:
    return "|".join("|".join(row.split("|")) for row in _lexicon()["heads"])


@lru_cache(maxsize=1)
def _suffixes() -> str:
    return "|".join(_lexicon()["suffixes"])


@lru_cache(maxsize=1)
def modifiers() -> frozenset[str]:
    """Words that belong to a condition's name when they stand before it."""
    return frozenset(w for row in _lexicon()["modifiers"] for w in row.split("|"))


@lru_cache(maxsize=1)
def _no_condition() -> re.Pattern[str]:
    return re.compile(r"^(?:" + "|".join(_lexicon()["not"]) + r")$", re.I)


@lru_cache(maxsize=1)
def head_word() -> re.Pattern[str]:
    """A word that is, or ends like, the noun of a condition."""
    return re.compile(rf"^(?:{_heads()}|\w{{3,}}(?:{_suffixes()}))$", re.I)


@lru_cache(maxsize=1)
def _complaint() -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(_lexicon()["complaints"]) + r")$", re.I)


@lru_cache(maxsize=1)
def _left() -> re.Pattern[str]:
    """Describing words in front of a name, back to back."""
    words = "|".join(sorted((re.escape(m) for m in modifiers()), key=lambda m: (-len(m), m)))
    number = r"(?:\d{1,2}[a-c]?|I{1,3}|IV|[LTCS]\d{1,2}(?:[-/][LTCS]?\d{1,2})?)"
    return re.compile(
        rf"(?<![\w\-])(?:(?:{words}|{number}|moderately to severely|(?:de|von|van|le)\s(?-i:[A-Z][a-zà-ÿ]+)['’]s|\w+ly (?={words})|[\w-]+-(?:induced|related|associated|resistant|dependent|proven|confirmed|documented|sensitive|deficient))[\s,/\-]{{1,2}}(?:and\s|of\s|with\s|to\s)?){{1,6}}$",
        re.I,
    )


@lru_cache(maxsize=1)
def _phrase() -> re.Pattern[str]:
    eponym = r"(?!(?:no|not|any|the|this|without|never|old|prior)\s)(?-i:(?:[A-Z][a-zà-ÿ]+[\-–])?[A-Z][a-zà-ÿ]+(?:['’]s)?)\s(?:[a-z]+\s)?(?:syndrome|disease|palsy|sclerosis|dystrophy|phenomenon|disorder|deformity|contracture|fracture|tendinitis|neuroma|lymphoma)"
    vague = r"(?:back|neck|knee|hip|foot|joint|heart|skin|sleep|stomach|shoulder|breathing|bowel|bladder|balance|weight) (?:problems?|issues|troubles?)"
    head = rf"(?:{eponym}|{vague}|{_heads()}|\w{{3,}}(?:{_suffixes()}))"
    return re.compile(rf"(?<![\w\-])(?:{head})(?![\w])(?:[\s/\-]+(?:{head})(?![\w]))*", re.I)


def prose_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of condition phrases in running text."""
    for first, last, _ in named_in(text, start, end):
        yield first, last


def named_in(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Spans of condition phrases in running text, with their kind (d disease, s complaint)."""
    reached = start
    for first, last in _cores(text, start, end):
        if first < reached:
            continue
        begin, finish = _widened(text, first, last, max(start, reached), end)
        flat = " ".join(text[begin:finish].split())
        if len(flat) < 2 or _no_condition().match(flat) or _NOT_BEFORE.match(text[finish : finish + 24]) or _NUMBERED.match(text, finish):
            continue
        reached = finish
        yield begin, finish, "s" if _complaint().search(flat) else "d"


def _cores(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Known names and words that end like one, overlapping ones joined, in order."""
    spans = [(a, b) for a, b, _ in conditions.names_in(text, start, end)]
    spans += [m.span() for m in _phrase().finditer(text, start, end)]
    joined: list[tuple[int, int]] = []
    for a, b in sorted(spans):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        elif joined and re.fullmatch(r"[\s\-]", text[joined[-1][1] : a]):
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return joined


def _widened(text: str, first: int, last: int, floor: int, end: int) -> tuple[int, int]:
    """A name with the words that describe it on both sides."""
    left = _left().search(text[max(floor, first - 90) : first])
    begin = first - len(left.group()) if left else first
    lead = re.match(r"(?:(?:and|of|with|to|left(?=\s+with\s)|\d{1,2}|I)[\s,]+)+(?!diabet)", text[begin:first])
    begin += lead.end() if lead else 0
    behind = _BEHIND.match(text, last, end)
    return begin, behind.end() if behind else last


def is_condition(text: str) -> bool:
    """Whether a short text names a condition."""
    return any(True for _ in prose_in(text, 0, len(text)))
