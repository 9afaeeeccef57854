"""The span of the treatment that is asked for: its first and last day.

Belongs here: starts, ends, and pairs of dates joined by a dash or a word. Does not belong here: which role a date has
(timing, dateroles), how long a treatment lasts in words (quantities).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.dateroles import RoledDate
from pipeline.parse.sheet import Sheet, settle


def read_span(sheet: Sheet, roled: tuple[RoledDate, ...]) -> dict[str, FieldValue]:
    """treatment_start and treatment_end from the dates with their roles."""
    starts: list[Candidate | None] = []
    ends: list[Candidate | None] = []
    for n, r in enumerate(roled):
        line = sheet.line_at(r.mention.start)
        if not r.mention.iso or (line is not None and not r.because.startswith("stands under") and _AFTER.search(line.text[: r.mention.start - line.start])):
            continue
        if r.role == "start":
            starts.append(sheet.candidate(r.mention.iso, r.mention.start, r.mention.end, 0.85, r.because))
        elif r.role == "end" and (last := _span_after(sheet, roled, n)) is not None:
            starts.append(sheet.candidate(r.mention.iso, r.mention.start, r.mention.end, 0.85, "opens a span of dates"))
            ends.append(sheet.candidate(last.mention.iso or "", last.mention.start, last.mention.end, 0.85, r.because))
        elif r.role == "end":
            ends.append(sheet.candidate(r.mention.iso, r.mention.start, r.mention.end, 0.85, r.because))
            starts.extend(_opens_span(sheet, roled, n))
        elif r.role == "" and _closes_span(sheet, roled, n):
            starts.append(sheet.candidate(roled[n - 1].mention.iso or "", roled[n - 1].mention.start, roled[n - 1].mention.end, 0.8, "opens a span of dates"))
            ends.append(sheet.candidate(r.mention.iso, r.mention.start, r.mention.end, 0.8, "closes a span of dates"))
    return {"treatment_start": settle("treatment_start", starts), "treatment_end": settle("treatment_end", ends)}


_AFTER = re.compile(r"\b(?:enclos\w+|attach\w+|plan of care|certification period|absen\w+|excuse\w*|off work|hospital\w*|admi(?:tted|ssion)|inpatient|records?|notes|wore|monitor\w*|form|policy|guideline|version|rev)\b", re.I)
"""Words on a date's line that give its span to something else than the treatment asked for."""


def _span_after(sheet: Sheet, roled: tuple[RoledDate, ...], n: int) -> RoledDate | None:
    """The second date of a span under one label: 'Start / end: 04/01/2026 - 09/30/2026'."""
    if n + 1 >= len(roled) or not roled[n + 1].mention.iso or roled[n + 1].role not in ("", "end"):
        return None
    between = sheet.text(roled[n].mention.end, roled[n + 1].mention.start)
    return roled[n + 1] if re.fullmatch(r"\s*(?:-|–|—|to|through|thru|until)\s*", between) else None


_JOIN = re.compile(r"\W{0,3}(?:[-–—]|\bto\b|\bthrough\b|\bthru\b|\buntil\b)\W{0,3}", re.I)


def _closes_span(sheet: Sheet, roled: tuple[RoledDate, ...], n: int) -> bool:
    """Whether a date without a role follows, behind a dash or 'to', a date that is a start or has none either."""
    before = roled[n - 1] if n else None
    if before is None or before.role not in ("", "start") or before.mention.iso is None:
        return False
    return bool(_JOIN.fullmatch(sheet.text(before.mention.end, roled[n].mention.start)))


def _opens_span(sheet: Sheet, roled: tuple[RoledDate, ...], n: int) -> list[Candidate | None]:
    """The date right before an end date ('07/01/2026 to 12/31/2026') opens the span, unless it has its own role."""
    if n == 0:
        return []
    before = roled[n - 1]
    gap = roled[n].mention.start - before.mention.end
    if gap > 14 or before.role not in ("", "start") or not before.mention.iso:
        return []
    return [
        sheet.candidate(before.mention.iso, before.mention.start, before.mention.end, 0.85, "opens a span of dates")
    ]
