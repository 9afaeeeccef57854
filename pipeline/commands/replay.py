"""`lmn replay`: who would move with the letters as this version of the program reads them.

Belongs here: handing on to the report of `lmn whatif`. Does not belong here: anything else.
"""

import argparse

from pipeline.commands.whatif import report


def main(options: argparse.Namespace) -> int:
    """Parses every letter again from the words in the store and prints the differences; nothing is changed."""
    return report(options, parse_again=True)
