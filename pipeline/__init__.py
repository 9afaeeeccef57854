"""From a letter in the inbox to a review queue, room by room.

Belongs here: the rooms (intake, read, parse, match, check, review), what they stand on (settings, store, ledger,
codes) and the nouns they share (model, errors). Does not belong here: anything that knows Dagster; that is `assets`.
"""
