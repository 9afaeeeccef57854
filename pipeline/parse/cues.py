"""Cue lexica and the text they are held against: a sentence in lower case with a scanner's confusions undone.

Belongs here: loading the lexica of data/*.yaml, repairing words against their vocabulary, mapping a place in the
repaired text back to the letter, headings that announce a topic. Does not belong here: what a cue proves.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from pipeline.codes.fold import fold
from pipeline.parse.lines import Sentence

TOPICS = ("tried", "why", "benefit", "item", "diagnosis")
_REACH = 5
_WORD = re.compile(r"[\w|!]+(?:['’][\w|!]+)?", re.ASCII)
_GLUED = re.compile(r"of[a-z]{3,}\Z")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[0158|!])[a-z0158|!]+\Z")
_CAPITALS = re.compile(r"[A-Z][A-Z/&'’-]+(?: [A-Z/&'’-]{2,}){1,6}:? [A-Z][a-z]")
_CLAUSE = re.compile(
    r";|[.!?](?=\s)|\s[-–—]+\s|,\s+(?:but|although|though|however|whereas|while)\b|\b(?:but|however)\b"
)


@dataclass(frozen=True)
class Reading:
    """A sentence as cues see it. `text` is repaired and lower case; `origin[i]` is the place in the letter's text of
    `text[i]`; `topic` is what its label or heading says it answers, or None; `label`: it is nothing but such a heading."""

    sentence: Sentence
    index: int
    text: str
    origin: tuple[int, ...]
    topic: str | None = None
    label: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place of text[start:end] in the letter."""
        return self.origin[start], self.origin[end - 1] + 1

    def clauses(self) -> Iterator[tuple[int, int]]:
        """Spans of `text` between semicolons, dashes and contrasting conjunctions."""
        at = 0
        for stop in _CLAUSE.finditer(self.text):
            if stop.start() - at > 2:
                yield at, stop.start()
                at = stop.start() if stop.group()[-1:].isalpha() else stop.end()
        if at < len(self.text):
            yield at, len(self.text)


@lru_cache(maxsize=4)
def lexicon(name: str) -> Mapping[str, re.Pattern[str]]:
    """The cues of data/`name`.yaml, each as one pattern that matches whole words."""
    return MappingProxyType({key: _compiled(parts) for key, parts in _raw(name).items()})


def words_of(name: str, key: str) -> tuple[str, ...]:
    """The plain words of one cue that is a list of alternatives without patterns."""
    return tuple(word for part in _raw(name)[key] for word in part.split("|"))


@lru_cache(maxsize=4)
def _raw(name: str) -> Mapping[str, tuple[str, ...]]:
    text = files("pipeline.parse").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    return {key: tuple(str(part) for part in parts) for key, parts in yaml.safe_load(text).items()}


def _compiled(parts: Sequence[str]) -> re.Pattern[str]:
    body = "|".join(parts).replace("~", r"\w*")
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)")


def readings(sentences: Sequence[Sentence], topics: Mapping[int, str]) -> tuple[Reading, ...]:
    """The sentences made ready; a heading hands its topic to the sentences below it up to the next heading,
    for a few sentences at most."""
    made: list[Reading] = []
    running: str | None = None
    left = 0
    entries = numbered = False
    for index, sentence in enumerate(sentences):
        text, origin = _repaired(sentence.text, sentence.start)
        heading = heading_topic(sentence.text)
        announced = None if heading else announced_topic(text)
        if heading is not None or announced is not None:
            running, rest = heading or (announced, False)
            numbered = _NUMBERED.match(sentence.text) is not None
            left = _REACH
            topic = topics.get(index, running if rest else None)
        else:
            left -= 1
            running = None if (index - 1 in topics and topics[index - 1] == running and index not in topics) or _other_label(sentence.text, text) else running
            running = None if left < 0 or (numbered and _NUMBERED.match(sentence.text)) or (running == "tried" and lexicon("treatments")["asks"].match(text)) or index in topics or _plain_heading(sentence.text) or (entries and not _entry(text)) else running
            topic = topics.get(index, running)
        entries = announced is not None or (entries and running is not None)
        made.append(Reading(sentence, index, text, origin, topic, heading is not None and not heading[1]))
    return tuple(made)


_NUMBERED = re.compile(r"\W*\d{1,2}[.)]\s+[A-Z]")
"""A numbered paragraph; where the heading is in one, the next one is about something else."""


def _other_label(sentence: str, text: str) -> bool:
    """Whether a sentence opens with a label of its own, 'Ordered: custom orthotics', that is no treatment's name."""
    label = _WORDS_THEN_COLON.match(sentence)
    return label is not None and not lexicon("treatments")["heads"].search(text[: label.end()]) and not _drug_named(text[: label.end()])


def _drug_named(text: str) -> bool:
    from pipeline.parse.treatment_names import names_treatment

    return names_treatment(text)


_WORDS_THEN_COLON = re.compile(r"\W*[A-Z][a-z]+(?: [\w/-]+){0,3}:\s+\w")


def announced_topic(text: str) -> str | None:
    """'What he already does, and it isn't enough:' hands the topic 'tried' to the entries of the list below it."""
    opened = text.rstrip()
    if not opened.endswith(":") or len(opened) > 200:
        return None
    clause = re.split(r"[.;]\s", opened)[-1]
    return "tried" if lexicon("treatments")["list_tried"].search(clause) and not lexicon("treatments")["list_other"].search(clause) else None


def _entry(text: str) -> bool:
    """Whether a sentence reads as an entry of a list and not as the writer going on."""
    return len(text.split()) <= 26 and _GOES_ON.match(text) is None


_GOES_ON = re.compile(r"\W*(?:(?:he|she|they|we|i|it|this|these|please|what|the (?:patient|need|item|following)|mr|mrs|ms|my|our|your|in (?:the|my)|for (?:this|these)|with|therefore|because)\b|[^.]{3,60}:$)")


def heading_topic(text: str) -> tuple[str | None, bool] | None:
    """(topic, whether words follow the heading in the same sentence); None when `text` opens with no known heading."""
    for topic, pattern in _headings().items():
        match = pattern.match(text.lower())
        if match is None:
            continue
        rest = re.sub(r"^\W*\d{1,2}[.)]?$", "", text[match.end() :].strip(" :.-–—?•"))
        if not rest or match.group().rstrip()[-1] in ":-–—?" or text[match.end() - 1 : match.end() + 1].startswith(". ") or re.match(r"\.\s", text[match.end() :]) or text[: match.end()].rstrip().isupper():
            return topic, bool(rest)
    return None


def _plain_heading(text: str) -> bool:
    """A heading on another matter: few words, in capitals or closed by a colon."""
    words = text.split()
    if _LABEL.match(text) and (re.match(r"\W*\w+[.:]", text) or (len(words) <= 8 and not text.rstrip().endswith("."))):
        return True
    if len(words) <= 7 and re.match(r"\W*(?:what|why|how|who|when|where)\b", text, re.I) and text.rstrip()[-1:] in ".:?":
        return True
    closed = len(words) <= 6 and (text.rstrip().endswith(":") or (text.isupper() and len(text) > 3))
    return closed or _CAPITALS.match(text) is not None


_LABEL = re.compile(r"\W*(?:medical|clinical|expected|anticipated|reasons?|rationale|justification|signature|diagnos[ie]s|physician|provider|ordering|prescrib(?:er|ing)|duration|frequency|length of|quantity|cost|certif\w+|practice|clinic|office|provider|signed|date|npi|phone|address|licen[sc]e|print(?:ed)? name)\b", re.I)


@lru_cache(maxsize=1)
def _headings() -> Mapping[str, re.Pattern[str]]:
    text = files("pipeline.parse").joinpath("data/headings.yaml").read_text(encoding="utf-8")
    raw: dict[str, list[str]] = yaml.safe_load(text)
    return {t: re.compile(rf"\W*(?:(?:\d+|[a-z]|[ivx]{{2,4}})[.)]\s*)?(?:{'|'.join(p)})(?!\w)\s*[:?.–—-]*\s*") for t, p in raw.items()}


def _repaired(text: str, start: int) -> tuple[str, tuple[int, ...]]:
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    for match in _WORD.finditer(text):
        low = match.group().lower()
        if _GLUED.match(low) and _names_something(low[2:]):
            parts += [text[at : match.start()].lower(), "of ", low[2:]]
            origin += [*range(start + at, start + match.start() + 2), start + match.start() + 1, *range(start + match.start() + 2, start + match.end())]
            at = match.end()
            continue
        good = _repair(low)
        if good is None:
            continue
        parts += [text[at : match.start()].lower(), good]
        origin += range(start + at, start + match.start())
        span = match.end() - match.start()
        origin += [start + match.start() + min(i * span // len(good), span - 1) for i in range(len(good))]
        at = match.end()
    tail = text[at:].lower()
    parts.append(tail)
    origin += range(start + at, start + at + len(tail))
    return "".join(parts), tuple(origin)


@lru_cache(maxsize=4096)
def _names_something(word: str) -> bool:
    """Whether a word run together with the 'of' before it is a body part, or begins the name of a therapy or drug."""
    return bool(lexicon("justify")["body"].fullmatch(word) or lexicon("treatments")["glued"].fullmatch(word))


@lru_cache(maxsize=20_000)
def _repair(word: str) -> str | None:
    """The vocabulary's word that a scanner may have turned into `word`; None to leave it."""
    known = _vocabulary()
    if word in known.words or word.isdigit() or len(word) < 2:
        return None
    mixed = _MIXED.match(word) is not None
    if not mixed and (len(word) < 5 or not word.isalpha()):
        return None
    folded = fold(word)
    if folded in known.folded:
        return known.folded[folded]
    return None


@dataclass(frozen=True)
class Vocabulary:
    """Whole words to repair towards, and the folded form of each."""

    words: frozenset[str]
    folded: Mapping[str, str]


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    """Source: data/repair_words.txt, the words of our cues in the forms in which letters use them."""
    text = files("pipeline.parse").joinpath("data/repair_words.txt").read_text(encoding="utf-8")
    words = tuple(w for line in text.splitlines() if not line.startswith("#") for w in line.split())
    folded: dict[str, str] = {}
    for word in words:
        folded.setdefault(fold(word), word)
    return Vocabulary(frozenset(words), MappingProxyType(folded))
