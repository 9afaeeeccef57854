"""How many choices of forms are read right: their words and their state, by style of box and by condition.

The forms are made here, from a seed: questions with choices in a dozen styles of boxes and marks, as PDF and as a scan
(drawn at 200 dpi, tilted, blurred, with grain) or a fax (the same in black and white). A choice counts when its words
stand among the options found and its state is right; wrongly ticked extras are counted beside it. Prints a Markdown
table; --misses lists what was wrong.

    python benchmarks/ticks.py [--seed N] [--forms N] [--misses] [--write] [CONDITION ...]

Conditions: pdf, scan, fax. A seed on which nothing was mended is the one to quote.
"""

import argparse
import io
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from rapidfuzz import fuzz
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import DocumentText, Receipt
from pipeline.parse.lines import lines_of
from pipeline.parse.options import options_in
from pipeline.read import read_file
from pipeline.settings import load
from pipeline.store import Store, sha256_of

QUESTIONS = (
    ("Place of use", ("Residence", "Nursing facility", "Worksite", "Group home")), ("How often", ("Once only", "Daily", "Weekly", "Monthly")),
    ("Kind of request", ("New request", "Renewal", "Change of dose")), ("The treatment is", ("Curative", "Palliative", "Preventive", "Cosmetic")),
    ("Duration needed", ("3 months", "6 months", "12 months", "Lifetime")), ("Side", ("Left", "Right", "Both sides")),
    ("Attached", ("Chart notes", "Test results", "Itemized bill", "Photographs")), ("Seen in the last 60 days", ("Yes", "No")),
    ("Work related", ("Yes", "No")), ("Tried before", ("Ice and rest", "Physical therapy", "Injections")),
)  # fmt: skip
FONTS = ("Helvetica", "Times-Roman", "Courier")
Draw = Callable[[Canvas, random.Random, float, float, bool], float]
"""Draws a box and its mark at (x, y) and says how wide it is."""


def _frame(mark: str, side: float = 9.0, pen: float = 0.8, over: float = 0.1, ring: bool = False, shade: float = 0.0) -> Draw:
    def draw(page: Canvas, dice: random.Random, x: float, y: float, ticked: bool) -> float:
        page.setStrokeGray(shade)
        page.setLineWidth(pen)
        if ring:
            page.circle(x + side / 2, y + side / 2, side / 2)
        else:
            page.rect(x, y, side, side)
        page.setStrokeGray(0)
        if ticked:
            _marked(page, dice, x, y, side, mark, over)
        return side + 4
    return draw


def _marked(page: Canvas, dice: random.Random, x: float, y: float, side: float, mark: str, over: float) -> None:
    page.setLineWidth(dice.uniform(1.0, 1.7))
    out = dice.uniform(0, over) * side
    if mark == "cross":
        page.line(x - out, y - out, x + side + out, y + side + out)
        page.line(x - out, y + side + out, x + side + out, y - out)
    elif mark == "check":
        page.lines([(x + 0.1 * side, y + 0.5 * side, x + 0.4 * side, y + 0.1 * side), (x + 0.4 * side, y + 0.1 * side, x + side + out, y + side + out)])
    elif mark == "full":
        page.circle(x + side / 2, y + side / 2, 0.27 * side, fill=1)
    elif mark == "typed":
        page.setFont("Helvetica", side)
        page.drawCentredString(x + side / 2, y + 0.14 * side, "X")


def _typed(empty: str, ticked_text: str) -> Draw:
    def draw(page: Canvas, dice: random.Random, x: float, y: float, ticked: bool) -> float:
        shown = ticked_text if ticked else empty
        page.drawString(x, y, shown)
        return float(page.stringWidth(shown + " ", page._fontname, page._fontsize))
    return draw


STYLES: dict[str, Draw] = {
    "cross": _frame("cross"), "cross over the edge": _frame("cross", over=0.5), "check": _frame("check", over=0.6), "typed X": _frame("typed"),
    "ring and dot": _frame("full", ring=True), "ring and check": _frame("check", over=0.4, ring=True), "filled": _frame("full", side=10), "small": _frame("cross", side=6.5),
    "large": _frame("cross", side=13, pen=1.2), "gray and thin": _frame("cross", pen=0.6, shade=0.45), "brackets": _typed("[  ]", "[X]"), "round brackets": _typed("(  )", "(X)"),
}  # fmt: skip


def main() -> None:
    """Makes the forms, reads them and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conditions", nargs="*", default=["pdf"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", type=int, default=len(STYLES), help="how many forms; the styles take turns")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    rows = ["| condition | choices right | wrongly ticked extras |", "|---|---|---|"]
    for condition in given.conditions or ["pdf"]:
        count: Counter[str] = Counter()
        for number in range(given.forms):
            style = list(STYLES)[number % len(STYLES)]
            content, wanted = form(STYLES[style], random.Random(1000 * given.seed + number))
            missed = _compared(_read(as_arrived(content, condition, 1000 * given.seed + number)), wanted, count)
            if given.misses and missed:
                print(f"{condition} {number} {style}: {', '.join(missed)}")
        rows.append(f"| {condition} | {count['right']}/{count['all']} = {100 * count['right'] / count['all']:.1f} % | {count['extra']} |")
    table = "\n".join(rows)
    print(table)
    if given.write:
        from sections import put

        about = f"`benchmarks/ticks.py --seed {given.seed} --forms {given.forms}`: forms made by the benchmark in {len(STYLES)} styles."
        put(Path(__file__).resolve().parents[1] / "docs/benchmarks.md", "Tick boxes of generated forms", f"{about}\n\n{table}")


def form(draw: Draw, dice: random.Random) -> tuple[bytes, list[tuple[str, bool]]]:
    """A one-page form as PDF, and its choices with their state, in reading order."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=(612, 792))
    font, size, listed = dice.choice(FONTS), dice.choice((9.5, 10.5, 11.5)), dice.random() < 0.4
    page.setFont("Helvetica-Bold", 18)
    page.drawString(60, 730, "ORDER FOR DURABLE GOODS")
    wanted: list[tuple[str, bool]] = []
    y = 695.0
    for question, choices in dice.sample(QUESTIONS, 7):
        page.setFont(font, size)
        page.drawString(60, y, question + ":")
        x, chosen = (76.0, y - 16) if listed else (68.0 + page.stringWidth(question + ":", font, size), y)
        ticked = dice.randrange(len(choices))
        for n, label in enumerate(choices):
            page.setFont(font, size)
            wide = draw(page, dice, x, chosen if listed else y, n == ticked)
            page.setFont(font, size)
            page.drawString(x + wide, chosen if listed else y, label)
            wanted.append((label, n == ticked))
            x, chosen = (x, chosen - 16) if listed else (x + wide + page.stringWidth(label, font, size) + 18, chosen)
        y = (chosen if listed else y) - (8 if listed else 26)
    page.setFont(font, size)
    page.drawString(60, 40, "Return this form by fax to (614) 555-0142. Box 8 O D Q is for office use.")
    page.save()
    return out.getvalue(), wanted


def as_arrived(content: bytes, condition: str, seed: int) -> tuple[str, bytes]:
    """(file name, bytes) of the form as it arrives."""
    if condition == "pdf":
        return "form.pdf", content
    gray = cv2.cvtColor(pdfium.PdfDocument(content)[0].render(scale=200 / 72).to_numpy()[:, :, :3], cv2.COLOR_RGB2GRAY)
    grain = np.random.default_rng(seed)
    rows, columns = gray.shape
    tilt = cv2.getRotationMatrix2D((columns / 2, rows / 2), float(grain.uniform(-0.8, 0.8)), 1.0)
    tilted = cv2.GaussianBlur(cv2.warpAffine(gray, tilt, (columns, rows), borderValue=255), (0, 0), 0.8)
    noisy = np.clip(tilted * 0.86 + 22 + grain.normal(0, 5, gray.shape), 0, 255).astype(np.uint8)
    image = Image.fromarray(noisy) if condition == "scan" else Image.fromarray(noisy).point(lambda v: 255 if v > 150 else 0).convert("1")
    out = io.BytesIO()
    image.save(out, "TIFF", dpi=(200, 200), compression="group4" if condition == "fax" else "tiff_lzw")
    return "form.tif", out.getvalue()


def _read(arrived: tuple[str, bytes]) -> DocumentText:
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / arrived[0]
        path.write_bytes(arrived[1])
        settings = load(Path(home))
        receipt = Receipt(sha256=sha256_of(path), file=path.name, channel="inbox", media_type="", size=len(arrived[1]), received_at="", batch="b")
        return read_file(path, receipt, settings, Store(settings.store))


def _compared(document: DocumentText, wanted: list[tuple[str, bool]], count: Counter[str]) -> list[str]:
    """Counts, and names the choices that were missed or in the wrong state."""
    found = [(document.text[o.start : o.end], o.ticked) for o in options_in(document, lines_of(document, [1]))] if document.pages else []
    missed, at = [], 0
    for label, ticked in wanted:
        count["all"] += 1
        same = next((n for n in range(at, min(at + 6, len(found))) if fuzz.ratio(found[n][0].lower(), label.lower()) > 80), None)
        if same is not None and found[same][1] == ticked:
            count["right"] += 1
        else:
            missed.append(f"{label} {'wrong' if same is not None else 'not found'}")
        at = same + 1 if same is not None else at
    count["extra"] += max(0, sum(t for _, t in found) - sum(t for _, t in wanted))
    return missed


if __name__ == "__main__":
    main()
