"""Names of treatments in a sentence: which words are one, and where it begins and ends.

Belongs here: lists, noun phrases, the lexica of heads and drugs. Does not belong here: whether it was tried
(treatments).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.parse.cues import lexicon
from pipeline.parse.drug_names import drugs

_SPLIT = re.compile(
    r"[,;•·]|\band/or\b|(?<!-)\band\b(?!-)|(?<!-)\bor\b(?!-)|\bplus\b|\bnor\b|\bthen\b|\bas well as\b|\b(?:along|together|combined|in combination) with\b|\bfollowed by\b|&|\+|(?<=\w{3})/(?=\w{3})|\s[-–—]+\s|\.(?=\s|$)|\(?\b[1-9]\)"
)
_WITH = re.compile(r"(?<=\w) with (?:an? |the |some )?")
_PARENS = re.compile(r"\(([^()]*)\)?")
_STOPWORDS = frozenset(
    """a an the her his their its our my this that these those he she they it we i you who which was were is are be been
    has have had did does do will would can could may might and or but of to for from with by on in at as than then so
    not no only both all also after before since until despite because although while when if tried failed tolerate
    using used takes took taken never start begin try approve use patient pt mr mrs ms dr still even alone there
    family plus visits sessions weeks months days wks times without prescribe prescribed recommend recommended request order ordered finished received completed attended underwent needed yet lately encased despite loses lost cannot take tolerates tolerated tolerate required requires request requests requesting writes write denied approve approved conventional puffs one two three four five six seven eight nine ten twelve several prior previous adequate further other more why which how when where let lets letting who whom whose because under stronger weaker bigger larger softer thicker""".split()  # noqa: SIM905
)
_INFLECTED = re.compile(r"(?!\w*(?:ss|us|is)\b)[a-z]{3,}s$")
"""A first word such as 'slides', 'rubs': no noun stands before another in the plural."""
VERBISH = re.compile(
    r"\b(?:is|are|was|were|has|have|had|did|does|do|will|would|can|could|to|not|no|cannot|he|she|they|it|we|i|you)\b"
)


def names_treatment(text: str) -> bool:
    """Whether lower-case `text` holds the name of a drug, therapy or device."""
    return next(lexical(text, tests=False), None) is not None


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The list's members: a bracket that lists names stands for them, any other bracket is left out."""
    bare = without_brackets(text[:end] + " " * (len(text) - end))
    brackets = [m for m in _PARENS.finditer(text, start, end) if _lists(m.group(1))]
    stands = {m.start() for m in brackets}
    at = start
    for stop in _stops(bare, start, end):
        if not stands.intersection(range(at, stop.start() + 1)):
            yield at, stop.start()
        at = stop.end()
    if not stands.intersection(range(at, end + 1)):
        yield at, end
    for bracket in brackets:
        at = bracket.start(1)
        for stop in _SPLIT.finditer(text, *bracket.span(1)):
            yield at, stop.start()
            at = stop.end()
        yield at, bracket.end(1)


def _stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Where a list's members part. A slash between two drugs joins one product; 'with' parts two therapies."""
    known = drugs()
    wholes = [m.span() for m in lexicon("treatments")["whole"].finditer(text, start, end)]
    made = [m for m in _SPLIT.finditer(text, start, end)
            if not any(a <= m.start() < b for a, b in wholes)
            and (m.group() != "/" or not (_DRUG_BEFORE.search(text[start : m.start()]) and (known.match(text, m.end()) or lexicon("treatments")["drug_suffix"].match(text, m.end()))))]  # fmt: skip
    made += [m for m in _WITH.finditer(text, start, end) if _therapy(text[start : m.start()]) and _second_therapy().match(text, m.end())]
    return iter(sorted(made, key=lambda m: m.start()))


_DRUG_BEFORE = re.compile(r"[a-z]{5,}$")


@lru_cache(maxsize=1)
def _second_therapy() -> re.Pattern[str]:
    """A therapy's name with at most one word before it."""
    return re.compile(rf"(?:[a-z]+-[a-z]+ |[a-z]+al )?(?:{lexicon('treatments')['therapies'].pattern})")


def _therapy(text: str) -> bool:
    return re.search(rf"(?:{lexicon('treatments')['therapies'].pattern})\W*(?:\([^)]*\))?\W*$", text) is not None


def _lists(inner: str) -> bool:
    """Whether a bracket lists treatments, and does not remark on one."""
    return (
        "," in inner and names_treatment(inner) and not re.search(r"\b(?:stopped|max|last|lost|because|due)\b", inner)
    )


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    cues = lexicon("treatments")
    while start < end:
        while start < end and not text[start].isalnum():
            start += 1
        lead = cues["lead"].match(text, start, end)
        if lead is None or lead.end() == start or _compound(text, lead.end()):
            break
        start = lead.end()
    for tail in cues["tail"].finditer(text, start, end):
        if not (text[tail.start() - 1] in "-’'" or text[tail.end() : tail.end() + 1] == "-"):
            end = tail.start()
            break
    while end > start and not text[end - 1].isalnum() and text[end - 1] != ")":
        end -= 1
    return (start, end) if end - start >= 2 else None


def _compound(text: str, at: int) -> bool:
    """A number that belongs to a name: '187-gene panel', '12-week program', 'a two-piece brace'."""
    return text[at : at + 1] == "-" and text[at + 1 : at + 2].isalpha()


def lexical(text: str, tests: bool) -> Iterator[re.Match[str]]:
    cues = lexicon("treatments")
    patterns = [cues["heads"], cues["drug_suffix"], *([cues["tests"]] if tests else [])]
    found = [*drugs().finditer(text), *(m for p in patterns for m in p.finditer(text))]
    matches = [m for m in found if not _NO_DRUG.match(text, m.end()) and not _is_verb(text, m)]
    yield from sorted(matches, key=lambda m: (m.start(), -m.end()))


_NO_DRUG = re.compile(r"[ -](?:gene|receptors?|levels?|deficien\w+|resistan\w+|antibod\w+|production|secretion|sensitiv\w+|induced|dependent|stores?|overload|pen needles|rescues?|cent(?:er|re)s?|clinics?|departments?|suites?|wards?)\b")
"""What makes a substance of a drug's name: 'insulin resistance', 'iron deficiency'."""


def drug_form(name: str) -> bool:
    """Whether a head is a form in which a drug comes: 'cream', 'injections'."""
    return re.fullmatch(r"(?:creams?|ointments?|gels?|lotions?|patch(?:es)?|drops|(?:nasal )?sprays?|rinses?|shampoos?|injections?|shots?|infusions?|inhalers?|tablets?|supplements?|formulas?|tapers?|bursts?|therapy|blocks?|pumps?|lozenges|mouthwash|dressings?|soaks?|baths?|wraps?)", name) is not None


_VERBS = frozenset(["lift", "lifts", "rest", "rests", "exercise", "exercises", "brace", "block", "blocks", "heat", "patch", "pump", "pumps", "seat", "seats", "board", "guard", "guards", "pack", "pad", "sleeve", "massage", "shop", "walk", "splint", "wrap", "pads", "filters", "filter"])
_OBJECT = re.compile(r" (?:his|her|him|them|their|it|the|an?|and lower|out|up to|\d)(?!\w)")
_ITS_REST = re.compile(r"\b(?:bed|relative|joint|cognitive|pelvic|voice|complete|activity|sports?|arm|foot|head|home)[ -]$|^$|(?:^|[,;(] |\b(?:and|or|with|of|to|plus|then|tried|despite|by|on) )$")


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """Whether a name's word is a verb here: 'cannot lift his legs', 'lets the muscles rest'."""
    if match.group().startswith("rehab"):
        return re.search(r"\b(?:in|at|from|during|to|by) (?:the |our )?$", text[: match.start()]) is not None
    if match.group() == "rest":
        return _ITS_REST.search(text[: match.start()]) is None
    return match.group() in _VERBS and bool(_OBJECT.match(text, match.end())) and re.search(r"\b(?:to|cannot|can|not|could|will|would|must|may|who|that|they|he|she|we|i|then|him|her|them) (?:\w+ )?$", text[: match.start()]) is not None


def drug_at(text: str, start: int, end: int) -> bool:
    """Whether a drug's name stands in text[start:end]."""
    return bool(drugs().search(text, start, end) or lexicon("treatments")["drug_suffix"].search(text, start, end))


_AUXILIARY = re.compile(r"(?:^|\b(?:has|have|had|he|she|they|we|i|and|who|patient|pt|parents|mother|father|family)(?: (?:also|already|then|first|only|both|\w+ly))?) $")
_FORMS = re.compile(
    r"(?:oral|topical|inhaled|intranasal|nasal|iv|im|intravenous|intramuscular|subcutaneous|subq|sublingual|transdermal|vaginal|rectal|ophthalmic|liquid|chewable|injectable|injected|depot|"
    r"nebuli[sz]ed|compounded|buffered|enteric-coated|\w+-(?:release|acting|dose|strength|formula)|basal|bolus|mealtime|daily|weekly|monthly|nightly|combined|maximal|maximum|full-dose|ferrous|sodium|potassium|calcium|magnesium|zinc|lithium|valproic|folic|tranexamic|hyaluronic|salicylic|azelaic|hormonal|systemic|continuous|maintenance|regular|plain|children['’]s|baby|extra-strength)"
)
"""The words that belong to a drug's name when they stand before it: its form, its way, its salt."""


def _of_drug(text: str, floor: int, start: int, end: int) -> int:
    """Where the name of the drug text[start:end] begins: at its form or salt, or at another drug that is written with it."""
    for _ in range(3):
        before = re.search(r"([\w'’./-]+) $", text[floor:start])
        if before is None or not (_FORMS.fullmatch(before.group(1)) or drugs().fullmatch(before.group(1))):
            break
        start = floor + before.start()
    joined = re.search(r"(?<![\w])[a-z]{4,}[-/]$", text[floor:start])
    return floor + joined.start() if joined else start


def phrase(text: str, start: int, end: int, floor: int = 0) -> tuple[int, int]:
    """The noun phrase around a known head: up to four describing words before it, its compounds behind it; before a drug
    only its form, its salt or another drug."""
    alone = _is_drug(text[start:end])
    if alone:
        start = _of_drug(text, floor, start, end)
    for _ in range(0 if alone else 4):
        before = re.search(r"([\w'’./-]+) $", text[floor:start])
        if before is None or before.group(1) in _STOPWORDS or re.fullmatch(r"[\d.,/]+|\w*[.]|[a-z]|[a-z]\d\w+", before.group(1)):
            sized = re.search(r"(?<![\w.])(?:(?:class|grade|level) )?\d+[-–]?\d* (?:mm )?$", text[floor:start])
            start = floor + sized.start() if sized and (text[start:].startswith("mmhg ") or sized.group().endswith("mm ") or sized.group()[0] in "cgl") else start
            break
        if re.fullmatch(r"[a-z]{3,}ed", before.group(1)) and _AUXILIARY.search(text[floor : floor + before.start()]):
            break
        if before.group(1) in ("out", "on", "up", "off", "down", "through", "over") or (before.group(1) in ("in",)):
            break
        start = floor + before.start()
    compound = None if alone else re.search(r"\w+[-/]$", text[floor:start])
    start = floor + compound.start() if compound else start
    while text[end : end + 1] in (" ", "-", "/"):
        if text[end] in "/-" and (joined := _second_drug(text, start, end)) is not None:
            end = joined
            continue
        if text[end] == "/":
            break
        more = next((m for m in lexical(text[end + 1 : end + 40], False) if m.start() == 0), None)
        more = more or lexicon("treatments")["extension"].match(text[end + 1 :])
        if more is None:
            break
        end += 1 + more.end()
    return start, end


_COUNTS = r"two|three|four|five|six|several"


def _is_drug(name: str) -> bool:
    return drugs().fullmatch(name) is not None or lexicon("treatments")["drug_suffix"].fullmatch(name) is not None


def _second_drug(text: str, start: int, end: int) -> int | None:
    """Where a product of two drugs ends: 'amoxicillin-clavulanate', 'carbidopa/levodopa'."""
    word = re.compile(r"[a-z]{5,}(?!\w)").match(text, end + 1)
    if word is None or not _DRUG_BEFORE.search(text[start:end]):
        return None
    salt = text[end] == "-" and re.search(r"(?:ate|ide|one|il|an|in|ine|ol)$", word.group()) and not re.search(r"(?:induced|related)$", word.group())
    return word.end() if _is_drug(word.group()) or (salt and _is_drug(text[start:end].split()[-1])) else None


def counted(text: str, start: int, end: int) -> int:
    """The start of 'three pillows': how many they are is the treatment."""
    if text[start:end] != "pillows":
        return start
    number = re.search(rf"(?<!\w)(?:{_COUNTS}) $", text[:start])
    return number.start() if number else start


_BEHIND = re.compile(r" (?:with|from|of|by|without) (?:an? |the |less |more |a borrowed )?[a-z][a-z'’-]+(?: [a-z'’-]{3,})?(?= *(?:[,.;)]|$)| (?:did|was|were|gave|made|left|brought|helped|has|have|had|only|[a-z]{3,}ed)\b)")
_NO_PART = re.compile(r"\b(?:relief|success|benefits?|improvement|results?|effects?|side|gains?|response|change|little|no|any|much|only|partial|minimal|limited|temporary|good|poor|my|our|her|his|their|me|us|him|them|dr|age|home|work|school|clinic|hospital|january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|fall|winter|then|now|last|this|that|which|mouth|hand|week\w*|month\w*|year\w*|days?|hours?|visits?|sessions?|lasting|continued|persistent|ongoing|worsening|increasing|intolerable|severe|rash|nausea|failure|treatment|therapy|use)\b")


def with_part(text: str, start: int, end: int) -> int:
    """The end of a one-word name with what says which it is: 'massage with lotion', 'exercises from a leaflet'; a drug has
    no such part."""
    if " " in text[start:end].strip() or _is_drug(text[start:end]):
        return end
    part = _BEHIND.match(text, end)
    if part is None or _NO_PART.search(part.group()) or lexicon("justify")["condition"].search(part.group()) or lexicon("justify")["body"].search(part.group()):
        return end
    return part.end()


def plausible(name: str) -> bool:
    """Whether an unknown name may be a treatment: a few words, no verb, no pronoun, not a complaint."""
    words = name.split()
    cues = lexicon("justify")
    if not 1 <= len(words) <= 4 or VERBISH.search(name) or not re.search(r"[a-z]{3}", name):
        return False
    names = lexicon("treatments")
    verbs = _INFLECTED.match(words[0]) is not None if len(words) > 1 else False
    unfit = bool(names["not_a_name"].search(name) or names["clause_words"].search(name)) or words[0] in _STOPWORDS or words[0].endswith("ly")
    unfit = unfit or verbs or (words[-1].endswith("ed") and len(words[-1]) > 4)
    vague = cues["body"].search(words[-1]) or re.search(r"(?<!\w)(?:un)?(?:safe|able|clear|likely)$", name)
    return not (unfit or vague or re.search(r"[\d,()]", name) or cues["condition"].search(name) or cues["scale"].search(name))


@lru_cache(maxsize=512)
def without_brackets(text: str) -> str:
    return _PARENS.sub(lambda m: "(" + "_" * (len(m.group()) - 2) + ")" if len(m.group()) > 1 else "_", text)
