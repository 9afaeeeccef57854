"""A person's name in parts, folded for comparison.

Belongs here: order, suffixes, double surnames. Does not belong here: whether two names are one person's (match).
"""

from dataclasses import dataclass
from functools import lru_cache

from pipeline.codes.fold import fold as _fold
from pipeline.codes.fold import plain as _plain

_SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii", "iii": "iii", "3rd": "iii", "iv": "iv"}
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "master"))
_PARTICLES = frozenset(("de", "del", "della", "di", "da", "dos", "van", "von", "der", "den", "la", "le", "el", "al", "bin", "ibn", "st", "san", "ten", "ter"))


_PARTING = str.maketrans("(),", "   ")

plain = lru_cache(maxsize=1 << 16)(_plain)
fold = lru_cache(maxsize=1 << 16)(_fold)
"""Names are made of few words: each is folded once."""


@dataclass(frozen=True)
class Name:
    """Folded parts of a name: `given` is the first given name or its initial, `rest` all words behind it, `surname`
    the words of the last name (two of a double one), `middle` what stands between, `suffix` jr, sr, ii, iii, iv."""

    given: str
    middle: tuple[str, ...]
    surname: tuple[str, ...]
    suffix: str

    @property
    def rest(self) -> tuple[str, ...]:
        return (*self.middle, *self.surname)


def read_name(text: str) -> Name:
    """The parts of a name in either order: 'María del Mar Ruiz-Ortega', 'RUIZ, MARIA J.', 'Leonard Mbeki Jr.'."""
    last, comma, first = text.partition(",")
    if comma:
        behind, own = _without_suffix(_words(last)), _without_suffix(_words(first))
        if behind[0] and own[0] and not (len(own[0]) == 1 and plain(own[0][0]) in _SUFFIXES):
            return _made(own[0][0], own[0][1:], behind[0], own[1] or behind[1])
    words, suffix = _without_suffix(_words(text))
    if not words:
        return Name("", (), (), suffix)
    if len(words) == 1:
        return _made("", (), words, suffix)
    start = len(words) - 1
    while start > 1 and plain(words[start - 1]) in _PARTICLES:
        start -= 1
    return _made(words[0], words[1:start], words[start:], suffix)


def _words(text: str) -> list[str]:
    """Words of a name; a hyphenated word stays whole, an initial loses its dot."""
    words = [w for w in text.translate(_PARTING).split() if plain(w)]
    return [w for w in words if plain(w) not in _TITLES] or words


def _without_suffix(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 1 and plain(words[-1]) in _SUFFIXES:
        return words[:-1], _SUFFIXES[plain(words[-1])]
    return words, ""


def _made(given: str, middle: list[str] | tuple[str, ...], surname: list[str], suffix: str) -> Name:
    parts = tuple(fold(part) for word in surname for part in plain(word).split())
    between = tuple(fold(part) for word in middle for part in plain(word).split())
    return Name(fold(given).replace(" ", ""), between, parts, suffix)
