"""The practice's name wherever offices put it: stacked, beside the address, in a cell cut in two, under a doctor's name.

Each page is typed on the grid of test_papers (a character 5 points wide, '#16' at the head of a row sets its size). Belongs
here: which of the names on a page is the practice's. Does not belong here: whole pages (test_papers), words alone (below).
"""

import pytest

from pipeline.parse.housenames import names_house, only_specialty, trade_name
from pipeline.parse.letter import letter_fields
from pipeline.parse.practice import read_practice
from pipeline.parse.sheet import Sheet
from tests.parse.test_papers import typed

BODY = """

   May 4, 2026

   Fenwick Benefits
   P.O. Box 12, Salem, OR 97301

   Dear Reviewer:

   I treat Ms. Alma Corrick for chronic neck pain. She needs a cervical pillow to hold her neck in line at night,
   and I expect her morning pain to fall from seven to three within six weeks of its use at home.

   Sincerely,


   Ines Okafor, MD
"""
"""A letter below its head; the signer is Ines Okafor."""

HEADS = [
    ("three lines", "#17   Hollow Pine\n#17   Kidney & Vein\n#17   Institute\n      9 Orchard Row, Salem, OR 97301\n      T 503-555-0101", "Hollow Pine Kidney & Vein Institute"),
    ("two sizes", "#22   Copper Moon\n      PEDIATRICS & ADOLESCENT CARE\n      9 Orchard Row, Salem, OR 97301", "Copper Moon PEDIATRICS & ADOLESCENT CARE"),
    ("specialty below a whole name", "#20   Linden Bone & Joint\n      Orthopedic Surgery and Sports Medicine\n      9 Orchard Row, Salem, OR 97301", "Linden Bone & Joint"),
    ("tagline", "#14   Harrow Wound & Vascular\n      A service of Saint Brannoc Hospital\n      9 Orchard Row, Salem, OR 97301", "Harrow Wound & Vascular"),
    ("tagline of years", "#14   Harrow Family Clinic\n      Serving the valley since 1962\n      9 Orchard Row, Salem, OR 97301", "Harrow Family Clinic"),
    ("hosted", "#14   Tiny Sparrow Feeding Clinic\n      at Saint Brannoc Children's Hospital\n      9 Orchard Row, Salem, OR 97301", "Saint Brannoc Children's Hospital"),
    ("doctor over his house", "#14   Ines Okafor, MD\n      Harrow Psychology Group\n      9 Orchard Row, Salem, OR 97301", "Harrow Psychology Group"),
    ("doctor alone", "#14   Ines Okafor, MD\n      Internal Medicine\n      9 Orchard Row, Salem, OR 97301", "Ines Okafor, MD"),
    ("acronym", "#22   HPT\n#12   Harrow Physical Therapy\n      9 Orchard Row, Salem, OR 97301", "Harrow Physical Therapy"),
    ("wordmark", "#22   harrowhealth\n      Harrow Health, Inc.\n      9 Orchard Row, Salem, OR 97301", "Harrow Health, Inc."),
    ("trade name", "#14   Okafor Holdings PLLC d/b/a Harrow Spine Clinic\n      9 Orchard Row, Salem, OR 97301", "Harrow Spine Clinic"),
    ("department with its house", "#14   Department of Neurology, Saint Brannoc Hospital\n      9 Orchard Row, Salem, OR 97301", "Saint Brannoc Hospital"),
    ("department below", "#14   Saint Brannoc Hospital\n      Department of Occupational Therapy\n      9 Orchard Row, Salem, OR 97301", "Saint Brannoc Hospital"),
    ("in front of its address", "   Harrow Audiology Associates, 9 Orchard Row, Salem, OR 97301  |  503-555-0101", "Harrow Audiology Associates"),
    ("an ornament before it", "#14   0 Juniper Bay Natural Medicine\n      9 Orchard Row, Salem, OR 97301", "Juniper Bay Natural Medicine"),
    ("two houses, one above the other", "#14   Harrow Eye Clinic\n      Surgery Center\n      9 Orchard Row, Salem, OR 97301", "Harrow Eye Clinic"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "name"), [(h, n) for _, h, n in HEADS], ids=[c for c, *_ in HEADS])
def test_heads_of_letters(head: str, name: str) -> None:
    sheet = Sheet(typed(head + BODY), (1,), "letter")
    assert read_practice(sheet, "Ines Okafor")["practice.name"].value == name


STREETS = [
    ("a name that begins as streets do, over a box", "      Camino Family Practice\n      P.O. Box 12\n      Salem, OR 97301", "P.O. Box 12", "Salem"),
    ("a name that begins with a number", "      360 Physical Therapy\n      P.O. Box 12\n      Salem, OR 97301", "P.O. Box 12", "Salem"),
    ("a name right over the city", "      Plaza Pediatrics\n      Salem, OR 97301", None, "Salem"),
    ("a street of a site's name", "      Harrow Clinic\n      1200 Medical Center\n      Salem, OR 97301", "1200 Medical Center", "Salem"),
    ("no number at all", "      Harrow Clinic\n      General Delivery\n      Salem, OR 97301", "General Delivery", "Salem"),
    ("a route", "      Harrow Clinic\n      State Route 9\n      Salem, OR 97301", "State Route 9", "Salem"),
    ("a doctor under a street is no town of Maryland", "      Harrow Clinic\n      400 Main Street\n      Jane Smith, MD", None, None),
    ("a town of Maryland", "      Harrow Clinic\n      400 Main Street\n      Towson, MD", "400 Main Street", "Towson"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "street", "city"), [s[1:] for s in STREETS], ids=[s[0] for s in STREETS])
def test_streets_of_heads(head: str, street: str | None, city: str | None) -> None:
    practice = read_practice(Sheet(typed(head + BODY), (1,), "letter"), "Ines Okafor")
    assert (practice["practice.address"].value, practice["practice.city"].value) == (street, city)


@pytest.mark.parametrize(("below", "number"), [
    ("      Internal Medicine (Room 2041)", None), ("      (April 2026)", None), ("      NPI on file (Ext 2041)", None),
    ("      Internal Medicine (CO 44812)", "44812"), ("      (Colorado 44812)", "44812"), ("      (Calif. 44812)", "44812"),
])  # fmt: skip
def test_a_number_behind_a_state_is_a_licence(below: str, number: str | None) -> None:
    assert letter_fields(Sheet(typed(HEADS[0][1] + BODY + below), (1,), "letter"))["provider.license"].value == number


FORM = """   Fenwick Benefits
   Statement of Medical Necessity

   Patient name: Alma Corrick      Date of birth: 04/02/1971

   Diagnosis: neck pain, M54.2
   Item: cervical pillow
"""

FEET = [
    ("signer, house, street", "   Completed by: Ines Okafor, MD\n   Harrow Diabetes Institute\n   9 Orchard Row, Salem, OR 97301\n   Tel 503-555-0101", "Harrow Diabetes Institute"),
    ("all on one line", "   Ines Okafor, MD · NPI 1002554339 · Harrow Lung Center, 9 Orchard Row, Salem, OR 97301", "Harrow Lung Center"),
    ("the number of the street cut off", "   Ines Okafor, MD · Harrow Lung Center, 401\n   Orchard Row, Suite 3, Salem, OR 97301", "Harrow Lung Center"),
    ("capitals", "   INES OKAFOR MD\n   HARROW VALLEY LUNG CENTER\n   9 ORCHARD ROW, SALEM, OR 97301", "HARROW VALLEY LUNG CENTER"),
    ("a person alone is no practice", "   Ines Okafor, MD\n   9 Orchard Row, Salem, OR 97301", None),
    ("a cell in two lines", "   Practice             Phone\n   Harrow Spine          503-555-0101\n   Rehab\n\n   Signature", "Harrow Spine Rehab"),
    ("a cell and the next label", "   Practice             Phone\n   Harrow Spine          503-555-0101\n\n   Signature            Date", "Harrow Spine"),
    ("group", "   Provider            Ines Okafor, MD\n   Group               Harrow Obstetrics & Gynecology\n   Address             9 Orchard Row, Salem, OR 97301", "Harrow Obstetrics & Gynecology"),
    ("business", "   Signer              Ines Okafor, MD\n   Business            Plate & Kidney Advice\n   Address             9 Orchard Row, Salem, OR 97301", "Plate & Kidney Advice"),
]  # fmt: skip


@pytest.mark.parametrize(("foot", "name"), [(f, n) for _, f, n in FEET], ids=[c for c, *_ in FEET])
def test_feet_of_forms(foot: str, name: str | None) -> None:
    sheet = Sheet(typed(FORM + "\n" + foot + "\n"), (1,), "form")
    assert read_practice(sheet, "Ines Okafor")["practice.name"].value == name


@pytest.mark.parametrize("name", ["Harrow Foot Clinic", "Harrow Pain Associates PLLC", "Family Care of Harrow", "Harrow Health"])
def test_names_of_houses(name: str) -> None:
    assert names_house(name)


@pytest.mark.parametrize("text", ["Family Medicine", "Orthopedic Surgery and Sports Medicine", "Family Nurse Practitioner", "A member of Harrow Health",
                                  "Department of Surgery", "Proudly part of Harrow Hospital"])  # fmt: skip
def test_names_of_none(text: str) -> None:
    assert not names_house(text)


@pytest.mark.parametrize(("text", "only"), [("Internal Medicine", True), ("Physician Assistant", True), ("Harrow Orofacial Pain", False), ("Dermatology Associates", False)])
def test_specialty_or_house(text: str, only: bool) -> None:
    assert only_specialty(text) is only


@pytest.mark.parametrize(("written", "name"), [("Okafor LLC dba Harrow Clinic", "Harrow Clinic"), ("Okafor LLC (d/b/a Harrow Clinic)", "Harrow Clinic"),
                                               ("Dbarton Clinic", "Dbarton Clinic")])  # fmt: skip
def test_trade_names(written: str, name: str) -> None:
    assert trade_name(written) == name
