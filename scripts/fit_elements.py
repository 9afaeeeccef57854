"""Fits pipeline/parse/data/element_weights.json on the labelled sentences of tests/parse/sentences.

Usage: python scripts/fit_elements.py [--check]   (needs the extra `fit`; --check only prints cross-validated accuracy)
Labels: M, A, E, Q as in tests/parse/marked.py; a small letter means that either verdict will do, such a sentence is left
out for that element. Sentences without a label are examples of saying nothing.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from pipeline.model.letter import ELEMENTS
from pipeline.parse.elementmodel import ELEMENT, features
from pipeline.parse.justify import weighed
from tests.parse.marked import LETTERS, passage, rows

TARGET = Path(__file__).resolve().parents[1] / "pipeline" / "parse" / "data" / "element_weights.json"
STRENGTH = 0.1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--strength", type=float, default=STRENGTH)
    given = parser.parse_args()
    table = rows("elements") + rows("office_claims")
    readings, claimed = [], []
    for row in table:
        _, sentences = passage(row["text"])
        made = weighed(sentences, dict.fromkeys(range(len(sentences)), row["topic"]) if row["topic"] else {})
        best = max(made, key=lambda m: len(m[0].text))
        readings.append(best[0])
        claimed.append({name: max((m[1].get(name, 0.0) for m in made), default=0.0) for name in ELEMENTS})
    x = features(readings, claimed)
    if x is None:
        raise SystemExit("the sentence model is not installed")
    heads = {}
    for letter, name in LETTERS.items():
        kept = np.array([letter.lower() not in row["labels"] for row in table])
        y = np.array([letter in row["labels"] for row in table])[kept]
        model = LogisticRegression(C=given.strength, max_iter=3000, class_weight="balanced")
        folds = StratifiedKFold(5, shuffle=True, random_state=1)
        guess = cross_val_predict(model, x[kept], y, cv=folds)
        rules = np.array([c[name] >= 0.55 for c in claimed])[kept]
        print(f"{name:26} n {len(y):4} stated {y.sum():4}  rules {(rules == y).mean():.3f} F1 {_f1(y, rules):.3f}   fitted {(guess == y).mean():.3f} F1 {_f1(y, guess):.3f}")
        if name != ELEMENT:
            continue
        model.fit(x[kept], y)
        heads[name] = {"intercept": round(float(model.intercept_[0]), 5), "weights": [round(float(w), 5) for w in model.coef_[0]]}
    if not given.check:
        source = "fitted by scripts/fit_elements.py on tests/parse/sentences/elements.csv and office_claims.csv"
        TARGET.write_text(json.dumps({"source": source, "sentences": len(table), "heads": heads}) + "\n", encoding="utf-8")


def _f1(truth: np.ndarray, guess: np.ndarray) -> float:
    return float(2 * (truth & guess).sum() / max(1, truth.sum() + guess.sum()))


if __name__ == "__main__":
    main()
