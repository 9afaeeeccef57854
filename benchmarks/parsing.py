"""What understanding a page costs once its words are read: milliseconds of CPU a page, and of importing the command line.

Takes the recorded letters of tests/recorded (no OCR) and parses each document as often as --times says after one round to
warm up; a page on which letters have hundreds of words costs more than a short one, so the median and the dearest are told
beside the mean. Odd pages (lines of 10,000 characters) show that cost grows with length and no faster. Prints Markdown.

    python benchmarks/parsing.py [--times 1] [--set blind/born ...] [--write]

--write puts the table into docs/benchmarks.md.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.model import DocumentText, Page, Word, lay_out
from pipeline.parse import VERSION, parse

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.sections import put
from tests.recorded_letters import documents, recordings

ROOT = Path(__file__).resolve().parents[1]
PROSE = "the patient needs physical therapy for low back pain twice a week and I order a brace (L0650) after 12 weeks of naproxen "


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--set", nargs="*", default=[f"{name}/{condition}" for name, condition in recordings()])
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    first = _seconds(lambda: parse(odd_page(200)))
    rows = ["| letters | pages | ms a page, mean | median | dearest |", "|---|---|---|---|---|"]
    for name in given.set:
        costs = page_costs([document for _, document in documents(*name.split("/"))], given.times)
        rows.append(f"| {name} | {sum(n for n, _ in costs)} | {1000 * sum(s for _, s in costs) / sum(n for n, _ in costs):.0f} | {1000 * statistics.median(s / n for n, s in costs):.0f} | {1000 * max(s / n for n, s in costs):.0f} |")
    odd = [(length, _seconds(lambda length=length: parse(odd_page(length)))) for length in (5_000, 10_000, 20_000)]  # type: ignore[misc]
    text = "\n".join(rows) + "\n\n" + (
        "A page that is one line: " + ", ".join(f"{length:,} characters {seconds:.1f} s" for length, seconds in odd) + f". The first page of a process, lexica and code tables loaded: {first:.1f} s. "
        f"Import of the command line: {importing('pipeline.__main__'):.2f} s of CPU, of the parsing room {importing('pipeline.parse'):.2f} s (an interpreter alone: {importing('sys'):.2f} s).\n\n"
        f"{VERSION}, `benchmarks/parsing.py --times {given.times}`, CPU of one core; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, a loop of 2,000,000 steps took {_loop():.2f} s of CPU."
    )  # fmt: skip
    print(text)
    if given.write:
        put(ROOT / "docs" / "benchmarks.md", "Understanding a page", text)


def page_costs(found: list[DocumentText], times: int) -> list[tuple[int, float]]:
    """(pages, CPU seconds of one parse) of each document with words."""
    worded = [document for document in found if any(page.words for page in document.pages)]
    return [(len(document.pages), _seconds(lambda document=document: parse(document), times)) for document in worded]  # type: ignore[misc]


def odd_page(length: int) -> DocumentText:
    """A letter whose body is one line of about `length` characters."""
    body = (PROSE * (length // len(PROSE) + 1))[:length]
    lines = ["Oak Clinic", "12 Elm St, Dayton, OH 45402", "March 3, 2026", "To whom it may concern:", body, "Sincerely,", "Jo Hale, MD"]
    made = []
    for n, line in enumerate(lines):
        words, x = [], 72.0
        for token in line.split():
            words.append(Word(text=token, box=(x, 72.0 + 20 * n, x + 5.0 * len(token), 82.0 + 20 * n), confidence=0.99, source="layer", line=0, start=0))
            x += 5.0 * len(token) + 5.0
        made.append(words)
    text, pages = lay_out([(Page(number=1, width=612, height=792, origin="layer", quality=0.99), made)])
    return DocumentText(sha256="0" * 64, text=text, pages=pages)


def importing(module: str) -> float:
    """CPU seconds of an interpreter that imports a module and ends; the best of three."""
    code = f"import {module}, time; print(time.process_time())"
    told = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout for _ in range(3)]
    return min(float(t) for t in told)


def _seconds(work: Callable[[], object], times: int = 1) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def _loop() -> float:
    def steps() -> None:
        for _ in range(2_000_000):
            pass

    return _seconds(steps)


if __name__ == "__main__":
    main()
