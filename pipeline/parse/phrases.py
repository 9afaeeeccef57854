"""The words of an item: where its noun phrase begins and ends.

Belongs here: cutting a phrase at codes, amounts, purposes and clauses, and cleaning the text as a person would key it.
Does not belong here: lists of items (phrase_lists), whether the phrase is asked for (requests), its details (items).
"""

import re
from dataclasses import dataclass

from pipeline.parse.amounts import NUMBER, number
from pipeline.parse.categories import by_words
from pipeline.parse.itemcodes import CodeFound, codes_in
from pipeline.parse.quantities import costs, durations, frequencies


@dataclass(frozen=True)
class Phrase:
    """An item's words at text[start:end], its own code, and its stated count of pieces (leading number)."""

    start: int
    end: int
    text: str
    code: CodeFound | None = None
    quantity: float | None = None
    more_codes: tuple[CodeFound, ...] = ()


_PERSON = r"(?:him|her|them|(?:the|this|my|our) (?:(?!new)\w+ )?(?:patient|client|child|member|family|parents?|above(?:-named)?(?: patient)?)|(?:Mr|Mrs|Ms|Mx|Dr)\.? [A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)(?:['’]s)?"
_FILLER = re.compile(
    rf"(?:[\s,:\-–—•·*▪☒☑]+|\(?(?:\d{{1,2}}|[a-h](?=\)))[.)]\s+(?=[A-Za-z])|replacement\b(?= (?!surg)\w)|{_PERSON}\s+(?:(?:requires?|needs?|have|has|receives?|be (?:given|provided|fitted|reimbursed|covered|approved|allowed|permitted|authori[sz]ed|granted|treated|supplied)(?: with| for| to)?|should (?:have|receive|use|start|begin)|must have|obtain|get|use|wear|start|begin|continue|undergo|will need|is in need of|attend|join|purchase|buy|install|see)\b)?|(?:that|you|please|kindly|to)\b(?! \d)|your (?:plan|office|company|organization)|the plan|(?:re)?consider(?:ation)?\b|approv(?:e|al)\b|authori[sz](?:e|ation)\b"
    rf"|(?:prior|full|continued|ongoing|expedited|urgent|formal|retroactive|pre|medical|insurance|initial|and|or)[ -](?=(?:approv|authori|cover|reimburs|certif|pay|purchase|use|prior|full))"
    rf"|pre-?(?:authori[sz]|certific)\w+|coverage\b|cover\b|reimburse(?:ment)?\b|payment\b|pay\b|benefits?\b(?= for)|funding\b|provid(?:e|ing)\b|provision\b"
    rf"|(?:the )?(?:medical )?(?:necessity|need)\b|(?:the )?(?:initial |immediate )?(?:purchase|rental|use|cost|costs|supply|initiation|continuation|prescription|replacement|trial|course|series|start|addition|expense|expenses|fees?|price"
    rf"|participation|enrol?lment|letter|order|request|claim|treatment)\b(?= (?:of|for|in|with)\b)"
    rf"|(?:purchase|obtain|begin|start|use|receive|undergo|have|participate|enroll|continue|try|wear|join|attend|get|buy|initiate|resume|access|complete|take|see|install|build|buying|purchasing|perform)\b(?= )"
    rf"|with(?= {NUMBER}| a\b| an\b| the\b| the use)|(?:of|for|in)\b|regular\b|(?:LMN|[HF]SA|HRA|Rx)\b|(?:and|or|plus|also)\b(?= )|(?:as|is|are) follows|(?:the )?following\b|(?:his|her|their|my|our|its)\b|{_PERSON}|both\b"
    rf"|(?:the|a|an)\b(?= )|medically necessary\b|(?:new|continued|ongoing|additional|further|requested|prescribed|recommended|above|outpatient course of|formal)\b(?= )"
    rf"|(?:weekly|bi-?weekly|monthly|daily|nightly)\b(?= \w)|at-home (?=use)|twice-(?:weekly|monthly|daily)\b|once-(?:weekly|monthly|daily)\b|to\b)",
    re.I,
)  # fmt: skip
_COUNT = re.compile(
    rf"(?P<n>{NUMBER})(?!,\d{{3}})(?!\s?[.)]\s)\s*(?:[x×]\s)?(?!-?\s*(?:mg|mcg|ml|mL|IU|iu|%|lb|inch|in\b|mm|cm|degree|point|hour|-|days?\b|nights?\b|weeks?\b|months?\b|years?\b|times\b|x\b|minutes?\b|min\b))"
    r"(?P<kind>(?:(?:additional|individual|separate|outpatient|supervised|weekly|monthly|total)\s)?(?:pairs?|sets?|sessions?|visits?|treatments?|courses?|boxes|bottles?|cartons?|units?|doses?|pieces?|each|month|rounds?|cans?|cases?|appointments?)(?: of\b)?)?\s*",
    re.I,
)  # fmt: skip
_LENGTH = re.compile(r"(?:(?:\d{1,3}|thirty|sixty|ninety|forty-five|fifteen)[- ]?(?:to[- ]\d+[- ]?)?(?:minutes?|min|hours?|hr)\b\.?|(?:one|two|three|four|six|nine|twelve|\d{1,2})[- ](?:weeks?|months?|years?|wk|mo)\b)\s*(?:of\s)?", re.I)
_PIECE_OF = re.compile(r"(?:(?:a|an|the)\s)?(?:sessions?|visits?|courses?|series|pairs?|sets?|trial|months?|supply|rounds?|bottles?|packs?|appointments?|treatments?|(?:subscriptions?|enrol?lments?|admissions?|access|passes|pass|referrals?)(?= to)) (?:of|to|at|in)\s(?:the\s|a\s)?", re.I)
_STOP_WORDS = re.compile(
    r"\s(?:for|because|due to|in order|so that|that|which|who|whose|by|from|under|until|till|through(?:out)?|starting|beginning|begun|commencing|given|is|are|was|were|be|been|being|will"
    r"|would|should|may|might|can|could|has|have|had|does|during|while|when|where|since|per|if|unless|but|i|we|he|she|they|dear|than|upon|after|before|within|without|into|via|twice|once|weekly|daily|nightly|monthly"
    r"|every|each|as|at(?! [LCTS]\d)|on|in|over|not|using|used|worn|taken|administered|applied|directed|performed|provided|supervised by|dispensed|purchased|bought|delivered|installed|put in|built|built in|prescribed|ordered|recommended|requested|designed|due|between|against|toward|towards|following"
    r"|(?:last|next|past|this) (?:year|month|week|times|visits|spring|summer|fall|winter)s?|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|\d+)(?:(?: to |-| or )(?:three|four|five|six|seven|eight|nine|ten|twelve|\d+))? (?:year|month|week|time|visit|session|treatment)s?|to (?!(?:stand|wheel)\b)(?:[a-z]+)|with (?:our|my) |with (?:(?:a|an|the) )?(?:exercise physiologist|personal trainer|occupational therapist|speech therapist|licensed|registered|certified|qualified|physical|massage|dietitian|dr\b|doctor|goal|me\b|us\b|hope|expectation|aim|intent\w*|instruct\w*|follow)"
    r"|and (?:i|we|he|she|it|they|to|will|is|are|has|have|ask|request|expect|hope|believe|would|that|should|therefore|continu\w+)\b|or (?:to|he|she|any)\b|plus (?:tax|shipping)|including|such as|e\.g|i\.e)(?=[\s,.;:)]|$)",
    re.I,
)  # fmt: skip
_SEGMENT_STOP = re.compile(
    rf"\s*(?:{NUMBER}\s*(?:x\b|times|visits?|sessions?|pairs?|per|weeks?|months?|days?|years?|/|hours?|units?|each)|(?:to|for|as|at|which|who|with|because|in order|since|so|but|starting|beginning|used|worn|replaced|given|taken|once|twice|every"
    rf"|each|daily|weekly|monthly|nightly|quantity|qty|length|cpt|hcpcs|ndc|code|from|through|about|approximately|please|per|both|rental|purchase|bilateral|one\b|two\b|by|on|under|including|prescribed|ordered|proposed|dispense|until|lifetime|over"
    rf"|(?:which|this|it|he|she|they|i|we|and (?:i|we|he|she))\b|directed|performed|supervised|administered|medically|and to|not|ideally|preferably|especially|particularly)\b|\$|\()",
    re.I,
)  # fmt: skip
_TRAILING = re.compile(
    r"(?:[\s,;:.\-–—(]++|\b(?:and|or|with|of|for|the|a|an|plus|also|cpt|hcpcs|ndc|code|codes|qty|quantity|to|at|in|on|about|approximately|each|ea|as|x|per|medically|both|(?:is|are))\b)+$", re.I)  # fmt: skip
_SESSIONS = re.compile(r"\s(?:sessions?|visits?|appointments?)$", re.I)
SOMEBODY = re.compile(r"\b(?:dieti[tc]ian|therapist|physiologist|trainer|provider|practitioner|physician|specialist|chiropractor|nutritionist|acupuncturist|counselor|doctor|nurse|coach|caregiver|instructor)s?$", re.I)
_EMPTY = re.compile(
    r"^(?:(?:the |a |his |her )?(?:diagnos[ie]s|january|february|march|april|may|june|july|august|september|october|november|december)\b.*|(?:i|he|she|we|they|it|you|him|her|us|who|which|yes|no|n/?a|none|not applicable)$|(?:(?:i|he|she|we|they|it|you)\s(?:am|is|are|was|have|has|had|will|can|do|does|did|would)\b|accept(?:s|ing)? (?:this|these|my|the)\b|[\w ]{0,60}\bexample:|\[.*|<.*|_+|sincerely|respectfully|regards|thank you|thanks|cordially|yours)\b.*|(?:capsule|tablet|pill|dose|injection|pen|drop|puff|spray|scoop|teaspoon|ml|mg)s?|dme|it|this|these|that|those|this end|that end|them|same|above|such|any|all|more|each|one|(?:the |this |these |such |said |requested |above |medical )*(?:equipment|device|item|items|treatment|therapy|service|services|product|medicine|medication|procedure|letter|request|claim|decision|determination|approval"
    r"|coverage|authori[sz]ation|review|consideration|information|care|plan|need|use|case|documentation|support|assistance|help|questions?|benefits?|expenses?|costs?|appeal|denial|patient|matter|recommendations?|order|program|intervention|accommodations?|management|purchase|course|options?|results?)|[hf]sa|hra|lmn|(?:for )?(?:cosmetic|general health|general wellness).*)$", re.I)  # fmt: skip


def one_phrase(text: str, start: int, end: int) -> tuple[Phrase | None, int]:
    """The noun phrase that begins at `start`, filler and counts before it skipped, with the code behind it, and the place
    reached; None when no item's words stand there."""
    lead, at = _leading_code(text, start, end)
    at, count = skip_filler(text, at, end)
    if lead is None:
        lead, at = _leading_code(text, at, end)
        at, more = skip_filler(text, at, end)
        count = count or more
    stop = _stop(text, at, end)
    kept = _trim(text, at, stop)
    if kept is None:
        return None, stop
    code, more_codes, reached = _codes_behind(text, kept[1], end) if lead is None else (lead, (), kept[1])
    words = clean(text[kept[0] : kept[1]])
    if code is not None and by_words(words) is None:
        bracketed = re.match(r"\s?\((?P<name>[A-Za-z][\w -]{3,36})[,;:]\s", text[kept[1] : code.start])
        words = bracketed["name"] if bracketed and by_words(bracketed["name"]) else words
    if _EMPTY.match(words) or not re.search(r"[A-Za-z]{2}", words):
        return None, stop
    return Phrase(kept[0], kept[1], words, code, code.quantity if code and code.quantity else count, more_codes), max(stop, reached)


def _leading_code(text: str, start: int, end: int) -> tuple[CodeFound | None, int]:
    gap = re.compile(r"[\s:,.\-–—(\[•*☒☑]*(?:(?:cpt|hcpcs|code|ndc)[\s:#]*)*", re.I).match(text, start, end)
    at = gap.end() if gap else start
    codes = codes_in(text, at, min(end, at + 16), sure=True)
    if codes and codes[0].start == at:
        return codes[0], codes[0].end
    return None, start


_NUMBER_SIGN = re.compile(r"\s*(?:#|qty\.?:?)\s?(?=\d)", re.I)


def skip_filler(text: str, start: int, end: int) -> tuple[int, float | None]:
    """Where the noun phrase begins after filler and counts, and the count."""
    sign = _NUMBER_SIGN.match(text, start, end)
    at, count = sign.end() if sign else start, None
    while at < end:
        length = _LENGTH.match(text, at, end) or _PIECE_OF.match(text, at, end)
        if length:
            at = length.end()
            continue
        counted = _COUNT.match(text, at, end)
        if counted and counted.end() > at:
            count, at = _pieces(text, counted, count), counted.end()
            continue
        filler = _FILLER.match(text, at, end)
        if filler is None or filler.end() == at:
            return at, count
        at = filler.end()
    return at, count


def _pieces(text: str, match: re.Match[str], before: float | None) -> float | None:
    rest = text[match.end() : match.end() + 60]
    if re.match(r"[^.;,]{0,40}?\b(?:per|a|each|every)\s(?:day|week|month|year)\b|[^.;,]{0,40}?\b(?:weekly|daily|monthly)\b", rest):
        return before
    return number(match["n"]) or before


def _stop(text: str, start: int, end: int) -> int:
    """Where the noun phrase that begins at `start` ends."""
    window = text[start : min(end, start + 200)].replace("\n", " ").replace("\f", " ")
    limits = [len(window)]
    for pattern in (_STOP_WORDS, re.compile(r"[;?!•☐☒☑|]|\.(?=\s|$)|\s[-–—]\s|:(?!\s?[a-z])|:(?=\s?(?:take|use|apply|wear|inject|inhale|insert|give|one|two|half)\b)|\s[x×]\s?\d|\s?(?:#\s?\d)")):
        match = pattern.search(window)
        if match:
            limits.append(match.start())
    limits.extend(c.start - start for c in codes_in(text, start, start + min(limits))[:1])
    near = window[: min(limits) + 24]
    limits.extend(f.start for f in (*frequencies(near), *durations(near, labelled=True), *costs(near)) if f.start > 0)
    stop = min(limits)
    stop = min(stop, _bracket(window, stop), _comma(window, stop, text, start))
    return start + stop


def _bracket(window: str, limit: int) -> int:
    """An opening bracket ends the phrase unless a dose or a noun goes on behind it: 'Humira (adalimumab) 40 mg'."""
    for match in re.finditer(r"\s?\(", window[:limit]):
        closed = re.compile(r"\(([A-Za-z][\w -]{2,24})\)\s(?=\d|[a-z]{4,})").match(window, match.end() - 1)
        if closed is None or _STOP_WORDS.match(window, closed.end() - 1):
            return match.start()
    return limit


def _comma(window: str, limit: int, text: str, start: int) -> int:
    """A comma ends the phrase unless what follows describes the same thing and its code comes behind that."""
    for match in re.finditer(r",(?=\s)", window[:limit]):
        segment = re.split(r",\s|\(", window[match.end() :], maxsplit=1)[0]
        coded = any(start + match.end() < c.start for c in codes_in(text, start, start + min(len(window), limit + 24)))
        if _SEGMENT_STOP.match(segment) or len(segment.split()) > 6 or not coded:
            return match.start()
        if re.match(r"\s*(?:and|or|plus)\b", segment):
            return match.start()
    return limit


def _trim(text: str, start: int, stop: int) -> tuple[int, int] | None:
    body = text[start:stop]
    lead = len(body) - len(body.lstrip(" \n\f\t,.:;-–—•*\"“'("))
    tail = _TRAILING.search(body)
    finish = tail.start() if tail else len(body)
    finish = len(body[:finish].rstrip(" \n\f\t,.:;-–—•*\"”'"))
    return (start + lead, start + finish) if finish - lead >= 2 else None


def _codes_behind(text: str, at: int, end: int) -> tuple[CodeFound | None, tuple[CodeFound, ...], int]:
    """The code that stands right behind a phrase, with others joined to it."""
    codes = list(codes_in(text, at, min(end, at + 90)))
    if not codes or not re.fullmatch(r"(?:\s\d{1,2}\s?[-–]\s?\d{1,2}(?: ?mm ?hg)?)?(?:\s?\([^()\d]{2,40}\))?[\s,;:(\[\-–—.]*(?:(?<=\()[\w -]{3,40}[,;:]\s|for (?:\w+[ ,]+){1,3}|(?:\w+ ){0,2})(?:(?:cpt|hcpcs|ndc|procedure|billing|code|codes|under|no)[\s.:#/]*){0,4}[\s(:#]*", text[at : codes[0].start].replace("\n", " "), re.I):
        return None, (), at
    run = [codes[0]]
    for code in codes[1:]:
        if not re.fullmatch(r"\s*(?:\([^)]{0,20}\))?\s*(?:,|/|&|and|or|\+|through|-)*\s*(?:and|or)?\s*(?:cpt |hcpcs )?\s*", text[run[-1].end : code.start].replace("\n", " "), re.I):
            break
        run.append(code)
    close = re.compile(r"(?!\s*\(\d{1,2}\)\s+[A-Z])\s*(?:\([^)]{0,24}\))?\s?\)?").match(text, run[-1].end, end)
    return run[0], tuple(run[1:]), close.end() if close else run[-1].end


def clean(text: str) -> str:
    """An item's words on one line, without the count of sessions and punctuation around them."""
    flat = " ".join(text.split()).strip(" ,.;:-–—\"“”'")
    if flat.count("(") != flat.count(")"):
        flat = flat.replace("(", "").replace(")", "").strip()
    bare = _SESSIONS.sub("", flat)
    return bare if len(bare) > 3 and not re.search(r"\b(?:dieti[tc]ian|therapist|trainer|nutritionist)$", bare, re.I) else flat


def unsized(text: str) -> str:
    """A description without its sizes: 'folding walker, 32 to 38 inches' names the walker."""
    parts = text.split(", ")
    sized = next((n for n, part in enumerate(parts) if n and re.search(r"\d", part)), len(parts))
    return ", ".join(parts[:sized])
