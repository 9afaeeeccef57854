"""Names are keyed as a person would: no honorific, no credentials, given name first."""

import pytest

from pipeline.parse.people import read_person
from pipeline.parse.recipient import _organisation

NAMES = [
    ("Dolores M. Haddad, M.D.", "Dolores M. Haddad", ("MD",)),
    ("Dr. Per van der Linde", "Per van der Linde", ()),
    ("HADDAD, DOLORES M", "Dolores M Haddad", ()),
    ("Mr. Otis Crane Jr.", "Otis Crane Jr.", ()),
    ("Zoë Ibáñez-Roy, MSN, FNP-BC", "Zoë Ibáñez-Roy", ("MSN", "FNP-BC")),
    ("KIM O'HARA, PA-C", "Kim O'Hara", ("PA-C",)),
    ("Lena Fox MD FACS", "Lena Fox", ("MD",)),
    ("Ivo Petrov III, D.O.", "Ivo Petrov III", ("DO",)),
    ("Ruth Abel D.O.B. 02/03/1979", "Ruth Abel", ()),
    ("Ana Sousa, born June 3, 1980", "Ana Sousa", ()),
    ("Wei Chen, L.Ac.", "Wei Chen", ("LAC",)),
]


@pytest.mark.parametrize(("text", "name", "credentials"), NAMES)
def test_reads(text: str, name: str, credentials: tuple[str, ...]) -> None:
    person = read_person(text)
    assert person is not None
    assert (person.name, person.credentials) == (name, credentials)


@pytest.mark.parametrize("text", ["to whom it may concern", "Dear Reviewer", "614 Main Street", "Claims Department", "DOB 02/03/1979"])
def test_is_no_name(text: str) -> None:
    assert read_person(text) is None


@pytest.mark.parametrize(
    ("written", "payer"),
    [
        ("Health FSA, Larchmont Benefit Services, participant no. on file", "Larchmont Benefit Services"),
        ("administered by Brightwater Benefits Administrators", "Brightwater Benefits Administrators"),
        ("Insurance Suncoast Advantage", "Suncoast Advantage"),
        ("Insurance Company", None),
        ("Great Plains Mutual Insurance", "Great Plains Mutual Insurance"),
        ("Flexible Spending Account Claims Department", None),
        ("Prairie Health Plan, Inc.", "Prairie Health Plan, Inc"),
        ("Member no. 448812, Prairie Health Plan", "Prairie Health Plan"),
    ],
)
def test_the_payer_among_the_parts_of_a_line(written: str, payer: str | None) -> None:
    assert _organisation(written) == payer
