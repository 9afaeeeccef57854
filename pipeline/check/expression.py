"""Typed expressions over named values, as an analyst writes them in the rule table: `letter_date > service_date + 30`.

Belongs here: parsing, type checks at load, evaluation. Does not belong here: what the names stand for (values.py).

Allowed: names, numbers, 'text' and '2026-03-14', + and - (a day and a number of days, two days, two numbers),
comparisons, and, or, not, brackets. A name without a value makes the whole expression say nothing.
"""

import ast
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.check.days import later
from pipeline.check.sheet import meant

Kind = Literal["date", "number", "text", "truth"]
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda a, b: a < b, ast.LtE: lambda a, b: a <= b, ast.Gt: lambda a, b: a > b, ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b, ast.NotEq: lambda a, b: a != b,
}  # fmt: skip


class ExpressionError(ValueError):
    """The expression is not one; the message says where and what to write."""


@dataclass(frozen=True)
class Expression:
    """A checked expression and the names it uses, in order of first use."""

    tree: ast.expr
    names: tuple[str, ...]
    kinds: Mapping[str, Kind]

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it is true of the values; False when one of its names has none."""
        return all(values.get(name) is not None for name in self.names) and bool(_value(self.tree, values, self.kinds))


def compiled(text: str, kinds: Mapping[str, Kind], choices: Mapping[str, Sequence[str]] = {}) -> Expression:
    """The expression of a text over names of these kinds. ExpressionError for a misspelt name, kinds that do not go
    together, or a text that is none of a name's `choices`; its message is the end of a sentence."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as err:
        hint = " Equality is written ==." if re.search(r"(?<![<>!=])=(?!=)", text) else ""
        raise ExpressionError(f"cannot be read near character {err.offset or 1}.{hint}") from err
    if _kind(tree, kinds) != "truth":
        raise ExpressionError("compares nothing; write it as in letter_date > as_of.")
    _none_but(tree, choices)
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    ordered = sorted(used, key=lambda node: (node.lineno, node.col_offset))
    return Expression(tree, tuple(dict.fromkeys(node.id for node in ordered)), dict(kinds))


def _none_but(tree: ast.expr, choices: Mapping[str, Sequence[str]]) -> None:
    """ExpressionError where a name is compared with a text that it never is."""
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Compare)):
        sides = (node.left, *node.comparators)
        named = [x.id for x in sides if isinstance(x, ast.Name) and x.id in choices]
        wrong = [x.value for x in sides if isinstance(x, ast.Constant) and named and x.value not in choices[named[0]]]
        if wrong:
            raise ExpressionError(f"compares {named[0]} with {wrong[0]!r}, which it never is; use one of: {', '.join(choices[named[0]])}.")


def _kind(node: ast.expr, kinds: Mapping[str, Kind]) -> Kind:
    if isinstance(node, ast.Name):
        if node.id not in kinds:
            near = meant(node.id, kinds) or f" A text stands in quotes: '{node.id}'. Use one of: {', '.join(sorted(kinds))}."
            raise ExpressionError(f"uses {node.id}, which is no known value.{near}")
        return kinds[node.id]
    if isinstance(node, ast.Constant):
        return _constant_kind(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return _sum_kind(_kind(node.left, kinds), _kind(node.right, kinds), isinstance(node.op, ast.Sub))
    if isinstance(node, ast.Compare):
        return _compare_kind(node, kinds)
    if isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        parts = node.values if isinstance(node, ast.BoolOp) else [node.operand]
        if any(_kind(part, kinds) != "truth" for part in parts):
            raise ExpressionError("joins something that is not a condition with and, or, not.")
        return "truth"
    raise ExpressionError("uses something other than names, numbers, dates, + -, comparisons, and, or, not.")


def _constant_kind(value: object) -> Kind:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number"
    if isinstance(value, str):
        return "text" if _as_day(value) is None else "date"
    raise ExpressionError("holds a constant that is neither number, text nor date.")


def _sum_kind(left: Kind, right: Kind, minus: bool) -> Kind:
    if (left, right) == ("date", "number"):
        return "date"
    if (left, right) == ("number", "number") or ((left, right) == ("date", "date") and minus):
        return "number"
    raise ExpressionError(f"cannot {'subtract' if minus else 'add'} {right} {'from' if minus else 'to'} {left}.")


def _compare_kind(node: ast.Compare, kinds: Mapping[str, Kind]) -> Kind:
    found = [_kind(part, kinds) for part in (node.left, *node.comparators)]
    if len(set(found)) != 1:
        raise ExpressionError(f"compares {' with '.join(found)}; both sides must be of one kind.")
    if any(type(op) not in _COMPARE for op in node.ops):
        raise ExpressionError("compares by something other than < <= > >= == !=.")
    return "truth"


def _value(node: ast.expr, values: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Any:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        return _as_day(node.value) or node.value if isinstance(node.value, str) else node.value
    if isinstance(node, ast.BinOp):
        return _sum(_value(node.left, values, kinds), _value(node.right, values, kinds), isinstance(node.op, ast.Sub))
    if isinstance(node, ast.BoolOp):
        test = all if isinstance(node.op, ast.And) else any
        return test(_value(part, values, kinds) for part in node.values)
    if isinstance(node, ast.UnaryOp):
        return not _value(node.operand, values, kinds)
    if isinstance(node, ast.Compare):
        parts = [_value(part, values, kinds) for part in (node.left, *node.comparators)]
        return all(_COMPARE[type(op)](a, b) for op, a, b in zip(node.ops, parts, parts[1:], strict=False))
    raise ExpressionError("was not checked before it was used")


def _sum(left: Any, right: Any, minus: bool) -> Any:
    if isinstance(left, dt.date) and isinstance(right, dt.date):
        return (left - right).days
    if isinstance(left, dt.date):
        return later(left, -float(right) if minus else float(right))
    return left - right if minus else left + right


def _as_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
