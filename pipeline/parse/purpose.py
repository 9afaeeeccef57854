"""What the item is for, as far as it speaks against it: a bare hedge, general wellness, looks.

Belongs here: the flags vague_language, general_wellness and cosmetic. Does not belong here: flags of the paper
(letterhead, signature), what a plan makes of a flag (check). A word under a negation or in a form's printed question
raises nothing.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.model import DocumentText, Element, Evidence, Flag
from pipeline.parse.cues import Reading, lexicon, readings
from pipeline.parse.lines import Sentence, lines_of
from pipeline.parse.options import Option, options_in

_SCOPE = re.compile(r"[;.:]|\bbut\b|\bhowever\b|\balthough\b")
_WISH = re.compile(r"would (?:like|prefer|enjoy)\b")
_MODAL = re.compile(r"(?:may|might|could)\b")
_OFF = re.compile(r"[☐□❏]|\[ ?\]|\( ?\)")
_ON = re.compile(r"[☒☑✓✔■]|\[[xX✓]\]|\([xX✓]\)")


def purpose_flags(
    document: DocumentText, sentences: Sequence[Sentence], asserted_diagnoses: int, elements: Sequence[Element], options: Sequence[Option] | None = None
) -> tuple[Flag, ...]:
    """The flags that the letter's wording raises, each with the words that raised it.

    `asserted_diagnoses` counts the conditions the letter asserts of the patient; `elements` are those of `justify`,
    `options` the tick boxes with their words (None: those of the whole document).
    """
    boxes = options_in(document, lines_of(document)) if options is None else options
    made = [r for r in readings(sentences, {}) if not lexicon("justify")["instruction"].search(r.text)]
    stated = {e.name: e.value for e in elements}
    wellness = _wellness(document, made, asserted_diagnoses, stated, boxes)
    looks = _cosmetic(document, made, stated, boxes)
    vague = None if looks else _vague(document, made, stated, modal_only=wellness is not None)
    return tuple(flag for flag in (vague, wellness, looks) if flag)


def _vague(document: DocumentText, made: Sequence[Reading], stated: dict[str, bool], modal_only: bool) -> Flag | None:
    """With another purpose named, only 'may', 'might' and 'could' say that nothing more is claimed."""
    if any(stated.get(name) for name in ("medical_value", "expected_benefit", "measurable_benefit")):
        return None
    found = [(r, m) for r in made for m in lexicon("justify")["hedge"].finditer(r.text) if _speaks_of_use(r.text, m)]
    if modal_only:
        found = [(r, m) for r, m in found if _MODAL.match(m.group())]
    if not found:
        return None
    reading, match = found[0]
    return _flag(
        document, "vague_language", 0.9 if len(found) > 1 else 0.8, reading, f"the whole case is '{match.group()}'"
    )


def _speaks_of_use(text: str, hedge: re.Match[str]) -> bool:
    """'may help', not 'may be faxed' or 'she would like to thank you'."""
    after = text[hedge.end() :][:80]
    courtesy = re.match(
        r"\W*(?:you\b|we (?:ask|please|have)|someone|to thank|be (?:reached|faxed|sent|called|directed)|i be|contact|have (?:any )?questions|require further)",
        after,
    )
    return courtesy is None and _WISH.match(hedge.group()) is None


def _wellness(
    document: DocumentText, made: Sequence[Reading], asserted: int, stated: dict[str, bool], boxes: Sequence[Option]
) -> Flag | None:
    cues = lexicon("justify")
    found = [(r, m) for r in made for m in cues["wellness"].finditer(r.text) if _raised(r, m, boxes)]
    strong = [(r, m) for r in made for m in cues["wellness_strong"].finditer(r.text) if _raised(r, m, boxes)]
    if asserted == 0 and found and not stated.get("measurable_benefit"):
        reading, match = (strong or found)[0]
        return _flag(
            document, "general_wellness", 0.9, reading, f"'{match.group()}' with no diagnosed condition behind it"
        )
    if strong and not any(stated.get(n) for n in ("medical_value", "expected_benefit", "measurable_benefit")):
        reading, match = strong[0]
        return _flag(document, "general_wellness", 0.75, reading, f"'{match.group()}' is the whole purpose")
    return None


def _cosmetic(document: DocumentText, made: Sequence[Reading], stated: dict[str, bool], boxes: Sequence[Option]) -> Flag | None:
    cues = lexicon("justify")
    looks = [(r, m) for r in made for m in _appearance(r.text) if _raised(r, m, boxes)]
    if not looks:
        return None
    disowned = any(_denied(r.text, m) for r in made for m in cues["cosmetic"].finditer(r.text))
    function = sum(
        1
        for r in made
        if cues["functional"].search(r.text) and not _negated(r.text, cues["functional"]) and not _only_looks(r, looks)
    )
    weight = sum(0.5 if _aside(r.text, m) else 1.0 for r, m in looks)
    if disowned or function > weight or (stated.get("measurable_benefit") and function):
        return None
    reading, match = looks[0]
    confidence = 0.9 if len(looks) > 1 else 0.7
    return _flag(document, "cosmetic", confidence, reading, f"the purpose is appearance: '{match.group()}'")


def _aside(text: str, match: re.Match[str]) -> bool:
    """Looks or confidence named as what comes besides: 'it will also look better', 'restores her confidence'."""
    return bool(_BESIDES.search(text[: match.start()][-40:]) or _FEELING.match(match.group()))


_BESIDES = re.compile(r"\b(?:also|incidentally|in addition|as well|besides|secondarily|moreover)\b")
_FEELING = re.compile(r"(?:confidence|self-?esteem|embarrass|self-conscious)")


def _appearance(text: str) -> Iterator[re.Match[str]]:
    cues = lexicon("justify")
    masked = cues["cosmetic_pseudo"].sub(lambda m: "_" * len(m.group()), text)
    return cues["cosmetic"].finditer(masked)


def _only_looks(reading: Reading, looks: Sequence[tuple[Reading, re.Match[str]]]) -> bool:
    return any(r is reading for r, _ in looks)


def _negated(text: str, pattern: re.Pattern[str]) -> bool:
    match = pattern.search(text)
    return match is not None and _denied(text, match)


def _raised(reading: Reading, match: re.Match[str], boxes: Sequence[Option]) -> bool:
    return not _denied(reading.text, match) and not _unticked(reading, match, boxes) and not _ASKED.match(reading.text, match.end())


_ASKED = re.compile(r"[^.;:!]{0,60}\?")
"""A form's printed question: 'Cosmetic or general health?'"""


def _denied(text: str, match: re.Match[str]) -> bool:
    """Whether a negation reaches the match: in the same clause before it, or 'is not the aim' behind it."""
    left = _SCOPE.split(text[: match.start()])[-1]
    right = _SCOPE.split(text[match.end() :])[0]
    before = lexicon("justify")["negation"].search(left)
    behind = re.search(
        r"\b(?:is|are|was|plays?)\s+(?:not|no|incidental|irrelevant|secondary)\b|\bis not\b|\bno part\b", right
    )
    return before is not None or behind is not None


def _unticked(reading: Reading, match: re.Match[str], boxes: Sequence[Option]) -> bool:
    """Whether the match is the text of an empty tick box: drawn as a glyph before it, or found on the page."""
    marks = [*_OFF.finditer(reading.text, 0, match.start()), *_ON.finditer(reading.text, 0, match.start())]
    if marks:
        return _OFF.fullmatch(max(marks, key=lambda m: m.start()).group()) is not None
    start, end = reading.span(match.start(), match.end())
    over = [o for o in boxes if o.start < end and start < o.end]
    return bool(over) and not any(o.ticked for o in over)


def _flag(document: DocumentText, code: str, confidence: float, reading: Reading, because: str) -> Flag:
    evidence = Evidence.at(document, reading.sentence.start, reading.sentence.end)
    return Flag(code=code, confidence=confidence, evidence=evidence, because=because)
