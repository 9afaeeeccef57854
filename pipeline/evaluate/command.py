"""`lmn eval`: runs letters whose truth is known and tells how much of it was read, matched and judged rightly.

Belongs here: the order of the steps and what is printed where. Does not belong here: the steps.
"""

import datetime as dt
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from rich.console import Console

from pipeline.errors import BadSettings, ClaimsUnavailable
from pipeline.evaluate.corpus import (
    Json,
    LetterFile,
    chosen,
    condition_and_name,
    letter_files,
    load_records,
    load_truth,
)
from pipeline.evaluate.judge import file_marks
from pipeline.evaluate.marks import Mark, Report
from pipeline.evaluate.report import reports
from pipeline.evaluate.run import Road, records_of
from pipeline.evaluate.table import errors_csv, show


def evaluate_command(
    truth_dir: Path,
    letters_dir: Path,
    *,
    as_of: dt.date,
    as_json: bool,
    jobs: int,
    keep: Path | None,
    conditions: list[str] | None,
    only: list[str] | None,
    against: Path | None = None,
    errors: Path | None = None,
    road: Road | None = None,
) -> int:
    """Prints the accuracy of the pipeline on known letters; returns 0 whatever the figures are.

    TRUTH_DIR holds NAME/truth.json and claims/; LETTERS_DIR one folder per condition with files NAME.ext (or a
    manifest.csv), or it is a letters.jsonl that was made earlier, which is then only judged. `keep` leaves each
    condition's home and the joined letters.jsonl there; `against` is an earlier report made with --json, and what
    moved since is shown; `errors` is the CSV to list every fault in. BadSettings and the road's own errors rise.
    """
    truth = load_truth(truth_dir)
    before = _earlier(against)
    if letters_dir.is_file():
        records = load_records(letters_dir)
        expected = _told_of(records, truth, conditions, only)
    else:
        files = chosen(letter_files(letters_dir), truth, conditions, only)
        expected = [(file.condition, file.name) for file in files]
        claims = truth_dir / "claims"
        if not claims.is_dir():
            raise ClaimsUnavailable(f"No claim tables lie in {claims}. Put members, claims, history and plans there.")
        tell = Console(stderr=True, quiet=not sys.stderr.isatty()).print
        records = records_of(files, claims, as_of=as_of, jobs=jobs, keep=keep, road=road or _the_road(), tell=tell)
        _keep(keep, records)
    marks = judge(expected, truth, records)
    if errors is not None:
        errors.write_text(errors_csv(marks), encoding="utf-8", newline="")
    figures = reports(marks)
    if as_json:
        print(json.dumps(figures, indent=1))
    else:
        show(figures, before, Console())
    return 0


def judge(expected: Sequence[tuple[str, str]], truth: dict[str, Json], records: Sequence[Json]) -> list[Mark]:
    """The marks of every expected (condition, name); one without a record counts as missed."""
    told: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for record in records:
        told[condition_and_name(str(record.get("file") or ""))].append(record)
    marks: list[Mark] = []
    for condition, name in sorted(set(expected)):
        marks.extend(file_marks(condition, name, truth[name], told.get((condition, name), [])))
    return marks


def _the_road() -> Road:
    """The whole pipeline; loaded only when letters are read, since judging records needs none of it."""
    from pipeline.process import run_all

    return run_all


def _told_of(
    records: Sequence[Json], truth: dict[str, Json], conditions: list[str] | None, only: list[str] | None
) -> list[tuple[str, str]]:
    keys = {condition_and_name(str(record.get("file") or "")) for record in records}
    files = [LetterFile(condition, name, Path()) for condition, name in sorted(keys)]
    return [(file.condition, file.name) for file in chosen(files, truth, conditions, only)]


def _keep(keep: Path | None, records: Sequence[Json]) -> None:
    if keep is not None:
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (keep / "letters.jsonl").write_text(lines, encoding="utf-8")


def _earlier(path: Path | None) -> dict[str, Report] | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as err:
        raise BadSettings(f"The earlier report {path} cannot be read: {err}. Give a file made with --json.") from err
    if not isinstance(found, dict) or "all" not in found:
        raise BadSettings(f"{path} is no earlier report. Give a file made with --json.")
    return cast("dict[str, Report]", found)
