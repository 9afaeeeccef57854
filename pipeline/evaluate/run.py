"""Sends letters down the whole road, each condition in a home of its own, and hands back the published records.

Belongs here: fresh homes and their inboxes. Does not belong here: what happens on the road (process.py), judging.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.errors import BadSettings
from pipeline.evaluate.corpus import Json, LetterFile, load_records
from pipeline.settings import Settings, load

Road = Callable[[Settings, dt.date], object]
"""Takes in what lies in the settings' inbox and publishes it into the settings' `out`, as of a day."""


def records_of(
    files: Sequence[LetterFile],
    claims: Path,
    *,
    as_of: dt.date,
    jobs: int,
    keep: Path | None,
    road: Road,
    tell: Callable[[str], object] = lambda says: None,
) -> list[Json]:
    """The records of every file, `file` being condition/name.ext. A condition is one home, because a letter that was
    met twice would be a duplicate. With `keep` the homes stay there, one folder per condition. `tell` hears of each
    condition as it begins."""
    records: list[Json] = []
    for condition, group in groupby(sorted(files), key=lambda file: file.condition):
        own = list(group)
        tell(f"{condition}: {len(own)} files")
        with _home(keep, condition) as home:
            settings = load(home, claims=str(claims.resolve()), jobs=jobs, settle_seconds=0.0)
            _fill(settings.inbox, own, as_of)
            road(settings, as_of)
            found = load_records(settings.out / "letters.jsonl")
            records.extend({**record, "file": f"{condition}/{record['file']}"} for record in found)
    return records


@contextmanager
def _home(keep: Path | None, condition: str) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory(prefix="lmn-eval-") as folder:
            yield Path(folder)
        return
    home = keep / condition
    if home.exists() and any(home.iterdir()):
        raise BadSettings(f"{home} is not empty, and letters met before would count as duplicates. Name a new folder.")
    home.mkdir(parents=True, exist_ok=True)
    yield home


def _fill(inbox: Path, files: Sequence[LetterFile], as_of: dt.date) -> None:
    """Copies the files in; each is a second younger than the one before, so that the order of receipt is theirs."""
    inbox.mkdir(parents=True, exist_ok=True)
    morning = dt.datetime.combine(as_of, dt.time(8), dt.UTC).timestamp()
    for place, file in enumerate(files):
        target = inbox / file.path.name
        shutil.copyfile(file.path, target)
        os.utime(target, (morning + place, morning + place))
