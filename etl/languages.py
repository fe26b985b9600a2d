"""The language of a text, so that French is read and the rest is told apart."""

from __future__ import annotations

from functools import cache
from typing import Any

_LEAST = 200  # letters: below, titles and names decide nothing
_SAMPLE = 4_000
_SURE = 0.9


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language that most of the text's beginning is in; `None` where it is too short.

    >>> language_of("Le groupe américain investit 14 milliards de dollars dans la start-up. " * 5)
    'fr'
    >>> language_of("Meta paie.") is None
    True
    """
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < _LEAST:
        return None
    language, certainty = _identifier().classify(sample)
    return str(language) if certainty >= _SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415, a model is loaded

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
