"""The pages: safe with any letter, complete, and shown by a real browser from a plain folder."""

import base64
import datetime as dt
import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.model import Candidate, FieldValue, PageFace
from pipeline.review.publish import publish
from pipeline.review.site import letter_page, named
from pipeline.review.view import letter_view
from pipeline.review.wording import DOUBTFUL_BELOW, doubt, page_list, percent, time_left
from pipeline.store import Store
from tests.review.letters import AS_OF, LINES, bad_file, case, document, letter, store_with_pictures

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7*7 }}</style>'


class Tags(HTMLParser):
    """Every tag with its attributes, and the text of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.met: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.met and self.met[-1][0] in ("script", "style") and data.strip():
            self.inline.append((self.met[-1][0], data))


def written(tmp_path: Path) -> Path:
    cases = [case(), bad_file(), case("mail/c.pdf", "decide", letter(document((*LINES, "Page two"))))]
    publish(cases, tmp_path / "out", store_with_pictures(tmp_path / "store", cases), AS_OF)
    return tmp_path / "out"


def test_every_page_allows_only_its_own_script_and_style(tmp_path: Path) -> None:
    pages = sorted(written(tmp_path).rglob("*.html"))
    assert len(pages) == 5
    for page in pages:
        html = page.read_text(encoding="utf-8")
        tags = Tags(html)
        policy = next(str(a["content"]) for t, a in tags.met if t == "meta" and "Content-Security" in str(a.get("http-equiv")))
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        for tag, text in tags.inline:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
        for tag, attributes in tags.met:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
            for name in ("src", "href"):
                assert not re.match(r"(?i)\s*(https?:|//|javascript:|data:|/)", attributes.get(name) or ""), attributes


def test_every_link_and_picture_is_there(tmp_path: Path) -> None:
    out = written(tmp_path)
    for page in out.rglob("*.html"):
        for _, attributes in Tags(page.read_text(encoding="utf-8")).met:
            for target in (attributes.get("src"), attributes.get("href")):
                path = (target or "").split("#")[0]
                assert not path or (page.parent / path).is_file(), f"{page.name}: {target}"


def test_a_letters_words_are_never_markup() -> None:
    made = letter(document())
    fields = {**made.fields, "patient.name": FieldValue(name="patient.name", candidates=(Candidate(value=HOSTILE, confidence=0.9, because=HOSTILE),))}  # fmt: skip
    made = made.model_copy(update={"fields": fields})
    html = letter_page(case(f"mail/{HOSTILE}.pdf", made=made, why=HOSTILE), "x", AS_OF, {}, None, None)
    tags = Tags(html)
    assert [t for t, _ in tags.met if t == "script"] == ["script"]
    assert not [a for t, a in tags.met if t == "img"]
    assert "49" not in html.split("</style>")[-1].split("<script>")[0]


def test_doubtful_values_come_first_and_refused_ones_say_why() -> None:
    view = letter_view(case(), "x", AS_OF, {})
    doubtful = [row for row in view.fields if row.doubtful]
    assert view.fields[0].label == "Patient" and 0 < len(doubtful) < len(view.fields)
    assert list(view.fields[: len(doubtful)]) == doubtful == sorted(doubtful, key=lambda row: row.confidence or 0.0)
    assert "Letter date" in [row.label for row in view.fields[len(doubtful) :]]
    assert [(row.label, row.refused[0].because) for row in view.refused] == [("NPI", "its check digit fails")]
    assert "NPI" not in view.absent and "Birth date" in view.absent
    keys = [mark.key for sheet in view.sheets for mark in sheet.marks]
    assert len(keys) == len(set(keys)) > 5


def test_the_finding_that_decided_the_queue_comes_first() -> None:
    (after,) = case().item.findings
    noted = after.model_copy(update={"code": "MISSING_BENEFIT", "severity": "notes"})
    unsigned = after.model_copy(update={"code": "MISSING_SIGNATURE"})
    both = (noted, unsigned, after)
    for queue, codes in (
        ("examine", ["LETTER_AFTER_PURCHASE", "MISSING_SIGNATURE", "MISSING_BENEFIT"]),
        ("request_info", ["MISSING_SIGNATURE", "LETTER_AFTER_PURCHASE", "MISSING_BENEFIT"]),
    ):
        view = letter_view(case(queue=queue, findings=both), "x", AS_OF, {})
        assert [row.finding.code for row in view.findings] == list(view.head.codes) == codes


def test_own_pages_come_before_the_rest_of_the_file() -> None:
    faces = tuple(PageFace(number=n, width=612, height=792) for n in (1, 2, 3))
    one = case(made=letter(document(), pages=(2,))).model_copy(update={"faces": faces})
    assert [(s.face.number, s.own) for s in letter_view(one, "x", AS_OF, {}).sheets] == [(2, True), (1, False), (3, False)]


def test_pages_and_pictures_of_letters_that_are_gone_go_too(tmp_path: Path) -> None:
    cases = [case(), bad_file()]
    store, out = store_with_pictures(tmp_path / "store", cases), tmp_path / "out"
    publish(cases, out, store, AS_OF)
    assert len(list((out / "pages").iterdir())) == 1
    publish([bad_file()], out, store, AS_OF)
    assert not list((out / "pages").iterdir())
    assert sorted(p.name for p in (out / "letters").iterdir())[-1] == "overview.html"
    assert len(list((out / "letters").iterdir())) == 2


@pytest.mark.parametrize("image", ["../secret.jpg", "/etc/hostname", "pages/none.jpg"])
def test_no_picture_comes_from_outside_the_store(tmp_path: Path, image: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    face = PageFace(number=1, width=612, height=792, image=image)
    publish([case().model_copy(update={"faces": (face,)})], tmp_path / "out", tmp_path / "store", AS_OF)
    assert not (tmp_path / "out" / "pages").exists()


def test_a_picture_that_was_made_anew_is_taken(tmp_path: Path) -> None:
    one = case()
    store, out = store_with_pictures(tmp_path / "store", [one]), tmp_path / "out"
    publish([one], out, store, AS_OF)
    Store(store).page_image(one.receipt.sha256, 1).write_bytes(b"another picture")
    publish([one], out, store, AS_OF)
    assert next((out / "pages").iterdir()).read_bytes() == b"another picture"


def test_names_of_pages_are_safe_and_differ() -> None:
    ids = ["a-1", "a-1", "../../etc/passwd", "overview", ""]
    slugs = [slug for slug, _ in named([case(letter_id=one) for one in ids])]
    assert slugs == ["a-1", "a-1--2", "------etc-passwd", "overview--2", "letter"]


@pytest.mark.parametrize(
    ("due", "left"),
    [
        (None, "no due date"), (dt.date(2026, 6, 30), "due today"), (dt.date(2026, 7, 1), "1 day left"),
        (dt.date(2026, 6, 29), "1 day late"), (dt.date(2026, 7, 30), "30 days left"), (dt.date(2026, 6, 20), "10 days late"),
    ],
)  # fmt: skip
def test_deadlines_in_words(due: dt.date | None, left: str) -> None:
    assert time_left(due, AS_OF) == left


@pytest.mark.parametrize(
    ("confidence", "word", "number"),
    [(1.0, "sure", "100 %"), (0.999, "sure", "99 %"), (DOUBTFUL_BELOW, "sure", percent(DOUBTFUL_BELOW)), (DOUBTFUL_BELOW - 0.001, "likely", percent(DOUBTFUL_BELOW - 0.001)),
     (0.7, "likely", "70 %"), (0.69, "unsure", "69 %"), (0.4, "unsure", "40 %"), (0.39, "a guess", "39 %"), (0.0, "a guess", "0 %")],
)  # fmt: skip
def test_doubt_in_words(confidence: float, word: str, number: str) -> None:
    assert (doubt(confidence), percent(confidence)) == (word, number)


@pytest.mark.parametrize(
    ("pages", "text"),
    [((), "no pages"), ((1,), "page 1"), ((2, 3), "pages 2-3"), ((1, 3), "pages 1, 3"), ((1, 2, 3, 7), "pages 1-3, 7")],
)
def test_pages_in_words(pages: tuple[int, ...], text: str) -> None:
    assert page_list(pages) == text


def test_a_real_browser_opens_the_list_from_the_folder_and_runs_its_script(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no browser on this machine")
    out = written(tmp_path)
    slug = next(p.stem for p in sorted((out / "letters").iterdir()) if p.stem != "overview")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=4000"]  # fmt: skip
    address = f"{(out / 'index.html').as_uri()}#{slug}"
    dom = subprocess.run([browser, *options, "--dump-dom", address], capture_output=True, text=True, timeout=90, check=True)
    chosen = [a for t, a in Tags(dom.stdout).met if t == "a" and a.get("aria-current") == "true"]
    assert [a["id"] for a in chosen] == [f"l-{slug}"]
