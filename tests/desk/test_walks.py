"""People's ways through the desk in a real Chromium: the first log-in, a reopened letter, a second reading, files dropped,
what leaves the desk."""

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipeline.codes.reference import reference_of
from pipeline.desk import access
from pipeline.desk.deeds import Deed, decided
from pipeline.desk.office import Office
from pipeline.process import run_all
from tests.desk.bench import ATTACK, DAY, GOOD, PASSWORD, Browser, drawn_pdf, letter_in
from tests.homes import settings_at

Browse = Callable[[str], Browser]
FETCH = """const done = arguments[arguments.length - 1];
fetch(arguments[0]).then(async (answer) => {
  const reader = new FileReader();
  reader.onload = () => done([answer.headers.get('content-disposition'), reader.result.split(',')[1]]);
  reader.readAsDataURL(await answer.blob());
}).catch((fault) => done([String(fault), '']))"""


def fetched(browser: Browser, path: str) -> tuple[str, bytes]:
    """The name under which a file is given out, and its bytes."""
    named, content = browser.driver.execute_async_script(FETCH, path)
    return str(named), base64.b64decode(content)


def test_the_first_log_in_changes_the_password_and_goes_where_one_wanted(office: Office, browse: Browse) -> None:
    once, new = access.add_user(office, "nia", "examiner", "ada"), browse("")
    new.go("/files")
    for password, then in (("wrong", "not right"), (once, "one-time password has to be changed")):
        new.one("[name=name]").send_keys("nia")
        new.one("[name=password]").send_keys(password + Keys.ENTER)
        new.until(lambda then=then: then in new.text("main"))
    new.go("/")
    assert new.driver.current_url.endswith("/password")
    new.one("[name=old]").send_keys(once)
    new.one("[name=new]").send_keys(PASSWORD + Keys.ENTER)
    new.until(lambda: "All to do" in new.text(".queues"))
    new.one(".me summary").click()
    new.one(".me button").click()
    new.until(lambda: new.driver.current_url.endswith("/login"))


def test_a_decided_letter_is_reopened_by_a_lead_with_a_reason(office: Office, browse: Browse) -> None:
    letter, ana, lea = letter_in(office, GOOD), browse("ana"), browse("lea")
    ana.open(letter)
    ana.press("y", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided" and letter not in ana.driver.current_url)
    ana.open(letter)
    assert not ana.one('[data-act="approve"]').is_displayed() and not ana.driver.find_elements(By.CSS_SELECTOR, '[data-act="reopen"]')
    lea.open(letter)
    assert "approved by ana" in lea.text(".standing").lower()
    lea.press("b")
    lea.press("another plan year", Keys.ENTER)
    lea.until(lambda: office.find(letter).state == "open" and lea.one('[data-act="approve"]').is_displayed())
    assert office.ledger.decisions_on(letter)[-1].reason == "another plan year"


def test_a_letter_is_read_a_second_time_blind_and_the_difference_settled(office: Office, browse: Browse) -> None:
    office.settings = office.settings.model_copy(update={"second_share": 1.0})
    letter = letter_in(office, GOOD)
    decided(office, Deed("ana", letter, office.find(letter).version, "token"), "approved", "", "")
    ana, ben, lea = browse("ana"), browse("ben"), browse("lea")
    ana.go("/quality")
    assert not ana.driver.find_elements(By.CSS_SELECTOR, f'a[href="/quality/{letter}"]')
    ben.go("/quality")
    ben.one(f'a[href="/quality/{letter}"]').click()
    ben.until(lambda: ben.js("return document.querySelector('.pages img')?.naturalWidth > 100"))
    assert ben.js("return [...document.querySelectorAll('form[autocomplete=off] input:not([type=hidden])')].every((i) => !i.value)")
    assert "ana" not in ben.text("main") and "approved by" not in ben.text("main").lower()
    case = office.case(office.find(letter))
    for name in ("patient.name", "patient.member_id", "provider.name", "provider.npi", "practice.name"):
        box = ben.driver.find_elements(By.NAME, name)
        if box:
            box[0].send_keys(str(case.letter[name].value or ""))
    ben.one("[name='patient.dob']").send_keys("01/02/1903")
    ben.one("[name=decision]").send_keys("approved")
    ben.one("form[autocomplete=off] button.main").click()
    ben.until(lambda: "agree" in ben.text(".good"))
    lea.go(f"/quality/{letter}/ben")
    lea.one("input[name='right:patient.dob'][value=second]").click()
    lea.one("form.card button.main").click()
    lea.until(lambda: "1 letters reopened" in lea.text("main"))
    assert office.find(letter).state == "open"


def test_a_file_is_dropped_let_out_and_asked_for_again_with_a_reason(office: Office, browse: Browse, tmp_path: Path) -> None:
    (tmp_path / "=new letter.pdf").write_bytes(b"%PDF-1.4 nothing")
    lea = browse("lea")
    lea.go("/files")
    assert "needs a password" in lea.text(".files")
    lea.one("input[type=file]").send_keys(str(tmp_path / "=new letter.pdf"))
    lea.one("#drop button").click()
    lea.until(lambda: "1 file put into the inbox" in lea.text("main"))
    assert [p.name for p in (office.settings.inbox / "desk").iterdir()] == ["_new letter.pdf"]
    lea.one('form[action$="/release"] input[name=reason]').send_keys("the sender gave the password by phone" + Keys.ENTER)
    lea.until(lambda: "let out by lea: the sender gave" in lea.text(".files"))
    assert office.ledger.accounts().quarantined == 0 and office.ledger.accounts().balanced
    day = lea.js("const r = new XMLHttpRequest(); r.open('GET', '/files/day.csv?day=' + document.querySelector('form[action=\"/files/day.csv\"] input').value, false); r.send(); return r.responseText")
    receipts = {r.receipt.sha256 for r in office.ledger.receipts()}
    assert all(h in day for h in receipts) and lea.complaints() == []


def test_files_dropped_into_the_page_become_letters(office: Office, browse: Browse) -> None:
    lines = ("Quince Street Clinic", "12 Mill Lane, Dayton, Ohio 45402", "May 4, 2026", "Letter of Medical Necessity", "Patient: Odile Farrow  Date of Birth: 03/04/1980",
             "Diagnosis: chronic low back pain (M54.50)", "I recommend massage therapy, twice a week for six months; it is medically necessary.", "Jane Roe, MD")  # fmt: skip
    lea = browse("lea")
    lea.go("/files")
    lea.js("""const bytes = Uint8Array.from(atob(arguments[0]), (c) => c.charCodeAt(0)), bag = new DataTransfer();
        bag.items.add(new File([bytes], '../new letter.pdf', { type: 'application/pdf' }));
        document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer: bag, bubbles: true, cancelable: true }))""", base64.b64encode(drawn_pdf(lines)).decode())  # fmt: skip
    lea.until(lambda: "1 file put into the inbox" in lea.text("main"))
    assert [p.name for p in (office.settings.inbox / "desk").iterdir()] == ["new letter.pdf"]
    run_all(settings_at(office.settings.home), DAY)
    office.refresh()
    lea.go("/files?name=new+letter")
    lea.one(".files a").click()
    lea.ready()
    assert "Odile Farrow" in lea.text(".top h1")


def test_what_the_provider_gets_is_what_stood_on_the_screen(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "portal/document (2).pdf"), browse("ana")
    ana.open(letter)
    ana.press("i")
    ana.until(lambda: reference_of(letter) in ana.js("return document.querySelector('[data-draft]').value"))
    ana.press("Kindly answer by fax. ")
    ana.said("Draft kept")
    named, docx = fetched(ana, f"/letter/{letter}/request/provider.docx")
    assert f"{reference_of(letter)}-provider.docx" in named
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        assert b"Kindly answer by fax." in parts.read("word/document.xml")
    named, pdf = fetched(ana, f"/letter/{letter}/request/provider.pdf")
    assert f"{reference_of(letter)}-provider.pdf" in named and pdf.startswith(b"%PDF")


def test_an_attack_letters_words_are_data_in_every_file_that_leaves(office: Office, browse: Browse) -> None:
    letter, lea = letter_in(office, ATTACK), browse("lea")
    _, sheet = fetched(lea, "/list.xlsx?state=any")
    cells = [cell for row in load_workbook(io.BytesIO(sheet)).active.iter_rows() for cell in row]
    assert any("onerror" in str(c.value) for c in cells) and not [c.coordinate for c in cells if c.data_type == "f"]
    assert [c.is_date for c in cells if c.row == 2 and cells[c.column - 1].value == "received"] == [True]
    day = office.find(letter).received
    for path in ("/list.csv?state=any", f"/files/day.csv?day={day}"):
        _, text = fetched(lea, path)
        assert not [cell for line in text.decode("utf-8-sig").splitlines() for cell in line.split(",") if cell.lstrip('"')[:1] in ("=", "+", "@")], path
    named, content = fetched(lea, f"/letter/{letter}/original")
    assert named == f'attachment; filename="{reference_of(letter)}.pdf"' and content.startswith(b"%PDF")
    lea.open(letter)
    assert lea.complaints() == [] and "owned" not in lea.driver.title
