"""Holds the records of one file against the truth about it and yields a mark per compared thing.

Belongs here: which letter of the file is which, what of a letter is compared. Does not belong here: when two values
are the same (compare.py), counting (marks.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from pipeline.evaluate.compare import (
    Verdict,
    alike,
    amount,
    codes,
    form_of,
    frequency,
    identifier,
    pair,
    verdict_on,
    words,
)
from pipeline.evaluate.marks import Mark
from pipeline.model import ELEMENTS, FIELD_NAMES

Json = Mapping[str, Any]

LADDER = ("not_lmn", "transcribe", "match", "examine", "request_info", "decide")
SAME_ITEM_RATIO = 80.0
DETAILS = {"frequency": frequency, "duration_months": amount, "cost": amount, "quantity": amount}
TOLERANCE = {"duration_months": 0.26}
"""Months by which a duration may differ (30 days or four weeks a month); money and counts to half a cent."""


def file_marks(condition: str, name: str, truth: Json, records: Sequence[Json]) -> list[Mark]:
    """Every mark of one file. `truth` is its truth.json, `records` the lines of letters.jsonl that tell of it."""
    return list(_File(condition, f"{condition}/{name}").marks(truth, records))


def verdict_queue(records: Sequence[Json]) -> str:
    """The queue of a file: the first on the ladder among its letters', those that are not a letter only if all."""
    queues = [str(r["queue"]) for r in records if r.get("queue")]
    letters = [queue for queue in queues if queue != "not_lmn"] or queues
    return min(letters, key=lambda q: LADDER.index(q) if q in LADDER else len(LADDER), default="(none)")


def pairs_by_pages(letters: Sequence[Json], found: Sequence[Json]) -> tuple[list[Json | None], list[Json]]:
    """For each true letter the found one with the largest share of common pages, and the found ones left over. A
    letter that shares no page is no match, unless either names no pages."""
    free = list(found)
    chosen: list[Json | None] = []
    for letter in letters:
        pages = set(letter.get("pages") or ())
        best = max(free, key=lambda one: _overlap(pages, one), default=None)
        if best is not None and pages and best.get("pages") and not pages & set(best["pages"]):
            best = None
        if best is not None:
            free.remove(best)
        chosen.append(best)
    return chosen, free


def _overlap(pages: set[int], record: Json) -> float:
    own = set(record.get("pages") or ())
    return len(pages & own) / max(1, len(pages | own))


def value_in(nested: Json, dotted: str) -> Any:
    """What lies under a dotted name of nested objects, or None."""
    value: Any = nested
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, frozenset | set | tuple | list):
        return " | ".join(sorted(map(str, value)))
    return str(value)


def _diagnosis_text(diagnosis: Json) -> str:
    return f"{diagnosis.get('text')} [{diagnosis.get('icd10') or '-'}]"


def _item_text(item: Json) -> str:
    return f"{item.get('text')} [{item.get('category')}]"


def _present(value: Any) -> set[str]:
    """The names of elements, flags or findings that are asserted."""
    if isinstance(value, Mapping):
        return {k for k, v in value.items() if (v.get("value") if isinstance(v, Mapping) else v)}
    return {str(v["code"]) if isinstance(v, Mapping) else str(v) for v in value or ()}


class _File:
    """Makes the marks of one file."""

    def __init__(self, condition: str, file: str) -> None:
        self.condition, self.file = condition, file

    def marks(self, truth: Json, records: Sequence[Json]) -> Iterator[Mark]:
        letters = list(truth.get("letters") or ())
        found = [record for record in records if record.get("document_class") == "lmn"]
        chosen, extra = pairs_by_pages(letters, found)
        yield self._mark("file", "found", "right" if records else "missed")
        same_count = bool(records) and len(letters) == len(found)
        yield self._mark("letter_count", "letters", "right" if same_count else "wrong", len(letters), len(found))
        for letter, record in zip(letters, chosen, strict=True):
            yield self._mark("letter", "letter", "right" if record is not None else "missed")
            yield from self._letter(letter, record or {}, told=True)
        for record in extra:
            yield self._mark("letter", "letter", "invented")
            yield from self._letter({}, record, told=False)
        yield from self._pages(truth, records)
        yield from self._outcome(truth, records)

    def _mark(
        self,
        group: str,
        name: str,
        verdict: Verdict,
        expected: Any = None,
        found: Any = None,
        confidence: float | None = None,
    ) -> Mark:
        return Mark(self.condition, self.file, group, name, verdict, _text(expected), _text(found), confidence)

    def _sets(self, group: str, expected: set[str], found: set[str], name: str = "") -> Iterator[Mark]:
        for code in sorted(expected | found):
            verdict: Verdict = "right" if code in expected & found else "missed" if code in expected else "invented"
            yield self._mark(group, name or code, verdict, code * (code in expected), code * (code in found))

    def _letter(self, truth: Json, record: Json, *, told: bool) -> Iterator[Mark]:
        """`told` False: the record tells of a letter that is not there; its elements and flags are not counted."""
        yield from self._fields(truth, record)
        yield from self._diagnoses(truth, record)
        yield from self._items(truth, record)
        if told:
            elements = truth.get("elements") or {}
            yield from self._sets("element", _present(elements), _present(record.get("elements")) & set(ELEMENTS))
            yield from self._sets("flag", _present(truth.get("flags")), _present(record.get("flags")))

    def _fields(self, truth: Json, record: Json) -> Iterator[Mark]:
        fields = record.get("fields") or {}
        for name in FIELD_NAMES:
            claim = fields.get(name) or {}
            expected, found = form_of(name, value_in(truth, name)), form_of(name, claim.get("value"))
            verdict = verdict_on(name, expected, found)
            if verdict is not None:
                yield self._mark("field", name, verdict, expected, claim.get("value"), claim.get("confidence"))

    def _diagnoses(self, truth: Json, record: Json) -> Iterator[Mark]:
        expected, found = list(truth.get("diagnoses") or ()), list(record.get("diagnoses") or ())
        own, got = codes(d.get("icd10") for d in expected), codes(d.get("icd10") for d in found)
        yield from self._sets("diagnosis_code", own, got, "code")
        pairs = pair(expected, found, lambda a, b: _same_code(a, b, "icd10") or alike(a.get("text"), b.get("text")))
        yield from self._listed("diagnosis", pairs, expected, found, _diagnosis_text)
        denied = list(truth.get("not_diagnoses") or ())
        for text in denied:
            yield self._mark("denied", "denied", "right", text)
        matched = {j for _, j in pairs}
        for place, diagnosis in enumerate(found):
            if place not in matched and any(_denies(text, diagnosis) for text in denied):
                yield self._mark("denied", "asserted", "invented", "", diagnosis.get("text"))

    def _items(self, truth: Json, record: Json) -> Iterator[Mark]:
        expected, found = list(truth.get("items") or ()), list(record.get("items") or ())
        own, got = codes(i.get("code") for i in expected), codes(i.get("code") for i in found)
        yield from self._sets("item_code", own, got, "code")
        yield from self._categories(expected, found)
        pairs = _item_pairs(expected, found)
        yield from self._listed("item", pairs, expected, found, _item_text)
        yield from chain.from_iterable(self._details(expected[i], found[j]) for i, j in pairs)

    def _listed(
        self,
        group: str,
        pairs: Sequence[tuple[int, int]],
        expected: Sequence[Json],
        found: Sequence[Json],
        show: Any,
    ) -> Iterator[Mark]:
        for i, j in pairs:
            yield self._mark(group, group, "right", show(expected[i]), show(found[j]), found[j].get("confidence"))
        for i in sorted(set(range(len(expected))) - {i for i, _ in pairs}):
            yield self._mark(group, group, "missed", show(expected[i]))
        for j in sorted(set(range(len(found))) - {j for _, j in pairs}):
            yield self._mark(group, group, "invented", None, show(found[j]), found[j].get("confidence"))

    def _categories(self, expected: Iterable[Json], found: Iterable[Json]) -> Iterator[Mark]:
        own, got = Counter(str(i.get("category")) for i in expected), Counter(str(i.get("category")) for i in found)
        parts: list[tuple[Verdict, Counter[str]]] = [("right", own & got), ("missed", own - got), ("invented", got - own)]
        for verdict, part in parts:
            for category in sorted(part.elements()):
                yield self._mark("item_category", category, verdict, category, category)

    def _details(self, expected: Json, found: Json) -> Iterator[Mark]:
        for name, form in DETAILS.items():
            own, got = expected.get(name), found.get(name)
            a, b = form(own) if own is not None else None, form(got) if got is not None else None
            if a is None and b is None:
                continue
            verdict: Verdict = "right" if _same_amount(name, a, b) else "wrong"
            yield self._mark("item_detail", name, verdict, own, got)

    def _pages(self, truth: Json, records: Sequence[Json]) -> Iterator[Mark]:
        own = {page: s["class"] for s in truth.get("segments") or () for page in s.get("pages") or ()}
        segments = _segments(records, sorted(own))
        got = {page: name for name, pages in segments for page in pages}
        for page, name in own.items():
            yield self._mark("page", name, "right" if got.get(page) == name else "wrong", name, got.get(page))
        yield from self._sets("letter_page", _letter_pages(own), _letter_pages(got), "page")
        true_segments = {_segment_text(s["class"], s["pages"]) for s in truth.get("segments") or ()}
        yield from self._sets("segment", true_segments, {_segment_text(*s) for s in segments}, "segment")

    def _outcome(self, truth: Json, records: Sequence[Json]) -> Iterator[Mark]:
        findings = set().union(*(_present(record.get("findings")) for record in records))
        yield from self._sets("finding", _present(truth.get("findings")), findings)
        queue = verdict_queue(records)
        yield self._mark("queue", "queue", "right" if queue == truth.get("queue") else "wrong", truth.get("queue"), queue)


def _same_code(one: Json, other: Json, key: str) -> bool:
    code = identifier(one.get(key))
    return code is not None and code == identifier(other.get(key))


def _denies(text: str, diagnosis: Json) -> bool:
    return alike(text, diagnosis.get("text")) or words(text) == words(diagnosis.get("text"))


def _item_pairs(expected: Sequence[Json], found: Sequence[Json]) -> list[tuple[int, int]]:
    """By code or words; what is left by category: the same kind of thing in other words."""

    def same(a: Json, b: Json) -> bool:
        return _same_code(a, b, "code") or alike(a.get("text"), b.get("text"), SAME_ITEM_RATIO)

    pairs = pair(expected, found, same)
    left = [i for i in range(len(expected)) if i not in {a for a, _ in pairs}]
    right = [j for j in range(len(found)) if j not in {b for _, b in pairs}]

    def same_kind(i: int, j: int) -> bool:
        category = expected[i].get("category")
        return bool(category) and category != "other" and category == found[j].get("category")

    return pairs + [(left[a], right[b]) for a, b in pair(left, right, same_kind)]


def _same_amount(name: str, one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= TOLERANCE.get(name, 0.005)
    return bool(one == other)


def _segments(records: Sequence[Json], all_pages: Sequence[int]) -> list[tuple[str, tuple[int, ...]]]:
    """The file's segments as declared, else as the records' own pages; a lone one without pages means all of them."""
    declared = next((record["segments"] for record in records if record.get("segments")), None)
    if declared:
        found = [(str(s["class"]), tuple(s.get("pages") or ())) for s in declared]
    else:
        found = [(str(r.get("document_class")), tuple(r.get("pages") or ())) for r in records]
    if len(found) == 1 and not found[0][1]:
        return [(found[0][0], tuple(all_pages))]
    return found


def _letter_pages(classes: Mapping[int, str]) -> set[str]:
    return {str(page) for page, name in classes.items() if name == "lmn"}


def _segment_text(name: str, pages: Iterable[int]) -> str:
    return f"{name} {','.join(map(str, pages))}"
