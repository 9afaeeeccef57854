"""One fact of a good letter damaged at a time: no such letter may go to `decide`; and the mirror, that what is weak but
unimportant keeps no good letter from it.

The good letters are those of every corpus that a careful examiner would send to `decide`.
"""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import pytest

from pipeline.check import Rules, check, filing_keys, load_rules
from pipeline.check.specimen import stated
from pipeline.match import match
from pipeline.model import Evidence, Flag, Letter, OnFile, Receipt
from pipeline.records import Records, load_records
from pipeline.review.triage import triage
from tests.truth_letters import Corpus, corpora, document_of, letter_of, truths

TODAY = dt.date(2026, 6, 30)
QUOTE = Evidence(page=1, box=(0, 0, 1, 1), start=0, end=1, quote="x", confidence=0.99)
Damage = Callable[[Letter, Records, str], Letter | None]
"""The damaged letter of a member; None where the damage does not apply."""


def with_fields(letter: Letter, **values: Any) -> Letter:
    """`values` by field name with '__' for dots; None takes one out."""
    named = {k.replace("__", "."): v for k, v in values.items()}
    kept = {name: value for name, value in letter.fields.items() if name not in named}
    return letter.model_copy(update={"fields": {**kept, **stated(named, QUOTE)}})


def _program(records: Records, member: str) -> str:
    return records.plans[records.members[member].plan_id].program


def _undated(letter: Letter, *_: Any) -> Letter:
    return with_fields(letter, letter_date=None)


def _future(letter: Letter, *_: Any) -> Letter:
    return with_fields(letter, letter_date=(TODAY + dt.timedelta(days=1)).isoformat())


def _dated_late(letter: Letter, records: Records, member: str) -> Letter | None:
    """After the last day to which any plan of a claim looks back."""
    served = [c.service_date + dt.timedelta(days=records.plans[c.plan_id].retroactive_days + 1) for c in records.claims_by(member) if c.is_open and c.service_date]
    claims = match(letter, records).claims
    if not served or any(records.claims[c].service_date is None for c in claims) or max(served) > TODAY:
        return None
    return with_fields(letter, letter_date=max(served).isoformat())


def _dated_long_ago(letter: Letter, records: Records, member: str) -> Letter | None:
    claims = [records.claims[c] for c in match(letter, records).claims]
    if not claims or any(c.service_date is None for c in claims):
        return None
    return with_fields(letter, letter_date="2019-01-15", treatment_end=None, treatment_start=None)


def _nobody(letter: Letter, *_: Any) -> Letter:
    return with_fields(letter, patient__name="Wilhelmina Zzyzek", patient__dob="1931-12-31", patient__member_id=None, claim_number=None, account_holder=None)


def _nameless(letter: Letter, *_: Any) -> Letter:
    return with_fields(letter, patient__name=None)


def _another_birth_date(letter: Letter, records: Records, member: str) -> Letter | None:
    born = records.members[member].dob
    if born is None:
        return None
    return with_fields(letter, patient__dob=(born + dt.timedelta(days=4000)).isoformat(), patient__member_id=None, claim_number=None)


def _another_id(letter: Letter, records: Records, member: str) -> Letter | None:
    """The id of somebody of another household."""
    household = records.members[member].account_holder_id
    other = next((m for m in records.members.values() if m.account_holder_id != household), None)
    return with_fields(letter, patient__member_id=other.member_id, claim_number=None) if other else None


def _unsigned(letter: Letter, *_: Any) -> Letter:
    return with_fields(letter, provider__signed=False)


def _no_credentials(letter: Letter, *_: Any) -> Letter:
    return with_fields(letter, provider__credentials=None)


def _coach(letter: Letter, records: Records, member: str) -> Letter | None:
    return with_fields(letter, provider__credentials=("CPT",)) if records.plans[records.members[member].plan_id].accepted_credentials else None


def _bad_npi(letter: Letter, *_: Any) -> Letter | None:
    npi = letter.text_of("provider.npi")
    return with_fields(letter, provider__npi=npi[:-1] + str((int(npi[-1]) + 1) % 10)) if npi else None


def _no_diagnosis(letter: Letter, *_: Any) -> Letter:
    return letter.model_copy(update={"diagnoses": ()})


def _complaint(letter: Letter, *_: Any) -> Letter | None:
    told = letter.diagnoses[0].model_copy(update={"text": "back problems", "icd10": None, "suggested_icd10": None})
    return letter.model_copy(update={"diagnoses": (told,)})


def _other_diagnosis(letter: Letter, records: Records, member: str) -> Letter | None:
    """One that shares nothing with the claim line, where the line has a code."""
    lines = [records.claims[c] for c in match(letter, records).claims]
    if not any(line.diagnosis_code for line in lines) or any((line.diagnosis_code or "").startswith("H52") for line in lines):
        return None
    return letter.model_copy(update={"diagnoses": (letter.diagnoses[0].model_copy(update={"text": "myopia", "icd10": "H52.13"}),)})


def _no_item(letter: Letter, *_: Any) -> Letter:
    return letter.model_copy(update={"items": ()})


def _other_item(letter: Letter, records: Records, member: str) -> Letter | None:
    """A thing that no open claim of the member is for."""
    if any(c.category == "cosmetic_procedure" for c in records.claims_by(member)):
        return None
    item = letter.items[0].model_copy(update={"text": "laser resurfacing of acne scars", "category": "cosmetic_procedure", "code": "15788"})
    return with_fields(letter, claim_number=None).model_copy(update={"items": (item,)})


def _no_duration(letter: Letter, records: Records, member: str) -> Letter | None:
    """Where the program asks for one and the thing is not done once."""
    once = ("procedure_or_test", "cosmetic_procedure", "home_modification")
    if _program(records, member) == "insurance" or all(i.category in once for i in letter.items):
        return None
    bare = tuple(i.model_copy(update={"duration_months": None}) for i in letter.items)
    return with_fields(letter, treatment_end=None).model_copy(update={"items": bare})


def _without(element: str, *programs: str) -> Damage:
    def damage(letter: Letter, records: Records, member: str) -> Letter | None:
        if programs and _program(records, member) not in programs:
            return None
        return letter.model_copy(update={"elements": tuple(e.model_copy(update={"value": e.value and e.name != element}) for e in letter.elements)})

    return damage


def _flagged(code: str) -> Damage:
    return lambda letter, *_: None if code == "no_letterhead" and letter.kind == "form" else letter.model_copy(update={"flags": (*letter.flags, Flag(code=code, confidence=0.99))})


def _unread(letter: Letter, *_: Any) -> Letter:
    return with_fields(letter, letter_date=None).model_copy(update={"quality": 0.5})


def _doubtful(name: str) -> Damage:
    """An essential value that was hardly read."""

    def damage(letter: Letter, *_: Any) -> Letter | None:
        return _weak(letter, name, 0.2) if letter[name].accepted else None

    return damage


def _weak(letter: Letter, name: str, confidence: float) -> Letter:
    field = letter[name]
    if not field.accepted:
        return letter
    weak = field.model_copy(update={"candidates": tuple(c.model_copy(update={"confidence": confidence}) for c in field.candidates)})
    return letter.model_copy(update={"fields": {**letter.fields, name: weak}})


DAMAGES: dict[str, tuple[Damage, str]] = {
    "no date": (_undated, "request_info transcribe"),
    "dated tomorrow": (_future, "examine"),
    "dated after the purchase": (_dated_late, "examine"),
    "dated years ago": (_dated_long_ago, "examine"),
    "nobody's name": (_nobody, "match"),
    "no name": (_nameless, "match request_info"),
    "another birth date": (_another_birth_date, "match"),
    "another household's id": (_another_id, "match"),
    "no signature": (_unsigned, "request_info"),
    "no credentials": (_no_credentials, "request_info"),
    "a coach signs": (_coach, "examine"),
    "a digit of the NPI": (_bad_npi, "examine"),
    "no diagnosis": (_no_diagnosis, "request_info examine"),
    "a complaint only": (_complaint, "request_info examine"),
    "another diagnosis": (_other_diagnosis, "examine"),
    "no item": (_no_item, "request_info examine"),
    "another item": (_other_item, "examine match"),
    "no duration": (_no_duration, "request_info"),
    "no medical value": (_without("medical_value"), "request_info"),
    "no alternatives": (_without("alternatives_inadequate", "insurance", "workers_comp"), "request_info"),
    "no benefit": (_without("expected_benefit", "insurance", "workers_comp"), "request_info"),
    "a hedge is all": (_flagged("vague_language"), "request_info"),
    "wellness": (_flagged("general_wellness"), "examine"),
    "looks": (_flagged("cosmetic"), "examine"),
    "no letterhead": (_flagged("no_letterhead"), "request_info"),
    "a page that cannot be read": (_unread, "transcribe"),
    "a doubtful name": (_doubtful("patient.name"), "transcribe"),
    "a doubtful date": (_doubtful("letter_date"), "transcribe"),
}


def weak_payer(letter: Letter) -> Letter:
    return _weak(letter, "recipient.payer", 0.2)


SLIGHT: dict[str, Callable[[Letter], Letter]] = {
    "nothing": lambda letter: letter,
    "payer hardly read": weak_payer,
    "practice hardly read": lambda letter: _weak(_weak(_weak(letter, "practice.name", 0.2), "practice.phone", 0.2), "practice.address", 0.2),
    "no telephone, fax or payer": lambda letter: with_fields(letter, practice__phone=None, practice__fax=None, recipient__payer=None),
    "specialty and licence hardly read": lambda letter: _weak(_weak(letter, "provider.specialty", 0.2), "provider.license", 0.2),
    "no NPI": lambda letter: with_fields(letter, provider__npi=None),
    "earlier treatments hardly read": lambda letter: _weak(letter, "prior_treatments", 0.2),
    "item without price and count": lambda letter: letter.model_copy(update={"items": tuple(i.model_copy(update={"cost": None, "quantity": None, "frequency": None}) for i in letter.items)}),
    "denied conditions": lambda letter: letter.model_copy(update={"not_diagnoses": ()}),
    "a fair page": lambda letter: letter.model_copy(update={"quality": 0.8}),
    "signature date": lambda letter: with_fields(letter, provider__signature_date=None),
}


@lru_cache(maxsize=16)
def _records(corpus: Corpus) -> Records:
    return load_records(str(corpus.claims), TODAY)


class Good(NamedTuple):
    """A document for `decide` with one letter: the letter, its keys and its member."""

    corpus: Corpus
    name: str
    letter: Letter
    mine: OnFile
    member: str


@lru_cache(maxsize=1)
def good() -> tuple[Good, ...]:
    """Every such document of every corpus."""
    found = []
    for corpus in corpora():
        for truth in truths(corpus):
            if truth["queue"] == "decide" and len(truth["letters"]) == 1:
                letter = letter_of(truth, 0)
                member = match(letter, _records(corpus)).member_id or ""
                found.append(Good(corpus, truth["name"], letter, filing_keys(letter, document_of(truth), 1, truth["name"], member), member))
    return tuple(found)


@lru_cache(maxsize=1)
def _rules() -> Rules:
    return load_rules(None)


def judged(letter: Letter, of: Good) -> tuple[str, set[str]]:
    """Queue and blocking findings."""
    records = _records(of.corpus)
    tied = match(letter, records)
    findings = check(letter, tied, records, (), of.mine, TODAY, _rules())
    receipt = Receipt(sha256=letter.sha256, file=of.name, channel="inbox", media_type="application/pdf", size=1, received_at="2026-06-30T08:00:00", batch="b")
    item = triage(letter_id="x", sha256=letter.sha256, file=of.name, document_class="lmn", letter=letter, match=tied, findings=findings, problems=(),
                  records=records, receipt=receipt, as_of=TODAY)  # fmt: skip
    return item.queue, {f.code for f in item.findings if f.severity == "blocks"}


@pytest.mark.parametrize("name", DAMAGES)
def test_no_damaged_letter_is_to_be_decided(name: str) -> None:
    damage, queues = DAMAGES[name]
    wrong, tried = [], 0
    for each in good():
        damaged = damage(each.letter, _records(each.corpus), each.member) if each.member else None
        if damaged is None:
            continue
        tried += 1
        queue, codes = judged(damaged, each)
        if queue not in queues.split():
            wrong.append((each.corpus.name, each.name, queue, sorted(codes)))
    assert tried >= 5 and not wrong, (tried, wrong)


@pytest.mark.parametrize("name", SLIGHT)
def test_what_is_unimportant_keeps_no_letter_from_being_decided(name: str) -> None:
    wrong = []
    for each in good():
        queue, codes = judged(SLIGHT[name](each.letter), each)
        if queue != "decide":
            wrong.append((each.corpus.name, each.name, queue, sorted(codes)))
    assert not wrong, wrong
