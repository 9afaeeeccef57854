"""What is asserted with and without a code, what is denied, which is primary."""

from collections.abc import Iterator

import pytest

from pipeline.parse import dxplaces
from pipeline.parse.diagnoses import read_diagnoses
from pipeline.parse.sheet import Sheet
from tests.parse.paper import column

HEAD = ("Dear Reviewer:", "")
ASSERTED = [
    ("He is treated for obstructive sleep apnea (G47.33).", [("obstructive sleep apnea", "G47.33")]),
    ("Diagnosis: plantar fasciitis, M722", [("plantar fasciitis", "M72.2")]),
    ("Dx: E11.42 - Type 2 diabetes with polyneuropathy", [("Type 2 diabetes with polyneuropathy", "E11.42")]),
    ("She has been diagnosed with rheumatoid arthritis.", [("rheumatoid arthritis", None)]),
    ("Diagnosis: lymphedema of both legs", [("lymphedema of both legs", None)]),
    ("She takes part in the E0601 program for K0005 chairs.", []),
    ("Her sister has lupus (M32.9) but she does not.", []),
    ("OR license ALS-PT-22104, MD license TBI-30718", []),
    ("He has ALS-related weakness.", [("ALS", None)]),
    ("No fracture on the films we took.", []),
    ("Colles fracture of the left wrist was set in our office.", [("Colles fracture of the left wrist", None)]),
    ("Diagnosis: not present: gout, lupus", []),
]


@pytest.mark.parametrize(("line", "expected"), ASSERTED)
def test_asserted(line: str, expected: list[tuple[str, str | None]]) -> None:
    sheet = Sheet(column(*HEAD, line, "", "Sincerely,", "", "Ada Moss, MD"), (1,), "letter")
    diagnoses, _ = read_diagnoses(sheet)
    assert [(d.text, d.icd10) for d in diagnoses] == expected
    for d in diagnoses:
        assert d.evidence.holds_in(sheet.document)


def test_denied_keep_their_reason_and_primary_is_the_one_named() -> None:
    text = "He has hypertension (I10) and obesity (E66.9); his primary diagnosis is knee osteoarthritis (M17.11)."
    sheet = Sheet(column(*HEAD, text, "He denies depression. Gout was ruled out."), (1,), "letter")
    diagnoses, denied = read_diagnoses(sheet)
    assert [(d.icd10, d.primary) for d in diagnoses] == [("I10", False), ("E66.9", False), ("M17.11", True)]
    assert [(d.text, d.because) for d in denied] == [("depression", "negated"), ("Gout", "ruled_out")]


def test_the_letter_is_gone_through_once_however_many_codes_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    kept = dxplaces.prose_in

    def counted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        looked.append(start)
        return kept(text, start, end)

    monkeypatch.setattr(dxplaces, "prose_in", counted)
    rows = [" ".join(f"M{10 * n + i}.9" for i in range(9)) for n in range(1, 9)]
    sheet = Sheet(column(*HEAD, *rows, "", "Sincerely,", "", "Ada Moss, MD"), (1,), "letter")
    dxplaces.mentions_of(sheet)
    assert len(looked) < 100


NAMED = [
    ("Pt has HTN and hyperlipidemia. Gym membership recommended.", ["HTN", "hyperlipidemia"]),
    ("Mrs. Teague's ankylosing spondylitis makes flat sleeping impossible.", ["ankylosing spondylitis"]),
    ("A brace for tennis elbow on the right side is advised.", ["tennis elbow on the right side"]),
    ("Pregabalin made her drowsy and alendronate caused esophagitis; she has osteoporosis.", ["osteoporosis"]),
    ("Carbamazepine (stopped, hyponatremia) did not control her trigeminal neuralgia.", ["trigeminal neuralgia"]),
    ("I suspect Dravet syndrome. A meniscus tear is suspected.", []),
    ("Autism was considered and ruled out. Her brother has epilepsy.", []),
    ("I follow a 6-year-old with Down syndrome. Her husband's herniated disc is treated elsewhere.", ["Down syndrome"]),
    ("A seizure alert dog came to the school. OSHA rules apply.", []),
]


@pytest.mark.parametrize(("line", "expected"), NAMED)
def test_named_in_plain_words(line: str, expected: list[str]) -> None:
    sheet = Sheet(column(*HEAD, line, "", "Sincerely,", "", "Ada Moss, MD"), (1,), "letter")
    assert [d.text for d in read_diagnoses(sheet)[0]] == expected


def test_a_code_far_from_its_name_finds_it() -> None:
    text = "He was admitted with heart failure in January. Rehabilitation is ordered. Diagnosis code I50.22."
    sheet = Sheet(column(*HEAD, text), (1,), "letter")
    assert [(d.text, d.icd10) for d in read_diagnoses(sheet)[0]] == [("heart failure", "I50.22")]
