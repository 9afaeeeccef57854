"""What a letter's page shows, in the order in which it shows it.

Belongs here: choosing and ordering what a person sees, and numbering the boxes over the page pictures. Does not belong
here: markup (page/), files (publish.py).
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from pipeline.model import (
    ELEMENTS,
    FIELD_NAMES,
    Box,
    Case,
    Diagnosis,
    Evidence,
    FieldValue,
    Finding,
    Item,
    Letter,
    LetterSide,
    PageFace,
    Remark,
)
from pipeline.review import wording
from pipeline.review.queues import TITLES
from pipeline.review.record import problems_of, text_of
from pipeline.review.triage import routes


class Mark(NamedTuple):
    """A box over a page's picture: `key` ties it to the value beside; `kind` value or finding; sides in points."""

    key: str
    page: int
    kind: str
    label: str
    x: float
    y: float
    width: float
    height: float


class Words(NamedTuple):
    """Words of the letter; `key` of their box, '' where there is none."""

    quote: str
    page: int
    key: str


class Row(NamedTuple):
    """A value beside the picture. `confidence` None where doubt is not measured; `notes` are short remarks, `facts`
    named details, `refused` the readings that were not accepted, each with its reason as `because`; `name` that of the
    field, '' for what is none."""

    label: str
    value: str
    confidence: float | None
    because: str
    words: Words | None
    notes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    refused: tuple["Row", ...] = ()
    name: str = ""

    @property
    def doubtful(self) -> bool:
        return self.confidence is not None and self.confidence < wording.DOUBTFUL_BELOW


class FindingRow(NamedTuple):
    """A finding with the letter's words where it rests on some."""

    finding: Finding
    words: Words | None


class RemarkRow(NamedTuple):
    """A remark with the letter's words where it rests on some."""

    remark: Remark
    words: Words | None


class Sheet(NamedTuple):
    """A page with its picture (`src`, '' without one) and its boxes; `own` when it is part of the letter."""

    face: PageFace
    label: str
    src: str
    own: bool
    marks: tuple[Mark, ...]


class Heading(NamedTuple):
    """A case in the list; `find` is what a search looks in, `slug` the name of its page's file."""

    slug: str
    who: str
    what: str
    queue_title: str
    due: str
    late: bool
    codes: tuple[str, ...]
    find: str


class LetterView(NamedTuple):
    """All that a letter's page shows besides what stands in the case itself."""

    case: Case
    head: Heading
    problems: tuple[str, ...]
    findings: tuple[FindingRow, ...]
    fields: tuple[Row, ...]
    refused: tuple[Row, ...]
    absent: tuple[str, ...]
    diagnoses: tuple[Row, ...]
    not_diagnoses: tuple[Row, ...]
    items: tuple[Row, ...]
    elements: tuple[Row, ...]
    flags: tuple[Row, ...]
    sheets: tuple[Sheet, ...]
    remarks: tuple[RemarkRow, ...] = ()


class _Marks:
    """The boxes of one letter, numbered in the order in which they are met; values from the same words share one."""

    def __init__(self) -> None:
        self.met: list[Mark] = []

    def words(self, evidence: Evidence | None, label: str) -> Words | None:
        if evidence is None:
            return None
        return Words(evidence.quote, evidence.page, self.box(evidence.page, evidence.box, "value", label))

    def box(self, page: int, box: Box, kind: str, label: str) -> str:
        x0, y0, x1, y1 = (round(edge, 1) for edge in box)
        sides = (x0, y0, round(max(1.0, x1 - x0), 1), round(max(1.0, y1 - y0), 1))
        same = next((m for m in self.met if m.page == page and m[4:] == sides), None)
        if same is not None:
            return same.key
        self.met.append(Mark(f"e{len(self.met) + 1}", page, kind, label, *sides))
        return self.met[-1].key

    def on(self, page: int) -> tuple[Mark, ...]:
        """The page's boxes, the largest first, so that a small one inside a large one stays on top."""
        return tuple(sorted((m for m in self.met if m.page == page), key=lambda m: -m.width * m.height))


def heading(case: Case, slug: str, as_of: dt.date) -> Heading:
    """The case in the list: patient or file, what it is about, how pressing it is."""
    item, match = case.item, case.item.match
    name, what = text_of(case, "patient.name"), _about(case)
    ids = [match.member_id or "", match.plan_id or "", *match.claims] if match else []
    codes = tuple(finding.code for finding in leading_first(case) if finding.code != "NOT_AN_LMN")
    find = [item.letter_id, case.receipt.file, name, what, *ids, *codes, *map(wording.in_words, codes)]
    return Heading(
        slug=slug,
        who=name or case.receipt.file.rsplit("/", 1)[-1],
        what=what,
        queue_title=TITLES[item.queue],
        due=wording.time_left(item.due, as_of),
        late=wording.is_late(item.due, as_of),
        codes=codes,
        find=" ".join(find).lower(),
    )


def letter_view(case: Case, slug: str, as_of: dt.date, pictures: Mapping[int, str]) -> LetterView:
    """The page of one case; `pictures` maps a page number to its picture's relative address."""
    marks, letter = _Marks(), case.letter
    findings = tuple(_finding(finding, marks) for finding in leading_first(case))
    read = [_field(letter[name], marks) for name in FIELD_NAMES if letter[name].candidates] if letter else []
    accepted = [row for row in read if row.confidence is not None]
    return LetterView(
        case=case,
        head=heading(case, slug, as_of),
        problems=tuple(p.says if p.page is None else f"Page {p.page}: {p.says}" for p in problems_of(case)),
        findings=findings,
        fields=tuple(sorted(accepted, key=_doubt_first)),
        refused=tuple(row for row in read if row.confidence is None),
        absent=tuple(wording.LABELS[n] for n in FIELD_NAMES if not letter[n].candidates) if letter else (),
        diagnoses=tuple(_diagnosis(d, marks) for d in letter.diagnoses) if letter else (),
        not_diagnoses=_not_diagnoses(letter, marks),
        items=tuple(_item(item, marks) for item in letter.items) if letter else (),
        elements=_elements(letter, marks),
        flags=_flags(letter, marks),
        remarks=tuple(RemarkRow(r, _side(r.letter, r.code, marks)) for r in case.item.remarks),
        sheets=_sheets(case, marks, pictures),
    )


def leading_first(case: Case) -> list[Finding]:
    """The findings that put the case where it is, then the others that block, then those that are only noted."""
    ways = routes()

    def rank(finding: Finding) -> int:
        if finding.severity == "notes":
            return 2
        return 0 if case.item.queue in ways.get(finding.code, ()) else 1

    return sorted(case.item.findings, key=rank)


def _about(case: Case) -> str:
    problems = problems_of(case)
    if case.letter and case.letter.items:
        return ", ".join(item.text for item in case.letter.items)
    if problems:
        return problems[0].says
    return case.item.why if case.letter else wording.class_label(case.document_class)


def _doubt_first(row: Row) -> tuple[bool, float]:
    """Doubtful rows first, the least certain at the top; the others keep their order."""
    return (not row.doubtful, (row.confidence or 0.0) if row.doubtful else 0.0)


def _finding(finding: Finding, marks: _Marks) -> FindingRow:
    return FindingRow(finding, _side(finding.letter, finding.code, marks))


def _side(side: LetterSide | None, code: str, marks: _Marks) -> Words | None:
    """The letter's words that a finding or a remark rests on."""
    if side is None:
        return None
    key = marks.box(side.page, side.box, "finding", wording.in_words(code)) if side.box else ""
    return Words(side.quote, side.page, key)


def _field(value: FieldValue, marks: _Marks) -> Row:
    """A field's row; `confidence` is None where nothing that was read could be accepted."""
    label, best = wording.LABELS[value.name], value.accepted
    refused = tuple(
        Row(label, wording.shown(value.name, c.value), None, c.rejected_because, marks.words(c.evidence, label))
        for c in value.candidates
        if c.rejected_because is not None
    )
    if best is None:
        return Row(label, "", None, "", None, refused=refused, name=value.name)
    words = marks.words(best.evidence, label)
    return Row(label, wording.shown(value.name, best.value), best.confidence, best.because, words, refused=refused, name=value.name)


def _diagnosis(diagnosis: Diagnosis, marks: _Marks) -> Row:
    notes = ("primary",) if diagnosis.primary else ()
    facts = [("code", diagnosis.icd10)] if diagnosis.icd10 else []
    if diagnosis.suggested_icd10:
        facts.append(("suggested code", diagnosis.suggested_icd10))
    words = marks.words(diagnosis.evidence, "diagnosis")
    return Row(diagnosis.text, "", diagnosis.confidence, diagnosis.because, words, notes, tuple(facts))


def _not_diagnoses(letter: Letter | None, marks: _Marks) -> tuple[Row, ...]:
    denied = letter.not_diagnoses if letter else ()
    return tuple(
        Row(d.text, wording.in_words(d.because), None, "", marks.words(d.evidence, f"not a diagnosis: {d.because}"))
        for d in denied
    )


def _item(item: Item, marks: _Marks) -> Row:
    notes = (wording.in_words(item.category),)
    words = marks.words(item.evidence, "item")
    return Row(item.text, "", item.confidence, item.because, words, notes, wording.item_facts(item))


def _elements(letter: Letter | None, marks: _Marks) -> tuple[Row, ...]:
    found = {element.name: element for element in letter.elements} if letter else {}
    rows = []
    for name in ELEMENTS if letter else ():
        label, element = wording.ELEMENT_LABELS[name], found.get(name)
        if element is None:
            rows.append(Row(label, "no", None, "", None))
            continue
        words = marks.words(element.evidence, label)
        rows.append(Row(label, "yes" if element.value else "no", element.confidence, element.because, words))
    return tuple(rows)


def _flags(letter: Letter | None, marks: _Marks) -> tuple[Row, ...]:
    flags = letter.flags if letter else ()
    return tuple(
        Row(wording.in_words(f.code), "", f.confidence, f.because, marks.words(f.evidence, wording.in_words(f.code)))
        for f in flags
    )


def _sheets(case: Case, marks: _Marks, pictures: Mapping[int, str]) -> tuple[Sheet, ...]:
    """The letter's own pages first, then the rest of the file."""
    classes = {page: s.page_class for s in case.segments for page in s.pages}
    faces = sorted(case.faces, key=lambda face: (face.number not in case.pages, face.number))
    return tuple(
        Sheet(
            face,
            wording.class_label(classes[face.number]) if face.number in classes else "",
            pictures.get(face.number, ""),
            face.number in case.pages,
            marks.on(face.number),
        )
        for face in faces
    )
