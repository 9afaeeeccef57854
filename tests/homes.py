"""Homes to run in: samples copied into an inbox, the `lmn` command called as people call it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.settings import Settings, load

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_docs"
CLAIMS = SAMPLES / "claims"
TODAY = "2026-06-30"
LETTER = SAMPLES / "inbox" / "attachment.pdf"
"""A born-digital letter: quick to read."""


def fill(home: Path, *names: str) -> Path:
    """Copies samples (paths below sample_docs/inbox) into the home's inbox, all of them by default."""
    inbox = home / "inbox"
    if not names:
        shutil.copytree(SAMPLES / "inbox", inbox, dirs_exist_ok=True)
    for name in names:
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / "inbox" / name, inbox / name)
    return inbox


def settings_at(home: Path, **options: object) -> Settings:
    """Settings of a home that judges by the sample records and waits for no file."""
    return load(home, **{"claims": str(CLAIMS), "settle_seconds": 0.0, "jobs": 2, **options})


def environment(**more: str) -> dict[str, str]:
    """This process's environment without LMN_* variables, and no waiting for files to settle."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LMN_", "DAGSTER"))}
    return {**kept, "LMN_SETTLE_SECONDS": "0", "OMP_THREAD_LIMIT": "1", **more}


def command(*words: str | Path) -> list[str]:
    """The command line of `lmn` in this interpreter."""
    return [sys.executable, "-m", "pipeline", *map(str, words)]


def lmn(*words: str | Path, timeout: float = 600, **more: str) -> "subprocess.CompletedProcess[str]":
    """Runs `lmn` to its end."""
    return subprocess.run(command(*words), cwd=ROOT, env=environment(**more), capture_output=True, text=True, timeout=timeout, check=False)


def run(home: Path, *words: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """`lmn run` in a home by the sample records, as of the samples' day."""
    return lmn("run", "--home", home, "--claims", CLAIMS, "--as-of", TODAY, *words, **more)
