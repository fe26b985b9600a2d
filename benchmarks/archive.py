"""A web archive, step by step: what a page takes of one core, and from that what a month of web news would, on paper.

`make bench` runs it, and puts the table and its arithmetic into the README.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import etl
from benchmarks.__main__ import put
from benchmarks.texts import CORPUS, varied
from etl.documents import Document, read_item
from etl.languages import language_of
from etl.limits import LIMITS
from etl.pipeline import figures_of
from etl.readers import Blob, unpack

_FURNITURE = "".join(
    f'<li class="menu-{n}"><a href="/rubrique/{n}" data-track="menu">Rubrique {n}</a></li>'
    for n in range(120)
)
_SCRIPT = (
    "<script>"
    + "window.dataLayer=window.dataLayer||[];function track(e){dataLayer.push(e)};" * 700
    + "</script>"
)


def page(text: str, number: int) -> bytes:
    """A page as newspapers serve them: the article within a hundred kilobytes of menus and scripts."""
    title, _, body = text.strip().partition("\n")
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n") if line.strip())
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="2025-06-13T08:00:00Z">{_SCRIPT}</head><body><nav><ul>'
        f"{_FURNITURE}</ul></nav><main><article><h1>{title}</h1>{paragraphs}</article></main>"
        f"<aside><ul>{_FURNITURE}</ul></aside><footer>Édition {number}</footer>{_SCRIPT}</body></html>"
    ).encode()


def write_warc(path: Path, pages: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for number, body in enumerate(pages):
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
                f"WARC-Target-URI: https://journal.example/{number}\r\nWARC-Date: 2025-06-14T00:00:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))


def steps(texts: list[str], count: int, folder: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds of a processor that a page takes by each step from the archive to its figures."""
    path = folder / "a.warc.gz"
    write_warc(path, (page(text, number) for number, text in enumerate(varied(texts, count))))
    etl.parse("Meta paie 14 milliards de dollars.")
    begin = time.process_time()
    blobs = [item for item in unpack(Blob("a", "a", ".warc.gz", path), LIMITS) if isinstance(item, Blob)]
    yield "reading the archive", (time.process_time() - begin) / count * 1000
    read_item(blobs[0], None)
    begin = time.process_time()
    documents = [found for blob in blobs for found in read_item(blob, None) if isinstance(found, Document)]
    yield "the article and its metadata out of the page", (time.process_time() - begin) / count * 1000
    language_of(documents[0].text)
    begin = time.process_time()
    for document in documents:
        language_of(document.text)
    yield "the language", (time.process_time() - begin) / count * 1000
    begin = time.process_time()
    for document in documents:
        list(figures_of(replace(document)))
    yield "figures, of a dense French article", (time.process_time() - begin) / count * 1000


PAGES, FRENCH = 15, 15  # assumed of a month: millions of pages, and one in how many is French


def on_paper(taken: dict[str, float]) -> Iterator[str]:
    """What a page takes of one core by each step, and what a month of web news would."""
    yield "| step | milliseconds a page |"
    yield "|---|---:|"
    for step, milliseconds in taken.items():
        yield f"| {step} | {milliseconds:.2f} |"
    *all_pages, figures = taken.values()
    terms, every = " + ".join(f"{each:.2f}" for each in all_pages), sum(all_pages)
    hours, french = (milliseconds * 1e6 / 3.6e6 for milliseconds in (every, figures))
    total = PAGES * hours + PAGES / FRENCH * french
    yield f"""
Every page goes through the first three, since the language is told on the article: {terms} = {every:.2f} ms, or
{every:.2f} × 1,000,000 ÷ 3,600,000 = {hours:.1f} core hours a million pages. Only French ones go through the fourth:
{figures:.2f} ms, {french:.1f} core hours a million French pages. For a month of the Common Crawl's news we take
{PAGES} million pages, of which one in {FRENCH} is French; both are assumptions, to be replaced by what its index says:

    {PAGES} × {hours:.1f} + {PAGES} ÷ {FRENCH} × {french:.1f} = {total:.0f} core hours"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__)
    parser.add_argument("texts", nargs="*", default=[CORPUS], help="files and folders; else the demo corpus")
    parser.add_argument("--pages", type=int, default=300, help="how many pages of a web archive")
    arguments = parser.parse_args()
    texts = [document.text for document in etl.read(*arguments.texts)]
    with tempfile.TemporaryDirectory(prefix="chiffrier-") as folder:
        rounds = [dict(steps(texts, arguments.pages, Path(folder))) for _ in range(3)]
    best = {step: min(taken[step] for taken in rounds) for step in rounds[0]}  # the machine may be shared
    text = "\n".join(on_paper(best)) + "\n"
    print(text, end="")
    put("a month", text)


if __name__ == "__main__":
    main()
