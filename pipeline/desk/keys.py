"""Every key of the desk, once: the browser obeys this list, the help panel shows it, the tests press it.

Belongs here: key, what it does, on which page. Does not belong here: doing it (static/*.js, by the name `act`).
"""

from typing import NamedTuple


class Key(NamedTuple):
    """`key` as the browser names it (KeyboardEvent.key); `page` letter, list or all; `act` the name of what is done."""

    key: str
    act: str
    says: str
    page: str
    group: str


KEYS = (
    Key("j", "next", "next letter", "all", "Go"),
    Key("k", "previous", "previous letter", "all", "Go"),
    Key("Enter", "open", "open the letter; on a letter: change the value", "all", "Go"),
    Key("w", "worklist", "back to the list", "letter", "Go"),
    Key("/", "search", "search by claim, member, provider, name", "all", "Go"),
    Key("?", "help", "these keys", "all", "Go"),
    Key("Escape", "leave", "leave the field or panel", "all", "Go"),
    Key("n", "doubt", "next doubtful value; with none in doubt, the next value", "letter", "Values"),
    Key("N", "doubtBack", "previous doubtful value", "letter", "Values"),
    Key("a", "accept", "the value is right; on to the next doubtful one", "letter", "Values"),
    Key("e", "edit", "change the value (or click its words on the page)", "letter", "Values"),
    Key("x", "absent", "the letter does not state it; an item or diagnosis is taken out", "letter", "Values"),
    Key("g", "addDiagnosis", "add a diagnosis that was missed: click its words", "letter", "Values"),
    Key("m", "addItem", "add an item that was missed: click its words", "letter", "Values"),
    Key("c", "note", "write a note", "letter", "Values"),
    Key("z", "undo", "undo my last change, move or decision", "letter", "Values"),
    Key("y", "approve", "approve", "letter", "Decide"),
    Key("d", "deny", "deny", "letter", "Decide"),
    Key("i", "ask", "ask the provider for what is missing", "letter", "Decide"),
    Key("l", "notLetter", "it is no letter of medical necessity", "letter", "Decide"),
    Key("u", "duplicate", "it is the same as another letter", "letter", "Decide"),
    Key("r", "reassign", "give it to a colleague", "all", "Decide"),
    Key("q", "move", "move it to another queue", "letter", "Decide"),
    Key("b", "reopen", "reopen a decided letter (leads)", "letter", "Decide"),
    Key("t", "take", "take it, or let it go", "all", "Decide"),
    Key("v", "mark", "mark it, to take or give several at once", "list", "Decide"),
    Key("+", "zoomIn", "larger", "letter", "Page"),
    Key("-", "zoomOut", "smaller", "letter", "Page"),
    Key("0", "fit", "whole width", "letter", "Page"),
    Key("o", "rotate", "turn the page", "letter", "Page"),
    Key("]", "pageNext", "next page", "letter", "Page"),
    Key("[", "pageBack", "previous page", "letter", "Page"),
)


_LOOKING = ("doubt", "doubtBack")


def keys_of(page: str, looking: bool = False) -> list[Key]:
    """The keys that are valid on a page (letter or list); for somebody who may only look, those that change nothing."""
    return [key for key in KEYS if key.page in (page, "all") and (not looking or key.group in ("Go", "Page") or key.act in _LOOKING)]
