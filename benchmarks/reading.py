"""How well and how fast letters are read, by condition in which they arrive.

Truth is the text layer of the same letter as it was born. Prints a Markdown table: share of critical tokens (dates,
ids, phones, codes, amounts) and of all words found, spaces ignored, and CPU seconds a page, child processes included.

    python benchmarks/reading.py [--engine NAME] [--every N] [--misses] [CONDITION ...]

Letters are looked for in `$LMN_SHARED/letters` (default: a folder `shared` beside the project folder).
"""

import argparse
import os
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model import DocumentText, Receipt
from pipeline.read import engine_named, read_file
from pipeline.settings import load
from pipeline.store import Store, sha256_of

CRITICAL = re.compile(
    r"\$[\d,]+(?:\.\d\d)?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?:the )?\d{1,4}(?:st|nd|rd|th)?(?:, \d{4})?"
    r"|\(?\d{3}\)?[ -.]\d{3}[-. ]\d{4}"
    r"|\b[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b"
    r"|\b[A-Z]\d{4}\b"
    r"|\b[A-Z]{2,4}-?\d[\d-]{3,}\b"
    r"|\b\d{5,}\b"
)


@dataclass
class Tally:
    """Counts over the letters of one condition."""

    pages: int = 0
    critical: int = 0
    critical_found: int = 0
    words: int = 0
    words_found: int = 0
    seconds: float = 0.0
    missed: list[str] = field(default_factory=list)


def main() -> None:
    """Reads the letters and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conditions", nargs="*")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--every", type=int, default=1, help="only every N-th letter")
    parser.add_argument("--misses", action="store_true", help="list the critical tokens not found")
    given = parser.parse_args()
    shared = Path(os.environ.get("LMN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "letters"
    with tempfile.TemporaryDirectory() as home:
        tallies = measured(shared, Path(home), given.engine, given.every, given.conditions)
    print("| condition | pages | critical found | words found | CPU s/page |\n|---|---|---|---|---|")
    for name, t in sorted(tallies.items()):
        crit, words = t.critical_found / max(t.critical, 1), t.words_found / max(t.words, 1)
        print(f"| {name} | {t.pages} | {crit:.3f} ({t.critical}) | {words:.3f} | {t.seconds / max(t.pages, 1):.2f} |")
        if given.misses:
            print("   missed:", "; ".join(t.missed))


def measured(shared: Path, home: Path, engine: str, every: int, conditions: list[str]) -> dict[str, Tally]:
    """A tally by condition; letters without a born layer are left out."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    settings = load(home, engine=engine)
    engine_named(settings.engine)
    for corpus in sorted(p for p in shared.iterdir() if p.is_dir()):
        born = {p.stem: _read(p, home, engine) for p in sorted((corpus / "born").iterdir())[::every]}
        for folder in sorted(p for p in corpus.iterdir() if p.is_dir()):
            if conditions and folder.name not in conditions:
                continue
            for path in sorted(folder.iterdir()):
                if path.stem in born:
                    _count(tallies[folder.name], path, born[path.stem], home, engine)
    return tallies


def _count(tally: Tally, path: Path, born: DocumentText, home: Path, engine: str) -> None:
    start = sum(os.times()[:4])
    document = _read(path, home, engine)
    tally.seconds += sum(os.times()[:4]) - start
    tally.pages += len(document.pages)
    flat, there = re.sub(r"\s", "", document.text), {w.text.strip(".,;:()").lower() for p in document.pages for w in p.words}
    layer = [w.text for p in born.pages for w in p.words if w.source != "ocr"]
    for token in CRITICAL.findall(" ".join(layer)):
        tally.critical += 1
        if token.replace(" ", "") in flat:
            tally.critical_found += 1
        else:
            tally.missed.append(f"{path.stem}: {token}")
    words = [w.strip(".,;:()").lower() for w in layer]
    tally.words += len(words)
    tally.words_found += sum(1 for w in words if w in there)


def _read(path: Path, home: Path, engine: str) -> DocumentText:
    sha256 = sha256_of(path)
    receipt = Receipt(
        sha256=sha256, file=path.name, channel="inbox", media_type="", size=path.stat().st_size, received_at="", batch=""
    )
    settings = load(home, engine=engine)
    return read_file(path, receipt, settings, Store(settings.store))


if __name__ == "__main__":
    main()
