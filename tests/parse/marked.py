"""The marked sentences of tests/parse/sentences: reading the tables, and a document around one passage.

`part` tells how a row was used: dev (rules were written against it), blind (kept aside while they were), late and last
(written after, measured once, then kept as tests), plain and terse (writers of few words; rules and model saw them).
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from pipeline.model import DocumentText
from pipeline.parse.lines import Sentence, blocks_of, lines_of, sentences_of
from tests.parse.paper import paper

SENTENCES = Path(__file__).parent / "sentences"
LETTERS = {"M": "medical_value", "A": "alternatives_inadequate", "E": "expected_benefit", "Q": "measurable_benefit"}


def rows(name: str, *parts: str) -> list[dict[str, str]]:
    """The rows of one table, of the given parts or of all."""
    with (SENTENCES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if not parts or row["part"] in parts]


def passage(text: str) -> tuple[DocumentText, Sequence[Sentence]]:
    """A document of one line of text and its sentences."""
    document = paper((72, 72, text))
    return document, sentences_of(document, blocks_of(lines_of(document)))
