"""Files of many records: JSON Lines, and Parquet with a column of texts."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from etl.documents import METADATA, Document, is_table, make
from etl.encodings import decode
from etl.errors import DocumentError
from etl.limits import Limits, check_expansion, check_size
from etl.readers import Blob, Item

_BATCH = 256  # rows of Parquet held at once


def unpack_jsonl(blob: Blob, limits: Limits) -> Iterator[Item]:
    """A document a line: an object with `id` and `text`, identified by the bytes of its line."""
    if blob.path and is_table(blob.path):
        reason = f"a table of Chiffrier's, not documents; try `chiffrier facts {blob.path}`"
        raise DocumentError(f"{blob.place}: {reason}", blob.source)
    with blob.open() as lines:
        number = total = 0
        while line := lines.readline(limits.document_bytes + 1):
            number += 1
            total += len(line)
            if blob.gzipped:
                check_expansion(total, blob.size(), blob.place, limits)
            place = f"{blob.place}, line {number}"
            try:
                check_size(len(line), place, limits)
                own = line.removesuffix(b"\n").removesuffix(b"\r")
                if number == 1:
                    own = own.removeprefix(codecs.BOM_UTF8)
                if own.strip():
                    yield from _parse_line(own, place, blob, limits)
            except DocumentError as problem:
                problem.source = problem.source or f"{blob.source}:{number}"
                yield problem
                while line and not line.endswith(b"\n"):  # the rest of a line too long to hold
                    line = lines.readline(limits.document_bytes)


def _parse_line(own: bytes, place: str, blob: Blob, limits: Limits) -> Iterator[Item]:
    text, encoding = decode(own, place)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise DocumentError(f"{place}: not JSON ({problem}); write one object a line") from None
    if not isinstance(record, dict):
        raise DocumentError(f"{place}: not a JSON object; write {{'id': …, 'text': …}}")
    source, body = _cell(record, "id", place), _cell(record, "text", place)
    if source is None or body is None:
        missing = "id" if source is None else "text"
        raise DocumentError(f"{place}: no {missing!r}; a document needs an id and a text")
    named = replace(blob, source=source, place=place)
    yield from _make(named, record, body, own, limits, encoding)


def _make(
    blob: Blob, record: dict[str, Any], text: str, own: bytes, limits: Limits, encoding: str = "utf-8"
) -> Iterator[Document | DocumentError]:
    if "\0" in text:
        raise DocumentError(f"{blob.place}: its text holds a NUL character; leave it out", blob.source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    about = {name: _cell(record, name, blob.place) for name in METADATA}
    yield from make(blob, own, text, limits, about, encoding)


def _cell(record: dict[str, Any], name: str, place: str) -> str | None:
    cell = record.get(name)
    if isinstance(cell, date):  # as Parquet has them; a datetime is one
        cell = cell.isoformat()
    if isinstance(cell, int) and not isinstance(cell, bool) and name != "text":
        cell = str(cell)
    if cell is None or (cell == "" and name != "text"):
        return None
    if not isinstance(cell, str):
        raise DocumentError(f"{place}: {name!r} is not text; write it as a string")
    try:
        cell.encode()
    except UnicodeEncodeError:
        raise DocumentError(f"{place}: {name!r} holds a lone surrogate; write the whole character") from None
    return cell


def unpack_parquet(blob: Blob, limits: Limits) -> Iterator[Item]:
    """A document a row, with a column `text`, and `id` and what is known of it where it has such columns.

    A row without `id` is named by its number; its bytes are those of its text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with blob.open() as stream:
        try:
            file = pq.ParquetFile(stream)
            names = [name for name in ("id", "text", *METADATA) if name in file.schema_arrow.names]
            if "text" not in names:
                if {"figure_id", "fact_id"} & set(file.schema_arrow.names):
                    reason = "a table of Chiffrier's, not documents; give it to `chiffrier facts`"
                else:
                    reason = f"no column 'text'; its columns are {', '.join(file.schema_arrow.names[:8])}"
                raise DocumentError(f"{blob.place}: {reason}", blob.source)
            # As dictionaries: a text that a few bytes repeat a million times is held once.
            file = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=["text"])
            number = unpacked = 0
            for group in range(file.num_row_groups):
                promised = file.metadata.row_group(group).total_byte_size
                check_expansion(unpacked + promised, blob.size(), blob.place, limits)
                for record in _rows(file, group, names):
                    number += 1
                    unpacked += len(str(record["text"]))
                    check_expansion(unpacked, blob.size(), blob.place, limits)
                    yield from _parse_row(record, number, blob, limits)
        except pa.ArrowException as problem:
            first = str(problem).splitlines()[0]
            raise DocumentError(f"{blob.place}: not a Parquet file ({first}); write it anew") from None


def _rows(file: Any, group: int, names: list[str]) -> Iterator[dict[str, Any]]:
    for batch in file.iter_batches(batch_size=_BATCH, columns=names, row_groups=[group]):
        for number in range(batch.num_rows):
            yield {name: batch[name][number].as_py() for name in names}


def _parse_row(record: dict[str, Any], number: int, blob: Blob, limits: Limits) -> Iterator[Item]:
    place = f"{blob.place}, row {number}"
    try:
        source, text = _cell(record, "id", place) or f"{blob.source}:{number}", _cell(record, "text", place)
        if text is None:
            yield DocumentError(f"{place}: its text is empty; a document needs a text", source)
            return
        named = replace(blob, source=source, place=place)
        yield from _make(named, record, text, text.encode(), limits)
    except DocumentError as problem:
        problem.source = problem.source or f"{blob.source}:{number}"
        yield problem
