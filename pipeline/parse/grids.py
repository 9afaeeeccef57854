"""Items in rows and lists: what is asked for by its place on the page rather than by a verb.

Belongs here: rows of lines, the names of columns, bulleted lines, ticked rows, lines with codes, lines below a prescription sign. Does not
belong here: the rows of tables with a header (itemtables), sentences (requests), labels of single values (labels), tick boxes (options).
"""

import re
from collections.abc import Sequence

from pipeline.model import DocumentText
from pipeline.parse.itemcodes import CodeFound, codes_in
from pipeline.parse.lines import Line
from pipeline.parse.options import Option

_HEADS = (
    ("code", re.compile(r"(?:cpt|hcpcs|ndc|cdt)(?:\s?[/&]\s?(?:cpt|hcpcs))?(?:\s?codes?| nos?\.?| #)?|(?:(?:procedure|billing|service|item|product)\s)?codes?", re.I)),
    ("item", re.compile(r"(?:(?:item|service|equipment|procedure|product|treatment|medication|goods?|therapy|supply|supplies|device|test|component|garment|part|article|appliance|orthosis|brace|formula|medicine|drug|accessory|accessories)s?(?:\s?(?:/|or|and|&)\s?\w+)?(?: (?:description|requested|prescribed|name|ordered))?|d?escription(?: of [\w /]+)?)", re.I)),
    ("quantity", re.compile(r"(?:(?:q?ty|quantity|units?|number|amount)\.? ?(?:/|per|a) ?(?:month|mo\.?|week|wk|day|box|order|year|dispense)|q?ty|quantity|units?|visits|sessions|number|count|# ?(?:of )?\w*|no\. of \w+)\.?(?: requested)?", re.I)),
    ("frequency", re.compile(r"(?:freq(?:uency|\.)?(?: ?(?:and|&|/|,) ?(?:duration|length|term|quantity))?|how often|amount|schedule|hours(?: per week)?|times|use|usage|directions(?: for use)?|sig|instructions|used|dos(?:e|age)|wear(?:ing)? (?:time|schedule)|renewals?|replace(?:d|ments?)?(?: (?:every|schedule|interval))?|interval|refills?(?: every)?)", re.I)),
    ("duration", re.compile(r"(?:duration|term|length(?: of (?:need|treatment|service))?|how long|months|period|lon)", re.I)),
    ("cost", re.compile(r"(?:(?:est(?:imated|\.)? )?(?:cost|price|fee|charge|amount \(\$\)|total|msrp|quote)s?(?: (?:per|each) ?\w*)?|unit price)", re.I)),
    ("other", re.compile(r"(?:modifiers?|mod|notes?|justification|rationale|reason|status|side|icd(?:[- ]?10)?(?:-?cm)?(?: ?(?:codes?|dx))?|(?:accepted |primary |medical )?(?:diagnos[ie]s|condition)(?: ?(?:/ ?)?(?:icd(?:[- ]?10)?|codes?))?|dx(?: codes?)?|start(?: date)?|date|place(?: of service)?|pos|vendor|supplier|line|rent(?:al)?(?: ?/ ?(?:buy|purchase|own))?|buy|new|line|#)", re.I)),
)  # fmt: skip
_BULLET = re.compile(r"\s*(?:[•·▪◦‣●○*\-–—»>]\s*(?=\S)|\(?\d{1,2}[.)]\s+|\(?[a-h][.)]\s+)")


def column_of(text: str) -> str | None:
    """The column of a table that a head of these words announces; None for other words."""
    bare = re.sub(r"\s*\([^)]*\)?$", "", text).strip(" :.*")
    return next((name for name, words in _HEADS if bare and words.fullmatch(bare)), None)


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines side by side on a page, top to bottom, each row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda n: (n.page, (n.box[1] + n.box[3]) / 2, n.box[0])):
        middle = (line.box[1] + line.box[3]) / 2
        last = rows[-1][-1] if rows else None
        if last is not None and last.page == line.page and abs((last.box[1] + last.box[3]) / 2 - middle) < 0.5 * min(last.height, line.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda n: n.box[0]) for row in rows]


def bullets_after(lines: Sequence[Line], position: int) -> list[tuple[int, int]]:
    """Spans of the bulleted or numbered lines that follow text[position], each with the lines that continue it."""
    following = [line for line in lines if line.start >= position][:24]
    spans: list[tuple[int, int]] = []
    marked = False
    for line in following:
        mark = _BULLET.match(line.text)
        if marked:
            spans.append((line.start, line.end))
        elif re.fullmatch(r"\s*[•·▪◦‣●○*\-–—»>]\s*", line.text):
            marked = True
            continue
        elif mark:
            spans.append((line.start + mark.end(), line.end))
        elif spans and _runs_on(following, line, spans[-1]):
            short = _before(following, spans[-1]).box[2] < 0.75 * max(n.box[2] for n in following)
            spans[-1:] = [spans[-1], (line.start, line.end)] if short else [(spans[-1][0], line.end)]
        else:
            break
        marked = False
    return spans


def _runs_on(lines: Sequence[Line], line: Line, span: tuple[int, int]) -> bool:
    before = _before(lines, span)
    gap = line.box[1] - before.box[3]
    return line.page == before.page and gap < 0.6 * before.height and line.box[0] > before.box[0] + 4 and bool(re.match(r"\s*[a-z(0-9]", line.text))


def _before(lines: Sequence[Line], span: tuple[int, int]) -> Line:
    return next(n for n in lines if n.end == span[1])


def prescriptions(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Spans of what stands below a prescription sign, line by line, down to the diagnosis, refills or signature."""
    spans: list[tuple[int, int]] = []
    for n, line in enumerate(lines):
        if re.fullmatch(r"\W*(?:℞|R[xX]|RX)\W*", line.text) or line.text.lstrip().startswith("℞"):
            for below in lines[n + (0 if len(line.text.strip()) > 3 else 1) : n + 9]:
                if below.page != line.page or re.match(r"\W*(?:dx|diagnos|refills?|signature|dispense|sign\b|npi|dea|label)\b", below.text, re.I):
                    break
                spans.append((below.start, below.end))
    return spans


def ticked_row(row: Sequence[Line], options: Sequence[Option]) -> tuple[Line, Sequence[Line]] | None:
    """The cell named by a row's ticked box and the cells to its right; None where the row has none ticked or several."""
    mark = next((n for n, cell in enumerate(row) if _TICK.match(cell.text)), None)
    ticked = [n for n, cell in enumerate(row) if any(o.ticked and cell.start <= o.start < cell.end for o in options)]
    if mark is not None and not re.search(r"\w", row[mark].text) and mark + 1 < len(row):
        at = mark + 1
    elif len(ticked) == 1:
        at = ticked[0]
    else:
        return None
    return (row[at], row[at + 1 :]) if len(row) > at + 1 and re.search(r"[A-Za-z]{3}|\b[A-Z]\d{4}\b|\b\d{5}\b", row[at].text) else None


_TICK = re.compile(r"\s*[☒☑✓✔■●◉✗✘⊠]")
_ANY_TICK = re.compile(r"\s*(?:[☒☑✓✔■●◉✗✘⊠☐□◻❏○]|\[\s?[xX✓]?\s?\])")


def begins_ticked(text: str) -> bool:
    """Whether a row begins with a box of its own, ticked or not: `ticked_row` tells what it asks for."""
    return _ANY_TICK.match(text) is not None


def coded_lines(document: DocumentText, lines: Sequence[Line]) -> list[tuple[CodeFound, Line, tuple[int, int] | None, bool]]:
    """Lines that begin with a code and name something: the code, the line, the span of 'Qty 2' to the right of it, and
    whether such a place was left blank."""
    found = []
    for row in rows_of(lines):
        for n, line in enumerate(row):
            codes = codes_in(document.text, line.start, line.end)
            if not codes or codes[0].start - line.start > 4 or not re.search(r"[A-Za-z]{4}", document.text[codes[0].end : line.end]):
                continue
            beside = row[n + 1].text if n + 1 < len(row) else ""
            quantity = re.match(r"\W*(?:q?ty|quantity|units?)\W*(?P<n>\w+)?\W*$", beside, re.I)
            blank = quantity is not None and not quantity["n"]
            span = (row[n + 1].start + quantity.start("n"), row[n + 1].start + quantity.end("n")) if quantity and quantity["n"] else None
            found.append((codes[0], line, span, blank))
    return found


_ITEM_LABEL = re.compile(
    r"\W*(?:\d{1,2}\.\s*)?(?:(?:requested |recommended |prescribed |proposed )?(?:service|item|treatment|equipment|product|procedure|therapy|medication|drug|test)s?(?: ?(?:or|/|and) ?(?:item|service|good|product|equipment|supply|supplies)s?)?"
    r"(?: (?:being )?(?:prescribed|requested|ordered|recommended|needed|required))?(?: ?#?[1-9])?|describe the \w+|recommended treatment|equipment (?:needed|requested))\W*$", re.I)  # fmt: skip


def below_labels(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Spans of the words right below each label of the item, as wide as its cell."""
    spans = []
    for label in lines:
        if not _ITEM_LABEL.fullmatch(label.text):
            continue
        beside = [n.box[0] for n in lines if n.page == label.page and abs(n.box[1] - label.box[1]) < label.height and n.box[0] > label.box[2]]
        right = min(beside, default=1e9) - 3
        words = [w for n in lines if n.page == label.page and 0 < n.box[1] - label.box[1] < 2.6 * label.height for w in n.words
                 if label.box[0] - 8 <= w.box[0] < right]  # fmt: skip
        first = [w for w in words if w.line == words[0].line] if words else []
        if first:
            spans.append((first[0].start, first[-1].end))
    return spans
