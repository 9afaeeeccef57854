"""Whether an item is to be rented or bought, as the letter says it.

Belongs here: the words and billing modifiers (CMS: RR rental, NU new, UE used) that say so. Does not belong here: for how
long (quantities), what a plan pays for (check).
"""

import re

_RENTED = re.compile(r"\b(?:rent(?:al|als|ed|ing)?|monthly rental|capped rental|lease[ds]?)\b(?! (?:car|home|apartment|house))|(?<=\d)[ -]RR\b", re.I)
_BOUGHT = re.compile(r"\b(?:purchase[ds]?(?! date|d by)|purchasing|buy(?:ing)?|bought|outright)\b|(?<=\d)[ -](?:NU|UE)\b", re.I)
_EITHER = re.compile(r"\b(?:rental|rent|lease)\s?(?:or|/)\s?(?:purchase|buy)|\b(?:purchase|buy)\s?(?:or|/)\s?(?:rental|rent|lease)|\brent-to-own\b", re.I)
_NOT_RENTED = re.compile(r"\b(?:not|no|rather than|instead of|versus|vs\.?)\s+(?:an? |the |by )?(?:\w+ )?$", re.I)


def acquisition_in(text: str) -> str | None:
    """rental, purchase, or rental_then_purchase; None where `text` names neither or leaves it open."""
    if _EITHER.search(text):
        return None
    rented = [m for m in _RENTED.finditer(text) if not _NOT_RENTED.search(text[: m.start()])]
    bought = [m for m in _BOUGHT.finditer(text) if not _NOT_RENTED.search(text[: m.start()])]
    if rented and bought:
        between = text[rented[0].end() : bought[0].start()] if rented[0].start() < bought[0].start() else ""
        return "rental_then_purchase" if re.search(r"\b(?:then|followed by|convert\w*|to|before)\b", between) else None
    return "rental" if rented else "purchase" if bought else None
