"""Measures: what a figure of its own words measures, and whose it is.

The cues of the sentence compete (`etl.cues`); the nearest that governs the figure wins, unless something nearer tells
it or the cue tells something else. What the cue says is then held against who pays (`etl.payments`), what can be
(`etl.plausibility`) and what is the state's (`etl.treasury`). A figure without a cue is more of what the text tells
(`etl.ellipsis`), a share of some whole (`etl.shares`), or stays `other` and says why.
"""

from __future__ import annotations

import re
from functools import cache
from math import inf

from etl.clause import (
    IN_CAPITAL,
    OF,
    Figure,
    Party,
    Scene,
    spoken_of,
    subject_of_clause,
)
from etl.cues import Hit, ranked
from etl.ellipsis import LARGE_SUM, more_of_same, size_of
from etl.lexicon import PhysicalUnit, alternation, lexicon, printed_words_of, words_of
from etl.nouns import (
    Phrase,
    changed,
    complement_of,
    counted,
    held_by,
    is_in_change,
    is_of_people,
    is_subject_of,
    offered,
    priced,
    reduced,
    subject_phrase,
)
from etl.parties import Mention, is_court
from etl.payments import (
    as_pay,
    gives,
    goes_to,
    is_public_payer,
    paid_to,
    settled,
    with_debtor,
    with_donor,
    with_grantor,
    with_person_paid,
    with_recipient,
)
from etl.plausibility import by_size, loses_cents, of_a_company, of_a_game, of_a_thing, valued_alone
from etl.quantities import Evidence, Quantity
from etl.roles import find_parties_of, find_party, is_investor
from etl.shares import (
    ballot,
    candidate,
    goes_on_shares,
    is_of_an_amount,
    of_people,
    share_of,
    turnout_of,
    whole_of,
)
from etl.stance import estimates
from etl.treasury import injected, of_politics, of_the_economy, with_lender, with_state


def measured(scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure:
    """The figure that the cues of the sentence make of a quantity; without one, what the text before it does."""
    if quantity.kind == "quantity":
        return _physical(scene, quantity, evidence)
    if paid := _paid_each(scene, quantity, evidence):
        return paid
    candidates = ranked(scene.flat, scene.hits, scene.quantities, quantity)
    for cost, hit in sorted(candidates, key=lambda pair: pair[0]):
        if nearer := _nearer_than_cue(scene, quantity, evidence, cost):
            return nearer
        if figure := _by_cue(scene, quantity, hit, evidence):
            left = (
                scene.flat[hit.start : hit.end] == "restants"
                and before
                and before[-1].measure == "market_share"
            )
            taken_up = (
                before and before[-1].measure == "market_share" and _OF_IT_HELD.match(scene.flat, hit.start)
            )
            if taken_up and before[-1].sentence == scene.sentence and figure.measure == "stake":
                return figure._replace(
                    measure="market_share", subject=figure.actor or figure.subject, actor=None
                )
            share = left or (figure.measure == "rate" and goes_on_shares(scene, quantity, hit, before))
            return figure._replace(measure="market_share") if share else figure
    return _without_cue(scene, quantity, evidence, before)


_OF_IT_HELD = re.compile(r"(?:n')?en\s")  # "Leclerc a 24 % du marché, devant Carrefour, qui en détient 19 %"


def _paid_each(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """What a person is paid for each piece of work, right behind the name: `Yann Moix, 1 500 euros par émission`."""
    if quantity.kind != "money" or not _FOR_WORK.match(scene.flat, quantity.end, scene.sentence.end):
        return None
    before = (m for m in scene.mentions if m.kind == "person" and m.end <= quantity.start)
    last = max(before, key=lambda m: m.end, default=None)
    if last is None or not _BESIDE.fullmatch(scene.flat, last.end, quantity.start):
        return None
    evidence["subject"] = (last.start, last.end)
    evidence["measure"] = (quantity.start, quantity.end)
    return Figure(quantity, scene.sentence, evidence, "compensation", last.speaker)


_FOR_WORK = re.compile(
    r"(?:\s(?:bruts?|nets?))?\spar\s(?:émission|épisode|match|film|concert|numéro|chronique|spectacle|cachet)\b"
)
_BESIDE = re.compile(r"\s?[,:]\s(?:entre\s|environ\s)?")


@cache
def _measure_of_unit() -> dict[str, str]:
    return {unit.unit: unit.measure for unit in lexicon().of(PhysicalUnit)}


def _physical(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure:
    """A physical quantity: its unit says whether it is an area or a power, held by whom the sentence is about."""
    measure = _measure_of_unit().get(quantity.unit, "other")
    subject = spoken_of(scene, quantity)
    actor = subject if measure == "area" else None
    return Figure(quantity, scene.sentence, evidence, measure, subject, actor)


def _by_cue(scene: Scene, quantity: Quantity, hit: Hit, evidence: Evidence) -> Figure | None:
    """The figure that a cue makes of a quantity; `None` where the cue cannot govern it or lacks a party it needs."""
    cue = hit.form.cue
    if _tells_another(scene, quantity, hit):
        return None
    sources = _sources(scene, cue.measure)
    if cue.needs and not find_party(scene, hit, quantity, cue.needs, sources):
        spans = {**evidence, "measure": (hit.start, hit.end)}
        alone = Figure(quantity, scene.sentence, spans, cue.measure, None, unresolved="no subject")
        return injected(scene, quantity, hit, evidence) or valued_alone(scene, alone, hit)
    actor, subject = find_parties_of(scene, hit, quantity, sources)
    evidence["measure"] = (hit.start, hit.end)
    if cue.measure == "stake" and subject is None and actor and (holder := _holder(scene, actor)):
        actor, subject = holder
    if cue.measure == "stake" and subject is None and actor and scene.main not in (None, actor.name):
        # A holder of `29,9 % du capital` holds those of the text's company.
        subject = Party(scene.main or "", None)
    subject = _of_noun(scene, quantity, hit, subject) or subject
    for column, party in (("actor", actor), ("subject", subject)):
        if party and party.place:
            evidence[column] = party.place
    figure = Figure(
        quantity, scene.sentence, evidence, cue.measure,
        subject.name if subject else None, actor.name if actor else None,
        direction=cue.direction, unresolved=None if subject or not cue.subject else "no subject",
        base=_base(scene, quantity, hit),
    )  # fmt: skip
    if cue.measure in ("deal_value", "price") and _buys_supplies(scene, quantity, hit):
        return figure._replace(measure="capex", subject=figure.actor or figure.subject)
    invests = cue.measure == "deal_value" and hit.form.kind == "verb" and "nsubj" in cue.actor
    if invests and actor and is_investor(actor.name):
        figure = figure._replace(measure="funding")  # what a fund brings is a part of a round
    if words_of("vote") & {scene.flat[hit.start : hit.end]} and (elected := candidate(scene, quantity)):
        evidence["subject"] = (elected.start, elected.end)
        figure = figure._replace(subject=elected.speaker, unresolved=None)
    if turnout := turnout_of(scene, figure, hit):
        return turnout
    if bounded := _as_bound_or_answer(scene, figure, hit):
        return bounded
    figure = _as_change(scene, figure, hit)
    figure = with_grantor(scene, with_person_paid(scene, as_pay(scene, figure)))
    figure = with_recipient(scene, with_donor(scene, figure))
    figure = settled(scene, with_debtor(scene, figure))
    figure = of_the_economy(scene, figure, hit)
    figure = by_size(scene, figure, hit)
    figure = of_a_game(scene, of_a_company(scene, of_a_thing(scene, figure, hit), hit))
    figure = of_politics(scene, figure)
    return with_state(scene, with_lender(scene, figure))


def _sources(scene: Scene, measure: str) -> tuple[str, ...]:
    """Who only tells a figure of a measure, and is no party of it."""
    heard = [voice.mention for voice in scene.voices if voice.mention]
    sources = [m.name for m in heard if m.kind in ("media", "institution")]
    if measure in _TOLD_OF_OTHERS:
        sources += [m.name for m in scene.mentions if m.kind == "institution" and estimates(scene.flat, m)]
    if measure in ("deal_value", "stake", "funding", "valuation"):
        sources += [m.name for m in scene.mentions if is_court(m.name)]
    return tuple(sources)


_TOLD_OF_OTHERS = ("change", "rate", "market_share", "price", "compensation", "capex", "budget", "loss")


def _as_change(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """Points as what separates two shares, and what the noun of a change is of as one of its direction."""
    if figure.quantity.unit == "percentage_point" and figure.measure == "market_share":
        figure = figure._replace(measure="change")
    if figure.direction is None and (change := _change_of(scene, figure.quantity, hit)):
        figure.evidence["direction"] = (change.start, change.end)
        figure = figure._replace(direction=change.form.cue.direction)
    return figure


@cache
def _hold_an_opinion() -> re.Pattern[str]:
    """People and what they think: `Les Français se disent inquiets du chômage (84 %, dont 39 % très inquiets)`."""
    return re.compile(
        rf"\b{alternation(words_of('respondent') | words_of('supporter'))}\b[^.;:]{{0,60}}?"
        r"\b(?:se (?:montrent|disent|déclarent)|estiment|pensent|jugent|considèrent|souhaitent|craignent"
        r"|font confiance)\b"
    )


def _is_answer(scene: Scene, quantity: Quantity) -> bool:
    """Whether a percentage in parentheses counts those who are said to hold an opinion."""
    start = scene.sentence.start
    aside = _IN_PARENTHESES.search(scene.flat, max(start, quantity.start - 50), quantity.start)
    return aside is not None and bool(_hold_an_opinion().search(scene.flat, start, quantity.start))


_IN_PARENTHESES = re.compile(r"\((?:[^()]{0,40}\bdont\s)?$")


def _as_bound_or_answer(scene: Scene, figure: Figure, hit: Hit) -> Figure | None:
    """A figure that only bounds what its cue measures, or counts those who hold an opinion of it."""
    quantity, start = figure.quantity, scene.sentence.start
    of_class = figure.measure in _BOUNDED and _OF_CLASS.search(scene.flat, start, quantity.start)
    of_class = of_class or (
        figure.measure == "revenue" and _OF_PEOPLE.search(scene.flat, start, quantity.start)
    )
    if of_class or (figure.measure in _BOUNDED and _ABOVE.search(scene.flat, start, quantity.start)):
        return figure._replace(measure="other", actor=None)
    if figure.measure == "penalty" and hit.start >= quantity.end and is_of_an_amount(scene, quantity):
        return figure._replace(measure="rate", actor=None)  # "48 % du montant des amendes est réglé"
    asked = figure.measure == "rate" and quantity.unit == "percent" and _is_answer(scene, quantity)
    return figure._replace(measure="market_share", actor=None) if asked else None


_BOUNDED = ("budget", "price", "revenue", "assets", "earnings", "debt")
# "taxer les successions supérieures à 50 000 euros", "les sociétés au chiffre d'affaires inférieur à 3 millions"
_ABOVE = re.compile(
    r"\b(?<!un )(?<!une )(?:[\w']+s\s(?:supérieures|inférieures|supérieurs|inférieurs))\sà\s$"
)
# "les entreprises réalisant plus d'un milliard d'euros de chiffre d'affaires" are a class that a rule makes
_OF_CLASS = re.compile(
    r"\b(?:entreprises|sociétés|groupes|firmes|industriels|plateformes)\s(?:\w+\s)?(?:réalisant|dégageant|générant)\s(?:plus|moins)\sd(?:e\s|')$"
)
# As in: ceux qui ont moins de 1 500 euros de revenus. What people earn bounds a class of them.
_OF_PEOPLE = re.compile(
    r"\b(?:ceux|celles|personnes|ménages|foyers|familles|revenus)\s(?:qui\s[^,;:.()]{2,40}\s|[^,;:.()]{0,40}\((?:\w+\s)?)(?:plus|moins)\sd(?:e\s|')$"
)
_OF_NOUNS = ("price", "rate", "change", "market_share", "budget", "compensation", "other", "loss", "penalty")
_PRESENT = 250  # characters over which a company that was named is still spoken of


def _of_noun(scene: Scene, quantity: Quantity, hit: Hit, subject: Party | None) -> Party | None:
    """What a figure is of where no company is named: the noun that its cue is of, the one that its clause is about.

    A noun takes the place of an entity that is only remembered, and of an authority that sets a price or rate.
    """
    measure = "change" if loses_cents(quantity, hit) else hit.form.cue.measure
    if measure == "price" and (thing := _offered(scene, quantity)):
        return thing
    named = subject is not None and subject.place is not None
    kind = _kind_of(scene, subject) if subject else ""
    if named and not (kind in _AUTHORITIES and measure in _SET):
        return _changed_before(scene, quantity, hit, subject)
    if named and _UNDERGOES.search(scene.flat, scene.sentence.start, hit.start):
        return None
    if measure == "price" and (good := _good(scene, quantity)):
        return good
    said_of = _said_of(scene, hit) if measure in (*_SET, "compensation") and not named else None
    if said_of and kind not in _HAVE_ACCOUNTS:
        return _printed(scene, said_of)
    ahead = subject_phrase(scene.flat, scene.sentence.start, min(hit.end, quantity.start))
    sold = measure == "price" and hit.form.kind == "after"
    behind = sold and ahead and quantity.start - ahead.end < _NEXT
    governs = ahead and (behind or _has_it(scene, ahead, hit))
    if ahead and governs and (subject or measure in _SET):
        after_name = named and subject and subject.place and subject.place[0] >= ahead.start
        if ahead.head in words_of("account noun"):
            ahead = complement_of(scene.flat, ahead.start + len(ahead.head), hit.start)
            owned = subject and kind in _HAVE_ACCOUNTS and _is_present(scene, quantity, subject.name)
            return None if after_name or owned or measure not in _SET else _printed(scene, ahead)
        if not (measure in _SET and scene.matter()) or is_of_people(ahead):
            return None if after_name else _printed(scene, ahead)
    if measure not in _OF_NOUNS:
        return None
    here = subject is not None and (
        (subject.name == scene.last and subject.name in scene.kinds)
        or any(m.name == subject.name for m in scene.mentions)
    )
    sets = named and kind in ("institution", "state")  # an authority sets the price of what the text is about
    told = sets or (kind != "state" and not here and not named)
    matter = scene.matter() if told and measure in _SET else None
    if subject and kind in _HAVE_ACCOUNTS and not matter and _is_present(scene, quantity, subject.name):
        return None
    phrase = _complement(scene, quantity, hit) if subject or measure in (*_SET, "budget") else None
    if phrase and named and subject and subject.place and hit.end <= subject.place[0] < phrase.end + _NEXT:
        return None  # "le prix de l'action Renault"
    phrase = phrase or (None if named else _people_ahead(scene, hit, ahead))
    if phrase:
        return _printed(scene, phrase)
    return Party(matter, None) if matter else None


def _changed_before(scene: Scene, quantity: Quantity, hit: Hit, subject: Party | None) -> Party | None:
    """What stands right behind a change of it, before who is named: `une hausse de 10 % des risques, écrit Soluvia`."""
    if hit.form.kind != "noun" or not hit.form.cue.direction or subject is None or subject.place is None:
        return None
    phrase = _complement(scene, quantity, hit)
    behind = phrase and phrase.start > quantity.end and subject.place[0] > phrase.end + _NEXT
    return _printed(scene, phrase) if behind else None


def _has_it(scene: Scene, ahead: Phrase, hit: Hit) -> bool:
    """Whether a noun is the subject of a cue: `Les ventes reculent`, `sont en recul`, `subissent un recul`."""
    if hit.form.kind == "verb":
        return is_subject_of(scene.flat, ahead, hit.start)
    if hit.form.kind == "after":  # "Le blé se négocie à 212 euros la tonne"
        verbs = (
            other for other in scene.hits if other.form.kind == "verb" and other.form.cue.measure == "price"
        )
        return any(is_subject_of(scene.flat, ahead, verb.start) for verb in verbs)
    changes = hit.form.kind == "noun" and hit.form.cue.direction
    return bool(changes) and is_in_change(scene.flat, ahead, hit.start)


def _people_ahead(scene: Scene, hit: Hit, ahead: Phrase | None) -> Phrase | None:
    """The people whom the clause of a cue is about, unless the cue only gives a reason."""
    apart = ahead and _BECAUSE.search(scene.flat, ahead.end, hit.start)
    return ahead if ahead and not apart and is_of_people(ahead) else None


# "Les départs étaient inévitables en raison d'un budget de 3 millions": another thing's
_BECAUSE = re.compile(r"\b(?:en raison|à cause|du fait|faute|à la suite)\b")


def _kind_of(scene: Scene, party: Party) -> str:
    """What the words at a party's place are: the government is a state, named or not."""
    here = (m.kind for m in scene.mentions if party.place and (m.start, m.end) == party.place)
    return next(here, scene.kinds.get(party.name, ""))


def _printed(scene: Scene, phrase: Phrase | None) -> Party | None:
    """A phrase as a party, where it is no name."""
    if phrase is None or any(
        phrase.start <= m.start < phrase.end + _NEXT and m.kind == "company" for m in scene.mentions
    ):
        return None  # "les salariés d'Iliad"
    words = scene.text[phrase.start : phrase.end]
    fits = words[0].islower() or words.split()[0] in printed_words_of("portfolio")
    return Party(words, (phrase.start, phrase.end)) if fits else None


def _good(scene: Scene, quantity: Quantity) -> Party | None:
    """The good that a sum is the price of, where it stands right before it."""
    small = quantity.kind == "money" and size_of(quantity) < LARGE_SUM
    return _printed(scene, priced(scene.flat, scene.sentence.start, quantity.start)) if small else None


def _offered(scene: Scene, quantity: Quantity) -> Party | None:
    """What a price that opens the sentence is said of, behind its comma: `Vendue 25 990 euros, la Clio arrive`."""
    phrase = offered(scene.flat, scene.sentence.start, (quantity.start, quantity.end))
    if phrase is None:
        return None
    named = (m for m in scene.mentions if phrase.start <= m.start < phrase.end + _NEXT and m.form == "name")
    if name := next(named, None):
        return Party(name.speaker, (name.start, name.end))
    return Party(scene.text[phrase.start : phrase.end], (phrase.start, phrase.end))


def _said_of(scene: Scene, hit: Hit) -> Phrase | None:
    """The noun that a participle alone is said of, or what the subject of a verb or of a change counts."""
    start = scene.sentence.start
    if hit.form.cue.measure == "compensation":  # "les retraités gagnant moins de 2 000 euros"
        earns = scene.flat.endswith("ant", hit.start, hit.end)
        return reduced(scene.flat, start, hit.start) if earns else None
    bare = reduced(scene.flat, start, hit.start) if hit.form.participle else None
    changes = hit.form.kind == "noun" and hit.form.cue.direction
    if bare or not (changes or hit.form.kind == "verb"):
        return bare
    return counted(scene.flat, start, hit.start, verb=hit.form.kind == "verb")


# "Le Royaume-Uni a subi au deuxième trimestre une chute de 20 %": it is no authority that sets a rate
_UNDERGOES = re.compile(
    r"\b(?:subi|subit|subira|connaît|connu|connaîtra|enregistr\w+|accus\w+|essuy\w+)\s[^.;:,]{0,40}?(?:une?|sa|son|la|le)\s(?:\w+\s)?$"
)
_SET = ("price", "rate", "change")  # what authorities set and tell, and what nouns have
_AUTHORITIES = ("institution", "state", "person")
_HAVE_ACCOUNTS = ("company", "product", "media")


def _complement(scene: Scene, quantity: Quantity, hit: Hit) -> Phrase | None:
    """What the noun of a cue is of, behind it or behind its figure: `la hausse de 2 % des tarifs du gaz`."""
    by = hit.end <= quantity.start and _BY_HOW_MUCH.fullmatch(scene.flat, hit.end, quantity.start)
    if hit.form.kind == "verb" and by and hit.form.cue.direction:
        return changed(scene.flat, quantity.end, scene.sentence.end)
    if hit.form.kind != "noun":
        return None
    phrase = complement_of(scene.flat, hit.end, scene.sentence.end)
    if phrase is None and scene.flat[hit.start : hit.end].removeprefix("le ") in words_of(
        "measure of a good"
    ):
        phrase = held_by(scene.flat, hit.end, scene.sentence.end)
    if phrase is None and by:
        phrase = complement_of(scene.flat, quantity.end, scene.sentence.end)
    return phrase


_NEXT = 12  # characters from a noun to the name that it is joined to


def _is_present(scene: Scene, quantity: Quantity, name: str) -> bool:
    """Whether a company was named just before a figure, or is the one that its sentence is about."""
    near = scene.text.rfind(name, max(0, quantity.start - _PRESENT), quantity.end) >= 0
    return near or any(m.name == name for m in scene.mentions) or name in (scene.main, scene.last)


_BY_HOW_MUCH = re.compile(
    r"\s(?:\w+\s)?(?:de\s|d')(?:près\sde\s|plus\sde\s|moins\sde\s|environ\s|quelque\s)?"
)


# "une réduction du budget du groupe de 84 millions"
_BY_HOW_MUCH_OF = re.compile(
    rf"(?:\s(?:de\sla|du|des|de)\s[a-zà-ÿ-]+|\s(?:d|de\sl)'[a-zà-ÿ-]+)?{_BY_HOW_MUCH.pattern}"
)


def _change_of(scene: Scene, quantity: Quantity, hit: Hit) -> Hit | None:
    """The noun of a change that a cue is the object of: `des hausses de salaires de 200 euros`; no level has one."""
    if len(scene.hits) == 1 or not _BY_HOW_MUCH_OF.fullmatch(scene.flat, hit.end, quantity.start):
        return None
    return next(
        (
            other
            for other in scene.hits
            if other.form.cue.direction
            and other.form.kind == "noun"
            and other.end <= hit.start
            and OF.fullmatch(scene.flat, other.end, hit.start)
        ),
        None,
    )


def _tells_another(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a cue that stands near a figure tells something else than it."""
    cue, words = hit.form.cue, scene.flat[hit.start : hit.end]
    if words == "total" or words.startswith(("revenu", "rapport")):
        return _is_part_of_term(scene, quantity, hit)
    if words in _TAKES and any(
        other.form.cue.measure == "stake" and other.form.kind == "noun" for other in scene.hits
    ):
        return cue.measure == "change"  # "a acquis une participation de 60 %, une autre a pris 20 %"
    if cue.measure in ("funding", "capex"):
        return _is_for_a_deal(scene, hit) or _is_of_a_vote(scene, hit)
    if words == "économie":
        return bool(_THE.search(scene.flat, scene.sentence.start, hit.start))  # the country's, and no saving
    if cue.measure == "other":
        return _is_no_threshold(scene, hit)
    if cue.measure == "penalty" and _OF_THE_WRONG.fullmatch(scene.flat, hit.end, quantity.start):
        return True
    # "le rachat de Soluvia lui a coûté 3 millions"
    costs_deal = cue.measure == "price" and "coûter" in cue.verbs and _tells_deal(scene, hit)
    if costs_deal or _is_dividend(scene, hit) or _is_fee(scene, quantity, hit):
        return True
    if words.startswith("billet") and scene.flat[hit.end : quantity.start] in (" de ", " d'"):
        return True  # "un billet de 50 euros": what it is worth, and no price
    if cue.measure == "price" and _PAYS_FOR.match(scene.flat, quantity.end, hit.start):
        return size_of(quantity) >= LARGE_SUM
    if cue.measure == "price" and size_of(quantity) >= LARGE_SUM:
        # No share costs as much, and what is paid so much for is told before, or by the noun of the deal.
        level = words.startswith(("affich", "s'affich"))  # "le chiffre d'affaires s'affiche à 3 milliards"
        return level or "cours" in cue.nouns or "payer" in cue.verbs or _sells_for(scene, hit)
    if cue.measure == "valuation":
        estimates = "estimer" in cue.verbs and _estimates_another(scene, quantity, hit)
        return estimates or _is_of_account(scene, hit) or _values_the_next(scene, quantity, hit)
    return _tells_another_ratio(scene, quantity, hit)


def _tells_another_ratio(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a cue of stakes, rates, shares or changes tells something else than the figure."""
    cue, words = hit.form.cue, scene.flat[hit.start : hit.end]
    if cue.measure == "stake":
        return words.endswith("actions") and not _of_shares(scene)
    if cue.measure == "rate":
        after = hit.form.kind == "after" and _is_changed_by(scene, quantity)
        return after or (hit.form.kind == "verb" and _is_said_of(scene, hit, ("rate", "debt")))
    if cue.measure == "market_share":
        part = _pays_for_part(scene, quantity, hit) or _is_held_in(scene, hit)
        # As in: une baisse de 5 % des effectifs.
        after = hit.form.kind == "after" and _is_changed_by(scene, quantity)
        return part or after or _is_of_rate(scene, quantity, hit)
    return cue.measure == "change" and _is_of_company(scene, quantity, hit)


# "condamné pour avoir versé 3 millions", "une amende de 10 000 euros pour avoir soustrait 3 millions"; what somebody
# is fined "pour avoir fraudé" stands behind "à" or "de".
_OF_THE_WRONG = re.compile(r"[^.;:]{0,120}?\spour\s(?:avoir|s'être)\s(?:(?!à\s|de\s(?!\S))[^\s,;.:]+\s){0,8}")


def _is_no_threshold(scene: Scene, hit: Hit) -> bool:
    """Whether a word of thresholds tells none: `ont franchi le seuil de 10 000 euros`, `le tarif est plafonné`."""
    levels = (o for o in scene.hits if o.end <= hit.start)
    if scene.flat.startswith("plafonn", hit.start):
        return any(scene.flat.startswith(_TARIFFS, other.start) for other in levels)
    crossed = _IS_CROSSED.search(scene.flat, scene.sentence.start, hit.start)
    return bool(crossed) and any(other.form.cue.measure in (*_SET, "valuation") for other in levels)


_TARIFFS = ("tarif", "prix", "loyer", "prime")


def _sells_for(scene: Scene, hit: Hit) -> bool:
    """Whether a sum in so many words is that of a sale: `vendu son entreprise pour la modique somme de 3 millions`."""
    in_words = scene.flat.endswith("somme de", hit.start, hit.end)
    return in_words and any({"vendre", "acheter"} & {*other.form.cue.verbs} for other in scene.hits)


def _is_fee(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether what is told by the month is a price: `les loyers dépassent 1 050 euros mensuels`."""
    monthly = scene.flat.startswith("mensuel", hit.start) and hit.form.kind == "after"
    return monthly and any(
        other.form.cue.measure == "price" and other.end <= quantity.start for other in scene.hits
    )


def _is_dividend(scene: Scene, hit: Hit) -> bool:
    """Whether what is told by the share is what it yields: `un dividende de 1,2 euro par action` is no price of it."""
    by_share = scene.flat[hit.start : hit.end] in ("par action", "par titre")
    return by_share and any(o.end < hit.start and "dividende" in o.form.cue.nouns for o in scene.hits)


def _is_of_account(scene: Scene, hit: Hit) -> bool:
    """Whether what is valued is an account: `la dette d'Altigroup, évaluée à 24 milliards`."""
    accounts = (
        other for other in scene.hits if other.form.kind == "noun" and other.form.cue.measure in _ACCOUNTS
    )
    return hit.form.participle and any(
        account.end < hit.start and _APART.fullmatch(scene.flat, account.end, hit.start)
        for account in accounts
    )


_ACCOUNTS = ("debt", "revenue", "earnings", "loss", "assets", "budget", "compensation", "penalty")
_APART = re.compile(r"\s(?:de\s|d'|du\s|des\s)[^,;:.()]{1,40},\s(?:[a-zà-ÿ]+ment\s)?")


def _is_of_rate(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a share is what a rate is of: `un taux de chômage de 7,5 % de la population active`."""
    rates = (
        other for other in scene.hits if other.form.cue.measure == "rate" and other.end <= quantity.start
    )
    last = next((q.end for q in reversed(scene.quantities) if q.end <= quantity.start), scene.sentence.start)
    return hit.form.kind == "after" and any(
        rate.start >= last and scene.flat.startswith("taux", rate.start) for rate in rates
    )


def _is_part_of_term(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a word only qualifies, is no company's, or says: `budget total`, `impôt sur le revenu`, `rapporte X`."""
    if scene.flat.startswith("rapport", hit.start):
        return bool(_SAYS.search(scene.flat, quantity.end, hit.start))
    if scene.flat.startswith("total", hit.start):
        return any(other.form.kind == "noun" and other.end == hit.start - 1 for other in scene.hits)
    taxed = _TAX_ON.search(scene.flat, scene.sentence.start, hit.start)
    return bool(taxed or _OF_A_HOUSEHOLD.match(scene.flat, hit.end))


_TAX_ON = re.compile(
    r"\b(?:impôts?\ssur\sles?|conditions?\sde|plafonds?\sde|aides?\saux|déclarations?\sde(?:s|\sleurs)?)\s$"
)
_OF_A_HOUSEHOLD = re.compile(
    r"\s(?:fisca|imposable|universel|de\sbase|disponible|minimum|maximum|médian|moyen)"
)


def _is_for_a_deal(scene: Scene, hit: Hit) -> bool:
    """Whether what is closed or spent is a deal's: `le rachat a été bouclé`, `Pour s'offrir X, Facebook a dépensé`."""
    if scene.flat.startswith("boucl", hit.start):
        return _tells_deal(scene, hit)
    if not scene.flat.startswith("dépens", hit.start):
        return False
    bought = _FOR_A_PURCHASE.match(scene.flat, scene.sentence.start, hit.start)
    return bought is not None and any(
        m.kind in ("company", "product") and m.end <= bought.end() for m in scene.mentions
    )


_FOR_A_PURCHASE = re.compile(
    r"\W*pour (?:acquérir|racheter|acheter|s'offrir|s'emparer|mettre la main)\b[^,;:]*,"
)


def _is_of_a_vote(scene: Scene, hit: Hit) -> bool:
    """Whether a `tour` is one of an election: `au premier tour, avec 24 % des voix`."""
    votes = scene.flat.endswith(" tour", hit.start, hit.end)
    return votes and bool(ballot().search(scene.flat, scene.sentence.start, scene.sentence.end))


def _is_told_of_noun(scene: Scene, hit: Hit, quantity: Quantity) -> bool:
    """Whether the object of a verb is an account of its own: `a estimé la facture à 9 milliards` values no company."""
    return any(
        other.form.kind == "noun"
        and other.form.cue.measure not in _HELD
        and hit.end <= other.start
        and other.end <= quantity.start
        and _ITS_OBJECT.fullmatch(scene.flat, hit.end, other.start)
        for other in scene.hits
    )


def _of_shares(scene: Scene) -> bool:
    """Whether the `actions` of a sentence are shares: a company or a trade in them is told with them."""
    traded = _TRADES.search(scene.flat, scene.sentence.start, scene.sentence.end)
    return bool(traded) or any(m.kind in ("company", "product") for m in scene.mentions)


_TRADES = re.compile(
    r"\b(?:capital|titres|détien|détenu|achet|rachet|acqui|céd|vend|investi|bourse|actionnaire)"
)
# "Celui-ci sera gigantesque, de 1.000 milliards, a estimé Thierry Breton": a verb of speech, which values nothing
_SAYS = re.compile(r",\s(?:(?:a|ont|avait|avaient|a-t-il|a-t-elle)\s)?(?:\w+ment\s)?$")
_PAYS_FOR = re.compile(
    r"\spour\s(?:l[ea]s?\s|l'|un\s|une\s)?\w+\sd"
)  # "4 milliards pour le gel des prix du carburant"
_ITS_OBJECT = re.compile(r"\s(?:\w+ment\s)?(?:l[ea]s?\s|l'|s(?:on|a|es)\s|leurs?\s|ce(?:s|tte)?\s)")
_THE = re.compile(r"\b(?:l'|son\s|notre\s|cette\s|leur\s)$")
_IS_CROSSED = re.compile(
    r"\b(?:(?:franchi|dépass|pass|crev|attei|attein)\w*\s(?:\w+\s)?|sous\s|au-(?:dessus|dessous|delà)\s)(?:le\s|du\s)$"
)


def _is_changed_by(scene: Scene, quantity: Quantity) -> bool:
    """Whether the noun of a change governs a percentage: `un recul de 8 % du PIB` is no ratio to it."""
    return any(
        hit.form.cue.direction
        and hit.form.kind == "noun"
        and hit.end <= quantity.start
        and _BY_HOW_MUCH.fullmatch(scene.flat, hit.end, quantity.start)
        for hit in scene.hits
    )


def _is_held_in(scene: Scene, hit: Hit) -> bool:
    """Whether a part is one of a company's capital: `la part de Bouygues dans Alstom passera de 28 % à 10 %`."""
    if scene.flat[hit.start : hit.end] not in ("part", "parts"):
        return False
    holder = _OF_HOLDER.match(scene.flat, hit.end, scene.sentence.end)
    return holder is not None and any(m.start == holder.end() and m.kind == "company" for m in scene.mentions)


_OF_HOLDER = re.compile(rf"\s(?:d[eu]s?\s|d')[^,;:.()\d]{{2,40}}?{IN_CAPITAL.pattern}")


def _is_of_company(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a percentage is a part of a company: `céder 10 % de Puma`, `pris 75 % de Framatome` change no level."""
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    return (
        hit.form.kind == "verb"
        and quantity.unit == "percent"
        and behind is not None
        and (behind.kind == "company" or (behind.kind == "" and scene.flat[hit.start : hit.end] in _TAKES))
        and bool(re.fullmatch(r"\s(?:de\s|d'|du\s)(?:la\s|l')?", scene.flat[quantity.end : behind.start]))
    )


_TAKES = ("a pris", "prend", "ont pris")
_ITS = re.compile(r"\b(?:le|l')\s?$")


def _estimates_another(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether what is estimated is no company, or is only said: `Il faudra 3 milliards, a estimé Luc Bernard`."""
    return (
        (hit.form.kind == "verb" and _is_told_of_noun(scene, hit, quantity))
        or bool(_SAYS.search(scene.flat, quantity.end, hit.start))
        or _values_account(scene, hit)
        or _reckons(scene, quantity, hit)
        or _is_said_of(scene, hit, _HELD)
        or any(
            other.form.kind == "noun"
            and other.form.cue.measure == "deal_value"
            and (
                _IS.fullmatch(scene.flat, other.end, hit.start)
                or (
                    scene.flat.endswith("ée", hit.start, hit.end)
                    and _OF_ONE.fullmatch(scene.flat, other.end, hit.start)
                )
            )
            for other in scene.hits
        )
    )


def _reckons(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether what is estimated stands behind its sum and is no company: `estime à 3 milliards le coût de la grève`."""
    to = hit.form.kind == "verb" and _TO.search(scene.flat, hit.end, quantity.start)
    thing = _ESTIMATED.match(scene.flat, quantity.end, scene.sentence.end) if to else None
    if thing is None or thing["head"] in words_of("firm noun") or thing["head"].startswith(_WORTH):
        return False
    return not any(m.start < thing.end() and m.end > thing.start() for m in scene.mentions)


_TO = re.compile(r"\sà\s(?:(?:près|plus|moins)\sde\s|environ\s|quelque\s)?$")
_ESTIMATED = re.compile(r"\s(?:(?:l[ea]s?|s(?:on|a|es)|leurs?|cette|ce)\s|l')(?P<head>[\w-]+)")
_WORTH = ("valeur", "valorisation", "capitalisation", "prix")


_OF_ONE = re.compile(r"(?<=ion)\s(?:de\s|d'|du\s)[^,;.:()]{2,40},\s")  # "l'acquisition de VMware, évaluée à"


_IS = re.compile(
    r",?\s(?:(?:est|était|serait|sera|a\sété)\s)?(?:\w+ment\s)?"
)  # "une transaction évaluée à 3 milliards"


def _values_the_next(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a participle behind a comma has a sum of its own: `pour 3 milliards, valorisant Arm 30 milliards`."""
    behind = quantity.end <= hit.start and scene.flat.find(",", quantity.end, hit.start) >= 0
    return (
        behind
        and scene.flat.endswith("ant", hit.start, hit.end)
        and any(other.start >= hit.end and other.kind == "money" for other in scene.quantities)
    )


def _values_account(scene: Scene, hit: Hit) -> bool:
    """Whether the pronoun before `estimait` is the account of the text: `Reuters l'estimait à 875 millions`."""
    return scene.theme in ("revenue", "earnings", "loss", "capex", "debt", "penalty") and bool(
        _ITS.search(scene.flat, scene.sentence.start, hit.start)
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
        other.form.kind == "noun" and _DEALS & {*other.form.cue.nouns} and other.end <= hit.start
        for other in scene.hits
    )


_DEALS = {"rachat", "prise de participation"}


_HELD = ("valuation", "stake", "deal_value", "funding")  # what an estimate makes a valuation of


def _is_said_of(scene: Scene, hit: Hit, but: tuple[str, ...]) -> bool:
    """Whether a participle is said of a noun of a measure not in `but`: `une dette estimée à 3 milliards`."""
    return hit.form.participle and any(
        other.form.kind == "noun"
        and other.form.cue.measure not in but
        and other.end <= hit.start
        and _IS_SAID_OF.fullmatch(scene.flat, other.end, hit.start)
        for other in scene.hits
    )


_IS_SAID_OF = re.compile(r"[\"»”]?(?:[^.,;:()\d]{0,60}|,)\s")


_FOR_PART = re.compile(r"\b(?:pour|contre|en échange d'|moyennant)\s?une\s$")


def _pays_for_part(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a sum is paid for the part that a percentage tells: `300 millions, pour une part de 10 %`."""
    return bool(_FOR_PART.search(scene.flat, scene.sentence.start, hit.start)) and any(
        other.kind == "money" and other.end <= hit.start <= quantity.start for other in scene.quantities
    )


_NEAR = -2.0  # a cue this near is the figure's own: "une hausse de 20 % des ventes"
_LOOSE = 6.0  # a cue so far away gives way to a pronoun before the figure and to what stands right behind it


def _nearer_than_cue(scene: Scene, quantity: Quantity, evidence: Evidence, cost: float) -> Figure | None:
    """The figure as its own words tell it, where a cue of this cost stands farther away than they do."""
    if more := _more_or_less(scene, quantity, evidence):
        return more
    if cost > _LOOSE and (
        found := _of_theme(scene, quantity, evidence) or share_of(scene, quantity, evidence)
    ):
        return found
    return of_people(scene, quantity, evidence) if cost > _NEAR else None


def _more_or_less(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A percentage as a change where it counts what there is more or less of: `56 % de morts en moins`."""
    if quantity.unit != "percent":
        return None
    found = _MORE_OR_LESS.match(scene.flat, quantity.end, scene.sentence.end)
    if found is None:
        return None
    direction = "down" if found["how"] == "moins" else "up"
    evidence["measure"] = evidence["direction"] = found.span("by")
    whose = spoken_of(scene, quantity)
    firm = scene.kinds.get(whose or "") in ("company", "product")
    firm = firm or (scene.kinds.get(whose or "") == "" and any(m.name == whose for m in scene.mentions))
    subject = whose if firm else None
    if subject is None and scene.text[found.start("of")].islower():
        evidence["subject"], subject = found.span("of"), scene.text[slice(*found.span("of"))]
    return Figure(quantity, scene.sentence, evidence, "change", subject, direction=direction)


_MORE_OR_LESS = re.compile(
    r"\s(?:de\s|d')(?P<of>[a-zà-ÿ'-]{3,}(?:\s[a-zà-ÿ'-]+){0,3}?)\s(?P<by>(?:en|de)\s(?P<how>moins|plus)|supplémentaires?)\b(?!\s(?:de|d')\b)"
)


def _without_cue(scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure:
    """The figure as a pronoun, its whole or the figures before it tell it; else `other`, for want of a cue."""
    figure = _nearer_than_cue(scene, quantity, evidence, inf) or more_of_same(
        scene, quantity, evidence, before
    )
    if (figure is None or figure.measure != "revenue") and (brought := _brought(scene, quantity, evidence)):
        return brought
    if figure:
        return figure
    if quantity.kind == "money" and (owed := _OWES.search(scene.flat, scene.sentence.start, quantity.start)):
        evidence["measure"] = owed.span("verb")
        return Figure(quantity, scene.sentence, evidence, "debt", spoken_of(scene, quantity))
    if (
        quantity.kind == "money"
        and size_of(quantity) < _DEAR
        and _FOR_SO_MUCH.search(scene.flat, max(0, quantity.start - 20), quantity.start)
    ):
        return Figure(quantity, scene.sentence, evidence, "price", spoken_of(scene, quantity))
    if receiver := goes_to(scene, quantity):
        evidence["subject"] = (receiver.start, receiver.end)
        return Figure(quantity, scene.sentence, evidence, "other", receiver.name, unresolved="no cue")
    if good := _good(scene, quantity):
        evidence["subject"] = good.place  # type: ignore[assignment]
        return Figure(quantity, scene.sentence, evidence, "price", good.name)
    subject, payer = spoken_of(scene, quantity), None
    if quantity.unit == "percent" and _is_answer(scene, quantity):
        return Figure(quantity, scene.sentence, evidence, "market_share", subject)
    if (paid := paid_to(scene, quantity)) and paid.name != subject:
        evidence["subject"] = (paid.start, paid.end)
        subject, payer = paid.name, subject
    elif before and before[-1].sentence == scene.sentence and before[-1].unresolved == "no cue":
        previous = before[-1]
        if previous.actor and _AFTER_SUM.fullmatch(scene.flat, previous.quantity.end, quantity.start):
            subject, payer = previous.subject, previous.actor
    giver = subject_of_clause(scene, quantity) if payer is None else None
    if giver and gives().search(scene.flat, scene.sentence.start, quantity.start):
        payer = giver
    if quantity.kind == "money" and payer and is_public_payer(scene, payer) and (giver or paid):
        helped = paid.name if paid else None
        reason = None if helped else "no subject"
        return Figure(quantity, scene.sentence, evidence, "budget", helped, payer, unresolved=reason)
    return Figure(quantity, scene.sentence, evidence, "other", subject, payer, unresolved="no cue")


def _brought(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A sum as what something brings, whose only object it is: `Le pèlerinage rapporte 10 milliards par an`."""
    if quantity.kind != "money" or scene.flat.find("rapport", scene.sentence.start, quantity.start) < 0:
        return None
    verb = _BRINGS.search(scene.flat, scene.sentence.start, quantity.start)
    if verb is None:
        return None
    if _SOLD_OFF.search(scene.flat, scene.sentence.start, verb.start()):
        return None
    evidence["measure"] = verb.span("verb")
    subject = spoken_of(scene, quantity)
    ahead = subject_phrase(scene.flat, scene.sentence.start, quantity.start)
    named = subject is not None and subject in (subject_of_clause(scene, quantity), scene.main)
    source = None if named else _printed(scene, ahead)
    if source and source.place:
        evidence["subject"] = source.place
    return Figure(quantity, scene.sentence, evidence, "revenue", source.name if source else subject)


# "la vente de ses usines rapporte 3 millions": what a part is sold for is no revenue
_SOLD_OFF = re.compile(r"\b(?:ventes?|cessions?)\s(?:d[eu]s?\s|d')")
_BRINGS = re.compile(
    r"(?<!\blui\s)(?<!\bleur\s)\b"
    r"(?P<verb>rapporte|rapportent|(?:a|ont|avait|avaient|aurait|auraient)\s(?:\w+\s)?rapporté)\s"
    r"(?:(?:près|plus|moins)\sd(?:e\s|')|environ\s|quelque\s|jusqu'à\s|chaque\sannée\s)*$"
)


# "À 15 dollars par mois, c'est le plus cher", "Pour 50 euros, l'abonné reçoit la chaîne"
_FOR_SO_MUCH = re.compile(
    r"(?:^|[.!?…»\"”]\s?|\n)(?:à|a|pour|moyennant|dès)\s(?:environ\s|moins\sde\s|plus\sde\s)?$"
    r"|\s(?:pour|moyennant)\s(?:seulement\s)?$"
)
_DEAR = 10_000


# "Renault doit encore 3 milliards d'euros": no modal
_OWES = re.compile(
    r"\b(?P<verb>doit|doivent|devait|devaient)\s(?:(?:encore|toujours|environ|quelque|plus\sde|près\sde)\s)*$"
)


# "200 millions à Nordelec cette année, après quelque 150 millions"
_AFTER_SUM = re.compile(r"[^.;:()]{0,60},?\s(?:après|contre|puis|et)\s(?:\w+\s){0,2}")


_LEVEL = (
    r"(?:attei|dépass|excéd|excèd|s'élev|s'élèv|élevé|s'établi|établi|ressort|avoisin|culmin|frôl|approch|grimp|mont|tomb"
    r"|revien|revena|pass|représent|se chiffr)\w*"
)


_ANAPHOR = re.compile(
    rf"\b(?:ils?|elles?|celle-ci|celui-ci)\s(?:[\w']+\s)?{_LEVEL}[^,;:.]{{0,30}}$"
    r"|\b(?:ils?|elles?)\s[^;:.]{3,40}\sde\s[\d,. ]+%,\sà\s[^,;:.\d]{0,12}$"
    r"|\b(?:le|la|les|l')\s?(?:estim|évalu|chiffr|fix|voi|voy|situ)\w*[^,;.]{0,30}\bà\s[^,;:.]{0,20}$"
)


def _of_theme(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A sum that a pronoun is said to reach: `Les ventes suivent : elles dépassent 4 milliards`."""
    if scene.theme is None or quantity.kind != "money":
        return None
    if of := _of_another(scene, quantity):
        evidence["subject"] = evidence["measure"] = (of.start, of.end)
        figure = Figure(quantity, scene.sentence, evidence, scene.theme, of.name)
        return by_size(scene, figure, None)
    found = _ANAPHOR.search(scene.flat, max(scene.sentence.start, quantity.start - 70), quantity.start)
    if not found:
        return None
    evidence["measure"] = (found.start(), found.start() + len(found[0].split(" ")[0]))
    figure = Figure(quantity, scene.sentence, evidence, scene.theme, scene.last or scene.topic)
    return by_size(scene, figure, None)


# "Elle n'égale pas celle d'OpenAI, qui vient d'atteindre 500 milliards"
_THAT_OF = re.compile(r"\b(?:celles?|celui|ceux)\s(?:de\s(?:la\s|l')?|du\s|d')$")


def _of_another(scene: Scene, quantity: Quantity) -> Mention | None:
    """The entity whose account `celle d'OpenAI` is, where the figure is told of it."""
    for mention in scene.mentions:
        if mention.end <= quantity.start and _THAT_OF.search(scene.flat, scene.sentence.start, mention.start):
            between = scene.flat[mention.end : quantity.start]
            return mention if re.fullmatch(r",?\s(?:qui\s)?[^,;.]{0,40}", between) else None
    return None


def _holder(scene: Scene, actor: Party) -> tuple[Party, Party] | None:
    """A founder and the company that he or she holds: `Kevin Systrom, son cofondateur, en détient 40 %`."""
    mention = next((m for m in scene.mentions if (m.start, m.end) == actor.place and m.person), None)
    return (Party(mention.person, actor.place), Party(mention.name, actor.place)) if mention else None


def _base(scene: Scene, quantity: Quantity, hit: Hit) -> str | None:
    """The account that a change changes, where a cue in the sentence names it; the whole that a share is of."""
    if hit.form.cue.measure == "market_share":
        return whole_of(scene, quantity)
    if hit.form.cue.measure != "change":
        return None
    near = [
        other
        for other in scene.hits
        if other.form.cue.measure in _CHANGED
        and other.form.kind == "noun"
        and _is_in_one_clause(scene, min(other.end, hit.end), max(other.start, hit.start))
    ]
    if near:
        return min(near, key=lambda other: abs(other.start - hit.start)).form.cue.measure
    told = _SAID_OF_ACCOUNT.search(scene.flat, scene.sentence.start, hit.start)
    return scene.theme if told and scene.theme in _CHANGED else None


_CHANGED = (
    "revenue", "earnings", "loss", "debt", "price", "valuation", "compensation", "capex", "budget", "assets",
)  # fmt: skip
# "Au troisième trimestre, elles se sont envolées de 26 %": the account told before
_SAID_OF_ACCOUNT = re.compile(r"\b(?:ils?|elles?|celui-ci|celle-ci|ceux-ci|celles-ci)\s(?:[\w']+\s){0,3}$")
_FAR_ACCOUNT = 80  # characters from a change to the account that it changes


def _is_in_one_clause(scene: Scene, start: int, end: int) -> bool:
    """Whether no clause ends between two places that stand near each other."""
    return end - start < _FAR_ACCOUNT and not re.search(r"[.;:]\s|\n", scene.text[start:end])
