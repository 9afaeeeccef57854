"""What everybody writes, run on the same pages: pytesseract as its page shows it, and OCRmyPDF.

Belongs here: setting the rivals up in an environment of their own, and asking them for the text of a file. Does not
belong here: scoring (reading.py). They see what they would see at work: the file as it came.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HOME = Path(os.environ.get("LMN_RIVALS", Path(tempfile.gettempdir()) / "lmn-rivals"))
_PACKAGES = ["ocrmypdf==17.13.0", "pytesseract==0.3.13", "pdf2image==1.17.0", "pypdfium2>=5"]
_PROGRAMS = {"tesseract": "tesseract-ocr", "pdftoppm": "poppler-utils", "unpaper": "unpaper"}
_PAGES_CODE = """
import sys, pytesseract
from PIL import Image, ImageSequence
from pdf2image import convert_from_path
path = sys.argv[1]
if path.endswith(".pdf"):
    pages = convert_from_path(path, dpi=300)
else:
    pages = [p.convert("RGB") for p in ImageSequence.Iterator(Image.open(path))]
print("\\f".join(pytesseract.image_to_string(p) for p in pages))
"""


def set_up() -> None:
    """Makes the environment; safe to repeat. SystemExit names the programs that are missing."""
    missing = sorted(package for program, package in _PROGRAMS.items() if shutil.which(program) is None)
    if missing:
        raise SystemExit(f"The rivals need programs: apt-get install {' '.join(missing)}")
    if not (HOME / "bin" / "ocrmypdf").exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        subprocess.run([str(HOME / "bin" / "pip"), "install", "-q", *_PACKAGES], check=True)


def _pytesseract(path: Path, **limits: str) -> str:
    env = {k: v for k, v in os.environ.items() if k != "OMP_THREAD_LIMIT"} | limits
    command = [str(HOME / "bin" / "python"), "-c", _PAGES_CODE, str(path)]
    return subprocess.run(command, check=True, env=env, capture_output=True, text=True).stdout


def _ocrmypdf(path: Path, *options: str) -> str:
    """The side-car text; empty when it gives up on a file. Pictures are given the resolution of a letter page."""
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text.txt"
        env = {k: v for k, v in os.environ.items() if k != "OMP_THREAD_LIMIT"}
        env["PATH"] = f"{HOME / 'bin'}{os.pathsep}{env['PATH']}"
        command = ["ocrmypdf", "-q", "--image-dpi", "200", "--output-type", "pdf", "--force-ocr", *options]
        subprocess.run([*command, "--sidecar", str(text), str(path), str(Path(folder) / "out.pdf")], env=env,
                       check=False, capture_output=True)  # fmt: skip
        return text.read_text() if text.exists() else ""


RIVALS: dict[str, Callable[[Path], str]] = {
    "pytesseract": lambda path: _pytesseract(path),
    "pytesseract, OMP_THREAD_LIMIT=1": lambda path: _pytesseract(path, OMP_THREAD_LIMIT="1"),
    "OCRmyPDF": lambda path: _ocrmypdf(path),
    "OCRmyPDF -r -d -c": lambda path: _ocrmypdf(path, "-r", "-d", "-c"),
}
"""From the name printed to the text of a file."""
