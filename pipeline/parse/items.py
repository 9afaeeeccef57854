"""What a letter asks for: each item once, with the words that name it, its code and its amounts.

Belongs here: gathering what labels, tables, tick boxes, prescriptions, sentences and subject lines name, settling which
of them are asked for, and merging those that are one item. Does not belong here: reading codes (itemcodes), phrases
(phrases), amounts (quantities, itemdetails). What was tried, is in use now or is declined is no item.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.model import DocumentText, Evidence, Item
from pipeline.parse import grids
from pipeline.parse.categories import by_words, category_of
from pipeline.parse.itemcodes import codes_in
from pipeline.parse.itemdetails import Details, Draft, Surroundings, chosen, details_of
from pipeline.parse.lines import Line, Sentence
from pipeline.parse.phrases import Phrase, clean, phrases_from
from pipeline.parse.requests import asks_in, asks_outright, titled

_SURE = {1: 0.92, 2: 0.8, 3: 0.65, 4: 0.5}
_SUBJECT = re.compile(r"\s*(?:re|in re|subject|regarding|reference|ref|concerning)\s*[:.\-]\s*", re.I)
_NO_ITEM = re.compile(
    r"\W*(?:diagnos\w*|dx|icd\S*|d\.?\s?o\.?\s?b|date|born|birth\w*|member\b|id\b|i\.d|claim|case|policy|group|patient\b|name|plan\b|subscriber|insured|participant|dear|account|employer|attn|phone|fax|npi|to\b|from\b|cc\b|payer|client|parent|sex|hospital\b(?! bed)|laborator\w*|lab\b|dr\b"
    r"|condition|symptoms?|history|what has|tried|prior|previous|why|provider|physician|signature|address|date of)\b", re.I)  # fmt: skip
_GENERIC = frozenset(
    "the and with for therapy treatment program service services device equipment system custom new unit medical each sessions session visits visit supplies a of an to in membership monthly weekly daily prescription purchase rental".split()
)


def find_items(
    document: DocumentText,
    lines: Sequence[Line],
    sentences: Sequence[Sentence],
    labelled: Mapping[str, Sequence[tuple[int, int]]],
    letter_duration: float | None = None,
) -> tuple[Item, ...]:
    """The items of one letter in the order of the text.

    `labelled` gives spans of `document.text` under labels: item, code, frequency, duration, cost, quantity, re, tried.
    `letter_duration` (months) goes to items for which the letter's words give none. Amounts are None where unstated.
    """
    around = Surroundings(document.text, lines, sentences, labelled, grids.options_in(document, lines))
    drafts = [d for d in _gather(document, around) if not _unticked(d, around)]
    groups = _merged(drafts)
    _lone_code(groups, around)
    categories = [_category(group) for group in groups]
    amounts = details_of(groups, categories, around)
    made = [
        _item(document, group, category, details, letter_duration)
        for group, category, details in zip(groups, categories, amounts, strict=True)
    ]  # fmt: skip
    return tuple(sorted((item for item in made if item), key=lambda item: item.evidence.start))


def _gather(document: DocumentText, around: Surroundings) -> Iterable[Draft]:
    yield from _from_tables(document, around)
    yield from _from_labels(around)
    yield from _from_code_labels(around)
    yield from _from_ticks(around)
    yield from _from_coded_lines(document, around)
    yield from _from_prescriptions(around)
    yield from _from_subjects(around)
    yield from _from_sentences(around)
    yield from _from_bare_lines(around)


def _drafts(phrases: Sequence[Phrase], scope: tuple[int, int], tier: int, source: str) -> list[Draft]:
    """One draft for each phrase of a statement; each one's own stretch reaches to the next."""
    if not phrases:
        return []
    edges = [scope[0], *(b.start for _, b in pairwise(phrases)), scope[1]]
    spans = pairwise(edges)
    return [Draft(p, tier, source, max(a, scope[0]), b, scope) for p, (a, b) in zip(phrases, spans, strict=True)]


def _from_tables(document: DocumentText, around: Surroundings) -> Iterable[Draft]:
    for row in grids.table_rows(document, around.lines):
        phrase = grids.phrase_of(document, row)
        if phrase is not None and (phrase.code or by_words(phrase.text)):
            yield Draft(phrase, 1, "stands in a table of what is asked for", row.start, row.end, (row.start, row.end), row.cells)


def _from_labels(around: Surroundings) -> Iterable[Draft]:
    for start, end in around.labelled.get("item", ()):
        for a, b in chosen(around, start, end):
            if len(around.text[a:b].split()) > 14 and asks_outright(around.text, a, b):
                continue
            phrases = phrases_from(around.text, a, b)
            kept = [p for p in phrases if len(p.text.split()) <= 14]
            for draft in _drafts(kept, (a, _row_end(around, b)), 1, "stands under the label of the item"):
                known = draft.phrase.code or by_words(draft.phrase.text)
                draft.tier = 1 if known else 2 if len(draft.phrase.text.split()) <= 6 else 4
                yield draft


def _from_code_labels(around: Surroundings) -> Iterable[Draft]:
    """'Procedure: 30420, open septorhinoplasty': the item's words stand behind its code."""
    for start, end in around.labelled.get("code", ()):
        lead = codes_in(around.text, start, end, sure=True)[:1]
        if lead and lead[0].start - start < 12 and not re.match(r"\W*(?:following|after|for|to|due|as|in|on)\b", around.text[lead[0].end : end]):
            phrases = [p for p in phrases_from(around.text, lead[0].start, end, many=False) if by_words(p.text)]
            yield from _drafts(phrases, (start, _row_end(around, end)), 1, "stands behind its code")


def _row_end(around: Surroundings, end: int) -> int:
    """The end of what stands to the right of a place on the same row, as far as it follows in the text."""
    line = next((n for n in around.lines if n.start < end <= n.end), None)
    if line is None:
        return end
    beside = [n for n in around.lines if n.page == line.page and 0 <= n.start - end < 40 and abs(n.box[1] - line.box[1]) < line.height
              and n.box[0] > line.box[0]]  # fmt: skip
    for other in sorted(beside, key=lambda n: n.box[0]):
        if codes_in(around.text, other.start, other.end) or any(other.start <= o.start < other.end for o in around.options):
            break
        end = other.end
    return end


def _from_ticks(around: Surroundings) -> Iterable[Draft]:
    for option in around.options:
        codes = codes_in(around.text, option.start, option.end)
        if option.ticked and codes:
            words = around.text[option.start : option.end]
            for code in codes[:1]:
                words = words.replace(around.text[code.start : code.end], " ")
            text = clean(re.sub(r",\s*(?:each|ea)\b\.?", "", words).strip(" -–:,"))
            start = option.start if codes[0].start > option.start else codes[0].end
            phrase = Phrase(start, option.end, text, codes[0], codes[0].quantity)
            yield Draft(phrase, 1, "is ticked", option.start, _row_end(around, option.end), (option.start, option.end))


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
        phrase = Phrase(code.end, line.end, grids.unsized(words.strip(" -–:,")), code, code.quantity)
        if by_words(phrase.text) or span:
            tier = 1 if span else 4
            yield Draft(phrase, tier, "is filled in on its line", line.start, line.end, (line.start, line.end), {"quantity": span} if span else {})


def _from_prescriptions(around: Surroundings) -> Iterable[Draft]:
    spans = grids.prescriptions(around.lines)
    for start, end in spans:
        if _NO_ITEM.match(around.text[start:end]) or re.match(r"\W*(?:LMN|letter of)\b", around.text[start:end]):
            continue
        phrases = [p for p in phrases_from(around.text, start, end, many=False) if p.code or by_words(p.text)]
        if phrases:
            yield Draft(phrases[0], 1, "is prescribed", start, spans[-1][1], (start, spans[-1][1]))
            return


def _from_sentences(around: Surroundings) -> Iterable[Draft]:
    for sentence in around.sentences:
        if asks_outright(around.text, sentence.start, sentence.end) and sentence.text.rstrip().endswith(":"):
            for start, end in grids.bullets_after(around.lines, sentence.end):
                found = phrases_from(around.text, start, end)
                yield from _drafts([p for p in found if p.code or by_words(p.text)], (start, end), 1, "is listed in a request")
        for ask in asks_in(around.text, sentence.start, sentence.end):
            yield from _drafts(ask.phrases, (ask.start, ask.end), ask.tier, ask.source)


def _from_subjects(around: Surroundings) -> Iterable[Draft]:
    for start, end in _subject_spans(around):
        for a, b in _segments(around.text, start, end):
            if _NO_ITEM.match(around.text[a:b]) and not codes_in(around.text, a, b):
                continue
            phrases = [p for p in phrases_from(around.text, a, b) if (p.code or by_words(p.text)) and p.start - a < 90 and len(p.text.split()) <= 14]
            yield from _drafts(phrases, (a, max(end, b)), 2, "stands in the subject line")
    for line in around.lines:
        for ask in titled(around.text, line.start, line.end):
            yield from _drafts(ask.phrases, (ask.start, ask.end), 2, ask.source)


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
        if len(line.words) > 12 or _NO_ITEM.match(line.text):
            continue
        phrases = [p for p in phrases_from(around.text, line.start, line.end, many=False) if by_words(p.text) and p.start - line.start < 12]
        if phrases and (phrases[0].code or re.search(r"\d", line.text[phrases[0].end - line.start :])):
            yield Draft(phrases[0], 4, "stands on a line of its own", line.start, line.end, (line.start, line.end))
    for sentence in around.sentences:
        phrases = phrases_from(around.text, sentence.start, sentence.end)
        if phrases and phrases[0].start - sentence.start < 6 and phrases[0].code and by_words(phrases[0].text):
            yield from _drafts(phrases, (sentence.start, sentence.end), 4, "begins a sentence, with its code")


def _unticked(draft: Draft, around: Surroundings) -> bool:
    return any(not o.ticked and o.start <= draft.phrase.start < o.end for o in around.options)


def _merged(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Drafts that name one item, best first; what is asked outright leaves no room for what is only mentioned."""
    ordered = sorted(enumerate(drafts), key=lambda pair: (pair[1].tier, pair[0]))
    groups: list[list[Draft]] = []
    best = ordered[0][1].tier if ordered else 0
    for _, draft in ordered:
        group = _group_for(draft, groups)
        if group is not None:
            group.append(draft)
        elif draft.tier == best or (draft.tier == 2 and draft.phrase.code and "subject" in draft.source):
            groups.extend([extra] for extra in _by_code(draft))
    return groups


def _by_code(draft: Draft) -> list[Draft]:
    """Codes that each have a count of their own ('81415 x1 and 81416 x2') are items of their own."""
    phrase = draft.phrase
    if phrase.code is None or phrase.code.quantity is None or not any(c.quantity for c in phrase.more_codes):
        return [draft]
    codes = (phrase.code, *phrase.more_codes)
    return [Draft(Phrase(phrase.start, phrase.end, phrase.text, c, c.quantity), draft.tier, draft.source, draft.left, draft.right, draft.scope, draft.cells) for c in codes]


def _group_for(draft: Draft, groups: Sequence[list[Draft]]) -> list[Draft] | None:
    if draft.phrase.code is not None:
        same = [g for g in groups if any(_same_code(draft.phrase, d.phrase) for d in g)]
        if same:
            return same[0]
    open_groups = [g for g in groups if not (draft.phrase.code and any(d.phrase.code for d in g))]
    alike = [(score, -n) for n, g in enumerate(open_groups) if (score := max(_alike(draft.phrase.text, d.phrase.text) for d in g)) >= 0.5]
    if alike:
        return open_groups[-max(alike)[1]]
    category = by_words(draft.phrase.text)
    kin = [g for g in open_groups if category and _category(g) == category and draft.tier > g[0].tier]
    return kin[0] if len(kin) == 1 else None


def _same_code(one: Phrase, other: Phrase) -> bool:
    if one.code is None or other.code is None:
        return False
    mine = {c.value[:5] if c.kind != "ndc" else c.value for c in (one.code, *one.more_codes)}
    return (other.code.value[:5] if other.code.kind != "ndc" else other.code.value) in mine or one.code.value[:5] in {c.value[:5] for c in other.more_codes}


def _alike(one: str, other: str) -> float:
    """Share of telling words in common, of the shorter text; whole texts when they hold none."""
    a, b = _words(one), _words(other)
    if not a or not b:
        return 1.0 if one.lower() == other.lower() else 0.0
    return len(a & b) / min(len(a), len(b))


def _words(text: str) -> set[str]:
    found = re.findall(r"[a-z0-9]{2,}", text.lower())
    kept = {w.rstrip("s") if len(w) > 3 else w for w in found if w not in _GENERIC}
    return kept or {w for w in found}


def _lone_code(groups: list[list[Draft]], around: Surroundings) -> None:
    """The one item without a code takes the code that stands under a label of its own."""
    codes = [c for span in around.labelled.get("code", ()) for c in codes_in(around.text, *span, sure=True)]
    bare = [g for g in groups if not any(d.phrase.code for d in g)]
    taken = {d.phrase.code.value for g in groups for d in g if d.phrase.code}
    free = [c for c in codes if c.value not in taken]
    if len(bare) == 1 and len(free) > 1 and all(c.quantity for c in free):
        best = bare[0][0]
        p = best.phrase
        at = groups.index(bare[0])
        groups[at : at + 1] = [[replace(best, phrase=Phrase(p.start, p.end, p.text, c, c.quantity))] for c in free]
        return
    for group, code in zip(bare, free, strict=False) if len(bare) == len(free) or len(bare) == 1 else ():
        p = group[0].phrase
        group[0].phrase = Phrase(p.start, p.end, p.text, code, p.quantity or code.quantity)


def _category(group: Sequence[Draft]) -> str:
    code = next((d.phrase.code.value for d in group if d.phrase.code), None)
    words = next((c for d in group if (c := by_words(d.phrase.text))), None)
    return words or category_of("", code)


def _item(document: DocumentText, group: Sequence[Draft], category: str, details: Details, letter_duration: float | None) -> Item | None:
    best = next((d for d in group if d.tier == group[0].tier and len(d.phrase.text) > 2), group[0])
    try:
        evidence = Evidence.at(document, best.phrase.start, best.phrase.end)
    except ValueError:
        return None
    sure = _SURE[best.tier] - (0.12 if category == "other" else 0) + 0.02 * min(3, len(group) - 1)
    return Item(
        text=best.phrase.text or category.replace("_", " "),
        category=category,
        confidence=round(min(0.98, sure) * (0.6 + 0.4 * evidence.confidence), 4),
        evidence=evidence,
        code=next((d.phrase.code.value for d in group if d.phrase.code), None),
        quantity=details.quantity,
        frequency=details.frequency,
        duration_months=details.duration or letter_duration,
        cost=details.cost,
        because=best.source,
    )
