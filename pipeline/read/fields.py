"""Form fields of a PDF: what was typed, chosen and ticked in them.

Belongs here: AcroForm values by page, with the widget's box. Does not belong here: drawn tick boxes (ticks.py), what a
field means. Values come from the fields, not from their appearance: an appearance may be missing or stale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from pipeline.model.text import Box, TickBox, Word

CONFIDENCE = 0.99
_MULTILINE, _RADIO, _PUSH = 1 << 12, 1 << 15, 1 << 16
_DEEPEST = 32


@dataclass
class PageFields:
    """One page's field values: words and ticks with boxes, and the areas of the widgets that hold text, all in PDF
    user space, y upwards."""

    words: list[tuple[str, Box]] = field(default_factory=list)
    ticks: list[tuple[Box, bool, str | None]] = field(default_factory=list)
    areas: list[Box] = field(default_factory=list)


def fields_in(path: Path) -> tuple[dict[int, PageFields], bool]:
    """Field values by page index, and whether a digital signature has been filled in. Broken forms yield what can
    be had; ValueError never leaves here."""
    try:
        reader = PdfReader(path, strict=False)
        root = reader.trailer["/Root"]
        if not isinstance(root, DictionaryObject) or "/AcroForm" not in root:
            return {}, False
        pages, signed = {}, _is_signed(root["/AcroForm"])
        for index, page in enumerate(reader.pages):
            found = _page_fields(page)
            if found.areas or found.ticks:
                pages[index] = found
        return pages, signed
    except Exception:  # pypdf raises a dozen unrelated kinds on hostile files; the page itself is still read
        return {}, False


def is_dynamic(path: Path) -> bool:
    """Whether the file is an XFA form that only its maker's program draws: its pages hold a notice and no fields."""
    try:
        reader = PdfReader(path, strict=False)
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
    ticks = [TickBox(box=_through(matrix, b), ticked=t, confidence=CONFIDENCE, name=n) for b, t, n in values.ticks]
    return words, ticks, [_through(matrix, area) for area in values.areas]


def _through(m: Sequence[float], box: Box) -> Box:
    xs = [m[0] * x + m[2] * y + m[4] for x, y in ((box[0], box[1]), (box[2], box[3]))]
    ys = [m[1] * x + m[3] * y + m[5] for x, y in ((box[0], box[1]), (box[2], box[3]))]
    return (min(xs), min(ys), max(xs), max(ys))


def _page_fields(page: Any) -> PageFields:
    found = PageFields()
    for widget in _widgets(page):
        box = _box(widget)
        if box is None or _flags(widget, "/F") & 2:
            continue
        kind, flags = _inherited(widget, "/FT"), _flags(widget, "/Ff")
        if kind == "/Btn" and not flags & _PUSH:
            state = str(widget.get("/AS") or _inherited(widget, "/V") or "/Off")
            found.ticks.append((box, state not in ("/Off", "None"), _name(widget, flags)))
        elif kind in ("/Tx", "/Ch"):
            found.areas.append(box)
            found.words += _typed(_text(_inherited(widget, "/V")), box, bool(flags & _MULTILINE), _font_size(widget))
    return found


def _widgets(page: Any) -> Iterator[DictionaryObject]:
    for entry in page.get("/Annots") or ():
        annotation = entry.get_object() if isinstance(entry, IndirectObject) else entry
        if isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") == "/Widget":
            yield annotation


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
    return f"{name}={_on_state(widget)}" if flags & _RADIO and name else name


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


def _typed(text: str, box: Box, multiline: bool, size: float) -> list[tuple[str, Box]]:
    """The value's words, laid out in the widget as a viewer would, at half an em a character."""
    step, words = 0.5 * size, []
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
