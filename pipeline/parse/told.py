"""What labels and the values about them tell of identity: names, birth dates, numbers, each with whose it is.

Belongs here: which value answers which run of label words, in its line, its row, below, above, or left of it; labels that ask
for several things. Does not belong here: the words (asks), cutting lines (typedlines), choosing a field's value (patient,
timing, identifiers).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.codes.dates import dates_in
from pipeline.parse.asks import Ask, example
from pipeline.parse.lines import Line
from pipeline.parse.typedlines import Run, TypedLine

_SAME = re.compile(r"\W*(?:same|self|(?:the )?(?:same|as) (?:as )?(?:above|holder|owner|participant|employee|member)|see above|as above|n/?a|none)\b", re.I)
_ARROW = re.compile(r"\s*(?:←|◄|<-|<=|‹|«)")
_WORD = re.compile(r"[\s:;=_.]*(?P<value>[^\W\d_][\w'’\-]*\.?(?: [^\W\d_][\w'’\-]*\.?){0,2})")


@dataclass(frozen=True)
class Told:
    """A value that a label tells: text[start:end], `value` as it is to be keyed (a date in ISO form, SAME for the holder
    himself), `sure` whether the label stands by itself or has a colon."""

    ask: Ask
    value: str
    start: int
    end: int
    run: Run
    sure: bool
    where: str


SAME = "="
"""The value of a patient's box that says the patient is the account holder."""


def read_told(lines: Sequence[TypedLine]) -> tuple[Told, ...]:
    """Everything that the labels of these lines tell."""
    kept = [n for n in lines if n.line.words and not example().match(n.line.text)]
    prefer = _directions(kept)
    found: list[Told] = []
    for typed in (*kept, *(n for n in lines if not n.line.words)):
        for n, run in enumerate(typed.runs):
            stop = _stop(typed, n)
            if re.search(r"[^\W_]", typed.line.text[run.end - typed.line.start : stop - typed.line.start]):
                found.extend(_inline(typed, run, stop))
            elif run.opens and run.closes and typed.line.words:
                found.extend(_beside(typed, run, kept, prefer))
    return tuple(found)


def _stop(typed: TypedLine, n: int) -> int:
    """Where the value behind a run ends: at the next run that is a label."""
    for later in typed.runs[n + 1 :]:
        if later.colon or later.opens or any(a.what in ("birth", "id", "claim", "injury", "name") for a in later.asks):
            return later.start
    return typed.line.end


def _inline(typed: TypedLine, run: Run, stop: int) -> Iterator[Told]:
    """Values behind their label on its line; a colon or the line's start makes them sure."""
    sure = run.colon or run.opens
    several = sum(bool(a.what) for a in run.asks) > 1
    for ask in run.asks:
        found = _value(ask, typed, run.end, stop, near=not several)
        if found is not None:
            yield Told(ask, *found, run, sure, "behind")


def _value(ask: Ask, typed: TypedLine, start: int, stop: int, *, near: bool) -> tuple[str, int, int] | None:
    """The value of an ask within a stretch of a line: its text, and its place; with `near`, at the stretch's beginning."""
    if ask.what in ("birth", "injury", "date"):
        return _date(typed, start, stop, near)
    if ask.what in ("id", "claim"):
        return _number(typed, start, stop, near)
    if ask.what in ("last", "first", "middle"):
        return _word(typed, start, stop)
    return _name(typed, start, stop) if ask.what == "name" else None


def _date(typed: TypedLine, start: int, stop: int, near: bool) -> tuple[str, int, int] | None:
    found = typed.date_within(start, stop)
    if found is not None and found.iso and (not near or _close(typed, start, found.start)):
        return found.iso, found.start, found.end
    comb = typed.comb_within(start, stop)
    if comb is not None and re.fullmatch(r"\d{8}", comb[2]):
        read = dates_in(f"{comb[2][:2]}/{comb[2][2:4]}/{comb[2][4:]}")
        return (read[0].iso, comb[0], comb[1]) if read and read[0].iso else None
    return None


def _number(typed: TypedLine, start: int, stop: int, near: bool) -> tuple[str, int, int] | None:
    found = typed.comb_within(start, stop) or typed.number_within(start, stop)
    if found is None or sum(c.isdigit() for c in found[2]) < 3 or (near and not _close(typed, start, found[0])):
        return None
    return found[2], found[0], found[1]


def _close(typed: TypedLine, start: int, at: int) -> bool:
    """Whether nothing but marks and linking words stands between a label and its value."""
    between = typed.line.text[start - typed.line.start : at - typed.line.start]
    return bool(re.fullmatch(r"\W*(?:(?:is|was|on|of|with you|with your plan|at your plan|the|a|an|for (?:him|her|them)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\W+){0,3}", between, re.I))


def _word(typed: TypedLine, start: int, stop: int) -> tuple[str, int, int] | None:
    base = typed.line.start
    comb = typed.comb_within(start, stop)
    if comb is not None and comb[2].isalpha():
        return comb[2], comb[0], comb[1]
    match = _WORD.match(typed.line.text[start - base : stop - base])
    return None if match is None else (match["value"], start + match.start("value"), start + match.end("value"))


def _name(typed: TypedLine, start: int, stop: int) -> tuple[str, int, int] | None:
    rest = typed.line.text[start - typed.line.start : stop - typed.line.start]
    if _SAME.match(rest):
        begin = start + len(rest) - len(rest.lstrip(" :;-–—"))
        return SAME, begin, min(stop, begin + 4)
    person = typed.name_at(start, stop)
    return None if person is None or person.credentials else (person.name, person.start, person.end)


_ORDER = ("right", "below", "above", "left")


def _directions(lines: Sequence[TypedLine]) -> dict[int, tuple[str, ...]]:
    """By page, the sides on which labels alone in their cells have values of their kind, the commonest first."""
    counts: dict[int, Counter[str]] = {}
    for typed in lines:
        for run in typed.runs:
            if run.opens and run.closes and any(a.what in ("birth", "id", "name") for a in run.asks):
                tally = counts.setdefault(typed.line.page, Counter())
                for side in _ORDER:
                    if _answers(run, _cells(typed, run, lines, side)):
                        tally[side] += 1
    return {page: tuple(sorted(_ORDER, key=lambda s: (-tally[s], _ORDER.index(s)))) for page, tally in counts.items()}


def _answers(run: Run, cells: Sequence[TypedLine]) -> bool:
    return bool(cells) and any(_value(a, cells[0], cells[0].line.start, _free(cells[0]), near=False) for a in run.asks if a.what in ("birth", "id", "name"))


def _free(typed: TypedLine) -> int:
    """Where a cell's own words end: before a label that stands in it, 0 when it begins with one."""
    starts = [run.start for run in typed.runs if run.opens or run.colon]
    return min(starts, default=typed.line.end)


def _is_label(typed: TypedLine) -> bool:
    """Whether a cell begins with a label, a number before it or none."""
    return not re.search(r"[^\W\d_]|\d{3}", typed.line.text[: max(1, _free(typed) - typed.line.start) - 1])


def _beside(typed: TypedLine, run: Run, lines: Sequence[TypedLine], prefer: dict[int, tuple[str, ...]]) -> Iterator[Told]:
    """Values in the cells about a label that is alone in its own, on the first side that answers it."""
    sides = prefer.get(typed.line.page, _ORDER)
    if _ARROW.match(typed.line.text):
        sides = ("left", *(s for s in sides if s != "left"))
    several = sum(bool(a.what) for a in run.asks) > 1
    for side in sides:
        cells = _cells(typed, run, lines, side)
        near = [n for cell in cells for n in (cell, *_mates(cell, lines))] if several and side in ("below", "right") else cells
        made = [told for told in _from_cells(run, near if several else cells[:1], side) if told is not None]
        if made:
            yield from made
            return


def _from_cells(run: Run, cells: Sequence[TypedLine], side: str) -> Iterator[Told | None]:
    taken: set[int] = set()
    for ask in run.asks:
        for cell in cells:
            found = _value(ask, cell, cell.line.start, _free(cell), near=False)
            if found is not None and found[1] not in taken:
                taken.add(found[1])
                yield Told(ask, *found, run, True, {"right": "right of", "left": "left of"}.get(side, side))
                break


def _cells(typed: TypedLine, run: Run, lines: Sequence[TypedLine], side: str) -> list[TypedLine]:
    """The cells on one side of a label, the nearest first; below, those that follow it in its column."""
    label = typed.line
    here = [n for n in lines if n.line.page == label.page and n is not typed]
    if side in ("right", "left"):
        row = [n for n in here if _overlap(label.box[1], label.box[3], n.line.box[1], n.line.box[3]) > 0.4 * min(label.height, n.line.height)]
        gaps = [(n.line.box[0] - label.box[2] if side == "right" else label.box[0] - n.line.box[2], n) for n in row]
        return [n for _, n in sorted((g for g in gaps if -2 < g[0] < 300), key=lambda g: g[0])[:1]]
    column = [n for n in here if abs(n.line.box[0] - label.box[0]) < 16 or (n.line.box[0] <= label.box[0] + 2 and n.line.box[2] > label.box[0] + 4 and n.line.box[2] - n.line.box[0] < 200)]
    if side == "above":
        found = sorted((n for n in column if -2 < label.box[1] - n.line.box[3] < 1.6 * max(label.height, n.line.height)), key=lambda n: label.box[1] - n.line.box[3])
        return found[:1]
    return _run_down(label, sorted((n for n in column if n.line.box[1] > label.box[1] + 0.5 * label.height), key=lambda n: n.line.box[1]))


def _mates(cell: TypedLine, lines: Sequence[TypedLine]) -> list[TypedLine]:
    """What stands close behind a value on its row and is no label: the rest of a joint answer."""
    line = cell.line
    return [n for n in lines if n.line.page == line.page and 0 < n.line.box[0] - line.box[2] < 60 and not _is_label(n)
            and _overlap(line.box[1], line.box[3], n.line.box[1], n.line.box[3]) > 0.4 * min(line.height, n.line.height)]  # fmt: skip


def _run_down(label: Line, column: Sequence[TypedLine]) -> list[TypedLine]:
    """The lines below a label, down to a gap or to the next label."""
    found: list[TypedLine] = []
    bottom, height = label.box[3], max(label.height, 9.0)
    for n in column:
        reach = 2.4 if not found else 1.1
        if n.line.box[1] - bottom > reach * max(height, n.line.height) or _is_label(n) or len(found) == 6:
            break
        found.append(n)
        bottom = n.line.box[3]
    return found


def _overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    return min(a1, b1) - max(a0, b0)

