"""What leaves the desk as a record: the audit trail, decisions, and labels with their crops.

Belongs here: exporting and verifying. Does not belong here: writing any of it (deeds.py).
"""

import csv
import io
import json
from collections.abc import Iterator

import sqlalchemy as sa
from PIL import Image
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from pipeline.desk import witness
from pipeline.desk.call import Call, guarded
from pipeline.desk.deeds import RefusedError
from pipeline.desk.lists import safe_cell
from pipeline.desk.office import Office
from pipeline.errors import LedgerDamaged
from pipeline.ledger import labels
from pipeline.ledger import tables as t
from pipeline.ledger.desk_tables import work
from pipeline.ledger.labels import Label
from pipeline.model import Decision
from pipeline.review import wording
from pipeline.review.queues import TITLES

DECISION_COLUMNS = ("letter_id", "claims", "member_id", "plan_id", "what", "code", "reason", "about", "who", "when", "second", "queue", "rules")


def decisions(office: Office) -> Iterator[dict[str, str]]:
    """Every decision, oldest first, with the claims it is about; a later one on the same letter stands beside it."""
    w = work.c
    query = sa.select(t.decisions.c.decision, w.claims, w.member_id, w.plan_id).outerjoin(work, w.letter_id == t.decisions.c.letter_id).order_by(t.decisions.c.seq)
    with office.ledger.reading() as c:
        for row in c.execute(query):
            d = Decision.model_validate_json(row.decision)
            yield {"letter_id": d.letter_id, "claims": row.claims or "", "member_id": row.member_id or "", "plan_id": row.plan_id or "",
                   "what": d.what, "code": d.code, "reason": d.reason, "about": d.about, "who": d.who, "when": d.when,
                   "second": "yes" if d.second else "", "queue": d.queue, "rules": "; ".join(d.rules)}  # fmt: skip


def decisions_csv(office: Office) -> str:
    """Decisions as CSV, safe for spreadsheets."""
    out = io.StringIO()
    writer = csv.DictWriter(out, DECISION_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in decisions(office):
        writer.writerow({k: safe_cell(v) for k, v in row.items()})
    return out.getvalue()


def decisions_to_sql(office: Office, url: str) -> int:
    """Writes decisions into the table `lmn_decisions` of a database, replacing what an earlier export wrote there;
    returns how many."""
    engine = sa.create_engine(url)
    table = sa.Table("lmn_decisions", sa.MetaData(), *(sa.Column(name, sa.Text) for name in DECISION_COLUMNS))
    rows = list(decisions(office))
    try:
        with engine.begin() as c:
            table.create(c, checkfirst=True)
            c.execute(table.delete())
            if rows:
                c.execute(table.insert(), rows)
    except sa.exc.SQLAlchemyError as err:
        raise LedgerDamaged(f"Decisions cannot be written to the database ({type(err).__name__}). Check its address, rights and table.") from None
    finally:
        engine.dispose()
    return len(rows)


def audit_lines(office: Office) -> Iterator[str]:
    """The audit trail, one JSON object per line, each with its hash and the hash before it."""
    with office.ledger.reading() as c:
        for r in c.execute(sa.select(t.events).order_by(t.events.c.seq)):
            yield json.dumps({**dict(r._mapping), "detail": json.loads(r.detail)}, ensure_ascii=False) + "\n"


def audit_page(call: Call) -> Response:
    """The last events, and whether the chain is whole."""
    asked = "verify" in call.request.query_params
    broken = ""
    if asked:
        try:
            call.office.ledger.verify_chain(witness.noted(call.office))
        except LedgerDamaged as err:
            broken = str(err)
    with call.office.ledger.reading() as c:
        rows = [{**r._mapping, "told": told(json.loads(r.detail))} for r in c.execute(sa.select(t.events).order_by(t.events.c.seq.desc()).limit(200))]
    return call.page("audit.html", rows=rows, asked=asked, broken=broken)


def told(detail: dict[str, str | int | float | None]) -> list[tuple[str, str]]:
    """An event's detail as (name, value) pairs for people; the trail itself keeps the codes."""
    return [(wording.in_words(name), TITLES.get(str(value), str(value))) for name, value in detail.items() if value is not None]


def audit_file(call: Call) -> Response:
    """The whole trail as a file."""
    call.office.ledger.note(call.office.now(), "desk", "audit_exported", {"who": call.who.user.name})
    return StreamingResponse(audit_lines(call.office), media_type="application/x-ndjson", headers={"Content-Disposition": 'attachment; filename="audit.jsonl"'})


def decisions_file(call: Call) -> Response:
    """Decisions for the claims system, as CSV or JSON lines by the address."""
    call.office.ledger.note(call.office.now(), "desk", "decisions_exported", {"who": call.who.user.name})
    if call.request.url.path.endswith(".csv"):
        content, kind = "\ufeff" + decisions_csv(call.office), "text/csv"
    else:
        content, kind = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in decisions(call.office)), "application/x-ndjson"
    name = call.request.url.path.rpartition("/")[2]
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def labels_page(call: Call) -> Response:
    """What people keyed against what was read, field by field."""
    call.office.ledger.note(call.office.now(), "desk", "labels_shown", {"who": call.who.user.name})
    with call.office.ledger.reading() as c:
        found = labels.labels(c)
    return call.page("labels.html", labels=found[::-1][:300], agreement=agreement(found))


def agreement(found: list[Label]) -> list[tuple[str, int, int]]:
    """(field, how often a person looked, how often the program's reading stood), most looked at first."""
    counts: dict[str, list[int]] = {}
    for label in found:
        mine = counts.setdefault(label.correction.path, [0, 0])
        mine[0] += 1
        mine[1] += label.kind == "confirm"
    return sorted(((p, n, k) for p, (n, k) in counts.items()), key=lambda x: (-x[1], x[0]))


def crop(call: Call) -> Response:
    """The piece of the page that a label stands on."""
    with call.office.ledger.reading() as c:
        label = next((x for x in labels.labels(c) if x.seq == int(call.request.path_params["seq"])), None)
    picture = crop_of(call.office, label) if label else None
    if picture is None:
        raise RefusedError("This label stands on no words of a page.")
    return Response(picture, media_type="image/png")


def crop_of(office: Office, label: Label) -> bytes | None:
    """PNG of the label's words with a small margin; None without evidence or picture."""
    receipt, evidence = office.ledger.receipt(label.receipt_id), label.correction.evidence
    document = office.document(label.receipt_id)
    if receipt is None or evidence is None or document is None:
        return None
    page = document.page(evidence.page)
    path = office.store.page_image(receipt.receipt.sha256, evidence.page)
    if not path.is_file():
        return None
    with Image.open(path) as image:
        scale = image.width / page.width
        x0, y0, x1, y1 = evidence.box
        piece = image.crop((int((x0 - 4) * scale), int((y0 - 4) * scale), int((x1 + 4) * scale), int((y1 + 4) * scale)))
        out = io.BytesIO()
        piece.save(out, "PNG")
    return out.getvalue()


_READERS = ("auditor", "administrator", "lead")
ROUTES = [
    Route("/audit", guarded(audit_page, "auditor", "administrator"), methods=["GET"]),
    Route("/audit.jsonl", guarded(audit_file, "auditor", "administrator"), methods=["GET"]),
    Route("/decisions.csv", guarded(decisions_file, *_READERS), methods=["GET"]),
    Route("/decisions.jsonl", guarded(decisions_file, *_READERS), methods=["GET"]),
    Route("/labels", guarded(labels_page, *_READERS), methods=["GET"]),
    Route("/labels/{seq:int}.png", guarded(crop, *_READERS), methods=["GET"]),
]
