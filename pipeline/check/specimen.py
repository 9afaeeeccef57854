"""A letter without a fault and the records it agrees with, on which the rules' examples are tried.

Belongs here: the good letter, the making of letters for trial, reading an example such as `letter_date=2026-05-11; plan.retroactive_days=0`, and telling
which examples do not bear out their row. Does not belong here: the rules.

An example is a list of changes between semicolons, `name=value`, an empty value for what is taken away; `good` changes
nothing. Names: the letter's fields; `diagnosis.text|icd10|suggested_icd10`, `item.text|category|code|quantity|frequency|
duration_months|cost`; `diagnoses=` and `items=` take all away; `element.NAME=yes|no`; `flag=NAME`; `kind`, `quality`,
`problem`, `confidence` (of every value); `member.`, `claim.`, `plan.`, `history.` and a column; `claims=`; `match=none|
ambiguous|identity`; `earlier=same`, `approved.until`, `rival_date`, `footer`, `received`, `policy.` and a column; `as_of`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.check import found_in
from pipeline.check.facts import Held
from pipeline.check.filing import filing_keys
from pipeline.check.policy import CHOICES, Policies, load_policies
from pipeline.check.policy import COLUMNS as POLICY_COLUMNS
from pipeline.check.rules import Rule, Rules
from pipeline.check.sheet import Row, day_of, unknown
from pipeline.errors import BadSettings
from pipeline.model import (
    ELEMENTS,
    FIELD_NAMES,
    FLAGS,
    ITEM_CATEGORIES,
    PROGRAMS,
    ApprovedLetter,
    Candidate,
    Diagnosis,
    DocumentText,
    Element,
    Evidence,
    FieldValue,
    Flag,
    Item,
    Letter,
    Match,
    MemberCandidate,
    Page,
    Problem,
    Word,
    lay_out,
)
from pipeline.records.index import Records, records_of
from pipeline.records.tables import COLUMNS, table_of

TODAY = dt.date(2026, 6, 30)
PLAN = "EXAMPLE"
_QUOTE = Evidence(page=1, box=(10, 20, 30, 40), start=0, end=5, quote="words", confidence=0.99)
_FIELDS: Mapping[str, Any] = {
    "letter_date": "2026-04-14", "provider.name": "Ines Falk", "provider.credentials": ("MD",), "provider.npi": "1234567893", "provider.signed": True,
    "patient.name": "Ana Ortega", "patient.dob": "1979-02-03", "recipient.program": "fsa",
}  # fmt: skip
_DIAGNOSIS: Mapping[str, Any] = {"text": "cervicalgia", "icd10": "M54.2"}
_ITEM: Mapping[str, Any] = {"text": "therapeutic massage", "category": "massage_therapy", "code": "97124", "duration_months": 6.0}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "members": {"member_id": "M-1", "name": "Ana Ortega", "dob": "1979-02-03", "relationship": "self", "account_holder_id": "M-1", "plan_id": PLAN},
    "claims": {"claim_id": "C-1", "member_id": "M-1", "plan_id": PLAN, "program": "fsa", "status": "pended", "received_date": "2026-05-20",
               "service_date": "2026-05-10", "item_description": "Massage therapy 60 min", "category": "massage_therapy", "code": "97124",
               "amount": "95.00", "diagnosis_code": "M54.2"},
    "history": {"member_id": "M-1", "date": "2026-01-22", "icd10": "M54.2", "description": "Cervicalgia"},
    "plans": {"plan_id": PLAN, "name": "Plan", "program": "fsa", "plan_year_start": "2026-01-01", "plan_year_end": "2026-12-31",
              "letter_valid_months": "12", "retroactive_days": "0", "accepted_credentials": "MD|DO|NP|PA-C", "history_required": "1"},
}  # fmt: skip
_ROWS = {"member": "members", "claim": "claims", "history": "history", "plan": "plans"}
_WORDS = "Kestrel Lane Clinic to whom it may concern Ana Ortega has cervicalgia and needs therapeutic massage twice weekly for six months"
_NUMBERS = ("quantity", "duration_months", "cost")
_DATES = ("letter_date", "patient.dob", "provider.signature_date", "treatment_start", "treatment_end", "injury_date")
_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "flag": FLAGS, "item.category": ITEM_CATEGORIES, "claim.category": ITEM_CATEGORIES, "kind": ("letter", "form"), "earlier": ("same",),
    "match": ("matched", "none", "ambiguous", "identity"), "plan.program": PROGRAMS, "recipient.program": PROGRAMS,
}  # fmt: skip
_OTHER = ("kind", "quality", "problem", "confidence", "match", "earlier", "as_of", "received", "rival_date", "footer", "approved.until")
_NAMES = (
    *FIELD_NAMES, *(f"diagnosis.{p}" for p in ("text", "icd10", "suggested_icd10")), *(f"item.{p}" for p in ("text", "category", "code", "frequency", *_NUMBERS)),
    *(f"element.{e}" for e in ELEMENTS), "flag", "diagnoses", "items", "claims", "history",
    *(f"{one}.{column}" for one, table in _ROWS.items() for column in COLUMNS[table]), *(f"policy.{c}" for c in POLICY_COLUMNS), *_OTHER,
)  # fmt: skip


@dataclass
class _Bench:
    """The specimen, as far as an example has changed it."""

    fields: dict[str, Any] = field(default_factory=lambda: dict(_FIELDS))
    diagnosis: dict[str, Any] | None = field(default_factory=lambda: dict(_DIAGNOSIS))
    item: dict[str, Any] | None = field(default_factory=lambda: dict(_ITEM))
    elements: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(ELEMENTS, True))
    flags: list[str] = field(default_factory=list)
    tables: dict[str, dict[str, str] | None] = field(default_factory=lambda: {name: dict(row) for name, row in _TABLES.items()})
    policy: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)


def wrong_examples(rules: Rules) -> list[str]:
    """What is wrong with the rules' examples, with row and column: one that cannot be read, one that should meet its
    row and does not, one that should miss it and meets it."""
    told = []
    for rule in rules.rows:
        for column, text, wanted in (("meets", rule.meets, True), ("misses", rule.misses, False)):
            says = _wrong(rule, text, wanted)
            if says:
                told.append(f"{rules.name}, row {rule.row}, column {column}: {says}")
    return told


def examples(rules: Rules) -> int:
    """Tries every example and returns how many there are; BadSettings names the wrong ones."""
    wrong = wrong_examples(rules)
    if wrong:
        raise BadSettings("\n".join(wrong) + "\nCorrect these examples, or the rule they do not bear out.")
    return 2 * len(rules.rows)


@lru_cache(maxsize=1)
def _shipped() -> Policies:
    """The policies that examples are tried under: a plan's own policy, changed later, must not make a rule's examples
    wrong. An example names the policy it needs."""
    return load_policies()[0]


def _wrong(rule: Rule, text: str, wanted: bool) -> str:
    try:
        held = held_of(text, _shipped(), rule.plans[0] if rule.plans else PLAN, min(max(TODAY, rule.effective_from), rule.effective_to))
    except (ValueError, KeyError, TypeError) as err:
        return f"the example cannot be read: {err}"
    made = rule.answer(held) is not None
    alone = Rules((rule,), _shipped(), "", "")
    if made is not wanted:
        return f"the example {'does not meet' if wanted else 'meets'} the rule. Change the example, or the rule."
    if wanted and rule.severity[held.program] != "off" and not any(f.code == rule.finding for f in found_in(held, alone)):
        return f"the example earns no {rule.finding}."
    return ""


def held_of(example: str, policies: Policies, plan_id: str = PLAN, as_of: dt.date = TODAY) -> Held:
    """The specimen with an example's changes, held against its records. ValueError or KeyError says what cannot be
    read in it."""
    bench = _changed(example)
    if plan_id != PLAN:
        for name, column in (("members", "plan_id"), ("claims", "plan_id"), ("plans", "plan_id")):
            (bench.tables[name] or {})[column] = plan_id
    records, letter = _records(bench), _letter(bench)
    match = _match(bench, letter, records)
    received = dt.date.fromisoformat(bench.other.get("received", "2026-05-20"))
    mine = filing_keys(letter, paper([f"{_WORDS} {bench.other.get('footer', '')}"], letter.sha256), 2, "b.pdf", match.member_id, received)
    earlier = (mine.model_copy(update={"letter_id": "e-1", "sha256": "e" * 64, "order": 1}),) if bench.other.get("earlier") == "same" else ()
    day = dt.date.fromisoformat(bench.other.get("as_of", as_of.isoformat()))
    return Held(letter, match, records, earlier, mine, day, _policies(bench, policies), _approved(bench, letter))


def _changed(example: str) -> _Bench:
    bench = _Bench()
    for part in filter(None, (p.strip() for p in example.split(";"))):
        name, equals, value = (x.strip() for x in part.partition("="))
        if part == "good":
            continue
        if not equals:
            raise ValueError(f"'{part}' is no change; write name=value")
        _change(bench, name, value)
    return bench


def _allowed(name: str) -> tuple[str, ...]:
    """The only values that a name takes in an example; () where any will do."""
    first, _, rest = name.partition(".")
    if first == "element" or name == "provider.signed":
        return ("yes", "no")
    return CHOICES.get(rest, ()) if first == "policy" else _ONE_OF.get(name, ())


def _change(bench: _Bench, name: str, value: str) -> None:
    first, _, rest = name.partition(".")
    if value and _allowed(name) and value not in _allowed(name):
        raise ValueError(unknown(f"{name}={value}", "not known", [f"{name}={one}" for one in _allowed(name)]))
    if name in FIELD_NAMES:
        bench.fields[name] = _field_value(name, value)
    elif first in _ROWS and rest in COLUMNS[_ROWS[first]]:
        row = bench.tables[_ROWS[first]]
        (row if row is not None else {})[rest] = value
    elif name in ("claims", "history", "diagnoses", "items") and not value:
        _take_away(bench, name)
    elif first == "diagnosis" and rest in ("text", "icd10", "suggested_icd10"):
        bench.diagnosis = {**(bench.diagnosis or {}), rest: value or None}
    elif first == "item" and rest in Item.model_fields:
        bench.item = {**(bench.item or {}), rest: (float(value) if rest in _NUMBERS else value) if value else None}
    elif first == "element" and rest in ELEMENTS:
        bench.elements[rest] = value == "yes"
    elif name == "flag" and value:
        bench.flags.append(value)
    elif first == "policy" and rest in POLICY_COLUMNS:
        bench.policy[rest] = value
    elif name in _OTHER:
        bench.other[name] = value
    else:
        raise ValueError(unknown(name, "no name of an example", _NAMES))


def _take_away(bench: _Bench, name: str) -> None:
    if name == "diagnoses":
        bench.diagnosis = None
    elif name == "items":
        bench.item = None
    else:
        bench.tables[name] = None


def _field_value(name: str, value: str) -> Any:
    if value and name in _DATES and day_of(value) is None:
        raise ValueError(f"'{value}' is no date; write {name} as 2026-03-14")
    if name == "provider.signed":
        return value == "yes" if value else None
    return tuple(value.split("|")) if name in ("provider.credentials", "purchase_dates", "prior_treatments") and value else value or None


def _letter(bench: _Bench) -> Letter:
    sure = float(bench.other.get("confidence", "0.95"))
    read = _QUOTE.model_copy(update={"confidence": sure})
    fields = stated(bench.fields, read)
    if "rival_date" in bench.other:
        rival = Candidate(value=bench.other["rival_date"], confidence=sure, because="specimen", evidence=read, rejected_because="another")
        own = fields.get("letter_date", FieldValue(name="letter_date", candidates=()))
        fields["letter_date"] = own.model_copy(update={"candidates": (*own.candidates, rival)})
    return Letter(
        letter_id="a-1", sha256="a" * 64, pages=(1,), kind="form" if bench.other.get("kind") == "form" else "letter", fields=fields,
        diagnoses=(Diagnosis(**bench.diagnosis, primary=True, confidence=sure, evidence=read),) if bench.diagnosis else (),
        items=(Item(**bench.item, confidence=sure, evidence=read),) if bench.item else (),
        elements=tuple(Element(name=e, value=stated, confidence=0.9) for e, stated in bench.elements.items()),
        flags=tuple(Flag(code=f, confidence=0.9, evidence=_QUOTE) for f in bench.flags), quality=float(bench.other.get("quality", "0.99")),
        problems=(Problem(code=bench.other["problem"], says="A page is in trouble."),) if "problem" in bench.other else (),
    )  # fmt: skip


def stated(values: Mapping[str, Any], read: Evidence) -> dict[str, FieldValue]:
    """Fields that a letter states, each on the same words and as sure as they were read; None and '' state nothing."""
    told = {name: Candidate(value=value, confidence=read.confidence, because="specimen", evidence=read) for name, value in values.items() if value not in (None, (), "")}
    return {name: FieldValue(name=name, candidates=(candidate,)) for name, candidate in told.items()}


def paper(pages: Sequence[str], sha256: str) -> DocumentText:
    """A well-read document of these words, a text for each page."""
    words = [[Word(text=t, box=(0, 0, 1, 1), confidence=0.99, source="layer", line=0, start=0) for t in text.split()] for text in pages]
    text, laid = lay_out([(Page(number=n, width=612, height=792, origin="layer", quality=0.99), [each]) for n, each in enumerate(words, 1)])
    return DocumentText(sha256=sha256, text=text, pages=laid)


def _records(bench: _Bench) -> Records:
    return records_of({name: table_of(name, f"{name}.csv", [row] if (row := bench.tables[name]) else []) for name in COLUMNS})


def _match(bench: _Bench, letter: Letter, records: Records) -> Match:
    """The member is the one there is; the claim is the letter's when its category or code is the item's."""
    outcome: Any = bench.other.get("match", "matched")
    member = next(iter(records.members.values()))
    known = outcome in ("matched", "identity")
    claims = [c for c in records.claims.values() if c.is_open] if known else []
    mine = [c.claim_id for c in claims if not letter.items or any(c.category == i.category or (c.code and c.code == i.code) for i in letter.items)]
    candidate = MemberCandidate(member_id=member.member_id, score=9.0, parts={})
    return Match(letter_id="a-1", outcome=outcome, member_id=member.member_id if known else None, plan_id=member.plan_id if outcome != "none" else None,
                 candidates=(candidate, candidate) if outcome == "ambiguous" else (candidate,), claims=tuple(mine),
                 other_open=tuple(c.claim_id for c in claims if c.claim_id not in mine))  # fmt: skip


def _policies(bench: _Bench, policies: Policies) -> Policies:
    """The policies with a row of the example's own on top."""
    if not bench.policy:
        return policies
    row = Row(0, {**dict.fromkeys(POLICY_COLUMNS, ""), "plans": (bench.tables["plans"] or {})["plan_id"], "effective_from": "9999-01-01", **bench.policy})
    row.cells["effective_from"] = "2000-01-01"
    return Policies((*policies.rows, row), policies.signers, policies.digest)


def _approved(bench: _Bench, letter: Letter) -> tuple[ApprovedLetter, ...]:
    until = bench.other.get("approved.until")
    if until is None:
        return ()
    return (ApprovedLetter(letter_id="f-1", member_id="M-1", plan_id=PLAN, approved_on=dt.date(2026, 1, 5), since=dt.date(2026, 1, 5),
                           until=dt.date.fromisoformat(until) if until else None, things=tuple((i.text, i.category, i.code) for i in letter.items)),)  # fmt: skip

