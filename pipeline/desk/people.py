"""Who works at the desk, as letters are given to them.

Belongs here: names for a choice. Does not belong here: who may come in (access.py), adding people (users.py).
"""

from pipeline.desk.office import Office
from pipeline.ledger import people


def colleagues(office: Office) -> list[str]:
    """Who can be given letters."""
    with office.ledger.reading() as c:
        return [u.name for u in people.every(c) if u.active and u.role in ("examiner", "lead", "administrator")]
