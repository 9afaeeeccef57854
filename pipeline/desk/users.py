"""The administrators' page of people who may come in.

Belongs here: adding people, new one-time passwords, letting in and out. Does not belong here: log-in (access.py).
"""

from starlette.responses import Response
from starlette.routing import Route

from pipeline.desk import access
from pipeline.desk.call import Call, guarded
from pipeline.ledger import people


def people_page(call: Call) -> Response:
    """The users, and a one-time password that was just made."""
    return _people(call, "")


def change_people(call: Call) -> Response:
    """Adds a user, gives a new one-time password or another role, lets somebody in or out."""
    do, name, me = call.text("do"), call.text("name").strip(), call.who.user.name
    told = ""
    try:
        if do == "add":
            told = f"{name}: one-time password {access.add_user(call.office, name, call.text('role'), me)}"
        elif do == "reset":
            told = f"{name}: one-time password {access.reset_password(call.office, name, me)}"
        elif do in _CHANGES:
            told = _changed(call, do, name)
    except ValueError as err:
        told = str(err)
    return _people(call, told)


_CHANGES = {"shut": "{} is shut out.", "open": "{} may come in.", "role": "{} is {} now."}


def _changed(call: Call, do: str, name: str) -> str:
    """Lets somebody in or out or gives another role, and says so. ValueError for oneself: an administrator is left always."""
    me, role = call.who.user.name, call.text("role")
    if name == me:
        raise ValueError("Have another administrator change your own account.")
    if do == "role" and role not in people.ROLES:
        raise ValueError("There is no such role.")
    with call.office.ledger.writing() as c:
        if people.find(c, name) is None:
            raise ValueError(f"There is no user {name}.")
        people.change(c, name, **({"role": role} if do == "role" else {"active": int(do == "open")}))
        if do != "role":
            people.end(c, user=name)
    call.office.ledger.note(call.office.now(), "desk", f"user_{do}", {"user": name, "by": me, **({"role": role} if do == "role" else {})})
    return _CHANGES[do].format(name, role)


def _people(call: Call, told: str) -> Response:
    with call.office.ledger.reading() as c:
        return call.page("people.html", users=people.every(c), roles=people.ROLES, told=told)


ROUTES = [Route("/people", guarded(people_page, "administrator"), methods=["GET"]), Route("/people", guarded(change_people, "administrator"), methods=["POST"])]
