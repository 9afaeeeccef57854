"""A made-up crowd of members and letters about them, with the mishaps that letters meet: for measuring matching.

Names are drawn from short lists so that namesakes, relatives and near-namesakes abound. Everything follows from the
seed.
"""

import datetime as dt
import random
from dataclasses import dataclass

from pipeline.model import Candidate, Evidence, FieldValue, Letter
from pipeline.records.index import Records, records_of
from pipeline.records.tables import COLUMNS, table_of

GIVEN = ["Maria", "James", "Olivia", "Noah", "Amara", "Henrik", "Dolores", "Samuel", "Katherine", "Robert", "William", "Elizabeth", "Thomas", "Jennifer", "Michael", "Susan", "Anthony", "Patricia", "Daniel", "Margaret", "Edward", "Joseph", "Theodore", "Rebecca", "Marcus", "Ingrid", "Tobias", "Fatima", "Nils", "Carmen", "Viktor", "Leila", "Bruno", "Yuki", "Simone", "Arthur", "Beatrice", "Clara", "Damien", "Esther", "Felix", "Gloria", "Hugo", "Irene", "Julian", "Kara", "Louis", "Monica", "Nadia", "Oscar", "Paula", "Quentin", "Rosa", "Stefan", "Tamara", "Ursula", "Vera", "Wendy", "Xavier", "Yvonne", "Zelda", "Marie", "Marian", "Joan", "Joanna", "Eric", "Erica", "Karl", "Karla", "Martin", "Martina"]
SURNAME = ["Smith", "Johnson", "Garcia", "Miller", "Davis", "Rodriguez", "Nguyen", "Kim", "Patel", "Brown", "Jones", "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young", "Allen", "King", "Wright", "Scott", "Torres", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Schneider", "Kowalski", "Lindqvist", "Okafor", "Yamamoto", "Ferrante", "Dubois", "Hansen", "Hanson", "Petersen", "Peterson", "Meyer", "Meyers", "Kaminski", "Orlov", "Vandenberg", "Abernathy", "Castellano", "Castellanos", "Brennan", "Brennen"]
NICK = {"Katherine": "Kate", "Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "Thomas": "Tom", "Jennifer": "Jen", "Michael": "Mike",
        "Susan": "Sue", "Anthony": "Tony", "Patricia": "Pat", "Daniel": "Dan", "Margaret": "Peggy", "Edward": "Ed", "Joseph": "Joe",
        "Samuel": "Sam", "Theodore": "Ted", "Rebecca": "Becky", "James": "Jim"}  # fmt: skip
_CONFUSED = {"m": "rn", "l": "1", "o": "0", "i": "l", "s": "5", "w": "vv", "d": "cl", "b": "8", "S": "5", "O": "0", "I": "l", "B": "8"}


@dataclass(frozen=True)
class Asked:
    """A letter and who it is truly about (None when that person is no member), and whether its birth date is wrong."""

    letter: Letter
    member_id: str | None
    wrong_dob: bool


def crowd(size: int, seed: int = 1) -> Records:
    """Records of `size` members, a fifth of them dependents in the household of the member before them."""
    draw = random.Random(seed)
    rows: list[dict[str, str]] = []
    for n in range(size):
        alone = n == 0 or draw.random() > 0.2
        surname = draw.choice(SURNAME) if draw.random() > 0.15 else f"{draw.choice(SURNAME)}-{draw.choice(SURNAME)}"
        before = rows[-1] if rows else {}
        born = dt.date(1935, 1, 1) + dt.timedelta(days=draw.randrange(31000))
        number = f"QX{500000 + n * 7}"
        rows.append({
            "member_id": number, "name": f"{draw.choice(GIVEN)} {surname if alone else before['name'].split()[-1]}",
            "dob": born.isoformat(), "relationship": "self" if alone else "dependent",
            "account_holder_id": number if alone else before["account_holder_id"], "plan_id": "P",
        })  # fmt: skip
    return records_of({name: table_of(name, f"{name}.csv", rows if name == "members" else []) for name in COLUMNS})


def letters(records: Records, count: int, seed: int = 2) -> list[Asked]:
    """Letters about members of `records` and about strangers (5 %): nicknames, readings gone wrong, exchanged order,
    wrong (8 %) and missing (10 %) birth dates, no id (60 %). A stranger has a birth date: one who gives nothing but a
    member's name could not be told from that member."""
    draw = random.Random(seed)
    ids = sorted(records.members)
    return [_letter(draw, records, draw.choice(ids), n) for n in range(count)]


def _letter(draw: random.Random, records: Records, number: str, n: int) -> Asked:
    member = records.members[number]
    given, surname = member.name.split(" ", 1)
    born: dt.date | None = member.dob
    stranger = draw.random() < 0.05
    if stranger:
        given, surname = draw.choice(GIVEN), draw.choice(SURNAME)
        born = dt.date(1931, 1, 1) + dt.timedelta(days=draw.randrange(1000))
    if draw.random() < 0.25:
        given = NICK.get(given, given)
    if draw.random() < 0.35:
        given, surname = _misread(draw, given), _misread(draw, surname)
    name = f"{surname.upper()}, {given.upper()}" if draw.random() < 0.25 else f"{given} {surname}"
    wrong = not stranger and draw.random() < 0.08
    if wrong and born:
        born = born + dt.timedelta(days=draw.randrange(200, 4000))
    if draw.random() < 0.10 and not stranger:
        born, wrong = None, False
    values = {"patient.name": name, "patient.dob": born.isoformat() if born else None,
              "patient.member_id": None if stranger or draw.random() < 0.6 else _misread(draw, number)}  # fmt: skip
    return Asked(letter(f"l{n}", values, draw.uniform(0.6, 0.99)), None if stranger else number, wrong)


def _misread(draw: random.Random, text: str) -> str:
    places = [n for n, c in enumerate(text) if c in _CONFUSED]
    if not places or draw.random() < 0.4:
        return text
    at = draw.choice(places)
    return text[:at] + _CONFUSED[text[at]] + text[at + 1 :]


def letter(letter_id: str, values: dict[str, str | None], confidence: float = 0.99) -> Letter:
    """A letter that says no more than these field values."""
    quote = Evidence(page=1, box=(0, 0, 1, 1), start=0, end=1, quote="x", confidence=confidence)
    fields = {k: FieldValue(name=k, candidates=(Candidate(value=v, confidence=confidence, because="test", evidence=quote),))
              for k, v in values.items() if v}  # fmt: skip
    return Letter(letter_id=letter_id, sha256="0" * 64, pages=(1,), kind="letter", fields=fields)
