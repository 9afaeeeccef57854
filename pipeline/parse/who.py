"""The patient among everyone whom the letter names, by what stands about each name and by how the text goes on to speak of them.

Belongs here: all spans in the form of a person's name and the cues for and against each, added up. Does not belong here: labels
(told), what a name looks like (people, typedlines), the choice between this and the labelled values (patient).
A cue's weight is a plain number of points; four make a name likely, a rival within two makes it doubtful.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.parse.asks import example, sense_of
from pipeline.parse.categories import by_words
from pipeline.parse.lines import Line
from pipeline.parse.people import Person, same_person
from pipeline.parse.sheet import Sheet
from pipeline.parse.told import SAME, Told
from pipeline.parse.typedlines import TypedLine, named_like

LEAST, NEAR = 4.0, 2.0
"""Points from which a name is taken for the patient's, and the lead over the next below which it is doubtful."""

_START = re.compile(r"(?<![\w'’.\-&])(?=[A-ZÀ-Þ][\w'’.\-]*,?\s+(?:[\"“(]\w+[\"”)]\s+)?(?:(?:de|del|della|da|di|du|dos|van|von|der|den|la|le|bin|al|el|y|ter)\s+){0,3}[A-ZÀ-Þ])")
_DOCTOR = re.compile(r"\b(?:Dr|Drs|Doctor|Prof|Professor|Nurse|Sister|Judge|Rev)\b\.?\s*$", re.I)
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Master)\b\.?\s+"
_RELATION = re.compile(
    r"\b(?:mother|father|mom|dad|husband|wife|spouse|partner|parents?|guardian|twin|brother|sister|son of|daughter of|dependent of|child of|caregiver|aide|friend|under|through)"
    r"(?:['’]s name)?(?: of)?(?: (?:is|was|our|your|the|member|subscriber|participant|employee|account holder))*\W{0,3}(?:" + _TITLE + r")?$", re.I)  # fmt: skip
_OFFICER = re.compile(r"^\W{0,3}(?:the |your |our )?(?:claims?|nurse|case|senior|medical|benefits?|plan|office|practice|clinical|billing|program)?\s?(?:adjuster|examiner|reviewer|director|coordinator|manager|secretary|analyst|esq|administrator|specialist|representative|assistant|scribe)\b", re.I)
_ADDRESSED = re.compile(r"(?:\b(?:attn|attention|cc|c/o|care of|from|signed|contact|call|ask for|prepared by|dictated by|signed by|completed by|by|witness|questions to|copy to|referred by|seen by)\b\W*|\bI, )(?:" + _TITLE + r")?$", re.I)
_DEAR = re.compile(r"\b(?:dear|hello|hi)\s+(?:" + _TITLE + r")?$", re.I)
_CARED = re.compile(
    r"\b(?:treat(?:ing|ed)?|follow(?:ing|ed)?|see|saw|seen|car(?:e|ing) (?:for|of)|know(?:n)?|examined|evaluated|behalf of|concerns?|concerning|regarding|about|certify that|certifies that|"
    r"confirm that|attest that|support of|necessity (?:of|for)|(?:approved|recommended|prescribed|requested|ordered|needed|necessary|letter|LMN|request|coverage|authorization|case|care) (?:for|of|is for))\W{1,3}(?:" + _TITLE + r")?$", re.I)  # fmt: skip
_AGED = re.compile(r"^\W{0,3}(?:is )?(?:an? |age |aged |now )?(?:\d{1,3}|[a-z]+(?:-[a-z]+)?)[- ](?:years?|yrs?|months?)[- ]old|^\W{0,3}(?:is )?(?:aged?|now)? ?\(?\d{1,3}(?:\s?(?:y/?o|yrs?|yo)\b|\)|,| and\b|\.)", re.I)
_CALLED = re.compile(r"^\W{0,3}(?:my|our|a|the|your|this) (?:patient|member|participant|insured|subscriber|enrollee|employee|client)", re.I)
_CLINICAL = re.compile(
    r"^(?:, an? [\w -]{3,32},|,)?\s(?:has|had|suffers?|is (?:an?|my|under|being|recovering|allergic|currently|now|in need)|was (?:seen|born|referred|diagnosed|injured|hurt|first|recently|admitted|struck)|"
    r"who |presents|presented|needs|requires|tore|fell|sprained|strained|broke|fractured|complains|reports|cannot|lives|came|developed|sustained|continues|remains|would benefit|will need)\b", re.I)  # fmt: skip
_HEADING = re.compile(r"\b(?:necessity|LMN|need)\b(?: letter| statement)?\W{0,4}(?:for|of|re)?\W{0,4}$", re.I)
_CHILD = re.compile(r"\b(?:her|his|their|whose|the|minor|(?:participant|member|subscriber|employee|holder)['’]s) (?:\w+ )?(?:son|daughter|child|stepson|stepdaughter|ward)\W{1,3}$", re.I)
_HOLDS = re.compile(r"^,?\W{0,2}(?:is |who is )?(?:the|your|our) (?:\w+ )?(?:account |plan |primary )?(?:participant|subscriber|account ?holder|policy ?holder|employee|insured|sponsor|mother|father|parent|guardian)\b", re.I)
_PAID = re.compile(r"\b(?:reimburs(?:e|es|ing)|repay|cover(?:s|ing)?|allow(?:s|ing)?|permit(?:s|ting)?|help(?:s|ed)?|benefit(?:s|ed)?)\W{1,2}(?:" + _TITLE + ")?$", re.I)
_INSURED = re.compile(r"^(?:['’]s)? (?:from|under|through|with|on) (?:her|his|their) (?:[\w-]+ ){0,3}(?:account|plan|policy|coverage|fsa|hsa|hra)\b", re.I)
_THEIRS = re.compile(r"^,? ?\(?(?:who is )?(?:the |a |an )?(?:minor |step|adult |disabled )?(?:son|daughter|child|wife|husband|spouse|dependent|ward)\b (?:\w+ )?of (?:your|the|our|this|a)\b", re.I)
_SECOND = re.compile(r"\b(?:you have|your (?:condition|diagnosis|doctor|symptoms|account|kidneys?|pain|blood|back|knees?|treatment)|you asked|for you\b|you (?:need|should|are|were|can))", re.I)


@dataclass
class Named:
    """One span in the form of a name; `points` its cues added up, `why` the weightiest, `told` by what label."""

    person: Person
    line: Line
    points: float = 0.0
    why: str = ""
    most: float = 0.0
    against: float = 0.0
    told: Told | None = None
    cues: list[str] = field(default_factory=list)

    def add(self, points: float, why: str) -> None:
        self.points += points
        self.against += min(0.0, points)
        self.cues.append(why)
        if points > self.most:
            self.most, self.why = points, why


@dataclass(frozen=True)
class Who:
    """The likeliest patient; `lead` is in points over the next other person."""

    named: Named
    points: float
    lead: float


def read_who(sheet: Sheet) -> list[Who]:
    """Those who may be the patient, the likeliest first; only persons with LEAST points or more."""
    found = [named for typed in sheet.typed if not example().match(typed.line.text) for named in _named_on(sheet, typed)]
    _told_names(sheet, found)
    groups: list[list[Named]] = []
    for named in sorted(found, key=lambda n: (-len(n.person.name.split()), n.person.start)):
        group = next((g for g in groups if _same(g[0].person.name, named.person.name)), None)
        groups.append([named]) if group is None else group.append(named)
    said = _flat(sheet)
    ranked = []
    for group in groups:
        best = max(group, key=lambda n: (n.points, -n.person.start))
        best.person = _fuller(best, group)
        ranked.append((best, best.points + _spoken_of(said, group) + _known_else(group)))
    ranked.sort(key=lambda r: (-r[1], r[0].person.start))
    made = []
    for n, (best, points) in enumerate(ranked):
        if points >= LEAST:
            after = ranked[n + 1][1] if n + 1 < len(ranked) else 0.0
            made.append(Who(best, points, points - max(0.0, after)))
    return made or _only_one(sheet, ranked)


def _only_one(sheet: Sheet, ranked: Sequence[tuple[Named, float]]) -> list[Who]:
    """The one person of whom a letter's text speaks as of somebody treated, when hardly a word tells who the patient is."""
    spoken = [named for named, points in ranked if points >= 1.5 and not named.against and not re.search(r"['’]s$", named.person.name)]
    if len(spoken) != 1 or sheet.kind == "form" or (sheet.zone_of(spoken[0].person.start) != "body" and "stands in the heading" not in spoken[0].cues):
        return []
    spoken[0].why = f"{spoken[0].why}, and the letter speaks of nobody else so"
    return [Who(spoken[0], LEAST, LEAST)]


def _same(a: str, b: str) -> bool:
    """Whether two spans name one person: equal but for case, middle names and initials."""
    return same_person(a, b) and (a.split()[0].casefold() == b.split()[0].casefold() or len(a.split()[0].strip(".")) == 1 or len(b.split()[0].strip(".")) == 1)


def _fuller(best: Named, group: Sequence[Named]) -> Person:
    """The span with more of the name, where it stands without a cue against it."""
    fuller = max((n for n in group if not n.against), key=lambda n: (len(n.person.name.replace(".", "")), n.points, -n.person.start), default=best)
    return fuller.person if len(fuller.person.name.split()) > len(best.person.name.split()) and len(best.person.name.split()[0].strip(".")) < 2 else best.person


def _known_else(group: Sequence[Named]) -> float:
    """Points against somebody who elsewhere on the paper is a doctor, or bears a degree."""
    return -6.0 if any(n.person.credentials or "doctor" in n.cues for n in group) else 0.0


def _named_on(sheet: Sheet, typed: TypedLine) -> Iterator[Named]:
    line, reached = typed.line, typed.line.start
    role = sheet.role_of(line) if line.words else ""
    for match in _START.finditer(line.text):
        at = line.start + match.start()
        if at < reached or sense_of(re.split(r"[\s,]", line.text[match.start() :], maxsplit=1)[0]) not in ("", "first"):
            continue
        person = typed.name_at(at, line.end)
        if person is None or person.start > at + 12:
            continue
        reached = person.all_end
        named = Named(person, line)
        _weigh(sheet, typed, named, role)
        yield named


def _weigh(sheet: Sheet, typed: TypedLine, named: Named, role: str) -> None:
    line, person = typed.line, named.person
    before, after = line.text[: person.start - line.start], line.text[person.end - line.start :]
    for pattern, side, points, why in _CUES:
        if pattern.search((before, after)[side]):
            named.add(points, why)
    if person.credentials:
        named.add(-8.0, "doctor")
    if _HEADING.search(before) and by_words(person.name):
        named.add(-4.0, "is what the letter asks for")
    if role in ("provider", "practice", "payer", "other"):
        named.add(-5.0, "another's section")
    zone = sheet.zone_of(person.start)
    if sheet.kind != "form" and zone in ("sign", "after"):
        named.add(-4.0, "stands by the signature")
    _weigh_neighbours(sheet, typed, named)


_CUES = (
    (_DOCTOR, 0, -8.0, "doctor"),
    (_RELATION, 0, -5.0, "a relative or the one insured"),
    (_ADDRESSED, 0, -5.0, "addressed or writing"),
    (_DEAR, 0, -3.0, "greeted"),
    (_OFFICER, 1, -6.0, "an officer"),
    (_CARED, 0, 3.0, "is spoken of as the one treated"),
    (_HEADING, 0, 2.0, "stands in the heading"),
    (_CHILD, 0, 3.5, "is called the child"),
    (_HOLDS, 1, -4.0, "a relative or the one insured"),
    (_AGED, 1, 3.0, "stands before an age"),
    (_CALLED, 1, 4.0, "is called the patient"),
    (_CLINICAL, 1, 1.5, "is what the sentence speaks of"),
    (_PAID, 0, 2.0, "is whom the plan is to pay"),
    (_INSURED, 1, 2.0, "is whose account it is"),
    (_THEIRS, 1, 3.5, "is called the member's child or spouse"),
    (re.compile(r"\b" + _TITLE + "$"), 0, 1.0, "bears a title"),
)


def _weigh_neighbours(sheet: Sheet, typed: TypedLine, named: Named) -> None:
    """What stands behind a name on its line, or begins the line right below it: a birth date, a number."""
    line, person = typed.line, named.person
    born = {t.start for t in sheet.told if t.ask.what == "birth"}
    for start, end in ((person.end, min(line.end, person.end + 70)), *_below(sheet, typed, named)):
        units = [typed] if line.start <= start <= line.end else [n for n in sheet.typed if n.line.words and n.line.start <= start <= n.line.end]
        dates = [d for unit in units for d in unit.dates if start <= d.start < end]
        numbers = [a for unit in units for a, _, _ in unit.numbers if start <= a < end]
        if any(d.start in born for d in dates):
            named.add(3.5, "stands before the birth date")
        elif any(may_be_birth(sheet, d.start) and not re.search(r"[a-z]{3,}", _words_between(sheet, start, d.start)) for d in dates):
            close = any(d.start - start < 4 for d in dates if may_be_birth(sheet, d.start))
            named.add(4.0 if close else 3.0, "stands before what may be the birth date")
        if any(not re.search(r"[a-z]{5,} [a-z]", _words_between(sheet, start, a)) for a in numbers):
            named.add(1.5, "stands before a number")


def _words_between(sheet: Sheet, start: int, stop: int) -> str:
    return sheet.text(start, stop)


def _below(sheet: Sheet, typed: TypedLine, named: Named) -> list[tuple[int, int]]:
    """The line below a name that ends its own, at the same left edge: its first words may belong to it."""
    line = typed.line
    if not line.words or re.search(r"[^\W\d_]{4,}", line.text[named.person.end - line.start :]):
        return []
    left = next((w.box[0] for w in line.words if w.end > named.person.start), line.box[0])
    found = [n.line for n in sheet.typed if n.line.words and n.line.page == line.page and 0 < n.line.box[1] - line.box[1] < 2.3 * line.height
             and (abs(n.line.box[0] - left) < 8 or abs(n.line.box[0] - line.box[0]) < 4)]  # fmt: skip
    return [(n.start, min(n.end, n.start + 40)) for n in found[:1]]


def may_be_birth(sheet: Sheet, start: int) -> bool:
    """Whether the date at `start` lies three years or more before the latest of the letter, as nearly every birth does and
    hardly anything else that stands beside a name; or, where it is the only one, before this century's letters."""
    days = [d.day for d in sheet.dates if d.day is not None]
    day = next((d.day for d in sheet.dates if d.start == start), None)
    return day is not None and (3 * 365 <= (max(days) - day).days < 365 * 112 or (len(set(days)) == 1 and day.year < 2005))


def _told_names(sheet: Sheet, found: list[Named]) -> None:
    """Labels about names: the patient's, the member's, somebody else's."""
    at = {(n.person.start, bool(n.line.words)): n for n in found}
    for told in sheet.told:
        if told.ask.what != "name" or told.value == SAME:
            continue
        named = at.get((told.start, True)) or at.get((told.start, False))
        if named is None:
            if told.ask.whose not in ("patient", "member") or not named_like(told.value):
                continue
            named = Named(Person(told.value, told.start, told.end, (), told.end), told.run.line)
            found.append(named)
            at[told.start, True] = named
        points = {"patient": 6.0, "member": 5.0, "subject": 5.5, "holder": -1.5, "other": -6.0, "": 0.0}[told.ask.whose]
        label = f"stands {told.where} '{told.run.words}'"
        named.add(points if told.sure or points < 0 else points - 1.5, label)
        named.told = told if points > 0 and (named.told is None or told.sure) else named.told


def _flat(sheet: Sheet) -> str:
    return re.sub(r"\s+", " ", " ".join(s.text for s in sheet.body))


def _spoken_of(said: str, group: Sequence[Named]) -> float:
    """Points for how the text goes on: 'Mr. Ruiz', 'Ana has', 'Ruiz'; and for a letter that greets the patient."""
    words = group[0].person.name.split()
    words = words[:-1] if re.fullmatch(r"(?:Jr|Sr|II|III|IV)\.?", words[-1]) and len(words) > 2 else words
    given, surname = re.escape(words[0]), re.escape(words[-1].rstrip(","))
    points = 0.0
    titled = re.findall(rf"(?<!Dear )\b{_TITLE}(?:\w+ )?{surname}\b", said, re.I)
    points += 3.0 + (len(titled) > 1) * 0.5 if titled else 0.0
    if len(words[0].strip(".")) > 2:
        alone = re.findall(rf"(?<!Dr )(?<!Dr\. )(?<!Dear )\b{given}(?:['’]s)?(?=[ ,.;:])(?! (?:[A-Z]\.? )?{surname})", said)
        points += min(3.0, 2.0 + 0.5 * (len(alone) - 1)) if alone else 0.0
    greeted = re.search(rf"\bdear (?:{_TITLE})?(?:{given}|{surname})\b", said, re.I)
    if greeted:
        points += 4.5 if len(_SECOND.findall(said)) >= 2 else -3.0
    return points
