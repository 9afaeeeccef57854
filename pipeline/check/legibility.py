"""Can the letter be read well enough to be judged?

Belongs here: doubt about reading. What is absent from a well-read page is absent; what is absent from a badly read one
is unread. Does not belong here: what the letter says.
"""

from pipeline.check.facts import Answer, Held, fact

_POOR = 0.62
_FAIR = 0.78
_ESSENTIAL = (("patient.name", "the patient's name"), ("letter_date", "the date"), ("provider.name", "the signer's name"))


@fact("what")
def unread(held: Held) -> Answer | None:
    """Essential values are absent from a badly read page; one of several on a poor page or beside a told trouble with
    a page, two on a fair one, three on any."""
    letter = held.letter
    absent = [says for name, says in _ESSENTIAL if not letter[name].accepted]
    absent += [] if letter.diagnoses else ["the diagnosis"]
    absent += [] if letter.items else ["the item"]
    poor = letter.quality < _POOR or bool(letter.problems)
    if absent and (poor or (letter.quality < _FAIR and len(absent) >= 2) or len(absent) >= 3):
        return Answer("insufficient", {"what": absent[0]})
    return None
