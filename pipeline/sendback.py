"""Requests for information for a letter in the ledger: drafts as files, and which letter an answer belongs to.

Belongs here: from a letter's id to its drafts on disk. Does not belong here: the words (review/sendback.py), sending.
"""

from pathlib import Path
from typing import NamedTuple

from pipeline.codes.reference import reference_of
from pipeline.errors import BadSettings
from pipeline.ledger import CaseRow
from pipeline.model import Case
from pipeline.publication import case_of
from pipeline.review.sendback import Draft, drafts
from pipeline.review.sendback_file import docx_of, pdf_of
from pipeline.site import Site
from pipeline.store import Store


class Written(NamedTuple):
    """The drafts of one letter and the files they were written to; file names bear the reference and no name."""

    drafts: tuple[Draft, Draft]
    files: tuple[Path, ...]


def drafts_for(site: Site, case: Case) -> tuple[Draft, Draft] | None:
    """The request to the provider and the one to the member, as of the site's day; None when nothing is to be asked."""
    match = case.item.match
    plan = site.records.plans.get(match.plan_id) if match and match.plan_id else None
    named = case.letter.text_of("recipient.program") if case.letter else None
    return drafts(case, site.as_of, plan.name if plan else "", plan.program if plan else named or "fsa", site.records.claims.get(match.claims[0]) if match and match.claims else None)


def write_drafts(site: Site, case: Case, out: Path) -> Written | None:
    """Writes each draft as DOCX, PDF and text into `out`; None when nothing is to be asked."""
    made = drafts_for(site, case)
    if made is None:
        return None
    store, files = Store(out), []
    for draft in made:
        for ending, content in (("docx", docx_of(draft, site.as_of)), ("pdf", pdf_of(draft, site.as_of)), ("txt", draft.text.encode())):
            files.append(out / f"{draft.reference}-{draft.reader}.{ending}")
            store.put_bytes(files[-1], content)
    return Written(made, tuple(files))


def letter_behind(site: Site, reference: str) -> CaseRow | None:
    """The letter that a reference belongs to."""
    wanted = reference.strip().upper()
    return next((row for row in site.ledger.cases() if reference_of(row.item.letter_id) == wanted), None)


def case_to_ask_about(site: Site, letter: str) -> Case:
    """The letter of an id, an id's beginning, a file's path in the inbox, or a reference. BadSettings when there is none, or
    several."""
    behind = letter_behind(site, letter) if letter.upper().startswith("LMN-") else None
    received = site.ledger.receipts_for(letter)
    rows = [behind] if behind else site.ledger.cases_of(received[-1].id) if received else site.ledger.cases_like(letter)
    if len(rows) != 1:
        said = ", ".join(r.item.letter_id for r in rows[:6])
        raise BadSettings(f"{'Several letters' if rows else 'No letter'} with '{letter}'{f': {said}' if said else ''}. 'lmn status' and letters.jsonl list the ids.")
    return case_of(site, rows[0])
