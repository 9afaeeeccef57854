"""How the program's readings stood before the people at the desk: accuracy and calibration from their labels.

Belongs here: counting labels. Does not belong here: keeping them (ledger/labels.py), accuracy against known truth
(evaluate).
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from pipeline.desk.office import Office
from pipeline.ledger import labels
from pipeline.ledger.labels import Label
from pipeline.store import Store

BINS = (0.0, 0.5, 0.8, 0.95, 1.01)


def from_desk(office: Office) -> dict[str, object]:
    """Per field how often a person looked and how often the reading stood; per bin of confidence the same. The last
    label of a letter's field counts. Doubtful values are looked at more, so this is no sample of all letters."""
    with office.ledger.reading() as c:
        last = {(x.letter_id, x.correction.path): x for x in labels.labels(c)}
    found = list(last.values())
    fields = {path: _stood([x for x in found if x.correction.path == path]) for path in sorted({x.correction.path for x in found})}
    bins = {f"{low:.2f}-{min(high, 1.0):.2f}": _stood([x for x in found if low <= x.confidence < high]) for low, high in pairwise(BINS)}
    return {"labels": len(found), "fields": fields, "confidence": bins}


def labels_jsonl(office: Office) -> str:
    """Every label that stands as a JSON line, for fitting calibration: path, was, value, confidence, kind, evidence."""
    with office.ledger.reading() as c:
        found = labels.labels(c)
    return "".join(
        json.dumps({"seq": x.seq, "letter_id": x.letter_id, "receipt_id": x.receipt_id, "path": x.correction.path, "was": x.was, "value": x.correction.value, "confidence": x.confidence, "kind": x.kind,
                    "evidence": x.correction.evidence.model_dump() if x.correction.evidence else None, "who": x.who, "at": x.at}, ensure_ascii=False) + "\n"
        for x in found
    )  # fmt: skip


def keep_labels(office: Office, out: Path) -> int:
    """Writes labels.jsonl and, as crops/SEQ.png, the piece of the page that each label stands on; returns how many."""
    from pipeline.desk.records import crop_of

    with office.ledger.reading() as c:
        found = labels.labels(c)
    store = Store(out)
    store.put_bytes(out / "labels.jsonl", labels_jsonl(office).encode())
    for label in found:
        picture = crop_of(office, label)
        if picture is not None:
            store.put_bytes(out / "crops" / f"{label.seq}.png", picture)
    return len(found)


def table(told: dict[str, object]) -> str:
    """The report in lines for a terminal."""
    lines = [f"{told['labels']} values looked at by people"]
    for name in ("fields", "confidence"):
        part = told[name]
        assert isinstance(part, dict)
        lines += ["", f"{name:<34}{'looked at':>10}{'stood':>8}{'share':>8}"]
        lines += [f"{path:<34}{n:>10}{k:>8}{k / n if n else 0:>8.2f}" for path, (n, k) in part.items()]
    return "\n".join(lines)


def _stood(found: Sequence[Label]) -> tuple[int, int]:
    return len(found), sum(x.kind == "confirm" for x in found)
