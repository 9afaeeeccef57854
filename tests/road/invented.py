"""Letters and tables of a small plan, invented for walks from the inbox to the queues: each letter a born-digital PDF.

Belongs here: making them. Does not belong here: what should become of them.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.records.tables import COLUMNS
from tests.read.paper import line, pdf_bytes

PLAN = {"plan_id": "CLF-FSA", "name": "Cloverfield FSA", "program": "fsa", "plan_year_start": "2026-01-01", "plan_year_end": "2026-12-31", "grace_end": "",
        "runout_end": "2027-03-31", "letter_valid_months": "12", "retroactive_days": "0", "accepted_credentials": "MD|DO|NP|PA-C", "history_required": "0"}  # fmt: skip
OTTILIE = {"member_id": "CLF-20011", "name": "Ottilie Brandt", "dob": "1979-02-03", "relationship": "self", "account_holder_id": "CLF-20011", "plan_id": "CLF-FSA"}
ROSA = {**OTTILIE, "member_id": "CLF-20047", "name": "Rosamund Vance", "dob": "1984-11-21", "account_holder_id": "CLF-20047"}
CLAIM = {"claim_id": "CL-700311", "member_id": "CLF-20011", "plan_id": "CLF-FSA", "program": "fsa", "status": "pended", "received_date": "2026-06-02",
         "service_date": "2026-05-20", "item_description": "Massage therapy 60 min", "category": "massage_therapy", "code": "97124", "amount": "95.00",
         "merchant": "Tidewater Bodywork", "diagnosis_code": "M54.2"}  # fmt: skip
HERS = {**CLAIM, "claim_id": "CL-700355", "member_id": "CLF-20047"}
CASE = (
    "{title} {surname} is a patient of mine with cervicalgia (M54.2), diagnosed by me in January of this year.",
    "Ten weeks of physical therapy and daily naproxen have given no lasting relief.",
    "I recommend therapeutic massage (97124), twice a week{length}, to treat this condition.",
    "Massage loosens the muscle spasm that causes the pain and restores motion of the neck.",
    "I expect the pain to fall from 7 of 10 to 3 of 10 within three months.",
)


def letter(name: str = "Ottilie Brandt", dob: str = "02/03/1979", number: str = "CLF-20011", dated: str = "May 4, 2026", signed: str = "05/04/2026",
           length: str = " for six months", case: Sequence[str] = CASE, head: Sequence[str] = (), more: Sequence[str] = ()) -> bytes:  # fmt: skip
    """A letter of a family doctor; `signed` '' for one that nobody signed, `head` lines above the letterhead."""
    told = [text.format(title="Ms.", surname=name.split()[-1], length=length) for text in case]
    lines = [*head, "Copperleaf Family Medicine", "410 Aldergate Street, Suite 3, Dayton, OH 45402", "Phone (937) 555-0151   Fax (937) 555-0152", "", *([dated] if dated else []), "",
             "RE: Letter of Medical Necessity", f"Patient: {name}", f"Date of Birth: {dob}", f"Member ID: {number}", "", "To Whom It May Concern:", "", *told, *more, "", "Sincerely,", "",
             *([f"Electronically signed by Ines Falk, MD on {signed}"] if signed else ["______________________"]), "Ines Falk, MD", "NPI 1234567893"]  # fmt: skip
    return pdf_bytes(["".join(line(text, 72, 60 + 18 * n) for n, text in enumerate(lines) if text)])


def put(home: Path, files: Mapping[str, bytes]) -> None:
    """Files into the home's inbox."""
    for name, content in files.items():
        path = home / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def tables(folder: Path, members: Sequence[Mapping[str, str]] = (OTTILIE, ROSA), claims: Sequence[Mapping[str, str]] = (CLAIM, HERS),
           plans: Sequence[Mapping[str, str]] = (PLAN,), history: Sequence[Mapping[str, str]] = ()) -> Path:  # fmt: skip
    """The claim tables as CSV in a folder, over what lies there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("members", members), ("claims", claims), ("plans", plans), ("history", history)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS[name], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder
