"""How well pages are told apart, letters split and signatures seen, by condition in which letters arrive.

Truth is the `truth.json` of each letter's folder: its segments and each provider's `signed`. Prints a Markdown table;
`--misses` lists what was wrong (page classes and numbers, no words of a letter), `--write` puts it into
docs/benchmarks.md.

    python benchmarks/paper.py TRUTH LETTERS [TRUTH LETTERS ...] [--readings DIR] [--misses] [--write]

LETTERS holds a folder for each condition. `--readings` is a folder of pages already read (`<sha256>*.json`, at any
depth), so that only the parsing room is at work; letters without a reading are read.
"""

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.model import DocumentText, ParsedFile, Receipt
from pipeline.parse import parse
from pipeline.read import read_file
from pipeline.settings import load
from pipeline.store import Store, sha256_of

KINDS = ("page class", "split", "signed")
TITLE = "Paper: classes, splits, signatures"
ABOUT = """`benchmarks/paper.py TRUTH LETTERS ... --misses` over sets of invented letters, on which the rules have been mended: a page's class, whether a new
document begins on a page, whether a letter is signed (few letters of these sets are unsigned, so that the last column says little of false signatures)."""
Tally = dict[str, dict[str, Counter[bool]]]


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, help="pairs of a truth folder and a letters folder")
    parser.add_argument("--readings", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    readings = {p.name[:64]: p for p in sorted(given.readings.rglob("*.json"))} if given.readings else {}
    tally: Tally = defaultdict(lambda: defaultdict(Counter))
    for truths, letters in zip(given.sets[::2], given.sets[1::2], strict=True):
        for condition, path, truth in _files(truths, letters):
            document = _document(path, readings)
            for kind, right, what in _compared(truth, document, parse(document)):
                tally[condition][kind][right] += 1
                if given.misses and not right:
                    print(f"{condition} {path.stem} {kind}: {what}")
    table = _table(tally)
    print(table)
    if given.write:
        from sections import put

        put(Path(__file__).resolve().parents[1] / "docs/benchmarks.md", TITLE, f"{ABOUT}\n\n{table}")


def _files(truths: Path, letters: Path) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    for folder in sorted(p for p in letters.iterdir() if p.is_dir()):
        for path in sorted(folder.iterdir()):
            truth = truths / path.stem / "truth.json"
            if truth.exists():
                yield folder.name, path, json.loads(truth.read_text(encoding="utf-8"))


def _document(path: Path, readings: dict[str, Path]) -> DocumentText:
    sha256 = sha256_of(path)
    if sha256 in readings:
        return DocumentText.model_validate_json(readings[sha256].read_text(encoding="utf-8"))
    receipt = Receipt(sha256=sha256, file=path.name, channel="inbox", media_type="", size=path.stat().st_size, received_at="", batch="b")
    with tempfile.TemporaryDirectory() as home:
        settings = load(Path(home))
        return read_file(path, receipt, settings, Store(settings.store))


def _compared(truth: dict[str, Any], document: DocumentText, parsed: ParsedFile) -> Iterator[tuple[str, bool, str]]:
    """(kind, whether it is right, what was found for what) for each page, each place between pages, each letter."""
    wanted = {n: s["class"] for s in truth["segments"] for n in s["pages"]}
    found = {n: s.page_class for s in parsed.segments for n in s.pages}
    for n, name in wanted.items():
        yield "page class", found.get(n) == name, f"page {n} is {name}, found {found.get(n)}"
    firsts, starts = {s["pages"][0] for s in truth["segments"]}, {s.pages[0] for s in parsed.segments}
    for n in range(2, len(document.pages) + 1):
        yield "split", (n in firsts) == (n in starts), f"before page {n}"
    for letter in truth["letters"]:
        mine = next((m for m in parsed.letters if set(m.pages) & set(letter["pages"])), None)
        signed = mine is not None and mine["provider.signed"].value is True
        yield "signed", signed == bool(letter["provider"]["signed"]), f"letter of page {letter['pages'][0]}"


def _table(tally: Tally) -> str:
    rows = ["| condition | " + " | ".join(KINDS) + " |", "|---|" + "---|" * len(KINDS)]
    whole: dict[str, Counter[bool]] = defaultdict(Counter)
    for condition, counts in sorted(tally.items()):
        rows.append(f"| {condition} | " + " | ".join(_share(counts[kind]) for kind in KINDS) + " |")
        for kind in KINDS:
            whole[kind].update(counts[kind])
    return "\n".join([*rows, "| all | " + " | ".join(_share(whole[kind]) for kind in KINDS) + " |"])


def _share(count: Counter[bool]) -> str:
    total = count[True] + count[False]
    return f"{count[True]}/{total} = {100 * count[True] / total:.1f} %" if total else "-"


if __name__ == "__main__":
    main()
