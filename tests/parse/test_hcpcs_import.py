"""The quarterly file of CMS in its three forms gives the same codes; what is no such file is refused."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from scripts.import_hcpcs import main

HEADING = ["HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION"]
ROWS = [
    ["E0118", "00100", "3", "Crutch substitute, lower leg platform", "Crutch substitute"],
    ["D0120", "00100", "3", "Periodic evaluation", "Not ours to ship"],
    ["A9282", "00100", "3", "Wig, any type, each", "Wig any type"],
]


def quarterly(folder: Path, suffix: str) -> Path:
    path = folder / f"HCPC.{suffix}"
    if suffix == "xlsx":
        book = Workbook()
        for row in (["Alpha-Numeric HCPCS File"], HEADING, *ROWS):
            book.active.append(row)  # type: ignore[union-attr]
        book.save(path)
    elif suffix == "csv":
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in (HEADING, *ROWS)), encoding="utf-8")
    else:
        path.write_text("\n".join(f"{r[0]}{r[1]}{r[2]}{r[3]:80.80}{r[4]:28}" for r in ROWS), encoding="latin-1")
    return path


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "txt"])
def test_codes_are_taken_in(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / "full.csv"
    assert main([str(quarterly(tmp_path, suffix)), str(target)]) == 0
    assert target.read_text(encoding="utf-8").splitlines() == [
        "code,description", "A9282,Wig any type", "E0118,Crutch substitute",
    ]  # fmt: skip


def test_another_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "claims.csv"
    other.write_text("claim_id,code\nA1,E0118\n", encoding="utf-8")
    assert main([str(other), str(tmp_path / "full.csv")]) == 2
    assert "CMS" in capsys.readouterr().err
