"""Who may come in: passwords, sessions, roles, and how often one may try.

Belongs here: log-in, log-out, what a request must bring along. Does not belong here: pages, what people do to letters.
Passwords are hashed with argon2id (RFC 9106); a cookie's hash is kept, never the cookie; what is compared is compared
in constant time.
"""

import hashlib
import hmac
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.desk.office import Office
from pipeline.ledger import people
from pipeline.ledger.people import Session, User

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
SHORTEST_PASSWORD = 12
"""NIST SP 800-63B asks for 8 characters at least; length is what resists guessing."""
_FREE_TRIES = 5
_TRIES_PER_MINUTE = 20
_NOTED_EVERY = 60.0

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class Visitor:
    """A person with a session."""

    user: User
    session: Session

    def may(self, *roles: str) -> bool:
        """Whether the person has one of the roles; administrators have all but deciding."""
        return self.user.role in roles


@dataclass
class Doors:
    """Tries to log in that failed, by address, within the last minute. A try that succeeds is none: a whole office may
    stand behind one address."""

    tries: dict[str, deque[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def too_many(self, address: str, now: float) -> bool:
        """Whether the address has used up its minute."""
        with self.lock:
            mine = self.tries.get(address, deque())
            while mine and now - mine[0] > 60:
                mine.popleft()
            return len(mine) >= _TRIES_PER_MINUTE

    def failed(self, address: str, now: float) -> None:
        """Counts a try."""
        with self.lock:
            self.tries.setdefault(address, deque(maxlen=_TRIES_PER_MINUTE)).append(now)


def first_administrator(office: Office) -> tuple[str, str] | None:
    """Makes the first user and returns name and one-time password; None when there are users already."""
    password = secrets.token_urlsafe(12)
    with office.ledger.writing() as c:
        if people.every(c):
            return None
        people.add(c, "admin", "administrator", _hasher.hash(password), must_change=True)
    office.ledger.note(office.now(), "desk", "user_added", {"user": "admin", "role": "administrator"})
    return "admin", password


def add_user(office: Office, name: str, role: str, by: str) -> str:
    """A new user with a one-time password, which is returned. ValueError says what is wrong with the name or role."""
    if not (1 <= len(name) <= 64 and name.replace("-", "").replace(".", "").replace("_", "").isalnum()):
        raise ValueError("A name has letters, digits, dots and hyphens only.")
    if role not in people.ROLES:
        raise ValueError("There is no such role.")
    password = secrets.token_urlsafe(12)
    with office.ledger.writing() as c:
        if people.find(c, name):
            raise ValueError(f"There is a user {name} already.")
        people.add(c, name, role, _hasher.hash(password), must_change=True)
    office.ledger.note(office.now(), "desk", "user_added", {"user": name, "role": role, "by": by})
    return password


def reset_password(office: Office, name: str, by: str) -> str:
    """A new one-time password; the person's sessions end."""
    password = secrets.token_urlsafe(12)
    with office.ledger.writing() as c:
        people.change(c, name, password=_hasher.hash(password), must_change=1, failed=0, locked_until=0.0)
        people.end(c, user=name)
    office.ledger.note(office.now(), "desk", "password_reset", {"user": name, "by": by})
    return password


def log_in(office: Office, name: str, password: str) -> str | None:
    """The cookie of a new session; None for a wrong name or password, or while the account rests after wrong tries."""
    now = office.clock()
    with office.ledger.reading() as c:
        user = people.find(c, name)
    right = _verified(user.password if user and user.active else _NOBODY, password)
    if user is None or not user.active or user.locked_until > now:
        return None
    if not right:
        failed = user.failed + 1
        rest = 0.0 if failed < _FREE_TRIES else now + min(900.0, 15.0 * 2.0 ** (failed - _FREE_TRIES))
        with office.ledger.writing() as c:
            people.change(c, name, failed=failed, locked_until=rest)
        office.ledger.note(office.now(), "desk", "login_refused", {"user": name})
        return None
    cookie = secrets.token_urlsafe(32)
    with office.ledger.writing() as c:
        people.change(c, name, failed=0, locked_until=0.0)
        people.begin(c, Session(_token(cookie), name, secrets.token_urlsafe(24), now, now))
    office.ledger.note(office.now(), "desk", "login", {"user": name})
    return cookie


def visitor(office: Office, cookie: str) -> Visitor | None:
    """Whose cookie this is; None when it is nobody's, or has been idle or in use too long."""
    now = office.clock()
    if not cookie:
        return None
    with office.ledger.reading() as c:
        found = people.visitor(c, _token(cookie))
    if found is None or not found[1].active:
        return None
    session, user = found
    if now - session.seen > IDLE_SECONDS or now - session.begun > LONGEST_SECONDS:
        with office.ledger.writing() as c:
            people.end(c, token=session.token)
        return None
    if now - session.seen > _NOTED_EVERY:
        with office.ledger.writing(derived=True) as c:
            people.touch(c, session.token, now)
    return Visitor(user, session)


def log_out(office: Office, who: Visitor) -> None:
    """Ends the session."""
    with office.ledger.writing() as c:
        people.end(c, token=who.session.token)
    office.ledger.note(office.now(), "desk", "logout", {"user": who.user.name})


def change_password(office: Office, who: Visitor, old: str, new: str) -> str:
    """Sets a new password, and ends the person's other sessions; '' when done, else what is wrong."""
    if not _verified(who.user.password, old):
        return "The present password is not right."
    if len(new) < SHORTEST_PASSWORD or new == old:
        return f"A new password has at least {SHORTEST_PASSWORD} characters and is not the old one."
    with office.ledger.writing() as c:
        people.change(c, who.user.name, password=_hasher.hash(new), must_change=0)
        people.end(c, user=who.user.name, but=who.session.token)
    office.ledger.note(office.now(), "desk", "password_changed", {"user": who.user.name})
    return ""


def same(mine: str, theirs: str) -> bool:
    """Whether two secrets are the same, in constant time."""
    return hmac.compare_digest(mine.encode(), theirs.encode())


def _verified(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _token(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
