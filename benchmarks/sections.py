"""docs/benchmarks.md, section by section: each benchmark replaces its own and leaves the others."""

import re
from pathlib import Path


def put(path: Path, title: str, text: str) -> None:
    """Puts `text` under the heading `## title`, in place of what stood there; a new section goes to the end."""
    old = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    section = f"## {title}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.M | re.S)
    new = pattern.sub(lambda _: section + "\n", old) if pattern.search(old) else f"{old.rstrip()}\n\n{section}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(new.rstrip() + "\n", encoding="utf-8")
