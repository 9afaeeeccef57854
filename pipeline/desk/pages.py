"""Templates of the desk and the headers under which they are shown.

Belongs here: the template environment, what a browser may load, values every page needs. Does not belong here: what a
page says. Everything a letter says is escaped; no script runs but ours, from our own address.
"""

import json
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from pipeline.desk import phrases
from pipeline.desk.access import Visitor
from pipeline.desk.keys import keys_of
from pipeline.desk.office import Office
from pipeline.model import ITEM_CATEGORIES
from pipeline.review import wording
from pipeline.review.queues import LADDER, TITLES
from pipeline.review.site import drawing

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}  # fmt: skip


@cache
def _part(name: str) -> str:
    """A template of the desk, else one that it shares with the pages that need no server."""
    own = files("pipeline.desk").joinpath("templates", name)
    return (own if own.is_file() else files("pipeline.review").joinpath("page", name)).read_text(encoding="utf-8")


def static(name: str) -> str | None:
    """A style sheet or script by its file name, None for any other."""
    known = {p.name: p for p in files("pipeline.desk").joinpath("static").iterdir()}
    known["sheet.css"] = files("pipeline.review").joinpath("page", "sheet.css")
    return known[name].read_text(encoding="utf-8") if name in known else None


class Pages:
    """Renders templates."""

    def __init__(self) -> None:
        self._environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(_part))
        filters = (wording.in_words, wording.doubt, wording.percent, wording.page_list, wording.class_label, wording.part_label, wording.table_label, phrases.deed, phrases.choice, phrases.about, phrases.place, phrases.typed, phrases.program, money, short_day, zipself, zipwords)
        self._environment.filters.update({f.__name__: f for f in filters})
        self._environment.globals.update({"queues": LADDER, "titles": TITLES, "kinds": [wording.in_words(k) for k in ITEM_CATEGORIES], "programs": list(wording.PROGRAM_LABELS.values()), "draw": drawing(self._environment)})

    def text(self, template: str, **values: object) -> str:
        """A template filled in."""
        return self._environment.get_template(template).render(**values)

    def response(self, template: str, who: Visitor | None, office: Office, status: int = 200, at: str = "list", **values: object) -> Response:
        """A page with the frame that all pages share; `at` says which keys are valid on it."""
        groups: dict[str, list[object]] = {}
        keys = keys_of(at, looking=who is not None and who.user.role == "auditor")
        for key in keys:
            groups.setdefault(key.group, []).append(key)
        frame = {"who": who, "csrf": who.session.csrf if who else "", "today": office.today, "at": at, "key_groups": groups,
                 "keys": json.dumps([[k.key, k.act, k.page] for k in keys])}  # fmt: skip
        return HTMLResponse(self.text(template, **frame, **values), status)


def money(amount: float) -> str:
    """1234.5 -> '$1,234.50', nothing for none; whole dollars without cents."""
    if not amount:
        return ""
    return f"${amount:,.0f}" if amount == round(amount) else f"${amount:,.2f}"


def short_day(day: str) -> str:
    """'2026-03-14T…' -> '2026-03-14'; '' for no day."""
    return "" if day.startswith("9999") else day[:10]


def zipself(values: list[str]) -> list[tuple[str, str]]:
    """Each value with itself as its text, for a choice."""
    return [(value, value) for value in values]


def zipwords(codes: list[str]) -> list[tuple[str, str]]:
    """Each code with its words, for a choice."""
    return [(code, wording.in_words(code)) for code in codes]
