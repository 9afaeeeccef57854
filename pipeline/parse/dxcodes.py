"""Diagnosis codes as written, and the condition's name that stands beside each.

Belongs here: telling an ICD-10-CM code from a billing code, a room or a form number, and where the name before or
behind it begins and ends. Does not belong here: conditions named without a code (mentions), what is asserted (diagnoses).
"""

import re
from dataclasses import dataclass

from pipeline.codes import conditions, icd10
from pipeline.parse.mentions import head_word, modifiers

_DOTTED = re.compile(
    r"(?<![\w.\-/$#])(?P<code>[A-TV-Z|l0-9][0-9OIl|SB][0-9OIl|SBAab]\s?[.,]\s?[0-9A-Za-z|]{1,4})(?![\w%]|\.\d|-\d)"
)
_BARE = re.compile(r"(?<![\w.\-/$#])(?P<code>[A-TV-Z][0-9O][0-9OAB](?:[0-9][0-9A-Z]{0,3})?)(?![\w\-/%]|\.\d)")
_LOST = re.compile(r"(?<=[(\[])(?P<code>[1l|][\dOo]{2})(?=[)\]])")
"""A three-character code in brackets whose I was read as a digit: '(110)' behind 'hypertension'."""
_LOST_LABELLED = re.compile(
    r"\bicd[- ]?10(?:[- ]?cm)?(?: ?(?:diagnosis )?codes?)?\s*[:#(\-]*\s*(?P<code>[1l|][\dOo]{2})(?![\w%]|[.,\-/]\w)", re.I
)
"""The same behind a label for ICD-10: 'ICD-10: 110'. The label of ICD-9, whose 110 is a code of its own, is none."""
_HCPCS = re.compile(r"^[A-V]\d{4}$")
_CODE_CONTEXT = re.compile(
    r"(?:icd(?:[- ]?10)?(?:[- ]?cm)?(?: codes?)?|dx|diagnos[ie]s(?: codes?)?)\s*[:#(\-]*\s*$", re.I
)
_OLD_CONTEXT = re.compile(r"\bicd[- ]?9(?:[- ]?cm)?(?: ?(?:diagnosis )?codes?)?\s*[:#(\-]*\s*$", re.I)
_OLD = re.compile(
    r"(?:\bicd[- ]?9(?:[- ]?cm)?(?: ?(?:diagnosis )?codes?)?\s*[:#(\-]*\s*(?P<code>(?:\d{3}|V\d{2})(?:\.\d{1,2})?))(?![\w%]|-\d)|"
    r"(?:\b(?:dx|diagnos[ie]s)(?: codes?)?\s*[:#(\-]*\s*|[a-z]{4} \()(?P<bare>\d{3}\.\d{1,2})(?![\w%]|-\d)",
    re.I,
)
_OTHER_CONTEXT = re.compile(
    r"(?:cpt|hcpcs|form|room|unit|suite|ste|bldg|apt|vitamin|level|from|at|lic\w*\.?|no\.?|box|hwy|route)\s*[:#.]*\s*$",
    re.I,
)
_TAIL = re.compile(
    r"[\s,(\[:–—\-]*(?:(?:ICD(?:[- ]?(?:10|9))?(?:[- ]?CM)?|code|codes|dx)\s*[:#]?\s*)*[\s,(\[:–—\-]*$", re.I
)
_CONNECT = frozenset(
    """of the with without due to and in at on not both following secondary from for by status a an type class stage
    grade or, &""".split()  # noqa: SIM905
)
_VERBS = frozenset(
    """has have had is was are were be been being diagnosed diagnosis diagnoses carries suffers suffer suffering
    includes including include shows showed she he they who which that patient patients mr mrs ms dr her his my our
    this these those treat treats treatment treating treated found meets criteria because since experiences
    developed presents presented under for known also remains continues sees me i related confirmed consistent dx
    principal main assessment impression condition addressed referred managed see seen as regarding history re
    followed evaluated problem problems reports reported excludes pain: please request requesting""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class CodeMention:
    """A diagnosis code as written at text[start:end]."""

    code: icd10.Code
    start: int
    end: int
    repaired: bool


def codes_in(text: str, start: int, end: int, labelled: bool = False) -> list[CodeMention]:
    """ICD-10-CM codes in text[start:end]. A bare five-character letter-and-digits is a HCPCS code unless `labelled`
    or a word for diagnosis stands before it."""
    found: list[CodeMention] = []
    for match in _DOTTED.finditer(text, start, end):
        code = icd10.read(match["code"])
        if code is not None and _is_diagnosis(text, match, code, labelled):
            found.append(CodeMention(code, match.start("code"), match.end("code"), code.code != match["code"].upper()))
    for match in _LOST.finditer(text, start, end):
        code = icd10.read(match["code"])
        before = re.split(r"[.;]\s", text[max(0, match.start() - 60) : match.start()])[-1]
        if code is not None and agrees(code, before):
            found.append(CodeMention(code, match.start("code"), match.end("code"), True))
    for match in _LOST_LABELLED.finditer(text, start, end):
        code = icd10.read(match["code"])
        if code is not None and code.billable and not any(a.start == match.start("code") for a in found):
            found.append(CodeMention(code, match.start("code"), match.end("code"), True))
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


def _is_diagnosis(text: str, match: re.Match[str], code: icd10.Code, labelled: bool) -> bool:
    """A code with its letter is one; one whose letter was read as a digit must stand under a label or in brackets right
    behind a name that it fits, and is none where its digits are an ICD-9 code for which no name speaks."""
    if match["code"][0].isalpha():
        return not _OLD_CONTEXT.search(text[max(0, match.start() - 24) : match.start()])
    before = re.split(r"[.;]\s|\n\s*\n", text[max(0, match.start() - 90) : match.start()])[-1]
    fits = agrees(code, before)
    if icd10.is_icd9(re.sub(r"\s", "", match["code"])):
        return fits and not _OLD_CONTEXT.search(before[-24:])
    named = labelled or bool(_CODE_CONTEXT.search(before[-24:]))
    return named or (fits and before.rstrip()[-1:] in ("(", "["))


def old_codes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Places of ICD-9-CM codes: announced as such, or of their shape under a word for diagnosis and none of ICD-10-CM."""
    taken = [(c.start, c.end) for c in codes_in(text, start, end, True)]
    spans = [m.span("code" if m["code"] else "bare") for m in _OLD.finditer(text, start, end)]
    return [(a, b) for a, b in spans if not any(c < b and a < d for c, d in taken)]


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
        if following == "with" and n == first and n + 2 < len(tokens) and not head_word().match(word.strip(",")):
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
    return _stem(word) in known or word in modifiers() or bool(head_word().match(word)) or word in ("bmi",) or \
        bool(re.fullmatch(r"[ltcs]\d{1,2}(?:[-/][ltcs]?\d{1,2})?", word))  # fmt: skip


_GENERIC = frozenset(["pain", "disease", "disord", "syndrom", "injury", "chroni", "acute", "primar", "left", "right", "unspec", "bilate", "lower", "upper", "other", "type", "with", "withou", "due"])


def agrees(code: icd10.Code, words: str) -> bool:
    """Whether a condition's name and a code speak of one thing: the code the name suggests is of the same category, or
    the name shares a telling word with the code's description."""
    entry = conditions.named(words)
    if entry is not None and entry.code[:3] == code.code[:3]:
        return True
    stems = {_stem(w) for w in re.findall(r"[a-z]+", words.lower()) if len(w) > 2}
    return any(len(s) > 3 and s[:6] not in _GENERIC for s in stems & _description_words(code))


def announces_name(text: str, at: int) -> bool:
    """Whether a dash, colon, equals sign or bracket joins what follows to the code that ends at text[at]."""
    return bool(re.match(r"[\s)\]]*(?:[\-–—:=|(]|\s[A-Z][a-z])", text[at : at + 6]))


def phrase_after(text: str, at: int, ceiling: int) -> tuple[int, int] | None:
    """The name that follows a code: 'M17.11 - primary osteoarthritis, right knee'."""
    match = re.match(r"[\s)\]]*[\-–—:,=|]*\s*(?P<name>[A-Za-z][^;.()\n\f]{3,90})", text[at:ceiling])
    if match is None:
        return None
    name = re.split(r"\s(?:ICD|and\s+[A-Z]\d\d)|,\s*(?=[A-Z]\d\d)", match["name"])[0].rstrip(" ,-–—")
    start = at + match.start("name")
    return (start, start + len(name))
