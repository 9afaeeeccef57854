"""A letter in a real Chromium: values clicked, corrected, added and taken out, requests, a hostile letter."""

import json
from collections.abc import Callable

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from pipeline.codes.reference import reference_of
from pipeline.desk.office import Office
from tests.desk.bench import ATTACK, GOOD, Browser, letter_in
from tests.desk.hands import click_word, items_of, labels_of

Browse = Callable[[str], Browser]


def test_words_clicked_on_the_page_fill_the_focused_value_with_their_evidence(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "attachment.pdf"), browse("ana")
    ana.open(letter)
    document = office.document(office.find(letter).receipt_id)
    words = [w for w in document.pages[0].words if w.text.isalpha() and len(w.text) > 4][:1]
    ana.js("document.querySelector('.slot[data-path=\"practice.name\"]').focus()")
    click_word(ana, words[0])
    ana.until(lambda: ana.js("return document.activeElement.value") == words[0].text)
    ana.press(Keys.ENTER)
    ana.until(lambda: len(labels_of(office, letter)) == 1)
    label = labels_of(office, letter)[0]
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
    assert labels_of(office, letter) == []


def test_a_missed_item_is_added_by_its_words_and_a_wrong_one_taken_out(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, "attachment.pdf"), browse("ana")
    ana.open(letter)
    document = office.document(office.find(letter).receipt_id)
    words = [w for w in document.pages[0].words if w.text.isalpha() and len(w.text) > 4][:1]
    ana.press("m")
    click_word(ana, words[0])
    ana.until(lambda: ana.js("return document.activeElement.value") == words[0].text)
    ana.press(Keys.ENTER)
    ana.until(lambda: words[0].text in items_of(office, letter))
    ana.said("Kept")
    assert ana.js("return document.querySelector('.slot[data-path=\"items.a1.text\"] input').value") == words[0].text
    ana.js("document.querySelector('.slot[data-path=\"items.0.text\"]').focus()")
    first = items_of(office, letter)[0]
    ana.press("x")
    ana.until(lambda: items_of(office, letter) == [words[0].text] and ana.js("return JSON.parse(localStorage.getItem('lmn-unsent')).length") == 0)
    ana.press("z")
    ana.until(lambda: first in items_of(office, letter))
    ana.press("g")
    ana.press("gout", Keys.ENTER)
    ana.until(lambda: "quotes the letter" in ana.text('.slot[data-path="diagnoses.a1.text"] .wrong'))


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
