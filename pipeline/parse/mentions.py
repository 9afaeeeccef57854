"""Conditions named in the text: with a code beside them, under a label, in a ticked box, or in prose.

Belongs here: where a condition's name begins and ends. Does not belong here: whether it is asserted (diagnoses).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from pipeline.codes import icd10

_DOTTED = re.compile(
    r"(?<![\w.\-/$#])(?P<code>[A-TV-Z|l0-9][0-9OIl|SB][0-9OIl|SBAab]\s?[.,]\s?[0-9A-Za-z|]{1,4})(?![\w%]|\.\d|-\d)"
)
_BARE = re.compile(r"(?<![\w.\-/$#])(?P<code>[A-TV-Z][0-9O][0-9OAB](?:[0-9][0-9A-Z]{0,3})?)(?![\w\-/%]|\.\d)")
_HCPCS = re.compile(r"^[A-V]\d{4}$")
_CODE_CONTEXT = re.compile(
    r"(?:icd(?:[- ]?10)?(?:[- ]?cm)?(?: codes?)?|dx|diagnos[ie]s(?: codes?)?)\s*[:#(\-]*\s*$", re.I
)
_OTHER_CONTEXT = re.compile(
    r"(?:cpt|hcpcs|form|room|unit|suite|ste|bldg|apt|vitamin|level|from|at|lic\w*\.?|no\.?|box|hwy|route)\s*[:#.]*\s*$",
    re.I,
)
_TAIL = re.compile(
    r"[\s,(\[:–—\-]*(?:(?:ICD(?:[- ]?(?:10|9))?(?:[- ]?CM)?|code|codes|dx)\s*[:#]?\s*)*[\s,(\[:–—\-]*$", re.I
)
_CONNECT = frozenset(
    [
        "of",
        "the",
        "with",
        "without",
        "due",
        "to",
        "and",
        "in",
        "at",
        "on",
        "not",
        "both",
        "following",
        "secondary",
        "from",
        "for",
        "by",
        "status",
        "a",
        "an",
        "type",
        "class",
        "stage",
        "grade",
        "or,",
        "&",
    ]
)
_VERBS = frozenset(
    [
        "has",
        "have",
        "had",
        "is",
        "was",
        "are",
        "were",
        "be",
        "been",
        "being",
        "diagnosed",
        "diagnosis",
        "diagnoses",
        "carries",
        "suffers",
        "suffer",
        "suffering",
        "includes",
        "including",
        "include",
        "shows",
        "showed",
        "she",
        "he",
        "they",
        "who",
        "which",
        "that",
        "patient",
        "patients",
        "mr",
        "mrs",
        "ms",
        "dr",
        "her",
        "his",
        "my",
        "our",
        "this",
        "these",
        "those",
        "treat",
        "treats",
        "treatment",
        "treating",
        "treated",
        "found",
        "meets",
        "criteria",
        "because",
        "since",
        "experiences",
        "developed",
        "presents",
        "presented",
        "under",
        "for",
        "because",
        "known",
        "also",
        "remains",
        "continues",
        "sees",
        "me",
        "i",
        "related",
        "confirmed",
        "consistent",
        "dx",
        "principal",
        "main",
        "assessment",
        "impression",
        "condition",
        "being",
        "addressed",
        "referred",
        "managed",
        "see",
        "seen",
        "as",
        "regarding",
        "history",
        "re",
        "followed",
        "evaluated",
        "problem",
        "problems",
        "reports",
        "reported",
        "excludes",
        "pain:",
        "please",
        "request",
        "requesting",
    ]
)
_ANATOMY = (
    r"(?:the |her |his |their |both |bilateral |left |right |lower |upper |lumbar |cervical |thoracic |dominant )*"
    r"(?:spine|back|neck|knees?|hips?|shoulders?|feet|foot|ankles?|wrists?|hands?|elbows?|heels?|legs?|arms?|jaw|region|joints?|extremit(?:y|ies)|"
    r"limbs?|lungs?|heart|colon|breast|skin|face|nose|scalp|eyes?|ears?|toes?|thumbs?|fingers?|disc|discs|nerve|tendon|ligament|forearm|thigh|calf|"
    r"native coronary artery|trunk|abdomen|pelvis|pregnancy|childhood|newborn|bladder|kidney|liver|thyroid|esophagus|stomach)"
)


_NOT_BEFORE = re.compile(
    r"[\s\-]+(?:panel|clinic|specialists?|foundation|screen(?:ing)?|tests?|testing|medications?|department|center|centre|program(?:me)?|group|scale|score|"
    r"index|inventory|questionnaire|unit|team|management|disability index|associates|institute|society|relief|diary|severity|log|rating|scores?|levels?|prevention)\b", re.I)  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """A condition at text[start:end], with the code written beside it. `how`: coded, labelled, ticked or prose."""

    text: str
    start: int
    end: int
    how: str
    code: icd10.Code | None = None
    code_start: int = 0
    code_end: int = 0
    because: str = ""


@dataclass(frozen=True)
class CodeMention:
    """A diagnosis code as written at text[start:end]."""

    code: icd10.Code
    start: int
    end: int
    repaired: bool


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
def _modifiers() -> frozenset[str]:
    return frozenset(w for row in _lexicon()["modifiers"] for w in row.split("|"))


@lru_cache(maxsize=1)
def _no_condition() -> re.Pattern[str]:
    return re.compile(r"^(?:" + "|".join(_lexicon()["not"]) + r")$", re.I)


@lru_cache(maxsize=1)
def _head_word() -> re.Pattern[str]:
    return re.compile(rf"^(?:{_heads()}|\w{{3,}}(?:{_suffixes()}))$", re.I)


@lru_cache(maxsize=1)
def _phrase() -> re.Pattern[str]:
    modifiers = "|".join(sorted((re.escape(m) for m in _modifiers()), key=lambda m: (-len(m), m)))
    number = r"(?:\d{1,2}|I{1,3}|IV|[LTCS]\d{1,2}(?:[-/][LTCS]?\d{1,2})?)"
    eponym = r"(?-i:(?:[A-Z][a-zà-ÿ]+[\-–])?[A-Z][a-zà-ÿ]+(?:['’]s)?)\s(?:[a-z]+\s)?(?:syndrome|disease|palsy|sclerosis|dystrophy|phenomenon|disorder|deformity|contracture|fracture|tendinitis|neuroma|lymphoma)"
    vague = r"(?:back|neck|knee|hip|foot|joint|heart|skin|sleep|stomach|shoulder|breathing|bowel|bladder|balance|weight) (?:problems?|issues|troubles?)"
    head = rf"(?:{eponym}|{vague}|{_heads()}|\w{{3,}}(?:{_suffixes()}))"
    return re.compile(
        rf"(?<![\w\-])(?P<phrase>(?:(?:{modifiers}|{number})[\s,/\-]{{1,2}}(?:and\s|of\s|with\s)?){{0,6}}(?:{head})(?![\w])"
        rf"(?:[\s/\-]+(?:{head})(?![\w]))*"
        rf"(?:\s+(?:of|in|at|affecting)\s+{_ANATOMY}(?:\s+and\s+{_ANATOMY})?|\s+(?:type|class|stage|grade)\s+(?:\d|I{{1,3}}|IV)|\s+(?:at|of)\s+[LTCS]\d{{1,2}}(?:[-/][LTCS]?\d{{1,2}})?)?"
        rf"(?:,\s+(?:left|right|bilateral|both (?:feet|knees|hips|hands|shoulders|sides)|class \d|type \d|severe|moderate|mild)(?![\w]))?)",
        re.I,
    )


def codes_in(text: str, start: int, end: int, labelled: bool = False) -> list[CodeMention]:
    """ICD-10-CM codes in text[start:end]. A bare five-character letter-and-digits is a HCPCS code unless `labelled`
    or a word for diagnosis stands before it."""
    found: list[CodeMention] = []
    for match in _DOTTED.finditer(text, start, end):
        code = icd10.read(match["code"])
        if code is not None and (
            match["code"][0].isalpha()
            or labelled
            or _CODE_CONTEXT.search(text[max(0, match.start() - 24) : match.start()])
        ):
            found.append(CodeMention(code, match.start("code"), match.end("code"), code.code != match["code"].upper()))
    for match in _BARE.finditer(text, start, end):
        if any(a.start < match.end() and match.start() < a.end for a in found):
            continue
        before = text[max(0, match.start() - 24) : match.start()]
        near = labelled or bool(_CODE_CONTEXT.search(before))
        if not near and (_HCPCS.match(match["code"]) or _OTHER_CONTEXT.search(before) or not _enclosed(text, match)):
            continue
        code = icd10.read(match["code"])
        if code is not None:
            found.append(CodeMention(code, match.start("code"), match.end("code"), False))
    return sorted(found, key=lambda c: c.start)


def _enclosed(text: str, match: re.Match[str]) -> bool:
    """A bare code counts in brackets, at a line's start or end, or behind a comma or dash."""
    before, after = text[: match.start()].rstrip(" "), text[match.end() :].lstrip(" ")
    return before[-1:] in "(,;-–—:[\n\f/" or after[:1] in ")];\n\f-–—:" or after[:2] == ". "


def phrase_before(text: str, floor: int, at: int, code: icd10.Code) -> tuple[int, int] | None:
    """The condition's name that ends where a code begins (at text[at]), not reaching before text[floor]."""
    stop = at - len(_TAIL.search(text[floor:at]).group()) if _TAIL.search(text[floor:at]) else at  # type: ignore[union-attr]
    chunk = text[floor:stop]
    cut = max(
        (m.end() for m in re.finditer(r"[;:(\[\f]|\.\s|\n(?=\s*(?:\d+[.)]|[•\-*☒☐]))|\)\s*,?\s*(?:and\s)?", chunk)),
        default=0,
    )
    tokens = list(re.finditer(r"\S+", chunk[cut:]))
    if not tokens:
        return None
    known = _description_words(code)
    first = _leftmost(tokens, known)
    if first is None:
        return None
    first = _past_lead(tokens, first)
    begin = floor + cut + tokens[first].start()
    last = tokens[-1].end()
    phrase = chunk[cut + tokens[first].start() : cut + last].rstrip(" ,.-–—")
    return (begin, begin + len(phrase)) if phrase else None


def _past_lead(tokens: list[re.Match[str]], first: int) -> int:
    """Passes over what runs into the name from before: 'old with', 'left with', 'primary, and'."""
    for n in range(first, len(tokens) - 1):
        word, following = tokens[n].group().lower(), tokens[n + 1].group().lower()
        if word.endswith(",") and following in ("and", "or") and n + 2 < len(tokens):
            return _past_lead(tokens, n + 2)
        if following == "with" and n == first and n + 2 < len(tokens) and not _head_word().match(word.strip(",")):
            return n + 2
    return first


def _description_words(code: icd10.Code) -> frozenset[str]:
    parent = icd10.look_up(code.code[:3])
    words = f"{code.description} {parent.description if parent else ''}".lower()
    return frozenset(_stem(w) for w in re.findall(r"[a-z]+", words) if len(w) > 2)


def _stem(word: str) -> str:
    plain = re.sub(r"[^a-z]", "", word.lower())
    return re.sub(r"(?:ic|al|ous|ies|es|s|y|e|ed|ing)$", "", plain)[:7] if len(plain) > 4 else plain


def _leftmost(tokens: list[re.Match[str]], known: frozenset[str]) -> int | None:
    """The first token of the name, walking back from the code over known words with short gaps between them."""
    first: int | None = None
    gap = 0
    for n in range(len(tokens) - 1, max(-1, len(tokens) - 18), -1):
        word = tokens[n].group().strip(",.()'’\"").lower()
        belongs = _belongs(word, known)
        if belongs:
            first, gap = n, 0
            continue
        if word in _VERBS and word not in ("for",):
            break
        if word in _CONNECT or word.isdigit():
            gap += 0
        else:
            gap += 1
        if gap > (3 if first is not None else 4) or (word == "for"):
            break
    return first


def _belongs(word: str, known: frozenset[str]) -> bool:
    if word in _VERBS:
        return False
    if word in (
        "of",
        "the",
        "with",
        "and",
        "to",
        "due",
        "in",
        "at",
        "on",
        "for",
        "or",
        "without",
        "not",
        "a",
        "an",
        "by",
    ):
        return False
    return _stem(word) in known or word in _modifiers() or bool(_head_word().match(word)) or word in ("bmi",) or \
        bool(re.fullmatch(r"[ltcs]\d{1,2}(?:[-/][ltcs]?\d{1,2})?", word))  # fmt: skip


def phrase_after(text: str, at: int, ceiling: int) -> tuple[int, int] | None:
    """The name that follows a code: 'M17.11 - primary osteoarthritis, right knee'."""
    match = re.match(r"[\s)\]]*[\-–—:,=|]*\s*(?P<name>[A-Za-z][^;.()\n\f]{3,90})", text[at:ceiling])
    if match is None:
        return None
    name = re.split(r"\s(?:ICD|and\s+[A-Z]\d\d)|,\s*(?=[A-Z]\d\d)", match["name"])[0].rstrip(" ,-–—")
    start = at + match.start("name")
    return (start, start + len(name))


def prose_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of condition phrases in running text."""
    for match in _phrase().finditer(text, start, end):
        phrase = match["phrase"]
        flat = " ".join(phrase.split())
        if _no_condition().match(flat) or len(flat) < 3:
            continue
        if _NOT_BEFORE.match(text[match.end("phrase") :][:24]):
            continue
        lead = re.match(r"(?:(?:and|of|with|\d{1,2})[\s,]+)+", phrase)
        shift = lead.end() if lead else 0
        if _no_condition().match(" ".join(phrase[shift:].split())):
            continue
        yield match.start("phrase") + shift, match.end("phrase")


def is_condition(text: str) -> bool:
    """Whether a short text names a condition."""
    return any(True for _ in prose_in(text, 0, len(text)))
