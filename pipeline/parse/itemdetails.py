"""How often, how long, how many and for how much each item is asked.

Belongs here: giving amounts to items by cell, by their own stretch of a sentence, by label, and letter-wide. Does not
belong here: reading an amount (quantities), finding items (items).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pipeline.parse.itemparts import Details, Draft, Surroundings
from pipeline.parse.itemprices import add_prices
from pipeline.parse.quantities import AHEAD, Found, costs, durations, frequencies, number, quantities
from pipeline.parse.requests import asks_outright

_T = TypeVar("_T")
ONCE_ONLY = ("procedure_or_test", "cosmetic_procedure", "home_modification")
_USE = re.compile(
    r"\b(?:us(?:e[ds]?|ing)|worn?|wear(?:ing|s)?|appl(?:y|ied)|tak(?:e[ns]?|ing)|attend\w*|sessions?|visits?|treatments?|therapy|replac\w*|injected|frequency|schedule|receiv\w*|perform\w*|dose|sig|seen|run|nightly|daily|program|course|times|needs?|needed|try (?:it|them|this)"
    r"|appointments?|classes|participat\w*|administered|meet|monitored|riding|cycling|walking|\w+ing \d+ minutes|at home)\b", re.I)  # fmt: skip
_LASTS = re.compile(
    r"\b(?:need\w*|necess\w*|duration|length|us(?:e[ds]?|ing)|continu\w*|treatment|therapy|course|program|sessions?|visits?|weekly|daily|monthly|times|permanent\w*|lifetime|life|lifelong|indefinite\w*|prescri\w*|recommend\w*|request\w*|order\w*|valid|rental|rent|supply|period"
    r"|dose|lon\b|runs?|running|in place|on the bed|stay|kept|keep|under the skin|subcutaneous\w*|inject\w*|infus\w*|care|approv\w*|authori[sz]\w*|wear|worn|take|appointments?|membership|good for|serves?|covers?|covering|lasts?|remade|replaced|renewed?|try (?:it|them|this))\b", re.I)  # fmt: skip
_NOT_ASKED = re.compile(r"\b(?:tried|trial(?:led|ed)?|(?:has|have|gets|receives|is in|attends) (?:\w+ )?(?:daily|weekly|monthly)|(?:go on|keep|continue|going|be) (?:\w+ ){0,2}working|failed|completed|underwent|stopped|previous\w*|prior|had (?:been )?(?:taken|used|worn)|currently takes|medications?:|in (?:19|20)\d\d|takes|taking|has been (?:on|taking|using|sleeping|wearing)|did not|without (?:relief|benefit)|used to|already|insufficient|despite|in spite of|first managed|of this care|wakes?|flares?|episodes?|headaches?|smok\w+|was on|were)\b", re.I)
_CAME_OUT = re.compile(r"[^.;,]{0,40}\b(?:produced|gave|did|failed|was|were|helped|brought|had|caused|led|made|resulted|without|but)\b", re.I)
_BY_MOUTH = re.compile(r"\b(?:inject\w*|taken?|used?|worn|wear|applied|administered|visits?|sessions?|self-inject\w*)\b[^.;,]{0,20}$", re.I)
_AFTER_CODE = re.compile(r"\W{0,3}\s*,?\s*(?:quantity |qty:? ?)?(?:\((?P<m>one|two|three|four|five|six|\d{1,2})\)|(?P<n>one|two|three|four|five|six|eight|ten|twelve|\d{1,2})(?!\)))(?: each| ea\.?| \(\d\))?(?=\s*(?:[;,.)]|$|and\b))", re.I)
_ALL = re.compile(r"[\s,;:)(\dA-Z-]{0,12}(?:each|both|all)\b")
_EACH = re.compile(r"[^.;]{0,24}?\b(?P<n>one|two|three|four|\d{1,2}) (?:each|of each)\b", re.I)
_BARE_COUNT = re.compile(r"(?:[\s)]{0,2}(?:,\s(?:about |at |for )?\$[\d,.]+\d|\s?\([^()]{1,30}\)|,\s(?:one time|[A-Z]\d{4}|\d{5}))?,\s(?:quantity |qty\.? )?|\s\((?=(?:one|two|three|four|five|six|\d{1,2})\)))(?P<n>one|two|three|four|five|six|\d{1,2})(?: \(\d{1,2}\))?\)?(?: (?:each|only|unit|sets?|pairs?|boxes|kits?|systems?|machines?|installation|procedure|device|pieces?|in all|in total|total))?(?=\s*(?:[,;.](?!\d)|and\b|$))", re.I)
_SERVICE_PIECE = re.compile(r"series|course|cycle|total|visit|session|treatment|unit|pair|dose|box|bottle|pen|carton|class|injection|qty|quantit|x|×|#|piece|each|\bea\b|appointment|set|garment|device|roll|can|case", re.I)


def details_of(groups: Sequence[Sequence[Draft]], categories: Sequence[str], around: Surroundings) -> list[Details]:
    """The amounts of each item, in the order of `groups` (each group: all places that name the item, best first)."""
    made = [_own(group, [g[0].phrase.start for g in groups if g is not group], around) for group in groups]
    _share_scopes(groups, made, around)
    _counts_by_unit(made, around)
    _labelled(groups, made, around)
    _letter_wide(groups, made, categories, around)
    add_prices(groups, made, around)
    return made


def _flat(text: str, start: int, end: int) -> str:
    return re.sub(r"\s", " ", text[start:end])


def _own(group: Sequence[Draft], others: Sequence[int], around: Surroundings) -> Details:
    """The amounts in an item's own cells and words, which end where another item's name begins; the cell of its reason or
    notes states none."""
    made = Details()
    notes = [*others, *(a for draft in group for name, (a, b) in draft.cells.items() if name == "other" and len(around.text[a:b].split()) > 4)]
    for draft in group:
        behind = _flat(around.text, draft.phrase.end, min([draft.right, *(a for a in notes if a >= draft.phrase.end)]))
        ahead = _flat(around.text, draft.left, draft.phrase.start)[-100:]
        made.frequency = made.frequency or _cell(draft, "frequency", around, _often) or _often(behind) or _often_ahead(ahead)
        made.duration = made.duration or _cell(draft, "duration", around, _long_cell) or _long(behind) or _long(ahead)
        made.cost = made.cost or _cell(draft, "cost", around, _price_cell) or _first(costs(behind)) or _first(costs(ahead[-40:]))
        made.quantity = made.quantity or _cell(draft, "quantity", around, _many_cell) or _count(draft, behind)
    return made


def _cell(draft: Draft, column: str, around: Surroundings, read: Callable[[str], _T | None]) -> _T | None:
    span = draft.cells.get(column)
    return read(" ".join(_flat(around.text, *part) for part in (span, *draft.more.get(column, ())))) if span else None


def _often(text: str) -> str | None:
    found = frequencies(text)
    taken = [f for f in found if _BY_MOUTH.search(text[: f.start])]
    best = (taken or found)[:1]
    return str(best[0].value) if best else None


def _often_ahead(text: str) -> str | None:
    """A frequency before the item ('weekly massage') stands close to it."""
    near = text[-70:]
    return None if _NOT_ASKED.search(near) else _often(near)


def _long(text: str) -> float | None:
    return _first(durations(text))


def _long_cell(text: str) -> float | None:
    return _first(durations(text, labelled=True))


def _price_cell(text: str) -> float | None:
    if "$" not in text and re.search(r"\b(?:days?|weeks?|months?|years?|life\w*|visits?|times)\b", text, re.I):
        return None
    return _first(costs(text)) or _first(costs(f"${text.strip()}"))


def _many_cell(text: str) -> float | None:
    return _first(quantities(text, labelled=True))


def _first(found: Sequence[Found]) -> float | None:
    return next((float(f.value) for f in found), None)


def _count(draft: Draft, behind: str) -> float | None:
    if draft.phrase.quantity:
        return draft.phrase.quantity
    found = [f for f in quantities(behind) if _SERVICE_PIECE.search(f.raw)]
    if found:
        return max(float(f.value) for f in found[:2]) if re.search(r"\(", behind[found[0].start - 2 : found[0].start + 24]) and len(found) > 1 else float(found[0].value)
    bare = _BARE_COUNT.match(behind)
    if bare:
        return number(bare["n"])
    if draft.phrase.code is None:
        return None
    at = behind.find(draft.phrase.code.value[:5])
    listed = _AFTER_CODE.match(behind[at + len(draft.phrase.code.value) :]) if at >= 0 else None
    return number(listed["n"] or listed["m"]) if listed else None


def _share_scopes(groups: Sequence[Sequence[Draft]], made: Sequence[Details], around: Surroundings) -> None:
    """Items of one statement share a frequency or duration that stands once, behind the last of them."""
    for n, group in enumerate(groups):
        best = group[0]
        partners = [k for k, other in enumerate(groups) if any(d.scope == best.scope for d in other)]
        if len(partners) < 2:
            continue
        last = max(partners, key=lambda k: max(d.phrase.end for d in groups[k] if d.scope == best.scope))
        alone = sum(1 for k in partners if made[k].frequency) <= 1
        shared = _ALL.match(_flat(around.text, groups[last][0].phrase.end, groups[last][0].right)) is not None
        parted = re.search(r";|\(\d\)", around.text[best.phrase.end : groups[last][0].phrase.start]) is not None
        own = (made[n].cost is not None or made[n].duration is not None) and not shared
        if made[n].frequency is None and alone and last != n and not own and not (parted and not shared) and (shared or not _names_itself(groups[last][0], around)):
            made[n].frequency = made[last].frequency
        if shared and made[n].quantity is None:
            made[n].quantity = made[last].quantity
        each = _EACH.match(_flat(around.text, groups[last][0].phrase.end, groups[last][0].right))
        if each and made[n].quantity is None:
            made[n].quantity = number(each["n"])
        if made[n].duration is None and sum(1 for k in partners if made[k].duration) <= 1:
            made[n].duration = next((made[k].duration for k in partners if made[k].duration), None)


def _names_itself(draft: Draft, around: Surroundings) -> bool:
    """'monitor (E2103) and sensors (A4239), sensors changed every 10 days': the amount is for the last alone."""
    behind = around.text[draft.phrase.end : draft.right].lower()
    return any(re.search(rf"\b{re.escape(word.rstrip('s'))}", behind) for word in re.findall(r"[a-z]{5,}", draft.phrase.text.lower()))


def chosen(around: Surroundings, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a labelled value that count: its ticked options when it holds tick boxes, else all of it."""
    row = next((n for n in around.lines if n.start <= start < n.end), None)
    near = {n.start for n in around.lines if row and n.page == row.page and abs(n.box[1] - row.box[1]) < row.height}
    inside = [o for o in around.options if start - 2 <= o.start < end or any(n.start in near and n.start <= o.start < n.end for n in around.lines)]
    if not any(o.start < end and start < o.end for o in inside):
        return [(start, end)]
    return [(o.start, o.end) for o in inside if o.ticked]


def _labelled(groups: Sequence[Sequence[Draft]], made: Sequence[Details], around: Surroundings) -> None:
    for name, attribute, read in (("frequency", "frequency", _often), ("duration", "duration", _long_cell), ("quantity", "quantity", _many_cell), ("cost", "cost", _price_cell)):
        reader: Callable[[str], str | float | None] = read
        spans = (*around.labelled.get(name, ()), *(around.labelled.get("duration", ()) if name == "frequency" else ()))
        values = [v for span in spans for part in chosen(around, *span) if not _EXAMPLE.search(around.text[slice(*part)]) and (v := reader(_flat(around.text, *part))) is not None]
        if not values:
            continue
        for n, details in enumerate(made):
            if getattr(details, attribute) is None:
                in_order = len(values) == len(made)
                if in_order or attribute in ("frequency", "duration") or len(made) == 1:
                    setattr(details, attribute, values[n] if in_order else values[0])
        if name == "frequency":
            _durations_of_frequency(made, around)


_EXAMPLE = re.compile(r"\b(?:example|e\.g\.|sample)\s*:", re.I)
_LIFELONG = 999.0


def _counts_by_unit(made: Sequence[Details], around: Surroundings) -> None:
    """A bare number under a label that names its unit: 'times per week', 'number of weeks'."""
    for unit, months in (("day", 1 / 30), ("week", 0.25), ("month", 1.0), ("year", 12.0)):
        often = [n for span in around.labelled.get(f"per_{unit}", ()) if (n := number(_flat(around.text, *span).strip())) is not None]
        long = [n for span in around.labelled.get(f"{unit}s", ()) if (n := number(_flat(around.text, *span).strip())) is not None]
        for details in made:
            details.frequency = details.frequency or (f"{often[0]:g} per {unit}" if often else None)
            details.duration = details.duration or ((_LIFELONG if unit == "month" and long[0] == 99 else long[0] * months) if long else None)


def _durations_of_frequency(made: Sequence[Details], around: Surroundings) -> None:
    """'2 x / week for 6 weeks' under the label of the frequency."""
    for span in around.labelled.get("frequency", ()):
        for part in chosen(around, *span):
            value = _long_cell(_flat(around.text, *part))
            for details in made:
                if details.duration is None and value is not None and re.search(r"[a-z]", _flat(around.text, *part), re.I):
                    details.duration = value


def _letter_wide(groups: Sequence[Sequence[Draft]], made: Sequence[Details], categories: Sequence[str], around: Surroundings) -> None:
    ticked = [_flat(around.text, o.start, o.end) for o in around.options if o.ticked and o.end - o.start < 24]
    sentences = list(_use_sentences(around))
    often = _wide_frequency(sentences, ticked, any(c in ("prescription_drug", "supplement") for c in categories))
    long = _wide_duration(sentences, ticked)
    unsaid = not any(d.frequency for d in made)
    if len(made) > 1:
        often = _wide_frequency([s for s in sentences if _OF_ALL.search(s)], ticked, any(c in ("prescription_drug", "supplement") for c in categories))
    for details, category in zip(made, categories, strict=True):
        if category in ONCE_ONLY and details.duration is not None and details.duration < 0.5:
            details.duration = None  # days in hospital
        if details.duration is None and (category not in ONCE_ONLY or long == _LIFELONG):
            details.duration = long
        if details.frequency is None and category not in ONCE_ONLY and (len(made) == 1 or unsaid):
            details.frequency = often
    if len(made) == 1 and made[0].quantity is None:
        made[0].quantity = _near_quantity(groups[0], around)


_OF_ALL = re.compile(r"^\W*(?:to be )?(?:use[ds]?|wear|worn|take[n]?|apply|applied)\b|\b(?:both|each|all|these|they|them|the following|the (?:items|two|three)|equipment|supplies|devices|garments|services)\b", re.I)
"""What makes a sentence of use speak of several items at once."""


def _use_sentences(around: Surroundings) -> Iterable[str]:
    tried = around.labelled.get("tried", ())
    sentences = sorted(around.sentences, key=lambda s: not asks_outright(around.text, s.start, s.end))
    for sentence in sentences:
        covered = sum(max(0, min(o.end, sentence.end) - max(o.start, sentence.start)) for o in around.options if o.end - o.start <= 48)
        boxed = covered > 0.5 * len(sentence.text) and len(sentence.text) < 90
        if not boxed and not re.match(r"\W*(?:for )?(?:example|e\.g\.|sample)\b", sentence.text, re.I) and not any(a < sentence.end and sentence.start < b for a, b in tried):
            yield sentence.text


_HOPED = re.compile(r"\b(?:expect\w*|goals?|aim\w*|targets?|success\w*|measured?|hope\w*)\b", re.I)
_MEDICATED = re.compile(r"\b(?:he|she|they|patient|who)\s(?:\w+ )?(?:uses?|takes?|inject\w*|inhales?|is on|remains on)\b", re.I)
"""How a letter speaks of what its patient takes already; its 'twice daily' is not the item's."""


def _wide_frequency(sentences: Sequence[str], ticked: Sequence[str], drug: bool) -> str | None:
    """A frequency that a sentence of use states, when no item's own words do."""
    by_box = next((str(f.value) for words in ticked for f in frequencies(words) if len(f.raw) > len(words) - 4), None)
    if by_box:
        return by_box
    for sentence in sentences:
        if _MEDICATED.search(sentence) and not drug:
            continue
        found_here = frequencies(sentence)
        for found in [f for f in found_here if _BY_MOUTH.search(sentence[: f.start])] or found_here:
            clause = re.split(r"[;]|, (?:and|but) (?:he|she|they|I|we)\b", sentence[: found.end])[-1]
            if not _HOPED.search(clause) and _USE.search(sentence[max(0, found.start - 60) : found.end + 30]) and not _NOT_ASKED.search(clause) and not _CAME_OUT.match(sentence[found.end :]):
                return str(found.value)
    return None


def _wide_duration(sentences: Sequence[str], ticked: Sequence[str]) -> float | None:
    by_box = next((float(f.value) for words in ticked for f in durations(words, labelled=True) if re.match(r"\W*(?:\d|for life|life|perm|one|two|three|six|twelve)", words, re.I)), None)
    if by_box:
        return by_box
    for sentence in sentences:
        found = [f for f in durations(sentence) if (_LASTS.search(sentence[max(0, f.start - 90) : f.end + 40]) or AHEAD.search(sentence[: f.start])) and not _NOT_ASKED.search(sentence[max(0, f.start - 70) : f.start]) and not _CAME_OUT.match(sentence[f.end :])]
        if found:
            return float(found[0].value)
    return None


def _near_quantity(group: Sequence[Draft], around: Surroundings) -> float | None:
    at = group[0].phrase.end
    near = around.text[at : at + 220]
    for sentence in around.sentences:
        asked = quantities(sentence.text) if asks_outright(around.text, sentence.start, sentence.end) else []
        if asked:
            return float(asked[-1].value if len(asked) == 2 and re.search(r"\($", sentence.text[: asked[1].start]) else asked[0].value)
    found = [f for f in quantities(re.sub(r"\s", " ", near)) if re.search(r"visit|session|treatment|unit|qty|quantit|pair|dose|injection", f.raw, re.I)]
    return float(found[0].value) if found and not _NOT_ASKED.search(near[max(0, found[0].start - 60) : found[0].end + 20]) else None
