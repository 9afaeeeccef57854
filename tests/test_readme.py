"""The README's commands exist and run; what its tables name is there."""

import re
import shlex
import subprocess

import pytest

from pipeline.__main__ import parser
from tests.conftest import SampleRun
from tests.homes import ROOT, lmn

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [re.split(r"\s{3,}", line.strip())[0] for line in README.splitlines() if re.match(r" {4}(make|\.venv/bin/lmn) ", line)]


def test_it_fits_a_screen() -> None:
    assert len(README.splitlines()) <= 60
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("line", [c for c in COMMANDS if c.startswith("make")])
def test_its_make_targets_are_there(line: str) -> None:
    done = subprocess.run([*shlex.split(line), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", [c for c in COMMANDS if "lmn" in c.split()[0]])
def test_its_lmn_commands_are_understood(line: str) -> None:
    assert parser().parse_args(shlex.split(line)[1:]).command


@pytest.mark.parametrize("line", [c for c in COMMANDS if "demo-home" in c])
def test_its_commands_on_the_demo_run(line: str, sample_run: SampleRun) -> None:
    words = [str(sample_run.home) if word == "demo-home" else word for word in shlex.split(line)[1:]]
    done = lmn(*words)
    assert (done.returncode, done.stdout != "") == (0, True), done.stderr


def test_the_folders_it_names_are_there() -> None:
    for name in re.findall(r"^\| `(\w+)/`", README, flags=re.MULTILINE):
        assert (ROOT / name).is_dir(), name
