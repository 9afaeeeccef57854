"""Why a treatment that a letter names does not count as tried: not given, asked for, another's, the cause of something.

Belongs here: the words that speak against a name. Does not belong here: those that speak for it (treatment_regions,
treatment_clauses, treatment_verbs), what counts in the end (treatments). Lexica: data/treatments.yaml.
"""

import re

from pipeline.parse.cues import Reading, lexicon
from pipeline.parse.treatment_regions import stop_after, stop_before
from pipeline.parse.treatment_verbs import goes_well

_PATIENT = re.compile(r"\b(?:he|she|his|her|him|hers|(?:this|our|my|the) (?:patient|member|child|client)|mr|mrs|ms|mx|pt|i|we)\b")
_IS_NOT = re.compile(r"\b(?:is|are|was) (?:not|no) (?:an? |the )?$")
_TRIAL_RUN = re.compile(r".*\b(?:borrowed|loaned?|loaner|demo|demonstration|samples?) [a-z]")
_CAUSE = re.compile(r"\b(?:because of|due to|owing to|on account of|for fear of|in view of|during|between|documentation of|proof of|records? of) (?:(?:her|his|their|the|an?|abnormal|raised|elevated|first|last|two|three|these) )*$")
_TO_ASK = re.compile(r"\b(?:to (?:request|ask for|seek)|requesting|asking for|request(?:s|ed)? (?:coverage|approval|authorization)|(?:coverage|approval|authorization) (?:of|for))\b")
_TOLD = re.compile(r"\b(?:because|since|after|despite|tried|failed|had|has|have|did|does|was|were|given|following|instead|rather|but|whereas|while|where)\b|[;:]")
"""What in a request may turn to what was tried."""


def rejection(reading: Reading, start: int, end: int) -> str | None:
    """Why the treatment at text[start:end] does not count as tried; None when nothing speaks against it."""
    cues, text = lexicon("treatments"), reading.text
    begin, stop = stop_before(text, start), stop_after(text, end)
    before = re.split(r",\s*(?:and|so)\b", text[begin:start])[-1]
    behind = re.split(r",\s*(?:and|so)\b", text[end:stop])[0]
    around = f"{before} {behind}"
    if cues["other_person"].search(text):
        return "someone else's treatment"
    if goes_well(text):
        return "is said to do its work"
    if cues["prose"].search(text) and not _PATIENT.search(text):
        return "is what the literature says"
    if cues["not_started"].search(f"{before} {text[start:end]} {behind}"):
        return "the letter says it was not tried"
    if cues["never_taken"].search(around):
        return "the letter says it could not be used or was not chosen"
    if _IS_NOT.search(before) or cues["expects"].match(text[:start]) or cues["requested"].match(behind):
        return "is no treatment that was had"
    if _TRIAL_RUN.match(text[start:end]) or _TRIAL_RUN.search(before[-12:] + text[start:end]):
        return "was a trial of what is asked for"
    if cues["unrelated"].search(text[:start]) or "unrelated" in behind:
        return "taken for another condition or only listed"
    if _CAUSE.search(text[:start]):
        return "is what something came of"
    if re.match(r"\W*(?:alone )?will (?:not|never)\b", behind):
        return "planned, requested or expected, not yet tried"
    if re.match(r"(?:requested|proposed|prescribed) ", text[start:end]):
        return "is what the letter asks for"
    if (cues["asks"].match(text) or _TO_ASK.search(text[:start])) and not _TOLD.search(text[:start]):
        return "is requested in the same sentence"
    ahead = cues["ahead"].search(before) or re.match(
        r"\W*(?:(?:and|or) [\w-]+(?: [\w-]+)? )?(?:alone )?(?:will|would(?! not\b)|can be|(?:is|are) (?:planned|requested|scheduled|needed|required)|if)\b", behind
    )
    tried = cues["strong_object"].search(before) and not re.search(r"\b(?:planned|scheduled)\b", behind)
    if ahead and not tried and (reading.topic != "tried" or cues["asks"].match(text)):
        return "planned, requested or expected, not yet tried"
    return None
