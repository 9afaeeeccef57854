"""From a recognised line to words with boxes.

Belongs here: where words begin and end, from the letters' places and the ink between them. Does not belong here:
recognising letters (paddle.py). A network that reads lines says roughly where each letter is and now and then drops a
space; the ink says exactly where the gaps are.
"""

import itertools
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.engine import OcrWord
from pipeline.read.picture import Pixels

_SPACED = 0.22
"""Print whose letters stand farther apart than this share of the line's height is letterspaced."""

_PAPER, _INK = b"\x00", b"\x01"
"""A column of pixels without and with ink."""

_DARK, _EDGE, _APART = 128, 3, 90
"""Below this gray most of a strip may be print; rows of its upper and lower edge; how much lighter these are then."""

_ABOUT_ONE = 1.6
_THICKEST = 6
"""Rows of a rule; of 48."""

_DETACHED, _LOOSE = 6, 6
"""Empty columns that detach a mark from a word, and empty rows that a dot may float above its letter; of 48."""


@dataclass(frozen=True)
class Line:
    """`letters` with their `centres` (x in pixels of `strip`), `odds` and `leans` (engine.OcrWord.lean); `strip` is the line's picture, `back` the
    2 x 3 matrix from its pixels to the page's."""

    letters: list[str]
    centres: list[float]
    odds: list[float]
    strip: Pixels
    back: npt.NDArray[np.float64]
    leans: list[float]


def words_in(line: Line) -> list[OcrWord]:
    """The words of a line from left to right with boxes on the page; confidence is the mean of the letters'."""
    ink = _ink(line.strip)
    filled = np.asarray(ink.any(axis=0)).tobytes()
    if not line.letters or _INK not in filled:
        return []
    runs = _runs(line, filled)
    if not runs:
        return []
    edges = _edges(line, runs, filled)
    return [_word(line, run, edge, ink) for run, edge in zip(runs, edges, strict=True)]


def _ink(strip: Pixels) -> npt.NDArray[np.bool_]:
    """Where the strip differs from its paper, be the print dark on light or light on dark; rules left out. Paper is what
    there is most of, but for print so fat that it covers more: then it is what lies above and below."""
    paper = _middling(strip)
    if paper < _DARK and (edges := _middling(np.concatenate([strip[:_EDGE], strip[-_EDGE:]]))) > paper + _APART:
        paper = edges
    apart = cv2.absdiff(strip, np.full_like(strip, paper))
    ink = np.asarray(apart > max(40.0, 0.45 * float(apart.max())), dtype=np.bool_)
    high, wide = ink.shape
    ink[:, np.count_nonzero(ink, axis=0) > 0.9 * high] = False
    ink[_rules(np.count_nonzero(ink, axis=1) > 0.8 * wide)] = False
    return ink


def _rules(full: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Of the rows that are nearly all ink those that are a rule: more of them in the middle than one is thick are fat print."""
    quarter = len(full) // 4
    if np.count_nonzero(full[quarter:-quarter]) <= _THICKEST:
        return full
    outer = full.copy()
    outer[quarter:-quarter] = False
    return outer


def _middling(strip: Pixels) -> int:
    """The median of a strip's grays, the lower of the two about it."""
    counts = np.cumsum(np.bincount(strip.ravel(), minlength=256))
    return int(np.searchsorted(counts, (strip.size + 1) // 2))


def _runs(line: Line, filled: bytes) -> list[list[int]]:
    """Indices of letters, a run for each word: cut at spaces, and where the paper shows a gap that was missed."""
    runs: list[list[int]] = [[]]
    height, usual = line.strip.shape[0], _usual_gap(line, filled)
    widest = _missed_gap(line, filled, height, usual)
    spaced = usual > _SPACED * height
    for i, letter in enumerate(line.letters):
        if letter == " ":
            if not spaced:
                runs.append([])
            continue
        if runs[-1] and _gap(filled, line.centres[runs[-1][-1]], line.centres[i]) > widest * _room(line.letters[runs[-1][-1]], letter):
            runs.append([])
        runs[-1].append(i)
    return [run for run in runs if run]


def _room(before: str, after: str) -> float:
    """How much wider a gap must be to be a space: about a 1 in a number there is room."""
    return _ABOUT_ONE if before.isdigit() and after.isdigit() and "1" in (before, after) else 1.0


def _missed_gap(line: Line, filled: bytes, height: int, usual: float) -> float:
    """Pixels of empty paper that make a space: well above the gaps between letters, and near those at spaces."""
    known = [i for i, c in enumerate(line.letters) if c != " "]
    pairs = [(a, b) for a, b in itertools.pairwise(known) if b > a + 1]
    between = [_gap(filled, line.centres[a], line.centres[b]) for a, b in pairs]
    if usual > _SPACED * height:
        return 1.7 * usual + 2
    least = max(0.2 * height, 2.5 * usual + 3)
    return float(max(least, 0.75 * median(between)) if len(between) >= 3 else least)


def _usual_gap(line: Line, filled: bytes) -> float:
    """Median of the empty columns between letters of one word."""
    pairs = [(a, a + 1) for a in range(len(line.letters) - 1) if " " not in line.letters[a : a + 2]]
    return float(median(_gap(filled, line.centres[a], line.centres[b]) for a, b in pairs)) if pairs else 0.0


def _gap(filled: bytes, left: float, right: float) -> float:
    """The widest run of empty columns between two letters."""
    between = filled[max(0, round(left)) : max(0, round(right))]
    return float(max(map(len, between.split(_INK))))


def _edges(line: Line, runs: list[list[int]], filled: bytes) -> list[tuple[int, int]]:
    """The columns that belong to each word: cut in the middle of the widest gap between neighbours."""
    cuts = [0]
    for run, after in itertools.pairwise(runs):
        cuts.append(_cut(filled, line.centres[run[-1]], line.centres[after[0]]))
    cuts.append(len(filled))
    return list(itertools.pairwise(cuts))


def _cut(filled: bytes, left: float, right: float) -> int:
    start, end = max(0, round(left)), min(len(filled), max(round(right), round(left) + 1))
    between = filled[start:end]
    widest = max(map(len, between.split(_INK)))
    if not widest:
        return (start + end) // 2
    return start + between.index(_PAPER * widest) + widest - 1 - widest // 2


def _across(line: Line, run: list[int], edge: tuple[int, int], ink: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """First and last column of a word's ink; a detached mark before its first or after its last letter is not its."""
    first, last = line.centres[run[0]], line.centres[run[-1]]
    advance = (last - first) / (len(run) - 1) if len(run) > 1 else 0.5 * ink.shape[0]
    filled = ink[:, edge[0] : edge[1]].any(axis=0)
    columns = np.flatnonzero(filled) + edge[0]
    if not columns.size:
        return edge
    breaks = np.flatnonzero(np.diff(columns) > _DETACHED)
    before = [int(columns[b + 1]) for b in breaks if columns[b] < first - 0.45 * advance]
    after = [int(columns[b]) for b in breaks if columns[b + 1] > last + 0.45 * advance]
    x0 = before[-1] if before else int(columns[0])
    x1 = (after[0] if after else int(columns[-1])) + 1
    return (x0, x1) if x0 < x1 else (int(columns[0]), int(columns[-1]) + 1)


def _down(part: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """First and last row of a word's ink: what hangs together with the fullest row of the middle."""
    weight = np.count_nonzero(part, axis=1)
    high = len(weight)
    if not weight.any():
        return 0, high
    middle = high // 4 + int(np.argmax(weight[high // 4 : high - high // 4]))
    rows = np.flatnonzero(weight)
    above = [int(r) for r in rows if r <= middle]
    below = [int(r) for r in rows if r >= middle]
    top, bottom = middle, middle
    for row in reversed(above):
        top = row if top - row <= _LOOSE else top
    for row in below:
        bottom = row if row - bottom <= _LOOSE else bottom
    return top, bottom + 1


def _word(line: Line, run: list[int], edge: tuple[int, int], ink: npt.NDArray[np.bool_]) -> OcrWord:
    x0, x1 = _across(line, run, edge, ink)
    y0, y1 = _down(ink[:, x0:x1])
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]], dtype=np.float64) @ line.back.T
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    odds = [line.odds[i] for i in run]
    text = "".join(line.letters[i] for i in run)
    lean = next((line.leans[i] for i in run if line.letters[i].isalnum()), 0.0)
    return OcrWord(text, (float(left), float(top), float(right), float(bottom)), min(1.0, float(np.mean(odds))), least=min(odds), lean=lean)
