"""The words that give a date its role: before it, or as its label.

Belongs here: words and names of roles. Does not belong here: weighing places and words (timing), reading digits (dates).
"""

import re
from dataclasses import dataclass

from pipeline.codes.dates import DateMention

_ROLE_WORDS: tuple[tuple[str, str], ...] = (
    ("birth", r"(?:fecha de nacimiento|nacid[oa](?: el)?|d\.?\s?o\.?\s?b\.?|date ?of ?birth|birth ?date|birthday|born(?: on)?|b\.?d\.?)\W{0,12}(?:\(?(?:mm|m)[^)]*\)?)?\W*$"),
    ("injury", r"(?:date of (?:injury|accident|loss|incident)|doi|injury date|injured(?: (?:\w+ ){0,6}on)?|hurt (?:\w+ ){0,4}on|injury (?:of|on|dated)"
               r"|industrial (?:injury|accident) (?:of|on)|accident (?:of|on)|work(?:-| )?(?:related )?(?:injury|accident) (?:of|on))\W*$"),
    ("print", r"(?:printed|print date|generated|rev(?:\.|ised|ision)?|form \S+|version|effective date of form)(?: on| at)?\W*$"),
    ("received", r"(?:received|rec['’]?d|scanned|faxed|fax date|transmitted)(?: on| at| date)?\W*$"),
    ("signature", r"(?:signed(?: \w+){0,5}(?: on| at)?|date signed|signature date|signed by .{3,60}? on|date of signature)\W*$"),
    ("purchase", r"(?:purchased?(?: \w+){0,4}(?: on)?|bought(?: \w+){0,4}(?: on)?|date of purchase|purchase date|delivered(?: \w+){0,3} on"
                 r"|set up on|paid (?:for )?(?:\w+ ){0,3}on|picked up on|dispensed on|acquired on|(?:dates? of service|service date|dos)"
                 r"|ordered online on)\W*$"),
    ("start", r"(?:start(?:ing|s|ed|)?(?: date)?(?: of (?:treatment|service|need|therapy))?|begin(?:ning|s)?(?: date| on)?|beginning|to begin|commenc(?:ing|e|es)"
              r"|effective|first (?:visit|session|appointment)(?: (?:on|is))?|starting on|to start(?: on)?|from|scheduled for|planned for"
              r"|proposed(?: date)?|dates? of need|begin date|start date)\W*$"),
    ("end", r"(?:through|thru|until|ending(?: on)?|end(?:s|ing)?(?: date)?|end date|to be completed by|expir(?:es|ing)(?: on)?|no later than"
            r"|\bto)\W*$"),
    ("visit", r"(?:seen|evaluated|examined|visit(?:ed)?|encounter|consulted|appointment|evaluation|exam(?:ination)?|assessment|consult(?:ation)?"
              r"|follow(?:ed)?[- ]?up|office visit|last seen|presented)(?: \w+){0,6}?(?: on| of| dated)?\W*$"),
    ("denial", r"(?:denial|denied|determination|notice|decision|letter|request|claim|correspondence|rejection)(?: [\w#,\-]+){0,4}? ?(?:dated|of|on)\W*$"),
    ("event", r"(?:surgery|operation|diagnos(?:ed|is)(?: \w+){0,4}|mri|x-?rays?|films?|ct|scan|study|biopsy|lab(?:s|oratory)?|test(?:ed|ing)?|imaging|admitted|admission"
              r"|discharge[d]?|onset|since|hospitali[sz]ed|underwent(?: \w+){0,5}|injection|completed|stopped|procedure|delivery|retire\w*|published|accepted"
              r"|sleep (?:study|test)|polysomnogra\w+|ended|last)(?: \w+){0,4}?(?: on| in| of)?\W*\(?$"),
    ("letter", r"(?:^|\b)(?:date(?:d)?(?: of (?:letter|report|statement|request|issue|this letter))?|today['’]?s date|letter date|report date"
               r"|sent|date written)\W*$"),
)  # fmt: skip
ROLES = tuple((role, re.compile(words, re.I)) for role, words in _ROLE_WORDS)
LABEL_ROLES = {
    "patient.dob": "birth", "letter_date": "letter", "provider.signature_date": "signature", "injury_date": "injury",
    "treatment_start": "start", "treatment_end": "end", "purchase_dates": "purchase", "other_date": "visit",
}  # fmt: skip


ROLE_NAMES = {
    "birth": "a birth date", "injury": "the date of an injury", "print": "the date of printing or of the form", "received": "the day of receipt or of the fax",
    "signature": "the date of the signature", "purchase": "a date of purchase or service", "start": "the start of treatment", "end": "the end of treatment",
    "visit": "the date of a visit or the like", "denial": "the date of a decision or of another letter", "event": "the date of something in the history",
    "header": "in the line of a fax or a printer",
}  # fmt: skip


@dataclass(frozen=True)
class RoledDate:
    """A date with its role ('' for none) and why it was given; `sure` caps how far its role is believed."""

    mention: DateMention
    role: str
    because: str
    zone: str
    alone: bool
    top: float
    sure: float = 1.0
