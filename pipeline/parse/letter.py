"""A file's words to its letters: segments, then every field of each letter, each tied to the words it was read from.

Belongs here: the order of reading and what one field tells another (the signer his date). Does not belong here: how
any one field is read, nor what the plan makes of it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from pipeline.model import (
    Candidate,
    DocumentText,
    Evidence,
    FieldValue,
    Flag,
    Item,
    Letter,
    ParsedFile,
    Segment,
)
from pipeline.parse.amounts import months_between
from pipeline.parse.boilerplate import template_signs
from pipeline.parse.calibration import Weights, calibrated
from pipeline.parse.codenotes import code_notes
from pipeline.parse.covers import covered, hidden_values
from pipeline.parse.cues import readings
from pipeline.parse.diagnoses import read_diagnoses
from pipeline.parse.handwriting import unread_values
from pipeline.parse.itemdetails import ONCE_ONLY
from pipeline.parse.items import find_items
from pipeline.parse.justify import justify
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Sentence
from pipeline.parse.pages import kind_of, segments_of
from pipeline.parse.patient import read_patient
from pipeline.parse.practice import read_practice
from pipeline.parse.provider import read_provider
from pipeline.parse.purpose import purpose_flags
from pipeline.parse.recipient import read_recipient
from pipeline.parse.sheet import Sheet
from pipeline.parse.signers import signer_line
from pipeline.parse.timing import read_dates
from pipeline.parse.treatment_tables import Cell, tried_cells, tried_options
from pipeline.parse.treatments import prior_treatments

_ORDER = ("lmn", "prescription", "clinical_note", "eob", "receipt", "invoice", "id_card", "fax_cover", "other", "blank")
_ADDRESSEE = re.compile(r"^\W*(?:to|attn|attention)\b|\b(?:services|office|department|center|administrators?|administration|company|inc|llc|solutions|trust|fund|partners|group|team)\W*$", re.I)
"""An addressee whose name holds a label's word: 'To Lakeside Benefit Services'."""
_OFFICE = ("practice.name", "practice.address", "practice.city", "practice.phone", "practice.fax")
_TOPICS = {"tried": "tried", "why": "why", "benefit": "benefit", "item": "item", "diagnosis": "diagnosis"}


def parse(document: DocumentText, weights: Weights | None = None) -> ParsedFile:
    """The segments of a file and each letter in it. A file without words holds no letter and is 'unreadable', or
    'blank' when every page is. `weights` are those of the confidences (None: the shipped ones)."""
    if not any(page.words for page in document.pages):
        return _wordless(document)
    segments = segments_of(document)
    letters = tuple(calibrated(_letter(document, segment), weights) for segment in segments if segment.page_class == "lmn")
    found = {segment.page_class for segment in segments}
    name = next(n for n in _ORDER if n in found)
    return ParsedFile(sha256=document.sha256, document_class=name, segments=segments, letters=letters,
                      problems=document.problems)  # fmt: skip


def _wordless(document: DocumentText) -> ParsedFile:
    blank = bool(document.pages) and any(problem.code == "blank" for problem in document.problems)
    pages = tuple(page.number for page in document.pages)
    name = "blank" if blank else "unreadable"
    segments = (Segment(page_class="blank" if blank else "other", pages=pages, because="no words"),) if pages else ()
    return ParsedFile(sha256=document.sha256, document_class=name, segments=segments, problems=document.problems)


def _letter(document: DocumentText, segment: Segment) -> Letter:
    sheet = Sheet(document, segment.pages, kind_of(document, segment.pages))
    fields = letter_fields(sheet)
    diagnoses, not_diagnoses = read_diagnoses(sheet)
    sentences = list(_with_answers(sheet))
    topics = _topics(sheet, sentences)
    items = _items(sheet, [(r.sentence.start, r.sentence.end) for r in readings(sentences, topics) if r.topic == "tried"])
    fields["prior_treatments"] = prior_treatments(document, sentences, topics=topics, asked=[item.text for item in items], cells=(*tried_cells(sheet.lines), *_ticked_tried(sheet)))
    items = tuple(_lasting(item, fields) for item in items)
    said = [sentence for sentence in sentences if not _left_open(sheet, sentence)]
    elements = justify(document, said, topics=_behind_labels(sentences, said) | _topics(sheet, said), tried=fields["prior_treatments"].accepted)
    flags = (*purpose_flags(document, sentences, len(diagnoses), elements, sheet.options), *_paper_flags(sheet, fields))
    return Letter(
        letter_id=f"{document.sha256[:16]}-{segment.pages[0]}",
        sha256=document.sha256,
        pages=segment.pages,
        kind="form" if sheet.kind == "form" else "letter",
        fields={name: checked(document, value) for name, value in sorted(fields.items())},
        diagnoses=diagnoses,
        not_diagnoses=not_diagnoses,
        items=items,
        elements=elements,
        flags=flags,
        problems=(*(p for n in segment.pages for p in (*document.page(n).problems, *covered(document.page(n)))), *hidden_values(sheet), *unread_values(sheet), *template_signs(sheet), *code_notes(sheet, diagnoses, _iso(fields.get("letter_date")))),
        quality=round(min(document.page(n).quality for n in segment.pages), 4),
    )


def letter_fields(sheet: Sheet) -> dict[str, FieldValue]:
    """Every single-valued field of a letter, by name."""
    fields = read_provider(sheet)
    signer = fields["provider.name"].value
    fields.update(read_practice(sheet, signer if isinstance(signer, str) else None))
    office = [c for name in _OFFICE for c in [fields[name].accepted] if c is not None]
    fields.update(read_recipient(sheet, office, signer if isinstance(signer, str) else None))
    fields.update(read_patient(sheet))
    fields.update(read_dates(sheet, fields["patient.name"].accepted))
    fields["provider.signature_date"] = _nearest(sheet, fields["provider.signature_date"])
    fields["provider.name"] = _no_patient(fields)
    fields["patient.name"] = _not_signer(fields["patient.name"], fields["provider.name"])
    fields["recipient.payer"] = _refused(fields["recipient.payer"], fields["patient.name"].value, "is the patient")
    return fields


def _nearest(sheet: Sheet, value: FieldValue) -> FieldValue:
    """With two signers, the date that stands by the one who counts."""
    line = signer_line(sheet)
    if line is None or len(value.candidates) < 2:
        return value

    def distance(candidate: Candidate) -> tuple[bool, float]:
        evidence = candidate.evidence
        if evidence is None or evidence.page != line.page:
            return (candidate.rejected_because is not None, 1e6)
        return (candidate.rejected_because is not None,
                abs(evidence.box[0] - line.box[0]) + 0.5 * abs(evidence.box[1] - line.box[1]))  # fmt: skip

    return FieldValue(name=value.name, candidates=tuple(sorted(value.candidates, key=distance)))


def _not_signer(patient: FieldValue, signer: FieldValue) -> FieldValue:
    """A name that is the signer's own is not the patient's."""
    return _refused(patient, signer.value, "is the signer")


def _refused(value: FieldValue, name: object, reason: str) -> FieldValue:
    """The field with every reading that is this name rejected."""
    who = str(name).casefold() if name else None
    kept = tuple(
        c.model_copy(update={"rejected_because": reason}) if who and c.rejected_because is None and str(c.value).casefold() == who else c
        for c in value.candidates
    )  # fmt: skip
    return FieldValue(name=value.name, candidates=tuple(sorted(kept, key=lambda c: c.rejected_because is not None)))


def _no_patient(fields: Mapping[str, FieldValue]) -> FieldValue:
    """The signer, but for a name without a degree that labels tell to be the patient's as surely."""
    patient, signer = fields["patient.name"].accepted, fields["provider.name"].accepted
    if patient is None or signer is None or fields["provider.credentials"].accepted is not None or patient.confidence < max(0.9, signer.confidence):
        return fields["provider.name"]
    return _refused(fields["provider.name"], patient.value, "is the patient")


def _items(sheet: Sheet, tried: list[tuple[int, int]]) -> tuple[Item, ...]:
    labelled: dict[str, list[tuple[int, int]]] = {"tried": tried}
    for pair in sheet.pairs_of("item", "code", "frequency", "duration", "cost", "quantity", "tried"):
        labelled.setdefault(_unit_asked(sheet, pair) or pair.field, []).append((pair.start, pair.end))
    for pair in sheet.pairs_of("neutral_name"):
        labelled.setdefault("re", []).append((pair.start, pair.end))
    return find_items(sheet.document, sheet.lines, sheet.body, labelled)


def _lasting(item: Item, fields: Mapping[str, FieldValue]) -> Item:
    """The item with the months between the letter's start and end of treatment, where it states no duration."""
    start, end = _iso(fields.get("treatment_start")), _iso(fields.get("treatment_end"))
    if item.duration_months is not None or item.category in ONCE_ONLY or not (start and end):
        return item
    months = months_between(dt.date.fromisoformat(start), dt.date.fromisoformat(end))
    return item.model_copy(update={"duration_months": months}) if months else item


def _unit_asked(sheet: Sheet, pair: KeyValue) -> str | None:
    """The unit that a label names of the bare number under it: per_week for 'times per week', weeks for 'number of weeks';
    duration for a label of the item behind which only a time stands ('Requested for 12 months')."""
    if pair.field == "item" and _TIME_ALONE.fullmatch(sheet.text(pair.start, pair.end)):
        return "duration"
    if not re.fullmatch(r"\W*\d{1,3}\W*", sheet.text(pair.start, pair.end)):
        return None
    label = sheet.text(pair.hit.start, pair.hit.end).lower()
    often = re.search(r"\b(?:per|each|a|every)\s?(day|week|month|year)\b", label) if pair.field == "frequency" else None
    long = re.search(r"\b(day|week|month|year)s\b", label) if pair.field == "duration" else None
    return f"per_{often[1]}" if often else f"{long[1]}s" if long else None


_TIME_ALONE = re.compile(r"\W*(?:\w+ )?(?:\(?\d{1,3}\)? ?)?(?:weeks?|months?|years?|mos?\.?|wks?\.?|life(?:time)?)\W*", re.I)


def _with_answers(sheet: Sheet) -> Iterable[Sentence]:
    """For a form every sentence (printed labels are told apart there); for a letter its body without the references."""
    return sheet.sentences if sheet.kind == "form" else sheet.body


def _left_open(sheet: Sheet, sentence: Sentence) -> bool:
    """Whether a sentence is the words of a choice that nobody ticked, or nothing but a form's printed label."""
    if any(not o.ticked and o.end - o.start <= 60 and o.start <= sentence.start and sentence.end <= o.end + 1 for o in sheet.options):
        return True
    return sheet.kind == "form" and any(hit.alone and hit.start - 3 <= sentence.start and sentence.end <= hit.line.end + 1 for hit in sheet.hits)


def _behind_labels(sentences: Sequence[Sentence], said: Sequence[Sentence]) -> dict[int, str]:
    """What stands right behind a label or choice that was left out answers no heading above that."""
    places = {sentence.start: n for n, sentence in enumerate(said)}
    return {places[after.start]: "" for before, after in pairwise(sentences) if after.start in places and before.start not in places}


def _topics(sheet: Sheet, sentences: list[Sentence]) -> dict[int, str]:
    found: dict[int, str] = {}
    for pair in sheet.pairs_of(*_TOPICS):
        if sheet.kind != "form" and _ADDRESSEE.search(sheet.text(pair.hit.start, pair.hit.end)):
            continue
        topic = _TOPICS[pair.field]
        for n, sentence in enumerate(sentences):
            if pair.start < sentence.end and sentence.start < pair.end:
                topic = _asked_by(sentence.text, topic)
                found.setdefault(n, topic)
    if sheet.kind == "form":
        others = [hit for hit in sheet.hits if hit.field not in _TOPICS]
        for n, sentence in enumerate(sentences):
            if any(sentence.start <= hit.start < sentence.start + 3 for hit in others):
                found.setdefault(n, "")
    return found


def _ticked_tried(sheet: Sheet) -> tuple[Cell, ...]:
    asked = [(pair.start, _last_option(sheet, pair)) for pair in sheet.pairs_of("tried")]
    return tried_options(sheet.document.text, sheet.options, asked) if asked else ()


def _last_option(sheet: Sheet, pair: KeyValue) -> int:
    """Where the tick boxes end that answer a label: its own lines and the rows of boxes close below them."""
    last = max(pair.lines, key=lambda line: line.box[3])
    end = max(line.end for line in pair.lines)
    labels = [hit for hit in sheet.hits if hit.line.page == last.page and hit.start > pair.hit.start and hit.alone]
    for option in sorted(sheet.options, key=lambda option: option.start):
        line = sheet.line_at(option.start)
        if line is None or line.page != last.page or option.start < pair.start:
            continue
        if line.box[1] - last.box[3] > 1.8 * last.height or any(last.box[3] <= hit.line.box[1] <= line.box[1] for hit in labels):
            break
        last, end = (line if line.box[3] > last.box[3] else last), max(end, option.end)
    return end


def _iso(value: FieldValue | None) -> str | None:
    return value.value if value is not None and isinstance(value.value, str) else None


def _asked_by(question: str, topic: str) -> str:
    """The topic of what follows a printed question that was taken into the answer before it; else `topic`."""
    if not question.rstrip().endswith("?"):
        return topic
    asked = (("tried", r"\b(?:tried|attempted|alternatives?|other treatments?)\b"), ("benefit", r"\b(?:results?|outcomes?|expect\w*|benefits?|improve\w*|goals?|measured)\b"), ("why", r"\b(?:why|necessary|needed|treat|reliev\w*)\b"))
    return next((name for name, words in asked if re.search(words, question, re.I)), "")


def _paper_flags(sheet: Sheet, fields: Mapping[str, FieldValue]) -> tuple[Flag, ...]:
    flags = []
    if sheet.kind != "form" and not any(
        fields[n].accepted for n in ("practice.name", "practice.address", "practice.city")
    ):
        flags.append(
            Flag(code="no_letterhead", confidence=0.85, because="no practice name or address stands on the paper")
        )
    signed = fields["provider.signed"]
    if signed.value is not True:
        best = signed.accepted
        flags.append(Flag(code="unsigned", confidence=best.confidence if best else 0.6, evidence=best.evidence if best else None,
                          because=best.because if best else "no signature was found"))  # fmt: skip
    return tuple(flags)


def checked(document: DocumentText, value: FieldValue) -> FieldValue:
    """Refuses every candidate whose quote does not stand in the text where it says."""
    return replace_candidates(value, [
        c if c.evidence is None or _holds(document, c.evidence) else c.model_copy(update={"rejected_because": "its quote is not on the page"})
        for c in value.candidates
    ])  # fmt: skip


def _holds(document: DocumentText, evidence: Evidence) -> bool:
    return evidence.holds_in(document)


def replace_candidates(value: FieldValue, candidates: Iterable[Candidate]) -> FieldValue:
    """The same field with other candidates, accepted ones first."""
    ordered = sorted(candidates, key=lambda c: c.rejected_because is not None)
    return FieldValue(name=value.name, candidates=tuple(ordered))


__all__ = ["parse"]
