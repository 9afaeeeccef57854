"""Letters as a perfect reader would hand them on: built from a corpus's truth.json, for tests of judging alone."""

import json
import os
from pathlib import Path
from typing import Any

from pipeline.codes.fold import plain
from pipeline.model import (
    ELEMENTS,
    FIELD_NAMES,
    Candidate,
    Diagnosis,
    DocumentText,
    Element,
    Evidence,
    FieldValue,
    Flag,
    Item,
    Letter,
    Page,
    Word,
    lay_out,
)

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LMN_SHARED", ROOT.parent / "shared"))


def corpora() -> list[Path]:
    """Every corpus that is there: the samples' sources, the blind set, the development letters."""
    places = [ROOT / "tests" / "blind" / "corpus", SHARED / "corpus" / "fsa", SHARED / "corpus" / "ins"]
    return [p for p in places if (p / "claims" / "members.csv").is_file()]


def truths(corpus: Path) -> list[dict[str, Any]]:
    """The truths of a corpus in the order in which the files arrive."""
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted(corpus.glob("*/truth.json"))]


def document_of(truth: dict[str, Any]) -> DocumentText:
    """A stand-in text: the words of the truth's own values."""
    text = plain(json.dumps(truth["letters"], sort_keys=True))
    words = [Word(text=t, box=(0, 0, 1, 1), confidence=0.99, source="layer", line=0, start=0) for t in text.split()]
    count = max((p for s in truth["segments"] for p in s["pages"]), default=1)
    pages = [(Page(number=n, width=612, height=792, origin="layer", quality=0.99), [words]) for n in range(1, count + 1)]
    laid, made = lay_out(pages)
    return DocumentText(sha256=truth["name"].ljust(64, "0"), text=laid, pages=made)


def letter_of(truth: dict[str, Any], n: int) -> Letter:
    """The truth's n-th letter as the model's."""
    t = truth["letters"][n]
    quote = Evidence(page=t["pages"][0], box=(0, 0, 1, 1), start=0, end=1, quote="x", confidence=0.99)
    fields = {name: FieldValue(name=name, candidates=(Candidate(value=value, confidence=0.99, because="truth", evidence=quote),))
              for name in FIELD_NAMES if (value := _value(t, name)) not in (None, (), "")}  # fmt: skip
    return Letter(
        letter_id=f"{truth['name']}-{n}", sha256=truth["name"].ljust(64, "0"), pages=tuple(t["pages"]), kind=t["kind"], fields=fields,
        diagnoses=tuple(Diagnosis(text=d["text"], icd10=d["icd10"], primary=d["primary"], confidence=0.99, evidence=quote) for d in t["diagnoses"]),
        items=tuple(Item(text=i["text"], category=i["category"], confidence=0.99, evidence=quote, code=i["code"], quantity=i["quantity"],
                         frequency=i["frequency"], duration_months=i["duration_months"], cost=i["cost"]) for i in t["items"]),
        elements=tuple(Element(name=e, value=bool(t["elements"].get(e)), confidence=0.99) for e in ELEMENTS),
        flags=tuple(Flag(code=f, confidence=0.99) for f in t["flags"]), quality=0.5 if "LOW_CONFIDENCE" in truth["findings"] else 0.99,
    )  # fmt: skip


def _value(t: dict[str, Any], name: str) -> Any:
    value: Any = t
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return tuple(value) if isinstance(value, list) else value
