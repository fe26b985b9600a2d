"""Inputs made to be slow, at doubling lengths: time against length on logarithmic scales has a slope of one, or less.

`make bench` prints a table. A slope well above one is a pattern whose time grows faster than its text.
"""

from __future__ import annotations

import argparse
import io
import math
import statistics
import time
import zipfile
from collections.abc import Callable

from etl.documents import Document, read_item
from etl.encodings import decode
from etl.errors import DocumentError
from etl.limits import LIMITS, Limits, time_limit
from etl.pipeline import figures_of
from etl.readers import Blob, unpack
from etl.readers.pdf import flow
from etl.reprints import signature

_BEGIN = 62_500
_SECONDS = 20.0  # the longest of one measure

SENTENCE = "Selon Bloomberg, Meta mettrait plus de 10 milliards de dollars dans Scale AI en 2025. "
TEXTS: dict[str, str] = {
    "prose": SENTENCE,
    "digits": "1",
    "digits in threes": "123 ",
    "commas": "1,",
    "number words": "deux cents ",
    "scales": "milliards de ",
    "amounts": "3 € ",
    "a list": "12, ",
    "ranges": "entre 3 et ",
    "spaces": "3" + " " * 200,
    "no-break spaces": "\u00a0",
    "brackets that open": "(",
    "brackets that close": ")",
    "ends": ". ",
    "points": ".",
    "closing marks after an end": "3 €." + ")" * 8 + "x ",
    "quotes": "« ",
    "capitals": "Meta ",
    "one long word": "a",
    "hyphens": "a-",
    "of of": "de ",
    "entities": "&amp;",
    "accents apart": "e\u0301",
    "soft hyphens": "\u00ad",
    "lines": "a\n",
    "lines cut at a width": f"{SENTENCE * 3}".replace("milliards", "\nmilliards"),
    "multiples": "a doublé ",
    "percents": "49 % de ",
    "dates": "le 13 juin 2025 ",
    "verbs": "investit ",
}


def figures(text: str) -> object:
    return list(figures_of(Document("0" * 16, "a", text)))


def parsed(suffix: str, wrap: Callable[[str], bytes]) -> Callable[[str], object]:
    limits = Limits(characters=10**9)

    def read(text: str) -> object:
        blob = Blob("a", "a", suffix, data=wrap(text))
        return [read_item(item, None, limits) for item in unpack(blob, limits)]

    return read


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(len(text) // 1_000):
            archive.writestr(f"{number}.txt", text[:100])
    return out.getvalue()


# What is fed to each reader: its piece, over and over.
READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "html: open elements": ("<b>", parsed(".html", str.encode)),
    "html: attributes": (' a="b"', parsed(".html", lambda text: f"<p{text}>x</p>".encode())),
    "html: paragraphs": (
        f"<p>{SENTENCE}</p>",
        parsed(".html", lambda text: f"<article>{text}</article>".encode()),
    ),
    "html: loose text": (f"<p>a</p>{SENTENCE}<b>b</b>", parsed(".html", str.encode)),
    "html: lists": (f"<p>a</p><ul><li>{SENTENCE}</ul>", parsed(".html", str.encode)),
    "europresse: articles": (
        '<article><span class="DocPublicationName">a</span><section>b</section>',
        parsed(".html", str.encode),
    ),
    "europresse: cells": (
        '<span class="DocPublicationName">a</span><br>',
        parsed(".html", lambda text: f"<table><tr><td>{text}".encode()),
    ),
    "factiva: articles": (
        '<div class="article frArticle"><span class="frHeadline">a</span></div>',
        parsed(".html", str.encode),
    ),
    "factiva: numbers": (
        "Document A00000020250613el6d0001x\\par ",
        parsed(".rtf", lambda text: f"{{\\rtf1 {text}}}".encode()),
    ),
    "rtf: notes": ("{\\footnote a", parsed(".rtf", lambda text: f"{{\\rtf1 {text}".encode())),
    "html: meta": ("<meta ", parsed(".html", str.encode)),
    "rtf: groups": ("{\\b ", parsed(".rtf", lambda text: f"{{\\rtf1 {text}".encode())),
    "feed: items": (
        "<item><title>Meta</title></item>",
        parsed(".xml", lambda text: f"<rss>{text}</rss>".encode()),
    ),
    "mail: headers": ("X: y\n", parsed(".eml", lambda text: f"{text}\nMeta".encode())),
    "mail: encoded words": (
        "=?utf-8?q?a?= ",
        parsed(".eml", lambda text: f"Subject: {text}\n\nMeta".encode()),
    ),
    "mbox: messages": ("From a\nX: y\n\nMeta\n\n", parsed(".mbox", str.encode)),
    "markdown: front matter": ("a: b\n", parsed(".md", lambda text: f"---\n{text}".encode())),
    "jsonl: arrays": ("[", parsed(".jsonl", str.encode)),
    "zip: members": ("x", parsed(".zip", zipped)),
    "pdf: lines": ("Meta inves-\n", lambda text: flow([text])),
    "encodings": ("é", lambda text: decode(text.encode("cp1252"), "a")),
    "reprints": ("Meta paie 3 € ", signature),
}


def slope(work: Callable[[str], object], piece: str, longest: int) -> tuple[float, str]:
    """The slope of time against length, both as logarithms, and the times; infinite past the time limit."""
    times: list[tuple[float, float]] = []
    length = _BEGIN
    while length <= longest:
        text = piece * (length // len(piece))
        try:
            with time_limit(_SECONDS, "more"):
                begin = time.process_time()  # the machine may be shared
                work(text)
                times.append((math.log(length), math.log(max(time.process_time() - begin, 1e-6))))
        except DocumentError:
            shown = ", ".join(f"{math.exp(seconds):.3f}" for _, seconds in times)
            return math.inf, f"{shown}, more than {_SECONDS:g} s"
        length *= 2
    found = statistics.linear_regression(*zip(*times, strict=True)).slope if len(times) > 1 else 0.0
    return found, ", ".join(f"{math.exp(seconds):.3f}" for _, seconds in times) + " s"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adversarial", description=__doc__)
    parser.add_argument("--longest", type=int, default=1_000_000, help="characters")
    parser.add_argument("--only", default="", help="what the names of the inputs begin with")
    arguments = parser.parse_args()
    longest, only = arguments.longest, arguments.only
    assert longest <= LIMITS.characters
    figures(SENTENCE)
    print("| input | slope | seconds at doubling lengths |\n|---|---:|---|")
    for name, (piece, work) in ({name: (piece, figures) for name, piece in TEXTS.items()} | READERS).items():
        if name.startswith(only):
            found, told = slope(work, piece, longest)
            print(f"| {name} | {found:.2f} | {told} |", flush=True)


if __name__ == "__main__":
    main()
