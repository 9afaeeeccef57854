"""The kinds of columns that the ledger's tables share.

Belongs here: how a kind of value is kept, once for all tables. Does not belong here: which table holds what. None of
them may be empty (NULL); the few that may are written out where they stand.
"""

from typing import Any

import sqlalchemy as sa

Column = sa.Column[Any]


def key(name: str, **more: Any) -> Column:
    """A hash in hex, an id of our own making or a person's name: 64 characters at most."""
    return sa.Column(name, sa.String(64), nullable=False, **more)


def word(name: str, size: int = 16, **more: Any) -> Column:
    """Short text, such as a word of a list of states."""
    return sa.Column(name, sa.String(size), nullable=False, **more)


def text(name: str, **more: Any) -> Column:
    """Text of any length."""
    return sa.Column(name, sa.Text, nullable=False, **more)


def day(name: str) -> Column:
    """An ISO date, '' where there is none."""
    return sa.Column(name, sa.String(10), nullable=False)


def moment(name: str = "at", **more: Any) -> Column:
    """An ISO date and time with its offset, '' where there is none."""
    return sa.Column(name, sa.String(40), nullable=False, **more)


def whole(name: str, **more: Any) -> Column:
    """A whole number; 0 and 1 for no and yes."""
    return sa.Column(name, sa.Integer, nullable=False, **more)


def real(name: str) -> Column:
    """A number."""
    return sa.Column(name, sa.Float, nullable=False)


def counted(name: str = "seq") -> Column:
    """The number of the row, given by the database in the order of writing."""
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=True)


def result() -> Column:
    """The store name of a Case."""
    return sa.Column("result", sa.String(160), nullable=False)
