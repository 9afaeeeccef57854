"""The labels of letters and forms: single ones (data/labels.yaml) and those put together of whose and what
(data/label_parts.yaml).

Belongs here: the words. Does not belong here: where a label's value stands (labels).
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

Entry = tuple[str, str, re.Pattern[str]]
"""Field, kind of its value, pattern of its labels."""

ANOTHER = "another"
"""The field of what belongs to somebody who is neither the patient nor the signer."""

HINT = re.compile(
    r"\s*\((?P<hint>(?:[a-z]|M{1,2}[/\-]|Last\b|First\b|Please\b|Print\b|If\b|ICD\b|CPT\b|HCPCS\b|NPI\b|Optional\b|Include\b|List\b|Check\b|Attach\b|As (?:it|on|shown)\b|"
    r"Not\b|Required\b|Number of\b|Must\b|See\b|Same\b|One\b|Use\b)[^()]{0,70})(?:\)|$)")  # fmt: skip
"""What a form says behind a label in brackets: '(last, first)', '(MM/DD/YYYY)', '(if other than the member'."""


@lru_cache(maxsize=1)
def lexicon() -> tuple[Entry, ...]:
    """Every field's labels; where two fit the same words the one listed first wins."""
    single = _data("labels.yaml")["fields"]
    parts = _data("label_parts.yaml")
    kinds = {name: entry["kind"] for name, entry in single.items()} | {ANOTHER: "text"}
    made = [(name, entry["kind"], _pattern(entry["labels"])) for name, entry in single.items()]
    made += [(field, kinds[field], _pattern(_put_together(parts, whose, what)))
             for whose, fields in parts["fields"].items() for what, field in fields.items()]  # fmt: skip
    made += [(field, kinds[field], _pattern([w for what in listed for w in parts["what"][what]])) for field, listed in parts["alone"].items()]
    made += [(field, kinds[field], _pattern([rf"(?:{w})(?=\s*(?::|$))" for who in listed for w in parts["whose"][who]])) for field, listed in parts["bare"].items()]
    return tuple(made)


def _put_together(parts: dict[str, Any], whose: str, what: str) -> list[str]:
    who, thing = (rf"(?:{'|'.join(parts[kind][name])})" for kind, name in (("whose", whose), ("what", what)))
    return [rf"{who}(?:\(?['’]?s['’]?\)?)?(?: ?[\-–—/:,] ?| ){thing}", rf"{thing} (?:of|for) (?:the |your |this )?{who}"]


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w\-])(?:" + "|".join(words) + r")(?![\w])", re.I)


def _data(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("pipeline.parse").joinpath(f"data/{name}").read_text(encoding="utf-8"))
    return data
