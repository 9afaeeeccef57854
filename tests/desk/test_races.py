"""Two people at once on one letter, on SQLite and on PostgreSQL; a ledger of an older release; pictures in the browser's
keeping."""

import csv
import io
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from pipeline.desk import deeds, lists, records
from pipeline.desk.app import application
from pipeline.desk.deeds import ConflictError, Deed, RefusedError
from pipeline.desk.office import Office
from pipeline.ledger import Ledger, tables, work
from pipeline.ledger.desk_tables import acts, stale
from pipeline.ledger.work import Wanted
from tests.cluster import NoServerError, cluster
from tests.desk.bench import DAY, GOOD, LONG, OTHERS, PASSWORD, copy_of, letter_in, office_at

FILES = (GOOD, LONG, OTHERS[0], OTHERS[1], OTHERS[2])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a server's database, '' for the home's own SQLite file."""
    if request.param == "sqlite":
        yield ""
        return
    try:
        with cluster() as url:
            yield url
    except NoServerError as err:
        pytest.skip(str(err))


@pytest.fixture
def desks(database: str, judged: Path, tmp_path: Path) -> Iterator[list[Office]]:
    """Two desks, as two processes would have them, over one ledger."""
    home = copy_of(judged, tmp_path / "home")
    first = office_at(home)
    if database:
        _carry(first.settings.ledger_url, database)
    settings = first.settings.model_copy(update={"ledger_url": database}) if database else first.settings
    first.close()
    made = [Office(settings, DAY) for _ in range(2)]
    yield made
    for office in made:
        office.close()


def _carry(source: str, target: str) -> None:
    """Every row of one ledger into another, whose rows go."""
    Ledger(target).close()
    old, new = sa.create_engine(source), sa.create_engine(target)
    with old.connect() as out, new.begin() as into:
        for table in reversed(tables.meta.sorted_tables):
            into.execute(table.delete())
        for table in tables.meta.sorted_tables:
            rows = [dict(r) for r in out.execute(sa.select(table)).mappings()]
            if rows:
                into.execute(table.insert(), rows)
            for column in table.primary_key.columns if len(table.primary_key.columns) == 1 and table.autoincrement_column is not None else ():
                into.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), coalesce((SELECT max({column.name}) FROM {table.name}), 0) + 1, false)"))
    old.dispose()
    new.dispose()


def _race(several: list[Callable[[], object]]) -> list[object]:
    """What each came to, all begun at once: its value or what it raised."""
    gate, found = threading.Barrier(len(several)), [None] * len(several)

    def one(at: int) -> None:
        gate.wait()
        try:
            found[at] = several[at]()
        except (ConflictError, RefusedError) as err:
            found[at] = err

    threads = [threading.Thread(target=one, args=(at,)) for at in range(len(several))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _deed(who: str, letter: str, version: int) -> Deed:
    return Deed(who, letter, version, f"{who} {letter} {version}")


def test_of_two_decisions_at_once_one_counts_and_the_other_is_told(desks: list[Office]) -> None:
    for file in FILES:
        letter = letter_in(desks[0], file)
        version = desks[0].find(letter).version
        told = _race([
            lambda letter=letter, version=version: deeds.decided(desks[0], _deed("ana", letter, version), "not_lmn", "", "one"),
            lambda letter=letter, version=version: deeds.decided(desks[1], _deed("ben", letter, version), "request_info", "", "two"),
        ])  # fmt: skip
        lost = [x for x in told if isinstance(x, ConflictError)]
        assert len(lost) == 1, (file, told)
        row, (decision,) = desks[0].find(letter), desks[0].ledger.decisions_on(letter)
        assert (row.changed_by, row.version) == (decision.who, version + 1) and lost[0].row.changed_by == decision.who
    desks[0].ledger.verify_chain()


def test_what_one_keys_is_not_lost_to_what_another_takes_or_decides(desks: list[Office]) -> None:
    letter = letter_in(desks[0], GOOD)
    version = desks[0].find(letter).version
    told = _race([
        lambda: deeds.corrected(desks[0], _deed("ana", letter, version), "patient.name", "Another Person", None),
        lambda: deeds.took(desks[1], _deed("ben", letter, version)),
    ])  # fmt: skip
    assert sum(isinstance(x, ConflictError) for x in told) == 1, told
    row = desks[0].find(letter)
    keyed = desks[0].case(row).letter["patient.name"].value == "Another Person"
    assert keyed == (row.changed_by == "ana") and (row.assigned == "ben") == (row.changed_by == "ben")


def test_decisions_leave_as_they_were_made_in_each_form(desks: list[Office], tmp_path: Path) -> None:
    """CSV, JSON lines and a table of the same server hold the same, whatever people write into a reason."""
    reasons = ('says "no", twice', "two\nlines; a, b", "Łukasz’ letter — 5 µg")
    for file, reason in zip(FILES, reasons, strict=False):
        letter = letter_in(desks[0], file)
        deeds.decided(desks[0], _deed("ana", letter, desks[0].find(letter).version), "not_lmn", "", reason)
    letter = letter_in(desks[0], FILES[0])
    deeds.undone(desks[0], Deed("ana", letter, desks[0].find(letter).version, "undo"))
    told = list(records.decisions(desks[0]))
    assert [d["what"] for d in told] == ["not_lmn", "not_lmn", "not_lmn", "undo"] and [d["reason"] for d in told[:3]] == list(reasons)
    row = desks[0].find(letter)
    assert (told[0]["claims"], told[0]["member_id"], told[0]["plan_id"]) == (row.claims, row.member_id, row.plan_id)
    plain = [{**d, "reason": lists.printable(d["reason"])} for d in told]
    assert list(csv.DictReader(io.StringIO(records.decisions_csv(desks[0])))) == plain
    target = desks[0].settings.ledger_url if "postgresql" in desks[0].settings.ledger_url else f"sqlite:///{tmp_path / 'claims.sqlite'}"
    for _ in range(2):
        assert records.decisions_to_sql(desks[0], target) == 4
    engine = sa.create_engine(target)
    with engine.connect() as c:
        rows = [dict(r) for r in c.execute(sa.text('SELECT * FROM lmn_decisions ORDER BY "when", what')).mappings()]
        c.rollback()
    engine.dispose()
    assert sorted(rows, key=str) == sorted(told, key=str)
    assert len(list(records.audit_lines(desks[0]))) == desks[0].ledger.head()[0]


def test_notes_hinder_nobody_and_none_is_lost(desks: list[Office]) -> None:
    letter = letter_in(desks[0], GOOD)
    told = _race([lambda n=n: deeds.noted(desks[n % 2], Deed("ana", letter, 0, f"t{n}"), f"note {n}") for n in range(8)])
    assert told == [None] * 8
    desks[0].ledger.verify_chain()
    assert [e.kind for e in desks[0].ledger.events_of(desks[0].find(letter).receipt_id)].count("noted") == 8


def test_a_deed_sent_twice_at_once_is_done_once(desks: list[Office]) -> None:
    """The line fell; the browser sends again while the first sending is still worked on."""
    letter = letter_in(desks[0], GOOD)
    deed = _deed("ana", letter, desks[0].find(letter).version)
    told = _race([lambda n=n: deeds.decided(desks[n], deed, "not_lmn", "", "one") for n in range(2)])
    assert told == ["decided", "decided"]
    assert len(desks[0].ledger.decisions_on(letter)) == 1
    with desks[0].ledger.reading() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(acts).where(acts.c.letter_id == letter)).scalar_one() == 1


def test_the_list_keeps_up_by_what_was_noted(desks: list[Office]) -> None:
    """What one desk keys, the other's next look shows; a note that comes while another is worked on stays."""
    one, other = desks
    letter = letter_in(one, GOOD)
    receipt = one.ledger.receipt(one.find(letter).receipt_id)
    for desk in desks:
        desk.catch_up()
    with one.ledger.writing() as c:
        c.execute(work.work.update().where(work.work.c.letter_id == letter).values(result="older"))
        work.mark_stale(c, sa.select(tables.receipts.c.id).where(tables.receipts.c.id == receipt.id))
    with other.ledger.reading() as c:
        (seen,) = work.stale_files(c, 9)
    with one.ledger.writing() as c:
        work.mark_stale(c, sa.select(tables.receipts.c.id).where(tables.receipts.c.id == receipt.id))
        work.looked_at(c, [seen[0]])
    assert other.catch_up() == 1 and one.catch_up() == 0
    assert one.find(letter).result == next(r for r in one.ledger.cases() if r.item.letter_id == letter).result
    with one.ledger.reading() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(stale)).scalar_one() == 0


def test_pages_of_the_list_join_without_gap_or_repeat(desks: list[Office], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for order in work.ORDERS:
        wanted = Wanted(state="any", order=order)
        with desks[0].ledger.reading() as c:
            whole = [r.letter_id for r in work.listed(c, wanted, 99)]
            forth, after = [], ""
            while True:
                rows, _, later = lists.leaf(c, wanted, after, "")
                forth.append([r.letter_id for r in rows])
                if not later:
                    break
                after = later
            back, before = [forth[-1]], lists.leaf(c, wanted, forth[-2][-1], "")[1]
            while before:
                rows, before, later = lists.leaf(c, wanted, "", before)
                assert later == rows[-1].letter_id
                back.append([r.letter_id for r in rows])
        assert [i for leaf in forth for i in leaf] == whole, order
        assert [i for leaf in reversed(back) for i in leaf] == whole, order


def test_a_ledger_of_an_older_release_is_taken_over_with_all_that_is_in_it(judged: Path, tmp_path: Path) -> None:
    """A real ledger as the release before left it: no notes of what was judged, its indexes, its number. What people did
    stays, the list is as it was, and the new indexes are there."""
    home = copy_of(judged, tmp_path / "home")
    office = office_at(home)
    letter = letter_in(office, GOOD)
    deeds.decided(office, _deed("ana", letter, office.find(letter).version), "not_lmn", "", "a test")
    with office.ledger.reading() as c:
        before = work.listed(c, Wanted(state="any"), 99)
    head = office.ledger.head()
    office.close()
    with sqlite3.connect(home / "ledger.sqlite") as raw:
        raw.execute("DROP TABLE desk_stale")
        new = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND (name LIKE 'desk_todo_p%' OR name LIKE 'desk_work_held')")]
        assert len(new) >= 4
        for name in new:
            raw.execute(f"DROP INDEX {name}")
        raw.execute("CREATE INDEX desk_work_mine ON desk_work (assigned, state)")
        raw.execute("UPDATE schema_version SET version = 3")
    raw.close()
    office = Office(office.settings, DAY)
    with office.ledger.reading() as c:
        assert work.listed(c, Wanted(state="any"), 99) == before
        names = set(c.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        assert c.execute(sa.select(tables.schema_version.c.version)).scalar_one() == tables.SCHEMA
    assert set(new) | {"desk_stale"} <= names and "desk_work_mine" not in names
    assert office.ledger.head() == head and office.find(letter).state == "decided"
    office.ledger.verify_chain()
    office.close()


def test_a_picture_stays_in_its_readers_browser_and_is_sent_once(judged: Path, tmp_path: Path) -> None:
    office = office_at(copy_of(judged, tmp_path / "home"))
    path = f"/page/{letter_in(office, LONG)}/1.jpg"
    with TestClient(application(office, ["desk.test"]), base_url="http://desk.test") as client:
        client.post("/login", data={"name": "ana", "password": PASSWORD})
        first = client.get(path)
        assert (first.status_code, first.headers["content-type"], first.headers["cache-control"]) == (200, "image/jpeg", "private, max-age=3600")
        again = client.get(path, headers={"if-none-match": f'"other", {first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
        client.cookies.clear()
        gone = client.get(path, headers={"if-none-match": first.headers["etag"]}, follow_redirects=False)
        assert gone.status_code == 303
    office.close()
