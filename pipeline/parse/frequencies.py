"""How often: the grammar of frequencies.

Belongs here: "twice weekly", "3x/wk", "q4 weeks", "BID" and their decoys (falls a week, prices a month, activities of
daily living). Does not belong here: how long, how much, how many (quantities), which item it is for (itemdetails).
"""

import re
from collections.abc import Callable

from pipeline.parse.amounts import NUMBER, ONE, Found, clause_before, gather, number

_ORDINAL = {"other": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "sixth": 6, "6th": 6,
            "eighth": 8, "8th": 8, "twelfth": 12, "12th": 12}  # fmt: skip
_PERIOD = r"(?P<period>days?|nights?|evenings?|mornings?|weeks?|wee?ks?|wks?|months?|mos?|mths?|quarters?|qtrs?|years?|yrs?)\b\.?"
_ADVERB = {"daily": "1 per day", "nightly": "1 per day", "weekly": "1 per week", "monthly": "1 per month", "yearly": "1 per year",
           "annually": "1 per year", "quarterly": "every 3 months", "fortnightly": "every 2 weeks", "biweekly": "every 2 weeks",
           "bi-weekly": "every 2 weeks", "bimonthly": "every 2 months", "bi-monthly": "every 2 months",
           "semiannually": "2 per year", "semi-annually": "2 per year"}  # fmt: skip
_LATIN = {"qd": "1 per day", "od": "1 per day", "qhs": "1 per day", "qam": "1 per day", "qpm": "1 per day", "bid": "2 per day",
          "tid": "3 per day", "qid": "4 per day", "qod": "every 2 days", "qwk": "1 per week", "qweek": "1 per week",
          "biw": "2 per week", "tiw": "3 per week", "qmonth": "1 per month", "qow": "every 2 weeks"}  # fmt: skip
_SESSION = (
    r"(?:visits?|sessions?|cans?|cartons?|packets?|bottles?|mornings?|evenings?|afternoons?|treatments?|appointments?|adjustments?|class(?:es)?|massages?|doses?|injections?|infusions?|meetings?"
    r"|workouts?|encounters?|consults?|consultations?|times?|days|nights|hours?|hrs?|units?|applications?|tablets?|capsules?|servings?|pens?|pills?|drops|puffs|changes|lessons|rides|meals|replacements?|scoops?|injections?|swims|walks|trips|massages?|pieces?)"
)
_ILL = (
    r"(?:headache|migraine|seizure|bad|missed|symptom|sick|pain|flare|bed|asthma|cramp|awake|sleepless|fall|attack|episode"
    r"|hot|painful|attended|minutes?|min\b|mg|mcg|ml|iu|units|points?|miles?|steps|pairs?|sets|cigarettes|drinks|pounds|percent|once|twice|thrice|daily|weekly|monthly|per|every|each)"
)


def _shown(n: float) -> str:
    return f"{n:g}"


def _unit(period: str) -> str:
    first = period.lower().rstrip(".")
    if first[0] in "dne" or first.startswith("morn"):
        return "day"
    return {"w": "week", "m": "month", "q": "quarter", "y": "year"}[first[0]]


def _per(n: float, unit: str) -> str:
    """'N per unit'; a quarter is three months, four of them a year."""
    if unit == "quarter":
        return "every 3 months" if n == 1 else f"{_shown(4 * n)} per year"
    return f"{_shown(n)} per {unit}"


def _times(match: re.Match[str]) -> str | None:
    n = number(match["n"])
    groups = match.groupdict()
    what = (groups.get("what") or "").lower()
    if n is None or n == 0 or n > 200:
        return None
    unit = _unit(match["period"])
    if what.startswith(("hour", "hr")):
        return None if n >= 24 and unit == "day" else f"{_shown(n)} hour{'' if n == 1 else 's'} per {unit}"
    return _per(n, unit)


def _counted(match: re.Match[str]) -> str | None:
    word = match["n"].lower()
    n = {"once": 1.0, "one time": 1.0, "twice": 2.0, "thrice": 3.0}.get(word)
    return None if n is None else _per(n, _unit(match["period"]))


def _every(match: re.Match[str]) -> str | None:
    word = match["n"].lower().strip() if match["n"] else ""
    unit = _unit(match["period"])
    n = float(_ORDINAL[word]) if word in _ORDINAL else number(word) if word else 1.0
    if n is None:
        return None
    if unit == "quarter":
        n, unit = n * 3, "month"
    if unit == "day" and n >= 28 and (n % 30 == 0 or n % 7 == 0):
        n, unit = (n / 30, "month") if n % 30 == 0 else (n / 7, "week")
    return f"1 per {unit}" if n == 1 else f"every {_shown(n)} {unit}s"


def _apart(match: re.Match[str]) -> str | None:
    """'four weeks apart', 'at two-week intervals'."""
    n, unit = number(match["n"] or match["m"]), _unit(match["period"] or match["each"])
    if not n or n > 52:
        return None
    return f"1 per {unit}" if n == 1 else f"every {_shown(n)} {unit}s"


def _hours_apart(match: re.Match[str]) -> str | None:
    n = number(match["n"])
    return f"{_shown(24 / n)} per day" if n and 24 % n == 0 else None


def _adverb(match: re.Match[str]) -> str | None:
    return _ADVERB.get(match.group().lower())


def _latin(match: re.Match[str]) -> str | None:
    return _LATIN.get(re.sub(r"\W", "", match.group().lower()))


FREQUENCIES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (re.compile(rf"\b(?:every|each|q)\.?\s?(?P<n>{'|'.join(_ORDINAL)}|{ONE})[\s-]*{_PERIOD}", re.I), _every),
    (re.compile(rf"\b(?:every|q)\.?\s?(?P<n>{ONE})\s?(?:hours?|hrs?|h)\b", re.I), _hours_apart),
    (re.compile(rf"(?<![\w.])1\s?(?:each |unit )?(?:per|/|every)\s?(?P<n>{ONE})\s?{_PERIOD}", re.I), _every),
    (re.compile(rf"(?P<n>{NUMBER})\s*-?(?:(?:(?!{_ILL})[\w-]+ ){{0,3}}?(?P<what>{_SESSION})\s*(?:of [a-z -]{{3,40}}?)?)?(?:\([^)]*\)\s*)?"
                rf"\s*(?:/|\bper\b|\ba\b|\ban\b|\beach\b|\bevery\b|\bin a\b)\s*{_PERIOD}", re.I), _times),
    (re.compile(rf"(?P<n>{NUMBER})[\s-]?{_PERIOD} apart\b|\bat (?P<m>{NUMBER})[\s-](?P<each>day|week|month)s? intervals\b", re.I), _apart),
    (re.compile(rf"(?P<n>{NUMBER}) (?:is|are|will be) (?:needed|required|used|worn|replaced|allowed) (?:per|a|every|each) {_PERIOD}", re.I), _times),
    (re.compile(rf"(?P<n>{NUMBER})\s*(?:x|×|times?|treatments?|visits?|sessions?|(?:(?!{_ILL})[\w-]+ ){{0,2}}?(?P<what>{_SESSION}))\s*(?:a|per|/|each|every)?\s*"
                r"(?P<period>weekly|daily|monthly|yearly|annually|week|wk|day|month|mo|year|yr)\b", re.I), _times),
    (re.compile(rf"(?P<n>{NUMBER})\s(?P<what>hours?|hrs?)\s(?P<period>weekly|daily|monthly)\b", re.I), _times),
    (re.compile(rf"\b(?P<n>once|one time|twice|thrice)[\s-]*(?:a|per|each|every|in a|/|the)?[\s-]*(?:{_PERIOD}|(?<=[\s-])(?P<p>x^))", re.I), _counted),
    (re.compile(r"\b(?P<n>once|one time|twice|thrice)[\s-]*(?:a |per )?(?P<period>daily|weekly|monthly|yearly|annually|nightly)\b", re.I), _counted),
    (re.compile(rf"\b(?:every|each)(?: single)?\s(?P<n>){_PERIOD}(?! of the)", re.I), _every),
    (re.compile(rf"\b(?:{'|'.join(_ADVERB)})\b", re.I), _adverb),
    (re.compile(r"(?<![\w.])(?<!['’]s )(?<!\b[Aa] )(?<!\b[Tt]he )(?<!\b[Aa]n )(?<!lowest )(?<!winning )(?:b\.?i\.?d(?!\s*(?:of\b|:|for\b|from\b|is\b|was\b|\(?\$|price|amount))|t\.?i\.?d|q\.?i\.?d|q\.?d|q\.?h\.?s|q\.?a\.?m|q\.?p\.?m|q\.?o\.?d|q\.?\s?wk|qweek|qow)\b\.?"), _latin),
    (re.compile(r"\b(?:BID|TID|QID|BIW|TIW|QD|QHS|QAM|QPM|QOD|QWK|QOW)\b"), _latin),
    (re.compile(r"\b(?:at bedtime|at night|before bed|while sleeping|during sleep)\b", re.I), lambda m: "1 per day"),
    (re.compile(r"\b(?P<n>one|1)\s(?:visit|session)\s(?:a|per)\s(?P<period>week)\b", re.I), _times),
)  # fmt: skip
_NOT_OFTEN_BEFORE = re.compile(
    r"(?:\$\s?[\d,.]+ ?|\bdollars |\b(?:from|fewer than|less than|more than|no more than|at most|at or below|below|under|averag\w*|than)"
    r"(?: about| around| roughly)? ?)$|\b(?:wak\w+|awak\w+|woke|wash\w*|launder\w*|recharg\w*|falls?|fell|vomit\w*|urinat\w*|bolts?|hits?|naps?|smok\w+|drinks?|wheez\w+"
    r"|headaches?|migraines?|seizures?|episodes?|attacks?|flares?|symptoms?|occurr?\w*|activities of|instrumental)\b[^.;]{0,32}$", re.I)  # fmt: skip
_NOT_OFTEN_AFTER = re.compile(
    r"^[\s-]*(?:(?:seizures?|pain|reflux|awakenings?|waking|symptoms?|vomiting|falls?|attacks?|spasms?|cramps?|nightmares?|episodes?|heartburn|coughing|wheez\w*|snoring|migraines?|headaches?)\b|life\b|living|activit|cost|fee|dues|price|rate|charge|premium|payment|rental|tasks|headache|function|log\b|diary|weight"
    r"|\(?\$)", re.I)  # fmt: skip
_HAS_PERIOD = re.compile(r"day|dai|ight|week|wk|month|mo\b|mos\b|year|yr|annual|quarter|qtr|hour|hr|fortn|bed|sleep|morn|even|\bx\b|\bq|\b[bt]\.?i\.?[dw]", re.I)
_DAY_PARTS = ("at bedtime", "at night", "before bed", "while sleeping", "during sleep")


def frequencies(text: str) -> list[Found]:
    """How often, in the order of the text; values "N per day|week|month|year", "every N days|weeks|months", "N hours
    per ...". Daily and nightly are "1 per day"; of a range the upper end. What is no treatment (falls a week, activities
    of daily living, prices a month) is left out."""
    if not _HAS_PERIOD.search(text):
        return []
    found = gather(text, FREQUENCIES)
    kept = [
        f
        for f in found
        if not _NOT_OFTEN_BEFORE.search(clause_before(text, f.start, 60))
        and not _NOT_OFTEN_AFTER.match(text[f.end : f.end + 20])
    ]
    stated = [f for f in kept if f.raw.lower() not in _DAY_PARTS]
    return stated or kept
