"""From a received file to its words: the road through this room.

Belongs here: opening, page after page, problems, assembling. Does not belong here: how any one page is read
(pages.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import Damaged, LetterError
from pipeline.model.text import DocumentText, Layout, Page, Problem, Receipt
from pipeline.read import fields, pdf, raster
from pipeline.read.engine import Engine, engine_named
from pipeline.read.opening import check_pages, kind_of
from pipeline.read.pages import Context, Read, read_pdf_page, read_picture
from pipeline.settings import Settings
from pipeline.store import Store

_DYNAMIC = (
    "The PDF is an XFA form that only Adobe's programs show; its pages hold a notice instead of the form. "
    "Ask for it printed to PDF, or for a scan."
)
_CUT = "The PDF was cut short. What came of it was read; the end of this page and pages behind it may be missing. Ask for it again if they are."
VERSION = "read-10"


def read_file(
    original: Path, receipt: Receipt, settings: Settings, store: Store, engine: Engine | None = None
) -> DocumentText:
    """All words of a received file. Never raises for a bad file: what can be read is read, the rest is a Problem.

    `engine` None takes the one that the settings name, built once per process. Pictures of the pages go to the store.
    """
    context = Context(settings, store, receipt.sha256, engine or engine_named(settings.engine))
    layout, pages, inked, cut = Layout(), [], False, 0
    problems: list[Problem] = []
    signed = False
    try:
        kind = kind_of(original, settings)
        if kind == "pdf":
            source = pdf.source_of(original)
            count = pdf.page_count(source)
            check_pages(count, settings)
            cut = count if isinstance(source, bytes) else 0
            values, signed = fields.fields_in(source)
            if not values and fields.is_dynamic(source):
                problems.append(Problem(code="unsupported", says=_DYNAMIC))
            road = _pdf_pages(source, context, values)
        else:
            road = _picture_pages(original, context)
        for number, read_page in road:
            read = _guarded(read_page, number, problems)
            if number == cut:
                read = _cut_off(read, problems)
            pages.append(layout.placed(read.page, read.lines))
            inked = inked or read.inked
    except LetterError as err:
        problems.append(Problem(code=err.code, says=str(err)))
    if pages and not any(p.words for p in pages) and not problems:
        problems.append(_wordless(inked))
    return DocumentText(sha256=receipt.sha256, text=layout.text(), pages=tuple(pages), problems=tuple(problems), signed_digitally=signed)


def _guarded(read_page: Callable[[], Read], number: int, problems: list[Problem]) -> Read:
    """The page, or an empty one and a problem."""
    try:
        return read_page()
    except LetterError as err:
        problem = Problem(code=err.code, says=str(err), page=number)
        problems.append(problem)
        return Read(Page(number=number, width=612, height=792, origin="none", quality=0.0, problems=(problem,)), [], False)


def _cut_off(read: Read, problems: list[Problem]) -> Read:
    """The last page of a file that was cut short, marked as such."""
    problem = Problem(code="damaged", says=_CUT, page=read.page.number)
    problems.append(problem)
    return replace(read, page=read.page.model_copy(update={"problems": (*read.page.problems, problem)}))


def _pdf_pages(
    source: pdf.Source, context: Context, values: dict[int, fields.PageFields]
) -> Iterator[tuple[int, Callable[[], Read]]]:
    with pdf.opened(source) as document:
        for index in range(len(document)):

            def read_page(index: int = index) -> Read:
                if isinstance(source, bytes) and pdf.is_bare(document, index):
                    raise Damaged(f"Page {index + 1} was lost where the file was cut off or broken. Ask for it again.")
                with pdf.page_of(document, index) as page:
                    return read_pdf_page(page, index + 1, values.get(index), context)

            yield index + 1, read_page


def _picture_pages(original: Path, context: Context) -> Iterator[tuple[int, Callable[[], Read]]]:
    with raster.opened(original, context.settings) as image:
        count = raster.frames_in(image)
        check_pages(count, context.settings)
        for index in range(count):

            def read_page(index: int = index) -> Read:
                pixels, dpi = raster.frame(image, index, context.settings)
                return read_picture(pixels, dpi, index + 1, context)

            yield index + 1, read_page


def _wordless(inked: bool) -> Problem:
    if inked:
        return Problem(code="no_words", says="There is ink on the pages but not one word could be read. Look at the pages.")
    return Problem(code="blank", says="Every page is blank. Ask for it to be sent again, with the printed side scanned.")

