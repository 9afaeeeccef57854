"""What a page whose words leave its class open is for: whether it justifies something, or serves another end.

Belongs here: counting the parts of a justification that a page holds, by its sentences, its headings and the boxes of a
form; letters of doctors that ask nothing of a payer. Does not belong here: the signs of each class (pages.py), which sentence of a letter states what (justify.py).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from pipeline.model import DocumentText
from pipeline.parse.cues import heading_topic
from pipeline.parse.justify import weighed
from pipeline.parse.labelhits import hits_on
from pipeline.parse.lines import Line, blocks_of, sentences_of

_STATED = 0.55
_ELEMENT, _HEADING = 0.8, 1.0
"""What each part beyond the first adds; one alone stands in flyers, notes and denials as well."""

_TOPICS = frozenset({"tried", "why", "benefit", "item"})


_BOXES = {
    "whose": ("patient.name", "patient.dob", "neutral_name", "account_holder", "patient.member_id"),
    "signer": ("provider.name", "provider.npi", "provider.license", "provider.credentials", "provider.last"),
    "condition": ("diagnosis", "icd10"),
    "thing": ("item", "code"),
    "extent": ("frequency", "duration", "quantity", "treatment_start", "treatment_end"),
    "reason": ("why", "benefit", "tried"),
    "signature": ("signature", "provider.signature_date"),
}
_AIM = re.compile(
    r"\bnecess|\bauthori[sz]ation request|\brequest for (?:prior |treatment )?(?:authori[sz]ation|coverage|services?|treatment)|\bspending account|\bflexible spending|"
    r"\b(?:fsa|hsa|hra)\b|health savings|reimbursement a(?:ccount|rrangement)|\bcertif(?:y|ication|ied)\b", re.I)  # fmt: skip
_FEWEST, _BOX = 4, 0.8


def boxes(lines: Sequence[Line]) -> tuple[float, list[str]]:
    """Weight of a form's boxes: whose, what for and what, of which at least four kinds stand there, on a page that says
    necessity, request, certification or an account; else 0."""
    fields = {hit.field for line in lines for hit in hits_on(line) if hit.alone or hit.separated}
    held = [name for name, of in _BOXES.items() if fields.intersection(of)]
    if len(held) < _FEWEST or not {"whose", "condition", "thing"} <= set(held) or not any(_AIM.search(line.text) for line in lines):
        return 0.0, []
    return _BOX * (len(held) - _FEWEST + 2), [f"boxes: {', '.join(held)}"]


@lru_cache(maxsize=1)
def _ends() -> tuple[re.Pattern[str], re.Pattern[str]]:
    found = yaml.safe_load(files("pipeline.parse").joinpath("data/page_classes.yaml").read_text(encoding="utf-8"))["elsewhere"]
    ends, payers = (re.compile("|".join(found[name]), re.I) for name in ("ends", "payers"))
    return ends, payers


def elsewhere(text: str) -> str | None:
    """The words by which a page's text (one line) serves another end than a request to a payer; None where it does not,
    or where anything is asked of a plan."""
    ends, payers = _ends()
    found = ends.search(text)
    return found.group()[:40] if found and not payers.search(text) else None


def justifies(document: DocumentText, lines: Sequence[Line]) -> tuple[float, list[str]]:
    """Weight for a letter of medical necessity, 0 when at most one part is there, and the signs."""
    told = {part for _, weights in weighed(sentences_of(document, blocks_of(lines)), {}) for part, weight in weights.items() if weight >= _STATED}
    asked = {topic for line in lines if (found := heading_topic(line.text)) is not None and (topic := found[0]) in _TOPICS}
    weight = _ELEMENT * max(0, len(told) - 1) + _HEADING * max(0, len(asked) - 1)
    signs = [f"{len(told)} parts of a justification"] if len(told) > 1 else []
    return weight, signs + ([f"headings: {', '.join(sorted(asked))}"] if len(asked) > 1 else [])
