"""Brackets typed around nothing or an X, put together again after OCR: '[', '1', 'Renewal' is '[]', 'Renewal'.

Belongs here: words read from pixels that are a typed box or hold one. Does not belong here: what such a box says (ticks.py),
brackets of a text layer, which are read as they stand. A closing bracket is told from a digit by its height: it is as
high as the opening one and reaches below the line.
"""

import re
from collections.abc import Sequence

from pipeline.model.text import Box, Word

_OPENING, _CLOSING = "[({", "])}"
_LIKE_CLOSING = "1lIJ|!i"
_MARKS = frozenset("xXvV✓✔√")
_WHOLE = re.compile(r"^(?:[\[{]\s?[\]}1lIJ|]|[lI|]\]|\(\))(?=\W*$|[A-Z])")
"""An empty box that was read as one word, or as the beginning of one: '[1', '[]Yes', 'l]No'."""

_WIDEST, _ALIKE = 1.7, 0.14
"""How far apart two brackets stand, and by how much their heights and levels differ, as shares of their height."""


def bracketed(words: Sequence[Word]) -> list[Word]:
    """The words of a page, in which every typed box is a word of its own: '[]' or '[X]'."""
    result: list[Word] = []
    taken: set[int] = set()
    for at, word in enumerate(words):
        if at in taken:
            continue
        pieces = _boxed(words, at)
        if pieces is None:
            result += _from_whole(word)
            continue
        last, made = pieces
        taken |= last
        result += made
    return _without_opening(result)


def _boxed(words: Sequence[Word], at: int) -> tuple[set[int], list[Word]] | None:
    """For a word that opens a box, the numbers of the words that belong to it and what they make."""
    opening = words[at]
    if opening.source != "ocr" or opening.text[0] not in _OPENING or len(opening.text) > 2:
        return None
    mark = opening.text[1:]
    if mark and mark not in _MARKS:
        return None
    taken: set[int] = set()
    behind = _next(words, at, opening)
    if behind is not None and not mark and words[behind].text[0] in _MARKS:
        mark = words[behind].text[0]
        taken.add(behind)
        if len(words[behind].text) > 1:
            return _closed(opening, words[behind], mark, taken, 1)
        behind = _next(words, behind, opening)
    if behind is None:
        return None
    return _closed(opening, words[behind], mark, taken | {behind}, 0)


def _closed(opening: Word, closing: Word, mark: str, taken: set[int], skip: int) -> tuple[set[int], list[Word]] | None:
    """The box and what follows in the closing word, of which `skip` letters are the mark."""
    text = closing.text[skip:]
    told = text[0] in _CLOSING or (text[0] in _LIKE_CLOSING and not skip and _is_as_high(opening, closing) and not text[1:2].islower())
    if not told or not _is_label(text[1:]):
        return None
    thick = min(opening.box[2] - opening.box[0], 0.35 * (opening.box[3] - opening.box[1]))
    wide = closing.box[2] - closing.box[0]
    end = closing.box[2] if len(text) == 1 else closing.box[0] + wide * skip / len(closing.text) + thick
    made = [_word(opening, mark, (opening.box[0], opening.box[1], end, opening.box[3]))]
    rest = text[1:].lstrip()
    if rest:
        made.append(closing.model_copy(update={"text": rest, "box": (min(end + 0.6 * thick, closing.box[2] - 1), *closing.box[1:])}))
    return taken, made


def _is_label(rest: str) -> bool:
    """Whether what follows a closing bracket in its word may be a label: nothing, or a word or number of its own."""
    return not rest or (rest[0].isalnum() and not any(c in _CLOSING for c in rest))


def _word(opening: Word, mark: str, box: Box) -> Word:
    shown = "[X]" if mark else "[]"
    return opening.model_copy(update={"text": shown, "box": box, "opinion": None})


def _next(words: Sequence[Word], at: int, opening: Word) -> int | None:
    """The nearest word to the right of word `at`, no farther from the opening bracket than a box is wide."""
    _, y0, x1, y1 = opening.box
    high = y1 - y0
    best: tuple[float, int] | None = None
    for number in range(max(0, at - 6), min(len(words), at + 7)):
        other = words[number]
        if number == at or other.box[0] <= words[at].box[0] or other.box[0] - x1 > _WIDEST * high:
            continue
        if min(y1, other.box[3]) - max(y0, other.box[1]) > 0.5 * high and (best is None or other.box[0] < best[0]):
            best = (other.box[0], number)
    return None if best is None else best[1]


def _is_as_high(opening: Word, closing: Word) -> bool:
    """Whether a word reaches as high and as low as the bracket before it, as a digit or a small l does not."""
    loose = _ALIKE * (opening.box[3] - opening.box[1])
    return abs(opening.box[1] - closing.box[1]) < loose and abs(opening.box[3] - closing.box[3]) < loose


def _from_whole(word: Word) -> list[Word]:
    """A word that is an empty box, or begins with one."""
    match = _WHOLE.match(word.text) if word.source == "ocr" else None
    if match is None:
        return [word]
    rest = word.text[match.end() :].lstrip(" .")
    x0, y0, x1, y1 = word.box
    end = x1 if not rest else min(x0 + 1.2 * (y1 - y0), x1 - 1)
    made = [_word(word, "", (x0, y0, end, y1))]
    return [*made, word.model_copy(update={"text": rest, "box": (end, y0, x1, y1)})] if rest else made


def _without_opening(words: Sequence[Word]) -> list[Word]:
    """Words behind a closing bracket whose opening one was lost: a box, where boxes stand in the same column or row."""
    boxes = [w.box for w in words if w.text in ("[]", "[X]") and w.source == "ocr"]
    result: list[Word] = []
    for word in words:
        x0, y0, x1, y1 = word.box
        kin = [b for b in boxes if abs(b[2] - x0) < 5 or abs(b[1] - y0) < 3]
        if word.source != "ocr" or word.text[0] not in _CLOSING or not word.text[1:2].isalnum() or len(kin) < 2:
            result.append(word)
            continue
        wide = kin[0][2] - kin[0][0]
        result += [_word(word, "", (x0 - wide + 2, y0, x0 + 2, y1)), word.model_copy(update={"text": word.text[1:], "box": (x0 + 3, y0, x1, y1)})]
    return result
