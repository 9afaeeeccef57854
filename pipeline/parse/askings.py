"""What the printed words of a form ask for, where the lexicon of labels does not know them.

Belongs here: telling by nouns and verbs what a label or question wants to know (data/askings.yaml), and telling by its
type and place that a line is such a label. Does not belong here: known labels (lexicon, labelhits), where the answer
stands (labels). People, places, numbers and days are never told this way.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from pipeline.parse.labelhits import TYPED, Hit, id_of
from pipeline.parse.lines import Line

TOPICS = ("duration", "frequency", "quantity", "cost", "tried", "benefit", "why", "diagnosis", "item")
_SAFE = ("tried", "benefit", "why", "duration", "frequency")
"""Topics that a question may have on a page that is no form."""

_NUMBER = re.compile(r"^\W*(?:(?:item|line|box|question|q)\s)?(?:\(?\d{1,2}[a-z]?[.):]?\s+|\(?[A-Za-z][.)]\s+)?[\W_]*", re.I)
_QUESTION = re.compile(r"(?P<asked>[A-Za-z][^?.:]{6,140})\?")
_ANNOUNCED = re.compile(r"(?P<asked>[A-Za-z][^:?.]{3,70}):(?=\s|$)")
_ASKS = re.compile(r"\b(?:what|why|how|which|describe|explain|state|list|tell|give|in what)\b", re.I)
_OPENS = re.compile(r"(?:what|why|how|which|describe|explain|state|list|result|outcome|aim|goal|expect|anticipat|reason|number of|intended|desired|treatments?|other|previous|prior|past|earlier)\b", re.I)
_MOST, _MOST_ASKED = 9, 24
"""Words of a label, and of one that is a question."""


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    text = files("pipeline.parse").joinpath("data/askings.yaml").read_text(encoding="utf-8")
    return {name: re.compile("|".join(parts)) for name, parts in yaml.safe_load(text).items()}


@lru_cache(maxsize=4096)
def topic_of(label: str) -> str | None:
    """The topic that a label's words ask for: one of TOPICS; None when they ask for none of them."""
    bare = re.sub(r"\([^)]*\)?", " ", label.lower()).strip(" :?.*_-–—")
    words = _patterns()
    if not bare or words["never"].search(bare) or (words["noun_never"].search(bare) and not _ASKS.search(bare)):
        return None
    return next((topic for topic in TOPICS if words[topic].search(bare)), None)


def asking_hits(lines: Sequence[Line], by_line: Mapping[tuple[int, int], Sequence[Hit]], *, form: bool) -> dict[tuple[int, int], list[Hit]]:
    """The labels, by line, that lines without a known one hold: a question, words before a colon, and on a form lines
    set in the type of its known labels."""
    found: dict[tuple[int, int], list[Hit]] = {}
    styles = [_style(hit.line) for hits in by_line.values() for hit in hits if hit.alone]
    for line in lines:
        known = by_line[id_of(line)]
        hit = _inside(line, form, known) or (_alone(line, lines, styles) if form and not any(h.alone or h.separated or h.kind in TYPED for h in known) else None)
        if hit is not None:
            found[id_of(line)] = [hit]
    return found


def _inside(line: Line, form: bool, known: Sequence[Hit]) -> Hit | None:
    """A question or words with a colon at a line's start; a known label there gives way to a whole question only."""
    lead = _NUMBER.match(line.text)
    at = lead.end() if lead else 0
    asked = _QUESTION.match(line.text, at) if form or at or _ASKS.match(line.text) else None
    if asked is not None and len(asked["asked"].split()) <= _MOST_ASKED and (not known or known[0].start > line.start + at):
        return _hit(line, asked, at, form)
    named = _ANNOUNCED.match(line.text, at)
    if known or named is None or len(named["asked"].split()) > (_MOST if form else 6):
        return None
    return _hit(line, named, at, form)


def _hit(line: Line, match: re.Match[str], at: int, form: bool) -> Hit | None:
    topic = topic_of(match["asked"])
    if topic is None or not (form or topic in _SAFE):
        return None
    rest = line.text[match.end() :]
    start, end = line.start + match.start("asked"), line.start + match.end("asked")
    return Hit(topic, _kind(topic), line, start, end, line.start + match.end() + len(rest) - len(rest.lstrip()), True, not re.search(r"\w", rest))


def _alone(line: Line, lines: Sequence[Line], styles: Sequence[tuple[float, bool, str]]) -> Hit | None:
    lead = _NUMBER.match(line.text)
    body = line.text[lead.end() if lead else 0 :].strip()
    words = len(body.split())
    question = body.endswith("?")
    if not 1 <= words <= (_MOST_ASKED if question else _MOST) or body[-1:] in ".,;" or any(w.source == "field" for w in line.words) or re.search(r"\d|[☐☑☒○●]|\$\s?\d", re.sub(r"\(\d\)|icd-?10", "", body, flags=re.I)):
        return None
    topic = topic_of(body)
    if topic is None or not (question or _set_apart(line, lines, styles)):
        return None
    start = line.start + (lead.end() if lead else 0)
    return Hit(topic, _kind(topic), line, start, line.end, line.end, False, True)


def _set_apart(line: Line, lines: Sequence[Line], styles: Sequence[tuple[float, bool, str]]) -> bool:
    """Whether a line is set as the page's known labels are, and its neighbours right of it or below it are not; where
    all are set alike, whether it opens as labels do."""
    own = _style(line)
    if sum(_alike(own, style) for style in styles) < max(1, len(styles) // 4):
        return False
    beside = [o for o in lines if o.page == line.page and o.box[0] > line.box[2] and abs(o.box[1] - line.box[1]) < 0.8 * line.height]
    below = [o for o in lines if o.page == line.page and -0.5 * line.height < o.box[1] - line.box[3] < 2.0 * line.height and abs(o.box[0] - line.box[0]) < 20]
    near = min(beside, key=lambda o: o.box[0], default=None) or min(below, key=lambda o: o.box[1], default=None)
    return near is not None and (bool(beside and near.box[0] - line.box[2] < 200 and near in beside) or not _alike(own, _style(near)) or _OPENS.match(line.text) is not None)


def _style(line: Line) -> tuple[float, bool, str]:
    """(height in points, bold, case) of a line's type."""
    letters = re.sub(r"[^A-Za-z]", "", line.text)
    case = "upper" if letters.isupper() else "lower" if letters[:1].islower() else "mixed"
    return line.height, line.bold, case


def _alike(one: tuple[float, bool, str], other: tuple[float, bool, str]) -> bool:
    return abs(one[0] - other[0]) < 0.12 * max(one[0], other[0]) and one[1:] == other[1:]


def _kind(topic: str) -> str:
    return "money" if topic == "cost" else "text"
