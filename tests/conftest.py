"""What several rooms' tests share: one run over all samples, made once and only looked at."""

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.homes import fill, run


class SampleRun(NamedTuple):
    """The home after `lmn run` over sample_docs, and what the command said."""

    home: Path
    told: "subprocess.CompletedProcess[str]"


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    home = tmp_path_factory.mktemp("samples")
    fill(home)
    return SampleRun(home, run(home))
