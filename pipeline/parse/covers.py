"""Parts of a page that something dark lies over, as a failed fax or a marker leaves them.

Belongs here: telling such a bar from a letterhead's band, a heading in white on dark and a photograph's edge. Does not
belong here: what that means for the letter.
"""

from pipeline.model import InkMark, Page, Problem

_SOLID = 0.8
_LEAST_WIDTH, _LEAST_HEIGHT = 90.0, 9.0
_EDGE = 6.0
_HEAD = 0.1
_MOST_HEIGHT = 0.3
_RULED = 4.0


def covered(page: Page) -> tuple[Problem, ...]:
    """One problem for a page on which a solid bar hides what may have been words; none where words stand on the bar,
    for bars in the head of the page or along its upper and lower edge, and for a form's headings."""
    found = [mark for mark in page.marks if _is_bar(mark, page)]
    bars = [bar for bar in found if not any(_ruled(bar, other) for other in found if other is not bar)]
    if not bars:
        return ()
    count = "A dark bar covers a part" if len(bars) == 1 else f"{len(bars)} dark bars cover parts"
    return (Problem(code="covered", says=f"{count} of page {page.number}: what stood there cannot be read.", page=page.number),)


def _is_bar(mark: InkMark, page: Page) -> bool:
    x0, y0, x1, y1 = mark.box
    if mark.kind != "image" or mark.share < _SOLID or x1 - x0 < _LEAST_WIDTH or not _LEAST_HEIGHT <= y1 - y0 <= _MOST_HEIGHT * page.height:
        return False
    if y0 <= _EDGE or y1 >= page.height - _EDGE or y1 <= _HEAD * page.height:
        return False
    middles = [((w.box[0] + w.box[2]) / 2, (w.box[1] + w.box[3]) / 2) for w in page.words]
    return not any(x0 <= x <= x1 and y0 <= y <= y1 for x, y in middles)


def _ruled(bar: InkMark, other: InkMark) -> bool:
    """Two bars of one height that end at one line are a form's headings: nothing falls on paper so neatly."""
    high, other_high = bar.box[3] - bar.box[1], other.box[3] - other.box[1]
    return abs(bar.box[2] - other.box[2]) <= _RULED and abs(high - other_high) <= _RULED
