"""Letters made by hand for the tests of this room: one page of words with their places, and what was read off it."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.model import (
    Candidate,
    Case,
    Diagnosis,
    DocumentText,
    Element,
    Evidence,
    FieldValue,
    Finding,
    Flag,
    Item,
    Letter,
    LetterSide,
    Match,
    MemberCandidate,
    NotDiagnosis,
    Page,
    PageFace,
    Problem,
    Receipt,
    RecordSide,
    ReviewItem,
    Segment,
    Word,
    lay_out,
)
from pipeline.store import Store

AS_OF = dt.date(2026, 6, 30)
LINES = (
    "Willow Creek Family Practice",
    "April 2, 2026",
    "Patient: Ana Ortiz",
    "She has plantar fasciitis M72.2 but no stress fracture",
    "Custom orthotics are needed",
    "NPI 1234567890",
)


def document(lines: tuple[str, ...] = LINES) -> DocumentText:
    """One US Letter page, a line every 20 points, every word 40 points wide."""
    words = [
        [
            Word(text=t, box=(40 + 45 * i, 40 + 20 * row, 80 + 45 * i, 52 + 20 * row), confidence=0.97, source="ocr", line=0, start=0)
            for i, t in enumerate(line.split())
        ]
        for row, line in enumerate(lines)
    ]  # fmt: skip
    text, pages = lay_out([(Page(number=1, width=612, height=792, origin="ocr", quality=0.97), words)])
    return DocumentText(sha256=hashlib.sha256(text.encode()).hexdigest(), text=text, pages=pages)


def evidence(doc: DocumentText, quote: str) -> Evidence:
    """The place of these words; ValueError when they do not stand there."""
    start = doc.text.index(quote)
    return Evidence.at(doc, start, start + len(quote))


def reading(doc: DocumentText, value: Any, quote: str, confidence: float = 0.97, **rest: Any) -> Candidate:
    """A reading of a field."""
    return Candidate(value=value, confidence=confidence, because="by its label", evidence=evidence(doc, quote), **rest)


def letter(doc: DocumentText, **changes: Any) -> Letter:
    """A letter with a bit of everything; `changes` replace parts of it."""
    npi = reading(doc, "1234567890", "1234567890", 0.2, rejected_because="its check digit fails")
    fields = {
        "letter_date": (reading(doc, "2026-04-02", "April 2, 2026"),),
        "practice.name": (reading(doc, "Willow Creek Family Practice", "Willow Creek Family Practice"),),
        "patient.name": (reading(doc, "Ana Ortiz", "Ana Ortiz", 0.6),),
        "provider.npi": (npi,),
        "provider.credentials": (reading(doc, ("MD", "DPM"), "Family Practice", 0.9),),
        "provider.signed": (Candidate(value=True, confidence=0.9, because="ink above the name"),),
    }
    parts: dict[str, Any] = {
        "letter_id": f"{doc.sha256[:16]}-1",
        "sha256": doc.sha256,
        "pages": (1,),
        "kind": "letter",
        "fields": {name: FieldValue(name=name, candidates=found) for name, found in fields.items()},
        "diagnoses": (
            Diagnosis(text="plantar fasciitis", icd10="M72.2", primary=True, confidence=0.95, evidence=evidence(doc, "plantar fasciitis")),
        ),
        "not_diagnoses": (NotDiagnosis(text="stress fracture", because="negated", evidence=evidence(doc, "stress fracture")),),
        "items": (
            Item(text="custom orthotics", category="orthopedic_footwear", confidence=0.9, evidence=evidence(doc, "Custom orthotics"), quantity=2, duration_months=999, cost=420.5),
        ),
        "elements": (Element(name="medical_value", value=True, confidence=0.8, evidence=evidence(doc, "are needed")),),
        "flags": (Flag(code="unsigned", confidence=0.7),),
    }  # fmt: skip
    return Letter(**{**parts, **changes})


def case(file: str = "mail/a.pdf", queue: str = "examine", made: Letter | None = None, **changes: Any) -> Case:
    """A letter in its queue; `changes` replace parts of the review item."""
    made = made or letter(document())
    finding = Finding(
        code="LETTER_AFTER_PURCHASE",
        severity="blocks",
        rule="letter_after_purchase@1",
        says="The letter was written after the purchase.",
        outcome="contradicted",
        letter=LetterSide(page=1, quote="April 2, 2026", box=(40, 60, 170, 72)),
        record=RecordSide(table="claims", id="C-1", column="service_date", value="2026-03-24"),
        cure="Ask for a letter that covers the day of purchase.",
    )
    best = MemberCandidate(member_id="M-1", score=21.5, parts={"name": 9.0, "dob": 12.5})
    match = Match(letter_id=made.letter_id, outcome="matched", member_id="M-1", plan_id="P-1", candidates=(best,), claims=("C-1",))
    item: dict[str, Any] = {
        "letter_id": made.letter_id,
        "sha256": made.sha256,
        "file": file,
        "queue": queue,
        "priority": 2,
        "due": dt.date(2026, 7, 30),
        "why": "The letter came after the purchase.",
        "findings": (finding,),
        "match": match,
    }
    return Case(
        receipt=receipt(file, made.sha256),
        document_class="lmn",
        segments=(Segment(page_class="lmn", pages=(1,), because="its heading"),),
        pages=made.pages,
        faces=(PageFace(number=1, width=612, height=792, image=f"pages/{made.sha256[:2]}/{made.sha256}/0001.jpg"),),
        letter=made,
        item=ReviewItem(**{**item, **changes}),
    )


def bad_file(file: str = "mail/locked.pdf") -> Case:
    """A file that could not be opened."""
    sha256 = hashlib.sha256(file.encode()).hexdigest()
    problem = Problem(code="encrypted", says="The file needs a password. Ask the sender for one that opens without.")
    return Case(
        receipt=receipt(file, sha256, (problem,)),
        document_class="unreadable",
        segments=(),
        pages=(),
        faces=(),
        letter=None,
        item=ReviewItem(
            letter_id=f"{sha256[:16]}-0", sha256=sha256, file=file, queue="transcribe", priority=3, due=None,
            why="The file could not be opened.", problems=(problem,),
        ),
    )  # fmt: skip


def receipt(file: str, sha256: str, problems: tuple[Problem, ...] = ()) -> Receipt:
    """A receipt of 29 June."""
    return Receipt(
        sha256=sha256,
        file=file,
        channel=file.split("/")[0],
        media_type="application/pdf",
        size=1,
        received_at="2026-06-29T09:00:00Z",
        batch="b-1",
        problems=problems,
    )


def store_with_pictures(root: Path, cases: list[Case]) -> Path:
    """A store that holds a white picture of every page."""
    for one in cases:
        for face in one.faces:
            target = Store(root).page_image(one.receipt.sha256, face.number)
            target.parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (306, 396), 255).save(target)
    return root
