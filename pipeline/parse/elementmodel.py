"""What a fitted model makes of a sentence: how likely it says that other treatment fell short.

Belongs here: the features (the sentence's vector, what the rules claim, its topic) and the logistic weights of
data/element_weights.json, which scripts/fit_elements.py fits on the labelled sentences of tests/parse/sentences. Does not
belong here: the rules (justify), the vectors (embedding).
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from pipeline.model.letter import ELEMENTS
from pipeline.parse.cues import TOPICS, Reading
from pipeline.parse.embedding import vectors
from pipeline.parse.measures import measure_in
from pipeline.parse.treatment_names import names_treatment

ELEMENT = "alternatives_inadequate"
"""The one element for which the model was measured better than the rules on unseen sentences."""
RULE_SCALE = 2.0
"""How much a rule's word weighs beside one number of the vector."""

Features = NDArray[np.float32]


def features(readings: Sequence[Reading], claimed: Sequence[Mapping[str, float]]) -> Features | None:
    """One row a sentence: 384 numbers of its vector, the rules' weight for each element, whether it holds a number
    beside a measure, names a treatment, answers each topic. None where there is no model."""
    made = vectors([" ".join(r.sentence.text.split()) for r in readings])
    if made is None:
        return None
    signs = [_signs(reading, weights) for reading, weights in zip(readings, claimed, strict=True)]
    return np.hstack([made * np.sqrt(made.shape[1]) / 4, np.array(signs, np.float32).reshape(len(readings), -1)])


def _signs(reading: Reading, weights: Mapping[str, float]) -> list[float]:
    measure = measure_in(reading.text)
    row = [weights.get(name, 0.0) for name in ELEMENTS]
    row += [float(bool(measure and measure.number)), float(names_treatment(reading.text))]
    row += [float(reading.topic == topic) for topic in TOPICS]
    return [RULE_SCALE * value for value in row]


@lru_cache(maxsize=1)
def _weights() -> tuple[NDArray[np.float64], float]:
    text = files("pipeline.parse").joinpath("data/element_weights.json").read_text(encoding="utf-8")
    head = json.loads(text)["heads"][ELEMENT]
    return np.array(head["weights"]), float(head["intercept"])


def chances(readings: Sequence[Reading], claimed: Sequence[Mapping[str, float]]) -> list[float] | None:
    """For each sentence the chance 0..1, to two places, that it states ELEMENT; None where there is no model."""
    made = features(readings, claimed)
    if made is None:
        return None
    weights, intercept = _weights()
    likely = 1 / (1 + np.exp(-(made.astype(np.float64) @ weights + intercept)))
    return [round(float(chance), 2) for chance in likely]
