"""The application: which address answers what, for whom, and the headers on every answer.

Belongs here: routes, log-in pages, start and stop. Does not belong here: any other page.
"""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.desk import access, dashboard, files, letters, lists, quality, records, users, witness
from pipeline.desk.call import COOKIE, EVERYBODY, WORKERS, Call, guarded
from pipeline.desk.office import Office
from pipeline.desk.pages import HEADERS, Pages, static
from pipeline.errors import OperatorError

_TICK_SECONDS = 1.0
_CATCH_UP_TICKS = 5
_SELDOM_TICKS = 300
_MEASURED_AT_ONCE = 40
_AT_ONCE = 8
"""Requests answered side by side: more only get into each other's way."""


class Headers:
    """Puts our headers on every answer that does not set them itself."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        more = {"Strict-Transport-Security": "max-age=31536000"} if secure else {}
        self._app = app
        self._headers = [(k.lower().encode(), v.encode()) for k, v in {**HEADERS, **more}.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {k for k, _ in message["headers"]}
                message["headers"] = [*message["headers"], *((k, v) for k, v in self._headers if k not in have)]
            await send(message)

        await self._app(scope, receive, sent)


def application(office: Office, hosts: Sequence[str], secure: bool = False) -> Starlette:
    """The desk over one office. `hosts` are the names under which it may be called; `secure` when a browser reaches
    it by TLS, so that the cookie travels by nothing else."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _AT_ONCE
        stop = threading.Event()
        threading.Thread(target=_keep_fresh, args=(office, stop), daemon=True).start()
        office.afterwards.begin()
        yield
        stop.set()
        await run_in_threadpool(office.afterwards.end)

    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)), Middleware(Headers, secure=secure), Middleware(GZipMiddleware, minimum_size=2000, compresslevel=4),
    ]  # fmt: skip
    app = Starlette(routes=routes(), middleware=middleware, lifespan=lifespan, exception_handlers={404: missing, 500: broken})
    app.state.office, app.state.pages, app.state.secure, app.state.doors = office, Pages(), secure, access.Doors()
    return app


def routes() -> list[Route]:
    """Every address of the desk."""
    one, get, post = "/letter/{letter_id}", ["GET"], ["POST"]
    return [
        Route("/login", login, methods=["GET", "POST"]),
        Route("/static/{name}", asset, methods=get),
        Route("/logout", guarded(logout, *EVERYBODY), methods=post),
        Route("/password", guarded(password, *EVERYBODY), methods=["GET", "POST"]),
        Route("/", guarded(lists.worklist, *EVERYBODY), methods=get),
        Route("/list.csv", guarded(lists.as_csv, *EVERYBODY), methods=get),
        Route("/list.xlsx", guarded(lists.as_xlsx, *EVERYBODY), methods=get),
        Route("/views", guarded(lists.save_view, *EVERYBODY), methods=post),
        Route(one, guarded(letters.letter_page, *EVERYBODY), methods=get),
        Route(one + "/warm", guarded(letters.warm, *WORKERS), methods=get),
        Route(one + "/words", guarded(letters.words, *EVERYBODY), methods=get),
        Route(one + "/act", guarded(letters.act, *WORKERS), methods=post),
        Route(one + "/original", guarded(letters.original, *EVERYBODY), methods=get),
        Route(one + "/draft", guarded(letters.draft, *WORKERS), methods=get),
        Route(one + "/request/{file}", guarded(letters.draft_file, *WORKERS), methods=get),
        Route("/page/{letter_id}/{number:int}.jpg", guarded(letters.picture, *EVERYBODY), methods=get),
        *files.ROUTES, *users.ROUTES, *records.ROUTES, *dashboard.ROUTES, *quality.ROUTES,
    ]  # fmt: skip


def missing(request: Request, _error: Exception) -> Response:
    """There is no such address."""
    return _apology(request, 404, "There is no such page", "The address is not one of the desk's.")


def broken(request: Request, _error: Exception) -> Response:
    """A fault of ours: told without any of its details."""
    return _apology(request, 500, "The desk has a fault", "What you keyed is kept in this browser. Load the page again; if the fault stays, tell an administrator when it happened.")


def _apology(request: Request, status: int, head: str, says: str) -> Response:
    """As a page, or as JSON where a script asked."""
    if request.headers.get("x-csrf"):
        return JSONResponse({"says": f"{head}. {says}"}, status)
    office = request.app.state.office
    who = None
    with suppress(OperatorError):
        who = access.visitor(office, request.cookies.get(COOKIE, ""))
    return request.app.state.pages.response("message.html", who, office, status, head=head, says=says)  # type: ignore[no-any-return]


def _keep_fresh(office: Office, stop: threading.Event) -> None:
    """Brings the worklist up to what runs have judged since and counts it, beside the requests; a locked or damaged
    ledger is tried again."""
    tick, measured, behind = 0, "", True
    while not stop.wait(_TICK_SECONDS):
        tick += 1
        try:
            if tick % _CATCH_UP_TICKS == 0 and office.catch_up():
                office.recount()
            if tick % _SELDOM_TICKS == 1:
                office.recount()
                lists.recount_choices(office)
                witness.note(office)
            measured = dashboard.measure(office, measured, _MEASURED_AT_ONCE) if behind else ""
            behind = measured != ""
            office.count()
            office.ledger.fold()
        except OperatorError:
            continue


async def asset(request: Request) -> Response:
    """A style sheet or script."""
    name = str(request.path_params["name"])
    text = static(name)
    if text is None:
        return PlainTextResponse("There is no such file.", 404)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return Response(text, media_type=kind, headers={"Cache-Control": "no-cache"})


async def login(request: Request) -> Response:
    """The log-in page, and the log-in."""
    office, pages = request.app.state.office, request.app.state.pages
    to = request.query_params.get("to", "/")
    back = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
    if request.method == "GET":
        return pages.response("login.html", None, office, says="", to=back)  # type: ignore[no-any-return]
    form = await request.form()
    address = request.client.host if request.client else ""
    doors = request.app.state.doors
    if doors.too_many(address, office.clock()):
        return pages.response("login.html", None, office, 429, says="Too many tries. Wait a minute.", to=back)  # type: ignore[no-any-return]
    cookie = await run_in_threadpool(access.log_in, office, str(form.get("name", ""))[:64], str(form.get("password", ""))[:200])
    if cookie is None:
        doors.failed(address, office.clock())
        says = "Name or password is not right, or the account rests after too many tries."
        return pages.response("login.html", None, office, 403, says=says, to=back)  # type: ignore[no-any-return]
    answer = RedirectResponse(back, 303)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=request.app.state.secure, max_age=access.LONGEST_SECONDS)
    return answer


def logout(call: Call) -> Response:
    """Ends the session."""
    access.log_out(call.office, call.who)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


def password(call: Call) -> Response:
    """Changes one's own password."""
    if call.request.method == "GET":
        return call.page("password.html", says="", must=call.who.user.must_change)
    says = access.change_password(call.office, call.who, call.text("old"), call.text("new"))
    return call.page("password.html", status=422, says=says, must=call.who.user.must_change) if says else RedirectResponse("/", 303)
