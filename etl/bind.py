"""Binding: what each quantity measures, whose it is, who pays, when, how sure, who says so, or why we cannot tell.

A figure is bound in its sentence. The cues of the words compete for it (`etl.cues`): the nearest that governs it
wins. The winning cue says where its parties stand (`nsubj`, `dans`, `de`, …), and the places are looked up among
the entities of the clause (`etl.clause`); descriptions and pronouns take the entity that the text is about
(`etl.discourse`). A figure without a cue goes on from the one before it, or stays `other` and says why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import takewhile
from math import inf

from etl.clause import Deal, Party, Scene, find_parties_of, find_party, is_investor, is_nominative
from etl.cues import RELATIVE, Hit, find_cues, ranked
from etl.dates import Dated, find_dates
from etl.discourse import (
    ACCOUNTS,
    deal_after,
    is_state_body,
    main_entity,
    resolve,
    state_of,
    theme_after,
    topic_after,
)
from etl.lexicon import folded
from etl.parties import Cast, Mention
from etl.quantities import Evidence, Quantity
from etl.segments import Sentence
from etl.stance import Voice, find_marks, find_quotations, find_voices, status_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with what it says; a null cell is one that the text does not fill or that no rule could decide."""

    quantity: Quantity
    sentence: Sentence
    measure: str | None
    subject: str | None = None
    actor: str | None = None
    period: str | None = None
    status: str = "actual"
    attribution: str | None = None
    base: str | None = None
    direction: str | None = None
    unresolved: str | None = None
    evidence: Evidence = field(default_factory=dict)


def bind(
    text: str, sentences: list[Sentence], quantities: list[Quantity], cast: Cast, published: str | None = None
) -> list[Figure]:
    """Every quantity as a figure, in order, with its cells decided or left empty for a stated reason.

    >>> from etl.parties import find_parties
    >>> from etl.quantities import find_quantities
    >>> from etl.segments import find_sentences
    >>> text = "Meta investit 14,3 milliards de dollars dans Scale AI."
    >>> sentences = find_sentences(text)
    >>> [figure] = bind(text, sentences, find_quantities(text, sentences), find_parties(text, sentences))
    >>> figure.measure, figure.actor, figure.subject
    ('deal_value', 'Meta', 'Scale AI')
    """
    flat = folded(text)
    hits = find_cues(flat)
    quotations = find_quotations(flat, list(cast.mentions))
    places, cued = [q.start for q in quantities], [hit.start for hit in hits]
    figures: list[Figure] = []
    deal: Deal = (None, None)
    topic = main = main_entity(cast, sentences)
    kinds = {mention.name: mention.kind for mention in cast.mentions if mention.name}
    theme: str | None = None
    state = state_of(cast)
    zone = ""
    today = published
    for sentence in sentences:
        if sentence.zone == "comment" and (dated := _COMMENTED.search(text, sentence.start, sentence.end)):
            today = f"{dated[3]}-{dated[2]}-{dated[1]}"
        if {zone, sentence.zone} & {"comment", "boilerplate"} and zone != sentence.zone:
            topic = main if sentence.zone == "body" else None
        zone = sentence.zone
        if zone == "comment":
            topic = None
        here = quantities[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]
        mentions = resolve(cast, flat, sentence, topic, deal, main)
        cues = hits[bisect_left(cued, sentence.start) : bisect_left(cued, sentence.end)]
        if here:
            scene = Scene(
                text, flat, sentence, mentions, cues,
                find_dates(text, sentence.start, sentence.end, today),
                find_marks(text, flat, sentence.start, sentence.end),
                [*find_voices(text, flat, (sentence.start, sentence.end), mentions), *quotations],
                here, topic, deal, state, theme, _last_subject(figures, sentence), kinds,
            )  # fmt: skip
            for quantity in here:
                figures.append(_bind_one(scene, quantity, figures, today))
        if zone == "boilerplate":
            continue
        deal = deal_after(flat, sentence, mentions, cues, _told_deal(figures, sentence, kinds), deal)
        theme = theme_after(flat, sentence, cues) or theme
        topic = topic_after(flat, sentence, mentions, topic, main, cast)
    return _echoed(figures)


def _of_sentence(figures: list[Figure], sentence: Sentence) -> list[Figure]:
    """The figures of the sentence that is being read: the last ones."""
    return [*takewhile(lambda figure: figure.sentence == sentence, reversed(figures))][::-1]


def _told_deal(figures: list[Figure], sentence: Sentence, kinds: Mapping[str, str]) -> Deal | None:
    """Actor and target of the first deal that a figure of the sentence tells."""
    told = [f for f in _of_sentence(figures, sentence) if f.measure in ("deal_value", "stake")]
    return next(
        ((f.actor, f.subject) for f in told if f.actor and f.subject and kinds.get(f.actor) != "institution"),
        None,  # a regulator buys nothing
    )


def _last_subject(figures: list[Figure], sentence: Sentence) -> str | None:
    """Whose account, valuation or deal was told just before a sentence: the one that `ses pertes` are of."""
    if (
        not figures
        or sentence.start - figures[-1].quantity.end > 300
        or figures[-1].sentence.zone != sentence.zone
    ):
        return None
    return (
        figures[-1].subject if figures[-1].measure in (*ACCOUNTS, "funding", "change", "deal_value") else None
    )


def _echoed(figures: list[Figure]) -> list[Figure]:
    """Headings, and figures without a cue, read as the same sum elsewhere in the document."""
    told: dict[tuple[object, str], Figure] = {}
    for figure in figures:
        if (
            figure.unresolved != "no cue"
            and figure.sentence.zone != "title"
            and figure.quantity.value is not None
        ):
            told.setdefault((figure.quantity.value.normalize(), figure.quantity.unit), figure)
    echoed = []
    for figure in figures:
        value = figure.quantity.value
        same = told.get((value.normalize(), figure.quantity.unit)) if value is not None else None
        if same and (
            figure.unresolved == "no cue" or (figure.sentence.zone == "title" and figure.sentence.start > 0)
        ):
            figure = replace(
                figure, measure=same.measure, subject=same.subject, actor=same.actor, unresolved=None
            )
        echoed.append(figure)
    return echoed


# A comment carries its own date: "Le 03/07/2025 à 8:02".
_COMMENTED = re.compile(r"\b[Ll]e (\d\d)/(\d\d)/(20\d\d)\b")


def _bind_one(scene: Scene, quantity: Quantity, before: list[Figure], published: str | None) -> Figure:
    evidence = dict(quantity.evidence)
    previous = before[-1] if before and before[-1].sentence == scene.sentence else None
    like = _continued(scene, quantity, before, previous)
    signed = quantity.kind == "percent" and scene.text[quantity.start] in "+-\u2212"
    if signed:
        figure = _signed_change(scene, quantity, previous, evidence)
    elif like is not None:
        figure = _of_new_party(scene, _like(like, quantity, scene.sentence, evidence), like)
    else:
        figure = _decide(scene, quantity, evidence, before)
    if previous and previous.measure == "deal_value" and _is_per_share(scene, figure):
        figure = replace(figure, actor=previous.actor, subject=previous.subject)
    figure = _of_same_company(figure, before)
    if apposed := _apposed(scene, quantity):
        figure = replace(figure, subject=apposed)
    period, place = _period(scene, quantity, like)
    status, mark = status_of(
        scene.flat, scene.marks, quantity.start, quantity.end, (scene.sentence.start, scene.sentence.end)
    )
    voice = _voice(scene, quantity)
    if mark is None and previous and _shares_verb(scene, previous, quantity):
        status = previous.status
        if "status" in previous.evidence:
            evidence["status"] = previous.evidence["status"]
    if (
        mark
        and mark.tense
        and mark.says == "reported"
        and voice
        and voice.mention
        and voice.mention.kind != "media"
        and not scene.flat.startswith(("aurait", "auraient"), mark.start)
    ):
        status = "planned"  # the future of a past speech: "a annoncé qu'il investirait"
    if place:
        evidence["period"] = place
    if mark:
        evidence["status"] = (mark.start, mark.end)
    if voice:
        evidence["attribution"] = (voice.start, voice.end)
        if status in ("actual", "planned") and _is_hearsay(voice, figure):
            status = "reported"
    if period is None and not _is_earlier(scene, quantity):
        period = published
    return replace(figure, period=period, status=status, attribution=voice.words if voice else None)


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
    return replace(figure, subject=last.subject, actor=actor)


def _is_per_share(scene: Scene, figure: Figure) -> bool:
    """Whether a figure is the deal before it by the share: `soit 56 dollars par titre et une prime de 23 %`."""
    place = figure.evidence.get("measure", (0, 0))
    return scene.flat[slice(*place)] in ("par action", "par titre", "prime")


_NEW_VERB = re.compile(
    r"\b(?:a|ont|est|sont|était|avait|fut|vaut|atteint|représente|contre|après|au lieu de|au-delà)\b|[;.]"
    r"|\b\w{3,}(?:ait|aient)\b"
)


def _shares_verb(scene: Scene, previous: Figure, quantity: Quantity) -> bool:
    """Whether no verb stands between a figure and the one before: a list, a conversion, `dont 2 à la signature`."""
    return previous.status != "actual" and not _NEW_VERB.search(
        scene.flat, previous.quantity.end, quantity.start
    )


def _is_hearsay(voice: Voice, figure: Figure) -> bool:
    """Whether the source speaks of others: the press, an unnamed source, the head of another company."""
    if voice.mention is None:
        return True
    if voice.mention.kind == "media":
        return True
    party = voice.mention.name
    return (
        bool(voice.mention.person)
        and party not in (figure.subject, figure.actor)
        and voice.mention.kind == "company"
    )


_BEHIND_NAME = re.compile(r"(?:\s\([\w/-]{2,12}\))?\s\((?:soit\s|dont\s|[+-]\s?)?")
# "Nuance, le spécialiste de la dictée médicale, 19,7 milliards l'an dernier": a list without its verb
_APPOSITION = re.compile(r",\s(?:l[ea]s?\s|l'|une?\s)[^,.;:\d]{0,60},\s")
_POLLED = re.compile(r"(?:\s\([\w/-]{2,12}\))?,?\s(?:à\s|avec\s)?")


def _apposed(scene: Scene, quantity: Quantity) -> str | None:
    """The entity that a figure stands right behind: `Skype (8,5 Md$ en 2011)`, `la Chine (-7 %)`."""
    for mention in scene.mentions:
        if not 0 <= quantity.start - mention.end < 70 or mention.form == "pronoun":
            continue
        between = scene.flat[mention.end : quantity.start]
        opens = not scene.flat[scene.sentence.start : mention.start].strip('«“" ')
        if opens and _APPOSITION.fullmatch(between):
            return mention.name
        if _BEHIND_NAME.fullmatch(between) or (quantity.kind == "percent" and _POLLED.fullmatch(between)):
            return mention.speaker if mention.kind == "person" else mention.name
    return None


def _signed_change(scene: Scene, quantity: Quantity, previous: Figure | None, evidence: Evidence) -> Figure:
    """A percentage with its sign, `(+15 %)`: the change of what the figure before it measures."""
    direction = "up" if scene.text[quantity.start] == "+" else "down"
    base = (
        previous.base if previous and previous.measure == "change" else previous.measure if previous else None
    )
    evidence["measure"] = evidence["direction"] = (quantity.start, quantity.start + 1)
    return Figure(
        quantity, scene.sentence, "change", previous.subject if previous else _spoken_of(scene, quantity),
        direction=direction, base=base, evidence=evidence,
    )  # fmt: skip


# The second of two changes: "… a progressé de 16 %, et son bénéfice net de 35 %".
_AND_ITS = re.compile(
    r"\bet\s(?:son|sa|ses|leur|leurs|le|la|les|l'|celui|celle|ceux|celles)\s?[^,;:.\d]{0,40}\sde\s(?:\w+\sde\s)?$"
)


def _continued(
    scene: Scene, quantity: Quantity, before: list[Figure], previous: Figure | None
) -> Figure | None:
    """The figure just before that this one goes on from: a conversion, a list, `contre 77 millions un an plus tôt`."""
    if previous is None:
        return None
    if quantity.kind == "percent" and _AND_ITS.search(scene.flat, scene.sentence.start, quantity.start):
        changes = [f for f in _of_sentence(before, scene.sentence) if f.measure == "change"]
        if changes:
            return changes[-1]
    if quantity.equivalent_of == previous.quantity.start:
        return previous
    if previous.quantity.kind != quantity.kind or previous.measure is None:
        return None
    gap = scene.flat[previous.quantity.end : quantity.start]
    if (
        previous.measure == "change"
        and quantity.kind == "percent"
        and re.search(r"\bet\b[^;:]{0,60}\bde (?:\w+ de )?$", gap)
    ):
        return previous
    if len(gap) > 60 or any(
        previous.quantity.end <= hit.start < quantity.start for hit in scene.hits if hit.form.cue.weight > 1
    ):
        return None
    if re.search(r"\bcontre\s+(?:\w+\s|d'){0,3}$", gap) or re.fullmatch(
        r"[\s,]*(?:et|ou|à|puis|voire|-)?\s*(?:de\s|à\s|d'|les\s|en\s\d{4}\s|\w+\s){0,3}", gap
    ):
        return previous
    return None


def _like(figure: Figure, quantity: Quantity, sentence: Sentence, evidence: Evidence) -> Figure:
    """The figure with the measure and parties of one that it goes on from."""
    for column in ("measure", "subject", "actor"):
        if column in figure.evidence:
            evidence[column] = figure.evidence[column]
    return replace(
        figure, quantity=quantity, sentence=sentence, evidence=evidence, status="actual", attribution=None
    )


def _main_of_text(quantity: Quantity, before: list[Figure]) -> Figure | None:
    """The last figure of the measure that most sums so far have: a sum of its order without a cue is of it too."""
    told = [f for f in before if f.quantity.kind == "money" and f.unresolved is None and f.measure in _MAIN]
    if quantity.kind != "money" or not told:
        return None
    measure, times = Counter(figure.measure for figure in told).most_common(1)[0]
    size = _size(quantity)
    if times * 2 < len(told) or (measure == "deal_value" and size < _LARGE):
        return None
    return next((f for f in reversed(told) if f.measure == measure and f.subject), None)


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
        if re.fullmatch(
            r"(?:,?\s(?:et\s|puis\s|contre\s)?|\s;\s)(?:l[ea]s?\s|l')?",
            scene.flat[before.quantity.end : mention.start],
        ):
            if before.actor and _acts(before):
                figure.evidence["actor"] = (mention.start, mention.end)
                return replace(figure, actor=mention.name)
            figure.evidence["subject"] = (mention.start, mention.end)
            return replace(figure, subject=mention.name)
    return figure


def _acts(figure: Figure) -> bool:
    """Whether it is the actor of a figure that stands before it: the place that a new party takes."""
    place = figure.evidence.get("actor")
    return place is not None and place[1] <= figure.quantity.start


def _decide(scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure:
    candidates = ranked(scene.flat, scene.hits, scene.quantities, quantity)
    for cost, hit in sorted(candidates, key=lambda pair: pair[0]):
        if nearer := _nearer_than_cue(scene, quantity, evidence, cost):
            return nearer
        if figure := _by_cue(scene, quantity, hit, evidence):
            return figure
    return _without_cue(scene, quantity, evidence, before)


def _by_cue(scene: Scene, quantity: Quantity, hit: Hit, evidence: Evidence) -> Figure | None:
    """The figure that a cue makes of a quantity; `None` where the cue cannot govern it or lacks a party it needs."""
    cue = hit.form.cue
    if _tells_another(scene, quantity, hit):
        return None
    sources = tuple(
        voice.mention.name for voice in scene.voices if voice.mention and voice.mention.kind == "media"
    )
    if cue.needs and not find_party(scene, hit, quantity, cue.needs, sources):
        return None
    actor, subject = find_parties_of(scene, hit, quantity, sources)
    evidence["measure"] = (hit.start, hit.end)
    if cue.measure == "stake" and subject is None and actor and (holder := _holder(scene, actor)):
        actor, subject = holder
    for column, party in (("actor", actor), ("subject", subject)):
        if party and party.place:
            evidence[column] = party.place
    figure = Figure(
        quantity, scene.sentence, cue.measure, subject.name if subject else None, actor.name if actor else None,
        direction=cue.direction, unresolved=None if subject or not cue.subject else "no subject",
        evidence=evidence, base=_base(scene, hit),
    )  # fmt: skip
    if cue.measure in ("deal_value", "price") and _buys_supplies(scene, quantity, hit):
        return replace(figure, measure="capex", subject=figure.actor or figure.subject)
    if cue.measure == "deal_value" and hit.form.kind == "verb" and actor and is_investor(actor.name):
        figure = replace(figure, measure="funding")  # what a fund brings is a part of a round
    return _public(_of_a_company(_by_size(figure, scene, hit), scene, hit), scene)


def _tells_another(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a cue that stands near a figure tells something else than it."""
    cue = hit.form.cue
    if cue.measure == "price" and (quantity.value or 0) >= _LARGE:
        # No share costs as much, and what is paid so much for is told before, or by the noun of the deal.
        return "cours" in cue.nouns or "payer" in cue.verbs or _tells_deal(scene, hit)
    if cue.measure == "valuation":
        return _values_account(scene, hit) or _names_estimate(scene, hit)
    return cue.measure == "change" and _is_of_company(scene, quantity, hit)


def _is_of_company(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a percentage is a part of a company: `céder 10 % de Puma`, `pris 75 % de Framatome` change no level."""
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    return (
        hit.form.kind == "verb"
        and quantity.unit == "percent"
        and behind is not None
        and behind.kind == "company"
        and bool(re.fullmatch(r"\s(?:de\s|d'|du\s)(?:la\s|l')?", scene.flat[quantity.end : behind.start]))
    )


_ITS = re.compile(r"\b(?:le|l')\s?$")


def _values_account(scene: Scene, hit: Hit) -> bool:
    """Whether the pronoun before `estimait` is the account of the text: `Reuters l'estimait à 875 millions`."""
    return (
        "estimer" in hit.form.cue.verbs
        and scene.theme in ("revenue", "earnings", "loss", "capex", "debt", "penalty")
        and bool(_ITS.search(scene.flat, scene.sentence.start, hit.start))
    )


_SUPPLIES = re.compile(r"\s(?:supplémentaires\s|\w+\s)?(?:de\s|d')[a-zà-ÿ]")


def _buys_supplies(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether what is bought is counted in money: `acheter pour 250 milliards de services`."""
    bought = "acheter" in scene.flat[hit.start : quantity.start]
    return (
        bought
        and scene.flat.endswith(" pour ", hit.end, quantity.start)
        and bool(_SUPPLIES.match(scene.flat, quantity.end))
    )


def _tells_deal(scene: Scene, hit: Hit) -> bool:
    """Whether the noun of a deal stands before a verb of price: `L'acquisition de Figma devait coûter 20 milliards`."""
    return hit.form.kind == "verb" and any(
        other.form.kind == "noun" and "rachat" in other.form.cue.nouns and other.end <= hit.start
        for other in scene.hits
    )


def _names_estimate(scene: Scene, hit: Hit) -> bool:
    """Whether a noun right before `estimé` says what is estimated: `une dette estimée à`, `le coût est évalué à`."""
    return (
        "estimer" in hit.form.cue.verbs
        and hit.form.participle
        and any(
            other.form.kind == "noun"
            and other.form.cue.measure not in ("valuation", "stake", "deal_value", "funding")
            and other.end <= hit.start
            and _IS_ESTIMATED.fullmatch(scene.flat, other.end, hit.start)
            for other in scene.hits
        )
    )


_IS_ESTIMATED = re.compile(r"[^.,;:()\d]{0,30}\s")

_NEAR = -2.0  # a cue this near is the figure's own: "une hausse de 20 % des ventes"
_LOOSE = 6.0  # a cue so far away gives way to a pronoun before the figure and to what stands right behind it


def _nearer_than_cue(scene: Scene, quantity: Quantity, evidence: Evidence, cost: float) -> Figure | None:
    """The figure as its own words tell it, where a cue of this cost stands farther away than they do."""
    if cost > _LOOSE and (
        found := _of_theme(scene, quantity, evidence) or _share_of(scene, quantity, evidence)
    ):
        return found
    return _of_people(scene, quantity, evidence) if cost > _NEAR else None


_OF_ONE = ("penalty", "revenue", "earnings", "loss", "valuation", "capex")  # what each company has of its own


def _compared_deal(
    scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]
) -> Figure | None:
    """The deal that a text on a deal compares with its own: `L'affaire est moins chère que Skype (8,5 Md$ en 2011)`."""
    name = _apposed(scene, quantity)
    size = _size(quantity)
    level = before and before[-1].measure in (*ACCOUNTS, "funding") and before[-1].measure != "price"
    if name is None or size < _LARGE or not scene.deal[1] or level:
        return None
    if quantity.kind != "money" or scene.kinds.get(name) not in ("company", "product"):
        return None
    return Figure(quantity, scene.sentence, "deal_value", name, scene.deal[0], evidence=evidence)


def _without_cue(scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure:
    """The figure as a pronoun, its whole or the figures before it tell it; else `other`, for want of a cue."""
    if own := _nearer_than_cue(scene, quantity, evidence, inf):
        return own
    if compared := _compared_deal(scene, quantity, evidence, before):
        return compared
    if before and _goes_on(scene, quantity, before[-1]):
        last = before[-1]
        if last.measure == "funding":
            last = replace(last, actor=None)  # who led one round led no other
        named = _clause_subject(scene, quantity)
        if named and last.measure in _OF_ONE and scene.kinds.get(named) in ("company", "product"):
            last = replace(last, subject=named)
        return _like(last, quantity, scene.sentence, evidence)
    if main := _main_of_text(quantity, before):
        return _like(main, quantity, scene.sentence, evidence)
    return Figure(
        quantity, scene.sentence, "other", _spoken_of(scene, quantity), unresolved="no cue", evidence=evidence
    )


# "un jeune sur quatre (26,9 %)", "94 % ont choisi": a share of people or things, whatever the words around say.
_FRACTION = re.compile(
    r"\b(?:tiers|quart|moitié|majorité|cinquième|dixième"
    r"|sur\s(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix))\b[^().;:]{0,50}\($"
)
_PLURAL_VERB = re.compile(
    r"[\s»”\"]{1,3}(?:n'|ne\s|s'|se\s|y\s|en\s)?(?:ont|sont|étaient|avaient|\w+[^m\W]ent|\w+aient|\w+èrent)\b"
)


def _of_people(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A percentage that counts people or things: it glosses a fraction, or is the subject of a plural verb."""
    lead = max(scene.sentence.start, quantity.start - 80)
    if quantity.unit != "percent" or not (
        _FRACTION.search(scene.flat, lead, quantity.start)
        or _PLURAL_VERB.match(scene.flat, quantity.end, scene.sentence.end)
    ):
        return None
    return Figure(quantity, scene.sentence, "market_share", _spoken_of(scene, quantity), evidence=evidence)


_SHARE = re.compile(
    r"[\s»”\"]{1,3}(?:des|du|de la|de l'|de ces|de ses|de son|de sa|de leurs?|de|d')\s?(?P<whole>(?:[\w'-]+\s?){1,2})"
)


# "70 % du salaire" is a ratio of two sums, "70 % des salariés" a share.
_AMOUNT = re.compile(
    r"(?:prix|montants?|bénéfices?|chiffre|salaires?|revenus?|budget|coûts?|dettes?|sommes?|valeur|recettes|pertes"
    r"|cette dernière|profits?|capitalisation|loyers?|facture|tarifs?|impôts?|dépenses|rémunérations?|patrimoine|pib)\b"
)


def _share_of(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A percentage of some whole that no other cue governs: `95 % du soja` is a share of a market or a population."""
    if quantity.unit != "percent":
        return None
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    if not match:
        return None
    evidence["measure"] = evidence["base"] = match.span("whole")
    held = next((m for m in scene.mentions if match.start("whole") == m.start), None)
    if held and held.kind == "company":
        actor = scene.deal[0] if held.name == scene.deal[1] else None
        return Figure(quantity, scene.sentence, "stake", held.name, actor, evidence=evidence)
    whole = scene.text[slice(*match.span("whole"))].split()
    people = whole[0] if whole and whole[0].istitle() else None
    subject = held.name if held else people or _spoken_of(scene, quantity)
    base = scene.text[slice(*match.span("whole"))].strip()
    measure = "rate" if _AMOUNT.match(match["whole"]) else "market_share"
    return Figure(quantity, scene.sentence, measure, subject, base=base, evidence=evidence)


_LEVEL = (
    r"(?:attei|dépass|excéd|excèd|s'élev|s'élèv|s'établi|ressort|avoisin|culmin|frôl|approch|grimp|mont|tomb"
    r"|revien|revena|pass|représent|se chiffr)\w*"
)


_ANAPHOR = re.compile(
    rf"\b(?:ils?|elles?|celle-ci|celui-ci)\s(?:\w+\s)?{_LEVEL}[^,;:.]{{0,30}}$"
    r"|\b(?:ils?|elles?)\s[^;:.]{3,40}\sde\s[\d,. ]+%,\sà\s[^,;:.\d]{0,12}$"
    r"|\b(?:le|la|les|l')\s?(?:estim|évalu|chiffr|fix|voi|voy|situ)\w*[^,;.]{0,30}\bà\s[^,;:.]{0,20}$"
)


def _of_theme(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A sum that a pronoun is said to reach: `Les ventes suivent : elles dépassent 4 milliards`."""
    if scene.theme is None or quantity.kind != "money":
        return None
    if of := _of_another(scene, quantity):
        evidence["subject"] = evidence["measure"] = (of.start, of.end)
        return _by_size(
            Figure(quantity, scene.sentence, scene.theme, of.name, evidence=evidence), scene, None
        )
    found = _ANAPHOR.search(scene.flat, max(scene.sentence.start, quantity.start - 70), quantity.start)
    if not found:
        return None
    evidence["measure"] = (found.start(), found.start() + len(found[0].split(" ")[0]))
    figure = Figure(quantity, scene.sentence, scene.theme, scene.last or scene.topic, evidence=evidence)
    return _by_size(figure, scene, None)


# "Elle n'égale pas celle d'OpenAI, qui vient d'atteindre 500 milliards"
_THAT_OF = re.compile(r"\b(?:celles?|celui|ceux)\s(?:de\s(?:la\s|l')?|du\s|d')$")


def _of_another(scene: Scene, quantity: Quantity) -> Mention | None:
    """The entity whose account `celle d'OpenAI` is, where the figure is told of it."""
    for mention in scene.mentions:
        if mention.end <= quantity.start and _THAT_OF.search(scene.flat, scene.sentence.start, mention.start):
            between = scene.flat[mention.end : quantity.start]
            return mention if re.fullmatch(r",?\s(?:qui\s)?[^,;.]{0,40}", between) else None
    return None


def _spoken_of(scene: Scene, quantity: Quantity) -> str | None:
    """The entity that a figure without a cue is about: the subject of its sentence, else the topic."""
    return _clause_subject(scene, quantity) or scene.topic or scene.state


def _clause_subject(scene: Scene, quantity: Quantity) -> str | None:
    """The first entity of the sentence before a figure that no preposition introduces."""
    stop = scene.sentence.start
    for mention in scene.mentions:
        if mention.end > quantity.start:
            return None
        if mention.kind not in ("media", "place") and is_nominative(scene.flat, stop, mention):
            return mention.name
        stop = mention.end
    return None


def _holder(scene: Scene, actor: Party) -> tuple[Party, Party] | None:
    """A founder and the company that he or she holds: `Kevin Systrom, son cofondateur, en détient 40 %`."""
    mention = next((m for m in scene.mentions if (m.start, m.end) == actor.place and m.person), None)
    return (Party(mention.person, actor.place), Party(mention.name, actor.place)) if mention else None


_BUSINESS = ("", "company", "product", "institution", "media")
_SMALLEST_DEAL = 100_000


# "60 % du jeu vidéo" is a share of a market, "60 % du capital" of a company
_PARTS_OF_COMPANY = re.compile(
    r"(?:capital|parts?|actions?|titres?|droits|groupe|société|entreprise|compagnie|start-up|jeune|filiale|maison|banque"
    r"|constructeur|laboratoire|géant|éditeur|fonds|opérateur|ensemble|tout|total|holding|marque|club|réseau|studio"
    r"|spécialiste|fabricant|distributeur|assureur|plateforme|pépite|licorne|concurrent|rival|numéro|coentreprise|entité)"
)


_VOTE = re.compile(
    r"\b(?:scrutin|électeurs?|abstention|bureaux? de vote|sondages?|législatives|municipales|présidentielle)\b"
)


def _is_of_common_noun(scene: Scene, quantity: Quantity) -> bool:
    """Whether a percentage is said of things that are no company: `contrôlait 60 % du jeu à la demande`."""
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    return (
        match is not None
        and scene.text[match.start("whole")].islower()
        and not _PARTS_OF_COMPANY.match(match["whole"])
        and not any(
            m.start <= match.start("whole") < m.end or match.start() < m.start < match.end()
            for m in scene.mentions
        )
    )


def _of_a_company(figure: Figure, scene: Scene, hit: Hit) -> Figure:
    """The figure unless its measure needs a company and has none: a house is no deal, cocaine no company."""
    if figure.measure not in ("deal_value", "valuation", "stake"):
        return figure
    kind = scene.kinds.get(figure.subject, "") if figure.subject else None
    fits = kind in _BUSINESS or (kind is None and not hit.form.cue.of_company)
    size = _size(figure.quantity)
    if figure.measure == "stake" and _is_of_common_noun(scene, figure.quantity):
        return replace(figure, measure="market_share", subject=figure.actor or figure.subject, actor=None)
    if figure.measure == "stake":
        held = figure.actor is not None and scene.kinds.get(figure.actor) == "company"
        doubtful = not fits and hit.form.cue.of_company and not held and bool(_VOTE.search(scene.flat))
        return replace(figure, measure="market_share", actor=None) if doubtful else figure
    named = "subject" in figure.evidence or size >= _LARGE or not hit.form.cue.of_company
    if fits and size >= _SMALLEST_DEAL and (named or figure.measure == "deal_value"):
        return figure
    bought = figure.measure == "valuation" or {"acheter", "vendre", "payer"} & {*hit.form.cue.verbs}
    if figure.measure == "valuation" and kind == "person" and size >= _LARGE and hit.form.kind == "noun":
        return replace(figure, subject=scene.deal[1])  # no one has a `valeur d'entreprise`
    if bought or size < _SMALLEST_DEAL:
        return replace(figure, measure="price", actor=None)
    return replace(figure, measure="other")


def _public(figure: Figure, scene: Scene) -> Figure:
    """Public money with the state that pays it: a ministry, the government and the head of state pay for it."""
    if figure.measure != "budget":
        return figure
    if figure.actor is None or is_state_body(figure.actor):
        return replace(figure, actor=scene.state)
    return figure


_LARGE = 50_000_000  # no share, seat or good of the press costs as much; a company does


def _size(quantity: Quantity) -> Decimal:
    """The number of a figure as far as one is printed: its value, else its lower bound, else nothing."""
    return quantity.value or quantity.low or Decimal(0)


_SOLD = ("abonnements", "billets", "forfaits", "licences", "loyers", "tickets")


def _by_size(figure: Figure, scene: Scene, hit: Hit | None) -> Figure:
    """The figure with a measure of its size: a `price` of 26 milliards is a deal's, one of 65 dollars a share's."""
    quantity = figure.quantity
    size = _size(quantity)
    if quantity.kind != "money":
        return figure
    if (
        figure.measure == "deal_value"
        and size < 1_000_000
        and hit is not None
        and "vendre" in hit.form.cue.verbs
    ):
        return replace(figure, measure="price", actor=None)
    if figure.measure == "valuation" and size < 100_000:
        return replace(figure, measure="price")
    if figure.measure == "price" and size >= _LARGE and hit and scene.flat[hit.start : hit.end] in _SOLD:
        return replace(figure, measure="revenue", actor=None)  # what all subscriptions bring
    if figure.measure == "price" and size >= _LARGE and scene.deal[1]:
        bought = (
            figure.subject
            if "subject" in figure.evidence and figure.subject != scene.deal[0]
            else scene.deal[1]
        )
        return replace(figure, measure="deal_value", actor=scene.deal[0], subject=bought)
    if hit is None:
        return figure
    if figure.measure == "price" and size >= 1_000_000 and scene.flat[hit.start : hit.end] == "ticket":
        return replace(figure, measure="deal_value", actor=figure.subject, subject=scene.topic)
    if figure.measure == "compensation" and size >= _LARGE and "indemnité" in scene.flat[hit.start : hit.end]:
        return replace(figure, measure="penalty")
    if (
        figure.measure == "compensation"
        and hit.form.kind == "verb"
        and size >= _LARGE
        and "actor" in figure.evidence
        and figure.subject == figure.actor
    ):
        return replace(figure, measure="earnings", actor=None)
    return figure


_ONGOING = (
    "deal_value", "funding", "valuation", "capex", "penalty", "budget", "compensation", "revenue", "earnings", "loss",
    "market_share", "rate",
)  # fmt: skip


def _goes_on(scene: Scene, quantity: Quantity, last: Figure) -> bool:
    """Whether a figure without a cue tells more of what the one before it told: same kind and unit, close behind."""
    pays = any(hit.form.kind == "verb" and hit.form.cue.measure == "deal_value" for hit in scene.hits)
    if pays and last.measure in ("valuation", "revenue", "earnings", "loss"):
        return False  # a sum that is paid is no level
    speaks_of = _clause_subject(scene, quantity)
    another = speaks_of and speaks_of not in (last.subject, last.actor) and not _apposed(scene, quantity)
    if last.measure == "deal_value" and another:
        return False
    return (
        last.measure in _ONGOING
        and last.quantity.kind == quantity.kind
        and last.quantity.unit == quantity.unit
        and last.sentence.zone == scene.sentence.zone
        and quantity.start - last.quantity.end < 350
    )


def _base(scene: Scene, hit: Hit) -> str | None:
    """The account that a change changes, where a cue in the sentence names it."""
    if hit.form.cue.measure != "change":
        return None
    bases = (
        "revenue",
        "earnings",
        "loss",
        "debt",
        "price",
        "valuation",
        "compensation",
        "capex",
        "budget",
        "assets",
    )
    near = [other for other in scene.hits if other.form.cue.measure in bases and other.form.kind == "noun"]
    return min(near, key=lambda other: abs(other.start - hit.start)).form.cue.measure if near else None


def _period(
    scene: Scene, quantity: Quantity, like: Figure | None
) -> tuple[str | None, tuple[int, int] | None]:
    """The date nearest to the figure in its clause, else the only one of the sentence."""
    if like is not None and quantity.equivalent_of is not None:
        return like.period, like.evidence.get("period")
    dates = [
        d
        for d in scene.dates
        if not (quantity.start <= d.start < quantity.end) and not _is_of_another(scene, d, quantity)
    ]
    if not dates:
        return None, None
    best = min(dates, key=lambda dated: _distance(scene, dated, quantity))
    if _distance(scene, best, quantity) > 30:
        return None, None
    return best.edtf, (best.start, best.end)


# "il avait repris ZeniMax contre 7,5 milliards": before the day of the text, and nobody says when
_PLUPERFECT = re.compile(
    r"\b(?:avait|avaient|s'était|s'étaient)\s(?:\w+\s){0,2}?\w*(?:é|ée|és|ées|i|is|it|u|us|ue|ert|int)\s"
    r"(?![^,;:]*\b(?:qu'|que|a|ont|est|sont|vaut|atteint)\b)[^,;:]{0,60}$"
)


def _is_earlier(scene: Scene, quantity: Quantity) -> bool:
    """Whether the verb of a figure is in the pluperfect."""
    return bool(_PLUPERFECT.search(scene.flat, scene.sentence.start, quantity.start))


# "par rapport à 2017" dates what a figure is compared with, "Ferrari 250 de 1958" a car.
_COMPARED = re.compile(
    r"(?:par rapport à|comparée?s? à|qu'|\bque|face à|vis-à-vis de)\s?(?:en\s|au\s|celui de\s|\w+\s|l'){0,3}$"
)
_MADE_IN = re.compile(r"[A-ZÀ-ÖØ-Þ0-9][\w-]*\s(?:de|datant de)\s$")


def _is_of_another(scene: Scene, dated: Dated, quantity: Quantity) -> bool:
    """Whether a date belongs to something else than the figure: its comparand, a thing named by its year."""
    lead = max(scene.sentence.start, dated.start - 40)
    if _COMPARED.search(scene.flat, lead, dated.start):
        return dated.start > quantity.start
    return len(dated.edtf) == 4 and bool(_MADE_IN.search(scene.text, lead, dated.start))


def _distance(scene: Scene, dated: Dated, quantity: Quantity) -> float:
    if dated.start >= quantity.end:
        gap, between = scene.flat[quantity.end : dated.start], (quantity.end, dated.start)
    else:
        gap, between = scene.flat[dated.end : quantity.start], (dated.end, quantity.start)
    crossed = sum(1 for q in scene.quantities if between[0] <= q.start < between[1])
    # A date behind another figure is that figure's; a date that opens the sentence holds for all of it.
    each = _BEHIND_ANOTHER if dated.start >= quantity.end else 5
    cost = (
        len(re.findall(r"\w+", gap)) + 3 * gap.count(",") + 12 * len(re.findall(r"[;:]", gap)) + each * crossed
        + 6 * len(RELATIVE.findall(gap))
    )  # fmt: skip
    if dated.start >= quantity.end and _SAID.search(gap):
        cost += _OF_SPEECH
    if dated.start >= quantity.end and not crossed and len(gap.split()) <= 2 and not re.search(r"[,;:]", gap):
        return cost - 6  # "à 23 % en 2017": a date right behind its figure
    opens = len(re.findall(r"\w+", scene.flat[scene.sentence.start : dated.start])) <= 2
    return min(cost, 14.0 + crossed) if opens and dated.end <= quantity.start and ";" not in gap else cost


_BEHIND_ANOTHER = 25
# ", a annoncé mercredi" dates the announcement before what it tells.
_SAID = re.compile(r",\s(?:a|ont|avait|avaient)\s\w+[éit]\s(?:ce\s)?$")
_OF_SPEECH = 9


def _voice(scene: Scene, quantity: Quantity) -> Voice | None:
    """The source that the figure is credited to: of those that reach it, the nearest."""
    reaching = [v for v in scene.voices if v.reach[0] <= quantity.start < v.reach[1]]
    return min(
        reaching, key=lambda v: min(abs(v.start - quantity.end), abs(quantity.start - v.end)), default=None
    )
