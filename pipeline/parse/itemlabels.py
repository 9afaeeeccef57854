"""Items under labels: in a labelled value, in the cell below its label, behind a code of its own.

Belongs here: drafts from what labels (labels) say of the item. Does not belong here: finding labels, other places that
name items (drafts).
"""

import re
from collections.abc import Iterable

from pipeline.parse import grids
from pipeline.parse.categories import by_words
from pipeline.parse.itemcodes import codes_in
from pipeline.parse.itemdetails import chosen
from pipeline.parse.itemparts import Draft, Surroundings, drafts_of, left_open, row_end
from pipeline.parse.phrase_lists import phrases_from
from pipeline.parse.requests import asks_outright


def from_labels(around: Surroundings) -> Iterable[Draft]:
    for start, end in around.labelled.get("item", ()):
        for a, b in chosen(around, start, _carried_on(around, end)):
            if left_open(around, a, b):
                continue
            if len(around.text[a:b].split()) > 14 and asks_outright(around.text, a, b):
                continue
            phrases = phrases_from(around.text, a, b)
            kept = [p for p in phrases if len(p.text.split()) <= 14]
            for draft in drafts_of([p for p in kept if not _only_amount(p.text)], (a, row_end(around, b)), 1, "stands under the label of the item"):
                known = draft.phrase.code or by_words(draft.phrase.text)
                draft.tier = 1 if known else 2 if len(draft.phrase.text.split()) <= 6 else 4
                yield draft


def _carried_on(around: Surroundings, end: int) -> int:
    """The end of a labelled value, with the lines below that go on with it in lower case or in brackets."""
    for line in around.lines:
        above = next((n for n in around.lines if n.end == end), None)
        if above is not None and line.start == end + 1 and line.page == above.page and abs(line.box[0] - above.box[0]) < 30 and re.match(r"[a-z(]", line.text) and line.box[1] - above.box[3] < 0.9 * above.height and not re.search(r"[.;:]$", above.text.rstrip()):
            end = line.end
    return end


def _only_amount(text: str) -> bool:
    """'1x/wk', 'CPT/HCPCS': an amount or another label, not an item."""
    return not re.search(r"[a-z]{4,}|[A-Z]{2,}\b", re.sub(r"(?i)cpt|hcpcs|week|month|daily|visit|year", "", text))


def from_cells(around: Surroundings) -> Iterable[Draft]:
    """What stands right below a cell's label of the item, on a form whose cells run into each other."""
    for start, end in grids.below_labels(around.lines):
        found = phrases_from(around.text, start, end)
        kept = [p for p in found if by_words(p.text) and len(p.text.split()) <= 10]
        yield from drafts_of(kept, (start, end), 1, "stands below the label of the item")


def from_code_labels(around: Surroundings) -> Iterable[Draft]:
    """'Procedure: 29881, arthroscopic repair': the item's words stand behind its code."""
    for start, end in around.labelled.get("code", ()):
        lead = codes_in(around.text, start, end, sure=True)[:1]
        if lead and lead[0].start - start < 12 and not re.match(r"\W*(?:following|after|for|to|due|as|in|on)\b", around.text[lead[0].end : end]):
            phrases = [p for p in phrases_from(around.text, lead[0].start, end, many=False) if by_words(p.text)]
            yield from drafts_of(phrases, (start, row_end(around, end)), 1, "stands behind its code")
