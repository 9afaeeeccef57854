"""Is the claim line for the thing the letter asks for?"""

import pytest

from pipeline.codes.things import Thing, likeness, same_code, shared_words

SAME = [
    ("therapeutic massage|massage_therapy|97124", "Massage, 60 min|massage_therapy|"),
    ("gym membership|fitness_program|", "Health club dues March|fitness_program|"),
    ("HEPA air purifier|other_dme|", "Room air cleaner|other_dme|"),
    ("seat lift chair|other_dme|E0627", "Power lift recliner|other_dme|"),
    ("hair prosthesis|other_dme|", "Wig|other_dme|"),
    ("continuous glucose monitor|other_dme|A4239", "CGM supplies|other_dme|A4239"),
    ("septoplasty with tip work|cosmetic_procedure|30520", "Nasal surgery|procedure_or_test|30520"),
    ("rollator walker|other_dme|", "Walker, wheeled|wheelchair|"),
    ("custom foot orthotics|other|", "Custom orthoses, pair|orthopedic_footwear|"),
    ("applied behavior analysis|therapy_service|", "ABA therapy session|therapy_service|"),
    ("Wegovy (semaglutide) pen|prescription_drug|0169-4525-14", "Wegovy|prescription_drug|"),
    ("cornpression stockings|other_dme|", "Compression socks|other_dme|"),
    ("physical therapy|therapy_service|", "Visit|therapy_service|"),
    ("powered nasal irrigator|other_dme|", "Sinus rinse system|other_dme|"),
    ("in vitro fertilization|procedure_or_test|", "IVF cycle, member share|procedure_or_test|"),
    ("glucometer|other_dme|", "Blood glucose meter|other_dme|"),
    ("therapeutic pool membership|fitness_program|", "Aquatic center membership 3 months|fitness_program|"),
    ("cholecalciferol 2,000 IU daily|supplement|", "Iron and vitamin D|supplement|"),
    ("ferrous sulfate tablets 325 mg|supplement|", "Iron supplement, 90 ct|supplement|"),
    ("custom lumbosacral orthosis|other_dme|", "Back brace|other_dme|"),
]
OTHER = [
    ("CPAP mask|cpap|A7030", "Wedge pillow|mattress_bed|"),
    ("hospital bed|mattress_bed|E0260", "Patient lift|other_dme|E0630"),
    ("HEPA air purifier|other_dme|", "Massage gun|other_dme|"),
    ("oral appliance|other_dme|E0486", "CPAP device|cpap|E0601"),
    ("massage therapy|massage_therapy|", "Massage chair|other_dme|"),
    ("mattress encasing|other_dme|", "Queen mattress|mattress_bed|"),
    ("physical therapy|therapy_service|", "Counseling session|therapy_service|"),
    ("adalimumab|prescription_drug|", "Wegovy|prescription_drug|"),
    ("vitamin C 500 mg|supplement|", "Vitamin D3 drops|supplement|"),
    ("sauna blanket|other|", "Standing desk|other|"),
    ("MRI of the knee|procedure_or_test|73721", "Sleep study|procedure_or_test|95810"),
]


def thing(text: str) -> Thing:
    words, category, code = text.split("|")
    return Thing(words, category, code or None)


@pytest.mark.parametrize(("item", "line"), SAME)
def test_the_same_thing(item: str, line: str) -> None:
    assert likeness(thing(item), thing(line)) > 0


@pytest.mark.parametrize(("item", "line"), OTHER)
def test_another_thing(item: str, line: str) -> None:
    assert likeness(thing(item), thing(line)) == 0


def test_a_better_line_ranks_higher() -> None:
    item = Thing("therapeutic massage", "massage_therapy", "97124", 95.0)
    lines = [Thing("Massage", "massage_therapy", "97124", 95.0), Thing("Massage", "massage_therapy", "97124"), Thing("Massage", "massage_therapy"), Thing("Visit", "massage_therapy")]
    scores = [likeness(item, line) for line in lines]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [("E0601", "E06O1", True), ("E0260 RR", "E0260", True), ("0169-4525-14", "0169 4525 14", True), ("E0601", "E0602", False), (None, "E0601", False), ("", "", False)],
)
def test_codes(a: str | None, b: str | None, same: bool) -> None:
    assert same_code(a, b) is same


def test_words_of_trade_say_nothing() -> None:
    assert shared_words("monthly fee for custom device", "custom device, monthly") == 0
