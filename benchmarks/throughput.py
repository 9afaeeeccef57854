"""How fast, how big: letters a second, CPU seconds a page, peak memory, and one letter from drop to queue.

Usage: python benchmarks/throughput.py [--letters FOLDER] [--claims FOLDER]
Runs `lmn run` as a whole process on the samples, once on born-digital files and once on scanned ones, then drops one
born-digital file. CPU is user + system of the command and its workers; on a shared machine compare ratios only.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=Path, default=ROOT / "sample_docs" / "inbox")
    parser.add_argument("--claims", type=Path, default=ROOT / "sample_docs" / "claims")
    args = parser.parse_args()
    files = sorted(p for p in args.letters.rglob("*") if p.is_file() and p.stat().st_size)
    born = [p for p in files if _origin(p) == "born"]
    scanned = [p for p in files if _origin(p) == "scanned"]
    print(f"{'what':<22}{'files':>6}{'pages':>7}{'wall s':>9}{'files/s':>9}{'CPU s/page':>12}{'peak MB':>9}")
    for name, group in (("born-digital", born), ("scanned", scanned), ("one letter, dropped", born[:1])):
        _measure(name, group, args.claims)


def _origin(path: Path) -> str:
    """born: a PDF with a visible text layer on its first page; scanned: any other readable picture or PDF."""
    if path.suffix.lower() != ".pdf":
        return "scanned"
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        images = sum(1 for o in document[0].get_objects() if o.type == 3)
        text = document[0].get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError:
        return "broken"
    return "born" if len(text) > 200 and not images else "scanned"


def _pages(path: Path) -> int:
    if path.suffix.lower() == ".pdf":
        import pypdfium2

        return len(pypdfium2.PdfDocument(path))
    from PIL import Image

    with Image.open(path) as image:
        return getattr(image, "n_frames", 1)


def _measure(name: str, group: list[Path], claims: Path) -> None:
    if not group:
        return
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        inbox.mkdir(parents=True)
        for n, path in enumerate(group):
            shutil.copyfile(path, inbox / f"{n:04d}{path.suffix}")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        command = [sys.executable, "-m", "pipeline", "run", "--home", folder, "--claims", str(claims), "--as-of", "2026-06-30"]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "LMN_SETTLE_SECONDS": "0"})
        wall = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        pages = sum(_pages(p) for p in group)
        print(f"{name:<22}{len(group):>6}{pages:>7}{wall:>9.1f}{len(group) / wall:>9.2f}{cpu / pages:>12.2f}{after.ru_maxrss / 1024:>9.0f}")


if __name__ == "__main__":
    main()
