"""How well and how fast letters are read, by condition in which they arrive, beside what everybody writes.

Truth is the text layer of the same letter as it was born. Prints a Markdown table: characters misread (each line of the
letter, cut at wide gaps, against its best match in what was read, spaces and tick glyphs ignored, text that is not the letter's not
punished), share of critical tokens (dates, ids, phones, codes, amounts) found, CPU seconds a page with child processes
counted, and how the second opinion did: share of critical words agreed on, and share of those that the letter does not
hold. Only words that stand where the letter has print count there: the header line of a fax and the date of a stamp are
not the letter's.

    python benchmarks/reading.py [--rivals] [--engine NAME] [--every N] [--misses] [--write] [CONDITION ...]

--rivals runs pytesseract and OCRmyPDF on the same files in the same run (rivals.py sets them up). Letters are looked
for in `$LMN_SHARED/letters` (default: a folder `shared` beside the project folder). --write puts the table into
docs/benchmarks.md.
"""

import argparse
import os
import re
import resource
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from rivals import RIVALS, set_up
from sections import put

from pipeline.model import DocumentText, Receipt
from pipeline.model.text import Page, Word
from pipeline.read import engine_named, read_file
from pipeline.settings import load
from pipeline.store import Store, sha256_of

OURS = "this project"
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

_NO_LETTER = r"[\s☐☑☒□■○●✓✔✗✘]"
"""Left out of the comparison: spaces, and signs that are read as tick boxes, not as words."""

_ENDS = 3


@dataclass
class Tally:
    """Counts over the letters of one condition, as one program read them."""

    pages: int = 0
    critical: int = 0
    critical_found: int = 0
    letters: int = 0
    misread: int = 0
    opinions: int = 0
    agreed: int = 0
    agreed_wrong: int = 0
    seconds: float = 0.0
    missed: list[str] = field(default_factory=list)


def main() -> None:
    """Reads the letters and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conditions", nargs="*")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--every", type=int, default=1, help="only every N-th letter")
    parser.add_argument("--misses", action="store_true", help="list the critical tokens not found")
    parser.add_argument("--rivals", action="store_true", help="run pytesseract and OCRmyPDF beside it")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    if given.rivals:
        set_up()
    shared = Path(os.environ.get("LMN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "letters"
    with tempfile.TemporaryDirectory() as home:
        programs = [OURS, *(RIVALS if given.rivals else ())]
        tallies = measured(shared, Path(home), given.engine, given.every, given.conditions, programs)
    own, children = (resource.getrusage(w).ru_maxrss / 1024 for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    lines = [
        f"`python benchmarks/reading.py {' '.join(a for a in sys.argv[1:] if a not in ('--write', '--misses'))}`", "",
        "| condition | program | pages | misread % | critical found % | CPU s/page | agreed % | of these wrong % |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(condition, program, tally) for (condition, program), tally in sorted(tallies.items())), "",
        f"Peak memory: {own:.0f} MB this project, {children:.0f} MB the largest child.",
    ]  # fmt: skip
    print("\n".join(lines))
    if given.misses:
        for (condition, program), tally in sorted(tallies.items()):
            print(f"missed, {condition}, {program}:", "; ".join(tally.missed))
    if given.write:
        put(Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md", "Reading", "\n".join(lines))


def _row(condition: str, program: str, t: Tally) -> str:
    critical = f"{_percent(t.critical_found, t.critical):.1f} of {t.critical}"
    opinion = f"{_percent(t.agreed, t.opinions):.1f} | {_percent(t.agreed_wrong, t.agreed):.1f}" if t.opinions else "- | -"
    cost = t.seconds / max(t.pages, 1)
    return f"| {condition} | {program} | {t.pages} | {_percent(t.misread, t.letters):.2f} | {critical} | {cost:.2f} | {opinion} |"


def _percent(part: int, whole: int) -> float:
    return 100 * part / max(whole, 1)


def measured(
    shared: Path, home: Path, engine: str, every: int, conditions: list[str], programs: list[str]
) -> dict[tuple[str, str], Tally]:
    """A tally by condition and program; letters without a born layer are left out."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    settings = load(home, engine=engine)
    engine_named(settings.engine).words(np.full((320, 320), 255, np.uint8), 200)
    for corpus in sorted(p for p in shared.iterdir() if p.is_dir()):
        born = {p.stem: _read(p, home, engine) for p in sorted((corpus / "born").iterdir())[::every]}
        for folder in sorted(p for p in corpus.iterdir() if p.is_dir()):
            if conditions and folder.name not in conditions:
                continue
            for path in sorted(p for p in folder.iterdir() if p.stem in born):
                for program in programs:
                    _count(tallies[folder.name, program], path, born[path.stem], program, home, engine)
    return tallies


def _count(tally: Tally, path: Path, born: DocumentText, program: str, home: Path, engine: str) -> None:
    start = sum(os.times()[:4])
    document = _read(path, home, engine) if program == OURS else None
    text = document.text if document is not None else RIVALS[program](path)
    tally.seconds += sum(os.times()[:4]) - start
    tally.pages += len(born.pages)
    flat = re.sub(_NO_LETTER, "", text)
    layer = [w for p in born.pages for w in p.words if w.source != "ocr"]
    for token in CRITICAL.findall(" ".join(w.text for w in layer)):
        tally.critical += 1
        if token.replace(" ", "") in flat:
            tally.critical_found += 1
        else:
            tally.missed.append(f"{path.stem}: {token}")
    _count_letters(tally, born, flat)
    if document is not None:
        _count_opinions(tally, document, born, "".join(w.text for w in layer))


def _count_letters(tally: Tally, born: DocumentText, flat: str) -> None:
    for segment in _segments(born):
        tally.letters += len(segment)
        tally.misread += min(len(segment), _edits(segment, flat))


def _edits(segment: str, flat: str) -> int:
    """Fewest letters to change, add or leave out to find the segment anywhere in the text: about the window most like
    it, which is as long as the segment, its ends are tried too."""
    there = fuzz.partial_ratio_alignment(segment, flat) if len(flat) >= len(segment) else None
    if there is None:
        return Levenshtein.distance(segment, flat)
    start, end = there.dest_start, there.dest_end
    return min(
        Levenshtein.distance(segment, flat[max(0, start + left) : max(0, end + right)])
        for left in range(-_ENDS, _ENDS + 1) for right in range(-_ENDS, _ENDS + 1)
    )  # fmt: skip


def _segments(born: DocumentText) -> list[str]:
    """The letter's lines without spaces, cut at gaps wider than a line is high: another program may read the cells of a
    row in another order."""
    found: list[str] = []
    for page in born.pages:
        last: Word | None = None
        for word in page.words:
            if word.source == "ocr":
                continue
            high = word.box[3] - word.box[1]
            if last is not None and last.line == word.line and -high < word.box[0] - last.box[2] < high:
                found[-1] += word.text
            else:
                found.append(word.text)
            last = word
    return [bare for text in found if (bare := re.sub(_NO_LETTER, "", text))]


def _count_opinions(tally: Tally, document: DocumentText, born: DocumentText, truth: str) -> None:
    for page, there in zip(document.pages, born.pages, strict=False):
        for word in page.words:
            if word.opinion is None or not _is_printed(word, page, there):
                continue
            tally.opinions += 1
            if word.opinion == "agreed":
                tally.agreed += 1
                tally.agreed_wrong += word.text.strip(".,;:()[]'\"-") not in truth


def _is_printed(word: Word, page: Page, born: Page) -> bool:
    """Whether the letter as it was born has print in its layer where the word was read, pages laid over each other by
    their sizes; what is written by hand has no truth there."""
    across, down = born.width / page.width, born.height / page.height
    x, y = (word.box[0] + word.box[2]) / 2 * across, (word.box[1] + word.box[3]) / 2 * down
    return any(w.box[0] - 3 <= x <= w.box[2] + 3 and w.box[1] - 2 <= y <= w.box[3] + 2 for w in born.words if w.source != "ocr")  # fmt: skip


def _read(path: Path, home: Path, engine: str) -> DocumentText:
    receipt = Receipt(
        sha256=sha256_of(path), file=path.name, channel="inbox", media_type="", size=path.stat().st_size, received_at="", batch=""
    )
    settings = load(home, engine=engine)
    return read_file(path, receipt, settings, Store(settings.store))


if __name__ == "__main__":
    main()
