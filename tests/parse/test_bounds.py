"""Pages that no printer makes: lines of thousands of characters, a word without end, thousands of full stops."""

import time

import pytest

from pipeline.parse import parse
from pipeline.parse.lines import blocks_of, lines_of, sentences_of
from tests.parse.paper import column

_LETTER = ("Oak Clinic", "12 Elm St, Dayton, OH 45402", "March 3, 2026", "", "To whom it may concern:", "", "{}", "", "Sincerely,", "Jo Hale, MD")
_PROSE = "the patient needs physical therapy for low back pain twice a week and I order a brace (L0650) after 12 weeks of naproxen "
ODD = {"prose": _PROSE * 170, "commas": "brace, pain, 12 weeks, L0650, naproxen, " * 500, "one word": "a" * 20_000, "ruled": "_ " * 10_000, "stops": "No. 5 Dr. A. B. " * 1250, "figures": "03/04/2026 97110 $45.00 " * 830}


def letter(body: str) -> tuple[str, ...]:
    return tuple(text.format(body) for text in _LETTER)


@pytest.mark.parametrize("body", [ODD["prose"][:10_000], ODD["one word"], ODD["stops"][:6_000]], ids=["prose", "one word", "stops"])
def test_a_page_whose_text_is_one_line_takes_seconds(body: str) -> None:
    begin = time.process_time()
    parsed = parse(column(*letter(body)))
    assert time.process_time() - begin < 15
    assert [segment.page_class for segment in parsed.segments] != []


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_no_line_and_no_sentence_is_longer_than_print(body: str) -> None:
    document = column(*letter(body))
    lines = lines_of(document)
    assert max(len(line.text) for line in lines) <= 320
    assert all(document.text[line.start : line.end] == line.text for line in lines)
    sentences = sentences_of(document, blocks_of(lines))
    assert max(len(s.text) for s in sentences) <= 1600
    assert all(s.text.split() == document.text[s.start : s.end].split() for s in sentences)


@pytest.mark.parametrize("filler", [", ", "/ ", "and ", "the ", "(a) "])
def test_a_row_of_empty_cells_before_a_name_takes_no_time(filler: str) -> None:
    begin = time.process_time()
    parse(column(*letter(filler * 26 + "x naproxen (2019).")))
    assert time.process_time() - begin < 5


def test_a_long_line_loses_no_word() -> None:
    document = column("Dear Sir,", _PROSE * 20)
    assert sum(len(line.words) for line in lines_of(document)) == len(document.page(1).words)


def test_a_line_as_print_has_them_stays_one() -> None:
    document = column("Dear Sir,", "word " * 60)
    assert len(lines_of(document)) == 2
