"""The stretches of a sentence in which treatments that were tried stand: behind 'tried', before 'did not help', under a heading.

Belongs here: the words that open or close such a stretch, and the clause around a place. Does not belong here: the names
within it (treatment_names), whether one of them counts (treatments).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.parse.cues import Reading, heading_topic, lexicon
from pipeline.parse.treatment_names import VERBISH, without_brackets

_BOUNDARY = re.compile(
    r";|[.!?:](?=\s|$)|\s[–—-]+\s|,?\s\bbut\b|,\s*(?:which|and (?:she|he|it|they|the \w+ (?:has|have|is))|so(?! that)|the \w+ (?:does|do|did|has|have|had|is|was|were)|she|he|they|neither|none|with)\b|\b(?:because|although|however)\b"
)
_TESTED_BY = re.compile(
    r"\b(?:excluded|ruled out|confirmed|diagnosed|shown|seen|established|found|looked for) (?:by|on|with|in)\b"
)


@dataclass(frozen=True)
class Region:
    """A stretch of a sentence in which tried treatments stand; `strong` accepts names that no lexicon knows,
    `lists` accepts them beside a known one; `subject`: the stretch stands before its verb."""

    start: int
    end: int
    strong: bool
    because: str
    subject: bool = False
    lists: bool = False


def regions_of(reading: Reading, tests: bool, outcome: bool) -> Iterator[Region]:
    """`tests`: earlier tests count; `outcome`: the next sentence says what came of what this one names."""
    cues, text = lexicon("treatments"), reading.text
    if reading.topic == "tried" and not cues["asks"].match(text):
        yield Region(past_heading(text), len(text), _is_list(text), "stands under the heading of what was tried", lists=True)
    short = falls_short(text) or outcome
    if outcome and len(text.split()) <= 16 and not VERBISH.search(text):
        yield Region(0, len(text), False, "is named right before its result", lists=True)
    for key, strong in (("strong_object", True), ("past_object", False)):
        for match in _hits(cues[key], text):
            if _POINTS_BACK.match(text, match.end()):
                continue
            stop = stop_after(text, match.end())
            yield Region(match.end(), stop, strong and _by_someone(text, match), f"follows '{match.group().strip()}'", lists=True)
    for key, strong in (("strong_subject", True), ("weak_subject", False)):
        for match in _hits(cues[key], text):
            begin, because = stop_before(text, match.start()), f"stands before '{match.group().strip()}'"
            yield Region(begin, match.start(), strong, because, subject=True, lists=short)
    if short or reading.topic == "tried":
        for match in cues["weak_object"].finditer(text):
            yield Region(
                match.end(), stop_after(text, match.end()), False, "is named where the sentence says it fell short"
            )
    if lexicon("justify")["failed"].search(text) and not VERBISH.search(re.split(r"[:,;]|\s[-–—]+\s|\bno\b", text)[0]):
        yield Region(0, len(text), False, "is named where the note says it fell short")
    if tests and cues["test_done"].search(text):
        named = _TESTED_BY.search(text)
        yield Region(named.end() if named else 0, len(text), False, "is an earlier test with its result")


def _hits(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The cue's places, but for parts of a compound: 'store-bought' says of nobody that he bought; nor for what is to be."""
    return (
        m for m in pattern.finditer(text)
        if text[m.start() - 1 : m.start()] != "-" and text[m.end() : m.end() + 1] != "-"
        and not (_TO_BE.search(text[: m.start()]) or m.group().startswith(("to be ", "be ")))
    )  # fmt: skip


_TO_BE = re.compile(r"\b(?:to|will|should|shall|can|must|may|would|could)(?: then| also| only)? be $")
_POINTS_BACK = re.compile(r"\s*(?:(?:all )?(?:this|that|these|those|it|them|which)(?=\s+(?:the|an?|he|she|it|they|his|her|we|there|pain|symptoms?|\w+ (?:rose|fell|has|have|had|is|was|were|remain\w*|persist\w*|continue\w*))\b|\s*[,.;]))")
"""What follows 'in spite of' and points back: 'in spite of this the volume rose'."""


def _by_someone(text: str, match: re.Match[str]) -> bool:
    """Whether it is a person who could not tolerate something: a gut that does not tolerate protein tried nothing."""
    if "tolera" not in match.group() or "intolera" in match.group():
        return True
    return re.search(r"\b(?:he|she|they|patient|pt|mr|mrs|ms|mx|unable to|child|infant|baby)\b", text[max(0, match.start() - 40) : match.end()]) is not None


def past_heading(text: str) -> int:
    """Where the answer begins behind a heading in the same sentence."""
    for stop in re.finditer(r"[:?.–—]\s|\s{2,}", text[:90]):
        if (found := heading_topic(text[: stop.end()])) is not None and found[0] == "tried" and not found[1]:
            return stop.end()
    opened = lexicon("treatments")["answer_lead"].match(text)
    return opened.end() if opened and opened.end() < len(text) else 0


def _is_list(text: str) -> bool:
    """Whether an answer lists names, so that unknown ones count; running prose has verbs of its own."""
    first = re.split(r"[.;](?:\s|$)", text)[0]
    return len(first.split()) <= 14 or not re.search(r"\b(?:she|he|they|we|i|was|were|has|have|had)\b", first)


def falls_short(text: str) -> bool:
    """Whether the sentence says that something was not enough."""
    cues = lexicon("justify")
    return bool(cues["failed"].search(text) or cues["still"].search(text) or re.search(r"\bbut\b|\bwith (?:continued|ongoing|persistent|recurrent|repeated|frequent)\b", text))


def stop_after(text: str, at: int) -> int:
    """Where the clause around text[at] ends."""
    stop = _BOUNDARY.search(without_brackets(text), at if text[at : at + 1] in (";", ".") else at + 1)
    return stop.start() if stop else len(text)


def stop_before(text: str, at: int) -> int:
    """Where the clause around text[at] begins."""
    last = 0
    for stop in _BOUNDARY.finditer(without_brackets(text), 0, at):
        last = stop.end()
    return last
