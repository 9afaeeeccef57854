"""Turns words into letters: who, when, what, why, each value with the words it was read from."""

from pipeline.parse.letter import parse

VERSION = "parse-8"

__all__ = ["VERSION", "parse"]
