"""Measures accuracy against truth."""

from pipeline.evaluate.command import evaluate_command

__all__ = ["evaluate_command"]
