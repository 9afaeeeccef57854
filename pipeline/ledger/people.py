"""The people who may work at the desk, and who is logged in.

Belongs here: reading and writing users and sessions. Does not belong here: passwords and cookies (desk/access.py).
"""

from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.ledger.desk_tables import sessions, users

ROLES = ("administrator", "examiner", "lead", "auditor")


@dataclass(frozen=True)
class User:
    """A person; `password` is a hash; `locked_until` and `failed` slow down guessing."""

    name: str
    role: str
    password: str
    must_change: bool
    active: bool
    failed: int
    locked_until: float


@dataclass(frozen=True)
class Session:
    """A log-in: `token` is the hash of the cookie, `csrf` what each form must bring along."""

    token: str
    user: str
    csrf: str
    begun: float
    seen: float


def every(c: sa.Connection) -> list[User]:
    """All users by name."""
    return [_user(row) for row in c.execute(sa.select(users).order_by(users.c.name))]


def find(c: sa.Connection, name: str) -> User | None:
    """The user of this name."""
    row = c.execute(sa.select(users).where(users.c.name == name)).one_or_none()
    return _user(row) if row else None


def add(c: sa.Connection, name: str, role: str, password: str, must_change: bool) -> None:
    """A new user; the name must be free."""
    c.execute(users.insert(), {"name": name, "role": role, "password": password, "must_change": int(must_change), "active": 1,
                               "failed": 0, "locked_until": 0.0})  # fmt: skip


def change(c: sa.Connection, name: str, **values: object) -> None:
    """Sets columns of a user."""
    c.execute(users.update().where(users.c.name == name).values(**values))


def begin(c: sa.Connection, session: Session) -> None:
    """Keeps a new session."""
    c.execute(sessions.insert(), vars(session))


_VISITOR = sa.select(sessions, users).join(users, users.c.name == sessions.c.user).where(sessions.c.token == sa.bindparam("token"))


def visitor(c: sa.Connection, token: str) -> tuple[Session, User] | None:
    """The session of this token and whose it is."""
    row = c.execute(_VISITOR, {"token": token}).one_or_none()
    return (Session(row.token, row.user, row.csrf, row.begun, row.seen), _user(row)) if row else None


def touch(c: sa.Connection, token: str, now: float) -> None:
    """Notes that the session was used."""
    c.execute(sessions.update().where(sessions.c.token == token).values(seen=now))


def end(c: sa.Connection, token: str = "", user: str = "", but: str = "") -> None:
    """Ends one session, or all of a user's, but one."""
    which = sessions.c.token == token if token else sa.and_(sessions.c.user == user, sessions.c.token != but)
    c.execute(sessions.delete().where(which))


def _user(row: "sa.Row[tuple[object, ...]]") -> User:
    return User(row.name, row.role, row.password, bool(row.must_change), bool(row.active), row.failed, row.locked_until)
