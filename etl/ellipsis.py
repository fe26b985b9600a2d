"""Ellipsis: figures that go on from the one before, in a list, with another party, or without a word of their own.

Prose does not repeat what it has just said: `12, 15 et 20 millions`, `contre 77 millions un an plus tôt`, `(+34 %, à
15,2 milliards)`, `et Microsoft 3 %`. Such a figure takes its measure and parties from the figure that it goes on from.
"""

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import takewhile

from etl.clause import ACCOUNTS, Figure, Scene, apposed, cue_words, spoken_of, subject_of_clause
from etl.cues import Hit
from etl.lexicon import Currency, lexicon
from etl.parties import Mention
from etl.quantities import Evidence, Quantity
from etl.segments import Sentence


def gone_on_from(
    scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]
) -> tuple[Figure, Figure | None] | None:
    """The figure that goes on from the one before it in its sentence, with the one that it repeats; else `None`."""
    previous = _told_last(scene, quantity, before)
    if quantity.kind == "percent" and _is_signed(scene, quantity):
        like = _continued(scene, quantity, before, previous) if previous else None
        return _signed_change(scene, quantity, previous, evidence), like
    if previous is None:
        return None
    if level := _level_reached(scene, quantity, previous, evidence):
        return level, None
    if like := _continued(scene, quantity, before, previous):
        return _of_new_party(scene, _like(like, quantity, scene.sentence, evidence), like), like
    return None


def _told_last(scene: Scene, quantity: Quantity, before: list[Figure]) -> Figure | None:
    """The figure of the sentence to go on from: no change that an aside tells: `43 % (+3 points), contre 56 %`."""
    here = of_sentence(before, scene.sentence)
    for figure in reversed(here):
        start, end = figure.quantity.start, figure.quantity.end
        told = scene.flat.endswith("(", 0, start) and scene.flat.find(")", end, quantity.start) >= 0
        if not (told and figure.measure == "change" and figure is not here[0]):
            return figure
    return None


def takes_up(scene: Scene, figure: Figure, last: Figure) -> bool:
    """Whether a demonstrative takes up the change of the figure before: `Cette hausse est de 0,8 % pour …`."""
    start, _ = figure.evidence.get("measure", (0, 0))
    near = figure.quantity.start - last.quantity.end <= _SPOKEN_OF
    changes = figure.measure == last.measure == "change"
    return changes and near and bool(_THIS.search(scene.flat, max(0, start - 8), start))


_THIS = re.compile(r"\b(?:ce|cet|cette|ces)\s$")
_SPOKEN_OF = 300  # characters from a change to what is said more of it


def more_of_same(scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure | None:
    """A figure without a cue as more of what the text tells: a deal compared, the figure before, most of its sums."""
    if compared := _compared_deal(scene, quantity, evidence, before):
        return compared
    if before and _goes_on(scene, quantity, before[-1]):
        last = before[-1]
        if last.measure == "funding":
            last = last._replace(actor=None)  # who led one round led no other
        named = subject_of_clause(scene, quantity)
        if named and last.measure in _OF_ONE and scene.kinds.get(named) in ("company", "product"):
            last = last._replace(subject=named)
        elif named and last.measure == "compensation" and scene.kinds.get(named) == "person":
            last = last._replace(subject=named)  # "Un autre, Ruoming Pang, aurait obtenu 200 millions"
        elif named and last.measure == "compensation" and scene.kinds.get(named) in ("company", ""):
            same = last.subject == last.actor
            last = last._replace(actor=named, subject=named if same else last.subject)
        return _like(last, quantity, scene.sentence, evidence)
    main = _main_of_text(
        quantity, [figure for figure in before[-_RECENT_SUMS:] if not _is_aside(scene, figure)]
    )
    if main and _pays(scene) and main.measure in _LEVELS:
        return None  # a sum that is paid is no level
    if main and main.measure == "penalty" and _is_wrong(scene, quantity):
        return None
    return _like(main, quantity, scene.sentence, evidence) if main else None


def of_same_deal(scene: Scene, figure: Figure, before: list[Figure]) -> Figure:
    """The figure with the parties of the deal or the stake just told, where it is the same by its nature."""
    previous = before[-1] if before and before[-1].sentence == scene.sentence else None
    if previous and previous.measure == "deal_value":
        figure = _beside_deal(scene, figure, previous)
    if (
        previous
        and previous.measure == figure.measure == "stake"
        and (holder := apposed(scene, figure.quantity))
    ):
        beside = holder != previous.subject and _OTHER_HOLDERS.search(
            scene.flat, previous.sentence.start, figure.quantity.start
        )
        return figure._replace(actor=holder, subject=previous.subject) if beside else figure
    if previous and previous.measure == "stake" and figure.quantity.kind == "money":
        figure = _beside_stake(scene, figure, previous)
    return _of_same_company(figure, before)


def _beside_deal(scene: Scene, figure: Figure, deal: Figure) -> Figure:
    """A figure right behind a deal with the deal's parties, where it is its price by the share or what it buys."""
    if _is_per_share(scene, figure) or (figure.measure == "stake" and figure.subject is None):
        return figure._replace(actor=deal.actor, subject=deal.subject)
    is_share = figure.measure in ("stake", "market_share")
    bought = is_share and _BUYS.fullmatch(scene.flat, deal.quantity.end, figure.quantity.start)
    if bought and not _OF_MARKET.match(scene.flat, figure.quantity.end):
        return figure._replace(measure="stake", actor=deal.actor, subject=deal.subject)
    if figure.measure == "stake" and figure.actor is None and figure.subject == deal.subject:
        return figure._replace(actor=deal.actor)  # "verse 3 millions pour 10 % de Soluvia"
    return figure


# "aux côtés d'Exor (14,2 %) et de la famille Peugeot (7,1 %)": who holds the same company
_OTHER_HOLDERS = re.compile(r"\b(?:aux côtés|devant|derrière|suivie?s?|devancée?)\s(?:de|d'|par|l[ea])")


def _beside_stake(scene: Scene, figure: Figure, stake: Figure) -> Figure:
    """A sum right behind a stake as its price or its worth: `10 % d'Intel pour 9 milliards`, `une part estimée à`."""
    between = stake.quantity.end, figure.quantity.start
    if (
        figure.measure == "deal_value"
        and figure.subject is None
        and _AT_PRICE.fullmatch(scene.flat, *between)
    ):
        return figure._replace(subject=stake.subject, unresolved=None if stake.subject else figure.unresolved)
    if figure.measure != "other" or "measure" in figure.evidence or size_of(figure.quantity) < LARGE_SUM:
        return figure
    if _AT_PRICE.fullmatch(scene.flat, *between):
        return figure._replace(
            measure="deal_value", actor=stake.actor, subject=stake.subject, unresolved=None
        )
    if _WORTH.fullmatch(scene.flat, *between):
        return figure._replace(measure="valuation", actor=stake.actor, subject=stake.subject, unresolved=None)
    return figure


_AT_PRICE = re.compile(r"[^,;.:()]{0,60}\s(?:pour|contre|moyennant|en\séchange\sd[e'])\s?(?:\w+\s(?:de\s)?)?")
_WORTH = re.compile(
    r"[^,;.:()]{0,40},\s(?:une|la)\s(?:part|participation)\s(?:\w+\s)?(?:estim|évalu|valoris)ée\sà\s(?:\w+\s(?:de\s)?)?"
)


# As in "5,7 milliards de dollars en 2020 pour 9,99 % des titres", and not "pour 20 % du marché".
_BUYS = re.compile(
    r"(?:\s\([^()]*\))?(?:\sen\s\d{4})?,?\s(?:pour|contre|en\séchange\sd[e'])\s?(?:\w+\s(?:de\s)?)?"
)
_OF_MARKET = re.compile(r"\s(?:des?|du|d')\s?(?:parts?\sde\s|ce\s)?(?:marché|secteur)")


def of_sentence(figures: list[Figure], sentence: Sentence) -> list[Figure]:
    """The figures of the sentence that is being read: the last ones."""
    return [*takewhile(lambda figure: figure.sentence == sentence, reversed(figures))][::-1]


_RECENT = 6  # figures back to the stake that `il en avait 32 %` is of too


def _of_same_company(figure: Figure, before: list[Figure]) -> Figure:
    """A stake whose company is not named, as one in the company of the stake before: `il en avait 32,5 %`."""
    if figure.measure != "stake" or figure.subject is not None:
        return figure
    stakes = (f for f in reversed(before[-_RECENT:]) if f.measure == "stake" and f.subject)
    last = next(stakes, None)
    if last is None:
        return figure
    actor = last.actor if figure.actor == last.subject else figure.actor  # no company holds itself
    return figure._replace(subject=last.subject, actor=actor)


def _is_per_share(scene: Scene, figure: Figure) -> bool:
    """Whether a figure is the deal before it by the share: `soit 56 dollars par titre et une prime de 23 %`."""
    return cue_words(scene, figure) in ("par action", "par titre", "prime")


def _is_signed(scene: Scene, quantity: Quantity) -> bool:
    """Whether a quantity is printed with its sign."""
    return scene.text[quantity.start] in "+-\u2212"


def _signed_change(scene: Scene, quantity: Quantity, previous: Figure | None, evidence: Evidence) -> Figure:
    """A percentage with its sign, `(+15 %)`: the change of what the figure before it measures."""
    direction = "up" if scene.text[quantity.start] == "+" else "down"
    base = (
        previous.base if previous and previous.measure == "change" else previous.measure if previous else None
    )
    evidence["measure"] = evidence["direction"] = (quantity.start, quantity.start + 1)
    subject = previous.subject if previous else spoken_of(scene, quantity)
    return Figure(quantity, scene.sentence, evidence, "change", subject, direction=direction, base=base)


_UP_TO = re.compile(r",?\sà\s(?:près\sde\s|plus\sde\s|environ\s|quelque\s)?")


_DEAREST_SHARE = 10_000


_FEW = 10  # "a perdu 4 centimes, à 1,52 euro"


def _is_share_price(quantity: Quantity, previous: Figure) -> bool:
    """Whether a small sum is where a change has brought a share: `Tesla se replie de 3,92 % à 238,67 dollars`."""
    small = quantity.kind == "money" and size_of(quantity) < _DEAREST_SHARE
    moved = previous.quantity.kind == "percent" or size_of(previous.quantity) < _FEW
    return small and previous.measure == "change" and moved and not previous.base


def _level_reached(scene: Scene, quantity: Quantity, previous: Figure, evidence: Evidence) -> Figure | None:
    """The account that a signed change has brought to a sum: `Google Cloud : +34 %, à 15,2 milliards`."""
    measure = previous.base or scene.theme
    if _is_share_price(quantity, previous) and _UP_TO.fullmatch(
        scene.flat, previous.quantity.end, quantity.start
    ):
        evidence["measure"] = (previous.quantity.start, previous.quantity.end)
        return Figure(quantity, scene.sentence, evidence, "price", previous.subject)
    signed = _is_signed(scene, previous.quantity) and previous.measure == "change"
    if not signed or quantity.kind != "money" or measure is None:
        return None
    if not _UP_TO.fullmatch(scene.flat, previous.quantity.end, quantity.start):
        return None
    evidence["measure"] = (previous.quantity.start, previous.quantity.end)
    return Figure(quantity, scene.sentence, evidence, measure, previous.subject)


# The second of two changes: "… a progressé de 16 %, et son bénéfice net de 35 %".
_AND_ITS = re.compile(
    r"\bet\s(?:son|sa|ses|leur|leurs|le|la|les|l'|celui|celle|ceux|celles)\s?[^,;:.\d]{0,40}\sde\s(?:\w+\sde\s)?$"
)


# Lists of changes: "de 0,9 % pour les uns, de 2 % pour les autres"; "… de 16 %, et celui de Nissan de 35 %".
_MORE_CHANGE = re.compile(
    r"\bet\b[^;:]{0,60}\bde (?:\w+ de )?$|^[^.;:]{0,90},\s(?:et\s)?de\s$"
    r"|,\s(?:celui|celle|ceux|celles)\s(?:de|des|du|d')[^,;:.]{1,50}\sde\s$"
)


def _continued(scene: Scene, quantity: Quantity, before: list[Figure], previous: Figure) -> Figure | None:
    """The figure just before that this one goes on from: a conversion, a list, `contre 77 millions un an plus tôt`."""
    if quantity.kind == "percent" and _AND_ITS.search(scene.flat, scene.sentence.start, quantity.start):
        changes = [f for f in of_sentence(before, scene.sentence) if f.measure == "change"]
        if changes:
            return changes[-1]
    if previous.measure == "deal_value" and _BY_SHARE.match(scene.flat, quantity.end):
        return None  # "15,8 milliards, soit 131,50 dollars par action": the price of one
    if quantity.equivalent_of == previous.quantity.start:
        return previous
    if previous.quantity.kind != quantity.kind or previous.measure is None:
        return None
    if _elided(scene, quantity, previous):
        return previous
    gap = scene.flat[previous.quantity.end : quantity.start]
    if _AGAINST.search(gap):
        gap = _ASIDE.sub("", gap)
    if quantity.unit == previous.quantity.unit == "percent" and _PRECISELY.fullmatch(gap):
        return previous if scene.flat.startswith(")", quantity.end) else None
    if previous.measure == "change" and gap.startswith(" à "):
        return None  # "de 0,4 point à 71,8 %": the level that the change has led to
    return previous if _is_listed(scene, quantity, previous, gap) else None


def _is_listed(scene: Scene, quantity: Quantity, previous: Figure, gap: str) -> bool:
    """Whether what stands between two figures of a kind makes them a list, or sets the second against the first."""
    if quantity.kind == "percent" and previous.measure == "change" and _MORE_CHANGE.search(gap):
        return True
    each = quantity.kind == "percent" and _EACH.fullmatch(gap)
    if each and scene.flat.startswith(f" {each['of']} ", quantity.end):
        return True
    if previous.measure == "market_share" and _BEHIND_IT.fullmatch(gap):
        return True
    after = quantity.kind == "percent" and _AFTER.search(gap) and _THEN.match(scene.flat, quantity.end)
    against = after or _AGAINST.search(gap)
    if len(gap) > (_FAR_AGAINST if against else _FAR):
        return False
    between = [h for h in scene.hits if previous.quantity.end <= h.start < quantity.start]
    if _is_wrong(scene, quantity) or any(
        h.form.cue.weight > 1 or _is_its_verb(scene, h, quantity) for h in between
    ):
        return False
    return bool(against or _NEXT_ITEM.fullmatch(gap)) and not _has_own_account(scene, quantity, previous)


def _has_own_account(scene: Scene, quantity: Quantity, previous: Figure) -> bool:
    """Whether another account stands right behind a sum: `un chiffre d'affaires de 130 millions et 8 de dette`."""
    return any(
        hit.start == quantity.end + 1
        and hit.form.kind == "after"
        and hit.form.cue.measure in ACCOUNTS
        and hit.form.cue.measure != previous.measure
        and scene.flat.startswith(("de ", "d'"), hit.start)
        for hit in scene.hits
    )


def _is_its_verb(scene: Scene, hit: Hit, quantity: Quantity) -> bool:
    """Whether a cue is the verb of a clause whose object the figure is: `…, les fêtes coûtent 10 000 euros`."""
    if (
        hit.form.kind != "verb"
        or hit.form.participle
        or not _OBJECT.fullmatch(scene.flat, hit.end, quantity.start)
    ):
        return False
    return bool(_SUBJECT.search(scene.flat, scene.sentence.start, hit.start))


_OBJECT = re.compile(r"\s(?:(?:\w+\s){0,2}(?:de\s|d'))?")
_SUBJECT = re.compile(
    r"(?:,|\bet|\bmais|\bquand)\s(?:l[ea]s?\s|l'|un\s|une\s|cette\s|ce\s|s(?:on|a|es)\s)[\w' -]{2,40}\s$"
)


# As in: Netflix détient 34 % du marché, devant Disney+ (21 %) et HBO Max (15 %).
_BEHIND_IT = re.compile(
    r"[^.;:()\d]{0,60},\s(?:loin\s|juste\s)?(?:devant|derrière)\s[^,.;:()\d]{2,40}\s\(|\)\s?,?\s(?:et\s|puis\s)?[^,.;:()\d]{2,40}\s\("
)
_NEXT_ITEM = re.compile(r"[\s,]*(?:et|ou|à|puis|voire|-)?\s*(?:de\s|à\s|d'|les\s|en\s\d{4}\s|\w+\s){0,3}")
_BY_SHARE = re.compile(r"\spar\s(?:action|titre)\b")
_ASIDE = re.compile(r"\s\([^()]*\)")  # "43 % (+3 points), contre 56 %"
# "2,8 % pour les cadres et 2,4 % pour les ouvriers": both figures stand before the same preposition
_EACH = re.compile(
    r"\s(?P<of>pour|chez|parmi|en|à|au|aux|dans|contre)\s[^,;:.()]{2,50}(?:,|,?\set|,?\smais|\spuis)\s(?:de\s|à\s)?"
)
_AGAINST = re.compile(r"\bcontre\s+(?:\w+\s|d'){0,3}$")
_AFTER = re.compile(r"\saprès\s(?:\+\s?)?$")
# As in: après 1,8 % en 2018
_THEN = re.compile(r"\s(?:en\s(?:\d{4}|[a-zéû]+)|l'an|l'année|un\san|le\s[a-z]+\s(?:précédent|dernier))\b")
_FAR, _FAR_AGAINST = 60, 90  # characters from one figure to the next that goes on from it
# As in: plus de 100 % du PIB (100,5 %)
_PRECISELY = re.compile(r"\s(?:du|de\sla|des|de\sl'|de)\s?[^(),;.:\d]{2,40}\s\(")
# "Le groupe disposait de 24 milliards de trésorerie, Oracle de 11": the second clause leaves out the verb.
_ELIDED = re.compile(
    r"\s(?:de\s|d'|à\s)?(?:(?:un\speu\s)?(?:plus|moins)\sde\s|(?:près|autour)\sde\s|environ\s|quelque\s|presque\s|jusqu'à\s|au\smoins\s|à\speine\s)?"
)


def _elided(scene: Scene, quantity: Quantity, previous: Figure) -> Mention | None:
    """The entity that does what the one before did, where the text does not repeat the verb."""
    for mention in scene.mentions:
        if not previous.quantity.end <= mention.start < quantity.start or mention.kind in ("place", "media"):
            continue
        between = scene.flat[previous.quantity.end : mention.start]
        if (
            _ELIDED.fullmatch(scene.flat, mention.end, quantity.start)
            and re.search(r"(?:,\s|\set\s)(?:l[ea]\s|l')?$", between)
            and not re.search(r"[.;:]", between)
        ):
            return mention
    return None


def _like(figure: Figure, quantity: Quantity, sentence: Sentence, evidence: Evidence) -> Figure:
    """The figure with the measure and parties of one that it goes on from."""
    for column in ("measure", "subject", "actor"):
        if column in figure.evidence:
            evidence[column] = figure.evidence[column]
    return figure._replace(
        quantity=quantity, sentence=sentence, evidence=evidence, status="actual", attribution=None
    )


def _is_aside(scene: Scene, figure: Figure) -> bool:
    """Whether a figure is told by the way, of somebody compared: `un mastodonte comme Sanofi (36 milliards …)`."""
    return scene.flat[figure.quantity.start - 1 : figure.quantity.start] == "("


_RECENT_SUMS = 60  # figures back that say what a text counts


def _main_of_text(quantity: Quantity, before: list[Figure]) -> Figure | None:
    """The last figure of the measure that most sums so far have: a sum of its order without a cue is of it too."""
    told = [
        f for f in before if f.quantity.kind == "money" and f.unresolved != "no cue" and f.measure in _MAIN
    ]
    if quantity.kind != "money" or not told:
        return None
    measure, times = Counter(figure.measure for figure in told).most_common(1)[0]
    size = size_of(quantity)
    if times * 2 < len(told) or (measure == "deal_value" and size < LARGE_SUM):
        return None
    alike = [f for f in told if f.measure == measure]
    return next((f for f in reversed(alike) if f.subject), alike[-1])


_MAIN = (
    "deal_value",
    "funding",
    "penalty",
    "compensation",
    "budget",
    "capex",
    "price",
    "revenue",
    "valuation",
)


def _of_new_party(scene: Scene, figure: Figure, before: Figure) -> Figure:
    """The figure with the party that is new since the one before: `Nvidia cédait 2 % et Microsoft 3 %`."""
    quantity = figure.quantity
    if quantity.equivalent_of is not None:
        return figure
    for mention in scene.mentions:
        between = before.quantity.end <= mention.start and mention.end <= quantity.start
        if not between or mention.kind in ("place", "media"):
            continue
        if mention == _elided(scene, quantity, before) or re.fullmatch(
            r"(?:,?\s(?:et\s|puis\s|contre\s)?|\s;\s)(?:l[ea]s?\s|l')?",
            scene.flat[before.quantity.end : mention.start],
        ):
            if before.actor and _acts(before):
                figure.evidence["actor"] = (mention.start, mention.end)
                own = before.subject == before.actor  # who spends is told of, too
                return figure._replace(actor=mention.name, subject=mention.name if own else figure.subject)
            figure.evidence["subject"] = (mention.start, mention.end)
            return figure._replace(subject=mention.name)
    return figure


def _acts(figure: Figure) -> bool:
    """Whether it is the actor of a figure that stands before it: the place that a new party takes."""
    place = figure.evidence.get("actor")
    return place is not None and place[1] <= figure.quantity.start


_OF_ONE = ("penalty", "revenue", "earnings", "loss", "valuation", "capex")  # what each company has of its own


def _compared_deal(
    scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]
) -> Figure | None:
    """The deal that a text on a deal compares with its own: `L'affaire est moins chère que Skype (8,5 Md$ en 2011)`."""
    name = apposed(scene, quantity)
    size = size_of(quantity)
    level = before and before[-1].measure in (*ACCOUNTS, "funding") and before[-1].measure != "price"
    if name is None or size < LARGE_SUM or not scene.deal[1] or level:
        return None
    if quantity.kind != "money" or scene.kinds.get(name) not in ("company", "product"):
        return None
    return Figure(quantity, scene.sentence, evidence, "deal_value", name, scene.deal[0])


LARGE_SUM = 50_000_000  # no share, seat or good of the press costs as much; a company does


def size_of(quantity: Quantity) -> Decimal:
    """How large a figure is as far as a number is printed, its value or else its lower bound; sums in about dollars."""
    size = quantity.value or quantity.low or Decimal(0)
    return size / _per_dollar().get(quantity.unit[:3], 1) if quantity.kind == "money" else size


@cache
def _per_dollar() -> dict[str, int]:
    return {entry.code: entry.per_dollar for entry in lexicon().of(Currency) if entry.per_dollar > 1}


_ONGOING = (
    "deal_value", "funding", "valuation", "capex", "penalty", "budget", "compensation", "revenue", "earnings", "loss",
    "market_share", "rate",
)  # fmt: skip


_LEVELS = ("valuation", "revenue", "earnings", "loss")


def _pays(scene: Scene) -> bool:
    """Whether a verb of the sentence pays."""
    return any(hit.form.kind == "verb" and hit.form.cue.measure == "deal_value" for hit in scene.hits)


def _is_wrong(scene: Scene, quantity: Quantity) -> bool:
    """Whether a figure tells what somebody is punished for: `condamné à deux ans pour avoir détourné 3 millions`."""
    told = scene.sentence.start, quantity.start
    return scene.flat.find(" pour ", *told) >= 0 and bool(_WRONG.search(scene.flat, *told))


_WRONG = re.compile(r"\spour\s(?:avoir|s'être)\s[^,;.:]+$")


def _goes_on(scene: Scene, quantity: Quantity, last: Figure) -> bool:
    """Whether a figure without a cue tells more of what the one before it told: same kind and unit, close behind."""
    if _pays(scene) and last.measure in _LEVELS:
        return False
    if last.measure in _LEVELS and _is_aside(scene, last):
        return False
    if last.measure == "penalty" and _is_wrong(scene, quantity):
        return False
    speaks_of = subject_of_clause(scene, quantity)
    another = speaks_of and speaks_of not in (last.subject, last.actor) and not apposed(scene, quantity)
    if last.measure == "deal_value" and another:
        return False
    return (
        last.measure in _ONGOING
        and last.quantity.kind == quantity.kind
        and last.quantity.unit == quantity.unit
        and last.sentence.zone == scene.sentence.zone
        and quantity.start - last.quantity.end < 350
    )
