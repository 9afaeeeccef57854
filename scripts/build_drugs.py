"""Adds the published drug names to pipeline/parse/data/drugs.csv.

Usage: python scripts/build_drugs.py WHEEL --words FILE [--words FILE ...]
WHEEL: drug_named_entity_recognition-2.0.9 (MIT); its names come from the DrugBank open vocabulary (CC0 1.0), MedlinePlus
and MeSH (National Library of Medicine, public domain). FILE: words that name no drug, one a line (an English word list,
census first and last names), each in any case. Kept are plain single words of 5 to 16 letters: the generic names of
MedlinePlus and DrugBank, and for a MedlinePlus drug its other names that are not its own in another language. Rows of the list that another source gave stay as
they are. Names that are words of English, of people, of the wordpiece vocabulary or of conditions are left out.
"""

import argparse
import bz2
import csv
import pickle
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from rapidfuzz import fuzz

from pipeline.codes.conditions import names
from pipeline.parse.embedding import _pieces
from pipeline.parse.mentions import head_word, modifiers

TARGET = Path(__file__).resolve().parents[1] / "pipeline" / "parse" / "data" / "drugs.csv"
OPEN = "DrugBank (CC0) or MedlinePlus"
OTHER = "another name of a MedlinePlus drug, from drug-named-entity-recognition 2.0.9 (MIT), which collects MeSH, NHS, PubChem and Wikipedia; the single name only"
_PLAIN = re.compile(r"[a-z]{5,16}")
_FOREIGN = re.compile(r"(?:um|inas?|ona|ole|ato|ida|eno|ano|ado|ine?e|amina|ol[oa]|ilo|idum|ique|ure|yle|izin)$")
"""Endings of Latin, Spanish, French and German forms, which US letters do not use; only for the other names of a drug."""
_SUBSTANCE = re.compile(r"(?:acid|pollen|extract|oxide|virus|protein|antigen|allergen|kinase)$|^(?:aldosterone|homocysteine|leptin)$")
"""No drugs: classes of substances, and what laboratories measure in the body."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--words", type=Path, action="append", default=[])
    given = parser.parse_args()
    with TARGET.open(encoding="utf-8") as stream:
        old = [row for row in csv.DictReader(stream) if row["source"] not in (OPEN, OTHER)]
    known = {row["name"] for row in old}
    plain = set(_pieces()) | modifiers() | {word for name in names() for word in name.split()}
    every = plain | set(_words(given.words))
    new = {name: OTHER if rank == "other" else OPEN for name, rank in _published(given.wheel) if _fits(name, rank, plain if rank == "own" else every) and name not in known}
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["name", "source"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*old, *({"name": name, "source": source} for name, source in new.items())], key=lambda row: row["name"]))
    print(f"{len(old)} kept, {len(new)} added")


def _words(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        for line in file.read_text(encoding="utf-8", errors="ignore").splitlines():
            yield line.split()[0].lower() if line.split() else ""


def _published(wheel: Path) -> Iterator[tuple[str, str]]:
    """(name, 'own' for the name under which MedlinePlus has the drug, 'open' for DrugBank's, 'other' for a MedlinePlus
    drug's other names)."""
    packed = zipfile.ZipFile(wheel).read("drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2")
    table = pickle.loads(bz2.decompress(packed))
    facts = table["drug_canonical_to_data"]
    for name, about in facts.items():
        if "medline_plus_id" in about or "drugbank_id" in about:
            yield name, "own" if "medline_plus_id" in about else "open"
    for name, drugs in table["drug_variant_to_canonical"].items():
        if name not in facts and any("medline_plus_id" in facts.get(drug, {}) for drug in drugs) and not any(fuzz.ratio(name, drug) > 70 for drug in drugs):
            yield name, "other"


def _fits(name: str, rank: str, barred: set[str]) -> bool:
    if _PLAIN.fullmatch(name) is None or name in barred or head_word().match(name) or _SUBSTANCE.search(name):
        return False
    return not (rank == "other" and _FOREIGN.search(name))


if __name__ == "__main__":
    main()
