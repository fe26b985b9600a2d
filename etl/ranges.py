"""Ranges, lists and changes: amounts that stand together, share a unit, bound one another, or follow one another."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from etl.amounts import GAP, Amount, times
from etl.lexicon import SPACE, alternation, conjugated, words_of
from etl.qualifiers import is_only_qualifier
from etl.rates import rates

YEAR = re.compile(r"(?:19|20)\d\d")
JOIN = re.compile(
    rf"{GAP}(?:(?P<to>à|-|\u2013|\u2010|\u2011)|(?P<and>et)|(?P<or>ou|voire)|(?P<list>,|/|;)|(?P<plus>\u00b1|\+/-))"
    rf"{GAP}(?:(?:de|d['\u2019]|à|les|inférieure?s?{SPACE}+à){GAP})?",
    re.IGNORECASE,
)
_DATED = re.compile(rf"{SPACE}+en{SPACE}+(?:19|20)\d\d(?={SPACE}+à)", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?<!\w)entre{SPACE}+(?:les?{SPACE}+)?[\"«“]?{GAP}$", re.IGNORECASE)


_OF_SO_MANY = re.compile(rf"(?<!\w)sur{SPACE}+$", re.IGNORECASE)  # "un électeur sur deux - 44,3 %"


def _join(text: str, left: Amount, right: Amount) -> str | None:
    """How two amounts stand together: `to`, `and`, `or`, `list`, `plus`; `None` where other words are between."""
    if right.start - left.end > 60 or _OF_SO_MANY.search(text, max(0, left.start - 5), left.start):
        return None
    gap_start = left.end
    if aside := _DATED.match(text, gap_start) or rates().after.match(text, gap_start):
        gap_start = aside.end()
    match = JOIN.match(text, gap_start)
    if not match or match.end() > right.start:
        return None
    between = text[match.end() : right.start]
    if between and text[left.start].isalpha() and _COUNTED.search(text, max(0, left.start - 12), left.start):
        return None  # "230 bouteilles dont six à plus de 81 euros"
    return match.lastgroup if is_only_qualifier(between) else None


def is_bare(amount: Amount) -> bool:
    """Whether an amount is a number and nothing else."""
    return amount.unit is None and amount.scale is None and amount.bounds is None


def share_units(text: str, amounts: list[Amount]) -> list[Amount]:
    """Bare members of a list or range take scale and unit from the first unit behind them: `12, 15 et 20 millions`."""
    joins = [_join(text, a, b) for a, b in pairwise(amounts)]
    shared = list(amounts)
    for i in range(len(amounts) - 2, -1, -1):
        left, right, join = shared[i], shared[i + 1], joins[i]
        if (
            join is None
            or left.unit is not None
            or left.value is None
            or left.noun
            or (right.unit or right.scale) is None
        ):
            continue
        if right.kind == "percent" and left.scale is not None:
            continue  # "un prêt de 1,3 million à 2,5 %"
        if right.bounds is not None or (join == "list" and not _closes_list(joins, i)):
            continue
        if is_bare(left) and YEAR.fullmatch(text[left.start : left.end]):
            continue
        value = left.value
        if left.scale is None and abs(value) >= 1000 and (right.scale is not None or right.kind == "percent"):
            if right.scale is None or right.value is None or value >= right.value:
                continue  # "38 % à 1 464 et 12 % à 6 236": what is counted there
            shared[i] = left._replace(kind=right.kind, unit=right.unit, inherited=True)
            continue
        if left.scale is None and right.scale is not None:
            value = times(value, right.scale)
        elif left.scale is None and right.value is not None and abs(value) > 10**6:
            continue
        shared[i] = left._replace(
            value=value / right.per if right.per > 1 else value,
            per=right.per,
            kind=right.kind,
            unit=right.unit,
            scale=left.scale or right.scale,
            inherited=True,
        )
    return shared


def _closes_list(joins: list[str | None], i: int) -> bool:
    """One comma joins no numbers (`en 2019, 20 millions`): a list has two, or ends in `et` or `ou`."""
    if joins[i + 1 : i + 2] == ["list"] or joins[max(0, i - 1) : i] == ["list"]:
        return True
    while i < len(joins) and joins[i] == "list":
        i += 1
    return i < len(joins) and joins[i] in ("and", "or")


def merge_ranges(text: str, amounts: list[Amount]) -> list[Amount]:
    """The amounts with each two that bound a range as one: `entre 10 et 15 milliards`, `39 ± 16 %`."""
    merged: list[Amount] = []
    i = 0
    while i < len(amounts):
        left = amounts[i]
        right = amounts[i + 1] if i + 1 < len(amounts) else None
        if right is not None and _is_range(text, left, right):
            merged.append(_range(text, left, right))
            i += 2
        else:
            merged.append(left)
            i += 1
    return merged


def _is_range(text: str, left: Amount, right: Amount) -> bool:
    if left.value is None or right.value is None:
        return False
    if left.value < 0 and right.value < 0:  # "entre -20 % et -25 %"
        left, right = left._replace(value=-left.value), right._replace(value=-right.value)
    assert left.value is not None
    assert right.value is not None
    join = _join(text, left, right)
    if left.unit != right.unit or left.kind != right.kind:
        bare_right = right.unit is None and right.scale is not None and left.unit is None
        if not (join in ("to", "and") and bare_right and left.scale == right.scale):
            return False
    if left.unit is None and left.scale is None:
        return (
            join == "to"
            and right.scale is None
            and left.value < right.value
            and not left.noun
            and not right.noun
        )
    if join == "plus":
        return True
    if join == "and":
        return bool(_BETWEEN.search(text, max(0, left.start - 30), left.start)) and left.value < right.value
    moves = _moving_words() if right.kind == "percent" else change_words()
    return join == "to" and left.value < right.value and not _is_change(text, left.start, right.end, moves)


_COUNTED = re.compile(rf"(?<!\w)(?:dont|les|aux|parmi){SPACE}+$", re.IGNORECASE)


@cache
def change_words() -> re.Pattern[str]:
    """The words that move a level from one sum to another: `passe de 14 à 29 milliards`."""
    verbs = [form for verb in words_of("level change") for form in conjugated(verb)]
    return re.compile(
        rf"(?<!\w){alternation([*verbs, *words_of('irregular level change')])}(?!\w)", re.IGNORECASE
    )


FROM = re.compile(
    rf"(?<!\w)(?:de|d['\u2019]){SPACE}*(?:[\w'\u2019]+{SPACE}+(?:de{SPACE}+)?){{0,3}}[\"«“]?$", re.IGNORECASE
)
_CLAUSE = re.compile(r"[.;:!?(]\s")


_IN_A_WHILE = re.compile(
    rf"{SPACE}+en{SPACE}+(?:(?:moins|plus|à{SPACE}+peine|quelques|l['\u2019]espace)?{SPACE}*(?:de{SPACE}+)?\w+{SPACE}+)?(?:ans?|mois|jours|semaines|années?|trimestres?)(?!\w)",
    re.IGNORECASE,
)


# "varie de 250 à 600 euros" spans a range, whatever moved before.
_SPANS = re.compile(
    rf"(?<!\w)(?:(?:est|sera|serait|était|sont|seront)(?={SPACE}+d)|vari\w+|oscill\w+|va|vont|allant|allait|aller|s['\u2019](?:étend|étage|échelonn)\w*|fourchette|comprise?s?){SPACE}+(?:(?!passer|monter|grimper|augmenter|baisser|descendre|chuter|tomber)\w+{SPACE}+)?(?:de|d['\u2019]|entre){GAP}[\"«“]?$",
    re.IGNORECASE,
)


# By how much, and not from where: what falls goes to no larger sum, and a rise of nothing else is one of so much.
_BY = re.compile(
    rf"(?<!\w)(?:(?:baiss|recul|chut|diminu|rédu[ic]|repli|perd|pert)\w*|(?:hausse|augmentation|progression|rallonge)s?)"
    rf"{SPACE}+(?:[\w-]+{SPACE}+)?(?:de|d['\u2019]){GAP}$",
    re.IGNORECASE,
)


@cache
def _moving_words() -> re.Pattern[str]:
    """The verbs that move a percentage from one level to another; `chuter de 20 à 70 %` is a range of falls."""
    verbs = [form for verb in words_of("move") for form in conjugated(verb)]
    return re.compile(rf"(?<!\w){alternation(verbs)}(?!\w)", re.IGNORECASE)


# "une hausse du taux d'épargne de 14,7 % à 15,2 %" moves a level, "une hausse de 10 à 15 %" spans hausses.
_OF_LEVEL = re.compile(
    rf"(?<!\w)(?:hausse|baisse|augmentation|diminution|recul|relèvement|abaissement|réduction|passage){SPACE}+(?:du|de{SPACE}+la|des|de{SPACE}+l['\u2019])"
    rf"{SPACE}*(?:taux|part|ratio|tarif|tarifs|prix|cours|loyer|loyers|note|salaire|salaires|smic|seuil|plafond|TVA|taxe|impôt)(?:{SPACE}+[\w'\u2019-]+){{0,5}}{SPACE}+de{SPACE}+$",
    re.IGNORECASE,
)


def _is_change(text: str, start: int, end: int, moves: re.Pattern[str]) -> bool:
    """Whether `de A à B` tells a move from one level to another: a verb of change governs it, or it takes a while."""
    lead = max(0, start - 60)
    if _SPANS.search(text, lead, start) or _BY.search(text, lead, start):
        return False
    if _IN_A_WHILE.match(text, end) and re.search(
        rf"(?<!\w)de{SPACE}+$", text[max(0, start - 4) : start], re.IGNORECASE
    ):
        return True
    left = text[max(0, start - 90) : start]
    left = _CLAUSE.split(left)[-1]
    if _OF_LEVEL.search(left):
        return True
    return bool(
        FROM.search(left) and (found := list(moves.finditer(left))) and len(left) - found[-1].end() < 60
    )


def _range(text: str, left: Amount, right: Amount) -> Amount:
    assert left.value is not None
    assert right.value is not None
    if _join(text, left, right) == "plus":
        low, high = left.value - abs(right.value), left.value + abs(right.value)
    else:
        low, high = sorted((left.value, right.value))
    return right._replace(start=left.start, value=(low + high) / 2, bounds=(low, high), in_range=True)
