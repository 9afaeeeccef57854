"""`lmn eval`: hands the options to the evaluation."""

import argparse

from pipeline.commands.start import day_of


def main(options: argparse.Namespace) -> int:
    """Accuracy against truth; 0 whatever the figures are."""
    from pipeline.evaluate import evaluate_command

    return evaluate_command(
        options.truth_dir, options.letters_dir, as_of=day_of(options), as_json=options.json, jobs=options.jobs, keep=options.keep,
        conditions=options.conditions, only=options.only, against=options.against, errors=options.errors,
    )  # fmt: skip
