"""pdfium's questions about one character or one object of a page, asked with plain numbers.

Belongs here: the functions of pypdfium2.raw with addresses for handles and buffers. Does not belong here: what the answers
mean (layer.py, pdf.py). A page has some thousand characters and objects, and pypdfium2's own functions make an object
for every handle they are given and hand back.
"""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as raw

_HANDLE, _INT, _UNSIGNED, _FLOAT, _DOUBLE = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_float, ctypes.c_double


def _plain(function: Any, answer: Any, *asked: Any) -> Callable[..., Any]:
    """The same function; handles and buffers are addresses, 0 or None for none."""
    return ctypes.CFUNCTYPE(answer, *asked)(address(function))


def address(handle: Any) -> int:
    """The address behind one of pypdfium2's handles; 0 for none."""
    return ctypes.cast(handle, _HANDLE).value or 0


code_of = _plain(raw.FPDFText_GetUnicode, _UNSIGNED, _HANDLE, _INT)
is_generated = _plain(raw.FPDFText_IsGenerated, _INT, _HANDLE, _INT)
sides_of = _plain(raw.FPDFText_GetCharBox, _INT, _HANDLE, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
origin_of = _plain(raw.FPDFText_GetCharOrigin, _INT, _HANDLE, _INT, _HANDLE, _HANDLE)
object_of = _plain(raw.FPDFText_GetTextObject, _HANDLE, _HANDLE, _INT)
colour_of = _plain(raw.FPDFText_GetFillColor, _INT, _HANDLE, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
matrix_of = _plain(raw.FPDFText_GetMatrix, _INT, _HANDLE, _INT, _HANDLE)
size_of = _plain(raw.FPDFText_GetFontSize, _DOUBLE, _HANDLE, _INT)
weight_of = _plain(raw.FPDFText_GetFontWeight, _INT, _HANDLE, _INT)
font_name_of = _plain(raw.FPDFText_GetFontInfo, ctypes.c_ulong, _HANDLE, _INT, _HANDLE, ctypes.c_ulong, _HANDLE)
mode_of = _plain(raw.FPDFTextObj_GetTextRenderMode, _INT, _HANDLE)
font_of = _plain(raw.FPDFTextObj_GetFont, _HANDLE, _HANDLE)
objects_on = _plain(raw.FPDFPage_CountObjects, _INT, _HANDLE)
object_at = _plain(raw.FPDFPage_GetObject, _HANDLE, _HANDLE, _INT)
kind_of = _plain(raw.FPDFPageObj_GetType, _INT, _HANDLE)
bounds_of = _plain(raw.FPDFPageObj_GetBounds, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
segments_of = _plain(raw.FPDFPath_CountSegments, _INT, _HANDLE)


class Numbers:
    """A few numbers that pdfium writes into, and the address of each."""

    def __init__(self, kind: Any, count: int) -> None:
        self.values = (kind * count)()
        start, step = ctypes.addressof(self.values), ctypes.sizeof(kind)
        self.at = tuple(start + step * n for n in range(count))


def doubles(count: int) -> Numbers:
    """Numbers of 64 bits with a point."""
    return Numbers(_DOUBLE, count)


def floats(count: int) -> Numbers:
    """Numbers of 32 bits with a point."""
    return Numbers(_FLOAT, count)


class Look(ctypes.Structure):
    """What one character looks like, as pdfium writes it: its colour and its matrix."""

    _fields_ = (("colour", _UNSIGNED * 4), ("matrix", _FLOAT * 6))

    def __init__(self) -> None:
        super().__init__()
        start = ctypes.addressof(self)
        self.colour_at = tuple(start + 4 * n for n in range(4))
        self.matrix_at = start + 16

    def key(self) -> bytes:
        """The bytes of all but the place."""
        return ctypes.string_at(self.colour_at[0], 32)
