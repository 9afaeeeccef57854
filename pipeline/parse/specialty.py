"""The signer's own specialty, as written.

Belongs here: telling a specialty from a title or a place, under the signer's name, in a form's box, in the head of a
doctor's own paper. Does not belong here: who the signer is (signers).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.labels import KeyValue
from pipeline.parse.people import same_person
from pipeline.parse.places import CITY_STATE_ZIP, STREET
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.signers import Signer, owner_of

SPECIALTY = re.compile(
    r"\b(?:(?:adult|advanced|osteopathic|female|pelvic|spinal cord|injury|sleep|general|restorative|headache|podiatric|burn|reconstructive|naturopathic|breast|thoracic|cardiothoracic|colorectal|trauma|foot|ankle|knee|shoulder|wound|transplant|diabetes|infectious|low vision|vision|heart failure|heart|lung|kidney|"
    r"gynecologic|maternal|fetal|minimally invasive|mohs|cosmetic|anesthesiology|cancer|surgical|medical|developmental|electrodiagnostic|travel|urgent|allergy|weight|family|internal|general|sports|sleep|pain|physical|obstetric\w*|pediatric|paediatric|geriatric|preventive|emergency|occupational|"
    r"developmental|behavioral|reproductive|clinical|interventional|integrative|facial|plastic|orthop\w+|hand|spine|vascular|cardi\w+|pulmonary|"
    r"critical|primary|women['’]?s|medical|maxillofacial|oral|nutrition|lifestyle|obesity|bariatric|addiction|hospice|palliative|child|adolescent|community|neuro\w*|speech[- ]language)[\s,&/\-]*(?:and\s+)?)*"
    r"(?:medicine|surgery|practice|care|pediatrics?|paediatrics|cardiology|neurology|dermatology|rheumatology|endocrinology|gastroenterology|"
    r"nephrology|oncology|hematology|urology|psychiatry|psychology|orthop(?:a)?edics|otolaryngology|ophthalmology|optometry|podiatry|chiropractic|"
    r"acupuncture|allergy|immunology|anesthesiology|anesthesia|radiology|lactation|prosthetics|orthotics|diabetes|hepatology|infectious disease|hospital medicine|pulmonology|rehabilitation|physiatry|gyn(?:a)?ecology|obstetrics|geneticist|genetics|neurosurgery|dietetics|"
    r"audiology|therapy|therapist|pathologist|pathology|physiatrist|internist|dermatologist|cardiologist|neurologist|pediatrician|rheumatologist|"
    r"endocrinologist|gastroenterologist|surgeon|podiatrist|psychiatrist|psychologist|allergist|nephrologist|oncologist|urologist|dietitian|"
    r"(?:orofacial|chronic|interventional|acute|spine|craniofacial|musculoskeletal) pain|cosmetic dentistry|dentistry|orthodontics|periodontics|prosthodontics|midwifery|anesthesiology|management|metabolism|internal medicine)"
    r"(?:\s*(?:&|and|/|,|-|–|—)\s*(?:head (?:&|and) neck surgery|metabolism|immunology|rehabilitation|reconstructive surgery|restorative dentistry|pain medicine|pain management|ankle surgery|gyn(?:a)?ecology|sleep medicine|sports medicine|hepatology|"
    r"hematology|oncology|critical care|aesthetic\w*|surgery|nutrition|cardiovascular\w*|neurosurgery|adolescent medicine|throat))*\b", re.I)  # fmt: skip
_BOARD = re.compile(
    r"board[- ]certified(?: in)?|certified in|diplomate|fellowship[- ]trained in|department of|dept\.? of|division of",
    re.I,
)
_POST = re.compile(r"^\W*(?:attending|consulting|staff|treating|associate|assistant|chief|lead|clinical|senior)?\s*(?:physician|provider|practitioner|clinician)s?\s*[,–—-]\s*(?:in\s+)?|^\W*(?:attending|consultant|chief|staff)\s*[,–—-]\s*", re.I)
_TITLE = re.compile(
    r"\b(?:coach|director|owner|manager|coordinator|team|consultant|president|representative|trainer)\b", re.I
)


def read_specialty(sheet: Sheet, signer: Signer | None) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("provider.specialty"):
        text = _with_rest(sheet, pair)
        value = re.split(r"\s*(?:\||·|•|;|\bNPI\b|\()\s*", text)[0].strip(" .,")
        if value and not _TITLE.search(value) and not re.search(r"\b(?:name|phone|fax|address|npi)\b", value, re.I):
            end = pair.start + min(len(value), pair.lines[0].end - pair.start)
            made.append(sheet.candidate(value, pair.start, end, 0.92, "stands under the form's label"))
    if not any(made) and sheet.kind == "form":
        made.extend(_behind_its_word(sheet))
    if signer is not None:
        made.extend(_specialty_near(sheet, signer))
        made.extend(_listed(sheet, signer))
        if not any(made):
            made.extend(_specialty_of_solo(sheet, signer))
        if not any(made):
            made.extend(_of_department(sheet))
    return settle("provider.specialty", made)


_WORD = re.compile(r"\bSpecialty\W{1,3}(?P<field>[A-Z][\w &,/-]+)$")


def _behind_its_word(sheet: Sheet) -> list[Candidate | None]:
    """'NPI 1003000126 Specialty Pulmonology': behind the bare word at the end of a form's line."""
    found = [(line, m) for line in sheet.lines if (m := _WORD.search(line.text)) and specialty_in(m["field"])]
    return [sheet.candidate(m["field"], line.start + m.start("field"), line.start + m.end("field"), 0.8, "stands behind the word for it") for line, m in found[:1]]


def _with_rest(sheet: Sheet, pair: KeyValue) -> str:
    """The value of a specialty's cell; with its second line where the first ends in a linking word."""
    first = sheet.text(pair.start, pair.end).split("\n")[0]
    line = pair.lines[0]
    below = [o for o in sheet.lines if o.page == line.page and abs(o.box[0] - line.box[0]) < 4 and -0.4 * line.height < o.box[1] - line.box[3] < 0.9 * line.height]
    return f"{first} {below[0].text.strip()}" if below and re.search(r"(?:\b(?:and|of|with|in)|[&,/-])\s*$", first) and not any(h.line is below[0] for h in sheet.hits) else first


def _specialty_near(sheet: Sheet, signer: Signer) -> list[Candidate | None]:
    made: list[Candidate | None] = []
    n = sheet.index_of(signer.line)
    for line in sheet.lines[n : n + 4]:
        if line.page != signer.line.page or abs(line.box[1] - signer.line.box[1]) > 60:
            continue
        if any(hit.line is line and hit.alone for hit in sheet.hits):
            continue
        begin = max(0, signer.person.all_end - line.start) if line is signer.line else 0
        for part in (*re.finditer(r"[^|·•;()\n]+", line.text[begin:]), *(re.finditer(r"[^|·•;()\n,]+", line.text[begin:]) if line is signer.line else ())):
            found = specialty_in(part.group())
            if found is not None:
                at = line.start + begin + part.start() + part.group().index(found)
                made.append(sheet.candidate(found, at, at + len(found), 0.85, "stands under the signer's name"))
    return made[:2] or _by_exclusion(sheet, signer)


_FIELD = re.compile(r"\b(?:medicine|surgery|[a-z]{3,}ology|[a-z]{3,}iatry|[a-z]{3,}iatrics|genetics|rehabilitation|care|pain|dentistry|[a-z]+dontics|obstetrics|orthop(?:a)?edics|anesthesia|allergy|midwifery|dietetics|nutrition|audiology|therapy|acupuncture|chiropractic)\b", re.I)
_NO_FIELD = re.compile(r"\b(?:clinics?|cent(?:er|re)s?|hospitals?|group|associates|institute|practice|partners|university|college|school|system|network|pllc|llc|inc|p\.?c|department|dept|division|office|board|certified|license|physicians|specialists|health ?care|home|"
                       r"director|chair|professor|chief|program|assistant|practitioner|resident|fellow|team|coordinator|to|the|you|your|please|signed|date|phone|fax|npi)\b", re.I)  # fmt: skip


def _by_exclusion(sheet: Sheet, signer: Signer) -> list[Candidate | None]:
    """The line right under the signer's, at its left edge, that has a word of a field of medicine and is no house, title, sentence or
    number, nor stands elsewhere on the paper as the name of a house does."""
    line = signer.line
    below = [o for o in sheet.lines if o.page == line.page and abs(o.box[0] - line.box[0]) < 8 and -0.5 * line.height < o.box[1] - line.box[3] < 1.2 * line.height]
    under = min(below, key=lambda o: o.box[1], default=None)
    text = re.split(r"\s*[|•·;(]\s*", under.text)[0].strip(" ,.") if under is not None else ""
    words = [w for w in re.split(r"[\s,/&-]+", text) if w and w not in ("and", "of", "in")]
    if under is None or sheet.kind == "form" or not 1 < len(words) <= 8 or not all(w[0].isupper() for w in words) or not _FIELD.search(text) or _NO_FIELD.search(text) or re.search(r"\d", text):
        return []
    after = min((o for o in sheet.lines if o.page == line.page and abs(o.box[0] - under.box[0]) < 8 and -0.5 * under.height < o.box[1] - under.box[3] < 1.2 * under.height), key=lambda o: o.box[1], default=None)
    if after is not None and (STREET.search(after.text) or CITY_STATE_ZIP.search(after.text)):
        return []
    if any(o is not under and text.casefold() in o.text.casefold() for o in sheet.lines if sheet.zone_of(o.start) == "head" or o.box[1] > 0.86 * sheet.page(o.page).height):
        return []
    at = under.start + under.text.index(text)
    return [sheet.candidate(text, at, at + len(text), 0.7, "stands under the signer's name and names a field of medicine")]


def _listed(sheet: Sheet, signer: Signer) -> list[Candidate | None]:
    """The specialty under the signer's name in a list of the office's clinicians."""
    made: list[Candidate | None] = []
    for line in sheet.lines:
        if line is signer.line or sheet.zone_of(line.start) != "head":
            continue
        owner = owner_of(sheet, line)
        found = next((f for part in re.split(r"\s*[|•·]\s*", line.text) if (f := specialty_in(part))), None)
        if owner is not None and found is not None and same_person(owner.name, signer.person.name) and not line.start <= owner.start < line.end:
            at = line.start + line.text.index(found)
            made.append(sheet.candidate(found, at, at + len(found), 0.72, "stands under the signer's name in the letterhead"))
    return made[:1]


def _specialty_of_solo(sheet: Sheet, signer: Signer) -> list[Candidate | None]:
    """On the paper of a doctor's own practice, the specialty under the name at the head."""
    surname = signer.person.name.split()[-1].lower()
    head = [line for line in sheet.lines[:6] if line.page == sheet.pages[0]]
    if not any(surname in line.text.lower().replace(" ", "") for line in head):
        return []
    found = [(line, name) for line in head if (name := specialty_in(line.text)) and surname not in line.text.lower()]
    return [sheet.candidate(name, line.start + line.text.index(name), line.start + line.text.index(name) + len(name), 0.7,
                            "stands under the doctor's name in the letterhead") for line, name in found[:1]]  # fmt: skip


_DEPARTMENT = re.compile(r"^\W*(?:department|dept\.?|division|section|service) of (?P<field>[A-Z][\w&,/ -]+?)\W*$", re.I)


def _of_department(sheet: Sheet) -> list[Candidate | None]:
    """The field of the department in the letterhead, where the signer's own is not given."""
    made: list[Candidate | None] = []
    for line in sheet.lines:
        match = _DEPARTMENT.match(line.text) if sheet.zone_of(line.start) == "head" and line.box[1] < 0.22 * sheet.page(line.page).height else None
        if match and specialty_in(match["field"]):
            made.append(sheet.candidate(match["field"], line.start + match.start("field"), line.start + match.end("field"), 0.55, "is the field of the department on the paper"))
    return made[-1:]


def specialty_in(text: str) -> str | None:
    """A part of a signature block that is a specialty and little else; titles such as coach are none."""
    bare = re.sub(r"^\W*in (?=[A-Z])", "", _POST.sub("", _BOARD.sub("", text)))
    bare = re.split(r",?\s*(?:NPI|[Ll]ic|[A-Z]{2} [Ll]ic|,\s*[A-Z]{2}\s+#?\d)", bare)[0].strip(" ,.-–—")
    if _TITLE.search(bare) or len(bare.split()) > 7 or re.search(r"\d", bare):
        return None
    match = SPECIALTY.search(bare)
    if match is None:
        return None
    led = re.search(r"\b[A-Z]", bare[: match.start()]) is not None
    told = sum(len(m.group()) for m in SPECIALTY.finditer(bare))
    return bare if told >= (_LED if led else 0.6) * len(bare) else None


_LED = 0.8
"""The share of a line that a specialty fills behind capitalised words which are none: else they are the name of a house."""
