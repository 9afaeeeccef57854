"""Lines as runs of label words, dates, numbers and what lies between: what a label without a colon needs to be found.

Belongs here: cutting one line by the kinds of its tokens, and reading a name, a date or a number within a stretch. Does
not belong here: which value answers which label (told), whose it is (who).
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.codes.dates import DateMention
from pipeline.parse.asks import Ask, asks_of, sense_of
from pipeline.parse.lines import Line
from pipeline.parse.people import Person, read_person
from pipeline.parse.places import STATES

_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_])|\.(?=[^\W\d_]\.))*(?:\.(?=[A-Z])|['’])?|\d[\d.]*|\S")
_NUMBER = re.compile(
    r"(?<![\w$/.\-])(?P<id>(?:[A-Z]{1,5}[ \-]|[A-Z]{1,6}(?=\d))?(?=[A-Z0-9/\-]*\d)[A-Z0-9]+(?:[\-/][A-Z0-9]+)*(?: (?=[A-Z]{0,2}\d)[A-Z0-9]+(?:-[A-Z0-9]+)*){0,3})(?![\w/%]|\.\d)"
)
_COMB = re.compile(r"(?:[A-Z0-9] ){3,}[A-Z0-9](?!\w)")
_NO_NUMBER = re.compile(r"\d{3}[ .\-]\d{3}[ .\-]\d{4}|\d{3}-\d{4}|[0-3]?\d[-/][0-3]?\d[-/](?:\d{2}|(?:19|20)\d{2})(?!\d)|(?:19|20)\d{2}-\d{2}-\d{2}|\d{1,3}[ \-](?:year|month|week|day)")
_STATES = frozenset(STATES.values())
_HINT = re.compile(r"\((?:[a-z]|MM?[/\- ]|Last\b|First\b|If\b|Print\b|Please\b|Optional\b)[^()\d]{0,60}\)")
_INNER = "/,&+#"
_STOPS = ":"


@dataclass(frozen=True)
class Run:
    """Label words at text[start:end] of a document; `colon` whether one closes them, `opens` whether nothing but marks or
    another's value stands before them, `closes` whether nothing stands behind them on their line."""

    line: Line
    start: int
    end: int
    asks: tuple[Ask, ...]
    colon: bool
    opens: bool
    closes: bool

    @property
    def words(self) -> str:
        return " ".join(self.line.text[self.start - self.line.start : self.end - self.line.start].split()).strip(" :")


@dataclass(frozen=True)
class TypedLine:
    """A line with its dates; positions are the document's."""

    line: Line
    dates: tuple[DateMention, ...]

    @cached_property
    def numbers(self) -> tuple[tuple[int, int, str], ...]:
        """Tokens in the form of an identifier: (start, end, as written)."""
        return tuple(self._numbers())

    def _numbers(self) -> list[tuple[int, int, str]]:
        found = []
        for match in _NUMBER.finditer(self.line.text):
            start, value = match.start("id"), match["id"]
            lead = re.match(r"[A-Z]+[ \-](?=\S)", value)
            if lead and sense_of(lead.group()[:-1]) not in ("",) and lead.group()[-1] == " ":
                start, value = start + lead.end(), value[lead.end() :]
            at = self.line.start + start
            if any(d.start < at + len(value) and at < d.end for d in self.dates):
                cut = min(d.start for d in self.dates if at < d.end) - at
                value = value[:cut].rstrip() if cut > 0 else ""
            if sum(c.isdigit() for c in value) >= 3 and len(value) >= 4 and not _NO_NUMBER.match(value) and not self._is_zip(at - self.line.start, value):
                found.append((at, at + len(value), value))
        return found

    def _is_zip(self, start: int, value: str) -> bool:
        """Whether a number is the ZIP behind a state, with or without it."""
        if value[:3].rstrip() in _STATES and re.fullmatch(r"[A-Z]{2} \d{5}(?:-\d{4})?", value):
            return True
        before = re.search(r"\b([A-Z]{2})\.?,? $", self.line.text[:start])
        return bool(re.fullmatch(r"\d{5}(?:-\d{4})?", value)) and before is not None and before.group(1) in _STATES

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return tuple(self._runs())

    def _runs(self) -> list[Run]:
        made: list[Run] = []
        group: list[re.Match[str]] = []
        text, base = self.line.text, self.line.start
        taken = [(d.start - base, d.end - base) for d in self.dates] + [(a - base, b - base) for a, b, _ in self.numbers]
        hinted = -1
        for token in [*_TOKEN.finditer(text), None]:
            hint = _HINT.match(text, token.start()) if token is not None and group and token.group() == "(" else None
            hinted = hint.end() if hint else hinted
            if token is not None and token.start() < hinted:
                group.append(token)
                continue
            if token is not None and not any(a <= token.start() < b for a, b in taken) and self._belongs(token, group):
                group.append(token)
                continue
            colon = token is not None and token.group() == _STOPS
            run = self._run(group, colon)
            if run is not None:
                made.append(run)
            group = []
            if token is not None and not colon and self._belongs(token, group) and not any(a <= token.start() < b for a, b in taken):
                group = [token]
        return made

    def _belongs(self, token: re.Match[str], group: list[re.Match[str]]) -> bool:
        """Whether a token goes on with the label words before it, or begins some."""
        word = token.group()
        if not group:
            return bool(sense_of(word))
        gap = self.line.text[group[-1].end() : token.start()]
        if len(gap) > 2:
            return False
        return bool(sense_of(word)) or word in _INNER or (word in ".()'’" and not gap)

    def _run(self, group: list[re.Match[str]], colon: bool) -> Run | None:
        while group and group[-1].group() in ",(&/+":
            group = group[:-1]
        if not group:
            return None
        text, base = self.line.text, self.line.start
        begin = group[0].start()
        before = text[:begin]
        widened = re.search(r"(?:^|[|;•·\]\[]|\s{3,})\W*([^\W\d_]+ )$", before) if colon else None
        if widened:
            begin = widened.start(1)
        asks = asks_of(text[begin : group[-1].end()])
        if not asks:
            return None
        opens = not re.search(r"\w", text[:begin][-2:]) or not re.search(r"[a-z]", text[:begin])
        end = group[-1].end()
        return Run(self.line, base + begin, base + end, asks, colon, opens, not re.search(r"[^\W_]", text[end:]))

    def name_at(self, start: int, stop: int, *, least: int = 2) -> Person | None:
        """The name that begins at `start`, nothing behind `stop` read; positions are the document's."""
        base = self.line.start
        ends = [a for a, _, _ in self.numbers if a >= start] + [d.start for d in self.dates if d.start >= start] + [r.start for r in self.runs if r.start > start] + [stop]
        text = self.line.text[start - base : min(ends) - base]
        lead = re.match(r"[\s:;,.=|(\"“#_*–—-]+", text)
        at = lead.end() if lead else 0
        text = re.split(r"[;|(\[•·:]|\s[–—-]\s|\s{4,}|_{2,}", text[at:], maxsplit=1)[0].rstrip(" ,-–—_")
        person = read_person(text, least=least)
        if person is None or not named_like(person.name):
            return None
        shift = start + at
        return Person(person.name, shift + person.start, shift + person.end, person.credentials, shift + person.all_end)

    def date_within(self, start: int, stop: int) -> DateMention | None:
        return next((d for d in self.dates if start <= d.start < stop), None)

    def number_within(self, start: int, stop: int) -> tuple[int, int, str] | None:
        return next(((a, b, v) for a, b, v in self.numbers if start <= a < stop), None)

    def comb_within(self, start: int, stop: int) -> tuple[int, int, str] | None:
        """Single characters in boxes of their own, put together."""
        base = self.line.start
        match = _COMB.search(self.line.text[start - base : stop - base])
        return None if match is None else (start + match.start(), start + match.end(), match.group().replace(" ", ""))


_NOT_NAMES = re.compile(
    r"\b(?:benefits?|plans?|health|insurance|mutual|casualty|indemnity|trust|fund|union|clinic|hospital|center|centre|medical|group|services|pllc|llc|inc|county|department|"
    r"university|institute|associates|assurance|alliance|cooperative|network|street|avenue|road|drive|lane|blvd|suite|box|floor|north|south|east|west|january|february|march|"
    r"april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|necessity|therapy|syndrome|disease|disorder|"
    r"dear|sincerely|yours|respectfully|regards|attn|team|office|division|company|corporation|school|college|academy|society|foundation|laboratory|form|section|part|request|review|appeals?|"
    r"type|class|stage|grade|level|chronic|acute|left|right|bilateral|primary|secondary|initial|renewal|new|see|none|same|yes|no|unknown|pending|not|all|any|works|foundry|farms|lines|freight|industries|enterprises|co-op|coop|please|print|sample)\b",
    re.I,
)


@lru_cache(maxsize=4096)
def named_like(name: str) -> bool:
    """Whether a name's words could be a person's: none of an organisation, a month, a condition or a label."""
    return not _NOT_NAMES.search(name) and not all(sense_of(w) for w in name.split()) and not any(sense_of(w) in ("id", "birth", "date", "claim") for w in name.split())


def typed_lines(lines: tuple[Line, ...], dates: tuple[DateMention, ...]) -> tuple[TypedLine, ...]:
    """Each line with the dates that begin on it."""
    starts = [d.start for d in dates]
    return tuple(TypedLine(line, dates[bisect_left(starts, line.start) : bisect_left(starts, line.end)]) for line in lines)
