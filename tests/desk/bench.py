"""A desk to test: a home with judged letters, people, the application served on loopback, a browser.

Belongs here: setting up. Does not belong here: assertions.
"""

import datetime as dt
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import uvicorn
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from pipeline.desk import access
from pipeline.desk.app import application
from pipeline.desk.call import COOKIE
from pipeline.desk.office import Office
from pipeline.ledger import Ledger, people
from pipeline.process import run_all
from tests.homes import CLAIMS, ROOT, TODAY, command, environment, fill, settings_at
from tests.read.paper import pdf_bytes

DAY = dt.date.fromisoformat(TODAY)
PASSWORD = "a password of some length"
PEOPLE = (("ana", "examiner"), ("ben", "examiner"), ("lea", "lead"), ("ada", "administrator"), ("otto", "auditor"))
GOOD = "portal/lmn_form_filled.pdf"
OTHERS = ("attachment.pdf", "portal/letter-of-medical-necessity.pdf", "portal/document (2).pdf", "portal/flyer.pdf", "portal/secured.pdf")
ATTACK = "portal/=cmd' onerror=alert(1) ..%2F.pdf"
_ATTACK_LINES = (
    "<script>document.title='owned'</script> Clinic", "12 Mill Lane, Dayton, Ohio 45402", "May 4, 2026",
    "Patient: =HYPERLINK Evil  Date of Birth: 03/04/1980", "Member ID: <img src=x onerror=alert(1)>",
    "Diagnosis: chronic low back pain (M54.50)", "I recommend massage therapy, twice a week for six months, medically necessary for her back pain.",
    "Letter of Medical Necessity", "Jane Roe, MD",
)  # fmt: skip


LONG = "portal/two-pages.pdf"
_LONG_PAGES = (
    ("Orchard Hill Family Medicine", "77 Orchard Hill Road, Dayton, Ohio 45402", "May 11, 2026", "Letter of Medical Necessity", "Patient: Delphine Marsh  Date of Birth: 03/04/1980",
     "To whom it may concern,", "Ms. Marsh is under my care for chronic low back pain (M54.50).", "I recommend massage therapy, twice a week for six months."),
    ("It is medically necessary: rest and ibuprofen have not helped her.", "I expect her pain to fall from 7 to 4 within three months.", "Sincerely,", "Jane Roe, MD"),
)  # fmt: skip


def _drawn(lines: Sequence[str]) -> str:
    """A page's content that draws the lines."""
    escaped = (line.replace("(", chr(92) + "(").replace(")", chr(92) + ")") for line in lines)
    return f"BT /F1 11 Tf 16 TL 60 720 Td {''.join(f'({line}) Tj T* ' for line in escaped)}ET"


def drawn_pdf(*pages: Sequence[str]) -> bytes:
    """A PDF with these lines on each page."""
    return pdf_bytes([_drawn(lines) for lines in pages])


def judged_home(home: Path) -> Path:
    """A home with six samples, an attack letter and a letter of two pages, all in their queues."""
    inbox = fill(home, GOOD, *OTHERS)
    (inbox / ATTACK).write_bytes(drawn_pdf(_ATTACK_LINES))
    (inbox / LONG).write_bytes(drawn_pdf(*_LONG_PAGES))
    run_all(settings_at(home), DAY)
    return home


def office_at(home: Path) -> Office:
    """An office over a home, with everybody in PEOPLE and the worklist made."""
    office = Office(settings_at(home), DAY)
    with office.ledger.writing() as c:
        have = {u.name for u in people.every(c)}
        hashed = "" if have else access._hasher.hash(PASSWORD)
        for name, role in () if have else PEOPLE:
            people.add(c, name, role, hashed, must_change=False)
    office.refresh()
    return office


def run_that_waits(home: Path, ready: Event, go: Event) -> None:
    """The next day's run in a process of its own; it stops with its judgement made and not yet written."""
    write = Ledger.settle

    def waiting(self: Ledger, *given: Any) -> None:
        ready.set()
        assert go.wait(120)
        write(self, *given)

    Ledger.settle = waiting  # type: ignore[method-assign]
    run_all(settings_at(home), DAY + dt.timedelta(days=1))


def copy_of(home: Path, target: Path) -> Path:
    """A home of one's own to work in."""
    shutil.copytree(home, target)
    return target


def letter_in(office: Office, file: str) -> str:
    """The id of the letter that came in this file."""
    found = [r.item.letter_id for r in office.ledger.cases() if r.item.file == file]
    assert found, file
    return found[0]


@contextmanager
def served(office: Office, port: int = 0) -> Iterator[str]:
    """The desk on this port of loopback, or on a free one; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = port or free.getsockname()[1]
    app = application(office, ["127.0.0.1"])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def running(home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`lmn desk` over a home in a process of its own, once it listens on this port; killed in the end."""
    words = command("desk", "--home", home, "--claims", CLAIMS, "--as-of", TODAY, "--port", str(port))
    process = subprocess.Popen(words, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(900):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait(20)


class Browser:
    """A Chromium of one person, used by one test after another; `address` is the desk's."""

    def __init__(self, address: str = "", wide: int = 1280, high: int = 900) -> None:
        self.address, self._size = address, (wide, high)
        self._folder = tempfile.mkdtemp(prefix="desk-browser-")
        options = webdriver.ChromeOptions()
        flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
        for flag in (*flags, f"--user-data-dir={self._folder}", f"--window-size={wide},{high}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = shutil.which("chromedriver")
        assert driver, "No chromedriver: run 'make test' or scripts/setup.sh test, which install Chromium and its driver."
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))

    def close(self) -> None:
        self.driver.quit()
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self, address: str, office: Office, name: str) -> None:
        """Comes to another desk as if for the first time (each has a port, so a storage, of its own); with a name, with
        that person's session."""
        self.address = address
        self.cdp("Network.enable")
        self.cdp("Network.clearBrowserCookies")
        self.cdp("Emulation.setFocusEmulationEnabled", enabled=True)  # Tab may have led out of the page
        self.offline(False)
        self.look()
        self.driver.get_log("browser")
        if name:
            self.enter(office, name)
            self.go("/")

    def enter(self, office: Office, name: str) -> None:
        """A new session of this person in this browser."""
        cookie = access.log_in(office, name, PASSWORD)
        assert cookie, name
        self.cdp("Network.setCookie", name=COOKIE, value=cookie, url=self.address, httpOnly=True, sameSite="Strict")

    def rest(self) -> None:
        """Leaves the desk: one window, nothing that still asks it for something."""
        first, *others = self.driver.window_handles
        for other in others:
            self.driver.switch_to.window(other)
            self.driver.close()
        self.driver.switch_to.window(first)
        self.driver.get("about:blank")

    def cdp(self, command: str, **given: object) -> Any:
        return self.driver.execute_cdp_cmd(command, given)

    def offline(self, is_so: bool) -> None:
        """Cuts the connection, or mends it."""
        self.cdp("Network.emulateNetworkConditions", offline=is_so, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def look(self, wide: int = 0, high: int = 0, scale: float = 1.0, **media: str) -> None:
        """A window of this size (CSS pixels) on a screen of this scale, and what the reader prefers (`scheme`, `motion`)."""
        wide, high = wide or self._size[0], high or self._size[1]
        self.cdp("Emulation.setDeviceMetricsOverride", width=wide, height=high, deviceScaleFactor=scale, mobile=False)
        wishes = {"prefers-color-scheme": media.get("scheme", "light"), "prefers-reduced-motion": media.get("motion", "no-preference")}
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": k, "value": v} for k, v in wishes.items()])

    def go(self, path: str) -> None:
        self.driver.get(self.address + path)

    def open(self, letter: str) -> None:
        """A letter's page, its words loaded."""
        self.go(f"/letter/{letter}")
        self.ready()

    def ready(self) -> None:
        self.until(lambda: self.js("return document.getElementById('letter')?.dataset.ready === '1'"))

    def press(self, *keys: str) -> None:
        """Keys, as if pressed by a hand, wherever the focus is."""
        for key in keys:
            try:
                self.driver.switch_to.active_element.send_keys(key)
            except StaleElementReferenceException:  # the right side was made anew just now, and with it what had the focus
                self.driver.switch_to.active_element.send_keys(key)

    def js(self, script: str, *given: object) -> Any:
        return self.driver.execute_script(script, *given)

    def key_in(self, path: str, text: str) -> None:
        """Types into the field of this path, over what stands there, and ends with Enter."""
        self.js("const i = document.querySelector(`.slot[data-path=\"${arguments[0]}\"] input`); i.focus(); i.select()", path)
        self.press(text, Keys.ENTER)

    def click_at(self, x: float, y: float) -> None:
        """A click at a point of the window."""
        actions = ActionBuilder(self.driver)
        actions.pointer_action.move_to_location(round(x), round(y))
        actions.pointer_action.click()
        actions.perform()

    def one(self, css: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        return str(self.js("return document.querySelector(arguments[0])?.textContent ?? ''", css)).strip()

    def until(self, holds: Any, seconds: float = 40) -> None:
        """Waits until something holds."""
        WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: holds())

    def said(self, words: str) -> None:
        self.until(lambda: words in self.text("#told"))

    def complaints(self) -> list[str]:
        """What the browser complained of: scripts refused, errors. Answers that refuse a deed (4xx) are no faults."""
        return [e["message"] for e in self.driver.get_log("browser") if "status of 4" not in e["message"] and "ERR_INTERNET_DISCONNECTED" not in e["message"]]
