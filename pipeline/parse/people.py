"""Names of people as a person would key them.

Belongs here: where a name begins and ends, its honorific, suffix and credentials, LAST, FIRST order. Does not belong
here: whether the person is the patient, the signer or somebody else.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from pipeline.codes.credentials import canonical, is_counted
from pipeline.codes.credentials import pattern as credential_pattern

_PARTICLE = (
    r"(?:de|del|della|de la|de los|da|di|du|dos|van|von|van der|van den|der|den|la|le|bin|ibn|al|el|y|ter|ten|ap|ab|bint|zu|af|das|st\.)"
)
_TOKEN = r"(?:(?!D\.?\s?O\.?\s?B\b)[A-ZÀ-ÞŠŽČ](?:(?:[^\W\d_]|['’`\-])*[^\W\d_])?\.?|[A-Z]\.(?:\s?[A-Z]\.)*)"
_SUFFIX = r"(?:,?\s*(?:Jr|Sr|JR|SR)\b\.?|,?\s+(?:II|III|IV)\b)"
_NICKNAME = r"(?:\s+[\"“”(][^\W\d_]+[\"“”)])"
_NAME = re.compile(rf"{_TOKEN}(?:{_NICKNAME}?\s+(?:{_PARTICLE}\s+){{0,2}}{_TOKEN}){{0,4}}{_SUFFIX}?")
_HONORIFIC = re.compile(r"^\s*(?:(?:Mr|Mrs|Ms|Miss|Mx|Dra?|Drs|Prof|Doctor|Master|Sir|Madam)\b\.?\s+)+", re.I)
_LAST_FIRST = re.compile(
    rf"^(?P<last>(?:{_PARTICLE}\s+){{0,2}}{_TOKEN}(?:[\s\-]+(?:{_PARTICLE}\s+)?{_TOKEN}){{0,2}}),\s*(?P<first>{_TOKEN}(?:\s+{_TOKEN}){{0,2}})"
    rf"(?P<suffix>{_SUFFIX})?\s*$"
)
_CREDENTIAL = re.compile(rf"[,\s]*\(?\s*(?!D\.?\s?O\.?\s?B\b)(?P<c>{credential_pattern()})")


_LED = re.compile(rf"(?P<c>(?=[A-Z.]{{2,}}){credential_pattern()})[,.]?\s+(?=[A-Z][a-z]+\s+[A-Z])")
"""A degree written before the name: 'MD Ana Ruiz'."""


@lru_cache(maxsize=1)
def _no_name() -> frozenset[str]:
    """Words that end a name (data/no_names.txt)."""
    text = files("pipeline.parse").joinpath("data/no_names.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))



@dataclass(frozen=True)
class Person:
    """A name at text[start:end] with the credentials behind it; `end` excludes them, `all_end` includes them."""

    name: str
    start: int
    end: int
    credentials: tuple[str, ...] = ()
    all_end: int = 0

    @property
    def words(self) -> int:
        return len(self.name.split())


def read_person(text: str, start: int = 0, *, least: int = 2) -> Person | None:
    """The name that begins at text[start] (spaces and an honorific passed over), with its credentials. None when
    fewer than `least` tokens make a name there."""
    text = _read_right(text)
    honorific = _HONORIFIC.match(text[start:])
    at = start + (honorific.end() if honorific else len(text[start:]) - len(text[start:].lstrip()))
    led = _LED.match(text, at)
    if led and canonical(led["c"]):
        read = read_person(text, led.end(), least=least)
        return None if read is None else replace(read, credentials=read.credentials or tuple(c for c in [canonical(led["c"])] if c and is_counted(c)))
    swapped = _last_first(text[at:])
    if swapped is not None:
        name, length = swapped
        return Person(name, at, at + length, (), at + length)
    match = _NAME.match(text, at)
    if match is None:
        return None
    end = _trim(text, at, match.end())
    end -= bool(re.search(r"[^\W\d_]{3,}\.$", text[at:end]))
    name = tidy(text[at:end])
    if len(name.split()) < least or not re.search(r"[A-Za-zÀ-ÿ]{2}", name):
        return None
    credentials, all_end = credentials_after(text, end)
    return Person(name, at, end, credentials, all_end)


def _read_right(text: str) -> str:
    """A nought for the initial O and a small l for the capital I, as scanners write them; of the same length."""
    text = re.sub(r"(?<![\w.])0(?=\.\s?[A-Z][a-z])", "O", text)
    return re.sub(r"(?<=\b[A-Z]\.\s)l(?=[a-z]{3,}\b)", "I", text)


def _last_first(text: str) -> tuple[str, int] | None:
    head = re.split(r"[|;\n(]|\s{3,}|\s[–—-]\s|\bDOB\b|\bdob\b", text, maxsplit=1)[0].rstrip()
    head = head if re.search(r"\b[A-Z]\.$", head) else head.rstrip(" .")
    match = _LAST_FIRST.match(head)
    if match is None:
        return None
    letters = match["first"].strip(" .")
    if re.fullmatch(r"[A-Z]{2,3}", letters) and not match["last"].isupper():
        return None
    if canonical(match["first"].split()[0]) or canonical(match["first"]) or _is_suffix(match["first"]):
        return None
    if any(w.lower().strip(".") in _no_name() for w in head.replace(",", " ").split()):
        return None
    last = match["last"].title() if match["last"].isupper() and len(match["last"]) > 3 and not match["first"].isupper() else match["last"]
    name = f"{match['first']} {last}{match['suffix'] or ''}"
    return tidy(name), match.end()


def _is_suffix(text: str) -> bool:
    return text.strip(" .").upper() in ("JR", "SR", "II", "III", "IV")


def _trim(text: str, start: int, end: int) -> int:
    """Cuts the name before the first word that is a credential or none of a name."""
    at = start
    kept = start
    for n, match in enumerate(re.finditer(r"\S+", text[start:end])):
        word = match.group().strip(".,")
        lowered = re.sub(r"['’]s$", "", word.lower())
        credential = canonical(match.group())
        if lowered.replace(".", "") == "dob" or lowered in _no_name() or (n >= 1 and credential and (len(word) > 2 or word.isupper()) and len(word) <= 8
                                   and not re.fullmatch(r"[A-Z]\.?", word)):  # fmt: skip
            break
        kept = at + match.end()
    return kept


def credentials_after(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Credentials in truth form that stand at text[at:], titles of honour left out, and where they end."""
    found: list[str] = []
    end = at
    while match := _CREDENTIAL.match(text, end):
        separator = text[end : match.start("c")]
        if (not separator and found == []) or re.match(r"-?\d", text[match.end() :]):
            break
        known = canonical(match["c"])
        if known is None:
            break
        if is_counted(known) and known not in found:
            found.append(known)
        end = match.end()
    return tuple(found), end


def tidy(name: str) -> str:
    """Single spaces, no trailing comma; a name in capitals gets ordinary case."""
    name = re.sub(r"(?<=[a-z]{2})(?=[A-Z]\.)", " ", name)
    plain = " ".join(re.sub(_NICKNAME, "", name).replace("’", "'").split()).strip(" ,;:")
    letters = [c for c in plain if c.isalpha()]
    if letters and all(c.isupper() for c in letters) and len(letters) > 3:
        plain = re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), plain)
        plain = re.sub(r"\b(Mc|O')([a-z])", lambda m: m.group(1) + m.group(2).upper(), plain)
        plain = re.sub(r"\b(Ii|Iii|Iv)\b", lambda m: m.group().upper(), plain)
    return plain


def same_person(a: str, b: str) -> bool:
    """Whether two names may be one person's: same surname, and given names equal or one the other's initial."""
    left, right = [re.sub(r"[^a-z ]", "", n.lower()).split() for n in (a, b)]
    if not left or not right or left[-1] != right[-1]:
        return False
    return left[0][0] == right[0][0]
