"""Single rules about who and where, each with its near misses: streets without a word for a way, professions before names, payers in
sentences and blocks, promises and boards near an office's name, days in combs, labels in two languages.

Belongs here: one rule, few lines. Does not belong here: whole pages (test_unseen_offices, test_papers).
"""

import pytest
from pipeline.parse.dates import combed

from pipeline.parse.housenames import BOARD
from pipeline.parse.housewords import HOUSE, KIND, ORGANISATION
from pipeline.parse.letter import letter_fields
from pipeline.parse.people import read_person
from pipeline.parse.places import places_on
from pipeline.parse.recipient import read_recipient
from pipeline.parse.sheet import Sheet
from pipeline.parse.signers import people_on
from pipeline.parse.specialty import specialty_in
from tests.parse.paper import column
from tests.parse.test_papers import typed


def sheet(*lines: str, kind: str = "letter") -> Sheet:
    return Sheet(column(*lines), (1,), kind)


@pytest.mark.parametrize(
    ("lines", "street", "city"),
    [
        (("RR 2 Box 118, Broken Bow, NE 68822",), "RR 2 Box 118", "Broken Bow"),
        (("HC 61 Box 2210", "Cass Lake, MN 56633"), "HC 61 Box 2210", "Cass Lake"),
        (("N4812 County Road M", "Waupaca, WI 54981"), "N4812 County Road M", "Waupaca"),
        (("Calle Mendez Vigo 212, Suite 3, Mayaguez, PR 00680",), "Calle Mendez Vigo 212, Suite 3", "Mayaguez"),
        (("Mile 229.5 Parks Highway", "P.O. Box 61", "Cantwell, AK 99729"), "Mile 229.5 Parks Highway", "Cantwell"),
        (("408 Bay Street, Second Floor, Salem, OR 97301",), "408 Bay Street, Second Floor", "Salem"),
        (("44 Main Street, Cold Spring, New York",), "44 Main Street", "Cold Spring"),
        (("9 Orchard Row | Salem, OR | 97301",), "9 Orchard Row", "Salem"),
        (("City Salem State OR ZIP 97301",), None, "Salem"),
        (("Harrow Clinic 24, Salem, OR 97301",), None, "Salem"),
        (("Since 1988, Salem, OR 97301",), None, "Salem"),
        (("503-555-0101", "Salem, OR 97301"), None, "Salem"),
        (("Ines Okafor, MD", "Salem, OR 97301"), None, "Salem"),
        (("NPI 1003000126", "Salem, OR 97301"), None, "Salem"),
        (("She lives in Cold Spring, New York",), None, None),
        (("seen on 3/4/2026, Salem, OR",), None, None),
    ],
)
def test_streets_told_by_what_else_they_could_be(lines: tuple[str, ...], street: str | None, city: str | None) -> None:
    found = places_on(sheet(*lines).lines)
    assert (found[0].city[2] if found else None) == city
    assert (found[0].street[2] if found and found[0].street else None) == street


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Physical Therapist Ines Okafor", ["Ines Okafor"]),
        ("Dr. Ines Okafor", ["Ines Okafor"]),
        ("Dra. Ines Okafor, MD", ["Ines Okafor"]),
        ("Family Nurse Practitioner Ines Okafor, NP", ["Ines Okafor"]),
        ("Harrow Spine Care", []),
        ("Okafor Physical Therapist Services", []),
        ("I asked Dr. Ines Okafor about it", []),
    ],
)
def test_a_profession_is_no_part_of_the_name_behind_it(line: str, names: list[str]) -> None:
    assert [p.name for p in people_on(sheet(line).lines[0])] == names


@pytest.mark.parametrize(("written", "name", "credentials"), [
    ("Absalom Featherstone, M. D.", "Absalom Featherstone", ("MD",)), ("Featherstone, Absalom D.", "Absalom D. Featherstone", ()), ("Dra. Marisol Rivera", "Marisol Rivera", ())])  # fmt: skip
def test_degrees_with_a_space_are_no_given_name(written: str, name: str, credentials: tuple[str, ...]) -> None:
    read = read_person(written)
    assert read is not None
    assert (read.name, read.credentials) == (name, credentials)


@pytest.mark.parametrize(
    ("words", "payer"),
    [
        ("To the flexible spending desk at Quillon Reed:", "Quillon Reed"),
        ("To whom it may concern at Quillon Benefits:", "Quillon Benefits"),
        ("To whom it may concern (Quillon Foundry spending plan):", "Quillon Foundry"),
        ("I ask Quillon to reimburse a pillow for her neck pain.", "Quillon"),
        ("She is insured with your company, Quillon Life, since May.", "Quillon Life"),
        ("Her flexible spending account with Quillon & Reed pays for it.", "Quillon & Reed"),
        ("This is an appeal of Quillon's denial dated May 1, 2026.", "Quillon"),
        ("I ask Alma to try the pillow.", None),
        ("Her plan of care with Harrow Physical Therapy goes on.", None),
        ("I covered the wound with Mepilex.", None),
        ("The insurance Ana Ruiz has is unknown.", None),
        ("Her account of the fall in January is plain.", None),
        ("She is a member of the choir at Saint Alban Church.", None),
    ],
)
def test_the_payer_in_words(words: str, payer: str | None) -> None:
    page = sheet("Harrow Spine Clinic", "9 Orchard Row, Salem, OR 97301", "", "May 4, 2026", "", words, "", "Alma Corrick has neck pain.")
    assert read_recipient(page)["recipient.payer"].value == payer


HEAD = "      Harrow Spine Clinic\n      9 Orchard Row, Salem, OR 97301\n      503-555-0101\n\n      May 4, 2026\n\n"
REST = "\n\n      Ms. Alma Corrick has chronic neck pain. I recommend a cervical pillow.\n\n      Sincerely,\n\n      Ines Okafor, MD\n"


@pytest.mark.parametrize(
    ("block", "greeting", "payer"),
    [
        ("      Northquay\n      PO Box 5510\n      Erie, PA 16501", "Dear Reviewer:", "Northquay"),
        ("      Attn: Flex Claims\n      Vireo Partners\n      44 Lake Blvd\n      Erie, PA 16501", "To the reviewer:", "Vireo Partners"),
        ("      Ms. Dorothea Finch\n      Claims Examiner\n      Vireo Point\n      44 Lake Blvd\n      Erie, PA 16501", "Dear Ms. Finch:", "Vireo Point"),
        ("      Baywater Community\n      Orthotics Review", "To the reviewer:", "Baywater Community"),
        ("      Alma Corrick\n      70 Tolman Street\n      Salem, OR 97302", "Dear Ms. Corrick:", None),
        ("      Alma Corrick\n      70 Tolman Street\n      Salem, OR 97302", "Dear Alma,", None),
        ("      CONFIDENTIAL\n      PO Box 5510", "Dear Reviewer:", None),
        ("      Patient: Alma Corrick\n      70 Tolman Street\n      Salem, OR 97302", "Dear Reviewer:", None),
    ],
)
def test_the_payer_in_the_block_a_letter_is_sent_to(block: str, greeting: str, payer: str | None) -> None:
    fields = letter_fields(Sheet(typed(HEAD + block + "\n\n      " + greeting + REST), (1,), "letter"))
    assert fields["recipient.payer"].value == payer
    assert fields["practice.name"].value == "Harrow Spine Clinic"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Alma Corrick has neck pain. I ask for a pillow.", "Alma Corrick"),
        ("I ask Quillon to reimburse Alma Corrick from her health savings account.", "Alma Corrick"),
        ("Alma Corrick, the daughter of your insured Roland Corrick, has neck pain.", "Alma Corrick"),
        ("Ana Ruiz has seen her. Alma Corrick has neck pain.", None),
        ("The Harrow Academy has advised it.", None),
    ],
)
def test_the_one_person_of_whom_a_letter_speaks(said: str, name: str | None) -> None:
    assert letter_fields(sheet("May 4, 2026", "", "Dear Reviewer:", "", said, "", "Sincerely,", "", "Ines Okafor, MD"))["patient.name"].value == name


@pytest.mark.parametrize(("text", "iso"), [
    ("0 3 / 0 3 / 2 0 2 6", "2026-03-03"), ("0 3 0 4 2 0 2 6", "2026-03-04"), ("| 0 | 3 | 0 | 4 | 2 | 0 | 2 | 6 |", "2026-03-04"),
    ("1 3 4 0 2 0 2 6", None), ("03/04/2026", None), ("1 2 3 4 5", None), ("4 5 visits 2 0 2 6", None)])  # fmt: skip
def test_days_with_a_cell_for_each_digit(text: str, iso: str | None) -> None:
    read = combed(text, 0, len(text))
    assert (read.iso if read else None) == iso


@pytest.mark.parametrize(("text", "board"), [
    ("Diplomate, American Board of Internal Medicine", True), ("Fellow of the American Academy of Pediatrics", True), ("Board Certified in Neurology", True),
    ("Fellows Clinic", False), ("American Family Care", False), ("Boardwalk Dental", False)])  # fmt: skip
def test_boards_are_no_office(text: str, board: bool) -> None:
    assert (BOARD.match(text) is not None) is board


@pytest.mark.parametrize(("text", "specialty"), [
    ("Allergy, Asthma & Immunology", "Allergy, Asthma & Immunology"), ("Osteopathic Family Medicine", "Osteopathic Family Medicine"), ("Marsh Family Medicine", None),
    ("Medical Director", None), ("Harrow Allergy Clinic", None)])  # fmt: skip
def test_specialties_of_several_fields(text: str, specialty: str | None) -> None:
    assert specialty_in(text) == specialty


@pytest.mark.parametrize(("title", "name"), [
    ("LETTER OF MEDICAL NECESSITY - COMPRESSION GARMENTS", None), ("LETTER OF MEDICAL NECESSITY - ALMA CORRICK", "Alma Corrick"), ("Letter of Medical Necessity for Alma Corrick", "Alma Corrick")])  # fmt: skip
def test_a_heading_names_a_patient_or_a_thing(title: str, name: str | None) -> None:
    page = sheet("Harrow Spine Clinic", "", title, "", "May 4, 2026", "", "The above patient needs this for twelve months, born April 2, 1971.", "", "Ines Okafor, MD")
    assert letter_fields(page)["patient.name"].value == name


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Request: S1040", None), ("Request no. S1040-22", "S1040-22"), ("Claim number: FC-2026-0095", "FC-2026-0095"), ("Our reference: 26-4410", None),
    ],
)  # fmt: skip
def test_claims_and_codes(line: str, number: str | None) -> None:
    page = sheet("Harrow Spine Clinic", "", "May 4, 2026", "", line, "", "To the reviewer:", "", "Alma Corrick has neck pain.", "", "Ines Okafor, MD")
    assert letter_fields(page)["claim_number"].value == number


def test_a_number_in_the_foot_is_the_papers_own() -> None:
    page = "      May 4, 2026\n\n      To the reviewer:\n\n      Alma Corrick has neck pain.\n\n      Ines Okafor, MD" + 50 * "\n" + "      Document ID: 8f21-c07e-4b\n"
    assert letter_fields(Sheet(typed(page), (1,), "letter"))["claim_number"].value is None


@pytest.mark.parametrize(
    ("foot", "signed"),
    [
        (("Ines Okafor, MD   Date: 05/06/2026",), "2026-05-06"),
        (("Ines Okafor, MD", "Date: 05/06/2026"), "2026-05-06"),
        (("Ines Okafor, MD", "Date of visit: 05/06/2026"), None),
    ],
)
def test_a_day_beside_the_signer_is_that_of_signing(foot: tuple[str, ...], signed: str | None) -> None:
    fields = letter_fields(sheet("Harrow Spine Clinic", "", "May 4, 2026", "", "To the reviewer:", "", "Alma Corrick has neck pain.", "She needs a pillow.", "", *foot))
    assert (fields["letter_date"].value, fields["provider.signature_date"].value) == ("2026-05-04", signed)


def test_labels_in_two_languages() -> None:
    page = """      Nombre / Name                 Fecha de nacimiento / Date of birth
                                    (MM/DD/YYYY)
      Alma Corrick                  04/02/1971

      Clínica / Practice            Especialidad / Specialty
      Harrow Spine Clinic           Pain Medicine

      Firma / Signature             Fecha / Date
                                    05/04/2026
"""
    fields = letter_fields(Sheet(typed(page), (1,), "form"))
    wanted = {"patient.name": "Alma Corrick", "patient.dob": "1971-04-02", "practice.name": "Harrow Spine Clinic", "provider.specialty": "Pain Medicine", "letter_date": "2026-05-04"}
    assert {name: fields[name].value for name in wanted} == wanted


def test_the_list_of_office_words_has_a_source_for_each_and_three_senses() -> None:
    assert all(pattern.search(word) for pattern, word in ((ORGANISATION, "Harrow Dermatology"), (KIND, "Harrow Commons"), (HOUSE, "Harrow Works")))
    assert not any(pattern.search("Harrow & Vale") for pattern in (ORGANISATION, KIND, HOUSE))
