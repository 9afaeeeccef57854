"""Prices of items that stand outside the items' own words.

Belongs here: a sentence's prices by name ('$900 for the lift'), in order, or the only one. Does not belong here: prices in
an item's own cell or stretch (itemdetails), reading an amount of money (quantities).
"""

import re
from collections.abc import Sequence

from pipeline.parse.itemparts import Details, Draft, Surroundings
from pipeline.parse.quantities import Found, costs

_SPENT = re.compile(r"\b(?:spent|already paid|sav(?:es?|ings)|hospitali[sz]ation|lost wages|income)\b", re.I)


def add_prices(groups: Sequence[Sequence[Draft]], made: Sequence[Details], around: Surroundings) -> None:
    """Prices outside the items' own words: by name ('$900 for the lift'), in order, or the only one."""
    for sentence in around.sentences:
        found = costs(sentence.text)
        lacking = [n for n, d in enumerate(made) if d.cost is None]
        if not found or not lacking:
            continue
        named = _named_prices(sentence.text, found, groups)
        for n in lacking:
            if n in named:
                made[n].cost = named[n]
        if not named and len(found) == len(made) == len(lacking) and len(made) > 1:
            for n, price in zip(lacking, found, strict=True):
                made[n].cost = float(price.value)
        elif not named and len(made) == 1 and not _SPENT.search(sentence.text):
            made[0].cost = float(found[0].value)


def _named_prices(sentence: str, found: Sequence[Found], groups: Sequence[Sequence[Draft]]) -> dict[int, float]:
    named: dict[int, float] = {}
    for n, price in enumerate(found):
        stop = found[n + 1].start if n + 1 < len(found) else len(sentence)
        target = re.match(r"[^.;]{0,12}?\b(?:for|per|toward)\s+(?:the |a |an |each )?(?P<what>[\w -]{3,40})", sentence[price.end : stop])
        if target is None:
            continue
        words = set(re.findall(r"[a-z]{3,}", target["what"].lower()))
        scores = [(len(words & set(re.findall(r"[a-z]{3,}", g[0].phrase.text.lower()))), -k) for k, g in enumerate(groups)]
        best = max(scores)
        if best[0]:
            named.setdefault(-best[1], float(price.value))
    return named
