"""Chiffrier reads French prose and gives back its financial figures as a tidy table."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from etl.errors import ChiffrierError

if TYPE_CHECKING:
    from etl.changes import diff
    from etl.comparison import compare, history
    from etl.corrections import add_correction, correct
    from etl.derived import derive
    from etl.documents import read
    from etl.facts import reconcile
    from etl.lexicon import use_words
    from etl.money import restate
    from etl.operations import deals
    from etl.pipeline import extract, parse
    from etl.table import load, save

__version__ = "0.1.0"

__all__ = [
    "ChiffrierError",
    "__version__",
    "add_correction",
    "compare",
    "correct",
    "deals",
    "derive",
    "diff",
    "extract",
    "history",
    "load",
    "parse",
    "read",
    "reconcile",
    "restate",
    "save",
    "use_words",
]

_MODULES = {
    "add_correction": "etl.corrections",
    "compare": "etl.comparison",
    "correct": "etl.corrections",
    "deals": "etl.operations",
    "derive": "etl.derived",
    "diff": "etl.changes",
    "extract": "etl.pipeline",
    "history": "etl.comparison",
    "load": "etl.table",
    "parse": "etl.pipeline",
    "read": "etl.documents",
    "reconcile": "etl.facts",
    "restate": "etl.money",
    "save": "etl.table",
    "use_words": "etl.lexicon",
}


def __getattr__(name: str) -> object:
    # Imported at first use, so that `import etl` costs next to nothing.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_MODULES[name]), name)
    if "pandas" in sys.modules:  # whoever has a table of ours has `table.figures`
        import_module("etl.accessor")
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
