"""Characters of symbol fonts: the sign that is seen for the code that the file holds.

Belongs here: Wingdings, Wingdings 2 and Webdings boxes, ticks and bullets. Does not belong here: fonts of letters. Such
a font's codes are letters (`o` is drawn as a box) or lie in the private-use area (U+F06F), and neither is what a person
sees. Source: Unicode's mapping of the three fonts, L2/11-344 and L2/12-368.
"""

_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x76: "❖", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA2: "○", 0xA3: "○", 0xA4: "◉",
    0xA6: "○", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xE0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x96: "●", 0x97: "•", 0x98: "●", 0x99: "○", 0x9A: "○", 0x9E: "◉", 0xA0: "■", 0xA2: "■", 0xA3: "□", 0xA4: "□"}
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗", 0x3D: "●"}
_SYMBOL = {0xB7: "•", 0xA8: "♦", 0xD6: "√", 0xAE: "→"}
_FONTS: tuple[tuple[str, dict[int, str]], ...] = (("wingdings2", _WINGDINGS_2), ("wingdings-2", _WINGDINGS_2), ("wingdings 2", _WINGDINGS_2), ("wingdings3", {}), ("wingdings-3", {}), ("wingdings 3", {}),
          ("wingdings", _WINGDINGS), ("webdings", _WEBDINGS), ("symbol", _SYMBOL))  # fmt: skip
_PRIVATE = 0xF000


def signs_of(font: str) -> dict[int, str] | None:
    """The signs of a font by its name, with or without a subset's prefix; None for a font of letters."""
    name = font.lower()
    return next((signs for known, signs in _FONTS if known in name), None)


def sign(code: int, signs: dict[int, str] | None) -> str | None:
    """The sign for a code point of the file; private-use code points without a known font are taken for Wingdings' if it
    has one there. None where there is none to tell."""
    if signs is None:
        return _WINGDINGS.get(code - _PRIVATE) if _PRIVATE <= code < _PRIVATE + 0x100 else None
    return signs.get(code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code)
