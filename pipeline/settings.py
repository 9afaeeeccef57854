"""What an operator may turn, each with a default that works.

Belongs here: paths, limits, engine choice. Does not belong here: thresholds of rules and matching, which lie beside
what they bound. Settings come from `HOME/lmn.toml`, then `LMN_*` variables, then command-line options.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from pipeline.errors import BadSettings
from pipeline.model.base import Model


class Settings(Model):
    """Paths are absolute after `load`. `jobs` 0 means one per core; seconds, megapixels and pages bound one
    file, `max_memory_mb` what a worker may hold for it (0 for no bound).
    `second_share` (0..1) of the decided letters is read again by another person, chosen by hash with `second_seed`."""

    home: Path
    inbox: Path
    claims: str
    out: Path
    ledger_url: str
    rules: Path | None = None
    engine: str = "auto"
    jobs: int = 0
    settle_seconds: float = 2.0
    max_pages: int = 300
    max_megapixels: float = 120.0
    max_file_mb: float = 200.0
    seconds_per_page: float = 60.0
    seconds_per_file: float = 1800.0
    max_memory_mb: int = 4000
    second_share: float = Field(0.03, ge=0, le=1)
    second_seed: str = ""

    @property
    def store(self) -> Path:
        return self.home / "store"

    @property
    def workers(self) -> int:
        return self.jobs or len(os.sched_getaffinity(0))


_PLAIN = ("rules", "engine", "jobs", "settle_seconds", "max_pages", "max_megapixels", "max_file_mb", "seconds_per_page", "seconds_per_file", "max_memory_mb", "second_share", "second_seed")
_PATHS = ("inbox", "claims", "out", "rules")
_NAMES = ("inbox", "claims", "out", "ledger_url", *_PLAIN)


def load(home: Path | None = None, **options: Any) -> Settings:
    """Settings for a home folder; options that are None count as not given. BadSettings names the wrong one."""
    base = (home or Path(os.environ.get("LMN_HOME", "lmn-home"))).expanduser().resolve()
    given = {**_from_file(base), **_from_environment()}
    given.update({k: v for k, v in options.items() if v is not None})
    for name in ("inbox", "out", "rules"):
        if given.get(name):
            given[name] = Path(given[name]).expanduser().resolve()
    given.setdefault("inbox", base / "inbox")
    given.setdefault("out", base / "out")
    given.setdefault("claims", str(base / "claims"))
    given.setdefault("ledger_url", f"sqlite:///{base / 'ledger.sqlite'}")
    try:
        return Settings(home=base, **given)
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "settings"
        if first["type"] == "extra_forbidden":
            raise BadSettings(f"There is no setting '{where}'. Known are {', '.join(_NAMES)}. Correct lmn.toml.") from err
        raise BadSettings(f"Setting '{where}' is wrong: {first['msg']}. Correct it in lmn.toml or LMN_*.") from err


def _from_file(home: Path) -> dict[str, Any]:
    """What lmn.toml says; a relative path in it begins at the home, wherever the command is called."""
    path = home / "lmn.toml"
    if home.exists() and not home.is_dir():
        raise BadSettings(f"The home {home} is no folder. Name another with --home DIR or LMN_HOME.")
    if not path.is_file():
        return {}
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise BadSettings(f"{path} is not valid TOML: {err}. Correct that line.") from err
    except OSError as err:
        raise BadSettings(f"{path} cannot be read ({err.strerror or type(err).__name__}). Correct its rights.") from err
    for name in _PATHS:
        if isinstance(given.get(name), str) and "://" not in given[name]:
            given[name] = str(home / Path(given[name]).expanduser())
    return given


def _from_environment() -> dict[str, Any]:
    return {n: os.environ[f"LMN_{n.upper()}"] for n in _NAMES if f"LMN_{n.upper()}" in os.environ}
