"""How often, how long, how much, how many: the grammar of amounts in a letter.

Belongs here: reading such words wherever they stand, and telling the obvious decoys (ages, laboratory values, what was
tried, what is hoped for). Does not belong here: which item an amount is for (items), dates (dates).
Normal forms are those of docs/fields.md: "2 per week", "every 2 weeks", "20 hours per week"; months with 4 weeks = 1;
999 months for life; dollars; pieces.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.codes.fold import as_digits

LIFETIME = 999.0


@dataclass(frozen=True)
class Found:
    """An amount at text[start:end]; `value` is its normal form, `raw` the words as written."""

    start: int
    end: int
    value: str | float
    raw: str


_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = {word: n for n, word in enumerate(_UNITS.split())}
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_ORDINAL = {"other": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "sixth": 6, "6th": 6,
            "eighth": 8, "8th": 8, "twelfth": 12, "12th": 12}  # fmt: skip
_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_SMALL)[1:10])}))?|{'|'.join(reversed(_SMALL))}|hundred)\b"
_DIGITS = r"(?:(?=[OolI|SBZ]{0,3}\d)[\dOolI|SBZ]{1,4}(?![\d])|(?<![^\s(])[l|](?=[ -][a-z]))(?:\.\d+|½)?"
_ONE = rf"(?:{_WORD}(?:\s*\(\s*{_DIGITS}\s*\))?|{_DIGITS}(?:\s*\(\s*{_WORD}\s*\))?)"
NUMBER = rf"(?<![\w.,$])(?:{_ONE}\s?(?:-|–|to|or)\s?)?{_ONE}"
_PERIOD = r"(?P<period>days?|nights?|evenings?|mornings?|weeks?|wee?ks?|wks?|months?|mos?|mths?|years?|yrs?)\b\.?"
_ADVERB = {"daily": "1 per day", "nightly": "1 per day", "weekly": "1 per week", "monthly": "1 per month", "yearly": "1 per year",
           "annually": "1 per year", "quarterly": "every 3 months", "fortnightly": "every 2 weeks", "biweekly": "every 2 weeks",
           "bi-weekly": "every 2 weeks", "bimonthly": "every 2 months", "bi-monthly": "every 2 months",
           "semiannually": "2 per year", "semi-annually": "2 per year"}  # fmt: skip
_LATIN = {"qd": "1 per day", "od": "1 per day", "qhs": "1 per day", "qam": "1 per day", "qpm": "1 per day", "bid": "2 per day",
          "tid": "3 per day", "qid": "4 per day", "qod": "every 2 days", "qwk": "1 per week", "qweek": "1 per week",
          "qmonth": "1 per month", "qow": "every 2 weeks"}  # fmt: skip
_SESSION = (
    r"(?:visits?|sessions?|treatments?|appointments?|adjustments?|class(?:es)?|massages?|doses?|injections?|infusions?|meetings?"
    r"|workouts?|encounters?|consults?|consultations?|times?|days|nights|hours?|hrs?|units?|applications?|tablets?|capsules?|servings?)"
)
_ILL = (
    r"(?:headache|migraine|seizure|bad|missed|symptom|sick|pain|flare|bed|asthma|cramp|awake|sleepless|fall|attack|episode"
    r"|hot|painful|attended|minutes?|min\b|mg|mcg|ml|iu|units|points?|miles?|steps|pairs?|sets|cigarettes|drinks|pounds|percent|once|twice|thrice|daily|weekly|monthly|per|every|each)"
)


def number(text: str) -> float | None:
    """The number written as digits (look-alike letters allowed), in words, or both; of a range the upper end."""
    low = text.lower()
    last = [_ for _ in re.split(r"\s?(?:–|\bto\b|\bor\b|(?<=\d)-(?=\d))\s?", low) if _.strip()]
    if not last:
        return None
    digits = re.search(r"(?=[OolI|SBZ]{0,3}\d)[\dOolI|SBZ]+(?:\.\d+)?", last[-1], re.I)
    if digits:
        half = 0.5 if "½" in last[-1] else 0.0
        return float(as_digits(digits.group().replace("o", "O").upper().replace("L", "1"))) + half
    if re.fullmatch(r"[l|i]", last[-1].strip()):
        return 1.0
    return _spelled(last[-1])


def _spelled(text: str) -> float | None:
    total, seen = 0, False
    for word in re.findall(r"[a-z]+", text.lower()):
        value = _SMALL.get(word, _TENS.get(word))
        if value is None and word == "hundred":
            value = 100
        if value is not None:
            total, seen = total + value, True
    return float(total) if seen else None


def _shown(n: float) -> str:
    return f"{n:g}"


def _unit(period: str) -> str:
    first = period.lower().rstrip(".")
    if first[0] in "dne" or first.startswith("morn"):
        return "day"
    return {"w": "week", "m": "month", "y": "year"}[first[0]]


def _times(match: re.Match[str]) -> str | None:
    n = number(match["n"])
    groups = match.groupdict()
    what = (groups.get("what") or "").lower()
    if n is None or n == 0 or n > 200:
        return None
    unit = _unit(match["period"])
    if what.startswith(("hour", "hr")):
        return None if n >= 24 and unit == "day" else f"{_shown(n)} hour{'' if n == 1 else 's'} per {unit}"
    return f"{_shown(n)} per {unit}"


def _counted(match: re.Match[str]) -> str | None:
    word = match["n"].lower()
    n = {"once": 1.0, "one time": 1.0, "twice": 2.0, "thrice": 3.0}.get(word)
    return None if n is None else f"{_shown(n)} per {_unit(match['period'])}"


def _every(match: re.Match[str]) -> str | None:
    word = match["n"].lower().strip() if match["n"] else ""
    unit = _unit(match["period"])
    n = float(_ORDINAL[word]) if word in _ORDINAL else number(word) if word else 1.0
    if n is None:
        return None
    if unit == "day" and n >= 28 and (n % 30 == 0 or n % 7 == 0):
        n, unit = (n / 30, "month") if n % 30 == 0 else (n / 7, "week")
    return f"1 per {unit}" if n == 1 else f"every {_shown(n)} {unit}s"


def _hours_apart(match: re.Match[str]) -> str | None:
    n = number(match["n"])
    return f"{_shown(24 / n)} per day" if n and 24 % n == 0 else None


def _adverb(match: re.Match[str]) -> str | None:
    return _ADVERB.get(match.group().lower())


def _latin(match: re.Match[str]) -> str | None:
    return _LATIN.get(re.sub(r"\W", "", match.group().lower()))


_FREQUENCIES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (re.compile(rf"\b(?:every|each|q)\.?\s?(?P<n>{'|'.join(_ORDINAL)}|{_ONE})[\s-]*{_PERIOD}", re.I), _every),
    (re.compile(rf"\b(?:every|q)\.?\s?(?P<n>{_ONE})\s?(?:hours?|hrs?|h)\b", re.I), _hours_apart),
    (re.compile(rf"(?<![\w.])1\s?(?:each |unit )?(?:per|/|every)\s?(?P<n>{_ONE})\s?{_PERIOD}", re.I), _every),
    (re.compile(rf"(?P<n>{NUMBER})\s*-?(?:(?!{_ILL})[\w-]+ ){{0,3}}?\s*(?P<what>{_SESSION})?\s*(?:of [a-z -]{{3,40}}?)?(?:\([^)]*\)\s*)?"
                rf"\s*(?:/|\bper\b|\ba\b|\ban\b|\beach\b|\bevery\b|\bin a\b)\s*{_PERIOD}", re.I), _times),
    (re.compile(rf"(?P<n>{NUMBER})\s*(?:x|×|times?|treatments?|visits?|sessions?|(?:(?!{_ILL})[\w-]+ ){{1,2}}?{_SESSION})\s*(?:a|per|/|each|every)?\s*"
                r"(?P<period>weekly|daily|monthly|yearly|annually|week|wk|day|month|mo|year|yr)\b", re.I), _times),
    (re.compile(rf"(?P<n>{NUMBER})\s(?P<what>hours?|hrs?)\s(?P<period>weekly|daily|monthly)\b", re.I), _times),
    (re.compile(rf"\b(?P<n>once|one time|twice|thrice)[\s-]*(?:a|per|each|every|in a|/|the)?[\s-]*(?:{_PERIOD}|(?<=[\s-])(?P<p>x^))", re.I), _counted),
    (re.compile(r"\b(?P<n>once|one time|twice|thrice)[\s-]*(?:a |per )?(?P<period>daily|weekly|monthly|yearly|annually|nightly)\b", re.I), _counted),
    (re.compile(rf"\b(?:every|each)(?: single)?\s(?P<n>){_PERIOD}(?! of the)", re.I), _every),
    (re.compile(rf"\b(?:{'|'.join(_ADVERB)})\b", re.I), _adverb),
    (re.compile(r"(?<![\w.])(?:b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?d|q\.?h\.?s|q\.?a\.?m|q\.?p\.?m|q\.?o\.?d|q\.?\s?wk|qweek|qow)\b\.?"), _latin),
    (re.compile(r"\b(?:BID|TID|QID|QD|QHS|QAM|QPM|QOD|QWK|QOW)\b"), _latin),
    (re.compile(r"\b(?:at bedtime|at night|before bed|while sleeping|during sleep)\b", re.I), lambda m: "1 per day"),
    (re.compile(r"\b(?P<n>one|1)\s(?:visit|session)\s(?:a|per)\s(?P<period>week)\b", re.I), _times),
)  # fmt: skip
_NOT_OFTEN_BEFORE = re.compile(
    r"(?:\$\s?[\d,.]+ ?|\bdollars |\b(?:from|fewer than|less than|more than|no more than|at most|at or below|below|under|averag\w*|than)"
    r"(?: about| around| roughly)? ?)$|\b(?:wak\w+|awak\w+|woke|falls?|fell|vomit\w*|urinat\w*|bolts?|hits?|naps?|smok\w+|drinks?|wheez\w+"
    r"|headaches?|migraines?|seizures?|episodes?|attacks?|flares?|symptoms?|occurr?\w*|activities of|instrumental)\b[^.;]{0,32}$", re.I)  # fmt: skip
_NOT_OFTEN_AFTER = re.compile(
    r"^[\s-]*(?:life\b|living|activit|cost|fee|dues|price|rate|charge|premium|payment|rental (?:fee|rate|cost)|tasks|headache|function|log\b|diary|weight"
    r"|\(?\$)", re.I)  # fmt: skip
_DAY_PARTS = ("at bedtime", "at night", "before bed", "while sleeping", "during sleep")


def frequencies(text: str) -> list[Found]:
    """How often, in the order of the text; values "N per day|week|month|year", "every N days|weeks|months", "N hours
    per ...". Daily and nightly are "1 per day"; of a range the upper end. What is no treatment (falls a week, activities
    of daily living, prices a month) is left out."""
    found = _gather(text, _FREQUENCIES)
    kept = [
        f
        for f in found
        if not _NOT_OFTEN_BEFORE.search(_clause_before(text, f.start, 60))
        and not _NOT_OFTEN_AFTER.match(text[f.end : f.end + 20])
    ]
    stated = [f for f in kept if f.raw.lower() not in _DAY_PARTS]
    return stated or kept


def _gather(
    text: str, rules: Iterable[tuple[re.Pattern[str], Callable[[re.Match[str]], str | float | None]]]
) -> list[Found]:
    """Matches of all rules; an earlier rule keeps its place against a later one that overlaps it."""
    found: list[Found] = []
    for pattern, value_of in rules:
        for match in pattern.finditer(text):
            if any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            value = value_of(match)
            if value is not None:
                found.append(Found(match.start(), match.end(), value, match.group()))
    return sorted(found, key=lambda f: f.start)


def _clause_before(text: str, at: int, reach: int) -> str:
    """The words before a place back to the last full stop or semicolon, at most `reach` characters."""
    return re.split(r"[.;!?](?=\s)|\n\s*\n", text[max(0, at - reach) : at])[-1]


_SPAN = r"(?P<unit>days?|weeks?|wee?ks?|wks?|months?|mos?|mths?|mon|years?|yrs?)\b\.?"
_WHOLE_YEAR = {
    "a year": 12.0,
    "one full year": 12.0,
    "half a year": 6.0,
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
    (re.compile(r"\b(?:a (?:full |whole )?year|one full year|half a year)\b(?! old| ago)", re.I), _year),
    (re.compile(r"\b(?:life[- ]?time|life[- ]?long|for life|permanent(?:ly)?|indefinite(?:ly)?|for the (?:rest|remainder) of (?:his|her|their) life"
                r"|(?<=need )99|LON:?\s*99)\b", re.I), lambda m: LIFETIME),
    (re.compile(r"(?<![\w])(?:year[- ]long|yearlong)\b", re.I), lambda m: 12.0),
)  # fmt: skip
_NOT_LONG_BEFORE = re.compile(
    r"(?:\b(?:age|aged|since|past|last|previous|prior|preceding|within|after|by|every|each|until|first|q|than|lasting|lasted|took|at|about every|inside"
    r"|another|every other|once in|twice in|once[- ]per|per|earlier|roughly every)|\bin(?: the)?(?: next| first)?|/)[\s,]*(?:about |around |at least |approximately |the )?$", re.I)  # fmt: skip
_VISITS_BEFORE = re.compile(r"(?:visits?|sessions?|treatments?|units?) (?:in|within)\s*$", re.I)
_NOT_LONG_AFTER = re.compile(
    r"^[\s-]*(?:old|of age|ago|postpartum|gestation|apart|later|earlier|prior|before|from now|post|pregnant|of (?:symptoms?|pain|conservative|"
    r"unsuccessful|failed|suffering|progressive|worsening|history)|without|history|(?:re-?eval|follow)|girl|boy|male|female|infant|child\b|(?:condition|disease|disorder|risk|history|prevalence|illness|weakness|damage|disability|loss|injury|deformity|impairment|partial|test|was|were|(?:trial )?(?:failed|did not|gave))\b|of (?:[a-z-]+ ){0,3}(?:failed|did not|gave))", re.I)  # fmt: skip
_PAST = re.compile(
    r"\b(?:has been|have been|had|has had|was|were|tried|trials?|triall?ed|failed|completed|attempted|underwent|despite|stopped|abandoned|gave|since|(?<!be )(?<!is )used|wore"
    r"|did(?: not|n['’]t)?|lost|has (?:tried|used|worn|taken|completed|failed|undergone)|have (?:tried|used)|went|took|received|attended|participated|led to"
    r"|could not|dropped|began|suffered|seen|followed)\b", re.I)  # fmt: skip
_ASKS = re.compile(
    r"\b(?:prescrib\w*|order\w*|request\w*|recommend\w*|asking|need(?:s|ed)?|necess\w*|require[sd]?|continu\w*|authori[sz]\w*|approv\w*|plan of care|use (?:it )?daily|length of need"
    r"|duration|therapy (?:is|will)|coverage|certif\w*)\b", re.I)  # fmt: skip
_HOPE = re.compile(
    r"\b(?:expect(?!ed (?:duration|length|need|period|term)|(?:s|ing)? (?:a |the |this |his |her |to )?(?:lifetime|lifelong|permanent|need))\w*|goals?|improv\w*|reduc\w*|fall to|drop\w*|decreas\w*|reach|target|re-?evaluat\w*|re-?assess\w*"
    r"|re-?check\w*|re-?examin\w*|follow[- ]?up|aim|hope\w*|measure[sd]?|review\w*)\b", re.I)  # fmt: skip


def durations(text: str, labelled: bool = False) -> list[Found]:
    """How long, in months (999 = for life), in the order of the text. Ages, what was tried and for how long, and the
    time in which a result is hoped for are left out, unless the text stands under a label of its own (`labelled`)."""
    found = _gather(text, _DURATIONS)
    taken = [(f.start, f.end) for f in _gather(text, _FREQUENCIES[:-1])]
    found = [f for f in found if not any(a <= f.start and f.end <= b for a, b in taken)]
    if labelled:
        return found or _bare_months(text)
    return [f for f in found if not _no_need(text, f)]


def _bare_months(text: str) -> list[Found]:
    bare = re.match(rf"\W*(?P<n>{_DIGITS})\W*$", text)
    n = number(bare["n"]) if bare else None
    if bare is None or not n or n > 99:
        return []
    return [Found(bare.start("n"), bare.end("n"), LIFETIME if n == 99 else n, bare["n"])]


def _no_need(text: str, found: Found) -> bool:
    before = _clause_before(text, found.start, 150)
    if _NOT_LONG_AFTER.match(text[found.end : found.end + 24]):
        return True
    if _NOT_LONG_BEFORE.search(before) and not _VISITS_BEFORE.search(before):
        return True
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
    r"(?:pairs?|visits?|sessions?|treatments?|units?|doses?|pens?|tablets?|capsules?|boxes|box|bottles?|vials?|cartons?|injections?|syringes?"
    r"|appointments?|each|ea|pieces?|pcs?|devices?|garments?|sets?|rolls?|cans?|cases?|classes|cartridges?|kits?)\b"
)
_QUANTITIES = (
    re.compile(rf"\b(?:qty|quantity|units?|no\. of (?:visits|units)|number of (?:visits|sessions|units))\b\.?\s*(?:requested)?\s*(?:[:#=]|of|is)?\s*(?P<n>{NUMBER})(?!\s*(?:per|/|x\b|months?|weeks?))", re.I),
    re.compile(r"(?<![\w.])(?<!\d )(?<!\d)(?:(?<=\d{4} )|(?<=\d{4})|)[x×]\s?(?P<n>[\dlO]{1,3})\b(?!\s*(?:\d|weeks?|wks?|months?|mos?|days?|years?|yrs?|per|/|a (?:day|week)|daily|weekly|hours?|hrs?|min|in\b|inch|\"))", re.I),
    re.compile(r"(?<=[A-Z]\d{4} )[x×]\s?(?P<n>\d{1,3})\b|(?<=\d{5} )[x×]\s?(?P<m>\d{1,3})\b"),
    re.compile(r"(?<![\w#])#\s?(?P<n>\d{1,3})\b(?!\s*\d)"),
    re.compile(rf"(?P<n>{NUMBER}|\b(?:a|an)(?= pair))\s?(?:(?!minutes?\b|min\b|hours?\b|mg\b|mcg\b|ml\b|days?\b|weeks?\b|months?\b|years?\b|percent\b|pounds?\b)[a-z-]+ ){{0,2}}?{_PIECE}(?!\s*(?:(?:/|per|a\b|an\b|each|every)(?!\s?(?:year|calendar|yr))|weekly|daily|monthly|of (?:physical|chiro)))", re.I),
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
    n = 1.0 if raw.lower() in ("a", "an") else number(raw)
    if not n or n > 999 or _NOT_MANY_BEFORE.search(text[: match.start()][-12:]) or _is_dose(text, match):
        return None
    return Found(match.start(), match.end(), n, match.group())


def _is_dose(text: str, match: re.Match[str]) -> bool:
    """'one capsule twice a day' says how to take it, not how many are asked for."""
    return bool(re.search(r"(?:tablets?|capsules?|doses?|units?|sprays?)$", match.group(), re.I) and _DOSE_AFTER.match(text[match.end() :]))


def _used_up(text: str, found: Found) -> bool:
    before, after = _clause_before(text, found.start, 100), text[found.end : found.end + 40]
    asked = max((m.end() for m in _ASKS.finditer(before)), default=-1)
    past = max((m.end() for m in _PAST.finditer(before)), default=-1)
    return past > asked or bool(
        re.match(r"[^.;,]{0,30}\b(?:were|was|have been|has been|completed|failed|did not)\b", after, re.I)
    )
