"""Payers at the head of forms and in words, the letter's day among others, labels over, under and beside their values.

Belongs here: short pages typed on the grid of test_papers, each with a near miss. Does not belong here: whole pages
(test_papers), the practice's name (test_practices).
"""

import datetime as dt

import pytest

from pipeline.codes.dates import dates_in, stroked
from pipeline.parse.patient import read_patient
from pipeline.parse.provider import read_provider
from pipeline.parse.recipient import read_recipient
from pipeline.parse.sheet import Sheet
from pipeline.parse.specialty import specialty_in
from pipeline.parse.timing import read_dates
from tests.parse.test_papers import typed

REST = """

   Patient name: Alma Corrick      Date of birth: 04/02/1971
   Diagnosis: neck pain, M54.2
   Item: cervical pillow
   Signature                       Date: 05/04/2026
"""

PAYERS = [
    ("wordmark in small letters", "form", "#17   harbor benefit accounts\n      Certification of Medical Necessity" + REST, "harbor benefit accounts"),
    ("wordmark in two cases", "form", "#17   FENWICK health plan\n      Prior Authorization Request" + REST, "FENWICK health plan"),
    ("one word over its accounts", "form", "#17   Fenwick\n      Health Savings Accounts\n      Statement of Medical Necessity" + REST, "Fenwick"),
    ("one word over nothing of the kind", "form", "#17   Confidential\n      Statement of Medical Necessity" + REST, None),
    ("for its members", "form", "#14   CERTIFICATE OF MEDICAL NECESSITY\n      for Harbor Valley Health Plan members" + REST, "Harbor Valley Health Plan"),
    ("administrator of an employer's plan", "form", "#14   Corrick County Schools - Health FSA\n      Certification, administered by Fenwick Benefit Administrators" + REST, "Fenwick Benefit Administrators"),
    ("before its claim", "letter", "   Alma Corrick was hurt at work. Fenwick Casualty claim FC-2026-00952.\n   She needs a raised seat." + REST, "Fenwick Casualty"),
    ("greeted as people", "letter", "   March 17, 2026\n\n   Good people of Fenwick Benefit Accounts,\n\n   I treat Alma Corrick for neck pain that wakes her every night of the week.\n   She has used a towel and a soft collar, which were of no help to her.\n   I ask for a cervical pillow, which holds her neck in line while she sleeps.\n\n   Sincerely,\n\n   Ines Okafor, MD", "Fenwick Benefit Accounts"),
    ("above its desk", "letter", "   March 17, 2026\n\n   Corrick Electric Cooperative\n   HRA Claims\n\n   Dear Reviewer,\n\n   I treat Alma Corrick.\n\n   Sincerely,\n\n   Ines Okafor, MD", "Corrick Electric Cooperative"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "page", "payer"), [row[1:] for row in PAYERS], ids=[row[0] for row in PAYERS])
def test_payers(kind: str, page: str, payer: str | None) -> None:
    assert read_recipient(Sheet(typed(page), (1,), kind))["recipient.payer"].value == payer


DAYS = [
    ("place before it", "letter", "   Salem, June 15, 2026\n\n   Dear Reviewer,\n\n   She is well known to me.\n\n   Sincerely,\n\n   Ines Okafor, MD", "2026-06-15"),
    ("another's date in the foot", "letter", "   January 15, 2026\n\n   Dear Reviewer,\n\n   She needs a lamp.\n\n   Sincerely,\n\n   Ines Okafor, MD\n\n   Released with the permission of the client dated January 12, 2026.", "2026-01-15"),
    ("begins and ends", "form", "   Statement of Medical Necessity\n\n   Begins               Ends\n   02/23/2026           08/22/2026\n\n   Signature            Date signed\n                        02/17/2026", "2026-02-17"),
    ("a table of nights", "letter", "   June 15, 2026\n\n   Doctor:\n\n   Night            With\n   03/18/2026       nothing\n   05/02/2026       CPAP\n\n   Sincerely,\n\n   Ines Okafor, MD", "2026-06-15"),
    ("submitted", "form", "   Statement of Medical Necessity\n   Patient              Alma Corrick\n   Date of birth        Apr 02, 1996\n   Submitted            05/21/2026\n   Signature            Signature on file", "2026-05-21"),
    ("on one line with others", "letter", "   Date of service: 03/24/2026   Letter date: 04/03/2026\n\n   Dear Reviewer,\n\n   She needs a lamp.\n\n   Sincerely,\n\n   Ines Okafor, MD", "2026-04-03"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "page", "day"), [row[1:] for row in DAYS], ids=[row[0] for row in DAYS])
def test_the_letters_day(kind: str, page: str, day: str) -> None:
    assert read_dates(Sheet(typed(page), (1,), kind))["letter_date"].value == day


@pytest.mark.parametrize(
    ("line", "start"),
    [("Enclosed: plan of care (05/04/2026 to 07/02/2026)", None), ("Please excuse his absence from 06/11/2026 to 06/14/2026", None),
     ("Acupuncture from 05/04/2026 to 07/02/2026", "2026-05-04")],
)  # fmt: skip
def test_spans_of_other_things(line: str, start: str | None) -> None:
    page = f"   May 1, 2026\n\n   Dear Reviewer,\n\n   {line}\n\n   Sincerely,\n\n   Ines Okafor, MD"
    assert read_dates(Sheet(typed(page), (1,), "letter"))["treatment_start"].value == start


@pytest.mark.parametrize(("box", "day"), [("61812026", dt.date(2026, 6, 8)), ("712211989", dt.date(1989, 7, 22)), ("1231126", None), ("06/08/2026", None), ("5551234567", None)])
def test_both_slashes_read_as_strokes(box: str, day: dt.date | None) -> None:
    read = stroked(f"x {box} y", 2, 2 + len(box))
    assert (read.day if read else None) == day


@pytest.mark.parametrize(("text", "days"), [("Date of birth\n12103/1948\nPolicy", ["1948-12-03"]), ("claim 12103/1948 is open", [])])
def test_one_slash_alone_on_a_line(text: str, days: list[str]) -> None:
    assert [d.iso for d in dates_in(text)] == days


@pytest.mark.parametrize("text", ["Advanced Heart Failure and Transplant Cardiology", "Foot and ankle surgery", "Low Vision Rehabilitation", "Podiatric Medicine", "in Headache Medicine",
                                  "General and restorative dentistry", "Anesthesiology and Pain Medicine", "Burn and Reconstructive Surgery"])  # fmt: skip
def test_specialties(text: str) -> None:
    assert specialty_in(text) is not None


@pytest.mark.parametrize("text", ["Harrow Heart & Family Medicine", "Harrow Urgent & Occupational Care", "Team leader", "Call the office"])
def test_no_specialties(text: str) -> None:
    assert specialty_in(text) is None


CELLS = [
    ("a heading beside it is no value", "   A. Member                 B. Prescriber\n#8   Member name          Prescriber name, credentials\n   Octavia Brand             Emeka Laurent, MD", ("Octavia Brand", "Emeka Laurent")),
    ("a label beside it is no value", "   Patient: Octavia Brand\n\n   Practitioner\n#8   Name                 License or degree          NPI\n#11   Noor Haddad                              1288417938", ("Octavia Brand", "Noor Haddad")),
    ("values over rules", "#11   Octavia Brand\n#8   Patient name\n\n#11   cervical spondylosis\n#8   Diagnosed condition\n\n#11   Ruth Amsel, NP            1455066104\n#8   Practitioner, credentials      NPI\n\n#11   Mill Pond Care\n#8   Practice", ("Octavia Brand", "Ruth Amsel")),
]  # fmt: skip


@pytest.mark.parametrize(("page", "people"), [row[1:] for row in CELLS], ids=[row[0] for row in CELLS])
def test_cells_of_people(page: str, people: tuple[str, str]) -> None:
    sheet = Sheet(typed("   Statement of Medical Necessity\n\n" + page), (1,), "form")
    assert (read_patient(sheet)["patient.name"].value, read_provider(sheet)["provider.name"].value) == people


def test_a_form_asks_who_writes() -> None:
    page = "   Request for Authorization\n\n   Patient name: Alma Corrick\n\n   Who is asking\n#8   Name\n#11   Ronald Quill, DC\n"
    assert read_provider(Sheet(typed(page), (1,), "form"))["provider.name"].value == "Ronald Quill"
