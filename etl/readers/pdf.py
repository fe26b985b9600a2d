"""PDF: the text of the pages in reading order, hyphenated words and broken lines put together again."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator

from etl.documents import make
from etl.errors import DocumentError
from etl.limits import Limits, check_text
from etl.readers import Blob, Found, Skipped


def parse_pdf(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The text of all pages; a PDF of pictures, which has none, is passed over."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    data = blob.read(limits)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{blob.place}: locked with a password; save it without one")
        if len(reader.pages) > limits.pdf_pages:
            raise DocumentError(f"{blob.place}: more than {limits.pdf_pages:,} pages; split it")
        pages: list[str] = []
        length = 0
        for page in reader.pages:
            pages.append(page.extract_text())
            length += len(pages[-1])
            if length > limits.characters:
                check_text("".join(pages), blob.place, limits)
        told = reader.metadata
        about = {
            "title": told.title if told else None,
            "author": told.author if told else None,
        }
    except PyPdfError as problem:
        raise DocumentError(f"{blob.place}: not a sound PDF ({problem}); save it anew") from None
    text = flow(pages)
    if not text:
        yield Skipped(blob.source, "a PDF without text; recognise its characters first")
        return
    yield from make(blob, data, text, limits, {name: _clean(cell) for name, cell in about.items()})


def _clean(cell: str | None) -> str | None:
    cell = " ".join((cell or "").replace("\0", "").split())
    return cell.encode("utf-8", "ignore").decode() or None


# Word left off at a line's end: small letters on both sides. "Jean-\nPierre" keeps its hyphen.
_HYPHEN = re.compile(r"(?<=[a-zà-ÿœ])[-\u00ad\u2010]$")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—]?\s*\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?\s*[-–—]?", re.IGNORECASE)
_ENDED = re.compile(r"[.!?…:»”\"]$")


def flow(pages: list[str]) -> str:
    r"""The paragraphs of pages of printed lines; running heads and page numbers are left out.

    >>> flow(["Meta a inves-\nti 14 milliards\nde dollars.\nLa suite est\nconnue.\n3"])
    'Meta a investi 14 milliards de dollars.\n\nLa suite est connue.'
    """
    printed = [[" ".join(line.replace("\0", "").split()) for line in page.split("\n")] for page in pages]
    edges = Counter(line for lines in printed for line in {*lines[:2], *lines[-2:]} if line)
    running = {line for line, count in edges.items() if len(pages) > 2 and count > len(pages) / 2}
    width = _width([len(line) for lines in printed for line in lines if line])
    blocks: list[list[str]] = []  # of pieces to be joined
    ends = True  # whether the block before ends here
    for lines in printed:
        for line in lines:
            if not line:
                ends = True
            elif line not in running and not _PAGE_NUMBER.fullmatch(line):
                if ends or not blocks:
                    blocks.append([line])
                elif _HYPHEN.search(blocks[-1][-1]) and line[0].islower():
                    blocks[-1][-1] = blocks[-1][-1][:-1]
                    blocks[-1].append(line)
                else:
                    joint = "" if blocks[-1][-1].endswith("-") else " "
                    blocks[-1].append(joint + line)
                # A short line ends a paragraph where its sentence ends too; a much shorter one is a heading.
                ends = bool(len(line) < width * 0.8 and _ENDED.search(line)) or len(line) < width * 0.5
            elif not _ENDED.search(blocks[-1][-1] if blocks else "."):
                ends = False  # a page's edge within a sentence
    return "\n\n".join("".join(block).encode("utf-8", "ignore").decode() for block in blocks)


def _width(lengths: list[int]) -> int:
    """How long a full line is: what one in ten lines is longer than."""
    return sorted(lengths)[len(lengths) * 9 // 10] if lengths else 0
