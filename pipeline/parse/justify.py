"""The four elements of a justification: which are stated, and which sentence carries each.

Belongs here: weighing the cues of data/justify.yaml within a clause (an expectation, a hedge, a number), and choosing
the sentence. Does not belong here: whether a plan demands an element (check), names of treatments (treatments).
Meaning of the elements: a bare hedge ("may help") states neither medical value nor benefit; a measure needs an
expectation beside it, not today's finding.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Candidate, DocumentText, Element, Evidence
from pipeline.model.letter import ELEMENTS
from pipeline.parse.benefits import HERS, Verdict, benefit_of, hedged, names_complaint, names_object
from pipeline.parse.cues import Reading, lexicon, readings
from pipeline.parse.elementmodel import chances
from pipeline.parse.lines import Sentence
from pipeline.parse.treatment_names import names_treatment

_STATED = 0.55
_SURE = 0.75
_LIKELY = 0.55
_PLEA = re.compile(r"\b(?:please|thank|sincerely|regards|dear|to whom|phone|fax|npi|license|signed|telephone|contact me|call me|dob|date of birth)\b")
_BY_ITS_WORDS = 0.7
"""The weight of a treatment that words of falling short stand beside; what a sentence says of the item's own work is none."""
_PAST = re.compile(r"\b(?:was|were|had|did|has|have|\w{3,}ed|took|gave|made|left|kept|fell|lost|wore|broke|came|went|not|cannot|still|only|without)\b|n['’]t\b")
_DENIES = re.compile(r"\b(?:not|no|cannot|never|nothing|without|unable|only|alone)\b|n['’]t\b")
_TREATING = re.compile(r"(?<!able )\b(?:to|will|would) (?:help )?(?:treat|manage)\b")
_SLOT = re.compile(r"\[[^\]]*\b(?:insert|delete|describe|list|enter|prior|if applicable)\b[^\]]*\]|[«{]{1,2}\w")
_KIN = re.compile(r"\W*(?:her|his|their) (?:\w+ )?(?:father|mother|brother|sister|parents?|aunt|uncle|grand\w+|family)\b")
_OWNED = re.compile(
    r"(?:necessary|needed|required|indicated|prescribed|ordered|prescribing|ordering) (?:\w+ ){0,4}?(?:for|to treat|because of|due to) "
    r"(?:this patient['’]s|the patient['’]s|my patient['’]s|her|his|their) (?!use|own|account|job|comfort|health|name|age|review|records|convenience|home|care)\w+"
)


@dataclass(frozen=True)
class Claim:
    """One sentence's claim to an element, 0..1, with its cue in plain words."""

    element: str
    weight: float
    because: str
    reading: Reading


def justify(
    document: DocumentText,
    sentences: Sequence[Sentence],
    *,
    topics: Mapping[int, str] | None = None,
    tried: Candidate | None = None,
) -> tuple[Element, ...]:
    """The four elements in the order of ELEMENTS, each with the sentence that states it best.

    `confidence` is that of the value given: of an element found, the cue's weight; of one not found, 0.9 less what the
    weak cues make likely. `topics` tells which sentences answer a label, by index (see `cues.TOPICS`);
    `tried` is the reading of the treatments tried: who names one says that it was not enough.
    """
    made = readings(sentences, topics or {})
    claims = [claim for n, reading in enumerate(made) for claim in _claims(reading, made[n - 1] if n else None)]
    claims += _named_tried(made, tried)
    claims += _likely(made, claims)
    claims += _implied(claims)
    return tuple(_element(document, name, [c for c in claims if c.element == name]) for name in ELEMENTS)


def weighed(sentences: Sequence[Sentence], topics: Mapping[int, str]) -> list[tuple[Reading, dict[str, float]]]:
    """Each sentence with the weights of what the rules claim it states."""
    made = readings(sentences, topics)
    return [
        (reading, {c.element: c.weight for c in _claims(reading, made[n - 1] if n else None)})
        for n, reading in enumerate(made)
    ]


def _named_tried(made: Sequence[Reading], tried: Candidate | None) -> list[Claim]:
    """The sentence in which the first treatment tried is named."""
    place = tried.evidence.start if tried is not None and tried.evidence is not None else -1
    return [Claim("alternatives_inadequate", 0.82, "names what was tried", r) for r in made if r.sentence.start <= place < r.sentence.end and not (hedged(r.text) and not lexicon("justify")["failed"].search(r.text))][:1]


def _implied(claims: Sequence[Claim]) -> list[Claim]:
    """Who says how the item will ease the condition has tied it to the condition."""
    if any(c.element == "medical_value" and c.weight >= _STATED for c in claims):
        return []
    benefits = [c for c in claims if c.element == "expected_benefit" and c.weight >= _SURE]
    best = max(benefits, key=lambda c: c.weight, default=None)
    return [Claim("medical_value", 0.7, "an expected benefit ties it to the condition", best.reading)] if best else []


def _likely(made: Sequence[Reading], claims: Sequence[Claim]) -> list[Claim]:
    """Where the rules are not sure that alternatives fell short: the sentences of which the fitted model thinks so.
    Measured on sentences of unseen writers it adds to this element alone; the others are the rules' own."""
    name = "alternatives_inadequate"
    if any(c.element == name and c.weight >= _SURE for c in claims):
        return []
    asked = [reading for reading in made if not _barred(reading)]
    weights: dict[int, dict[str, float]] = {id(reading): {} for reading in made}
    for claim in claims:
        weights[id(claim.reading)][claim.element] = claim.weight
    if not asked:
        return []
    likely = chances(asked, [weights[id(r)] for r in asked]) or []
    return [
        Claim(name, round(0.5 + 0.4 * chance, 2), "reads like sentences that say so", reading)
        for reading, chance in zip(asked, likely, strict=False)
        if chance >= _LIKELY
    ]


def _barred(reading: Reading) -> bool:
    """Sentences that no likeness makes a statement of this patient's treatment."""
    cues, names = lexicon("justify"), lexicon("treatments")
    text = reading.text
    return bool(
        len(text.split()) < 3
        or reading.label
        or cues["instruction"].search(text)
        or cues["nothing"].match(text)
        or cues["not_tried"].search(text)
        or names["other_person"].search(text)
        or (cues["general_prose"].search(text) and not HERS.search(text))
        or _PLEA.search(text)
        or _SLOT.search(text)
        or _only_asks(text)
    )


def _only_asks(text: str) -> bool:
    """Whether a sentence states a need and no word of what was tried or did not do."""
    cues, names = lexicon("justify"), lexicon("treatments")
    told = (cues["failed"], cues["failed_weak"], cues["tried_verb"], cues["still"], names["fell_short"], _DENIES)
    return cues["necessity"].search(text) is not None and not any(cue.search(text) for cue in told)


def _element(document: DocumentText, name: str, claims: Sequence[Claim]) -> Element:
    best = max(claims, key=lambda c: c.weight, default=None)
    if best is None:
        return Element(name=name, value=False, confidence=0.85, because="no sentence states it")
    evidence = Evidence.at(document, best.reading.sentence.start, best.reading.sentence.end)
    more = sum(1 for c in claims if c.weight >= 0.8 and c is not best)
    if best.weight < _STATED:
        return Element(
            name=name, value=False, confidence=round(1 - best.weight, 2), evidence=evidence, because=best.because
        )
    confidence = round(min(0.97, best.weight + 0.02 * more), 2)
    return Element(name=name, value=True, confidence=confidence, evidence=evidence, because=best.because)


def _claims(reading: Reading, before: Reading | None) -> Iterator[Claim]:
    cues = lexicon("justify")
    if cues["instruction"].search(reading.text) or cues["nothing"].match(reading.text) or _SLOT.search(reading.text) or reading.label:
        return
    benefit, measured = benefit_of(reading, before)
    tried = _alternatives(reading)
    if tried and not (benefit and tried[0] <= _BY_ITS_WORDS and not _PAST.search(reading.text)):
        yield Claim("alternatives_inadequate", *tried, reading)
    if benefit:
        yield Claim("expected_benefit", *benefit, reading)
    if measured:
        yield Claim("measurable_benefit", *measured, reading)
    value = _value(reading, before, benefit, bool(tried))
    if value:
        yield Claim("medical_value", *value, reading)


def _alternatives(reading: Reading) -> Verdict | None:
    cues = lexicon("justify")
    text = cues["not_failed"].sub(lambda m: "_" * len(m.group()), reading.text)
    if lexicon("treatments")["other_person"].search(text) or (
        cues["general_prose"].search(text) and not HERS.search(text)
    ):
        return None
    untried = cues["not_tried"].search(text)
    if untried:
        text = text.replace(untried.group(), "_" * len(untried.group()))
    failed = cues["failed"].search(text)
    treatment = names_treatment(text)
    if reading.topic == "tried" and not untried:
        return 0.95, "answers what was tried"
    if failed and treatment:
        return 0.95, f"a treatment is named with '{failed.group().strip()}'"
    if failed:
        return 0.72, f"says '{failed.group().strip()}'"
    if treatment and not untried:
        weak = None if lexicon("treatments")["ahead"].search(text) else cues["failed_weak"].search(text)
        return (0.75, f"a treatment is named with '{weak.group().strip()}'") if weak else _tried(text) or (None if reading.topic == "why" else _short(text))
    return None


def _tried(text: str) -> Verdict | None:
    cues, names = lexicon("justify"), lexicon("treatments")
    if names["unrelated"].search(text):
        return None
    tried = cues["tried_verb"].search(text)
    if (
        tried
        and not names["ahead"].search(text[: tried.end()])
        and names_treatment(text[tried.start() :] + " " + text[: tried.start()])
    ):
        return 0.85, f"says '{tried.group().strip()}' of a treatment"
    still = cues["still"].search(text)
    if still:
        return 0.8, f"a treatment is named with '{still.group().strip()}'"
    return None


def _short(text: str) -> Verdict | None:
    """A treatment and, in the same sentence, words by which it did not do."""
    names = lexicon("treatments")
    asked = names["ahead"].search(text) or names["unrelated"].search(text) or lexicon("justify")["necessity"].search(text)
    short = None if asked or " on her own" in text or " on his own" in text else names["fell_short"].search(text)
    return (_BY_ITS_WORDS, f"a treatment is named with '{short.group().strip()}'") if short else None


def _value(reading: Reading, before: Reading | None, benefit: Verdict | None, tried: bool) -> Verdict | None:
    cues, text = lexicon("justify"), reading.text
    condition = cues["condition"].search(text)
    if (purpose := cues["purpose_for"].search(text)) and condition:
        return 0.95, f"says '{purpose.group()}'"
    hollow = cues["general_prose"].search(text) and not HERS.search(text)
    if hollow or (hedged(text) and not benefit):
        return None
    if condition and (linked := _linked(text, condition, tried)):
        return linked
    if (aim := _TREATING.search(text)) and cues["condition"].search(text, aim.end()):
        return 0.8, f"says '{aim.group()}'"
    if owned := _OWNED.search(text):
        return 0.78, f"says '{owned.group()}'"
    if cues["wellness"].search(text) and not names_complaint(text):
        return None
    if reading.topic == "why" and not _KIN.match(text) and (names_object(text) or len(text.split()) > 3):
        return (0.88 if names_object(text) else 0.7), "answers why it is needed"
    if benefit and benefit[0] >= (0.55 if names_object(text) else 0.9):
        return min(0.9, benefit[0]), benefit[1]
    if tried:
        return None
    return _beside(reading, before)


def _linked(text: str, condition: re.Match[str], tried: bool) -> Verdict | None:
    """Need and condition in one sentence with a joining word between them."""
    cues = lexicon("justify")
    for need in cues["necessity"].finditer(text):
        if re.search(r"\b(?:not|no|n['’]t)\s+(?:\w+\s+)?$", text[: need.start()]):
            continue
        for other in cues["condition"].finditer(text):
            low, high = sorted((need.span(), other.span()))
            if cues["join"].search(text[low[0] : high[1]]) or (
                other.start() < need.start()
                and re.search(r"\b(?:because|due|owing|given)\b|\b(?:and|so)\b", text[: need.start()])
            ):
                return 0.92, f"'{need.group()}' joined to '{other.group()}'"
    service = re.search(r"\bfor (?:\w+[ -]){0,4}?$", text[: condition.start()])
    if service and not tried and names_treatment(text[: service.start()]):
        return 0.75, f"a treatment 'for' '{condition.group()}'"
    return None


def _beside(reading: Reading, before: Reading | None) -> Verdict | None:
    """A prescription right behind the condition, or necessity stated without it: weak."""
    cues, text = lexicon("justify"), reading.text
    prescribed = cues["prescribes"].search(text)
    if not prescribed or cues["wellness"].search(text):
        return None
    if "medically necessary" in text:
        return 0.66, "says 'medically necessary' without the condition"
    if before is not None and cues["condition"].search(before.text) and not hedged(before.text):
        return 0.6, f"'{prescribed.group()}' follows the condition"
    return None
