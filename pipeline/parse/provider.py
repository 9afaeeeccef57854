"""Who signed: name, credentials, specialty, NPI, licence.

Belongs here: choosing among those who may have signed. Does not belong here: who they are (signers), whether there is a
signature (signature), whether the plan accepts the signer (check).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.licences import read_license, read_npi
from pipeline.parse.lines import Line
from pipeline.parse.people import Person, credentials_after, same_person
from pipeline.parse.sheet import Sheet, losers, settle
from pipeline.parse.signature import read_signed
from pipeline.parse.signers import Signer, people_on, signers_of
from pipeline.parse.specialty import read_specialty


def read_provider(sheet: Sheet) -> dict[str, FieldValue]:
    """The six fields of the signer, and provider.signed."""
    signers = signers_of(sheet)
    name = _name(sheet, signers)
    best = signers[0] if signers else None
    signed = read_signed(sheet, best.line if best else None, (best.person.start, best.person.end) if best else None)
    return {
        "provider.name": name,
        "provider.credentials": _credentials(sheet, signers, name),
        "provider.signed": signed,
        "provider.npi": read_npi(sheet, best),
        "provider.license": read_license(sheet, best),
        "provider.specialty": read_specialty(sheet, best),
    }


def _name(sheet: Sheet, signers: list[Signer]) -> FieldValue:
    made: list[Candidate | None] = []
    for s in signers:
        full = _fuller(sheet, s)
        rejected = None if s.weight >= 0.28 else "not where a signer stands"
        made.append(sheet.candidate(full.name, full.start, full.end, min(0.97, s.weight), s.because, rejected))
    return losers("provider.name", settle("provider.name", made), "another person stands better for the signer")


def _fuller(sheet: Sheet, signer: Signer) -> Person:
    """The same person's fuller name from the letterhead when the signature has initials ('E. W. Tuttle', 'E Tuttle')."""
    if not re.match(r"^[A-Z]\.?\s", signer.person.name):
        return signer.person
    for n in (*sheet.zones.head, *sheet.zones.sign):
        for person in people_on(sheet.lines[n]):
            if same_person(person.name, signer.person.name) and len(person.name) > len(signer.person.name):
                return person
    return signer.person


def _credentials(sheet: Sheet, signers: list[Signer], name: FieldValue) -> FieldValue:
    made: list[Candidate | None] = []
    chosen = str(name.value) if name.value else ""
    for s in signers:
        if not chosen or not same_person(s.person.name, chosen):
            continue
        credentials = s.person.credentials or _next_line_credentials(sheet, s.line)
        if credentials:
            made.append(
                sheet.candidate(
                    credentials,
                    s.start,
                    max(s.person.all_end, s.person.end),
                    min(0.97, 0.3 + s.weight),
                    "stand behind the signer's name",
                )
            )
    for pair in sheet.pairs_of("provider.credentials"):
        found = credentials_after(", " + sheet.text(pair.start, pair.end), 0)[0]
        if found:
            made.append(sheet.candidate(found, pair.start, pair.end, 0.9, "stand under the form's label"))
    best = settle("provider.credentials", made)
    longest = sorted(
        best.candidates,
        key=lambda c: (
            c.rejected_because is not None,
            -len(c.value) if isinstance(c.value, tuple) else 0,
            -c.confidence,
        ),
    )
    return FieldValue(name=best.name, candidates=tuple(longest))


def _next_line_credentials(sheet: Sheet, line: Line) -> tuple[str, ...]:
    n = sheet.index_of(line)
    below = [o for o in sheet.lines if o.page == line.page and abs(o.box[0] - line.box[0]) < 6 and -0.4 * line.height < o.box[1] - line.box[3] < 0.9 * line.height]
    for other in (*sheet.lines[n + 1 : n + 2], *sorted(below, key=lambda o: o.box[1])[:1]):
        found = credentials_after(", " + other.text, 0)[0]
        if found:
            return found
    return ()
