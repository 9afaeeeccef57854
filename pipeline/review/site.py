"""The pages people read in a browser, as text: the list, the overview, one page per letter.

Belongs here: templates, what a browser may load, names of pages. Does not belong here: writing files (publish.py).

Each page carries its own style and script and names them by hash in its content security policy: nothing else runs,
nothing is fetched, and only pictures beside it are shown. That holds for `file:` addresses too.
"""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from pipeline.model import Case
from pipeline.review import wording
from pipeline.review.queues import LADDER, Queue
from pipeline.review.slots import Slot, laid, point
from pipeline.review.spreadsheet import in_work_order, load_of
from pipeline.review.view import Heading, heading, letter_view

Named = Sequence[tuple[str, Case]]
"""Cases with the names of their pages."""
_DRAWN = 8_192
"""Lines of values that are kept as drawn."""


def named(cases: Sequence[Case]) -> list[tuple[str, Case]]:
    """Each case with a name for its page: its id, made safe for a file name, told apart where two share one."""
    seen: dict[str, int] = {"overview": 1}
    out = []
    for case in cases:
        plain = re.sub(r"[^A-Za-z0-9_-]", "-", case.item.letter_id)[:80] or "letter"
        seen[plain] = seen.get(plain, 0) + 1
        out.append((plain if seen[plain] == 1 else f"{plain}--{seen[plain]}", case))
    return out


def by_queue(cases: Named, as_of: dt.date) -> list[tuple[Queue, list[Heading]]]:
    """The queues in ladder order, each with its letters, most pressing first."""
    slugs = {id(case): slug for slug, case in cases}
    out: list[tuple[Queue, list[Heading]]] = []
    for queue in LADDER:
        own = in_work_order(case for _, case in cases if case.item.queue == queue.name)
        out.append((queue, [heading(case, slugs[id(case)], as_of) for case in own]))
    return out


def index_page(queues: Sequence[tuple[Queue, Sequence[Heading]]], as_of: dt.date) -> str:
    """index.html: the list on the left, the chosen letter's page on the right."""
    total = sum(len(heads) for _, heads in queues)
    return _render("index.html", "index.js", frames=True, queues=queues, total=total, as_of=as_of.isoformat())


def overview_page(cases: Sequence[Case], as_of: dt.date) -> str:
    """letters/overview.html: what lies in each queue."""
    loads = [(queue, load_of([c for c in cases if c.item.queue == queue.name], as_of)) for queue in LADDER]
    whole = load_of(cases, as_of)
    return _render("overview.html", "letter.js", loads=loads, all=whole, total=len(cases), as_of=as_of.isoformat())


def letter_page(
    case: Case, slug: str, as_of: dt.date, pictures: Mapping[int, str], before: str | None, after: str | None
) -> str:
    """letters/<slug>.html; `pictures` maps page numbers to relative addresses, `before` and `after` are neighbours."""
    view = letter_view(case, slug, as_of, pictures)
    asks = ", ".join(i.text for i in case.letter.items) if case.letter else ""
    return _render("letter.html", "letter.js", view=view, laid=laid(view), asks=asks, says=point(case), before=before, after=after)


@cache
def _part(name: str) -> str:
    return files("pipeline.review").joinpath("page", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_part),
    )
    filters = (wording.in_words, wording.doubt, wording.percent, wording.page_list, wording.class_label, wording.part_label, wording.table_label)
    environment.filters.update({function.__name__: function for function in filters})
    environment.globals["draw"] = drawing(environment)
    return environment


def drawing(environment: Environment) -> Callable[..., Markup]:
    """Draws a value's line as parts.html says it: a letter's values are mostly the same when it is shown again, so each is
    drawn once."""

    @lru_cache(maxsize=_DRAWN)
    def draw(slot: Slot, edit: bool = False) -> Markup:
        return Markup(environment.get_template("parts.html").module.slot(slot, edit))  # type: ignore[attr-defined]

    return draw


def _policy(css: str, js: str, *, frames: bool) -> str:
    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    allowed = [
        "default-src 'none'",
        "img-src 'self' file:",
        f"style-src {digest(css)}",
        f"script-src {digest(js)}",
        *(["frame-src 'self' file:"] if frames else []),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(allowed)


def _render(template: str, script: str, *, frames: bool = False, **values: object) -> str:
    css, js = _part("sheet.css"), _part(script)
    policy = _policy(css, js, frames=frames)
    return _environment().get_template(template).render(css=css, js=js, policy=policy, **values)
