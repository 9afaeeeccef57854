"""Two readings of each letter beside each other, and how often they agree: by field, by person.

Belongs here: gathering readings and verdicts, counting. Does not belong here: comparing two values (second.py), keeping
readings or reopening letters (quality.py).
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from pipeline.desk.second import DECISION, LABELS, NAMES, Values, agree
from pipeline.ledger.desk_tables import readings
from pipeline.ledger.lead_tables import verdicts


class Pair(NamedTuple):
    """Two readings of one letter and what was settled; `verdicts` by field."""

    letter_id: str
    reader: str
    first_by: str
    at: str
    first: Values
    second: Values
    verdicts: dict[str, str]

    @property
    def apart(self) -> list[str]:
        """Fields in which they differ."""
        return [n for n in self.first if n in self.second and not agree(n, self.first[n], self.second[n])]

    @property
    def unsettled(self) -> list[str]:
        return [n for n in self.apart if n not in self.verdicts]


class Tally(NamedTuple):
    """Agreement of a field or a person: compared, agreed, and errors of the first and of the second that were found."""

    name: str
    compared: int
    agreed: int
    first_wrong: int
    second_wrong: int


def pairs(c: sa.Connection, letter_id: str | None = None) -> list[Pair]:
    """All second readings, or one letter's, newest first."""
    settled: dict[tuple[str, str], dict[str, str]] = {}
    for v in c.execute(sa.select(verdicts)):
        settled.setdefault((v.letter_id, v.reader), {})[v.field] = v.verdict
    query = sa.select(readings).order_by(readings.c.at.desc(), readings.c.letter_id)
    rows = c.execute(query if letter_id is None else query.where(readings.c.letter_id == letter_id))
    return [Pair(r.letter_id, r.who, r.first_by, r.at, _values(r.first), _values(r.second), settled.get((r.letter_id, r.who), {})) for r in rows]


def _values(text: str) -> Values:
    found: dict[str, Any] = json.loads(text)
    return {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}


def by_field(found: Sequence[Pair]) -> list[Tally]:
    """Agreement per field, in the order of the form."""
    return [t for name in (*NAMES, DECISION) if (t := _tally(LABELS[name], [(p, name) for p in found if name in p.first and name in p.second])).compared]


def by_person(found: Sequence[Pair]) -> list[tuple[str, Tally, Tally]]:
    """(person, as the first, as the second), by name."""
    people = sorted({p.first_by for p in found} | {p.reader for p in found})
    fields = [(p, name) for p in found for name in p.first if name in p.second]
    return [(who, _tally(who, [x for x in fields if x[0].first_by == who]), _tally(who, [x for x in fields if x[0].reader == who])) for who in people]


def _tally(name: str, fields: Sequence[tuple[Pair, str]]) -> Tally:
    said = [p.verdicts.get(n, "") for p, n in fields]
    agreed = sum(agree(n, p.first[n], p.second[n]) for p, n in fields)
    return Tally(name, len(fields), agreed, sum(v in ("second", "neither") for v in said), sum(v in ("first", "neither") for v in said))
