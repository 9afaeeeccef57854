"""Diagnoses: what the letter asserts of this patient now, and what it names without asserting.

Belongs here: settling which mentions count, joining those of one condition, the primary one. Does not belong here:
where conditions are named (dxplaces), how the letter stands to each (stances), whether the file knows it (check).
"""

import re
from collections.abc import Sequence

from pipeline.codes import conditions
from pipeline.codes.fold import plain
from pipeline.codes.suggestions import suggest
from pipeline.model import Diagnosis, Evidence, NotDiagnosis
from pipeline.parse.context import Context
from pipeline.parse.dxplaces import mentions_of
from pipeline.parse.mentions import Mention
from pipeline.parse.sheet import Sheet
from pipeline.parse.stances import Stance, past_event, stance_of

_PRIMARY = re.compile(
    r"\b(?:primary|principal|main|chief)\b(?!\s+(?:care|osteoarth\w*|hypertens\w*|biliary|open|insomnia|dysmenorr\w*|immuno\w*|hyper\w+|progressive|lateral|ciliary|amenorr\w*|adrenal))",
    re.I,
)
_MAIN_AFTER = re.compile(
    r"^[^.;]{0,60}?\bthe (?P<name>[\w\s\-]{3,40}?) (?:being|is|as) (?:the|her|his|their) (?:main|primary|principal|chief)",
    re.I,
)
_VAGUE = re.compile(
    r"(?:(?:chronic|underlying|severe|known|other|serious) )*(?:heart|lung|kidney|liver|skin|joint|eye|bowel|stomach|thyroid|brain|nerve|back|spine|muscle|bone|blood) (?:disease|condition|problem|trouble|disorder)s?",
    re.I,
)
"""A name that tells only the organ: beside a diagnosis with its code it is that one, or none."""
_UNSAID = ("general", "example", "effect", "unticked")
"""Reasons for which a condition is neither asserted nor denied of the patient."""


def read_diagnoses(sheet: Sheet) -> tuple[tuple[Diagnosis, ...], tuple[NotDiagnosis, ...]]:
    """Asserted and not asserted conditions, in the order of the letter."""
    marked, named = mentions_of(sheet)
    asserted: list[tuple[Mention, float]] = []
    denied: list[tuple[Mention, Context]] = []
    for mention in marked:
        stance = stance_of(sheet, mention)
        if stance.against is not None:
            denied.append((mention, stance.against))
        else:
            asserted.append((mention, stance.sure))
    chosen, refused = _from_prose(sheet, named, bool(asserted))
    merged = _merge(asserted + chosen)
    return _finish(sheet, merged), _not(sheet, denied + refused, merged)


def _from_prose(
    sheet: Sheet, named: Sequence[Mention], has_marked: bool
) -> tuple[list[tuple[Mention, float]], list[tuple[Mention, Context]]]:
    """The mentions in sentences that count: all that words of diagnosis introduce; where the letter marks none by code
    or label also diseases named without such words; a mere complaint only when nothing else is left."""
    stances: list[tuple[Mention, Stance]] = []
    refused: list[tuple[Mention, Context]] = []
    last: Mention | None = None
    for mention in named:
        stance = stance_of(sheet, mention, last)
        if stance.against is not None:
            refused.append((mention, stance.against))
            continue
        stances.append((mention, stance))
        last = mention if stance.sure >= 0.6 else last
    return _without_events(sheet, _chosen(stances, has_marked), has_marked, refused), refused


def _chosen(stances: Sequence[tuple[Mention, Stance]], has_marked: bool) -> list[tuple[Mention, float]]:
    chosen = [(m, s.sure) for m, s in stances if s.strong and not (has_marked and (m.kind != "d" or _VAGUE.fullmatch(m.text)))]
    if not has_marked:
        chosen = [(m, s.sure) for m, s in stances if m.kind == "d"] or chosen
        chosen = chosen or [(m, s.sure) for m, s in stances if s.sure >= 0.6]
    return chosen


def _without_events(
    sheet: Sheet, chosen: list[tuple[Mention, float]], has_marked: bool, refused: list[tuple[Mention, Context]]
) -> list[tuple[Mention, float]]:
    """Dated events of the past give way to whatever else the letter asserts; they join the refused."""
    events = [(m, context) for m, _ in chosen if (context := past_event(sheet, m)) is not None]
    passed = {id(m) for m, _ in events}
    rest = [(m, sure) for m, sure in chosen if id(m) not in passed]
    if not events or not (rest or has_marked):
        return chosen
    refused.extend(events)
    return rest


def _merge(asserted: list[tuple[Mention, float]]) -> list[tuple[Mention, float]]:
    """One entry a condition: the same code, or the same words, or words that another entry already holds."""
    kept: list[tuple[Mention, float]] = []
    for mention, sure in sorted(asserted, key=lambda a: (a[0].how not in ("coded",), a[0].how == "prose", a[0].start)):
        if not any(_same(mention, other) for other, _ in kept):
            kept.append((mention, sure))
    return sorted(kept, key=lambda a: a[0].start)


def _same(mention: Mention, other: Mention) -> bool:
    if mention.code and other.code:
        return mention.code.code == other.code.code
    if mention.start < other.end and other.start < mention.end:
        return True
    if _spelt_out(mention, other):
        return True
    words, theirs = set(plain(mention.text).split()), set(plain(other.text).split())
    if other.code is not None:
        theirs |= set(plain(other.code.description).split())
    small = words - {"of", "the", "and", "with", "chronic", "severe", "her", "his", "right", "left"}
    return not small or len(small & theirs) / len(small) >= 0.6 or bool(_last(words & theirs, mention, other))


def _spelt_out(mention: Mention, other: Mention) -> bool:
    """An abbreviation and the words that it stands for, one right behind the other: 'CKD (chronic kidney disease)'."""
    first, second = sorted((mention, other), key=lambda m: m.start)
    if second.start - first.end > 10:
        return False
    one, two = conditions.named(first.text), conditions.named(second.text)
    short = min(len(first.text), len(second.text)) <= 6
    return short and one is not None and two is not None and bool(one.code) and one.code[:3] == two.code[:3]


def _last(shared: set[str], mention: Mention, other: Mention) -> set[str]:
    """The shared noun at the end of both names ('pain' alone does not make two pains one)."""
    ends = (
        {plain(mention.text).split()[-1]} & {plain(other.text).split()[-1]}
        if plain(mention.text) and plain(other.text)
        else set()
    )
    return {
        w
        for w in ends & shared
        if len(w) > 5 and w not in ("syndrome", "disease", "disorder", "injury", "failure", "deficiency")
    }


def _finish(sheet: Sheet, merged: list[tuple[Mention, float]]) -> tuple[Diagnosis, ...]:
    primary = _primary(sheet, [m for m, _ in merged])
    made = []
    for n, (mention, sure) in enumerate(merged):
        end = mention.end
        evidence = Evidence.at(sheet.document, mention.start, end)
        code = mention.code.code if mention.code else None
        made.append(Diagnosis(text=mention.text, icd10=code, primary=n == primary, confidence=round(sure * (0.6 + 0.4 * evidence.confidence), 4),
                              evidence=evidence, suggested_icd10=None if code else suggest(mention.text), because=mention.because))  # fmt: skip
    return tuple(made)


def _primary(sheet: Sheet, mentions: Sequence[Mention]) -> int:
    """The diagnosis the letter calls primary or main, else the first."""
    text = sheet.document.text
    for n, mention in enumerate(mentions):
        end = max(mention.end, mention.code_end)
        behind = re.split(r"[;.]|\n\s*\d", text[end : end + 30])[0]
        before = re.split(r"[;.:]\s", text[max(0, mention.start - 45) : mention.start])[-1]
        if _PRIMARY.search(before) or re.match(r"[\s)\].,;\-–—(]*(?:primary|principal|main)\b", behind, re.I):
            return n
    for mention in mentions:
        match = _MAIN_AFTER.match(text[max(mention.end, mention.code_end) :][:120])
        if match:
            named = set(plain(match["name"]).split())
            return next((n for n, m in enumerate(mentions) if named & set(plain(m.text).split())), 0)
    return 0


def _not(
    sheet: Sheet, denied: list[tuple[Mention, Context]], merged: list[tuple[Mention, float]]
) -> tuple[NotDiagnosis, ...]:
    made: list[NotDiagnosis] = []
    seen: list[Mention] = []
    for mention, context in sorted(denied, key=lambda d: d[0].start):
        if context.label in _UNSAID or any(
            mention.start < m.end and m.start < mention.end for m, _ in merged
        ):
            continue
        if any(
            plain(mention.text) == plain(other.text) or (mention.start < other.end and other.start < mention.end)
            for other in seen
        ):
            continue
        seen.append(mention)
        made.append(
            NotDiagnosis(
                text=mention.text,
                because=context.label,
                evidence=Evidence.at(sheet.document, mention.start, mention.end),
            )
        )
    return tuple(made)
