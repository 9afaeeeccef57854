"""Names for receipts and batches, made of hashes only: they are stored and shown where no patient's name may stand."""

import hashlib
from collections.abc import Iterable


def receipt_id(file: str, sha256: str) -> str:
    """32 hex digits for a path in the inbox and the bytes that lay there: the same pair is the same receipt."""
    return hashlib.sha256(f"{file}\0{sha256}".encode()).hexdigest()[:32]


def batch_key(ids: Iterable[str]) -> str:
    """16 hex digits for a set of receipts, whatever their order."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]
