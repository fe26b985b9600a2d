"""Owners: whose a figure is and who pays, once its cue has had its say.

A cue gives a figure to whom the grammar offers. What remains is sense: who only tells owns nothing, a state is no part
of a company, pay is a person's, public money is the state's, what nobody is named for is of whom the text is about.
"""

from __future__ import annotations

import re
from functools import cache

from etl.clause import (
    IN_CAPITAL,
    Figure,
    Scene,
    apposed,
    cue_words,
    is_nominative,
    meant_for,
    subject_of_clause,
)
from etl.contrast import contrasted
from etl.ellipsis import LARGE_SUM, size_of, takes_up
from etl.lexicon import alternation, verb_forms, words_of
from etl.parties import Mention
from etl.populations import (
    located,
    of_country,
    of_opening_place,
    of_place,
    of_population,
    of_rated,
    of_where,
)
from etl.quantities import Quantity
from etl.stance import Voice
from etl.treasury import announced, collected, granted, is_saved, of_product, with_helped


def owned(scene: Scene, figure: Figure, voice: Voice | None, before: list[Figure]) -> Figure:
    """The figure with the subject and actor that it can have; `voice` is who tells it, `before` what was told."""
    figure = _not_of_teller(scene, collected(scene, announced(scene, figure, voice)), voice)
    figure = granted(scene, figure, voice)
    figure = of_country(scene, figure, voice)
    figure = _of_nobody_implied(scene, figure)
    figure = _with_holder(scene, figure)
    figure = _of_main(scene, figure)
    figure = _saved(scene, figure)
    figure = _to_its_people(scene, figure)
    figure = _of_person(scene, _of_speaker(scene, _private(scene, figure), voice))
    figure = with_helped(scene, _sentenced(scene, figure))
    figure = _held(scene, figure)
    figure = _as_before(scene, _of_this_change(scene, figure, before), before)
    figure = _not_by_himself(scene, _valued_by(scene, _of_candidate(scene, figure), before))
    figure = _of_whom_beside(scene, figure)
    figure = contrasted(scene, figure, before)
    figure = of_product(scene, figure)
    figure = of_opening_place(scene, of_where(scene, figure))
    figure = of_population(scene, _of_the_market(scene, figure))
    figure = of_place(scene, figure)
    return of_rated(scene, figure)


def _not_by_himself(scene: Scene, figure: Figure) -> Figure:
    """The pay of a head as paid by nobody named, where it seems to be paid by himself, or by who is only remembered."""
    if figure.measure != "compensation" or figure.actor is None:
        return figure
    remembered = figure.actor != figure.subject and "actor" not in figure.evidence
    if remembered and scene.kinds.get(figure.actor) != "company":
        return figure._replace(actor=None)
    if figure.actor != figure.subject:
        return figure
    # Of a name that nothing calls a company, who is paid is a person more often than who pays.
    unpaying = scene.kinds.get(figure.actor) in ("person", "")
    if not unpaying and not any(m.person == figure.actor for m in scene.mentions):
        return figure
    figure.evidence.pop("actor", None)
    return figure._replace(actor=None)


def _of_candidate(scene: Scene, figure: Figure) -> Figure:
    """What is spent on a campaign as the candidate's, whatever state he or she heads."""
    if figure.measure != "capex" or scene.flat.find("campagne", scene.sentence.start, scene.sentence.end) < 0:
        return figure
    head = _head_of_state(scene, figure)
    return figure._replace(subject=head, actor=head) if head else figure


def _head_of_state(scene: Scene, figure: Figure) -> str | None:
    """The person who stands at the place of a figure's subject and acts there for a state."""
    place = figure.evidence.get("subject")
    head = next((m for m in scene.mentions if (m.start, m.end) == place and m.person), None)
    return head.person if head and head.kind == "state" else None


_EACH_HAS = ("price", "penalty", "change", "rate", "market_share", "compensation", "headcount", "users")


def _of_whom_beside(scene: Scene, figure: Figure) -> Figure:
    """The figure as that of the entity that it stands right behind, or is said to be for."""
    whose = meant_for(scene, figure.quantity) if figure.measure in _EACH_HAS else None
    if whose is None and figure.measure in ("market_share", "change", "rate"):
        whose = _has_people_or_sales(scene, figure.quantity)
    if whose is None and figure.measure in _TAKEN:
        whose = _who_takes(scene, figure)
    apposition = None if whose else apposed(scene, figure.quantity)
    held = figure.measure == "stake" and scene.kinds.get(figure.subject or "") == "company"
    if apposition and held and figure.actor == apposition:
        return figure  # who holds a part, and no one of whom it is
    if apposition:
        own = figure.actor is not None and figure.actor == figure.subject  # who spends his own
        return figure._replace(subject=apposition, actor=apposition if own else figure.actor, unresolved=None)
    if whose is None:
        return figure
    figure.evidence["subject"] = (whose.start, whose.end)
    return figure._replace(subject=whose.speaker, unresolved=None)


def _has_people_or_sales(scene: Scene, quantity: Quantity) -> Mention | None:
    """The firm or newspaper whose people or sales a percentage counts: `19 % de l'effectif de La Voix du Nord`."""
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    if behind is None or behind.kind in ("place", "state", "person"):
        return None
    return behind if _OF_WHAT_IT_HAS.fullmatch(scene.flat, quantity.end, behind.start) else None


_OF_WHAT_IT_HAS = re.compile(
    r"\s(?:de\s(?:la\s|l')|des\s|du\s)(?:effectifs?|salariés|abonnés|lecteurs|lectorat|audience|ventes|chiffre\sd'affaires"
    r"|recettes|revenus|rédaction|journalistes|postes|personnel)\s(?:de\s(?:la\s|l')?|du\s|d')"
)
_TAKEN = ("rate", "revenue", "earnings", "debt", "loss")


def _who_takes(scene: Scene, figure: Figure) -> Mention | None:
    """The entity in `la commission de 30 % qu'Apple prélève`, unless the figure has its own."""
    measure = figure.evidence.get("measure", (0, 0))
    if figure.evidence.get("subject", (-1, 0)) > measure:
        return None
    behind = next((m for m in scene.mentions if m.start >= figure.quantity.end and m.kind != "media"), None)
    if behind is None or not _WHICH.fullmatch(scene.flat, figure.quantity.end, behind.start):
        return None
    return behind if _takes().match(scene.flat, behind.end, scene.sentence.end) else None


_WHICH = re.compile(r"\s(?:d[eu]s?\s[^,;:.]{0,30}\s)?(?:que\s|qu')(?:l[ea]s?\s|l')?")


@cache
def _takes() -> re.Pattern[str]:
    return re.compile(
        rf"\s(?:(?:n'|ne|y|en|lui|leur)\s)?(?:(?:a|ont|avait|avaient)\s)?{verb_forms('taking verb')}\b"
    )


_OF_THEIR_OWNER = ("price", "compensation", "penalty", "funding", "loss")


def _of_nobody_implied(scene: Scene, figure: Figure) -> Figure:
    """A price, a pay, a fine that no word gives to anybody as nobody's, unless the text is about a company.

    What costs a country's sums, and changes and rates of nobody's, are the country's.
    """
    large = figure.measure == "price" and size_of(figure.quantity) >= LARGE_SUM
    if figure.subject is not None and figure.measure not in (*_OF_THEIR_OWNER, *_OF_BUSINESS):
        return figure
    if figure.subject is None:
        of_all = large or figure.measure in ("change", "rate", "market_share")
        return figure._replace(subject=scene.home, unresolved=None) if of_all and scene.home else figure
    kind = scene.kinds.get(figure.subject)
    here = any(m.name == figure.subject and m.kind != "state" for m in scene.mentions)
    given = here or "subject" in figure.evidence or kind in ("company", "product")
    given |= figure.subject == scene.main and kind == "" and figure.measure in ("price", "funding")
    given = given or (figure.subject == scene.matter() and figure.subject not in words_of("person noun"))
    if not given and kind == "person" and figure.measure in _OF_BUSINESS:
        return figure._replace(subject=None, unresolved="no subject")
    if given or figure.measure not in _OF_THEIR_OWNER:
        return figure
    if kind == "state" and figure.measure == "penalty":
        return figure._replace(subject=None, unresolved="no subject")  # who fines is not fined
    if kind == "state" and (large or located(scene, figure.quantity)):
        # As in "En Équateur, le salaire minimum est de 400 dollars", "la mesure coûtera 20 milliards".
        return figure
    if large and scene.state:
        return figure._replace(subject=scene.state)
    return figure._replace(subject=None, unresolved="no subject")


_OF_BUSINESS = ("revenue", "earnings", "debt", "valuation")  # what no person has who is only remembered
_TOLD_ON = ("price", "rate", "change", "market_share", "compensation")
_CLOSE = 150  # characters from one figure to the next of a list


def _as_before(scene: Scene, figure: Figure, before: list[Figure]) -> Figure:
    """A figure that no word gives to anybody as more of what the one before tells: `… 29 euros, ou 25 pour un an`.

    The price of a thing goes on in the next sentence: `Le flacon vaut 3 euros. Le grand coûte 5 euros`.
    """
    last = before[-1] if before else None
    if figure.subject or figure.measure not in _TOLD_ON or last is None or last.subject is None:
        return figure
    of_state = scene.kinds.get(last.subject) == "state"
    if of_state or last.measure not in _TOLD_ON:
        return figure
    thing = last.subject not in scene.kinds and {figure.measure, last.measure} <= {"price", "change"}
    start, end = last.quantity.end, figure.quantity.start
    if last.sentence != scene.sentence and not (thing and last.sentence.zone == scene.sentence.zone):
        return figure
    if end - start > _CLOSE or any(start <= m.start < end and m.kind != "place" for m in scene.mentions):
        return figure
    return figure._replace(subject=last.subject, unresolved=None)


def _valued_by(scene: Scene, figure: Figure, before: list[Figure]) -> Figure:
    """What a deal values as what it buys: `cède Havas pour 3 milliards, valorisant l'agence 30 milliards`."""
    last = before[-1] if before and figure.measure == "valuation" else None
    if last is None or last.measure not in ("deal_value", "funding", "stake"):
        return figure
    place = figure.evidence.get("measure", (0, 0))
    beside = last.sentence == scene.sentence and last.quantity.end <= place[0] and last.subject is not None
    named = figure.evidence.get("subject", (0, 0))[0] >= place[1]
    if not beside or named or not cue_words(scene, figure).startswith("valorisant"):
        return figure
    figure.evidence.pop("subject", None)
    return figure._replace(subject=last.subject, unresolved=None)


def _of_this_change(scene: Scene, figure: Figure, before: list[Figure]) -> Figure:
    """A change that a demonstrative takes up as that of what changed before."""
    last = before[-1] if before else None
    if (
        last is None
        or last.subject is None
        or "subject" in figure.evidence
        or not takes_up(scene, figure, last)
    ):
        return figure
    return figure._replace(subject=last.subject, unresolved=None)


def _of_the_market(scene: Scene, figure: Figure) -> Figure:
    """What a market does around a share as no one's: `le titre bondit de 7 %, dans un marché en hausse de 0,5 %`."""
    start, stop = scene.sentence.start, figure.quantity.start
    told = figure.measure == "change" and scene.flat.find("dans un marché", start, stop) >= 0
    if not told or not _MARKET.search(scene.flat, start, stop):
        return figure
    figure.evidence.pop("subject", None)
    return figure._replace(subject=None, unresolved="no subject")


_MARKET = re.compile(r"\bdans\sun\smarché\s(?:[\w'-]+\s){0,3}?(?:en|qui|au|à)\s[^,;.]*$")
_ALWAYS_OWNED = ("debt", "revenue", "earnings", "valuation", "stake")


def _of_main(scene: Scene, figure: Figure) -> Figure:
    """An account, a stake or the price of a share that nobody is named for, as that of whom the text is about."""
    if not scene.main or (figure.subject and figure.measure != "debt"):
        return figure
    words = cue_words(scene, figure)
    share = figure.measure == "price" and "action" in words
    of_state = figure.subject == scene.state or scene.kinds.get(figure.subject or "") == "state"
    lent = figure.measure == "debt" and of_state and "prêt" in words  # what a state lends or guarantees
    if (figure.subject and not lent) or not (share or figure.measure in _ALWAYS_OWNED):
        return figure
    owns = scene.kinds.get(scene.main) in (("company",) if share else ("company", "institution"))
    other = figure.actor != scene.main or figure.measure != "stake"
    return figure._replace(subject=scene.main, unresolved=None) if owns and other else figure


_ITS_PEOPLE = re.compile(
    r"[\"»”]?\s(?:\w+\s){0,3}?(?:à|aux?)\s(?:\w+\s){0,3}?(?:[\d.]+\s)?(?:salari|employé|collaborat|ouvri|vendeu|agents)"
)


def _to_its_people(scene: Scene, figure: Figure) -> Figure:
    """What a company pays to its people as its own: `Orange versera 1.000 euros à ses salariés en France`."""
    if figure.measure != "compensation" or scene.kinds.get(figure.actor or "") != "company":
        return figure
    named = scene.kinds.get(figure.subject or "") in ("state", "company", "institution", "")
    pays = named and _ITS_PEOPLE.match(scene.flat, figure.quantity.end, scene.sentence.end)
    return figure._replace(subject=figure.actor, unresolved=None) if pays else figure


def _saved(scene: Scene, figure: Figure) -> Figure:
    """What a company saves as its own: `Renault a annoncé un plan d'économies de 2 milliards`."""
    if not is_saved(scene, figure) or scene.kinds.get(figure.actor or "") != "company":
        return figure
    return figure._replace(subject=figure.actor, unresolved=None)


# "détenue à 51 % par un autre groupe belge, IPM, et à 49 % par Fininco": each part has its holder
_HELD_BY = re.compile(
    r"\s(?:d[ue]s?\s(?:capital|parts|actions|titres)\s)?"
    r"(?:par|aux mains d[eu]s?|(?:revien|revena|reviend|appart)\w+\s(?:à|aux?))\s"
    r"(?:(?:le|la|une?)\s[^,;:.()\d]{0,40},\s|(?:l[ea]s?\s|l')(?:[\w'-]+\s){0,3})?"
)


# As in "le New York Times, qui lui prête 40 % du capital".
_LENT_TO = re.compile(r"\blui\s(?:prêt|attribu|réserv|laiss|accord)\w+\s[^,;.]{0,20}$")


def _with_holder(scene: Scene, figure: Figure) -> Figure:
    """A stake with the holder that stands right behind it, or whom `lui` means before it."""
    if figure.measure != "stake":
        return figure
    lent = _LENT_TO.search(scene.flat, scene.sentence.start, figure.quantity.start)
    named = [m for m in scene.mentions if lent and m.end < lent.start() and (m.kind == "person" or m.person)]
    if named:
        figure.evidence["actor"] = (named[-1].start, named[-1].end)
        return figure._replace(actor=named[-1].speaker)
    behind = next((m for m in scene.mentions if m.start >= figure.quantity.end and m.kind != "media"), None)
    if behind is None or behind.name in (figure.subject, figure.actor):
        return figure
    if not _HELD_BY.fullmatch(scene.flat, figure.quantity.end, behind.start):
        return figure
    figure.evidence["actor"] = (behind.start, behind.end)
    held = figure.subject or subject_of_clause(scene, figure.quantity)
    return figure._replace(subject=held, actor=behind.name, unresolved=None if held else figure.unresolved)


def _of_staff(scene: Scene, quantity: Quantity) -> Mention | None:
    """The employer of which its people hold a part: `les salariés de la FDJ détiennent 5 % du capital`."""
    if not _OF_THE_WHOLE.match(scene.flat, quantity.end, scene.sentence.end):
        return None
    before = (m for m in reversed(scene.mentions) if m.end <= quantity.start and m.kind != "person")
    last = next(before, None)
    staff = last and _STAFF_OF.search(scene.flat, scene.sentence.start, last.start)
    return last if last and staff and _HOLD.fullmatch(scene.flat, last.end, quantity.start) else None


_STAFF_OF = re.compile(
    r"\b(?:salarié|employé|collaborateur|cadre|ouvrier|retraité)e?s\s(?:de\s(?:la\s|l')?|du\s|des\s|d')$"
)
_HOLD = re.compile(r",?\s(?:qui\s)?(?:(?:en|y)\s)?(?:déten|détien|possèd|posséd|contrôl|ont\b)[^.;:,]{0,40}")
_OF_THE_WHOLE = re.compile(
    r"\s(?:du\s(?:capital|groupe)|de\s(?:leur\s(?:entreprise|société)|l'entreprise)|des\s(?:actions|parts|titres))\b"
)
_HOLDERS = ("institution", "state", "person")


def _held(scene: Scene, figure: Figure) -> Figure:
    """A stake as one in a company: no state, body or person is held, and a target is no holder of itself."""
    if figure.measure != "stake":
        return figure
    if employer := _of_staff(scene, figure.quantity):
        figure.evidence["subject"] = (employer.start, employer.end)
        figure.evidence.pop("actor", None)
        return figure._replace(subject=employer.name, actor=None, unresolved=None)
    if behind := _holder_behind(scene, figure.quantity):
        return _held_by(scene, figure, behind)
    held = _part_of(scene, figure.quantity)
    if held is None or held.name == figure.subject:
        held = _whose_shareholder(scene, figure.quantity)
    if held:
        figure.evidence["subject"] = (held.start, held.end)
        actor = figure.actor if figure.actor != held.name else None
        return figure._replace(subject=held.name, actor=actor, unresolved=None)
    if figure.actor is None:
        return figure
    start, stop = scene.sentence.start, figure.quantity.start
    if figure.actor == figure.subject and _SHAREHOLDER_AT.search(scene.flat, start, stop):
        figure.evidence.pop("subject", None)
        return figure._replace(subject=None, unresolved="no subject")
    holder, kind = figure.subject, scene.kinds.get(figure.subject or "")
    if holder is None and figure.actor == scene.deal[1]:
        return figure._replace(subject=figure.actor, actor=scene.deal[0], unresolved=None)
    if kind in _HOLDERS and scene.kinds.get(figure.actor) == "company":
        return figure._replace(subject=figure.actor, actor=holder if kind == "state" else None)
    return figure


# As in: une prise de participation de 12,5 % d'Oracle et de 7,5 % de Walmart. Who takes `une participation` holds it.
_PARTICIPATION = re.compile(
    r"(?<!une )\b(?:prise\sde\s)?participation\s(?:(?:minoritaire|majoritaire)\s)?(?:à\shauteur\s)?de\s"
    r"(?:\d[\d,.]*\s?%\s(?:de\s(?:la\s|l')?|d'|du\s)[^,;:.()\d]{2,30}\set\s(?:de\s)?)?$"
)
_OF_IT = re.compile(r"\s(?:de\s(?:la\s|l')?|d'|du\s)")


def _holder_behind(scene: Scene, quantity: Quantity) -> Mention | None:
    """Who takes a part that a noun tells of: `une prise de participation de 12,5 % d'Oracle`."""
    if not _PARTICIPATION.search(scene.flat, scene.sentence.start, quantity.start):
        return None
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    return behind if behind and _OF_IT.fullmatch(scene.flat, quantity.end, behind.start) else None


def _held_by(scene: Scene, figure: Figure, holder: Mention) -> Figure:
    """A stake that its holder stands behind, in what is named behind that, else in whom the clause is about."""
    inside = next((m for m in scene.mentions if m.start >= holder.end), None)
    inside = inside if inside and IN_CAPITAL.fullmatch(scene.flat, holder.end, inside.start) else None
    about = (subject_of_clause(scene, figure.quantity), scene.topic)
    held = inside.name if inside else next((name for name in about if name not in (None, holder.name)), None)
    figure.evidence["actor"] = (holder.start, holder.end)
    figure.evidence.pop("subject", None)
    if inside:
        figure.evidence["subject"] = (inside.start, inside.end)
    return figure._replace(subject=held, actor=holder.name, unresolved=None if held else "no subject")


def _part_of(scene: Scene, quantity: Quantity) -> Mention | None:
    """The company that a percentage is of right behind it: `15 % de Nissan et 10 % du capital de Tesla`."""
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    whole = (
        behind and behind.kind == "company" and _OF_CAPITAL.fullmatch(scene.flat, quantity.end, behind.start)
    )
    return behind if whole else None


_OF_CAPITAL = re.compile(
    r"\s(?:(?:du\scapital|des\s(?:parts|actions|titres|droits\sde\svote))\s)?(?:de\s(?:la\s|l')?|d'|du\s)"
)


def _whose_shareholder(scene: Scene, quantity: Quantity) -> Mention | None:
    """The company that a stake makes a shareholder of: `l'État, actionnaire de Renault à hauteur de 15 %`.

    Where `actionnaire à 15 %` names none, it is the one that the sentence named last.
    """
    if _SHAREHOLDER_AT.search(scene.flat, scene.sentence.start, quantity.start):
        companies = [m for m in scene.mentions if m.kind == "company" and m.form == "name"]
        before = [m for m in companies if m.end < quantity.start and not _IS_ONE.match(scene.flat, m.end)]
        return before[-1] if before else None
    return next(
        (
            m
            for m in scene.mentions
            if m.kind in ("company", "")
            and m.end <= quantity.start
            and _AT.fullmatch(scene.flat, m.end, quantity.start)
            and _SHAREHOLDER_OF.search(scene.flat, scene.sentence.start, m.start)
        ),
        None,
    )


_SHAREHOLDER_OF = re.compile(r"\b(?:actionnaires?|propriétaires?)\s(?:[a-z]+\s)?(?:d[eu]\s(?:la\s|l')?|d')$")
_IS_ONE = re.compile(r",\sactionnaire")
_SHAREHOLDER_AT = re.compile(
    r",\sactionnaires?\sà\s(?:hauteur\sde\s)?(?:environ\s|près\sde\s|plus\sde\s|quelque\s)?$"
)
_AT = re.compile(r",?\s(?:à|avec)\s(?:hauteur\sde\s)?(?:environ\s|près\sde\s|plus\sde\s|quelque\s)?")


def _of_speaker(scene: Scene, figure: Figure, voice: Voice | None) -> Figure:
    """What somebody quoted tells of himself as his: `« On me payait 12.000 euros »`, `« Je gagne 3.000 euros »`."""
    speaker = voice.mention if voice else None
    person = speaker and (speaker.kind == "person" or speaker.person)
    begin = max(scene.sentence.start, figure.quantity.start - _CLAUSE)
    paid = figure.measure == "price" and _PAID_ME.search(scene.flat, begin, figure.quantity.start)
    told = figure.measure in _OF_A_PERSON and _I.search(scene.flat, begin, figure.quantity.start)
    if speaker is None or not person or not (paid or told) or "subject" in figure.evidence:
        return figure
    actor = figure.actor if figure.actor != speaker.name else None
    return figure._replace(
        measure="compensation" if paid else figure.measure,
        subject=speaker.speaker,
        actor=actor,
        unresolved=None,
    )


_I = re.compile(r"(?<!\w)(?:je\s|j'|me\s|m'|mon\s|ma\s|mes\s)[^.;:!?»”]*$")
_PAID_ME = re.compile(
    r"(?<!\w)(?:me\s|m'(?:a\s|ont\s)?)(?:pa[iy]|vers|donn|propos|offr|offert)[a-zé]*\s[^.;:!?»”]*$"
)
_OF_A_PERSON = ("compensation", "assets")
_HIS = re.compile(
    r"\b(?:son|sa)\s(?:\w+\s){0,2}?(?:salaires?|rémunération|fortune|traitement|indemnité|pension|paie|cachet|patrimoine|bonus|prime)\b"
    r"|\bses\s(?:\w+\s)?(?:indemnités|émoluments|honoraires|cachets|gains)\b"
)
_HE = re.compile(
    r"\b(?:il|elle|lui(?!\s(?:aussi|seul|non plus)\b))\s(?!(?:n'|s')?(?:y|est|faut|agi\w*|reste)\b)"
    r"(?![^,;:.]*\b(?:que|qui|qu'|et|mais|où)\b)[^;:.]*$"
)


@cache
def _who_he_is() -> re.Pattern[str]:
    """An office or a trade that somebody told before is called by: `L'ancienne garde des Sceaux aurait touché`."""
    roles = alternation(words_of("speaker role") | words_of("person by trade"))
    return re.compile(
        rf"(?:\A|[.,;:!?»”\"\n]\s?)(?:l'|l[ea]\s)(?:ancien(?:ne)?\s|ex-)?{roles}"
        r"(?:\s(?:de\s(?:la\s|l')?|des\s|du\s|d')[a-zà-ÿ' -]{2,40}?)?"
        r"(?:,\s[^,;:.]{3,60},)?\s(?:n'|a|aurait|avait|aura|touche|touchait|gagne|gagnait|perçoit|percevait|empoche|possède|dispose|serait|est)\b[^;:.]*$"
    )


@cache
def _pays_others() -> re.Pattern[str]:
    return re.compile(rf"\b{verb_forms('paying verb', 'giving verb', 'offering verb')}\b")


_GETS = re.compile(
    r"[^,;:.]*\b(?:reçu|reçoit|recevra|recevait|touch|perç|percev|gagn|empoch|encaiss)[a-zà-ÿ]*\s(?!pas\b)[^,;:.]*"
)


def _of_person(scene: Scene, figure: Figure) -> Figure:
    """Pay or a fortune as that of the person whom a pronoun, a possessive or the subject of the clause means.

    `son salaire de 14 500 euros`, `il gagne 3 millions par an`, `Chantal Jouanno a reçu 172 000 euros bruts`.
    """
    if figure.measure not in _OF_A_PERSON:
        return figure
    quantity, place = figure.quantity, figure.evidence.get("subject", (-1, -1))
    holder = next((m for m in scene.mentions if (m.start, m.end) == place), None)
    if holder and (holder.kind == "person" or holder.person):
        return figure
    owned = (m for m in scene.mentions if m.name == figure.subject and m.end < quantity.start)
    if any(_HIS_HEAD.search(scene.flat, scene.sentence.start, m.start) for m in owned):
        head = scene.person(scene.sentence.end)  # "le fondateur de Facebook a une fortune de …"
        return figure._replace(subject=head, unresolved=None if head else "no subject")
    start = max(scene.sentence.start, quantity.start - _CLAUSE)
    his = _HIS.search(scene.flat, start, min(scene.sentence.end, quantity.end + _CLAUSE))
    he = his or _HE.search(scene.flat, start, quantity.start)
    he = he or _who_he_is().search(scene.flat, max(0, scene.sentence.start - 2), quantity.start)
    if he and _pays_others().search(scene.flat, he.start(), quantity.start):
        return figure
    before = [
        m for m in scene.mentions if m.end <= (he.start() if he else quantity.start) and m.form != "pronoun"
    ]
    told = next((m for m in before if m.speaker and (m.kind == "person" or m.person)), None)
    receives = told and _GETS.fullmatch(scene.flat, told.end, quantity.start)
    if not he and (figure.subject or not told or not receives or not is_nominative(scene.flat, start, told)):
        return figure
    name = told.speaker if told else scene.person(scene.sentence.start)
    if name is None or (holder and holder.form != "pronoun" and holder.start < (he.start() if he else 0)):
        return figure
    pays = figure.subject if holder and holder.kind == "company" else figure.actor
    return figure._replace(subject=name, actor=pays if pays != name else None, unresolved=None)


def _private(scene: Scene, figure: Figure) -> Figure:
    """What the head of a state owes or has by the thousand as his own: `Emmanuel Macron rembourse 350 000 euros`."""
    if figure.measure not in ("debt", "assets", "penalty") or not size_of(figure.quantity) < _OF_A_STATE:
        return figure
    head = _head_of_state(scene, figure)
    return figure._replace(subject=head) if head else figure


_OF_A_STATE = 10_000_000  # in about dollars: no state of the press owes less


def _sentenced(scene: Scene, figure: Figure) -> Figure:
    """A fine as the person's against whom it is asked, or whom it meets beside prison, though he heads a company."""
    if figure.measure != "penalty":
        return figure
    begin, stop = scene.sentence.start, figure.quantity.start
    if figure.subject is None and (accused := _accused(scene, stop)):
        figure.evidence["subject"] = (accused.start, accused.end)
        return figure._replace(subject=accused.speaker, unresolved=None)
    if not _OF_ONE_PERSON.search(scene.flat, begin, scene.sentence.end):
        return figure
    people = (m for m in scene.mentions if (m.person or m.kind == "person") and m.form != "pronoun")
    tried = (m for m in people if m.end <= stop and _IS_SENTENCED.fullmatch(scene.flat, m.end, stop))
    him = next((m for m in tried if is_nominative(scene.flat, begin, m)), None)
    if him is None:
        return figure
    figure.evidence["subject"] = (him.start, him.end)
    name = him.person or him.speaker
    if figure.actor in (him.name, name):
        figure.evidence.pop("actor", None)
        figure = figure._replace(actor=None)
    return figure._replace(subject=name, unresolved=None)


def _accused(scene: Scene, stop: int) -> Mention | None:
    """Against whom a fine is asked, where the sentence opens with it: `Contre Luc Bernard, 3 000 euros d'amende`."""
    first = next((m for m in scene.mentions if m.end <= stop and m.form != "pronoun"), None)
    return first if first and _AGAINST_HIM.fullmatch(scene.flat, scene.sentence.start, first.start) else None


_AGAINST_HIM = re.compile(
    r"\W*(?:contre|à\sl'encontre\sd(?:e\s|')|à\sl'égard\sd(?:e\s|'))\s?(?:la\s|le\s|l'|m\.\s|mme\s)?"
)
_IS_SENTENCED = re.compile(
    r"(?:,[^;:.()]{3,200})?,?\s(?:(?:n'|ne\s)?(?:a|avait|est|était|sera|vient\sd')(?:\s\w+){0,2}?\s)?(?:être\s|été\s)?(?:condamn|écop|sanctionn)\w+\b"
    r"(?:(?!,?\set\s(?:l[ea]\s|l'|son\s|sa\s)(?:société|entreprise|groupe|filiale|compagnie)\b)[^;:.])*"
)
_OF_ONE_PERSON = re.compile(
    r"\b(?:prison|sursis|inéligibilité|réclusion|emprisonnement)\b|\b(?:ancien(?:ne)?\s|ex-)\w"
)
_HIS_HEAD = re.compile(
    r"\b(?:porte-parole|avocate?|assistante?|conseill(?:er|ère)|attachée?|fondat(?:eur|rice)|cofondat(?:eur|rice)|patronn?e?|pdg|présidente?|dirigeante?|direct(?:eur|rice)\s(?:\w+\s)?|créat(?:eur|rice))"
    r"\s?(?:de\s(?:la\s|l')?|d'|du\s)$"
)
_CLAUSE = 120  # characters on each side


_OF_TELLERS = (
    "revenue", "earnings", "assets", "debt", "valuation", "funding", "deal_value", "stake", "headcount", "users",
)  # fmt: skip


def _not_of_teller(scene: Scene, figure: Figure, voice: Voice | None) -> Figure:
    """What an institution, a person or a newspaper says of prices, pay or the economy as none of its own.

    Whom `selon` names tells nothing of himself, unless he is a company or says `son`.
    """
    teller = voice.mention if voice else None
    if voice is None or teller is None or not _can_only_tell(scene, figure, voice, teller):
        return figure
    if figure.actor in (teller.name, teller.speaker) and scene.kinds.get(figure.actor) != "state":
        figure.evidence.pop("actor", None)
        figure = figure._replace(actor=scene.state if figure.measure == "budget" else None)
    if figure.subject not in (teller.name, teller.speaker):
        return figure
    figure.evidence.pop("subject", None)
    return figure._replace(subject=None, unresolved="no subject")


def _can_only_tell(scene: Scene, figure: Figure, voice: Voice, teller: Mention) -> bool:
    """Whether who tells a figure has none of the kind himself."""
    own = _OF_HIS_OWN.match(scene.flat, teller.end, figure.quantity.start)
    if _ACCORDING.match(scene.flat, voice.start) and teller.form != "pronoun":
        if figure.subject in (scene.state, scene.home) or scene.kinds.get(figure.subject or "") == "state":
            return False  # a minister tells of the country
        own = own or _ITS_OWN.search(scene.flat, scene.sentence.start, figure.quantity.start)
        if teller.kind in ("media", "person", ""):
            return not own
    elif teller.name == scene.main and figure.subject in (teller.name, None):
        return False
    if teller.kind not in ("institution", "person", "media") or figure.measure in _OF_TELLERS:
        return False
    return not (teller.kind == "person" and own)


_ACCORDING = re.compile(r"(?:selon|d'après|étude|enquête|sondage|baromètre|rapport|analyse|bilan)\b")
_ITS_OWN = re.compile(r"\b(?:son|sa|ses|leur|leurs)\s[^;.:]*$")
# As in: Luc Bernard estime que ses revenus ont augmenté de 25 %
_OF_HIS_OWN = re.compile(r"[^.;:]{0,60}\squ(?:e\s|')(?:son|sa|ses)\s")
