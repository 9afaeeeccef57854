"""Whether words of a text layer are seen: pixels of their own colour stand out from what lies around them.

Belongs here: holding boxes and colours of words against the page's picture. Does not belong here: what the words are
(layer.py).
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box
from pipeline.read.picture import Mask, Pixels, below

_CLEAN, _DARK = 240, 100.0
_FEWEST = 12
"""A word of fewer pixels is too small to be seen."""


def seen(gray: Pixels, boxes: Sequence[Box], fills: Sequence[float | None], dpi: float) -> list[bool]:
    """For each word of a page whether it is seen. `boxes` in points; `fills` are luminances 0..255, None for no plain
    colour."""
    soiled, inks = below(gray, _CLEAN), {f: below(gray, _least(f)) for f in set(fills) if f is not None and f <= _DARK}
    places, inside = _places(gray, boxes, dpi)
    result = []
    for place, there, fill in zip(places.tolist(), inside.tolist(), fills, strict=True):
        ink = inks.get(fill) if fill is not None else None
        result.append(there and ((ink is not None and _on_paper(soiled, ink, *place)) or _stands_out(gray, fill, *place)))
    return result


def _on_paper(soiled: Mask, ink: Mask, left: int, top: int, right: int, bottom: int) -> bool:
    """The usual case, told cheaply: dark text with clean paper above and below it."""
    if cv2.countNonZero(soiled[top, left:right]) or cv2.countNonZero(soiled[bottom - 1, left:right]):
        return False
    size = (right - left) * (bottom - top)
    return 0.02 * size < cv2.countNonZero(ink[top:bottom, left:right]) < 0.7 * size


def _stands_out(gray: Pixels, fill: float | None, left: int, top: int, right: int, bottom: int) -> bool:
    """Whether a word has some contrast with the paper, or bar, that it stands on."""
    patch = gray[top:bottom, left:right]
    if fill is None:
        return bool(np.ptp(patch) > 40)
    edge = np.sort(np.concatenate([patch[0], patch[-1], patch[:, 0], patch[:, -1]]))
    ground = (int(edge[(len(edge) - 1) // 2]) + int(edge[len(edge) // 2])) / 2
    if abs(fill - ground) < 20:
        return False
    apart = 0.35 * abs(fill - ground)
    inked = np.count_nonzero(patch < ground - apart) + np.count_nonzero(patch > ground + apart)
    return bool(0.01 * patch.size < inked < 0.8 * patch.size)


def _least(shade: float) -> int:
    """The first gray that is no ink of this shade on white paper."""
    return int(np.ceil(0.65 * 250 + 0.35 * shade - 10))


def _places(gray: Pixels, boxes: Sequence[Box], dpi: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Left, top, right and bottom in pixels, within the picture, of each box with a pixel's margin, and whether enough of
    it lies on the page."""
    rows, columns = gray.shape
    at = np.rint(np.array(boxes, np.float64).reshape(-1, 4) * (dpi / 72)).astype(np.int64) + np.array((-1, -1, 2, 2))
    inside = (at[:, 2] > 2) & (at[:, 3] > 2) & (at[:, 0] < columns - 2) & (at[:, 1] < rows - 2)
    at = np.clip(at, 0, (columns, rows, columns, rows))
    inside &= (at[:, 2] - at[:, 0]) * (at[:, 3] - at[:, 1]) >= _FEWEST
    return at, inside
