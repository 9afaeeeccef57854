"""What people and machines do at the wrong moment: the desk is killed under an act, two tabs, back, a double click."""

import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from pipeline.desk.office import Office
from tests.desk.bench import GOOD, LONG, Browser, copy_of, letter_in, office_at, running

Browse = Callable[[str], Browser]


def test_a_decision_that_was_under_way_when_the_desk_was_killed_is_made_once(judged: Path, tmp_path: Path, browsers: dict[str, Browser]) -> None:
    home = copy_of(judged, tmp_path / "home")
    office, ana = office_at(home), browsers.setdefault("ana", Browser())
    letter = letter_in(office, GOOD)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(home, port) as desk:
        ana.begin(f"http://127.0.0.1:{port}", office, "ana")
        ana.open(letter)
        desk.send_signal(signal.SIGSTOP)  # the act is sent and nobody answers
        ana.press("y")
        ana.press("it fits", Keys.ENTER)
        time.sleep(0.5)
    ana.until(lambda: "1 change is kept here" in ana.text("#line"))
    assert office.find(letter).state == "open"
    with running(home, port):
        ana.until(lambda: office.find(letter).state == "decided" and letter not in ana.driver.current_url)
        assert [(d.what, d.reason) for d in office.ledger.decisions_on(letter)] == [("approved", "it fits")]
        ana.rest()
    office.ledger.verify_chain()
    office.close()


def test_the_same_person_in_two_tabs_is_told_what_the_other_tab_did(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    first = ana.driver.current_window_handle
    ana.driver.switch_to.new_window("tab")
    ana.open(letter)
    ana.press("l")
    ana.press("a flyer", Keys.ENTER)
    ana.until(lambda: office.find(letter).state == "decided")
    ana.driver.switch_to.window(first)
    ana.press("y", Keys.ENTER)
    ana.until(lambda: "ana was faster: set aside" in ana.text("#line"))
    assert [d.what for d in office.ledger.decisions_on(letter)] == ["not_lmn"]


def test_a_double_click_decides_one_letter_once_and_back_shows_it_decided(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, GOOD), browse("ana")
    ana.open(letter)
    ana.press("y")
    ActionChains(ana.driver).double_click(ana.one('.panel[data-panel="approve"] button.main')).perform()
    ana.until(lambda: letter not in ana.driver.current_url and ana.js("return document.readyState") == "complete")
    ana.driver.back()
    ana.until(lambda: letter in ana.driver.current_url and "Approved by ana" in ana.text(".standing"))
    assert not ana.one('[data-act="approve"]').is_displayed() and ana.one('[data-act="undo"]').is_displayed()
    decided = [r.item.letter_id for r in office.ledger.cases() if office.ledger.decisions_on(r.item.letter_id)]
    assert decided == [letter] and len(office.ledger.decisions_on(letter)) == 1


def test_a_note_as_long_as_may_be_is_kept_to_its_last_word_and_a_longer_one_refused(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, LONG), browse("ana")
    ana.open(letter)
    ana.press("c")
    ana.js("document.querySelector('.panel[data-panel=note] input').value = 'word '.repeat(399) + 'last.'")
    ana.press(Keys.ENTER)
    ana.said("Noted.")
    assert "last." in ana.text("#facts") and ana.js("return document.documentElement.scrollWidth <= innerWidth")
    ana.press("c")
    ana.js("const box = document.querySelector('.panel[data-panel=note] input'); box.removeAttribute('maxlength'); box.value = 'x'.repeat(5000)")
    ana.press(Keys.ENTER)
    ana.said("at most 4,000 characters")
    assert ana.js("return document.querySelector('.panel[data-panel=note] input').value.length") == 5000
