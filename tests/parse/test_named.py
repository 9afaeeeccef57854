"""Who, born when, which number: pages whose offices name the patient in ways no other test has (named/*.txt).

66 pages were written before the rules that read them: letters that name the patient in their first sentence, in brackets, in a block
without labels; forms with joint, foreign, turned or missing labels; pages that name nobody (67 and 68 came later). Of the 22 marked
`held`, 55 of 91 values were read before the rules and 80 at first sight of them; 83 after mending by the others and by letters of
older sets; then they were looked at and are no longer blind. The other 44: 120 of 177 before. Each page is typed on the grid of test_papers; '-' is a value the page does not state. Belongs here: holding the
figures. Does not belong here: single rules (the neighbours).
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.parse.asks import asks_of
from pipeline.parse.letter import letter_fields
from pipeline.parse.sheet import Sheet
from tests.parse.test_papers import told, typed


def pages() -> Iterator[tuple[str, bool, dict[str, str], dict[str, str]]]:
    """Name, whether held, what must be read, what is read."""
    for file in sorted((Path(__file__).parent / "named").glob("*.txt")):
        for page in re.split(r"^===== ", file.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, rest = page.split("\n", 1)
            body, truth = rest.split("---\n")
            fields = letter_fields(Sheet(typed(body), (1,), head.split("|")[1].strip()))
            wanted = dict(line.split(": ", 1) for line in truth.strip().splitlines())
            yield head, " held:" in head, wanted, {name: told(fields[name]) for name in wanted}


@lru_cache(maxsize=1)
def tally() -> dict[bool, Counter[str]]:
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for _, held, wanted, found in pages():
        for name, value in wanted.items():
            counts[held]["all"] += 1
            counts[held]["right" if found[name] == value else "missed" if found[name] == "-" else "wrong"] += 1
    return counts


@pytest.mark.parametrize(("held", "least", "wrong"), [(False, 0.97, 0.01), (True, 0.87, 0.04)])
def test_pages_that_name_the_patient_in_their_own_way(held: bool, least: float, wrong: float) -> None:
    counts = tally()[held]
    assert counts["right"] >= least * counts["all"], counts
    assert counts["wrong"] <= wrong * counts["all"], counts


@pytest.mark.parametrize(
    ("label", "asks"),
    [
        ("Plan member and member number:", ["member name", "member id"]),
        ("That person's birth date", ["patient birth"]),
        ("Patient name, address, telephone, ID", ["patient name", "patient ", "patient id"]),
        ("Employee / Empleado", ["holder name"]),
        ("Account holder and account number", ["holder name", "holder id"]),
        ("union card no.", [" id"]),
        ("Loss date", [" injury"]),
        ("Who is this for?", ["patient name"]),
        ("Emergency contact", []),
        ("kidney patient", []),
        ("The results of the blood test", []),
    ],
)
def test_what_the_words_of_a_label_ask(label: str, asks: list[str]) -> None:
    assert [f"{a.whose} {a.what}" for a in asks_of(label)] == asks
