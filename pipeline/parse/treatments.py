"""Prior treatments: what the letter says was tried, and what it names without its having been tried.

Belongs here: where a treatment's name begins and ends, and whether the words around it say that it was tried. Does
not belong here: whether that was enough (justify), what is asked for (items). Lexica: data/treatments.yaml (wording,
therapies, devices), data/drugs.csv.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Candidate, DocumentText, Evidence, FieldValue
from pipeline.parse.cues import Reading, lexicon, readings
from pipeline.parse.drug_names import drugs
from pipeline.parse.lines import Sentence
from pipeline.parse.treatment_clauses import beside_failure, in_use, short_entry, with_companions
from pipeline.parse.treatment_names import (
    VERBISH,
    counted,
    drug_form,
    lexical,
    names_treatment,
    phrase,
    pieces,
    plausible,
    trim,
    with_part,
)
from pipeline.parse.treatment_regions import Region, falls_short, past_heading, regions_of, stop_after, stop_before
from pipeline.parse.treatment_tables import Cell
from pipeline.parse.treatment_verbs import dated, goes_well, was_had

FIELD = "prior_treatments"
_INSIDE = re.compile(r" (?:with|of|on|in|for|by|at) (?:an? |the |her |his )?")
_OUTCOME_ALONE = re.compile(r"^\W*(?:these|those|they|none|neither|both|all|each|nothing|no|without|with|minimal|little|limited|partial|temporary|response|results?|outcome|only|still|pain|symptoms?)\b")
"""How a sentence opens that says what came of the treatments named right before it."""
_ACTIVE = re.compile(r"\s*(?:(?:has|have|had|also|already|first|previously|then|both) )*(?:tried|triall?ed|attempted|failed(?! to\b)(?=\s\w)|used|taken|took|worn)\b(?! without)")
_PATIENT = re.compile(r"\b(?:he|she|his|her|him|hers|(?:this|our|my|the) (?:patient|member|child|client)|mr|mrs|ms|mx|pt|i|we)\b")
_DASHED = re.compile(r"\s[-–—]+\s*$")
"""What parts a name from what came of it: 'phentermine - palpitations'."""
_IS_NOT = re.compile(r"\b(?:is|are|was) (?:not|no) (?:an? |the )?$")
_TRIAL_RUN = re.compile(r".*\b(?:borrowed|loaned?|loaner|demo|demonstration|samples?) [a-z]")
_PERSON = re.compile(r"[A-Z][a-z]+(?: [A-Z]\.)? [A-Z][a-z-]+")
_CAUSE = re.compile(r"\b(?:because of|due to|owing to|on account of|for fear of|in view of|during|between|documentation of|proof of|records? of) (?:(?:her|his|their|the|an?|abnormal|raised|elevated|first|last|two|three|these) )*$")
_TO_ASK = re.compile(r"\b(?:to (?:request|ask for|seek)|requesting|asking for|request(?:s|ed)? (?:coverage|approval|authorization)|(?:coverage|approval|authorization) (?:of|for))\b")
_TOLD = re.compile(r"\b(?:because|since|after|despite|tried|failed|had|has|have|did|does|was|were|given|following|instead|rather|but|whereas|while|where)\b|[;:]")
"""What in a request may turn to what was tried."""
_SLOT = re.compile(r"\[[^\]]*\]|\{[^}]*\}|<<?[^>]*>>?|«[^»]*»|@\w+@")
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
    document: DocumentText,
    sentences: Sequence[Sentence],
    *,
    topics: Mapping[int, str] | None = None,
    asked: Sequence[str] = (),
    cells: Sequence[Cell] = (),
) -> FieldValue:
    """The treatments tried, as one candidate whose value is a tuple of names as written, counts and doses dropped;
    each treatment named but not tried is a rejected candidate with its reason.

    `topics` tells which sentences answer a label, by index (see `cues.TOPICS`); `asked` names the items asked for, which
    weak words alone do not make a trial; `cells` are the names in tables of treatments and their results. No treatment
    at all: no candidates.
    """
    made = readings(sentences, topics or {})
    tests = _asks_for_test(document, sentences)
    found = [named for n, reading in enumerate(made) for named in _in_sentence(document, reading, tests, _outcome_follows(made, n), made[n + 1].text if n + 1 < len(made) else "")]
    found = [named for named in found if not any(c.start <= named.start < c.row_end for c in cells)]
    found += [Named(" ".join(document.text[c.start : c.end].split()), c.start, c.end, 0.93, "stands in a table of treatments and results", c.because_not) for c in cells]
    own = [_key(name) for name in asked]
    found = [_asked_for(named, own) for named in found]
    tried = _distinct([n for n in found if n.rejected is None])
    refused = [n for n in _distinct([n for n in found if n.rejected is not None]) if not _known(n, tried)]
    return FieldValue(name=FIELD, candidates=_candidates(document, tried, refused))


def _outcome_follows(made: Sequence[Reading], n: int) -> bool:
    """Whether the sentence behind says what came of what this one names: 'ice, heel cups, naproxen' 'no relief'."""
    if n + 1 >= len(made):
        return False
    text = made[n + 1].text
    return len(text.split()) <= 14 and bool(_OUTCOME_ALONE.match(text)) and lexicon("justify")["failed"].search(text) is not None


def _asked_for(named: Named, own: Sequence[frozenset[str]]) -> Named:
    """A name that is an item asked for counts only when strong words say that it was tried."""
    weak = named.rejected is None and named.because.startswith(("stands before", "is named", "stands under", "is an earlier test"))
    if weak and any(_key(named.name) <= key for key in own):
        return replace(named, rejected="is what the letter asks for")
    return named


def _asks_for_test(document: DocumentText, sentences: Sequence[Sentence]) -> bool:
    """Whether the item asked for is itself a test, so that earlier tests count; read on the sentences' pages."""
    pages = sorted({s.page for s in sentences})
    text = " ".join(word.text for n in pages for word in document.page(n).words).lower()
    return lexicon("treatments")["test_request"].search(text) is not None


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
            Candidate(
                value=(named.name,),
                confidence=0.0,
                because="names a treatment",
                evidence=evidence,
                rejected_because=named.rejected,
            )
        )
    return tuple(made)


def _in_sentence(document: DocumentText, reading: Reading, tests: bool, outcome: bool, follows: str) -> Iterator[Named]:
    cues, flags = lexicon("treatments"), lexicon("justify")
    text = reading.text
    if flags["instruction"].search(text) or flags["nothing"].match(text) or reading.label:
        return
    seen: list[tuple[int, int]] = [m.span() for m in _SLOT.finditer(text) if m.group()[0] != "[" or re.search(r"insert|delete|list|describe|enter", m.group())]
    if reading.topic == "tried" and (begin := past_heading(text)):
        seen.append((0, begin))
    for region in regions_of(reading, tests, outcome):
        for start, end, sure in _items(text, region, tests):
            if any(start < b and a < end for a, b in seen):
                continue
            if not sure and _PERSON.fullmatch(document.text[slice(*reading.span(start, end))]):
                continue
            seen.append((start, end))
            yield _judged(document, reading, start, end, sure, region.because)
    for match in lexical(text, tests=False):
        start, end = phrase(text, match.start(), match.end())
        if any(start < b and a < end for a, b in seen) or cues["generic"].fullmatch(text[start:end]):
            continue
        reason = _rejection(reading, start, end) or _who(document, reading, start, end)
        inside = any(_INSIDE.fullmatch(text[b:start]) for _, b in seen) or (text[end : end + 2] == " (" and not dated(text, end) and names_treatment(text[end : text.find(")", end) + 1 or len(text)]))
        if reason is not None or (not inside and beside_failure(text, start, end)):
            seen.append((start, end))
            yield _named(document, reading, start, end, 0.75, "is named in a clause that says it fell short", reason)
        elif not inside and (in_use(text, start, end, follows) or short_entry(text, start, end, follows) or was_had(text, start, end, follows)):
            for a, b, sure in with_companions(text, start, end, seen):
                seen.append((a, b))
                yield _named(document, reading, a, b, 0.6 if sure else 0.5, "is named where something is said to fall short", None)


def _items(text: str, region: Region, tests: bool) -> Iterator[tuple[int, int, bool]]:
    """Spans of names in the region, and whether the lexicon knows each."""
    cues = lexicon("treatments")
    found: list[tuple[int, int, bool]] = []
    for start, end in pieces(text, region.start, region.end):
        whole = cues["whole"].search(text, start, end)
        if whole:
            found.append((*whole.span(), True))
            continue
        trimmed = trim(text, start, end)
        if trimmed is None:
            if not found and not region.subject:
                found.append((start, start, False))
            continue
        a, b = trimmed
        match = next(lexical(text[a:b], tests), None)
        if match is not None:
            first = _side_by_side(text, a, b, match)
            if first is not None:
                found.append((*first, True))
                match = next(lexical(text[first[1] : b], tests), None)
                a = first[1] + 1
                a, b = phrase(text[:b], a - 1 + match.start(), a - 1 + match.end(), floor=a) if match else (a, b)
            else:
                a, b = phrase(text[:b], a + match.start(), a + match.end(), floor=a)
        verbs = match is None and not region.subject and VERBISH.search(text[start:end])
        verbs = verbs or (region.subject and re.search(r"\b(?:is to|so|she|he)\b", text[b : region.end]))
        if not cues["generic"].fullmatch(text[a:b]) and not verbs:
            found.append((a, b, match is not None))
    short = falls_short(text)
    several = sum(sure for _, _, sure in found) > 1
    company = region.lists and any(sure for _, _, sure in found[:2])
    chain = True
    for a, b, sure in found:
        alone = cues["common"].fullmatch(text[a:b]) and not (several or region.strong)
        if sure and not alone and (short or not cues["surgical"].search(text[a:b])):
            yield a, b, True
        elif chain and not sure and _may_be(text, a, b, region, company) and not (company and _DASHED.search(text[region.start : a])):
            yield a, b, False
        else:
            chain = False


def _side_by_side(text: str, a: int, b: int, match: re.Match[str]) -> tuple[int, int] | None:
    """A drug with another treatment right behind it and no comma between, as people fill in forms: 'ibuprofen heat packs'."""
    end = a + match.end()
    if match.start() or text[end : end + 1] != " " or not drugs().fullmatch(text[a:end]):
        return None
    behind = next((m for m in lexical(text[end + 1 : b], False) if m.start() == 0), None)
    form = lexicon("treatments")["extension"].match(text, end + 1)
    return (a, end) if behind and form is None and not drug_form(behind.group()) else None


def _may_be(text: str, a: int, b: int, region: Region, company: bool) -> bool:
    """Whether a name that no lexicon knows counts: behind words of trying, or beside known names in a list; before a
    verb only where the verb is passive, else it names whoever tried."""
    if not plausible(text[a:b]) or re.search(r"\d\s$", text[:a]):
        return False
    if region.subject and _ACTIVE.match(text[b:]):
        return False
    return region.strong or (company and len(text[a:b].split()) <= 3)


def _judged(document: DocumentText, reading: Reading, start: int, end: int, sure: bool, because: str) -> Named:
    reason = _rejection(reading, start, end) or _who(document, reading, start, end)
    return _named(document, reading, start, end, 0.92 if sure else 0.7, because, reason)


def _who(document: DocumentText, reading: Reading, start: int, end: int) -> str | None:
    """'Pt completed': the patient, and no physical therapy."""
    a, b = reading.span(start, end)
    patient = document.text[a:b] in ("Pt", "pt") and re.match(r"\.?\s+(?:has|is|was|had|did|does|can|cannot|reports?|states?|completed|tried|failed|w/|with|underwent|used|wore|took|takes|now|still|[a-z]{3,}s)\b", document.text[b:])
    return "stands for the patient" if patient else None


def _named(
    document: DocumentText, reading: Reading, start: int, end: int, confidence: float, because: str, reason: str | None
) -> Named:
    a, b = reading.span(counted(reading.text, start, end), with_part(reading.text, start, end))
    name = re.sub(r"(?<=\w)-\s+(?=[a-z])", "-", " ".join(document.text[a:b].split()))
    return Named(name, a, b, confidence, because, reason)


def _rejection(reading: Reading, start: int, end: int) -> str | None:
    """Why the treatment at text[start:end] does not count as tried; None when nothing speaks against it."""
    cues, text = lexicon("treatments"), reading.text
    begin, stop = stop_before(text, start), stop_after(text, end)
    before = re.split(r",\s*(?:and|so)\b", text[begin:start])[-1]
    behind = re.split(r",\s*(?:and|so)\b", text[end:stop])[0]
    around = f"{before} {behind}"
    if cues["other_person"].search(text):
        return "someone else's treatment"
    if goes_well(text):
        return "is said to do its work"
    if cues["prose"].search(text) and not _PATIENT.search(text):
        return "is what the literature says"
    if cues["not_started"].search(f"{before} {text[start:end]} {behind}"):
        return "the letter says it was not tried"
    if cues["never_taken"].search(around):
        return "the letter says it could not be used or was not chosen"
    if _IS_NOT.search(before) or cues["expects"].match(text[:start]) or cues["requested"].match(behind):
        return "is no treatment that was had"
    if _TRIAL_RUN.match(text[start:end]) or _TRIAL_RUN.search(before[-12:] + text[start:end]):
        return "was a trial of what is asked for"
    if cues["unrelated"].search(text[:start]) or "unrelated" in behind:
        return "taken for another condition or only listed"
    if _CAUSE.search(text[:start]):
        return "is what something came of"
    if re.match(r"\W*(?:alone )?will (?:not|never)\b", behind):
        return "planned, requested or expected, not yet tried"
    if re.match(r"(?:requested|proposed|prescribed) ", text[start:end]):
        return "is what the letter asks for"
    if (cues["asks"].match(text) or _TO_ASK.search(text[:start])) and not _TOLD.search(text[:start]):
        return "is requested in the same sentence"
    ahead = cues["ahead"].search(before) or re.match(
        r"\W*(?:(?:and|or) [\w-]+(?: [\w-]+)? )?(?:alone )?(?:will|would(?! not\b)|can be|(?:is|are) (?:planned|requested|scheduled|needed|required)|if)\b", behind
    )
    tried = cues["strong_object"].search(before) and not re.search(r"\b(?:planned|scheduled)\b", behind)
    if ahead and not tried and (reading.topic != "tried" or cues["asks"].match(text)):
        return "planned, requested or expected, not yet tried"
    return None


def _key(name: str) -> frozenset[str]:
    plain = re.sub(r"[^a-z0-9 -]", "", name.lower())
    return frozenset(re.sub(r"(?<=[a-z]{3})(?<!s)s$", "", word) for word in _SAME.get(plain, plain).replace("-", " ").split())


def _known(named: Named, others: Sequence[Named]) -> bool:
    return any(_key(named.name) <= _key(o.name) for o in others)


def _distinct(found: Sequence[Named]) -> list[Named]:
    """Each name once, in the order of the letter; a shorter form of a name already met is the same treatment."""
    kept: list[Named] = []
    for named in sorted(found, key=lambda n: n.start):
        if not _known(named, kept):
            kept.append(named)
    return kept
