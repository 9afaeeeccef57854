"""Letters as a perfect reader would hand them on: built from a corpus's truth.json, for tests of judging alone.

The words are those of the document's own markup, so that letters sent twice are told by their words; the values are
the truth's.
"""

import csv
import html
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.check.specimen import paper, stated
from pipeline.model import (
    ELEMENTS,
    FIELD_NAMES,
    Diagnosis,
    DocumentText,
    Element,
    Evidence,
    Flag,
    Item,
    Letter,
    NotDiagnosis,
    Problem,
)

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LMN_SHARED", ROOT.parent / "shared"))
Json = dict[str, Any]


class Corpus(NamedTuple):
    """Documents with their truths, and the claim records beside them."""

    name: str
    documents: Path
    claims: Path


def corpora() -> list[Corpus]:
    """Every corpus that is there: the samples, the blind set and, where somebody has them, the development letters."""
    places = [
        Corpus("samples", ROOT / "sample_docs" / "sources", ROOT / "sample_docs" / "claims"),
        Corpus("blind", ROOT / "tests" / "blind" / "corpus", ROOT / "tests" / "blind" / "corpus" / "claims"),
        Corpus("blind2", ROOT / "tests" / "blind2" / "corpus", ROOT / "tests" / "blind2" / "corpus" / "claims"),
        Corpus("blind3", ROOT / "tests" / "blind3" / "corpus", ROOT / "tests" / "blind3" / "corpus" / "claims"),
        Corpus("blind4", ROOT / "tests" / "blind4" / "corpus", ROOT / "tests" / "blind4" / "corpus" / "claims"),
        Corpus("blind5", ROOT / "tests" / "blind5" / "corpus", ROOT / "tests" / "blind5" / "corpus" / "claims"),
        *(Corpus(f"shared-{p}", SHARED / "corpus" / p, SHARED / "corpus" / p / "claims") for p in ("fsa", "ins")),
    ]
    return [corpus for corpus in places if (corpus.claims / "members.csv").is_file()]


def truths(corpus: Corpus) -> list[Json]:
    """The truths of a corpus in the order in which the files arrive: that of render.csv where there is one, else of
    the names."""
    found = [{**json.loads(p.read_text(encoding="utf-8")), "folder": p.parent} for p in corpus.documents.glob("*/truth.json")]
    listed: list[str] = []
    if (corpus.documents / "render.csv").is_file():
        with (corpus.documents / "render.csv").open(encoding="utf-8", newline="") as file:
            listed = [row["source"] for row in csv.DictReader(file)]
    return sorted(found, key=lambda truth: (listed.index(truth["name"]) if truth["name"] in listed else 0, str(truth["name"])))


def document_of(truth: Json) -> DocumentText:
    """The words of the document's pages in the order of its markup; of a form, its labels and values."""
    count = max((p for s in truth["segments"] for p in s["pages"]), default=1)
    texts = [*_pages(truth["folder"]), *[""] * count][:count]
    return paper(texts, truth["name"].ljust(64, "0"))


def _pages(folder: Path) -> list[str]:
    markup = folder / "doc.html"
    if not markup.is_file():
        return [" ".join(_strings(json.loads((folder / "form.json").read_text(encoding="utf-8"))))]
    body = re.sub(r"(?is)<(style|script|title|head)\b.*?</\1>", " ", markup.read_text(encoding="utf-8"))
    parts = re.split(r"""(?i)<(?:section|div|article)\b[^>]*class=["'][^"']*\bpage\b[^>]*>""", body)
    plain = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in parts]
    return plain[1:] or plain


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [s for v in value.values() for s in _strings(v)]
    if isinstance(value, list):
        return [s for v in value for s in _strings(v)]
    return [value] if isinstance(value, str) else []


def letter_of(truth: Json, n: int) -> Letter:
    """The truth's n-th letter as the model's. What the truth calls unreadable lies on a page of poor quality."""
    t = truth["letters"][n]
    quote = Evidence(page=t["pages"][0], box=(0, 0, 1, 1), start=0, end=1, quote="x", confidence=0.99)
    covered = "LOW_CONFIDENCE" in truth["findings"]
    return Letter(
        letter_id=f"{truth['name']}-{n}", sha256=truth["name"].ljust(64, "0"), pages=tuple(t["pages"]), kind=t["kind"],
        fields=stated({name: _value(t, name) for name in FIELD_NAMES}, quote),
        diagnoses=tuple(Diagnosis(text=d["text"], icd10=d["icd10"], primary=d["primary"], confidence=0.99, evidence=quote) for d in t["diagnoses"]),
        not_diagnoses=tuple(NotDiagnosis(text=d, because="negated", evidence=quote) for d in t["not_diagnoses"]),
        items=tuple(Item(**{k: v for k, v in i.items() if v is not None}, confidence=0.99, evidence=quote) for i in t["items"]),
        elements=tuple(Element(name=e, value=bool(t["elements"].get(e)), confidence=0.99) for e in ELEMENTS),
        flags=tuple(Flag(code=f, confidence=0.99) for f in t["flags"]),
        problems=(Problem(code="covered", says="Part of page 1 is covered."),) if covered else (), quality=0.7 if covered else 0.99,
    )  # fmt: skip


def _value(t: Json, name: str) -> Any:
    value: Any = t
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return tuple(value) if isinstance(value, list) else value
