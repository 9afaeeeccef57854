"""People's ways through the desk in a real Chromium: the first log-in, a second reading, files dropped, two tabs, typing
while the server is slow, what a letter's words may not do."""

import base64
import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipeline.codes.reference import reference_of
from pipeline.desk import access
from pipeline.desk.deeds import Deed, decided
from pipeline.desk.keys import KEYS
from pipeline.desk.office import Office
from pipeline.process import run_all
from tests.desk.bench import ATTACK, DAY, GOOD, LONG, PASSWORD, Browser, drawn_pdf, letter_in
from tests.homes import settings_at

Browse = Callable[[str], Browser]
HOLD = """const real = window.fetch; window.held = [];
window.fetch = (to, how) => how?.method === 'POST' ? new Promise((go) => window.held.push(() => go(real(to, how)))) : real(to, how);"""
UNSENT = "return JSON.parse(localStorage.getItem('lmn-unsent') || '[]').length"
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


@pytest.mark.parametrize("where", ["value", "note", "search"])
def test_an_answer_that_comes_late_takes_no_key_from_what_is_being_typed(where: str, office: Office, browse: Browse) -> None:
    """The right side is made anew when the server answers; before this was mended the focus went with it, a '/' typed
    from then on opened the search, and 'x' took a value out."""
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.js(HOLD)
    ana.key_in("practice.name", "A Practice")
    ana.until(lambda: ana.js("return window.held.length") == 1)
    field = {"value": "document.querySelector('.slot[data-path=\"provider.name\"] input')", "note": "document.querySelector('.panel [name=text]')",
             "search": "document.getElementById('search')"}[where]  # fmt: skip
    if where == "note":
        ana.press(Keys.ESCAPE, "c")
    ana.js(f"const f = {field}; f.focus(); f.select()")
    ana.press("one/x")
    ana.js("window.held.shift()()")
    ana.said("Kept")
    ana.press(" y/two")
    assert ana.js(f"const f = {field}; return [f.value, document.activeElement === f]") == ["one/x y/two", True]
    assert ana.js("return [...document.querySelectorAll('.panel')].filter((p) => !p.hidden).length") == (1 if where == "note" else 0)


@pytest.mark.parametrize("where", ["value", "search", "request"])
def test_every_key_typed_into_a_field_is_a_letter_and_no_command(where: str, office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    if where == "request":
        ana.press("i")
        ana.until(lambda: reference_of(letter) in ana.js("return document.querySelector('[data-draft]').value"))
    field = {"value": ".slot[data-path='practice.name'] input", "search": "#search", "request": "[data-draft]"}[where]
    every = "".join(k.key for k in KEYS if len(k.key) == 1)
    state = "return [location.pathname, document.getElementById('help').hidden, [...document.querySelectorAll('.panel')].map((p) => p.hidden).join(), localStorage.getItem('lmn-unsent')]"
    ana.js("const f = document.querySelector(arguments[0]); f.focus(); f.select()", field)
    before = ana.js(state)
    ana.press(every)
    assert ana.js("return document.querySelector(arguments[0]).value", field) == every
    assert ana.js(state) == before and office.find(letter).version == 0


def test_the_help_names_every_key_of_the_page(office: Office, browse: Browse) -> None:
    ana = browse("ana")
    for page, address in (("list", "/"), ("letter", f"/letter/{letter_in(office, GOOD)}")):
        ana.go(address)
        ana.press("?")
        shown = ana.js("return [...document.querySelectorAll('#help dl div')].map((d) => [d.querySelector('kbd').textContent, d.querySelector('dd').textContent])")
        assert {tuple(each) for each in shown} == {(k.key, k.says) for k in KEYS if k.page in (page, "all")}


def test_what_is_half_typed_outlives_the_page(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.js("const i = document.querySelector('.slot[data-path=\"practice.name\"] input'); i.focus(); i.select()")
    ana.press("Half a na")
    ana.open(letter)
    ana.said("press Enter to keep it now")
    ana.press("me", Keys.ENTER)
    ana.said("Kept")
    assert ana.js("return document.querySelector('.slot[data-path=\"practice.name\"] input').value") == "Half a name"


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


def test_files_dropped_into_the_page_become_letters(office: Office, browse: Browse) -> None:
    lines = ("Quince Street Clinic", "12 Mill Lane, Dayton, Ohio 45402", "May 4, 2026", "Letter of Medical Necessity", "Patient: Odile Farrow  Date of Birth: 03/04/1980",
             "Diagnosis: chronic low back pain (M54.50)", "I recommend massage therapy, twice a week for six months; it is medically necessary.", "Jane Roe, MD")  # fmt: skip
    lea = browse("lea")
    lea.go("/files")
    lea.js("""const bytes = Uint8Array.from(atob(arguments[0]), (c) => c.charCodeAt(0)), bag = new DataTransfer();
        bag.items.add(new File([bytes], '../new letter.pdf', { type: 'application/pdf' }));
        document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer: bag, bubbles: true, cancelable: true }))""", base64.b64encode(drawn_pdf(lines)).decode())  # fmt: skip
    lea.until(lambda: "1 file(s) put into the inbox" in lea.text("main"))
    assert [p.name for p in (office.settings.inbox / "desk").iterdir()] == ["new letter.pdf"]
    run_all(settings_at(office.settings.home), DAY)
    office.refresh()
    lea.go("/files?name=new+letter")
    lea.one(".files a").click()
    lea.ready()
    assert "Odile Farrow" in lea.text(".top h1")


def test_one_person_in_two_tabs_is_told_of_her_own_other_tab(office: Office, browse: Browse) -> None:
    letter, other, ana = letter_in(office, GOOD), letter_in(office, LONG), browse("ana")
    ana.open(letter)
    ana.driver.switch_to.new_window("tab")
    ana.open(letter)
    one, two = ana.driver.window_handles
    ana.press("y", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided")
    ana.until(lambda: letter not in ana.driver.current_url)
    ana.open(other)
    ana.press("t")
    ana.until(lambda: office.find(other).assigned == "ana")
    ana.driver.switch_to.window(one)
    ana.press("l", Keys.ENTER)
    ana.until(lambda: "ana was faster" in ana.text("#line"))
    assert [d.what for d in office.ledger.decisions_on(letter)] == ["approved"]
    ana.driver.switch_to.window(two)
    ana.until(lambda: ana.js(UNSENT) == 0)


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
