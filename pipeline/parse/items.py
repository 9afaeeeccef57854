"""What a letter asks for: each item once, with the words that name it, its code and its amounts.

Belongs here: gathering what labels, tables, tick boxes, prescriptions, sentences and subject lines name, settling which
of them are asked for, and merging those that are one item. Does not belong here: reading codes (itemcodes), phrases
(phrases), amounts (quantities, itemdetails). What was tried, is in use now or is declined is no item.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.model import DocumentText, Evidence, Item
from pipeline.parse.acquisition import acquisition_in
from pipeline.parse.categories import by_words, category_of
from pipeline.parse.drafts import drafts_by_name, gather_drafts
from pipeline.parse.itemcodes import codes_in
from pipeline.parse.itemdetails import details_of
from pipeline.parse.itemparts import Details, Draft, Surroundings
from pipeline.parse.lines import Line, Sentence
from pipeline.parse.options import options_in
from pipeline.parse.phrases import Phrase

_SURE = {1: 0.92, 2: 0.8, 3: 0.65, 4: 0.5}
_VAGUE = re.compile(r"(?:supplement|medication|medicine|drug|device|equipment|item|product|service|treatment|therapy|program|machine|unit|membership|procedure|test|testing|surgery|operation|system|pump|appliance)s?", re.I)
"""Words that name an item only by its kind: another place of the letter names it better."""
_MOST = 999
"""Pieces or visits; a larger number is a year, a code or a dose."""
_NEXT_ONE = re.compile(r",?\s(?:and|plus)\s(?:the\s)?(?:purchase|rental|rent|buy)\s", re.I)
_GENERIC = frozenset(
    ["the", "and", "with", "for", "therapy", "treatment", "program", "service", "services", "device", "equipment", "system", "custom", "new", "unit", "medical", "each", "sessions", "session", "visits", "visit", "supplies", "a", "of", "an", "to", "in", "membership", "monthly", "weekly", "daily", "prescription", "purchase", "rental"]
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
    around = Surroundings(_unwrapped(document.text), lines, sentences, labelled, options_in(document, lines))
    drafts = [d for d in gather_drafts(document, around) if _counts(d, around)]
    if not any(d.tier <= 2 for d in drafts):
        drafts += [d for d in drafts_by_name(around) if _counts(d, around)]
    groups = _telling(_merged(drafts))
    _lone_code(groups, around)
    categories = [_category(group) for group in groups]
    amounts = details_of(groups, categories, around)
    made = [
        _item(document, group, category, details, letter_duration)
        for group, category, details in zip(groups, categories, amounts, strict=True)
    ]  # fmt: skip
    return tuple(sorted((item for item in made if item), key=lambda item: item.evidence.start))


def _unwrapped(text: str) -> str:
    """The text, as long as before, with spaces for the line ends within a statement: what goes on in lower case or in
    brackets begins nothing."""
    return re.sub(r"\n(?=[a-z(])", " ", text)


def _counts(draft: Draft, around: Surroundings) -> bool:
    return not (_unticked(draft, around) or _was_tried(draft, around) or _is_example(draft, around) or _is_question(draft, around))


def _is_question(draft: Draft, around: Surroundings) -> bool:
    """Words of a form's own question, with its Yes and No on the line or its question mark behind them."""
    line = next((n for n in around.lines if n.start <= draft.phrase.start < n.end), None)
    words = around.text[draft.phrase.start : draft.phrase.end]
    return _YES_NO.search(words) is not None or (line is not None and (_YES_NO.search(line.text) is not None or (line.text.rstrip().endswith("?") and len(line.words) > 3)))


_YES_NO = re.compile(r"[☐☑☒□✓✔]\s*(?:yes|no)\b|\b(?:yes|no)\s*[☐☑☒□]|\byes\b\s*/?\s*\bno\b|\[\s?[xX]?\s?\]\s*(?:yes|no)\b", re.I)


def _unticked(draft: Draft, around: Surroundings) -> bool:
    return any(not o.ticked and o.start <= draft.phrase.start < o.end for o in around.options)


def _was_tried(draft: Draft, around: Surroundings) -> bool:
    """A name that stands in the answer to what was tried, unless it is asked for there outright."""
    inside = any(a <= draft.phrase.start < b for a, b in around.labelled.get("tried", ()))
    return inside and draft.source != "is asked for"


def _is_example(draft: Draft, around: Surroundings) -> bool:
    """A name in a line that a form prints as an example."""
    line = next((n for n in around.lines if n.start <= draft.phrase.start < n.end), None)
    return line is not None and re.match(r"\W*(?:for )?(?:example|e\.g\.|sample)\b", line.text, re.I) is not None


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
    if best >= 4:
        groups = [g for g in groups if g[0].scope == groups[0][0].scope]
    return groups


def _telling(groups: list[list[Draft]]) -> list[list[Draft]]:
    """The groups without those that name only a kind ('the machine'), where others name things."""
    said = [g for g in groups if any(d.phrase.code or not _VAGUE.fullmatch(d.phrase.text) for d in g)]
    return said or groups


def _by_code(draft: Draft) -> list[Draft]:
    """Codes that each have a count of their own ('95810 x1 and 95811 x2') are items of their own."""
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
    if (wordless := _wordless_partner(draft, groups)) is not None:
        return wordless
    open_groups = [g for g in groups if not (draft.phrase.code and any(d.phrase.code for d in g))]
    alike = [(score, -n) for n, g in enumerate(open_groups) if (score := max(_alike(draft.phrase.text, d.phrase.text) for d in g)) >= (0.99 if _listed_with(draft, g) else 0.5)]
    if alike:
        return open_groups[-max(alike)[1]]
    category = by_words(draft.phrase.text)
    kin = [g for g in open_groups if category and _category(g) == category and g[0].tier < draft.tier <= 3]
    return kin[0] if len(kin) == 1 else None


def _listed_with(draft: Draft, group: Sequence[Draft]) -> bool:
    """Whether one list names both: 'a shower chair; a hand-held shower' are two things for all they share."""
    return any(d.scope == draft.scope and d.source == draft.source and d.phrase.start != draft.phrase.start for d in group)


def _wordless_partner(draft: Draft, groups: Sequence[list[Draft]]) -> list[Draft] | None:
    """A row of a table that holds a code and amounts but no name, and the one item named elsewhere without a code."""
    if draft.phrase.code is not None and not draft.phrase.text:
        partners = [g for g in groups if not any(d.phrase.code for d in g)]
    elif draft.phrase.code is None and draft.tier <= 2:
        partners = [g for g in groups if all(d.phrase.code and not d.phrase.text for d in g)]
    else:
        return None
    return partners[0] if len(partners) == len(groups) == 1 else None


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
    return kept or set(found)


def _lone_code(groups: list[list[Draft]], around: Surroundings) -> None:
    """The one item without a code takes the code that stands under a label of its own."""
    _codes_of_scope(groups, around)
    _codes_of_mentions(groups, around)
    _codes_beside(groups, around)
    codes = [c for span in around.labelled.get("code", ()) for c in codes_in(around.text, *span, sure=True)]
    bare = [g for g in groups if not any(d.phrase.code for d in g)]
    taken = {d.phrase.code.value for g in groups for d in g if d.phrase.code}
    free = [c for c in codes if c.value not in taken]
    if len(groups) == 1 and len(codes) > 1 and all(c.quantity for c in codes):
        best = groups[0][0]
        groups[:] = [[replace(best, phrase=replace(best.phrase, code=c, quantity=c.quantity))] for c in codes]
        return
    for group, code in zip(bare, free, strict=False) if len(bare) == len(free) or len(bare) == 1 else ():
        p = group[0].phrase
        group[0].phrase = Phrase(p.start, p.end, p.text, code, p.quantity or code.quantity)


def _codes_beside(groups: list[list[Draft]], around: Surroundings) -> None:
    """Of several items on a form each takes the code that stands in the code cell of its own row."""
    for group in groups if len(groups) > 1 else ():
        best = group[0]
        row = next((n for n in around.lines if n.start <= best.phrase.start < n.end), None)
        if row is None or any(d.phrase.code for d in group):
            continue
        for span in around.labelled.get("code", ()):
            cell = next((n for n in around.lines if n.start <= span[0] < n.end), None)
            codes = codes_in(around.text, *span, sure=True)
            if codes and cell is not None and cell.page == row.page and abs(cell.box[1] - row.box[1]) < row.height:
                p = best.phrase
                best.phrase = Phrase(p.start, p.end, p.text, codes[0], p.quantity or codes[0].quantity)


def _codes_of_scope(groups: list[list[Draft]], around: Surroundings) -> None:
    """An item without a code takes the first that its own statement gives further on: 'X, twice a week (97110, 97140)'."""
    for group in groups:
        best = group[0]
        if any(d.phrase.code for d in group) or best.tier > 2 or sum(g[0].scope == best.scope for g in groups) > 1:
            continue
        taken = {d.phrase.code.value for g in groups for d in g if d.phrase.code}
        found = [c for c in codes_in(around.text, best.phrase.end, best.right) if c.value not in taken]
        if found:
            p = best.phrase
            best.phrase = Phrase(p.start, p.end, p.text, found[0], p.quantity or found[0].quantity, tuple(found[1:]))


def _codes_of_mentions(groups: Sequence[list[Draft]], around: Surroundings) -> None:
    """An item asked for by name takes the code that stands behind the same name elsewhere: 'a TENS unit (E0730) lowered her pain'."""
    taken = {d.phrase.code.value for g in groups for d in g if d.phrase.code}
    for sentence in around.sentences:
        for code in codes_in(around.text, sentence.start, sentence.end):
            named = re.split(r"[.;,(]\s|\d\.\s", around.text[max(sentence.start, code.start - 70) : code.start].rstrip(" (,"))[-1]
            fit = [g for g in groups if not any(d.phrase.code for d in g) and _ends_alike(g[0].phrase.text, named)]
            if len(fit) == 1 and code.value not in taken:
                p = fit[0][0].phrase
                fit[0][0].phrase = Phrase(p.start, p.end, p.text, code, p.quantity or code.quantity)
                taken.add(code.value)


def _ends_alike(item: str, named: str) -> bool:
    """Whether a name ends with an item's last word and holds at least half of its telling words."""
    mine, theirs = re.findall(r"[a-z0-9-]+", item.lower()), re.findall(r"[a-z0-9-]+", named.lower())
    if not mine or not theirs or mine[-1].rstrip("s") not in {w.rstrip("s") for w in theirs[-3:]}:
        return False
    return _alike(item, named) >= 0.5 and len(_words(item) & _words(named)) / len(_words(item)) >= 0.5


def _category(group: Sequence[Draft]) -> str:
    code = next((d.phrase.code.value for d in group if d.phrase.code), None)
    words = next((c for d in group if (c := by_words(d.phrase.text))), None)
    return words or category_of("", code)


def _around(draft: Draft, document: DocumentText) -> str:
    """The item's own stretch with a few words before it ('rental of a hospital bed')."""
    before = document.text[max(draft.scope[0], draft.phrase.start - 24) : draft.phrase.start]
    behind = document.text[draft.phrase.start : max(draft.phrase.end, min(draft.right, draft.phrase.end + 160))]
    return f"{before}{re.split(_NEXT_ONE, behind)[0]}".replace("\n", " ")


def _item(document: DocumentText, group: Sequence[Draft], category: str, details: Details, letter_duration: float | None) -> Item | None:
    best = next((d for d in group if d.tier == group[0].tier and len(d.phrase.text) > 2), group[0])
    if _VAGUE.fullmatch(best.phrase.text):
        best = next((d for d in group if by_words(d.phrase.text) and not _VAGUE.fullmatch(d.phrase.text)), best)
    if len(best.phrase.text.split()) == 1:
        fuller = [d for d in group if d.tier <= 3 and best.phrase.text.lower() in d.phrase.text.lower().split() and len(d.phrase.text.split()) <= 7]
        best = max(fuller, key=lambda d: len(d.phrase.text.split()), default=best)
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
        quantity=details.quantity if details.quantity is None or details.quantity <= _MOST else None,
        frequency=details.frequency,
        duration_months=details.duration or letter_duration,
        cost=details.cost,
        acquisition=acquisition_in(_around(best, document)),
        because=best.source,
    )
