"""The figures of an evaluation as one JSON object, and how two of them differ.

Belongs here: which groups are summed how. Does not belong here: judging, printing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.evaluate.judge import DETAILS
from pipeline.evaluate.marks import CONFIDENT_GROUPS, Mark, Report, by_name, calibration, count, ratio
from pipeline.model import ELEMENTS, FAMILY_OF, FIELD_NAMES

ONE_COUNT = ("diagnosis", "diagnosis_code", "item", "item_code", "item_category", "letter", "letter_page", "segment")
FAMILIES = ("element", "flag", "finding")


def reports(marks: Sequence[Mark]) -> dict[str, Report]:
    """A report for 'all' and one per condition."""
    conditions = sorted({mark.condition for mark in marks})
    parts = {name: [mark for mark in marks if mark.condition == name] for name in conditions}
    return {"all": report(marks), **{name: report(part) for name, part in parts.items()}}


def report(marks: Sequence[Mark]) -> Report:
    """All figures over some marks; rates are 0..1, None where undefined."""
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.group, []).append(mark)
    fields = by_name(groups.get("field", []), FIELD_NAMES)
    scores = [one["f1"] for one in fields.values() if one["n"]]
    files = count(groups.get("file", []))
    return {
        "documents": files.stated,
        "missing": files.missed,
        "letters": count(groups.get("letter", [])).stated,
        "fields": fields,
        "micro": count(groups.get("field", [])).report(),
        "macro_f1": ratio(sum(scores), len(scores)),
        **{name: count(groups.get(name, [])).report() for name in ONE_COUNT},
        **{f"{name}s": _family(groups.get(name, []), ELEMENTS if name == "element" else ()) for name in FAMILIES},
        "item_details": {name: _accuracy(groups.get("item_detail", []), name) for name in DETAILS},
        "denied": _denied(groups.get("denied", [])),
        "queue": _queues(groups.get("queue", [])),
        "page_class_accuracy": _share(groups.get("page", [])),
        "letter_count_accuracy": _share(groups.get("letter_count", [])),
        "calibration": calibration(marks),
        "reliability": reliability(marks),
    }


def reliability(marks: Sequence[Mark]) -> dict[str, Report]:
    """Calibration of each family of fields, of diagnoses and of items."""
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.group in CONFIDENT_GROUPS:
            groups.setdefault(FAMILY_OF.get(mark.name, mark.group), []).append(mark)
    return {name: calibration(own) for name, own in sorted(groups.items())}


def differences(now: Mapping[str, Report], before: Mapping[str, Report]) -> list[tuple[str, str, float, float]]:
    """(condition, figure, before, now) for each headline figure, field, element, flag and finding that both reports
    hold and that moved by 0.0005."""
    moved = []
    for condition in now:
        old, new = figures(before[condition]) if condition in before else {}, figures(now[condition])
        for name, value in new.items():
            earlier = old.get(name)
            if value is not None and earlier is not None and abs(value - earlier) >= 0.0005:
                moved.append((condition, name, earlier, value))
    return moved


def figures(report: Report) -> dict[str, float | None]:
    """The headline figures, then the F1 of every field, element, flag and finding by itself."""
    single = {name: one["f1"] for name, one in report["fields"].items()}
    for family in ("elements", "flags", "findings"):
        single.update({name: one["f1"] for name, one in report[family].items() if name != "all"})
    return {**headline(report), **single}


def headline(report: Report) -> dict[str, float | None]:
    """The figures by which a report is told at a glance; all in 0..1."""
    calibrated = report["calibration"]
    return {
        "fields": report["micro"]["f1"],
        "fields, mean": report["macro_f1"],
        "diagnoses": report["diagnosis"]["f1"],
        "ICD-10": report["diagnosis_code"]["f1"],
        "items": report["item"]["f1"],
        "item codes": report["item_code"]["f1"],
        "categories": report["item_category"]["f1"],
        "elements": report["elements"]["all"]["f1"],
        "flags": report["flags"]["all"]["f1"],
        "findings": report["findings"]["all"]["f1"],
        "queue": report["queue"]["accuracy"],
        "page class": report["page_class_accuracy"],
        "segments": report["segment"]["f1"],
        "ECE": calibrated["ece"],
        "right at 0.95": calibrated["accuracy_at_95"],
        "automation at 99 %": calibrated["automation_at_99"],
    }


def _family(marks: Sequence[Mark], order: Sequence[str]) -> Report:
    return {"all": count(marks).report(), **by_name(marks, order)}


def _share(marks: Sequence[Mark]) -> float | None:
    return ratio(count(marks).right, len(marks))


def _accuracy(marks: Sequence[Mark], name: str) -> Report:
    own = [mark for mark in marks if mark.name == name]
    return {"n": len(own), "accuracy": _share(own)}


def _denied(marks: Sequence[Mark]) -> Report:
    """Conditions that the letters name without asserting them, and how many were taken for diagnoses."""
    named, asserted = (sum(mark.name == name for mark in marks) for name in ("denied", "asserted"))
    return {"named": named, "asserted": asserted, "rate": ratio(asserted, named)}


def _queues(marks: Sequence[Mark]) -> Report:
    """Accuracy, the confusion by true queue, and the files sent to be decided that should have gone elsewhere."""
    confusion: dict[str, dict[str, int]] = {}
    for (expected, found), times in sorted(Counter((mark.expected, mark.found) for mark in marks).items()):
        confusion.setdefault(expected, {})[found] = times
    false = sorted(mark.file for mark in marks if mark.found == "decide" != mark.expected)
    return {"accuracy": _share(marks), "confusion": confusion, "false_decides": false}
