"""ICD-10-CM: is this a code, and what does it stand for?

Belongs here: the code set (CMS/NCHS tabular list, release April 2026, public domain; built by scripts/build_icd10.py)
and the reading of a code as written. Does not belong here: whether a letter asserts it.
"""

import csv
import datetime as dt
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.codes.fold import as_digits, as_letters

FIRST_DAY = dt.date(2015, 10, 1)
"""The first day of ICD-10-CM in claims."""
_SHAPE = re.compile(r"^[A-TV-Z]\d[0-9AB](?:[0-9A-Z]{1,4})?$")
_SEVENTH = re.compile(r"^([A-Z0-9]{3,6}?)X*([A-HJKMNP-S])$")
_ICD9 = re.compile(r"^(?:\d{3}(?:\.\d{1,2})?|V\d{2}(?:\.\d{1,2})?|E\d{3}(?:\.\d)?)$")


@dataclass(frozen=True)
class Code:
    """A code with its dot; `billable` when it has no finer codes below it."""

    code: str
    description: str
    billable: bool


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[bool, str]]:
    packed = files("pipeline.codes").joinpath("data/icd10cm.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode().splitlines())
    return {code: (billable == "1", description) for code, billable, description in rows}


def codes() -> Iterator[tuple[str, bool, str]]:
    """Every code without its dot, whether it is billable, and its description, in the order of the release."""
    for code, (billable, description) in _table().items():
        yield code, billable, description


def dotted(code: str) -> str:
    """The code with its dot after the third character, upper case, without spaces."""
    bare = re.sub(r"[^A-Za-z0-9]", "", code).upper()
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def look_up(code: str) -> Code | None:
    """The code as the release has it; a 7th character counts when the code below it exists. None when unknown."""
    bare = re.sub(r"[^A-Za-z0-9]", "", code).upper()
    table = _table()
    if bare in table:
        billable, description = table[bare]
        return Code(dotted(bare), description, billable)
    seventh = _SEVENTH.match(bare) if len(bare) >= 5 else None
    if seventh and bare[0] in "MOSTVWXYRZ" and seventh.group(1) in table:
        return Code(dotted(bare), table[seventh.group(1)][1], True)
    return None


@lru_cache(maxsize=1)
def _spans() -> dict[str, tuple[str, str]]:
    """First and last day of codes that came or were split since 2015 (icd10_releases.csv; the release alone does not tell)."""
    text = files("pipeline.codes").joinpath("icd10_releases.csv").read_text(encoding="utf-8")
    return {row["code"]: (row["from"], row["until"]) for row in csv.DictReader(text.splitlines())}


def in_force(code: str, day: dt.date) -> bool | None:
    """Whether a dotted code could be reported on that day: by the dates known of it, else by the release. None for a
    day before ICD-10-CM was used (1 October 2015)."""
    if day < FIRST_DAY:
        return None
    known = _spans().get(code)
    if known is not None:
        return known[0] <= day.isoformat() <= (known[1] or "9999")
    found = look_up(code)
    return found is not None and found.billable


def read(written: str) -> Code | None:
    """A code as an eye or an engine may have written it: dot missing, O for 0, l for 1, 5 for S. None when no
    reading of it is a code; the reading with the fewest changed characters wins."""
    bare = re.sub(r"[\s.,]", "", written)
    if not 3 <= len(bare) <= 8:
        return None
    for attempt in _readings(bare):
        if _SHAPE.match(attempt) and (found := look_up(attempt)):
            return found
    return None


def _readings(bare: str) -> list[str]:
    upper = bare.upper()
    head = as_letters(bare[0]).upper() if bare[0].isdigit() or bare[0] in "|!" else upper[0]
    middle = as_digits(bare[1])
    third = as_digits(bare[2])
    tail_digits = as_digits(bare[3:])
    return list(dict.fromkeys([upper, head + upper[1:], head + middle + third + upper[3:],
                               head + middle + third + tail_digits.upper()]))  # fmt: skip


def is_icd9(code: str) -> bool:
    """Whether this has the shape of an ICD-9-CM code (and so is none of ICD-10-CM's)."""
    return bool(_ICD9.match(code.strip().upper())) and look_up(code) is None


_EMPTY_WORDS = frozenset(
    [
        "unspecified",
        "of",
        "the",
        "and",
        "or",
        "with",
        "without",
        "nos",
        "other",
        "due",
        "to",
        "in",
        "primary",
        "essential",
        "not",
        "elsewhere",
        "classified",
        "adult",
        "pediatric",
        "site",
    ]
)


def _key(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return frozenset(
        w[:-1] if len(w) > 4 and w.endswith("s") and not w.endswith("ss") else w for w in words if w not in _EMPTY_WORDS
    )


@lru_cache(maxsize=1)
def _by_words() -> dict[frozenset[str], str]:
    table: dict[frozenset[str], str] = {}
    for code, (billable, description) in sorted(_table().items(), key=lambda kv: (not kv[1][0], len(kv[0]), kv[0])):
        if billable:
            table.setdefault(_key(description), code)
    return table


def suggest(text: str) -> str | None:
    """The code whose description has just the words of `text` (order, plural and 'unspecified' apart); None when
    there is none. A suggestion for a person, never a value of the letter."""
    found = _by_words().get(_key(text))
    return dotted(found) if found else None
