"""Holds a letter against the claim records, the history and the plan's rules."""
