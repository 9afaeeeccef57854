"""Form fields and typed notes of a PDF: what was typed, chosen and ticked in them.

Belongs here: AcroForm values and free text annotations (what "fill and sign" tools type onto a page) by page, with boxes. Does not belong here: drawn tick boxes (ticks.py), what a
field means. Values come from the fields, not from their appearance: an appearance may be missing or stale.
"""

import html
import io
import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from pipeline.model.text import Box, TickBox, Word

CONFIDENCE = 0.99
_MULTILINE, _PASSWORD, _RADIO, _PUSH, _COMB = 1 << 12, 1 << 13, 1 << 15, 1 << 16, 1 << 24
_HIDDEN = 1 << 1 | 1 << 5
"""Annotations that no viewer shows: Hidden, NoView."""

_LEAST_SIDE = 2.0
_STALE = 0.7
"""Confidence in a button whose look and value contradict each other; its look is what a person sees."""

_DEEPEST = 32
_HOLDERS = (b"/AcroForm", b"/FreeText", b"/ObjStm")


@dataclass
class PageFields:
    """One page's field values: words, ticks with boxes, state, confidence and name, and the areas of what holds text, all
    in PDF user space, y upwards."""

    words: list[tuple[str, Box]] = field(default_factory=list)
    ticks: list[tuple[Box, bool, float, str | None]] = field(default_factory=list)
    areas: list[Box] = field(default_factory=list)


def fields_in(source: Path | bytes) -> tuple[dict[int, PageFields], bool]:
    """Field values by page index, and whether a digital signature has been filled in. Broken forms yield what can
    be had; ValueError never leaves here."""
    if not _may_hold_any(source):
        return {}, False
    try:
        reader = _reader(source)
        root = reader.trailer["/Root"]
        if not isinstance(root, DictionaryObject):
            return {}, False
        pages, signed = {}, "/AcroForm" in root and _is_signed(root["/AcroForm"])
        for index, page in enumerate(reader.pages):
            found = _page_fields(page)
            if found.areas or found.ticks:
                pages[index] = found
        return pages, signed
    except Exception:  # pypdf raises a dozen unrelated kinds on hostile files; the page itself is still read
        return {}, False


def _may_hold_any(source: Path | bytes) -> bool:
    """Whether a form, a typed note or objects that are packed, and may be such, are named in the file: most letters hold
    none, and to look through their objects costs as much as reading a page."""
    if isinstance(source, bytes):
        return any(name in source for name in _HOLDERS)
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(name) >= 0 for name in _HOLDERS)


def _reader(source: Path | bytes) -> PdfReader:
    return PdfReader(io.BytesIO(source) if isinstance(source, bytes) else source, strict=False)


def is_dynamic(source: Path | bytes) -> bool:
    """Whether the file is an XFA form that only its maker's program draws: its pages hold a notice and no fields."""
    if not _may_hold_any(source):
        return False
    try:
        reader = _reader(source)
        root = reader.trailer["/Root"]
        if not isinstance(root, DictionaryObject) or "/AcroForm" not in root:
            return False
        form = root["/AcroForm"]
        if not isinstance(form, DictionaryObject) or "/XFA" not in form:
            return False
        return bool(root.get("/NeedsRendering")) or not any(True for page in reader.pages for _ in _widgets(page))
    except Exception:  # as in fields_in
        return False


def placed(values: PageFields, matrix: Sequence[float]) -> tuple[list[Word], list[TickBox], list[Box]]:
    """The values as words and ticks, and the areas of text widgets, in points of the upright page; `matrix` is
    pdf.to_upright's."""
    words = [
        Word(text=text, box=_through(matrix, box), confidence=CONFIDENCE, source="field", line=0, start=0)
        for text, box in values.words
    ]
    ticks = [TickBox(box=_through(matrix, b), ticked=t, confidence=c, name=n) for b, t, c, n in values.ticks]
    return words, ticks, [_through(matrix, area) for area in values.areas]


def _through(m: Sequence[float], box: Box) -> Box:
    xs = [m[0] * x + m[2] * y + m[4] for x, y in ((box[0], box[1]), (box[2], box[3]))]
    ys = [m[1] * x + m[3] * y + m[5] for x, y in ((box[0], box[1]), (box[2], box[3]))]
    return (min(xs), min(ys), max(xs), max(ys))


def _page_fields(page: Any) -> PageFields:
    found = PageFields()
    shown = _shown(page)
    for note in _annotations(page):
        box = _box(note)
        if box is None or _flags(note, "/F") & _HIDDEN or not _is_on(box, shown):
            continue
        if note.get("/Subtype") == "/FreeText":
            _add_typed(found, note, box, str(_entry(note, "/Contents") or ""), multiline=True)
        elif note.get("/Subtype") == "/Widget":
            _add_widget(found, note, box)
    return found


def _add_widget(found: PageFields, widget: Any, box: Box) -> None:
    kind, flags = _inherited(widget, "/FT"), _flags(widget, "/Ff")
    if kind == "/Btn" and not flags & _PUSH:
        ticked, sure = _state(widget)
        found.ticks.append((box, ticked, sure, _name(widget, flags)))
    elif kind == "/Ch" or (kind == "/Tx" and not flags & _PASSWORD):
        text = _text(_inherited(widget, "/V")) or _plain(_inherited(widget, "/RV"))
        shown = _displayed(text, _inherited(widget, "/Opt")) if kind == "/Ch" else text
        _add_typed(found, widget, box, shown, bool(flags & _MULTILINE), _cells(widget, flags))


def _add_typed(found: PageFields, note: Any, box: Box, text: str, multiline: bool, cells: int = 0) -> None:
    found.areas.append(box)
    found.words += _typed(text, box, multiline, _font_size(note), cells)


def _shown(page: Any) -> Box | None:
    """What of the page is shown, in user space."""
    try:
        x0, y0, x1, y1 = (float(v) for v in page.cropbox)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _is_on(box: Box, shown: Box | None) -> bool:
    """Whether a person sees the place: large enough, and its middle on the page."""
    if box[2] - box[0] < _LEAST_SIDE or box[3] - box[1] < _LEAST_SIDE:
        return False
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return shown is None or (shown[0] <= x <= shown[2] and shown[1] <= y <= shown[3])


def _state(widget: Any) -> tuple[bool, float]:
    """Whether a button is on, by its look and without one by its value, and how sure that is."""
    on, look, value = _on_state(widget), widget.get("/AS"), str(_inherited(widget, "/V") or "/Off").lstrip("/")
    by_value = value not in ("Off", "None") and value == (on or value)
    if look is None:
        return by_value, CONFIDENCE
    ticked = str(look) not in ("/Off", "None")
    return ticked, CONFIDENCE if ticked == by_value or _inherited(widget, "/V") is None else _STALE


def _displayed(text: str, options: Any) -> str:
    """A choice as it is shown: a list may keep a code for each of its lines."""
    if not isinstance(options, ArrayObject):
        return text
    pairs = [o.get_object() for o in options]
    names = {str(p[0]): str(p[1]) for p in pairs if isinstance(p, ArrayObject) and len(p) == 2}
    return names.get(text) or ", ".join(names.get(part, part) for part in text.split(", "))


def _cells(widget: Any, flags: int) -> int:
    """Into how many cells of equal width the value is written, a character in each; 0 for none."""
    most = _inherited(widget, "/MaxLen")
    return int(most) if flags & _COMB and isinstance(most, int) and 0 < most < 200 else 0


def _plain(rich: Any) -> str:
    """Rich text without its marks."""
    text = "" if rich is None or isinstance(rich, DictionaryObject | ArrayObject) else str(rich)
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</p>|<br ?/?>", "\n", text))).strip()


def _annotations(page: Any) -> Iterator[DictionaryObject]:
    for entry in _entry(page, "/Annots") or ():
        annotation = entry.get_object() if isinstance(entry, IndirectObject) else entry
        if isinstance(annotation, DictionaryObject):
            yield annotation


def _widgets(page: Any) -> Iterator[DictionaryObject]:
    return (a for a in _annotations(page) if a.get("/Subtype") == "/Widget")


def _entry(holder: Any, key: str) -> Any:
    value = holder.get(key)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _inherited(widget: Any, key: str) -> Any:
    """A field's entry, its own or the nearest parent's."""
    at = widget
    for _ in range(_DEEPEST):
        if at is None:
            return None
        if key in at:
            value = at[key]
            return value.get_object() if hasattr(value, "get_object") else value
        parent = at.get("/Parent")
        at = parent.get_object() if parent is not None else None
    return None


def _flags(widget: Any, key: str) -> int:
    value = widget.get(key) if key == "/F" else _inherited(widget, key)
    return int(value) if isinstance(value, int) else 0


def _name(widget: Any, flags: int) -> str | None:
    """The field's name; for a radio button with the button's own value behind it."""
    parts: list[str] = []
    at = widget
    for _ in range(_DEEPEST):
        if at is None:
            break
        if at.get("/T"):
            parts.insert(0, str(at["/T"]))
        parent = at.get("/Parent")
        at = parent.get_object() if parent is not None else None
    name = ".".join(parts) or None
    return f"{name}={_value_of(widget)}" if flags & _RADIO and name else name


def _value_of(widget: Any) -> str:
    """What a radio button stands for: its own state, or where states are numbered the option of that number."""
    state, options = _on_state(widget), _inherited(widget, "/Opt")
    if isinstance(options, ArrayObject) and state.isdigit() and int(state) < len(options):
        return str(options[int(state)].get_object())
    return state


def _on_state(widget: Any) -> str:
    normal = (widget.get("/AP") or {}).get("/N")
    states = normal.get_object() if normal is not None else {}
    return next((str(k).lstrip("/") for k in states if str(k) != "/Off"), "")


def _box(widget: Any) -> Box | None:
    rect = widget.get("/Rect")
    rect = rect.get_object() if isinstance(rect, IndirectObject) else rect
    if not isinstance(rect, ArrayObject) or len(rect) != 4:
        return None
    x0, y0, x1, y1 = (float(v) for v in rect)
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _text(value: Any) -> str:
    if isinstance(value, ArrayObject):
        return ", ".join(str(v) for v in value)
    return "" if value is None or isinstance(value, DictionaryObject) else str(value)


def _font_size(widget: Any) -> float:
    """The size in the field's appearance string; 0 (automatic) and absurd values count as 10."""
    parts = str(_inherited(widget, "/DA") or "").split()
    try:
        size = float(parts[parts.index("Tf") - 1])
    except (ValueError, IndexError):
        return 10.0
    return size if 4 <= size <= 24 else 10.0


def _typed(text: str, box: Box, multiline: bool, size: float, cells: int = 0) -> list[tuple[str, Box]]:
    """The value's words, laid out in the widget as a viewer would, at half an em a character or one to each of the
    `cells`."""
    step, words = (box[2] - box[0]) / cells if cells else 0.5 * size, []
    width = max(box[2] - box[0] - 4, 4 * step)
    x, line = 0.0, 0
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        for word in paragraph.split():
            if multiline and x > 0 and x + len(word) * step > width:
                x, line = 0.0, line + 1
            words.append((word, line, x))
            x += (len(word) + 1) * step
        x, line = 0.0, line + 1
    lines = max((n for _, n, _ in words), default=0) + 1
    leading = min(1.2 * size, (box[3] - box[1]) / lines)
    squeeze = min(1.0, width / max((x + len(w) * step for w, _, x in words), default=1.0))
    top = box[3] - 2 if multiline and lines * leading < box[3] - box[1] - 4 else (box[1] + box[3] + lines * leading) / 2
    return [
        (w, (box[0] + 2 + x * squeeze, top - (n + 1) * leading, box[0] + 2 + (x + len(w) * step) * squeeze, top - n * leading))
        for w, n, x in words
    ]


def _is_signed(form: Any) -> bool:
    """Whether any signature field holds a signature."""
    todo = list((form.get("/Fields") if hasattr(form, "get") else None) or ())
    for _ in range(10_000):
        if not todo:
            return False
        item = todo.pop().get_object()
        if item.get("/FT") == "/Sig" and "/V" in item and "/Contents" in item["/V"].get_object():
            return True
        todo += list(item.get("/Kids") or ())
    return False
