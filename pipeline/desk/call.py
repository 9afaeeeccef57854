"""A request as the pages see it: who asks, with what, and the shape of what goes back.

Belongs here: guarding a page by role, the token every form brings along, errors as plain answers, headers. Does not
belong here: any page.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from pipeline.desk import access, phrases
from pipeline.desk.access import Visitor
from pipeline.desk.deeds import ConflictError, RefusedError
from pipeline.desk.office import Office
from pipeline.desk.pages import Pages
from pipeline.errors import OperatorError

COOKIE = "lmn_desk"
EVERYBODY = ("administrator", "examiner", "lead", "auditor")
WORKERS = ("administrator", "examiner", "lead")
_MOST_BYTES = 1 << 20
T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """A request of somebody who is logged in; `given` holds what a form or a JSON body brought."""

    office: Office
    pages: Pages
    request: Request
    who: Visitor
    given: dict[str, Any] = field(default_factory=dict)
    files: tuple[UploadFile, ...] = ()

    def page(self, template: str, *, at: str = "list", status: int = 200, **values: object) -> Response:
        """An HTML page with what every page needs."""
        return self.pages.response(template, self.who, self.office, status, at, **values)

    def text(self, name: str) -> str:
        """A given value as text, '' when it was not given."""
        value = self.given.get(name, "")
        return value if isinstance(value, str) else ""

    def asked(self, name: str) -> str:
        """A value of the address's query."""
        return self.request.query_params.get(name, "")

    @property
    def letter_id(self) -> str:
        return str(self.request.path_params["letter_id"])


Handler = Callable[[Call], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(handler: Handler, *roles: str) -> Endpoint:
    """The handler for people with one of the roles. Others are sent to log in, or told that it is not theirs; a POST
    without this session's token is refused."""

    async def endpoint(request: Request) -> Response:
        if request.method != "POST":
            return await run_in_threadpool(_admitted, request, roles, lambda call: _answer(handler, call))
        call = await run_in_threadpool(_admitted, request, roles, lambda call: call)
        if isinstance(call, Response):
            return call
        given, files = await _brought(request)
        if not access.same(call.who.session.csrf, str(request.headers.get("x-csrf") or given.pop("csrf", ""))):
            return _stale(request)
        return await run_in_threadpool(_answer, handler, replace(call, given=given, files=files))

    return endpoint


def _admitted(request: Request, roles: tuple[str, ...], then: Callable[[Call], T]) -> T | Response:
    """What comes of the call, if somebody calls who may."""
    office: Office = request.app.state.office
    pages: Pages = request.app.state.pages
    who = access.visitor(office, request.cookies.get(COOKIE, ""))
    if who is None:
        return _strangers(request)
    if who.user.must_change and request.url.path not in ("/password", "/logout"):
        return RedirectResponse("/password", 303)
    if not who.may(*roles):
        return pages.response("message.html", who, office, status=403, head="This page is for others", says=f"Your role, {who.user.role}, does not open it.")
    return then(Call(office, pages, request, who))


def _answer(handler: Handler, call: Call) -> Response:
    """The handler's answer; a refusal or a conflict in words, as JSON where a script asked."""
    try:
        return handler(call)
    except RefusedError as err:
        return _told(call, 422, str(err))
    except ConflictError as err:
        return _told(call, 409, _faster(err), version=err.row.version)
    except OperatorError as err:
        return _told(call, 503, str(err))


def _faster(err: ConflictError) -> str:
    row = err.row
    if err.judged:
        return "A run judged this letter again while you worked on it. Yours was not done over it."
    return f"{row.changed_by or 'A run'} was faster: {phrases.deed(row.changed_how) or 'judged again'} at {row.changed_at[11:16]}. Yours was not written over it."


def _told(call: Call, status: int, says: str, **more: object) -> Response:
    if call.request.headers.get("x-csrf"):
        return JSONResponse({"says": says, **more}, status)
    head = "That was not done" if call.request.method == "POST" else "There is nothing to show"
    return call.pages.response("message.html", call.who, call.office, status=status, says=says, head=head)


def _stale(request: Request) -> Response:
    """The page is of an earlier session: a script keeps what it has to send and is told so."""
    says = "The form is out of date. Load the page again."
    return (
        JSONResponse({"says": says, "stale": True}, 403)
        if request.headers.get("x-csrf")
        else PlainTextResponse(says, 403)
    )


def _strangers(request: Request) -> Response:
    if request.headers.get("x-csrf") or request.method == "POST":
        return JSONResponse({"says": "Log in again; nothing you keyed is lost."}, 401)
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login?" + urlencode({"to": back}) if back != "/" else "/login", 303)


async def _brought(request: Request) -> tuple[dict[str, Any], tuple[UploadFile, ...]]:
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.body()
        try:
            found = json.loads(body) if len(body) <= _MOST_BYTES else {}
        except ValueError:
            found = {}
        return (found if isinstance(found, dict) else {}), ()
    form = await request.form(max_files=200, max_part_size=_MOST_BYTES)
    files = tuple(v for v in form.getlist("files") if isinstance(v, UploadFile) and v.filename)
    return {k: v for k, v in form.items() if isinstance(v, str)}, files
