"""Takes CMS's quarterly HCPCS Level II file in, beside the shipped subset.

Usage: python scripts/import_hcpcs.py FILE.xlsx|FILE.csv|FILE.txt [TARGET.csv]
FILE is the alpha-numeric HCPCS file of a quarter from cms.gov (public): a sheet or CSV with the columns HCPC and SHORT
DESCRIPTION (the first row that holds both is taken for the heading), or the fixed-width text (code in columns 1-5, record
kind in 11, short description in 92-119). TARGET is by default pipeline/codes/data/hcpcs_full.csv, which codes.hcpcs reads
when it is there. Dental (D) codes are the American Dental Association's and are left out. Exit 2 when no code is found.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from openpyxl import load_workbook

from pipeline.codes.hcpcs import SHAPE

TARGET = Path(__file__).resolve().parents[1] / "pipeline" / "codes" / "data" / "hcpcs_full.csv"
_FIRST_RECORD = "3"


def entries(path: Path) -> Iterator[tuple[str, str]]:
    """(code, short description) of every code of the file, dental ones left out."""
    if path.suffix.lower() == ".txt":
        rows: Iterable[tuple[str, str]] = _fixed(path)
    else:
        rows = _columns(_sheet(path) if path.suffix.lower() == ".xlsx" else _csv(path))
    for code, words in rows:
        if SHAPE.match(code) and code[0] != "D" and words:
            yield code, " ".join(words.split())


def _fixed(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="latin-1").splitlines():
        if line[10:11] in (_FIRST_RECORD, ""):
            yield line[:5].strip().upper(), line[91:119].strip()


def _sheet(path: Path) -> Iterator[list[str]]:
    sheet = load_workbook(path, read_only=True).active
    for row in sheet.iter_rows(values_only=True) if sheet is not None else ():
        yield ["" if cell is None else str(cell) for cell in row]


def _csv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield from csv.reader(stream)


def _columns(rows: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    code = words = -1
    for row in rows:
        names = [cell.strip().upper() for cell in row]
        if code < 0:
            if "SHORT DESCRIPTION" in names and ("HCPC" in names or "HCPCS" in names):
                code, words = names.index("HCPC" if "HCPC" in names else "HCPCS"), names.index("SHORT DESCRIPTION")
            continue
        if len(row) > max(code, words):
            yield names[code], row[words].strip()


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    found = sorted(dict(entries(Path(arguments[0]))).items())
    if not found:
        print(f"{arguments[0]} holds no HCPCS code with a short description; give CMS's alpha-numeric file.", file=sys.stderr)
        return 2
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["code", "description"])
        writer.writerows(found)
    print(f"{len(found)} codes to {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
