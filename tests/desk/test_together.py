"""Several people, several tabs, a line that breaks: nobody is written over, nothing is lost."""

import json
from collections.abc import Callable

from selenium.webdriver.common.keys import Keys

from pipeline.desk import deeds
from pipeline.desk.office import Office
from pipeline.judgement import judge_again
from pipeline.ledger import labels, work
from pipeline.ledger.labels import Label
from pipeline.ledger.work import Wanted
from pipeline.model import Correction
from tests.desk.bench import GOOD, LONG, Browser, letter_in, served
from tests.desk.hands import deed, labels_of

Browse = Callable[[str], Browser]
UNSENT = "return JSON.parse(localStorage.getItem('lmn-unsent') || '[]').length"


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


def test_what_was_refused_for_a_conflict_stands_ready_on_the_new_page(office: Office, browse: Browse) -> None:
    letter, ana, ben = letter_in(office, GOOD), browse("ana"), browse("ben")
    ana.open(letter)
    ben.open(letter)
    ben.press("t")
    ben.until(lambda: office.find(letter).assigned == "ben")
    ana.key_in("practice.name", "Another Practice")
    ana.until(lambda: "ben was faster" in ana.text("#line"))
    assert labels_of(office, letter) == []
    ana.one("#line a").click()
    ana.until(lambda: "press Enter to keep it now" in ana.text("#told"))
    ana.press(Keys.ENTER)
    ana.until(lambda: [x.correction.value for x in labels_of(office, letter)] == ["Another Practice"])


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


def test_a_server_that_dies_while_a_note_is_written_loses_none_of_it(office: Office, browsers: dict[str, Browser]) -> None:
    letter, ana = letter_in(office, GOOD), browsers.setdefault("ana", Browser())
    with served(office) as address:
        ana.begin(address, office, "ana")
        ana.open(letter)
        ana.press("c", "called the practice, ")
    ana.press("they send page 2", Keys.ENTER)
    ana.until(lambda: "No connection. 1 change is kept here" in ana.text("#line"))
    assert ana.js(UNSENT) == 1
    with served(office, int(address.rpartition(":")[2])):
        ana.until(lambda: ana.js(UNSENT) == 0)
        ana.until(lambda: "called the practice, they send page 2" in ana.text("#facts") and ana.text("#line") == "")
        ana.rest()


def test_going_on_passes_over_what_a_colleague_has_open_or_taken(office: Office, browse: Browse) -> None:
    with office.ledger.reading() as c:
        ids = [r.letter_id for r in work.listed(c, Wanted(), 9)]
    ana, ben = browse("ana"), browse("ben")
    ana.open(ids[1])
    ben.go(f"/letter/{ids[0]}?order=press")
    ben.ready()
    assert ben.js("return document.getElementById('letter').dataset.next") == ids[2]
    deeds.took(office, deed(office, ids[2], "ana"))
    ben.press("l", Keys.ENTER)
    ben.until(lambda: ids[3] in ben.driver.current_url)
    ben.go(f"/letter/{ids[1]}?order=press")
    assert "ana has this letter open too" in ben.text(".line-down[role=status]:not(#line)")
    ana.go("/")
    ben.go(f"/letter/{ids[1]}?order=press")
    assert "open too" not in ben.text("body")
