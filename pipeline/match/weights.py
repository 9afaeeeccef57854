"""The weights of matching, as the table weights.csv has them.

Belongs here: reading it. Does not belong here: what is compared.
"""

import csv
from functools import lru_cache
from importlib.resources import files

from pipeline.codes.fold import fold


@lru_cache(maxsize=1)
def weights() -> dict[tuple[str, str], float]:
    """(part, outcome) to weight, in bits: log2 of how much likelier the outcome is for the same person."""
    text = files("pipeline.match").joinpath("weights.csv").read_text(encoding="utf-8")
    return {(row["part"], row["outcome"]): float(row["weight"]) for row in csv.DictReader(text.splitlines())}


def threshold(name: str) -> float:
    """A bound of the choice: match, margin or name_alone."""
    return weights()[("threshold", name)]


@lru_cache(maxsize=1)
def nicknames() -> frozenset[tuple[str, str]]:
    """Pairs of folded given names that one person may go by, in both orders."""
    text = files("pipeline.match").joinpath("nicknames.csv").read_text(encoding="utf-8")
    pairs: set[tuple[str, str]] = set()
    for row in csv.DictReader(text.splitlines()):
        shorts = [fold(short) for short in row["nicknames"].split("|")]
        pairs |= {pair for short in shorts for pair in ((fold(row["name"]), short), (short, fold(row["name"])))}
        pairs |= {(a, b) for a in shorts for b in shorts if a != b}
    return frozenset(pairs)


def also(given: str) -> tuple[str, ...]:
    """Folded given names that a person of this name may also go by."""
    return _known_as().get(given, ())


@lru_cache(maxsize=1)
def _known_as() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for a, b in sorted(nicknames()):
        found[a] = (*found.get(a, ()), b)
    return found
