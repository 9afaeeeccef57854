"""Pictures of numbers as SVG, drawn by the server: columns, bars, lines. No script; colours come from the style sheet.

Belongs here: geometry and text of a plot. Does not belong here: which numbers (dashboard.py), colours (static/board.css).
Every mark carries its number as a title, and the page shows the same numbers as a table beside it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

_WIDE, _HIGH = 640.0, 210.0
_LEFT, _RIGHT, _TOP, _FOOT = 44.0, 12.0, 12.0, 26.0
_ROW = 26.0
_NAME = 190.0
_FEWEST_APART = 70.0


class Part(NamedTuple):
    """A stretch of a column or bar: style class, what it is called, how much."""

    style: str
    name: str
    value: float


def columns(title: str, stacks: Sequence[tuple[str, Sequence[Part]]], mark: float | None = None) -> Markup:
    """One column per entry, its parts stacked; `mark` draws a level line."""
    top, ticks = _scale(max([mark or 0.0, *(sum(p.value for p in parts) for _, parts in stacks)], default=0.0))
    body = [_grid(ticks, top)]
    step = (_WIDE - _LEFT - _RIGHT) / max(1, len(stacks))
    for at, (label, parts) in enumerate(stacks):
        x, y = _LEFT + at * step, _HIGH - _FOOT
        for part in parts:
            high = (_HIGH - _TOP - _FOOT) * part.value / top
            y -= high
            body.append(_rect(x + step * 0.14, y, step * 0.72, high, part, label))
    body.append(_names([label for label, _ in stacks], step))
    if mark is not None:
        y = _level(mark, top)
        body.append(_svg('<line class="mark" x1="{}" x2="{}" y1="{}" y2="{}"/>', _LEFT, _WIDE - _RIGHT, y, y))
    return _plot(title, _HIGH, body)


def bars(title: str, rows: Sequence[tuple[str, Sequence[Part]]]) -> Markup:
    """One lying bar per entry with its sum at the end."""
    top = max([sum(p.value for p in parts) for _, parts in rows], default=0.0) or 1.0
    body: list[Markup] = []
    for at, (label, parts) in enumerate(rows):
        y, x = 4 + at * _ROW, _NAME
        body.append(_svg('<text class="name" x="{}" y="{}">{}</text>', _NAME - 8, y + 15, _cut(label)))
        for part in parts:
            wide = (_WIDE - _NAME - 56) * part.value / top
            body.append(_rect(x, y + 3, wide, _ROW - 9, part, label))
            x += wide
        body.append(_svg('<text class="end" x="{}" y="{}">{}</text>', x + 6, y + 15, _told(sum(p.value for p in parts))))
    return _plot(title, 8 + _ROW * max(1, len(rows)), body)


def lines(title: str, days: Sequence[str], series: Mapping[str, Mapping[str, float]], floor: float = 0.0, mark: float | None = None) -> Markup:
    """One line per series over days, for shares from `floor` to 1; a day without a value breaks no line."""
    high = _HIGH - _TOP - _FOOT
    step = (_WIDE - _LEFT - _RIGHT) / max(1, len(days))

    def level(value: float) -> float:
        return _HIGH - _FOOT - high * (min(1.0, max(floor, value)) - floor) / (1 - floor)

    body = [_svg('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick" x="{}" y="{}">{}</text>', _LEFT, _WIDE - _RIGHT, level(v), level(v),
                 _LEFT - 6, level(v) + 4, f"{v:.0%}") for v in (floor + (1 - floor) * k / 4 for k in range(5))]  # fmt: skip
    if mark is not None:
        body.append(_svg('<line class="mark" x1="{}" x2="{}" y1="{}" y2="{}"/>', _LEFT, _WIDE - _RIGHT, level(mark), level(mark)))
    for number, (name, values) in enumerate(series.items()):
        points = [(_LEFT + (at + 0.5) * step, level(values[day]), day) for at, day in enumerate(days) if day in values]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        body.append(_svg('<polyline class="line s{}" points="{}"/>', number % 8, path))
        body += [_svg('<circle class="dot s{}" cx="{}" cy="{}" r="2.6"><title>{}</title></circle>', number % 8, x, y, f"{name}, {day}: {values[day]:.1%}") for x, y, day in points]
    body.append(_names([day[5:] or day for day in days], step))
    return _plot(title, _HIGH, body)


def _plot(title: str, high: float, body: Sequence[Markup]) -> Markup:
    head = _svg('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">', _WIDE, high, title)
    return head + Markup("").join(body) + Markup("</svg>")


def _scale(most: float) -> tuple[float, list[float]]:
    """A round top and the levels to draw, whole numbers where few."""
    if most <= 0:
        return 1.0, [0.0, 1.0]
    rough = most / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = max(1.0, next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough))
    if step != round(step):
        step = float(math.ceil(step))
    count = math.ceil(most / step)
    return count * step, [step * k for k in range(count + 1)]


def _level(value: float, top: float) -> float:
    return _HIGH - _FOOT - (_HIGH - _TOP - _FOOT) * value / top


def _grid(ticks: Sequence[float], top: float) -> Markup:
    return Markup("").join(
        _svg('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick" x="{}" y="{}">{}</text>', _LEFT, _WIDE - _RIGHT, _level(v, top), _level(v, top),
             _LEFT - 6, _level(v, top) + 4, _told(v)) for v in ticks
    )  # fmt: skip


def _names(labels: Sequence[str], step: float) -> Markup:
    """Names under the axis, as many as have room; the last one always."""
    every = max(1, math.ceil(_FEWEST_APART / step))
    chosen = [at for at in range(len(labels)) if (len(labels) - 1 - at) % every == 0]
    return Markup("").join(_svg('<text class="under" x="{}" y="{}">{}</text>', _LEFT + (at + 0.5) * step, _HIGH - 8, labels[at][-14:]) for at in chosen)


def _rect(x: float, y: float, wide: float, high: float, part: Part, label: str) -> Markup:
    if part.value <= 0:
        return Markup("")
    told = ", ".join(filter(None, (label, part.name)))
    return _svg('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', part.style, x, y, wide, high, f"{told}: {_told(part.value)}")


def _told(value: float) -> str:
    """12345.0 -> '12,345', 0.5 -> '0.5'."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _cut(label: str) -> str:
    return label if len(label) <= 28 else label[:27].rstrip() + "…"


def _svg(form: str, *values: object) -> Markup:
    """Numbers to a tenth, text escaped."""
    return Markup(form.format(*(f"{v:.1f}" if isinstance(v, float) else escape(v) for v in values)))
