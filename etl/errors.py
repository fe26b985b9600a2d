"""The one small tree of errors: a message names the place, the culprit and what is allowed, in one line."""

from __future__ import annotations

import re


class ChiffrierError(Exception):
    """Anything that is the input's fault. The command prints the message and no traceback."""


class CorrectionError(ChiffrierError):
    """A file of corrections with an unknown key, two entries of one cell, or a value that no table can hold."""


class DocumentError(ChiffrierError):
    """A file or record that cannot be read as a document; `source` names it as the tables do, where known."""

    def __init__(self, message: str, source: str | None = None) -> None:
        # What a library says of a broken file may hold any of its bytes.
        super().__init__(re.sub(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029\ud800-\udfff]+", " ", message))
        self.source = source


class LexiconError(ChiffrierError):
    """A word list with an unknown key, a duplicate, or an entry without its example."""


class StoreError(ChiffrierError):
    """A store that is missing, in use by another writer, or not what its own hashes say."""


class TableError(ChiffrierError):
    """A table that is missing, unreadable, or breaks the column contract."""


class MoneyError(ChiffrierError):
    """A currency or a year into which nothing can be restated."""


class ComparisonError(ChiffrierError):
    """Something to compare with that the table does not have."""


class UnitError(ChiffrierError):
    """A unit that the registry does not know, or an amount that it cannot convert."""


class AccessorError(TableError, AttributeError):
    """A table that has no figures; an `AttributeError` too, so that `hasattr` says no."""
