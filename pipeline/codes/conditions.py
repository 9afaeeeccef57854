"""Names of conditions: where a text names one, whether it is a disease or a mere complaint, and which code it suggests.

Belongs here: the tables conditions.tsv.gz (scripts/build_conditions.py) and condition_names.csv (lay names,
abbreviations), and finding their names in words. Does not belong here: whether the letter asserts it (parse).
"""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from pipeline.codes.fold import plain

_TOKEN = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_LONGEST = 7


@dataclass(frozen=True)
class Name:
    """A condition's name. `kind` d (disease) or s (sign, symptom, complaint); `code` the ICD-10-CM code the name alone
    suggests, without its dot, or empty; `capitals`: an abbreviation, a name only when written in capitals."""

    kind: str
    code: str
    capitals: bool = False


@lru_cache(maxsize=1)
def names() -> dict[str, Name]:
    """Every known name in plain lower case."""
    packed = files("pipeline.codes").joinpath("data/conditions.tsv.gz").read_bytes()
    table: dict[str, Name] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        name, kind, code, source = line.split("\t")
        table[name] = Name(kind, code, source == "MeSH" and len(name) <= 4)
    rows = csv.DictReader(
        files("pipeline.codes").joinpath("condition_names.csv").read_text(encoding="utf-8").splitlines()
    )
    for row in rows:
        short = row["source"] == "abbreviation" and " " not in row["name"] and not any(c.isdigit() for c in row["name"])
        table[row["name"]] = Name(row["kind"], row["icd10"].replace(".", ""), short)
    return table


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    return frozenset(name.split(" ", 1)[0] for name in names())


def named(text: str) -> Name | None:
    """The entry whose name is just this text, capitals, hyphens and accents aside."""
    return names().get(plain(text))


def names_in(text: str, start: int, end: int) -> Iterator[tuple[int, int, Name]]:
    """Spans of text[start:end] that are a condition's name, longest first at each place, none overlapping."""
    tokens = [(m.start(), m.end(), plain(m.group())) for m in _TOKEN.finditer(text, start, end)]
    at = 0
    while at < len(tokens):
        length = _longest(text, tokens, at)
        if length:
            first, last = tokens[at][0], tokens[at + length - 1][1]
            yield first, last, names()[" ".join(t[2] for t in tokens[at : at + length])]
        at += max(1, length)


def _longest(text: str, tokens: list[tuple[int, int, str]], at: int) -> int:
    if tokens[at][2] not in _openings():
        return 0
    for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
        run = tokens[at : at + length]
        entry = names().get(" ".join(t[2] for t in run))
        if entry is None or (entry.capitals and not text[run[0][0] : run[-1][1]].isupper()):
            continue
        if all(_joined(text[a[1] : b[0]]) for a, b in pairwise(run)):
            return length
    return 0


def _joined(between: str) -> bool:
    return len(between) <= 3 and not re.search(r"[,;:.()\f]|\n\s*\n", between)
