"""Labels and places as offices write them that no development letter has: each row is a page and what it must say."""

from collections.abc import Callable

import pytest

from pipeline.model import DocumentText, FieldValue, lay_out
from pipeline.parse.labels import read_labels
from pipeline.parse.patient import read_patient
from pipeline.parse.phones import read_phones
from pipeline.parse.places import places_on
from pipeline.parse.practice import read_practice
from pipeline.parse.provider import read_provider
from pipeline.parse.recipient import read_recipient
from pipeline.parse.sheet import Sheet
from pipeline.parse.timing import read_dates
from tests.parse.paper import column, paper


def _sheet(document: DocumentText, kind: str = "letter") -> Sheet:
    return Sheet(document, (1,), kind)


@pytest.mark.parametrize(
    ("line", "read", "field", "value"),
    [
        ("Our patient: Ms. Keisha Lamar-Ortiz", read_patient, "patient.name", "Keisha Lamar-Ortiz"),
        ("PATIENT NAME. . . . . CLOTILDE M. BROUSSARD", read_patient, "patient.name", "Clotilde M. Broussard"),
        ('Patient: Oluwaseun "Seun" Fashola', read_patient, "patient.name", "Oluwaseun Fashola"),
        ("Last name: Esquivel   First name: Hortensia", read_patient, "patient.name", "Hortensia Esquivel"),
        ("Provider last name: Esquivel   First name: Hortensia", read_patient, "patient.name", None),
        (
            "Referring physician: Hannah Oyelaran, MD Primary insurance: Katahdin Health Plan",
            read_recipient,
            "recipient.payer",
            "Katahdin Health Plan",
        ),
        (
            "Licensed practitioner (print): Dr. Bettina Krause Title: MD",
            read_provider,
            "provider.name",
            "Bettina Krause",
        ),
        ("NPI / State license: 1134567894 / DR.0055120", read_provider, "provider.license", "DR.0055120"),
        ("Prescriber signature: N S Date: 06/01/2026", read_dates, "provider.signature_date", "2026-06-01"),
        ("Participant and patient: Ottoline Marsh-Quaye", read_patient, "patient.name", "Ottoline Marsh-Quaye"),
        ("Employee/Patient: Ottoline Marsh", read_patient, "patient.name", "Ottoline Marsh"),
        ("Name Ottoline Marsh Date 4-6-26", read_patient, "patient.name", "Ottoline Marsh"),
        ("03/02/2026 09:14 FROM: LARKMOOR CLINIC TO: OTTOLINE MARSH P.1/2", read_provider, "provider.name", None),
        ("Prepared for: Benjamin Oyarzún", read_patient, "patient.name", "Benjamin Oyarzún"),
        (
            "Plan administrator: Harborlight Flex Solutions   Account type: FSA",
            read_recipient,
            "recipient.payer",
            "Harborlight Flex Solutions",
        ),
        ("DATE OF ACCIDENT: 08/19/2025", read_recipient, "recipient.program", "workers_comp"),
        ("Tamsin Gale, NP-C, State license: DE L8-0012345", read_provider, "provider.license", "L8-0012345"),
        ("Tamsin Gale, MD\nNPI 1134567894, VT MD 40712", read_provider, "provider.license", "40712"),
        ("Tamsin Gale, MD\nNPI 1134567894 / Oregon MD-55120", read_provider, "provider.license", "MD-55120"),
        ("Tamsin Gale, DO\nUtah lic. 4471-D   NPI 1134567894", read_provider, "provider.license", "4471-D"),
        ("Tamsin Gale, MD\n18 Elm Street, Barre, VT 05641", read_provider, "provider.license", None),
        ("Tamsin Gale, NP-C, State license: DE L8-0012345", read_provider, "provider.credentials", ("NP-C",)),
        (
            "Signed electronically: Priya Iyer, MD on November 4, 2025",
            read_dates,
            "provider.signature_date",
            "2025-11-04",
        ),
        ("Person being treated: Adam Kowalski", read_patient, "patient.name", "Adam Kowalski"),
        ("Identification No: PSH 9018 2234", read_patient, "patient.member_id", "PSH 9018 2234"),
        ("Participant's ID or SSN (last 4): SP-118820", read_patient, "patient.member_id", "SP-118820"),
        ("CARD HOLDER ID: ZNM-220-1145", read_patient, "patient.member_id", "ZNM-220-1145"),
        ("Insured ID: CRI7729100", read_patient, "patient.member_id", "CRI7729100"),
        ("Boise, ID 83701", read_patient, "patient.member_id", None),
        ("Auth request #: AR 77120-B", read_patient, "claim_number", "AR 77120-B"),
        ("Reference: PA-2026-11873", read_patient, "claim_number", "PA-2026-11873"),
        ("D/I: 03/19/2026", read_dates, "injury_date", "2026-03-19"),
        ("Date of injury / illness: 05/02/2025", read_dates, "injury_date", "2025-05-02"),
        ("DATE OF BIRTH. . . . 12-30-1948", read_dates, "patient.dob", "1948-12-30"),
        ("Date: 2026/02/11", read_dates, "letter_date", "2026-02-11"),
        ("Expected start: 02/01/2026", read_dates, "treatment_start", "2026-02-01"),
    ],
)
def test_labels_of_other_offices(
    line: str, read: Callable[[Sheet], dict[str, FieldValue]], field: str, value: str | None
) -> None:
    assert read(_sheet(column(line)))[field].value == value


def test_an_id_that_wrapped_to_the_next_line() -> None:
    sheet = _sheet(column("Primary insurance: Katahdin Health Plan   Member ID#:", "KHC5520017"))
    assert read_patient(sheet)["patient.member_id"].value == "KHC5520017"


@pytest.mark.parametrize(
    ("below", "payer"),
    [("Appeals Unit", "Empire Lakes Health"), ("Attn: Claims", "Empire Lakes Health"), ("12 Elm Street", None)],
)
def test_a_name_above_a_payers_department(below: str, payer: str | None) -> None:
    sheet = _sheet(
        column(
            "Empire Lakes Health", below, "", "", "Dear Sir or Madam:", "The knee brace is needed for twelve months."
        )
    )
    assert read_recipient(sheet)["recipient.payer"].value == payer


def test_two_telephones_under_one_label() -> None:
    document = paper(
        (40, 100, "Telephone / Fax"),
        (200, 100, "970-555-0156 / 970-555-0157"),
        (40, 80, "2500 Patterson Rd, Grand Junction, CO 81505"),
    )
    sheet = _sheet(document, "form")
    fields = read_phones(sheet, places_on(sheet.lines)[0], None)
    assert (fields["practice.phone"].value, fields["practice.fax"].value) == ("9705550156", "9705550157")


def test_the_next_cells_label_is_not_a_value() -> None:
    """In a row of cells, a label that the lexicon does not know stands beside one that it knows."""
    document = paper((40, 100, "DATE OF BIRTH"), (200, 100, "HANDEDNESS"), (40, 113, "01/28/1944"), (200, 113, "left"))
    pair = next(p for p in read_labels(_sheet(document).lines) if p.field == "patient.dob")
    assert (pair.relation, document.text[pair.start : pair.end]) == ("below", "01/28/1944")


@pytest.mark.parametrize(
    ("lines", "name", "credentials"),
    [
        (("Sincerely,", "Greta Holm, PA-C", "for Samuel Adeleke, MD (supervising)"), "Greta Holm", ("PA-C",)),
        (("Sincerely,", "Greta Holm, PA-C", "Samuel Adeleke, MD, supervising physician"), "Greta Holm", ("PA-C",)),
        (("Sincerely,", "Samuel Adeleke, MD", "Greta Holm, RN"), "Samuel Adeleke", ("MD",)),
    ],
)
def test_a_supervisor_who_is_only_named_is_not_the_signer(
    lines: tuple[str, ...], name: str, credentials: tuple[str, ...]
) -> None:
    fields = read_provider(_sheet(column("Dear Reviewer:", "Mr. Hale needs a brace for his knee.", *lines)))
    assert (fields["provider.name"].value, fields["provider.credentials"].value) == (name, credentials)


def test_telephone_and_facsimile_on_one_line() -> None:
    sheet = _sheet(column("818 Juniper Street, Atlanta, GA 30308", "Telephone: 404-555-0122 Facsimile: 404-555-0123"))
    fields = read_phones(sheet, places_on(sheet.lines)[0], None)
    assert (fields["practice.phone"].value, fields["practice.fax"].value) == ("4045550122", "4045550123")


@pytest.mark.parametrize("label", ["Patient phone:", "After hours:", "Toll-free", "Adjuster phone:"])
def test_another_telephone_keeps_its_reason(label: str) -> None:
    sheet = _sheet(column("818 Juniper Street, Atlanta, GA 30308", f"{label} 404-555-0199"))
    lost = read_phones(sheet, places_on(sheet.lines)[0], None)["practice.phone"]
    assert lost.value is None
    assert lost.candidates[0].rejected_because == "its label names another's telephone"


def test_a_post_office_box_is_the_address_where_no_street_is_given() -> None:
    place = places_on(_sheet(column("PO Box 5512, Lafayette, LA 70505-5512")).lines)[0]
    assert place.street is not None and place.street[2] == "PO Box 5512"


def test_small_print_below_its_value() -> None:
    """On a printed form the label may stand in small type below the line that was written on."""
    big = paper((40, 100, "07/19/1987"), (40, 150, "03/02/2026"), size=12)
    assert not read_labels(_sheet(big).lines)
    label = paper((40, 114, "Patient Date of Birth"), size=8)
    words = [[*page.words] for page in (big.pages[0], label.pages[0])]
    lines = [words[0][:1], words[1], words[0][1:]]
    text, pages = lay_out([(big.pages[0].model_copy(update={"words": ()}), lines)])
    sheet = _sheet(DocumentText(sha256="0" * 64, text=text, pages=pages))
    pair = next(p for p in sheet.pairs if p.field == "patient.dob")
    assert (pair.relation, text[pair.start : pair.end]) == ("above", "07/19/1987")


@pytest.mark.parametrize(
    ("lines", "street"),
    [
        (("Ste. 12, 455 Grand Avenue, Laramie, Wyoming 82070",), "455 Grand Avenue, Ste. 12"),
        (("455 Grand Avenue, Ste. 12, Laramie, Wyoming 82070",), "455 Grand Avenue, Ste. 12"),
    ],
)
def test_a_suite_before_its_street(lines: tuple[str, ...], street: str) -> None:
    place = places_on(_sheet(column(*lines)).lines)[0]
    assert place.street is not None and place.street[2] == street


def test_the_clinic_goes_before_its_post_office_box_and_a_list_of_doctors_is_no_practice() -> None:
    sheet = _sheet(column("Dr. Lena Abbott, OD", "Dr. Marco Silva, OD", "Three Rivers Eye Associates", "PO Box 220, Greenville MS 38702",
                          "Clinic location: 1717 Hospital Street, Greenville, MS 38703", y=30))  # fmt: skip
    fields = read_practice(sheet, "Marco Silva")
    assert fields["practice.address"].value == "1717 Hospital Street"
    assert fields["practice.zip"].value == "38703"
    assert fields["practice.name"].value == "Three Rivers Eye Associates"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Larkmoor Clinic 12 Quay St", "6-9-26", "Ottoline Marsh FSA letter.", "Varicose veins."), "Ottoline Marsh"),
        (("Larkmoor Clinic", "LMN - Ottoline Marsh, HSA", "Varicose veins."), "Ottoline Marsh"),
        (("Larkmoor Clinic", "LMN for Ottoline Marsh, FSA claim", "Varicose veins."), "Ottoline Marsh"),
        (("Larkmoor Clinic", "Larkmoor Benefit Services FSA unit", "Varicose veins."), None),
        (("Larkmoor Clinic", "Health Care FSA letter", "Varicose veins."), None),
        (("Larkmoor Clinic", "She asked for an FSA letter of Ottoline Marsh's kind and we said no to it", "x"), None),
    ],
)
def test_a_name_heads_a_note(lines: tuple[str, ...], name: str | None) -> None:
    assert read_patient(_sheet(column(*lines)))["patient.name"].value == name


def test_a_column_of_colons() -> None:
    printout = paper((72, 100, "PATIENT"), (150, 100, ": OTTOLINE MARSH-QUAYE"), (72, 114, "DOB"), (150, 114, ": 1983-01-25"))
    assert read_patient(_sheet(printout))["patient.name"].value == "Ottoline Marsh-Quaye"
    assert read_dates(_sheet(printout))["patient.dob"].value == "1983-01-25"


def test_a_name_stands_above_the_birth_date() -> None:
    margin = paper((53, 248, "LaVerne Ashgrove-Ortiz"), (53, 262, "b. 05.22.1979"), (206, 248, "Cushing syndrome was not found."))
    assert read_patient(_sheet(margin))["patient.name"].value == "LaVerne Ashgrove-Ortiz"
    doctor = paper((53, 248, "Adaora Lindgren, MD"), (53, 262, "born 05.22.1979"))
    assert read_patient(_sheet(doctor))["patient.name"].value is None
    far = paper((53, 148, "LaVerne Ashgrove-Ortiz"), (53, 262, "b. 05.22.1979"))
    assert read_patient(_sheet(far))["patient.name"].value is None


def test_a_bare_name_beside_a_degree_is_the_providers() -> None:
    form = paper((53, 300, "Name"), (176, 300, "Xanthe Petrakis"), (362, 300, "Degree"), (485, 300, "MS, CCC-SLP"))
    assert read_patient(_sheet(form, "form"))["patient.name"].value is None


@pytest.mark.parametrize(
    ("lines", "street"),
    [
        (("Alder Clinic", "PO Box 88, 31 Ferry Landing", "Salem, OR 97301"), "PO Box 88, 31 Ferry Landing"),
        (("Alder Clinic", "240 Breakwater Ave", "Bldg A, Suite 110", "Stockton, CA 95202"), "240 Breakwater Ave, Bldg A, Suite 110"),
        (("Alder Clinic", "700 Azalea Parkway, Tower 2, Baton Rouge, LA 70808"), "700 Azalea Parkway, Tower 2"),
        (("Alder Clinic", "8 Canal Walk North, Salem, OR 97301"), "8 Canal Walk North"),
        (("Alder Clinic", "12 Main Street West Chester, PA 19380"), "12 Main Street"),
    ],
)
def test_the_whole_street_of_an_address(lines: tuple[str, ...], street: str) -> None:
    found = places_on(_sheet(column(*lines)).lines)
    assert [p.street[2] if p.street else None for p in found] == [street]
