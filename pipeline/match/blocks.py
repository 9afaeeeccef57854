"""The members among whom the patient is looked for: everybody who shares a key with the letter.

Belongs here: which keys, and passing over the unlikely of a crowd. Does not belong here: scoring (members.py). Keys:
the id, the id with one character wrong, missing, added or two exchanged, the id without the person's number; the birth
date, day and month exchanged; surname and given name in both orders, shortened and by nickname; year of birth and the
sound of the surname; the owner of the claim that the letter names. Whole households come with an id or a claim.
"""

import datetime as dt
from collections.abc import Iterable

import numpy as np

from pipeline.match.sought import Sought
from pipeline.match.weights import also
from pipeline.records import Name, Records, id_key, name_keys, sounds
from pipeline.records.index import distinct, short_key
from pipeline.records.keys import Places

_CROWD = 25
"""Above so many the unlikely ones are passed over by a rough sum."""

_WHOLE, _BEHIND = 27.0, 16.0
"""Where somebody agrees in given name, surname and birth date, or in as much, those so far behind are no rivals: what of
a name and an id may still be like the letter's is worth less."""

_SHORTEST = 6
"""An id of fewer characters is not looked for with an error in it."""


def near(who: Sought, records: Records) -> list[int]:
    """Rows of the members who share a key with the patient, ascending; of a crowd the likeliest."""
    numbered = _by_number(who, records)
    found = distinct(np.concatenate([numbered, _by_day(who, records), _by_name(who, records)]))
    return [int(row) for row in (found if len(found) <= _CROWD else _likeliest(found, numbered, who, records))]


def _by_number(who: Sought, records: Records) -> Places:
    own = records.member_rows("member_id", _ids(id_key(who.member_id), records.id_alphabet) if who.member_id else [])
    holders = {member.account_holder_id for member, _ in records.members_at(own[:_CROWD].tolist())}
    for claim in claims_named(who.claim_number, records):
        owner = records.members.get(records.claims[claim].member_id)
        holders |= {owner.account_holder_id} if owner else set()
    return records.member_rows("household", sorted(holders))


def claims_named(number: str | None, records: Records) -> tuple[str, ...]:
    """The claims whose number this is, spaces, hyphens and look-alike characters apart."""
    return records.claims_numbered(id_key(number)) if number else ()


def _ids(key: str, alphabet: str) -> list[str]:
    """The folded id, and every id that is one slip away from it."""
    if len(key) < _SHORTEST:
        return [key]
    return [key, *sorted(_slips(key, alphabet) - {key}), *(key[:-n] for n in (1, 2, 3) if len(key) - n >= _SHORTEST)]


def _slips(key: str, alphabet: str) -> set[str]:
    found = {key[:n] + c + key[n + 1 :] for n in range(len(key)) for c in alphabet}
    found |= {key[:n] + c + key[n:] for n in range(len(key) + 1) for c in alphabet}
    found |= {key[:n] + key[n + 1 :] for n in range(len(key))}
    return found | {key[:n] + key[n + 1] + key[n] + key[n + 2 :] for n in range(len(key) - 1)}


def _by_day(who: Sought, records: Records) -> Places:
    days = {day for day in (who.dob, swapped(who.dob)) if day}
    born = records.born_on(sorted(days))
    if who.name is None or not who.dob:
        return born
    heard = sorted({sound for way in (who.name, turned(who.name)) for sound in sounds(way)})
    return np.concatenate([born, records.born_in(who.dob.year, heard)])


def _by_name(who: Sought, records: Records) -> Places:
    return records.member_rows("name", sorted(_name_keys(who.name)) if who.name else [])


def _name_keys(name: Name) -> set[str]:
    """In both orders, and by every name that the given name may stand for."""
    ways = [name, turned(name)] if name.given else [name]
    keys = {key for way in ways for key in name_keys(way)}
    for way in ways:
        keys |= {f"{other} {part[:2]}" for other in also(way.given) for part in way.rest}
        keys |= {f"{part} {other[:1]}" for other in also(way.given) for part in way.rest}
    return keys


def turned(name: Name) -> Name:
    """The name read in the other order."""
    return Name(name.rest[-1], name.rest[:-1], (name.given,), name.suffix)


def swapped(day: dt.date | None) -> dt.date | None:
    """Day and month exchanged; None where that is no day."""
    try:
        return dt.date(day.year, day.day, day.month) if day else None
    except ValueError:
        return None


def _likeliest(found: Places, numbered: Places, who: Sought, records: Records) -> Places:
    """The best of a crowd by a sum of what agrees to the letter: birth date, given name or a short form of it, surname
    or a part of it, id. Ties go to the earlier row."""
    short = records.short
    worth = np.zeros(len(found))
    if who.name:
        given = _any(short.given[found], [g for way in (who.name, turned(who.name)) for g in (way.given, *also(way.given))])
        surname = _any(short.surname[found], [s for way in (who.name, turned(who.name)) for s in ("".join(way.surname), *way.rest)])
        worth += 6.0 * given + 8.0 * surname
    for day, weight in ((who.dob, 13.0), (swapped(who.dob), 8.0)):
        if day:
            worth += weight * (short.day[found] == (day - dt.date(1970, 1, 1)).days)
    if who.member_id:
        worth += 14.0 * np.isin(found, records.member_rows("member_id", [id_key(who.member_id)]))
        worth += 5.0 * np.isin(found, numbered)
    best = np.argsort(-worth, kind="stable")[:_CROWD]
    if worth[best[0]] >= _WHOLE:
        best = best[worth[best] >= worth[best[0]] - _BEHIND]
    return np.sort(found[best])


def _any(values: np.ndarray, texts: Iterable[str]) -> np.ndarray:
    return np.isin(values, np.array([short_key(text) for text in texts if text], np.uint32))
