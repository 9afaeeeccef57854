"""Measures accuracy against truth."""
