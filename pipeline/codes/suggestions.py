"""The ICD-10-CM code that a condition's words suggest to a person, never a value of the letter.

Belongs here: the ladder from the words to one code, the side and the code's unspecified leaf. Does not belong here:
codes as written (icd10), where the words stand (parse). Measured ladder: exact words of a description, a known name, the
name without what merely describes it, the longest known name within it; then the description most like the words, where it is
clearly more like (likeness).
"""

import re
from functools import lru_cache

from pipeline.codes import conditions, icd10
from pipeline.codes.fold import plain
from pipeline.codes.likeness import like_code, most_like

_DESCRIBES = re.compile(
    r"\b(?:chronic|acute|severe|moderate|mild|persistent|recurrent|longstanding|long standing|worsening|progressive|painful|symptomatic|advanced|bilateral|left|right|both|uncontrolled|poorly controlled|well controlled|intractable|documented|known|ongoing|new onset|side|sides|of the|in the|of both|in both|feet|foot|knees?|hips?|legs?|hands?|eyes?|ears?|stage \w+|grade \w+|level \w+|class \w+)\b"
)
_SIDES = (("right", "left"), ("left", "right"))


@lru_cache(maxsize=2048)
def suggest(text: str) -> str | None:
    """The dotted code for a condition's words; None when no rung of the ladder knows them."""
    words = plain(text)
    bare = " ".join(_DESCRIBES.sub(" ", words).split())
    exact = icd10.suggest(text) or _coded(words)
    if exact:
        return _sided(exact, words)
    code = _coded(bare) or _longest(text)
    return _liker(text, _sided(code, words) if code else None)


_SURE, _ENOUGH, _MARGIN = 0.8, 0.66, 0.05


def _liker(text: str, known: str | None) -> str | None:
    """The code whose description is clearly more like the words than that of the ladder's code, or, without one, like enough."""
    best = most_like(text)
    if best is None or known == best[0]:
        return known
    if known is None:
        return best[0] if best[1] >= _ENOUGH else None
    return best[0] if best[1] >= _SURE and best[1] > like_code(text, known) + _MARGIN else known


def _coded(words: str) -> str | None:
    entry = conditions.names().get(words)
    return icd10.dotted(entry.code) if entry and entry.code else None


def _longest(text: str) -> str | None:
    found = [(b - a, entry.code) for a, b, entry in conditions.names_in(text, 0, len(text)) if entry.code]
    return icd10.dotted(max(found, key=lambda f: f[0])[1]) if found else None


def _sided(code: str, words: str) -> str:
    """The sibling of an unspecified code that names the side the words name."""
    own = icd10.look_up(code)
    if own is None or "unspecified" not in own.description.lower():
        return code
    for side, other in _SIDES:
        if re.search(rf"\b{side}\b", words) and not re.search(rf"\b{other}\b|\bboth\b|\bbilateral\b", words):
            return _sibling(own.code, side) or code
    if re.search(r"\bbilateral\b|\bboth\b", words):
        return _sibling(own.code, "bilateral") or code
    return code


def _sibling(code: str, side: str) -> str | None:
    bare = code.replace(".", "")
    for digit in "1234":
        for tried in (bare[:-1] + digit, bare[:-2] + digit + bare[-1]):
            found = icd10.look_up(tried) if len(tried) >= 4 else None
            if found and found.billable and re.search(rf"\b{side}\b", found.description, re.I):
                return found.code
    return None
