"""Fits the curves that turn scores into confidences, from letters whose truth is known.

    lmn eval TRUTH LETTERS --keep DIR            (once: reads the letters and keeps the homes)
    python scripts/fit_calibration.py TRUTH=DIR [TRUTH=DIR ...] [--desk HOME ...] [--labels FILE ...] [--check TRUTH=DIR ...] [--write]
    python scripts/fit_calibration.py TRUTH=DIR [TRUTH=DIR ...] --keep-labels FILE       (only writes the labels down)

Prints a reliability figure per group from a split by letter (a letter and all its renders on one side) and, with
--check, on letters that were not fitted on. --write replaces pipeline/parse/data/calibration.csv and the threshold of
doubt in pipeline/review/doubt.csv. With --desk the values that people at the desk of a home confirmed or keyed are labels
too (they look at doubtful values more than at others, so they teach the curves beside a set of whole letters, not alone). Letters on which the rules were mended
since show fewer faults than the next ones will: labels kept when a set was first read (--keep-labels, JSON lines) teach with --labels. Needs scikit-learn (`pip install -e .[fit]`).
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.evaluate.corpus import condition_and_name, load_records, load_truth
from pipeline.evaluate.judge import file_marks, pairs_by_pages
from pipeline.ledger import Ledger
from pipeline.ledger import labels as desk
from pipeline.model import DocumentText, Letter
from pipeline.parse import calibration
from pipeline.parse.letter import parse
from pipeline.settings import load
from pipeline.store import Store

ROOT = Path(__file__).resolve().parents[1]
TARGET = 0.99
LEAST = 25
"""Fewer labels of a group than this, and its scores stay as they are."""


class Label(NamedTuple):
    """A reading and whether it is right; `letter` is the document's name."""

    letter: str
    reading: calibration.Reading
    right: bool


def main() -> None:
    """Fits, prints, and writes when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="TRUTH=DIR")
    parser.add_argument("--labels", nargs="*", default=[], type=Path, metavar="FILE")
    parser.add_argument("--keep-labels", type=Path, metavar="FILE")
    parser.add_argument("--desk", nargs="*", default=[], type=Path, metavar="HOME")
    parser.add_argument("--check", nargs="*", default=[], metavar="TRUTH=DIR")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    labels = [label for one in given.sets for label in labels_of(*map(Path, one.split("=", 1)))]
    labels += [label for home in given.desk for label in desk_labels(home)]
    if given.keep_labels:
        given.keep_labels.write_text("".join(json.dumps([x.letter, x.reading, x.right]) + "\n" for x in labels), encoding="utf-8")
        return
    labels += [Label(letter, calibration.Reading(*reading), right) for file in given.labels for letter, reading, right in map(json.loads, file.open(encoding="utf-8"))]
    held = [label for one in given.check for label in labels_of(*map(Path, one.split("=", 1)))]
    print("| group | labels | right | ECE split by letter | ECE unseen letters |\n|---|---|---|---|---|")
    weights: dict[str, dict[str, float]] = {}
    for group in sorted({x.reading.group for x in labels}):
        own = [x for x in labels if x.reading.group == group]
        if len(own) < LEAST:
            print(f"| {group} | {len(own)} | too few | - | - |")
            continue
        weights[group] = fitted(own)
        unseen = [(calibration.chance(x.reading, weights) or 0.0, x.right) for x in held if x.reading.group == group]
        print(f"| {group} | {len(own)} | {np.mean([x.right for x in own]):.3f} | {gap(across(own)):.3f} | {gap(unseen):.3f} ({len(unseen)}) |")
    everything = [(c, x.right) for x in held or labels if (c := calibration.chance(x.reading, weights)) is not None and x.reading.kind in ("field", "diagnosis", "item")]
    doubt, share = threshold(everything)
    print(f"\n{share:.1%} of the values lie at or above {doubt:.3f}, and {TARGET:.0%} of these are right.")
    if given.write:
        write(weights, doubt)


def labels_of(truth_dir: Path, kept: Path) -> Iterator[Label]:
    """The labels of every letter of an evaluation that was kept."""
    truth = load_truth(truth_dir)
    documents = {path.parent.parent.parent.parent.parent.name + "/" + path.name[:64]: path for path in sorted(kept.glob("*/store/results/read/*/*.json"))}
    names = {(condition_and_name(r["file"])[0], r["sha256"]): condition_and_name(r["file"])[1] for r in load_records(kept / "letters.jsonl")}
    for (condition, sha256), name in sorted(names.items()):
        path = documents.get(f"{condition}/{sha256}")
        if path is not None and name in truth:
            document = DocumentText.model_validate_json(path.read_bytes())
            yield from labels_in(name, truth[name], list(parse(document, weights={}).letters))


def desk_labels(home: Path) -> Iterator[Label]:
    """What people at a home's desk confirmed or keyed, held against how this program reads the same words now: a
    reading is right when it is the value that a person left. The last label of each value counts."""
    settings = load(home)
    ledger, store = Ledger(settings.ledger_url), Store(settings.store)
    with ledger.reading() as c:
        last = {(x.receipt_id, x.letter_id, x.correction.path): x for x in desk.labels(c)}
    for receipt_id, letter_id in dict.fromkeys(key[:2] for key in last):
        receipt = ledger.receipt(receipt_id)
        document = store.latest("read", f"{receipt.receipt.sha256}-", DocumentText) if receipt else None
        letter = next((x for x in parse(document, weights={}).letters if x.letter_id == letter_id), None) if document else None
        for reading in calibration.readings(letter) if letter else ():
            path, value = _stated(letter, reading)
            label = last.get((receipt_id, letter_id, path))
            if label is not None:
                yield Label(letter_id, reading, label.correction.value == value)
    ledger.close()


def _stated(letter: Letter, reading: calibration.Reading) -> tuple[str, object]:
    """The path under which people key what a reading states, and the value that it states."""
    place = reading.place
    if reading.kind == "field":
        return str(place), letter[str(place)].value
    if reading.kind == "element":
        return f"elements.{letter.elements[int(place)].name}", letter.elements[int(place)].value
    if reading.kind in ("diagnosis", "item"):
        several = letter.diagnoses if reading.kind == "diagnosis" else letter.items
        return f"{'diagnoses' if reading.kind == 'diagnosis' else 'items'}.{place}.text", several[int(place)].text
    return "", None


def labels_in(name: str, truth: dict[str, Any], letters: Sequence[Letter]) -> Iterator[Label]:
    """Each reading's number stands where its confidence would: the marks bring it back with the verdict."""
    known: list[calibration.Reading] = []
    records = [_record(letter, known) for letter in letters]
    for mark in file_marks("any", name, truth, records):
        if mark.confidence is not None and mark.verdict != "missed":
            yield Label(name, known[int(mark.confidence)], mark.verdict == "right")
    chosen, _ = pairs_by_pages(list(truth.get("letters") or ()), records)
    for told, record in zip(truth.get("letters") or (), chosen, strict=True):
        for place, value in (record or {}).get("stated", ()):
            reading = known[place]
            true = told.get("elements", {}).get(value[0]) if reading.kind == "element" else value[0] in told.get("flags", [])
            yield Label(name, reading, bool(true) == value[1])


def _record(letter: Letter, known: list[calibration.Reading]) -> dict[str, Any]:
    """What the judge looks at, with numbers for confidences."""
    place = {}
    for reading in calibration.readings(letter):
        place[reading.kind, reading.place] = len(known)
        known.append(reading)
    stated = [(place["element", n], (e.name, e.value)) for n, e in enumerate(letter.elements)]
    stated += [(place["flag", n], (f.code, True)) for n, f in enumerate(letter.flags)]
    return {
        "document_class": "lmn", "pages": list(letter.pages), "stated": stated,
        "fields": {n: {"value": v.value, "confidence": place["field", n]} for n, v in letter.fields.items() if v.accepted},
        "diagnoses": [{"text": d.text, "icd10": d.icd10, "confidence": place["diagnosis", n]} for n, d in enumerate(letter.diagnoses)],
        "items": [{"text": i.text, "code": i.code, "category": i.category, "confidence": place["item", n]} for n, i in enumerate(letter.items)],
    }  # fmt: skip


def fitted(labels: Sequence[Label]) -> dict[str, float]:
    """The weights of one group's curve. One right and one wrong reading of the middling kind are added, so that a group
    without faults is not taken for faultless; the slope of the score is kept from turning round."""
    terms = sorted({t for x in labels for t in x.reading.terms})
    table = np.array([[x.reading.terms.get(t, 0.0) for t in terms] for x in labels])
    table = np.vstack([table, table.mean(axis=0), table.mean(axis=0)])
    model = LogisticRegression(C=0.5, fit_intercept=False, max_iter=2000)
    model.fit(table, [*(x.right for x in labels), True, False])
    found = dict(zip(terms, model.coef_[0].tolist(), strict=True))
    if found["score"] < 0:
        return fitted([x._replace(reading=x.reading._replace(terms={k: v for k, v in x.reading.terms.items() if k != "score"} | {"score": 0.0})) for x in labels])
    return {term: round(weight, 4) for term, weight in found.items() if round(weight, 4)}


def across(labels: Sequence[Label]) -> list[tuple[float, bool]]:
    """(confidence, right) of each label, from a curve fitted without its letter."""
    names = [x.letter for x in labels]
    made: list[tuple[float, bool]] = []
    for train, test in GroupKFold(min(5, len(set(names)))).split(names, groups=names):
        part = [labels[n] for n in train]
        curve = {part[0].reading.group: fitted(part)}
        made += [(calibration.chance(labels[n].reading, curve) or 0.0, labels[n].right) for n in test]
    return made


def gap(claimed: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in claimed:
        bins[min(9, int(confidence * 10))].append((confidence, right))
    return sum(abs(sum(c for c, _ in b) - sum(r for _, r in b)) for b in bins.values()) / max(1, len(claimed))


def threshold(claimed: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """The lowest confidence from which TARGET of the values are right, and the share of values above it."""
    ordered = sorted(claimed, reverse=True)
    right, best = 0, (1.0, 0.0)
    for taken, (confidence, hit) in enumerate(ordered, 1):
        right += hit
        if right / taken >= TARGET and (taken == len(ordered) or ordered[taken][0] < confidence):
            best = (confidence, taken / len(ordered))
    return best


def write(weights: dict[str, dict[str, float]], doubt: float) -> None:
    """Replaces the shipped data."""
    rows = [(group, term, weight, "scripts/fit_calibration.py") for group, own in sorted(weights.items()) for term, weight in sorted(own.items())]
    with (ROOT / "pipeline/parse/data/calibration.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("group", "term", "weight", "source"), *rows])
    line = [("target_accuracy", "doubtful_below", "source"), (TARGET, round(doubt, 3), "scripts/fit_calibration.py")]
    with (ROOT / "pipeline/review/doubt.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(line)
    print(json.dumps({"groups": len(weights), "doubtful_below": round(doubt, 3)}))


if __name__ == "__main__":
    main()
