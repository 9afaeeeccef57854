"""Where the weights lie and which letters they know.

Belongs here: finding files, checking them, alphabets. Does not belong here: running them (runtime.py), what goes in and
out (lines.py, paddle.py). PP-OCRv6 (Apache-2.0): the small networks come in the wheel `rapidocr`; the tiny recogniser
lies beside this module in `weights/` (weights/README.md says whence).
"""

import hashlib
import importlib.util
from pathlib import Path

from pipeline.errors import MissingEngine

_TINY = Path(__file__).parent / "weights" / "PP-OCRv6_rec_tiny.onnx"
_TINY_SHA256 = "63e9e23c26f77daf61ade813ad3b3b25283a4ddd229adfe227ff9ad48b68da75"
_EXTRA = "•·–—‘’“”…°±×÷½¼¾§®©™£€µ²³µαβ≥≤→✓✔✗☐☑☒□■"


def small_weights() -> Path:
    """The folder that holds the small detector and recogniser. MissingEngine when they are not installed."""
    found = importlib.util.find_spec("rapidocr")
    folder = Path(found.origin).parent / "models" if found is not None and found.origin else None
    if folder is None or not (folder / "PP-OCRv6_rec_small.onnx").is_file():
        raise MissingEngine("the package rapidocr with its weights is not installed: pip install rapidocr.")
    return folder


def tiny_weights() -> Path:
    """The tiny recogniser's file. MissingEngine when it is not the one that this version knows."""
    if not _TINY.is_file() or hashlib.sha256(_TINY.read_bytes()).hexdigest() != _TINY_SHA256:
        raise MissingEngine(f"{_TINY.name} is missing or changed: install this program again.")
    return _TINY


def small_alphabet(path: Path) -> list[str]:
    """The small recogniser's classes, kept in its file's metadata as lines; class 0 is no letter, the last a space."""
    content = path.read_bytes()
    at = content.find(b"!\n\"\n#\n$\n")
    if at < 0:
        raise MissingEngine("the weights in rapidocr are not those that this version knows; install rapidocr 3.10.")
    size, shift, back = 0, 0, at - 1
    while back > 0 and content[back - 1] & 0x80:
        back -= 1
    for byte in content[back:at]:
        size |= (byte & 0x7F) << shift
        shift += 7
    return ["", *content[at : at + size].decode("utf-8").split("\n"), " "]


def tiny_alphabet(path: Path) -> list[str]:
    """The tiny recogniser's classes, a line each in the text beside its file; class 0 is no letter, the last a space."""
    return ["", *path.with_suffix(".txt").read_text(encoding="utf-8").rstrip("\n").split("\n"), " "]


def wanted(alphabet: list[str]) -> list[int]:
    """The classes that an American letter may hold, class 0 among them."""
    return [0] + [i for i, letter in enumerate(alphabet) if i and _latin(letter)]


def _latin(letter: str) -> bool:
    """Latin letters, digits, signs."""
    return len(letter) == 1 and (" " <= letter <= "~" or "\xa1" <= letter <= "ſ" or letter in _EXTRA)
