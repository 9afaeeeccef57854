"""The four elements of a justification: which are stated, and which sentence carries each.

Belongs here: weighing the cues of data/justify.yaml within a clause (an expectation, a hedge, a number), and choosing
the sentence. Does not belong here: whether a plan demands an element (check), names of treatments (treatments).
Meaning of the elements: a bare hedge ("may help") states neither medical value nor benefit; a measure needs an
expectation beside it, not today's finding.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import DocumentText, Element, Evidence
from pipeline.model.letter import ELEMENTS
from pipeline.parse.cues import Reading, lexicon, readings
from pipeline.parse.lines import Sentence
from pipeline.parse.measures import Measure, measure_in
from pipeline.parse.treatment_names import names_treatment
from pipeline.parse.verbs import verbs, weak_verbs

_CONTRAST = re.compile(r"\b(?:but|rather|instead)\b")
_PATIENT = re.compile(
    r"(?:^|[\s,])(?:she|he|i|we|you|patient|pt|daughter|mother|family|plan|insurer|letter|form)(?: \w+ly| also| still)? $"
)
_HERS = re.compile(r"\b(?:her|his|him|she|he|their|the patient|this patient|my patient|pt|mr|ms|mrs)\b")
_OWNED = re.compile(
    r"(?:necessary|needed|required|indicated|prescribed|ordered|prescribing|ordering) (?:\w+ ){0,4}?(?:for|to treat|because of|due to) "
    r"(?:this patient['’]s|the patient['’]s|my patient['’]s|her|his|their) (?!use|own|account|job|comfort|health|name|age|review|records|convenience|home|care)\w+"
)
_IT = re.compile(r" (?:it|this|that|them)\b")
_PASSED = re.compile(
    r"\b(?:did|had|was|were|has been|have been|gave|never|not|n['’]t|cannot|without|no longer)\s+(?:\w+\s+)?$"
)


@dataclass(frozen=True)
class Claim:
    """One sentence's claim to an element, 0..1, with its cue in plain words."""

    element: str
    weight: float
    because: str
    reading: Reading


def justify(
    document: DocumentText, sentences: Sequence[Sentence], *, topics: Mapping[int, str] | None = None
) -> tuple[Element, ...]:
    """The four elements in the order of ELEMENTS, each with the sentence that states it best.

    `confidence` is that of the value given: of an element found, the cue's weight; of one not found, 0.9 less what the
    weak cues make likely. `topics` tells which sentences answer a label, by index (see `cues.TOPICS`).
    """
    made = readings(sentences, topics or {})
    claims = [claim for n, reading in enumerate(made) for claim in _claims(reading, made[n - 1] if n else None)]
    return tuple(_element(document, name, [c for c in claims if c.element == name]) for name in ELEMENTS)


def _element(document: DocumentText, name: str, claims: Sequence[Claim]) -> Element:
    best = max(claims, key=lambda c: c.weight, default=None)
    if best is None:
        return Element(name=name, value=False, confidence=0.85, because="no sentence states it")
    evidence = Evidence.at(document, best.reading.sentence.start, best.reading.sentence.end)
    more = sum(1 for c in claims if c.weight >= 0.8 and c is not best)
    if best.weight < 0.55:
        return Element(
            name=name, value=False, confidence=round(1 - best.weight, 2), evidence=evidence, because=best.because
        )
    confidence = round(min(0.97, best.weight + 0.02 * more), 2)
    return Element(name=name, value=True, confidence=confidence, evidence=evidence, because=best.because)


def _claims(reading: Reading, before: Reading | None) -> Iterator[Claim]:
    cues = lexicon("justify")
    if cues["instruction"].search(reading.text) or cues["nothing"].match(reading.text):
        return
    tried = _alternatives(reading)
    if tried:
        yield Claim("alternatives_inadequate", *tried, reading)
    benefit, measured = _benefit(reading, before)
    if benefit:
        yield Claim("expected_benefit", *benefit, reading)
    if measured:
        yield Claim("measurable_benefit", *measured, reading)
    value = _value(reading, before, benefit, bool(tried))
    if value:
        yield Claim("medical_value", *value, reading)


Verdict = tuple[float, str]


def _alternatives(reading: Reading) -> Verdict | None:
    cues = lexicon("justify")
    text = cues["not_failed"].sub(lambda m: "_" * len(m.group()), reading.text)
    if lexicon("treatments")["other_person"].search(text) or (
        cues["general_prose"].search(text) and not _HERS.search(text)
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
        return (0.75, f"a treatment is named with '{weak.group().strip()}'") if weak else _tried(text)
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


def _benefit(reading: Reading, before: Reading | None) -> tuple[Verdict | None, Verdict | None]:
    """The expected benefit and the measurable one, from the clause that states each best."""
    best: list[Verdict] = []
    measured: list[Verdict] = []
    carried = reading.topic == "benefit" or _opens(before)
    for start, end in reading.clauses():
        text = reading.text[start:end]
        measure = measure_in(text)
        found = _clause_benefit(text, carried, measure)
        if found is None:
            continue
        expects = found[2]
        carried = carried or expects
        hedged = _hedged(text) and not (_softly(text) and found[0] >= 0.8)
        if measure and expects and not (hedged and not measure.number):
            measured.append((0.93 if measure.number else 0.8, f"an expectation with '{measure.words}'"))
        if not hedged or (measure and expects):
            best.append((0.7, found[1]) if _hedged(text) and not measure else found[:2])
    return max(best, default=None), max(measured, default=None)


def _opens(before: Reading | None) -> bool:
    """Whether the sentence before announces expectations: 'We will measure:'."""
    if before is None or not before.text.rstrip().endswith(":"):
        return False
    cues = lexicon("justify")
    return bool(cues["frame"].search(before.text)) and not cues["frame_not"].search(before.text)


def _clause_benefit(text: str, carried: bool, measure: Measure | None) -> tuple[float, str, bool] | None:
    """(weight, cue, whether it looks ahead) of one clause."""
    cues = lexicon("justify")
    if cues["frame_not"].search(text):
        return None
    frame = cues["frame"].search(text)
    if frame or carried:
        ahead = _ahead(text, frame, measure)
        if ahead:
            return ahead
    if (general := cues["general_prose"].search(text)) and not _HERS.search(text):
        return (0.4, f"speaks of '{general.group()}', not of this patient", False) if _object(text) else None
    return _purpose(text, measure) or _mechanism(text)


def _ahead(text: str, frame: re.Match[str] | None, measure: Measure | None) -> tuple[float, str, bool] | None:
    cues, forms = lexicon("justify"), verbs()
    rest = text[frame.end() :] if frame else text
    cue = f"'{frame.group().strip()}'" if frame else "the heading"
    strong = next((m for m in forms.any_form.finditer(rest) if not _PASSED.search(rest[: m.start()])), None)
    phrase, noun = cues["mechanism_phrases"].search(rest), cues["improve_noun"].search(rest)
    hollow = cues["wellness"].search(rest) and not cues["condition"].search(rest)
    if hollow and not measure:
        return (0.3, "names general wellness only", False)
    if strong and strong.group() not in weak_verbs():
        return 0.95, f"{cue} with '{strong.group()}'", True
    if phrase or noun:
        return 0.9, f"{cue} with '{(phrase or noun).group()}'", True  # type: ignore[union-attr]
    aimed = not frame or cues["goal"].search(frame.group())
    if measure and (strong or aimed or _object(rest) or measure.scale or measure.change or not measure.number):
        return 0.88, f"{cue} with '{measure.words}'", True
    if strong and _object(rest[strong.end() :]):
        return 0.7, f"{cue} with '{strong.group()}'", True
    return None


def _purpose(text: str, measure: Measure | None) -> tuple[float, str, bool] | None:
    """'to offload the fascia', 'by lowering the pressure'; a bare list item 'Reduce migraine days from 14 to 6'."""
    forms, cues = verbs(), lexicon("justify")
    for match in forms.purpose.finditer(text):
        word = match.group(1)
        after = text[match.end() :]
        if (
            word in weak_verbs()
            and not (measure and measure.number)
            and not cues["mechanism_phrases"].search(text[match.start() :])
        ):
            continue
        if (_object(after) or _IT.match(after) or word in weak_verbs()) and not _PASSED.search(text[: match.start()]):
            return 0.85, f"purpose '{match.group().strip()}'", True
    if (better := cues["better_noun"].match(text)) and _object(text):
        return 0.65, f"opens with '{better.group().strip()}'", True
    opening = forms.opening.match(text)
    if opening and (_object(text[opening.end() :]) or measure):
        return 0.8, f"aim '{opening.group(1)}'", True
    return None


def _mechanism(text: str) -> tuple[float, str, bool] | None:
    """What the item does, in the present tense: 'holds the wrist in extension', 'exercises slow progression'."""
    forms, cues = verbs(), lexicon("justify")
    for match in forms.present.finditer(text):
        lead, after = text[: match.start()], text[match.end() :]
        if (
            _PATIENT.search(lead)
            or _PASSED.search(lead)
            or not (_object(after) or _IT.match(after) or cues["mechanism_phrases"].match(text, match.start()))
        ):
            continue
        hollow = cues["wellness"].search(text) and (not _HERS.search(text) or not cues["condition"].search(after))
        if not hollow:
            return 0.8, f"says that it '{match.group().strip()}'", False
    return None


def _object(text: str) -> bool:
    """Whether a complaint, disease or part of the body is named."""
    cues = lexicon("justify")
    return bool(cues["condition"].search(text) or cues["body"].search(text))


def _hedged(text: str) -> bool:
    return lexicon("justify")["hedge"].search(text) is not None


def _softly(text: str) -> bool:
    """Whether every hedge is of the kind that a stated mechanism or purpose outweighs: 'would benefit from'."""
    cues = lexicon("justify")
    return all(cues["soft_hedge"].match(m.group()) for m in cues["hedge"].finditer(text))


def _value(reading: Reading, before: Reading | None, benefit: Verdict | None, tried: bool) -> Verdict | None:
    cues, text = lexicon("justify"), reading.text
    condition = cues["condition"].search(text)
    if (purpose := cues["purpose_for"].search(text)) and condition:
        return 0.95, f"says '{purpose.group()}'"
    hollow = cues["general_prose"].search(text) and not _HERS.search(text)
    if hollow or (_hedged(text) and not benefit):
        return None
    if condition and (linked := _linked(text, condition, tried)):
        return linked
    if owned := _OWNED.search(text):
        return 0.78, f"says '{owned.group()}'"
    if reading.topic == "why" and _object(text):
        return 0.88, "answers why it is needed"
    if benefit and benefit[0] >= (0.55 if _object(text) else 0.9):
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
    if before is not None and cues["condition"].search(before.text) and not _hedged(before.text):
        return 0.6, f"'{prescribed.group()}' follows the condition"
    return None
