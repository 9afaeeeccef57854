"""How a letter stands to a condition that it names: asserts it of this patient, only mentions it, or denies it.

Belongs here: what the words around a mention say, its heading, the drug whose side effect it is. Does not belong here:
the context rules themselves (context), finding the mention (mentions, dxcodes), joining them (diagnoses).
"""

import re
from dataclasses import dataclass

from pipeline.parse.context import Context, context_of
from pipeline.parse.mentions import Mention
from pipeline.parse.sheet import Sheet
from pipeline.parse.treatment_names import names_treatment

_ASSERTS = re.compile(
    r"(?:diagnos(?:is|es|ed)(?:\s+(?:is|of|with|as|include[s]?|are|:))+|suffer(?:s|ing|ed)? (?:from|with)|\b(?:also |currently |now )?(?:has|have|had)"
    r"(?: (?:been (?:diagnosed|living|struggling) with|had|a|an|the|both|chronic|long[- ]?standing|severe|documented|known|confirmed|developed|lifelong|active|diagnosis of|(?:(?:long|[\w\-]+[- ]year) )?history of))*"
    r"|carries (?:a|the) diagnosis of|living with|lives with|afflicted with|(?:being )?treat(?:ed|ing)?\s?(?:\w+ ){0,3}for|under treatment for|care for|(?:necessary|needed|required|prescribed|ordered|indicated|request\w*)[\w\s]{0,30}? (?:for|to treat|to manage|to relieve|to address)"
    r"|treatment of (?:his|her|their|this patient['’]s)?|treat (?:his|her|their)|because of|due to|secondary to|as a result of|manage (?:his|her|their)|in my care (?:\w+ ){0,3}for|followed (?:\w+ ){0,6}for|seen (?:\w+ ){0,4}for|under my care (?:\w+ ){0,3}(?:for|with)"
    r"|presents with|presented with|found to have|meets (?:\w+ )?criteria for|complicated by|comorbid(?:ities)?(?: include[sd]?)?:?|problem list:?|living with|affected by|struggl(?:es|ing) with|born with|w/|known|his|her|their|with|['’]s|for|pt (?:is|with)|is an?)\s*(?:a |an |the |his |her |their |of |worsening |ongoing |documented |both )*$", re.I)  # fmt: skip
_STRONG = re.compile(
    r"diagnos|suffer|carries|living with|lives with|has been|(?:has|have|had)(?: (?:a|an|had|both|documented|severe|chronic|known))*\s*$|history of|found to have|treated for|treating|under treatment|treatment of|in my care|under my care|followed|seen|meets|born with|comorbid|presents with",
    re.I,
)
_SECTION_DENIES = re.compile(
    r"(?:(?:pertinent negatives?|ruled out|family history|differential|past medical history)\b[^:\n]{0,40}:?\s*"
    r"|(?:\b(?:conditions?|diagnos[ie]s|problems?|illness(?:es)?|diseases?|other|also|past|prior|previous|former|old|remote|inactive|resolved|healed|closed|considered|excluded|rejected|denied|absent|negative|"
    r"negatives|not present|not found|family|relatives|pmh|fh|fhx|pmhx|history|hx|and|or|but|the|following|(?:were|was|have been|has been|now))\s*){1,7}:\s*(?:[\w’' -]+[,;]\s*(?:and |or )?)*)$", re.I
)
_DENYING_WORD = re.compile(r"\b(?:negatives?|ruled out|family|relatives|fh|fhx|differential|past|pmhx?|prior|previous|former|old|remote|inactive|resolved|healed|closed|excluded|rejected|denied|absent|not (?:present|found))\b", re.I)
"""What makes such a heading deny: 'Problems:' alone does not."""
_CAUSED = re.compile(
    r"\b(?:caused|causes|causing|led to|leads to|resulted in|results in|gave (?:her|him|them)|provoked|brought on|produced|(?<!-)induced|stopped (?:because of|due to|for|after)|(?:discontinued|abandoned|withdrawn|complicated|not tolerated|intolerable) (?:because of|due to|by|for|after|owing to|with)|made (?:her|him|them|it))\s+(?:\w+\s+){0,3}$",
    re.I,
)
_SIDE_MARK = re.compile(r"\s*(?:[:→>=–—-]+|\(|-->?)\s*$")
_IN_BRACKET = re.compile(r"(?P<drug>(?:[\w\-]+\s+){1,3})\((?P<inner>[^()]*)$")
_EFFECT = Context("effect", "side effect of a treatment")
_STATUS = re.compile(r"\W*(?:ruled out|rule(?:d)? out|r/o|excluded|not (?:present|confirmed|found|patient|applicable)|negative|denied|denies|family(?: history)?|resolved|inactive|history only|past|remote|suspected|possible)\b", re.I)
_STATUS_LABELS = (("family", "family"), ("not patient", "family"), ("ruled", "ruled_out"), ("rule", "ruled_out"), ("r/o", "ruled_out"), ("excluded", "ruled_out"), ("resolved", "past"),
                  ("inactive", "past"), ("history", "past"), ("past", "past"), ("remote", "past"), ("suspected", "hypothetical"), ("possible", "hypothetical"))  # fmt: skip
_DENIAL = re.compile(r"\W*(?:no|not (?:present|found|seen|known|applicable)|none of|neither|never|negative for|denies|denied|absent|without|(?:past|previous|prior|former|remote|resolved|inactive|healed|family|excluded|ruled out|rejected)(?: (?:history|diagnos[ie]s|conditions?|problems?))?(?=\s*:))\b[:,]?\s", re.I)
_TO_PREVENT = re.compile(r"\bprevent", re.I)
"""What a coded condition is kept from breaking out does not make it a mere risk."""
_LISTED = re.compile(r"(?:,|\band\b|\bor\b|\bplus\b|&|/|\bwith\b)\s*(?:(?:from|by|of|for|with|has|had) )?(?:a |an |the |also |his |her |their )*$", re.I)


_EVENT = re.compile(r"\b(?:stroke|cva|tia|heart attack|infarction|fracture|accident|concussion|pneumonia|embolism|thrombosis|crush injury|dislocation|rupture|(?:brain|head|spinal cord|crush) injur(?:y|ie)|laceration|miscarriage|shingles)s?$", re.I)
_HAPPENED = re.compile(r"\b(?:had|suffered|sustained|experienced|survived)\s+(?:(?:a|an|his|her|their|two|the|first|second|major|massive|severe|mild|small|large|left|right)\s+)*(?:[\w-]+\s+){0,4}$", re.I)
_SINCE = re.compile(r"\b(?:since|from|after|following|due to) (?:a|an|his|her|their|the) (?:\w+ )?$", re.I)
_WHEN = re.compile(r"^[^.;]{0,24}?\b(?:in (?:[A-Z][a-z]+ (?:of )?)?(?:19|20)\d\d|on \d{1,2} [A-Z]|on [A-Z][a-z]+ \d|(?:last|years?|months?) (?:year|ago|spring|summer|fall|autumn|winter|month)|\d{1,2}/\d{1,2}/\d{2,4})")


_INJURY = re.compile(r"\binjur(?:y|ies)$", re.I)
_LEFT = re.compile(r"[^.;]{0,24}?,?\s(?P<left>resulting in|which (?:left|led to|resulted in)|leaving (?:him|her|them)|and is left with)\b")


@dataclass(frozen=True)
class Stance:
    """`sure` 0..1 that the letter asserts the condition; `against` the words that say otherwise; `strong` when words
    of diagnosis stand right before it."""

    sure: float
    strong: bool = False
    against: Context | None = None


def stance_of(sheet: Sheet, mention: Mention, previous: Mention | None = None) -> Stance:
    """How the letter stands to one mention. `previous` is an asserted mention of the same sentence: a list goes on
    as it began."""
    context = _context(sheet, mention)
    allowed = {"ticked": "past", "labelled": "general"}
    if context is not None and mention.how == "coded" and _TO_PREVENT.search(context.trigger):
        context = None
    if context is not None and allowed.get(mention.how) != context.label:
        return Stance(0.0, against=context)
    if mention.how != "prose":
        return Stance({"coded": 0.95, "labelled": 0.9, "ticked": 0.8}[mention.how], strong=True)
    before = re.sub(r"\s+", " ", sheet.text(max(0, mention.start - 110), mention.start))
    before = re.split(r"[.;!?]\s(?<!Mr\. )(?<!Ms\. )(?<!Dr\. )(?<!Mrs\. )", before)[-1]
    trigger = _ASSERTS.search(before)
    if trigger is not None:
        strong = bool(_STRONG.search(trigger.group()))
        return Stance(0.78 if strong else 0.6, strong)
    if previous is not None and _goes_on(sheet, previous, mention):
        return Stance(0.7, strong=True)
    return Stance(0.5 if mention.kind == "d" else 0.3)


def past_event(sheet: Sheet, mention: Mention) -> Context | None:
    """'had a stroke in 2024': an event with its date, named in passing. It counts only where nothing else does."""
    if mention.how != "prose" or not (_EVENT.search(mention.text) or _INJURY.search(mention.text)):
        return None
    before = re.split(r"[.;]\s", sheet.text(max(0, mention.start - 80), mention.start).replace("\n", " "))[-1]
    happened = _HAPPENED.search(before)
    behind = sheet.text(mention.end, mention.end + 60).replace("\n", " ")
    if (since := _SINCE.search(before)) is not None:
        return Context("past", since.group().split()[0])
    if happened and (left := _LEFT.match(behind)):
        return Context("past", left["left"])
    return Context("past", happened.group().split()[0]) if happened and _WHEN.match(behind) else None


def _goes_on(sheet: Sheet, previous: Mention, mention: Mention) -> bool:
    between = sheet.text(max(previous.end, previous.code_end), mention.start)
    return len(between) < 40 and bool(_LISTED.search(between)) and not re.search(r"[;:]|\.\s|\bbut\b", between)


def _context(sheet: Sheet, mention: Mention) -> Context | None:
    return _box(sheet, mention) or _denies_itself(mention) or _cell_says(sheet, mention) or _words_say(sheet, mention)


def _denies_itself(mention: Mention) -> Context | None:
    """An answer or a ticked choice that begins with a denial: 'no epilepsy', 'Not present: gout'."""
    denial = _DENIAL.match(mention.text)
    if denial is None:
        return None
    return Context(_denied_by(denial.group().lower()), denial.group().strip())


def _box(sheet: Sheet, mention: Mention) -> Context | None:
    """The empty tick box whose label the mention is. A list without any tick says nothing."""
    own = next((o for o in sheet.options if o.start <= mention.start < o.end or o.start <= mention.code_start < o.end), None)
    if own is None or own.ticked or not any(o.ticked for o in sheet.options):
        return None
    return Context("unticked", "its box is not ticked")


def _cell_says(sheet: Sheet, mention: Mention) -> Context | None:
    """What another cell of the same row says: 'Prediabetes | R73.03 | Ruled out 10/2025'."""
    line = sheet.line_at(mention.start)
    if line is None or mention.how == "prose" or len(line.words) > 9:
        return None
    middle = (line.box[1] + line.box[3]) / 2
    for other in sheet.lines:
        if other.page == line.page and other is not line and other.box[1] < middle < other.box[3] and (status := _STATUS.match(other.text)):
            word = status.group().lower()
            return Context(next((label for sign, label in _STATUS_LABELS if sign in word), "negated"), " ".join(status.group().split()))
    return None


def _words_say(sheet: Sheet, mention: Mention) -> Context | None:
    sentence = next((s for s in sheet.sentences if s.start <= mention.start < s.end), None)
    if sentence is None:
        return None
    start, end = mention.start - sentence.start, min(mention.end, sentence.end) - sentence.start
    found = context_of(sentence.text, start, end)
    if found is not None:
        return found
    if mention.how == "prose" and _side_effect(sentence.text[:start]):
        return _EFFECT
    before = sheet.text(max(0, sentence.start - 60), sentence.start) + sentence.text[:start]
    heading = _SECTION_DENIES.search(before[-70:])
    if heading is None or not _DENYING_WORD.search(heading.group().split(":")[0]):
        return None
    return Context(_denied_by(heading.group().lower()), " ".join(heading.group().split()))


def _denied_by(heading: str) -> str:
    if re.search(r"\b(?:rule|differ|exclu|reject)", heading):
        return "ruled_out"
    if re.search(r"\b(?:family|relatives|fhx?)\b", heading):
        return "family"
    return "past" if re.search(r"\b(?:past|pmhx?|prior|previous|former|old|remote|inactive|resolved|healed|closed)\b", heading) else "negated"


def _side_effect(before: str) -> bool:
    """'Pregabalin caused', 'alendronate: ' in front of a complaint: what the drug did, not why the letter is written."""
    clause = re.split(r"[;]|\.\s", before)[-1].lower()
    caused = _CAUSED.search(clause)
    if caused:
        return names_treatment(clause[: caused.start()])
    bracket = _IN_BRACKET.search(before.lower())
    if bracket and not re.match(r"(?:for|to treat)\b", bracket["inner"]):
        return names_treatment(" ".join(bracket["drug"].split()[-3:]))
    mark = _SIDE_MARK.search(clause)
    if mark is None:
        return False
    words = clause[: mark.start()].split()
    return bool(words) and names_treatment(re.split(r"[,(]", " ".join(words[-3:]))[-1]) and len(words) <= 6
