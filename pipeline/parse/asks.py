"""What a label asks for, told by the meaning of its words rather than by a list of whole labels.

Belongs here: the words (data/asks.yaml), and the asks of a phrase: whose, and which of name, birth, id, claim, injury.
Does not belong here: where labels and values stand (typedlines, told), the fields (patient, timing, identifiers).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.](?=[^\W\d_]))*|#|\d+|[,/&+;]|[^\s\w]|\d")
_PART = {"and": True, ",": True, "/": True, "&": True, "+": True, ";": True, "y": True, "or": True}
_BRACKETS = re.compile(r"\([^()]*\)")
_HOLDER = re.compile(r"\b(?:account|acct\.?|policy|card|certificate|contract|plan)[ \-]?(?:holder|owner)", re.I)
_LONGEST = 9
"""Words of a label; a longer text is a sentence."""


@dataclass(frozen=True)
class Ask:
    """`what` is name, last, first, middle, birth, id, claim, injury, date or '' for a value that is nobody's identity;
    `whose` is patient, member, holder, other, subject or ''."""

    whose: str
    what: str


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("pipeline.parse").joinpath("data/asks.yaml").read_text(encoding="utf-8"))
    return data


@lru_cache(maxsize=1)
def senses() -> dict[str, str]:
    """Every word of the vocabulary with its sense, 'glue' for those that mean nothing."""
    found = {word: sense for sense, words in _lexicon()["senses"].items() for word in words.split()}
    return {**dict.fromkeys(_lexicon()["glue"].split(), "glue"), **found}


@lru_cache(maxsize=1)
def example() -> re.Pattern[str]:
    """A line that a form prints to show how it is filled in; what stands on it is nobody's."""
    return re.compile(_lexicon()["examples"], re.I)


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sense, re.compile(r"\W*(?:" + "|".join(words) + r")\W*", re.I)) for sense, words in _lexicon()["phrases"].items())


def sense_of(word: str) -> str:
    """The sense of one word, '' for a word that is in no label."""
    plain = re.sub(r"['’]s?$", "", word.lower().replace("í", "i").replace("ó", "o").replace("ú", "u").replace("é", "e"))
    known = senses()
    return known.get(plain) or known.get(plain.rstrip(".")) or (known.get(plain[:-1], "") if plain.endswith("s") and len(plain) > 4 else "")


@lru_cache(maxsize=8192)
def asks_of(phrase: str) -> tuple[Ask, ...]:
    """The asks of a phrase, in order; empty when a word of it is none of a label's, or nothing is asked."""
    bare = _HOLDER.sub("holder", _BRACKETS.sub(" ", phrase)).strip(" \t:.?*_-–—=←→<>|")
    whole = _whole(bare)
    if whole:
        return whole
    words = [w for w in _WORD.findall(bare) if w not in ".:?*_-–—=()'’\"|"]
    if not 1 <= len(words) <= _LONGEST:
        return ()
    asks: list[Ask] = []
    group: list[str] = []
    unknown = 0
    for word in (*words, ","):
        if _PART.get(word.lower()):
            made = _meaning(group, asks)
            asks += [made] if made is not None and made not in asks else []
            group = []
            continue
        sense = "id" if word == "#" else "glue" if word.isdigit() and len(word) <= 2 else sense_of(word)
        unknown += not sense
        group.append(sense or "unknown")
    if unknown > 1 or (unknown and not any(a.what in ("birth", "id") for a in asks)):
        return ()
    return tuple(asks)


def _whole(bare: str) -> tuple[Ask, ...]:
    for sense, pattern in _phrases():
        if pattern.fullmatch(bare):
            return (Ask("", sense) if sense in ("birth", "injury") else Ask(sense, "name"),)
    return ()


def _meaning(group: list[str], before: list[Ask]) -> Ask | None:
    """What the words of one part of a label ask for; a part without a person asks of the one before it."""
    has = set(group)
    whose = next((w for w in ("other", "patient", "member", "holder", "subject") if w in has), before[-1].whose if before else "")
    if "birth" in has:
        return Ask(whose, "birth")
    if "injury" in has and ("date" in has or has <= {"injury", "glue"}):
        return Ask(whose, "injury")
    if "date" in has:
        return Ask(whose, "date")
    if "count" in has or "else" in has:
        return Ask(whose, "")
    if "claim" in has:
        return Ask(whose, "claim")
    part = next((p for p in ("last", "first", "middle") if p in has), None)
    if part is not None and "id" not in has:
        return Ask(whose, part)
    if "id" in has:
        return Ask(whose, "id")
    if has & {"name", "patient", "member", "holder", "subject", "other"}:
        return Ask(whose, "name") if "unknown" not in has else None
    return None
