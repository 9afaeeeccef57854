"""The category of an item: by its words first, then by its code.

Belongs here: the lookup in data/categories.yaml and in the HCPCS subset. Does not belong here: finding items. A CPT
code gives no category: its meaning is not ours to ship.
"""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

import yaml

from pipeline.codes import hcpcs
from pipeline.parse.drug_names import drugs

_INITIALS = frozenset({"PT", "OT", "ST", "SLP", "PT/OT"})
"""Therapies by their initials, which are such only in capitals."""


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = files("pipeline.parse").joinpath("data/categories.yaml").read_text(encoding="utf-8")
    return tuple((rule["category"], re.compile("|".join(rule["words"]))) for rule in yaml.safe_load(text)["rules"])


@lru_cache(maxsize=4096)
def by_words(text: str) -> str | None:
    """The category that the words tell, None when they tell none."""
    if text.strip() in _INITIALS:
        return "therapy_service"
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    bare = " ".join(bare.split())
    found = next((category for category, words in _rules() if words.search(bare)), None)
    return found or ("prescription_drug" if drugs().search(bare) else None)


def category_of(text: str, code: str | None = None) -> str:
    """One of the categories of docs/fields.md; "other" when neither words nor code tell."""
    return by_words(text) or (hcpcs.category_of(code) if code else None) or "other"
