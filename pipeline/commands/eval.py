"""`lmn eval`: hands the options to the evaluation."""

import argparse
import json
from pathlib import Path

from pipeline.commands.start import day_of, home_of
from pipeline.errors import BadSettings


def main(options: argparse.Namespace) -> int:
    """Accuracy against truth; 0 whatever the figures are."""
    if options.from_desk:
        return _from_desk(options)
    if options.truth_dir is None or options.letters_dir is None:
        raise BadSettings("Give TRUTH_DIR and LETTERS_DIR, or --from-desk for what people at the desk keyed.")
    from pipeline.evaluate import evaluate_command

    return evaluate_command(
        options.truth_dir, options.letters_dir, as_of=day_of(options), as_json=options.json, jobs=options.jobs, keep=options.keep,
        conditions=options.conditions, only=options.only, against=options.against, errors=options.errors,
    )  # fmt: skip


def _from_desk(options: argparse.Namespace) -> int:
    from pipeline.desk.labelled import from_desk, keep_labels, table
    from pipeline.desk.office import Office

    office = Office(home_of(options), options.as_of)
    told = from_desk(office)
    if options.keep:
        keep_labels(office, Path(options.keep))
    office.close()
    print(json.dumps(told, indent=1) if options.json else table(told))
    return 0
