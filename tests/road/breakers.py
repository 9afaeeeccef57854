"""Work that goes wrong in a worker, for the pool's tests; workers import it by name."""

import os
import time


def work(kind: str) -> str:
    """Returns its argument, or hangs, dies or raises as it says."""
    if kind == "hang":
        time.sleep(600)
    if kind == "die":
        os._exit(7)
    if kind == "segfault":
        os.kill(os.getpid(), 11)
    if kind == "killed":
        os.kill(os.getpid(), 9)
    if kind == "eat":
        return str(len(bytearray(2_000_000_000)))
    if kind == "raise":
        raise KeyError(kind)
    return kind
