"""Plan policies: what they change, what is refused, and the examples that every rule carries."""

import csv
import datetime as dt
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest

from pipeline.check import found_in, load_rules
from pipeline.check.rules import Rules
from pipeline.check.specimen import TODAY, examples, held_of, wrong_examples
from pipeline.errors import BadSettings

TABLES = files("pipeline.check").joinpath("tables")
RULES = TABLES.joinpath("rules.csv").read_text(encoding="utf-8")
POLICIES = TABLES.joinpath("policies.csv").read_text(encoding="utf-8")
SIGNERS = TABLES.joinpath("signers.csv").read_text(encoding="utf-8")


def codes(example: str, rules: Rules | None = None) -> str:
    known = rules or load_rules(None)
    return " ".join(f.code if f.severity == "blocks" else f"({f.code})" for f in found_in(held_of(example, known.policies), known))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("good", ""),
        # Letter before purchase: none, on or before, approved before; the look-back counts for both.
        ("letter_date=2026-05-11", "LETTER_AFTER_PURCHASE"),
        ("letter_date=2026-05-11; policy.before_purchase=none", ""),
        ("letter_date=2026-05-11; policy.look_back_days=1", ""),
        ("letter_date=2026-05-12; policy.look_back_days=1", "LETTER_AFTER_PURCHASE"),
        ("policy.before_purchase=approved_before", "LETTER_AFTER_PURCHASE"),
        ("policy.before_purchase=approved_before; claim.service_date=2026-06-30", ""),
        ("policy.before_purchase=approved_before; claim.service_date=2026-06-29; policy.look_back_days=1", ""),
        ("policy.before_purchase=approved_before; claim.service_date=", ""),
        # Validity: counted from the day written, signed, received, or to the end of the plan year.
        ("letter_date=2025-05-09; item.duration_months=999", "LETTER_EXPIRED"),
        ("letter_date=2025-05-09; item.duration_months=999; provider.signature_date=2025-05-12; policy.valid_from=signed", ""),
        ("letter_date=2025-05-09; item.duration_months=999; provider.signature_date=2025-05-12", "LETTER_EXPIRED"),
        ("letter_date=2025-05-09; item.duration_months=999; policy.valid_from=signed", "LETTER_EXPIRED"),
        ("letter_date=2025-05-09; item.duration_months=999; policy.valid_from=received; received=2025-05-10", ""),
        ("letter_date=2025-05-09; item.duration_months=999; policy.valid_from=received; received=2025-05-09", "LETTER_EXPIRED"),
        ("letter_date=2025-12-20; policy.valid_from=plan_year", "LETTER_EXPIRED"),
        ("letter_date=2026-01-02; policy.valid_from=plan_year", ""),
        # Months and lifetime.
        ("letter_date=2026-04-09; item.duration_months=999; policy.valid_months=1", "LETTER_EXPIRED"),
        ("letter_date=2026-04-10; item.duration_months=999; policy.valid_months=1", ""),
        ("letter_date=2024-05-09; item.duration_months=999; policy.lifetime=allowed", ""),
        ("letter_date=2024-05-09; item.duration_months=12; policy.lifetime=allowed", "LETTER_EXPIRED"),
        ("item.duration_months=999; policy.lifetime=refused", "MISSING_DURATION"),
        ("item.duration_months=12; policy.lifetime=refused", ""),
        ("item.duration_months=999; item.category=home_modification; claim.category=home_modification; policy.lifetime=refused", ""),
        # Signers.
        ("policy.signers=DC", "CREDENTIAL_NOT_ACCEPTED"),
        ("policy.signers=anyone; provider.credentials=LMT", ""),
        ("policy.signers=NP; provider.credentials=FNP-C", ""),
        # Doubt: never a conflict of its own, and never an undoubted decision.
        ("confidence=0.49", "LOW_CONFIDENCE"),
        ("confidence=0.71", ""),
        ("confidence=0.49; policy.sure_confidence=0.4", ""),
        ("confidence=0.2; letter_date=2026-05-11", "(LETTER_AFTER_PURCHASE) LOW_CONFIDENCE"),
        ("confidence=0.4; letter_date=2026-05-11", "LETTER_AFTER_PURCHASE"),
        ("confidence=0.2; claim.diagnosis_code=J45.40", "(DIAGNOSIS_MISMATCH) LOW_CONFIDENCE"),
        ("confidence=0.2; match=identity; patient.dob=1979-03-02", "(IDENTITY_MISMATCH) LOW_CONFIDENCE"),
        ("confidence=0.6; letter_date=", "MISSING_DATE"),
        # Two dates about as good: only where it makes a difference.
        ("rival_date=2026-05-12", "LOW_CONFIDENCE"),
        ("rival_date=2026-05-09", ""),
        ("rival_date=2025-05-09", "LOW_CONFIDENCE"),
        ("rival_date=2026-05-12; claim.service_date=", ""),
        ("rival_date=2026-07-12; claim.service_date=", "LOW_CONFIDENCE"),
        ("rival_date=12 May", ""),
        # Pages that did not arrive hold back a letter that has no other fault.
        ("footer=Page 1 of 2", "LOW_CONFIDENCE"),
        ("footer=pg. 1/2", "LOW_CONFIDENCE"),
        ("footer=Page 2 of 1", ""),
        ("footer=page 1 of 1", ""),
        ("footer=3 of 4", ""),
        ("footer=Page 1 of 2; letter_date=", "MISSING_DATE"),
        # Letters on file.
        ("approved.until=2026-06-30", "ALREADY_COVERED"),
        ("approved.until=2026-06-29", ""),
        ("approved.until=", "ALREADY_COVERED"),
    ],
)
def test_what_a_policy_changes(example: str, expected: str) -> None:
    assert codes(example) == expected


def test_both_sides_of_a_letter_on_file_are_quoted() -> None:
    known = load_rules(None)
    found = found_in(held_of("approved.until=2026-12-31", known.policies), known)[0]
    assert found.says == "A letter already on file covers therapeutic massage until December 31, 2026."
    assert found.letter is not None and found.record is not None
    assert (found.record.table, found.record.id, found.record.value) == ("letters", "f-1", "2026-12-31")


def folder(tmp_path: Path, **tables: str) -> Path:
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


PLAN_ROW = ",P,signed,,,none,,,,,2020-01-01,,Take Command\n"


def test_a_plan_has_its_own_policy_and_inherits_the_rest(tmp_path: Path) -> None:
    rules = load_rules(folder(tmp_path, policies=POLICIES + PLAN_ROW))
    held = held_of("good", rules.policies, plan_id="P")
    assert (held.policy.valid_from, held.policy.before_purchase, held.policy.lifetime, held.policy.valid_months) == ("signed", "none", "capped", 12)
    other = held_of("good", rules.policies, plan_id="Q").policy
    assert (other.valid_from, other.before_purchase) == ("written", "on_or_before")


def test_a_policy_waits_for_its_day_and_ends(tmp_path: Path) -> None:
    row = ",P,,,,none,,,,,2026-06-30,2026-07-31,\n"
    rules = load_rules(folder(tmp_path, policies=POLICIES + row))
    seen = [held_of("good", rules.policies, plan_id="P", as_of=TODAY + dt.timedelta(days=n)).policy.before_purchase for n in (-1, 0, 31, 32)]
    assert seen == ["on_or_before", "none", "none", "on_or_before"]


def test_signers_by_item(tmp_path: Path) -> None:
    row = "fsa,,massage_therapy,,MD|DO,2020-01-01,,\n,EXAMPLE,,971,DC,2020-01-01,,\n"
    rules = load_rules(folder(tmp_path, signers=SIGNERS + row))
    assert codes("provider.credentials=DC; policy.signers=anyone", rules) == ""
    assert codes("provider.credentials=MD; policy.signers=anyone", rules) == "CREDENTIAL_NOT_ACCEPTED"
    assert codes("provider.credentials=MD; policy.signers=anyone; item.code=", rules) == ""
    assert codes("provider.credentials=NP; policy.signers=anyone; item.code=", rules) == "CREDENTIAL_NOT_ACCEPTED"
    assert codes("provider.credentials=NP; policy.signers=anyone; item.code=; item.category=other; claim.category=other", rules) == ""


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("policies", "written", "writen", "policies.csv, row 2, column valid_from: 'writen' is not known. Did you mean written?"),
        ("policies", "capped", "", "column lifetime: '' is not known"),
        ("policies", "on_or_before", "before", "column before_purchase: 'before' is not known"),
        ("policies", "written,plan", "written,0", "column valid_months: '0' does not do; write a whole number from 1 to 999, or plan."),
        ("policies", "fsa|hsa|hra", "fsa|hsa|fra", "column program: 'fra' is no program"),
        ("policies", "fsa|hsa|hra", "fsa|hsa", "row 1, column program: no row without plans is for hra"),
        ("policies", "0.3,0.5", "30,0.5", "column least_confidence: '30' does not do; write a number from 0 to 1"),
        ("policies", "2020-01-01", "1/1/2020", "column effective_from: '1/1/2020' is no date; write it as 2026-03-14"),
        ("policies", "2020-01-01,,", "2020-01-01,2019-01-01,", "column effective_to: '2019-01-01' does not do; write a date"),
        ("policies", "lifetime", "life", "policies.csv, row 1: the column lifetime is missing"),
        ("signers", "source\n", "source\nfsa,,massage,,MD,2020-01-01,,\n", "signers.csv, row 2, column category: 'massage' is no category"),
        ("policies", "insurance|workers_comp,,", "insurance|workers_comp|fsa,,", "row 3, column program: row 2 is for the same program from the same day"),
        ("policies", "plan,0.3", "MDD,0.3", "row 2, column signers: 'MDD' is no known credential. Did you mean MD?"),
        ("signers", "source\n", "source\nfsa,,,,MD,2020-01-01,,\n", "column codes: name a category"),
        ("signers", "source\n", "source\nfsa,,cpap,,MD|Doctor,2020-01-01,,\n", "row 2, column accepted: 'Doctor' is no known credential"),
        ("signers", "source\n", "source\nfsa,,cpap,,,2020-01-01,,\n", "column accepted: name at least one credential"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, table: str, old: str, new: str, says: str) -> None:
    text = {"policies": POLICIES, "signers": SIGNERS}[table]
    assert old in text
    with pytest.raises(BadSettings) as caught:
        load_rules(folder(tmp_path, **{table: text.replace(old, new, 1)}))
    assert says in str(caught.value)


def test_every_shipped_example_bears_out_its_row() -> None:
    rules = load_rules(None)
    assert wrong_examples(rules) == []
    assert examples(rules) == 2 * len(rules.rows) >= 70


@pytest.mark.parametrize(
    "tables",
    [
        {"signers": SIGNERS + "fsa,,massage_therapy,,MD|DO,2020-01-01,,\n"},
        {"policies": POLICIES.replace("plan,plan,0.3", "30,plan,0.3", 1)},
        {"policies": POLICIES.replace("on_or_before", "none", 1)},
        {"policies": POLICIES.replace("plan,0.3", "MD,0.3", 1)},
    ],
)
def test_a_plans_own_policy_makes_no_example_wrong(tmp_path: Path, tables: dict[str, str]) -> None:
    assert tables not in ({"policies": POLICIES}, {"signers": SIGNERS})
    assert wrong_examples(load_rules(folder(tmp_path, **tables))) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("flag=no_letterhead,", "flag=cosmetic,", "rules.csv, row 2, column meets: the example does not meet the rule"),
        ("flag=no_letterhead; kind=form", "flag=no_letterhead", "row 2, column misses: the example meets the rule"),
        ("flag=no_letterhead,", "flag=letterhead,", "row 2, column meets: the example cannot be read: 'flag=letterhead' is not known"),
        ("flag=no_letterhead,", "flg=no_letterhead,", "row 2, column meets: the example cannot be read: 'flg' is no name of an example. Did you mean flag?"),
        ("element.medical_value=no,", "element.medical_value=never,", "row 7, column meets: the example cannot be read: 'element.medical_value=never' is not known"),
        ("letter_date=2026-07-01;", "letter_date=7/1/2026;", "the example cannot be read: '7/1/2026' is no date; write letter_date as 2026-03-14"),
        ("flag=no_letterhead,", "no letterhead,", "row 2, column meets: the example cannot be read: 'no letterhead' is no change"),
        ("letter_date > as_of", "letter_date >= as_of", "row 24, column misses: the example meets the rule"),
    ],
)
def test_an_example_that_does_not_bear_out_its_row_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in RULES
    rules = load_rules(folder(tmp_path, rules=RULES.replace(old, new, 1)))
    with pytest.raises(BadSettings) as caught:
        examples(rules)
    assert says in str(caught.value)


def workbook(path: Path, **sheets: str) -> Path:
    """A workbook as an analyst would save it: days are days, whole numbers are numbers."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for line in csv.reader(text.splitlines()):
            sheet.append([dt.date.fromisoformat(c) if c[:3] == "202" and len(c) == 10 else int(c) if c.isdecimal() else c or None for c in line])
    book.save(path)
    return path


def test_a_workbook_says_what_the_csv_says(tmp_path: Path) -> None:
    rules = load_rules(workbook(tmp_path / "plan rules.xlsx", Rules=RULES, policies=POLICIES + PLAN_ROW))
    shipped = load_rules(None)
    assert [(r.id, r.severity, r.effective_from, r.says) for r in rules.rows] == [(r.id, r.severity, r.effective_from, r.says) for r in shipped.rows]
    assert held_of("good", rules.policies, plan_id="P").policy.before_purchase == "none"
    assert wrong_examples(rules) == []


def test_a_fault_in_a_workbook_is_named_by_sheet_row_and_column(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", rules=RULES.replace("MISSING_DATE", "MISSING_DAY", 1))
    with pytest.raises(BadSettings, match=r"r\.xlsx, sheet rules, row 4, column finding: 'MISSING_DAY' is no finding"):
        load_rules(path)
    (tmp_path / "n.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(BadSettings, match="cannot be opened as a workbook"):
        load_rules(tmp_path / "n.xlsx")


def test_a_csv_with_semicolons_is_read(tmp_path: Path) -> None:
    lines = [";".join(f'"{c}"' for c in line) for line in csv.reader(RULES.splitlines())]
    (tmp_path / "rules.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    assert len(load_rules(tmp_path / "rules.csv").rows) == len(load_rules(None).rows)
