"""The account holder: named by a label, by words such as 'spouse of', or the patient himself.

Belongs here: who holds the account, and whether that is the patient. Does not belong here: the patient's name (patient).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.namedpairs import SELF, from_pair
from pipeline.parse.people import read_person, same_person
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.told import SAME, Told


def one_span(patient: Candidate | None, holder: Candidate | None) -> bool:
    """Whether the holder's name is the very words that name the patient."""
    return patient is not None and holder is not None and patient.evidence is not None and holder.evidence is not None and patient.evidence.start == holder.evidence.start


def is_self(sheet: Sheet) -> bool:
    """Whether the patient's box says that the patient is the account holder."""
    said = any(SELF.match(sheet.text(pair.start, pair.end)) for pair in sheet.pairs_of("patient.name"))
    return said or related(sheet) == "self" or any(t.value == SAME for t in sheet.told) or _left_blank(sheet)


def _left_blank(sheet: Sheet) -> bool:
    """Whether a form asks for a patient other than the holder and the box is empty."""
    asked = [run for typed in sheet.typed for run in typed.runs if re.search(r"\bif\b", run.words) and any(a.whose == "patient" and a.what == "name" for a in run.asks)]
    return sheet.kind == "form" and bool(asked) and not any(t.run in asked for t in sheet.told)


_ONESELF = re.compile(r"\W*(?:the )?(?:self|member|myself|participant|employee|subscriber|insured|(?:account |policy |card |hsa |plan )?(?:holder|owner))\W*$", re.I)
_RELATIVE = re.compile(r"\W*(?:the )?(?:my )?(?:spouse|husband|wife|(?:dependent )?child|son|daughter|dependent|domestic partner|partner|other)\W*$", re.I)


def related(sheet: Sheet) -> str:
    """'self' or 'another' as the ticked box says that the patient is the holder or a relative; '' for none."""
    ticked = [sheet.text(o.start, o.end) for o in sheet.options if o.ticked and o.end - o.start < 28]
    if any(_RELATIVE.match(t) for t in ticked):
        return "another"
    return "self" if any(_ONESELF.match(t) for t in ticked) else ""


def _names_told(sheet: Sheet) -> list[Told]:
    return [t for t in sheet.told if t.ask.what == "name" and t.value != SAME]


def read_holder(sheet: Sheet, patient: Candidate | None) -> FieldValue:
    made: list[Candidate | None] = []
    under = [p for p in sheet.pairs_of("neutral_name") if sheet.role_of(p.hit.line) == "holder"]
    for pair in (*sheet.pairs_of("account_holder"), *under):
        found = from_pair(sheet, pair, 0.93)
        if found is not None and patient is not None and found.evidence == patient.evidence:
            found = found.model_copy(update={"rejected_because": "is the patient"})
        made.append(found)
    made.extend(_told_holders(sheet))
    made.extend(_holder_in_words(sheet, patient))
    return settle("account_holder", made)


def _told_holders(sheet: Sheet) -> list[Candidate | None]:
    """Names that a label tells to be the holder's; where the patient's own number is told there too, a worker's employer is none."""
    found = [t for t in _names_told(sheet) if t.ask.whose == "holder" and t.sure and not re.search(r"\binjured\b", t.run.words, re.I) and sheet.role_of(t.run.line) not in ("provider", "practice", "payer", "other")]
    return [sheet.candidate(t.value, t.start, t.end, 0.9, f"stands {t.where} the label '{t.run.words}'") for t in found]


_HOLDER_SAID = re.compile(
    r"(?i:(?:spouse|husband|wife|partner|son|daughter|child|dependent|mother|father|ward|stepson|stepdaughter|beneficiary|enrolled (?:through|under)|covered (?:through|under|by)|"
    r"member of the family|plan) (?:of|under|through|by|held by)?\s*(?:the |our |your )?(?:plan )?(?:account[- ]?holder|account owner|subscriber|policy[- ]?holder|participant|employee|insured|card[- ]?holder|member))[,:]?\s+(?=[A-Z])")


_HOLDER_RELATED = re.compile(
    r"(?i:(?:covered|coverage|enrolled|insured|on the plan|dependent) (?:is )?(?:through|under|by|via|of|on) (?:her|his|their|the) (?:husband|wife|spouse|mother|father|parent|partner)(?:['’]s (?:plan|account|coverage|policy|insurance))?)(?:,| \()?\s+(?=[A-Z])")


_HOLDER_IS = re.compile(r"(?<![\w.])(?P<name>[A-Z][\w'’\-]+(?:\s+[A-Z][\w'’.\-]*){1,3}) is (?:the|your|our) (?i:(?:fsa |hsa |hra |plan |account |primary |insured )*(?:participant|subscriber|account ?holder|policy ?holder|employee|insured))\b")


_HOLDER_CALLED = re.compile(
    r"(?i:(?:dependent|spouse|child|son|daughter|wife|husband|minor) of (?:our |your |the )?(?:member |subscriber |participant )?)(?P<name>[A-Z][\w'’\-]+(?:\s+[A-Z][\w'’.\-]*){1,3}),\s+(?i:(?:the |an? |your )?(?:fsa |hsa |hra |plan |primary )?"
    r"(?:subscriber|account ?holder|employee|participant|member|policy ?holder|insured)\b)")


_HOLDER_HAS = re.compile(
    r"(?i:\b(?:wife|husband|spouse|partner|son|daughter|child|stepson|stepdaughter|dependent|mother|father) of (?:our |your |the )?(?:member |subscriber |participant |employee )?)(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b\.? )?"
    r"(?P<name>[A-Z][\w'’\-]+(?:\s+[A-Z][\w'’.\-]*){1,3}),? \(?(?i:(?:who|whose)\b[^.;]{0,40}\b(?:accounts?|plan|policy|coverage|insurance|fsa|hsa|hra|benefits?)\b)")
"""'the wife of Mr. Ruiz, who has the account'."""


def _holder_in_words(sheet: Sheet, patient: Candidate | None) -> list[Candidate | None]:
    """'(spouse of account holder Margaret Adebayo)', over a line's end or not."""
    made: list[Candidate | None] = []
    text = re.sub(r"\s", " ", sheet.document.text)
    for match in (*_HOLDER_SAID.finditer(text), *_HOLDER_RELATED.finditer(text), *_HOLDER_IS.finditer(text), *_HOLDER_HAS.finditer(text), *_HOLDER_CALLED.finditer(text)):
        if not any(line.start <= match.start() < line.end for line in sheet.lines):
            continue
        at = match.start("name") if "name" in match.re.groupindex else match.end()
        person = read_person(text[: at + 60], at)
        if person is not None and not person.credentials and not (patient and same_person(person.name, str(patient.value)) and person.name.split()[0] == str(patient.value).split()[0]):
            made.append(sheet.candidate(person.name, person.start, person.end, 0.82, "is named as the account holder"))
    return made
