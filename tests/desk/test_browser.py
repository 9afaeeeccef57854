"""The desk in a real Chromium: a letter decided by keys alone, a correction from the page, a request to a provider, two
people on one letter, a hostile letter, a lost connection, every key, accessibility."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipeline.codes.reference import reference_of
from pipeline.desk.keys import KEYS
from pipeline.desk.office import Office
from pipeline.judgement import judge_again
from pipeline.ledger import labels
from pipeline.ledger.labels import Label
from pipeline.model import Correction, Word
from tests.desk.bench import ATTACK, GOOD, LONG, Browser, letter_in

Browse = Callable[[str], Browser]


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
    _click(ana, words[0])
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
    ana.until(lambda: "Decide → Match" in ana.text("#changes"))
    assert office.find(letter).queue == "match"
    ana.press("z")
    ana.until(lambda: office.find(letter).queue == "decide")


def test_a_value_that_a_field_cannot_hold_is_told_beside_it(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.key_in("letter_date", "next tuesday")
    ana.until(lambda: "03/14/2026" in ana.text('.slot[data-path="letter_date"] .wrong'))
    assert _labels(office, letter) == []


def test_a_request_is_drafted_for_both_readers_edited_and_made(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "portal/document (2).pdf"), browse("ana")
    ana.open(letter)
    ana.press("i")
    ana.until(lambda: reference_of(letter) in ana.js("return document.querySelector('[data-draft]').value"))
    ana.press("Please answer soon. ")
    ana.one('[data-reader="member"]').click()
    ana.until(lambda: reference_of(letter) in ana.js("return document.activeElement.value"))
    ana.press("Dear member, ")
    ActionChains(ana.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    ana.said("Point 1 of the request to the provider asks nothing")
    assert office.find(letter).state == "open" and "Dear member, " in ana.js("return document.querySelector('[name=member]').value")
    for reader in ("provider", "member"):
        ana.one(f'[data-reader="{reader}"]').click()
        ana.js("const a = document.activeElement, at = a.value.indexOf('1. ') + 3; a.setSelectionRange(at, at)")
        ana.press("The date on which it was signed.")
    for kind, begins in (("docx", "PK"), ("pdf", "%P")):
        ana.until(lambda kind=kind: f"/request/member.{kind}" in ana.one(f'[data-file="{kind}"]').get_attribute("href"))
        got = f"const r = new XMLHttpRequest(); r.open('GET', '/letter/{letter}/request/member.{kind}', false); r.send(); return [r.responseText.slice(0, 2), r.getResponseHeader('content-disposition')]"
        start, named = ana.js(got)
        assert start == begins and f"{reference_of(letter)}-member.{kind}" in named
    ActionChains(ana.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    ana.until(lambda: office.find(letter).state == "asked")
    assert office.ledger.decisions_on(letter)[-1].what == "request_info"
    texts = json.loads(ana.js(f"const r = new XMLHttpRequest(); r.open('GET', '/letter/{letter}/draft', false); r.send(); return r.responseText"))
    assert "Please answer soon." in texts["provider"] and "Dear member," in texts["member"]


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
    ana.key_in("patient.name", evil)
    ana.said("Kept")  # the label is written before the letter is judged anew: a page opened between shows the old value
    ana.open(letter)
    assert ana.js("return document.querySelector('.slot[data-path=\"patient.name\"] input').value") == evil
    assert ana.driver.title != "owned" and "onerror=alert(1)" in ana.text(".top h1")
    assert ana.js("return document.querySelectorAll('.facts script, .facts img, .facts [onerror]').length") == 0
    ana.go("/?state=any")
    assert ana.complaints() == []
    text = ana.js("const r = new XMLHttpRequest(); r.open('GET', '/list.csv?state=any', false); r.send(); return r.responseText")
    assert not any(cell.lstrip('"').startswith(("=", "+", "@")) for line in text.splitlines() for cell in line.split(","))


def test_a_lost_connection_loses_nothing(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.offline(True)
    ana.press("c")
    ana.press("called the practice", Keys.ENTER)
    ana.until(lambda: "No connection" in ana.text("#line"))
    assert json.loads(ana.js("return localStorage.getItem('lmn-unsent')"))[0]["body"]["text"] == "called the practice"
    ana.offline(False)
    ana.until(lambda: any(e.kind == "noted" for e in office.ledger.events_of(office.find(letter).receipt_id)))
    ana.until(lambda: ana.js("return JSON.parse(localStorage.getItem('lmn-unsent')).length") == 0)


PANELS = ("approve", "deny", "ask", "notLetter", "duplicate", "reassign", "move", "note")
_PAGES = "const p = document.querySelector('.pages'); return p.scrollTop"
_ZOOM = "return Number(document.querySelector('.pages').style.getPropertyValue('--zoom') || 1)"
_FOCUS = "return document.activeElement.closest('.slot')?.dataset.path ?? ''"
_TYPING = "return document.activeElement.matches('.slot input')"


def test_every_key_of_the_letter_page_does_what_the_list_says(office: Office, browse: Browse) -> None:
    """Each key alone on a fresh page, with what must hold before and after it."""
    letter, lea = letter_in(office, LONG), browse("lea")
    js, turn = lea.js, {"next": "", "previous": ""}
    at = lambda way: turn[way] != letter and f"/letter/{turn[way]}" in lea.driver.current_url  # noqa: E731
    doubts = """const all = [...document.querySelectorAll('.slot')], unsure = all.filter((s) => s.classList.contains('doubtful'));
        return (unsure.length ? unsure : all.filter((s) => s.checkVisibility())).map((s) => s.dataset.path)"""
    checks = {
        "next": ("", lambda _: at("next")), "previous": ("", lambda _: at("previous")), "worklist": ("", lambda _: "/letter/" not in lea.driver.current_url),
        "open": ("n", lambda _: js(_TYPING)), "edit": ("n", lambda _: js(_TYPING)), "search": ("", lambda _: js("return document.activeElement.id") == "search"),
        "help": ("", lambda _: not js("return document.getElementById('help').hidden")), "leave": ("?", lambda _: js("return document.getElementById('help').hidden")),
        "doubt": ("", lambda _: js(_FOCUS) == js(doubts)[0]), "doubtBack": ("", lambda _: js(_FOCUS) == js(doubts)[-1]),
        "addDiagnosis": ("", lambda _: js(_FOCUS).startswith("diagnoses.a")), "addItem": ("", lambda _: js(_FOCUS).startswith("items.a")),
        "zoomIn": ("", lambda _: js(_ZOOM) > 1), "zoomOut": ("", lambda _: js(_ZOOM) < 1), "fit": ("+", lambda _: js(_ZOOM) == 1),
        "rotate": ("", lambda _: "rotate(90deg)" in js("return document.querySelector('.paper').style.transform")),
        "pageNext": ("", lambda _: js(_PAGES) > 100), "pageBack": ("]", lambda _: js(_PAGES) < 100),
        "take": ("", lambda _: office.find(letter).assigned == "lea"), "accept": ("n", lambda was: _labels(office, letter)[-1:] != was and _labels(office, letter)[-1].kind == "confirm"),
        "undo": ("", lambda was: len(_labels(office, letter)) == len(was) - 1), "absent": ("n", lambda was: _labels(office, letter)[-1:] != was and _labels(office, letter)[-1].kind == "absent"),
        **{name: ("", lambda _, name=name: not js("return document.querySelector(`.panel[data-panel=\"${arguments[0]}\"]`).hidden", name)) for name in (*PANELS, "reopen")},
    }  # fmt: skip
    keys = {k.act: k.key for k in KEYS if k.page in ("letter", "all")}
    assert set(keys) == set(checks)
    for act in sorted(keys, key=lambda a: (a == "undo", a)):
        lea.js("sessionStorage.removeItem('lmn-zoom')")
        lea.go(f"/letter/{letter}?state=any")
        lea.ready()
        turn |= lea.js("const { next, previous } = document.getElementById('letter').dataset; return { next, previous }")
        first, holds = checks[act]
        was = _labels(office, letter) if act == "undo" else _labels(office, letter)[-1:]
        if first:
            lea.press(first)
        assert not (holds(was) if act not in ("accept", "absent", "undo", "fit", "pageBack", "leave") else False), act
        lea.press(getattr(Keys, keys[act].upper()) if len(keys[act]) > 1 else keys[act])
        try:
            lea.until(lambda holds=holds, was=was: holds(was))
        except TimeoutException:
            pytest.fail(f"{keys[act]} does not do '{act}' ({js(_FOCUS)} of {js(doubts)})")
        lea.until(lambda: lea.js("return JSON.parse(localStorage.getItem('lmn-unsent') || '[]').length") == 0)


def test_a_missed_item_is_added_by_its_words_and_a_wrong_one_taken_out(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "attachment.pdf"), browse("ana")
    ana.open(letter)
    document = office.document(office.find(letter).receipt_id)
    words = [w for w in document.pages[0].words if w.text.isalpha() and len(w.text) > 4][:1]
    ana.press("m")
    _click(ana, words[0])
    ana.until(lambda: ana.js("return document.activeElement.value") == words[0].text)
    ana.press(Keys.ENTER)
    ana.until(lambda: words[0].text in _items(office, letter))
    ana.said("Kept")
    assert ana.js("return document.querySelector('.slot[data-path=\"items.a1.text\"] input').value") == words[0].text
    ana.js("document.querySelector('.slot[data-path=\"items.0.text\"]').focus()")
    first = _items(office, letter)[0]
    ana.press("x")
    ana.until(lambda: _items(office, letter) == [words[0].text] and ana.js("return JSON.parse(localStorage.getItem('lmn-unsent')).length") == 0)
    ana.press("z")
    ana.until(lambda: first in _items(office, letter))
    ana.press("g")
    ana.press("gout", Keys.ENTER)
    ana.until(lambda: "quotes the letter" in ana.text('.slot[data-path="diagnoses.a1.text"] .wrong'))


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


def test_what_was_refused_for_a_conflict_stands_ready_on_the_new_page(office: Office, browse: Browse) -> None:
    letter, ana, ben = letter_in(office, GOOD), browse("ana"), browse("ben")
    ana.open(letter)
    ben.open(letter)
    ben.press("t")
    ben.until(lambda: office.find(letter).assigned == "ben")
    ana.key_in("practice.name", "Another Practice")
    ana.until(lambda: "ben was faster" in ana.text("#line"))
    assert _labels(office, letter) == []
    ana.one("#line a").click()
    ana.until(lambda: "press Enter to keep it now" in ana.text("#told"))
    ana.press(Keys.ENTER)
    ana.until(lambda: [x.correction.value for x in _labels(office, letter)] == ["Another Practice"])


def test_a_letter_judged_again_under_the_hand_is_told_before_it_is_decided(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    other = next(m for m in office.records.members if m != office.find(letter).member_id)
    with office.ledger.writing() as c:
        labels.add(c, Label(letter, office.find(letter).receipt_id, "correct", None, 0.0, Correction(path="match.member_id", value=other), "a run", office.now()))
    judge_again(office.site(), office.ledger.receipt(office.find(letter).receipt_id))
    ana.press("y", Keys.ENTER)
    ana.until(lambda: "A run judged this letter again" in ana.text("#line"))
    assert office.find(letter).state == "open"


def test_what_was_not_sent_stays_its_persons(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.js("localStorage.setItem('lmn-unsent', JSON.stringify([{ letter: arguments[0], who: 'ben', body: { act: 'decide', what: 'approved', version: 0, token: 'x1' } }]))", letter)
    ana.open(letter)
    ana.press("c")
    ana.press("mine", Keys.ENTER)
    ana.until(lambda: any(e.kind == "noted" for e in office.ledger.events_of(office.find(letter).receipt_id)))
    ana.until(lambda: ana.js("return JSON.parse(localStorage.getItem('lmn-unsent')).length") == 1)
    assert office.find(letter).state == "open"


def test_a_page_of_an_earlier_session_keeps_what_it_could_not_send(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.cdp("Network.clearBrowserCookies")
    ana.enter(office, "ana")
    ana.press("c")
    ana.press("kept", Keys.ENTER)
    ana.until(lambda: "logged in anew" in ana.text("#line"))
    ana.open(letter)
    ana.until(lambda: any(e.kind == "noted" for e in office.ledger.events_of(office.find(letter).receipt_id)))


def _click(ana: Browser, word: Word) -> None:
    """A click on a word of the first page."""
    place = ana.js(
        "const [x, y] = arguments, box = document.querySelector('figure .boxes'), p = new DOMPoint(x, y).matrixTransform(box.getScreenCTM()); return [p.x, p.y]",
        (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2,
    )  # fmt: skip
    ana.click_at(*place)


def _items(office: Office, letter: str) -> list[str]:
    case = office.case(office.find(letter))
    return [i.text for i in case.letter.items] if case and case.letter else []


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
    ana.press(Keys.ESCAPE)
    assert ana.js("return document.getElementById('help').hidden")
    assert all(k.says in shown for k in KEYS if k.page in ("list", "all"))


def test_a_letter_is_given_to_a_colleague_from_the_list_and_a_view_is_kept_and_dropped(office: Office, browse: Browse) -> None:
    ana = browse("ana")
    ana.press("j", "j", "k", "r")
    first = ana.js("return document.querySelector('tr.here').dataset.letter")
    assert first == ana.js("return document.querySelector('tr[data-letter]').dataset.letter")
    ana.js("document.querySelector('#give select').value = 'ben'")
    ana.press(Keys.ENTER)
    ana.until(lambda: "ben" in ana.text(f'tr[data-letter="{first}"]'))
    assert office.find(first).assigned == "ben"
    ana.go("/?program=fsa&order=amount")
    ana.one(".save-view input[name=name]").send_keys("large ones" + Keys.ENTER)
    ana.until(lambda: "large ones" in ana.text(".queues"))
    assert ana.one(".saved a").get_attribute("href").endswith("/?program=fsa&order=amount")
    ana.one(".saved button").click()
    ana.until(lambda: "large ones" not in ana.text(".queues"))


def test_a_file_is_dropped_let_out_and_asked_for_again_with_a_reason(office: Office, browse: Browse, tmp_path: Path) -> None:
    (tmp_path / "=new letter.pdf").write_bytes(b"%PDF-1.4 nothing")
    lea = browse("lea")
    lea.go("/files")
    assert "needs a password" in lea.text(".files")
    lea.one("input[type=file]").send_keys(str(tmp_path / "=new letter.pdf"))
    lea.one("#drop button").click()
    lea.until(lambda: "1 file(s) put into the inbox" in lea.text("main"))
    assert [p.name for p in (office.settings.inbox / "desk").iterdir()] == ["_new letter.pdf"]
    lea.one('form[action$="/release"] input[name=reason]').send_keys("the sender gave the password by phone" + Keys.ENTER)
    lea.until(lambda: "let out by lea: the sender gave" in lea.text(".files"))
    assert office.ledger.accounts().quarantined == 0 and office.ledger.accounts().balanced
    day = lea.js("const r = new XMLHttpRequest(); r.open('GET', '/files/day.csv?day=' + document.querySelector('form[action=\"/files/day.csv\"] input').value, false); r.send(); return r.responseText")
    receipts = {r.receipt.sha256 for r in office.ledger.receipts()}
    assert all(h in day for h in receipts) and lea.complaints() == []


def _labels(office: Office, letter: str) -> list[labels.Label]:
    with office.ledger.reading() as c:
        return labels.labels(c, letter)
