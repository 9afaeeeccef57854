"""What the grammar of codes, dates and numbers says of a word that was read.

Belongs here: a letter read as the digit that looks like it and the other way round, by the place it has in a code; dates and
numbers that cannot be. Does not belong here: which words are read twice (again.py), what a code means, whether a
letter asserts it (the parse room, which knows the words around it). ICD-10-CM begins with a letter and HCPCS is a letter
and four digits (pipeline.codes); in few prints can I be told from 1, so that the networks' own doubt counts as well.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pipeline.codes import hcpcs, icd10
from pipeline.codes.fold import as_digits
from pipeline.read.engine import OcrWord

NOTHING: Mapping[str, OcrWord] = {}
TWINS = {"1": "I", "0": "O", "5": "S", "8": "B", "6": "G", "2": "Z"}
"""For a digit the letter that looks like it."""

_LEAN = {"1": 1e-4}
_LEAST_LEAN, _UNSURE = 1e-2, 0.1
"""A digit whose letter has so much of its odds may be the letter. Measured, the mean of two networks: a 1 that is one has
below 5e-6, an I read as 1 above 6e-4; a 0 that is one below 3e-3, an O read as 0 above 2e-2. From a tenth of that on
nobody agrees."""

_STROKES = "l|!"
"""Read for an I; the last two may be the rule of a table as well."""

_MENDED = 0.9
_PARTS = re.compile(r"^([^\w|!]*)(.*?)([^\w|]*)$")
_ICD = re.compile(r"[A-TV-Z]\d[\dAB](?:\.[\dA-Z]{1,4})?")
_ICD_LIKE = re.compile(r"[A-TV-Z][\dOoIl|SB][\dOoIl|SBab]\.[\dA-Za-z|]{1,4}")
_HCPCS_LIKE = re.compile(r"[A-HJ-NP-V](?=.*\d.*\d)[\dOoQDIil|SBZ]{4}")
_SOILED = re.compile(r"(?=.{5})\d+[OoQIl|]\d+")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")


def voted(word: OcrWord, said: Mapping[str, OcrWord] = NOTHING) -> OcrWord:
    """The word after the vote: mended where it is a code but for the look of a letter, agreed then if another reading
    `said` that code too; disputed where it is a date or a number that cannot be; else as it is."""
    match = _PARTS.match(word.text)
    if match is None or not match.group(2):
        return word
    before, bare, after = match.groups()
    lean = math.sqrt(word.lean * said[bare].lean) if bare in said else word.lean
    code = _with_letter(bare, lean, said) or _with_digits(bare)
    if code is not None:
        opinion: Literal["agreed", "single"] = "agreed" if bare in said or code in said else "single"
        return replace(word, text=before + code + after, confidence=min(word.confidence, _MENDED), opinion=opinion)
    if word.opinion == "agreed" and (_SOILED.fullmatch(bare) or _is_no_date(bare)):
        return replace(word, opinion="disputed")
    unsure = lean > _UNSURE * _least(bare) or bare[0] in _STROKES
    if word.opinion == "agreed" and unsure and (_twin(bare) is not None or _shape(bare) is not None):
        return replace(word, opinion="single")
    return word


def _least(bare: str) -> float:
    return _LEAN.get(bare[0], _LEAST_LEAN)


def _with_letter(bare: str, lean: float, said: Mapping[str, OcrWord]) -> str | None:
    """The code whose first letter was read as a digit, where the networks lean to the letter or one of them said so."""
    shape = _shape(bare)
    if shape is not None and (shape in said or shape.lower() in said):
        return shape
    return _twin(bare) if lean > _least(bare) or bare[0] == "l" else None


def _shape(bare: str) -> str | None:
    """The shape of a HCPCS code that five digits have when the first is the letter that looks like it."""
    code = TWINS.get(bare[0], "") + bare[1:]
    return code if len(bare) == 5 and hcpcs.SHAPE.match(code) else None


def _twin(bare: str) -> str | None:
    """The code that a number is when its first digit is the letter that looks like it: '187.2' is I87.2; None for none."""
    letter = "I" if bare[0] in _STROKES else TWINS.get(bare[0])
    if letter is None:
        return None
    code = letter + bare[1:]
    if _ICD.fullmatch(code):
        found = icd10.look_up(code)
        return code if found is not None and (found.billable or "." in code) else None
    shape = _shape(bare)
    return shape if shape is not None and hcpcs.look_up(shape) else None


def _with_digits(bare: str) -> str | None:
    """The code in which a digit was read as a letter: 'M17.ll' is M17.11, 'Jo585' J0585; None where it is a code as it
    stands or none is found."""
    if _ICD_LIKE.fullmatch(bare) and icd10.look_up(bare) is None:
        found = icd10.read(bare)
        return found.code if found is not None else None
    code = bare[0] + as_digits(bare[1:])
    return code if code != bare and _HCPCS_LIKE.fullmatch(bare) and hcpcs.look_up(code) else None


def _is_no_date(bare: str) -> bool:
    """Whether what has the shape of a date has no such day or month, or a year of another century."""
    match = _DATE.fullmatch(bare)
    if match is None:
        return False
    first, second, year = (int(part) for part in match.groups())
    days = min(first, second) in range(1, 13) and max(first, second) <= 31
    return not days or (year > 99 and not 1900 <= year < 2100)
