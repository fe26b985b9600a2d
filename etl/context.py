"""The unit that the context names, for amounts that print none.

A scaled number takes a currency from its sentence, else from what came before; a bare one goes on from the amount
before it, counts what was counted, or is a sum by the noun whose size it tells. What is left without a unit is no
figure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from functools import cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from etl.amounts import GAP, Amount, times
from etl.lexicon import (
    SPACE,
    Scan,
    alternation,
    compile_scan,
    conjugated,
    find_place,
    folded,
    folded_text,
    scanned_alternation,
    words_of,
)
from etl.points import may_be_points, points_of
from etl.qualifiers import is_only_qualifier, qualifiers
from etl.ranges import FROM, YEAR, change_words
from etl.rates import rates
from etl.segments import Sentence


def infer_units(text: str, amounts: list[Amount], sentences: list[Sentence]) -> list[Amount]:
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
    if more := _counted_too(text, amount, before, sentence) or points_of(text, amount, before, sentence):
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
        beside = amount.start in context.conversions and before[-1].start >= sentence.start
        here = [last for last in before[-1:] if beside or _is_in_same_aside(text, last, amount)]
    if not here and not context.known:
        own = amount.scale is None or amount.noun in words_of("money noun")
        lead = max(sentence.start, amount.start - 40)
        if own or any(said().search(text, lead, amount.start) for said in (_of_money_noun, _of_payment)):
            return amount._replace(kind="money", unit=_HOME, inferred=True)
        return None
    place = bisect_left(places, amount.start)
    around = context.known[max(0, place - _AROUND) : place + _AROUND]
    nearest = _nearest(amount, here or around, heading=sentence.zone == "title")
    return amount._replace(kind="money", unit=nearest.unit, inferred=not here)


REACH = 250  # characters back to the amount that a bare number goes on from
_AROUND = 40  # amounts on either side that one without a currency looks at
_HOME = "EUR"  # what a French text counts in that names no currency at all: "une dette de 55 milliards"


@cache
def _of_money_noun() -> re.Pattern[str]:
    nouns = alternation(words_of("money noun"))
    return re.compile(
        rf"(?<!\w){nouns}{SPACE}+(?:de{SPACE}+|d['\u2019])(?:(?:près|plus|moins){SPACE}+de{SPACE}+|quelque{SPACE}+)?$",
        re.IGNORECASE,
    )


@cache
def _of_payment() -> re.Pattern[str]:
    """A verb whose object is money, right before its sum: `a payé 44 milliards pour Twitter`."""
    forms = [form for verb in words_of("verb of money") for form in conjugated(verb)]
    return re.compile(
        rf"(?<!\w){alternation([*forms, *words_of('irregular verb of money')])}{SPACE}+"
        rf"(?:(?:près|plus|moins|autour){SPACE}+de{SPACE}+|environ{SPACE}+|quelque{SPACE}+|jusqu['\u2019]à{SPACE}+|que{SPACE}+|déjà{SPACE}+)?$",
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
    return tells_sum(text, amount.start, sentence.start) and _no_noun_follows(text, amount)


def tells_sum(text: str, start: int, floor: int = 0) -> bool:
    """Whether what stands before a number is a noun for a sum of money whose size it tells."""
    begin = max(floor, start - 70)
    place = find_place(_sum_nouns(), folded_text(text), begin, start)
    return place is not None and bool(_of_sum().search(text, begin, start))


@cache
def _sum_nouns() -> Scan:
    return compile_scan(rf"\b{scanned_alternation(words_of('sum noun'))}\b")


def stands_alone(text: str, amount: Amount) -> bool:
    """Whether a bare number can take a unit without an amount before it: a sum, points, a count in parentheses."""
    if text[amount.start - 1 : amount.start] == "(" and (amount.value or 0) >= FEWEST_IN_PARENTHESES:
        return True
    return may_be_points(text, amount) or tells_sum(text, amount.start)


def _no_noun_follows(text: str, amount: Amount) -> bool:
    return bool(
        _NO_NOUN_FOLLOWS.match(text, amount.end)
        or rates().after.match(text, amount.end)
        or _time_follows().match(text, amount.end)
        or _VERB_FOLLOWS.match(text, amount.end)
    )


_VERB_FOLLOWS = re.compile(
    rf"[»”\"]?{SPACE}+(?:n['\u2019]|ne{SPACE}+)?(?:a|ont|est|sont|était|étaient|sera|seront|allait|allaient|aurait|auraient|avait|avaient|pourrait|pourraient)(?!\w)",
    re.IGNORECASE,
)


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


CONVERSION = re.compile(
    rf"(?:{SPACE}+(?:(?:de{SPACE}+|d['\u2019])[\w-]+|pièce|l['\u2019]unité|bruts?|nets?|par{SPACE}+\w+))?{GAP}(?:\({GAP}(?:soit{SPACE}+|ou{SPACE}+)?|,{SPACE}+soit{SPACE}+|,{SPACE}+ou{SPACE}+)",
    re.IGNORECASE,
)


def _is_conversion(text: str, left: Amount, right: Amount) -> bool:
    if left.kind != "money" or right.kind != "money" or left.unit == right.unit:
        return False
    match = CONVERSION.match(text, left.end)
    return bool(match and match.end() <= right.start and is_only_qualifier(text[match.end() : right.start]))


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
    if qualified := qualifiers().before.search(left):
        left = left[: qualified.start()]
    whole = amount.value is None or amount.value == amount.value.to_integral_value()
    year = amount.scale is None and YEAR.fullmatch(text[amount.start : amount.end])
    if not whole or year or not (found := _MORE_OF_THEM.search(left)):
        return None
    if found[0][0] in "(," and (amount.value or 1000) < 1000:
        return None  # "à Sens (89), à Danjoutin (90)" are departments
    return amount._replace(kind="count", unit=last.unit, inherited=True)


def _counted_apart(text: str, amount: Amount, last: Amount, sentence: Sentence) -> Amount | None:
    """A number that counts, behind other figures or a sentence later, what was counted: `qui en a livré 526.409`."""
    left = text[max(sentence.start, last.end, amount.start - 60) : amount.start]
    if qualified := qualifiers().before.search(left):
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
    if not alone or amount.noun or (amount.value or 0) < FEWEST_IN_PARENTHESES:
        return None
    if (
        find_place(_people_behind(), folded_text(text), amount.end, min(sentence.end, amount.end + _NEARBY))
        is None
    ):
        return None
    return amount._replace(kind="count", unit="person", inherited=True)


FEWEST_IN_PARENTHESES = 1000  # smaller ones are departments, ages and years
_REACH_OF_COUNTS = 160  # characters back to what a clitic still counts
_CLITIC = re.compile(rf"(?:(?<!\w)en|n['\u2019]en){SPACE}+(?:[\w'\u2019-]+{SPACE}+){{1,3}}$", re.IGNORECASE)
_SOLD_FOR = re.compile(
    rf"(?<!\w)(?:(?:re)?vendu|cédé|(?:r)?acheté|payé|adjugé|parti)e?s?{SPACE}+(?:(?:pour|à|contre){SPACE}+)?$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    rf"(?<!\w)(?:contre|dont|au{SPACE}+lieu{SPACE}+de|au-delà{SPACE}+de|sur{SPACE}+un{SPACE}+total{SPACE}+de){SPACE}+$",
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
    rf"|vendredi|hier|chez|avec|auprès|contre|la{SPACE}+(?:veille|semaine)|le{SPACE}+(?:mois|trimestre)|précédemment|auparavant|payés?|versés?|apportés?|d['\u2019]après|un{SPACE}+an|trois{SPACE}+mois|six{SPACE}+mois|l['\u2019]an)(?!\w))",
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
    if last is None or amount.start - last.end > REACH:
        return None
    if any(a.kind == "quantity" and a.start > max(last.start, sentence.start) for a in before[-2:]):
        return None  # "118 GW en solaire et 61 en éolien" go on from no sum
    if amount.value > 1000 and (last.scale is not None or last.kind == "percent"):
        return None  # "29.500 dollars, sur un total de 51.000", but no millions of thousands
    timed = bool(_time_follows().match(text, amount.end))
    follows = timed or bool(_NO_NOUN_FOLLOWS.match(text, amount.end))
    if not follows and not (amount.in_range and last.in_range):
        return None
    left = text[max(sentence.start, amount.start - 60) : amount.start]
    if re.search(rf"(?<!\w)entre{SPACE}+$", left):
        return None
    if qualified := qualifiers().before.search(left):
        left = left[: qualified.start()]
    against = _AGAINST.search(left) and last.start >= sentence.start and follows
    sold = last.kind == "money" and last.start >= sentence.start and follows and _SOLD_FOR.search(left)
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
        and (FROM.search(text, max(sentence.start, last.start - 30), last.start))
        and change_words().search(text, max(sentence.start, last.start - 90), last.start)
    )
    ranged = (
        amount.in_range
        and last.in_range
        and last.start >= sentence.start
        and re.search(rf"(?<!\w)de{SPACE}+$", left)
    )
    if not (against or listed or clitic or ranged or moved or sold) or (
        last.kind == "percent" and not against
    ):
        return None
    scale = last.scale or Decimal(1)
    bounds = amount.bounds and (times(amount.bounds[0], scale), times(amount.bounds[1], scale))
    value = (bounds[0] + bounds[1]) / 2 if bounds else times(amount.value, scale)
    return amount._replace(
        value=value, bounds=bounds, kind=last.kind, unit=last.unit, scale=last.scale,
        inferred=last.inferred or last.start < sentence.start,
    )  # fmt: skip
