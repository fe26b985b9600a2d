"""The text as the rules read it: without what a page, a PDF or a keyboard leaves inside words and numbers.

Soft hyphens and zero-width characters go, HTML entities become their characters, accents printed apart join their
letters, ligatures come apart, rare spaces become plain ones, and so do the breaks of lines that were cut at a width.
Offsets of the printed text are kept, so that every figure still points at what is printed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from etl.wrapping import unwrap

# Entities that nobody closed are left alone: "Johnson & Johnson; AT&T". Accents are the combining ones of Latin.
_ODD = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});"
    r"|[^\W\d_][\u0300-\u036f]+"
    r"|[\u00ad\u200b-\u200f\u2060\ufeff]+"
    r"|[\u2000-\u2008\u200a\u205f\u3000]"
    r"|[\ufb00-\ufb04]"
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_MARK = re.compile("[&\u00ad\u0300-\u036f\u2000-\u2008\u200a-\u200f\u205f\u2060\u3000\ufb00-\ufb04\ufeff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of a printed text, and where each of its characters is printed; no places where all are alike."""

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def printed(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the reading, at least one character long, stands in the printed text."""
        return (self.starts[start], self.ends[end - 1]) if self.starts else (start, end)


def read_typography(text: str) -> Reading:
    r"""The reading of a printed text; the text itself, as nearly always, where nothing odd is in it.

    >>> reading = read_typography("14&nbsp;mil\u00adliards d'euros")
    >>> reading.text
    "14\xa0milliards d'euros"
    >>> reading.printed(0, 12)
    (0, 18)
    """
    text = unwrap(text)  # of the same length
    if not _is_odd(text):
        return Reading(text)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    end = 0
    for match in _ODD.finditer(text):
        read = _read(match[0])
        pieces += text[end : match.start()], read
        starts += [*range(end, match.start()), *[match.start()] * len(read)]
        ends += [*range(end + 1, match.start() + 1), *[match.end()] * len(read)]
        end = match.end()
    pieces.append(text[end:])
    starts += range(end, len(text))
    ends += range(end + 1, len(text) + 1)
    return Reading("".join(pieces), tuple(starts), tuple(ends))


def _is_odd(text: str) -> bool:
    try:
        text.encode("cp1252")  # which has nothing odd but these two, and tells it three times as fast
    except UnicodeEncodeError:
        return bool(_MARK.search(text))
    return "&" in text or "\u00ad" in text


def _read(odd: str) -> str:
    if odd[0] in _INVISIBLE:
        return ""
    if odd[0] == "&":
        character = html.unescape(odd)
        return character if len(character) == 1 and character >= " " else odd
    return " " if odd.isspace() else unicodedata.normalize("NFKC" if odd >= "\ufb00" else "NFC", odd)
