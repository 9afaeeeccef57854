"""Builds pipeline/codes/data/icd10cm.tsv.gz from the package simple-icd-10-cm (CMS/NCHS tabular list, public domain).

Usage: python scripts/build_icd10.py   (needs `pip install simple-icd-10-cm`; the release is the package's)
One line a code: code without dot, 1 when billable, description. Sorted, so that the same release gives the same file.
"""

import gzip
from pathlib import Path

import simple_icd_10_cm as icd

TARGET = Path(__file__).resolve().parents[1] / "pipeline" / "codes" / "data" / "icd10cm.tsv.gz"


def main() -> None:
    rows = []
    for code in icd.get_all_codes(with_dots=True):
        if icd.is_chapter(code) or icd.is_block(code):
            continue
        if icd.is_extended_subcategory(code):
            continue
        rows.append(f"{code.replace('.', '')}\t{int(icd.is_leaf(code))}\t{icd.get_description(code)}")
    text = "\n".join(sorted(rows)) + "\n"
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(text.encode())
    print(f"{len(rows)} codes to {TARGET}")


if __name__ == "__main__":
    main()
