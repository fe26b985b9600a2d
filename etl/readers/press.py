"""What the exports of press databases have in common: Europresse, Factiva and Nexis, many articles a file.

Their readers give articles as (what is said of it, its text, its own bytes); none where a file is no such export. The
layouts are those of the exports that were at hand when this was made; one that has changed since is read as a plain
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

Article: TypeAlias = tuple[dict[str, str | None], str, bytes]

COPYRIGHT = re.compile(r"(?:copyright|\(c\)|©|tous droits|all rights)", re.IGNORECASE)

# As the databases write them in French, English and German.
_LANGUAGES = {
    "français": "fr",
    "french": "fr",
    "französisch": "fr",
    "anglais": "en",
    "english": "en",
    "englisch": "en",
    "allemand": "de",
    "german": "de",
    "deutsch": "de",
    "espagnol": "es",
    "spanish": "es",
    "spanisch": "es",
    "italien": "it",
    "italian": "it",
    "italienisch": "it",
}
_BY = re.compile(r"^(?:par|by|von)[ \u00a0]+(?=\S)", re.IGNORECASE)


def article(about: dict[str, str | None], paragraphs: Sequence[str], own: bytes) -> Article:
    """An article whose text begins with its title."""
    title = about.get("title")
    blocks = [title, *paragraphs] if title and title not in paragraphs[:1] else [*paragraphs]
    return about, "\n\n".join(block for block in blocks if block), own


def split_after(lines: Sequence[str], is_end: Callable[[str], object]) -> Iterator[Sequence[str]]:
    """The lines of each article of a file whose articles end with a line of their own, which is the last of each."""
    begin = 0
    for end, line in enumerate(lines, 1):
        if is_end(line):
            yield lines[begin:end]
            begin = end


def language_named(name: str) -> str | None:
    """The code of a language that is named in French, English or German.

    >>> language_named("Français"), language_named("ENGLISH"), language_named("Klingon")
    ('fr', 'en', None)
    """
    return _LANGUAGES.get(name.strip().lower())


def author_named(byline: str | None) -> str | None:
    """Who wrote, without the word for *by*.

    >>> author_named("Par Jeanne Durand"), author_named("Parker Lewis")
    ('Jeanne Durand', 'Parker Lewis')
    """
    return _BY.sub("", byline).strip(" ,;") or None if byline else None


# --- pages --------------------------------------------------------------------------------------------------

_BLOCKS = ("p", "h1", "h2", "h3", "h4", "li", "blockquote")


def by_class(node: Any, name: str) -> list[Any]:
    """The elements below a node that have this class."""
    return [
        part for part in node.iter() if isinstance(part.tag, str) and name in part.get("class", "").split()
    ]


def outermost(nodes: Iterable[Any]) -> list[Any]:
    """Those of the nodes, given in the order of their page, that are in none of the others."""
    kept: dict[Any, None] = {}
    for node in nodes:
        if not any(above in kept for above in node.iterancestors()):
            kept[node] = None
    return [*kept]


def first(node: Any, *names: str) -> str | None:
    """The text of the first element with one of the classes, the first class before the others."""
    return next((line for name in names for part in by_class(node, name) if (line := line_of(part))), None)


def paragraphs_of(node: Any) -> list[str]:
    """The lines of the paragraphs below a node, or of its breaks where it has none."""
    found = [line for part in node.iter(*_BLOCKS) if (line := line_of(part))]
    if found:
        return found
    for part in node.iter("br"):
        part.tail = "\n" + (part.tail or "")
    return [line for raw in "".join(node.itertext()).split("\n\n") if (line := " ".join(raw.split()))]


def line_of(node: Any) -> str:
    """The text of a node, in one line."""
    return " ".join("".join(node.itertext()).split())


def bytes_of(node: Any) -> bytes:
    """A node as it would stand in a file."""
    from lxml import etree

    own: bytes = etree.tostring(node, encoding="utf-8", with_tail=False)
    return own
