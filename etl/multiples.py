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

from etl.amounts import Amount, words_of
from etl.lexicon import SPACE, Multiplier, alternation, conjugated, folded, lexicon
from etl.numerals import parse_numeral


class _Patterns(NamedTuple):
    times: re.Pattern[str]
    verb: re.Pattern[str]
    noun: re.Pattern[str]
    by: re.Pattern[str]
    sign: re.Pattern[str]
    values: dict[str, int]


@cache
def _patterns() -> _Patterns:
    entries = lexicon().of(Multiplier)
    values = {form: entry.value for entry in entries for verb in entry.verbs for form in conjugated(verb)}
    values |= {noun: entry.value for entry in entries for noun in entry.nouns}
    nouns = [noun for entry in entries for noun in entry.nouns]
    of = alternation(words_of("multiplied") | words_of("money noun"))
    determiner = rf"(?:(?:l[ea]s?|ses?|sa|son|leurs?|cette|ce|un){SPACE}+|l['\u2019])"
    # The present, `double`, is the noun and the adjective too; here accents tell it from `doublé`.
    verbs = [form for form in values if form not in nouns and form.removesuffix("s") not in nouns]
    return _Patterns(
        re.compile(
            rf"{SPACE}+(?:de{SPACE}+)?fois(?={SPACE}+(?:plus|moins|davantage|autant|mieux|supérieure?s?|inférieure?s?|celui|celle"
            rf"|{determiner}(?:\w+{SPACE}+)?{of})(?!\w))",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?<![\w'\u2019])(?P<having>(?:a|ont|avait|avaient|aura|aurait|auraient|avoir|ayant|été|est|sont|presque|quasiment|que|pratiquement)"
            rf"{SPACE}+(?:\w+{SPACE}+){{0,2}}?)?(?P<verb>{'|'.join(sorted(verbs, key=len, reverse=True))})(?!\w)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?<!\w)(?:l[ea]|du|au){SPACE}+(?P<noun>{alternation(nouns)})"
            rf"(?={SPACE}+(?:de|d['\u2019]|du|des|que|par{SPACE}+rapport)|{SPACE}?[.,;:)!?]|$)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?<!\w)(?P<verb>{alternation([*conjugated('multiplier'), *conjugated('diviser')])}){SPACE}+par{SPACE}+"
            rf"(?:près{SPACE}+de{SPACE}+|plus{SPACE}+de{SPACE}+|environ{SPACE}+|quelque{SPACE}+)?(?=\w)",
            re.IGNORECASE,
        ),
        re.compile(rf"(?<![\w.])(?:[x×]{SPACE}?(?P<after>\d+(?:,\d+)?)|(?P<before>\d+(?:,\d+)?)[x×])(?!\w)"),
        values,
    )


def times_end(text: str, end: int) -> int | None:
    """Where `fois` ends behind a number that ends at `end`, if it compares: `trois fois le prix`."""
    match = _patterns().times.match(text, end)
    return match.end() if match else None


def find_multiples(text: str) -> Iterator[Amount]:
    """The multiples that a verb, a noun or a sign says, in no order: `doublé`, `divisé par deux`, `le double`, `x10`.

    >>> [(text[m.start : m.end], m.value) for text in ("Le coût a doublé, le prix a été divisé par deux.",)
    ...  for m in find_multiples(text)]
    [('doublé', Decimal('2')), ('divisé par deux', Decimal('0.5'))]
    """
    patterns = _patterns()
    for match in patterns.verb.finditer(text):
        if match["having"] or not _is_participle(match["verb"]):
            yield _multiple(match.start("verb"), match.end(), Decimal(patterns.values[folded(match["verb"])]))
    for match in patterns.noun.finditer(text):
        yield _multiple(
            match.start("noun"), match.end("noun"), Decimal(patterns.values[folded(match["noun"])])
        )
    for match in patterns.by.finditer(text):
        numeral = parse_numeral(text, match.end())
        if numeral and numeral.value > 0:
            divides = folded(match["verb"]).startswith("divis")
            yield _multiple(match.start(), numeral.end, 1 / numeral.value if divides else numeral.value)
    for match in patterns.sign.finditer(text):
        printed = match["after"] or match["before"]
        yield _multiple(match.start(), match.end(), Decimal(printed.replace(",", ".")))


def _multiple(start: int, end: int, value: Decimal) -> Amount:
    return Amount(start, end, value, kind="multiple", unit="dimensionless")


def _is_participle(verb: str) -> bool:
    """Whether a form is a past participle: without an auxiliary it is an adjective, `un film doublé`."""
    return verb.lower().endswith(("é", "ée", "és", "ées"))
