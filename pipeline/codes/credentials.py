"""Letters behind a name: which they are and what kind.

Belongs here: the list (credentials.csv) and its reading. Does not belong here: whose they are, or who may sign.
"""

import csv
import re
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """Credential in truth form (upper case, no dots) to its kind."""
    return {row["credential"]: row["kind"] for row in _rows()}


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    text = files("pipeline.codes").joinpath("credentials.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def canonical(written: str) -> str | None:
    """The credential meant by 'M.D.', 'L.Ac.', 'PA-C', 'Ph.D'; None when it is none."""
    return _spellings().get(_squeeze(written))


def _squeeze(text: str) -> str:
    return re.sub(r"[.\s,]", "", text).upper()


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in _rows():
        for spelling in (row["credential"], *filter(None, row["variants"].split("|"))):
            table.setdefault(_squeeze(spelling), row["credential"])
    return table


def is_counted(credential: str) -> bool:
    """Titles of honour and of suppliers (FACS, ATP) are not credentials of a signer."""
    return kinds().get(credential) != "fellow"


@lru_cache(maxsize=1)
def pattern() -> str:
    """A regular expression for one credential as written, dotted or not; case matters."""
    spellings = {row["credential"] for row in _rows()}
    spellings |= {v for row in _rows() for v in row["variants"].split("|") if v}
    spellings |= {"PhD", "PsyD", "PharmD", "LAc", "AuD", "EdD", "MEd", "CPed"}
    dotted = {r"\.\s?".join(s) + r"\.?" for s in spellings if s.isalpha() and s.isupper() and 2 <= len(s) <= 4}
    plain = {re.escape(s) for s in spellings}
    every = sorted(plain | dotted, key=lambda s: (-len(s), s))
    return r"(?:" + "|".join(every) + r")(?![A-Za-z0-9])"
