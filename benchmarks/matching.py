"""How surely and how fast letters find their member among a million, side by side with splink on the same tables.

Makes members, claims and letters about them (nicknames, readings gone wrong, exchanged order, wrong and missing birth
dates, missing ids, people who are no members; all by chance from a seed), builds the index of the records, matches
every letter, and prints Markdown. With `--splink` it installs splink into an environment of its own and has it link the
same letters. `--write` puts the figures into docs/benchmarks.md.

    python benchmarks/matching.py [--members N] [--claims N] [--letters N] [--splink] [--write]
"""

import argparse
import datetime as dt
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.check.specimen import paper  # noqa: E402
from pipeline.match import match  # noqa: E402
from pipeline.match.weights import nicknames  # noqa: E402
from pipeline.model import Candidate, Diagnosis, DocumentText, Evidence, FieldValue, Item, Letter  # noqa: E402
from pipeline.records import load_records, read_name  # noqa: E402

TODAY = dt.date(2026, 6, 30)
GIVEN = ["James", "Mary", "Michael", "Patricia", "Robert", "Jennifer", "John", "Linda", "David", "Elizabeth", "William", "Barbara", "Richard", "Susan", "Joseph", "Jessica", "Thomas", "Karen", "Christopher", "Sarah", "Charles", "Lisa", "Daniel", "Nancy", "Matthew", "Sandra", "Anthony", "Ashley", "Mark", "Emily", "Steven", "Kimberly", "Andrew", "Betty", "Paul", "Margaret", "Joshua", "Donna", "Kenneth", "Michelle", "Kevin", "Carol", "Brian", "Amanda", "Timothy", "Melissa", "Ronald", "Deborah", "Jason", "Stephanie", "George", "Rebecca", "Edward", "Sharon", "Jeffrey", "Laura", "Ryan", "Cynthia", "Jacob", "Amy", "Nicholas", "Kathleen", "Gary", "Angela", "Eric", "Dorothy", "Jonathan", "Shirley", "Stephen", "Emma", "Larry", "Brenda", "Justin", "Nicole", "Benjamin", "Pamela", "Scott", "Samantha", "Brandon", "Anna", "Samuel", "Katherine", "Gregory", "Christine", "Alexander", "Debra", "Patrick", "Rachel", "Frank", "Olivia", "Raymond", "Carolyn", "Jack", "Maria", "Dennis", "Janet", "Jerry", "Heather", "Tyler", "Diane", "Aaron", "Catherine", "Jose", "Julie", "Nathan", "Victoria", "Adam", "Joyce", "Henry", "Lauren", "Zachary", "Kelly", "Douglas", "Christina", "Peter", "Ruth", "Noah", "Joan", "Kyle", "Virginia", "Ethan", "Judith", "Christian", "Evelyn", "Jeremy", "Hannah", "Keith", "Andrea", "Austin", "Megan", "Sean", "Cheryl", "Roger", "Jacqueline", "Terry", "Madison", "Walter", "Teresa", "Dylan", "Abigail", "Jesse", "Sophia", "Bryan", "Martha", "Jordan", "Sara", "Billy", "Gloria", "Bruce", "Janice", "Gabriel", "Kathryn", "Joe", "Ann", "Logan", "Isabella", "Alan", "Judy", "Juan", "Charlotte", "Albert", "Julia", "Willie", "Grace", "Elijah", "Amber", "Wayne", "Alice", "Randy", "Jean", "Vincent", "Denise", "Mason", "Frances", "Roy", "Danielle", "Ralph", "Marilyn", "Bobby", "Natalie", "Russell", "Beverly", "Bradley", "Diana", "Philip", "Brittany", "Eugene", "Theresa", "Priya", "Wei", "Fatima", "Aisha", "Yusuf", "Dmitri", "Svetlana", "Nguyet", "Linh", "Hiroshi", "Kenji", "Ximena", "Guadalupe", "Alejandro", "Carlos"]
ROOTS = ["Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez", "Hernandez", "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young", "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Gomez", "Phillips", "Evans", "Turner", "Diaz", "Parker", "Cruz", "Edwards", "Collins", "Reyes", "Stewart", "Morris", "Morales", "Murphy", "Cook", "Rogers", "Gutierrez", "Ortiz", "Morgan", "Cooper", "Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim", "Cox", "Ward", "Richardson", "Watson", "Brooks", "Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz", "Hughes", "Price", "Alvarez", "Castillo", "Sanders", "Patel", "Myers", "Long", "Ross", "Foster", "Jimenez"]
HEADS = ["Ab", "Al", "An", "Bar", "Ber", "Bran", "Cal", "Car", "Dan", "Del", "Dor", "Ed", "El", "Fal", "Far", "Gal", "Gar", "Hal", "Har", "Hol", "Is", "Jar", "Kal", "Kar", "Lan", "Lar", "Mal", "Mar", "Nor", "Ol", "Pal", "Par", "Ral", "Ros", "San", "Sel", "Tal", "Tor", "Val", "Var", "Wal", "Wen", "Yar", "Zan"]
MIDS = ["a", "be", "da", "den", "di", "do", "ga", "ger", "hi", "ki", "la", "le", "lin", "lo", "ma", "men", "mi", "na", "ne", "ni", "no", "ra", "ren", "ri", "ro", "sa", "sen", "si", "ta", "ten", "ti", "to", "va", "ven", "vi", "za"]
TAILS = ["berg", "by", "den", "feld", "field", "ford", "gren", "ham", "hoff", "house", "ia", "ini", "ko", "ley", "lund", "man", "mann", "mer", "mont", "nes", "ov", "quist", "ridge", "ski", "sky", "son", "stad", "stein", "ston", "ter", "ton", "vich", "wall", "well", "wick", "wood", "worth", "yan", "zak", "zio"]
CONFUSED = {"m": "rn", "l": "1", "o": "0", "i": "l", "s": "5", "w": "vv", "d": "cl", "b": "8", "O": "0", "I": "l", "S": "5", "B": "8", "e": "c", "h": "b", "n": "u"}
ITEMS = [("Massage therapy 60 min", "massage_therapy", "97124", "M54.50"), ("CPAP device", "cpap", "E0601", "G47.33"), ("Custom orthotics", "orthopedic_footwear", "L3000", "M72.2"),
         ("Standing desk", "other_dme", "", "M51.26"), ("Gym membership", "fitness_program", "", "E66.9"), ("Weight loss program", "weight_loss_program", "", "E66.01"),
         ("Acupuncture session", "acupuncture", "97810", "G43.909"), ("Wheelchair manual", "wheelchair", "K0001", "G35"), ("Adjustable bed", "mattress_bed", "E0260", "M48.061"),
         ("Nutrition counseling", "nutrition_counseling", "97802", "E11.9")]  # fmt: skip
MERCHANTS = [f"{head}{tail} {kind}" for head in HEADS for tail in TAILS[:6] for kind in ("Wellness", "Medical Supply", "Pharmacy")]


@dataclass(frozen=True)
class Asked:
    """A letter, its member (None: no member), and whether the birth date on it is wrong."""

    letter: Letter
    member_id: str | None
    wrong_dob: bool
    row: dict[str, str]
    document: DocumentText

    def words(self) -> DocumentText:
        """The file's words, which a run hands to matching."""
        return self.document


def surnames() -> tuple[list[str], np.ndarray]:
    """40,000 surnames and how often each is met: Zipf's law, the commonest borne by one person in a hundred."""
    draw = random.Random(7)
    made = list(dict.fromkeys(ROOTS + [draw.choice(HEADS) + "".join(draw.choice(MIDS) for _ in range(draw.choice((0, 1, 1, 2)))) + draw.choice(TAILS) for _ in range(90_000)]))[:40_000]
    weight = 1.0 / (np.arange(len(made)) + 8.0) ** 0.9
    return made, weight / weight.sum()


def write_members(folder: Path, count: int) -> None:
    """Households of one to four under one account; a twentieth of the surnames double, sons named for fathers."""
    draw = np.random.default_rng(11)
    names, weight = surnames()
    given_weight = 1.0 / (np.arange(len(GIVEN)) + 12.0) ** 0.8
    given = np.array(GIVEN)[draw.choice(len(GIVEN), count, p=given_weight / given_weight.sum())]
    last = np.array(names)[draw.choice(len(names), count, p=weight)]
    other = np.array(names)[draw.choice(len(names), count, p=weight)]
    double, joins = draw.random(count) < 0.05, draw.random(count) < 0.45
    days = dt.date(1936, 1, 1).toordinal() + draw.integers(0, 30_000, count)
    number = 20_000_000 + draw.permutation(np.arange(count) * 7 % 60_000_011 + np.arange(count) // 60_000_011)
    middle, suffix = draw.integers(0, 26, count), draw.random(count)
    with (folder / "members.csv").open("w", encoding="utf-8") as out:
        out.write("member_id,name,dob,relationship,account_holder_id,plan_id\n")
        holder, surname, size, born = "", "", 0, 0
        for n in range(count):
            own = f"KH{number[n]}"
            if n == 0 or not joins[n] or size == 4:
                holder, surname, size, relation, born = own, f"{last[n]}-{other[n]}" if double[n] else last[n], 1, "self", int(days[n])
            else:
                size, relation = size + 1, "spouse" if size == 1 else "dependent"
                if relation == "dependent":
                    days[n] = min(born + 9_000 + int(days[n]) % 6_000, TODAY.toordinal() - 30)
            initial = f" {chr(65 + middle[n])}." if n % 2 else ""
            tail = " Jr." if suffix[n] < 0.01 else ""
            out.write(f"{own},{given[n]}{initial} {surname}{tail},{dt.date.fromordinal(int(days[n]))},{relation},{holder},P{n % 4}\n")


def write_claims(folder: Path, members: pa.Table, count: int) -> None:
    """Claims of members drawn by chance; nine in ten are closed."""
    draw = np.random.default_rng(13)
    ids = np.array(members["member_id"].to_pylist())
    whose, what = draw.integers(0, len(ids), count), draw.integers(0, len(ITEMS), count)
    status = np.array(["paid", "approved", "closed", "denied", "pended"])[draw.choice(5, count, p=[0.6, 0.2, 0.1, 0.05, 0.05])]
    days = np.array([(dt.date(2024, 1, 1) + dt.timedelta(days=n)).isoformat() for n in range(900)])[draw.integers(0, 900, count)]
    columns = {
        "claim_id": [f"CL-{n:08d}" for n in draw.permutation(count)], "member_id": ids[whose], "plan_id": np.array([f"P{n % 4}" for n in whose]),
        "program": np.full(count, "fsa"), "status": status, "received_date": days, "service_date": days, "item_description": np.array([i[0] for i in ITEMS])[what],
        "category": np.array([i[1] for i in ITEMS])[what], "code": np.array([i[2] for i in ITEMS])[what],
        "amount": np.array([f"{n / 100:.2f}" for n in draw.integers(1_500, 90_000, count)]), "merchant": np.array(MERCHANTS)[draw.integers(0, len(MERCHANTS), count)],
        "diagnosis_code": np.array([i[3] for i in ITEMS])[what], "denial_reason": np.where(status == "denied", "letter of medical necessity required", ""),
    }  # fmt: skip
    arrow.write_csv(pa.table({c: pa.array(v, pa.string()) for c, v in columns.items()}), folder / "claims.csv", arrow.WriteOptions(quoting_style="none"))


def write_rest(folder: Path) -> None:
    """Four plans and an empty history."""
    (folder / "history.csv").write_text("member_id,date,icd10,description,provider_name,provider_npi\n", encoding="utf-8")
    plans = "".join(f"P{n},Plan {n},fsa,2026-01-01,2026-12-31,,,12,0,MD|DO|NP,0\n" for n in range(4))
    header = "plan_id,name,program,plan_year_start,plan_year_end,grace_end,runout_end,letter_valid_months,retroactive_days,accepted_credentials,history_required\n"
    (folder / "plans.csv").write_text(header + plans, encoding="utf-8")


def letters(members: pa.Table, count: int) -> Iterator[Asked]:
    """25 % nicknames, 35 % misread, 25 % last name first, 8 % another birth date, 10 % none, 60 % without an id (half
    of the others with the account holder's), 5 % of people who are no members."""
    draw = random.Random(17)
    short: dict[str, list[str]] = {}
    for a, b in sorted(nicknames()):
        short.setdefault(a, []).append(b)
    names, weight = surnames()
    for n in range(count):
        row = {c: members[c][draw.randrange(members.num_rows)].as_py() for c in ("member_id",)}
        at = draw.randrange(members.num_rows)
        row = {c: str(members[c][at].as_py()) for c in members.column_names}
        own = row["member_id"]
        words = row["name"].split(" ")
        given, surname, suffix = words[0], words[-2] if words[-1] == "Jr." else words[-1], " Jr." if words[-1] == "Jr." else ""
        born: dt.date | None = dt.date.fromisoformat(row["dob"])
        stranger = draw.random() < 0.05
        if stranger:
            given, surname, suffix = draw.choice(GIVEN), draw.choices(names, weight)[0], ""
            born = dt.date(1936, 1, 1) + dt.timedelta(days=draw.randrange(30_000))
        if draw.random() < 0.25:
            given = draw.choice(_nicknames_of(given, short) or [given])
        if draw.random() < 0.35:
            given, surname = misread(draw, given), misread(draw, surname)
        name = f"{surname.upper()}, {given.upper()}" if draw.random() < 0.25 else f"{given} {surname}{suffix}"
        wrong = not stranger and draw.random() < 0.08
        if wrong and born:
            born = born + dt.timedelta(days=draw.choice((-1, 1)) * draw.randrange(1, 4_000))
        if draw.random() < 0.10:
            born, wrong = None, False
        number = "" if stranger or draw.random() < 0.6 else misread(draw, draw.choice((own, row["account_holder_id"])))
        values = {"patient.name": name, "patient.dob": born.isoformat() if born else "", "patient.member_id": number}
        yield Asked(letter_of(n, values, draw), None if stranger else own, wrong, {"unique_id": f"l{n}", **values}, page_of(values, n))


def _nicknames_of(given: str, short: dict[str, list[str]]) -> list[str]:
    return [s.title() for s in short.get(read_name(f"{given} X").given, []) if s.isalpha()]


def misread(draw: random.Random, text: str) -> str:
    """One character taken for another, in six of ten texts."""
    places = [n for n, c in enumerate(text) if c in CONFUSED]
    if not places or draw.random() < 0.4:
        return text
    at = draw.choice(places)
    return text[:at] + CONFUSED[text[at]] + text[at + 1 :]


FILLER = """Letterhead of a clinic, its street and town, telephone 937 555 0148. To whom it may concern. This patient has been under my care since the
spring for a condition that physical therapy and medication have not relieved. I recommend the item named above for six months, twice a week, and expect the
pain to fall from seven of ten to three of ten. Without it the patient cannot work. Please call the office with any question. Sincerely, the undersigned."""


def page_of(values: dict[str, str], n: int) -> DocumentText:
    """A page that says these values among the words of a letter."""
    told = f"Date 06/1{n % 10}/2026 Patient {values['patient.name']} born {values['patient.dob']} ID {values['patient.member_id']}"
    return paper([f"{told} {FILLER} {FILLER}"], "0" * 64)


def letter_of(n: int, values: dict[str, str], draw: random.Random) -> Letter:
    """A letter for one item that states no more than these values."""
    sure = draw.uniform(0.6, 0.99)
    quote = Evidence(page=1, box=(0, 0, 1, 1), start=0, end=1, quote="x", confidence=sure)
    fields = {k: FieldValue(name=k, candidates=(Candidate(value=v, confidence=sure, because="benchmark", evidence=quote),)) for k, v in values.items() if v}
    text, category, code, icd10 = ITEMS[n % len(ITEMS)]
    return Letter(letter_id=f"l{n}", sha256="0" * 64, pages=(1,), kind="letter", fields=fields,
                  items=(Item(text=text, category=category, code=code or None, confidence=0.9, evidence=quote),),
                  diagnoses=(Diagnosis(text=text, icd10=icd10, primary=True, confidence=0.9, evidence=quote),))  # fmt: skip


def loop_seconds() -> float:
    """CPU seconds of a plain loop, by which figures of different machines and hours can be held against each other."""
    begin, total = time.process_time(), 0
    for n in range(2_000_000):
        total += n * n % 7
    return time.process_time() - begin


def spent(before: "resource.struct_rusage") -> float:
    """CPU seconds since."""
    now = resource.getrusage(resource.RUSAGE_SELF)
    return now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Makes the tables, measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("members", 1_000_000), ("claims", 3_000_000), ("letters", 1_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="keep the tables here (default: a temporary folder)")
    parser.add_argument("--splink", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", action="store_true", help="tell of each wrong member")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        told = measured(folder, given)
    print(told)
    if given.write:
        from sections import put

        put(ROOT / "docs" / "benchmarks.md", "Matching", told)


def measured(folder: Path, given: argparse.Namespace) -> str:
    """The tables made (unless they lie there), the index built, the letters matched: Markdown."""
    tables = folder / "tables"
    if not tables.exists():
        tables.mkdir(parents=True)
        write_members(tables, given.members)
        write_claims(tables, arrow.read_csv(tables / "members.csv"), given.claims)
        write_rest(tables)
    members = arrow.read_csv(tables / "members.csv")
    shutil.rmtree(folder / "home", ignore_errors=True)
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    load_records(str(tables), TODAY, folder / "home")
    built = (time.perf_counter() - begin, spent(before))
    size = sum(p.stat().st_size for p in (folder / "home").rglob("*") if p.is_file()) / 1e6
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    records = load_records(str(tables), TODAY, folder / "home")
    opened = (time.perf_counter() - begin, spent(before))
    asked = list(letters(members, given.letters))
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    each, told, open_claims = [], Counter[str](), 0
    for a in asked:
        start = time.perf_counter()
        found = match(a.letter, records, a.words)
        each.append(time.perf_counter() - start)
        verdict = judged(found.outcome, found.member_id, a)
        told[verdict] += 1
        if verdict == "wrong" and given.errors:
            print(a.row, a.member_id, records.members.get(a.member_id or ""), found, sep="\n   ")
        open_claims += len(found.claims)
    took = (time.perf_counter() - begin, spent(before))
    each.sort()
    lines = [
        f"{given.letters:,} letters against {given.members:,} members and {given.claims:,} claims (`benchmarks/matching.py`, tables made from a seed).", "",
        "| | right | wrong | ambiguous | identity | none, though a member | none, rightly | letters, s (CPU) | index, s (CPU) |", "|---|---|---|---|---|---|---|---|---|",
        f"| this project | {told['right']} | {told['wrong']} | {told['ambiguous']} | {told['identity']} | {told['missed']} | {told['none']} | "
        f"{took[0]:.2f} ({took[1]:.2f}) | {built[0]:.1f} ({built[1]:.1f}) |",
    ]  # fmt: skip
    if given.splink:
        lines.append(by_splink(folder, tables, asked))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += ["", f"Index {size:.0f} MB on disk, opened again in {opened[0]:.2f} s ({opened[1]:.2f} s CPU, the tables' bytes hashed); a letter takes "
              f"{each[len(each) // 2] * 1e3:.2f} ms (median), {each[len(each) * 95 // 100] * 1e3:.2f} ms (95 of 100); peak memory {peak:.0f} MB, the building of the index included; "
              f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, a loop of 2,000,000 steps took {loop_seconds():.2f} s of CPU. "
              "`identity`: the right member, but birth date or id differs, so that a person confirms; a wrong one there counts as wrong."]  # fmt: skip
    return "\n".join(lines)


def judged(outcome: str, member_id: str | None, asked: Asked) -> str:
    """right, wrong, missed (a member not found), identity, ambiguous or none (rightly)."""
    if outcome in ("matched", "identity") and member_id != asked.member_id:
        return "wrong"
    if outcome == "matched":
        return "right"
    return outcome if outcome != "none" else "none" if asked.member_id is None else "missed"


def by_splink(folder: Path, tables: Path, asked: list[Asked]) -> str:
    """The row of splink, run in an environment of its own on the same tables."""
    place = folder / "splink"
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "splink==5.0.0", "pandas", "pyarrow"], check=True)
    rows = [{**a.row, "truth": a.member_id or ""} for a in asked]
    arrow.write_csv(pa.Table.from_pylist(rows), folder / "letters.csv")
    done = subprocess.run([str(python), str(Path(__file__).with_name("matching_splink.py")), str(tables / "members.csv"), str(folder / "letters.csv")],
                          check=True, capture_output=True, text=True)  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    main()
