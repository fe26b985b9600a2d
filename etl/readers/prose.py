"""Plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from etl.documents import METADATA, make
from etl.encodings import decode
from etl.limits import Limits
from etl.readers import Blob, Found


def parse_text(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The whole file is the text."""
    data = blob.read(limits)
    text, encoding = decode(data, blob.place, blob.encoding)
    yield from make(blob, data, text, limits, {}, encoding)


def parse_markdown(blob: Blob, limits: Limits) -> Iterator[Found]:
    """The text below the front matter, verbatim, with what the front matter says."""
    data = blob.read(limits)
    text, encoding = decode(data, blob.place, blob.encoding)
    about, text = split_front_matter(text)
    yield from make(blob, data, text, limits, about, encoding)


# Between two lines of dashes, prose is prose: only lines such as these are front matter.
_FRONT = re.compile(r"(?P<key>[\w-]+):(?:\s+(?P<value>.*))?|\s+(?P<more>.*)|#.*|-\s.*|")
_FRONT_KEYS = {"date": "published"} | {name: name for name in METADATA}
_FOLDED = (">", ">-", ">+", "|", "|-", "|+")  # the value stands in the lines below


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    r"""What the front matter says under the keys that we know, and the text after its closing line, verbatim.

    >>> split_front_matter("---\ntitle: \"Meta : le prix\"\ndate: 2025-06-13\n---\n\nMeta paie.")
    ({'title': 'Meta : le prix', 'published': '2025-06-13'}, '\nMeta paie.')
    """
    lines = text.split("\n")
    ends = (number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    end = next(ends, None) if lines[0].rstrip() == "---" else None
    front = [_FRONT.fullmatch(line) for line in lines[1:end]]
    if end is None or not all(front):
        return {}, text
    about: dict[str, str] = {}
    name: str | None = None
    for line in front:
        if line and line["key"]:
            name = _FRONT_KEYS.get(line["key"].lower())
            if name:
                value = (line["value"] or "").strip()
                about[name] = "" if value in _FOLDED else value
        elif line and line["more"] and name:
            about[name] = f"{about[name]} {line['more'].strip()}".strip()
    known = {name: cell for name, raw in about.items() if (cell := _unquoted(raw))}
    return known, "\n".join(lines[end + 1 :])


def _unquoted(cell: str) -> str:
    if cell in ("~", "null"):
        return ""
    if len(cell) > 1 and cell[0] == cell[-1] == "'":
        return cell[1:-1].replace("''", "'")
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", cell[1:-1])
    return cell
