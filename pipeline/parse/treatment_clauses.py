"""Known treatments outside the words of trying: what the clause around a name says of it.

Belongs here: 'the brace slid', 'remains on X and still wheezes', 'X: stopped, rash', names that an 'and' joins to one of
these. Does not belong here: words of trying and the stretches they open (treatment_regions), what counts in the end
(treatments). Lexica: data/treatments.yaml.
"""

import re
from collections.abc import Sequence

from pipeline.parse.cues import lexicon
from pipeline.parse.mentions import is_condition
from pipeline.parse.treatment_names import drug_at, lexical, names_treatment, phrase, plausible
from pipeline.parse.treatment_regions import stop_after, stop_before

_NO_OUTCOME = re.compile(
    r"\bonly treatment\b|\bused up\b|\b(?:has )?run out\b|\bno (?:other |effective )?(?:medicine|drug|medication|substitute)\b"
)
_JOIN = re.compile(r"(?: \([^()]{0,40}\))?(?:,|,? (?:and|or|plus|as well as|with|together with|along with|&)|,? (?:(?:and|plus|but) )?(?:also|then|later|lately|afterwards?|finally) (?:with|on|by)?)(?: (?:an?|the|one|two|with|with an?|by|to|on))* ")
_UNKNOWN = re.compile(r"(?:^|[.;:] )(?:an? |the |both |two )?(?P<name>[a-z][\w'’-]+(?: [\w'’-]+){0,2}),? (?:and|or|plus) (?:an? |the )?$")
_SENTENCE_PART = re.compile(r"[;.:]\s|,?\s\b(?:but|and (?=(?:he|she|it|they|the|we|i)\b))\s?")
_PART_END = re.compile(r"[;.](?=\s|$)|,\s(?:and|but) (?:he|she|they|i|we) (?:will|would|should|need)")
_OF_IT = re.compile(r"\W*(?:it|they|these|those|both|each|neither|nothing|none|he|she|plateaued|no|with|without|mr|mrs|ms)\b")
_TAKEN = re.compile(r"\b(?:required|needed|takes|taking|took|has been taking)\b")
_AIM = re.compile(r"\b(?:to (?:treat|use|try|receive|have|start|begin)|in order to|so that|should|benefits?|improves?|because)\b[^,]*$")
_SUBJECT = re.compile(r"[^.;:]{0,70}?\b(?:has|have|had|was|were|is|are|did|does|do|made|makes|left|gave|gives|brought|caused|led|ended|slid|slipped|hurt|helped|only|just|clouded|upset|could|yielded|afforded|provided|produced|proved|failed|kept|took|lasted|lost|stopped|continues?|remains?|\w{3,}ed|clears?|yields?|slips?|serves?|leaves?|lets?|holds?|gets?|keeps?|brings?|wakes?|slides?|wobbles?|distorts?|collapses?|wears?|wore|came|come|comes|went|goes|go|cost|tore|broke|breaks?|sits?|shows?|fell|falls?|rubs?|hurts?|aggravates?|worsens?|touch(?:es)?)\b|\W*(?:nightly|daily|\d|x)")
_AHEAD = re.compile(r"[^,;.]{0,60}?\b(?:will|would|should|can|may|might|must|shall)\b(?! not|n['’]t)")
_BRIEF = re.compile(r"(?:gone|off|out|over|back|useless) (?:by|in|within|after)\b|(?:about |only |barely )?\w+ (?:minutes|hours|days|weeks)\W*$")
"""All that an entry says came of a treatment: 'eleven days', 'gone by noon'."""
_ENTRY = re.compile(r"(?: (?:for|x) [\w ]{2,16})?\s?(?:[:=–—(-]|\s[-–—]+)\s?")


def beside_failure(text: str, start: int, end: int) -> bool:
    """Whether the clause around a known name says that something fell short."""
    cues, names = lexicon("justify"), lexicon("treatments")
    if names["common"].fullmatch(text[start:end]) or names["surgical"].search(text[start:end]):
        return False
    clause = text[stop_before(text, start) : stop_after(text, end)]
    clause = _NO_OUTCOME.sub("_", cues["not_failed"].sub("_", clause))
    short = cues["failed"].search(clause) or re.search(r"\b(?:despite|in spite of|even (?:on|with|after))\b", clause)
    return bool(short) and not names["ahead"].search(clause)


def in_use(text: str, start: int, end: int, follows: str) -> bool:
    """Whether the sentence says that a known treatment is or was in use and that something was not right with it."""
    cues = lexicon("treatments")
    if cues["common"].fullmatch(text[start:end]) or cues["surgical"].search(text[start:end]):
        return False
    begin = max((m.end() for m in _SENTENCE_PART.finditer(text, 0, start)), default=0)
    stop = next((m.start() for m in _PART_END.finditer(text, end) if not (m.group() == ";" and _OF_IT.match(text, m.end()))), len(text))
    before, behind = text[begin:start], text[end:stop]
    if cues["ahead"].search(before) or cues["without"].search(before) or _AIM.search(before) or _AHEAD.match(behind) or cues["expects"].match(text) or cues["requested"].match(behind):
        return False
    short = cues["fell_short"].search(behind) or cues["fell_short"].search(before) or (follows and _OF_IT.match(follows) and cues["fell_short"].search(follows))
    subject = _SUBJECT.match(behind)
    if drug_at(text, start, end):
        return bool(short and (subject or cues["in_use"].search(before) or _TAKEN.search(before[-40:])))
    return bool(short and (cues["in_use"].search(before[-40:]) or (subject and cues["fell_short"].search(behind))))


def short_entry(text: str, start: int, end: int, follows: str) -> bool:
    """'Alendronate: stopped, esophagitis.': a note that opens with a name and says at once what came of it; in a list
    whose next entry says so, a complaint alone: 'azathioprine: pancreatitis'."""
    mark, short = _ENTRY.match(text, end), lexicon("treatments")["fell_short"]
    if mark is None or len(text[:start].split()) > 1:
        return False
    listed = drug_at(text, start, end) and len(text.split()) <= 6 and is_condition(text[mark.end() :]) and len(follows.split()) <= 12 and names_treatment(follows)
    brief = len(text.split()) <= 8 and _BRIEF.match(text, mark.end())
    return bool(short.search(text, mark.end()) or brief or (listed and (short.search(follows) or lexicon("justify")["failed"].search(follows))))


def with_companions(text: str, start: int, end: int, seen: Sequence[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """A name and what an 'and' or a comma joins to it: known names on both sides, one unknown before it."""
    names = [phrase(text, m.start(), m.end()) for m in lexical(text, tests=False)]
    found = [(start, end, True)]
    for a, b in names:
        if a >= found[-1][1] and _JOIN.fullmatch(text[found[-1][1] : a]):
            found.append((a, b, True))
    for a, b in reversed(names):
        if b <= found[0][0] and _JOIN.fullmatch(text[b : found[0][0]]):
            found.insert(0, (a, b, True))
    before = _UNKNOWN.search(text[: found[0][0]])
    if before and plausible(before["name"]) and not is_condition(before["name"]):
        found.insert(0, (before.start("name"), before.end("name"), False))
    return [(a, b, sure) for a, b, sure in found if not any(a < d and c < b for c, d in seen)]
