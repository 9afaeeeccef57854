"""The command `lmn`: which words are understood, and what its exit code is.

Belongs here: the parser, and turning failures into sentences and exit codes. Does not belong here: what a command
does (commands/), which is imported only when it is called, so that help comes at once.
"""

import argparse
import datetime as dt
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import OperatorError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. 0 done, 1 a bug, 2 wrong usage or settings, 3 a program or engine is missing, 4 claim records
    unavailable, 5 claim records malformed, 6 ledger or store damaged or locked, 130 stopped at the keyboard."""
    options = parser().parse_args(argv)
    try:
        command = importlib.import_module(f"pipeline.commands.{options.command}")
        return int(command.main(options))
    except OperatorError as err:
        return _told(str(err), err.exit)
    except KeyboardInterrupt:
        return _told("Stopped. Every file is in the inbox or in the ledger; run again to go on.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as err:
        if os.environ.get("LMN_DEBUG"):
            raise
        return _told(f"A bug: {type(err).__name__} at {_place(err)}. Every file is in the inbox or in the ledger. Report this line; "
                     "LMN_DEBUG=1 shows more, which may hold words of letters.", 1)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="lmn", description="Reads Letters of Medical Necessity and queues each for a person.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = _command(commands, "run", "take in the inbox and bring every letter to a queue")
    run.add_argument("--inbox", type=Path, metavar="DIR", help="folder of received files (default HOME/inbox)")
    _claims(run)
    run.add_argument("--out", type=Path, metavar="DIR", help="where the queues are written (default HOME/out)")
    run.add_argument("--jobs", type=_jobs, metavar="N", help="worker processes (default: one per core)")
    status = _command(commands, "status", "what is in the inbox, in work, in each queue, late, unreadable")
    status.add_argument("--inbox", type=Path, metavar="DIR", help="folder of received files (default HOME/inbox)")
    status.add_argument("--json", action="store_true", help="as one JSON object")
    explain = _command(commands, "explain", "everything known of one letter")
    explain.add_argument("letter", metavar="LETTER", help="a letter id or its beginning, or the file's path in the inbox")
    explain.add_argument("--json", action="store_true", help="as one JSON object")
    _claims(_command(commands, "check", "settings, claim tables, rules, engines and ledger: sound or not"))
    _desk(_command(commands, "desk", "the examiners' web application"))
    whatif = _command(commands, "whatif", "how the letters in the store would stand under other rules or claim records; the queues stay as they are")
    whatif.add_argument("rules", nargs="?", type=Path, metavar="RULES", help="a rule table (CSV, XLSX or a folder); default: the present rules")
    _claims(whatif)
    _told_as(whatif)
    replay = _command(commands, "replay", "how the letters in the store would read with this version of the program; the queues stay as they are")
    _claims(replay)
    _told_as(replay)
    onfile = _command(commands, "onfile", "the approved letters on file: what each covers, until when, and which are due for renewal")
    onfile.add_argument("--within", type=_days, default=30, metavar="DAYS", help="due for renewal when they end within so many days (default 30)")
    onfile.add_argument("--csv", type=Path, metavar="FILE", help="write the list to a CSV")
    onfile.add_argument("--json", action="store_true", help="as one JSON object")
    _claims(onfile)
    sendback = _command(commands, "sendback", "drafts of what to ask the provider and the member for, as DOCX, PDF and text")
    sendback.add_argument("letter", metavar="LETTER", help="a letter id or its beginning, the file's path in the inbox, or the reference of an earlier request")
    sendback.add_argument("--out", dest="folder", type=Path, metavar="DIR", help="where the drafts are written (default HOME/drafts)")
    _claims(sendback)
    audit = _command(commands, "audit", "whether the audit trail is whole; with --out the trail as a file")
    audit.add_argument("--against", type=Path, metavar="FILE", help="an earlier export, or a copy of audit-heads.jsonl: shows events cut off or made anew since")
    audit.add_argument("--out", type=Path, metavar="FILE", help="where to write every event as JSON lines", default=None)
    made = _command(commands, "decisions", "what people decided, for the claims system")
    made.add_argument("--csv", action="store_true", help="as CSV instead of JSON lines")
    made.add_argument("--to-sql", metavar="URL", help="into the table lmn_decisions of this database")
    _eval(_command(commands, "eval", "accuracy against letters whose truth is known"))
    return top


def _command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, says: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=says, description=says[0].upper() + says[1:] + ".")
    command.add_argument("--home", type=Path, metavar="DIR", help="where everything is kept (default $LMN_HOME, else ./lmn-home)")
    command.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="the day that counts as today")
    return command


def _claims(command: argparse.ArgumentParser) -> None:
    command.add_argument("--claims", metavar="DIR", help="folder of the claim records, or a database URL (default HOME/claims)")


def _desk(command: argparse.ArgumentParser) -> None:
    _claims(command)
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    command.add_argument("--port", type=_port, default=8600, help="port to listen on (default 8600)")
    command.add_argument("--name", action="append", metavar="HOST", help="a name under which browsers reach it, besides the address")
    command.add_argument("--tls-cert", metavar="FILE", help="certificate; with --tls-key the desk speaks TLS itself")
    command.add_argument("--tls-key", metavar="FILE", help="the certificate's key")
    command.add_argument("--behind-proxy", metavar="ADDRESS", help="the address of the proxy that does TLS for the desk")


def _told_as(command: argparse.ArgumentParser) -> None:
    command.add_argument("--csv", type=Path, metavar="FILE", help="write every letter that differs to a CSV")
    command.add_argument("--json", action="store_true", help="as one JSON object")
    command.add_argument("--jobs", type=_jobs, metavar="N", help="worker processes (default: one per core)")


def _eval(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from-desk", action="store_true", help="instead of truth: what people at the desk confirmed and corrected")
    command.add_argument("truth_dir", type=Path, nargs="?", metavar="TRUTH_DIR", help="folders NAME/truth.json, and claims/")
    command.add_argument("letters_dir", type=Path, nargs="?", metavar="LETTERS_DIR", help="one folder per condition, or a letters.jsonl")
    command.add_argument("--json", action="store_true", help="as one JSON object")
    command.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="worker processes (default: one per core)")
    command.add_argument("--keep", type=Path, metavar="DIR", help="keep each condition's home there; with --from-desk the labels and their crops")
    command.add_argument("--conditions", nargs="+", metavar="NAME", help="only these conditions")
    command.add_argument("--only", nargs="+", metavar="PATTERN", help="only letters whose name fits")
    command.add_argument("--against", type=Path, metavar="FILE", help="an earlier --json report; shows what moved")
    command.add_argument("--errors", type=Path, metavar="FILE", help="a CSV to list every fault in")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-06-30") from None


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of processes; give 1 or more")
    return int(text)


def _days(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is no number of days; give 0 or more")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; give 1 to 65535")
    return int(text)


def _told(sentence: str, code: int) -> int:
    print(f"lmn: {sentence}", file=sys.stderr)
    return code


def _place(err: BaseException) -> str:
    steps = traceback.extract_tb(err.__traceback__)
    own = [step for step in steps if f"{os.sep}pipeline{os.sep}" in step.filename] or steps
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}"


if __name__ == "__main__":
    sys.exit(main())
