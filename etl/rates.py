"""Rates: the words that make an amount one of a year, a month, a kilometre."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from etl.amounts import GAP, Amount
from etl.lexicon import (
    SPACE,
    Rate,
    Scan,
    alternation,
    compile_scan,
    find_place,
    find_places,
    folded_text,
    lexicon,
    plain,
    scanned_alternation,
)
from etl.segments import Sentence


class _Rates(NamedTuple):
    words: Scan  # what can make a rate of a figure behind it
    after: re.Pattern[str]
    later: re.Pattern[str]
    adjective: re.Pattern[str]
    adverbial: frozenset[str]  # "en rythme annuel", which a comma may follow
    per: dict[str, str]


@cache
def rates() -> _Rates:
    """The patterns of every rate of the words, and the unit of time that each of its phrases says."""
    entries = lexicon().of(Rate)
    per = {plain(p): e.per for e in entries for p in (*e.after, *e.before, *e.adjectives)}
    adjectives = [p for e in entries for p in e.adjectives]
    nature = rf"(?:{SPACE}+(?:nets?|nettes?|bruts?|brutes?|HT|TTC|environ|en{SPACE}+moyenne))*"
    between = rf"{nature}(?:{SPACE}+(?:de{SPACE}+|d['\u2019])[\w-]+(?:{SPACE}+récurrents?)?{nature}[\"»”]?)?"
    after = alternation([*(p for e in entries for p in e.after), *adjectives])
    every = alternation(p for e in entries for p in e.before)
    before = alternation([*(p for e in entries for p in e.before), *adjectives])
    return _Rates(
        compile_scan(rf"\b{scanned_alternation([*(p for e in entries for p in e.before), *adjectives])}\b"),
        re.compile(
            rf"[\"»”]?{between}{GAP}(?P<words>{after})(?!\w|{SPACE}+(?:dernier|prochain|passé))",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:{SPACE}+(?!et|ou|mais)[\w'\u2019]+){{1,3}}{SPACE}+(?P<words>{every})(?!\w)", re.IGNORECASE
        ),
        re.compile(rf"(?<!\w)(?P<words>{before})(?!\w)", re.IGNORECASE),
        frozenset(p for e in entries for p in e.before),
        per,
    )


# "105 millions de visiteurs uniques par mois"; `chaque mois` is said of what they do
_COUNTED_PER = re.compile(
    rf"(?:{SPACE}+[\w-]+(?:s|x))?(?:{SPACE}*(?P<words>par{SPACE}+(?:an|mois|semaine|jour|heure)|/(?:ans?|mois|semaine|jour|h)|quotidiens|quotidiennes|hebdomadaires|mensuels"
    rf"|mensuelles|annuels|annuelles))(?!\w)",
    re.IGNORECASE,
)
_PER_LENGTH = re.compile(
    rf"(?:{SPACE}+de{SPACE}+\w+)?{SPACE}*(?:par{SPACE}+(?:kilomètre|km)|/{SPACE}?km)(?!\w)", re.IGNORECASE
)


@cache
def _each() -> Scan:
    """`Chaque année, il accueille 40.000 visiteurs`; `chaque mois` is said of what users do."""
    return compile_scan(r"\b(?:chaque année|tous les ans)\b")


def counted_per(text: str, amount: Amount, sentence: Sentence) -> tuple[str, tuple[int, int]] | None:
    """The time or length that a count or a physical quantity is per, with the words that say it."""
    if per := _COUNTED_PER.match(text, amount.end):
        return rates().per[plain(per["words"])], per.span("words")
    if amount.kind == "quantity" and (per := _PER_LENGTH.match(text, amount.end)):
        return "km", per.span()
    flat = folded_text(text)
    for start, end in find_places(_each(), flat, sentence.start, sentence.end):
        between = text[end : amount.start] if end <= amount.start else text[amount.end : start]
        near = len(between) < _NEAR and not any(c.isdigit() for c in between)
        if near and not _BREAK_OF_EACH.search(between):
            return "year", (start, end)
    return None


_BREAK_OF_EACH = re.compile(r"[;:.!?()]|(?<!\w)(?:mais|dont|qui|que|contre|soit|et)(?!\w)", re.IGNORECASE)
_BREAK = re.compile(
    rf"[,;:.!?()]|(?<!\w)(?:et(?!{SPACE}+\w+{SPACE}+(?:de|d['\u2019])(?!\w))|ou(?!{SPACE}+égale?s?)|mais|dont|qui|que|pour|contre|soit)(?!\w)",
    re.IGNORECASE,
)
_DATED_YEAR = re.compile(rf"(?<!\w)(?:en|de|pour){SPACE}+(?:19|20)\d\d")


# "le quotidien perd 3 millions d'euros" is a newspaper, "un mensuel" a magazine
_IS_PAPER = re.compile(rf"(?<!\w)(?:l[ae]|un|ce|du|au|son|notre|leur|[ld]['\u2019]){SPACE}?$", re.IGNORECASE)


def rate_of(text: str, amount: Amount, floor: int) -> tuple[str, tuple[int, int]] | None:
    """The time unit that an amount is per, from the words behind it or its own noun group before it."""
    patterns = rates()
    inside = patterns.adjective.search(text, amount.start, amount.end) if amount.in_range else None
    if match := inside or patterns.after.match(text, amount.end) or patterns.later.match(text, amount.end):
        return patterns.per[plain(match["words"])], match.span("words")
    begin = max(floor, amount.start - 80)
    if find_place(patterns.words, folded_text(text), begin, amount.start) is None:
        return None
    found = list(patterns.adjective.finditer(text, begin, amount.start))
    if not found or _IS_PAPER.search(text, max(begin, found[-1].start() - 6), found[-1].start()):
        return None
    if _BREAK.search(
        text, found[-1].end() + (found[-1]["words"].lower() in patterns.adverbial), amount.start
    ):
        return None
    if found[-1]["words"].lower().startswith("annuel") and _DATED_YEAR.search(text, begin, amount.end + 20):
        return None
    return patterns.per[plain(found[-1]["words"])], found[-1].span("words")


_NEAR = 90  # characters between a count and the year that it is counted in
