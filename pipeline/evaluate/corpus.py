"""Truth, letters and records as they lie on the disk.

Belongs here: finding and loading them. Does not belong here: running the pipeline, judging.
"""

import csv
import json
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import BadSettings

Json = dict[str, Any]

SUFFIXES = (".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg")


class LetterFile(NamedTuple):
    """A file to read: the condition it is in, the document it shows, where it lies."""

    condition: str
    name: str
    path: Path


def load_truth(folder: Path) -> dict[str, Json]:
    """The truth of each document by name, from every NAME/truth.json below `folder`. BadSettings when there is none
    or one is no JSON object."""
    found: dict[str, Json] = {}
    for path in sorted(folder.rglob("truth.json")):
        try:
            truth = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as err:
            raise BadSettings(f"{path} is not valid JSON: {err}. Correct it.") from err
        if not isinstance(truth, dict):
            raise BadSettings(f"{path} holds no JSON object. Correct it.")
        found[path.parent.name] = truth
    if not found:
        raise BadSettings(f"No truth.json lies below {folder}. Give the folder that holds NAME/truth.json.")
    return found


def letter_files(folder: Path) -> list[LetterFile]:
    """The files below `folder`, by condition and name: those of manifest.csv (file, name, condition) where there is
    one, else each folder is a condition and each file's stem a name; a folder without folders is one condition."""
    manifest = folder / "manifest.csv"
    found = _from_manifest(manifest) if manifest.is_file() else _from_folders(folder)
    if not found:
        raise BadSettings(f"No letters lie in {folder}. Give a folder with one folder per condition.")
    return sorted(found)


def chosen(
    files: Sequence[LetterFile], truth: dict[str, Json], conditions: Sequence[str] | None, only: Sequence[str] | None
) -> list[LetterFile]:
    """The files that have a truth, are in one of `conditions` and fit one of the patterns `only` (None: any).
    BadSettings for a condition that is not there, or when nothing is left."""
    known = sorted({file.condition for file in files})
    unknown = sorted(set(conditions or ()) - set(known))
    if unknown:
        raise BadSettings(f"No condition {', '.join(unknown)} among the letters. There are: {', '.join(known)}.")
    left = [
        file
        for file in files
        if file.name in truth
        and (not conditions or file.condition in conditions)
        and (not only or any(fnmatch(file.name, pattern) for pattern in only))
    ]
    if not left:
        raise BadSettings("No letter is left that has a truth and fits the choice. Widen --only or --conditions.")
    return with_their_firsts(left, truth)


def with_their_firsts(files: Sequence[LetterFile], truth: dict[str, Json]) -> list[LetterFile]:
    """The files without those whose truth is to be the second filing of a letter while the first one, which the corpus
    has, is not among the files of that condition: nobody could know of it."""
    there = {(file.condition, file.name) for file in files}

    def has_its_first(file: LetterFile) -> bool:
        firsts = [name for name in truth if name != file.name and _asks(truth[name]) & _asks(truth[file.name]) and not _is_again(truth[name])]
        return not _is_again(truth[file.name]) or not firsts or any((file.condition, name) in there for name in firsts)

    return [file for file in files if has_its_first(file)]


def _is_again(truth: Json) -> bool:
    return "DUPLICATE_LETTER" in (truth.get("findings") or ())


def _asks(truth: Json) -> set[tuple[str, str]]:
    """Whom each letter is about and what kind of thing it asks for."""
    letters = truth.get("letters") or ()
    return {(str((x.get("patient") or {}).get("name")), str(i.get("category"))) for x in letters for i in x.get("items") or ()}


def load_records(path: Path) -> list[Json]:
    """The lines of a letters.jsonl; BadSettings names the line that is no JSON object."""
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as err:
            raise BadSettings(f"{path} line {number} is not valid JSON: {err}.") from err
        if not isinstance(record, dict):
            raise BadSettings(f"{path} line {number} holds no JSON object.")
        records.append(record)
    return records


def condition_and_name(file: str) -> tuple[str, str]:
    """'…/scan/x.pdf' -> ('scan', 'x'); a bare 'x.pdf' is in the condition 'any'."""
    path = Path(file)
    return (path.parent.name or "any", path.stem)


def _from_manifest(manifest: Path) -> list[LetterFile]:
    with manifest.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    try:
        files = [LetterFile(row["condition"], row["name"], manifest.parent / row["file"]) for row in rows]
    except KeyError as err:
        raise BadSettings(f"{manifest} has no column {err}. It needs file, name, condition.") from err
    lost = next((file.path for file in files if not file.path.is_file()), None)
    if lost is not None:
        raise BadSettings(f"{manifest} names {lost}, which is not there. Correct the manifest or add the file.")
    return files


def _from_folders(folder: Path) -> list[LetterFile]:
    folders = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [
        LetterFile(place.name, path.stem, path)
        for place in folders or [folder]
        for path in (sorted(place.iterdir()) if place.is_dir() else [])
        if path.suffix.lower() in SUFFIXES
    ]
