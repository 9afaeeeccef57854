"""Puts rendered files into the inbox under the names of render.csv, and makes the files that nobody can read.

    python place.py RENDERED        (called by render.sh; RENDERED/<seed>/<condition>/<source>.<ext>)

`then` in render.csv: truncate, encrypt (both of the rendered file), empty, text, landscape (no source needed).
"""

import csv
import io
import sys
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

HERE = Path(__file__).resolve().parent
INBOX = HERE.parent / "inbox"
PASSWORD = "sample-docs"
NOTE = """Reminder for the benefits folder
- ask the clinic for the letter again
- receipt is in the glove box
- portal only takes pdf, so I renamed this file
"""


def rendered(root: Path, source: str, condition: str, seed: str) -> bytes:
    found = sorted((root / seed / condition).glob(f"{source}.*"))
    if len(found) != 1:
        raise SystemExit(f"{source} in {condition}, seed {seed}: {len(found)} rendered files, one expected")
    return found[0].read_bytes()


def truncated(data: bytes) -> bytes:
    """What a copy that broke off leaves. Cross references stand at the end, so no program finds a page in it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()[: len(data) * 2 // 5]


def encrypted(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(user=PASSWORD, owner=PASSWORD + "-owner", R=6))
    return out.getvalue()


def landscape() -> bytes:
    """Sky, sun, three ridges and a meadow: a picture without a word in it."""
    rng = np.random.default_rng(7)
    h, w = 720, 960
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    t = (y / h)[..., None]
    picture = np.array([96, 150, 214], np.float32) * (1 - t) + np.array([246, 214, 178], np.float32) * t
    sun = np.exp(-(((x - 690) ** 2 + (y - 190) ** 2) / 5200.0))[..., None]
    picture = picture * (1 - sun) + np.array([255, 240, 200], np.float32) * sun
    for base, height, shade in ((400, 70, (120, 136, 168)), (470, 60, (84, 108, 122)), (560, 46, (58, 92, 66))):
        ridge = base + sum(height / k * np.sin(x[0] * k * 0.0047 + rng.uniform(0, 6.3)) for k in (1, 2.3, 5.1, 11.7))
        soft = np.clip((y - ridge[None, :]) / 6 + 0.5, 0, 1)[..., None]
        picture = picture * (1 - soft) + np.array(shade, np.float32) * soft
    coarse = Image.fromarray(rng.integers(0, 255, (90, 120), dtype=np.uint8)).resize((w, h), Image.Resampling.BICUBIC)
    picture += ((np.asarray(coarse, np.float32) - 128) / 128 * 9)[..., None] * (y / h)[..., None]
    small = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).quantize(96, dither=Image.Dither.FLOYDSTEINBERG)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    root = Path(sys.argv[1])
    made = {"truncate": truncated, "encrypt": encrypted, "": lambda data: data}
    alone = {"empty": lambda: b"", "text": NOTE.encode, "landscape": landscape}
    with (HERE / "render.csv").open(newline="") as f:
        rows = list(csv.DictReader(f))
    for row in rows:
        if row["then"] in alone:
            data = alone[row["then"]]()
        else:
            data = made[row["then"]](rendered(root, row["source"], row["condition"], row["seed"]))
        target = INBOX / row["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    size = sum((INBOX / row["file"]).stat().st_size for row in rows)
    print(f"{len(rows)} files, {size / 1e6:.1f} MB: {INBOX}")


if __name__ == "__main__":
    main()
