"""`lmn audit`: whether the trail is whole, and the trail itself as a file.

Belongs here: printing. Does not belong here: the chain (ledger/chain.py).
"""

import argparse

from pipeline.commands.start import home_of
from pipeline.desk import witness
from pipeline.desk.office import Office
from pipeline.desk.records import audit_lines


def main(options: argparse.Namespace) -> int:
    """Verifies the chain, against the heads noted beside the database and in an earlier export (--against), and, with
    --out, writes every event as JSON lines; exit 6 when an event was tampered with."""
    office = Office(home_of(options), options.as_of)
    try:
        if options.out:
            with options.out.open("w", encoding="utf-8") as out:
                out.writelines(audit_lines(office))
        office.ledger.verify_chain({**witness.noted(office), **(witness.heads_in(options.against) if options.against else {})})
        witness.note(office)
        seq, digest = office.ledger.head()
    finally:
        office.close()
    print(f"Every event is as it was written: {seq:,} events, the last with hash {digest}.")
    return 0
