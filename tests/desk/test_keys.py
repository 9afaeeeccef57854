"""Keys in a real Chromium: each does what the list says, a letter is decided by them alone, none takes a letter from what is
being typed."""

from collections.abc import Callable

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.keys import Keys

from pipeline.codes.reference import reference_of
from pipeline.desk.keys import KEYS
from pipeline.desk.office import Office
from tests.desk.bench import GOOD, LONG, Browser, letter_in
from tests.desk.hands import labels_of

Browse = Callable[[str], Browser]
HOLD = """const real = window.fetch; window.held = [];
window.fetch = (to, how) => how?.method === 'POST' ? new Promise((go) => window.held.push(() => go(real(to, how)))) : real(to, how);"""
PANELS = ("approve", "deny", "ask", "notLetter", "duplicate", "reassign", "move", "note")
_PAGES = "const p = document.querySelector('.pages'); return p.scrollTop"
_ZOOM = "return Number(document.querySelector('.pages').style.getPropertyValue('--zoom') || 1)"
_FOCUS = "return document.activeElement.closest('.slot')?.dataset.path ?? ''"
_TYPING = "return document.activeElement.matches('.slot input')"


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
        "take": ("", lambda _: office.find(letter).assigned == "lea"), "accept": ("n", lambda was: labels_of(office, letter)[-1:] != was and labels_of(office, letter)[-1].kind == "confirm"),
        "undo": ("", lambda was: len(labels_of(office, letter)) == len(was) - 1), "absent": ("n", lambda was: labels_of(office, letter)[-1:] != was and labels_of(office, letter)[-1].kind == "absent"),
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
        was = labels_of(office, letter) if act == "undo" else labels_of(office, letter)[-1:]
        if first:
            lea.press(first)
        assert not (holds(was) if act not in ("accept", "absent", "undo", "fit", "pageBack", "leave") else False), act
        lea.press(getattr(Keys, keys[act].upper()) if len(keys[act]) > 1 else keys[act])
        try:
            lea.until(lambda holds=holds, was=was: holds(was))
        except TimeoutException:
            pytest.fail(f"{keys[act]} does not do '{act}' ({js(_FOCUS)} of {js(doubts)})")
        lea.until(lambda: lea.js("return JSON.parse(localStorage.getItem('lmn-unsent') || '[]').length") == 0)


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
