"""Who a letter is about: every kind of outcome with the case next to it that goes the other way."""

from collections import Counter

import pytest

from pipeline.match import match
from pipeline.match.blocks import near
from pipeline.match.sought import sought
from pipeline.match.weights import weights
from pipeline.records.index import Records, records_of
from pipeline.records.tables import COLUMNS, Table, table_of
from tests.check.bench import CLAIM
from tests.check.bench import letter as full_letter
from tests.check.bench import records as bench_records
from tests.match.crowd import crowd, letter, letters

MEMBERS = """
QX-1001,Ana M. Ortega,1979-02-03,self,QX-1001
QX-1002,Ana R. Ortiz,1979-03-02,self,QX-1002
QX-1010,Leo Barton Sr.,1951-01-15,self,QX-1010
QX-1011,Leo Barton Jr.,1977-08-22,self,QX-1011
QX-1020,Petra Lund,1988-07-07,self,QX-1020
QX-1020-02,Jonas Lund,2019-03-15,dependent,QX-1020
QX-1020-03,Julia Lund,2019-03-15,dependent,QX-1020
QX-1030,Robert Vega-Castellan,1966-05-30,self,QX-1030
QX-1040,Kwame Mensah,2018-05-10,dependent,QX-1041
QX-1041,Ama Mensah,1987-07-02,self,QX-1041
QX-1050,Delia Whitfield,1952-08-14,self,QX-1050
QX-1051,Delia Whitfeld,1954-08-12,self,QX-1051
QX-1060,Marta Quell,1970-06-01,self,QX-1060
QX-1061,Viktor Quell,1968-02-11,spouse,QX-1060
QX-10880-01,Imre Szabados,1990-12-08,self,QX-10880-01
QX-4060,Ragna Holt,1971-03-09,self,QX-4060
QX-4080,Torvald Immer,1969-12-30,self,QX-4080
QX-4090,Aurel Stanek,1972-02-28,self,QX-4090
QX-4091,Aurel Stanek,2004-10-19,dependent,QX-4090
QX-4092,Ilka Stanek,1975-06-06,spouse,QX-4090
"""
CLAIMS = "C-77 001,QX-1011\nC-77 002,QX-1020-03\nC-77 003,QX-1001"


def table(name: str, text: str) -> Table:
    columns = COLUMNS[name]
    return table_of(name, f"{name}.csv", [dict(zip(columns, line.split(","), strict=False)) for line in text.strip().splitlines()])


@pytest.fixture(scope="module")
def records() -> Records:
    tables = {name: table(name, "") for name in COLUMNS} | {"members": table("members", MEMBERS), "claims": table("claims", CLAIMS)}
    return records_of(tables)


CASES = [
    ("everything agrees", "Ana M. Ortega|1979-02-03|QX-1001||", "matched QX-1001"),
    ("nothing but an exact name that one member has", "Ana Ortega||||", "matched QX-1001"),
    ("last name first", "ORTEGA, ANA|1979-02-03|||", "matched QX-1001"),
    ("a scanner's letters", "Ana 0rtega|1979-02-03|QX-l00l||", "matched QX-1001"),
    ("a nickname and half of a double surname", "Bob Vega|1966-05-30|||", "matched QX-1030"),
    ("the other half", "Robert Castellan|1966-05-30|||", "matched QX-1030"),
    ("a double surname without its hyphen", "Robert Vega Castellan|1966-05-30|||", "matched QX-1030"),
    ("day and month exchanged", "Ana M. Ortega|1979-03-02|QX-1001||", "identity QX-1001"),
    ("another year", "Ana M. Ortega|1976-02-03|||", "identity QX-1001"),
    ("digits of the year exchanged", "Robert Vega-Castellan|1966-03-50|||", "matched QX-1030"),
    ("a birth date that is nobody's, id right", "Ana M. Ortega|1990-11-20|QX-1001||", "identity QX-1001"),
    ("a birth date and an id that are nobody's", "Ana M. Ortega|1990-11-20|QX-1999||", "none"),
    ("birth date right, another's id", "Ana M. Ortega|1979-02-03|QX-1050||", "identity QX-1001"),
    ("birth date right, neighbouring digits of the id exchanged", "Ana M. Ortega|1979-02-03|QX-1010||", "identity QX-1001"),
    ("birth date right, a number of another kind", "Ana M. Ortega|1979-02-03|883-12||", "matched QX-1001"),
    ("father or son", "Leo Barton||||", "ambiguous"),
    ("the son by his suffix", "Leo Barton Jr.||||", "matched QX-1011"),
    ("the son by his birth date", "Leo Barton|1977-08-22|||", "matched QX-1011"),
    ("the son's birth date with the father's suffix", "Leo Barton Sr.|1977-08-22|||", "identity QX-1010"),
    ("the son by his claim number", "Leo Barton|||C77-001|", "matched QX-1011"),
    ("a twin by the initial", "J. Lund|2019-03-15|||Petra Lund", "ambiguous"),
    ("a twin by name with the holder's id", "Julia Lund|2019-03-15|QX-1020||Petra Lund", "matched QX-1020-03"),
    ("the holder with her own id", "Petra Lund|1988-07-07|QX-1020||", "matched QX-1020"),
    ("a child that is not enrolled, with the holder's id", "Nora Lund|2022-01-09|QX-1020||Petra Lund", "none"),
    ("another given name and birth date, id nearly right", "Kwabena Mensah|2020-12-05|QX-1014||", "none"),
    ("near-namesakes told by a letter", "Delia Whitfield||||", "matched QX-1050"),
    ("near-namesake, the other's birth date", "Delia Whitfield|1954-08-12|||", "matched QX-1051"),
    ("no name, birth date and id", "|1979-02-03|QX-1001||", "matched QX-1001"),
    ("no name, birth date and claim number", "|1979-02-03||C-77 003|", "matched QX-1001"),
    ("no name, birth date alone", "|1979-02-03|||", "none"),
    ("no name, id alone", "||QX-1001||", "none"),
    ("nothing at all", "||||", "none"),
    ("a spouse with the employee's id", "Viktor Quell|1968-02-11|QX-1060||", "matched QX-1061"),
    ("a spouse with the employee's id, another year", "Viktor Quell|1986-02-11|QX-1060||", "identity QX-1061"),
    ("the employee herself", "Marta Quell|1970-06-01|QX-1060||", "matched QX-1060"),
    ("the employee's name with the spouse's birth date", "Marta Quell|1968-02-11|QX-1060||", "identity QX-1060"),
    ("a second surname by marriage", "Delia Whitfield-Brandt|1952-08-14|||", "matched QX-1050"),
    ("another surname by marriage, birth date and id right", "Delia Brandt|1952-08-14|QX-1050||", "matched QX-1050"),
    ("another surname by marriage, birth date alone", "Delia Brandt|1952-08-14|||", "none"),
    ("an id with a character too many", "Viktor Quell||QX-10661||", "identity QX-1061"),
    ("an id with the person's number left off", "Imre Szabados|1990-12-08|QX-10880||", "matched QX-10880-01"),
    ("an id with another person's number", "Imre Szabados|1990-12-08|QX-10880-02||", "identity QX-10880-01"),
    ("another given name with the surname and birth date", "Ivan Szabados|1990-12-08|||", "none"),
    ("an id that only folds to the member's and is another's", "Ragna Holt|1971-03-09|QX-4080||", "identity QX-4060"),
    ("the same id, nobody's as it is written", "Ragna Holt|1971-03-09|QX-4O6O||", "matched QX-4060"),
    ("a digit of the id misread, nobody's as it is written", "Ragna Holt|1971-03-09|QX-40B0||", "matched QX-4060"),
    ("father or son under the father's id", "Aurel Stanek||QX-4090||", "ambiguous"),
    ("the son under the father's id, by his birth date", "Aurel Stanek|2004-10-19|QX-4090||", "matched QX-4091"),
    ("the father by his own id and birth date", "Aurel Stanek|1972-02-28|QX-4090||", "matched QX-4090"),
    ("the mother under the father's id", "Ilka Stanek||QX-4090||", "matched QX-4092"),
    ("a stranger", "Wim Zandstra|1960-01-01|||", "none"),
    ("a stranger with a member's birth date", "Wim Zandstra|1979-02-03|||", "none"),
    ("a stranger with a member's id", "Wim Zandstra||QX-1001||", "none"),
]


@pytest.mark.parametrize(("case", "values", "outcome"), CASES, ids=[c[0] for c in CASES])
def test_outcomes(records: Records, case: str, values: str, outcome: str) -> None:
    names = ("patient.name", "patient.dob", "patient.member_id", "claim_number", "account_holder")
    found = match(letter("x", dict(zip(names, values.split("|"), strict=True))), records)
    assert f"{found.outcome} {found.member_id or ''}".strip() == outcome, found.candidates[:2]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("Imre Szabadosz|1990-01-31|", "QX-10880-01"),
        ("Szabadosz Imre|1990-01-31|", "QX-10880-01"),
        ("Imre Szabadosz|1991-01-31|", ""),
        ("X Y|1990-08-12|", "QX-10880-01"),
        ("X Y||QX-1088O", "QX-10880-01"),
        ("X Y||QX-1088-01", "QX-10880-01"),
        ("X Y||QX-10808-01", "QX-10880-01"),
        ("X Y||QX-10770-01", ""),
        ("Bobby Castellan||", "QX-1030"),
        ("Castellan Bobby||", "QX-1030"),
    ],
)
def test_who_shares_a_key_with_the_letter(records: Records, values: str, found: str) -> None:
    given = letter("x", dict(zip(("patient.name", "patient.dob", "patient.member_id"), values.split("|"), strict=True)))
    assert (found in {member.member_id for member, _ in records.members_at(near(sought(given), records))}) is bool(found)


def test_every_member_who_fits_is_shown() -> None:
    rows = [{"member_id": f"QX-20{n:02d}", "name": "Ana Ortega", "dob": "", "account_holder_id": f"QX-20{n:02d}", "plan_id": "P"} for n in range(9)]
    found = match(letter("x", {"patient.name": "Ana Ortega"}), bench_records(members=rows, claims=[], history=[]))
    assert (found.outcome, len(found.candidates)) == ("ambiguous", 9)


@pytest.mark.parametrize(
    ("dob", "member_id", "confidence", "outcome"),
    [
        ("1979-02-08", None, 0.99, "identity"),
        ("1979-02-08", None, 0.6, "matched"),
        ("1979-02-04", None, 0.6, "identity"),
        ("1979-03-02", None, 0.6, "identity"),
        ("1979-02-03", "QX-1O07", 0.99, "identity"),
        ("1979-02-03", "QX-1O07", 0.6, "matched"),
    ],
)
def test_one_badly_read_character_is_no_contradiction(records: Records, dob: str, member_id: str | None, confidence: float, outcome: str) -> None:
    found = match(letter("x", {"patient.name": "Ana Ortega", "patient.dob": dob, "patient.member_id": member_id}, confidence), records)
    assert (found.outcome, found.member_id) == (outcome, "QX-1001")


@pytest.mark.parametrize(
    ("number", "claims"),
    [
        ("C-4400 1111", ("C-44001111",)),
        ("C44OO1ll1", ("C-44001111",)),
        ("C-44001112", ("C-44001112",)),
        ("C-44007112", ("C-44001112",)),
        ("C-44001199", ("C-44001111", "C-44001112")),
        ("C-90000000", ()),
        (None, ("C-44001111", "C-44001112")),
    ],
)
def test_the_claim_by_its_number(number: str | None, claims: tuple[str, ...]) -> None:
    lines = [{**CLAIM, "claim_id": "C-44001111"}, {**CLAIM, "claim_id": "C-44001112"},
             {**CLAIM, "claim_id": "C-90000000", "category": "cpap", "code": "A7030", "item_description": "Mask"}]  # fmt: skip
    found = match(full_letter({"claim_number": number}), bench_records(claims=lines))
    assert (found.member_id, found.claims) == ("QX-1001", claims)
    assert set(found.claims) | set(found.other_open) == {line["claim_id"] for line in lines}


def test_a_letter_that_names_no_item_is_for_the_only_claim() -> None:
    one, two = {**CLAIM, "claim_id": "C-44001111"}, {**CLAIM, "claim_id": "C-44001112"}
    assert match(full_letter(items=[]), bench_records(claims=[one])).claims == ("C-44001111",)
    assert match(full_letter(items=[]), bench_records(claims=[one, two])).claims == ()
    assert match(full_letter({"claim_number": "C-44001112"}, items=[]), bench_records(claims=[one, two])).claims == ("C-44001112",)


def test_a_match_says_what_it_rests_on(records: Records) -> None:
    found = match(letter("x", {"patient.name": "Ana M. Ortega", "patient.dob": "1979-02-03"}), records)
    assert "dob exact" in found.by
    assert found.candidates[0].score == pytest.approx(sum(found.candidates[0].parts.values()), abs=0.05)
    assert found.snapshot == records.snapshot


def test_every_outcome_has_a_weight(records: Records) -> None:
    assert {part for part, _ in weights()} >= {"given", "surname", "middle", "order", "suffix", "dob", "id", "holder", "claim", "threshold"}


@pytest.mark.parametrize(("size", "least_right"), [(150, 850), (4000, 800)])
def test_a_crowd_of_namesakes_yields_no_wrong_member(size: int, least_right: int) -> None:
    people = crowd(size)
    told: Counter[str] = Counter()
    for asked in letters(people, 1000):
        found = match(asked.letter, people)
        told["wrong" if found.outcome == "matched" and found.member_id != asked.member_id else found.outcome] += 1
    assert told["wrong"] == 0
    assert told["matched"] >= least_right, told
