"""Parts of a page that something dark lies over, as a failed fax or a marker leaves them.

Belongs here: telling such a bar from a letterhead's band, a heading in white on dark and a photograph's edge. Does not
belong here: what that means for the letter.
"""

from pipeline.model import InkMark, Page, Problem
from pipeline.parse.labelhits import Hit
from pipeline.parse.sheet import Sheet

_SOLID, _RAGGED = 0.8, 0.6
"""A fax leaves holes in a bar and joins bars: less will do where a line of words ends at it."""

_LEAST_WIDTH, _LEAST_HEIGHT = 90.0, 9.0
_EDGE = 6.0
_HEAD = 0.1
_MOST_HEIGHT = 0.3
_RULED = 4.0
_CLOSE = 12.0
_DARK = 0.4
"""Dark share of a patch of several bars one below another, the paper between them included."""

_BESIDE = 120.0
"""Points from a label to the value that belongs to it."""


def covered(page: Page) -> tuple[Problem, ...]:
    """One problem for a page on which a solid bar hides what may have been words; none where words stand on the bar,
    for bars in the head of the page or along its upper and lower edge, and for a form's headings."""
    found = [mark for mark in page.marks if _is_bar(mark, page)]
    bars = [bar for bar in found if not any(_ruled(bar, other) for other in found if other is not bar)]
    if not bars:
        return ()
    count = "A dark bar covers a part" if len(bars) == 1 else f"{len(bars)} dark bars cover parts"
    return (Problem(code="covered", says=f"{count} of page {page.number}: what stood there cannot be read.", page=page.number),)


def hidden_values(sheet: Sheet) -> tuple[Problem, ...]:
    """A problem for the labels beside which something dark stands in place of the value, as where names were blacked
    out for copying. Only labels with a colon: a heading set in white on a dark strip has none."""
    filled = {pair.hit.start for pair in sheet.pairs if pair.relation in ("behind", "right")}
    hidden = [h for h in sheet.hits if h.alone and h.separated and h.start not in filled and _hidden_beside(sheet, h)]
    if not hidden:
        return ()
    labels = ", ".join(dict.fromkeys(f"'{' '.join(sheet.text(h.start, h.end).split())}'" for h in hidden))
    return (Problem(code="covered", says=f"What stood beside {labels} is blacked out and cannot be read.", page=hidden[0].line.page),)


def _hidden_beside(sheet: Sheet, hit: Hit) -> bool:
    x1, y0, y1 = hit.line.box[2], hit.line.box[1], hit.line.box[3]
    middle = (y0 + y1) / 2
    return any(
        mark.kind == "image" and mark.share >= _DARK and mark.box[2] - mark.box[0] >= _LEAST_WIDTH
        and mark.box[1] <= middle <= mark.box[3] and -_EDGE <= mark.box[0] - x1 <= _BESIDE
        for mark in sheet.page(hit.line.page).marks
    )  # fmt: skip


def _is_bar(mark: InkMark, page: Page) -> bool:
    x0, y0, x1, y1 = mark.box
    if mark.kind != "image" or mark.share < (_RAGGED if _ends_a_line(mark, page) else _SOLID) or x1 - x0 < _LEAST_WIDTH or not _LEAST_HEIGHT <= y1 - y0 <= _MOST_HEIGHT * page.height:
        return False
    if y0 <= _EDGE or y1 >= page.height - _EDGE or y1 <= _HEAD * page.height:
        return False
    middles = [((w.box[0] + w.box[2]) / 2, (w.box[1] + w.box[3]) / 2) for w in page.words]
    return not any(x0 <= x <= x1 and y0 <= y <= y1 for x, y in middles)


def _ends_a_line(mark: InkMark, page: Page) -> bool:
    """Whether words stand close before a bar, as before what was struck out."""
    x0, y0, _, y1 = mark.box
    return any(-4 < x0 - w.box[2] < _CLOSE and y0 - 3 < (w.box[1] + w.box[3]) / 2 < y1 + 3 for w in page.words)


def _ruled(bar: InkMark, other: InkMark) -> bool:
    """Two bars of one height that end at one line are a form's headings: nothing falls on paper so neatly."""
    high, other_high = bar.box[3] - bar.box[1], other.box[3] - other.box[1]
    return abs(bar.box[2] - other.box[2]) <= _RULED and abs(high - other_high) <= _RULED
