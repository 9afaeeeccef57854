"""Can the letter be read well enough to be judged?

Belongs here: doubt about reading. What is absent from a well-read page is absent; what is absent from a badly read one
is unread. Does not belong here: what the letter says.
"""

from pipeline.check.facts import Answer, Held

_POOR = 0.62
_FAIR = 0.78
_ESSENTIAL = (("patient.name", "The patient"), ("letter_date", "The date"), ("provider.name", "The signer"))


def unread(held: Held) -> Answer | None:
    """Essential values are absent from a badly read page; one of several on a poor page, two on a fair one."""
    letter = held.letter
    absent = [says for name, says in _ESSENTIAL if not letter[name].accepted]
    absent += ["The diagnosis"] if not letter.diagnoses else []
    absent += ["The item"] if not letter.items else []
    if (letter.quality < _POOR and absent) or (letter.quality < _FAIR and len(absent) >= 2) or len(absent) >= 3:
        return Answer("insufficient", {"what": absent[0]})
    return None
