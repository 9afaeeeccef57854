"""What a test does to a letter or asks about it, in the browser or beside it.

Belongs here: short ways to say it. Does not belong here: setting up (bench.py), assertions.
"""

from pipeline.desk.deeds import Deed
from pipeline.desk.office import Office
from pipeline.ledger import labels, work
from pipeline.ledger.work import Wanted
from pipeline.model import Word
from tests.desk.bench import Browser


def deed(office: Office, letter: str, who: str = "ana", token: str = "") -> Deed:
    row = office.find(letter)
    return Deed(who, letter, row.version, token or f"{who}{letter}{row.version}{row.changed_how}")


def labels_of(office: Office, letter: str) -> list[labels.Label]:
    with office.ledger.reading() as c:
        return labels.labels(c, letter)


def items_of(office: Office, letter: str) -> list[str]:
    case = office.case(office.find(letter))
    return [i.text for i in case.letter.items] if case and case.letter else []


def codes_of(office: Office, row: work.WorkRow) -> list[str]:
    found = office.find(row.letter_id)
    return found.codes.split() if found else []


def rows_of(office: Office) -> list[work.WorkRow]:
    with office.ledger.reading() as c:
        return work.listed(c, Wanted(state="any"), 999)


def two_always(office: Office, *whats: str) -> None:
    own = office.settings.home / "desk" / "approvals.csv"
    own.parent.mkdir()
    own.write_text("plan,program,what,from_amount,source\n" + "".join(f"*,*,{what},0,two always\n" for what in whats or ("approved",)))


def click_word(ana: Browser, word: Word) -> None:
    """A click on a word of the first page."""
    place = ana.js(
        "const [x, y] = arguments, box = document.querySelector('figure .boxes'), p = new DOMPoint(x, y).matrixTransform(box.getScreenCTM()); return [p.x, p.y]",
        (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2,
    )  # fmt: skip
    ana.click_at(*place)
