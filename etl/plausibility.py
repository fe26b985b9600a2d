"""Plausibility: whether a figure can be what its cue says, by its size and by whose it is.

A house is no deal, 26 billion no share's price, cocaine no company: the figure takes the measure that it can have.
"""

from __future__ import annotations

import re
from functools import cache

from etl.clause import Figure, Scene, is_passive
from etl.cues import Hit
from etl.ellipsis import LARGE_SUM, size_of
from etl.lexicon import alternation, words_of
from etl.nouns import Phrase, is_subject_of, reduced, subject_phrase
from etl.payments import is_public_payer, with_debtor
from etl.quantities import Quantity
from etl.shares import ballot, is_of_an_amount, is_of_common_noun

_BUSINESS = ("", "company", "product", "institution", "media")  # kinds that can be bought and have a value
_SMALLEST_DEAL = 100_000
# "L'action a bondi, ajoutant 442 milliards à la valorisation de Nvidia"
_ADDS_TO_VALUE = re.compile(
    r"\s(?:à\s(?:la|sa|leur)\s(?:valorisation|capitalisation|valeur)|en\sune\s(?:seule\s)?séance)\b"
)
_ADDS = re.compile(r"\bajout\w+\s(?:[\w']+\s){0,3}$")


def of_a_company(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """The figure unless its measure needs a company and has none: a house is no deal, cocaine no company."""
    if figure.measure == "stake":
        return _as_part(scene, figure, hit)
    if size_of(figure.quantity) >= _LEAST_SOLD:
        figure = _of_his_firm(scene, figure, hit)
    if figure.measure not in ("deal_value", "valuation"):
        return figure
    adds = _ADDS.search(scene.flat, scene.sentence.start, figure.quantity.start)
    if adds and _ADDS_TO_VALUE.match(scene.flat, figure.quantity.end):
        return figure._replace(
            measure="change", direction="up", base="valuation", subject=figure.actor, actor=None
        )
    if figure.measure == "deal_value":
        if public := _as_public(scene, figure, hit):
            return public
        if _is_thing_sold(scene, figure, hit):
            return figure._replace(measure="price", actor=None)
    kind = scene.kinds.get(figure.subject, "") if figure.subject else None
    fits = kind in _BUSINESS or (kind is None and not hit.form.cue.of_company)
    size = size_of(figure.quantity)
    named = "subject" in figure.evidence or size >= LARGE_SUM or not hit.form.cue.of_company
    if fits and size >= _SMALLEST_DEAL and (named or figure.measure == "deal_value"):
        return figure
    if figure.measure == "deal_value" and kind is None and figure.actor and size >= LARGE_SUM:
        return figure  # "a cédé sa logistique à CMA CGM pour 4 milliards"
    bought = figure.measure == "valuation" or {"acheter", "vendre", "payer"} & {*hit.form.cue.verbs}
    if figure.measure == "valuation" and kind == "person" and size >= LARGE_SUM and hit.form.kind == "noun":
        return figure._replace(subject=scene.deal[1])  # no one has a `valeur d'entreprise`
    if bought or size < _SMALLEST_DEAL:
        return figure._replace(measure="price", actor=None)
    return figure._replace(measure="other")


# "Luc Bernard a vendu son entreprise pour 50 millions": what he sold has no name there, and is not himself
_HIS_FIRM = re.compile(
    r"(?:vend|céd|cèd)\w*\s(?:son|sa|leur)\s(?:entreprise|société|start-up|groupe|affaire|agence|studio)\b"
)


def _of_his_firm(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """What somebody gets for a company of his as the price of a deal in a company without a name."""
    sells = figure.measure in ("price", "deal_value") and _HIS_FIRM.match(scene.flat, hit.start)
    if not sells or scene.kinds.get(figure.subject or "") == "company":
        return figure
    figure.evidence.pop("subject", None)
    actor = figure.actor if figure.actor != figure.subject else None
    return figure._replace(measure="deal_value", subject=None, actor=actor, unresolved="no subject")


def _as_part(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """A stake as a ratio or a share of something else, where it is of no company."""
    owner = figure.actor or figure.subject
    if is_of_an_amount(scene, figure.quantity):
        return figure._replace(measure="rate", subject=owner, actor=None)
    if is_of_common_noun(scene, figure.quantity):
        return figure._replace(measure="market_share", subject=owner, actor=None)
    kind = scene.kinds.get(figure.subject, "") if figure.subject else None
    held = figure.actor is not None and scene.kinds.get(figure.actor) == "company"
    doubtful = kind not in _BUSINESS and hit.form.cue.of_company and not held
    polled = doubtful and ballot().search(scene.flat)
    return figure._replace(measure="market_share", actor=None) if polled else figure


def _as_public(scene: Scene, figure: Figure, hit: Hit) -> Figure | None:
    """What a state puts into a body as public money, and what is invested in a state as spent there."""
    words, payer = scene.flat[hit.start : hit.end], figure.actor or ""
    kind = scene.kinds.get(figure.subject or "")
    if (
        is_public_payer(scene, payer)
        and _SUPPORTS.match(words)
        and (kind in _SUPPORTED or figure.subject is None)
    ):
        return figure._replace(measure="budget")
    if "invest" in words and kind == "state":
        return figure._replace(measure="capex", subject=figure.actor or figure.subject)
    return None


def _is_thing_sold(scene: Scene, figure: Figure, hit: Hit) -> bool:
    """Whether what is bought or sold is no company: a work of a painter, one car of its make, a house."""
    if _is_work_of(scene, figure, hit):
        return True
    if size_of(figure.quantity) >= LARGE_SUM:
        return False
    if _is_one_of_its_make(scene, figure):
        return True
    kind = scene.kinds.get(figure.subject, "") if figure.subject else None
    sold = scene.flat.startswith(("achet", "achèt", "vend", "vent"), hit.start)  # and not "repris"
    return sold and kind in ("", None) and not (figure.subject and _is_called_firm(scene, figure))


def of_a_thing(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """What is said to be worth something as a thing's or a deal's, where a noun says that it is no company."""
    thing = _thing_valued(scene, figure, hit) if figure.measure == "valuation" else None
    return _as_worth(scene, figure, thing) if thing else figure


def _thing_valued(scene: Scene, figure: Figure, hit: Hit) -> Phrase | None:
    """The common noun that a verb of worth is said of, where it calls no company: `La filière pèse 35 milliards`."""
    phrase = _valued(scene, hit) if hit.end <= figure.quantity.start else None
    if phrase is None or any(phrase.start <= m.start < hit.start for m in scene.mentions):
        return None
    calls_company = phrase.head in words_of("account noun") or phrase.head in words_of("firm noun")
    return None if calls_company or scene.text[phrase.start].isupper() else phrase


def _valued(scene: Scene, hit: Hit) -> Phrase | None:
    """The common noun that is the subject of a verb of worth, or that its participle is said of."""
    start = scene.sentence.start
    is_valued = (hit.form.participle and is_passive(scene.flat, hit)) or _IS_WORTH.match(
        scene.flat, hit.start
    )
    if hit.form.kind != "verb" or not is_valued:
        return None  # "les analystes estiment"
    if hit.form.participle and (phrase := reduced(scene.flat, start, hit.start)):
        several = scene.flat.endswith("s", hit.start, hit.end)
        return phrase if several == phrase.is_plural else None  # "les chaînes estimé à"
    phrase = subject_phrase(scene.flat, start, hit.end)
    return phrase if phrase and is_subject_of(scene.flat, phrase, hit.start) else None


_IS_WORTH = re.compile(r"(?:p[eè]s|va(?:ut|l)|vaud)")


def valued_alone(scene: Scene, figure: Figure, hit: Hit) -> Figure | None:
    """What a verb of worth says of a noun where nobody is named: `La start-up est évaluée à 3 milliards`."""
    if figure.measure != "valuation" or hit.end > figure.quantity.start:
        return None
    if thing := _thing_valued(scene, figure, hit):
        return _as_worth(scene, figure, thing)
    phrase = _valued(scene, hit)
    return figure if phrase and phrase.head in words_of("firm noun") else None


def _as_worth(scene: Scene, figure: Figure, thing: Phrase) -> Figure:
    """What is no company with its price, and a deal with its value: `la transaction est évaluée à 3 milliards`."""
    if thing.head in words_of("deal noun"):
        return figure._replace(
            measure="deal_value", subject=scene.deal[1] or figure.subject, actor=scene.deal[0]
        )
    figure.evidence["subject"] = (thing.start, thing.end)
    measure = "price" if size_of(figure.quantity) < LARGE_SUM else "other"
    return figure._replace(
        measure=measure,
        subject=scene.text[thing.start : thing.end],
        actor=None,
        unresolved=None,
    )


_SUPPORTS = re.compile(r"(?:apport|accord|vers|engag|mobilis|ajout)")
_SUPPORTED = ("media", "institution", "state", "")


def of_a_game(scene: Scene, figure: Figure) -> Figure:
    """What is won in a game of chance as no pay: `Elle a gagné un million d'euros au Loto`."""
    if figure.measure != "compensation":
        return figure
    around = max(0, figure.quantity.start - _AROUND), figure.quantity.end + _AROUND
    if not _game().search(scene.flat, *around):
        return figure
    named = "subject" in figure.evidence
    return figure._replace(measure="other", subject=figure.subject if named else None, actor=None)


_AROUND = 300  # characters


@cache
def _game() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words_of('game of chance'))}\b")


def loses_cents(quantity: Quantity, hit: Hit) -> bool:
    """Whether what is lost is a fall in price: `le litre a perdu 5 centimes`."""
    loses = hit.form.cue.measure == "loss" and hit.form.kind == "verb"
    return loses and quantity.kind == "money" and 0 < size_of(quantity) < _LEAST_LOST


def _is_called_firm(scene: Scene, figure: Figure) -> bool:
    """Whether the words before what is sold call it a company: `sa filiale Fibral`, `l'agence Plumage`."""
    place, _ = figure.evidence.get("subject", (0, 0))
    return _FIRM.search(scene.flat, max(scene.sentence.start, place - _AROUND_NAME), place) is not None


_AROUND_NAME = 40
_FIRM = re.compile(
    r"\b(?:filiale|société|entreprise|groupe|marque|enseigne|agence|studio|start-up|pépite|branche|division|concurrente?|rivale?|mutuelle"
    r"|coentreprise|éditeur|fabricant|chaîne|banque|cabinet)\s(?:[a-zà-ÿ-]+\s){0,2}$"
)


def _is_work_of(scene: Scene, figure: Figure, hit: Hit) -> bool:
    """Whether what is sold is a thing of the one named: `la vente d'un tableau de Picasso`."""
    place = figure.evidence.get("subject")
    named = place is not None and "vente" in hit.form.cue.nouns and place[0] > hit.end
    return bool(named and place and _A_THING.match(scene.flat, hit.end, place[0]))


_A_THING = re.compile(
    r"\s(?:d'une?|des|de\s(?:l[ea]\s|l'|ses|leurs|son|sa)?(?=[a-zà-ÿ]+\s(?:de\s|d'|du\s)))\s?"
)


def _is_one_of_its_make(scene: Scene, figure: Figure) -> bool:
    """Whether what is bought is one thing of its maker's: `acheté une Lamborghini à 200 000 dollars`."""
    place = figure.evidence.get("subject")
    return place is not None and scene.flat.endswith((" un ", " une ", " des ", " deux "), 0, place[0])


# In about dollars.
_LEAST_SOLD = 1_000_000  # what is sold for less is a thing, and a ticket for as much a part of a company
_A_SHARE = 1_000  # what costs less is a share of what is bought
_LEAST_VALUED = 3_000_000  # no company of the press is worth less
_LEAST_LOST = 10


def by_size(scene: Scene, figure: Figure, hit: Hit | None) -> Figure:
    """The figure with a measure of its size: a `price` of 26 milliards is a deal's, one of 65 dollars a share's."""
    quantity = figure.quantity
    size = size_of(quantity)
    if quantity.kind != "money":
        return figure
    sold = hit is not None and "vendre" in hit.form.cue.verbs
    if figure.measure == "deal_value" and (0 < size < _A_SHARE or (size < _LEAST_SOLD and sold)):
        return figure._replace(measure="price", actor=None)
    if figure.measure == "valuation" and size < _LEAST_VALUED:
        return figure._replace(measure="price")  # a car or a painting
    if hit and loses_cents(quantity, hit):
        return figure._replace(measure="change", direction="down")  # "le litre a perdu 5 centimes"
    words = scene.flat[hit.start : hit.end] if hit else ""
    if figure.measure == "price" and size >= LARGE_SUM and words in words_of("sold by number"):
        return figure._replace(measure="revenue", actor=None)  # what all subscriptions bring
    if figure.measure == "price" and hit and size >= _LEAST_WORKS and _builds(scene, quantity):
        return figure._replace(measure="capex", actor=figure.actor or figure.subject)
    buys = scene.deal[1] and scene.kinds.get(scene.deal[0] or "") != "state"
    if figure.measure == "price" and size >= LARGE_SUM and buys and not _is_of_each(scene, quantity, hit):
        bought = (
            figure.subject
            if "subject" in figure.evidence and figure.subject != scene.deal[0]
            else scene.deal[1]
        )
        return figure._replace(measure="deal_value", actor=scene.deal[0], subject=bought)
    if hit is None:
        return figure
    if figure.measure == "price" and size >= _LEAST_SOLD and words == "ticket":
        return figure._replace(measure="deal_value", actor=figure.subject, subject=scene.topic)
    if figure.measure == "compensation" and size >= LARGE_SUM and "indemnité" in words:
        return with_debtor(scene, _promised(scene, figure._replace(measure="penalty"), hit))
    if (
        figure.measure == "compensation"
        and hit.form.kind == "verb"
        and size >= LARGE_SUM
        and "actor" in figure.evidence
        and figure.subject == figure.actor
    ):
        return figure._replace(measure="earnings", actor=None)
    return figure


def _is_of_each(scene: Scene, quantity: Quantity, hit: Hit | None) -> bool:
    """Whether a sum is that of each of many, or what something costs one: `3 millions par hôpital`."""
    costs = hit and _COSTS_ONE.search(scene.flat, hit.end, quantity.start)
    return bool(costs or _FOR_EACH.match(scene.flat, quantity.end))


_FOR_EACH = re.compile(
    r"\s(?:par|la|le)\s(?!an|mois|jour|semaine|trimestre|action|titre|l[ae]\b)[a-zà-ÿ]+\b(?!\sde)"
)
_COSTS_ONE = re.compile(r"^\s(?:à|aux?)\s")  # "ont coûté à Boeing 1,5 milliard": nobody is bought
_LEAST_WORKS = 500_000
_NEAR_WORKS = 80  # characters


@cache
def _works() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words_of('building works'))}\b")


def _builds(scene: Scene, quantity: Quantity) -> bool:
    """Whether a bill is for works: `La note de la rénovation s'élève à 25 millions`."""
    start = max(scene.sentence.start, quantity.start - _NEAR_WORKS)
    return bool(_works().search(scene.flat, start, min(scene.sentence.end, quantity.end + _NEAR_WORKS)))


_PROMISED = re.compile(
    r"\s(?:\w+\s){0,3}?(?:promise?|due?|versée?|payée?|réservée?|destinée?)s?\sà\s(?:l[ea]\s|l')?"
)


def _promised(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """A break-up fee as the one who owes it pays: `l'indemnité promise à Activision` is Microsoft's to pay."""
    place = figure.evidence.get("subject")
    if place is None or not _PROMISED.fullmatch(scene.flat, hit.end, place[0]):
        return figure
    figure.evidence["actor"] = figure.evidence.pop("subject")
    others = (name for name in (*scene.deal, scene.topic) if name and name != figure.subject)
    return figure._replace(subject=next(others, None), actor=figure.subject)
