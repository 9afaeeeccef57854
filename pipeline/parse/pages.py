"""What each page is, and which pages belong together.

Belongs here: weighing the signs of data/page_classes.yaml, continuation pages, where one letter ends and the next
begins. Does not belong here: the fields of a letter. The signs that decided are kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from statistics import median
from typing import Any, Literal

import yaml

from pipeline.codes.dates import dates_in
from pipeline.model import DocumentText, Page, Segment
from pipeline.parse.labelhits import hits_on
from pipeline.parse.labels import read_labels
from pipeline.parse.lines import Line, lines_of
from pipeline.parse.pageaims import boxes, elsewhere, justifies
from pipeline.parse.people import read_person
from pipeline.parse.zones import CLOSING, SALUTATION

_FORM_SIGNS = re.compile(
    r"complete(?:d)? (?:by|all|this|in full)|(?:please )?print (?:clearly|or type)|check (?:one|all|each|box)|form (?:no\.?|#)?\s?[A-Z]{0,5}[- ]?\d|\(rev\.?|rev\. ?\d|"
    r"section [a-z0-9]\b|part [a-z0-9]{1,3}\b|to be completed|return (?:this|by|completed)|signature of|incomplete forms|office use only|i certify that", re.I)  # fmt: skip
_PAGE_OF = re.compile(
    r"\b(?:page|pg\.?|p\.)\s*(?P<n>\d{1,2}|one|two|three|four)\s*(?:of|/)\s*(?P<m>\d{1,2}|one|two|three|four)\b|\bpage (?P<k>two|three|four|[2-9])\b(?!\s*/)"
    r"|(?<![\d/])(?P<bare>\d{1,2}) of (?P<all>\d{1,2})\b|^\W*(?P<lone>\d)\s?/\s?(?P<last>\d)\W*$",
    re.I,
)
_LEAST = 1.5
CLEAR = 3.0
"""From this score on a page's class is clear by its words."""

_EDGE, _ROW = 36.0, 8.0
_CLOCK = re.compile(r"\b\d{1,2}\s?[:.]\s?\d{2}\b(?:\s?[ap]\.?m\b)?|\b\d{1,2}:\d{2}[AP]M", re.I)
_CALL = re.compile(r"\bfrom\b|\bt[o0]\s?:|\bfax\b|\btsi\b|\bcsid\b|\bpage\b|\bpg\b|\bp\.?\s?\d|\d{10}", re.I)
_MENTION = re.compile(r"medical(?:ly)? necess(?:ity|ary)|[fh]\.?s\.?a|flexible spending|health savings|cpt|hcpcs|lmn", re.I)
"""What a flyer says of letters as well as a letter of itself."""

_TO_DOCTOR = re.compile(r"^\W*dear (?:dr|doctor)\b", re.I)
"""A payer's medical director is greeted so, and so is the doctor who gets a denial: it tells nothing."""
_TO_PERSON = re.compile(
    r"^\W*dear (?:family|parents?|patient|member|mr|mrs|ms|valued|friend|neighbor|customer)\b", re.I
)
_QUESTION = re.compile(r"\?\s*$|\? ")
_NUMBERED_BOX = re.compile(r"\W*\d{1,2}[.)]?\s+[A-Z]")
_COLON = re.compile(r"\w:(?:\s|$)")
_SPEAKER = re.compile(r"\b(?:I|my|we|our)\b")
_SOMEBODY = re.compile(
    r"\b(?:he|she|his|hers?|him|himself|herself|pt|mr|mrs|ms|miss|master|claimant|insured|(?:the|this|my|our|your|above|named) (?:patient|member|child|client|worker|participant|enrollee|infant|employee))\b", re.I)
"""A letter speaks of a person; a flyer of customers."""
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4}


@dataclass(frozen=True)
class PageClass:
    """A page's class, its score over the next best, and the signs."""

    page: int
    page_class: str
    score: float
    signs: tuple[str, ...]
    scores: dict[str, float]


@lru_cache(maxsize=1)
def _signs() -> dict[str, tuple[re.Pattern[str], list[tuple[re.Pattern[str], float]]]]:
    data: dict[str, Any] = yaml.safe_load(
        files("pipeline.parse").joinpath("data/page_classes.yaml").read_text(encoding="utf-8")
    )
    return {
        name: (
            re.compile(r"^\W*(?:" + "|".join(entry["title"]) + r")", re.I),
            [(re.compile(pattern, re.I | re.M), float(weight)) for pattern, weight in entry["signs"]],
        )
        for name, entry in data["classes"].items()
    }


def class_of(document: DocumentText, page: Page) -> PageClass:
    """The class of one page by its own words."""
    if not page.words:
        return PageClass(page.number, "blank" if not page.marks else "other", 1.0, ("no words",), {})
    lines = sent_lines(document, page.number)
    if not lines:
        return PageClass(page.number, "blank" if not _inked(page) else "other", 1.0, ("no words but a fax machine's",), {})
    text = "\n".join(line.text for line in lines)
    scores: dict[str, float] = {}
    seen: dict[str, list[str]] = {}
    for name, (title, signs) in _signs().items():
        scores[name], seen[name] = _score(page, lines, text, title, signs)
    greeting = next((line.text for line in lines[:30] if SALUTATION.match(line.text)), None)
    if greeting is not None:
        friendly = "other" if _TO_PERSON.match(greeting) else "lmn"
        weight = 0.0 if _TO_DOCTOR.match(greeting) else 1.2
        scores[friendly] += weight
        seen[friendly].append("a salutation")
    best = max(scores, key=lambda n: (scores[n], n == "lmn"))
    written = greeting is not None or any(CLOSING.match(line.text) for line in lines)
    if best == "prescription" or (scores[best] < CLEAR and (best in ("lmn", "other") or (best == "clinical_note" and written))):
        weight, said = justifies(document, lines)
        scores["lmn"] += weight
        seen["lmn"] += said
        best = max(scores, key=lambda n: (scores[n], n == "lmn"))
    if scores[best] < CLEAR:
        weight, said = boxes(lines)
        scores["lmn"] += weight
        seen["lmn"] += said
        best = max(scores, key=lambda n: (scores[n], n == "lmn"))
    if best == "lmn" and scores["lmn"] < CLEAR and not _of_somebody(lines, text):
        return PageClass(page.number, "other", scores[best], ("it speaks of nobody",), scores)
    if best == "lmn" and (end := elsewhere(" ".join(text.split()))) is not None:
        return PageClass(page.number, "other", scores[best], (f"it serves another end: {end}",), scores)
    if best == "lmn" and all(_MENTION.fullmatch(sign) for sign in seen[best]):
        return PageClass(page.number, "other", scores[best], ("medical necessity is only mentioned",), scores)
    if scores[best] < _LEAST:
        return PageClass(page.number, "other", scores[best], ("no class has enough signs",), scores)
    return PageClass(page.number, best, scores[best], tuple(seen[best][:5]), scores)


def _of_somebody(lines: Sequence[Line], text: str) -> bool:
    """Whether anybody is spoken of: by a pronoun, by a title, as a patient, or in a form's box for whose it is."""
    whose = ("patient.name", "patient.dob", "neutral_name", "account_holder", "patient.member_id")
    return _SOMEBODY.search(text) is not None or any(hit.field in whose for line in lines for hit in hits_on(line))


def sent_lines(document: DocumentText, page: int) -> tuple[Line, ...]:
    """A page's lines without the one that fax machines print along its upper edge: time, numbers, page of the call."""
    lines = lines_of(document, [page])
    edge = [line for line in lines if line.box[1] < _EDGE]
    stamped = [line.box[1] for line in edge if _CLOCK.search(line.text) and _CALL.search(" ".join(o.text for o in edge))]
    return tuple(line for line in lines if line.box[1] >= _EDGE or not any(abs(line.box[1] - y) < _ROW for y in stamped))


def _inked(page: Page) -> bool:
    """Whether there is more ink than lines and specks of a call leave."""
    return any(m.box[3] - m.box[1] > 14 and m.box[2] - m.box[0] < 0.8 * page.width and m.box[1] > _EDGE for m in page.marks)


def _score(
    page: Page, lines: Sequence[Line], text: str, title: re.Pattern[str], signs: list[tuple[re.Pattern[str], float]]
) -> tuple[float, list[str]]:
    total, seen = 0.0, []
    usual = median(line.height for line in lines)
    for line in lines:
        match = title.search(line.text)
        if match and line.box[1] < 0.4 * page.height and len(line.text.split()) <= 9 and not _has_value(line, lines):
            plain = len(line.text.split()) == 1 and line.height < 1.3 * usual
            total += 1.0 if plain else 2.6
            seen.append(f"title '{' '.join(match.group().split())[:40]}'")
            break
    flat = text.replace("\n", " ")
    for pattern, weight in signs:
        found = list(pattern.finditer(text if "^" in pattern.pattern else flat))
        if found:
            total += weight * min(1.6, 1.0 + 0.3 * (len(found) - 1))
            seen.append(" ".join(found[0].group().split())[:40])
    return total, seen


def _has_value(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a number stands right of a word as its value: a box for a fax number, not the title of a cover."""
    return len(line.text.split()) <= 2 and any(
        other.box[0] > line.box[2] and other.box[0] - line.box[2] < 250 and abs(other.box[1] - line.box[1]) < line.height
        and re.fullmatch(r"[\d\s().+\-]{7,}", other.text) for other in lines)  # fmt: skip


def segments_of(document: DocumentText) -> tuple[Segment, ...]:
    """The file's pages in runs of one class; each letter is a run of its own."""
    classes = [class_of(document, page) for page in document.pages]
    groups: list[tuple[str, list[int], list[str]]] = []
    for place, found in enumerate(classes):
        name = found.page_class
        previous = groups[-1] if groups else None
        if previous is not None and _continues(document, classes, place, previous[0]):
            previous[1].append(found.page)
            previous[2].append(f"page {found.page}: {', '.join(found.signs)}")
            continue
        groups.append((name, [found.page], list(found.signs)))
    return tuple(
        Segment(page_class=name, pages=tuple(pages), because="; ".join(signs)) for name, pages, signs in groups
    )


def _continues(document: DocumentText, classes: Sequence[PageClass], place: int, previous: str) -> bool:
    """Whether a page goes on with the one before it: same class without a new opening, or a numbered next page."""
    found = classes[place]
    lines = sent_lines(document, found.page)
    opens = any(SALUTATION.match(line.text) for line in lines[:25]) or _begins_letter(document.page(found.page), lines)
    number = _page_number(lines)
    if found.page_class == "blank" or previous == "blank":
        return found.page_class == previous
    own = found.score >= 3.0 and found.page_class != previous and any(sign.startswith("title") for sign in found.signs)
    if number is not None and number > 1 and previous in ("lmn", "clinical_note", "eob", "invoice") and not opens and not own:
        return found.page_class in (previous, "other", "lmn", "clinical_note")
    if not opens and _next_number(document, classes[place - 1].page, lines) and not (own or previous == "fax_cover"):
        return True
    if previous == "lmn":
        return _letter_goes_on(classes, place, lines, opens, number)
    return found.page_class == previous


def _begins_letter(page: Page, lines: Sequence[Line]) -> bool:
    """Whether a page has a head of its own: a date alone on its line and a named patient above its middle. A page of
    a form repeats such boxes and does not begin a letter by them."""
    if page.ticks or any(word.source == "field" for word in page.words) or (_page_number(lines) or 1) > 1:
        return False
    upper = [line for line in lines if line.box[1] < 0.45 * page.height]
    dated = any(len(found) == 1 and len(line.text.strip()) - len(found[0].raw) <= 3 for line in upper for found in [dates_in(line.text)])
    named = any(pair.field in ("patient.name", "neutral_name") and read_person(pair.hit.line.text[pair.start - pair.hit.line.start :])
                for pair in read_labels(upper) if pair.relation == "behind")  # fmt: skip
    return dated and named


def _letter_goes_on(
    classes: Sequence[PageClass], place: int, lines: Sequence[Line], opens: bool, number: int | None
) -> bool:
    found = classes[place]
    if opens or number == 1:
        return False
    titled = any(sign.startswith("title") for sign in found.signs)
    if found.page_class == "lmn":
        return not titled
    closes = any(CLOSING.match(line.text) for line in lines)
    strong = found.score >= 3.0 and titled
    return not strong and (closes or found.page_class == "other") and found.scores.get("lmn", 0.0) >= 0.8 * found.score


def _numbered(lines: Sequence[Line]) -> tuple[int | None, int | None]:
    """(number, of how many) as printed in the head or at the foot of a page."""
    for line in (*lines[:3], *lines[-3:]):
        match = _PAGE_OF.search(line.text)
        if match:
            number = _counted(match["n"] or match["k"] or match["bare"] or match["lone"])
            last = _counted(match["m"] or match["all"] or match["last"])
            if number and (last is None or number <= last):
                return number, last
    return None, None


def _counted(word: str | None) -> int | None:
    bare = (word or "").lower()
    return _WORDS.get(bare, int(bare) if bare.isdigit() else 0) or None


def _page_number(lines: Sequence[Line]) -> int | None:
    return _numbered(lines)[0]


def _next_number(document: DocumentText, before: int, lines: Sequence[Line]) -> bool:
    """Whether a page is numbered as the one that follows the page `before`: 1 of 2, 2 of 2."""
    number, last = _numbered(lines)
    former, of = _numbered(sent_lines(document, before))
    return number is not None and former is not None and last == of and number == former + 1


def kind_of(document: DocumentText, pages: Sequence[int]) -> Literal["letter", "form"]:
    """A form has boxes to tick, form fields, printed instructions, questions or numbered boxes; a letter has a
    salutation and prose."""
    lines = lines_of(document, pages)
    text = "\n".join(line.text for line in lines)
    ticks = sum(len(document.page(n).ticks) for n in pages)
    fields = sum(1 for n in pages for w in document.page(n).words if w.source == "field")
    signs = len({m.group().lower()[:12] for m in _FORM_SIGNS.finditer(text)})
    glyphs = len(re.findall(r"[☐☑☒□■]", text))
    short = sum(1 for line in lines if len(line.text.split()) <= 4) / max(1, len(lines))
    labels = sum(1 for line in lines for hit in hits_on(line) if hit.alone)
    greeting = any(SALUTATION.match(line.text) for line in lines)
    closing = any(CLOSING.match(line.text) for line in lines)
    score = (
        1.2 * min(signs, 3) + (1.5 if fields else 0) + min(ticks, 4) * 0.5 + min(glyphs, 4) * 0.7 + 1.2 * (short > 0.6)
    )
    score += 1.5 if labels >= 5 else 0.0
    score -= 1.5 if re.search(r"(?:electronically|digitally) signed", text, re.I) and not ticks + fields + glyphs else 0.0
    score -= 3.0 * greeting + 1.0 * closing
    score += 0.0 if greeting or closing else _asking(lines, text)
    score -= 1.5 if not ticks + fields + glyphs and signs < 2 and _SPEAKER.search(text) and _told_in_prose(lines) else 0.0
    return "form" if score >= 2.4 else "letter"


def _told_in_prose(lines: Sequence[Line]) -> bool:
    """Whether a third of the lines run over ten words, as prose does below a table of names and dates."""
    return 3 * sum(1 for line in lines if len(line.text.split()) > 10) > len(lines)


def _asking(lines: Sequence[Line], text: str) -> float:
    """How far a page without greeting and closing asks and has answered: questions, numbered boxes with colons, a
    colon on most lines and nobody who speaks of himself, a long page of short cells."""
    questions = sum(1 for line in lines if _QUESTION.search(line.text))
    numbered = sum(1 for line in lines if _NUMBERED_BOX.match(line.text))
    colons = sum(1 for line in lines if _COLON.search(line.text)) / max(1, len(lines))
    speaks = len(_SPEAKER.findall(text)) > 1
    score = 1.2 if questions >= 2 else 0.0
    score += 1.5 if numbered >= 4 and not speaks and (colons >= 0.25 or questions >= 2) else 0.0
    score += 1.2 if colons > 0.6 and not speaks else 0.0
    return score + (1.3 if len(lines) >= 35 and sum(1 for o in lines if len(o.text.split()) <= 4) > 0.85 * len(lines) else 0.0)
