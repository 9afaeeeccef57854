"""The signer's numbers: NPI and state licence.

Belongs here: finding them and telling whose they are. Does not belong here: who the signer is (signers), whether an NPI
is registered (check).
"""

import re

from pipeline.codes.fold import digits
from pipeline.codes.npi import npi_is_valid
from pipeline.model import Candidate, FieldValue
from pipeline.parse.places import CITY_STATE_ZIP, STATES
from pipeline.parse.sections import OTHERS
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.signers import Signer, is_anothers, owner_of

_LICENSE = re.compile(
    r"(?<![A-Za-z])(?:lic(?:en[sc]e)?|licensure|apr[nm])\b\.?\s*(?:no|number|num|#)?[.:#\s]*(?P<id>(?:[A-Z]{1,6}[.\- ]?){0,3}\d[\dA-Z.\-]*\d(?:-?[A-Z]{1,3}\b)?|\d{3,})", re.I)  # fmt: skip
_STATE_NUMBER = re.compile(r"(?:,|^|\||\(|NPI\W*\d{10}\W+)\s*(?P<state>[A-Z]{2}|[A-Z][a-z]{2,12}(?: [A-Z][a-z]{3,9})?)\.? (?:(?:MD|DO|PA|NP|RN|PT|DC|OD|DPM|DDS|PSY) )?#?(?P<id>(?:[A-Z]{1,3}-)?\d{3,8})\b(?!-)")
"""A state, perhaps a degree, and a number: behind an NPI, or alone by the signer's name."""

_SHORT_STATES = tuple(
    "Ala Ariz Ark Calif Colo Conn Del Fla Ill Ind Kan Kans Mass Mich Minn Miss Mont Neb Nebr Nev Okla Ore Oreg Penn Penna Tenn Tex Vt Wash Wis Wisc Wyo".split()  # noqa: SIM905
)
"""States as they are shortened by hand (GPO Style Manual, chapter 9); any other word before a number is a room, a month, a page."""


def read_npi(sheet: Sheet, signer: Signer | None) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("provider.npi"):
        text = sheet.text(pair.start, pair.end)
        match = re.match(r"[\s#:]*(?P<n>(?:[0-9OoIlSB][\s\-]?){9}[0-9OoIlSB])(?![\dA-Za-z])", text)
        number = digits(match["n"]) if match else ""
        short = re.match(r"[\s#:]*(\d{6,9}|\d{11,12})(?!\d)", text)
        if len(number) != 10 and short:
            number = short.group(1)
        label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
        if len(number) != 10 and not short:
            continue
        if label.lower() in ("id", "identifier", "identification number") and len(number) != 10:
            continue
        last = match or short
        end = pair.start + last.end() if last else pair.end
        made.append(_npi_candidate(sheet, pair.start, end, number, label, signer))
    return settle("provider.npi", made)


def _npi_candidate(
    sheet: Sheet, start: int, end: int, number: str, label: str, signer: Signer | None
) -> Candidate | None:
    near = 0.0
    line = sheet.line_at(start)
    if signer is not None and line is not None and line.page == signer.line.page:
        near = (
            0.04 if abs(line.box[1] - signer.line.box[1]) < 60 and abs(line.box[0] - signer.line.box[0]) < 90 else 0.0
        )
    good = npi_is_valid(number)
    because = f"stands behind '{label}'" + ("" if good else "; its check digit is wrong")
    weak = re.search(r"npi|national provider", label, re.I) is None
    rejected = "an identification number that is no NPI" if weak and not good else None
    if is_anothers(sheet, line, signer):
        rejected = "stands under another's name"
    if line is not None and sheet.role_of(line) in ("patient", "other", "payer"):
        rejected = "stands in another's section of the form"
    return sheet.candidate(number, start, end, (0.93 if good else 0.75) + near, because, rejected)


def _licence_in_shared_box(sheet: Sheet) -> list[Candidate | None]:
    """The second value under 'NPI / License'."""
    made = []
    for pair in sheet.pairs_of("provider.npi"):
        if not re.search(r"lic", sheet.text(pair.hit.start, pair.hit.end), re.I):
            continue
        second = re.search(r"[/,;]\s*(?P<id>[A-Z0-9][A-Z0-9.\-]*\d[A-Z0-9.\-]*)", sheet.text(pair.start, pair.end))
        if second:
            start, end = pair.start + second.start("id"), pair.start + second.end("id")
            made.append(sheet.candidate(second["id"], start, end, 0.88, "stands second under a label of NPI and licence"))
    return made


def read_license(sheet: Sheet, signer: Signer | None) -> FieldValue:
    made: list[Candidate | None] = list(_licence_in_shared_box(sheet))
    for line in sheet.lines:
        for match in _LICENSE.finditer(line.text):
            value = match["id"].strip(" .-")
            value = re.sub(r"^[A-Z]{2,3}\.?\s+(?=[\dA-Z.\-]*\d{3})", "", value)
            rejected = None
            if sum(c.isdigit() for c in value) < 3 or npi_is_valid(value):
                rejected = "too short for a licence, or an NPI"
            near = signer is not None and line.page == signer.line.page and abs(line.box[1] - signer.line.box[1]) < 80
            if near and signer is not None and abs(line.box[0] - signer.line.box[0]) > 140 and sheet.kind == "letter":
                rejected = "stands with another signer"
            if is_anothers(sheet, line, signer):
                rejected = "stands under another's name"
            elif rejected == "stands with another signer" and owner_of(sheet, line) is not None:
                rejected = None
            at = line.start + line.text.index(value, match.start("id"))
            made.append(sheet.candidate(value, at, at + len(value),
                                        0.92 if near else 0.75, "stands behind a word for licence", rejected))  # fmt: skip
    for pair in sheet.pairs_of("provider.license"):
        value = re.match(r"[\s#:]*(?:[A-Z]{2}\s*[-:]?\s+)?(?P<id>[A-Z0-9][A-Z0-9.\-]*\d[A-Z0-9.\-]*)", sheet.text(pair.start, pair.end))
        if value and pair.relation != "behind" and sheet.role_of(pair.hit.line) not in OTHERS and not npi_is_valid(value["id"]):
            start, end = pair.start + value.start("id"), pair.start + value.end("id")
            made.append(sheet.candidate(value["id"], start, end, 0.9, f"stands {pair.where} the form's label"))
    if signer is not None and not any(c is not None and c.rejected_because is None for c in made):
        n = sheet.index_of(signer.line)
        for line in sheet.lines[n : n + 4]:
            for match in (
                []
                if "NPI" not in line.text and (re.search(r"\b\d{5}(?:-\d{4})?\s*(?:[|•·]|$)", line.text) or CITY_STATE_ZIP.search(line.text))
                else [m for m in _STATE_NUMBER.finditer(line.text) if len(m["state"]) == 2 or m["state"].lower() in STATES or m["state"] in _SHORT_STATES]
            ):
                at = line.start + match.start("id")
                made.append(
                    sheet.candidate(
                        match["id"], at, at + len(match["id"]), 0.7, "stands behind a state by the signer's name"
                    )
                )
    return settle("provider.license", made)
