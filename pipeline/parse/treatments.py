"""Prior treatments: what the letter says was tried, and what it names without its having been tried.

Belongs here: where a treatment's name begins and ends, and whether the words around it say that it was tried. Does
not belong here: whether that was enough (justify), what is asked for (items). Lexica: data/treatments.yaml (wording,
therapies, devices), data/drugs.csv.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.model import Candidate, DocumentText, Evidence, FieldValue
from pipeline.parse.cues import Reading, lexicon, readings
from pipeline.parse.lines import Sentence

FIELD = "prior_treatments"
_SPLIT = re.compile(
    r"[,;•·]|\band/or\b|\band\b|\bor\b|\bplus\b|\bthen\b|\bas well as\b|\bfollowed by\b|&|\+|(?<=\w{3})/(?=\w{3})|\s[-–—]+\s|\.(?=\s|$)"
)
_BOUNDARY = re.compile(
    r";|[.!?:](?=\s|$)|\s[–—-]+\s|,?\s\bbut\b|,\s*(?:which|and (?:she|he|it|they|the \w+ (?:has|have|is))|so(?! that)|she|he|they|neither|none|with)\b|\b(?:because|although|however)\b"
)
_PARENS = re.compile(r"\(([^()]*)\)?")
_STOPWORDS = frozenset(
    "a an the her his their its our my this that these those he she they it we i you who which was were is are be been has have "
    "had did does do will would can could may might and or but of to for from with by on in at as than then so not no only both "
    "all also after before since until despite because although while when if despite tried failed tolerate using used takes "
    "took patient pt mr mrs ms dr still even alone there family".split()
)
_VERBISH = re.compile(r"\b(?:is|are|was|were|has|have|had|did|does|do|will|would|can|could|to|not|no|he|she|they|it|we|i|you)\b")
_SAME = {"pt": "physical therapy", "ot": "occupational therapy", "nsaid": "nsaids"}


@dataclass(frozen=True)
class Named:
    """A treatment's name as it stands in the letter, and why it does not count (None: it was tried)."""

    name: str
    start: int
    end: int
    confidence: float
    because: str
    rejected: str | None = None


def prior_treatments(
    document: DocumentText, sentences: Sequence[Sentence], *, topics: Mapping[int, str] | None = None
) -> FieldValue:
    """The treatments tried, as one candidate whose value is a tuple of names as written, counts and doses dropped;
    each treatment named but not tried is a rejected candidate with its reason.

    `topics` tells which sentences answer a label, by index (see `cues.TOPICS`). No treatment at all: no candidates.
    """
    made = readings(sentences, topics or {})
    tests = any(lexicon("treatments")["test_request"].search(r.text) for r in made)
    found = [named for reading in made for named in _in_sentence(document, reading, tests)]
    tried = _distinct([n for n in found if n.rejected is None])
    refused = [n for n in _distinct([n for n in found if n.rejected is not None]) if not _known(n, tried)]
    return FieldValue(name=FIELD, candidates=_candidates(document, tried, refused))


def names_treatment(text: str) -> bool:
    """Whether lower-case `text` holds the name of a drug, therapy or device."""
    return next(_lexical(text, tests=False), None) is not None


def _candidates(document: DocumentText, tried: Sequence[Named], refused: Sequence[Named]) -> tuple[Candidate, ...]:
    made = []
    if tried:
        first = tried[0]
        made.append(
            Candidate(
                value=tuple(n.name for n in tried),
                confidence=round(sum(n.confidence for n in tried) / len(tried), 2),
                because=first.because,
                evidence=Evidence.at(document, first.start, first.end),
            )
        )
    for named in refused:
        evidence = Evidence.at(document, named.start, named.end)
        made.append(
            Candidate(value=(named.name,), confidence=0.0, because="names a treatment", evidence=evidence, rejected_because=named.rejected)
        )
    return tuple(made)


def _in_sentence(document: DocumentText, reading: Reading, tests: bool) -> Iterator[Named]:
    cues, flags = lexicon("treatments"), lexicon("justify")
    text = reading.text
    if flags["instruction"].search(text) or flags["nothing"].match(text):
        return
    seen: list[tuple[int, int]] = []
    for region in _regions(reading, tests):
        for start, end, sure in _items(text, region, tests):
            if any(start < b and a < end for a, b in seen):
                continue
            seen.append((start, end))
            yield _judged(document, reading, start, end, sure, region.because)
    for match in _lexical(text, tests=False):
        start, end = _phrase(text, match.start(), match.end())
        if any(start < b and a < end for a, b in seen) or cues["generic"].fullmatch(text[start:end]):
            continue
        reason = _rejection(reading, start, end)
        if reason is not None:
            seen.append((start, end))
            yield _named(document, reading, start, end, 0.0, "", reason)


@dataclass(frozen=True)
class Region:
    """A stretch of a sentence in which tried treatments stand; `strong` accepts names no lexicon knows."""

    start: int
    end: int
    strong: bool
    because: str
    subject: bool = False
    whole: bool = False


def _regions(reading: Reading, tests: bool) -> Iterator[Region]:
    cues, text = lexicon("treatments"), reading.text
    if reading.topic == "tried":
        yield Region(0, len(text), True, "stands under the heading of what was tried", whole=True)
    short = _falls_short(text)
    for key, strong in (("strong_object", True), ("past_object", False)):
        for match in cues[key].finditer(text):
            yield Region(match.end(), _stop_after(text, match.end()), strong, f"follows '{match.group().strip()}'")
    for key, strong in (("strong_subject", True), ("weak_subject", False)):
        for match in cues[key].finditer(text):
            yield Region(_stop_before(text, match.start()), match.start(), strong, f"stands before '{match.group().strip()}'", subject=True)
    if short or reading.topic == "tried":
        for match in cues["weak_object"].finditer(text):
            yield Region(match.end(), _stop_after(text, match.end()), False, "is named where the sentence says it fell short")
    if tests and cues["test_done"].search(text):
        yield Region(0, len(text), False, "is an earlier test with its result")


def _falls_short(text: str) -> bool:
    cues = lexicon("justify")
    return bool(cues["failed"].search(text) or cues["still"].search(text) or re.search(r"\bbut\b", text))


def _stop_after(text: str, at: int) -> int:
    stop = _BOUNDARY.search(_no_parens(text), at + 1)
    return stop.start() if stop else len(text)


def _stop_before(text: str, at: int) -> int:
    last = 0
    for stop in _BOUNDARY.finditer(_no_parens(text), 0, at):
        last = stop.end()
    return last


@lru_cache(maxsize=512)
def _no_parens(text: str) -> str:
    return _PARENS.sub(lambda m: "(" + "_" * (len(m.group()) - 2) + ")" if len(m.group()) > 1 else "_", text)


def _items(text: str, region: Region, tests: bool) -> Iterator[tuple[int, int, bool]]:
    """Spans of names in the region, and whether the lexicon knows each."""
    cues = lexicon("treatments")
    found: list[tuple[int, int, bool]] = []
    for start, end in _pieces(text, region.start, region.end):
        trimmed = _trim(text, start, end)
        if trimmed is None:
            if not found and not region.subject:
                found.append((start, start, False))
            continue
        a, b = trimmed
        match = next(_lexical(text[a:b], tests), None)
        if match is not None:
            a, b = _phrase(text[:b], a + match.start(), a + match.end(), floor=a)
        if not cues["generic"].fullmatch(text[a:b]) and not (region.whole and match is None and _VERBISH.search(text[start:end])):
            found.append((a, b, match is not None))
    short = _falls_short(text)
    chain = True
    for a, b, sure in found:
        if sure and (short or not cues["surgical"].search(text[a:b])):
            yield a, b, True
        elif region.strong and chain and _plausible(text[a:b]):
            yield a, b, False
        else:
            chain = False


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The list's members: a bracket that lists names stands for them, any other bracket is left out."""
    bare = _no_parens(text[:end] + " " * (len(text) - end))
    at = start
    for stop in _SPLIT.finditer(bare, start, end):
        yield at, stop.start()
        at = stop.end()
    yield at, end
    for bracket in _PARENS.finditer(text, start, end):
        inner = bracket.group(1)
        if names_treatment(inner) and not re.search(r"\b(?:stopped|max|last|lost|because|due)\b", inner):
            base = bracket.start(1)
            at = 0
            for stop in _SPLIT.finditer(inner):
                yield base + at, base + stop.start()
                at = stop.end()
            yield base + at, base + len(inner)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
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


def _lexical(text: str, tests: bool) -> Iterator[re.Match[str]]:
    cues = lexicon("treatments")
    patterns = [cues["heads"], drugs(), cues["drug_suffix"], *([cues["tests"]] if tests else [])]
    matches = [m for p in patterns for m in p.finditer(text)]
    yield from sorted(matches, key=lambda m: (m.start(), -m.end()))


@lru_cache(maxsize=1)
def drugs() -> re.Pattern[str]:
    """Drug names of data/drugs.csv as one pattern."""
    with files("pipeline.parse").joinpath("data/drugs.csv").open(encoding="utf-8") as rows:
        names = [re.escape(row["name"]) for row in csv.DictReader(rows)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(names, key=len, reverse=True))})(?!\w)")


def _phrase(text: str, start: int, end: int, floor: int = 0) -> tuple[int, int]:
    """The noun phrase around a known head: up to four describing words before it, its compounds behind it."""
    for _ in range(4):
        before = re.search(r"([\w'’./-]+) $", text[floor:start])
        if before is None or before.group(1) in _STOPWORDS or re.fullmatch(r"[\d.,/]+|\w*[.]", before.group(1)):
            break
        start = floor + before.start()
    while text[end : end + 1] in (" ", "-"):
        more = next((m for m in _lexical(text[end + 1 : end + 40], False) if m.start() == 0), None)
        if more is None:
            break
        end += 1 + more.end()
    return start, end


def _plausible(name: str) -> bool:
    """Whether an unknown name may be a treatment: a few words, no verb, no pronoun, not a complaint."""
    words = name.split()
    cues = lexicon("justify")
    if not 1 <= len(words) <= 5 or _VERBISH.search(name) or len(name) < 3:
        return False
    unfit = lexicon("treatments")["not_a_name"].search(name) or words[0] in _STOPWORDS or words[0].endswith("ly")
    return not (unfit or re.search(r"\d", name) or cues["condition"].search(name) or cues["scale"].search(name))


def _judged(document: DocumentText, reading: Reading, start: int, end: int, sure: bool, because: str) -> Named:
    reason = _rejection(reading, start, end)
    return _named(document, reading, start, end, 0.92 if sure else 0.7, because, reason)


def _named(
    document: DocumentText, reading: Reading, start: int, end: int, confidence: float, because: str, reason: str | None
) -> Named:
    a, b = reading.span(start, end)
    name = re.sub(r"(?<=\w)-\s+(?=[a-z])", "-", " ".join(document.text[a:b].split()))
    return Named(name, a, b, confidence, because, reason)


def _rejection(reading: Reading, start: int, end: int) -> str | None:
    """Why the treatment at text[start:end] does not count as tried; None when nothing speaks against it."""
    cues, text = lexicon("treatments"), reading.text
    begin, stop = _stop_before(text, start), _stop_after(text, end)
    before = re.split(r",\s*(?:and|so)\b", text[begin:start])[-1]
    behind = re.split(r",\s*(?:and|so)\b", text[end:stop])[0]
    around = f"{before} {behind}"
    if cues["other_person"].search(text):
        return "someone else's treatment"
    if cues["not_started"].search(f"{before} {text[start:end]} {behind}"):
        return "the letter says it was not tried"
    if cues["never_taken"].search(around):
        return "the letter says it could not be used or was not chosen"
    if cues["unrelated"].search(text[:start]) or "unrelated" in behind:
        return "taken for another condition or only listed"
    ahead = cues["ahead"].search(before) or re.match(r"\W*(?:alone )?(?:will|would|can be|(?:is|are) (?:planned|requested|scheduled|needed|required)|if)\b", behind)
    tried = cues["strong_object"].search(before) and not re.search(r"\b(?:planned|scheduled)\b", behind)
    if ahead and not tried and reading.topic != "tried":
        return "planned, requested or expected, not yet tried"
    return None


def _key(name: str) -> frozenset[str]:
    plain = re.sub(r"[^a-z0-9 -]", "", name.lower())
    return frozenset(_SAME.get(plain, plain).replace("-", " ").split())


def _known(named: Named, others: Sequence[Named]) -> bool:
    return any(_key(named.name) <= _key(o.name) for o in others)


def _distinct(found: Sequence[Named]) -> list[Named]:
    """Each name once, in the order of the letter; a shorter form of a name already met is the same treatment."""
    kept: list[Named] = []
    for named in sorted(found, key=lambda n: n.start):
        if not _known(named, kept):
            kept.append(named)
    return kept
