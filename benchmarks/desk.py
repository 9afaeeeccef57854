"""How fast the desk answers: 100,000 letters, 20 examiners, SQLite and PostgreSQL.

`lmn desk` runs as it is started by people; each examiner is a session of its own over HTTP: logs in, looks at the
list, searches, opens a letter with its pages and words, has the next one warmed, takes it, accepts values (each judges
the letter again), notes, decides, undoes, and thinks between. Before that, one person alone asks for each page in
turn, which tells the server's CPU time for it. Prints Markdown; `--write` puts it into docs/benchmarks.md.

    python benchmarks/desk.py [--letters N] [--seconds N] [--databases sqlite postgresql] [--folder DIR] [--write]
"""

import argparse
import gzip
import http.client
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import desk_home  # noqa: E402

from pipeline.settings import Settings  # noqa: E402
from tests.cluster import cluster  # noqa: E402

AIMS = {"worklist": 150, "letter": 200, "picture": 150, "action": 100}
_QUEUES = ("", "decide", "match", "examine", "request_info", "transcribe", "who=nobody", "order=amount", "order=due", "program=hsa", "finding=LETTER_EXPIRED")


class Person:
    """A session: `seconds` by kind of request; `answers` counts those that were no success."""

    def __init__(self, port: int, name: str, spans: dict[str, list[float]], refused: dict[str, int]) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.spans, self.refused, self.cookie, self.csrf = spans, refused, "", ""
        self.name = name
        self.kept: dict[str, str] = {}
        body = urlencode({"name": name, "password": desk_home.PASSWORD})
        self.line.request("POST", "/login", body, {"content-type": "application/x-www-form-urlencoded"})
        answer = self.line.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"{name} could not log in ({answer.status}).")
        self.cookie = str(answer.getheader("set-cookie")).partition(";")[0]

    def ask(self, kind: str, path: str, body: dict[str, object] | None = None) -> str:
        """The answer's text, its time kept."""
        headers = {"cookie": self.cookie, "accept-encoding": "gzip"}
        if body is not None:
            headers |= {"content-type": "application/json", "x-csrf": self.csrf}
        begin = time.perf_counter()
        for last in (False, True):
            try:
                self.line.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers)
                answer = self.line.getresponse()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError):
                self.line.close()
                if last:
                    raise
        content = answer.read()
        self.spans[kind].append(time.perf_counter() - begin)
        if answer.status >= 300:
            self.refused[f"{answer.status} {_why(answer.status, content)}"] += 1
        if str(answer.getheader("content-type")).startswith("image/"):
            return ""
        text = (gzip.decompress(content) if answer.getheader("content-encoding") == "gzip" else content).decode()
        if found := re.search(r'data-csrf="([^"]+)"', text):
            self.csrf = found[1]
        return text

    def pictures(self, page: str) -> None:
        """The pages of a letter; a browser keeps what it was told to keep."""
        for path in re.findall(r'<img src="(/page/[^"]+)" width', page):
            if path not in self.kept:
                self.kept[path] = ""
                self.ask("picture", path)


def _why(status: int, content: bytes) -> str:
    """What a refusal says, without names and times."""
    if status == 409:
        return "somebody else was faster, and the second was told"
    with suppress(ValueError, KeyError):
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        return re.sub(r"^\S+ decided", "another decided", str(json.loads(content)["says"]))
    return ""


def letters_in(text: str) -> list[str]:
    """Ids on a worklist."""
    return re.findall(r'<tr data-letter="([^"]+)"', text)


def work_on(me: Person, letter: str, chance: random.Random, think: float) -> None:
    """One letter, from opening to decision."""
    def deed(kind: str, **body: object) -> None:
        nonlocal version
        told = me.ask(kind, f"/letter/{letter}/act", {**body, "version": version, "token": secrets.token_hex(16), "seconds": 30})
        with suppress(ValueError, TypeError):
            version = int(json.loads(told).get("version", version))
        time.sleep(chance.expovariate(1 / think) if think else 0)

    page = me.ask("letter", f"/letter/{letter}")
    found = re.search(r'data-version="(\d+)"', page)
    if not found:
        return
    version = int(found[1])
    me.pictures(page)
    me.ask("words", f"/letter/{letter}/words")
    if after := re.search(r'data-next="([^"]+)"', page):
        me.ask("warm", f"/letter/{after[1]}/warm")
    time.sleep(chance.expovariate(1 / think) if think else 0)
    if chance.random() < 0.3:
        deed("action", act="take")
    for path in re.findall(r'class="slot doubtful" data-path="([^"]+)"', page)[: chance.randrange(3)]:
        deed("action, judging again", act="correct", path=path, text="", accept=True)
    if chance.random() < 0.2:
        deed("action", act="note", text="Called the office; they will send the page that is missing.")
    deed("action", act="decide", what="approved", code="", reason="")
    if chance.random() < 0.1:
        deed("action", act="undo")


def examine(me: Person, until: float, seed: int, think: float) -> None:
    """Works down lists until the time is up. Requests that fail end the run: they are a finding, not a delay."""
    chance = random.Random(seed)
    while time.time() < until:
        queue = chance.choice(_QUEUES)
        ids = letters_in(me.ask("worklist", f"/?{queue}" if "=" in queue else f"/?queue={queue}" if queue else "/"))
        if chance.random() < 0.3:
            me.ask("search", "/?state=any&q=" + chance.choice(("ba", "LB-7001", "kowalski", "elena", "dr", "marsh")))
        time.sleep(chance.expovariate(1 / think) if think else 0)
        for letter in chance.sample(ids, min(2, len(ids))):
            if time.time() < until:
                work_on(me, letter, chance, think)


@contextmanager
def desk(settings: Settings) -> Iterator[tuple[int, int]]:
    """`lmn desk` over a home: its port and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "pipeline", "desk", "--home", str(settings.home), "--claims", settings.claims, "--as-of", desk_home.DAY.isoformat(), "--port", str(port)]
    server = subprocess.Popen(words, cwd=ROOT, env={**os.environ, "LMN_LEDGER_URL": settings.ledger_url}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/login")
                break
            except OSError:
                time.sleep(0.2)
        os.sync()  # a home that was made just now still goes to the disk: nobody's desk waits for that
        time.sleep(1)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process and those beside it which judge letters have used, all their threads."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    beside = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK") + sum(map(cpu_of, beside))


def alone(port: int, pid: int, times: int) -> dict[str, float]:
    """Milliseconds of the server's CPU for each kind of request, one person asking."""
    me = Person(port, "lead", defaultdict(list), defaultdict(int))
    ids = letters_in(me.ask("", "/"))[:times]
    page = me.ask("", f"/letter/{ids[0]}")
    shots = re.findall(r'<img src="(/page/[^"]+)" width', page)[:1]
    asks = {"worklist": ["/"] * times, "search": ["/?state=any&q=ba"] * times, "letter": [f"/letter/{i}" for i in ids], "picture": shots * times,
            "dashboard": ["/dashboard"] * 5}  # fmt: skip
    found = {}
    for kind, paths in asks.items():
        me.ask("", paths[0])
        before = cpu_of(pid)
        for path in paths:
            me.ask(kind, path)
        found[kind] = (cpu_of(pid) - before) / len(paths) * 1e3
        found[f"{kind}, wall"] = sorted(me.spans[kind])[len(paths) // 2] * 1e3
    before = cpu_of(pid)
    for letter in ids:
        me.ask("action", f"/letter/{letter}/act", {"act": "note", "text": "n", "version": 0, "token": secrets.token_hex(16)})
    found["action"] = (cpu_of(pid) - before) / len(ids) * 1e3
    found["action, wall"] = sorted(me.spans["action"])[len(ids) // 2] * 1e3
    return found


def measured(settings: Settings, seconds: float, think: float) -> tuple[dict[str, list[float]], dict[str, int], float, dict[str, float]]:
    """Times by kind, answers that were no success, the server's CPU seconds a request, and what one alone costs."""
    spans: dict[str, list[float]] = defaultdict(list)
    refused: dict[str, int] = defaultdict(int)
    with desk(settings) as (port, pid):
        single = alone(port, pid, 20)
        people = [Person(port, f"examiner{n:02d}", spans, refused) for n in range(desk_home.EXAMINERS)]
        before, until = cpu_of(pid), time.time() + seconds
        threads = [threading.Thread(target=examine, args=(me, until, n, think)) for n, me in enumerate(people)]
        for thread in threads:
            thread.start()
            time.sleep(min(think, 2.0) / len(threads))
        for thread in threads:
            thread.join()
        cpu = (cpu_of(pid) - before) / max(1, sum(map(len, spans.values()))) * 1e3
    return spans, refused, cpu, single


def table(name: str, told: tuple[dict[str, list[float]], dict[str, int], float, dict[str, float]], seconds: float) -> str:
    """Markdown of one run."""
    spans, refused, cpu, single = told
    spans = dict(spans)
    spans["action"] = spans.get("action", []) + spans.get("action, judging again", [])
    lines = [f"{name}: {sum(map(len, told[0].values()))} requests in {seconds:.0f} s, {cpu:.1f} ms of the server's CPU each; answers that were no success: "
             + (", ".join(f"{n} × {told}" for told, n in sorted(refused.items())) or "none") + ".", "",
             "| request | aim, p95 ms | p50 ms | p95 ms | p99 ms | number | alone: ms | alone: CPU ms |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for kind in ("worklist", "search", "letter", "picture", "action", "action, judging again", "words", "warm"):
        mine = sorted(spans.get(kind, []))
        if mine:
            p50, p95, p99 = (mine[min(len(mine) - 1, int(len(mine) * q))] * 1e3 for q in (0.5, 0.95, 0.99))
            one, wall = single.get(kind), single.get(f"{kind}, wall")
            lines.append(f"| {kind} | {AIMS.get(kind, '')} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {len(mine)} | {'' if wall is None else f'{wall:.0f}'} | {'' if one is None else f'{one:.0f}'} |")
    lines.append(f"| dashboard | | | | | | {single['dashboard, wall']:.0f} | {single['dashboard']:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Prepares, measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--whole", type=int, default=400, help="letters that are judged in full; the others are copies of their rows")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--think", type=float, default=3.0, help="mean seconds between two acts of an examiner")
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path, help="keep the samples, read once, here (default: a temporary folder)")
    parser.add_argument("--again", action="store_true", help="use the SQLite home that an earlier run left in --folder")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    parts = [f"{given.letters:,} letters in the ledger, {desk_home.EXAMINERS} examiners who act every {given.think:g} s "
             f"(`benchmarks/desk.py --seconds {given.seconds:g} --think {given.think:g}`)."]  # fmt: skip
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        for name in given.databases:
            with cluster() if name == "postgresql" else nullcontext("sqlite://") as url:
                begin = time.time()
                settings = desk_home.known(folder) if given.again and name == "sqlite" else desk_home.made(folder, url, given.letters, given.whole)
                print(f"{name}: home ready after {time.time() - begin:.0f} s", file=sys.stderr, flush=True)
                parts.append(table(name, measured(settings, given.seconds, given.think), given.seconds))
                print(parts[-1], flush=True)
    if given.write:
        from sections import put

        put(ROOT / "docs" / "benchmarks.md", "Desk", "\n\n".join(parts))


if __name__ == "__main__":
    main()
