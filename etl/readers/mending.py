"""Pages mended before their article is looked for: what stands in no paragraph is put into one, items of lists too.

What finds the article keeps paragraphs, and drops much of what a careless editor has left beside them: text loose among
the paragraphs of a `div`, items of a list in a page that marks no article.
"""

from __future__ import annotations

from typing import Any

_CONTAINERS = ("article", "body", "div", "main", "section", "td")
_INLINE = frozenset((
    "a", "abbr", "b", "br", "cite", "em", "font", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u",
))  # fmt: skip
_ENOUGH = 40  # characters of text that are no label
_LINKED = 0.5  # share of an item's text that makes it one of a menu


def mend(tree: Any) -> None:
    """Puts loose text into paragraphs, and the items of a list below a paragraph."""
    for container in [*tree.iter(*_CONTAINERS)]:
        if any(child.tag == "p" for child in container):
            _gather(container)
            for child in container:
                if child.tag in ("ul", "ol") and _follows_paragraph(child):
                    _fill_items(child)


def _gather(container: Any) -> None:
    """Makes a paragraph of each run of text and inline elements between the blocks of a container."""
    before = None
    inline: list[Any] = []
    for child in [*container, None]:
        if child is not None and child.tag in _INLINE:
            inline.append(child)
        else:
            _wrap(container, before, inline)
            before, inline = child, []


def _wrap(container: Any, before: Any, inline: list[Any]) -> None:
    """Puts what stands behind one block of a container, or first in it, into a paragraph, where it is enough."""
    begins = (container.text if before is None else before.tail) or ""
    said = sum(len("".join(part.itertext())) + len(part.tail or "") for part in inline)
    if len(begins.strip()) + said < _ENOUGH:
        return
    paragraph = container.makeelement("p")
    paragraph.text = begins
    if before is None:
        container.text = None
        container.insert(0, paragraph)
    else:
        before.tail = None
        before.addnext(paragraph)
    paragraph.extend(inline)  # each with the text behind it


def _follows_paragraph(element: Any) -> bool:
    before = element.getprevious()
    return before is not None and before.tag == "p"


def _fill_items(listed: Any) -> None:
    items = [item for item in listed if item.tag == "li"]
    said = sum(len("".join(item.itertext())) for item in items)
    linked = sum(len("".join(link.itertext())) for item in items for link in item.iter("a"))
    if linked > said * _LINKED:
        return
    for item in items:
        if all(child.tag in _INLINE for child in item):
            paragraph = item.makeelement("p")
            paragraph.text, item.text = item.text, None
            paragraph.extend([*item])
            item.append(paragraph)
