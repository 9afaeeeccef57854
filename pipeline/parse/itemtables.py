"""Items in tables: rows below a header that names the columns.

Belongs here: what a column is called, where a table ends, cells that run over several lines. Does not belong here: lists
and rows without a header (grids), which items count (items).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.model import DocumentText, Word
from pipeline.parse.grids import begins_ticked, column_of, rows_of
from pipeline.parse.itemcodes import codes_in
from pipeline.parse.labelhits import hits_on
from pipeline.parse.lines import Line
from pipeline.parse.phrases import Phrase, clean, unsized


@dataclass(frozen=True)
class Row:
    """One row of a table: the spans of its cells by column, the span of the whole, and by column what its cells say in
    further lines."""

    cells: dict[str, tuple[int, int]]
    start: int
    end: int
    more: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)


_UNKNOWN = 2
"""Known heads of a row beyond which one that no list knows may stand among them."""


def _header(row: Sequence[Line]) -> list[tuple[str, float, float]] | None:
    """(column, x0, x1) of a table's header: two or more column names, one of them code or item."""
    cells: list[tuple[str | None, float, float]] = []
    for line in row:
        whole = column_of(line.text)
        cells.extend([(whole, line.box[0], line.box[2])] if whole else _header_words(line) or [(None, 0, 0)])
    cells = _named_by_place(cells)
    names = [name for name, _, _ in cells if name]
    if len(names) < 2 or not {"code", "item"} & set(names) or len(cells) - len(names) > (len(names) > _UNKNOWN):
        return None
    fixed: list[tuple[str, float, float]] = []
    for name, x0, x1 in cells:
        taken = {n for n, _, _ in fixed}
        fixed.append(("item" if name == "code" and "code" in taken else name or "other", x0, x1))
    return fixed


def _named_by_place(cells: list[tuple[str | None, float, float]]) -> list[tuple[str | None, float, float]]:
    """Beside a column of codes and one of amounts, the one head that no list knows stands over the items: 'HCPCS | Garment | Qty'."""
    names = {name for name, _, _ in cells if name}
    unknown = [n for n, (name, _, x1) in enumerate(cells) if name is None and x1 > 0]
    if len(unknown) != 1 or "code" not in names or "item" in names or not names & {"quantity", "frequency", "duration", "cost"}:
        return cells
    return [("item" if n == unknown[0] else name, x0, x1) for n, (name, x0, x1) in enumerate(cells)]


def _header_words(line: Line) -> list[tuple[str | None, float, float]]:
    """The columns of a header that was read as one line of words."""
    if len(line.words) > 10 or re.search(r"[a-z]{3,}[.;,]", line.text):
        return []
    cells: list[tuple[str | None, float, float]] = []
    words = list(line.words)
    while words:
        size = next((n for n in (3, 2, 1) if n <= len(words) and column_of(" ".join(w.text for w in words[:n]))), 1)
        name = column_of(" ".join(w.text for w in words[:size]))
        cells.append((name, words[0].box[0], words[size - 1].box[2]))
        words = words[size:]
    return cells


def table_rows(document: DocumentText, lines: Sequence[Line]) -> list[Row]:
    """The rows of every table with a header, that name something; a table ends at a wide gap or a line of prose."""
    rows = rows_of(lines)
    found: list[Row] = []
    for n, row in enumerate(rows):
        header = _header(row)
        if header is None:
            continue
        last = row
        for following in rows[n + 1 :]:
            if following[0].page != row[0].page or following[0].box[1] - last[0].box[3] > 3.2 * max(9.0, last[0].height):
                break
            if _leaves_table(following):
                break
            made = _row(document, header, following)
            if made is None and _prose(following):
                break
            if made is not None:
                found.append(made)
            elif found and found[-1].start >= row[0].start and (rest := _runs_over(document, header, found[-1], last, following)):
                found[-1] = replace(found[-1], more={name: (*found[-1].more.get(name, ()), *rest.get(name, ())) for name in {*found[-1].more, *rest}})
            last = following
    return found


_SECTION = re.compile(r"\s*(?:(?:section|part)\s+\w{1,3}\b|(?:\d{1,2}|[A-H]|[IVX]{1,4})[.)]\s+(?:[A-Z]{3,}|[A-Z][a-z]+(?: (?:[a-z]+|[A-Z][a-z]+)){0,5}\s*$))")
_ASKED = re.compile(r"[☐☑☒]\s*(?:yes|no)\b|\b(?:yes|no)\s*[☐☑☒]|\byes\b\W+\bno\b", re.I)


def _leaves_table(row: Sequence[Line]) -> bool:
    """Whether a row is no longer the table's: a form's next section, a question with Yes and No, a label of another matter."""
    text = " ".join(line.text for line in row)
    if (len(row) == 1 and _SECTION.match(row[0].text) and not codes_in(text, 0, len(text))) or _ASKED.search(text):
        return True
    return any(hit.alone and hit.field in _OTHER_MATTERS for line in row for hit in hits_on(line))


_OTHER_MATTERS = frozenset({"tried", "why", "benefit", "diagnosis", "icd10", "signature", "provider.name", "provider.npi", "patient.name", "patient.dob", "practice.name", "letter_date"})


def _prose(row: Sequence[Line]) -> bool:
    return len(row) == 1 and len(row[0].words) > 9


def _runs_over(document: DocumentText, header: Sequence[tuple[str, float, float]], above: Row, last: Sequence[Line], row: Sequence[Line]) -> Mapping[str, Sequence[tuple[int, int]]]:
    """The spans, by column, of a row that goes on with the cells of the one above: close below it, in its columns, without
    a code of its own. Empty for any other."""
    gap = min(n.box[1] for n in row) - max(n.box[3] for n in last)
    if gap > 0.8 * row[0].height or _boxed(document, row) or any(hit.alone and hit.field != "item" for n in row for hit in hits_on(n)) or "code" not in above.cells or any(codes_in(document.text, n.start, n.end, sure=True) for n in row):
        return {}
    spans = _cells(header, row)
    return {name: (span,) for name, span in spans.items()} if set(spans) <= set(above.cells) else {}


def _boxed(document: DocumentText, row: Sequence[Line]) -> bool:
    """Whether boxes to tick stand in a row."""
    middle = (row[0].box[1] + row[0].box[3]) / 2
    return any(t.box[1] < middle < t.box[3] for p in document.pages if p.number == row[0].page for t in p.ticks) or any(begins_ticked(n.text) for n in row)


def _cells(header: Sequence[tuple[str, float, float]], row: Sequence[Line]) -> dict[str, tuple[int, int]]:
    """The spans of a row's words by the column under whose head they stand."""
    cells: dict[str, list[Word]] = {}
    lines = [line.words for line in row] if len(row) > 1 else _chunks(row[0], len(header))
    for words in [part for line in lines for part in _at_columns(line, header)]:
        x0, x1 = words[0].box[0], words[-1].box[2]
        name = max(header, key=lambda h: (min(h[2], x1) - max(h[1], x0), -abs(h[1] - x0)))[0]
        cells.setdefault(name, []).extend(words)
    return {name: (words[0].start, words[-1].end) for name, words in cells.items()}


def _row(document: DocumentText, header: Sequence[tuple[str, float, float]], row: Sequence[Line]) -> Row | None:
    spans = _cells(header, row)
    if "code" in {h[0] for h in header} and not (spans.get("code") and codes_in(document.text, *spans["code"], sure=True)) and not _uncoded(document, header, spans):
        return None
    if ("item" not in spans and "code" not in spans) or (len(row) < 2 and len(spans) < 2):
        return None
    return Row(spans, min(a for a, _ in spans.values()), max(b for _, b in spans.values()))


def _uncoded(document: DocumentText, header: Sequence[tuple[str, float, float]], spans: Mapping[str, tuple[int, int]]) -> bool:
    """A row of a table of codes whose own code cell holds a dash or nothing, while amounts and a name stand in theirs."""
    code = spans.get("code")
    blank = code is None or not re.search(r"\w", document.text[slice(*code)]) or bool(re.fullmatch(r"\W*(?:n/?a|none)\W*", document.text[slice(*code)], re.I))
    amounts = [n for n in ("quantity", "cost", "duration") if n in spans and re.search(r"\d", document.text[slice(*spans[n])])]
    return blank and "item" in spans and len(amounts) >= min(2, sum(h[0] in ("quantity", "cost", "duration") for h in header)) > 0


def _chunks(line: Line, columns: int) -> list[tuple[Word, ...]]:
    """A row that was read as one line, cut at a leading code and a trailing number."""
    words = list(line.words)
    first: list[Word] = []
    last: list[Word] = []
    if words and re.fullmatch(r"[A-Z]?[\dOIl]{4,5}T?(?:-?[A-Z]{2})?", words[0].text):
        first = [words.pop(0)]
    while columns > 2 and len(words) > 1 and len(last) < columns - 2 and re.fullmatch(r"[\dlI]{1,3}|\$[\d.,]+", words[-1].text):
        last.insert(0, words.pop())
    return [tuple(chunk) for chunk in (first, words, *([w] for w in last)) if chunk]


def _at_columns(words: Sequence[Word], header: Sequence[tuple[str, float, float]]) -> list[Sequence[Word]]:
    """A run of words cut where a word begins right below the head of another column."""
    cuts = [n for n, word in enumerate(words) if n and any(abs(word.box[0] - x0) < 9 for _, x0, _ in header)]
    if len(words) == 1 or not cuts or not any(abs(words[0].box[0] - x0) < 14 for _, x0, _ in header):
        return [words]
    return [words[a:b] for a, b in pairwise([0, *cuts, len(words)])]


def phrase_of(document: DocumentText, row: Row) -> Phrase | None:
    """The item that a row names: its description without sizes, its code."""
    code_span = row.cells.get("code") or row.cells.get("item")
    codes = codes_in(document.text, *code_span, sure=True) if code_span else []
    start, end = row.cells.get("item") or row.cells["code"]
    inside = list(codes_in(document.text, start, end, sure="code" not in row.cells))
    words = document.text[start:end]
    for code in inside:
        words = words.replace(document.text[code.start : code.end], " ")
    words = " ".join([words, *(document.text[a:b] for a, b in row.more.get("item", ()))])
    words = unsized(clean(re.sub(r"\(\s*\)|,\s*(?:each|ea)\b\.?", "", words)))
    if len(re.sub(r"[^A-Za-z]", "", words)) < 3 and not codes:
        return None
    best = next(iter([*codes, *inside]), None)
    return Phrase(start, end, words, best, best.quantity if best else None)
