"""Work that follows an answer: in turn, to the end, and whatever one piece of it does."""

import threading

import pytest

from pipeline.desk.afterwards import Afterwards


def test_without_a_beginning_work_is_done_at_once() -> None:
    done: list[int] = []
    Afterwards().do(lambda: done.append(1))
    assert done == [1]


def test_work_is_done_in_turn_beside_the_one_who_asks_and_to_the_end() -> None:
    afterwards, done, gate = Afterwards(), list[int](), threading.Event()
    afterwards.begin()
    afterwards.do(lambda: (gate.wait(5), done.append(0))[1])
    for n in range(1, 20):
        afterwards.do(lambda n=n: done.append(n))  # type: ignore[misc]
    assert done == []
    gate.set()
    afterwards.end()
    assert done == list(range(20))
    afterwards.do(lambda: done.append(99))
    assert done[-1] == 99


def test_what_fails_is_told_without_its_words_and_stops_nothing_after_it(caplog: pytest.LogCaptureFixture) -> None:
    afterwards, done = Afterwards(), list[int]()

    def fails() -> None:
        raise ValueError("Ida Moreau, born 1962-02-26")

    afterwards.begin()
    afterwards.do(fails)
    afterwards.do(lambda: done.append(1))
    afterwards.end()
    assert done == [1]
    assert "ValueError" in caplog.text and "Moreau" not in caplog.text
