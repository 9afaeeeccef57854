"""Takes files out of the inbox: each is kept by its hash and recorded before anything else happens to it.

Belongs here: finding files, waiting for half-written ones, telling what they are, keeping, recording, moving. Does
not belong here: opening them (read).
"""

from pipeline.intake.kinds import kind_of
from pipeline.intake.scan import Found, Scan, Seen, scan, settled
from pipeline.intake.take import Taken, take_in

__all__ = ["Found", "Scan", "Seen", "Taken", "kind_of", "scan", "settled", "take_in"]
