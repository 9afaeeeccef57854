"""Names of drugs: the list of data/drugs.csv, generic and trade names, and the stems by which new generic names are made.

Belongs here: finding the names in lower-case text. Does not belong here: treatments that are no drugs (treatment_names),
whether a drug was taken (treatments). Sources of the list stand in its rows; scripts/build_drugs.py adds the published
names to it.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_WORD = re.compile(r"(?<![\w-])[a-z][a-z0-9]{2,}(?!\w)")


@dataclass(frozen=True)
class DrugNames:
    """The known names, found as a pattern finds them; `long` matches those of more than one word."""

    words: frozenset[str]
    long: re.Pattern[str]

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The names in text[start:end], in order, the longer of two that begin together first."""
        stop = len(text) if end is None else end
        at = start
        while at < stop:
            found = self.search(text, at, stop)
            if found is None:
                return
            yield found
            at = found.end()

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first name in text[start:end]."""
        stop = len(text) if end is None else end
        one = next((m for m in _WORD.finditer(text, start, stop) if m.group() in self.words), None)
        more = self.long.search(text, start, stop)
        return one if more is None or (one is not None and one.start() < more.start()) else more

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The name that begins at text[start]."""
        stop = len(text) if end is None else end
        one = _WORD.match(text, start, stop)
        return self.long.match(text, start, stop) or (one if one is not None and one.group() in self.words else None)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match when the text is a name and nothing else."""
        found = self.match(text)
        return found if found is not None and found.end() == len(text) else None


@lru_cache(maxsize=1)
def drugs() -> DrugNames:
    """The names of data/drugs.csv."""
    with files("pipeline.parse").joinpath("data/drugs.csv").open(encoding="utf-8") as rows:
        names = [row["name"] for row in csv.DictReader(rows)]
    single = frozenset(name for name in names if re.fullmatch(r"[a-z][a-z0-9]{2,}", name))
    others = sorted((name for name in names if name not in single), key=len, reverse=True)
    return DrugNames(single, re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, others))})(?!\w)"))
