"""`lmn decisions`: what people decided, for the claims system.

Belongs here: choosing the form. Does not belong here: making it (desk/records.py).
"""

import argparse
import json
import sys

from pipeline.commands.start import home_of
from pipeline.desk.office import Office
from pipeline.desk.records import decisions, decisions_csv, decisions_to_sql


def main(options: argparse.Namespace) -> int:
    """Writes every decision as JSON lines to standard output, as CSV with --csv, or into a table with --to-sql URL."""
    office = Office(home_of(options), options.as_of)
    try:
        office.catch_up()
        if options.to_sql:
            print(f"{decisions_to_sql(office, options.to_sql)} decisions written to the table lmn_decisions.")
        elif options.csv:
            sys.stdout.write(decisions_csv(office))
        else:
            for row in decisions(office):
                print(json.dumps(row, ensure_ascii=False))
    finally:
        office.close()
    return 0
