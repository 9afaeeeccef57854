"""A PostgreSQL server of one's own: made in a folder, reached by a socket there, gone in the end.

Belongs here: starting and stopping. Does not belong here: what is asked of it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoServerError(Exception):
    """PostgreSQL is not installed or could not be started here."""


def programs() -> Path:
    """The folder of initdb and pg_ctl."""
    found = shutil.which("pg_ctl")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists():
            return place
    raise NoServerError("PostgreSQL is not installed (apt-get install postgresql).")


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of an empty database; the server keeps its safety (fsync) as in use. It never runs as root."""
    place = programs()
    folder = Path(tempfile.mkdtemp(prefix="lmn-pg-", dir="/tmp"))
    folder.chmod(0o777)
    who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    data = folder / "data"
    try:
        _run([*who, str(place / "initdb"), "-D", str(data), "-U", "lmn", "-A", "trust"])
        _run([*who, str(place / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses= ", "start"])
    except (subprocess.SubprocessError, FileNotFoundError) as err:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoServerError(f"PostgreSQL could not be started here ({type(err).__name__}).") from None
    try:
        yield f"postgresql+psycopg://lmn@/postgres?host={folder}"
    finally:
        _run([*who, str(place / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _run(words: list[str]) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, cwd="/")
