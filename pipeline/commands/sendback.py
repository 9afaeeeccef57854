"""`lmn sendback`: drafts of what to ask the provider and the member for.

Belongs here: what is printed. Does not belong here: the words; sending.
"""

import argparse
import textwrap

from pipeline.commands.start import day_of, home_of, now_on
from pipeline.sendback import case_to_ask_about, write_drafts
from pipeline.site import opened


def main(options: argparse.Namespace) -> int:
    """Writes the drafts and prints the one for the provider; 0 also when there is nothing to ask for."""
    day, settings = day_of(options), home_of(options)
    folder = (options.folder or settings.home / "drafts").expanduser().resolve()
    with opened(settings, day, now_on(day)) as site:
        case = case_to_ask_about(site, options.letter)
        written = write_drafts(site, case, folder)
    if written is None:
        print(f"Letter {case.item.letter_id} ({case.item.queue}) lacks nothing that a provider could supply.")
        return 0
    for line in written.drafts[0].text.splitlines():
        print(textwrap.fill(line, 110, subsequent_indent="     " if line.startswith("  ") else ""))
    print("\nDrafts to read, change and send:")
    print("\n".join(f"  {path}" for path in written.files))
    return 0
