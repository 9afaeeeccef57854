"""Diagnoses: what the letter asserts of this patient now, and what it names without asserting.

Belongs here: joining mentions with their context, the code and the primary one. Does not belong here: where names
begin and end (mentions), what triggers mean (context), whether the file knows the diagnosis (check).
"""

import re
from collections.abc import Sequence

from pipeline.codes import icd10
from pipeline.codes.fold import plain
from pipeline.model import Diagnosis, Evidence, NotDiagnosis
from pipeline.parse.context import Context, context_of
from pipeline.parse.lines import Sentence
from pipeline.parse.mentions import Mention, codes_in, phrase_after, phrase_before, prose_in
from pipeline.parse.sheet import Sheet

_ASSERTS = re.compile(
    r"(?:diagnos(?:is|es|ed)(?:\s+(?:is|of|with|as|include[s]?|are|:))+|suffer(?:s|ing|ed)? from|(?:she|he|they|who|patient|child|also|mr\.? [\w'’\-]+|mrs\.? [\w'’\-]+|ms\.? [\w'’\-]+) (?:also |currently |now )?(?:has|have)"
    r"(?: (?:been (?:diagnosed|living|struggling) with|a|an|the|both|chronic|long[- ]?standing|severe|documented|known|confirmed|developed|lifelong|active|history of|diagnosis of))*"
    r"|carries (?:a|the) diagnosis of|living with|lives with|afflicted with|being treated for|treated for|care for|(?:necessary|needed|required|prescribed|ordered|indicated|request\w*)[\w\s]{0,30}? (?:for|to treat|to manage|to relieve|to address)"
    r"|treatment of (?:his|her|their|this patient['’]s)?|treat (?:his|her|their)|because of|due to|secondary to|as a result of|manage (?:his|her|their)|in my care (?:\w+ ){0,3}for|followed (?:\w+ ){0,4}for|seen (?:\w+ ){0,4}for|under my care (?:\w+ ){0,3}(?:for|with)"
    r"|presents with|presented with|found to have|his|her|their|with)\s*(?:a |an |the |his |her |their |of |worsening |ongoing |documented )*$", re.I)  # fmt: skip
_STRONG = re.compile(
    r"diagnos|suffer|carries|living with|has been|(?:has|have)(?: (?:a|an|both|documented|severe|chronic|known))*\s*$|found to have|treated for|in my care|under my care",
    re.I,
)
_PRIMARY = re.compile(
    r"\b(?:primary|principal|main|chief)\b(?!\s+(?:care|osteoarth\w*|hypertens\w*|biliary|open|insomnia|dysmenorr\w*|immuno\w*|hyper\w+|progressive|lateral|ciliary|amenorr\w*|adrenal))",
    re.I,
)
_MAIN_AFTER = re.compile(
    r"^[^.;]{0,60}?\bthe (?P<name>[\w\s\-]{3,40}?) (?:being|is|as) (?:the|her|his|their) (?:main|primary|principal|chief)",
    re.I,
)
_SECTION_DENIES = re.compile(
    r"(?:pertinent negatives?|ruled out|family history|differential|past medical history)\b[^:\n]{0,40}:?\s*$", re.I
)


def read_diagnoses(sheet: Sheet) -> tuple[tuple[Diagnosis, ...], tuple[NotDiagnosis, ...]]:
    """Asserted and not asserted conditions, in the order of the letter."""
    asserted: list[tuple[Mention, float]] = []
    denied: list[tuple[Mention, Context]] = []
    for mention in _coded(sheet) + _labelled(sheet) + _ticked(sheet):
        _place(sheet, mention, asserted, denied)
    has_named = bool(asserted)
    for mention in _prose(sheet):
        _place(sheet, mention, asserted, denied, strong_only=has_named)
    merged = _merge(asserted)
    return _finish(sheet, merged), _not(sheet, denied, merged)


def _place(
    sheet: Sheet,
    mention: Mention,
    asserted: list[tuple[Mention, float]],
    denied: list[tuple[Mention, Context]],
    strong_only: bool = False,
) -> None:
    context = _context(sheet, mention)
    allowed = {"ticked": "past", "labelled": "general"}
    if context is not None and allowed.get(mention.how) != context.label:
        denied.append((mention, context))
        return
    if mention.how != "prose":
        asserted.append((mention, {"coded": 0.95, "labelled": 0.9, "ticked": 0.8}[mention.how]))
        return
    before = re.sub(r"\s+", " ", sheet.text(max(0, mention.start - 90), mention.start))
    before = re.split(r"[.;!?]\s", before)[-1]
    trigger = _ASSERTS.search(before)
    if trigger is None:
        return
    strong = bool(_STRONG.search(trigger.group()))
    if strong or not strong_only:
        asserted.append((mention, 0.78 if strong else 0.6))


def _context(sheet: Sheet, mention: Mention) -> Context | None:
    sentence = next((s for s in sheet.sentences if s.start <= mention.start < s.end), None)
    if sentence is None:
        return None
    start, end = mention.start - sentence.start, min(mention.end, sentence.end) - sentence.start
    found = context_of(sentence.text, start, end)
    if found is not None:
        return found
    before = sheet.text(max(0, sentence.start - 60), sentence.start) + sentence.text[:start]
    heading = _SECTION_DENIES.search(before[-70:])
    if heading:
        word = heading.group().lower()
        label = (
            "ruled_out"
            if "rule" in word or "differ" in word
            else "family"
            if "family" in word
            else "past"
            if "past" in word
            else "negated"
        )
        return Context(label, " ".join(heading.group().split()))
    return None


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
    for sentence in _spans(sheet, filled_only=False):
        floor = sentence.start
        for code in codes_in(
            text,
            sentence.start,
            sentence.end,
            any(a <= sentence.start < b or sentence.start <= a < sentence.end for a, b in labelled),
        ):
            span = phrase_before(text, floor, code.start, code.code)
            because = "stands before the code"
            if span is None or not re.search(r"[A-Za-z]{3}", text[span[0] : span[1]]):
                span = _paired(sheet, code.start) or phrase_after(text, code.end, sentence.end)
                because = "stands beside the code"
            floor = code.end
            if span is None:
                continue
            name = " ".join(text[span[0] : span[1]].split())
            found.append(Mention(name, span[0], span[1], "coded", code.code, code.start, code.end, because))
    return found


def _paired(sheet: Sheet, position: int) -> tuple[int, int] | None:
    """On a form: the diagnosis cell that goes with the code cell that holds this place."""
    inside = any(p.start <= position < p.end for p in sheet.pairs_of("icd10"))
    if not inside:
        return None
    line = sheet.line_at(position)
    cells = [p for p in sheet.pairs_of("diagnosis") if line is not None and p.lines[0].page == line.page]
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
            if _near_code(sheet, pair.lines[0].page, start) or _qualified(piece):
                continue
            found.append(
                Mention(" ".join(piece.split()), start, end, "labelled", because=f"stands under the label '{label}'")
            )
    return found


def _qualified(piece: str) -> bool:
    """Whether the piece says more than a name: 'so diabetes is excluded'. Prose reading judges such a piece."""
    flat = " ".join(piece.split())
    return any(context_of(flat, a, b) is not None for a, b in prose_in(flat, 0, len(flat))) or \
        bool(re.match(r"(?:ruled out|negative|no |denies|family)", flat, re.I))  # fmt: skip


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
    return made[:6]


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
    for number in sheet.pages:
        for tick in sheet.page(number).ticks:
            if not tick.ticked:
                continue
            line = min((li for li in sheet.lines if li.page == number and _labels_tick(li.box, tick.box)),
                       key=lambda li: li.box[0] - tick.box[2], default=None)  # fmt: skip
            if line is None:
                continue
            words = [w for w in line.words if w.box[0] >= tick.box[2] - 3]
            if not words:
                continue
            spans = list(prose_in(text, words[0].start, line.end))
            lead = re.match(r"\s*(?:[☒☑☐✓✔]\s*)?(?:[a-z]\.|\d+\.|\([a-z]\))?\s*", text[words[0].start : line.end])
            start = words[0].start + (lead.end() if lead else 0)
            label = text[start : line.end].strip()
            if (
                spans
                and len(label.split()) <= 9
                and not re.search(r"\b(?:certify|treating|needs|this patient)\b", label, re.I)
            ):
                found.append(Mention(label, start, start + len(label), "ticked", because="its box is ticked"))
    return found


def _labels_tick(box: tuple[float, float, float, float], tick: tuple[float, float, float, float]) -> bool:
    middle = (tick[1] + tick[3]) / 2
    return box[1] - 3 <= middle <= box[3] + 3 and box[2] > tick[2] and box[0] - tick[2] < 40


def _prose(sheet: Sheet) -> list[Mention]:
    text = sheet.document.text
    found = []
    skip = {(sheet.lines[n].start, sheet.lines[n].end) for n in range(min(4, len(sheet.zones.head)))}
    for sentence in _spans(sheet):
        if any(a <= sentence.start < b for a, b in skip):
            continue
        for start, end in prose_in(text, sentence.start, sentence.end):
            found.append(
                Mention(" ".join(text[start:end].split()), start, end, "prose", because="is named in the text")
            )
    return found


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
    words, theirs = set(plain(mention.text).split()), set(plain(other.text).split())
    if other.code is not None:
        theirs |= set(plain(other.code.description).split())
    small = words - {"of", "the", "and", "with", "chronic", "severe", "her", "his", "right", "left"}
    return not small or len(small & theirs) / len(small) >= 0.6 or bool(_last(words & theirs, mention, other))


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
                              evidence=evidence, suggested_icd10=None if code else icd10.suggest(mention.text), because=mention.because))  # fmt: skip
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
        if context.label in ("general", "example") or any(
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
