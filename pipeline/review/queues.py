"""The six queues as people see them, in the order in which they are tried.

Belongs here: their names, titles and meaning. Does not belong here: which letter goes where (triage.py).
"""

from typing import NamedTuple


class Queue(NamedTuple):
    """`name` as in letters.jsonl, `title` as a heading, `meaning` for whoever works in it."""

    name: str
    title: str
    meaning: str


LADDER = (
    Queue("not_lmn", "Not a letter", "Something else arrived: a receipt, a statement, a flyer. Pass it on."),
    Queue("transcribe", "Transcribe", "An essential value cannot be read well enough. Key it from the picture."),
    Queue("match", "Match", "The letter cannot be tied to one member and one claim. Find whose it is."),
    Queue("examine", "Examine", "The letter and the record or the plan's rules disagree. Judge it."),
    Queue("request_info", "Request information", "The provider has to supply something. Ask for it."),
    Queue("decide", "Decide", "Complete and consistent with the record. Decide."),
)
NAMES = tuple(queue.name for queue in LADDER)
TITLES = {queue.name: queue.title for queue in LADDER}
