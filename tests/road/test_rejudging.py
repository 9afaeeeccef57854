"""Letters judged again come to stand where they would stand had they come today, and what stays is not written again."""

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.ledger import tables as t
from pipeline.ledger.places import of_batch
from pipeline.letters import Known
from pipeline.process import bring_up_to_date, run_all
from pipeline.rejudging import judge_again
from pipeline.settings import Settings
from pipeline.site import opened
from tests.check.test_policy import RULES
from tests.homes import fill, settings_at
from tests.road.test_process import kept

DAY = dt.date(2026, 6, 30)
NAMES = ("attachment.pdf", "portal/notes.pdf", "portal/document.pdf")


def stand(settings: Settings) -> dict[str, object]:
    """What the queues say of each letter, without the versions of the rules."""
    lines = (settings.out / "letters.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["letter_id"]: record for record in map(json.loads, lines)}


def other(tmp_path: Path, old: str, new: str) -> str:
    """The shipped rules with a change."""
    path = tmp_path / f"rules-{len(new)}.csv"
    assert old in RULES
    path.write_text(RULES.replace(old, new), encoding="utf-8")
    return str(path)


def test_judging_again_ends_where_judging_anew_does(tmp_path: Path) -> None:
    rules = other(tmp_path, "The member has no open claim yet that the letter could be for.", "Nothing is open for the member.")
    for home in ("old", "new"):
        fill(tmp_path / home, *NAMES)
    run_all(settings_at(tmp_path / "old"), DAY)
    run_all(settings_at(tmp_path / "old", rules=rules), DAY + dt.timedelta(days=1))
    again = stand(settings_at(tmp_path / "old"))
    run_all(settings_at(tmp_path / "new", rules=rules), DAY + dt.timedelta(days=1), now=f"{DAY}T08:00:00+00:00")
    assert again == stand(settings_at(tmp_path / "new"))


def test_what_no_change_concerns_is_not_written_again(tmp_path: Path) -> None:
    fill(tmp_path, *NAMES)
    settings = settings_at(tmp_path)
    run_all(settings, DAY)
    cases = kept(settings, "case")
    with opened(settings, DAY, "now") as site:
        before = site.ledger.head()
    changed = settings_at(tmp_path, rules=other(tmp_path, "A letter already on file covers", "The letter on file covers"))
    with opened(changed, DAY, "later") as site:
        assert bring_up_to_date(site) == 1
        assert (site.ledger.head(), kept(settings, "case")) == (before, cases)


@pytest.mark.parametrize("cut", [False, True], ids=["as it ended", "cut off between filing and placing"])
def test_a_file_is_taken_from_its_cases_only_while_nothing_it_depends_on_was_written(tmp_path: Path, cut: bool) -> None:
    fill(tmp_path, "attachment.pdf")
    settings = settings_at(tmp_path)
    run_all(settings, DAY)
    with opened(settings, DAY, "now") as site:
        (batch,), (row,) = site.ledger.batches(), site.ledger.receipts()
        known = Known(site)
        if cut:  # other records put another member on file, then the run ended before its letters were placed
            kept_filings = known.filings(row)
            assert kept_filings is not None
            site.ledger.put_on_file({row.id: [f.model_copy(update={"member_id": "OTHER"}) for f in kept_filings.filings]})
        known.recall(batch.key, [row])
        assert bool(known.given) is not cut
        assert judge_again(site, [batch.key]) == []
        with site.ledger.reading() as c:
            assert [p.tie for p in of_batch(c, batch.key)[row.id]] == [known.tie(row)]
            assert "OTHER" not in set(c.execute(sa.select(t.on_file.c.member_id)).scalars())
