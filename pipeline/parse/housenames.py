"""What the name of an office looks like, and what stands near it and is none.

Belongs here: words of departments, of taglines, of titles; what a line calls its office. Does not belong here: words of
organisations (housewords), where a name stands (letterhead, offices).
"""

import re
from itertools import pairwise

from pipeline.parse.housewords import HOUSE, KIND, ORGANISATION
from pipeline.parse.lines import Line
from pipeline.parse.specialty import SPECIALTY, specialty_in

SPLIT = re.compile(r"\s*(?:[|•·●▪◦■~]|\s[-–—/*]\s|—|\s{3,})\s*")
BOARD = re.compile(r"\b(?:diplomates?\b|(?:fellow(?:ship)?s?|members?),? (?:of|in|by)\b|boards?[- ]certified|certified by\b|american (?:board|college|academy|association|society|osteopathic)\b)", re.I)
"""What a doctor is a member of, not where he works."""

NOT_NAME = re.compile(
    r"\b(?:letter of medical|medical necessity|to whom|dear|re:|regarding|date|page \d|fax|tel(?![a-z])|phone|suite|floor|"
    r"fwd:|from:|sent:|to:|www\.|@|https?:|form\b|rev\.|outlook|gmail|inbox|webmail|message center|\behr\b|\bemr\b|certificat|statement of|hours|board certified|memo(?:randum)?\b|portal|attn|attention|form [a-z0-9]|printed|physicians$|patient|member|confidential)",
    re.I,
)  # fmt: skip
HEADLINE = re.compile(r"medical necessity|^\W*(?:letter|statement|certificat\w+|request|order|prescription)\b.{0,30}\b(?:need|authorization|necessity|treatment)\b", re.I)
"""What a letter is, not who writes it."""

DEPARTMENT = re.compile(
    r"^(?:department|division|section|office|dept)\b|\b(?:department|division|unit|pavilion|campus)\b|^(?:building|floor)",
    re.I,
)
TAGLINE = re.compile(
    r"^\W*(?:(?:an?|the|proud(?:ly)? an?)\s+)?(?:proud\s+)?(?:service|member|affiliate|division|program|part|partner|subsidiary|unit|practice|facility|clinic|site|campus|ministry)s? of\b"
    r"|^\W*(?:an? )?(?:(?:proudly )?affiliated|in (?:affiliation|partnership|association|collaboration)|associated|partner(?:ed|ing)|accredited|certified|licensed|recognized) (?:with|by)\b"
    r"|^\W*(?:part of|proudly|proud to|serving|caring|your|our|we|where|because|since|established|est\.|founded|committed|dedicated|excellence|formerly|attorneys?|law offices?|counsel(?:or)?s? at)\b", re.I)  # fmt: skip
"""What a paper says under the name: its parent, its years, its promise. The parent is not the office."""

HOSTED = re.compile(r"^\W*(?:located |housed |based )?(?:at|@|within|inside)\s+(?:the )?(?=[A-Z])")
"""The line under a clinic's name that tells in which organisation it is."""

_DBA = re.compile(r"^(?:.*\s)?\(?(?:d\s?[/.]?\s?b\s?[/.]?\s?a\.?|doing business as|trading as|operating as)[:,]?\s+(?=\S)", re.I)
_TITLE = re.compile(r"\b(?:practitioner|physician|surgeon|therapist|specialist|psychologist|counselor|dietitian|nutritionist|chiropractor|midwife|assistant|acupuncturist|\w+ologist|\w+iatrist|director|provider)\W*$", re.I)


_SPREAD = 2
"""Pieces of one or two letters that make a heading look letter-spaced."""


def respaced(line: Line) -> str:
    """The words of a heading set with wide letters: pieces with less than the usual gap between them are one word."""
    words = line.words
    gaps = [b.box[0] - a.box[2] for a, b in pairwise(words)]
    pieces = sum(len(w.text) <= 2 and w.text.isalpha() for w in words)
    if len(words) < 3 or pieces < _SPREAD or max(gaps) < 1.7 * max(min(gaps), 0.5) or line.text != line.text.upper():
        return line.text.strip()
    return words[0].text + "".join((" " if gap > 0.6 * max(gaps) else "") + w.text for gap, w in zip(gaps, words[1:], strict=True))


def trade_name(name: str) -> str:
    """The name an office goes by, without the company's before 'd/b/a' and the brackets about it."""
    return _DBA.sub("", name).strip(" ()") if _DBA.match(name) else name


def only_specialty(text: str) -> bool:
    """Whether a line is a specialty or a clinician's title and names no organisation."""
    bare = text.strip(" ,.|")
    begins = SPECIALTY.match(bare) is not None and specialty_in(bare) is not None
    return (begins and not re.search(r"\b(?:clinic|center|centre|associates|group|institute|pllc|llc|inc|specialists|partners)\b", bare, re.I)) or bool(_TITLE.search(bare))


def names_house(text: str) -> bool:
    """Whether a line can be an organisation's name: a kind of place, and neither department, specialty nor tagline."""
    return bool(ORGANISATION.search(text) or HOUSE.search(text)) and not (DEPARTMENT.search(text) or TAGLINE.match(text) or only_specialty(text) or NOT_NAME.search(text))


def squeezed(text: str) -> str:
    """Letters and digits in lower case, as a wordmark runs them together."""
    return re.sub(r"[\W_]+", "", text.lower().replace("&", "and"))


def folded(text: str) -> str:
    """The words of a name in lower case, & as 'and'."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower().replace("&", " and ")).split())


__all__ = ["BOARD", "DEPARTMENT", "HEADLINE", "HOSTED", "HOUSE", "KIND", "NOT_NAME", "ORGANISATION", "SPLIT", "TAGLINE", "folded", "names_house", "only_specialty", "respaced", "squeezed", "trade_name"]
