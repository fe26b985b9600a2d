"""What the benchmark reads: the demo corpus among ordinary prose, or the texts that one names."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path

import etl
from etl.documents import Document

HERE = Path(__file__).parent
CORPUS = HERE.parent / "data" / "corpus"
PROSE = tomllib.loads((HERE / "prose.toml").read_text(encoding="utf-8"))

_NUMBER = re.compile(r"(?<![\d,.])[1-9]\d?(?![\d,.])")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{4,}\b")
_NAMES = ("Altoria", "Belmont", "Cantal", "Dorval", "Estienne", "Fontanes", "Gervais", "Hautmont", "Iseran")

THINNING = 9  # characters of prose to one of the corpus, which has ten figures a KB: the press has about one


def articles() -> Iterator[Document]:
    """Articles without end: one paragraph of the demo corpus each, among nine times its length of prose."""
    chance = random.Random(1)
    corpus = list(etl.read(CORPUS))
    for number in count():
        for document in corpus:
            for place, paragraph in enumerate(filter(str.strip, document.text.split("\n\n"))):
                before = [prose(chance, THINNING * len(paragraph) // 3)]
                after = [prose(chance, THINNING * len(paragraph) // 3) for _ in "ab"]
                text = "\n\n".join([*before, paragraph.strip(), *after])
                name = f"{number}-{place}-{document.document_id}"
                yield replace(document, document_id=name, text=text)


def prose(chance: random.Random, length: int) -> str:
    """A paragraph of about so many characters, of sentences that no article has yet."""
    sentences: list[str] = []
    size = 0
    while size < length:
        parts = (chance.choice(PROSE[part]) for part in ("openings", "subjects", "predicates", "endings"))
        opening, subject, predicate, ending = parts
        sentence = f"{opening}{subject} {predicate}{ending}."
        sentences.append(sentence[0].upper() + sentence[1:])
        size += len(sentence) + 1
    return " ".join(sentences)


def repeated(documents: Sequence[Document]) -> Iterator[Document]:
    """The documents over and over, each time under other names."""
    for number in count():
        for document in documents:
            yield replace(document, document_id=f"{number}-{document.document_id}")


def varied(texts: list[str], count: int) -> Iterator[str]:
    """So many texts, each one of those given with other numbers and some other names: no two are the same."""
    chance = random.Random(2025)
    for number in range(count):
        text = texts[number % len(texts)]
        text = _NUMBER.sub(lambda _: str(chance.randint(2, 98)), text)
        text = _NAME.sub(lambda m: chance.choice(_NAMES) if chance.random() < 0.3 else m[0], text)
        yield f"{text}\n\nÉdition {number}.\n"


def take(documents: Iterable[Document], megabytes: float) -> list[Document]:
    """The first of the documents, until they hold so many megabytes of UTF-8."""
    taken: list[Document] = []
    size = 0.0
    for document in documents:
        if size >= megabytes:
            break
        taken.append(document)
        size += megabytes_of([document])
    return taken


def sample(documents: Sequence[Document], megabytes: float) -> list[Document]:
    """So many megabytes of the documents, from all over them and in their order, or all that there are."""
    shuffled = random.Random(1).sample(range(len(documents)), len(documents))
    size, places = 0.0, []
    for place in shuffled:
        if size >= megabytes:
            break
        places.append(place)
        size += megabytes_of([documents[place]])
    return [documents[place] for place in sorted(places)]


def cut(documents: Sequence[Document], length: int) -> list[Document]:
    """The same prose in documents of so many characters each."""
    prose = "\n\n".join(document.text for document in documents)
    starts = range(0, len(prose), length)
    return [Document(f"{start:016}", "text", prose[start : start + length]) for start in starts]


def megabytes_of(documents: Iterable[Document]) -> float:
    return sum(len(document.text.encode()) for document in documents) / 1e6


def write(documents: Iterable[Document], path: Path) -> Path:
    """One document a line, as `benchmarks/tools.py` and every tool's runner read them."""
    with path.open("w", encoding="utf-8") as lines:
        for document in documents:
            lines.write(
                json.dumps({"id": document.document_id, **asdict(document)}, ensure_ascii=False) + "\n"
            )
    return path
