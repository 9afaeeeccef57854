"""Every page of the desk as a browser shows it: accessibility by axe-core in light and dark, at 200 %, by Tab alone, with
less motion."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import axe_core_python
import pytest
from selenium.webdriver.common.keys import Keys

from pipeline.desk.deeds import Deed, decided
from pipeline.desk.office import Office
from pipeline.review.publish import publish
from pipeline.review.site import named
from tests.desk.bench import DAY, GOOD, LONG, Browser, letter_in

Browse = Callable[[str], Browser]
AXE = Path(axe_core_python.__file__).parent / "axe.min.js"
RUN = """const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then((r) => done(r.violations), (e) => done([{ id: String(e), impact: 'serious', nodes: [] }]))"""


@pytest.fixture
def read_twice(office: Office) -> str:
    """A decided letter that anybody else may read a second time."""
    office.settings = office.settings.model_copy(update={"second_share": 1.0})
    letter = letter_in(office, GOOD)
    decided(office, Deed("ana", letter, office.find(letter).version, "token"), "request_info", "", "the dose is missing")
    return letter


def pages(office: Office, read_twice: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, address and the keys pressed on it."""
    for name in ("/", "/?state=any&q=a", "/files", "/labels", "/people", "/audit?verify=1", "/password", "/dashboard", "/quality", f"/quality/{read_twice}", "/nothing", "/login"):
        yield name, name, ()
    for file, keys in (("attachment.pdf", ("n",)), ("portal/document (2).pdf", ("i",)), ("portal/secured.pdf", ()), (LONG, ("d",)), (LONG, ("?",))):
        yield f"{file} {''.join(keys)}", f"/letter/{letter_in(office, file)}", keys


def shown(browser: Browser, address: str, keys: tuple[str, ...]) -> None:
    browser.go(address)
    if address.startswith("/letter/"):
        browser.ready()
    browser.press(*keys)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(scheme: str, office: Office, browse: Browse, read_twice: str) -> None:
    ada, bad = browse("ada"), []
    ada.look(scheme=scheme)
    for name, address, keys in pages(office, read_twice):
        shown(ada, address, keys)
        ada.js(AXE.read_text(encoding="utf-8"))
        found = ada.driver.execute_async_script(RUN)
        bad += [(name, v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")]
    assert bad == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_without_a_server_have_no_serious_fault_either(scheme: str, office: Office, browse: Browse, tmp_path: Path) -> None:
    cases = [case for r in office.ledger.cases() if (case := office.case(office.find(r.item.letter_id)))]
    publish(cases, tmp_path / "out", office.store.root, DAY)
    nobody, bad = browse(""), []
    nobody.look(scheme=scheme)
    names = [slug for slug, case in named(cases) if case.receipt.file in ("attachment.pdf", LONG, "portal/secured.pdf")]
    for page in ("index.html", "letters/overview.html", *(f"letters/{name}.html" for name in names)):
        nobody.driver.get((tmp_path / "out" / page).as_uri())
        nobody.js(AXE.read_text(encoding="utf-8"))
        found = nobody.driver.execute_async_script(RUN.replace("{ resultTypes", "{ iframes: false, resultTypes"))
        bad += [(page, v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")]
        nobody.look(640, 450, 2.0, scheme=scheme)
        bad += [(page, "wide")] if nobody.js("return document.documentElement.scrollWidth > innerWidth") else []
        nobody.look(scheme=scheme)
    assert bad == [] and len(names) == 3


def test_nothing_is_cut_off_at_twice_the_size(office: Office, browse: Browse, read_twice: str) -> None:
    """200 % of a 1280 wide screen is 640 wide: no page scrolls in two directions, and a letter is decided there."""
    ada = browse("ada")
    ada.look(640, 450, 2.0)
    wide = []
    for name, address, keys in pages(office, read_twice):
        shown(ada, address, keys)
        over = ada.js("return document.documentElement.scrollWidth - innerWidth")
        wide += [(name, over)] if over > 0 else []
    assert wide == []


SEEN = """const b = arguments[0] === 'focus' ? document.activeElement.getBoundingClientRect() : document.querySelector(arguments[0]).getBoundingClientRect();
const at = document.elementFromPoint(b.x + Math.min(b.width, 60) / 2, b.y + b.height / 2);
return [b.top >= 0 && b.bottom <= innerHeight, at ? at.className.baseVal ?? at.className : '']"""


def test_at_twice_the_size_what_one_works_on_is_in_sight(office: Office, browse: Browse) -> None:
    """The value in hand, its words on the page and the panel that is written into, none of them behind another."""
    ana = browse("ana")
    ana.look(640, 450, 2.0, motion="reduce")
    ana.open(letter_in(office, "attachment.pdf"))
    for keys in (("n",), ("n",), ("n", "n"), ("N",)):
        ana.press(*keys)
        assert ana.js(SEEN, "focus")[0] and ana.js("return document.activeElement.matches('.slot.doubtful')"), keys
        inside, at = ana.js(SEEN, ".mark.lit")
        assert inside and "mark" in at, (keys, at)
    for keys, field in (("y", "input[name=reason]"), ("d", "select[name=code]"), ("c", "input[name=text]"), ("i", "textarea[name=provider]")):
        ana.press(keys)
        assert ana.js(SEEN, f".panel:not([hidden]) {field}")[0] and ana.js(SEEN, ".panel:not([hidden]) button.main")[0], keys
        ana.press(Keys.ESCAPE)
    assert ana.js(SEEN, ".decide")[0]


FOCUSED = """const e = document.activeElement, box = e.closest('.slot') ?? e, s = getComputedStyle(e), b = getComputedStyle(box);
window.seen = window.seen ?? [];
const after = !window.seen.length || (window.seen.at(-1).compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;
window.seen.push(e);
const visible = [s, b].some((c) => (c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) > 0) || c.boxShadow !== 'none');
return [e.id || e.className || e.tagName, after, visible, e === document.body]"""


@pytest.mark.parametrize("page", ["list", "letter"])
def test_tab_walks_the_page_in_its_order_and_the_focus_is_seen(page: str, office: Office, browse: Browse) -> None:
    ana = browse("ana")
    ana.go("/" if page == "list" else f"/letter/{letter_in(office, 'attachment.pdf')}")
    if page == "letter":
        ana.ready()
    met = []
    for _ in range(45):
        ana.press(Keys.TAB)
        name, after, visible, left = ana.js(FOCUSED)
        if left:
            break
        met.append(name)
        assert after and visible, (name, met[-5:])
    assert len(met) > 20 and (page == "letter" or "skip" in met[0])


def test_with_less_motion_the_page_jumps_to_the_words(office: Office, browse: Browse) -> None:
    letter, ana = letter_in(office, LONG), browse("ana")
    far = """document.querySelector('.slot[data-page="2"]:not([data-lit=""])').focus(); return document.querySelector('.pages').scrollTop"""
    ana.look(motion="reduce")
    ana.open(letter)
    assert ana.js(far) > 100
    ana.look()
    ana.open(letter)
    assert ana.js(far) < 100
    ana.until(lambda: ana.js("return document.querySelector('.pages').scrollTop") > 100)


def test_zoom_stays_from_letter_to_letter(office: Office, browse: Browse) -> None:
    ana = browse("ana")
    ana.open(letter_in(office, GOOD))
    ana.press("+", "+")
    ana.open(letter_in(office, LONG))
    assert ana.js("return Number(document.querySelector('.pages').style.getPropertyValue('--zoom'))") == pytest.approx(1.5625)


def test_each_value_is_one_stop_of_tab(office: Office, browse: Browse) -> None:
    """From a value to the next, also out of its field; what is shut away is no stop."""
    ana = browse("ana")
    ana.open(letter_in(office, "attachment.pdf"))
    at = "const e = document.activeElement; return [e.closest('.slot')?.dataset.path ?? '', e.matches('.slot')]"
    ana.js("document.querySelector('.slot').focus()")
    shown = ana.js("return [...document.querySelectorAll('.slot')].filter((s) => s.checkVisibility()).map((s) => s.dataset.path)")
    met = [ana.js(at)[0]]
    for n in range(60):
        if n == 3:
            ana.press(Keys.ENTER)  # into the field
        ana.press(Keys.TAB)
        path, whole = ana.js(at)
        if path:
            assert whole, path
            met.append(path)
    assert met[: len(shown)] == shown and len(shown) > 15


def test_every_control_has_a_name_for_a_screen_reader(office: Office, browse: Browse, read_twice: str) -> None:
    """By Chromium's own tree of accessibility, on every page, with every panel open."""
    ada, bad, met = browse("ada"), [], 0
    ada.cdp("Accessibility.enable")
    for name, address, keys in pages(office, read_twice):
        shown(ada, address, keys)
        if address.startswith("/letter/"):
            ada.js("for (const p of document.querySelectorAll('.panel, details')) { p.hidden = false; p.open = true; }")
        for node in ada.cdp("Accessibility.getFullAXTree")["nodes"]:
            role, said = node.get("role", {}).get("value"), node.get("name", {}).get("value", "").strip()
            focusable = any(p["name"] == "focusable" and p["value"]["value"] for p in node.get("properties", ()))
            if not node["ignored"] and focusable and role not in ("RootWebArea", "option", "MenuListPopup", "main"):
                met += 1
                bad += [] if said and not re.fullmatch(r"[a-z]+(_[a-z]+)+", said) else [(name, role, said)]
    assert bad == [] and met > 500
