"""Every place of a letter that may name an item asked for: tables, labels, tick boxes, prescriptions, subject lines,
sentences, bare lines.

Belongs here: one source after the other, each making drafts. Does not belong here: which drafts are one item and which
of them count (items).
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.model import DocumentText
from pipeline.parse import grids, itemtables
from pipeline.parse.categories import by_words
from pipeline.parse.cues import heading_topic
from pipeline.parse.itemcodes import codes_in
from pipeline.parse.itemlabels import from_cells, from_code_labels, from_labels
from pipeline.parse.itemparts import Draft, Surroundings, drafts_of, left_open, row_end
from pipeline.parse.lines import Line, Sentence
from pipeline.parse.phrase_lists import phrases_from
from pipeline.parse.phrases import Phrase, clean, unsized
from pipeline.parse.quantities import costs, durations, frequencies, quantities
from pipeline.parse.requests import asks_in, asks_outright, named, titled

_SUBJECT = re.compile(r"\s*(?:re|in re|subject|regarding|reference|ref|concerning)\s*[:.\-]\s*", re.I)
_NO_ITEM = re.compile(
    r"\W*(?:diagnos\w*|dx|icd\S*|d\.?\s?o\.?\s?b|date|born|birth\w*|member\b|id\b|i\.d|claim|case|policy|group|patient\b|name|plan\b|subscriber|insured|participant|dear|account|employer|attn|phone|fax|npi|to\b|from\b|cc\b|payer|client|parent|sex|hospital\b(?! bed)|laborator\w*|lab\b|dr\b"
    r"|condition|symptoms?|history|what has|tried|prior|previous|earlier|former|why|provider|physician|signature|address|date of)\b", re.I)  # fmt: skip


def gather_drafts(document: DocumentText, around: Surroundings) -> Iterable[Draft]:
    yield from _from_tables(document, around)
    yield from from_labels(around)
    yield from from_cells(around)
    yield from from_code_labels(around)
    yield from _from_ticks(around)
    yield from _from_ticked_rows(around)
    yield from _from_coded_lines(document, around)
    yield from _from_coded_rows(around)
    yield from _from_prescriptions(around)
    yield from _from_subjects(around)
    yield from _from_headings(around)
    yield from _from_announced(around)
    yield from _from_sentences(around)
    yield from _from_bare_lines(around)


def _from_tables(document: DocumentText, around: Surroundings) -> Iterable[Draft]:
    for row in itemtables.table_rows(document, around.lines):
        phrase = itemtables.phrase_of(document, row)
        if phrase is not None and (phrase.code or by_words(phrase.text)) and not (grids.begins_ticked(document.text[row.start : row.end]) or left_open(around, row.start, row.end) or _left_blank(document, around, row)):
            yield Draft(phrase, 1, "stands in a table of what is asked for", row.start, row.end, (row.start, row.end), row.cells, row.more)


def _left_blank(document: DocumentText, around: Surroundings, row: itemtables.Row) -> bool:
    """Whether a row has a drawn box to the left of what it names and it is not ticked."""
    start = (row.cells.get("item") or row.cells.get("code") or (row.start, row.end))[0]
    line = next((n for n in around.lines if n.start <= start < n.end), None)
    page = next((p for p in document.pages if line is not None and p.number == line.page), None)
    if line is None or page is None:
        return False
    beside = [t for t in page.ticks if t.box[1] < (line.box[1] + line.box[3]) / 2 < t.box[3] and t.box[2] <= line.box[0] + 2]
    return bool(beside) and not any(t.ticked for t in beside)


def _from_ticks(around: Surroundings) -> Iterable[Draft]:
    for option in around.options:
        codes = codes_in(around.text, option.start, option.end)
        if option.ticked and codes and codes[0].start - option.start < 12:
            words = around.text[option.start : option.end]
            for code in codes[:1]:
                words = words.replace(around.text[code.start : code.end], " ")
            text = clean(re.sub(r",\s*(?:each|ea)\b\.?", "", words).strip(" -–:,"))
            start = option.start if codes[0].start > option.start else codes[0].end
            phrase = Phrase(start, option.end, text, codes[0], codes[0].quantity)
            yield Draft(phrase, 1, "is ticked", option.start, row_end(around, option.end), (option.start, option.end))


def _from_ticked_rows(around: Surroundings) -> Iterable[Draft]:
    """Rows of an order form: a ticked box, the item, its code in a cell of its own, then how many and how often."""
    for row in grids.rows_of(around.lines):
        cells = grids.ticked_row(row, around.options)
        if cells is None:
            continue
        name, rest = cells
        first = codes_in(around.text, name.start, name.end, sure=True)
        if first and len(name.text.strip()) < 10 and len(rest) > 0 and re.search(r"[A-Za-z]{3}", rest[0].text):
            name, rest = rest[0], (name, *rest[1:])
        code = next((c for cell in rest for c in codes_in(around.text, cell.start, cell.end, sure=True) if len(cell.text) < 14), None)
        text = clean(unsized(name.text.strip(" -–:,☒☑✓✔■●◉✗✘⊠")))
        if code is None or len(text) < 3:
            continue
        behind = [cell for cell in rest if not cell.start <= code.start < cell.end]
        spans = {kind: (cell.start, cell.end) for cell in reversed(behind) for kind in [_amount_kind(cell.text)] if kind}
        left, right = min(cell.start for cell in row), max(cell.end for cell in row)
        yield Draft(Phrase(name.start, name.end, text, code, code.quantity), 1, "is ticked in its row", left, right, (left, right), spans)


def _amount_kind(text: str) -> str | None:
    if re.fullmatch(r"\W*\d{1,3}\W*", text):
        return "quantity"
    return "frequency" if frequencies(text) else "cost" if costs(text) else "duration" if durations(text, labelled=True) else None


def _from_coded_lines(document: DocumentText, around: Surroundings) -> Iterable[Draft]:
    """Pre-printed lines with codes whose tick boxes cannot be read: those with a quantity filled in."""
    if any(codes_in(around.text, o.start, o.end) for o in around.options):
        return
    found = grids.coded_lines(document, around.lines)
    filled = [entry for entry in found if entry[2] is not None]
    if any(blank for *_, blank in found):
        found = filled
    for code, line, span, _ in found:
        words = clean(re.sub(r",\s*(?:each|ea)\b\.?", "", around.text[code.end : line.end]))
        phrase = Phrase(code.end, line.end, unsized(words.strip(" -–:,")), code, code.quantity)
        if by_words(phrase.text) or span:
            tier = 1 if span else 4
            yield Draft(phrase, tier, "is filled in on its line", line.start, line.end, (line.start, line.end), {"quantity": span} if span else {})


def _from_coded_rows(around: Surroundings) -> Iterable[Draft]:
    """Two or more rows right below each other that each name a thing and give its code: a table without a header. Not below
    words of what the patient has or had."""
    rows = grids.rows_of(around.lines)
    named = [_named_with_code(around, row) for row in rows]
    for n, first in enumerate(named):
        if first is None or (n and named[n - 1] is not None and _close(rows[n - 1], rows[n])):
            continue
        stop = n + 1
        while stop < len(rows) and named[stop] is not None and _close(rows[stop - 1], rows[stop]):
            stop += 1
        if stop - n < 2 or (n and _HAS.search(" ".join(line.text for line in rows[n - 1]))):
            continue
        for row, phrase in zip(rows[n:stop], named[n:stop], strict=True):
            start, end = min(line.start for line in row), max(line.end for line in row)
            yield from drafts_of([phrase] if phrase else [], (start, end), 2, "stands in a row with its code")


def _close(above: Sequence[Line], row: Sequence[Line]) -> bool:
    return above[0].page == row[0].page and row[0].box[1] - above[0].box[3] < 1.4 * row[0].height


def _named_with_code(around: Surroundings, row: Sequence[Line]) -> Phrase | None:
    """The thing that a short row begins with, when its code follows in the row; None for prose and for boxes to tick."""
    start, end = min(line.start for line in row), max(line.end for line in row)
    if end - start > 110 or grids.begins_ticked(around.text[start:end]) or re.search(r"[a-z]\.\s|[.;,]\s*$", around.text[start:end]):
        return None
    found = phrases_from(around.text, start, end, many=False)
    return found[0] if found and found[0].code and by_words(found[0].text) and found[0].start - start < 12 else None


_HAS = re.compile(r"\b(?:already|has|have|had|owns|current(?:ly)?|tried|previous\w*|prior|existing|in use|failed|denied|billed|paid)\b", re.I)


def _from_prescriptions(around: Surroundings) -> Iterable[Draft]:
    spans = grids.prescriptions(around.lines)
    for start, end in spans:
        if _NO_ITEM.match(around.text[start:end]) or re.match(r"\W*(?:LMN|letter of)\b", around.text[start:end]):
            continue
        phrases = [p for p in phrases_from(around.text, start, end, many=False) if p.code or by_words(p.text)]
        if phrases:
            yield Draft(phrases[0], 1, "is prescribed", start, spans[-1][1], (start, spans[-1][1]))
            return


def _from_headings(around: Surroundings) -> Iterable[Draft]:
    """What follows a heading such as 'What we ask for': the sentence or the numbered lines below it."""
    for n, sentence in enumerate(around.sentences):
        heading = heading_topic(sentence.text)
        if heading is None or heading[0] != "item":
            continue
        if not heading[1]:
            yield from _below_heading(around, around.sentences[n + 1 : n + 12], sentence.text.rstrip().endswith(":"))


def _below_heading(around: Surroundings, sentences: Sequence[Sentence], announced: bool) -> Iterable[Draft]:
    """The first sentence, and those numbered or marked like it; below a colon also unmarked entries."""
    marked, listed = False, 0
    for below in sentences:
        if re.fullmatch(r"\s*\(?\d{1,2}[.)]\s*", below.text):
            marked = True
            continue
        mark = _MARKED.match(below.text)
        start = below.start + (mark.end() if mark else 0)
        found = [p for p in phrases_from(around.text, start, below.end) if p.code or by_words(p.text)]
        entry = announced and len(below.text.split()) <= 14 and not below.text.rstrip().endswith(".")
        if (listed and not (mark or marked or entry)) or heading_topic(below.text) is not None or not found or found[0].start - start > 24:
            return
        yield from drafts_of(found, (below.start, below.end), 1, "stands under the heading of what is asked for")
        marked, listed = False, listed + 1


_MARKED = re.compile(r"\s*(?:[•·▪◦‣●○*–—-]\s*|\(?\d{1,2}[.)]\s+)")


def _from_announced(around: Surroundings) -> Iterable[Draft]:
    """Rows, each with a code of its own, right below words such as 'Requested for 12 months:' or 'Equipment:'."""
    rows = grids.rows_of(around.lines)
    for n, row in enumerate(rows):
        line = row[0]
        if len(row) > 1 or len(line.words) > 12 or not line.text.rstrip().endswith(":") or not _ANNOUNCES.match(line.text):
            continue
        last = line
        for entry in rows[n + 1 : n + 13]:
            start, end = min(cell.start for cell in entry), max(cell.end for cell in entry)
            near = entry[0].page == line.page and entry[0].box[1] - last.box[3] < 1.6 * last.height
            found = phrases_from(around.text, start, end) if near else []
            if not found or found[0].code is None or found[0].start - start > 24:
                break
            yield from drafts_of(found, (start, end), 1, "is listed in a request")
            last = entry[0]


_ANNOUNCES = re.compile(r"\W*(?:(?:the )?(?:items?|equipment|supplies|services?|products?|devices?|garments?|components?|drugs?|medications?|procedures?|tests?|dme|orders?|prescriptions?|requests?)(?: (?:and|or|/|&) \w+)?(?: (?:being |now )?(?:requested|ordered|prescribed|needed|required|recommended|sought))?|requested|requesting|ordered|ordering|prescribed|prescribing|recommended|needed|(?:i|we) (?:am |are |have |hereby |therefore )*(?:request|order|prescrib|recommend|ask)\w*)\b", re.I)


def _from_sentences(around: Surroundings) -> Iterable[Draft]:
    for sentence in around.sentences:
        if asks_outright(around.text, sentence.start, sentence.end) and sentence.text.rstrip().endswith(":"):
            for start, end in grids.bullets_after(around.lines, sentence.end):
                found = phrases_from(around.text, start, end)
                yield from drafts_of([p for p in found if p.code or by_words(p.text)], (start, end), 1, "is listed in a request")
            yield from _entries_below(around, sentence)
        for ask in asks_in(around.text, sentence.start, sentence.end):
            yield from drafts_of(ask.phrases, (ask.start, ask.end), ask.tier, ask.source)


def _entries_below(around: Surroundings, sentence: Sentence) -> Iterable[Draft]:
    """Short lines, each of which begins with an item, below a sentence that asks and ends with a colon."""
    last = next((n for n in around.lines if n.start < sentence.end <= n.end), None)
    for line in [n for n in around.lines if last is not None and n.start >= sentence.end and n.page == last.page][:10]:
        found = phrases_from(around.text, line.start, line.end)
        if last is None or line.box[1] - last.box[3] > 1.8 * last.height or len(line.words) > 14 or not found or not (found[0].code or by_words(found[0].text)) or found[0].start - line.start > 12 or _SPOKEN.match(line.text):
            return
        yield from drafts_of([p for p in found if p.code or by_words(p.text)], (line.start, line.end), 1, "is listed in a request")
        last = line


_SPOKEN = re.compile(r"\W*(?:(?:he|she|they|it|we|i|the|this|these|my|our|his|her|both|all|with|without|for|as|if)\b|(?:mr|mrs|ms)\b)", re.I)


def drafts_by_name(around: Surroundings) -> Iterable[Draft]:
    """What sentences name, for letters that ask nowhere outright."""
    for sentence in around.sentences:
        for ask in named(around.text, sentence.start, sentence.end):
            yield from drafts_of(ask.phrases, (ask.start, ask.end), ask.tier, ask.source)


def _from_subjects(around: Surroundings) -> Iterable[Draft]:
    for start, end in _subject_spans(around):
        for a, b in _segments(around.text, start, end):
            if _NO_ITEM.match(around.text[a:b]) and not codes_in(around.text, a, b):
                continue
            phrases = [p for p in phrases_from(around.text, a, b) if (p.code or by_words(p.text)) and p.start - a < 90 and len(p.text.split()) <= 14]
            yield from drafts_of(phrases, (a, max(end, b)), 2, "stands in the subject line")
    for line in around.lines:
        for ask in titled(around.text, line.start, line.end):
            yield from drafts_of(ask.phrases, (ask.start, ask.end), 2, ask.source)


def _subject_spans(around: Surroundings) -> Iterable[tuple[int, int]]:
    """Subject lines with the lines that go on below them, down to a gap or the salutation."""
    for n, line in enumerate(around.lines):
        mark = _SUBJECT.match(line.text)
        if mark is None:
            continue
        end, last = line.end, line
        for below in around.lines[n + 1 : n + 7]:
            gap = below.box[1] - last.box[3]
            if below.page != line.page or gap > 0.9 * last.height or re.match(r"\s*(?:dear|to )\b", below.text, re.I):
                break
            end, last = below.end, below
        yield line.start + mark.end(), end
    yield from around.labelled.get("re", ())


def _segments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a subject line. A line break parts them unless the line goes on in lower case."""
    cuts = [start, *(m.end() for m in re.finditer(r"[;|•·]|\s[-–—]\s|\n(?=\s*[A-Z0-9])|\.\s(?=[A-Z])", text[start:end])), end - start]
    edges = [start, *(start + c for c in cuts[1:-1]), end]
    return [(a, b) for a, b in pairwise(edges) if b - a > 3]


def _from_bare_lines(around: Surroundings) -> Iterable[Draft]:
    """Short lines that name an item with an amount or a code, for notes that ask without a sentence."""
    for line in around.lines:
        if len(line.words) > 17 or _NO_ITEM.match(line.text) or re.search(r"\bNPI\b|\b\d{1,2}:\d\d\b|\blicen[sc]e\b", line.text, re.I):
            continue
        label = re.match(r"\W*\w{3,14}:\s", line.text)
        start = line.start + (label.end() if label else 0)
        phrases = [p for p in phrases_from(around.text, start, line.end, many=False) if by_words(p.text) and p.start - start < 12]
        if phrases and (phrases[0].code or frequencies(line.text) or (len(line.words) < 12 and _has_amount(line.text[phrases[0].end - line.start :]))):
            end = next((s.end for s in around.sentences if s.start <= phrases[0].start < s.end), line.end)
            yield Draft(phrases[0], 4, "stands on a line of its own", line.start, max(phrases[0].end, min(end, line.end)), (line.start, line.end))
    for sentence in around.sentences:
        phrases = phrases_from(around.text, sentence.start, sentence.end)
        if phrases and phrases[0].start - sentence.start < 6 and phrases[0].code and len(phrases[0].text.split()) <= 8:
            yield from drafts_of(phrases, (sentence.start, sentence.end), 4, "begins a sentence, with its code")


def _has_amount(text: str) -> bool:
    return bool(durations(text) or costs(text) or quantities(text))
