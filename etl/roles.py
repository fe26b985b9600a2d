"""Roles: which entity fills the places that a cue names, who acts and whom the figure describes.

A cue says in which order its places are looked at (`measures.toml` tells what each means). Most are places of the
clause (`etl.clause`); a possessive, an infinitive that opens the sentence and a part that is paid for have ways of
their own, and where no word fills a place, the text before does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from etl.clause import (
    Party,
    Scene,
    introduced_behind,
    is_nominative,
    is_passive,
    mention_at,
    nominative_of,
    owner_behind_adjunct,
    subject_behind_adjunct,
)
from etl.cues import Hit
from etl.lexicon import alternation, printed_words_of, words_of
from etl.parties import Mention, giants
from etl.quantities import Quantity
from etl.segments import Sentence

_POSSESSIVE = re.compile(r"\b(?:son|sa|ses|leur|leurs)\s(?:\w+\s)?$")


def find_parties_of(
    scene: Scene, hit: Hit, quantity: Quantity, sources: tuple[str, ...]
) -> tuple[Party | None, Party | None]:
    """The actor and the subject that a cue gives a figure: its possessive, else the places that it names."""
    cue = hit.form.cue
    if parties := _meant(scene, hit, quantity, sources):
        return parties
    held = cue.measure in _HELD_BY_ONE and hit.form.kind == "noun"
    if held and (owner := _whose(scene, hit, sources)):
        return None, owner
    if "obj" in cue.subject and cue.measure == "deal_value" and (also := also_bought(scene, quantity)):
        return find_party(scene, hit, quantity, cue.actor, (*sources, also.name)), also
    if bought := _bought(scene, hit):
        buyers = tuple(place for place in cue.actor if place != "nsubj")
        buyer = find_party(scene, hit, quantity, ("par", *buyers), (bought.name,))
        serial = scene.deal[0] if scene.deal[0] != bought.name else None  # one purchase after another
        return buyer or (Party(serial, None) if serial else None), bought
    if _opens_with_infinitive(scene, hit) and scene.deal[1] and not _named_in_clause(scene, hit):
        return (Party(scene.deal[0], None) if scene.deal[0] else None), Party(scene.deal[1], None)
    if held and (behind := owner_behind_adjunct(scene, hit, quantity, sources)):
        return None, behind
    named = tuple(place for place in cue.subject if place not in _IMPLICIT)
    investors = (
        tuple(m.name for m in scene.mentions if is_investor(m.name))
        if cue.measure in ("valuation", "revenue") or (cue.measure == "funding" and hit.form.kind == "noun")
        else ()
    )
    # "une amende de 2,5 milliards aux États-Unis" says where it is paid, and not by whom.
    elsewhere = (
        tuple(m.name for m in scene.mentions if m.kind == "state" and scene.flat.endswith("aux ", 0, m.start))
        if cue.measure == "penalty"
        else ()
    )
    fined = _condemned(scene, quantity) if cue.measure == "penalty" else None
    subject = fined or find_party(scene, hit, quantity, named, (*sources, *investors, *elsewhere))
    if subject and cue.measure == "stake" and hit.form.kind == "noun":
        inside = tuple(place for place in named if place != "de")  # "la participation de Renault dans Nissan"
        subject = find_party(scene, hit, quantity, inside, sources) or subject
    if subject and cue.subject[:1] == ("deal target",) and subject.name == scene.deal[0] and scene.deal[1]:
        subject = Party(scene.deal[1], None)  # "Microsoft propose 196 dollars par action": the target's
    actor = find_party(scene, hit, quantity, cue.actor, (*sources, *((subject.name,) if subject else ())))
    is_fined = cue.measure == "penalty" and subject is None and actor and not _may_fine(scene, actor)
    if is_fined and actor and actor.place and _CONDEMNED.match(scene.flat, actor.place[1]):
        return None, actor
    if subject is None:
        left = tuple(place for place in cue.subject if place in _IMPLICIT and place != "actor")
        subject = find_party(scene, hit, quantity, left, (*sources, *((actor.name,) if actor else ())))
    if cue.measure == "penalty" and subject is None and actor and not _may_fine(scene, actor):
        return None, actor  # "Meta écope d'une amende", "Adobe paie une pénalité"
    return actor, subject or (actor if "actor" in cue.subject else None)


def _opens_with_infinitive(scene: Scene, hit: Hit) -> bool:
    """Whether a deal's infinitive opens the sentence: `Investir 14 milliards, c'est admettre …` names no one."""
    return (
        hit.form.cue.measure == "deal_value"
        and hit.form.kind == "verb"
        and bool(re.fullmatch(r"\w+(?:er|ir|re)", scene.flat[hit.start : hit.end]))
        and not scene.flat[scene.sentence.start : hit.start].strip('«“" ')
    )


def _named_in_clause(scene: Scene, hit: Hit) -> bool:
    """Whether a name stands between a cue and the next comma."""
    comma = scene.flat.find(",", hit.end, scene.sentence.end)
    return any(hit.end <= m.start < (comma if comma > 0 else scene.sentence.end) for m in scene.mentions)


def _bought(scene: Scene, hit: Hit) -> Party | None:
    """The company that a participle stands right behind: `WhatsApp, payée 19 milliards`."""
    if not (
        hit.form.participle and hit.form.kind == "verb" and hit.form.cue.measure in ("deal_value", "price")
    ):
        return None
    for mention in scene.mentions:
        if mention.kind in ("", "company", "product") and scene.flat[mention.end : hit.start] == ", ":
            return Party(mention.name, (mention.start, mention.end))
    return None


def also_bought(scene: Scene, quantity: Quantity) -> Party | None:
    """The second company of `a racheté Gimlet pour 230 millions, ainsi qu'Anchor pour 100 millions`."""
    begin = max((q.end for q in scene.quantities if q.end <= quantity.start), default=None)
    named = [m for m in scene.mentions if begin is not None and begin <= m.start < quantity.start]
    if len(named) != 1 or not _ALSO.fullmatch(scene.flat, begin or 0, named[0].start):
        return None
    priced = _FOR_SUM.fullmatch(scene.flat, named[0].end, quantity.start)
    return Party(named[0].name, (named[0].start, named[0].end)) if priced else None


def record_of(scene: Scene, quantity: Quantity) -> Party | None:
    """The purchase that a record is: `son record, Motorola Mobility, remontait à 12,5 milliards`."""
    for mention in scene.mentions:
        if mention.end <= quantity.start and is_record(scene.flat, scene.sentence, mention.start):
            closed = scene.flat.startswith(",", mention.end)
            return Party(mention.name, (mention.start, mention.end)) if closed else None
    return None


def is_record(flat: str, sentence: Sentence, place: int) -> bool:
    """Whether what is named at a place is an older deal, told to measure the one in hand."""
    return _RECORD.search(flat, sentence.start, place) is not None


_RECORD = re.compile(
    r"\b(?:record|plus\s(?:grosse|grande|chère)\s\w+|précédente?\s\w+)(?:\s\w+){0,2},\s(?:l[ea]\s|l'|celle?\sde\s)?$"
)
_ALSO = re.compile(r"[^,;.:()]{0,20},?\s(?:ainsi\sque?|et|puis|ou\sencore)[\s'](?:[\w'-]+\s){0,6}?(?:l')?")
_FOR_SUM = re.compile(r",?\s(?:\([^()]*\)\s)?(?:en\s\d{4}\s)?(?:pour|contre|à)\s(?:[a-zà-ÿ']+\s){0,3}")


def _condemned(scene: Scene, quantity: Quantity) -> Party | None:
    """Whom the verb right before condemns, or who is: `La Cnil a condamné Google à une amende`, `Google écope de`.

    A participle that opens the sentence is said of the subject behind it: `Condamné à verser 3 millions, SFR …`.
    """
    if _OPENS_CONDEMNED.match(scene.flat, scene.sentence.start, quantity.start):
        behind = subject_behind_adjunct(scene, quantity, ())
        return Party(behind.name, (behind.start, behind.end)) if behind else None
    for mention in scene.mentions:
        if mention.end > quantity.start or not mention.name:
            continue
        condemned = _CONDEMNS.search(scene.flat, scene.sentence.start, mention.start)
        if condemned or (mention.kind == "company" and _CONDEMNED.match(scene.flat, mention.end)):
            return Party(mention.name, (mention.start, mention.end))
    return None


_OPENS_CONDEMNED = re.compile(r"\W*(?:condamn|sanctionn)ée?s?\s")
_CONDEMNS = re.compile(r"\b(?:condamn|sanctionn)(?:e|é|ait|era|er)(?<!été\scondamné)\s(?:l[ea]s?\s|l')?$")
_CONDEMNED = re.compile(
    r"(?:,[^,;.]{0,60},|,)?\s(?:(?:(?:a|ont|avait|avaient|aura)\sété|est|sont|était|fut|vient\sd'être)\s)?(?:\w+ment\s)?"
    r"(?:condamnée?s?|sanctionnée?s?|reconnue?s?\scoupables?)\b"
    r"|(?:,[^,;]{0,80},)?\s(?:(?:a|ont|avait|avaient|devra|doit|va)\s)?(?:\w+ment\s)?(?:écop|s'est\svue?\sinflig)"
)


def _may_fine(scene: Scene, party: Party) -> bool:
    """Whether a party is one that fines: an institution, a state; no company or person does."""
    return scene.kinds.get(party.name) in ("institution", "state")


_HELD_BY_ONE = (
    "price", "revenue", "earnings", "loss", "debt", "assets", "valuation", "rate", "market_share", "change",
)  # fmt: skip
_WHOSE = re.compile(r",?\sdont\s(?:l[ea]s?\s|l')(?:[\w-]+\s){0,2}$")


def _whose(scene: Scene, hit: Hit, but: tuple[str, ...]) -> Party | None:
    """The entity right before `dont` and the noun of a cue: `Starliner, dont le prix est de 100 millions`."""
    lead = _WHOSE.search(scene.flat, scene.sentence.start, hit.start)
    for mention in scene.mentions if lead else ():
        if lead and mention.end == lead.start() and mention.name not in but and mention.kind != "place":
            own = mention.person and hit.form.cue.measure in _PERSONAL
            return Party(mention.speaker if own else mention.name, (mention.start, mention.end))
    return None


# Places that no word of the sentence fills.
_IMPLICIT = frozenset({"topic", "deal target", "other", "actor"})


def _meant(
    scene: Scene, hit: Hit, quantity: Quantity, sources: tuple[str, ...]
) -> tuple[Party | None, Party | None] | None:
    """The parties that a noun only points at: `leur rapprochement` to the deal told, `son achat` to its owner."""
    if _is_deal_told(scene, hit):
        return Party(scene.deal[0] or "", None), Party(scene.deal[1] or "", None)
    if not hit.form.cue.actor and (teller := _tells_its_own(scene, hit)):
        return None, teller
    lead = max(scene.sentence.start, hit.start - 25)
    if hit.form.kind == "noun" and _POSSESSIVE.search(scene.flat, lead, hit.start):
        return _possessed(scene, hit, quantity, sources)
    return None


def _tells_its_own(scene: Scene, hit: Hit) -> Party | None:
    """Who is cited for what is its own: `Selon Renault, ses ventes ont progressé de 3 %`."""
    teller = next(iter(scene.mentions), None)
    if teller is None or teller.kind not in ("company", "person", "") or not teller.name:
        return None
    cited = _ACCORDING_TO.fullmatch(scene.flat, scene.sentence.start, teller.start)
    own = cited and _ITS_OWN.match(scene.flat, teller.end, hit.end)
    return Party(teller.name, (teller.start, teller.end)) if own else None


_ACCORDING_TO = re.compile(
    r"\W*(?:selon|d'après|à en croire|chez)\s(?:[a-zà-ÿ' -]{2,30}\s(?:de\s|d'|du\s))?(?:l[ea]\s|l')?"
)
_ITS_OWN = re.compile(r",\s(?:son|sa|ses)\s")


def _is_deal_told(scene: Scene, hit: Hit) -> bool:
    """Whether a noun means the deal that the text has told, and its sentence names nobody: `leur rapprochement`."""
    if hit.form.cue.measure != "deal_value" or hit.form.kind != "noun" or None in scene.deal:
        return False
    named = any(m.form == "name" and m.kind in ("company", "product", "") for m in scene.mentions)
    return not named and bool(_THE.search(scene.flat, max(scene.sentence.start, hit.start - 25), hit.start))


_THE = re.compile(r"\b(?:l[ea]\s|l'|ce\s|cet\s|cette\s|leur\s|son\s|sa\s)(?:\w+\s)?$")


def _possessed(
    scene: Scene, hit: Hit, quantity: Quantity, sources: tuple[str, ...]
) -> tuple[Party | None, Party | None]:
    """The parties of `son achat de WhatsApp`: the owner is the last entity that the sentence named, or its topic."""
    cue = hit.form.cue
    owners = [m for m in scene.mentions if m.end <= hit.start and m.name not in sources and m.kind != "place"]
    nominative = nominative_of(scene.flat, scene.sentence.start, hit, owners)
    plural = scene.flat.rfind("leur", max(scene.sentence.start, hit.start - 25), hit.start) >= 0
    owner = nominative or (owners[-1] if owners and cue.actor else None)
    party = (
        Party(owner.name, (owner.start, owner.end))
        if owner
        else Party(owned, None)
        if (owned := scene.last if cue.measure in _OWNED and scene.last and not plural else scene.topic)
        else None
    )
    if not cue.actor:
        return None, party
    if cue.measure == "compensation" and owner and owner.kind == "person":
        return None, party  # "Henri Guaino, avec son salaire de député des Yvelines"
    others = tuple(place for place in cue.subject if place not in ("actor", "topic", "nsubj"))
    subject = find_party(scene, hit, quantity, others, (*sources, *((party.name,) if party else ())))
    return party, subject or (party if "actor" in cue.subject else None)


def find_party(
    scene: Scene, hit: Hit, quantity: Quantity | None, places: Iterable[str], but: tuple[str, ...]
) -> Party | None:
    """The entity at the first of the places that has one, other than those in `but`."""
    places, prepositions = _in_order(tuple(places), verb=hit.form.kind == "verb")
    for place in places:
        if place in prepositions:
            party = _introduced(scene, hit, place, prepositions, but, quantity)
        elif place == "other" and (behind := subject_behind_adjunct(scene, quantity, but)):
            party = Party(behind.name, (behind.start, behind.end))
        elif place in _TOLD_BEFORE:
            party = _told_before(scene, hit, quantity, place, but)
        elif place == "stake":
            party = _part_bought(scene, hit, quantity, but)
        elif place == "own part":
            party = _own_part(scene, hit, quantity, but)
        elif place == "bearer":
            party = _bearer(scene, quantity, but)
        else:
            party = _named_at(scene, hit, quantity, place, but)
        if party:
            return party
    return None


@cache
def _in_order(places: tuple[str, ...], *, verb: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The places as they are looked at, and the prepositions among them.

    A verb's own subject and object come before what a preposition introduces.
    """
    if verb:
        places = tuple(sorted(places, key=lambda place: place not in ("nsubj", "obj")))
    return places, tuple(place for place in places if place not in _PLACES)


_TOLD_BEFORE = ("topic", "deal actor", "deal target")


def _told_before(
    scene: Scene, hit: Hit, quantity: Quantity | None, place: str, but: tuple[str, ...]
) -> Party | None:
    """The party of the deal that the text is about, or its topic, where it is none of `but`."""
    if place != "topic":
        name = scene.deal[0 if place == "deal actor" else 1]
        stale = place == "deal actor" and scene.deal[1] not in but and quantity is not None and bool(but)
        return Party(name, None) if name and name not in but and not stale else None
    if behind := subject_behind_adjunct(scene, quantity, but):
        return Party(behind.name, (behind.start, behind.end))
    capitalised = scene.flat.startswith("capita", hit.start)  # on an exchange, as a giant is and no start-up
    raises = hit.form.cue.measure in ("valuation", "funding") and not capitalised
    bought = scene.deal[1] if scene.topic in giants() or scene.topic == scene.deal[0] else None
    if raises and bought and bought not in but:
        return Party(bought, None)
    owned = hit.form.cue.measure in _OWNED and scene.last is not None
    name = scene.last if owned else scene.topic
    if name is None and hit.form.cue.measure in _OF_A_STATE:
        name = scene.state
    return Party(name, None) if name and name not in but else None


def _named_at(
    scene: Scene, hit: Hit, quantity: Quantity | None, place: str, but: tuple[str, ...]
) -> Party | None:
    """The entity that stands at a place of the clause: its subject, its object."""
    if mention := mention_at(scene, hit, place, but, quantity):
        polled = mention.kind == "institution" and hit.form.cue.measure in _OF_PEOPLE
        own = mention.person and (hit.form.cue.measure in _PERSONAL or polled)
        return Party(mention.speaker if own else mention.name, (mention.start, mention.end))
    if place == "nsubj" and (owner := _own_head(scene, hit, but)):
        return Party(owner.person, (owner.start, owner.end))
    return None


def _introduced(
    scene: Scene,
    hit: Hit,
    place: str,
    prepositions: tuple[str, ...],
    but: tuple[str, ...],
    quantity: Quantity | None,
) -> Party | None:
    """The entity that one of the prepositions introduces; for `à`, also the one that `lui` stands for."""
    if place == "à" and scene.topic is not None and scene.topic not in but and _is_given(scene, hit):
        return Party(scene.topic, None)
    if place != prepositions[0]:
        return None  # all were looked for at the first
    mention = introduced_behind(
        scene, hit, [m for m in scene.mentions if m.name not in but], prepositions, quantity
    )
    if mention is None:
        return None
    own = mention.person and hit.form.cue.measure in _PERSONAL  # "le salaire de Carlos Ghosn"
    return Party(mention.speaker if own else mention.name, (mention.start, mention.end))


_LUI = re.compile(r"\b(?:lui|leur)\s(?:(?:a|ont|avait|avaient|aura|auront|aurait|auraient)\s)?$")


def _is_given(scene: Scene, hit: Hit) -> bool:
    """Whether a verb gives to a pronoun: `les fonds lui avaient confié 385 millions`."""
    lead = max(scene.sentence.start, hit.start - 20)
    return hit.form.kind == "verb" and bool(_LUI.search(scene.flat, lead, hit.start))


@cache
def _investor() -> re.Pattern[str]:
    words = printed_words_of("investor")
    return re.compile(rf"{alternation(words)}$")


def is_investor(name: str) -> bool:
    """Whether a name is that of a fund: `Founders Fund`, `Menlo Ventures`."""
    return bool(_investor().search(name))


_OF_A_STATE = ("market_share", "rate", "change", "budget", "debt", "loss")
_OWNED = ("revenue", "earnings", "loss", "valuation", "funding", "change")
# What a person has or is paid is the person's, whatever he or she heads.
_PERSONAL = ("assets", "compensation")
_OF_PEOPLE = ("market_share", "change")  # of a minister, what voters think of him and no account


def _own_head(scene: Scene, hit: Hit, but: tuple[str, ...]) -> Mention | None:
    """A head who acts on the very company that he or she heads: `Lawrence Stroll investit dans Aston Martin`."""
    subject = nominative_of(scene.flat, scene.sentence.start, hit, scene.mentions)
    heads = subject and subject.person and subject.kind != "state"
    return subject if subject and heads and subject.name in but else None


_PLACES = frozenset(
    {
        "bearer",
        "own part",
        "stake",
        "topic",
        "dative",
        "nsubj",
        "obj",
        "other",
        "state",
        "deal actor",
        "deal target",
        "actor",
    }
)
_IN_RETURN = re.compile(
    r"[^.;:()]{0,40}\b(?:pour|contre|en échange de|en échange d'|moyennant)\s[^.;:()\d]{0,30}"
)
_OF_THE_WHOLE = re.compile(
    r"\s(?:(?:du\scapital|des\s(?:parts|titres|actions)|de\sparticipation)(?:\s(?:de|d'|du|dans)\b\s?)?|(?:de|d'|du)\b\s?)"
    r"(?:la\s|l')?"
)


def _part_bought(scene: Scene, hit: Hit, quantity: Quantity | None, but: tuple[str, ...]) -> Party | None:
    """The company of which a sum buys a part: `payer 14,3 milliards pour 49 % de Scale AI`, `pour 49 % du capital`."""
    if quantity and (sold := _part_sold(scene, hit, quantity)):
        return None if sold.name in but else sold
    begin = max(hit.end, quantity.end if quantity else 0)
    part = next((q for q in scene.quantities if q.start >= begin and q.unit == "percent"), None)
    if part is None or not _IN_RETURN.fullmatch(scene.flat, begin, part.start):
        return None
    whole = _OF_THE_WHOLE.match(scene.flat, part.end)
    if whole is None:
        return None
    company = next((m for m in scene.mentions if m.start == whole.end()), None)
    if company:
        return None if company.name in but else Party(company.name, (company.start, company.end))
    before = (
        m for m in reversed(scene.mentions) if m.end <= hit.start and m.kind in ("", "company", "product")
    )
    told = next((m.name for m in before if not is_nominative(scene.flat, scene.sentence.start, m)), None)
    name = told or scene.deal[1] or scene.topic
    return Party(name, None) if name and name not in but and len(whole[0]) > _LONGEST_PREPOSITION else None


def _part_sold(scene: Scene, hit: Hit, quantity: Quantity) -> Party | None:
    """The company of which a part is told before its price: `Vivendi cède 10 % d'Universal Music pour 3 milliards`."""
    parts = (q for q in scene.quantities if hit.end <= q.start < quantity.start and q.unit == "percent")
    part = next(parts, None)
    whole = part and _OF_THE_WHOLE.match(scene.flat, part.end)
    if part is None or not whole or not _ABOUT.fullmatch(scene.flat, hit.end, part.start):
        return None
    company = next((m for m in scene.mentions if m.start == whole.end()), None)
    return Party(company.name, (company.start, company.end)) if company else None


@cache
def _own_business() -> re.Pattern[str]:
    things = alternation(words_of("part of a company"))
    return re.compile(rf"\s(?:\d[\d,.]*\s?%\sde\s)?(?:sa|son|ses|leurs?|des|les|une?)\s(?:\w+\s)?{things}\b")


def _own_part(scene: Scene, hit: Hit, quantity: Quantity | None, but: tuple[str, ...]) -> Party | None:
    """The company that sells a business of its own: `Nestlé a cédé ses activités de charcuterie pour 500 millions`."""
    active = hit.form.kind == "verb" and not (hit.form.participle and is_passive(scene.flat, hit))
    if quantity is None or not active or not _own_business().match(scene.flat, hit.end):
        return None
    fit = [m for m in scene.mentions if m.name not in but and m.kind in ("company", "", "product")]
    seller = nominative_of(scene.flat, scene.sentence.start, hit, fit)
    if seller:
        return Party(seller.name, (seller.start, seller.end))
    return Party(scene.topic, None) if scene.topic and scene.topic not in but else None


_ABOUT = re.compile(r"\s(?:(?:près|plus)\sde\s|environ\s|les\s|ses\s)?")
_LONGEST_PREPOSITION = len(" de la ")
_COSTS = re.compile(r"\b(?:(?P<lui>lui|leur)\s(?:\w+\s)?)?coût\w+\s(?:(?P<to>à|au|aux)\s(?:la\s|l'|le\s)?)?")


def _bearer(scene: Scene, quantity: Quantity | None, but: tuple[str, ...]) -> Party | None:
    """Whom a sum is said to have cost: `a coûté 3 millions à Boeing`, `le rachat lui a coûté 3 millions`."""
    end = quantity.start if quantity else scene.sentence.end
    for found in _COSTS.finditer(scene.flat, scene.sentence.start, end):
        if found["lui"]:
            owners = (name for name in (scene.topic, scene.deal[0]) if name and name not in but)
            owner = next(owners, None)
            return Party(owner, found.span("lui")) if owner else None
        behind = quantity.end if quantity else found.end()
        for mention in scene.mentions:
            to = (
                mention.start == found.end()
                if found["to"]
                else _TO.fullmatch(scene.flat, behind, mention.start)
            )
            if to and mention.name not in but:
                return Party(mention.name, (mention.start, mention.end))
    return None


_TO = re.compile(r"\s(?:à|au|aux)\s(?:la\s|l'|le\s)?")
