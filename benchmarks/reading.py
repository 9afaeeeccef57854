"""How well and how fast letters are read, by condition in which they arrive, beside what everybody writes.

Truth is the text layer of the same letter as it was born. Prints a line for each letter as it goes and a Markdown table in
the end: characters misread (each line of the letter, cut at wide gaps, against its best match in what was read, spaces and
tick glyphs ignored, text that is not the letter's not punished), share of critical tokens (dates, ids, phones, codes,
amounts) found, CPU seconds a page with child processes counted, and how the second opinion did: share of critical words
agreed on, and share of those that the letter does not hold. Only words that stand where the letter has print count there:
the header line of a fax and the date of a stamp are not the letter's.

    python benchmarks/reading.py [--rivals] [--engine NAME] [--sample N | --every N] [--misses] [--write] [CONDITION ...]

--rivals runs pytesseract and OCRmyPDF on the same files in the same run (rivals.py sets them up); eight pages take about
fifteen minutes beside other work. What is measured is kept in --kept FILE as it goes, and a run that was ended goes on
from there; --again measures anew. Letters are looked for in `$LMN_SHARED/letters` (default: a folder `shared` beside the
project folder). --write puts the table and, with rivals, a picture into docs/.
"""

import argparse
import dataclasses
import json
import os
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from bars import bars
from reading_score import Tally, scored
from rivals import RIVALS, set_up
from sections import put

from pipeline.model import DocumentText, Receipt
from pipeline.read import VERSION, engine_named, read_file
from pipeline.settings import load
from pipeline.store import Store, sha256_of

OURS = "this project"
DOCS = Path(__file__).resolve().parents[1] / "docs"
_PANELS = (("misread, %", 8.0), ("CPU seconds a page", 14.0))
_SETTINGS = ("--write", "--misses", "--again")


def main() -> None:
    """Reads the letters and prints the table."""
    given = _given()
    if given.rivals:
        set_up()
    if given.again:
        given.kept.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as home:
        tallies = measured(given, Path(home))
    own, children = (resource.getrusage(w).ru_maxrss / 1024 for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    lines = [
        f"`python benchmarks/reading.py {' '.join(a for a in sys.argv[1:] if a not in _SETTINGS)}`", "",
        "| condition | program | pages | misread % | critical found % | CPU s/page | agreed % | of these wrong % |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(condition, program, tally) for (condition, program), tally in sorted(tallies.items())), "",
        f"Peak memory of this run: {own:.0f} MB this project, {children:.0f} MB the largest child.",
    ]  # fmt: skip
    print("\n".join(lines))
    if given.misses:
        for (condition, program), tally in sorted(tallies.items()):
            print(f"missed, {condition}, {program}:", "; ".join(tally.missed))
    if given.write:
        _written(lines, tallies, given.rivals)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conditions", nargs="*")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--every", type=int, default=1, help="only every N-th letter")
    parser.add_argument("--sample", type=int, default=0, help="only so many letters of each condition")
    parser.add_argument("--misses", action="store_true", help="list the critical tokens not found")
    parser.add_argument("--rivals", action="store_true", help="run pytesseract and OCRmyPDF beside it")
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / f"lmn-reading-{VERSION}.jsonl", help="what was measured so far")
    parser.add_argument("--again", action="store_true", help="measure anew")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


def measured(given: argparse.Namespace, home: Path) -> dict[tuple[str, str], Tally]:
    """A tally by condition and program; letters without a born layer are left out."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    engine_named(load(home, engine=given.engine).engine).words(np.full((320, 320), 255, np.uint8), 200)
    kept, born = _kept(given.kept), dict[Path, DocumentText]()
    for path, truth in _letters(given):
        for program in [OURS, *(RIVALS if given.rivals else ())]:
            key = f"{sha256_of(path)} {program} {given.engine}"
            if key not in kept:
                if truth not in born:
                    born[truth] = _read(truth, home, given.engine)
                kept[key] = _measured(path, program, born[truth], home, given.engine)
                with given.kept.open("a") as file:
                    file.write(json.dumps({"key": key, **dataclasses.asdict(kept[key])}) + "\n")
                print(f"{path.parent.name}/{path.stem}: {_row('', program, kept[key])}", flush=True)
            tallies[path.parent.name, program].add(kept[key])
    return tallies


def _kept(path: Path) -> dict[str, Tally]:
    """What earlier runs have measured, by file, program and engine."""
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return {row.pop("key"): Tally(**row) for row in rows}


def _letters(given: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    """Letters to read, each with the same letter as it was born; conditions take turns."""
    shared = Path(os.environ.get("LMN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "letters"
    found: dict[str, list[tuple[Path, Path]]] = defaultdict(list)
    for corpus in sorted(p for p in shared.iterdir() if p.is_dir()):
        born = {p.stem: p for p in sorted((corpus / "born").iterdir())[:: given.every]}
        for folder in sorted(p for p in corpus.iterdir() if p.is_dir() and (not given.conditions or p.name in given.conditions)):
            found[folder.name] += [(p, born[p.stem]) for p in sorted(folder.iterdir()) if p.stem in born]
    most = max((len(letters) for letters in found.values()), default=0)
    for letters in found.values():
        step = len(letters) / given.sample if given.sample else 1.0
        letters[:] = [letters[int(n * step)] for n in range(min(given.sample or most, len(letters)))]
    yield from (found[name][n] for n in range(most) for name in sorted(found) if n < len(found[name]))


def _measured(path: Path, program: str, born: DocumentText, home: Path, engine: str) -> Tally:
    start = sum(os.times()[:4])
    document = _read(path, home, engine) if program == OURS else None
    text = document.text if document is not None else RIVALS[program](path)
    return scored(path.stem, text, document, born, sum(os.times()[:4]) - start)


def _read(path: Path, home: Path, engine: str) -> DocumentText:
    receipt = Receipt(
        sha256=sha256_of(path), file=path.name, channel="inbox", media_type="", size=path.stat().st_size, received_at="", batch=""
    )
    settings = load(home, engine=engine)
    return read_file(path, receipt, settings, Store(settings.store))


def _row(condition: str, program: str, t: Tally) -> str:
    critical = f"{_percent(t.critical_found, t.critical):.1f} of {t.critical}"
    opinion = f"{_percent(t.agreed, t.opinions):.1f} of {t.opinions} | {_percent(t.agreed_wrong, t.agreed):.1f}" if t.opinions else "- | -"
    return f"| {condition} | {program} | {t.pages} | {_misread(t):.2f} | {critical} | {_cost(t):.2f} | {opinion} |"


def _percent(part: int, whole: int) -> float:
    return 100 * part / max(whole, 1)


def _misread(t: Tally) -> float:
    return _percent(t.misread, t.letters)


def _cost(t: Tally) -> float:
    return t.seconds / max(t.pages, 1)


def _written(lines: list[str], tallies: dict[tuple[str, str], Tally], rivals: bool) -> None:
    title = "Reading, beside pytesseract and OCRmyPDF" if rivals else "Reading"
    if rivals:
        programs = [OURS, *RIVALS]
        groups = [(c, [(p, (_misread(tallies[c, p]), _cost(tallies[c, p]))) for p in programs]) for c in sorted({c for c, _ in tallies})]
        (DOCS / "reading.svg").write_text(bars(_PANELS, groups))
        lines = [*lines, "", "![misread characters and CPU seconds a page, by condition and program](reading.svg)"]
    put(DOCS / "benchmarks.md", title, "\n".join(lines))


if __name__ == "__main__":
    main()
