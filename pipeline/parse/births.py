"""Birth dates and days of injury told by labels of any words, or by their place beside the patient's name, or by an age.

Belongs here: giving such a date its role. Does not belong here: roles by the words right before a date (dateroles, timing).
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Candidate
from pipeline.parse.dateroles import RoledDate
from pipeline.parse.sheet import Sheet
from pipeline.parse.told import Told
from pipeline.parse.who import may_be_birth

_TOLD_ROLES = {"birth": "birth", "injury": "injury"}
_AGE = re.compile(r"\b(?:(?P<old>\d{1,3})[- ](?:years?|yrs?)[- ]?(?:old|of age)?|(?:aged?|age of|is now|is)[: ]{1,2}(?P<age>\d{1,3})(?=[\s,.;)])(?! (?:weeks|months|days|lb|kg|mg|percent|%|visits))|(?P<yo>\d{1,3})\s?(?:y/?o\b|yrs?\b))", re.I)
_FAR = 64
"""Characters behind a name within which a birth date may stand without a word of its own."""


def by_place(sheet: Sheet, roled: Sequence[RoledDate], patient: Candidate | None) -> tuple[RoledDate, ...]:
    """The dates, those without a role given one by a label of any words or by the place of the `patient`'s name."""
    told = {t.start: t for t in sheet.told if t.ask.what in _TOLD_ROLES}
    made = [_told(r, told.get(r.mention.start)) for r in roled]
    if patient is None or patient.evidence is None or any(r.role == "birth" for r in made):
        return tuple(made)
    beside = _beside(sheet, made, patient.evidence.start, patient.evidence.end)
    if beside is None:
        beside = _by_age(sheet, made)
    return tuple(beside if beside is not None and r.mention.start == beside.mention.start else r for r in made)


def _told(r: RoledDate, told: Told | None) -> RoledDate:
    if told is None or r.role or told.ask.whose == "other":
        return r
    sure = 0.6 if told.ask.whose == "holder" and told.ask.what == "birth" else 0.94 if told.sure else 0.85
    return replace(r, role=_TOLD_ROLES[told.ask.what], because=f"stands {told.where} '{told.run.words}'", sure=sure)


def _beside(sheet: Sheet, roled: Sequence[RoledDate], start: int, end: int) -> RoledDate | None:
    """The first date without a role behind the patient's name on its line, or at the head of the lines below it, if it
    is old enough for a birth."""
    line = sheet.line_at(start)
    if line is None:
        return None
    left = next((w.box[0] for w in line.words if w.end > start), line.box[0])
    below = [n for n in sheet.lines if n.page == line.page and 0 < n.box[1] - line.box[1] < 3.4 * line.height and min(abs(n.box[0] - left), abs(n.box[0] - line.box[0])) < 8]
    places = [(end, min(line.end, end + _FAR)), *((n.start, n.start + 14) for n in below)]
    for n, (first, last) in enumerate(places):
        for r in roled:
            if r.role == "" and first <= r.mention.start < last and may_be_birth(sheet, r.mention.start) and not re.search(r"[a-z]{3,}", sheet.text(first, r.mention.start)):
                agreed = _agrees(sheet, r)
                return replace(r, role="birth", because="stands beside the patient's name" if n == 0 else "stands below the patient's name", sure=0.93 if agreed else 0.85)
    return None


def _ages(sheet: Sheet) -> set[int]:
    text = sheet.text(sheet.lines[0].start, sheet.lines[-1].end) if sheet.lines else ""
    return {int(m["old"] or m["age"] or m["yo"]) for m in _AGE.finditer(text)}


def _agrees(sheet: Sheet, r: RoledDate) -> bool:
    """Whether a stated age is that of somebody born on this day, on the latest day the letter names or on its own."""
    born = r.mention.day
    if born is None:
        return False
    found = {_age_on(born, d.day) for d in sheet.dates if d.day is not None and d.day > born}
    return bool(found & _ages(sheet))


def _age_on(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _by_age(sheet: Sheet, roled: Sequence[RoledDate]) -> RoledDate | None:
    """The only date without a role that a stated age confirms as a birth."""
    found = [r for r in roled if r.role == "" and may_be_birth(sheet, r.mention.start) and _agrees(sheet, r)]
    return replace(found[0], role="birth", because="agrees with the age that the letter states", sure=0.7) if len(found) == 1 and found[0].mention.iso else None


def comb_births(sheet: Sheet) -> list[Candidate | None]:
    """Birth dates of eight digits in boxes of their own."""
    known = {d.start for d in sheet.dates}
    return [sheet.candidate(t.value, t.start, t.end, 0.9, f"stands {t.where} '{t.run.words}'")
            for t in sheet.told if t.ask.what == "birth" and t.ask.whose != "other" and t.start not in known]  # fmt: skip
