"""The keys under which rows are filed, each as a 64-bit number, for whole columns at once.

Belongs here: ids and names as they are compared, and hashing. Does not belong here: which rows a letter looks for
(match). Equal keys only propose: whoever asks compares the values themselves.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.codes.fold import fold, plain
from pipeline.records.names import Name

Hashes = NDArray[np.uint64]
Places = NDArray[np.uint32]
"""Row numbers, ascending."""

_BASIS, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_SPREAD = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_FEW = 32
_ALL = 0xFFFFFFFFFFFFFFFF
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_ALIKE = np.arange(256, dtype=np.uint8)
"""Lower case, look-alikes made one, byte by byte."""
_ALIKE[ord("A") : ord("Z") + 1] += 32
for _written, _meant in zip(b"01iI5869", b"olllsbbg", strict=True):
    _ALIKE[_written] = _meant
_KEPT = np.isin(np.arange(256), np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789", np.uint8))


@lru_cache(maxsize=1 << 14)
def id_key(value: str) -> str:
    """An identifier as it is compared: letters and digits only, look-alikes made one."""
    return fold(plain(value).replace(" ", ""))


def id_keys(values: pa.Array) -> pa.Array:
    """`id_key` of a whole column."""
    if not pc.all(pc.string_is_ascii(values)).as_py():
        return pa.array([id_key(value) for value in values.to_pylist()], pa.string())
    bitmap, edges, content = values.buffers()
    letters = _ALIKE[np.frombuffer(content, np.uint8)] if content is not None else np.zeros(0, np.uint8)
    keys = pa.StringArray.from_buffers(len(values), edges, pa.py_buffer(letters), bitmap, values.null_count, values.offset) if len(values) else values
    if not _KEPT[letters].all():
        keys = pc.replace_substring_regex(keys, "[^a-z0-9]+", "")
    for written, meant in _PAIRS:
        if pc.any(pc.match_substring(keys, written)).as_py():
            keys = pc.replace_substring(keys, written, meant)
    return keys


def id_stems(values: pa.Array) -> pa.Array:
    """Ids without the number of the person behind the last hyphen ('QX-10204-02' gives 'QX-10204'); else as they are."""
    return pc.replace_substring_regex(values, r"^(.{6,})[-/ ][A-Za-z0-9]{1,3}$", r"\1")


def id_form(value: str) -> str:
    """The build of an identifier: 'ARM-20417' gives 'A3 95', so that a number of another kind is known as such."""
    bare = re.sub(r"[^A-Za-z0-9]", "", value)
    return " ".join(f"{'9' if run[0].isdigit() else 'A'}{len(run)}" for run in re.findall(r"\d+|[A-Za-z]+", bare))


def id_forms(values: pa.Array) -> frozenset[str]:
    """The forms that occur in a column."""
    drawn = pc.replace_substring_regex(pc.replace_substring_regex(values, "[A-Za-z]", "A"), "[0-9]", "9")
    return frozenset(id_form(form) for form in pc.unique(drawn).to_pylist())


def name_keys(name: Name) -> list[str]:
    """The pairs under which a name is filed, in a fixed order: each surname part with the initial, the given name with
    the first two letters of each surname part."""
    keys = {f"{part} {name.given[:1]}" for part in name.rest if len(part) > 1}
    keys |= {f"{name.given} {part[:2]}" for part in name.rest if len(part) > 1 and len(name.given) > 1}
    return sorted(keys)


def sounds(name: Name) -> list[str]:
    """How the parts of the last name sound (metaphone), of the folded letters and of them with 'l' read as 'i'."""
    return sorted({sound for part in name.surname if len(part) > 2 for sound in _sounds(part)} - {""})


@lru_cache(maxsize=1 << 17)
def _sounds(part: str) -> tuple[str, str]:
    from jellyfish import metaphone

    return metaphone(part), metaphone(part.replace("l", "i"))


def hashes(texts: pa.Array) -> Hashes:
    """FNV-1a of each text's UTF-8 bytes, its bits spread."""
    texts = texts if pa.types.is_string(texts.type) else texts.cast(pa.string())
    count, (_, places, content) = len(texts), texts.buffers()
    found = np.full(count, _BASIS, np.uint64)
    if not count:
        return found
    edges = np.frombuffer(places, np.int32)[texts.offset : texts.offset + count + 1]
    letters = np.frombuffer(content, np.uint8) if content is not None else np.zeros(0, np.uint8)
    begins, left = edges[:-1], np.diff(edges)
    live = np.flatnonzero(left)
    for n in range(int(left.max())):
        live = live[left[live] > n]
        found[live] = (found[live] ^ letters[begins[live] + n]) * _PRIME
    return _spread(found)


def hash_of(text: str) -> Hashes:
    """The hash of one text, as an array of one."""
    return np.array([_hash(text)], np.uint64)


@lru_cache(maxsize=1 << 16)
def _hash(text: str) -> int:
    """The same as `hashes` gives, for less than an array costs."""
    found = int(_BASIS)
    for letter in text.encode():
        found = (found ^ letter) * int(_PRIME) & _ALL
    for shift, factor in zip((30, 27), _SPREAD, strict=True):
        found = (found ^ found >> shift) * int(factor) & _ALL
    return found ^ found >> 31


def hashes_of(texts: Sequence[str]) -> Hashes:
    """The hashes of a few texts."""
    return np.array([_hash(text) for text in texts], np.uint64) if len(texts) <= _FEW else hashes(pa.array(texts, pa.string()))


def joined(a: Hashes, b: NDArray[np.integer] | NDArray[np.uint64]) -> Hashes:
    """One key of two."""
    return _spread(a * _PRIME + b.astype(np.uint64))


def _spread(keys: Hashes) -> Hashes:
    """The last steps of SplitMix64: close numbers come out far apart."""
    keys = (keys ^ (keys >> np.uint64(30))) * _SPREAD[0]
    keys = (keys ^ (keys >> np.uint64(27))) * _SPREAD[1]
    return keys ^ (keys >> np.uint64(31))
