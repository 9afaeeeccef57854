"""Sentences as vectors: likeness of meaning, and reading on without the model."""

import pytest

from pipeline.parse import embedding
from pipeline.parse.embedding import vectors, word_pieces
from pipeline.parse.justify import justify
from tests.parse.marked import passage


def test_word_pieces_are_the_models_own() -> None:
    names = {number: piece for piece, number in embedding._pieces().items()}
    assert [names[n] for n in word_pieces("She tried Ibáñez orthoses.")] == ["[CLS]", "she", "tried", "ib", "##ane", "##z", "or", "##th", "##oses", ".", "[SEP]"]


def test_like_sentences_lie_near_each_other() -> None:
    made = vectors(["Heat did nothing for her back.", "Warm packs never eased the pain.", "The invoice is attached."])
    assert made is not None
    assert made[0] @ made[1] > made[0] @ made[2] + 0.1


def test_a_sentence_has_the_same_vector_whatever_stands_beside_it() -> None:
    alone, among = vectors(["He wore a splint."]), vectors(["He wore a splint.", "A far longer sentence about another thing."])
    assert alone is not None
    assert among is not None
    assert (alone[0] == among[0]).all()


def test_without_the_model_the_rules_read_on_and_say_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedding, "PACKAGE", "no_such_package_here")
    embedding._session.cache_clear()
    try:
        document, sentences = passage("Gabapentin did not help. It will relieve the pain.")
        found = {e.name: e.value for e in justify(document, sentences)}
        assert found["alternatives_inadequate"]
        assert not embedding.available()
        assert "rules alone" in caplog.text
    finally:
        embedding._session.cache_clear()
