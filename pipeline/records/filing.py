"""Rows filed under keys, so that a few are found among millions.

Belongs here: the sorted keys of every index. Does not belong here: asking for them (index.py).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.records.keys import Hashes, hash_of, hashes, id_forms, id_keys, id_stems, joined, name_keys, sounds
from pipeline.records.names import Name, read_name

_NARROW = np.uint32


def filed(tables: dict[str, pa.Table]) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """The indexes of typed tables, each a table of `key` (ascending) and `row`, and what is known of the whole."""
    members, claims = tables["members"], tables["claims"]
    ids, holders = _texts(members, "member_id"), _texts(members, "account_holder_id")
    names = _names(members)
    keys = id_keys(ids)
    indexes = {
        "member_id": _by_id(keys, ids, holders),
        "household": _index(hashes(holders)),
        "claim_id": _index(hashes(id_keys(_texts(claims, "claim_id")))),
        "claims_of": _index(hashes(_texts(claims, "member_id"))),
        "history_of": _index(hashes(_texts(tables["history"], "member_id"))),
        **names,
    }
    about = {"id_forms": sorted(id_forms(ids)), "id_alphabet": _alphabet(keys)}
    return indexes, about


def _alphabet(keys: pa.Array) -> str:
    """The characters that ids are made of."""
    content = keys.buffers()[2]
    return "".join(sorted(chr(n) for n in np.unique(np.frombuffer(content, np.uint8)) if chr(n).isalnum())) if content is not None else ""


def _by_id(keys: pa.Array, ids: pa.Array, holders: pa.Array) -> pa.Table:
    """Under the own id, under it without the person's number, and under the account holder's."""
    own, stem, holder = hashes(keys), hashes(id_keys(id_stems(ids))), hashes(id_keys(holders))
    rows = np.arange(len(own), dtype=_NARROW)
    other, apart = np.flatnonzero(stem != own), np.flatnonzero((holder != own) & (holder != stem))
    return _sorted(np.concatenate([own, stem[other], holder[apart]]), np.concatenate([rows, rows[other], rows[apart]]))


def _names(members: pa.Table) -> dict[str, pa.Table]:
    """Indexes by name, by birth date, by year of birth and sound; how many bear a surname; the names as they are
    compared, in short."""
    coded = _texts(members, "name").dictionary_encode()
    known = [read_name(text) for text in coded.dictionary.to_pylist()]
    codes = coded.indices.to_numpy(zero_copy_only=False)
    born = members.column("dob").combine_chunks()
    days = born.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    dated = born.is_valid().to_numpy(zero_copy_only=False)
    years = pc.year(born).fill_null(0).to_numpy(zero_copy_only=False)
    name_rows, name_hashes = _spread_out(known, codes, name_keys)
    sound_rows, sound_hashes = _spread_out(known, codes, sounds)
    heard = dated[sound_rows]
    last = hashes(pa.array([name.surname[-1] if name.surname else "" for name in known], pa.string()))[codes]
    surnames, bearers = np.unique(last, return_counts=True)
    return {
        "name": _sorted(name_hashes, name_rows),
        "dob": _sorted(day_keys(days[dated]), np.flatnonzero(dated).astype(_NARROW)),
        "sound": _sorted(joined(sound_hashes, years[sound_rows])[heard], sound_rows[heard]),
        "surname": pa.table({"key": surnames, "row": bearers.astype(_NARROW)}),
        "parts": _parts(known, codes),
        "short": pa.table({"given": _short([n.given for n in known])[codes], "surname": _short(["".join(n.surname) for n in known])[codes], "day": days}),
    }  # fmt: skip


def _parts(known: list[Name], codes: NDArray[np.int32]) -> pa.Table:
    """Every member's name in parts, so that it need not be taken apart again."""
    rows = pa.array(codes)
    texts = {"given": [n.given for n in known], "middle": [" ".join(n.middle) for n in known], "surname": [" ".join(n.surname) for n in known], "suffix": [n.suffix for n in known]}
    coded = {part: pa.array(several, pa.string()).dictionary_encode() for part, several in texts.items()}
    return pa.table({part: pa.DictionaryArray.from_arrays(c.indices.take(rows), c.dictionary) for part, c in coded.items()})


def day_keys(days: NDArray[np.int32]) -> Hashes:
    """Birth dates as keys, of days since 1970."""
    return joined(np.zeros(len(days), np.uint64), days.astype(np.int64))


def short_key(text: str) -> int:
    """A part of a name as it stands in the index `short`."""
    return int(hash_of(text)[0]) & 0xFFFFFFFF


def _short(texts: list[str]) -> NDArray[np.uint32]:
    return hashes(pa.array(texts, pa.string())).astype(np.uint32)


def _spread_out(known: list[Name], codes: NDArray[np.int32], keys_of: Callable[[Name], list[str]]) -> tuple[NDArray[np.uint32], Hashes]:
    """Every row with every key of its name: keys are made once for each distinct name."""
    several = [keys_of(name) for name in known]
    counts = np.array([len(keys) for keys in several], np.int64)
    every = hashes(pa.array([key for keys in several for key in keys], pa.string()))
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else counts
    each = counts[codes] if len(codes) else counts[:0]
    rows = np.repeat(np.arange(len(codes), dtype=_NARROW), each)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(each) - each, each)
    return rows, every[np.repeat(begins[codes], each) + within] if len(rows) else every[:0]


def _index(keys: Hashes) -> pa.Table:
    return _sorted(keys, np.arange(len(keys), dtype=_NARROW))


def _sorted(keys: Hashes, rows: NDArray[np.uint32]) -> pa.Table:
    order = np.argsort(keys, kind="stable")
    return pa.table({"key": keys[order], "row": rows[order]})


def _texts(table: pa.Table, column: str) -> pa.Array:
    whole = table.column(column).combine_chunks()
    whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return whole.cast(pa.string()) if not pa.types.is_string(whole.type) else whole
