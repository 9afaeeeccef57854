"""Where one letter ends and the next begins: two patients must never become one letter."""

import pytest

from pipeline.model import DocumentText, Page, Word, lay_out
from pipeline.parse.pages import class_of, kind_of, segments_of
from tests.parse.kinds_of_pages import PAGES

ASK = "I ask that a bath lift is approved. It is medically necessary to treat her arthritis (M17.0)."
HEAD = ("Juniper Clinic", "May 4, 2026", "Patient: Ida Moreau", "DOB: 02/26/1983")
OTHER = ("Juniper Clinic", "May 4, 2026", "Patient: Olof Berg", "DOB: 09/13/2014")

CASES = [
    ("two patients, no salutation", [(*HEAD, ASK, "Sincerely,", "Ada Moss, MD"), (*OTHER, ASK, "Sincerely,", "Ada Moss, MD")], [(1,), (2,)]),
    ("two salutations", [("Dear Reviewer:", ASK, "Sincerely,", "Ada Moss, MD"), ("Dear Reviewer:", ASK, "Sincerely,", "Ada Moss, MD")], [(1,), (2,)]),
    ("second page with a running head", [(*HEAD, ASK), ("Ida Moreau, May 4, 2026, page 2", ASK, "Sincerely,", "Ada Moss, MD")], [(1, 2)]),
    ("second page without a head", [(*HEAD, ASK), ("She was seen on April 2, 2026.", ASK, "Sincerely,", "Ada Moss, MD")], [(1, 2)]),
    ("a doctor is greeted", [("June 2, 2026", "Subject: request for coverage of a bath lift", "Dear Doctor:", "She has arthritis (M17.0)."),
                             ("page two", ASK, "Sincerely,", "Ada Moss, MD")], [(1, 2)]),
]  # fmt: skip


def document(pages: list[tuple[str, ...]]) -> DocumentText:
    made = []
    for number, lines in enumerate(pages, 1):
        laid = []
        for n, line in enumerate(lines):
            at, words = 72.0, []
            for token in line.split():
                words.append(Word(text=token, box=(at, 60 + 22 * n, at + 5 * len(token), 70 + 22 * n), confidence=0.99, source="layer", line=0, start=0))
                at += 5 * len(token) + 5
            laid.append(words)
        made.append((Page(number=number, width=612, height=792, origin="layer", quality=0.99), laid))
    text, done = lay_out(made)
    return DocumentText(sha256="0" * 64, text=text, pages=done)


@pytest.mark.parametrize(("pages", "letters"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_letters_are_split(pages: list[tuple[str, ...]], letters: list[tuple[int, ...]]) -> None:
    assert [s.pages for s in segments_of(document(pages)) if s.page_class == "lmn"] == letters


NOTE = ("Office Visit Note", "Patient: Ida Moreau DOB: 02/19/1962", "CC: knee pain", "Assessment: M17.11", "Vitals: BP 132/78", "Plan: brace, return to clinic")
ORDER = ("Detailed Written Order", "Beneficiary: Ida Moreau", "Order date: 04/03/2026", "Length of need: 99 months Dx: G47.33", "Ordering practitioner: Ada Moss, MD")
DENIAL = ("March 20, 2026", "Dear Ida Moreau:", "We are unable to approve the request for a knee brace.", "The information sent does not show that it is medically necessary.",
          "Your provider may send a letter of medical necessity.", "You have the right to appeal within 180 days of this notice.", "Sincerely,", "Medical Director")  # fmt: skip
FORM = ("Certificate of Medical Necessity", "Form CMN-9 Page 1 of 2", "To be completed by the practitioner.", "Why is the item medically necessary?")
FORM_2 = ("Form CMN-9 Page 2 of 2", "Fax 505-555-0120", "NPI 1234567893", "Signature of practitioner")
CLAIM = ("FSA Claim Form", "Employee name: Ida Moreau", "Description of expense: TENS unit", "I certify that these expenses have not been reimbursed by any other plan.")
SEEN = ("Progress note, 04/01/2026", "Ida was seen today in follow up. She reports that sleep is better and denies chest pain.", "Lungs are clear; blood pressure 124/70.", "I recommend that she continue. Return in 3 months.")  # fmt: skip
LETTER = (*HEAD, "Dear Reviewer:", ASK, "Sincerely,", "Ada Moss, MD")

FILES = [
    ("a note with a birth date of 2/19 is no second page", [LETTER, NOTE], [("lmn", (1,)), ("clinical_note", (2,))]),
    ("an order behind a letter", [LETTER, ORDER], [("lmn", (1,)), ("prescription", (2,))]),
    ("a payer's notice before the letter", [DENIAL, LETTER], [("other", (1,)), ("lmn", (2,))]),
    ("a form's second page with a box for the fax number", [FORM, FORM_2], [("lmn", (1, 2))]),
    ("a claim form before the letter", [CLAIM, LETTER], [("other", (1,)), ("lmn", (2,))]),
    ("an advertisement that speaks of letters", [("Your HSA can pay for a better night.", "Meet the Fernbed mattress.", "With a letter of medical necessity you could save 30%.", "Take a short survey.")], [("other", (1,))]),
    ("a form's second page with an empty box for the fax", [FORM, ("Page 2", "Phone", "Fax", "(918) 555-0131", "NPI", "Signature")], [("lmn", (1, 2))]),
    ("a letter on a prescription pad", [("Ada Moss, MD", "Name Ida Moreau", "\u211e", "LMN for HSA: vitamin D daily", "Dx: vitamin D deficiency E55.9, medically", "necessary to correct the deficiency", "Refills 0")], [("lmn", (1,))]),
    ("a sleep study without sentences", [("ATTENDED POLYSOMNOGRAM", "STUDY DATE 04/11/2026", "AHI 38.4", "TOTAL SLEEP TIME 331 min", "IMPRESSION")], [("clinical_note", (1,))]),
    ("a flyer that speaks of nobody", [("Breathe easy!", "Use your HSA on a home air cleaner. Families with asthma (J45.909) say it helps.", "Offer ends 09/01/2026.", "Our doctors write your letter of medical necessity.")], [("other", (1,))]),
    ("the copy of a card", [("photocopy of card, front", "Member: Ida Moreau", "Card: 7711-20", "Group: 88")], [("id_card", (1,))]),
    ("a letter with a table of nights", [("Dr. Roe's Sleep Clinic", "June 2, 2026", "Ida Moreau (DOB 02/26/1962)", "She suffers from sleep apnea (G47.33).", "AHI 31 lowest SpO2 80", "CPAP was tried and not tolerated.",
                                          "An oral appliance is needed to hold the airway open; we expect an AHI below 10.", "With kind greetings,", "Ada Moss, MD", "NPI 1234567893")], [("lmn", (1,))]),
    ("a note in whole sentences", [SEEN], [("clinical_note", (1,))]),
]


@pytest.mark.parametrize(("pages", "segments"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_pages_are_told_apart(pages: list[tuple[str, ...]], segments: list[tuple[str, tuple[int, ...]]]) -> None:
    found = segments_of(document(pages))
    assert [(s.page_class, s.pages) for s in found] == segments
    assert all(s.because for s in found)


@pytest.mark.parametrize(("page_class", "lines"), PAGES, ids=[f"{n:02d} {c}: {ls[0][:30]}" for n, (c, ls) in enumerate(PAGES)])
def test_kinds_of_pages(page_class: str, lines: tuple[str, ...]) -> None:
    made = document([lines])
    assert class_of(made, made.page(1)).page_class == page_class


def called(number: int, of: int, *lines: str) -> tuple[str, ...]:
    """A page under the line that a fax machine prints, which stands above all else."""
    return (f"05/09/2026 10:1{number} FROM: 6145550111 OAK ST CLINIC TO: 18005550142 PAGE {number}/{of}", *lines)


COVER = ("FAX", "To: Claims department", "From: Oak Street Clinic", "Pages: 3 including cover", "Re: letter")
SHOP = ("SALES RECEIPT", "Receipt # 4471", "Shoe inserts 58.00", "Subtotal 58.00", "Total paid 58.00", "VISA ending 4417")
CALLS = [
    ("cover, letter and receipt in one call", [called(1, 3, *COVER), called(2, 3, *LETTER), called(3, 3, *SHOP)], [("fax_cover", (1,)), ("lmn", (2,)), ("receipt", (3,))]),
    ("a sheet with nothing but the machine's line", [called(1, 2, *LETTER), called(2, 2)], [("lmn", (1,)), ("blank", (2,))]),
    ("a note behind the letter", [called(1, 2, *LETTER), called(2, 2, *NOTE)], [("lmn", (1,)), ("clinical_note", (2,))]),
    ("a letter's own second page", [called(1, 2, *HEAD, "Dear Reviewer:", ASK), called(2, 2, "Ida Moreau, page 2", ASK, "Sincerely,", "Ada Moss, MD")], [("lmn", (1, 2))]),
]


@pytest.mark.parametrize(("pages", "segments"), [c[1:] for c in CALLS], ids=[c[0] for c in CALLS])
def test_a_fax_machine_numbers_no_letter(pages: list[tuple[str, ...]], segments: list[tuple[str, tuple[int, ...]]]) -> None:
    made = document(pages)
    raised = tuple(p.model_copy(update={"words": tuple(w.model_copy(update={"box": (w.box[0], 4.0, w.box[2], 12.0)}) if w.line == 0 else w for w in p.words)}) for p in made.pages)
    found = segments_of(made.model_copy(update={"pages": raised}))
    assert [(s.page_class, s.pages) for s in found] == segments


def test_every_page_keeps_its_signs() -> None:
    found = segments_of(document([(*HEAD, "Dear Reviewer:", ASK), ("page 2", ASK, "Sincerely,", "Ada Moss, MD")]))
    assert len(found) == 1 and "page 2: " in found[0].because


KINDS = [
    ("numbered boxes and questions", ("1. For which condition is it ordered?", "Gout, M10.9", "2. Has another drug been tried?", "Yes, allopurinol", "3. How long is it needed?", "6 months", "4. Goal: uric acid below 6"), "form"),
    ("boxes with colons", tuple(f"{n} {word}: something" for n, word in enumerate(("Patient", "Born", "Item", "Needed for", "Tried", "Signed"), 1)), "form"),
    ("a letter with a numbered list", ("I see Ida for gout.", "1. Allopurinol failed.", "2. Diet failed.", "3. Colchicine failed.", "4. Rest failed.", "My goal: uric acid below 6."), "letter"),
    ("a memorandum", ("To: Plan", "From: Ada Moss, MD", "We ask for a bath lift.", "My patient cannot step into a tub.", "Our therapist agrees."), "letter"),
]


@pytest.mark.parametrize(("lines", "kind"), [k[1:] for k in KINDS], ids=[k[0] for k in KINDS])
def test_forms_are_told_from_letters(lines: tuple[str, ...], kind: str) -> None:
    assert kind_of(document([lines]), (1,)) == kind
