"""The reference that a request for information bears, so that the answer finds its case again.

Belongs here: making it from a letter's id, finding it in a text. Does not belong here: what follows from an answer.
"""

import hashlib
import re
from functools import lru_cache

_ALPHABET = "ACDEFHJKMNPRTVWXY3479"
"""No character that a scanner takes for another: no 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U."""
_FOUND = re.compile(r"\bLMN\s?[-–—_.:~]?\s?([A-Z0-9]{4})\s?[-–—]?\s?([A-Z0-9]{4})\b", re.I)


@lru_cache(maxsize=1 << 16)
def reference_of(letter_id: str) -> str:
    """'LMN-' and eight characters, the last of which checks the others; the same letter has the same always."""
    number = int.from_bytes(hashlib.sha256(letter_id.encode()).digest()[:8])
    made = ""
    for _ in range(7):
        number, at = divmod(number, len(_ALPHABET))
        made += _ALPHABET[at]
    return f"LMN-{made}{_check(made)}"


def _check(made: str) -> str:
    return _ALPHABET[sum(place * _ALPHABET.index(c) for place, c in enumerate(made, 1)) % len(_ALPHABET)]


def references_in(text: str) -> tuple[str, ...]:
    """Every sound reference in a text, each once, in order; what only looks like one is none."""
    found = ("".join(m.groups()).upper() for m in _FOUND.finditer(text))
    return tuple(dict.fromkeys(f"LMN-{c}" for c in found if set(c) <= set(_ALPHABET) and _check(c[:7]) == c[7]))
