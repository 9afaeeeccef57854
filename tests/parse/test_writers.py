"""How twenty more doctors write (sentences/writers_*.csv): treatments tried, conditions had and not had, elements stated.

Written before the code's failures were looked at. At first sight (64 + 36 + 26 rows): treatments .55 found, .90 right; 16 of 43
conditions that the patient does not have were asserted; elements .79 found, .96 right. `part` open: mended against; held: not
looked at until the open rows were mended (then .63 found; 1 of 20 asserted; elements .69 found), afterwards as well.
"""

import pytest

from pipeline.evaluate.compare import alike, pair
from pipeline.parse.treatments import prior_treatments
from tests.parse.marked import passage, rows
from tests.parse.test_offices import asserted, claimed, parts, tried


@pytest.mark.parametrize(("part", "recall", "precision"), [("open", 0.97, 0.97), ("held", 0.78, 0.97)])
def test_what_was_tried_is_found(part: str, recall: float, precision: float) -> None:
    right = named = wanted = 0
    for row in rows("writers_tried", part):
        found, want = tried(row), parts(row["tried"])
        right, named, wanted = right + len(pair(want, found, alike)), named + len(found), wanted + len(want)
    assert right / wanted >= recall, f"recall {right}/{wanted}"
    assert right / named >= precision, f"precision {right}/{named}"


def test_conditions_that_the_patient_does_not_have_are_not_asserted() -> None:
    wrong = [(row["text"], name) for row in rows("writers_stances") for name in asserted(row) if any(alike(d, name) for d in parts(row["denied"]))]
    assert wrong == []


def test_conditions_that_the_patient_has_are_found() -> None:
    missed = [(row["text"], name) for row in rows("writers_stances") for name in parts(row["asserted"]) if not any(alike(name, a) for a in asserted(row))]
    assert len(missed) <= 2, missed


def test_elements_are_stated() -> None:
    missed = invented = 0
    for row in rows("writers_claims"):
        found, labels = claimed(row), row["labels"]
        free = ("E" if "Q" in labels else "") + ("M" if {"E", "Q"} & set(labels) else "")
        missed += sum(c not in found for c in labels)
        invented += sum(c not in labels and c not in free for c in found)
    assert missed <= 2
    assert invented == 0


@pytest.mark.parametrize(("text", "names"), [
    ("He still swallows rizatriptan and it buys him an hour.", ["rizatriptan"]),
    ("We moved her to an amino-acid formula in May and she bled on it.", ["amino-acid formula"]),
    ("Exercises from a library book changed nothing.", ["Exercises from a library book"]),
    ("Exercises for six weeks changed nothing.", ["Exercises"]),
    ("Two pillows and a wedge slid apart nightly.", ["Two pillows", "wedge"]),
    ("Cutting glipizide by half did not stop the lows.", ["glipizide"]),
    ("Amoxicillin-clavulanate cleared nothing.", ["Amoxicillin-clavulanate"]),
    ("Varenicline (2021) gave her nightmares.", ["Varenicline"]),
    ("Etanercept from 2019 to 2022, then a rash.", ["Etanercept"]),
    ("Aquatic exercise she has kept up, with the same pain.", ["Aquatic exercise"]),
    ("On carbamazepine he fell asleep at the wheel.", ["carbamazepine"]),
    ("On carbamazepine he improved.", []),
    ("Methotrexate was not given because of his liver.", []),
    ("Biologics have no place here and were not used.", []),
    ("Phentermine is unsuitable for her.", []),
    ("Mometasone keeps her comfortable and no change is planned.", []),
    ("Mometasone keeps her comfortable by day but wears off before midnight.", ["Mometasone"]),
    ("I am prescribing a paraffin bath, to be used nightly, and hand therapy once a week.", []),
    ("Weight loss alone will not be enough.", []),
    ("She was admitted to our inpatient rehabilitation unit in March.", []),
    ("His parents have had genetic counseling.", []),
    ("The plan asks for documentation of a lifestyle program.", []),
])  # fmt: skip
def test_had_or_not(text: str, names: list[str]) -> None:
    document, sentences = passage(text)
    value = prior_treatments(document, sentences).value
    assert (list(value) if isinstance(value, tuple) else []) == names


@pytest.mark.parametrize(("text", "names"), [
    ("He has gout. He had a hernia repaired in 2011.", ["gout"]),
    ("She has gout. Her gestational diabetes of 2012 went away.", ["gout"]),
    ("She has asthma. Her knee sprain has not healed.", ["asthma", "knee sprain"]),
    ("He has gout. Resolved problems: pneumonia, hip fracture.", ["gout"]),
    ("He has gout. His wife, who has a heart condition, cannot lift him.", ["gout"]),
    ("He has gout. Hashimoto thyroiditis runs in his family.", ["gout"]),
    ("She has alcohol use disorder in full remission and insomnia.", ["insomnia"]),
    ("Work-up for lupus was negative; she has fibromyalgia.", ["fibromyalgia"]),
    ("She was diagnosed with rheumatoid arthritis in 2019.", ["rheumatoid arthritis"]),
    ("No rotator cuff tear, consistent with adhesive capsulitis.", ["adhesive capsulitis"]),
    ("He suffers from knee osteoarthritis (M17.0) and from congestive heart failure.", ["knee osteoarthritis", "congestive heart failure"]),
    ("It is needed for his heart failure (I50.22) and heart disease.", ["heart failure"]),
])  # fmt: skip
def test_has_or_has_not(text: str, names: list[str]) -> None:
    assert asserted({"text": text}) == names
