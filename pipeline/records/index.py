"""The records in memory, with the indexes under which a letter finds its member and its claim.

Belongs here: rows by id, by name, by birth date, by household. Does not belong here: scoring (match).
"""

import datetime as dt
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.codes.fold import fold
from pipeline.model import ClaimRow, HistoryRow, MemberRow, PlanRow
from pipeline.records.names import Name, read_name
from pipeline.records.soundness import to_day, to_number
from pipeline.records.tables import COLUMNS, Row, Table

Ids = tuple[str, ...]
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Records:
    """The four tables with their indexes; `snapshot` is a hash of all that they hold. Indexes give member ids, in
    the order of the table: by folded id (own or account holder's), birth date, (surname part, initial) and (given
    name, first two letters of a surname part), household. `claim_keys` gives claim ids by folded claim number."""

    snapshot: str
    members: dict[str, MemberRow]
    claims: dict[str, ClaimRow]
    plans: dict[str, PlanRow]
    history: dict[str, tuple[HistoryRow, ...]]
    claims_of: dict[str, Ids]
    names: dict[str, Name] = field(repr=False, default_factory=dict)
    by_id: dict[str, Ids] = field(repr=False, default_factory=dict)
    by_dob: dict[dt.date, Ids] = field(repr=False, default_factory=dict)
    by_name: dict[tuple[str, str], Ids] = field(repr=False, default_factory=dict)
    household: dict[str, Ids] = field(repr=False, default_factory=dict)
    claim_keys: dict[str, Ids] = field(repr=False, default_factory=dict)
    surnames: Counter[str] = field(repr=False, default_factory=Counter)
    id_forms: frozenset[str] = frozenset()

    def has_form(self, number: str) -> bool:
        """Whether any member id is built like this number."""
        return id_form(number) in self.id_forms


def id_key(value: str) -> str:
    """An identifier as it is compared: letters and digits only, look-alikes made one."""
    return fold(value).replace(" ", "")


def id_form(value: str) -> str:
    """The build of an identifier: 'ARM-20417' gives 'A3 9:5', so that a number of another kind is known as such."""
    bare = re.sub(r"[^A-Za-z0-9]", "", value)
    return " ".join(f"{'9' if run[0].isdigit() else 'A'}{len(run)}" for run in re.findall(r"\d+|[A-Za-z]+", bare))


def name_keys(name: Name) -> set[tuple[str, str]]:
    """The pairs under which a name is filed: each surname part with the initial, the given name with the first two
    letters of each surname part."""
    keys = {(part, name.given[:1]) for part in name.rest if len(part) > 1}
    keys |= {(name.given, part[:2]) for part in name.rest if len(part) > 1 and len(name.given) > 1}
    return keys


def records_of(tables: Mapping[str, Table]) -> Records:
    """The records of sound tables."""
    members = {r["member_id"]: _member(r) for r in tables["members"].rows}
    claims = {r["claim_id"]: _claim(r) for r in tables["claims"].rows}
    names = {m.member_id: read_name(m.name) for m in members.values()}
    return Records(
        snapshot=_snapshot(tables), members=members, claims=claims, plans={r["plan_id"]: _plan(r) for r in tables["plans"].rows},
        history=_grouped((r["member_id"], _history(r)) for r in tables["history"].rows),
        claims_of=_grouped((c.member_id, c.claim_id) for c in claims.values()), names=names,
        by_id=_grouped((key, m.member_id) for m in members.values() for key in sorted({id_key(m.member_id), id_key(m.account_holder_id)})),
        by_dob=_grouped((m.dob, m.member_id) for m in members.values() if m.dob),
        by_name=_grouped((key, number) for number, name in names.items() for key in sorted(name_keys(name))),
        household=_grouped((m.account_holder_id, m.member_id) for m in members.values()),
        claim_keys=_grouped((id_key(c), c) for c in claims),
        surnames=Counter(name.surname[-1] for name in names.values() if name.surname),
        id_forms=frozenset(id_form(m) for m in members),
    )  # fmt: skip


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def _snapshot(tables: Mapping[str, Table]) -> str:
    digest = hashlib.sha256()
    for name in COLUMNS:
        for row in sorted(json.dumps([row[c] for c in COLUMNS[name]]) for row in tables[name].rows):
            digest.update(f"{name}{row}\n".encode())
    return digest.hexdigest()


def _member(r: Row) -> MemberRow:
    return MemberRow(member_id=r["member_id"], name=r["name"], dob=to_day(r["dob"]), relationship=r["relationship"].lower(),
                     account_holder_id=r["account_holder_id"] or r["member_id"], plan_id=r["plan_id"])  # fmt: skip


def _claim(r: Row) -> ClaimRow:
    return ClaimRow(claim_id=r["claim_id"], member_id=r["member_id"], plan_id=r["plan_id"], program=r["program"].lower(),
                    status=r["status"].lower(), received_date=to_day(r["received_date"]), service_date=to_day(r["service_date"]),
                    item_description=r["item_description"], category=r["category"].lower(), code=r["code"] or None,
                    amount=to_number(r["amount"]), merchant=r["merchant"], diagnosis_code=r["diagnosis_code"].upper() or None,
                    denial_reason=r["denial_reason"] or None)  # fmt: skip


def _history(r: Row) -> HistoryRow:
    return HistoryRow(member_id=r["member_id"], date=to_day(r["date"]), icd10=r["icd10"].upper(), description=r["description"],
                      provider_name=r["provider_name"], provider_npi=r["provider_npi"] or None)  # fmt: skip


def _plan(r: Row) -> PlanRow:
    credentials = tuple(filter(None, (c.strip() for c in r["accepted_credentials"].split("|"))))
    return PlanRow(plan_id=r["plan_id"], name=r["name"], program=r["program"].lower(), plan_year_start=_day(r["plan_year_start"]), plan_year_end=_day(r["plan_year_end"]),
                   grace_end=to_day(r["grace_end"]), runout_end=to_day(r["runout_end"]),
                   letter_valid_months=int(to_number(r["letter_valid_months"]) or 0), retroactive_days=int(to_number(r["retroactive_days"]) or 0),
                   accepted_credentials=credentials, history_required=r["history_required"] == "1")  # fmt: skip


def _day(value: str) -> dt.date:
    day = to_day(value)
    if day is None:
        raise ValueError("a date that must be there is not: the table was not checked before it was used")
    return day
