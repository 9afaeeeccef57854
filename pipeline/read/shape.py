"""The sheet of paper in a photograph: found, and laid flat.

Belongs here: perspective. Does not belong here: light (clean.py), turns (turn.py). When unsure nothing is done: a page
left as it is can still be read, a page bent wrongly cannot.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.picture import Pixels, gray_of, pixels, resized, thumbnail

Corners = npt.NDArray[np.float32]
"""4 x 2: top left, top right, bottom right, bottom left, in pixels."""

_THUMB = 640
_LEAST_STEP = 11.0
LETTER_RATIO = 11 / 8.5


def flattened(image: Pixels, widest: int) -> Pixels | None:
    """The sheet alone, seen straight from above, its short side at most `widest` pixels; None when no sheet stands out
    from what it lies on."""
    corners = sheet_corners(image)
    if corners is None:
        return None
    width = max(_far(corners[0], corners[1]), _far(corners[3], corners[2]))
    height = max(_far(corners[0], corners[3]), _far(corners[1], corners[2]))
    ratio = height / width
    for standard in (LETTER_RATIO, 1 / LETTER_RATIO, 1.4142, 1 / 1.4142):
        if abs(ratio / standard - 1) < 0.07:
            height = width * standard
            break
    shrink = min(1.0, widest / min(width, height))
    if shrink < 0.6:
        image, corners = resized(image, image.shape[1] // 2, image.shape[0] // 2), np.asarray(corners / 2, np.float32)
    width, height = width * shrink, height * shrink
    goal = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, goal)
    return pixels(cv2.warpPerspective(image, matrix, (round(width), round(height)), flags=cv2.INTER_LINEAR,
                                      borderMode=cv2.BORDER_REPLICATE))  # fmt: skip


def sheet_corners(image: Pixels) -> Corners | None:
    """The sheet's corners in pixels of `image`, or None; of several candidates the largest, as a fold or the edge of a
    shadow cuts a sheet short."""
    rows, columns = image.shape[:2]
    scale = _THUMB / max(rows, columns)
    small = thumbnail(image, scale)
    found = [corners for mask in _bright_patches(small) if (corners := _quadrangle(mask)) is not None]
    found = [corners for corners in found if _stands_out(small, corners)]
    return np.asarray(max(found, key=cv2.contourArea) / scale, dtype=np.float32) if found else None


def _bright_patches(small: Pixels) -> list[npt.NDArray[np.uint8]]:
    """Candidate masks of the paper: brighter than the table by brightness, or less coloured than it."""
    gray = cv2.GaussianBlur(gray_of(small), (0, 0), 2)
    closed = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    levels = [cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]]
    edge = np.concatenate([closed[:4].ravel(), closed[-4:].ravel(), closed[:, :4].ravel(), closed[:, -4:].ravel()])
    levels.append(float(np.percentile(edge, 90)) + 12)
    masks = [_biggest(pixels((closed > level) * np.uint8(255))) for level in levels]
    if small.ndim == 3:
        spread = cv2.GaussianBlur(pixels(small.max(axis=2) - small.min(axis=2)), (0, 0), 3)
        level = cv2.threshold(spread, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[0]
        masks.append(_biggest(pixels((spread <= level) * np.uint8(255))))
    return [*masks, _smooth_patch(gray_of(small))]


def _smooth_patch(gray: Pixels) -> npt.NDArray[np.uint8]:
    """The largest patch without sharp edges: paper has soft shadows and a table has grain."""
    plain = cv2.medianBlur(pixels(cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))), 7)
    edges = cv2.dilate(cv2.Canny(plain, 20, 45), np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(edges), connectivity=4)
    if len(stats) < 2:
        return np.zeros_like(gray)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    patch = pixels((labels == largest) * np.uint8(255))
    return _biggest(pixels(cv2.dilate(patch, np.ones((5, 5), np.uint8))))


def _biggest(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The largest patch, its holes filled."""
    mask = pixels(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros_like(mask)
    if outlines:
        cv2.drawContours(filled, [max(outlines, key=cv2.contourArea)], -1, 255, -1)
    return filled


def _quadrangle(mask: npt.NDArray[np.uint8]) -> Corners | None:
    """Corners where lines fitted to the patch's four sides meet; None unless they make most of the patch."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    area = cv2.contourArea(outline)
    if not 0.4 * mask.size < area < 0.97 * mask.size:
        return None
    hull = cv2.convexHull(outline)
    if area < 0.93 * cv2.contourArea(hull):
        return None
    for share in (0.02, 0.03, 0.05, 0.08):
        rough = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True)
        if len(rough) == 4:
            corners = _refined(_sorted(rough.reshape(4, 2).astype(np.float32)), hull.reshape(-1, 2).astype(np.float32), outline)
            overlap = area / max(cv2.contourArea(corners), 1.0)
            good = 0.94 < overlap < 1.06 and _plausible(corners, mask.shape) and _inset(corners, mask.shape)
            return corners if good else None
    return None


def _refined(corners: Corners, hull: npt.NDArray[np.float32], outline: npt.NDArray[Any]) -> Corners:
    """Each side fitted anew to the outline's middle four fifths, corners where neighbouring sides meet."""
    points = outline.reshape(-1, 2).astype(np.float32)
    lines = []
    for i in range(4):
        a, b = corners[i], corners[(i + 1) % 4]
        along = (b - a) / max(_far(a, b), 1.0)
        at = (points - a) @ along
        off = np.abs((points - a) @ np.array([-along[1], along[0]], dtype=np.float32))
        near = points[(off < 8) & (at > 0.1 * _far(a, b)) & (at < 0.9 * _far(a, b))]
        if len(near) < 12:
            return corners
        vx, vy, x, y = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append((np.array([x, y]), np.array([vx, vy])))
    met = [_meeting(lines[i - 1], lines[i]) for i in range(4)]
    if any(m is None for m in met):
        return corners
    return np.array(met, dtype=np.float32)


def _meeting(one: tuple[np.ndarray, np.ndarray], two: tuple[np.ndarray, np.ndarray]) -> np.ndarray | None:
    system = np.array([one[1], -two[1]]).T
    if abs(np.linalg.det(system)) < 1e-3:
        return None
    result: npt.NDArray[Any] = one[0] + one[1] * np.linalg.solve(system, two[0] - one[0])[0]
    return result


def _sorted(points: Corners) -> Corners:
    """Clockwise from the corner nearest the top left."""
    middle = points.mean(axis=0)
    ring = points[np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))]
    return np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)


def _inset(corners: Corners, shape: tuple[int, ...]) -> bool:
    """Whether at least three sides of the sheet lie within the picture; a sheet that fills it needs no flattening."""
    rows, columns = shape[:2]
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    margin = 0.012 * max(rows, columns)
    at_edge = [min(x, y, columns - x, rows - y) < margin for x, y in middles.tolist()]
    return bool(sum(at_edge) <= 1)


def _plausible(corners: Corners, shape: tuple[int, ...]) -> bool:
    """Whether opposite sides are alike in length, the shape is near that of a sheet, and it lies as the picture does:
    half a sheet, cut off by a fold, would lie across."""
    top, right, bottom, left = (_far(corners[i], corners[(i + 1) % 4]) for i in range(4))
    alike = min(top, bottom) > 0.6 * max(top, bottom) and min(left, right) > 0.6 * max(left, right)
    ratio = max(left, right) / max(top, bottom, 1.0)
    if shape[0] < shape[1]:
        ratio = 1 / ratio
    return bool(alike and 1.2 < ratio < 1.75)


def _stands_out(small: Pixels, corners: Corners) -> bool:
    """Whether along every side the paper differs clearly from what lies beyond, unlike at a fold or a shadow."""
    blurred = cv2.GaussianBlur(small, (0, 0), 1.5).astype(np.float32)
    rows, columns = small.shape[:2]
    middle = corners.mean(axis=0)
    for i in range(4):
        a, b = corners[i], corners[(i + 1) % 4]
        along = (b - a) / max(_far(a, b), 1.0)
        out = np.array([along[1], -along[0]], dtype=np.float32)
        out = out if float(out @ (a - middle)) > 0 else -out
        steps = []
        for share in np.linspace(0.08, 0.92, 22):
            point = a + (b - a) * np.float32(share)
            inner, outer = np.round(point - 6 * out).astype(int), np.round(point + 6 * out).astype(int)
            if all(0 <= x < columns and 0 <= y < rows for x, y in (inner, outer)):
                steps.append(float(np.max(np.abs(blurred[inner[1], inner[0]] - blurred[outer[1], outer[0]]))))
        if len(steps) >= 8 and float(np.percentile(steps, 30)) < _LEAST_STEP:
            return False
    return True


def _far(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    return float(np.hypot(*(a - b)))
