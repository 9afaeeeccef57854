"""Decisions by keys in a real Chromium: each kind, with its reason, refused and undone, and the second person."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from pipeline.desk.office import Office
from tests.desk.bench import GOOD, LONG, Browser, letter_in
from tests.desk.hands import two_always

Browse = Callable[[str], Browser]


def last(office: Office, letter: str) -> tuple[str, str, str, str, str]:
    d = office.ledger.decisions_on(letter)[-1]
    return d.what, d.code, d.reason, d.about, d.who


def gone_on(browser: Browser, letter: str) -> None:
    """Waits until the page has gone on to another letter by itself."""
    browser.until(lambda: letter not in browser.driver.current_url)


def test_a_letter_is_denied_for_a_reason_of_the_plan(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, LONG), browse("ana")
    ana.open(letter)
    ana.press("d")
    ana.until(lambda: ana.js("return document.activeElement.name") == "code")
    ana.press("The procedure", Keys.TAB, "no record of it", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided")
    gone_on(ana, letter)
    assert last(office, letter) == ("denied", "cosmetic", "no record of it", "", "ana")
    ana.open(letter)
    assert "Denied by ana" in ana.text(".standing") and "no record of it" in ana.text(".standing")


def test_a_denial_that_is_refused_stays_as_it_was_written(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, LONG), browse("ana")
    ana.open(letter)
    ana.press("d", "Another", Keys.TAB, Keys.ENTER)
    ana.said("Write the reason down")
    form = '.panel[data-panel="deny"]'
    assert ana.js("const f = document.querySelector(arguments[0]); return [f.hidden, f.elements.code.value]", form) == [False, "other"]
    ana.js("document.querySelector(arguments[0]).elements.reason.focus()", form)
    ana.press("the plan ended", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided")
    gone_on(ana, letter)
    assert last(office, letter) == ("denied", "other", "the plan ended", "", "ana")


def test_a_letter_is_closed_as_the_same_as_another(office: Office, browse: Browse) -> None:
    letter, other, ana = letter_in(office, LONG), letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.press("u", "no such letter", Keys.ENTER)
    ana.said("Name the letter that it is the same as")
    ana.js("document.querySelector('[name=about]').select()")
    ana.press(other, Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided")
    gone_on(ana, letter)
    assert last(office, letter)[::3] == ("duplicate", other)
    ana.open(letter)
    assert f"Closed as a duplicate of {other} by ana" in " ".join(ana.text(".standing").split())


def test_a_letter_is_set_aside_given_away_and_moved(office: Office, browse: Browse) -> None:
    first, second, third, ana = letter_in(office, "portal/flyer.pdf"), letter_in(office, GOOD), letter_in(office, LONG), browse("ana")
    ana.open(first)
    ana.press("l", "a flyer", Keys.ENTER)
    ana.until(lambda: office.find(first).state == "decided")
    gone_on(ana, first)
    assert last(office, first)[:3] == ("not_lmn", "", "a flyer")
    ana.open(second)
    ana.press("r")
    Select(ana.one('.panel[data-panel="reassign"] select')).select_by_visible_text("ben")
    ana.press(Keys.ENTER)
    ana.until(lambda: office.find(second).assigned == "ben")
    gone_on(ana, second)
    ana.open(third)
    ana.press("q")
    Select(ana.one('.panel[data-panel="move"] select')).select_by_visible_text("Examine")
    ana.js("document.querySelector('.panel[data-panel=\"move\"] [name=reason]').focus()")
    ana.press("two items on one bill", Keys.ENTER)
    ana.until(lambda: office.find(third).queue == "examine")
    gone_on(ana, third)
    ana.open(third)
    assert "moved" in ana.text("#facts") and "to Examine" in ana.text("#facts") and "moved_queue" not in ana.text("#facts")


def test_a_second_person_agrees_and_the_first_sees_it(office: Office, browse: Browse) -> None:
    two_always(office)
    letter, ana, ben = letter_in(office, GOOD), browse("ana"), browse("ben")
    ana.open(letter)
    ana.press("y", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "second")
    gone_on(ana, letter)
    ben.go("/?state=second")
    ben.press("j", Keys.ENTER)
    ben.ready()
    assert "proposed by ana" in ben.text(".standing")
    ben.press("y", Keys.ENTER)
    ben.until(lambda: office.find(letter).state == "decided")
    ana.open(letter)
    assert "Approved by ben" in ana.text(".standing") and "as the second person" in ana.text(".standing")


@pytest.mark.parametrize("key", ["z"])
def test_the_letter_just_decided_is_undone_from_the_next_one(key: str, office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.go(f"/letter/{letter}?state=any")
    ana.ready()
    ana.press("y", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided" and letter not in ana.driver.current_url)
    ana.ready()
    ana.press(key)
    ana.until(lambda: office.find(letter).state == "open" and letter in ana.driver.current_url)
