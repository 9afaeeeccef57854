"""`lmn eval` from folders to figures, with a road of our own in place of the pipeline."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import BadSettings, ClaimsUnavailable
from pipeline.evaluate.command import evaluate_command
from pipeline.evaluate.corpus import LetterFile, letter_files, with_their_firsts
from pipeline.settings import Settings

AS_OF = dt.date(2026, 6, 30)


def road_that_reads_dates(settings: Settings, as_of: dt.date) -> None:
    """Takes what stands in a file for its letter date, and every file for a letter to be decided."""
    settings.out.mkdir(parents=True)
    lines = []
    for path in sorted(settings.inbox.iterdir(), key=lambda path: path.stat().st_mtime):
        date = {"value": path.read_text(), "confidence": 0.99}
        record = {"file": path.name, "document_class": "lmn", "pages": [1], "fields": {"letter_date": date}, "queue": "decide"}
        lines.append(json.dumps(record))
    assert Path(settings.claims, "members.csv").is_file()
    (settings.out / "letters.jsonl").write_text("\n".join(lines))


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Truth of two letters, and the letters in two conditions; in the fax one date is misread."""
    truth, letters = tmp_path / "truth", tmp_path / "letters"
    for name, queue in (("a", "decide"), ("b", "examine")):
        one = {"pages": [1], "letter_date": "2026-01-02"}
        told = {"letters": [one], "segments": [{"class": "lmn", "pages": [1]}], "findings": [], "queue": queue}
        (truth / name).mkdir(parents=True)
        (truth / name / "truth.json").write_text(json.dumps(told))
    (truth / "claims").mkdir()
    (truth / "claims" / "members.csv").write_text("member_id\n")
    for condition, second in (("scan", "2026-01-02"), ("fax", "2026-01-07")):
        (letters / condition).mkdir(parents=True)
        (letters / condition / "a.pdf").write_text("2026-01-02")
        (letters / condition / "b.pdf").write_text(second)
        (letters / condition / "notes.txt").write_text("not a letter")
    return truth, letters


def run(folders: tuple[Path, Path], **options: Any) -> int:
    given: dict[str, Any] = {"as_json": True, "jobs": 1, "keep": None, "conditions": None, "only": None, **options}
    return evaluate_command(folders[0], folders[1], as_of=AS_OF, road=road_that_reads_dates, **given)


def test_figures_by_condition(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folders) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["all", "fax", "scan"]
    assert [figures[c]["fields"]["letter_date"]["f1"] for c in figures] == [0.75, 0.5, 1.0]
    assert figures["all"]["queue"]["confusion"] == {"decide": {"decide": 2}, "examine": {"decide": 2}}
    assert figures["all"]["queue"]["false_decides"] == ["fax/b", "scan/b"]
    assert figures["all"]["calibration"]["accuracy_at_95"] == 0.75


def test_a_choice_of_conditions_and_names(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    run(folders, conditions=["fax"], only=["b*"])
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["all", "fax"] and figures["all"]["documents"] == 1


def test_a_terminal_gets_tables_within_eighty_columns(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run(folders, as_json=False)
    out = capsys.readouterr().out
    assert "Accuracy by condition" in out and "Sent to be decided but should not: 2: fax/b, scan/b" in out
    assert "…" not in out


def test_errors_are_listed(folders: tuple[Path, Path], tmp_path: Path) -> None:
    run(folders, errors=tmp_path / "errors.csv")
    rows = list(csv.DictReader((tmp_path / "errors.csv").open(newline="", encoding="utf-8")))
    dates = [row for row in rows if row["group"] == "field"]
    assert [(row["file"], row["verdict"], row["truth"], row["found"]) for row in dates] == [
        ("fax/b", "wrong", "2026-01-02", "2026-01-07")
    ]


def test_homes_stay_when_asked_and_are_never_used_twice(folders: tuple[Path, Path], tmp_path: Path) -> None:
    run(folders, keep=tmp_path / "kept")
    assert (tmp_path / "kept" / "fax" / "inbox" / "a.pdf").is_file()
    lines = (tmp_path / "kept" / "letters.jsonl").read_text().splitlines()
    assert [json.loads(line)["file"] for line in lines] == ["fax/a.pdf", "fax/b.pdf", "scan/a.pdf", "scan/b.pdf"]
    with pytest.raises(BadSettings, match="not empty"):
        run(folders, keep=tmp_path / "kept")


def test_earlier_records_and_reports(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folders, keep=tmp_path / "kept")
    report = tmp_path / "report.json"
    report.write_text(capsys.readouterr().out)
    again = (folders[0], tmp_path / "kept" / "letters.jsonl")
    run(again)
    assert json.loads(capsys.readouterr().out) == json.loads(report.read_text())
    better = json.loads(report.read_text())
    better["fax"]["micro"]["f1"] = 0.9
    report.write_text(json.dumps(better))
    run(again, as_json=False, against=report)
    assert "-40.0" in capsys.readouterr().out


def test_a_manifest_names_the_files(folders: tuple[Path, Path]) -> None:
    (folders[1] / "manifest.csv").write_text("file,name,condition,pages\nscan/a.pdf,first,paper,1\n")
    assert [(f.condition, f.name, f.path.name) for f in letter_files(folders[1])] == [("paper", "first", "a.pdf")]
    assert [f.condition for f in letter_files(folders[1] / "scan")] == ["scan", "scan"]


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        (lambda t, _: (t / "a" / "truth.json").write_text("{"), BadSettings, "not valid JSON"),
        (lambda t, _: (t / "a" / "truth.json").write_text("[]"), BadSettings, "no JSON object"),
        (lambda t, _: [p.unlink() for p in t.rglob("truth.json")], BadSettings, "No truth.json"),
        (lambda t, _: (t / "claims").rename(t / "gone"), ClaimsUnavailable, "No claim tables"),
        (lambda _, f: (f / "manifest.csv").write_text("file,name,condition\nscan/z.pdf,z,scan\n"), BadSettings, "z.pdf"),
        (lambda _, f: (f / "manifest.csv").write_text("file,name\nscan/a.pdf,a\n"), BadSettings, "condition"),
        (lambda _, f: [p.unlink() for p in f.rglob("*.pdf")], BadSettings, "No letters"),
    ],
)
def test_what_is_wrong_is_said(folders: tuple[Path, Path], spoil: Any, error: type[Exception], says: str) -> None:
    spoil(*folders)
    with pytest.raises(error, match=says):
        run(folders)


@pytest.mark.parametrize(("options", "says"), [({"conditions": ["photo"]}, "There are: fax, scan"), ({"only": ["q*"]}, "--only")])
def test_a_choice_that_fits_nothing_is_said(folders: tuple[Path, Path], options: dict[str, Any], says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        run(folders, **options)


def test_a_second_filing_without_its_first_is_left_out() -> None:
    def told(name: str, category: str, *findings: str) -> dict[str, Any]:
        return {"letters": [{"patient": {"name": name}, "items": [{"category": category}]}], "findings": list(findings)}

    truth = {"a1": told("Ana", "cpap"), "a2": told("Ana", "cpap", "DUPLICATE_LETTER"), "b": told("Bo", "cpap", "DUPLICATE_LETTER"),
             "c": told("Ana", "wheelchair")}  # fmt: skip
    files = [LetterFile("copy", "a2", Path()), LetterFile("copy", "b", Path()), LetterFile("copy", "c", Path()), LetterFile("scan", "a1", Path()), LetterFile("scan", "a2", Path())]
    assert [(f.condition, f.name) for f in with_their_firsts(files, truth)] == [("copy", "b"), ("copy", "c"), ("scan", "a1"), ("scan", "a2")]
