"""The worklist in a real Chromium: walked, searched, taken and given from by keys."""

from collections.abc import Callable

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipeline.desk.deeds import decided, reassigned, took
from pipeline.desk.keys import KEYS
from pipeline.desk.office import Office
from tests.desk.bench import Browser
from tests.desk.hands import deed, rows_of, two_always

Browse = Callable[[str], Browser]


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


def test_several_letters_are_marked_and_given_at_once(office: Office, browse: Browse) -> None:
    lea = browse("lea")
    lea.press("j", "v", "j", "j", "v")
    lea.said("2 letters marked")
    marked = lea.js("return [...document.querySelectorAll('tr.marked')].map((r) => r.dataset.letter)")
    order = lea.js("return [...document.querySelectorAll('tr[data-letter]')].map((r) => r.dataset.letter)")
    assert marked == [order[0], order[2]]
    lea.press("r")
    lea.js("document.querySelector('#give select').value = 'ben'")
    lea.press(Keys.ENTER)
    lea.until(lambda: [office.find(x).assigned for x in order[:3]] == ["ben", "", "ben"])
    lea.until(lambda: lea.js("return document.querySelectorAll('tr.marked').length") == 0)
    assert all("ben" in lea.text(f'tr[data-letter="{x}"] .who') for x in marked)


def test_the_list_is_found_again_where_it_was_left(office: Office, browse: Browse) -> None:
    ana = browse("ana")
    ana.go("/?order=patient")
    order = ana.js("return [...document.querySelectorAll('tr[data-letter]')].map((r) => r.dataset.letter)")
    ana.press("j", "j", "j", Keys.ENTER)
    ana.ready()
    assert order[2] in ana.driver.current_url
    ana.press("w")
    ana.until(lambda: "/letter/" not in ana.driver.current_url)
    assert ana.driver.current_url.endswith("/?order=patient")
    ana.until(lambda: ana.js("return document.querySelector('tr.here')?.dataset.letter") == order[2])
    ana.press(Keys.ENTER)
    ana.ready()
    ana.press("l", Keys.ENTER)
    ana.until(lambda: office.find(order[2]).state == "decided" and order[2] not in ana.driver.current_url)
    ana.ready()
    ana.go(f"/letter/{order[2]}?order=patient")
    ana.ready()
    ana.press("w")
    ana.until(lambda: "/letter/" not in ana.driver.current_url)
    ana.press("j")
    assert ana.js("return document.querySelector('tr.here').dataset.letter") == order[3]


COUNTS = "return Object.fromEntries([...document.querySelectorAll('.queues a')].map((a) => [a.querySelector('span').textContent.trim(), a.querySelector('b').textContent]))"
HERE = "return [...document.querySelectorAll('.queues a[aria-current]')].map((a) => a.querySelector('span').textContent.trim())"


def test_every_way_into_the_list_says_how_much_lies_there(office: Office, browse: Browse) -> None:
    ids = [r.letter_id for r in rows_of(office)]
    two_always(office, "request_info")
    took(office, deed(office, ids[0], "ana"))
    reassigned(office, deed(office, ids[1], "lea"), "ben")
    decided(office, deed(office, ids[2], "ana"), "not_lmn", "", "")
    decided(office, deed(office, ids[3], "ana"), "request_info", "", "")
    lea, counts = browse("lea"), {}
    for name, query in (("All to do", ""), ("Not taken", "who=nobody"), ("Second approval", "state=second"), ("Decided", "state=decided"), ("ana", "who=ana"), ("ben", "who=ben")):
        lea.go(f"/?{query}")
        shown = len(lea.driver.find_elements(By.CSS_SELECTOR, "tr[data-letter]"))
        counts[name] = shown
        assert lea.js(COUNTS)[name] == str(shown) == lea.text("#filters .out .soft").split()[0], name
        assert lea.js(HERE) == [name]
    assert counts == {"All to do": len(ids) - 1, "Not taken": len(ids) - 3, "Second approval": 1, "Decided": 1, "ana": 1, "ben": 1}
    lea.go("/dashboard")
    table = lea.js("return [...document.querySelectorAll('.numbers')].find((t) => t.caption?.textContent.startsWith('Letters taken')).innerText").split("\n")
    assert [line.split("\t")[:2] for line in table[2:]] == [["ada", "0"], ["ana", "1"], ["ben", "1"], ["lea", "0"], ["nobody yet", str(len(ids) - 3)]]
    assert "Who has what" not in browse("ana").text(".queues")


def test_an_auditor_looks_and_is_offered_nothing_else(office: Office, browse: Browse) -> None:
    otto, letter = browse("otto"), rows_of(office)[0].letter_id
    otto.open(letter)
    assert not otto.driver.find_elements(By.CSS_SELECTOR, ".facts input, .facts button, .decide button")
    otto.press("n", "e", Keys.ENTER, "a", "x", "y", "t", "z")
    assert otto.js("return [...document.querySelectorAll('.panel')].every((p) => p.hidden)") and otto.text("#told") == ""
    otto.press("?")
    assert "approve" not in otto.text("#help") and "next doubtful value" in otto.text("#help")
    assert office.find(letter).version == 0 and otto.complaints() == []
