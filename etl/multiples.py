"""Multiples: what is so many times something else, `trois fois le prix`, `a doublé`, `divisé par deux`, `x10`.

`fois` also counts how often a thing happens (`vu trois fois`), and `double` is an adjective: only what compares two
sums or sizes is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from etl.amounts import Amount
from etl.lexicon import (
    SPACE,
    Multiplier,
    Scan,
    alternation,
    compile_scan,
    conjugated,
    find_places,
    folded_text,
    lexicon,
    words_of,
)
from etl.numerals import parse_numeral


class _Words(NamedTuple):
    verbs: dict[str, int]
    nouns: dict[str, int]
    times: frozenset[str]  # forms of `multiplier` and `diviser`
    pattern: str  # of a scan for all of them


@cache
def _words() -> _Words:
    entries = lexicon().of(Multiplier)
    nouns = {noun: entry.value for entry in entries for noun in entry.nouns}
    # The present, `double`, is the noun and the adjective too.
    verbs = {
        form: entry.value
        for entry in entries
        for verb in entry.verbs
        for form in conjugated(verb)
        if form.removesuffix("s") not in nouns
    }
    times = frozenset((*conjugated("multiplier"), *conjugated("diviser")))
    forms = "|".join(map(re.escape, (*verbs, *nouns, *times)))
    return _Words(verbs, nouns, times, rf"\b(?:{forms}|x\d+|\d+x)\b")


def multiples_pattern() -> str:
    """What a scan looks for where a multiple can stand."""
    return _words().pattern


@cache
def _places() -> Scan:
    return compile_scan(multiples_pattern())


@cache
def _compares() -> re.Pattern[str]:
    of = alternation(words_of("multiplied") | words_of("money noun"))
    determiner = rf"(?:(?:l[ea]s?|ses?|sa|son|leurs?|cette|ce|un){SPACE}+|l['\u2019])"
    return re.compile(
        rf"{SPACE}+(?:de{SPACE}+)?fois(?={SPACE}+(?:plus|moins|davantage|autant|mieux|supérieure?s?|inférieure?s?|celui|celle"
        rf"|{determiner}(?:\w+{SPACE}+)?{of})(?!\w))",
        re.IGNORECASE,
    )


_HAVING = re.compile(
    r"\b(?:a|ont|avait|avaient|aura|aurait|auraient|avoir|ayant|été|est|sont|presque|quasiment|que|pratiquement)"
    r"\s(?:\w+\s){0,2}$"
)
_ITS = re.compile(r"\s(?:son|sa|ses|leurs?)\s")  # "… a gagné des abonnés et doublé son trafic"
_THE = re.compile(r"\b(?:l[ea]|du|au|un|ce|son)\s$")
_NO_NOUN = re.compile(r"\s(?:de|du|des|que|par\srapport)\b|\sd'|\s?[.,;:)!?]|$")
_BY = re.compile(r"\spar\s(?:près\sde\s|plus\sde\s|environ\s|quelque\s)?(?=\w)")
_SIGN = re.compile(r"x(?P<after>[2-9]|[1-9]\d+)|(?P<before>[2-9]|[1-9]\d+)x")
_CROSS = re.compile(r"(?<![\w.])(?:×\s?(?P<after>\d+(?:,\d+)?)|(?P<before>\d+(?:,\d+)?)×)(?!\w)")


_NEAR = 12  # characters from the end of a number to that of `de fois`


def times_end(text: str, end: int) -> int | None:
    """Where `fois` ends behind a number that ends at `end`, if it compares: `trois fois le prix`."""
    if "fois" not in text[end : end + _NEAR].lower():
        return None
    match = _compares().match(text, end)
    return match.end() if match else None


def find_multiples(text: str) -> Iterator[Amount]:
    """The multiples that a verb, a noun or a sign says, in no order: `doublé`, `divisé par deux`, `le double`, `x10`.

    >>> text = "Le coût a doublé, le prix a été divisé par deux."
    >>> [(text[m.start : m.end], m.value) for m in find_multiples(text)]
    [('doublé', Decimal('2')), ('divisé par deux', Decimal('0.5'))]
    """
    flat, words = folded_text(text), _words()
    for start, end in find_places(_places(), flat):
        word = flat[start:end]
        if value := words.verbs.get(word):
            told = _HAVING.search(flat, max(0, start - 45), start) or _ITS.match(flat, end)
            if not _is_participle(word) or told:
                yield _multiple(start, end, Decimal(value))
        elif value := words.nouns.get(word):
            if _THE.search(flat, max(0, start - 4), start) and _NO_NOUN.match(flat, end):
                yield _multiple(start, end, Decimal(value))
        elif word in words.times:
            by = _BY.match(flat, end)
            numeral = parse_numeral(text, by.end()) if by else None
            if numeral and numeral.value > 0:
                factor = 1 / numeral.value if word.startswith("divis") else numeral.value
                yield _multiple(start, numeral.end, factor)
        elif "x" in word and (sign := _SIGN.fullmatch(text, start, end)):
            yield _multiple(start, end, Decimal(sign["after"] or sign["before"]))
    for match in _CROSS.finditer(text) if "×" in text else ():
        number = match["after"] or match["before"]
        yield _multiple(match.start(), match.end(), Decimal(number.replace(",", ".")))


def _multiple(start: int, end: int, value: Decimal) -> Amount:
    return Amount(start, end, value, kind="multiple", unit="dimensionless")


def _is_participle(verb: str) -> bool:
    """Whether a form is a past participle: without an auxiliary it is an adjective, `un film doublé`."""
    return verb.endswith(("é", "ée", "és", "ées"))
