"""Where a letter names conditions: beside a code, under a label, in a ticked box, in its sentences.

Belongs here: gathering the mentions. Does not belong here: what is asserted (stances), joining them (diagnoses).
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

from pipeline.codes import conditions
from pipeline.parse.context import context_of
from pipeline.parse.dxcodes import CodeMention, agrees, announces_name, codes_in, phrase_after, phrase_before
from pipeline.parse.grids import column_of
from pipeline.parse.lines import Sentence
from pipeline.parse.mentions import Mention, is_condition, named_in, prose_in
from pipeline.parse.sheet import Sheet
from pipeline.parse.treatment_names import names_treatment


def mentions_of(sheet: Sheet) -> tuple[list[Mention], list[Mention]]:
    """(those beside a code, under a label or in a ticked box; those in sentences), each in the order of the letter."""
    return _coded(sheet) + _labelled(sheet) + _ticked(sheet), _prose(sheet)


def _spans(sheet: Sheet, filled_only: bool = True) -> Sequence[Sentence]:
    """Sentences before the references; of a form, by default, only what was filled in."""
    cut = next(
        (
            sheet.lines[n].start
            for n in sheet.zones.after
            if re.match(r"\s*(?:references|literature|bibliography)", sheet.lines[n].text, re.I)
        ),
        None,
    )
    kept = [s for s in sheet.sentences if cut is None or s.start < cut]
    if sheet.kind != "form" or not filled_only:
        return kept
    filled = [(p.start, p.end) for p in sheet.pairs_of("diagnosis", "icd10", "tried", "why", "benefit", "item")]
    return [s for s in kept if any(a < s.end and s.start < b for a, b in filled)]


def _coded(sheet: Sheet) -> list[Mention]:
    text = sheet.document.text
    labelled = [(p.start, p.end) for p in sheet.pairs_of("icd10", "diagnosis")]
    found: list[Mention] = []

    @cache
    def named() -> list[tuple[int, int]]:
        return [s for part in _spans(sheet) for s in prose_in(text, part.start, part.end)]

    for sentence in _spans(sheet, filled_only=False):
        floor = sentence.start
        announced = any(a <= sentence.start < b or sentence.start <= a < sentence.end for a, b in labelled)
        for code in codes_in(text, sentence.start, sentence.end, announced):
            if sheet.kind == "form" and _EXAMPLE.search(text[max(sentence.start, code.start - 60) : code.start]):
                continue
            span, because = _name_of(sheet, code, floor, sentence, named)
            floor = code.end
            if span is None and not (announced or _in_column(sheet, code)):
                continue
            span, because = (span, because) if span else ((code.start, code.end), "only its code is written")
            span = _bare(text, *span)
            name = " ".join(text[span[0] : span[1]].split())
            found.append(Mention(name, span[0], span[1], "coded", code.code, code.start, code.end, because))
    return found


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without the tick before it and the label that runs into it: 'Accepted diagnosis R knee strain'."""
    lead = _LEAD.match(text, start, end)
    return (lead.end(), end) if lead and end - lead.end() > 3 else (start, end)


_LEAD = re.compile(r"[\s☒☑✓✔■●◉✗✘⊠☐□○]*(?:(?:(?:primary|principal|secondary|working|final|current|accepted|compensable|allowed|treating|medical|clinical|admitting|established)\s+)?(?:diagnos[ie]s|dx|impression|assessment|condition)\b(?!\s+(?:of|with|and))\s*[:.\-–]*\s*)?", re.I)
_HEAD = re.compile(r"\W*(?:icd[- ]?(?:10|9)?\w*\s*)?(?:code )?(?:description|diagnos[ie]s|condition|name|problem|dx)s?(?: (?:description|name|text))?\W*$", re.I)
"""The head of a column of names, which is none."""
_EXAMPLE = re.compile(r"\b(?:e\.?\s?g\.|for example|examples?:|for instance)[^.;]*$", re.I)
"""What a form prints to show how a box is filled in."""


def _in_column(sheet: Sheet, code: CodeMention) -> bool:
    """Whether a code stands alone in a cell of a column that asks for ICD-10 codes."""
    line = sheet.line_at(code.start)
    if line is None or len(line.text) - (code.end - code.start) > 6:
        return False
    heads = [h.line for h in sheet.hits if h.field == "icd10" and h.alone and h.line.page == line.page]
    return any(0 < line.box[1] - h.box[1] < 160 and abs(h.box[0] - line.box[0]) < 12 for h in heads)


def _name_of(
    sheet: Sheet, code: CodeMention, floor: int, sentence: Sentence, named: Callable[[], list[tuple[int, int]]]
) -> tuple[tuple[int, int] | None, str]:
    """The condition's name that goes with a code, and where it stands to it. `named`: every condition of the letter, gathered
    when it is first asked for and once for all codes."""
    text = sheet.document.text
    span = phrase_before(text, floor, code.start, code.code)
    if span is not None and re.search(r"[A-Za-z]{3}", text[span[0] : span[1]]):
        return span, "stands before the code"
    near = [(a, b) for a, b in prose_in(text, floor, code.start) if code.start - b < 48]
    agreeing = [s for s in near if agrees(code.code, text[s[0] : s[1]])] or near
    if agreeing:
        return agreeing[-1], "stands before the code"
    behind = phrase_after(text, code.end, sentence.end)
    if behind is not None and not is_condition(text[behind[0] : behind[1]]):
        behind = behind if announces_name(text, code.end) else None
    fits = behind is not None and agrees(code.code, text[behind[0] : behind[1]])
    span = behind if fits else _paired(sheet, code.start) or _in_row(sheet, code) or behind
    if span is not None:
        return span, "stands beside the code"
    return _elsewhere(sheet, code, named()), "is what the code means"


_ROW = 300.0
"""Points between a code's cell and that of its condition in one row of a table."""


def _in_row(sheet: Sheet, code: CodeMention) -> tuple[int, int] | None:
    """The condition in the nearest cell to the left of a code that stands in a cell of its own, or right of it."""
    line = sheet.line_at(code.start)
    if line is None or len(line.text) - (code.end - code.start) > 8:
        return None
    row = [o for o in sheet.lines if o.page == line.page and o is not line and min(o.box[3], line.box[3]) - max(o.box[1], line.box[1]) > 0.5 * min(o.height, line.height)]
    cells = [o for o in row if re.search(r"[A-Za-z]{4}", o.text) and max(line.box[0] - o.box[2], o.box[0] - line.box[2]) < _ROW]
    left = sorted((o for o in cells if o.box[2] <= line.box[0] + 2), key=lambda o: -o.box[2])
    right = sorted((o for o in cells if o.box[0] >= line.box[2] - 2), key=lambda o: o.box[0])
    for cell in (*left[:1], *right[:1]):
        lead = re.match(r"\W*(?:\(?\w{1,2}[.)]\s+)?", cell.text)
        start = cell.start + (lead.end() if lead else 0)
        if not _HEAD.fullmatch(cell.text) and (is_condition(cell.text) or agrees(code.code, cell.text)) and len(cell.words) <= 14:
            return (start, cell.end)
    return None


def _elsewhere(sheet: Sheet, code: CodeMention, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The nearest condition named anywhere in the letter that the code stands for."""
    text = sheet.document.text
    fit = [s for s in spans if agrees(code.code, text[s[0] : s[1]])]
    return min(fit, key=lambda s: abs(s[0] - code.start), default=None)


def _paired(sheet: Sheet, position: int) -> tuple[int, int] | None:
    """On a form: the diagnosis cell that goes with the code cell that holds this place."""
    inside = any(p.start <= position < p.end for p in sheet.pairs_of("icd10"))
    if not inside:
        return None
    line = sheet.line_at(position)
    cells = [p for p in sheet.pairs_of("diagnosis") if line is not None and p.lines[0].page == line.page and not _HEAD.fullmatch(sheet.text(p.start, p.end))]
    if not cells or line is None:
        return None
    nearest = min(cells, key=lambda p: abs(p.lines[0].box[1] - line.box[1]))
    if abs(nearest.lines[0].box[1] - line.box[1]) > 60:
        return None
    return _first_phrase(sheet, nearest.start, nearest.end)


def _first_phrase(sheet: Sheet, start: int, end: int) -> tuple[int, int] | None:
    text = sheet.text(start, end)
    head = re.split(r"[;(]|\.\s|\n(?=\s*\d+[.)])|\s-\s|\sICD", text)[0].strip(" ,.:-")
    return (start + text.index(head), start + text.index(head) + len(head)) if len(head) > 2 else None


def _labelled(sheet: Sheet) -> list[Mention]:
    """Conditions under a diagnosis label that have no code of their own."""
    text = sheet.document.text
    found: list[Mention] = []
    for pair in sheet.pairs_of("diagnosis"):
        label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
        if pair.relation == "behind" and not pair.hit.separated:
            continue
        for start, end in _pieces(text, pair.start, pair.end):
            piece = text[start:end]
            if codes_in(text, start, end, True) or not re.search(r"[A-Za-z]{4}", piece) or len(piece.split()) > 14:
                continue
            if _NONE.match(piece) or any(not o.ticked and o.start - 3 <= end and start < o.end for o in sheet.options) or column_of(piece) is not None:
                continue
            if _near_code(sheet, pair.lines[0].page, start) or _qualified(piece) or _says_more(piece) or _is_treatment(piece):
                continue
            found.append(
                Mention(" ".join(piece.split()), start, end, "labelled", because=f"stands under the label '{label}'")
            )
    return found


_NONE = re.compile(r"\W*(?:n\W?/?\W?a\b|none\b|nil\b|not applicable|no (?:diagnos[ie]s|disease|medical|known|current|specific)|(?:otherwise )?(?:healthy|well)(?: (?:adult|child|male|female|man|woman|person|patient|individual))?\W*$|healthy\b|(?:general |overall )?(?:wellness|well-?being|health maintenance|prevention|fitness|good health|healthy lifestyle)\W*$|to be determined|tbd|pending|see (?:above|attached|below)|same\b|unknown\b|(?:(?:pertinent|past|medical|clinical|social|interval|surgical|relevant|brief|patient|present|family|physical|objective|subjective|other)\s)*(?:history|findings?|exam(?:ination)?|objective|subjective|assessment|plan|treatments?|medications?|allergies|imaging|results|impression|summary|course|background|information)\W*$|\(?(?:required|optional)\b)", re.I)
"""What fills a diagnosis box and names none."""


def _qualified(piece: str) -> bool:
    """Whether the piece says more than a name: 'so diabetes is excluded'. Prose reading judges such a piece."""
    flat = " ".join(piece.split())
    return any(context_of(flat, a, b) is not None for a, b in prose_in(flat, 0, len(flat))) or \
        bool(re.match(r"(?:ruled out|negative|no |denies|family)", flat, re.I))  # fmt: skip


_CLAUSE = re.compile(r"\b(?:she|he|they|it|we|i|does|do|did|is|was|were|has|had|will|would|please|because)\b", re.I)


def _says_more(piece: str) -> bool:
    """Whether a piece under a diagnosis label is a clause and no name: sentences are read as prose."""
    return bool(_CLAUSE.search(piece)) and (len(piece.split()) > 6 or not is_condition(piece))


def _is_treatment(piece: str) -> bool:
    return names_treatment(piece.lower()) and not is_condition(piece)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    made = []
    for match in re.finditer(r"[^;\n\f]+(?:\n(?=[a-z])[^;\n\f]+)*", text[start:end]):
        raw = re.split(r"\.\s+(?=[A-Z])|\bLabs?:|\(", match.group())[0]
        lead = re.match(r"\s*(?:\d+[.)]|[•\-*]|\(?[a-d]\))?\s*(?:primary|secondary|principal)?\s*:?\s*", raw, re.I)
        skip = lead.end() if lead else 0
        body = raw[skip:].rstrip(" ,.-:")
        if body:
            begin = start + match.start() + skip
            made.append((begin, begin + len(body)))
    return [part for span in made for part in _listed(text, *span)][:6]


def _listed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """'vertigo, gout' as two when each part is a condition's whole name; else the one span."""
    parts = [m.span() for m in re.finditer(r"[^\s,][^,]*", text[start:end])]
    if len(parts) < 2 or not all(conditions.named(re.sub(r"^and ", "", text[start + a : start + b])) for a, b in parts):
        return [(start, end)]
    return [(start + a + (4 if text[start + a : start + b].startswith("and ") else 0), start + b) for a, b in parts]


def _near_code(sheet: Sheet, page: int, position: int) -> bool:
    """Whether a code cell beside this piece already took it as its name."""
    line = sheet.line_at(position)
    return any(line is not None and p.lines[0].page == page and abs(p.lines[0].box[1] - line.box[1]) < 14 and
               codes_in(sheet.document.text, p.start, p.end, True) for p in sheet.pairs_of("icd10"))  # fmt: skip


def _ticked(sheet: Sheet) -> list[Mention]:
    """Conditions whose box is ticked on a form."""
    found: list[Mention] = []
    if sheet.kind != "form":
        return found
    text = sheet.document.text
    for option in sheet.options:
        if not option.ticked:
            continue
        lead = re.match(r"\s*(?:[a-z]\.|\d+\.|\([a-z]\))?\s*", text[option.start : option.end])
        start = option.start + (lead.end() if lead else 0)
        label = text[start : option.end].strip()
        certified = re.search(r"\b(?:certify|treating|needs|this patient)\b", label, re.I)
        if list(prose_in(text, start, option.end)) and len(label.split()) <= 12 and not certified:
            found.append(Mention(label, start, start + len(label), "ticked", because="its box is ticked"))
    return found


def _prose(sheet: Sheet) -> list[Mention]:
    text = sheet.document.text
    found = []
    skip = {(sheet.lines[n].start, sheet.lines[n].end) for n in range(min(4, len(sheet.zones.head)))}
    for sentence in _spans(sheet):
        if any(a <= sentence.start < b for a, b in skip):
            continue
        for start, end, kind in named_in(text, sentence.start, sentence.end):
            name = " ".join(text[start:end].split())
            found.append(Mention(name, start, end, "prose", because="is named in the text", kind=kind))
    return found
