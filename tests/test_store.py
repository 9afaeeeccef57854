"""The store when several write at once."""

import threading
from pathlib import Path

import pytest

from pipeline import store as stores
from pipeline.store import Store


def test_two_who_keep_the_same_result_at_once_both_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people's corrections make the same judgement of one file; each writes it under a name of its own first."""
    store, both, write, failures = Store(tmp_path), threading.Barrier(2), stores._write, list[Exception]()

    def together(path: str, content: bytes) -> None:
        write(path, content)
        both.wait(20)

    def keep() -> None:
        try:
            store.put_text("case", "abc-1", "{}")
        except OSError as err:
            failures.append(err)

    store.put_text("case", "abc-0", "{}")
    monkeypatch.setattr(stores, "_write", together)
    threads = [threading.Thread(target=keep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == [] and [p.name for p in (tmp_path / "results" / "case" / "ab").iterdir() if "abc-1" in p.name] == ["abc-1.json"]
