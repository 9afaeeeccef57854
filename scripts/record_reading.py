"""Records what reading made of letters, so that everything after it can be measured without reading them again.

    lmn eval TRUTH LETTERS --keep DIR
    python scripts/record_reading.py DIR tests/recorded/NAME

Writes one CONDITION.jsonl.xz per condition: a line per file with its document's name and its DocumentText.
"""

import json
import lzma
import sys
from pathlib import Path
from typing import Any

from pipeline.evaluate.corpus import condition_and_name, load_records


def main(kept: Path, target: Path) -> None:
    """Records every condition of a kept evaluation."""
    names: dict[str, dict[str, str]] = {}
    for record in load_records(kept / "letters.jsonl"):
        condition, name = condition_and_name(record["file"])
        names.setdefault(condition, {})[name] = record["sha256"]
    target.mkdir(parents=True, exist_ok=True)
    for condition, files in sorted(names.items()):
        lines = [json.dumps({"name": name, "document": _document(kept / condition, sha256)}, ensure_ascii=False) for name, sha256 in sorted(files.items())]
        (target / f"{condition}.jsonl.xz").write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))
        print(f"{condition}: {len(lines)} files")


def _document(home: Path, sha256: str) -> Any:
    """The words as they were read; places to a hundredth of a point, confidences to a thousandth."""
    (path,) = (home / "store" / "results" / "read" / sha256[:2]).glob(f"{sha256}-*.json")
    return _rounded(json.loads(path.read_text(encoding="utf-8")))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3 if value <= 1 else 2)
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return {name: _rounded(one) for name, one in value.items()} if isinstance(value, dict) else value


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
