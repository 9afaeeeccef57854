"""How long it takes to judge every stored letter again under other rules, without reading one.

Reads the samples once into a home of its own, multiplies what was read under made-up hashes (each copy with members of
its own, so that no copy is a duplicate of another), brings all of it to the queues, then changes a rule, which makes every
judgement stale. Times what `lmn whatif` does with the changed rules, then the re-judging itself, queues in the ledger
included. Prints Markdown; `--write` puts it into docs/benchmarks.md.

    python benchmarks/rejudging.py [--letters N] [--folder DIR] [--jobs N] [--write]
"""

import argparse
import csv
import datetime as dt
import hashlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.check import load_rules  # noqa: E402
from pipeline.ledger.keys import receipt_id  # noqa: E402
from pipeline.ledger.tables import receipts  # noqa: E402
from pipeline.process import bring_up_to_date, run_all  # noqa: E402
from pipeline.rejudging import judge_again  # noqa: E402
from pipeline.settings import Settings, load  # noqa: E402
from pipeline.site import Site, opened  # noqa: E402
from pipeline.whatif import Otherwise, judge_otherwise  # noqa: E402

DAY = dt.date(2026, 6, 30)
BATCH = 500


def main() -> None:
    """Prepares, measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=5_000, help="files in the store (the time for 100,000 is told in proportion)")
    parser.add_argument("--folder", type=Path, help="keep the home here (default: a temporary folder)")
    parser.add_argument("--seed", type=Path, help="a home whose letters are multiplied (default: the samples, read first)")
    parser.add_argument("--seed-claims", type=Path, default=ROOT / "sample_docs" / "claims", help="the claim tables of that home, as CSV")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with suppress(PermissionError):  # the head of a group of processes already
        os.setsid()
    threading.Thread(target=_watch, daemon=True).start()
    with tempfile.TemporaryDirectory() as temporary:
        told = measured(given.folder or Path(temporary), given)
    print(told)
    if given.write:
        from sections import put

        put(ROOT / "docs" / "benchmarks.md", "Judging again", told)


def measured(folder: Path, given: argparse.Namespace) -> str:
    """Markdown with the time it took."""
    seed = load(given.seed or folder / "seed", claims=str(given.seed_claims), settle_seconds=0.0)
    if not (seed.home / "ledger.sqlite").exists():
        shutil.copytree(ROOT / "sample_docs" / "inbox", seed.home / "inbox", dirs_exist_ok=True)
        run_all(seed, DAY)
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    settings = load(home, claims=str(home / "claims"), settle_seconds=0.0, jobs=given.jobs)
    multiply(seed, settings, given.letters)
    with opened(settings, DAY, "2026-06-30T08:00:00+00:00") as site, site.hold():
        judge_again(site, site.ledger.form_batches(site.now, BATCH))
        before = site.ledger.queues()
    changed = load(home, claims=str(home / "claims"), settle_seconds=0.0, jobs=given.jobs, rules=str(other_rules(folder)))
    return "\n\n".join([tried(settings, changed, given.jobs), done(changed, before, given.jobs)])


def other_rules(folder: Path) -> Path:
    """The shipped rules, but that no plan asks for a duration."""
    text = (ROOT / "pipeline" / "check" / "tables" / "rules.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [row.replace(",blocks,", ",off,").replace(",blocks,", ",off,") if ",MISSING_DURATION," in row else row for row in text]
    (folder / "rules.csv").write_text("".join(rows), encoding="utf-8")
    return folder / "rules.csv"


def tried(settings: Settings, changed: Settings, jobs: int) -> str:
    """What `lmn whatif` takes."""
    begin, spent = time.perf_counter(), _cpu()
    with opened(settings, DAY, "2026-06-30T08:00:00+00:00") as site:
        judged = judge_otherwise(site, Otherwise(load_rules(changed.rules), site.records, False, False, DAY), jobs)
    moved = sum(j.moves for j in judged)
    return f"`lmn whatif`: {len(judged):,} stored letters judged by rules that ask for no duration, {moved:,} would move: {_took(begin, spent, len(judged), jobs)}"


def done(changed: Settings, before: dict[str, int], jobs: int) -> str:
    """What the next run takes once those rules are the settings' own."""
    begin, spent = time.perf_counter(), _cpu()
    with opened(changed, DAY, "2026-06-30T08:00:00+00:00") as site, site.hold():
        batches = bring_up_to_date(site)
        files, after = site.ledger.accounts().received, site.ledger.queues()
    moved = {queue: after.get(queue, 0) - before.get(queue, 0) for queue in sorted({*before, *after}) if after.get(queue) != before.get(queue)}
    told = ", ".join(f"{queue} {number:+,}" for queue, number in moved.items())
    return (f"The next run with these rules: {files:,} files in {batches} batches judged again, none read or parsed, their queues in the ledger ({told}): "
            f"{_took(begin, spent, files, jobs)}")  # fmt: skip


def _took(begin: float, spent: float, count: int, jobs: int) -> str:
    wall, cpu, busy = time.perf_counter() - begin, _cpu() - spent, os.getloadavg()[0]
    return f"{wall:.0f} s with {jobs} processes, {cpu:.0f} s of CPU, {cpu / count * 1e3:.1f} ms each (load of the machine in the end: {busy:.1f} on {os.cpu_count()} cores)."


_seen: dict[int, float] = {}


def _cpu() -> float:
    """CPU seconds of this process and of every process begun from it, workers that have ended included as far as they
    were seen by `_watch`."""
    _look()
    return sum(_seen.values())


def _look() -> None:
    """Notes what each process of this session has used so far."""
    own = os.getsid(0)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                told = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(told[3]) == own:
                    _seen[int(entry.name)] = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
            except (OSError, IndexError):
                continue


def _watch() -> None:
    while True:
        _look()
        time.sleep(0.5)


def multiply(seed: Settings, settings: Settings, count: int) -> None:
    """`count` files from the seed's: each round of copies has members, claims and history of its own."""
    with opened(seed, DAY, "now") as old, opened(settings, DAY, "now") as new:
        rows = [r for r in old.ledger.receipts() if not r.receipt.problems and not r.receipt.duplicate_of]
        rounds = -(-count // len(rows))
        tables(Path(seed.claims), Path(settings.claims), rounds)
        kept = [{stage: old.store.result_path(stage, key).read_bytes() for stage, key in _keys(old, row.receipt)} for row in rows]
        made = [_copy(new, row.receipt, own, n) for n in range(rounds) for row, own in zip(rows, kept, strict=True)][:count]
        with new.ledger.writing() as c:  # all at once: receiving one file after the other makes sure of the disk each time
            c.execute(receipts.insert(), made)


def _keys(site: Site, receipt: Any) -> tuple[tuple[str, str], ...]:
    read = site.read_key(receipt)
    return ("read", read), ("faces", read), ("parse", site.parse_key(receipt))


def tables(source: Path, target: Path, rounds: int) -> None:
    """The claim tables, once for each round under ids of its own; plans once."""
    target.mkdir(parents=True)
    for path in sorted(source.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        with (target / path.name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            for n in range(1 if path.stem == "plans" else rounds):
                writer.writerows(_renamed(row, n) for row in rows)


def _renamed(row: dict[str, str], n: int) -> dict[str, str]:
    own = {c: f"{row[c]}{_mark(n)}" for c in ("member_id", "account_holder_id", "claim_id") if row.get(c)}
    return {**row, **own, **({"name": _name(row["name"], n)} if "account_holder_id" in row else {})}


def _mark(n: int) -> str:
    return f"R{n:05d}"


def _name(name: str, n: int) -> str:
    """Another surname for each round: four letters behind the own one."""
    letters = "".join("aeou"[n // 4**k % 4] + "bdkt"[n // 4**k % 4] for k in range(6))
    first, _, suffix = name.partition(",")
    return f"{first}{letters}" + (f",{suffix}" if suffix else "")


def _copy(new: Site, receipt: Any, kept: dict[str, bytes], n: int) -> dict[str, Any]:
    """Puts what was read of a file into the store under another hash; the row of its receipt."""
    sha256 = hashlib.sha256(f"{receipt.sha256} {n}".encode()).hexdigest()
    other = receipt.model_copy(update={"sha256": sha256, "file": f"{n}/{receipt.file}", "batch": ""})
    for stage, key in _keys(new, other):
        content = kept[stage].replace(receipt.sha256.encode(), sha256.encode())
        new.store.put_bytes(new.store.result_path(stage, key), _others(content, sha256, n) if stage == "parse" else content)
    values = other.model_dump(exclude={"batch", "problems", "duplicate_of"})
    return values | {"id": receipt_id(other.file, sha256), "inbox": "moved", "problems": "[]", "batch": None, "duplicate_of": None}


def _others(raw: bytes, sha256: str, n: int) -> bytes:
    """The letters as another patient's."""
    content = json.loads(raw)
    for number, letter in enumerate(content["letters"]):
        letter["letter_id"] = f"{sha256[:16]}-{letter['pages'][0]}-{number}"
        for field, change in (("patient.name", _name), ("account_holder", _name), ("patient.member_id", lambda v, n: v + _mark(n)), ("claim_number", lambda v, n: v + _mark(n))):
            for candidate in letter["fields"].get(field, {}).get("candidates", []):
                candidate["value"] = change(candidate["value"], n) if isinstance(candidate["value"], str) else candidate["value"]
    return json.dumps(content).encode()


if __name__ == "__main__":
    main()
