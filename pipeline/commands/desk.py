"""`lmn desk`: serves the review application, on this machine only unless told how others reach it safely.

Belongs here: where it listens and the refusal to listen carelessly. Does not belong here: the application (desk/).
"""

import argparse
import gc
import ipaddress
import sys
from typing import TYPE_CHECKING

from pipeline.commands.start import settings_of
from pipeline.errors import BadSettings

if TYPE_CHECKING:
    from pipeline.desk.office import Office

_KEEP_SECONDS = 75
"""A line is kept for somebody who reads a letter: opening another costs a round trip, with TLS three."""
_CLERKS = 2
"""Processes that judge letters again beside the desk: one for whoever waits for it, one for what follows a decision."""
_TURN_SECONDS = 0.0005
"""How long a thread may keep the interpreter from the others. A request asks the database dozens of times, and after each
answer it would wait out a turn of whoever judges a letter: with Python's own 5 ms, a tenth of a second in all."""


def main(options: argparse.Namespace) -> int:
    """Serves until stopped. BadSettings when it would be reachable from outside without TLS."""
    import uvicorn

    from pipeline.desk.access import first_administrator
    from pipeline.desk.app import application
    from pipeline.desk.office import Office

    _guard(options)
    sys.setswitchinterval(_TURN_SECONDS)
    office = Office(settings_of(options), options.as_of)
    office.refresh()
    _settle(office)
    made = first_administrator(office)
    if made:
        print(f"First administrator: {made[0]}   one-time password: {made[1]}\nIt must be changed at the first log-in and is not shown again.", flush=True)
    office.hire(_CLERKS)
    secure = bool(options.tls_cert or options.behind_proxy)
    hosts = ["localhost", "127.0.0.1", "[::1]", options.host, *(options.name or ())]
    print(f"The desk: {'https' if options.tls_cert else 'http'}://{options.host}:{options.port}/   (stop with Ctrl-C)", flush=True)
    try:
        uvicorn.run(
            application(office, hosts, secure), host=options.host, port=options.port, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=_KEEP_SECONDS,
            ssl_certfile=options.tls_cert, ssl_keyfile=options.tls_key, proxy_headers=bool(options.behind_proxy),
            forwarded_allow_ips=options.behind_proxy or None,
        )  # fmt: skip
    finally:
        office.close()
        print("The desk is closed.", file=sys.stderr)
    return 0


def _settle(office: "Office") -> None:
    """Loads the records before the first visitor asks, and spares what was loaded the rounds of the garbage collector, which
    hold everybody up."""
    _ = office.records
    gc.collect()
    gc.freeze()


def _guard(options: argparse.Namespace) -> None:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise BadSettings("TLS needs both --tls-cert FILE and --tls-key FILE.")
    if _is_loopback(options.host) or options.tls_cert or options.behind_proxy:
        return
    raise BadSettings(
        f"The desk shows patients' letters and will not listen on {options.host} without protection. Give --tls-cert and --tls-key, or, "
        "behind a proxy that does TLS, --behind-proxy ADDRESS-OF-THE-PROXY; or listen on 127.0.0.1."
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
