"""Is a condition named in a sentence asserted of this patient now?

Belongs here: applying the context rules (data/context.yaml) around a mention, with the words that triggered as
evidence. Does not belong here: finding the mention. The answer is a label and its trigger, or None for asserted.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Rule:
    """A trigger before or behind a mention; `reach` counts the words that may stand between them."""

    label: str
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    reach: int
    through_lists: bool


@dataclass(frozen=True)
class Context:
    """Why a mention is not asserted: the label and the words that say so."""

    label: str
    trigger: str


@lru_cache(maxsize=1)
def _confirmed() -> re.Pattern[str]:
    """'…, irritable bowel syndrome was diagnosed': what stands before the comma speaks of something else."""
    data: dict[str, Any] = yaml.safe_load(files("pipeline.parse").joinpath("data/context.yaml").read_text(encoding="utf-8"))
    return re.compile(data["confirmed"], re.I)


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[Rule, ...], re.Pattern[str], re.Pattern[str]]:
    data: dict[str, Any] = yaml.safe_load(
        files("pipeline.parse").joinpath("data/context.yaml").read_text(encoding="utf-8")
    )
    rules = tuple(
        Rule(
            row["label"],
            re.compile(row["before"], re.I) if "before" in row else None,
            re.compile(row["behind"], re.I) if "behind" in row else None,
            int(row.get("reach", 0)),
            bool(row.get("list", False)),
        )
        for row in data["rules"]
    )
    return rules, re.compile(data["stops"], re.I), re.compile("|".join(data["pseudo"]), re.I)


def context_of(sentence: str, start: int, end: int) -> Context | None:
    """The first rule that holds for the mention sentence[start:end]; None when the sentence asserts it."""
    rules, stops, pseudo = _rules()
    left, right = sentence[:start], sentence[end:]
    if _confirmed().match(right):
        left = re.split(r",\s", left)[-1]
    for rule in rules:
        found = _before(rule, left, stops, pseudo) if rule.before else _behind(rule, right, stops)
        if found is not None:
            return Context(rule.label, found)
    return None


def _before(rule: Rule, left: str, stops: re.Pattern[str], pseudo: re.Pattern[str]) -> str | None:
    assert rule.before is not None
    for match in rule.before.finditer(left):
        if pseudo.match(left, match.start()):
            continue
        between = left[match.end() :]
        if not between and match.end() == len(left) and rule.reach == 0:
            return match.group().strip()
        if stops.search(_protect(between)) or len(between.split()) > rule.reach + (
            8 if rule.through_lists and _is_list(between) else 0
        ):
            continue
        if "," in between and not (rule.through_lists and _is_list(between)):
            continue
        return match.group().strip()
    return None


def _protect(between: str) -> str:
    """Dots inside codes and abbreviations are no stops."""
    return re.sub(r"(?<=\w)\.(?=\w)|\b(?:Dr|vs|St|approx)\.", "", between)


def _is_list(between: str) -> bool:
    """Whether the words between are a list of short nouns: 'fracture, tumor or'."""
    parts = re.split(r",|\bor\b|\band\b|\bnor\b|/", between)
    return all(
        len(part.split()) <= 5 and not re.search(r"\b(?:has|have|is|was|will|would|she|he|they|it|does)\b", part, re.I)
        for part in parts
    )


def _behind(rule: Rule, right: str, stops: re.Pattern[str]) -> str | None:
    assert rule.behind is not None
    match = rule.behind.search(right)
    return match.group().strip(" ,") if match else None
