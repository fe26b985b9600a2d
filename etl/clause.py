"""The clause around a figure: which of its entities stands where, as subject, object, or behind a preposition.

No parser runs. The places are found by what tells them apart in French prose: the side of the verb, the preposition
that introduces a name, the passive, the relative pronoun, the possessive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from etl.cues import Hit
from etl.dates import Dated
from etl.lexicon import alternation, printed_words_of, words_of
from etl.parties import Mention, giants
from etl.quantities import Evidence, Quantity
from etl.segments import Sentence
from etl.stance import Mark, Voice

Deal = tuple[str | None, str | None]  # actor and target


@dataclass(frozen=True)
class Scene:
    """One sentence with all that was found in it, and what the text has said before."""

    text: str
    flat: str
    sentence: Sentence
    mentions: list[Mention]  # resolved: each has a name
    hits: list[Hit]
    dates: list[Dated]
    marks: list[Mark]
    voices: list[Voice]
    quantities: list[Quantity]
    topic: str | None
    deal: Deal  # actor and target of the deal that the text is about
    state: str | None  # the state that a government or ministry of the text pays for
    theme: str | None  # the account that the text is about: what `il ressort à` is said of
    main: str | None = None  # the company that the document is about
    last: str | None = None  # whose account or deal was told just before
    kinds: Mapping[str, str] = field(default_factory=dict)  # what each entity of the document is
    matter: Callable[[], str | None] = lambda: None  # the common noun that the document is about
    headed: Dated | None = None  # the quarter or half that the heading above names
    person: Callable[[int], str | None] = lambda _: None  # the person spoken of at a place
    home: str | None = None  # the place or state whose prices, rates and shares the text tells


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


class Party(NamedTuple):
    """Who a figure belongs to or who acts, with the place of the words that say it."""

    name: str
    place: tuple[int, int] | None


def cue_words(scene: Scene, figure: Figure) -> str:
    """The folded words that say what a figure measures, empty where none do."""
    return scene.flat[slice(*figure.evidence.get("measure", (0, 0)))]


_PREPOSITION = re.compile(
    r"\b(?:de|du|des|dans|à|au|aux|par|pour|avec|chez|sur|contre|sans|entre|vers|sous|selon|en|comme|hors|apr[èe]s|avant"
    r"|depuis|face|malgr[ée]|devant|aupr[èe]s|parmi|outre|via|envers)\b(?!\squ)|\bd'"
)


def preposition(flat: str, stop: int, start: int) -> str | None:
    """The preposition that introduces what begins at `start`: the first one after `stop` that opens no adverbial."""
    for found in _PREPOSITION.finditer(flat, stop, start):
        if not _ADVERBIAL.match(flat, found.start(), start):
            word = found[0].strip("'")
            return {"d": "de", "du": "de", "des": "de", "au": "à", "aux": "à"}.get(word, word)
    return None


# "apporter 13 milliards en tout à la start-up", "verser 3 millions par an à X"
_ADVERBIAL = re.compile(
    r"(?:en\s(?:tout|plus|numéraire|liquide|cash|titres|actions|\d{4}|une\sfois|deux\sfois|effet)|au\s(?:total|moins|plus)"
    r"|à\s(?:terme|lui\sseul|elle\sseule|eux\sseuls|peu\sprès)|par\s(?:an|mois|jour)|sur\s\w+\s(?:ans|mois|années)"
    r"|d'ici\s(?:à\s)?(?:\d{4}|la\sfin)|de\splus|de\smieux)\b"
)


_OPENS_CLAUSE = re.compile(r".*(?:[,•:]|-(?= )|\)(?=\.))")


def is_nominative(flat: str, stop: int, mention: Mention, *, subordinate: bool = False) -> bool:
    """Whether no preposition introduces a mention, looking back to `stop`, the last comma or, where asked, `que`."""
    stop = max(stop, mention.start - 60)
    if opened := _OPENS_CLAUSE.match(flat, stop, mention.start):
        stop = opened.end()
    for conjunction in _CONJUNCTION.finditer(flat, stop, mention.start) if subordinate else ():
        stop = conjunction.end()  # "d'autant plus lointain que Google …": a clause of its own
    return preposition(flat, stop, mention.start) is None


def nominatives(flat: str, start: int, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """The mentions of a sentence that no preposition introduces; the second of two stands as the first does."""
    stop, nominative = start, False
    for i, mention in enumerate(mentions):
        if i == 0 or not _AND.fullmatch(flat, stop, mention.start):
            nominative = is_nominative(flat, stop, mention)
        if nominative:
            yield mention
        stop = mention.end


_AND = re.compile(r"\s(?:et|ou|puis)\s(?:l[ea]s?\s|l'|de\s|d'|du\s|à\s|aux?\s)?")

_CONJUNCTION = re.compile(r"\b(?:que\s|qu'|quand\s|lorsque\s|lorsqu'|si\s|car\s|puisque\s|où\s)")

_POSSESSIVE = re.compile(r"\b(?:son|sa|ses|leur|leurs)\s(?:\w+\s)?$")


def find_parties_of(
    scene: Scene, hit: Hit, quantity: Quantity, sources: tuple[str, ...]
) -> tuple[Party | None, Party | None]:
    """The actor and the subject that a cue gives a figure: its possessive, else the places that it names."""
    cue = hit.form.cue
    if hit.form.kind == "noun" and _POSSESSIVE.search(
        scene.flat, max(scene.sentence.start, hit.start - 25), hit.start
    ):
        return _possessed(scene, hit, quantity, sources)
    if cue.measure in _HELD_BY_ONE and hit.form.kind == "noun" and (owner := _whose(scene, hit, sources)):
        return None, owner
    if "obj" in cue.subject and cue.measure == "deal_value" and (also := also_bought(scene, quantity)):
        return find_party(scene, hit, quantity, cue.actor, (*sources, also.name)), also
    if bought := _bought(scene, hit):
        buyers = tuple(place for place in cue.actor if place != "nsubj")
        return find_party(scene, hit, quantity, ("par", *buyers), (bought.name,)), bought
    if _opens_with_infinitive(scene, hit) and scene.deal[1] and not _named_in_clause(scene, hit):
        return (Party(scene.deal[0], None) if scene.deal[0] else None), Party(scene.deal[1], None)
    if behind := _owner_behind(scene, hit, quantity, sources):
        return None, behind
    named = tuple(place for place in cue.subject if place not in _IMPLICIT)
    investors = (
        tuple(m.name for m in scene.mentions if is_investor(m.name))
        if cue.measure in ("valuation", "revenue") or (cue.measure == "funding" and hit.form.kind == "noun")
        else ()
    )
    # "une amende de 2,5 milliards aux États-Unis" is of no state.
    elsewhere = (
        tuple(m.name for m in scene.mentions if m.kind == "state" and scene.flat.endswith("aux ", 0, m.start))
        if cue.measure == "penalty"
        else ()
    )
    subject = find_party(scene, hit, quantity, named, (*sources, *investors, *elsewhere))
    if subject and cue.measure == "stake" and hit.form.kind == "noun":
        inside = tuple(place for place in named if place != "de")  # "la participation de Renault dans Nissan"
        subject = find_party(scene, hit, quantity, inside, sources) or subject
    if subject and cue.subject[:1] == ("deal target",) and subject.name == scene.deal[0] and scene.deal[1]:
        subject = Party(
            scene.deal[1], None
        )  # "Microsoft propose 196 dollars par action": those of the target
    actor = find_party(scene, hit, quantity, cue.actor, (*sources, *((subject.name,) if subject else ())))
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


_ALSO = re.compile(r"[^,;.:()]{0,20},?\s(?:ainsi\sque?|et|puis|ou\sencore)[\s'](?:[\w'-]+\s){0,6}?(?:l')?")
_FOR_SUM = re.compile(r",?\s(?:\([^()]*\)\s)?(?:en\s\d{4}\s)?(?:pour|contre|à)\s(?:[a-zà-ÿ']+\s){0,3}")


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
            return Party(mention.name, (mention.start, mention.end))
    return None


# Places that no word of the sentence fills.
_IMPLICIT = frozenset({"topic", "deal target", "other", "actor"})


def _possessed(
    scene: Scene, hit: Hit, quantity: Quantity, sources: tuple[str, ...]
) -> tuple[Party | None, Party | None]:
    """The parties of `son achat de WhatsApp`: the owner is the last entity that the sentence named, or its topic."""
    cue = hit.form.cue
    owners = [m for m in scene.mentions if m.end <= hit.start and m.name not in sources and m.kind != "place"]
    nominative = _nominative(scene.flat, scene.sentence.start, hit, owners)
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
        elif place == "other" and (behind := _behind_adjunct(scene, quantity, but)):
            party = Party(behind.name, (behind.start, behind.end))
        elif place in _TOLD_BEFORE:
            party = _told_before(scene, hit, quantity, place, but)
        elif place == "stake":
            party = _part_bought(scene, hit, quantity, but)
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
    if behind := _behind_adjunct(scene, quantity, but):
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
    if mention := _mention_at(scene, hit, place, but, quantity):
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
    mention = _behind(scene, hit, [m for m in scene.mentions if m.name not in but], prepositions, quantity)
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
    subject = _nominative(scene.flat, scene.sentence.start, hit, scene.mentions)
    return subject if subject and subject.person and subject.name in but else None


_PLACES = frozenset(
    {
        "bearer",
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


def _mention_at(
    scene: Scene, hit: Hit, place: str, but: tuple[str, ...], quantity: Quantity | None = None
) -> Mention | None:
    mentions = [m for m in scene.mentions if m.name not in but and m.kind not in ("place", "media")]
    passive = hit.form.kind == "verb" and hit.form.participle and _is_passive(scene.flat, hit)
    if place == "nsubj" and hit.form.kind == "verb" and _is_said_of_noun(scene, hit):
        return None
    if place == "nsubj":
        if not passive or hit.form.cue.direction:
            return (
                _nominative(scene.flat, scene.sentence.start, hit, mentions)
                or _subject_behind(scene, hit, mentions)
                or _agent_of_subject(scene, hit, mentions)
                or (
                    _complement_of_subject(scene, hit, mentions)
                    if hit.form.cue.actor in ((), ("bearer",)) and "obj" not in hit.form.cue.subject
                    else None
                )
            )
        agent = _behind(scene, hit, mentions, ("par",))
        if agent is None and quantity is not None and 0 < hit.start - quantity.end <= 2:
            # "Nvidia ne versera pas les 40 milliards promis": the subject of the sum's own verb.
            return _nominative(scene.flat, scene.sentence.start, hit, mentions)
        return agent
    if place == "obj":
        if passive:
            return _nominative(scene.flat, scene.sentence.start, hit, mentions, reduced=True)
        if _CLITIC_OBJECT.search(scene.flat, max(scene.sentence.start, hit.start - 16), hit.start):
            return _pronoun_object(scene, hit, mentions)
        if relative := _whom(scene, hit, mentions):
            return relative
        return _object(scene.flat, hit, mentions)
    if place == "dative":
        # "La Cnil a infligé à Google une amende"
        given = [m for m in mentions if m.end <= hit.start]
        return (
            given[-1]
            if given
            and re.search(
                r"\bà\s(?:l'|la\s|le\s)?$", scene.flat[max(0, given[-1].start - 6) : given[-1].start]
            )
            else None
        )
    if place == "other":
        return min(mentions, key=lambda m: abs(m.start - hit.start), default=None)
    return next((m for m in mentions if m.kind == "state"), None)


_OF_NOUN = re.compile(
    r"(?P<noun>[a-zà-ÿ'-]+)(?P<comma>,?)\squi\s(?:(?:ne|se|en|y|a|ont|avait|aurait|\w+ment)\s|[ns]')*$"
)


def _is_said_of_noun(scene: Scene, hit: Hit) -> bool:
    """Whether a verb's relative clause is of a common noun: `les niches de Bercy, fiscales ou non, qui coûtent …`."""
    found = _OF_NOUN.search(scene.flat, max(scene.sentence.start, hit.start - 80), hit.start)
    before = [m for m in scene.mentions if m.start < (found.end("noun") if found else 0)]
    if found is None or not before or before[-1].end >= found.end("noun"):
        return False
    apposed = found["comma"] and re.fullmatch(r",\s[^,]*", scene.flat[before[-1].end : found.end("noun")])
    return not apposed  # "Renault, le constructeur au losange, qui perd 3 milliards"


_WHOM = re.compile(r"\bqu(?:e\s|')")


def _whom(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The entity that a relative clause is said of: `SpaceX, que Bloomberg évalue à 400 milliards`."""
    found = list(_WHOM.finditer(scene.flat, scene.sentence.start, hit.start))
    if not found or re.search(r"[,;:]", scene.flat[found[-1].end() : hit.start]):
        return None
    before = [m for m in mentions if m.end <= found[-1].start()]
    if not before or not re.fullmatch(r",\s", scene.flat[before[-1].end : found[-1].start()]):
        return None
    for i in range(len(before) - 1, -1, -1):
        if is_nominative(scene.flat, before[i - 1].end if i else scene.sentence.start, before[i]):
            return before[i]
    return None


def _pronoun_object(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The entity of `l'` in `l'opération la valorisait`: the clause's subject, unless it is the one that acts."""
    left = [m for m in mentions if m.end <= hit.start]
    subject = _nominative(scene.flat, scene.sentence.start, hit, mentions)
    if "nsubj" in hit.form.cue.actor:
        others = [m for m in left if m != subject]
        return others[-1] if others else None
    return subject or (left[-1] if left else None)


_CLITIC_OBJECT = re.compile(r"\b(?:le|la|les|l'|lui)\s?(?:(?:a|avait|aurait|aura)\s)?$")


_HAVING = re.compile(
    r"\b(?:a|ont|avait|avaient|aura|auront|aurait|auraient|avoir|ayant|ai|avons)\s(?:\w+\s){0,3}$"
)


def _is_passive(flat: str, hit: Hit) -> bool:
    """Whether a participle is passive: `racheté`, `a été racheté`; not `a racheté`."""
    having = _HAVING.search(flat, max(0, hit.start - 40), hit.start)
    return having is None or " été " in having[0]


def _nominative(
    flat: str, start: int, hit: Hit, mentions: list[Mention], *, reduced: bool = False
) -> Mention | None:
    """The subject of a verb or the one that a noun's verb has: the nearest entity on the left without a preposition."""
    left = [m for m in mentions if m.end <= hit.start]
    if not left:
        return None
    last = left[-1]
    left = _outside_relatives(flat, left, hit) or left
    if reduced:
        return last
    if re.match(r"\s*,?\s*qui\b", flat[last.end : hit.start]):
        if (
            len(left) > 1
            and flat.startswith(", qui", last.end)
            and _PLACED.fullmatch(flat, left[-2].end, last.start)
        ):
            return left[-2]  # "le feuilleton Bleuville sur HBO, qui coûte"
        return next((m for m in left if _DESCRIBED.match(flat, m.end, last.end)), last)
    found = None
    for i in range(len(left) - 1, -1, -1):
        if found is not None and not _IS_SUBJECT_OF.fullmatch(flat, left[i].end, found.start):
            break
        if is_nominative(flat, left[i - 1].end if i else start, left[i], subordinate=True):
            found = left[i]  # "Bridgestone ferme Béthune": the first of two is the subject
    return found


_PLACED = re.compile(r"[\"»”]?\s(?:sur|chez|à|en|dans)\s(?:l[ea]s?\s|l')?")


# "Stargate, une coentreprise d'OpenAI, SoftBank et MGX qui promet …": the verb is that of the one described
_DESCRIBED = re.compile(
    r",\sune?\s(?:[\w'-]+\s){1,6}?(?:de\s|d'|du\s|des\s|entre\s|par\s)(?![^.;:]*\bqui\b)[^.;:]*$"
)


# A verb and its object: no comma, conjunction or relative pronoun stands between.
_IS_SUBJECT_OF = re.compile(
    r"\s(?!(?:et|ou|que|qui|dont|mais|comme|alors|tandis|puis|avec)\b)(?:[a-zà-ÿ']+\s){1,2}?(?:(?:l[ea]s?|une?|ses?|son|sa)\s|l')?"
)


def _outside_relatives(flat: str, left: list[Mention], hit: Hit) -> list[Mention]:
    """The mentions in no relative clause closed before the hit: `TSMC, qui fournit Apple, Nvidia et AMD, a gagné`."""
    left = _outside_asides(flat, left, hit)
    comma = flat.rfind(",", left[-1].end, hit.start)
    opened = _RELATIVE_OPENS.search(flat, left[0].end, comma) if comma >= 0 else None
    if opened and hit.start - comma < _CLOSES and is_nominative(flat, left[0].start, left[0]):
        # "Arkéa, qui rassemble les caisses de Bretagne, Sud-Ouest et Massif central, octroiera"
        left = [m for m in left if m.end <= opened.start()]
    outside = left[:1]
    inside = False
    for before, mention in pairwise(left):
        gap = flat[before.end : mention.start]
        if opened := _RELATIVE_OPENS.match(gap):
            inside = "," not in gap[opened.end() :]
        elif not _GOES_ON_LIST.fullmatch(gap) and "," in gap:
            inside = False
        if not (inside and "," in flat[mention.end : hit.start]):
            outside.append(mention)
    return outside


def _outside_asides(flat: str, left: list[Mention], hit: Hit) -> list[Mention]:
    """The mentions in no parenthesis closed before the hit, else all: `les exploitants (APRR, Sanef) prévoient`."""
    closed = flat.rfind(")", left[0].start, hit.start)
    opened = flat.rfind("(", left[0].start - _ASIDE, closed) if closed >= 0 else -1
    return [m for m in left if not opened < m.start < closed] or left


_CLOSES = 30  # characters from the comma that closes a relative clause to the verb behind it
_ASIDE = 60  # characters back to where a parenthesis opens
_GOES_ON_LIST = re.compile(r",?\s(?:(?:et|ou|ainsi que|puis|à|chez|de|du|d'|le|la|l')\s?)*")
_RELATIVE_OPENS = re.compile(r",\s(?:qui|que|qu'|dont|où|dans lequel|dans laquelle|auquel|à laquelle)\b")


def _subject_behind(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The subject of the clause that an infinitive opens: `Pour mettre la main sur Tiffany, LVMH débourse`."""
    lead = scene.flat[scene.sentence.start : hit.start]
    if not _OPENING.fullmatch(lead):
        return None
    for mention in mentions:
        comma = scene.flat.rfind(",", hit.end, mention.start)
        if comma > 0:
            return mention if preposition(scene.flat, comma, mention.start) is None else None
    return None


_OPENING = re.compile(r"\W*(?:pour|afin de|afin d'|avant de|en)\s")


# "Avec un chiffre d'affaires de 3 milliards, Renault …", "Valorisée 3 milliards, la start-up …"
_ADJUNCT = re.compile(
    r"\W*(?:(?:avec|malgré|après|grâce à|en dépit de|dans le cadre d[e']|fort(?:e|s|es)? d[e']|sur)\s?"
    r"(?!(?:l'an|quoi|tout)\b)|(?:dotée?|valorisée?|estimée?|évaluée?|portée?|plombée?|lestée?|endettée?|condamnée?|créditée?|pesant|affichant|totalisant)s?\s)"
)


def _is_past_adjunct(scene: Scene, hit: Hit, quantity: Quantity | None, mention: Mention) -> bool:
    """Whether a name is in the clause behind an opening adjunct: `Dans le cadre d'un plan de 2 milliards, X vend Y`."""
    comma = scene.flat.find(",", quantity.end, mention.start) if quantity is not None else -1
    opens = _OPENING_ADJUNCT.match(scene.flat, scene.sentence.start, hit.start)
    return comma >= 0 and hit.form.kind == "noun" and opens is not None


# What opens with an account is said of the subject behind it; a plan that something is a part of opens no account.
_OF_OWN_ACCOUNT = r"avec|malgré|en dépit de|fort(?:e|s|es)? d[e']"
_OWN_ADJUNCT = re.compile(rf"\W*(?:{_OF_OWN_ACCOUNT})\s?")
_OPENING_ADJUNCT = re.compile(rf"\W*(?:{_OF_OWN_ACCOUNT}|dans le cadre d[e'])\s?")


def _owner_behind(scene: Scene, hit: Hit, quantity: Quantity, but: tuple[str, ...]) -> Party | None:
    """The subject of the clause that an account opens: `Avec une dette de 3 milliards, Renault …`."""
    if hit.form.cue.measure not in _HELD_BY_ONE or hit.form.kind != "noun":
        return None
    opens = _OWN_ADJUNCT.match(scene.flat, scene.sentence.start, hit.start)
    if not opens or any(hit.end <= m.start < quantity.start for m in scene.mentions):
        return None
    behind = _behind_adjunct(scene, quantity, but)
    return Party(behind.name, (behind.start, behind.end)) if behind else None


def _behind_adjunct(scene: Scene, quantity: Quantity | None, but: tuple[str, ...]) -> Mention | None:
    """The subject of the clause behind the adjunct that opens a sentence and holds the figure."""
    if quantity is None or not _ADJUNCT.match(scene.flat, scene.sentence.start, quantity.start):
        return None
    for mention in scene.mentions:
        comma = scene.flat.rfind(",", quantity.end, mention.start)
        if mention.start < quantity.end or comma < 0 or mention.kind in ("place", "media"):
            continue
        own = mention.start - comma < _AT_ONCE and preposition(scene.flat, comma, mention.start) is None
        return mention if own and mention.name not in but else None
    return None


_AT_ONCE = 40  # characters from the comma to the subject that follows it


def _agent_of_subject(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The one agent on the left of a present participle: `Le virage pris par Renault, investissant 3 milliards`."""
    left = [m for m in mentions if m.end <= hit.start]
    if len({m.name for m in left}) != 1 or not scene.flat.endswith("ant", hit.start, hit.end):
        return None
    return left[0] if preposition(scene.flat, scene.sentence.start, left[0].start) == "par" else None


def _complement_of_subject(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The owner of the clause's subject: `Le chiffre d'affaires de Sanofi est en hausse`."""
    for mention in mentions:
        if mention.end > hit.start or mention.kind in ("media", "place"):
            return None
        begin = scene.flat.rfind(",", scene.sentence.start, mention.start) + 1 or scene.sentence.start
        if _SUBJECT_OF.fullmatch(scene.flat[begin : mention.start]):
            return mention
    return None


_SUBJECT_OF = re.compile(
    r"\W*(?:l[ea]s?\s|l'|une?\s|cette\s|ce\s|ces\s)(?:[\w'-]+\s){1,4}?(?:de\s(?:la\s|l')?|du\s|des\s|d')"
)


def _object(flat: str, hit: Hit, mentions: list[Mention]) -> Mention | None:
    right = [m for m in mentions if m.start >= hit.end]
    if right and len(flat[hit.end : right[0].start]) < 70:
        gap = flat[hit.end : right[0].start]
        before_name = re.sub(r"\b(?:le|la|les|l'|un|une)\b.*", "", gap)
        if preposition(flat, hit.end, hit.end + len(before_name)) is None and not _PARTS.search(gap):
            return right[0]
    return None


# A number, unless it is a year: "a racheté en 2019 Gimlet".
_PARTS = re.compile(r"[.;:]|(?<!\d)(?!(?:19|20)\d\d\b)\d")


_CLAUSE_END = re.compile(r"[;:]|\b(?:alors que|tandis que|apr[èe]s que|mais|apr[èe]s son)\b")


_RELATIVE_PRONOUN = re.compile(
    r",?\s(?P<pronoun>dont|où|auquel|à laquelle|dans lequel|dans laquelle|à qui)\s"
)


def _antecedent_of_relative(
    scene: Scene, hit: Hit, mentions: list[Mention], prepositions: tuple[str, ...]
) -> Mention | None:
    """The entity in `Scale AI, dont Meta a acquis 49 %` and `OpenAI, où Microsoft a placé 13 milliards`."""
    if hit.form.kind != "verb":
        return None
    for mention in mentions:
        found = _RELATIVE_PRONOUN.match(scene.flat, mention.end, hit.start)
        if found and not re.search(r"[,;:]", scene.flat[found.end() : hit.start]):
            stands_for = (
                "de"
                if found["pronoun"] == "dont"
                else "à"
                if found["pronoun"].startswith(("à", "au"))
                else "dans"
            )
            return mention if stands_for in prepositions else None
    return None


@cache
def _into_a_thing() -> re.Pattern[str]:
    things = alternation(words_of("thing invested in"))
    return re.compile(rf"\bdans\s(?:l[ea]s?\s|l'|son\s|sa\s|ses\s|une?\s|des\s)?(?:\w+\s)?{things}\b")


_TO_ACQUIRE = re.compile(r"\bpour (?:acquérir|racheter|acheter|s'offrir|prendre|s'emparer|mettre la main)\b")


def _behind(
    scene: Scene,
    hit: Hit,
    mentions: list[Mention],
    prepositions: tuple[str, ...],
    quantity: Quantity | None = None,
) -> Mention | None:
    """The first entity behind the cue, or between the figure and the cue, that one of the prepositions introduces."""
    ahead = quantity is None or hit.end <= quantity.start or ":" in scene.flat[quantity.end : hit.start]
    begin = hit.end if ahead or quantity is None else quantity.end
    if relative := _antecedent_of_relative(scene, hit, mentions, prepositions):
        return relative
    stops = {begin, hit.end, *(m.end for m in scene.mentions), *(q.end for q in scene.quantities)}
    for mention in mentions:
        if mention.start < begin or mention.kind == "place":
            continue
        closed = _CLAUSE_END.search(scene.flat, begin, mention.start)
        if closed and closed[0] == ":" and quantity is not None and closed.start() < quantity.start:
            closed = None  # "aucune prise de participation n'approche : la plus grosse, dans Jio, a coûté 5 milliards"
        if closed or mention.start - begin > 200:
            return None
        stop = max(s for s in stops if s <= mention.start)
        lead = scene.flat[stop : mention.start]
        if any(" " in p and (p.removesuffix("e") if p.endswith(" de") else p) in lead for p in prepositions):
            return mention  # "auprès de", "auprès du"
        if "acquérir" in prepositions and _TO_ACQUIRE.search(scene.flat, begin, mention.start):
            return mention
        comma = scene.flat.rfind(",", stop, mention.start)
        if "dans" in prepositions and _into_a_thing().search(scene.flat, stop, mention.start):
            continue  # "450 millions investis dans le site du groupe Renault"
        led_by = preposition(scene.flat, max(stop, comma + 1), mention.start)
        if led_by in prepositions and not (
            led_by == "de" and _is_past_adjunct(scene, hit, quantity, mention)
        ):
            return mention
    return None


_BEHIND_NAME = re.compile(
    r"(?:\s(?:de|datant de)\s(?:19|20)\d\d|\s\((?:19|20)\d\d\))?"  # "une Lamborghini Reventon de 2010 (…)"
    r"(?:\s\([\w/-]{2,12}\))?\s\((?:\d{1,2}(?:e|er)\s(?:avec|à)\s|soit\s|dont\s|[+-]\s?)?"
)


# "Nuance, le spécialiste de la dictée médicale, 19,7 milliards l'an dernier": a list without its verb
_APPOSITION = re.compile(r",\s(?:l[ea]s?\s|l'|une?\s)[^,.;:\d]{0,60},\s")


_WHERE = re.compile(r"\b(?:en|à|au|aux|dans)\s(?:l[ea]s?\s|l')?$")
_TEAM = re.compile(
    r",\s(?:l[ea]\s|l'|une?\s)(?:[\w'-]+\s){1,3}(?:de\s|d')(?:plus\sde\s|près\sde\s|quelque\s|environ\s)?"
)
_POLLED = re.compile(r"(?:\s\([\w/-]{2,12}\))?,?\s(?:à\s|avec\s)?")


def apposed(scene: Scene, quantity: Quantity) -> str | None:
    """The entity that a figure stands right behind: `Skype (8,5 Md$ en 2011)`, `la Chine (-7 %)`."""
    for mention in scene.mentions:
        if not 0 <= quantity.start - mention.end < 70 or mention.form == "pronoun" or mention.kind == "media":
            continue
        if mention.kind == "place" and _WHERE.search(scene.flat, scene.sentence.start, mention.start):
            continue  # "arrivée en tête en Corse (27 %)"
        between = scene.flat[mention.end : quantity.start]
        opens = not scene.flat[scene.sentence.start : mention.start].strip('«“" ')
        if opens and _APPOSITION.fullmatch(between):
            return mention.name
        if quantity.kind == "count" and mention.kind in ("", "company") and _TEAM.fullmatch(between):
            return mention.name  # "Soluvia, une équipe de 62 personnes"
        beaten = "avec" in between and not is_nominative(scene.flat, scene.sentence.start, mention)
        polled = quantity.kind == "percent" and not beaten and _POLLED.fullmatch(between)
        if _BEHIND_NAME.fullmatch(between) or polled:
            return mention.speaker  # "Emmanuel Macron (16,7 millions d'euros)": his, and not his country's
    return None


_FOR = re.compile(r"\s(?:nets?\s)?(?:en\splus\s|en\smoyenne\s|par\s\w+\s)?(?:pour|chez)\s(?:l[ea]s?\s|l')?")


def meant_for(scene: Scene, quantity: Quantity) -> Mention | None:
    """The entity that a figure of a list is for: `entre 2 % pour Cofiroute et 3 % pour Sanef`."""
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    listed = any(q is not quantity and abs(q.start - quantity.start) < _LISTED for q in scene.quantities)
    if behind is None or not listed or behind.kind in ("place", "media", "state"):
        return None
    return behind if _FOR.fullmatch(scene.flat, quantity.end, behind.start) else None


_LISTED = 90  # characters from one figure of a list to the next


def spoken_of(scene: Scene, quantity: Quantity) -> str | None:
    """The entity that a figure without a cue is about: the subject of its sentence, else the topic."""
    behind = _behind_adjunct(scene, quantity, ())
    return (
        subject_of_clause(scene, quantity) or (behind.name if behind else None) or scene.topic or scene.state
    )


def subject_of_clause(scene: Scene, quantity: Quantity) -> str | None:
    """The first entity of the sentence before a figure that no preposition introduces."""
    stop = scene.sentence.start
    for mention in scene.mentions:
        if mention.end > quantity.start:
            return None
        aside = scene.flat.rfind("(", stop, mention.start) > scene.flat.rfind(")", stop, mention.start)
        # "(Virage 2015, FNAUT 2016), 43 %" is of neither.
        closed = aside and scene.flat.find(")", mention.end, quantity.start) >= 0
        if mention.kind not in ("media", "place") and not closed and is_nominative(scene.flat, stop, mention):
            return mention.name
        stop = mention.end
    return None
