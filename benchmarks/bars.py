"""A picture of bars as SVG, written by hand: no drawing library is needed for two columns of rectangles.

Belongs here: laying out bars. Does not belong here: what they stand for.
"""

from collections.abc import Sequence
from html import escape

_COLOURS = ("#1f6feb", "#8c959f", "#bf8700", "#cf222e", "#8250df")
_ROW, _BAR, _LABEL, _WIDE, _GAP = 16, 11, 90, 330, 70


def bars(panels: Sequence[tuple[str, float]], groups: Sequence[tuple[str, Sequence[tuple[str, Sequence[float]]]]]) -> str:
    """An SVG. `panels`: the title of each column and the value at which its bars are cut off; `groups`: a name and, for each
    series, its name and a value for each panel."""
    series = list(dict.fromkeys(name for _, rows in groups for name, _ in rows))
    parts, y = [], 62
    for at, (title, _) in enumerate(panels):
        parts.append(_text(_left(at), 44, title, bold=True))
    for at, name in enumerate(series):
        parts.append(f'<rect x="{12 + 175 * at}" y="10" width="10" height="10" fill="{_COLOURS[at % len(_COLOURS)]}"/>' + _text(26 + 175 * at, 19, name))
    for group, rows in groups:
        parts.append(_text(12, y + _ROW * len(rows) / 2 + 3, group, bold=True))
        for name, values in rows:
            colour = _COLOURS[series.index(name) % len(_COLOURS)]
            for at, (value, (_, most)) in enumerate(zip(values, panels, strict=True)):
                wide = max(1.0, _WIDE * min(value, most) / most)
                shown = f"{value:.2f}" + (" →" if value > most else "")
                parts.append(f'<rect x="{_left(at)}" y="{y}" width="{wide:.1f}" height="{_BAR}" fill="{colour}"/>' + _text(_left(at) + wide + 4, y + 9, shown))
            y += _ROW
        y += 10
    size = f'width="{_left(len(panels))}" height="{y}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="10"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'


def _left(panel: int) -> int:
    return _LABEL + panel * (_WIDE + _GAP)


def _text(x: float, y: float, text: str, bold: bool = False) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{" font-weight=" + chr(34) + "bold" + chr(34) if bold else ""}>{escape(text)}</text>'
