"""The grammar of figures: every figure of a text with its span, value, bounds, unit and qualifier.

What `etl.amounts` has read at each place is joined to its neighbours in ranges and lists; amounts without a unit take
the one that the context names, and the words around decide qualifier and rate. What is left without a unit is no
figure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from etl.amounts import GAP, Amount, parse_amounts, times
from etl.lexicon import (
    SPACE,
    Qualifier,
    Rate,
    Scan,
    alternation,
    compile_scan,
    conjugated,
    find_place,
    find_places,
    folded,
    folded_text,
    lexicon,
    plain,
    scanned_alternation,
    words_of,
)
from etl.multiples import find_multiples, multiples_pattern, times_end
from etl.segments import Sentence
from etl.tables import HEADER_PATTERN, with_header_units

Evidence = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as the text prints it. Bounds are null where the text commits to none.

    `evidence` maps a column to the place of the words that decided it. `equivalent_of` is the start of the figure that
    this one converts.
    """

    start: int
    end: int
    kind: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    qualifier: str = "exact"
    unit_inferred: bool = False
    equivalent_of: int | None = None
    evidence: Evidence = field(default_factory=dict)


# --- neighbours: ranges, lists, changes ------------------------------------------------------------------------

_YEAR = re.compile(r"(?:19|20)\d\d")
_JOIN = re.compile(
    rf"{GAP}(?:(?P<to>à|-|\u2013|\u2010|\u2011)|(?P<and>et)|(?P<or>ou|voire)|(?P<list>,|/|;)|(?P<plus>\u00b1|\+/-))"
    rf"{GAP}(?:(?:de|d['\u2019]|à|les|inférieure?s?{SPACE}+à){GAP})?",
    re.IGNORECASE,
)
_DATED = re.compile(rf"{SPACE}+en{SPACE}+(?:19|20)\d\d(?={SPACE}+à)", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?<!\w)entre{SPACE}+(?:les?{SPACE}+)?[\"«“]?{GAP}$", re.IGNORECASE)


def _join(text: str, left: Amount, right: Amount) -> str | None:
    """How two amounts stand together: `to`, `and`, `or`, `list`, `plus`; `None` where other words are between."""
    if right.start - left.end > 60:
        return None
    gap_start = left.end
    if aside := _DATED.match(text, gap_start) or _rates().after.match(text, gap_start):
        gap_start = aside.end()
    match = _JOIN.match(text, gap_start)
    if not match or match.end() > right.start:
        return None
    between = text[match.end() : right.start]
    return match.lastgroup if _is_only_qualifier(between) else None


def _is_bare(amount: Amount) -> bool:
    return amount.unit is None and amount.scale is None and amount.bounds is None


def _share_units(text: str, amounts: list[Amount]) -> list[Amount]:
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
        if _is_bare(left) and _YEAR.fullmatch(text[left.start : left.end]):
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


def _merge_ranges(text: str, amounts: list[Amount]) -> list[Amount]:
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
    moves = _moving_words() if right.kind == "percent" else _change_words()
    return join == "to" and left.value < right.value and not _is_change(text, left.start, right.end, moves)


@cache
def _change_words() -> re.Pattern[str]:
    verbs = [form for verb in words_of("level change") for form in conjugated(verb)]
    return re.compile(
        rf"(?<!\w){alternation([*verbs, *words_of('irregular level change')])}(?!\w)", re.IGNORECASE
    )


_FROM = re.compile(
    rf"(?<!\w)(?:de|d['\u2019]){SPACE}*(?:[\w'\u2019]+{SPACE}+(?:de{SPACE}+)?){{0,3}}[\"«“]?$", re.IGNORECASE
)
_CLAUSE = re.compile(r"[.;:!?(]\s")


_IN_A_WHILE = re.compile(
    rf"{SPACE}+en{SPACE}+(?:(?:moins|plus|à{SPACE}+peine|quelques|l['\u2019]espace)?{SPACE}*(?:de{SPACE}+)?\w+{SPACE}+)?(?:ans?|mois|jours|semaines|années?|trimestres?)(?!\w)",
    re.IGNORECASE,
)


# "varie de 250 à 600 euros" spans a range, whatever moved before.
_SPANS = re.compile(
    rf"(?<!\w)(?:(?:est|sera|serait|était|sont|seront)(?={SPACE}+d)|vari\w+|oscill\w+|va|vont|allant|allait|aller|s['\u2019](?:étend|étage|échelonn)\w*|fourchette|comprise?s?){SPACE}+(?:\w+{SPACE}+)?(?:de|d['\u2019]|entre){GAP}[\"«“]?$",
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
    if _SPANS.search(text, max(0, start - 60), start):
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
        _FROM.search(left) and (found := list(moves.finditer(left))) and len(left) - found[-1].end() < 60
    )


def _range(text: str, left: Amount, right: Amount) -> Amount:
    assert left.value is not None
    assert right.value is not None
    if _join(text, left, right) == "plus":
        low, high = left.value - abs(right.value), left.value + abs(right.value)
    else:
        low, high = sorted((left.value, right.value))
    return right._replace(start=left.start, value=(low + high) / 2, bounds=(low, high), in_range=True)


# --- units that the context names -------------------------------------------------------------------------------


def _infer_units(text: str, amounts: list[Amount], sentences: list[Sentence]) -> list[Amount]:
    """Amounts without a unit take the one that the context names; those that it does not are dropped.

    A scaled number takes a currency from its sentence, else from what came before (a heading: from what follows); a
    bare one goes on from the amount before it where the clause says so: `contre 18,4 un an plus tôt`, `en valait
    14`.
    """
    conversions = {a.start for a in amounts if _is_aside(text, a)}
    conversions |= {b.start for a, b in pairwise(amounts) if _is_conversion(text, a, b)}
    known = [a for a in amounts if a.kind == "money" and a.start not in conversions]
    context = _Context(text, known, [a.start for a in known], conversions)
    resolved: list[Amount] = []
    counted = 0  # where the last scaled number that counts people or things ends
    spans = iter(sentences)
    sentence = next(spans, None)
    for amount in amounts:
        while sentence is not None and sentence.end <= amount.start:
            sentence = next(spans, None)
        if sentence is None:
            break
        found = amount if amount.unit is not None else _inferred(context, amount, resolved, sentence, counted)
        if found is not None:
            resolved.append(found)
        if amount.scale is not None and (found is None or found.kind == "count"):
            counted = amount.end
    return resolved


class _Context(NamedTuple):
    """What a text counts in: its sums of money that convert nothing, and where they and the conversions stand."""

    text: str
    known: list[Amount]
    places: list[int]
    conversions: set[int]


def _inferred(
    context: _Context, amount: Amount, before: list[Amount], sentence: Sentence, counted: int
) -> Amount | None:
    """An amount without a unit with the one that the context names."""
    text = context.text
    if more := _counted_too(text, amount, before, sentence) or _points(text, amount, before, sentence):
        return more
    if ahead := _counted_ahead(text, amount, sentence):
        return ahead
    if amount.scale is None:
        whole = _elliptic(text, amount, before, sentence, context.conversions)
        if whole or not _is_sum(text, amount, sentence):
            return whole
    elif not _is_money(text, amount, sentence, before, counted):
        return None
    places = context.places
    here = context.known[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]
    if not here and before and before[-1].start in context.conversions:
        here = [last for last in before[-1:] if _is_in_same_aside(text, last, amount)]
    if not here and not context.known:
        own = amount.scale is None or amount.noun in words_of("money noun")
        if own or _of_money_noun().search(text, max(sentence.start, amount.start - 40), amount.start):
            return amount._replace(kind="money", unit=_HOME, inferred=True)
        return None
    place = bisect_left(places, amount.start)
    around = context.known[max(0, place - _AROUND) : place + _AROUND]
    nearest = _nearest(amount, here or around, heading=sentence.zone == "title")
    return amount._replace(kind="money", unit=nearest.unit, inferred=not here)


_AROUND = 40  # amounts on either side that one without a currency looks at
_HOME = "EUR"  # what a French text counts in that names no currency at all: "une dette de 55 milliards"


@cache
def _of_money_noun() -> re.Pattern[str]:
    nouns = alternation(words_of("money noun"))
    return re.compile(
        rf"(?<!\w){nouns}{SPACE}+(?:de{SPACE}+|d['\u2019])(?:(?:près|plus|moins){SPACE}+de{SPACE}+|quelque{SPACE}+)?$",
        re.IGNORECASE,
    )


# What is always counted in money, however it is printed: "des amendes de 500", "son salaire peut atteindre 30.000".
@cache
def _of_sum() -> re.Pattern[str]:
    nouns = alternation(words_of("sum noun"))
    return re.compile(
        rf"(?<!\w){nouns}(?:{SPACE}+[\w'\u2019-]+){{0,2}}?{SPACE}+(?:de|atteindre|atteint|atteignait|atteignant|s['\u2019]élève{SPACE}+à|s['\u2019]élevait{SPACE}+à"
        rf"|jusqu['\u2019]à|allant{SPACE}+de|allant{SPACE}+jusqu['\u2019]à)"
        rf"{SPACE}+(?:(?:près|plus|moins){SPACE}+de{SPACE}+|quelque{SPACE}+|environ{SPACE}+)?$",
        re.IGNORECASE,
    )


_SMALLEST_SUM = 100  # smaller bare numbers behind such a noun are months, articles, years of age


def _is_sum(text: str, amount: Amount, sentence: Sentence) -> bool:
    """Whether a bare number is a sum of money by the noun that it tells the size of."""
    value = amount.bounds[0] if amount.bounds else amount.value
    if value is None or value < _SMALLEST_SUM or amount.noun:
        return False
    return _tells_sum(text, amount.start, sentence.start) and _no_noun_follows(text, amount)


def _tells_sum(text: str, start: int, floor: int = 0) -> bool:
    """Whether what stands before a number is a noun for a sum of money whose size it tells."""
    begin = max(floor, start - 70)
    place = find_place(_sum_nouns(), folded_text(text), begin, start)
    return place is not None and bool(_of_sum().search(text, begin, start))


@cache
def _sum_nouns() -> Scan:
    return compile_scan(rf"\b{scanned_alternation(words_of('sum noun'))}\b")


def _no_noun_follows(text: str, amount: Amount) -> bool:
    return bool(
        _NO_NOUN_FOLLOWS.match(text, amount.end)
        or _rates().after.match(text, amount.end)
        or _time_follows().match(text, amount.end)
        or _VERB_FOLLOWS.match(text, amount.end)
    )


_VERB_FOLLOWS = re.compile(
    rf"[»”\"]?{SPACE}+(?:n['\u2019]|ne{SPACE}+)?(?:a|ont|est|sont|était|étaient|sera|seront|allait|allaient|aurait|auraient|avait|avaient|pourrait|pourraient)(?!\w)",
    re.IGNORECASE,
)


_POINTS = re.compile(
    rf"{SPACE}+points?(?!{SPACE}+(?:de{SPACE}+vente|d['\u2019]|à{SPACE}+(?![\d,]+{GAP}%)))(?!\w)",
    re.IGNORECASE,
)


def _points(text: str, amount: Amount, before: list[Amount], sentence: Sentence) -> Amount | None:
    """`16 points` in a sentence that counts in percent are percentage points; in any other they are an index's."""
    match = _POINTS.match(text, amount.end)
    if not match or amount.value is None or abs(amount.value) >= 100 or amount.noun:
        return None
    counted_in_percent = "%" in text[sentence.start : sentence.end] or any(
        a.kind == "percent" for a in takewhile(lambda a: a.start >= sentence.start, reversed(before))
    )
    fraction = amount.value != amount.value.to_integral_value() and abs(amount.value) < 20
    if not counted_in_percent and not fraction:
        return None
    return amount._replace(end=match.end(), kind="percent", unit="percentage_point")


def _nearest(amount: Amount, known: list[Amount], *, heading: bool) -> Amount:
    """The amount whose currency one without shares: the same sum, else the last before (a heading: the next)."""
    same = [a for a in known if a.value == amount.value is not None]
    return min(
        same or known,
        key=lambda a: (heading is (a.start < amount.start), abs(a.start - amount.start)),
    )


_ASIDE = re.compile(r"[^\d()]{0,30}")


def _is_aside(text: str, amount: Amount) -> bool:
    """Whether a sum opens a parenthesis: it converts or explains, and is not what the text counts in."""
    opening = text.rfind("(", max(0, amount.start - 40), amount.start)
    return opening >= 0 and bool(_ASIDE.fullmatch(text, opening + 1, amount.start))


def _is_in_same_aside(text: str, left: Amount, right: Amount) -> bool:
    """Whether two sums stand in one parenthesis: `(95 millions d'euros de l'État, pour un budget de 220 millions)`."""
    between = text[left.end : right.start]
    return left.kind == "money" and len(between) < _NEARBY and not _LEAVES_ASIDE.search(between)


_LEAVES_ASIDE = re.compile(r"[()\n]|[.;]\s")


def _is_conversion(text: str, left: Amount, right: Amount) -> bool:
    if left.kind != "money" or right.kind != "money" or left.unit == right.unit:
        return False
    match = _CONVERSION.match(text, left.end)
    return bool(match and match.end() <= right.start and _is_only_qualifier(text[match.end() : right.start]))


def _is_only_qualifier(between: str) -> bool:
    return not between or bool(_qualifiers().before_only.fullmatch(between))


@cache
def _money_context() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(words_of('money context'))}", re.IGNORECASE)


def _is_money(text: str, amount: Amount, sentence: Sentence, before: list[Amount], counted: int) -> bool:
    """Whether a scaled number that names no unit is money: by its noun, its sentence, or what the text counts in."""
    assert amount.scale is not None
    if amount.noun:
        return amount.noun in words_of("money noun")
    after = re.match(rf"{SPACE}+([\w-]+)", text[amount.end : amount.end + 40])
    if amount.value is not None and after and folded(after[1]) in words_of("person noun"):
        return False  # "3 millions abonnés"
    last = before[-1].end if before and before[-1].kind == "money" else 0
    if counted > max(last, sentence.start):
        return False
    if amount.scale >= 10**9 or _money_context().search(text, sentence.start, sentence.end):
        return True
    return amount.scale >= 10**6 and last > counted and amount.start - last < 400


_MORE_OF_THEM = re.compile(
    rf"(?:(?<!\w)(?:contre|dont|sur|soit|puis|et){SPACE}+|[(,]{GAP}|(?<!\w)(?:contre|dont|sur){SPACE}+(?:\w+{SPACE}+)?)$",
    re.IGNORECASE,
)
_NOTHING_COUNTED = re.compile(
    rf"[»”\"]?{GAP}(?:[.,;:)!?]|$|(?:en|dans|lors|au|aux|à|chez|avec|d['\u2019]ici|par|pour|selon|il{SPACE}+y{SPACE}+a|un{SPACE}+an|l['\u2019]an"
    rf"|sur|durant|pendant|l['\u2019]année|début|fin|seulement|aujourd['\u2019]hui|auparavant|précédemment|actuellement)(?!\w))",
    re.IGNORECASE,
)
_NEARBY = 90  # characters back to what is still being counted


def _counted_too(text: str, amount: Amount, before: list[Amount], sentence: Sentence) -> Amount | None:
    """A number that counts what the one before it counts: `20 salariés, contre 35 en 2019`, `dont 4 600 en France`."""
    if amount.noun:
        return None
    told = (a for a in takewhile(lambda a: amount.start - a.end < _REACH_OF_COUNTS, reversed(before)))
    last = next((a for a in told if a.kind not in ("percent", "multiple")), None)
    if last is None or last.kind != "count":
        return None
    if last.start < sentence.start or last is not before[-1]:
        return _counted_apart(text, amount, last, sentence)
    alone = _NOTHING_COUNTED.match(text, amount.end) or _VERB_FOLLOWS.match(text, amount.end)
    if amount.start - last.end > _NEARBY or not alone:
        return None
    left = text[last.end : amount.start]
    if qualified := _qualifiers().before.search(left):
        left = left[: qualified.start()]
    whole = amount.value is None or amount.value == amount.value.to_integral_value()
    year = amount.scale is None and _YEAR.fullmatch(text[amount.start : amount.end])
    if not whole or year or not (found := _MORE_OF_THEM.search(left)):
        return None
    if found[0][0] in "(," and (amount.value or 1000) < 1000:
        return None  # "à Sens (89), à Danjoutin (90)" are departments
    return amount._replace(kind="count", unit=last.unit, inherited=True)


def _counted_apart(text: str, amount: Amount, last: Amount, sentence: Sentence) -> Amount | None:
    """A number that counts, behind other figures or a sentence later, what was counted: `qui en a livré 526.409`."""
    left = text[max(sentence.start, last.end, amount.start - 60) : amount.start]
    if qualified := _qualifiers().before.search(left):
        left = left[: qualified.start()]
    against = last.start >= sentence.start and re.search(rf"(?<!\w)contre{SPACE}+$", left, re.IGNORECASE)
    whole = amount.value is None or amount.value == amount.value.to_integral_value()
    if not whole or not (against or _CLITIC.search(left)) or not _no_noun_follows(text, amount):
        return None
    if amount.value is not None and amount.value < _SMALLEST_SUM:
        return None
    later = last.start < sentence.start
    return amount._replace(kind="count", unit=last.unit, inherited=True, inferred=later)


_IN_PARENTHESES = re.compile(r"\s?\)")


@cache
def _people_behind() -> Scan:
    return compile_scan(
        rf"\b(?:des?|d'|les) ?{scanned_alternation(w for w in words_of('person noun') if w.endswith('s'))}\b"
    )


def _counted_ahead(text: str, amount: Amount, sentence: Sentence) -> Amount | None:
    """A number that glosses a name in parentheses and counts the people whom the clause goes on to name.

    `La Chine (1,4 million) et la Russie (400 000) forment le plus d'ingénieurs.`
    """
    alone = amount.start and text[amount.start - 1] == "(" and _IN_PARENTHESES.match(text, amount.end)
    if not alone or amount.noun or (amount.value or 0) < _FEWEST_IN_PARENTHESES:
        return None
    if (
        find_place(_people_behind(), folded_text(text), amount.end, min(sentence.end, amount.end + _NEARBY))
        is None
    ):
        return None
    return amount._replace(kind="count", unit="person", inherited=True)


_FEWEST_IN_PARENTHESES = 1000  # smaller ones are departments, ages and years
_REACH_OF_COUNTS = 160  # characters back to what a clitic still counts
_CLITIC = re.compile(rf"(?:(?<!\w)en|n['\u2019]en){SPACE}+(?:[\w'\u2019-]+{SPACE}+){{1,3}}$", re.IGNORECASE)
_AGAINST = re.compile(
    rf"(?<!\w)(?:contre|dont|au{SPACE}+lieu{SPACE}+de|sur{SPACE}+un{SPACE}+total{SPACE}+de){SPACE}+$",
    re.IGNORECASE,
)
_AND_THEN = re.compile(
    rf"(?:[,;]|(?<!\w)(?:et|puis)){SPACE}*(?:(?:à|de){SPACE}+|CNBC{SPACE}+à{SPACE}+)?$", re.IGNORECASE
)


@cache
def _time_follows() -> re.Pattern[str]:
    months = alternation(words_of("month"))
    return re.compile(
        rf"{SPACE}+(?:en{SPACE}+(?:{months}|(?:19|20)\d\d|début|fin)|(?:un|deux|trois|six|\d+){SPACE}+(?:ans?|mois){SPACE}+(?:plus{SPACE}+tôt|auparavant)"
        rf"|l['\u2019](?:an|année){SPACE}+(?:dernier|dernière|passée?)|il{SPACE}+y{SPACE}+a|(?:d['\u2019]|de{SPACE}+){months}"
        rf"|(?:au|du){SPACE}+(?:premier|deuxième|troisième|quatrième|1er|\de)|(?:début|fin|mi)(?:-|{SPACE}))",
        re.IGNORECASE,
    )


_NO_NOUN_FOLLOWS = re.compile(
    rf"[»”\"]?{GAP}(?:[.,;:)!?]|$|(?:en|dans|lors|au|aux|à|sous|et|ou|par|pour|selon|avant|après|depuis|lundi|mardi|mercredi|jeudi"
    rf"|vendredi|hier|la{SPACE}+(?:veille|semaine)|le{SPACE}+(?:mois|trimestre)|précédemment|auparavant|payés?|versés?|apportés?|d['\u2019]après|un{SPACE}+an|trois{SPACE}+mois|six{SPACE}+mois|l['\u2019]an)(?!\w))",
    re.IGNORECASE,
)


def _elliptic(
    text: str, amount: Amount, before: list[Amount], sentence: Sentence, conversions: set[int]
) -> Amount | None:
    """A bare number as the amount that it stands for: `contre 18,4 en mai` after 61,5 milliards is 18,4 milliards."""
    if amount.value is None or amount.noun:
        return None
    told = (a for a in reversed(before) if a.start not in conversions and a.kind in ("money", "percent"))
    last = next(told, None)
    if last is None or amount.start - last.end > 250:
        return None
    if amount.value > 1000 and (last.scale is not None or last.kind == "percent"):
        return None  # "29.500 dollars, sur un total de 51.000", but no millions of thousands
    left = text[max(sentence.start, amount.start - 60) : amount.start]
    if re.search(rf"(?<!\w)entre{SPACE}+$", left):
        return None
    if qualified := _qualifiers().before.search(left):
        left = left[: qualified.start()]
    timed = bool(_time_follows().match(text, amount.end))
    follows = timed or bool(_NO_NOUN_FOLLOWS.match(text, amount.end))
    against = _AGAINST.search(left) and last.start >= sentence.start and follows
    listed = _AND_THEN.search(left) and last.start >= sentence.start and timed
    clitic = (
        last.kind == "money"
        and follows
        and _CLITIC.search(re.sub(rf"(?:que|qu['\u2019]){SPACE}*$", "", left) or left)
    )
    moved = (
        follows
        and last.start >= sentence.start
        and re.search(rf"(?<!\w)à{SPACE}+(?:la{SPACE}+)?$", left)
        and (_FROM.search(text, max(sentence.start, last.start - 30), last.start))
        and _change_words().search(text, max(sentence.start, last.start - 90), last.start)
    )
    ranged = (
        amount.in_range
        and last.in_range
        and last.start >= sentence.start
        and re.search(rf"(?<!\w)de{SPACE}+$", left)
    )
    if not (against or listed or clitic or ranged or moved) or (last.kind == "percent" and not against):
        return None
    scale = last.scale or Decimal(1)
    bounds = amount.bounds and (times(amount.bounds[0], scale), times(amount.bounds[1], scale))
    value = (bounds[0] + bounds[1]) / 2 if bounds else times(amount.value, scale)
    return amount._replace(
        value=value, bounds=bounds, kind=last.kind, unit=last.unit, scale=last.scale,
        inferred=last.inferred or last.start < sentence.start,
    )  # fmt: skip


# --- qualifiers and rates ---------------------------------------------------------------------------------------


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
def _qualifiers() -> _Qualifiers:
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
    apart = ["plus que", "jusqu'à", *_ADVERBS_OF_MULTIPLES]
    words = scanned_alternation([*spoken, *said, *apart])
    return _Qualifiers(
        compile_scan(rf"\b(?:{words}|(?:peu(?:t|vent)|pouv\w+|pourr\w+|puisse\w*)\b)"),
        frozenset(map(folded, said)) - frozenset(apart),
        re.compile(rf"(?<!\w)(?P<phrase>{phrases}){filler}$", re.IGNORECASE),
        re.compile(rf"{GAP}(?:{phrases}){filler}", re.IGNORECASE),
        re.compile(
            rf"(?:{SPACE}+d(?:e{SPACE}+|['\u2019])[\w-]+(?={SPACE}+(?:au{SPACE}+)?(?:maximum|minimum|maxi)(?!\w)))?"
            rf"{GAP}[\"»”]?(?:,(?={SPACE}+{alternation(_BEHIND_COMMA)}{GAP}(?:[.,;:)!?]|$)))?{GAP}"
            rf"(?P<phrase>{alternation(p for e in entries for p in e.after)})"
            rf"(?!\w|{SPACE}(?:fort|haut|bas|tard|tôt|vite)(?!\w))",  # "au plus fort des Jeux"
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?P<no>(?<!\w)(?:ne{SPACE}+|n['\u2019])(?:(?:\w+{SPACE}+){{0,3}}?pas{SPACE}+|(?:\w+{SPACE}+)?))?"
            rf"(?<!\w)(?:{verbs})(?!\w)(?P<pas>{SPACE}+pas)?{adverb}{filler}$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?<!\w)(?:peu(?:t|vent)|pouv\w+|pourr\w+|puisse\w*)(?:{SPACE}+(?:même|ainsi|désormais))?{SPACE}+"
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


def _qualify(text: str, amount: Amount, floor: int) -> tuple[str, tuple[int, int] | None]:
    """The qualifier of an amount and the place of the words that say it."""
    patterns = _qualifiers()
    if amount.bounds is not None:
        return ("between" if amount.in_range else "magnitude"), (amount.start, amount.end)
    begin = max(floor, amount.start - 70)
    if match := patterns.after.match(text, amount.end):
        return patterns.by_phrase[plain(match["phrase"])], match.span("phrase")
    left, flat = text[begin : amount.start], folded_text(text)
    places = [*find_places(patterns.words, flat, begin, amount.start)]
    if text[begin - 1 : begin].isalnum():
        places.insert(0, (begin, begin))  # a heading glued to its text: "un parc géantPlus de 80 %"
    for match in (found for place, _ in places if (found := patterns.before.match(left, place - begin))):
        place = (begin + match.start("phrase"), begin + match.end("phrase"))
        qualifier = patterns.by_phrase[plain(match["phrase"])]
        if qualifier == "over" and _NEGATION.search(left, 0, match.start("phrase")):
            qualifier = "at_most"
        return qualifier, place
    if apart := [start - begin for start, end in places if flat[start:end] not in patterns.said]:
        held = _held_by(left, max(0, apart[0] - _BEFORE_WORDS), amount.kind)
        if held:
            return held[0], (begin + held[1].start(), begin + held[1].end())
    return ("about", (amount.start, amount.end)) if amount.about else ("exact", None)


def _held_by(left: str, first: int, kind: str | None) -> tuple[str, re.Match[str]] | None:
    """The qualifier that words apart from a figure give it: a modal, an adverb before its participle, a verb."""
    patterns = _qualifiers()
    if match := _UP_TO_AND.search(left, first) or patterns.modal.search(left, first):
        return "at_most", match
    if kind == "multiple":
        for qualifier, pattern in (("about", _NEARLY), ("over", _MORE_THAN)):
            if match := pattern.search(left):
                return qualifier, match
    if match := patterns.verb.search(left, first):
        name = next(name for name, found in match.groupdict().items() if found and name not in ("no", "pas"))
        return ("at_most" if name == "over" and (match["no"] or match["pas"]) else name), match
    return None


_BEFORE_WORDS = 30  # characters that a negation takes before the verb that it denies


# "a plus que doublé"; before a sum, "ne reste plus que 3 millions" is no bound
_MORE_THAN = re.compile(rf"(?<!\w)plus{SPACE}+que{SPACE}+$", re.IGNORECASE)
# "a pratiquement été divisé par deux"
_ADVERBS_OF_MULTIPLES = ("presque", "pratiquement", "quasiment", "quasi", "environ")
_NEARLY = re.compile(rf"(?<!\w)(?:{'|'.join(_ADVERBS_OF_MULTIPLES)}){SPACE}+(?:été{SPACE}+)?$", re.IGNORECASE)
# "ne pourrait être supérieur à", "n'est pas supérieur à"
_NEGATION = re.compile(
    rf"(?<!\w)n(?:e{SPACE}+|['\u2019])(?:\w+{SPACE}+){{1,2}}(?:pas{SPACE}+)?(?:être{SPACE}+)?$", re.IGNORECASE
)
# The bound of a sentence holds for its fine: "jusqu'à 2 ans d'emprisonnement et 30 000 euros d'amende".
_UP_TO_AND = re.compile(
    rf"(?<!\w)jusqu['\u2019]à{SPACE}+[\w-]+{SPACE}+(?:ans?|mois){SPACE}+(?:d['\u2019]|de{SPACE}+)(?:emprisonnement|prison|réclusion){SPACE}+et{SPACE}+$",
    re.IGNORECASE,
)


def _bounds(amount: Amount, qualifier: str) -> tuple[Decimal | None, Decimal | None]:
    if amount.bounds is not None:
        return amount.bounds
    low = amount.value if qualifier in ("exact", "over", "at_least") else None
    high = amount.value if qualifier in ("exact", "under", "at_most") else None
    return low, high


class _Rates(NamedTuple):
    words: Scan  # what can make a rate of a figure behind it
    after: re.Pattern[str]
    later: re.Pattern[str]
    adjective: re.Pattern[str]
    adverbial: frozenset[str]  # "en rythme annuel", which a comma may follow
    per: dict[str, str]


@cache
def _rates() -> _Rates:
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


def _counted_per(text: str, amount: Amount, sentence: Sentence) -> tuple[str, tuple[int, int]] | None:
    """The time or length that a count or a physical quantity is per, with the words that say it."""
    if per := _COUNTED_PER.match(text, amount.end):
        return _rates().per[plain(per["words"])], per.span("words")
    if amount.kind == "quantity" and (per := _PER_LENGTH.match(text, amount.end)):
        return "km", per.span()
    flat = folded_text(text)
    for start, end in find_places(_each(), flat, sentence.start, sentence.end):
        between = text[end : amount.start] if end <= amount.start else text[amount.end : start]
        near = len(between) < _NEARBY and not any(c.isdigit() for c in between)
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


def _rate(text: str, amount: Amount, floor: int) -> tuple[str, tuple[int, int]] | None:
    """The time unit that an amount is per, from the words behind it or its own noun group before it."""
    patterns = _rates()
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


@cache
def _earning() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(words_of('earning'))}(?!\w)", re.IGNORECASE)


def _rated_before(text: str, amount: Amount, before: list[Quantity]) -> Quantity | None:
    """The figure told before as a rate that this one, told without, goes on from.

    It is the conversion or alternative of the last figure (`400 dollars par mois (370 euros)`, `ou 25,90 euros`),
    repeats an amount of the text, or is the next pay after a pay (`1 280 euros par mois … peut gagner 1 900
    euros`).
    """
    if not before:
        return None
    last = before[-1]
    currency, _, per = last.unit.partition("/")
    if per and _converts(text, last, amount):
        return replace(last, unit=f"{amount.unit}/{per}")
    same = [q for q in before[-8:] if q.value == amount.value and q.unit.startswith(f"{amount.unit}/")]
    if same and amount.value is not None and len(amount.value.normalize().as_tuple().digits) > 1:
        return same[-1]
    between = text[max(last.end, last.evidence.get("unit", (0, 0))[1]) : amount.start]
    if not per or currency != amount.unit or between.count("\n") > 1 or len(between) > 200:
        return None
    if (
        _ALTERNATIVE.search(between)
        or _earning().search(between)
        or (last.unit_inferred and "." not in between)
    ):
        return last
    return None


_ALTERNATIVE = re.compile(
    rf"^[^,.;]{{0,40}},?{SPACE}+(?:ou|contre|dont)(?:{SPACE}+(?:environ|plus{SPACE}+de|moins{SPACE}+de|près{SPACE}+de))?{SPACE}+$",
    re.IGNORECASE,
)


# --- the whole --------------------------------------------------------------------------------------------------

_CONVERSION = re.compile(
    rf"(?:{SPACE}+(?:de{SPACE}+|d['\u2019])[\w-]+)?{GAP}(?:\({GAP}(?:soit{SPACE}+|ou{SPACE}+)?|,{SPACE}+soit{SPACE}+|,{SPACE}+ou{SPACE}+)",
    re.IGNORECASE,
)


def find_quantities(text: str, sentences: list[Sentence]) -> list[Quantity]:
    """Every figure of the text in order, none overlapping; `text[q.start:q.end]` is what is printed.

    >>> from etl.segments import find_sentences
    >>> text = "Meta investit près de 14,3 milliards de dollars pour 49 % de Scale AI."
    >>> [(text[q.start : q.end], q.qualifier, q.unit) for q in find_quantities(text, find_sentences(text))]
    [('14,3 milliards de dollars', 'about', 'USD'), ('49 %', 'exact', 'percent')]
    """
    return quantified(text, sentences, find_amounts(text))


def find_amounts(text: str) -> list[Amount]:
    """The amounts of the text in order, ranges joined and units shared; none where the text can hold no figure.

    >>> [(a.value, a.unit) for a in find_amounts("de 10 à 15 euros en 2019")]
    [(Decimal('12.5'), 'EUR')]
    >>> find_amounts("en 2019, le 12 juin")
    []
    """
    if find_place(_rarities(), folded_text(text), 0, len(text)) is None:
        read = list(parse_amounts(text))
    else:
        read = with_header_units(text, _with_multiples(text))
    amounts = [_as_multiple(text, a) for a in read if not _is_bare(a) or not _is_no_amount(text, a)]
    if not any(_may_be_figure(text, a) for a in amounts):
        return []
    return _merge_ranges(text, _share_units(text, amounts))


def _may_be_figure(text: str, amount: Amount) -> bool:
    """Whether an amount, or a bare number whose unit the context can name, is worth reading its text further."""
    if amount.unit or amount.scale or amount.bounds or _tells_sum(text, amount.start):
        return True
    return text[amount.start - 1 : amount.start] == "(" and (amount.value or 0) >= _FEWEST_IN_PARENTHESES


def quantified(text: str, sentences: list[Sentence], amounts: list[Amount]) -> list[Quantity]:
    """The amounts that have a unit, or take one from their context, with the words that hold each."""
    amounts = _infer_units(text, amounts, sentences)
    quantities: list[Quantity] = []
    spans = iter(sentences)
    sentence = next(spans, None)
    for amount in amounts:
        while sentence is not None and sentence.end <= amount.start:
            sentence = next(spans, None)
        if sentence is None:
            break
        if sentence.zone != "boilerplate" or amount.kind != "count":  # a counter of the page: "129 partages"
            quantities.append(_quantity(text, amount, quantities, sentence))
    shared = {amount.start for amount in amounts if amount.inherited}
    return _rated_together(_held_together(text, quantities, shared), shared)


_OPEN = ("about", "over", "under", "at_least", "at_most")


def _held_together(text: str, quantities: list[Quantity], shared: set[int]) -> list[Quantity]:
    """The quantities with one qualifier for the items of a list that share a unit: `environ 3 ou 4 millions`."""
    held = list(quantities)
    for i, (left, right) in enumerate(pairwise(quantities), 1):
        left = held[i - 1]
        if left.start not in shared or left.qualifier not in _OPEN or right.qualifier != "exact":
            continue
        join = _JOIN.match(text, left.end)
        if join and join.end() == right.start and join.lastgroup in ("and", "or", "list") and right.value:
            low = right.value if left.qualifier in ("over", "at_least") else None
            high = right.value if left.qualifier in ("under", "at_most") else None
            evidence = {**right.evidence, "qualifier": left.evidence.get("qualifier", (left.start, left.end))}
            held[i] = replace(right, low=low, high=high, qualifier=left.qualifier, evidence=evidence)
    return held


def _rated_together(quantities: list[Quantity], shared: set[int]) -> list[Quantity]:
    """The quantities with one rate for all that share a unit: `de 900 à 1 050 euros par mois` is two monthly rents."""
    rated = list(quantities)
    for i in range(len(rated) - 2, -1, -1):
        left, right = rated[i], rated[i + 1]
        if left.start not in shared or left.unit.split("/")[0] != right.unit.split("/")[0]:
            continue
        unit = max(left.unit, right.unit, key=len)
        place = left.evidence.get("unit") or right.evidence.get("unit")
        if left.unit != right.unit and place:
            rated[i] = replace(left, unit=unit, evidence={**left.evidence, "unit": place})
            rated[i + 1] = replace(right, unit=unit, evidence={**right.evidence, "unit": place})
    return rated


def _is_no_amount(text: str, amount: Amount) -> bool:
    """Whether a bare number is a year or a part of a name."""
    start = amount.start
    named = start > 1 and text[start - 1] == "-" and text[start - 2].isalpha()  # "Covid-19"
    return named or bool(_YEAR.fullmatch(text, start, amount.end))


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


@cache
def _rarities() -> Scan:
    """What few texts have, asked for at once: multiples, headers of tables, names with a number, addresses."""
    names = rf"\b{scanned_alternation(words_of('name with a number'))}\b"
    return compile_scan(rf"{names}|{multiples_pattern()}|{HEADER_PATTERN}|https?://|\bwww\.|×")


@cache
def _numbered_names() -> Scan:
    return compile_scan(rf"\b{scanned_alternation(words_of('name with a number'))}\b")


def _as_multiple(text: str, amount: Amount) -> Amount:
    """The amount as a multiple where `fois` stands behind it and compares: `trois fois le prix`."""
    if amount.unit is not None or (end := times_end(text, amount.end)) is None:
        return amount
    return amount._replace(end=end, kind="multiple", unit="dimensionless")


def _with_multiples(text: str) -> Iterator[Amount]:
    """The amounts and the multiples of the text in order; a number inside a multiple is none of its own."""
    end = 0
    addresses = [match.span() for match in _ADDRESS.finditer(text)] if "/" in text else []
    names = [*find_places(_numbered_names(), folded_text(text))]
    for amount in sorted([*parse_amounts(text), *find_multiples(text)], key=lambda a: (a.start, -a.end)):
        if amount.start >= end and not any(a <= amount.start < b for a, b in (*addresses, *names)):
            yield amount
            end = amount.end


def _quantity(text: str, amount: Amount, before: list[Quantity], sentence: Sentence) -> Quantity:
    assert amount.kind is not None
    assert amount.unit is not None
    evidence: Evidence = {}
    qualifier, place = _qualify(text, amount, sentence.start)
    converted = before[-1] if before and _converts(text, before[-1], amount) else None
    if (
        converted
        and qualifier == "exact"
        and converted.qualifier in ("about", "over", "under", "at_least", "at_most")
    ):
        qualifier, place = converted.qualifier, converted.evidence.get("qualifier")
    if place:
        evidence["qualifier"] = place
    unit, inferred = amount.unit, amount.inferred
    if amount.kind in ("count", "quantity") and (per := _counted_per(text, amount, sentence)):
        unit, evidence["unit"] = f"{unit}/{per[0]}", per[1]
    if amount.kind == "money":
        if rate := _rate(text, amount, max(sentence.start, before[-1].end if before else 0)):
            unit, evidence["unit"] = f"{unit}/{rate[0]}", rate[1]
        elif rated := _rated_before(text, amount, before):
            unit, evidence["unit"] = rated.unit, rated.evidence.get("unit", (rated.start, rated.end))
            inferred |= rated.unit_inferred or rated.end <= sentence.start
    low, high = _bounds(amount, qualifier)
    return Quantity(
        amount.start, amount.end, amount.kind, None if qualifier == "magnitude" else amount.value, low, high, unit,
        qualifier, inferred, converted.start if converted else None, evidence,
    )  # fmt: skip


def _converts(text: str, previous: Quantity, amount: Amount) -> bool:
    """Whether an amount gives the one before it in another currency: `599 millions de dollars (500 d'euros)`."""
    if previous.kind != "money" or amount.kind != "money" or previous.unit.split("/")[0] == amount.unit:
        return False
    rate = _rates().after.match(text, previous.end)
    match = _CONVERSION.match(text, rate.end() if rate else previous.end)
    return bool(
        match and match.end() <= amount.start and _is_only_qualifier(text[match.end() : amount.start])
    )
