"""Work that follows an answer, so that whoever decides a letter does not wait for what it means to others.

Belongs here: doing it in turn, in one thread, and to the end when the desk is closed. Does not belong here: what is done.
"""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

Work = Callable[[], None]
_log = logging.getLogger(__name__)
_PATIENCE = 20.0
"""Seconds for which a desk that is closed waits for what is under way."""


class Afterwards:
    """Until `begin` and after `end` everything is done at once by whoever asks for it."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Work | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """From now on work is done in turn, beside the requests."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def do(self, work: Work) -> None:
        """Does it at once, or when its turn comes."""
        if self._thread is None:
            work()
        else:
            self._waiting.put(work)

    def end(self) -> None:
        """Waits until everything is done."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join(_PATIENCE)

    def _work(self) -> None:
        while (work := self._waiting.get()) is not None:
            try:
                work()
            except Exception as error:  # whatever failed, the next run judges what was left, and the others' turn comes
                _log.warning("Other letters of a decided letter's member were not judged again (%s); the next run does it.", type(error).__name__)
