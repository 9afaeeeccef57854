"""The six queues as people see them, in the order in which they are tried: the one ladder.

Belongs here: their names, titles, meaning, what a member could be told, how much sooner their letters come. Does not
belong here: which finding goes where (routes.csv), choosing (triage.py).
"""

from typing import NamedTuple


class Queue(NamedTuple):
    """`name` as in letters.jsonl, `title` as a heading, `meaning` for whoever works in it, `why` the beginning of the
    sentence that a member could be told, `sooner` steps of priority that its letters are ahead of others as due."""

    name: str
    title: str
    meaning: str
    why: str
    sooner: int = 0


LADDER = (
    Queue("not_lmn", "Not a letter", "Something else arrived: a receipt, a statement, a flyer. Pass it on.",
          "This paper is not a letter of medical necessity."),
    Queue("transcribe", "Transcribe", "An essential value cannot be read well enough. Key it from the picture.",
          "The letter cannot be read well enough for a decision", sooner=1),
    Queue("match", "Match", "The letter cannot be tied to one member and one claim. Find whose it is.",
          "It is not yet clear which member and claim the letter belongs to", sooner=1),
    Queue("examine", "Examine", "The letter and the record or the plan's rules disagree. Judge it.",
          "The letter does not agree with the records or the plan's rules, so a person looks at it"),
    Queue("request_info", "Request information", "The provider has to supply something. Ask for it.",
          "The provider has to add something before the letter can be reviewed"),
    Queue("decide", "Decide", "Complete and consistent with the record. Decide.",
          "The letter is complete and agrees with the records; a person decides."),
)  # fmt: skip
NAMES = tuple(queue.name for queue in LADDER)
TITLES = {queue.name: queue.title for queue in LADDER}
BY_NAME = {queue.name: queue for queue in LADDER}
