"""Labels and values that run over two lines of a narrow cell or of a paragraph.

Belongs here: which line carries another on. Does not belong here: where a label's value stands (labels), reading the
value.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.model import union
from pipeline.parse.lexicon import HINT, lexicon
from pipeline.parse.lines import Line

_NUMBER = re.compile(r"^\W*(?:(?:item|line|box|field)\s)?(?:\(?\d{1,2}[a-z]?[.):]?\s+|[A-Za-z][.)]\s+)?")
_RUNS_ON = re.compile(r"(?:[(/,&\-–]|\b(?:of|the|and|or|for|to|by|in|is|this|a|your|with|if))\s*$", re.I)
_OPEN = re.compile(r"\([^)]*$")
_CLOSES = re.compile(r"^[^(]*\)")
_LONG, _SHORT = 8, 6
"""Words of a label's first line and of its second."""


def wrapped_labels(lines: Sequence[Line]) -> Iterator[tuple[Line, Line, str, str]]:
    """(first line, second line, field, kind) of each label that only both lines make; the first line bears the box of
    both."""
    for line in lines:
        if len(line.words) > _LONG or re.search(r"[:?.]\s*$|: ", line.text):
            continue
        below = next((o for o in lines if _carries_on(line, o) and len(o.words) <= _SHORT), None)
        if below is None or not (below.text[:1].islower() or below.text[:1] == "(" or _RUNS_ON.search(line.text) or _OPEN.search(line.text)):
            continue
        named = _whole(f"{_NUMBER.sub('', line.text)} {below.text.rstrip(' :*?')}")
        if named is not None:
            yield replace(line, box=union((line.box, below.box))), below, *named


def _carries_on(line: Line, below: Line) -> bool:
    """Whether a line stands right below another in its column, in the same type."""
    gap = below.box[1] - line.box[3]
    alike = max(line.height, below.height) < 1.3 * min(line.height, below.height)
    return below is not line and below.page == line.page and -0.4 * line.height < gap < 0.6 * line.height and abs(below.box[0] - line.box[0]) < 15 and alike


def _whole(text: str) -> tuple[str, str] | None:
    """The field and kind whose label is the whole of the text, but for a hint in brackets."""
    for field, kind, pattern in lexicon():
        match = pattern.match(text)
        hint = HINT.match(text, match.end()) if match else None
        if match and len(text) in (match.end(), hint.end() if hint else -1):
            return field, kind
    return None


def tails(lines: Sequence[Line], labelled: set[tuple[int, int]]) -> Iterator[Line]:
    """Second lines of labels, which are none themselves: 'condition' under 'How will it help the'. `labelled` are
    (page, start) of the lines that hold a label and nothing else."""
    for line in lines:
        if len(line.words) > _SHORT or not (line.text[:1].islower() or _CLOSES.match(line.text)):
            continue
        if any(_carries_on(o, line) and len(o.words) <= _LONG and ((o.page, o.start) in labelled or (_OPEN.search(o.text) and _CLOSES.match(line.text))) for o in lines):
            yield line


def continuation(line: Line, value: str, kind: str, lines: Sequence[Line]) -> tuple[Line, int] | None:
    """Where a number or a name goes on that its line's end cut: the line that follows and the end of the part that
    belongs, as a place in the text; None for a whole value."""
    place = next((n for n, o in enumerate(lines) if o is line), len(lines))
    after = lines[place + 1] if place + 1 < len(lines) else None
    if after is None or after.page != line.page or after.start - line.end > 2 or not _unfinished(line.text, value, kind):
        return None
    gap = after.box[1] - line.box[3]
    if not -0.5 * line.height < gap < line.height or after.box[0] > line.box[2]:
        return None
    part = re.match(r"[A-Z][\w'’.\-]*(?: [A-Z][\w'’.\-]*){0,2}$" if kind == "person" else r"[\dA-Z][\w\-]*", after.text)
    return (after, after.start + part.end()) if part and (kind == "person" or re.search(r"\d", part.group())) else None


def _unfinished(line: str, value: str, kind: str) -> bool:
    if not line.rstrip(" -–/.").endswith(value.rstrip(" -–/.")):
        return False
    digits = sum(c.isdigit() for c in value)
    if kind in ("phone", "npi"):
        return 3 <= digits < 10
    return kind in ("id", "person", "code") and line.rstrip()[-1:] in ("-", "–")
