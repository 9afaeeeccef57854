"""Dates as they stand in letters, read with the errors that scanners make.

Belongs here: finding a calendar date and its day. Does not belong here: what the date is of (roles).
Numeric dates are month first (US) unless the letter itself shows day first. A two-digit year up to 40 is of this
century, else of the last. A month without a day, and a day without a year, are no dates.
"""

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.codes.fold import as_digits

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = (
    r"(?:[JI]an(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:i[l1I|])?|May|[JI]une?|[JI]u[l1I|]y?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_D = r"[0-9OoIl|]{1,2}"
_Y = r"(?:[12][0-9OoIlSB|]{3}|['’]?[0-9OoIl|]{2})"
_FORMS = (
    re.compile(rf"\b(?P<month>{_MONTH})\b\.?,?\s*(?:the\s+)?(?P<day>{_D})\s*(?:st|nd|rd|th)?(?:\s*[,.]\s*|\s+)(?P<year>{_Y})\b(?![%:/])", re.I),
    re.compile(rf"(?<![\w.])(?P<day>{_D})\s*(?:st|nd|rd|th)?(?:\s+day)?(?:(?:\s+of)?[\s\-/]+|\s+of)(?P<month>{_MONTH})\b\.?,?[\s\-/]*(?P<year>{_Y})\b(?![%:/])", re.I),
    re.compile(r"(?<![\w.])(?P<day>\d{1,2})[º°]?\s+de\s+(?P<month>enero|febrero|marzo|abril|mayo|junio|julio|agosto|sept?iembre|octubre|noviembre|diciembre),?\s+(?:del?\s+)?(?P<year>\d{4})\b", re.I),
    re.compile(r"(?<![\w.\-])(?P<year>(?:19|20)[0-9OoIl]{2})(?P<ymd>[\-/.])\n?(?P<month>[01Ool|]?[0-9OoIl])(?P=ymd)\n?(?P<day>[0-3Ool|]?[0-9OoIl])(?![\w\-/]|\.\d)"),
    re.compile(rf"(?<![\w/.\-$])(?P<first>{_D})\s?(?P<sep>[/.\-–])\s?(?P<second>{_D})\s?(?P=sep)\s?(?P<year>{_Y})(?![\w/\-%]|\.\d)"),
)  # fmt: skip
_STROKE = re.compile(r"(?<![\w/.\-$])(?:(?P<first>\d{1,2})/(?P<second>\d{1,2})[1|Il](?P<year>(?:19|20)\d{2}|\d{2})|(?P<first2>\d{1,2})[1|Il](?P<second2>\d{1,2})/(?P<year2>(?:19|20)\d{2}|\d{2}))(?![\w/\-%])")
"""A date of which one slash was read as a stroke: 06/2211988 is 06/22/1988."""

_DATE_WORD = re.compile(r"(?:date|dated|birth|born|d\.?\s?o\.?\s?[bis]\.?|injur\w+|onset|on|seen|visit|signed)\W*$", re.I)
_PIVOT = 40


@dataclass(frozen=True)
class DateMention:
    """A date at text[start:end]; `day` is None when the calendar has no such day. `written_out` when the month is a
    word; `swapped` when day-first was needed to make sense of it."""

    start: int
    end: int
    raw: str
    day: dt.date | None
    written_out: bool = False
    two_digit_year: bool = False
    swapped: bool = False

    @property
    def iso(self) -> str | None:
        return self.day.isoformat() if self.day else None


def dates_in(text: str, start: int = 0, end: int | None = None, day_first: bool | None = None) -> list[DateMention]:
    """All dates in text[start:end], by place; overlapping readings keep the first form that fits. `day_first` None
    means: as the numeric dates of this stretch show, month first when they show nothing."""
    stop = len(text) if end is None else end
    taken: list[tuple[int, int]] = []
    matches: list[re.Match[str]] = []
    for form in _FORMS:
        for match in form.finditer(text, start, stop):
            if all(match.end() <= a or match.start() >= b for a, b in taken):
                taken.append(match.span())
                matches.append(match)
    if day_first is None:
        day_first = _shows_day_first(matches)
    found = [mention for m in matches if (mention := _mention(m, day_first))]
    found += [m for m in _with_a_stroke(text, start, stop) if all(m.end <= a or m.start >= b for a, b in taken)]
    return sorted(found, key=lambda d: d.start)


def _with_a_stroke(text: str, start: int, stop: int) -> list[DateMention]:
    """Dates behind a word for a date, or alone in their cell, of which one slash was read as the digit one; only such as
    the calendar has."""
    found = []
    for match in _STROKE.finditer(text, start, stop):
        alone = match.group() == text[start:stop].strip() or _fills_line(text, match.start(), match.end())
        if not alone and not _DATE_WORD.search(text[max(0, match.start() - 24) : match.start()]):
            continue
        month, day, year = (match[name] or match[name + "2"] for name in ("first", "second", "year"))
        whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) <= _PIVOT else 1900)
        read = _calendar(whole, int(month), int(day))
        if read is not None:
            found.append(DateMention(match.start(), match.end(), match.group(), read, two_digit_year=len(year) == 2))
    return found


def stroked(text: str, start: int, end: int) -> DateMention | None:
    """The one calendar day that text[start:end], all of a date's box, can be when its slashes were read as strokes; None where
    it can be several or none."""
    whole = text[start:end].strip()
    found: dict[dt.date, bool] = {}
    for month in (whole[:1], whole[:2]):
        for cut in (1, 2):
            match = re.fullmatch(rf"{re.escape(month)}[/1|Il](?P<day>\d{{{cut}}})[/1|Il](?P<year>(?:19|20)\d{{2}}|\d{{2}})", whole) if month.isdigit() else None
            day = _calendar(_full_year(match["year"]), int(month), int(match["day"])) if match else None
            if match is not None and day is not None:
                found[day] = len(match["year"]) == 2
    if len(found) != 1 or whole.count("/") > 1:
        return None
    at = start + text[start:end].index(whole)
    (day, short), = found.items()
    return DateMention(at, at + len(whole), whole, day, two_digit_year=short)


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year <= _PIVOT else 1900)


_COMBED = re.compile(r"(?:[\s|_]*[0-9]){8}|(?:[\s|_]*[0-9]){1,2}(?P<s>[\s|_]*[/.\-])(?:[\s|_]*[0-9]){1,2}(?P=s)(?:[\s|_]*[0-9]){4}")


def combed(text: str, start: int, end: int) -> DateMention | None:
    """The day in a date's box that has one cell for each digit ('0 3 / 0 3 / 2 0 2 6', '0 3 0 3 2 0 2 6'), month first; None where
    text[start:end] holds anything else."""
    whole = text[start:end].strip(" |_")
    if len(whole.split()) < 6 or not _COMBED.fullmatch(whole):
        return None
    plain = re.sub(r"[\s|_]+", "", whole)
    parts = re.split(r"[/.\-]", plain) if not plain.isdigit() else [plain[:2], plain[2:4], plain[4:]]
    day = _calendar(int(parts[2]), int(parts[0]), int(parts[1]))
    at = start + text[start:end].index(whole)
    return None if day is None else DateMention(at, at + len(whole), whole, day)


def _fills_line(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands on the line of text[start:end]."""
    left, right = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return not text[left:start].strip(" _|:.") and not text[end : len(text) if right < 0 else right].strip(" _|:.")


def _shows_day_first(matches: list[re.Match[str]]) -> bool:
    numeric = [m for m in matches if "first" in m.groupdict()]
    pairs = [(int(as_digits(m["first"]) or 0), int(as_digits(m["second"]) or 0)) for m in numeric]
    return any(12 < a <= 31 and b <= 12 for a, b in pairs) and not any(a <= 12 < b <= 31 for a, b in pairs)


def _mention(match: re.Match[str], day_first: bool) -> DateMention | None:
    groups = match.groupdict()
    year_text = as_digits(groups["year"].lstrip("'’"))
    if not year_text.isdigit():
        return None
    year = int(year_text)
    short = len(year_text) == 2
    if short:
        year += 2000 if year <= _PIVOT else 1900
    if not 1890 <= year <= 2100:
        return None
    written = bool(groups.get("month")) and not groups["month"][0].isdigit() and groups["month"][0] not in "|"
    if written and re.match(r"^[Oo][0-9]", groups["month"]):
        written = False
    pair = _month_and_day(groups, written, day_first)
    if pair is None:
        return None
    month, day, swapped = pair
    return DateMention(match.start(), match.end(), match.group(), _calendar(year, month, day), written, short, swapped)


def _month_and_day(groups: dict[str, str], written: bool, day_first: bool) -> tuple[int, int, bool] | None:
    if written:
        number = month_number(groups["month"])
        day = as_digits(groups["day"])
        return (number, int(day), False) if number and day.isdigit() else None
    if "first" not in groups or groups.get("first") is None:
        return int(as_digits(groups["month"])), int(as_digits(groups["day"])), False
    one, two = as_digits(groups["first"]), as_digits(groups["second"])
    if not (one.isdigit() and two.isdigit()):
        return None
    first, second = int(one), int(two)
    if day_first or (first > 12 >= second):
        return second, first, True
    return first, second, False


def month_number(word: str) -> int | None:
    """1..12 for a month's name or its first letters, with look-alikes ('Apri1', 'IuIy'); None for another word."""
    plain = word.lower().rstrip(".").replace("1", "l").replace("|", "l")
    if plain[:1] == "i" or plain[:2] == "lu":
        plain = "j" + plain[1:]
    plain = plain.replace("jui", "jul").replace("apri", "apri")
    return _SPANISH.get(plain[:3]) or next((n for n, month in enumerate(_MONTHS, 1) if month[:3] == plain[:3]), None)


_SPANISH = {"ene": 1, "abr": 4, "ago": 8, "dic": 12}
"""Months whose first letters are not the English ones'."""


def _calendar(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def birth_reading(mention: DateMention, before: dt.date | None) -> DateMention:
    """A two-digit birth year that would lie after `before` (the letter's day) is of the last century."""
    day = mention.day
    if day is None or not mention.two_digit_year or before is None or day <= before:
        return mention
    earlier = _calendar(day.year - 100, day.month, day.day)
    return DateMention(mention.start, mention.end, mention.raw, earlier, mention.written_out, True, mention.swapped)
