"""How fast letters that were born digital are read, and how many of them started OCR.

Letters a CPU second of one core: opening, text layer, form values, marks, pictures of the pages. Each folder is read
once to warm up and once to be measured. The engine is a stand-in that counts how often it is asked and finds nothing, so
that the cost is the layer's; the letters that ask are counted in. Prints a Markdown table.

    python benchmarks/born.py FOLDER [FOLDER ...] [--profile] [--write]

FOLDER holds PDF files. --write puts the table into docs/benchmarks.md.
"""

import argparse
import cProfile
import pstats
import tempfile
import time
from pathlib import Path

from pipeline.model import Receipt
from pipeline.read import OcrWord, read_file
from pipeline.read.picture import Pixels
from pipeline.settings import load
from pipeline.store import Store, sha256_of


class Counting:
    """An engine that reads nothing and counts."""

    name, version = "counting", "1"

    def __init__(self) -> None:
        self.asked = 0

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        """No words; one more time asked."""
        self.asked += 1
        return []


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    files = sorted(f for folder in given.folders for f in folder.glob("*.pdf"))
    _read(files)
    profile = cProfile.Profile()
    if given.profile:
        profile.enable()
    loop = _loop()
    start = time.process_time()
    pages, asking = _read(files)
    seconds = time.process_time() - start
    if given.profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
    table = (
        "| letters | pages | letters a CPU second | ms a page | letters that started OCR |\n|---|---|---|---|---|\n"
        f"| {len(files)} | {pages} | {len(files) / seconds:.1f} | {1000 * seconds / pages:.0f} | {asking} |\n\n"
        f"A loop of 2,000,000 steps took {loop:.2f} s of CPU beside it."
    )
    print(table)
    if given.write:
        from sections import put

        put(Path(__file__).resolve().parents[1] / "docs/benchmarks.md", "Born-digital letters", table)


def _read(files: list[Path]) -> tuple[int, int]:
    """Pages read, and letters that asked the engine."""
    pages = asking = 0
    with tempfile.TemporaryDirectory() as home:
        settings = load(Path(home))
        store = Store(settings.store)
        for path in files:
            engine = Counting()
            receipt = Receipt(sha256=sha256_of(path), file=path.name, channel="inbox", media_type="", size=path.stat().st_size, received_at="", batch="b")
            pages += len(read_file(path, receipt, settings, store, engine).pages)
            asking += engine.asked > 0
    return pages, asking


def _loop() -> float:
    """CPU seconds of a plain loop: how fast this machine is at the moment."""
    start, total = time.process_time(), 0
    for n in range(2_000_000):
        total += n
    return time.process_time() - start


if __name__ == "__main__":
    main()
