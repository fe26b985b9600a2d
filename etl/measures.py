"""Measures: what a figure of its own words measures, and whose it is.

The cues of the sentence compete (`etl.cues`); the nearest that governs the figure wins, unless something nearer tells
it or the cue tells something else. What the cue says is then held against what can be: a house is no deal, a sum of
26 billion no share's price. A figure without a cue is more of what the text tells (`etl.ellipsis`), or stays `other`
and says why.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from math import inf

from etl.clause import (
    Figure,
    Party,
    Scene,
    cue_words,
    is_nominative,
    nominatives,
    spoken_of,
    subject_of_clause,
)
from etl.cues import Hit, ranked
from etl.ellipsis import LARGE_SUM, more_of_same, size_of
from etl.lexicon import PhysicalUnit, alternation, lexicon, printed_words_of, verb_forms, words_of
from etl.nouns import Phrase, complement_of, is_of_people, is_subject_of, priced, subject_phrase
from etl.parties import Mention, is_state_body
from etl.quantities import Evidence, Quantity
from etl.roles import find_parties_of, find_party, is_investor
from etl.stance import estimates, tells


def measured(scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure:
    """The figure that the cues of the sentence make of a quantity; without one, what the text before it does."""
    if quantity.kind == "quantity":
        return _physical(scene, quantity, evidence)
    candidates = ranked(scene.flat, scene.hits, scene.quantities, quantity)
    for cost, hit in sorted(candidates, key=lambda pair: pair[0]):
        if nearer := _nearer_than_cue(scene, quantity, evidence, cost):
            return nearer
        if figure := _by_cue(scene, quantity, hit, evidence):
            share = figure.measure == "rate" and _goes_on_shares(scene, quantity, hit, before)
            return replace(figure, measure="market_share") if share else figure
    return _without_cue(scene, quantity, evidence, before)


def _goes_on_shares(scene: Scene, quantity: Quantity, hit: Hit, before: list[Figure]) -> bool:
    """Whether a bare `taux` goes on about shares told before: `54 % approuvent. Un taux qui grimpe à 70 %`."""
    told = (
        before
        and before[-1].measure == "market_share"
        and quantity.start - before[-1].quantity.end < _NEAR_SHARES
    )
    bare = scene.flat[hit.start : hit.end] == "taux" and not scene.flat.startswith(
        (" de ", " d'", " des "), hit.end
    )
    return bool(told and bare)


_NEAR_SHARES = 200  # characters


@cache
def _measure_of_unit() -> dict[str, str]:
    return {unit.unit: unit.measure for unit in lexicon().of(PhysicalUnit)}


def _physical(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure:
    """A physical quantity: its unit says whether it is an area or a power, held by whom the sentence is about."""
    measure = _measure_of_unit().get(quantity.unit, "other")
    subject = spoken_of(scene, quantity)
    actor = subject if measure == "area" else None
    return Figure(quantity, scene.sentence, measure, subject, actor, evidence=evidence)


def _by_cue(scene: Scene, quantity: Quantity, hit: Hit, evidence: Evidence) -> Figure | None:
    """The figure that a cue makes of a quantity; `None` where the cue cannot govern it or lacks a party it needs."""
    cue = hit.form.cue
    if _tells_another(scene, quantity, hit):
        return None
    sources = tuple(
        voice.mention.name
        for voice in scene.voices
        if voice.mention and voice.mention.kind in ("media", "institution")
    )
    if cue.measure in _TOLD_OF_OTHERS:
        sources += tuple(
            m.name for m in scene.mentions if m.kind == "institution" and estimates(scene.flat, m)
        )
    if cue.needs and not find_party(scene, hit, quantity, cue.needs, sources):
        return _injected(scene, quantity, hit, evidence)
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
        quantity, scene.sentence, cue.measure, subject.name if subject else None, actor.name if actor else None,
        direction=cue.direction, unresolved=None if subject or not cue.subject else "no subject",
        evidence=evidence, base=_base(scene, quantity, hit),
    )  # fmt: skip
    if cue.measure in ("deal_value", "price") and _buys_supplies(scene, quantity, hit):
        return replace(figure, measure="capex", subject=figure.actor or figure.subject)
    if cue.measure == "deal_value" and hit.form.kind == "verb" and actor and is_investor(actor.name):
        figure = replace(figure, measure="funding")  # what a fund brings is a part of a round
    if words_of("vote") & {scene.flat[hit.start : hit.end]} and (candidate := _candidate(scene, quantity)):
        evidence["subject"] = (candidate.start, candidate.end)
        figure = replace(figure, subject=candidate.speaker, unresolved=None)
    if bounded := _as_bound_or_answer(figure, scene, hit):
        return bounded
    figure = _as_change(figure, scene, hit)
    figure = _of_the_economy(_owed(_with_recipient(_paid(figure, scene), scene), scene), scene, hit)
    return _public(_of_politics(_of_a_company(_by_size(figure, scene, hit), scene, hit), scene), scene)


def _as_change(figure: Figure, scene: Scene, hit: Hit) -> Figure:
    """Points as what separates two shares, and what the noun of a change is of as one of its direction."""
    if figure.quantity.unit == "percentage_point" and figure.measure == "market_share":
        figure = replace(figure, measure="change")
    if figure.direction is None and (change := _change_of(scene, figure.quantity, hit)):
        figure.evidence["direction"] = (change.start, change.end)
        figure = replace(figure, direction=change.form.cue.direction)
    return figure


def _of_politics(figure: Figure, scene: Scene) -> Figure:
    """What a politician would spend by the million as the state's: `elle veut consacrer 2 milliards à la sécurité`."""
    spends = figure.measure == "capex" and scene.kinds.get(figure.actor or "") == "person"
    if not spends or scene.state is None or size_of(figure.quantity) < LARGE_SUM:
        return figure
    figure.evidence.pop("subject", None)
    return replace(figure, measure="budget", subject=None, actor=scene.state)


def _injected(scene: Scene, quantity: Quantity, hit: Hit, evidence: Evidence) -> Figure | None:
    """Public money that a state puts into what has no name: `Londres injecte 1,6 milliard dans ses transports`."""
    payer = find_party(scene, hit, quantity, ("nsubj",), ())
    if (
        hit.form.cue.measure != "deal_value"
        or hit.form.kind != "verb"
        or payer is None
        or payer.place is None
    ):
        return None
    if scene.kinds.get(payer.name) != "state" or not _INTO.match(
        scene.flat, quantity.end, scene.sentence.end
    ):
        return None
    evidence["measure"], evidence["actor"] = (hit.start, hit.end), payer.place
    return Figure(
        quantity, scene.sentence, "budget", None, payer.name, unresolved="no subject", evidence=evidence
    )


_INTO = re.compile(r"\sdans\s")


@cache
def _hold_an_opinion() -> re.Pattern[str]:
    """People and what they think: `Les Français se disent inquiets du chômage (84 %, dont 39 % très inquiets)`."""
    return re.compile(
        rf"\b{alternation(words_of('respondent') | words_of('supporter'))}\b[^.;:]{{0,60}}?"
        r"\b(?:se (?:montrent|disent|déclarent)|estiment|pensent|jugent|considèrent|souhaitent|craignent"
        r"|font confiance)\b"
    )


_IN_PARENTHESES = re.compile(r"\((?:[^()]{0,40}\bdont\s)?$")


def _as_bound_or_answer(figure: Figure, scene: Scene, hit: Hit) -> Figure | None:
    """A figure that only bounds what its cue measures, or counts those who hold an opinion of it."""
    quantity, start = figure.quantity, scene.sentence.start
    if figure.measure in _BOUNDED and _ABOVE.search(scene.flat, hit.start, quantity.start):
        return replace(figure, measure="other", actor=None)
    asked = (
        figure.measure == "rate"
        and quantity.unit == "percent"
        and _IN_PARENTHESES.search(scene.flat, max(start, quantity.start - 50), quantity.start)
        and _hold_an_opinion().search(scene.flat, start, quantity.start)
    )
    return replace(figure, measure="market_share", actor=None) if asked else None


_BOUNDED = ("budget", "price", "revenue", "assets", "earnings", "debt")
# "taxer les successions supérieures à 50 000 euros", "les sociétés au chiffre d'affaires inférieur à 3 millions"
_ABOVE = re.compile(
    r"\b(?<!un )(?<!une )(?:[\w']+s\s(?:supérieures|inférieures|supérieurs|inférieurs))\sà\s$"
)
_TOLD_OF_OTHERS = ("change", "rate", "market_share", "price", "compensation")
_OF_NOUNS = ("price", "rate", "change", "market_share", "budget", "compensation", "other", "loss", "penalty")
_PRESENT = 250  # characters over which a company that was named is still spoken of


def _of_noun(scene: Scene, quantity: Quantity, hit: Hit, subject: Party | None) -> Party | None:
    """What a figure is of where no company is named: the noun that its cue is of, the one that its clause is about.

    A noun takes the place of an entity that is only remembered, and of an authority that sets a price or rate.
    """
    measure = hit.form.cue.measure
    if _loses_cents(quantity, hit):
        measure = "change"
    named = subject is not None and subject.place is not None
    kind = _kind_of(scene, subject) if subject else ""
    if named and not (kind in _AUTHORITIES and measure in _SET):
        return None
    if measure == "price" and (good := _good(scene, quantity)):
        return good
    ahead = subject_phrase(scene.flat, scene.sentence.start, min(hit.end, quantity.start))
    governs = ahead and hit.form.kind == "verb" and is_subject_of(scene.flat, ahead, hit.start)
    if ahead and governs and (subject or measure in _SET):
        after_name = named and subject and subject.place and subject.place[0] >= ahead.start
        if ahead.head in words_of("account noun"):
            ahead = complement_of(scene.flat, ahead.start + len(ahead.head), hit.start)
            owned = subject and kind in _HAVE_ACCOUNTS and _is_present(scene, quantity, subject.name)
            return None if after_name or owned or measure not in _SET else _printed(scene, ahead)
        if not (measure in _SET and scene.matter()) or is_of_people(ahead):
            return None if after_name else _printed(scene, ahead)
    ahead = None if named else ahead
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
    if phrase or (ahead and is_of_people(ahead)):
        return _printed(scene, phrase or ahead)
    return Party(matter, None) if matter else None


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


_SET = ("price", "rate", "change")  # what authorities set and tell, and what nouns have
_AUTHORITIES = ("institution", "state", "person")
_HAVE_ACCOUNTS = ("company", "product", "media")


def _complement(scene: Scene, quantity: Quantity, hit: Hit) -> Phrase | None:
    """What the noun of a cue is of, behind it or behind its figure: `la hausse de 2 % des tarifs du gaz`."""
    if hit.form.kind != "noun":
        return None
    phrase = complement_of(scene.flat, hit.end, scene.sentence.end)
    if (
        phrase is None
        and hit.end <= quantity.start
        and _BY_HOW_MUCH.fullmatch(scene.flat, hit.end, quantity.start)
    ):
        phrase = complement_of(scene.flat, quantity.end, scene.sentence.end)
    return phrase


_NEXT = 12  # characters from a noun to the name that it is joined to


def _is_present(scene: Scene, quantity: Quantity, name: str) -> bool:
    """Whether a company was named just before a figure, or is the one that its sentence is about."""
    near = scene.text.rfind(name, max(0, quantity.start - _PRESENT), quantity.end) >= 0
    return near or any(m.name == name for m in scene.mentions) or name in (scene.main, scene.last)


_NEAR_CANDIDATE = 110  # characters


def _candidate(scene: Scene, quantity: Quantity) -> Mention | None:
    """Who has a share of the votes: who stands behind it, or the last one named before it.

    `Martine Vassal, deuxième avec 22 % des voix, contre 19 % à Samia Ghali`
    """
    for mention in scene.mentions:
        if mention.start >= quantity.end and mention.kind not in ("place", "media", "state"):
            if _GOES_TO.fullmatch(scene.flat, quantity.end, mention.start):
                return mention
            break
    fit = [m for m in scene.mentions if m.kind not in ("place", "media", "state")]
    before = [m for m in fit if m.end <= quantity.start]
    if before and quantity.start - before[-1].end < _NEAR_CANDIDATE:
        told = [*nominatives(scene.flat, scene.sentence.start, before)]
        led = before[-1] not in told and _WITH.fullmatch(scene.flat, before[-1].end, quantity.start)
        return told[-1] if told and led else before[-1]
    after = next((m for m in fit if m.start >= quantity.end), None)
    if after is None or before or not _FRONTED.fullmatch(scene.flat, quantity.end, after.start):
        return None
    return after if is_nominative(scene.flat, quantity.end, after) else None


_GOES_TO = re.compile(
    r"(?:\s(?:des\s)?(?:voix|suffrages))?\s(?:à|au|aux|pour)\s(?:l[ea]\s|l')?(?:[a-zà-ÿ'-]+\s){0,7}?(?:l[ea]\s[a-zà-ÿ]+\s)?"
)
# As in: Benoît Hamon l'emporte face à Manuel Valls, avec 58,8 % des voix
_WITH = re.compile(r",?\savec\s(?:près\sde\s|plus\sde\s|environ\s)?")
# As in: Éliminé avec 6 % des voix, Benoît Hamon …
_FRONTED = re.compile(r"[^,.;:()]{0,60},\s(?:l[ea]\s|l')?(?:[a-zà-ÿ'-]+\s){0,3}?")
_OF = re.compile(r"\s(?:de\s(?:la\s|l')?|des\s|du\s|d'|de\s(?:ses|leurs)\s)")
_BY_HOW_MUCH = re.compile(
    r"\s(?:\w+\s)?(?:de\s|d')(?:près\sde\s|plus\sde\s|moins\sde\s|environ\s|quelque\s)?"
)


def _change_of(scene: Scene, quantity: Quantity, hit: Hit) -> Hit | None:
    """The noun of a change that a cue is the object of: `des hausses de salaires de 200 euros`; no level has one."""
    if not _BY_HOW_MUCH.fullmatch(scene.flat, hit.end, quantity.start):
        return None
    return next(
        (
            other
            for other in scene.hits
            if other.form.cue.direction
            and other.form.kind == "noun"
            and other.end <= hit.start
            and _OF.fullmatch(scene.flat, other.end, hit.start)
        ),
        None,
    )


def _paid(figure: Figure, scene: Scene) -> Figure:
    """Pay with the person who has it as its subject; who pays `son salaire de 14 500 euros` is not told."""
    if figure.measure != "compensation" or figure.actor is None:
        return figure
    kind, words = scene.kinds.get(figure.actor), cue_words(scene, figure)
    if kind != "person" and not (not kind and _IS_PAID.match(words)):
        return figure
    if figure.subject not in (None, figure.actor):
        return replace(figure, actor=None)
    if place := figure.evidence.pop("actor", None):
        figure.evidence["subject"] = place
    return replace(figure, subject=figure.actor, actor=None, unresolved=None)


_IS_PAID = re.compile(r"(?:a |ont |avait )?(?:gagn|touch|perç|percev|empoch)")


def _with_recipient(figure: Figure, scene: Scene) -> Figure:
    """A sum that is paid to somebody as his, from who pays it: `payer 3 millions à Soluvia pour une licence`."""
    recipient = _paid_to(scene, figure.quantity) if figure.measure in ("other", "price") else None
    payer = figure.actor or subject_of_clause(scene, figure.quantity)
    if recipient is None or payer in (None, recipient):
        return figure
    return replace(figure, subject=recipient, actor=payer, unresolved=None)


@cache
def _pays() -> re.Pattern[str]:
    return re.compile(rf"\b{verb_forms('paying verb')}\b[^,;.:]*$")


def _owed(figure: Figure, scene: Scene) -> Figure:
    """Damages as the one who pays them owes them, and the one behind `à` as the claimant.

    `condamnée à verser 50 000 euros de dommages à Eric Zemmour`: he is paid, and who pays is fined.
    """
    place = figure.evidence.get("subject")
    if figure.measure != "penalty" or figure.subject is None:
        return figure
    if claimant := _claimant(scene, figure):
        figure.evidence.pop("subject", None)
        figure.evidence["actor"] = (claimant.start, claimant.end)
        owes = next(
            (n for n in (subject_of_clause(scene, figure.quantity), scene.topic) if n != figure.subject), None
        )
        return replace(figure, subject=owes, actor=figure.subject, unresolved=None if owes else "no subject")
    if place is None or place[0] < figure.quantity.end:
        return figure
    if not _pays().search(scene.flat, scene.sentence.start, figure.quantity.start):
        return figure
    payer = subject_of_clause(scene, figure.quantity) or scene.topic
    if payer == figure.subject:
        return figure
    figure.evidence["actor"] = figure.evidence.pop("subject")
    return replace(figure, subject=payer, actor=figure.subject)


def _claimant(scene: Scene, figure: Figure) -> Mention | None:
    """Who is said to ask for damages, or to have them paid, where a figure takes him for the one fined."""
    for mention in scene.mentions:
        if (
            mention.name == figure.subject
            and mention.form != "pronoun"
            and mention.kind not in _CLAIMS_NOTHING
        ):
            to_him = _TO.search(scene.flat, scene.sentence.start, mention.start)
            paid = to_him and _ORDERED.search(scene.flat, scene.sentence.start, to_him.start())
            if paid or _CLAIMS.fullmatch(scene.flat, mention.end, figure.quantity.start):
                return mention
    return None


_CLAIMS_NOTHING = ("place", "institution")
_TO = re.compile(r"\s(?:à\s(?:l[ea]\s|l')?|aux?\s)$")
_ORDERED = re.compile(
    r"\bcondamn\w+\s(?:[^,;.]{0,60}\s)?à\s(?:lui\s|leur\s)?(?:vers|pay|rembours|régl|débours)er\b[^;.]*$"
)
_CLAIMS = re.compile(r"\s(?:\w+\s){0,2}?(?:demand|réclam|exig)(?:e|ent|ait|aient|é|era)\b[^;.]{0,40}")


def _of_the_economy(figure: Figure, scene: Scene, hit: Hit) -> Figure:
    """Growth, deficit, unemployment as the state's, whichever institution tells them."""
    kind = scene.kinds.get(figure.subject) if figure.subject else None
    words = scene.flat[hit.start : hit.end]
    place = figure.evidence.get("subject", (0, 0))
    if figure.measure == "loss" and kind == "state" and words in words_of("macroeconomic"):
        return replace(figure, measure="budget", unresolved=None)  # a deficit of the state is public money
    if place[0] >= hit.end and _OF.fullmatch(scene.flat, hit.end, place[0]):
        return figure  # "le déficit de la Sécurité sociale"
    tellers = (None, "institution") if words == "croissance" else (None, "institution", "")
    remembered = "subject" not in figure.evidence and kind == "person"
    if (
        words not in words_of("macroeconomic")
        or scene.state is None
        or (kind not in tellers and not remembered)
    ):
        return figure
    return replace(figure, subject=scene.state, actor=None, unresolved=None)


def _tells_another(scene: Scene, quantity: Quantity, hit: Hit) -> bool:
    """Whether a cue that stands near a figure tells something else than it."""
    cue, words = hit.form.cue, scene.flat[hit.start : hit.end]
    if words == "total":
        # "un budget total de 769 millions"
        return any(other.form.kind == "noun" and other.end == hit.start - 1 for other in scene.hits)
    if words in _TAKES and any(
        other.form.cue.measure == "stake" and other.form.kind == "noun" for other in scene.hits
    ):
        return cue.measure == "change"  # "a acquis une participation de 60 %, une autre a pris 20 %"
    if cue.measure == "funding" and words.endswith(" tour"):
        return bool(_ballot().search(scene.flat, scene.sentence.start, scene.sentence.end))
    if words == "économie" and quantity.kind == "percent":
        return bool(_THE.search(scene.flat, scene.sentence.start, hit.start))  # the country's, and no saving
    if cue.measure == "other" and _IS_CROSSED.search(scene.flat, scene.sentence.start, hit.start):
        # "Les prix ont franchi le seuil symbolique des 10 000 euros": no rule sets it
        levels = (*_SET, "valuation")
        return any(other.form.cue.measure in levels and other.end <= hit.start for other in scene.hits)
    if cue.measure == "price" and "coûter" in cue.verbs and _tells_deal(scene, hit):
        return True  # "le rachat de Soluvia lui a coûté 3 millions"
    if cue.measure == "price" and size_of(quantity) >= LARGE_SUM:
        # No share costs as much, and what is paid so much for is told before, or by the noun of the deal.
        return "cours" in cue.nouns or "payer" in cue.verbs
    if cue.measure == "valuation":
        estimates = "estimer" in cue.verbs
        return _values_account(scene, hit) or (estimates and _is_said_of(scene, hit, _HELD))
    if cue.measure == "rate" and hit.form.kind == "after":
        return _is_changed_by(scene, quantity)
    if cue.measure == "rate":
        return hit.form.kind == "verb" and _is_said_of(scene, hit, ("rate",))
    if cue.measure == "market_share":
        return _pays_for_part(scene, quantity, hit)
    return cue.measure == "change" and _is_of_company(scene, quantity, hit)


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


_TAKES = ("a pris", "prend", "ont pris")
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


_IS_SAID_OF = re.compile(r"[\"»”]?(?:[^.,;:()\d]{0,30}|,)\s")


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
    if cost > _LOOSE and (
        found := _of_theme(scene, quantity, evidence) or _share_of(scene, quantity, evidence)
    ):
        return found
    return _of_people(scene, quantity, evidence) if cost > _NEAR else None


def _without_cue(scene: Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure:
    """The figure as a pronoun, its whole or the figures before it tell it; else `other`, for want of a cue."""
    figure = _nearer_than_cue(scene, quantity, evidence, inf) or more_of_same(
        scene, quantity, evidence, before
    )
    if figure:
        return figure
    if quantity.kind == "money" and (owed := _OWES.search(scene.flat, scene.sentence.start, quantity.start)):
        evidence["measure"] = owed.span("verb")
        return Figure(quantity, scene.sentence, "debt", spoken_of(scene, quantity), evidence=evidence)
    if (
        quantity.kind == "money"
        and size_of(quantity) < _DEAR
        and _FOR_SO_MUCH.search(scene.flat, max(0, quantity.start - 20), quantity.start)
    ):
        return Figure(quantity, scene.sentence, "price", spoken_of(scene, quantity), evidence=evidence)
    if good := _good(scene, quantity):
        evidence["subject"] = good.place  # type: ignore[assignment]
        return Figure(quantity, scene.sentence, "price", good.name, evidence=evidence)
    subject, payer = spoken_of(scene, quantity), None
    if (paid := _paid_to(scene, quantity)) and paid != subject:
        subject, payer = paid, subject
    elif before and before[-1].sentence == scene.sentence and before[-1].unresolved == "no cue":
        previous = before[-1]
        if previous.actor and _AFTER_SUM.fullmatch(scene.flat, previous.quantity.end, quantity.start):
            subject, payer = previous.subject, previous.actor
    if payer is None and _gives().search(scene.flat, scene.sentence.start, quantity.start):
        payer = subject_of_clause(scene, quantity)
    return Figure(quantity, scene.sentence, "other", subject, payer, unresolved="no cue", evidence=evidence)


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


@cache
def _gives() -> re.Pattern[str]:
    return re.compile(rf"\b{verb_forms('paying verb', 'giving verb')}\b[^;.:]*$")


# "200 millions à Nordelec cette année, après quelque 150 millions"
_AFTER_SUM = re.compile(r"[^.;:()]{0,60},?\s(?:après|contre|puis|et)\s(?:\w+\s){0,2}")


# "à l'ASF", "à la fondation Nordelec"
_PAID_TO = re.compile(r"\s(?:à\s(?:l[ea]\s|l')?|aux?\s)(?:(?:fondation|association|ville|commune)\s)?")


def _paid_to(scene: Scene, quantity: Quantity) -> str | None:
    """Who is paid a sum: `verser environ 200 millions de dollars à Nordelec`."""
    if not _gives().search(scene.flat, scene.sentence.start, quantity.start):
        return None
    behind = (m for m in scene.mentions if m.start >= quantity.end and m.kind not in ("media", "place"))
    mention = next(behind, None)
    if mention is None or not _PAID_TO.fullmatch(scene.flat, quantity.end, mention.start):
        return None
    return mention.name


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
    return Figure(quantity, scene.sentence, "market_share", spoken_of(scene, quantity), evidence=evidence)


_SHARE = re.compile(
    r"[\s»”\"]{1,3}(?:des|du|de la|de l'|de ces|de ses|de son|de sa|de leurs?|de|d')\s?(?P<whole>(?:[\w'-]+\s?){1,2})"
)


def _is_amount(whole: str) -> bool:
    """Whether what a percentage is of is a sum: `70 % du salaire` is a ratio of two, `70 % des salariés` a share."""
    return whole.startswith("cette dernière") or whole.split(" ", maxsplit=1)[0] in words_of("amount")


_WORD_LEFT_OVER = re.compile(
    r"\s(?:de|du|des|d|à|au|aux|en|et|ou|a|ont|est|sont|par|pour|qui|que|dans|sur|se|ne|y|avec)$"
)
# "réalise 70 % de son chiffre d'affaires en Chine": a part of the whole; "une commission de 30 % du prix" is a ratio
_OF_SALES = re.compile(r"(?:chiffre|ventes|recettes|revenus|activité)\b")
_MAKES = re.compile(r"\b(?:réalis|g[ée]n[éè]r|tir|p[eè]s|assur|concentr|fai[ts])\w*\s(?:[\w']+\s){0,3}$")


def _whole(scene: Scene, match: re.Match[str]) -> str:
    """The words of the whole that a percentage is a share of: `20 % des effectifs`."""
    return _WORD_LEFT_OVER.sub("", scene.text[slice(*match.span("whole"))].strip())


_OF_OWN = re.compile(r"\s(?:de\s(?:sa|son)|du)\s(?:société|entreprise|start-up|groupe|capital|compagnie)\b")


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
    if _OF_OWN.match(scene.flat, quantity.end):
        giver = subject_of_clause(scene, quantity)
        return Figure(quantity, scene.sentence, "stake", giver or scene.topic, evidence=evidence)
    whole = scene.text[slice(*match.span("whole"))].split()
    people = whole[0] if whole and whole[0].istitle() else None
    subject = held.name if held else people or spoken_of(scene, quantity)
    base = _whole(scene, match)
    part = _OF_SALES.match(match["whole"]) and _MAKES.search(scene.flat, scene.sentence.start, quantity.start)
    measure = "rate" if _is_amount(match["whole"]) and not part else "market_share"
    return Figure(quantity, scene.sentence, measure, subject, base=base, evidence=evidence)


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


def _holder(scene: Scene, actor: Party) -> tuple[Party, Party] | None:
    """A founder and the company that he or she holds: `Kevin Systrom, son cofondateur, en détient 40 %`."""
    mention = next((m for m in scene.mentions if (m.start, m.end) == actor.place and m.person), None)
    return (Party(mention.person, actor.place), Party(mention.name, actor.place)) if mention else None


_BUSINESS = ("", "company", "product", "institution", "media")  # kinds that can be bought and have a value
_SMALLEST_DEAL = 100_000


@cache
def _ballot() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words_of('ballot'))}\b")


def _is_of_common_noun(scene: Scene, quantity: Quantity) -> bool:
    """Whether a percentage is said of things that are no company: `60 % du jeu vidéo`, and not `60 % du capital`."""
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    return (
        match is not None
        and scene.text[match.start("whole")].islower()
        and match["whole"].split(" ")[0] not in words_of("part of a company")
        and not any(
            m.start <= match.start("whole") < m.end or match.start() < m.start < match.end()
            for m in scene.mentions
        )
    )


def _is_of_an_amount(scene: Scene, quantity: Quantity) -> bool:
    """Whether a percentage is a ratio of sums: `indemnisé à hauteur de 70 % du salaire`."""
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    return match is not None and _is_amount(match["whole"])


# "L'action a bondi, ajoutant 442 milliards à la valorisation de Nvidia"
_ADDS_TO_VALUE = re.compile(
    r"\s(?:à\s(?:la|sa|leur)\s(?:valorisation|capitalisation|valeur)|en\sune\s(?:seule\s)?séance)\b"
)


_ADDS = re.compile(r"\bajout\w+\s(?:[\w']+\s){0,3}$")


def _of_a_company(figure: Figure, scene: Scene, hit: Hit) -> Figure:
    """The figure unless its measure needs a company and has none: a house is no deal, cocaine no company."""
    if figure.measure not in ("deal_value", "valuation", "stake"):
        return figure
    adds = _ADDS.search(scene.flat, scene.sentence.start, figure.quantity.start)
    if figure.measure != "stake" and adds and _ADDS_TO_VALUE.match(scene.flat, figure.quantity.end):
        return replace(
            figure, measure="change", direction="up", base="valuation", subject=figure.actor, actor=None
        )
    invests = "invest" in scene.flat[hit.start : hit.end]
    if figure.measure == "deal_value" and invests and scene.kinds.get(figure.subject or "") == "state":
        return replace(figure, measure="capex", subject=figure.actor or figure.subject)
    kind = scene.kinds.get(figure.subject, "") if figure.subject else None
    fits = kind in _BUSINESS or (kind is None and not hit.form.cue.of_company)
    size = size_of(figure.quantity)
    if figure.measure == "stake" and _is_of_an_amount(scene, figure.quantity):
        return replace(figure, measure="rate", subject=figure.actor or figure.subject, actor=None)
    if figure.measure == "stake" and _is_of_common_noun(scene, figure.quantity):
        return replace(figure, measure="market_share", subject=figure.actor or figure.subject, actor=None)
    if figure.measure == "stake":
        held = figure.actor is not None and scene.kinds.get(figure.actor) == "company"
        doubtful = not fits and hit.form.cue.of_company and not held and bool(_ballot().search(scene.flat))
        return replace(figure, measure="market_share", actor=None) if doubtful else figure
    sold = {"vendre", "acheter"} & {*hit.form.cue.verbs}
    if figure.measure == "deal_value" and size < LARGE_SUM and _is_one_of_its_make(figure, scene):
        return replace(figure, measure="price", actor=None)
    if sold and figure.measure == "deal_value" and kind in ("", None) and size < LARGE_SUM:
        return replace(figure, measure="price", actor=None)  # a car or a house that no one has heard of
    named = "subject" in figure.evidence or size >= LARGE_SUM or not hit.form.cue.of_company
    if fits and size >= _SMALLEST_DEAL and (named or figure.measure == "deal_value"):
        return figure
    bought = figure.measure == "valuation" or {"acheter", "vendre", "payer"} & {*hit.form.cue.verbs}
    if figure.measure == "valuation" and kind == "person" and size >= LARGE_SUM and hit.form.kind == "noun":
        return replace(figure, subject=scene.deal[1])  # no one has a `valeur d'entreprise`
    if bought or size < _SMALLEST_DEAL:
        return replace(figure, measure="price", actor=None)
    return replace(figure, measure="other")


def _public(figure: Figure, scene: Scene) -> Figure:
    """Public money with the state that pays it, or saves it: ministries, government and head of state act for it."""
    place = figure.evidence.get("measure", (0, 0))
    firm = scene.kinds.get(scene.main or "") == "company"
    party = figure.subject or figure.actor or (None if firm else scene.state)
    saves = figure.measure == "other" and "économie" in cue_words(scene, figure)
    if saves and party and scene.kinds.get(party) in ("state", "institution"):
        return replace(figure, measure="budget", direction="down", actor=party)
    if figure.measure != "budget":
        return figure
    if _EUROPEAN.match(scene.flat, place[1], scene.sentence.end) and figure.actor != "Union européenne":
        figure.evidence["actor"] = place
        subject = figure.subject or (figure.actor if scene.kinds.get(figure.actor or "") == "state" else None)
        return replace(figure, subject=subject, actor="Union européenne")
    if cue_words(scene, figure) in words_of("tax") and (payer := _taxpayer(scene, figure.quantity)):
        figure.evidence["actor"] = (payer.start, payer.end)
        return replace(figure, subject=scene.state or "France", actor=payer.name, unresolved=None)
    tellers = (m for m in scene.mentions if m.name == figure.actor and m.kind == "institution")
    private = scene.kinds.get(figure.actor or "") in ("person", "media")
    by_state = figure.actor is None or private or is_state_body(figure.actor)
    return (
        replace(figure, actor=scene.state)
        if by_state or any(tells(scene.flat, m) for m in tellers)
        else figure
    )


_EUROPEAN = re.compile(r"\s(?:\w+\s)?europée(?:n|ns|nne|nnes)\b")  # "le plan de relance européen"


def _taxpayer(scene: Scene, quantity: Quantity) -> Mention | None:
    """The company that pays a tax: `Netflix avait versé 900 000 euros d'impôts`."""
    paid = _pays().search(scene.flat, scene.sentence.start, quantity.start)
    payers = (m for m in scene.mentions if m.kind in ("company", "product"))
    return next((m for m in payers if paid and _HAS.fullmatch(scene.flat, m.end, paid.start())), None)


_HAS = re.compile(r"\s(?:(?:a|ont|avait|avaient|aura|aurait|n'a|a\s\w+)\s)?")


def _loses_cents(quantity: Quantity, hit: Hit) -> bool:
    """Whether what is lost is a fall in price: `le litre a perdu 5 centimes`."""
    loses = hit.form.cue.measure == "loss" and hit.form.kind == "verb"
    return loses and quantity.kind == "money" and 0 < size_of(quantity) < _LEAST_LOST


def _is_one_of_its_make(figure: Figure, scene: Scene) -> bool:
    """Whether what is bought is one thing of its maker's: `acheté une Lamborghini à 200 000 dollars`."""
    place = figure.evidence.get("subject")
    return place is not None and scene.flat.endswith((" un ", " une ", " des ", " deux "), 0, place[0])


_LEAST_VALUED = 3_000_000  # no company of the press is worth less
_LEAST_LOST = 10


def _by_size(figure: Figure, scene: Scene, hit: Hit | None) -> Figure:
    """The figure with a measure of its size: a `price` of 26 milliards is a deal's, one of 65 dollars a share's."""
    quantity = figure.quantity
    size = size_of(quantity)
    if quantity.kind != "money":
        return figure
    if (
        figure.measure == "deal_value"
        and size < 1_000_000
        and hit is not None
        and "vendre" in hit.form.cue.verbs
    ):
        return replace(figure, measure="price", actor=None)
    if figure.measure == "valuation" and size < _LEAST_VALUED:
        return replace(figure, measure="price")  # a car or a painting
    if hit and _loses_cents(quantity, hit):
        return replace(figure, measure="change", direction="down")  # "le litre a perdu 5 centimes"
    if (
        figure.measure == "price"
        and size >= LARGE_SUM
        and hit
        and scene.flat[hit.start : hit.end] in words_of("sold by number")
    ):
        return replace(figure, measure="revenue", actor=None)  # what all subscriptions bring
    if figure.measure == "price" and hit and size >= _LEAST_WORKS and _builds(scene, quantity):
        return replace(figure, measure="capex", actor=figure.actor or figure.subject)
    each = _FOR_EACH.match(scene.flat, quantity.end) or (
        hit and _COSTS_ONE.search(scene.flat, hit.end, quantity.start)
    )
    if figure.measure == "price" and size >= LARGE_SUM and scene.deal[1] and not each:
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
    if (
        figure.measure == "compensation"
        and size >= LARGE_SUM
        and "indemnité" in scene.flat[hit.start : hit.end]
    ):
        return _promised(replace(figure, measure="penalty"), scene, hit)
    if (
        figure.measure == "compensation"
        and hit.form.kind == "verb"
        and size >= LARGE_SUM
        and "actor" in figure.evidence
        and figure.subject == figure.actor
    ):
        return replace(figure, measure="earnings", actor=None)
    return figure


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


def _promised(figure: Figure, scene: Scene, hit: Hit) -> Figure:
    """A break-up fee as the one who owes it pays: `l'indemnité promise à Activision` is Microsoft's to pay."""
    place = figure.evidence.get("subject")
    if place is None or not _PROMISED.fullmatch(scene.flat, hit.end, place[0]):
        return figure
    figure.evidence["actor"] = figure.evidence.pop("subject")
    others = (name for name in (*scene.deal, scene.topic) if name and name != figure.subject)
    return replace(figure, subject=next(others, None), actor=figure.subject)


def _base(scene: Scene, quantity: Quantity, hit: Hit) -> str | None:
    """The account that a change changes, where a cue in the sentence names it; the whole that a share is of."""
    if hit.form.cue.measure == "market_share":
        share = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
        return _whole(scene, share) if share else None
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
