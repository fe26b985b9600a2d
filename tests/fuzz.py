"""Fuzzing: broken files of every format, and texts that the grammar was not made for; nothing may be raised.

`make fuzz` runs it for ten minutes: `python tests/fuzz.py SECONDS [SEED]`. What it finds is printed with the seed that
makes it again, and becomes a test. `tests/test_fuzz.py` runs a few rounds of it with every `make test`.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from test_sources import FILES, WRONG  # type: ignore[import-not-found]

from etl.documents import Document
from etl.limits import Limits
from etl.pipeline import figures_of
from etl.readers import Blob, format_of, unpack
from etl.work import READ, REFUSED, Options, Task, read_tasks

LIMITS = Limits(
    document_bytes=2_000_000, characters=200_000, archive_bytes=50_000_000, pdf_pages=50, seconds=20
)

# What steers the grammar, the readers and the terminals, one beside the other in ways that no one writes.
PIECES = (
    *"€$£%0123456789.,;:()[]-–—+'’\"«» \t\n\u00a0\u202f\u00ad\u200b\u0301\ufb01",
    *(
        "milliards de ",
        "millions",
        "Md€",
        "k€",
        "M$",
        "pour cent",
        "points de base",
        "euros",
        "dollars",
        "deux cents",
    ),
    *(
        "entre ",
        "et ",
        "à ",
        "de ",
        "plus de ",
        "près de ",
        "jusqu'à ",
        "soit ",
        "(",
        ")",
        "dont ",
        "a doublé",
        "fois ",
    ),
    *(
        "Meta ",
        "Scale AI ",
        "investit ",
        "serait valorisée ",
        "selon Bloomberg",
        "en 2024",
        "le 13 juin",
        "M. ",
        "S.A.",
    ),
    *(
        "&nbsp;",
        "&#0;",
        "&#x1F600;",
        "\x1b[31m",
        "\ufffd",
        "𝟏𝟒",
        "١٤",
        "½",
        "١٤ milliards",
        "1e999",
        "0" * 400,
        "9" * 400,
    ),
    *(
        "quatre-vingt-",
        "mille ",
        "million de ",
        "milliard et demi",
        "douzaine de ",
        "moitié",
        "tiers",
        "±",
        "/mois",
    ),
)


def text(chance: random.Random) -> str:
    """A text of the pieces in any order, now and then one of them very often."""
    pieces = chance.choices(PIECES, k=chance.randint(1, 120))
    if chance.random() < 0.2:
        pieces.insert(chance.randrange(len(pieces)), chance.choice(PIECES) * chance.randint(50, 2_000))
    return "".join(pieces)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, cut, doubled, moved, or put from elsewhere."""
    own = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        if not own:
            return bytes(own)
        place = chance.randrange(len(own))
        length = min(chance.choice((1, 2, 4, 8, 64, 1024)), len(own) - place)
        kind = chance.randrange(7)
        if kind == 0:
            own[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            own[place : place + length] = chance.randbytes(length)
        elif kind == 2:
            del own[place : place + length]
        elif kind == 3:
            own[place:place] = own[place : place + length] * chance.choice((1, 2, 100))
        elif kind == 4:
            own = own[:place]
        elif kind == 5:
            own[place : place + length] = bytes([chance.choice((0, 255, 60, 38, 13))]) * length
        else:
            own[place:place] = text(chance).encode("utf-8", "surrogatepass")
    return bytes(own[: LIMITS.document_bytes])


def check_text(own: str) -> None:
    """Every figure of a text stands where it says, whatever the text."""
    for row in figures_of(Document("0" * 16, "fuzz", own)):
        assert own[row["start"] : row["end"]] == row["quote"], row
        assert own.startswith(row["sentence"], row["sentence_start"]), row
        assert row["low"] is None or row["high"] is None or row["low"] <= row["high"], row


def check_file(name: str, data: bytes) -> None:
    """Whatever the bytes, they become rows: documents that are read, or refusals of one line that name them."""
    suffix = format_of(name)
    assert suffix is not None
    items = unpack(Blob(name, name, suffix, data=data), LIMITS)
    for tables in (read_tasks([Task(name, "", item)], Options(limits=LIMITS)) for item in items):
        for row in tables.documents.to_pylist():
            if row["status"] == READ:
                row["text"].encode()
            elif row["status"] == REFUSED:
                assert "\n" not in row["reason"], row
                assert row["source"], row


def samples(folder: Path) -> dict[str, bytes]:
    files = FILES | {
        name: make for name, (make, _) in WRONG.items() if not name.startswith(("bombe", "grand"))
    }
    return {name: make(folder / "draft") for name, make in files.items()}


def run(seconds: float, seed: int, rounds: int | None = None) -> int:
    """Rounds of fuzzing until the time is over or the rounds are done; raises what it found, with its seed."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = samples(Path(folder))
    names = sorted(corpus)
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end and (rounds is None or done < rounds):
        chance = random.Random(f"{seed}/{done}")
        try:
            if chance.random() < 0.5:
                check_text(text(chance))
            else:
                name = chance.choice(names)
                check_file(name, mutate(corpus[name], chance))
        except BaseException as problem:
            problem.add_note(f"seed {seed}, round {done}: again with fuzz.once({seed}, {done})")
            raise
        done += 1
    return done


def once(seed: int, number: int) -> tuple[str, bytes | str]:
    """What a round was fed with: a name and its bytes, or a text."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = samples(Path(folder))
    chance = random.Random(f"{seed}/{number}")
    if chance.random() < 0.5:
        return "", text(chance)
    name = chance.choice(sorted(corpus))
    return name, mutate(corpus[name], chance)


if __name__ == "__main__":
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    print(f"seed {seed}", flush=True)
    print(f"{run(float(sys.argv[1]), seed)} rounds, nothing found")
