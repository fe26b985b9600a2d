"""Qualifiers: the words that say how the text holds a number, and the bounds that it commits to with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from etl.amounts import GAP, Amount
from etl.lexicon import (
    SPACE,
    Qualifier,
    Scan,
    alternation,
    compile_scan,
    conjugated,
    find_places,
    folded,
    folded_text,
    lexicon,
    plain,
    scanned_alternation,
)


class _Qualifiers(NamedTuple):
    words: Scan  # every phrase and verb: where none of them stands, a figure is exact
    said: frozenset[str]  # the phrases that stand right before a figure
    before: re.Pattern[str]
    before_only: re.Pattern[str]
    after: re.Pattern[str]
    verb: re.Pattern[str]
    modal: re.Pattern[str]
    by_phrase: dict[str, str]


@cache
def qualifiers() -> _Qualifiers:
    """The patterns of every qualifier of the words, and what each of its phrases says."""
    entries = lexicon().of(Qualifier)
    by_phrase: dict[str, str] = {}
    for entry in entries:
        for phrase in entry.before:
            for form in _elided(phrase):
                by_phrase.setdefault(plain(form), entry.qualifier)
        for phrase in entry.after:
            by_phrase.setdefault(plain(phrase), entry.qualifier)
    phrases = alternation(form for entry in entries for phrase in entry.before for form in _elided(phrase))
    verbs = "|".join(
        f"(?P<{entry.qualifier}>{alternation(form for verb in entry.verbs for form in conjugated(verb))})"
        for entry in entries
        if entry.verbs
    )
    filler = (
        rf"{GAP}(?:(?:les?|la){GAP}(?:seuil|barre|cap|plafond)(?:{SPACE}+symbolique)?{SPACE}+(?:de|des|d['\u2019])"
        rf"{GAP}|(?:de|d['\u2019]|les?|la|l['\u2019]|aux?|des|un|une){GAP})?[\"«“(]?{GAP}"
    )
    adverb = (
        rf"(?:(?:{SPACE}+très)?{SPACE}+(?:largement|légèrement|allègrement|nettement|bien|désormais"
        r"|déjà|même|aussi|ainsi|encore|donc|toujours|enfin|alors|aujourd['\u2019]hui))?"
    )
    spoken = [form for entry in entries for verb in entry.verbs for form in conjugated(verb)]
    said = [form for entry in entries for phrase in entry.before for form in _elided(phrase)]
    apart = ["plus que", "jusqu'à", *_ADVERBS_OF_MULTIPLES, *_CAPS]
    words = scanned_alternation([*spoken, *said, *apart])
    return _Qualifiers(
        compile_scan(rf"\b(?:{words}|(?:peu(?:t|vent)|pouv\w+|pourr\w+|puisse\w*)\b)"),
        frozenset(map(folded, said)) - frozenset(apart),
        re.compile(rf"(?<!\w)(?P<phrase>{phrases}){filler}$", re.IGNORECASE),
        re.compile(rf"{GAP}(?:{phrases}){filler}", re.IGNORECASE),
        re.compile(
            rf"(?:{SPACE}+(?:d(?:e{SPACE}+|['\u2019])[\w-]+|par{SPACE}+\w+|\w+els?)"
            rf"(?={SPACE}+(?:au{SPACE}+)?(?:maximum|minimum|maxi)(?!\w)))?"
            rf"{GAP}[\"»”]?(?:,(?={SPACE}+{alternation(_BEHIND_COMMA)}{GAP}(?:[.,;:)!?]|$)))?{GAP}"
            rf"(?P<phrase>{alternation(p for e in entries for p in e.after)})"
            rf"(?!\w|{SPACE}(?:fort|haut|bas|tard|tôt|vite)(?!\w))",  # "au plus fort des Jeux"
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:{verbs})(?!\w)(?P<pas>{SPACE}+pas)?{adverb}{filler}$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:peu(?:t|vent)|pouv\w+|pourr\w+|puisse\w*)(?:{SPACE}+(?:même|ainsi|désormais))?{SPACE}+"
            rf"{alternation(_modal_phrases())}{filler}$",
            re.IGNORECASE,
        ),
        by_phrase,
    )


# Of the qualifiers behind a figure, those that a comma may stand before: "3 milliards, à peu près".
_BEHIND_COMMA = ("à peu près", "environ", "au moins", "au plus", "au bas mot", "grosso modo", "tout au plus")


def _modal_phrases() -> Iterator[str]:
    return (
        form for entry in lexicon().of(Qualifier) for phrase in entry.after_modal for form in _elided(phrase)
    )


def _elided(phrase: str) -> tuple[str, ...]:
    if phrase.endswith(" de"):
        return phrase, f"{phrase[:-2]}d'", f"{phrase[:-2]}du", f"{phrase[:-2]}des"
    return (phrase, f"{phrase[:-1]}au", f"{phrase[:-1]}aux") if phrase.endswith(" à") else (phrase,)


def qualify(text: str, amount: Amount, floor: int) -> tuple[str, tuple[int, int] | None]:
    """The qualifier of an amount and the place of the words that say it."""
    patterns = qualifiers()
    if amount.bounds is not None:
        return ("between" if amount.in_range else "magnitude"), (amount.start, amount.end)
    begin = max(floor, amount.start - 70)
    if match := patterns.after.match(text, amount.end):
        return patterns.by_phrase[plain(match["phrase"])], match.span("phrase")
    left, flat = text[begin : amount.start], folded_text(text)
    places = find_places(patterns.words, flat, begin, amount.start)
    if text[begin - 1 : begin].isalnum():
        places.insert(0, (begin, begin))  # a heading glued to its text: "un parc géantPlus de 80 %"
    for match in (found for place, _ in places if (found := patterns.before.match(left, place - begin))):
        place = (begin + match.start("phrase"), begin + match.end("phrase"))
        if _IN_TERM.search(left, 0, match.end("phrase")):
            continue
        qualifier = patterns.by_phrase[plain(match["phrase"])]
        if qualifier == "over" and _NEGATION.search(left, 0, match.start("phrase")):
            qualifier = "at_most"
        return qualifier, place
    apart = [start - begin for start, end in places if flat[start:end] not in patterns.said]
    if apart and (held := _held_by(left, apart, amount.kind)):
        qualifier, start, end = held
        return qualifier, (begin + start, begin + end)
    return ("about", (amount.start, amount.end)) if amount.about else ("exact", None)


def _held_by(left: str, places: list[int], kind: str | None) -> tuple[str, int, int] | None:
    """The qualifier that words apart from a figure give it: a modal, an adverb before its participle, a verb."""
    patterns = qualifiers()
    for place in places:
        capped = kind in ("money", "percent") and _CAPPED.match(left, place)
        if match := capped or _UP_TO_AND.match(left, place) or patterns.modal.match(left, place):
            return "at_most", *match.span()
    if kind == "multiple":
        for qualifier, pattern in (("about", _NEARLY), ("over", _MORE_THAN)):
            if match := pattern.search(left):
                return qualifier, *match.span()
    for place in places:
        if match := patterns.verb.match(left, place):
            name = next(name for name, found in match.groupdict().items() if found and name != "pas")
            no = _NOT.search(left, max(0, place - _BEFORE_WORDS), place)
            start = no.start() if no else place
            return ("at_most" if name == "over" and (no or match["pas"]) else name), start, match.end()
    return None


# "une hausse du salaire minimum de 100 euros"
_IN_TERM = re.compile(rf"(?<!\w)(?:salaire|revenu|pension|retraite){SPACE}+minimum$", re.IGNORECASE)
_BEFORE_WORDS = 30  # characters that a negation takes before the verb that it denies


_NOT = re.compile(
    rf"(?<!\w)(?:ne{SPACE}+|n['\u2019])(?:(?:\w+{SPACE}+){{0,3}}?pas{SPACE}+|(?:\w+{SPACE}+)?)$",
    re.IGNORECASE,
)
# "a plus que doublé"; before a sum, "ne reste plus que 3 millions" is no bound
_MORE_THAN = re.compile(rf"(?<!\w)plus{SPACE}+que{SPACE}+$", re.IGNORECASE)
# "a pratiquement été divisé par deux"
_ADVERBS_OF_MULTIPLES = ("presque", "pratiquement", "quasiment", "quasi", "environ")
_NEARLY = re.compile(rf"(?<!\w)(?:{'|'.join(_ADVERBS_OF_MULTIPLES)}){SPACE}+(?:été{SPACE}+)?$", re.IGNORECASE)
# "ne pourrait être supérieur à", "n'est pas supérieur à", "ne peuvent être facturés plus de"
_NEGATION = re.compile(
    rf"(?<!\w)n(?:e{SPACE}+|['\u2019])(?:\w+{SPACE}+){{1,2}}(?:pas{SPACE}+)?(?:être{SPACE}+)?$"
    rf"|(?<!\w)ne{SPACE}+(?:peu(?:t|vent)|pourr\w+|doi(?:t|vent)|devr\w+|saur\w+){SPACE}+(?:pas{SPACE}+)?"
    rf"(?:être{SPACE}+\w+|\w+(?:er|ir|re)){SPACE}+$",
    re.IGNORECASE,
)
# What is capped may stand between the cap and its sum: "le plafonnement des frais à 20 euros", "limiter la hausse à
# 2 %", "un plafond par client de 2 euros"; "le plafond de la dette de 3 milliards" may be that of any sum.
_CAPS = ("plafonnement", "plafonner", "plafonne", "limiter", "limite", "un plafond")
_WORDS = rf"(?:{SPACE}+(?!(?:et|ou|qui|que|est|sont|à|au)(?!\w))[\w'\u2019-]+){{0,6}}?"
_CAPPED = re.compile(
    rf"(?:plafonnement(?={SPACE}+d)"
    rf"|(?:plafonner|plafonne|limiter|limite)(?={SPACE}+(?:l[ae]s?|l['\u2019]\w+|leurs?|s(?:on|a|es)|ce\w*)(?!\w))"
    rf"|(?<!se{SPACE})limite(?={SPACE}+à))"
    rf"{_WORDS}{SPACE}+à{SPACE}+$"
    rf"|un{SPACE}+plafond(?={SPACE}+(?:pour|par|mensuel|annuel|journalier)(?!\w)){_WORDS}{SPACE}+de{SPACE}+$",
    re.IGNORECASE,
)
# The bound of a sentence holds for its fine: "jusqu'à 2 ans d'emprisonnement et 30 000 euros d'amende".
_UP_TO_AND = re.compile(
    rf"jusqu['\u2019]à{SPACE}+[\w-]+{SPACE}+(?:ans?|mois){SPACE}+(?:d['\u2019]|de{SPACE}+)(?:emprisonnement|prison|réclusion){SPACE}+et{SPACE}+$",
    re.IGNORECASE,
)


def bounds_of(amount: Amount, qualifier: str) -> tuple[Decimal | None, Decimal | None]:
    """The bounds that the text commits to with a qualifier; null where it leaves one open."""
    if amount.bounds is not None:
        return amount.bounds
    low = amount.value if qualifier in ("exact", "over", "at_least") else None
    high = amount.value if qualifier in ("exact", "under", "at_most") else None
    return low, high


def is_only_qualifier(between: str) -> bool:
    """Whether nothing but a qualifier, or nothing at all, stands between two numbers."""
    return not between or bool(qualifiers().before_only.fullmatch(between))
