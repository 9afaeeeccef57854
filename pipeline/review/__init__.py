"""Sorts judged letters into queues and writes what people read."""
