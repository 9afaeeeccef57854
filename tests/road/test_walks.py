"""Invented letters walked from the inbox to the queues: sent again, changed, cured, in another's words, covered by what is on file."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.model import Decision, ReviewItem
from pipeline.process import run_all
from pipeline.publication import case_of
from pipeline.settings import Settings
from pipeline.site import opened
from pipeline.standing import letters_on_file
from tests.homes import lmn, settings_at
from tests.road.invented import PLAN, letter, put, tables

HERS = {"name": "Rosamund Vance", "dob": "11/21/1984", "number": "CLF-20047"}
ACUPUNCTURE = (
    "{title} {surname} is a patient of mine with chronic migraine (G43.709).",
    "Topiramate and propranolol have failed to prevent her attacks.",
    "I recommend acupuncture (97810), once a week{length}, to treat this condition.",
    "Acupuncture reduces the frequency of migraine attacks.",
    "I expect the attacks to fall from twelve to four a month.",
)
ANEW = (
    "Ms. {surname} is being treated by me for cervicalgia (M54.2).",
    "She has had naproxen and physical therapy without success.",
    "She needs massage therapy once a week{length} to loosen the muscles of her neck.",
    "This will relieve the pain from 6 of 10 to 2 of 10 in that time.",
)
FAXED = ("06/12/2026 14:02   FROM: 9375550152   COPPERLEAF FAM MED   P. 01/01",)
ADDED = ("At her visit last week the rotation of her neck had fallen to forty degrees", "and she can no longer drive a car or carry groceries up the stairs.")
JUNE = {"dated": "June 8, 2026", "signed": "06/08/2026"}
MAILS: tuple[Mapping[str, bytes], ...] = (
    {"first.pdf": letter()},
    {"faxed.pdf": letter(head=FAXED), "hers.pdf": letter(**HERS), "dated.pdf": letter(**JUNE), "added.pdf": letter(**JUNE, more=ADDED),
     "unsigned.pdf": letter(**HERS, signed="", length="", case=ACUPUNCTURE)},
    {"signed.pdf": letter(**HERS, length="", case=ACUPUNCTURE)},
    {"cured.pdf": letter(**HERS, length=" for three months", case=ACUPUNCTURE)},
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("walk")
    settings = settings_at(home, claims=str(tables(home / "claims")), jobs=1)
    for n, files in enumerate(MAILS):
        put(home, files)
        run_all(settings, dt.date(2026, 6, 10 + n))
    return settings


def items(settings: Settings, day: str) -> dict[str, ReviewItem]:
    with opened(settings, dt.date.fromisoformat(day), f"{day}T09:00:00+00:00") as site:
        return {row.item.file: case_of(site, row).item for row in site.ledger.cases()}


def codes(item: ReviewItem) -> str:
    return " ".join(f.code for f in item.findings if f.severity == "blocks")


def test_the_same_letter_faxed_again_is_told_with_the_first(walked: Settings) -> None:
    told = items(walked, "2026-06-13")
    assert (told["first.pdf"].queue, codes(told["faxed.pdf"])) == ("decide", "DUPLICATE_LETTER")
    record = told["faxed.pdf"].findings[0].record
    assert record is not None and record.id == told["first.pdf"].letter_id
    assert told["faxed.pdf"].why.endswith("so a person looks at it: the same letter was received before.")


def test_a_new_date_alone_is_told_and_nothing_new_and_an_added_sentence_is(walked: Settings) -> None:
    told = items(walked, "2026-06-13")
    again = next(f for f in told["dated.pdf"].findings if f.code == "DUPLICATE_LETTER")
    assert "letter date June 8, 2026, before that May 4, 2026" in again.says
    assert "DUPLICATE_LETTER" not in codes(told["added.pdf"])


def test_another_patients_letter_in_the_same_words_is_information_only(walked: Settings) -> None:
    hers = items(walked, "2026-06-13")["hers.pdf"]
    assert (hers.queue, [r.code for r in hers.remarks]) == ("decide", ["SAME_WORDING"])


def test_a_resubmission_with_the_defect_cured_stands_on_its_own_and_says_what_changed(walked: Settings) -> None:
    told = items(walked, "2026-06-13")
    assert [codes(told[f"{name}.pdf"]) for name in ("unsigned", "signed", "cured")] == \
        ["MISSING_DURATION MISSING_SIGNATURE ITEM_MISMATCH", "MISSING_DURATION ITEM_MISMATCH", "ITEM_MISMATCH"]  # fmt: skip
    says = {name: next(r.says for r in told[f"{name}.pdf"].remarks if r.code == "SAID_OTHERWISE") for name in ("signed", "cured")}
    assert "signature signed, before that unsigned" in says["signed"] and "months 3, before that not there" in says["cured"]


def test_what_was_approved_covers_later_requests_until_it_ends_or_the_plan_year_does(walked: Settings) -> None:
    first = items(walked, "2026-06-13")["first.pdf"]
    with opened(walked, dt.date(2026, 6, 14), "2026-06-14T09:00:00+00:00") as site:
        receipt = next(r.receipt_id for r in site.ledger.cases() if r.item.letter_id == first.letter_id)
        site.ledger.decide(Decision(letter_id=first.letter_id, who="ana", when="2026-06-14T09:00:00", what="approved", reason="fits"), receipt)
    put(walked.home, {"anew.pdf": letter(dated="May 19, 2026", signed="05/19/2026", case=ANEW)})
    run_all(walked, dt.date(2026, 6, 15))
    told = items(walked, "2026-06-15")
    assert (codes(told["anew.pdf"]), told["first.pdf"].queue) == ("ALREADY_COVERED", "decide")
    assert "covers massage therapy until November 4, 2026" in told["anew.pdf"].findings[0].says
    assert states(walked, "2026-06-16", "2026-10-20", "2026-11-05") == ["runs 141", "ends 15", "over -1"]
    tables(Path(walked.claims), plans=({**PLAN, "plan_year_start": "2026-07-01", "plan_year_end": "2027-06-30"},))
    assert states(walked, "2026-07-02") == ["year_over 125"]
    told = lmn("onfile", "--home", walked.home, "--as-of", "2026-10-20").stdout
    assert told.startswith("1 letter on file as of 2026-10-20, 1 due for renewal within 30 days.") and "new plan year: look at it again, renewal due" in told


def states(settings: Settings, *days: str) -> list[str]:
    told = []
    for day in days:
        with opened(settings, dt.date.fromisoformat(day), f"{day}T09:00:00+00:00") as site:
            told += [f"{s.state} {s.days_left}" for s in letters_on_file(site) if s.covers == ("CL-700311",)]
    return told
