"""How a page looks, as a number that survives scanning again.

Belongs here: a perceptual hash of a page's picture. Does not belong here: whether two letters are the same (check).
"""

from collections.abc import Iterable, Sequence

from pipeline.model import PageFace
from pipeline.store import Store

_SIDE = 16


def page_hashes(store: Store, faces: Sequence[PageFace], pages: Iterable[int]) -> tuple[str, ...]:
    """64 hex digits for each of the pages, '' for one without a picture."""
    pictures = {face.number: face.image for face in faces}
    return tuple(_hash(store, pictures.get(page)) for page in pages)


def _hash(store: Store, image: str | None) -> str:
    """The difference hash (Krawetz 2013) of a page: whether each of 16 by 16 patches is darker than the one to its
    right. Light, size and a little noise do not change it."""
    import cv2

    path = store.root / image if image else None
    picture = cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_8) if path and path.is_file() else None
    if picture is None:
        return ""
    small = cv2.resize(picture, (_SIDE + 1, _SIDE), interpolation=cv2.INTER_AREA)
    bits = (small[:, 1:].astype(int) > small[:, :-1]).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):0{_SIDE * _SIDE // 4}x}"
