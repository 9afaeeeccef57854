"""The desk in a real Chromium: a letter decided by keys alone, a correction from the page, a request to a provider, two
people on one letter, a hostile letter, a lost connection, every key, accessibility."""

import json
from collections.abc import Callable
from pathlib import Path

import axe_core_python
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipeline.desk.keys import KEYS
from pipeline.desk.office import Office
from pipeline.ledger import labels
from tests.desk.bench import ATTACK, GOOD, Browser, letter_in

Browse = Callable[[str], Browser]
AXE = Path(axe_core_python.__file__).parent / "axe.min.js"


def test_a_good_letter_is_decided_in_at_most_six_keystrokes(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.go("/?queue=decide")
    keys = ["j", Keys.ENTER]
    ana.press(*keys)
    ana.ready()
    last = ["y", Keys.ENTER]
    ana.press(*last)
    ana.until(lambda: office.find(letter).state == "decided")
    decision = office.ledger.decisions_on(letter)[-1]
    assert (decision.who, decision.what, len(keys + last) <= 6) == ("ana", "approved", True)
    assert ana.complaints() == []


def test_a_decision_is_undone_by_one_key(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.press("y", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided" and letter not in ana.driver.current_url)
    ana.open(letter)
    ana.press("z")
    ana.until(lambda: office.find(letter).state == "open")
    assert [d.what for d in office.ledger.decisions_on(letter)] == ["approved", "undo"]


def test_words_clicked_on_the_page_fill_the_focused_value_with_their_evidence(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "attachment.pdf"), browse("ana")
    ana.open(letter)
    document = office.document(office.find(letter).receipt_id)
    words = [w for w in document.pages[0].words if w.text.isalpha() and len(w.text) > 4][:1]
    ana.js("document.querySelector('.slot[data-path=\"practice.name\"]').focus()")
    place = ana.js(
        "const [x, y] = arguments, box = document.querySelector('figure .boxes'), p = new DOMPoint(x, y).matrixTransform(box.getScreenCTM()); return [p.x, p.y]",
        (words[0].box[0] + words[0].box[2]) / 2, (words[0].box[1] + words[0].box[3]) / 2,
    )  # fmt: skip
    ana.click_at(*place)
    ana.until(lambda: ana.js("return document.activeElement.value") == words[0].text)
    ana.press(Keys.ENTER)
    ana.until(lambda: len(_labels(office, letter)) == 1)
    label = _labels(office, letter)[0]
    assert label.kind == "correct" and label.correction.value == words[0].text
    assert label.correction.evidence.quote == words[0].text and label.correction.evidence.holds_in(document)
    ana.said("Kept")
    assert ana.js("return document.querySelector('.slot[data-path=\"practice.name\"] input').value") == words[0].text


def test_a_correction_is_judged_at_once_and_what_changed_is_shown(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.key_in("patient.dob", "01/02/1903")
    ana.until(lambda: "match" in ana.text("#changes"))
    assert office.find(letter).queue == "match"
    ana.press("z")
    ana.until(lambda: office.find(letter).queue == "decide")


def test_a_value_that_a_field_cannot_hold_is_told_beside_it(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.key_in("letter_date", "next tuesday")
    ana.until(lambda: "03/14/2026" in ana.text('.slot[data-path="letter_date"] .wrong'))
    assert _labels(office, letter) == []


def test_a_request_to_the_provider_is_drafted_edited_and_made(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "portal/letter-of-medical-necessity.pdf"), browse("ana")
    ana.open(letter)
    ana.press("i")
    ana.until(lambda: letter in ana.js("return document.querySelector('[data-draft]').value"))
    ana.press("Please answer soon. ")
    ActionChains(ana.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    ana.until(lambda: office.find(letter).state == "asked")
    assert office.ledger.decisions_on(letter)[-1].what == "request_info"
    text = ana.js(f"const r = new XMLHttpRequest(); r.open('GET', '/letter/{letter}/draft', false); r.send(); return JSON.parse(r.responseText).text")
    assert "Please answer soon." in text
    size = ana.js(f"const r = new XMLHttpRequest(); r.open('GET', '/letter/{letter}/draft.docx', false); r.send(); return r.responseText.slice(0, 2)")
    assert size == "PK"


def test_of_two_people_on_one_letter_the_second_is_told(office: Office, browse: Browse) -> None:
    letter = letter_in(office, GOOD)
    ana, ben = browse("ana"), browse("ben")
    ana.open(letter)
    ben.open(letter)
    ana.press("y", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided")
    ben.press("l", Keys.ENTER)
    ben.until(lambda: "ana was faster" in ben.text("#line"))
    assert [d.who for d in office.ledger.decisions_on(letter)] == ["ana"]


def test_a_hostile_letter_is_shown_and_harms_nothing(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, ATTACK), browse("ana")
    ana.open(letter)
    evil = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
    ana.key_in("practice.name", evil)
    ana.until(lambda: len(_labels(office, letter)) == 1)
    ana.open(letter)
    assert ana.js("return document.querySelector('.slot[data-path=\"practice.name\"] input').value") == evil
    assert "owned" not in ana.driver.title and "onerror=alert(1)" in ana.text(".top h1")
    assert ana.js("return document.querySelectorAll('.facts script, .facts img, .facts [onerror]').length") == 0
    ana.go("/?state=any")
    assert ana.complaints() == []
    text = ana.js("const r = new XMLHttpRequest(); r.open('GET', '/list.csv?state=any', false); r.send(); return r.responseText")
    assert not any(cell.lstrip('"').startswith(("=", "+", "@")) for line in text.splitlines() for cell in line.split(","))


def test_a_lost_connection_loses_nothing(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.driver.execute_cdp_cmd("Network.enable", {})
    ana.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    ana.press("c")
    ana.press("called the practice", Keys.ENTER)
    ana.until(lambda: "No connection" in ana.text("#line"))
    assert json.loads(ana.js("return localStorage.getItem('lmn-unsent')"))[0]["body"]["text"] == "called the practice"
    ana.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    ana.until(lambda: any(e.kind == "noted" for e in office.ledger.events_of(office.find(letter).receipt_id)))
    ana.until(lambda: ana.js("return JSON.parse(localStorage.getItem('lmn-unsent')).length") == 0)


PANELS = {"approve": "approve", "deny": "deny", "ask": "ask", "notLetter": "notLetter", "duplicate": "duplicate", "reassign": "reassign", "move": "move", "note": "note"}


def test_every_key_of_the_letter_page_does_what_the_list_says(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "attachment.pdf"), browse("ana")
    pressed = set()
    names = {k.key: k.act for k in KEYS if k.page in ("letter", "all")}
    for key, act in names.items():
        ana.open(letter)
        ana.until(lambda: ana.js("return JSON.parse(localStorage.getItem('lmn-unsent') || '[]').length") == 0)
        ana.js("document.getElementById('facts').focus()")
        if act in ("accept", "edit", "absent", "open"):
            ana.press("n")
        before = _signs(ana, office, letter)
        ana.press(getattr(Keys, key.upper()) if len(key) > 1 else key)
        if act == "leave":
            ana.press("?")
            ana.press(Keys.ESCAPE)
            assert ana.js("return document.getElementById('help').hidden")
        elif act in PANELS:
            assert not ana.js("return document.querySelector(`.panel[data-panel=\"${arguments[0]}\"]`).hidden", PANELS[act]), key
        elif act in ("pageNext", "pageBack", "previous", "next"):
            pass
        else:
            ana.until(lambda before=before: _signs(ana, office, letter) != before)
        pressed.add(act)
    assert pressed == set(names.values())


def _signs(ana: Browser, office: Office, letter: str) -> tuple[object, ...]:
    """What a key may change: the address, the focus, help, zoom, turn, what is said, the letter's version."""
    seen = ana.js(
        "const p = document.querySelector('.pages'); return [location.href, document.activeElement.outerHTML.slice(0, 90), document.getElementById('help').hidden,"
        "p?.style.cssText, document.querySelector('.paper')?.style.transform, document.getElementById('told')?.textContent]"
    )
    return (*seen, office.find(letter).version)


def test_the_list_is_walked_searched_and_taken_from_by_keys(office: Office, browse: Browse) -> None:
    ana = browse("ana")
    ana.press("j")
    first = ana.js("return document.querySelector('tr.here').dataset.letter")
    ana.press("t")
    ana.until(lambda: "ana" in ana.text(f'tr[data-letter="{first}"] td:last-child'))
    assert office.find(first).assigned == "ana"
    ana.press("/")
    ana.press(office.find(first).claims.split(",")[0] or office.find(first).patient, Keys.ENTER)
    ana.until(lambda: "q=" in ana.driver.current_url)
    assert first in [r.get_attribute("data-letter") for r in ana.driver.find_elements(By.CSS_SELECTOR, "tr[data-letter]")]
    ana.press("?")
    shown = ana.text("#help")
    assert all(k.says in shown for k in KEYS if k.page in ("list", "all"))


@pytest.mark.parametrize("page", ["/", "letter", "/files", "/labels", "/people", "/audit", "/password"])
def test_no_serious_fault_of_accessibility(page: str, office: Office, browse: Browse) -> None:
    ada = browse("ada")
    ada.go(f"/letter/{letter_in(office, 'attachment.pdf')}" if page == "letter" else page)
    ada.js(AXE.read_text(encoding="utf-8"))
    found = ada.driver.execute_async_script("const done = arguments[arguments.length - 1]; axe.run().then((r) => done(r.violations), (e) => done([{id: String(e), impact: 'serious', nodes: []}]))")
    bad = [(v["id"], [n["html"][:120] for n in v["nodes"]][:4]) for v in found if v["impact"] in ("serious", "critical")]
    assert bad == []


def test_the_page_works_at_twice_the_size(office: Office, browse: Browse) -> None:
    """200 % zoom of a 1280 wide screen is 640 wide: nothing is cut off, no scrolling in two directions."""
    ana = browse("ana")
    ana.driver.set_window_size(640, 900)
    ana.open(letter_in(office, GOOD))
    assert ana.js("return document.documentElement.scrollWidth <= innerWidth")
    ana.press("y", Keys.ENTER)
    ana.until(lambda: office.find(letter_in(office, GOOD)).state == "decided")


def _labels(office: Office, letter: str) -> list[labels.Label]:
    with office.ledger.reading() as c:
        return labels.labels(c, letter)
