"""`lmn run`: the inbox to the queues, as one Dagster job.

Belongs here: the order of the steps and the summary. Does not belong here: the steps. File names are shown on a
terminal only: what is redirected ends up in logs, and a file's name may be a patient's.
"""

import argparse
import shutil
import sys
from typing import TYPE_CHECKING

from pipeline.commands.progress import shown
from pipeline.commands.start import day_of, receipt_time, settings_of
from pipeline.errors import MissingEngine
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.process import Summary
    from pipeline.site import Site


def main(options: argparse.Namespace) -> int:
    """Exit code 0 when every file was accounted for, whatever it holds."""
    settings, day = settings_of(options), day_of(options)
    engine_is_there(settings)
    from pipeline import process
    from pipeline.arrival import take_in_inbox
    from pipeline.site import opened

    with shown() as progress, opened(settings, day, receipt_time(day), progress) as site, site.hold():
        process.ready(site)
        before = site.ledger.accounts().received
        intake = take_in_inbox(site)
        worked = process.batches_in_work(site) or process.is_stale(site)
        if worked:
            from assets.launch import launch

            launch(site)
        summary = process.summary(site, intake, bool(worked))
        problems = _unreadable(site)
    _print(summary, problems, settings, before)
    return 0


def engine_is_there(settings: Settings) -> None:
    """MissingEngine when no OCR engine can work, with what to install."""
    if settings.engine == "tesseract" and shutil.which("tesseract") is None:
        raise MissingEngine("The program tesseract is not installed. Install it: sudo apt-get install tesseract-ocr tesseract-ocr-eng")
    if settings.engine != "tesseract":
        from pipeline.read import engine_named

        engine_named(settings.engine)


def _unreadable(site: "Site") -> list[tuple[str, str, str]]:
    """(letter id, file, sentence) of every file that could not be used as it is."""
    rows = [row.item for row in site.ledger.cases() if row.quarantined]
    return [(item.letter_id, item.file, item.problems[0].says if item.problems else item.why) for item in rows]


def _print(summary: "Summary", problems: list[tuple[str, str, str]], settings: Settings, before: int) -> None:
    from pipeline.review.queues import LADDER

    intake, named = summary.intake, sys.stdout.isatty()
    print(_headline(summary, before))
    for queue in LADDER:
        print(f"  {queue.name:<13}{summary.queues.get(queue.name, 0):>5}   {queue.meaning}")
    if problems:
        print(f"{len(problems)} could not be used as they are; each lies in a queue with the reason:")
        for letter_id, file, says in problems[:20]:
            print(f"  {file if named else letter_id}: {says}")
    for told, files in (("still being written; they wait for the next run", intake.waiting),
                        ("taken in, but the inbox does not let them go (is it read-only?); they are not taken in twice", intake.left)):  # fmt: skip
        if files:
            print(f"{len(files)} in the inbox: {told}." + (f" {', '.join(files[:5])}" if named else ""))
    for file, why in intake.refused:
        print(f"Not taken in{f': {file}' if named else ''}: {why}. Put the file itself into the inbox, under a plain name.")
    if summary.failed:
        print(f"{summary.failed} letters met a fault of this program; they lie in 'transcribe'. 'lmn explain LETTER' tells which fault; report it.")
    print(f"Open {settings.out / 'index.html'}")


def _headline(summary: "Summary", before: int) -> str:
    intake, queued = summary.intake, f"In the queues: {_some(summary.accounts.letters, 'letter or paper', 'letters and papers')}."
    if intake.new:
        doubles = f", {len(intake.again)} were here already" if intake.again else ""
        return f"{_some(len(intake.new), 'file')} taken in{doubles}. {queued}"
    if before or intake.again or intake.left:
        known = _some(len(intake.again) + len(intake.left) or before, "file was", "files were")
        again = " The queues were brought up to date." if summary.published else ""
        return f"Nothing new: {known} here already.{again} {queued}"
    return "Nothing new: the inbox is empty."


def _some(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
