"""Under which kind of plan the letter is written: FSA, HSA, HRA, insurance, workers' compensation.

Belongs here: the words, ticked boxes and payers that tell the program. Does not belong here: who the payer is (recipient).
"""

import re
from collections.abc import Sequence

from pipeline.model import Candidate, FieldValue
from pipeline.parse.lines import Line
from pipeline.parse.sheet import Sheet, settle

_PROGRAMS: tuple[tuple[str, str, float], ...] = (
    ("workers_comp", r"workers?['’]?s? comp\w*|compensation (?:fund|insurance|board|carrier)|date of accident|work(?:er)?s?['’]? compensation|injured (?:worker|employee)|w\.?c\.? claim|date of injury|on[- ]the[- ]job injur|"
                     r"industrial injur|employer['’]?s? (?:insurer|carrier)|utilization review.{0,20}dwc|maximum medical improvement", 1.0),
    ("hra", r"\bhra\b|health reimbursement (?:arrangement|account)", 1.1),
    ("hsa", r"\bhsa\b|health savings account", 1.05),
    ("fsa", r"\bfsa\b|flex(?:ible)? spending|flex account|flex(?:ible)? (?:benefits? )?(?:plan|program)|health care spending account|\blpfsa\b|flexible benefit|cafeteria plan|section 125", 1.0),
    ("insurance", r"\bhmo\b|\bppo\b|medicaid|medicare|health (?:plan|insurance)s?\b|prior[- ]auth\w*|pre-?cert\w*|pre-?determination|utilization (?:review|management)|"
                  r"medical director|adverse (?:benefit )?determination|appeals?\b|subscriber|peer[- ]to[- ]peer|insur(?:ance|er)\b", 0.8),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(words, re.I), weight) for name, words, weight in _PROGRAMS)
_INSURER = re.compile(
    r"\b(?:health ?plans?|insurance|assurance|mutual|medicaid|medicare|hmo|ppo|blue (?:cross|shield)|health (?:net|partners)|advantage|choice plan)\b", re.I
)
_UNTICKED = re.compile(r"[☐□]\s*$")
_CHOICE = 60
"""Characters of a box's words that name a program; a longer one is a statement."""


def read_program(sheet: Sheet, payer: FieldValue) -> FieldValue:
    """recipient.program; `payer` is who the letter is written to."""
    made: list[Candidate | None] = []
    ticked = _ticked(sheet)
    if ticked is not None:
        made.append(ticked)
    for name, pattern, weight in _COMPILED:
        for line in sheet.lines:
            for match in pattern.finditer(line.text):
                made.append(_program_candidate(sheet, line, name, match, weight))
    made.append(_insurer(sheet, payer))
    return settle("recipient.program", _strongest(made))


def _insurer(sheet: Sheet, payer: FieldValue) -> Candidate | None:
    """A payer that calls itself an insurer or a health plan: insurance, where nothing else is said."""
    best = payer.accepted
    if best is None or best.evidence is None or not _INSURER.search(str(best.value)):
        return None
    return sheet.candidate("insurance", best.evidence.start, best.evidence.end, 0.45, "the payer is an insurer by its name")


def _program_candidate(sheet: Sheet, line: Line, name: str, match: re.Match[str], weight: float) -> Candidate | None:
    at = line.start + match.start()
    unticked = any(not o.ticked and o.start <= at < o.end for o in sheet.options if o.end - o.start < _CHOICE)
    if unticked or _UNTICKED.search(line.text[: match.start()]):
        return sheet.candidate(name, line.start + match.start(), line.start + match.end(), 0.1, "an option of the form",
                               "its box is not ticked")  # fmt: skip
    zone = sheet.zones.name(sheet.index_of(line))
    place = 0.72 if zone == "head" else 0.5 if zone == "body" else 0.35
    place = 0.62 if sheet.kind == "form" else place
    return sheet.candidate(name, line.start + match.start(), line.start + match.end(), min(0.9, place * weight),
                           f"the letter speaks of '{match.group().strip()}'")  # fmt: skip


def _strongest(made: Sequence[Candidate | None]) -> list[Candidate]:
    """A program's first few mentions only, so that a word said ten times does not outweigh an address."""
    kept: dict[str, list[Candidate]] = {}
    for c in sorted((c for c in made if c is not None), key=lambda c: -c.confidence):
        group = kept.setdefault(f"{c.value}{c.rejected_because is None}", [])
        if len(group) < 2:
            group.append(c)
    return [c for group in kept.values() for c in group]


def _ticked(sheet: Sheet) -> Candidate | None:
    """The program whose box is ticked on a form."""
    for pair in sheet.pairs_of("program"):
        for name, pattern, _ in _COMPILED:
            if pattern.search(sheet.text(pair.start, pair.end)) and not any(pair.start <= o.start < pair.end for o in sheet.options):
                return sheet.candidate(name, pair.start, pair.end, 0.93, "stands under the label of the plan's kind")
    for option in (o for o in sheet.options if o.ticked and o.end - o.start < _CHOICE):
        for name, pattern, _ in _COMPILED:
            if pattern.search(sheet.text(option.start, option.end)):
                return sheet.candidate(name, option.start, option.end, 0.95, "its box is ticked")
    for line in sheet.lines:
        for match in re.finditer(r"[☒☑✓✔■]\s*(?P<label>[^☐☒☑✓✔□■]{2,40})", line.text):
            for name, pattern, _ in _COMPILED:
                if pattern.search(match["label"]):
                    start = line.start + match.start()
                    return sheet.candidate(name, start, start + len(match.group().rstrip()), 0.95, "its box is ticked")
    return None
