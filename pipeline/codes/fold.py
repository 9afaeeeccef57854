"""What a scanner confuses, in one place: folding for comparison, and repair of digits and letters by position.

Belongs here: character look-alikes. Does not belong here: what is compared. The raw text always stays as evidence;
a folded text is only ever held against another folded text.
"""

import re
import unicodedata

_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"))
_SINGLES = str.maketrans({"0": "o", "1": "l", "|": "l", "!": "l", "i": "l", "5": "s", "8": "b", "6": "b", "9": "g"})
_TO_DIGIT = str.maketrans("OoQDIil|!SsBZzGgT", "00001111155822697")
_TO_LETTER = str.maketrans("0158|!", "OISBII")


def plain(text: str) -> str:
    """Lower case without accents; everything but letters and digits becomes single spaces."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.replace("'", "").replace("’", "")).split())


def fold(text: str) -> str:
    """`plain`, with look-alikes made one: 'Harnilton' and 'HamiIton' fold to the same."""
    folded = plain(text).translate(_SINGLES)
    for pair, single in _PAIRS:
        folded = folded.replace(pair, single)
    return folded


def digits(text: str) -> str:
    """The digits of a number in which letters may stand for digits: '(6l4) 555-O134' gives '6145550134'."""
    return re.sub(r"\D", "", text.translate(_TO_DIGIT))


def as_digits(text: str) -> str:
    """Look-alike letters as digits, all else unchanged."""
    return text.translate(_TO_DIGIT)


def as_letters(text: str) -> str:
    """Look-alike digits as capital letters, all else unchanged."""
    return text.translate(_TO_LETTER)
