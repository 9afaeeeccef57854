"""How long it takes to judge every stored letter again under other rules, without reading one.

Reads the samples once into a home of its own, multiplies what was read under made-up hashes (each copy with members of
its own, so that no copy is a duplicate of another), brings all of it to the queues, then lets the day change, which
makes every judgement stale, and times the re-judging. Prints Markdown; `--write` puts it into docs/benchmarks.md.

    python benchmarks/rejudging.py [--letters N] [--folder DIR] [--profile] [--write]
"""

import argparse
import cProfile
import csv
import datetime as dt
import hashlib
import json
import pstats
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.process import bring_up_to_date, judge_batch, run_all  # noqa: E402
from pipeline.settings import Settings, load  # noqa: E402
from pipeline.site import Site, opened  # noqa: E402

DAY = dt.date(2026, 6, 30)
BATCH = 500


def main() -> None:
    """Prepares, measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=5_000, help="files in the store (the time for 100,000 is told in proportion)")
    parser.add_argument("--folder", type=Path, help="keep the home here (default: a temporary folder)")
    parser.add_argument("--seed", type=Path, help="a home whose letters are multiplied (default: the samples, read first)")
    parser.add_argument("--seed-claims", type=Path, default=ROOT / "sample_docs" / "claims", help="the claim tables of that home, as CSV")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
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
    settings = load(home, claims=str(home / "claims"), settle_seconds=0.0)
    multiply(seed, settings, given.letters)
    with opened(settings, DAY, "2026-06-30T08:00:00+00:00") as site, site.hold():
        for batch in site.ledger.form_batches(site.now, BATCH):
            judge_batch(site, batch)
    profiler = cProfile.Profile()
    begin, before, below = time.perf_counter(), _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    with opened(settings, DAY + dt.timedelta(days=1), "2026-07-01T08:00:00+00:00") as site, site.hold():
        if given.profile:
            profiler.enable()
        batches = bring_up_to_date(site)
        profiler.disable()
        letters = len(site.ledger.cases())
    wall, cpu = time.perf_counter() - begin, _cpu(resource.RUSAGE_SELF) - before + _cpu(resource.RUSAGE_CHILDREN) - below
    if given.profile:
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(45)
    each = cpu / letters * 1e3
    return (f"{letters:,} stored letters and papers in {batches} batches judged again under another day (`benchmarks/rejudging.py`): {wall:.0f} s, {cpu:.0f} s CPU, "
            f"{each:.1f} ms CPU each, in one process; 100,000 take {each * 100:.0f} s of CPU in proportion. Not one was read or parsed again.")  # fmt: skip


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def multiply(seed: Settings, settings: Settings, count: int) -> None:
    """`count` files from the seed's: each round of copies has members, claims and history of its own."""
    with opened(seed, DAY, "now") as old, opened(settings, DAY, "now") as new:
        rows = [r for r in old.ledger.receipts() if not r.receipt.problems and not r.receipt.duplicate_of]
        rounds = -(-count // len(rows))
        tables(Path(seed.claims), Path(settings.claims), rounds)
        made = 0
        for n in range(rounds):
            for row in rows[: count - made]:
                _copy(old, new, row.receipt, n)
                made += 1


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


def _copy(old: Site, new: Site, receipt: Any, n: int) -> None:
    sha256 = hashlib.sha256(f"{receipt.sha256} {n}".encode()).hexdigest()
    other = receipt.model_copy(update={"sha256": sha256, "file": f"{n}/{receipt.file}", "batch": ""})
    for stage, key in (("read", "read_key"), ("faces", "read_key"), ("parse", "parse_key")):
        content = json.loads(old.store.result_path(stage, getattr(old, key)(receipt)).read_bytes())
        content.update({"sha256": sha256} if "sha256" in content else {})
        for number, letter in enumerate(content.get("letters", [])):
            letter.update(sha256=sha256, letter_id=f"{sha256[:16]}-{letter['pages'][0]}-{number}")
            for field, change in (("patient.name", _name), ("account_holder", _name), ("patient.member_id", lambda v, n: v + _mark(n)), ("claim_number", lambda v, n: v + _mark(n))):
                for candidate in letter["fields"].get(field, {}).get("candidates", []):
                    candidate["value"] = change(candidate["value"], n) if isinstance(candidate["value"], str) else candidate["value"]
        new.store.put_bytes(new.store.result_path(stage, getattr(new, key)(other)), json.dumps(content).encode())
    new.ledger.receive(other)


if __name__ == "__main__":
    main()
