"""Memory over many pages, and the speed of letters that need no OCR.

Reads a PDF of so many scanned pages, in a process of its own for each count, with an engine that finds no words: what
grows with pages is this project's, a network's memory is the same for all. Then reads letters with a text layer and
says how many a second one core reads, how often OCR was asked, and for what share of letters.

    python benchmarks/reading_bounds.py [--pages 10 100 ...] [--every N] [--write]

Letters are looked for in `$LMN_SHARED/letters` (default: a folder `shared` beside the project folder).
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw
from sections import put

from pipeline.model import DocumentText, Receipt
from pipeline.read import OcrWord, read_file
from pipeline.read.picture import Pixels
from pipeline.settings import load
from pipeline.store import Store, sha256_of


class Silent:
    """Finds no words; `asked` counts the pictures it was shown."""

    name, version = "silent", "1"

    def __init__(self) -> None:
        self.asked = 0

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        self.asked += 1
        return []


def main() -> None:
    """Prints the figures; with a file given by --read, the memory after reading it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--every", type=int, default=1, help="only every N-th letter")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        with tempfile.TemporaryDirectory() as home:
            pages = len(_read(given.read, Path(home), Silent()).pages)
        print(pages, _most_megabytes())
        return
    lines = [f"`python benchmarks/reading_bounds.py {' '.join(a for a in sys.argv[1:] if a != '--write')}`", ""]
    for count in given.pages:
        pages, memory = _in_a_process(count)
        lines.append(f"- {pages} scanned pages in one PDF, no words recognised: {memory} MB at most.")
    lines.append(_born(given.every))
    print("\n".join(lines))
    if given.write:
        put(Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md", "Reading: bounds", "\n".join(lines))


def _most_megabytes() -> int:
    """The most memory this process has had (Linux). Not getrusage: its figure begins with the parent's."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) // 1024 if found else 0


def _in_a_process(count: int) -> tuple[int, int]:
    """Pages read and megabytes at most."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.pdf"
        sheets = _sheets(count)
        next(sheets).save(path, save_all=True, append_images=sheets, resolution=150)
        command = [sys.executable, __file__, "--read", str(path)]
        pages, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return int(pages), int(memory)


def _sheets(count: int) -> Iterator[Image.Image]:
    """Gray letter pages at 150 dpi, each another."""
    for number in range(1, count + 1):
        sheet = Image.new("L", (1275, 1650), 250)
        pen = ImageDraw.Draw(sheet)
        for line in range(40):
            pen.text((130, 140 + 34 * line), f"Sheet {number}, line {line}: a course of treatment was tried without relief.", 20)
        yield sheet


def _born(every: int) -> str:
    shared = Path(os.environ.get("LMN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "letters"
    letters = sorted(shared.glob("*/born/*.pdf"))[::every]
    asked = 0
    with tempfile.TemporaryDirectory() as home:
        start = time.process_time()
        for path in letters:
            engine = Silent()
            _read(path, Path(home), engine)
            asked += engine.asked > 0
        spent = time.process_time() - start
    return (
        f"- {len(letters)} letters with a text layer: {len(letters) / max(spent, 1e-9):.1f} a second of CPU; "
        f"for {asked} of them OCR was asked for what the layer does not hold (logos, handwriting as outlines)."
    )


def _read(path: Path, home: Path, engine: Silent) -> DocumentText:
    settings = load(home, max_pages=5000)
    receipt = Receipt(
        sha256=sha256_of(path), file=path.name, channel="inbox", media_type="", size=path.stat().st_size, received_at="", batch=""
    )
    return read_file(path, receipt, settings, Store(settings.store), engine)


if __name__ == "__main__":
    main()
