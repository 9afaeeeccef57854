"""Every lexicon is what its readers take it for: tables with known columns, sources told, nothing twice, patterns that
compile."""

import csv
import re
from collections import Counter
from importlib.resources import files

import pytest
import yaml

from pipeline.codes import hcpcs

TABLES = {
    ("pipeline.codes", "condition_names.csv"): ("name", "name,kind,icd10,source"),
    ("pipeline.codes", "credentials.csv"): (None, None),
    ("pipeline.codes", "hcpcs_subset.csv"): ("code", "code,description,category"),
    ("pipeline.codes", "things.csv"): ("written", "written,meant"),
    ("pipeline.parse", "data/drugs.csv"): ("name", "name,source"),
}
CUES = ("justify", "treatments")
CATEGORIES = frozenset(
    """massage_therapy fitness_program weight_loss_program nutrition_counseling special_diet orthopedic_footwear acupuncture
    chiropractic wheelchair cpap mattress_bed other_dme prescription_drug supplement home_modification therapy_service
    procedure_or_test cosmetic_procedure other""".split()  # noqa: SIM905
)


@pytest.mark.parametrize("place", sorted(TABLES))
def test_tables_have_their_columns_and_nothing_twice(place: tuple[str, str]) -> None:
    key, columns = TABLES[place]
    text = files(place[0]).joinpath(place[1]).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)
    assert columns is None or ",".join(rows[0]) == columns
    if key:
        keys = [row[key] for row in rows]
        assert [k for k, times in Counter(keys).items() if times > 1] == []
    if "source" in rows[0]:
        assert all(row["source"] for row in rows)


def test_hcpcs_codes_have_their_shape_and_a_known_category() -> None:
    text = files("pipeline.codes").joinpath("hcpcs_subset.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        assert hcpcs.SHAPE.match(row["code"]), row
        assert row["category"] in CATEGORIES, row


@pytest.mark.parametrize("name", CUES)
def test_cues_compile_and_tell_their_source(name: str) -> None:
    text = files("pipeline.parse").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    assert "ource" in "".join(line for line in text.splitlines() if line.startswith("#"))
    for key, parts in yaml.safe_load(text).items():
        assert parts, key
        for part in parts:
            re.compile(str(part).replace("~", r"\w*"))


def test_category_rules_name_known_categories_and_compile() -> None:
    text = files("pipeline.parse").joinpath("data/categories.yaml").read_text(encoding="utf-8")
    for rule in yaml.safe_load(text)["rules"]:
        assert rule["category"] in CATEGORIES, rule
        for word in rule["words"]:
            re.compile(word)
