"""What was left of a template, and signs that the letter answers a questionnaire alone: noticed, for a person to weigh.

Belongs here: unfilled slots and instructions left standing, the wording of letters that a sale's survey wrote. Does not
belong here: what a plan makes of it. Only counts and page numbers are told, never the letter's words.
"""

import re

from pipeline.model import Problem
from pipeline.parse.sheet import Sheet

_SLOT = re.compile(
    r"\[\s?(?:insert|enter|add|your|patient|client|member|physician|provider|doctor|name|date|dob|diagnos\w+|condition|item|product|treatment|medication|drug|device|duration|frequency|icd\S*|code|address|phone|practice|payer|insurance|describe|list|specify|delete)\b[^\]\n]{0,60}\]"
    r"|<\s?(?:insert|patient|name|date|diagnosis|item|product|provider|treatment|duration)\b[^>\n]{0,40}>|\{\{?\s?\w[\w ]{1,30}\}?\}|%\w{3,24}%|\bX{4,}\b|\b(?:for|of|period of|every|x)\s_{3,}\s?(?:days|weeks|months|years)",
    re.I,
)
_LEFT_STANDING = re.compile(r"\b(?:delete (?:this|the following) (?:paragraph|sentence|section|line)|instructions? to (?:the )?(?:provider|physician|author)|replace (?:this )?with)\b", re.I)
_SURVEY = re.compile(
    r"\b(?:(?:online|health|intake|asynchronous|telehealth|digital|medical) (?:survey|questionnaire|assessment)|based (?:solely |only )?on (?:the )?(?:answers|information|responses|history) (?:that )?(?:the patient |you |he |she |they )?(?:self-?)?(?:reported|provided|submitted|entered|supplied)|self-?reported (?:information|health|history|answers)|without (?:a )?(?:physical|in-person) exam\w*|no physician[- ]patient relationship|asynchronous(?:ly)?)\b",
    re.I,
)


def template_signs(sheet: Sheet) -> tuple[Problem, ...]:
    """At most one note on unfilled slots and one on a questionnaire, each with the first page it stands on."""
    notes = []
    slots = _found(sheet, _SLOT) + _found(sheet, _LEFT_STANDING)
    if slots and sheet.kind != "form":
        count = "A slot" if len(slots) == 1 else f"{len(slots)} slots"
        stand = "stands" if len(slots) == 1 else "stand"
        notes.append(Problem(code="unfilled", says=f"{count} of the template {stand} unfilled.", page=min(slots)))
    survey = _found(sheet, _SURVEY)
    if survey:
        notes.append(Problem(code="questionnaire", says="The letter seems to rest on a questionnaire and no examination.", page=min(survey)))  # fmt: skip
    return tuple(notes)


def _found(sheet: Sheet, pattern: re.Pattern[str]) -> list[int]:
    """The page of each match, line by line."""
    return [line.page for line in sheet.lines for _ in pattern.finditer(line.text)]
