"""Cues: the words that say what a figure measures, and how near each stands to it.

Every cue of the words (`measures.toml`) is found in one pass over the text. For a figure they compete: what stands
between counts against a cue, and one that governs a figure of its own does not reach for another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from etl.lexicon import (
    Cue,
    Phrases,
    conjugated,
    find_phrases,
    lexicon,
    phrases_of,
    printed_words_of,
    whole_words,
)
from etl.quantities import Quantity


class Form(NamedTuple):
    """One cue as a phrase can print it."""

    cue: Cue
    kind: str  # noun, verb or after
    participle: bool
    finite: bool = False  # a verb of one word that is neither infinitive nor participle


class Hit(NamedTuple):
    """A cue at `start:end` of the text."""

    start: int
    end: int
    form: Form


_PARTICIPLE = re.compile(
    r".*(?:é|ée|és|ées|i|ie|is|ies|u|ue|us|ues|acquis|acquise|repris|reprise|pris|offert|détenu|détenue)\b.*"
)


# "évalue" is no participle, "vendue" is.
_PAST_OF_ER = re.compile(r"(?:s'|se )?[\w-]+ée?s?(?!\w)")
_PAST = re.compile(r"(?:s'|se )?[\w-]+[iu]e?s?(?!\w)")


@cache
def _cues() -> Phrases[Form | None]:
    masks = printed_words_of("no cue")
    return phrases_of([*cue_forms(), *((word, None) for word in masks)])


def cue_forms() -> Iterator[tuple[str, Form]]:
    """Every phrase that prints a cue, with the cue."""
    owners = {noun: cue for cue in lexicon().of(Cue) for noun in cue.nouns}
    for cue in lexicon().of(Cue):
        for noun in cue.nouns:
            yield noun, Form(cue, "noun", participle=False)
        for verb in cue.verbs:
            ending = _PAST_OF_ER if re.match(r"(?:s'|se )?[\w-]+er\b", verb) else _PAST
            for form in conjugated(verb):
                finite = bool(_FINITE.fullmatch(form))
                yield form, Form(cue, "verb", participle=bool(ending.match(form)), finite=finite)
        for phrase in cue.phrases:
            auxiliary = phrase.startswith(("a ", "ont ", "avait ", "s'"))
            participle = not auxiliary and bool(_PARTICIPLE.fullmatch(phrase))
            yield phrase, Form(cue, "verb", participle, finite=bool(_FINITE.fullmatch(phrase)))
        for phrase in cue.after:
            yield phrase, Form(cue, "after", participle=False)
            noun = _LED.sub("", phrase)
            if noun in owners:  # "3 millions de ventes", and "des ventes de 3 millions"
                yield phrase, Form(owners[noun], "noun", participle=False)


_LED = re.compile(r"^(?:des?\s|du\s|d'|l[ea]\s)")


def find_cues(flat: str, start: int, end: int) -> list[Hit]:
    """Every cue that begins in `flat[start:end]`, a folded text, in order; the longest phrase wins."""
    includes = flat.find("compris", start, end) >= 0
    return [
        Hit(a, b, form)
        for a, b, forms in find_phrases(_cues(), flat, start, end)
        for form in forms
        if form is not None
        and not (includes and _INCLUDED.match(flat, b))
        and not (form.finite and _DETERMINED.search(flat[max(0, a - 6) : a]))
        and not (form.participle and _COUNTED.search(flat[max(0, a - 6) : a]))
    ]


# "un plan d'épargne" saves nothing: no finite verb stands behind a determiner or "de".
_FINITE = re.compile(r"(?!\w+(?:er|ir|re|é|ée|és|ées|i|u|is|us|ie|ue|ies|ues|ant)$)\w+")
_DETERMINED = re.compile(r"(?<!\w)(?:d'|(?:de|du|des|une?|cette|son|sa|ses|leurs?|au|aux)\s)$")


# "les détenus", "300 condamnés": a participle that is a noun.
_COUNTED = re.compile(r"(?<!\w)(?:\d\s|(?:l|d|c)es\s|aux\s)$")
# "dette comprise", "primes de fidélité comprises": what is in a sum is not what it measures.
# "comprise entre" bounds it.
_INCLUDED = re.compile(r"\s(?:de\s\w+\s)?compris(?:es?)?\b(?!\sentre\b)")


_REACH = 45.0


WORD = re.compile(r"\w+")
RELATIVE = re.compile(
    whole_words(
        "que", "qui", "qu'", "dont", "alors que", "tandis que", "après", "apres", "avant", "contre", "mais", "lorsque",
        "soit", "puis", "(", ")",
    )
)  # fmt: skip


def ranked(
    flat: str, hits: list[Hit], quantities: list[Quantity], quantity: Quantity
) -> Iterator[tuple[float, Hit]]:
    """The cues that can govern a figure, each with its cost: how far it stands, in words and in what separates."""
    nouns = [hit for hit in hits if hit.form.kind == "noun"]
    for hit in hits:
        form, cue = hit.form, hit.form.cue
        if cue.kinds and quantity.kind not in cue.kinds:
            continue
        cost = -_LIMITS if _is_bounded(flat, hit, quantity) else _cost(flat, hit, quantities, quantity)
        if cost is not None and (form.kind == "verb" or cue.measure == "price"):
            yields = _has_own_noun(flat, nouns, hit, quantity) or _is_of_account(flat, nouns, hit)
            cost += _YIELDS if yields else 0
        if cost is not None and cost < _REACH:
            yield cost, hit


_YIELDS = 8.0


def _has_own_noun(flat: str, nouns: list[Hit], hit: Hit, quantity: Quantity) -> bool:
    """Whether a noun that governs the figure stands nearer than the hit: `accorde une subvention de 3 millions`."""
    return any(
        other.end <= quantity.start
        and other.form.cue.measure != hit.form.cue.measure
        and (not other.form.cue.kinds or quantity.kind in other.form.cue.kinds)
        and (hit.end <= other.start or hit.start >= quantity.end)
        and _OF_FIGURE.fullmatch(flat, other.end, quantity.start)
        for other in nouns
    )


_PAYING = ("compensation", "deal_value", "stake", "penalty", "valuation")
_ACCOUNTS = ("revenue", "earnings", "loss", "debt", "assets")


def _is_of_account(flat: str, nouns: list[Hit], hit: Hit) -> bool:
    """Whether the subject of a verb of paying is an account: `les recettes ont touché 300 millions`."""
    return hit.form.cue.measure in _PAYING and any(
        other.form.cue.measure in _ACCOUNTS and _AT_ONCE.fullmatch(flat, other.end, hit.start)
        for other in nouns
    )


_AT_ONCE = re.compile(r"\s(?:\w+\s)?")


_OF_FIGURE = re.compile(r"\s(?:de\s|d')(?:près\s(?:de\s|d')|plus\s(?:de\s|d')|environ\s|quelque\s|\w+\s)?")


_NEAR_BEHIND = 12  # characters; "75 % âgées de moins de 35 ans" are not so many less


def _cost(flat: str, hit: Hit, quantities: list[Quantity], quantity: Quantity) -> float | None:
    """How far a cue stands from a figure, in words and in what separates them; `None` where it cannot govern it."""
    if hit.form.kind == "after":
        gap = flat[quantity.end : hit.start]
        return (
            -hit.form.cue.weight - 6
            if quantity.end <= hit.start
            and len(gap.strip(' "»”')) <= (0 if hit.form.cue.direction else _NEAR_BEHIND)
            and "," not in gap
            else None
        )
    if quantity.start <= hit.start and hit.end <= quantity.end:
        # "50 salariés", "a doublé": the noun or the verb of the figure itself
        return -_REACH if hit.form.cue.kinds == (quantity.kind,) else None
    if hit.start < quantity.end and hit.end > quantity.start:
        return None
    if hit.end <= quantity.start:
        gap, side = flat[hit.end : quantity.start], 0.0
    elif flat.find("qu", quantity.end, hit.start) >= 0 and (
        presented := _PRESENTED.match(flat, quantity.end, hit.start)
    ):
        return len(WORD.findall(flat, presented.end(), hit.start)) - hit.form.cue.weight
    else:
        gap, side = flat[quantity.end : hit.start], 5.0
        if _governs_its_own(flat, quantities, hit):
            return None
        if hit.form.cue.measure == "penalty" and hit.form.kind == "verb" and _NEW_CLAUSE.search(gap):
            return None
        if _OF_IT.fullmatch(gap):
            side = -2.0
    if hit.form.cue.direction and _SOLD.match(flat, quantity.end) and flat[hit.start : hit.start + 2] == "cé":
        return None
    if hit.form.cue.direction and not _tells_change(flat, hit, quantity):
        return None
    between = 0
    if len(quantities) > 1:
        side += _taken(flat, hit, quantities, quantity)
        first, last = min(hit.end, quantity.end), max(hit.start, quantity.start)
        between = sum(first <= other.start < last and other is not quantity for other in quantities)
    words = len(WORD.findall(gap))
    if hit.form.kind == "noun" and hit.end <= quantity.start and _WHOSE_LEVEL.fullmatch(gap):
        return words + side - hit.form.cue.weight
    separated = 2.5 * gap.count(",") + 9 * (gap.count(";") + gap.count(":")) + 5 * len(RELATIVE.findall(gap))
    return words + side + separated + 5 * between - hit.form.cue.weight


def _is_bounded(flat: str, hit: Hit, quantity: Quantity) -> bool:
    """Whether a figure bounds or tells the change right behind it: `plafonner à 3,5 % la hausse`, `estime à 3 %`."""
    changes = hit.form.kind == "noun" and bool(hit.form.cue.direction)
    behind = quantity.end <= hit.start <= quantity.end + _NEAR_BEHIND
    return changes and behind and bool(_LIMIT.search(flat, max(0, quantity.start - 40), quantity.start))


_LIMITS = 10.0  # more than the verb itself has of the figure
_LIMIT = re.compile(
    r"\b(?:plafonn|limit|born|conten|cantonn|fix|estim|évalu|chiffr)\w*\s(?:\w+\s)?à\s(?:\w+\s)?$"
)


def _taken(flat: str, hit: Hit, quantities: list[Quantity], quantity: Quantity) -> float:
    """What it costs a cue before a figure that it has one of its own: `avoir gagné 42 %, … à 12 dollars`."""
    own = next((q for q in quantities if q.start >= hit.end), None)
    if own is None or own is quantity or own.kind == quantity.kind or hit.end > quantity.start:
        return 0.0
    return 6.0 if _GOVERNS.fullmatch(flat[hit.end : own.start]) else 0.0


_OF_IT = re.compile(r"\s*(?:de|d'|du|des|en)\s*(?:\w+\s)?")
# "Les exportations valent 33 milliards, le secteur réclame": the verb of another clause.
_NEW_CLAUSE = re.compile(r",\s(?:et\s)?(?:l[ea]s?\s|l'|ce(?:s|tte)?\s|s(?:on|a|es)\s)(?:[\w'-]+\s){1,4}$")


# "Quinze millions d'euros : c'est la somme que Microsoft a mise": the verb behind governs the figure.
_PRESENTED = re.compile(
    r"(?:[^.;:]{0,50}(?:\([^)]*\))?)?\s?[:,]\s(?:c'est|c'était|voilà|tel est|telle est)\s[^.;:\d]{0,40}?\bqu(?:e\s|')"
    r"|\.\s?(?:c'est|tel est|telle est|voilà)\s[^.;:\d]{0,30}\bqu(?:e\s|')"
)


# "céder 25 % à son fonds" sells a share, "céder 2 % à 45 euros" loses in price.
_SOLD = re.compile(r"\s(?:à|au|aux|du|de)\s(?!\d)")


_GOVERNS = re.compile(
    r"\s(?:(?:\w+\s){0,3}(?:de|d'|à|inférieure? à|supérieure? à)\s?(?:\w+\s(?:de|d')\s?)?)?$"
)


def _governs_its_own(flat: str, quantities: list[Quantity], hit: Hit) -> bool:
    """Whether a noun behind a figure has a figure of its own: `19,7 milliards, avec une prime de 23 %`."""
    following = next((q for q in quantities if q.start >= hit.end), None)
    return following is not None and bool(_GOVERNS.fullmatch(flat[hit.end : following.start]))


# "la rémunération de Luc Bernard, qui s'élevait au titre de 2015 à": the clause says what its noun amounts to
_WHOSE_LEVEL = re.compile(
    r"\s[^.;:,()\d]{0,60},?\squi\s(?:s'élèv|s'élev|s'est\sélev|se\smont|se\schiffr|attei|avoisin|dépass|excéd|culmin|ressort)"
    r"[^.;:,()]{0,40}\s"
)


# The verb between a cue and its figure: le gain dépasse 61 %, la hausse atteint 5 %.
_REACHES = re.compile(
    r"\s(?:[\w']+\s){0,6}?(?:atteint|atteignait|atteindra|dépasse|dépassait|est|était|sera|(?:a|ont|avait|aura)\sété"
    r"|ressort|avoisine|s'élève|s'établit|(?:s'est|s'était|est)\s(?:établi|élevé|ressorti|monté)e?)"
    r"\s(?:[\w']+\s){0,3}(?:de\s|d'|à\s)?"
)


_ASIDE = re.compile(r"\s\([^()]*\)")  # "les augmentations (générales et individuelles) ont été de 2,8 %"
# What stands between the noun of a change and its size: "des augmentations pouvant aller jusqu'à 30 %", "une
# croissance organique de son revenu net entre 5 % et 6 %", "une croissance limitée, aux alentours de 1,9 %".
_AIMS = re.compile(
    r"(?:\s[\w']+){0,3}?\s(?:pouvant|allant)\s(?:aller\s|atteindre\s|monter\s)?(?:jusqu'à\s|à\s)?"
    r"|(?:\s[\w'-]+){1,6}?,\s(?:de\s)?(?:près|environ|quelque)\s(?:de\s|d')?"
    r"|(?:\s[\w'-]+){1,6}?,?\s(?:entre|comprise?\sentre|aux\salentours\sd(?:e\s|')|autour\sd(?:e\s|')|de\sl'ordre\sd(?:e\s|'))"
)


# Verbs whose "de 2 milliards" is by how much, not what.
_MOVES = re.compile(
    r"(?:baiss|recul|chut|diminu|fond|effondr|augment|progress|grimp|bond|gonfl|rebond|amput|retranch|creus|envol|accr|cr[ûo]"
    r"|rédui|relev|major|minor|abaiss|revaloris|alourd|allég)"
)


# "le chômage a bondi, passant de 5 % à 12 %": a level, and no amount of a change.
_FROM_LEVEL = re.compile(r"\bpass(?:ant|é|ée|és|ées|e|ent|ait|aient)\sde\s$")
# "le taux est abaissé de 14 % à 11 %": two levels
_TO_LEVEL = re.compile(r"\s(?:à|vers)\s(?:environ\s|près\sde\s)?\d[\d,.]*\s?%")
# The words before "5 et 6 %" in `une hausse organique de son résultat entre`, or `une hausse, aux alentours de`.
_ABOUT = re.compile(
    r"\s[^.;:()\d]{0,50}\b(?:comprise?\s)?entre\s|\s[^.;:()]{0,50},\s(?:aux\salentours|autour|de\sl'ordre)\sde\s"
)


# What hedges a figure, or counts it up to now: "ont perdu presque 30 %", "prend encore 3 %"
_HEDGE = re.compile(
    r"(?:\b(?:plus|moins|près|environ|quelque|autour|au|jusqu)\b[\s\w']*"
    r"|\b(?:presque|quasi|quasiment|pratiquement|à\speine|seulement|respectivement|encore|déjà|en\smoyenne|ainsi|même)\s)?$"
)


def _tells_change(flat: str, hit: Hit, quantity: Quantity) -> bool:
    """Whether a figure is the amount of a change: `en hausse de 5 %`, `perd 5 %`; not its level: `en hausse à 5 %`."""
    if hit.end <= quantity.start:
        gap = _ASIDE.sub("", flat[hit.end : quantity.start])
        if _FROM_LEVEL.search(gap):
            return False
        if quantity.kind == "percent" and (
            gap == " entre " or (hit.form.kind == "noun" and _ABOUT.fullmatch(gap))
        ):
            return True
        if len(gap) > 70 or _OF_ANOTHER.search(gap):
            return False
        lead = _HEDGE.search(gap)
        head = gap[: lead.start()] if lead else gap
        if (
            quantity.kind == "percent"
            and hit.form.kind == "noun"
            and (_REACHES.fullmatch(gap) or _AIMS.fullmatch(gap))
        ):
            return True
        growth = flat[hit.start : hit.end] == "croissance"
        if growth and quantity.kind == "percent" and _TO_SIZE.search(head):
            return True
        if quantity.unit == "percent" and _TO_LEVEL.match(flat, quantity.end):
            return False
        if _TO.search(head) and "jusqu'à" not in gap:
            return False
        if quantity.kind == "money" and _MOVES.match(flat, hit.start):
            return bool(_BY_SUM.fullmatch(head))
        if quantity.kind == "money":
            return hit.form.kind == "noun" and bool(_OF_SUM.fullmatch(gap))
        return bool(_BY.search(head)) or not head.strip()
    gap = flat[quantity.end : hit.start]
    return bool(_OF_NOUN.fullmatch(gap)) or not gap.strip()


_OF_ANOTHER = re.compile(r"[;:.()]|\b(?:qui|que(?! de)|et|pour)\b")
_TO = re.compile(r"\b(?:à|au|aux|pour)\s*$")
_TO_SIZE = re.compile(r"\bà\s*$")  # "une croissance à 5 %"
_BY_SUM = re.compile(r"\s(?:de\s|d')")
_BY = re.compile(r"\b(?:de|d'|des|par)\s*$|^\s*(?:de\s|d')")
_OF_SUM = re.compile(r"\s*(?:\w+\s){0,2}(?:de\s|d')[\w\s']*")
_OF_NOUN = re.compile(r"\s*(?:de|d'|en)\s*(?:\w+\s)?")
