"""One letter laid out for reading: its lines, zones, labels, dates and sentences, found once and shared by all fields.

Belongs here: what every field reader looks at, and the making of candidates with evidence. Does not belong here: the
reading of any one field.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.codes.dates import DateMention, combed, dates_in, stroked
from pipeline.model import Candidate, DocumentText, Evidence, FieldValue, Page, Scalar
from pipeline.parse.cells import celled
from pipeline.parse.labelhits import Hit, hits_on, id_of
from pipeline.parse.labels import KeyValue, read_labels
from pipeline.parse.lines import Block, Line, Sentence, blocks_of, lines_of, parted, sentences_of
from pipeline.parse.options import Option, options_in
from pipeline.parse.sections import Section, role_at, sections_of
from pipeline.parse.told import Told, read_told
from pipeline.parse.typedlines import TypedLine, typed_lines
from pipeline.parse.zones import Zones, zones_of


@dataclass(frozen=True)
class Sheet:
    """A letter's pages of a document, `kind` letter or form."""

    document: DocumentText
    pages: tuple[int, ...]
    kind: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return celled(self.document, lines_of(self.document, self.pages))

    @cached_property
    def zones(self) -> Zones:
        return zones_of(self.lines)

    @cached_property
    def pairs(self) -> tuple[KeyValue, ...]:
        return read_labels(self.lines, form=self.questions, known=self.hits)

    @cached_property
    def questions(self) -> bool:
        """Whether the pages may hold printed questions that no lexicon knows: those of a form, or without a greeting and
        a close."""
        return self.kind == "form" or (self.zones.salutation is None and self.zones.closing is None)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return sections_of(self.lines, self.pairs, marked=self.kind != "form")

    def role_of(self, line: Line) -> str:
        """Whose fields stand where this line stands: patient, holder, provider, practice, payer, other, or ''. A letter
        has sections above its body only, and a sentence in none."""
        if not line.words:
            return ""
        if self.kind != "form" and self.zones.name(self.index_of(line)) != "head":
            return ""
        return role_at(self.sections, line)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(hit for line in self.lines for hit in hits_on(line))

    @cached_property
    def options(self) -> tuple[Option, ...]:
        return tuple(options_in(self.document, self.lines))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return blocks_of(self.lines)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        labels = {id_of(pair.hit.line) for pair in self.pairs if pair.hit.alone} if self.questions else set()
        return sentences_of(self.document, parted(self.blocks, labels), listed=self.kind != "form")

    @cached_property
    def body(self) -> tuple[Sentence, ...]:
        """Sentences of the body, a list that reaches into it whole; for a form, of every page."""
        if self.kind == "form":
            return self.sentences
        spans = [(self.lines[n].start, self.lines[n].end) for n in (*self.zones.body, *self.zones.sign)]
        if not spans:
            return self.sentences
        whole = sentences_of(self.document, self.blocks)
        spans = [(s.start, s.end) for s in whole if any(a < s.end and s.start < b for a, b in spans)]
        return tuple(s for s in self.sentences if any(a < s.end and s.start < b for a, b in spans))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        text = self.document.text
        found: list[DateMention] = []
        for page in self.pages:
            words = self.document.page(page).words
            if words:
                found.extend(dates_in(text, words[0].start, words[-1].end))
        boxes = [pair for pair in self.pairs if pair.hit.kind == "date" and not any(pair.start <= d.start < pair.end for d in found)]
        found.extend(read for pair in boxes if (read := stroked(text, pair.start, pair.end) or combed(text, pair.start, pair.end)) is not None)
        return tuple(sorted(found, key=lambda d: d.start))

    @cached_property
    def typed(self) -> tuple[TypedLine, ...]:
        """The lines by the kinds of their tokens; of a letter's body its sentences too, which run over line ends."""
        made = typed_lines(self.lines, self.dates)
        if self.kind == "form":
            return made
        spoken = tuple(Line(s.page, -1, (), s.text, s.start, s.end, (0.0, 0.0, 0.0, 0.0)) for s in self.body if "\n" in self.text(s.start, s.end))
        return made + typed_lines(spoken, self.dates)

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """What labels tell of names, birth dates and numbers, each value once for what it is asked."""
        found: dict[tuple[int, str], Told] = {}
        for told in read_told(self.typed):
            known = found.get((told.start, told.ask.what))
            if known is None or (told.sure and not known.sure):
                found[told.start, told.ask.what] = told
        return tuple(sorted(found.values(), key=lambda t: (t.start, t.ask.what)))

    def page(self, number: int) -> Page:
        return self.document.page(number)

    def text(self, start: int, end: int) -> str:
        return self.document.text[start:end]

    def line_at(self, position: int) -> Line | None:
        """The line that holds text[position], if any."""
        return next((line for line in self.lines if line.start <= position < line.end), None)

    def index_of(self, line: Line) -> int:
        return self._places[line.page, line.start]

    @cached_property
    def _places(self) -> dict[tuple[int, int], int]:
        return {(line.page, line.start): n for n, line in reversed(list(enumerate(self.lines)))}

    def zone_of(self, position: int) -> str:
        """head, body, sign or after for a place in the text."""
        line = self.line_at(position)
        return self.zones.name(self.index_of(line)) if line is not None else "body"

    def pairs_of(self, *fields: str) -> list[KeyValue]:
        return [pair for pair in self.pairs if pair.field in fields]

    def candidate(
        self, value: Scalar, start: int, end: int, confidence: float, because: str, rejected: str | None = None
    ) -> Candidate | None:
        """A reading with its evidence; None when no word lies at text[start:end]. Badly read words lower it."""
        try:
            evidence = Evidence.at(self.document, start, end)
        except ValueError:
            return None
        sure = confidence * (0.55 + 0.45 * min(1.0, evidence.confidence / 0.9))
        return Candidate(value=value, confidence=round(min(0.99, sure), 4), because=because, evidence=evidence,
                         rejected_because=rejected)  # fmt: skip


def settle(name: str, candidates: Iterable[Candidate | None]) -> FieldValue:
    """The field with its candidates best first: accepted before rejected, then by confidence, then by place. Further
    readings of the same value raise the first one's confidence."""
    real = [c for c in candidates if c is not None]
    groups: dict[tuple[str, bool], list[Candidate]] = {}
    for c in real:
        groups.setdefault((str(c.value).casefold(), c.rejected_because is None), []).append(c)
    merged = [_agreed(group) for group in groups.values()]
    merged.sort(key=lambda c: (c.rejected_because is not None, -c.confidence, c.evidence.start if c.evidence else 0))
    return FieldValue(name=name, candidates=tuple(merged))


def _agreed(group: Sequence[Candidate]) -> Candidate:
    best = max(group, key=lambda c: (c.confidence, -(c.evidence.start if c.evidence else 0)))
    doubt = 1.0 - best.confidence
    for other in group:
        if other is not best:
            doubt *= 1.0 - 0.5 * other.confidence
    return best.model_copy(update={"confidence": round(min(0.99, 1.0 - doubt), 4)})


def losers(name: str, value: FieldValue, reason: str) -> FieldValue:
    """The field with all but its best reading rejected for `reason`."""
    kept: list[Candidate] = []
    for n, c in enumerate(value.candidates):
        kept.append(c if n == 0 or c.rejected_because else c.model_copy(update={"rejected_because": reason}))
    return FieldValue(name=name, candidates=tuple(kept))
