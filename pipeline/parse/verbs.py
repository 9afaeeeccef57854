"""The verbs of a benefit ('relieve', 'hold', 'return') in the forms in which sentences use them.

Belongs here: conjugation and the patterns built of it. Does not belong here: what a verb proves (justify). The verbs
themselves: data/justify.yaml, improve_base and weak_verbs.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.parse.cues import words_of


@dataclass(frozen=True)
class Verbs:
    """The benefit verbs in the forms in which they are looked for."""

    any_form: re.Pattern[str]
    purpose: re.Pattern[str]
    present: re.Pattern[str]
    opening: re.Pattern[str]


@lru_cache(maxsize=1)
def weak_verbs() -> frozenset[str]:
    """Forms that say nothing without a number, an observable act or a named complaint."""
    return frozenset(form for verb in words_of("justify", "weak_verbs") for form in (verb, _third(verb), _ing(verb)))


@lru_cache(maxsize=1)
def verbs() -> Verbs:
    """The patterns, built once."""
    base = sorted(set(words_of("justify", "improve_base")), key=lambda v: (-len(v), v))
    plain = "|".join(map(re.escape, base))
    third = "|".join(re.escape(_third(v)) for v in base)
    ing = "|".join(re.escape(_ing(v)) for v in base)
    strong = "|".join(re.escape(v) for v in base if v not in words_of("justify", "weak_verbs"))
    plural = r"(?:they|these|those|which|\w{3,}(?<!s)s|it)(?: (?:also|both|all|help|can|will|directly|then))*"
    return Verbs(
        any_form=re.compile(rf"\b(?:{plain}|{ing}|{third})\b"),
        purpose=re.compile(rf"(?:\b(?:to|by|and|thereby|thus)\s+(?:\w+ly\s+|help\s+)?(?P<verb>{plain}|{ing})|,\s+(?:thus |thereby |so )?(?P<part>{ing}))\b"),
        present=re.compile(
            rf"(?:\b(?:{third}|acts (?:directly )?(?:on|against)|works (?:directly )?(?:on|against))\b)|(?:(?<=\s)|^)(?:{plural}) (?:{strong}|keep|hold|take|control|let|open)\b"
        ),
        opening=re.compile(rf"^[\W\d]*(?:will |should |to )?({plain})\b"),
    )


def _third(verb: str) -> str:
    if verb == "be able":
        return "is able"
    if verb == "be":
        return "becomes"
    return f"{verb}es" if re.search(r"(?:s|sh|ch|x|z|go|do)$", verb) else f"{verb}s"


def _ing(verb: str) -> str:
    if verb in ("stop", "cut", "get", "let", "permit", "sit", "control", "drop", "propel", "speed"):
        return f"{verb}{verb[-1]}ing" if verb != "speed" else "speeding"
    return f"{verb[:-1]}ing" if verb.endswith("e") and not verb.endswith(("ee", "be")) else f"{verb}ing"
