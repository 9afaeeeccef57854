"""HCPCS Level II: codes that letters of medical necessity name, and the kind of thing each stands for.

Belongs here: the subset table and the reading of a code as written. Does not belong here: CPT (the American Medical
Association's: recognised by its shape alone, with no meaning attached) and dental codes.
Source: CMS HCPCS Level II code set (public); descriptions are short paraphrases, categories are those of
docs/fields.md. scripts/import_hcpcs.py takes the full quarterly file of CMS in beside it.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.codes.fold import as_digits

SHAPE = re.compile(r"^[A-HJ-NP-V]\d{4}$")


@dataclass(frozen=True)
class Entry:
    """A code of the subset with what it stands for and the category of such an item."""

    code: str
    description: str
    category: str


@lru_cache(maxsize=1)
def _table() -> dict[str, Entry]:
    text = files("pipeline.codes").joinpath("hcpcs_subset.csv").read_text(encoding="utf-8")
    subset = {
        row["code"]: Entry(row["code"], row["description"], row["category"])
        for row in csv.DictReader(text.splitlines())
    }
    return _imported() | subset


def _imported() -> dict[str, Entry]:
    """The codes of CMS's quarterly file where scripts/import_hcpcs.py took one in; their category is the chapter's."""
    full = files("pipeline.codes").joinpath("data/hcpcs_full.csv")
    if not full.is_file():
        return {}
    rows = csv.DictReader(full.read_text(encoding="utf-8").splitlines())
    return {row["code"]: Entry(row["code"], row["description"], _of_chapter(row["code"]) or "other") for row in rows}


def look_up(code: str) -> Entry | None:
    """The entry of a code, with or without its modifiers; None when the subset has no such code."""
    return _table().get(code.strip().upper()[:5])


def read(written: str) -> str | None:
    """A code as an eye or an engine may have written it ('E06O1', 'K0O05', 'EO260'): the five characters, digits
    repaired; None when its shape cannot be that of a HCPCS code."""
    bare = written.strip().upper()
    if len(bare) != 5:
        return None
    first = {"8": "B", "1": "L", "|": "L", "5": "S"}.get(bare[0], bare[0])
    code = first + as_digits(bare[1:])
    return code if SHAPE.match(code) else None


def category_of(code: str) -> str | None:
    """The category of an item with this code; for a code outside the subset that of its chapter where the chapter
    holds one kind of thing (K wheelchairs, B enteral nutrition, L orthoses, J drugs), else None."""
    entry = look_up(code)
    return entry.category if entry is not None else _of_chapter(code)


def _of_chapter(code: str) -> str | None:
    bare = code.strip().upper()
    if not SHAPE.match(bare[:5]):
        return None
    if bare[0] == "K":
        return "wheelchair" if bare[:5] <= "K0108" or "K0669" < bare[:5] < "K0900" else "other_dme"
    if bare[0] == "L":
        return "orthopedic_footwear" if "L3000" <= bare[:5] <= "L3649" else "other_dme"
    return {"B": "special_diet", "J": "prescription_drug", "A": "other_dme", "E": "other_dme"}.get(bare[0])
