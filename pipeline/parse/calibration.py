"""From a reading's score to the share of such readings that are right.

Belongs here: the features of an accepted reading, the logistic curve of its group, the calibrated letter. Does not
belong here: how a reading is scored (each field's module) and how the weights are fitted (scripts/fit_calibration.py
from labelled letters; data/calibration.csv holds them). The curve is Platt's on the logit of the score, with what else
is known of the reading beside it.
"""

import csv
import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.model import FAMILY_OF, Candidate, Diagnosis, FieldValue, Item, Letter

CEILING, FLOOR = 0.995, 0.01
"""No reading is certain, and none that was accepted is impossible."""

Weights = Mapping[str, Mapping[str, float]]
"""Group to term to weight; `bias` is always there, `name:X` is the offset of field X."""


class Reading(NamedTuple):
    """An accepted reading: `kind` field, diagnosis, item, element or flag; `place` its field name or its position."""

    kind: str
    place: str | int
    group: str
    terms: Mapping[str, float]


def readings(letter: Letter) -> Iterator[Reading]:
    """Every accepted reading of a letter with its features."""
    paper = {"form": float(letter.kind == "form"), "scanned": float(letter.quality < 0.9999)}
    for name, value in letter.fields.items():
        best = value.accepted
        if best is not None:
            rivals = sum(c.rejected_because is None for c in value.candidates) - 1
            terms = {**_terms(best.confidence, _words(best)), "rivals": float(min(rivals, 3)), **paper, f"name:{name}": 1.0}
            yield Reading("field", name, FAMILY_OF[name], terms)
    several: tuple[tuple[str, tuple[Diagnosis | Item, ...]], ...] = (("diagnosis", letter.diagnoses), ("item", letter.items))
    for kind, ones in several:
        for place, one in enumerate(ones):
            terms = {**_terms(one.confidence, one.evidence.confidence), **paper, "coded": float(_coded(one)), "several": float(min(len(ones), 5) - 1)}
            yield Reading(kind, place, kind, terms)
    for place, element in enumerate(letter.elements):
        yield Reading("element", place, "element", {**_terms(element.confidence, 1.0), **paper, "stated": float(element.value), f"name:{element.name}": 1.0})
    for place, flag in enumerate(letter.flags):
        yield Reading("flag", place, "flag", {**_terms(flag.confidence, 1.0), **paper, f"name:{flag.code}": 1.0})


def _coded(one: Diagnosis | Item) -> bool:
    return bool(one.icd10 if isinstance(one, Diagnosis) else one.code)


def _words(candidate: Candidate) -> float:
    return candidate.evidence.confidence if candidate.evidence else 1.0


def _terms(score: float, words: float) -> dict[str, float]:
    return {"bias": 1.0, "score": logit(score), "words": logit(words)}


def logit(share: float) -> float:
    """log(p / (1 - p)), p held within 0.01..0.99."""
    p = min(0.99, max(0.01, share))
    return math.log(p / (1 - p))


def chance(reading: Reading, weights: Weights) -> float | None:
    """The share of such readings that are right, FLOOR..CEILING; None for a group without a curve."""
    own = weights.get(reading.group)
    if not own:
        return None
    z = sum(own.get(term, 0.0) * value for term, value in reading.terms.items())
    return round(min(CEILING, max(FLOOR, 1 / (1 + math.exp(-z)))), 4)


def calibrated(letter: Letter, weights: Weights | None = None) -> Letter:
    """The letter with every accepted reading's confidence calibrated; `weights` None takes the shipped ones, an empty
    mapping leaves the scores as they are."""
    curve = shipped() if weights is None else weights
    found = {(r.kind, r.place): c for r in readings(letter) if (c := chance(r, curve)) is not None}
    fields = {name: _sure(value, found.get(("field", name))) for name, value in letter.fields.items()}
    listed = {
        name: tuple(
            one.model_copy(update={"confidence": found[kind, n]}) if (kind, n) in found else one for n, one in enumerate(getattr(letter, name))
        )
        for kind, name in (("diagnosis", "diagnoses"), ("item", "items"), ("element", "elements"), ("flag", "flags"))
    }
    return letter.model_copy(update={"fields": fields, **listed})


def _sure(value: FieldValue, confidence: float | None) -> FieldValue:
    """The field with its accepted reading's confidence changed; the others keep their scores."""
    best = value.accepted
    if best is None or confidence is None:
        return value
    kept = tuple(c.model_copy(update={"confidence": confidence}) if c is best else c for c in value.candidates)
    return value.model_copy(update={"candidates": kept})


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights of data/calibration.csv (group, term, weight, source)."""
    text = files("pipeline.parse").joinpath("data/calibration.csv").read_text(encoding="utf-8")
    weights: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(text.splitlines()):
        weights.setdefault(row["group"], {})[row["term"]] = float(row["weight"])
    return weights
