"""Lists of items in running text: where one item stops and the next begins.

Belongs here: what joins the members of a list, phrases that name two things. Does not belong here: where one phrase
begins and ends (phrases), whether it is asked for (requests).
"""

import re
from dataclasses import replace

from pipeline.parse.amounts import NUMBER
from pipeline.parse.categories import by_words
from pipeline.parse.phrases import SOMEBODY, Phrase, clean, one_phrase, skip_filler
from pipeline.parse.quantities import costs, durations, frequencies

_SHARED_HEADS = re.compile(r"\b(?:covers?|encasings?|encasements?|protectors?|supplies|accessories|pads?|program|training|services?|sessions?|visits?|stockings|garments?)$", re.I)
_ADJECTIVES = re.compile(r"(?:^|\s)(?:physical|occupational|speech|cognitive|individual|group|right|left|upper|lower|medical|behavioral|cardiac|skin protection|knee|manual|custom|nutritional|dietary|weight|oral|nasal|heat|dry|soft|deep)$", re.I)
_SOME = frozenset(["one", "two", "three", "four", "five", "six", "1", "2", "3", "4", "5", "6"])
"""What may stand between an item and its parts: 'a stimulator trial, two leads, CPT 63650' is one item with its code."""


def phrases_from(text: str, start: int, end: int, many: bool = True) -> list[Phrase]:
    """The items named from text[start] on, within text[start:end]: the first noun phrase and, when `many`, those that
    a list joins to it. Filler before it ('approval of the purchase of') is skipped."""
    found: list[Phrase] = []
    at = start
    while at < end and len(found) < 8:
        phrase, reached = one_phrase(text, at, end)
        if phrase is None:
            break
        if found and phrase.code and found[-1].code is None and by_words(phrase.text) is None and text[found[-1].end : phrase.start].strip(" ,\n") in _SOME:
            found[-1] = replace(found[-1], code=phrase.code, more_codes=phrase.more_codes)
        else:
            found.extend(_split(text, phrase) if many else [phrase])
        if not many:
            break
        following = _next_start(text, reached, end, bool(phrase.code))
        if following is None:
            break
        at = following
    return found


_NEXT = re.compile(
    rf"\s*(?:[;,]?\s*(?:and,?\s(?:afterwards?|later|subsequently|thereafter),?|and|then|followed by|plus|along with|together with|as well as|with|\+|&)\s+(?:also\s+)?(?:for\s+)?(?:(?:a|an|the|his|her)\s+|(?={NUMBER}))|;\s*|,\s*(?:and\s+)?(?:(?:a|an)\s+|(?={NUMBER}\s+[a-z])))", re.I)  # fmt: skip
_NEXT_CODED = re.compile(r"\s*(?:(?:[;,.]|,?\s*(?:one|two|three|four|\d+)\s*(?:each|ea)?)?[;,]?\s*(?:and|plus|along with|with|as well as|&)\s+|[;,]\s*)", re.I)
_QUANTITY_THEN = re.compile(r"\s*(?:,\s*(?:quantity |qty\.?:? ?)?|\(?(?:quantity|qty)\.?:? ?|[x×]\s?)(?:one|two|three|four|five|six|\d{1,2})(?: each| pairs?| units?)?(?=\s*(?:[;,.]|and\b|\(?\d{1,2}[.)]\s|$))", re.I)


_DASHED = re.compile(r"(?<=[a-z)])\s[-–•*]\s(?=[a-z])")
"""What parts the members of a list set in one line: 'commode chair - transfer bench - shower head'."""


def _next_start(text: str, at: int, end: int, coded: bool) -> int | None:
    """Where the next item of a list begins, None when the list ends here."""
    counted = _QUANTITY_THEN.match(text, at, end)
    at = counted.end() if counted else at
    bracket = re.compile(r"\s*\((?:one|two|three|four|five|six|\d{1,2}|[\w -]{1,24})\)(?=\s*(?:,|;|and\b|plus\b))", re.I).match(text, at, end)
    at = bracket.end() if bracket else at
    priced = re.compile(r"\s*,?\s*\(?(?:about |approximately |at )?\$[\d,.]+(?: each| in total| total| apiece| per \w+| a \w+)?\)?", re.I).match(text, at, end)
    at = priced.end() if priced else at
    lead = re.compile(r"\s*[;,]\s*(?:and\s+)?(?=[A-HJ-NP-V]\d{4}\b)").match(text, at, end)
    if lead and coded:
        return _if_item(text, lead.end(), end)
    match = _NEXT.match(text, at, end) or (_COUNTED.match(text, at, end) if coded else None) or re.compile(r"[.;,]?\s*(?:and\s+)?\(?(?:\d{1,2}|[a-h](?=\)))[.)]\s+(?=[A-Za-z])").match(text, at, end) or _DASHED.match(text, at, end)
    if match:
        return _if_item(text, match.end(), end)
    if (numbered := _numbered(text, at, end)) is not None:
        return _if_item(text, numbered, end)
    if (further := _behind_amounts(text, at, end)) is not None:
        return further
    place = _PLACE.match(text, at, end)
    at = place.end() if place else at
    if place and (match := _NEXT.match(text, at, end)) is not None:
        return _if_item(text, match.end(), end)
    amounts = _past_amounts(text, at, end)
    if (broken := _NEW_LINE.match(text, amounts, end)) is not None:
        return _if_item(text, broken.end(), end)
    if (aside := _ASIDE.match(text, at, end)) is not None:
        return _if_item(text, aside.end(), end)
    match = re.compile(r"\s*[,;]?\s*(?:and|plus|then)\s+", re.I).match(text, amounts, end) if amounts > at else None
    if match:
        return _if_item(text, match.end(), end)
    if coded:
        match = _NEXT_CODED.match(text, at, end)
        return _if_item(text, match.end(), end) if match else None
    return None


_COUNTED = re.compile(r"[.;,]?\s*(?=\((?:one|two|three|four|five|six|\d{1,2})\)\s+[A-Za-z])")
"""'(1) transfer bench, E0247 (1) raised seat, E0244'."""
_NEW_LINE = re.compile(r"[,;.]?\s*\n\s*(?=[A-Z][a-z])")
_ASIDE = re.compile(r"[^.;]{0,60}?,\s+(?:for which|which|quoted|priced|estimated|as quoted)\b[^.;]{0,80}?\$[\d,.]*\d,?\s+(?:and|with|plus)\s+(?:the (?:installation|purchase|fitting|addition) of\s+)?", re.I)
_PLACE = re.compile(r"\s*(?:at|in|on|for|to|of)\s+(?:the|his|her|their|each|both)\s+(?:[\w-]+\s?){1,4}?(?=,?\s+(?:and|plus)\b)", re.I)
_ENUMERATED = re.compile(r"(?:^|[\s;,:])(?:\(?(?P<n>[1-9])[.)]|\((?P<letter>[a-h])\))\s+(?=[A-Za-z])")


def _numbered(text: str, at: int, end: int) -> int | None:
    """The next member of a numbered list, whatever the one before goes on to say: '(1) X, $900 by one quote; and (2) Y'."""
    before = list(_ENUMERATED.finditer(text, max(0, at - 160), at))
    following = next(iter(_ENUMERATED.finditer(text, at, min(end, at + 160))), None)
    if not before or following is None or _ordinal(following) != _ordinal(before[-1]) + 1:
        return None
    return following.end()


def _ordinal(mark: re.Match[str]) -> int:
    return int(mark["n"]) if mark["n"] else ord(mark["letter"]) - ord("a") + 1


_JOINED = re.compile(r"[;,]?\s*\b(?:and,?\s(?:then|afterwards?|later|subsequently|thereafter|also|additionally),?|and|plus|together with|along with|as well as|in addition to|followed by)\s+(?:also\s+)?(?:for\s+)?|;\s*(?:and\s+)?")
_AMOUNTS = re.compile(
    rf"[\s,.()/×#$%-]+|(?:\$?\d[\d,.]*|{NUMBER}|x|per|an?|each|every|other|for|at|over|of|to|be|worn|used|taken|given|applied|replaced|changed|renewed|once|twice|times?|daily|nightly|weekly|monthly|yearly|quarterly|annually"
    r"|days?|nights?|weeks?|wks?|months?|mos?|quarters?|years?|yrs?|hours?|hrs?|minutes?|min|bedtime|morning|evening|visits?|sessions?|treatments?|pairs?|prs?|box(?:es)?|cans?|bottles?|units?|pieces?|ct|count|qty|quantity|ea|rental|purchased?|rent|buy|new|by|mouth|injection|orally|permanent(?:ly)?"
    r"|home|house|bed|room|bedroom|work|school|night-?time|life(?:time|long)?|indefinite(?:ly)?|ongoing|on|basis|need|length|left|right|side|bilateral|both|as|needed|up|mg|mcg|ml|mm|g|lbs?|oz|inch(?:es)?|iu|approximately|about|total|in|all|the|next|initial|cost|costing|price|priced|fee|estimated|not|exceed|series|course|bid|tid|qd|qhs)(?!\w)", re.I)  # fmt: skip


def _behind_amounts(text: str, at: int, end: int) -> int | None:
    """The next member behind a joining word or a semicolon, when nothing but amounts stands before that."""
    for joint in _JOINED.finditer(text, at, min(end, at + 110)):
        here = at
        while here < joint.start() and (word := _AMOUNTS.match(text, here, joint.start())) is not None:
            here = word.end()
        if here < joint.start():
            return None
        if (found := _if_item(text, joint.end(), end)) is not None and not re.match(r"\W*(?:he|she|it|they|i|we|is|are|was|were|will|has|have|had|did|do|may|should|expect|ask)\b", text[joint.end() : joint.end() + 12], re.I):
            return found
    return None


def _past_amounts(text: str, at: int, end: int) -> int:
    """The place behind amounts that follow right here: ', every 3 months, for a year'."""
    window = text[at : min(end, at + 80)].replace("\n", " ")
    reached = 0
    for found in sorted((*frequencies(window), *durations(window, labelled=True), *costs(window)), key=lambda f: f.start):
        if not re.fullmatch(r"[\s,]*(?:at|about|replaced|changed|used|worn|for|and)?\s*(?:for)?\s*", window[reached : found.start]):
            break
        reached = found.end
    return at + reached


def _if_item(text: str, at: int, end: int) -> int | None:
    """The place when an item stands there: its words tell a category or its own code stands behind."""
    if re.match(r"\s*(?:(?:for|to|in|at|by|on|as|from|if|so|because|since|which|who|that|replace|change|use|wear|apply|take|inject|repeat|renew|refill|bill)\b|\d[\d.,]*\s?(?:mg|mcg|g|ml|mL|units|IU|iu|%))", text[at : at + 16]):
        return None
    phrase, _ = one_phrase(text, at, end)
    if phrase is None or phrase.start - at > 24 or len(phrase.text.split()) > 12 or (SOMEBODY.search(phrase.text) and not _VISITED.search(text[at : phrase.start])):
        return None
    return at if phrase.code or by_words(phrase.text) else None


_VISITED = re.compile(r"\b(?:visits?|sessions?|appointments?|consultations?|meetings?) (?:to|with)\b", re.I)


def _split(text: str, phrase: Phrase) -> list[Phrase]:
    """A phrase that names two things, 'an adjustable base and mattress', as two; one thing with its parts stays one."""
    body = text[phrase.start : phrase.end]
    for match in re.finditer(r"(?:,\s*)?\s(?:and|&|plus)\s", body):
        left, right = body[: match.start()].strip(" ,"), body[match.end() :].strip()
        if re.search(r"\b(?:with|of)\b[^,]*$", left) or not by_words(left) or not by_words(right) or ":" in right:
            continue
        if _ADJECTIVES.search(left) or (_SHARED_HEADS.search(right) and len(right.split()) > 1 and not _SHARED_HEADS.search(left)):
            continue
        cut, middle = phrase.start + len(body[: match.start()].rstrip(" ,")), phrase.start + match.end()
        first = Phrase(phrase.start, cut, clean(left), None, phrase.quantity)
        rest, count = skip_filler(text, middle, phrase.end)
        second = Phrase(rest, phrase.end, clean(text[rest : phrase.end]), phrase.code, count, phrase.more_codes)
        return [first, *_split(text, second)]
    return [phrase]
