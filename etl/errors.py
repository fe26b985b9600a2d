"""The one small tree of errors: a message names the place, the culprit and what is allowed, in one line."""

from __future__ import annotations


class ChiffrierError(Exception):
    """Anything that is the input's fault. The command prints the message and no traceback."""


class DocumentError(ChiffrierError):
    """A file or record that cannot be read as a document."""


class LexiconError(ChiffrierError):
    """A word list with an unknown key, a duplicate, or an entry without its example."""


class TableError(ChiffrierError):
    """A table that is missing, unreadable, or breaks the column contract."""
