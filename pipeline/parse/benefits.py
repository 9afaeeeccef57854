"""The expected benefit in a sentence, and whether it can be measured.

Belongs here: weighing the cues of data/justify.yaml within a clause: an expectation, a purpose, a mechanism, a hedge, a
number. Does not belong here: the other elements, choosing the sentence (justify).
"""

import re

from pipeline.parse.cues import Reading, lexicon
from pipeline.parse.measures import Measure, measure_in
from pipeline.parse.verbs import verbs, weak_verbs

HERS = re.compile(r"\b(?:her|his|him|she|he|their|the patient|this patient|my patient|pt|mr|ms|mrs)\b")
_PATIENT = re.compile(
    r"(?:^|[\s,])(?:she|he|i|we|you|patient|pt|daughter|mother|family|plan|insurer|letter|form)(?: \w+ly| also| still)? $"
)
_DIRECTIONS = frozenset({"use", "take", "perform", "complete", "attend", "continue"})
"""Verbs that open a direction for use as well as an aim."""
_TREATS = frozenset({"treat", "treats", "treating", "manage", "managing"})
"""'to treat her apraxia' ties the item to the condition; it does not say what will get better."""
_A_PERSON = re.compile(r"treats?|treating|manages?|managing")
_OWN_ACT = re.compile(r"(?:takes?|uses?|reports?|gets?|attends?|goes|sleeps?|works?)$")
_IT = re.compile(r" (?:it|this|that|them)\b")
_PASSED = re.compile(
    r"\b(?:did|had|was|were|has been|have been|gave|never|not|n['’]t|cannot|without|no longer)\s+(?:\w+\s+)?$"
)
Verdict = tuple[float, str]
"""A claim's weight 0..1 and its cue in plain words."""


def benefit_of(reading: Reading, before: Reading | None) -> tuple[Verdict | None, Verdict | None]:
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
        bare = hedged(text) and not (_softly(text) and found[0] >= 0.8)
        if measure and expects and not (bare and not measure.number):
            measured.append((0.93 if measure.number else 0.8, f"an expectation with '{measure.words}'"))
        if not bare or (measure and expects):
            best.append((0.7, found[1]) if hedged(text) and not measure else found[:2])
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
    if (general := cues["general_prose"].search(text)) and not HERS.search(text):
        return (0.4, f"speaks of '{general.group()}', not of this patient", False) if names_object(text) else None
    return _purpose(text, measure) or _mechanism(text) or _so(text) or _limit(text, measure) or _answer(text, carried)


_SO = re.compile(r"\bso (?:that )?(?P<who>the|her|his|their|its?|she|he|they|[a-z-]+)\b(?P<rest>.*)")
_ABLE = re.compile(r"\b(?:can|is able|are able|(?:does|do|is|are|need)(?:n['’]t| not)|no longer|stops?|bears?|stays?|heals?|no (?:\w+ )?(?:weight|pressure|strain|load)|without|(?:hears?|sees?|walks?|sleeps?|eats?|breathes?|speaks?|stands?|sits?|swallows?|writes?|works?)|is (?:kept|held|spared|free)|are (?:kept|held|spared|free))\b(?! (?:to date|so far|yet))")
_PAST_SO = re.compile(r"\b(?:quit|stopped|was|were|had|has|have|did|could|cannot|can['’]?t|can not|needs?|asked|wants?|came|gave|failed|please|you|your|we|i)\b")


def _so(text: str) -> tuple[float, str, bool] | None:
    """'so that the foot bears no weight', 'so the skin doesn't break': what will be able to happen, or no more."""
    found = _SO.search(text)
    if found is None or _PAST_SO.search(found["rest"]) or not _ABLE.search(found["rest"]):
        return None
    return (0.8, f"says 'so {found['who']}'", True) if names_object(found.group()) or HERS.search(found.group()) else None


_LIMIT = re.compile(r"^\W*(?:at most|at least|no more than|not more than|fewer than|less than|under|zero|no|\d[\d.,]*\s?(?:%|percent|kg|lb|pounds?|points?|degrees?)?) ")
_WHEN = re.compile(r"\b(?:by|before|between now and|within|until|at|in|over|through)\b (?:the |her |his |about )?(?:end of )?(?:the |her |his )?(?:\w+ ){0,3}?(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|fall|autumn|winter|christmas|year|quarter|months?|weeks?|visits?|weigh-?in|re-?check|follow-?up|discharge|graduation|school|treatment|therapy|course)\b|\d{1,2}/\d{1,2}")
_FROM_TO = re.compile(r"\bfrom \S+ to \S+")
_FINDS = re.compile(r"\b(?:is|are|was|were|has|have|had|today|currently|now|eval|measured|showed|shows|scored|reports?|tried|did|used|took|lost|gained)\b")


def _limit(text: str, measure: Measure | None) -> tuple[float, str, bool] | None:
    """'At most one antibiotic course by June': a limit with its time and without a verb that finds it already so."""
    if measure is None or _FINDS.search(text) or not _WHEN.search(text):
        return None
    limit = _LIMIT.match(text)
    target = measure.number and (limit or (measure.change and _FROM_TO.search(text)))
    if not target and not (limit and limit.group().split()[0] in ("no", "zero") and names_object(text)):
        return None
    return 0.75, f"sets '{measure.words}' for a time ahead", True


def _answer(text: str, carried: bool) -> tuple[float, str, bool] | None:
    """Words that answer what is expected, when they are more than general wellness."""
    cues = lexicon("justify")
    if not carried or not (len(text.split()) > 2 or names_object(text)) or cues["nothing"].match(text) or (cues["wellness"].search(text) and not names_complaint(text)):
        return None
    return (0.66, "answers what is expected", True) if not re.search(r"\b(?:was|were|see|attached|notes?|above|below)\b", text) else None


def _ahead(text: str, frame: re.Match[str] | None, measure: Measure | None) -> tuple[float, str, bool] | None:
    cues, forms = lexicon("justify"), verbs()
    rest = text[frame.end() :] if frame else text
    cue = f"'{frame.group().strip()}'" if frame else "the heading"
    strong = next((m for m in forms.any_form.finditer(rest) if not _PASSED.search(rest[: m.start()])), None)
    phrase, noun = cues["mechanism_phrases"].search(rest), cues["improve_noun"].search(rest)
    hollow = cues["wellness"].search(rest) and not names_complaint(rest)
    if hollow and not measure:
        return (0.3, "names general wellness only", False)
    if strong and strong.group() not in weak_verbs():
        return 0.95, f"{cue} with '{strong.group()}'", True
    if phrase or noun:
        return 0.9, f"{cue} with '{(phrase or noun).group()}'", True  # type: ignore[union-attr]
    aimed = not frame or cues["goal"].search(frame.group())
    if measure and (strong or aimed or names_object(rest) or measure.scale or measure.change or not measure.number):
        return 0.88, f"{cue} with '{measure.words}'", True
    if strong and names_object(rest[strong.end() :]):
        return 0.7, f"{cue} with '{strong.group()}'", True
    return None


def _purpose(text: str, measure: Measure | None) -> tuple[float, str, bool] | None:
    """'to offload the fascia', 'by lowering the pressure'; a bare list item 'Reduce migraine days from 14 to 6'."""
    forms, cues = verbs(), lexicon("justify")
    for match in forms.purpose.finditer(text):
        word = match["verb"] or match["part"]
        after = text[match.end() :]
        if word in _TREATS and not measure:
            continue
        if (
            word in weak_verbs()
            and not (measure and measure.number)
            and not cues["mechanism_phrases"].search(text[match.start() :])
        ):
            continue
        if (names_object(after) or _IT.match(after) or word in weak_verbs()) and not _PASSED.search(text[: match.start()]):
            return 0.85, f"purpose '{match.group().strip()}'", True
    if (better := cues["better_noun"].match(text)) and names_object(text):
        return 0.65, f"opens with '{better.group().strip()}'", True
    opening = forms.opening.match(text)
    if opening and opening.group(1) not in _DIRECTIONS and (names_object(text[opening.end() :]) or measure):
        return 0.8, f"aim '{opening.group(1)}'", True
    return None


def _mechanism(text: str) -> tuple[float, str, bool] | None:
    """What the item does, in the present tense: 'holds the wrist in extension', 'exercises slow progression'."""
    forms, cues = verbs(), lexicon("justify")
    if re.match(r"\W*(?:despite|in spite of|even (?:on|with|after))\b", text):
        return None
    for match in forms.present.finditer(text):
        lead, after = text[: match.start()], text[match.end() :]
        if (
            (_OWN_ACT.match(match.group().strip()) and not cues["mechanism_phrases"].match(text, match.start()))
            or _PATIENT.search(lead)
            or _PASSED.search(lead)
            or (_A_PERSON.fullmatch(match.group().strip()) and re.match(r"\s(?:her|him|them|me|the patient|patients|mr|mrs|ms)\b(?! \w*(?:pain|disease|condition|arthritis|symptoms))", after))
            or not (names_object(after) or _IT.match(after) or cues["mechanism_phrases"].match(text, match.start()))
        ):
            continue
        hollow = cues["wellness"].search(text) and (not HERS.search(text) or not names_complaint(after))
        if not hollow:
            return 0.8, f"says that it '{match.group().strip()}'", False
    return None


def names_object(text: str) -> bool:
    """Whether a complaint, disease or part of the body is named."""
    cues = lexicon("justify")
    return bool(cues["condition"].search(text) or cues["body"].search(text))


def names_complaint(text: str) -> bool:
    """Whether a disease or complaint is named that is more than "disease" or "symptoms" at large."""
    return any(not _AT_LARGE.fullmatch(m.group()) for m in lexicon("justify")["condition"].finditer(text))


_AT_LARGE = re.compile(r"diseases?|disorders?|injur\w*|symptoms?|(?:\w+ )?condition|progression")


def hedged(text: str) -> bool:
    return lexicon("justify")["hedge"].search(text) is not None


def _softly(text: str) -> bool:
    """Whether every hedge is of the kind that a stated mechanism or purpose outweighs: 'would benefit from'."""
    cues = lexicon("justify")
    return all(cues["soft_hedge"].match(m.group()) for m in cues["hedge"].finditer(text))
