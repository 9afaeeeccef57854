"""How long, how much, how many: the grammar of durations, prices and pieces.

Belongs here: reading such words wherever they stand, and telling the obvious decoys (ages, what was tried, what is
hoped for). Does not belong here: how often (frequencies), which item an amount is for (itemdetails), dates (dates).
Normal forms are those of docs/fields.md: months with 4 weeks = 1 and 999 for life; dollars; pieces.
"""

import re
from collections.abc import Callable

from pipeline.codes.fold import as_digits
from pipeline.parse.amounts import DIGITS, NUMBER, Found, clause_before, gather, number
from pipeline.parse.frequencies import FREQUENCIES, frequencies

LIFETIME = 999.0
_SPAN = r"(?P<unit>days?|weeks?|wee?ks?|wks?|months?|mos?|mths?|mon|years?|yrs?)\b\.?"
_WHOLE_YEAR = {
    "a year": 12.0,
    "one full year": 12.0,
    "half a year": 6.0,
    "the next year": 12.0,
    "the coming year": 12.0,
    "the following year": 12.0,
    "a month": 1.0,
    "a full year": 12.0,
    "a whole year": 12.0,
}


def months(count: float, unit: str) -> float:
    """Months by the convention of docs/fields.md: 4 weeks = 1 (but 13, 26, 39, 52 weeks are quarters), 30 days = 1."""
    kind = unit.lower()[0]
    if kind == "y":
        return LIFETIME if count >= 50 else count * 12
    if kind == "m":
        return LIFETIME if count >= 99 else count
    if kind == "w":
        return count / 13 * 3 if count % 13 == 0 else count / 4
    return (
        count / 28
        if count % 28 == 0
        else round(count / 30.4)
        if count > 60
        else count / 7 / 4
        if count % 7 == 0
        else count / 30
    )


def _lasting(match: re.Match[str]) -> float | None:
    n = number(match["n"])
    return None if not n or n > 400 else round(months(n, match["unit"]), 2)


def _year(match: re.Match[str]) -> float | None:
    return _WHOLE_YEAR.get(" ".join(match.group().lower().replace("-", " ").split()))


_DURATIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float | None]], ...] = (
    (re.compile(rf"(?P<n>{NUMBER})[\s-]*(?:consecutive |additional |more |full |calendar |continuous )?{_SPAN}", re.I), _lasting),
    (re.compile(r"\b(?:a (?:full |whole )?year|one full year|half a year|the (?:next|coming|following) year(?= *[.,;]|$| for| of| at))\b(?! old| ago)", re.I), _year),
    (re.compile(r"\b(?:life[- ]?time|life[- ]?long|for life|permanent(?:ly)?|indefinite(?:ly)?|for the (?:rest|remainder) of (?:his|her|their) life"
                r"|(?<=need )99|LON:?\s*99|(?:for )?as long as (?:he|she|they|it|the (?:patient|child|member)|this patient|\w+) (?:lives?|is alive|shall live)|(?:throughout|for the duration of|for the remainder of|for the rest of) (?:his|her|their|the patient['’]s) (?:natural )?(?:life(?:time)?|days)"
                r"|for ever|forever|without (?:an )?end(?: date)?|no (?:planned |foreseeable |expected )?end(?: date)?|in perpetuity|until death)\b", re.I), lambda m: LIFETIME),
    (re.compile(r"(?<![\w])(?:year[- ]long|yearlong)\b", re.I), lambda m: 12.0),
)  # fmt: skip
_HAS_SPAN = re.compile(r"day|week|wk|mo\b|mon|mos\b|mth|year|yr|life|perman|indefin|99|as long as|ever\b|end\b|perpet|death", re.I)
_NOT_LONG_BEFORE = re.compile(
    r"(?:\b(?:age|aged|warranty|warrantied for|warranted for|guarantee|since|past|last|previous|prior|preceding|within|after|by|every|each|until|first|q|(?<!no less )(?<!not less )than|(?<!need as )(?<!need )(?<!therapy )(?<!course )lasting|lasted|took|at|about every|inside"
    r"|another|every other|once in|twice in|once[- ]per|per|earlier|roughly every)|\bin(?: the)?(?: next| first)?|/)[\s,]*(?:about |around |at least |approximately |the )?$", re.I)  # fmt: skip
_VISITS_BEFORE = re.compile(r"(?:visits?|sessions?|treatments?|units?) (?:in|within)\s*$", re.I)
_NOT_LONG_AFTER = re.compile(
    r"^[\s-]*(?:old|of age|ago|warranty|guarantee|postpartum|gestation|apart|later|earlier|prior|before(?! (?:it|they|the \w+|this) (?:is|are|has|have|needs?|must|wears?) )|from now|post|pregnant|of (?:symptoms?|pain|relief|comfort|conservative|"
    r"unsuccessful|failed|suffering|progressive|worsening|history)|without|history|(?:re-?eval|follow)|girl|boy|male|female|infant|child\b|trial\b|(?:condition|disease|disorder|risk|history|prevalence|illness|weakness|damage|disability|loss|injury|deformity|impairment|partial|test|was|were|(?:trial )?(?:failed|did not|gave))\b|of (?:[a-z-]+ ){0,3}(?:failed|did not|gave))", re.I)  # fmt: skip
_PAST = re.compile(
    r"\b(?:has been|have been|had|has had|was|were|tried|trials?|triall?ed|failed|completed|attempted|underwent|despite|stopped|abandoned|gave|(?:has|have) (?:given|brought|kept|held|bought)|since|(?<!be )(?<!is )(?<!, )(?<!^)used|wore"
    r"|did(?: not|n['’]t)?|lost|has (?:tried|used|worn|taken|completed|failed|undergone)|have (?:tried|used)|went|took|received|attended|participated|led to"
    r"|could not|dropped|began|suffered|seen|followed)\b", re.I)  # fmt: skip
_ASKS = re.compile(
    r"\b(?:prescrib\w*|order\w*|request\w*|recommend\w*|asking|need(?:s|ed)?|necess\w*|require[sd]?|continu\w*|authori[sz]\w*|approv\w*|plan of care|use (?:it )?daily|length of need"
    r"|duration|therapy (?:is|will)|coverage|certif\w*)\b", re.I)  # fmt: skip
_HOPE = re.compile(
    r"\b(?:expect(?!ed (?:duration|length|need|period|term|(?:useful |service |working )?life(?:span|time)?|use|wear)\b|(?:s|ing)? (?:a |the |this |his |her |to )?(?:lifetime|lifelong|permanent|need))\w*|goals?|improv\w*|reduc\w*|fall to|drop\w*|decreas\w*|reach|target|re-?evaluat\w*|re-?assess\w*"
    r"|re-?check\w*|re-?examin\w*|follow[- ]?up|aim|hope\w*|measure[sd]?|review\w*)\b", re.I)  # fmt: skip


AHEAD = re.compile(r"\b(?:for|over|during|throughout) the (?:next|coming|following|entire next)\s*$", re.I)
"""What lies ahead is no trial, whatever was used before it."""


def durations(text: str, labelled: bool = False) -> list[Found]:
    """How long, in months (999 = for life), in the order of the text. Ages, what was tried and for how long, and the
    time in which a result is hoped for are left out, unless the text stands under a label of its own (`labelled`)."""
    if not _HAS_SPAN.search(text):
        return _bare_months(text) if labelled else []
    found = gather(text, _DURATIONS)
    taken = [(f.start, f.end) for f in gather(text, FREQUENCIES[:-1])]
    found = [f for f in found if not any(a <= f.start and f.end <= b for a, b in taken)]
    if labelled:
        return found or _bare_months(text)
    return [f for f in found if not _no_need(text, f)]


def _bare_months(text: str) -> list[Found]:
    bare = re.match(rf"\W*(?P<n>{DIGITS})\W*$", text)
    n = number(bare["n"]) if bare else None
    if bare is None or not n or n > 99:
        return []
    return [Found(bare.start("n"), bare.end("n"), LIFETIME if n == 99 else n, bare["n"])]


def _no_need(text: str, found: Found) -> bool:
    before = clause_before(text, found.start, 150)
    if _NOT_LONG_AFTER.match(text[found.end : found.end + 24]):
        return True
    if re.search(r"\b(?:day|week|wk|month|mo|visits?)s?\.?\s*[x×]\s*$", before) and not _PAST.search(before):
        return False
    if _NOT_LONG_BEFORE.search(before) and not _VISITS_BEFORE.search(before):
        return True
    if AHEAD.search(before) and not _HOPE.search(before):
        return False
    asked = max((m.end() for m in _ASKS.finditer(before)), default=-1)
    past = max((m.end() for m in _PAST.finditer(before)), default=-1)
    hoped = max((m.end() for m in _HOPE.finditer(before)), default=-1)
    near = found.value == LIFETIME and len(before) - hoped < 14
    return past > asked or (hoped > asked and not near)


_AMOUNT = r"[\dOolISB]{1,3}(?:,\s?[\dOolISB]{3})+(?:\.[\dOoSB]{2})?|[\dOolISB]{1,6}(?:\.[\dOoSB]{2})?"
_COSTS = (
    re.compile(rf"(?:\$|USD|US\$)\s?(?P<n>{_AMOUNT})(?![\d])(?P<k>\s?k\b)?", re.I),
    re.compile(r"(?<![\w$])S(?P<n>\d{1,3}(?:,\d{3})*\.\d{2})(?!\d)"),
    re.compile(r"(?<![\w$.,])(?P<n>\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.\d{2})?\s(?:dollars|USD)\b", re.I),
)
_NOT_PRICE_AFTER = re.compile(
    r"^\s*(?:co-?pay|deductible|limit|maximum|allowance|credit|gift|co-?insurance|raise|less\b)", re.I
)
_NOT_PRICE_BEFORE = re.compile(
    r"(?:co-?pay(?:ment)?|deductible|sav(?:es?|ing)|co-?insurance|limit|maximum)(?: \w+){0,2}\s*$", re.I
)


def costs(text: str) -> list[Found]:
    """Prices in dollars, in the order of the text; of a range the upper end. Copayments and limits are no prices."""
    found: list[Found] = []
    for pattern in _COSTS:
        for match in pattern.finditer(text):
            value = _dollars(match)
            if value is None or any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            if _NOT_PRICE_AFTER.match(text[match.end() : match.end() + 24]) or _NOT_PRICE_BEFORE.search(
                text[: match.start()][-40:]
            ):
                continue
            found.append(Found(match.start(), match.end(), value, match.group()))
    return _upper_ends(text, sorted(found, key=lambda f: f.start))


def _dollars(match: re.Match[str]) -> float | None:
    plain = as_digits(re.sub(r"[,\s]", "", match["n"]).upper().replace("L", "1"))
    if not re.search(r"\d", match["n"]) or not re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return None
    return float(plain) * (1000 if match.groupdict().get("k") else 1)


def _upper_ends(text: str, found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for cost in found:
        if kept and re.fullmatch(r"\s?(?:-|–|to)\s?", text[kept[-1].end : cost.start]):
            kept[-1] = Found(kept[-1].start, cost.end, cost.value, text[kept[-1].start : cost.end])
        else:
            kept.append(cost)
    return kept


_PIECE = (
    r"(?:pairs?|prs?|visits?|sessions?|treatments?|units?|doses?|pens?|tablets?|capsules?|boxes|box|bottles?|vials?|cartons?|injections?|syringes?"
    r"|appointments?|each|ea|pieces?|pcs?|devices?|garments?|sets?|rolls?|cans?|cases?|classes|cartridges?|kits?)\b"
)
_QUANTITIES = (
    re.compile(rf"\b(?:qty|quantity|units?|no\. of (?:visits|units)|number of (?:visits|sessions|units))\b\.?\s*(?:requested)?\s*(?:[:#=]|of|is)?\s*(?P<n>{NUMBER})(?!\s*(?:per|/|x\b|months?|weeks?))", re.I),
    re.compile(rf"\b(?:disp(?:ense)?|dispense[ds]?|supply|furnish|issue)\b[.:]?\s*#?\s?(?P<n>{NUMBER})(?=\s*(?:[,;.)(]|$|refill|with\b|of\b|tab|cap|pr\b|ea\b|unit))", re.I),
    re.compile(r"(?<![\w.])(?<!\d )(?<!\d)(?:(?<=\d{4} )|(?<=\d{4})|)[x×]\s?(?P<n>[\dlO]{1,3})\b(?!\s*(?:\d|weeks?|wks?|months?|mos?|days?|years?|yrs?|per|/|a (?:day|week)|daily|weekly|hours?|hrs?|min|in\b|inch|\"))", re.I),
    re.compile(r"(?<=[A-Z]\d{4} )[x×]\s?(?P<n>\d{1,3})\b|(?<=\d{5} )[x×]\s?(?P<m>\d{1,3})\b"),
    re.compile(r"\b(?P<n>one|two|three|four|\d{1,2}) (?:installation|procedure|system|machine|kit|test|trial|operation|membership)s?\b(?! (?:in|of the|per))", re.I),
    re.compile(rf"(?P<n>{NUMBER}) times (?:over|during|within|in) the (?:next|coming|following)\b|(?P<m>{NUMBER}) times (?:in all|in total|altogether)\b", re.I),
    re.compile(r"\b(?P<both>one (?:for|per|on) each (?:leg|arm|foot|hand|ear|eye|side|knee|ankle|wrist|limb))\b", re.I),
    re.compile(rf"\b(?:series|course|set|total) of (?P<n>{NUMBER})(?!\s?(?:weeks?|months?|days?|years?|hours?|minutes?|per|/))", re.I),
    re.compile(r"(?<![\w#])#\s?(?P<n>\d{1,3})\b(?!\s*\d)"),
    re.compile(rf"(?P<n>{NUMBER}|\b(?:a|an)(?= pair))(?!-)\s?(?:(?!minutes?\b|min\b|hours?\b|mg\b|mcg\b|ml\b|days?\b|weeks?\b|months?\b|years?\b|percent\b|pounds?\b|(?:on|in|of|the|to|at|an?|for|and|or|with|by|from)\b)[a-z-]+ ){{0,2}}?{_PIECE}(?!\s*(?:(?:/|per|a\b|an\b|each|every)(?!\s?(?:year|calendar|yr|\d\d))|weekly|daily|monthly|of (?:physical|chiro)))", re.I),
)  # fmt: skip
_NOT_MANY_BEFORE = re.compile(
    r"(?:class|stage|type|grade|level|phase|page|part|step|line|case|NPI|number|\$)\s*$", re.I
)


def quantities(text: str, labelled: bool = False) -> list[Found]:
    """Pieces, visits or doses, in the order of the text; a pair counts as one. Numbers that are part of a frequency,
    and what was used up already, are left out."""
    often = frequencies(text)
    found: list[Found] = []
    for pattern in _QUANTITIES:
        for match in pattern.finditer(text):
            made = _pieces(text, match)
            if made and not any(made.start < f.end and f.start < made.end for f in (*often, *found)):
                found.append(made)
    if labelled and not found:
        bare = re.match(rf"\W*(?P<n>{NUMBER})\b", text)
        made = _pieces(text, bare) if bare else None
        return [made] if made else []
    kept = [f for f in found if labelled or not _used_up(text, f)]
    return sorted(kept, key=lambda f: f.start)


_DOSE_AFTER = re.compile(r"\s*(?:by mouth |orally |po )?(?:b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?d\b|once|twice|three times|\d times|daily|nightly|every|at bedtime|each (?:day|morning|night))", re.I)


def _pieces(text: str, match: re.Match[str]) -> Found | None:
    groups = match.groupdict()
    raw = groups.get("n") or groups.get("m") or ""
    n = 2.0 if groups.get("both") else 1.0 if raw.lower() in ("a", "an") else number(raw)
    if not n or n > 999 or n != int(n) or re.match(r"[A-Za-z|]\d", raw) or _NOT_MANY_BEFORE.search(text[: match.start()][-12:]) or _is_dose(text, match):
        return None
    return Found(match.start(), match.end(), n, match.group())


def _is_dose(text: str, match: re.Match[str]) -> bool:
    """'one capsule twice a day' says how to take it, not how many are asked for."""
    return bool(re.search(r"(?:tablets?|capsules?|doses?|units?|sprays?)$", match.group(), re.I) and _DOSE_AFTER.match(text[match.end() :]))


def _used_up(text: str, found: Found) -> bool:
    before, after = clause_before(text, found.start, 100), text[found.end : found.end + 40]
    asked = max((m.end() for m in _ASKS.finditer(before)), default=-1)
    past = max((m.end() for m in _PAST.finditer(before)), default=-1)
    return past > asked or bool(
        re.match(r"[^.;,]{0,30}\b(?:were|was|have been|has been|completed|failed|did not)\b", after, re.I)
    )


__all__ = ["AHEAD", "LIFETIME", "Found", "costs", "durations", "frequencies", "months", "number", "quantities"]
