"""Processes beside the desk that judge letters again, so that whoever waits for a page waits for no judgement too.

Belongs here: starting them, handing them files, ending them. Does not belong here: judging (office.py). Python lets one
thread of a process run at a time; a clerk judges on a core of its own. They are forked with the records in memory, which
costs next to nothing; one that is lost is missed by nobody: the desk judges itself then.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue

from pipeline.errors import OperatorError

_LOOK_SECONDS = 2.0
"""How often a clerk who has nothing to do looks whether the desk is still there."""


class ClerkError(RuntimeError):
    """A clerk failed on a file; the message is the name of the failure, since its own may hold words of a letter."""


class _Clerk:
    """One process. It answers each file with None or with what went wrong."""

    def __init__(self, work: Callable[[str], None], begin: Callable[[], None]) -> None:
        context = multiprocessing.get_context("fork")
        self._line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, self._line, work, begin, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, receipt: str) -> object:
        """EOFError or OSError when the process is gone."""
        self._line.send(receipt)
        return self._line.recv()

    def close(self) -> None:
        self._line.close()
        self.process.join(_LOOK_SECONDS)


class Clerks:
    """So many processes; to be made before the desk has threads and while it has no connection to the database open.
    `work` judges the file of a receipt id; `begin` is called once in each process."""

    def __init__(self, number: int, work: Callable[[str], None], begin: Callable[[], None]) -> None:
        self._all = [_Clerk(work, begin) for _ in range(number)]
        self._left = number
        self._free: SimpleQueue[_Clerk | None] = SimpleQueue()
        for clerk in self._all:
            self._free.put(clerk)

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        return [clerk.process.pid or 0 for clerk in self._all]

    def judge(self, receipt: str) -> bool:
        """Has a file's letters judged again, and waits for it; False when no clerk is left. OperatorError as the work
        raises it, ClerkError for any other failure."""
        while self._left:
            clerk = self._free.get()
            if clerk is None:
                break
            try:
                told = clerk.ask(receipt)
            except (EOFError, OSError):
                self._left -= 1
                continue
            self._free.put(clerk)
            if isinstance(told, OperatorError):
                raise told
            if told is not None:
                raise ClerkError(str(told))
            return True
        self._free.put(None)  # whoever still waits for one is told too
        return False

    def close(self) -> None:
        """Ends them; what they have in hand they finish. The last first: each holds the lines of those made before it."""
        for clerk in reversed(self._all):
            clerk.close()


def _serve(line: Connection, other: Connection, work: Callable[[str], None], begin: Callable[[], None], desk: int) -> None:
    """What a clerk does until the desk is gone."""
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin()
    try:
        while os.getppid() == desk:
            if line.poll(_LOOK_SECONDS):
                line.send(_tried(work, line.recv()))
    except (EOFError, OSError):
        return


def _tried(work: Callable[[str], None], receipt: str) -> OperatorError | str | None:
    try:
        work(receipt)
    except OperatorError as err:
        return err
    except Exception as err:
        return type(err).__name__
    return None
