"""Billing codes in running text: HCPCS Level II, CPT by its shape, NDC.

Belongs here: telling such a code from a diagnosis code, a ZIP code, a licence or an id. Does not belong here: which item
a code is for (items), what it stands for (codes.hcpcs). CPT has five digits like a ZIP code, so it needs words that
announce it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.codes import hcpcs, icd10
from pipeline.codes.fold import as_digits
from pipeline.parse.amounts import number
from pipeline.parse.categories import by_words


@dataclass(frozen=True)
class CodeFound:
    """A code at text[start:end] as written, look-alike characters repaired; `quantity` when '95811 x2' gives one."""

    start: int
    end: int
    value: str
    kind: str
    quantity: float | None = None


_MODIFIER = r"(?:[\s-]?(?P<mod>RR|NU|UE|RT|LT|KX|KH|KI|KJ|GA|GY|GZ|EY|MS|BP|AU)\b)?"
_HCPCS = re.compile(rf"(?<![\w.\-/@])(?P<code>[A-HJ-NP-V](?=[OoIlSBZ|]*\d)[\dOoIlSBZ|]{{4}})(?![\w@]|\.\d|-\d){_MODIFIER}")
_NDC = re.compile(r"(?<![\w-])(?P<code>\d{4,5}-\n?\d{3,4}-\n?\d{1,2})(?![\w-])")
_CPT = re.compile(r"(?<![\w.$#/-])(?P<code>(?=[OlI|]*\d)[\dOlI|]{5}|\d{4}T)(?:[\s-](?:59|25|GP|GO|GN|AT|26|TC|RT|LT)\b)?(?![\w-]|[.,]\d)")
_PIECES = re.compile(r"\s?[x×]\s?(?P<n>\d{1,3})\b(?!\s*(?:per|/|weeks?|wks?|months?|mos?|days?))|\s?\(\s?[x×]\s?(?P<m>\d{1,3})\s?\)")
_ANNOUNCED = re.compile(r"(?:\b(?:cpt|hcpcs|cdt|procedure|billing|service)\b\W{0,3}(?:codes?|nos?\.?|numbers?|#)?|\bcodes?|\bC[PF]T)\W{0,4}$", re.I)
_IS_DIAGNOSIS = re.compile(r"(?:\bicd\S*|\bdx|\bdiagnos\w*)\W{0,3}(?:codes?\W{0,3})?(?:[\w .,-]{0,40}\()?$", re.I)
_IS_NUMBER = re.compile(r"(?:\blic(?:en[sc]e)?|\bi\.?d|\bmember|\bnpi|\bpolicy|\bclaim|\bgroup|\bmrn|\bcase|\bcertificate|\bsuite|\bbox|\broom|\bext|\bfax|\btel)\W{0,3}(?:no|number|num)?\W{0,3}$", re.I)
_AND = re.compile(r"\s*(?:,|/|&|and|or|through|-|–|plus|with|\+)?\s*(?:and|or|cpt)?\s*", re.I)


def codes_in(text: str, start: int, end: int, sure: bool = False) -> list[CodeFound]:
    """The codes in text[start:end], in order. `sure` says that the place is a code's own (a column, a labelled cell),
    where a bare five-digit CPT code needs no announcing word."""
    found = [*_hcpcs(text, start, end, sure), *_ndc(text, start, end), *_cpt(text, start, end, sure)]
    return sorted(found, key=lambda c: c.start)


def _before(text: str, at: int) -> str:
    return text[max(0, at - 48) : at].replace("\n", " ")


def _hcpcs(text: str, start: int, end: int, sure: bool) -> Iterable[CodeFound]:
    for match in _HCPCS.finditer(text, start, end):
        code = hcpcs.read(match["code"])
        before = _before(text, match.start())
        if code is None or _IS_NUMBER.search(before) or (sum(c.isdigit() for c in match["code"]) < 2 and hcpcs.look_up(code) is None):
            continue
        announced = sure or bool(_ANNOUNCED.search(before))
        if not announced and code[:2] not in ("V2", "V5") and (_IS_DIAGNOSIS.search(before) or (hcpcs.look_up(code) is None and icd10.look_up(code) is not None and not (code[0] == "E" and by_words(before.rstrip(" (,[")[-40:]) in ("other_dme", "wheelchair", "cpap", "mattress_bed")))):
            continue
        if not announced and hcpcs.look_up(code) is None and code[0] in "FHMNPRU":
            continue
        mod = match["mod"]
        value = code + (match.group()[5:-2] + mod if mod else "")
        yield _with_pieces(text, match, value, "hcpcs")


def _ndc(text: str, start: int, end: int) -> Iterable[CodeFound]:
    for match in _NDC.finditer(text, start, end):
        if 9 <= sum(c.isdigit() for c in match.group()) <= 11 or "ndc" in text[max(0, match.start() - 12) : match.start()].lower():
            yield CodeFound(match.start(), match.end(), match["code"].replace("\n", ""), "ndc")


def _cpt(text: str, start: int, end: int, sure: bool) -> Iterable[CodeFound]:
    last = -99
    for match in _CPT.finditer(text, start, end):
        code = match["code"] if match["code"].endswith("T") else as_digits(match["code"])
        before = _before(text, match.start())
        joined = last >= start and bool(_AND.fullmatch(re.sub(r"[x×]\s?\d+|\([^)]*\)", "", text[last : match.start()])))
        if _IS_NUMBER.search(before) or _IS_ZIP.search(before) or not (sure or joined or _ANNOUNCED.search(before) or _stands_behind_item(text, match)):
            continue
        last = match.end()
        yield _with_pieces(text, match, code + match.group()[len(match["code"]) :], "cpt")


_IS_ZIP = re.compile(r"[a-z],\s+[A-Z]{2}\.?\s+$")
_PLACE = re.compile(r"(?:\b[A-Z]{2}\.?|\b(?:[A-Z][a-z]+ )?[A-Z][a-z]+),?\s*$")


_NAMED_BY = re.compile(r"[a-z]{4,} $")
_COUNTED_BY = re.compile(r"(?:claim|number|case|order|invoice|reference|account|about|roughly|member|policy|code|zip|over|than|costs?|under) $", re.I)


def _stands_behind_item(text: str, match: re.Match[str]) -> bool:
    """'massage therapy, 97124, every other week' and 'massage (97124)', but not 'Dover, NH 03820'."""
    before = _before(text, match.start())
    if re.match(r"\)|\s*[,&;]\s*(?:\d{5}\b|(?:one|two|three|four|five|six|\d{1,2}|qty|quantity|units?)\b)", text[match.end() : match.end() + 9]) and re.search(r"(?:[a-z]|\b[LTCS]\d{1,2}(?:-[LTCS]?\d{1,2})?)\s?\((?:[a-z][\w -]{2,36},\s)?$", before):
        return True
    if _NAMED_BY.search(before) and not _COUNTED_BY.search(before) and re.match(r"\s*(?:[.;]|[x×]\s?\d|$)", text[match.end() : match.end() + 4]):
        return True
    if _SERVICE_BEHIND.match(text[match.end() : match.end() + 16]) and (named := re.search(r"(?:^|[.,;:(]\s|\b(?:and|of|for|a|the)\s)((?:[\w'-]+\s){1,4})$", before)) and by_words(named[1].strip()) in ("therapy_service", "procedure_or_test", "chiropractic", "acupuncture", "massage_therapy", "nutrition_counseling"):
        return True
    return bool(re.search(r"[a-z]{3,},\s*$", before)) and re.match(r"[,;]|\.\s+[A-Z]|\.?$", text[match.end() : match.end() + 6]) is not None and (by_words(before.rstrip(", ").split()[-1]) is not None or not _PLACE.search(before.rstrip(", ")))


_SERVICE_BEHIND = re.compile(r"\s*(?:,|and\b|&|\+|for\b|[x×]\s?\d|\d|each\b|once\b|twice\b|at\b|weekly\b)")


def _with_pieces(text: str, match: re.Match[str], value: str, kind: str) -> CodeFound:
    pieces = _PIECES.match(text, match.end())
    n = number(pieces["n"] or pieces["m"]) if pieces else None
    return CodeFound(match.start(), pieces.end() if pieces else match.end(), value, kind, n)
