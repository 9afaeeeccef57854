"""Pictures of pages as arrays: what they are, and turning, scaling and saving them.

Belongs here: plain operations on pixels that several modules need. Does not belong here: anything that looks at what
the pixels show (shape.py, clean.py, turn.py, ticks.py, ink.py).
"""

from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Rows x columns (gray) or rows x columns x 3 (RGB), 0 black to 255 white."""

Mask: TypeAlias = npt.NDArray[np.uint8]
"""Rows x columns, 0 or 255."""

FACE_DPI = 120
JPEG_QUALITY = 70


def pixels(array: Any) -> Pixels:
    """What OpenCV or NumPy handed back, as bytes."""
    return np.ascontiguousarray(array, dtype=np.uint8)


def gray_of(image: Pixels) -> Pixels:
    """The picture without colour; a gray one is handed back as it is."""
    return image if image.ndim == 2 else pixels(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def is_bilevel(gray: Pixels) -> bool:
    """Whether nearly all pixels are black or white, as in a fax."""
    sample = gray[::3, ::3]
    between = np.count_nonzero((sample > 40) & (sample < 215))
    return bool(between < 0.005 * sample.size)


def resized(image: Pixels, width: int, height: int) -> Pixels:
    """The picture at another size in pixels, averaged when it shrinks."""
    rows, columns = image.shape[:2]
    if (columns, rows) == (width, height):
        return image
    way = cv2.INTER_AREA if width * height < rows * columns else cv2.INTER_CUBIC
    return pixels(cv2.resize(image, (max(1, width), max(1, height)), interpolation=way))


def thumbnail(image: Pixels, share: float) -> Pixels:
    """The picture at a `share` of its size, for finding things rather than reading them: averaged over whole
    pixels, up to one row and column of the thumbnail cut off, then drawn to size. An eighth of what `resized` costs."""
    rows, columns = image.shape[:2]
    width, height = max(1, round(columns * share)), max(1, round(rows * share))
    if share >= 1:
        return resized(image, width, height)
    step = int(1 / share + 0.01)
    if step > 1 and min(rows, columns) >= 4 * step:
        whole = image[: rows - rows % step, : columns - columns % step]
        image = pixels(cv2.resize(whole, (columns // step, rows // step), interpolation=cv2.INTER_AREA))
    if image.shape[:2] == (height, width):
        return image
    way = cv2.INTER_LINEAR if image.shape[1] < 1.5 * width else cv2.INTER_AREA
    return pixels(cv2.resize(image, (width, height), interpolation=way))


def turned(image: Pixels, degrees: int) -> Pixels:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    quarter = (degrees // 90) % 4
    return image if quarter == 0 else np.ascontiguousarray(np.rot90(image, -quarter))


def patches_of(mask: Mask) -> npt.NDArray[np.int32]:
    """(x, y, width, height) of the patches that hang together, also by corners: n x 4, by their topmost pixels. Counts
    no pixels, and so costs a tenth of connectedComponentsWithStats where little is set."""
    outlines, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [o for o, links in zip(outlines, tree[0], strict=True) if links[3] < 0] if outlines else []
    return np.array([cv2.boundingRect(o) for o in reversed(outer)], np.int32).reshape(-1, 4)


def outlines_of(mask: Mask) -> list[npt.NDArray[np.int32]]:
    """The outlines (n x 1 x 2: x, y) of the patches that hang together, also by corners."""
    outlines, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(o, np.int32) for o, links in zip(outlines, tree[0], strict=True) if links[3] < 0] if outlines else []


def patch_within(mask: Mask, outline: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """The patch with this outline, cut to its box, without whatever else lies in the box."""
    x, y, wide, high = cv2.boundingRect(outline)
    labels = cv2.connectedComponents(mask[y : y + high, x : x + wide], connectivity=8, ltype=cv2.CV_16U)[1]
    return np.asarray(labels == labels[outline[0, 0, 1] - y, outline[0, 0, 0] - x])


def labelled(mask: Mask) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The number of the patch at each pixel, 0 for none, and for each number (x, y, width, height, pixels)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, cv2.CCL_BBDT)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def below(gray: Pixels, level: int) -> Mask:
    """255 where the picture is darker than `level`."""
    return pixels(cv2.threshold(gray, level - 1, 255, cv2.THRESH_BINARY_INV)[1])


def rotated(image: Pixels, degrees: float) -> Pixels:
    """The picture rotated counter-clockwise about its middle at the same size, corners filled with white."""
    rows, columns = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    white = (255, 255, 255) if image.ndim == 3 else 255
    return pixels(cv2.warpAffine(image, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=white))


def face_jpeg(image: Pixels, dpi: float) -> bytes:
    """A JPEG of the page for people to look at, at most FACE_DPI."""
    small = thumbnail(image, min(1.0, FACE_DPI / dpi))
    if small.ndim == 3:
        small = pixels(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    done, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("the page's picture could not be written as JPEG")
    return bytes(encoded)
