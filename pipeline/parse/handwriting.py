"""Values written by hand that no engine could read: ink where a label's value should stand.

Belongs here: telling such ink from a signature and from a value that was read. Does not belong here: finding ink (read),
what a missing value means (check). What cannot be read is unread, not absent.
"""

from pipeline.model import InkMark, Problem
from pipeline.parse.labelhits import Hit
from pipeline.parse.sheet import Sheet

_BESIDE, _BELOW = 150.0, 12.0
_LEAST_WIDTH, _MOST_HEIGHT = 12.0, 34.0
_FAINT, _SOLID = 0.02, 0.6
_VALUES = ("patient.", "name.", "letter_date", "diagnosis", "item", "code")
"""Labels whose values decide; ink beside others is a signature, or of no interest."""


def unread_values(sheet: Sheet) -> tuple[Problem, ...]:
    """One problem that names the labels beside which, or in a form's cell below which, there is handwriting but not one
    word; none for signatures, for labels whose value was read, and for ink with words on it."""
    filled = {pair.hit.start for pair in sheet.pairs}
    unread = [h for h in sheet.hits if h.alone and h.start not in filled and h.field.startswith(_VALUES) and _inked(sheet, h)]
    if not unread:
        return ()
    labels = ", ".join(dict.fromkeys(f"'{' '.join(sheet.text(h.start, h.end).split())}'" for h in unread))
    return (Problem(code="unread", says=f"What is written by hand beside {labels} could not be read.", page=unread[0].line.page),)


def _inked(sheet: Sheet, hit: Hit) -> bool:
    page = sheet.page(hit.line.page)
    middles = [((w.box[0] + w.box[2]) / 2, (w.box[1] + w.box[3]) / 2) for w in page.words]
    for mark in page.marks:
        x0, y0, x1, y1 = mark.box
        written = mark.kind == "ink" and x1 - x0 >= _LEAST_WIDTH and y1 - y0 <= _MOST_HEIGHT and _FAINT < mark.share < _SOLID
        if written and (_beside(mark, hit) or (sheet.kind == "form" and _below(mark, hit))) and not any(x0 <= x <= x1 and y0 <= y <= y1 for x, y in middles):
            return True
    return False


def _beside(mark: InkMark, hit: Hit) -> bool:
    _, top, right, bottom = hit.line.box
    return hit.separated and mark.box[1] - 2 <= (top + bottom) / 2 <= mark.box[3] + 2 and -2 <= mark.box[0] - right <= _BESIDE


def _below(mark: InkMark, hit: Hit) -> bool:
    left, _, right, bottom = hit.line.box
    return -4 <= mark.box[1] - bottom <= _BELOW and left - 8 <= mark.box[0] <= right + 20
