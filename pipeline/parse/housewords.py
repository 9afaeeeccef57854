"""Words in the names of offices and organisations (data/houses.csv), as patterns.

Belongs here: the list by sense. Does not belong here: what a line calls its office (housenames).
"""

import csv
import re
from importlib.resources import files


def _words(*senses: str) -> re.Pattern[str]:
    """The words of the given senses in data/houses.csv, each a pattern of its own, as one pattern."""
    with files("pipeline.parse").joinpath("data/houses.csv").open(encoding="utf-8") as rows:
        words = [row["word"] for row in csv.DictReader(rows) if set(row["senses"].split()) & set(senses)]
    return re.compile(r"\b(?:" + "|".join(words) + r")\b", re.I)


ORGANISATION = _words("organisation")
"""Words in the names of organisations and of fields of medicine."""

KIND = _words("organisation", "kind")
"""Words that say what kind of place a name belongs to; a name without any may have one in the line below."""

HOUSE = _words("house")
"""Nouns of an organisation itself, which a specialty or a title has not."""
