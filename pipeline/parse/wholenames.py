"""The whole name of an office whose heading gives only a part of it: a first line, a wordmark, initials.

Belongs here: choosing the fuller of two readings of one name. Does not belong here: where names stand (letterhead, offices).
"""

from pipeline.model import Candidate, FieldValue
from pipeline.parse.housenames import KIND, folded, names_house, squeezed


def whole_name(value: FieldValue) -> FieldValue:
    """Where the footer or an address line gives the heading's name with a word or two more, or a wordmark with its spaces,
    that is the whole name."""
    best = value.accepted
    short = folded(str(best.value)) if best else ""
    for other in value.candidates[1:]:
        long = folded(str(other.value))
        extra = long[len(short) :]
        begins = long.startswith(short + " ") and len(extra.split()) <= 3 and KIND.search(extra)
        ends = long.endswith(" " + short) and len(long.split()) - len(short.split()) <= 3
        marked = " " not in short and " " in long and squeezed(long).startswith(squeezed(short)) and len(short) > 6
        lettered = 2 < len(short) < 7 and " " not in short and str(best.value).isupper() and initials(long).startswith(short) if best else False
        if best and short and other.rejected_because is None and (begins or ends or marked or lettered):
            return _instead(value, other, "the heading is a part of it")
    addressed = next((c for c in value.candidates[1:] if c.because.startswith("stands over its address") and c.confidence > 0.85 and names_house(str(c.value))), None)
    if best and " " not in short and not KIND.search(short) and addressed is not None:
        return _instead(value, addressed, "the heading is a mark of one word")
    return value


def _instead(value: FieldValue, other: Candidate, reason: str) -> FieldValue:
    """The field with another candidate in the first one's place."""
    whole = other.model_copy(update={"confidence": value.candidates[0].confidence, "because": f"{other.because}; {reason}"})
    return FieldValue(name=value.name, candidates=(whole, *(c for c in value.candidates if c is not other)))


def initials(text: str) -> str:
    """The first letters of a name's words, the small ones left out, in lower case."""
    return "".join(word[0] for word in folded(text).split() if word not in ("of", "the", "for", "and"))
