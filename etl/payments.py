"""Payments: who pays a sum and who is paid, where a cue has taken the one for the other.

Pay is a person's, damages are owed by the one who pays them, what is paid `à Soluvia` is Soluvia's.
"""

from __future__ import annotations

import re
from functools import cache

from etl.clause import Figure, Scene, cue_words, of_words, subject_of_clause
from etl.lexicon import alternation, verb_forms, words_of
from etl.parties import Mention, is_public_body
from etl.quantities import Quantity


def as_pay(scene: Scene, figure: Figure) -> Figure:
    """What people are paid as their pay: `Un infirmier est payé 1 500 euros net`; milk is paid a price."""
    start, _ = figure.evidence.get("measure", (0, 0))
    if figure.measure != "price" or not scene.flat.startswith("payé", start) or start > figure.quantity.start:
        return figure
    paid = _PAID.search(scene.flat, scene.sentence.start, start)
    who = paid["who"].rstrip("s") if paid else ""
    if paid is None or not {who, f"{who}s"} & words_of("person noun"):
        return figure
    return of_words(scene, figure._replace(measure="compensation", actor=None), *paid.span("who"))


_PAID = re.compile(
    r"\b(?:un|une|les|des|ces|le|la|l')\s?(?P<who>[a-zà-ÿ-]+)(?:\s[a-zà-ÿ'-]+){0,3}?\s(?:est|sont|était|étaient|sera|seront)\s(?:\w+\s)?$"
)


def with_person_paid(scene: Scene, figure: Figure) -> Figure:
    """Pay with the person who has it as its subject; who pays `son salaire de 14 500 euros` is not told."""
    if figure.measure != "compensation" or figure.actor is None:
        return figure
    kind, words = scene.kinds.get(figure.actor), cue_words(scene, figure)
    if kind != "person" and not (not kind and _IS_PAID.match(words)):
        return figure
    if figure.subject not in (None, figure.actor):
        paid_by = scene.kinds.get(figure.subject or "") in ("company", "institution", "")
        start, _ = figure.evidence.get("subject", (0, 0))
        if not (_IS_PAID.match(words) and paid_by and _AT.search(scene.flat, max(0, start - 8), start)):
            behind = start > figure.quantity.end  # "il touche 7 millions, moins que son homologue de Shell"
            paid = figure.actor if behind and _IS_PAID.match(words) else figure.subject
            return figure._replace(subject=paid, actor=None)
        places = {c: figure.evidence[c] for c in ("actor", "subject") if c in figure.evidence}
        swapped = {"subject": places.get("actor"), "actor": places.get("subject")}
        figure.evidence.update({column: place for column, place in swapped.items() if place})
        return figure._replace(subject=figure.actor, actor=figure.subject)  # "il touche 3 millions à l'OM"
    if place := figure.evidence.pop("actor", None):
        figure.evidence["subject"] = place
    return figure._replace(subject=figure.actor, actor=None, unresolved=None)


_AT = re.compile(r"\b(?:à\s(?:l[ea]\s|l')?|aux?\s|chez\s(?:l[ea]\s|l')?)$")
_IS_PAID = re.compile(r"(?:a |ont |avait )?(?:gagn|touch|perç|percev|empoch)")


def with_recipient(scene: Scene, figure: Figure) -> Figure:
    """A sum that is paid to somebody as his, from who pays it: `payer 3 millions à Soluvia pour une licence`.

    What a state gives is public money, what a lawyer is paid his fee.
    """
    recipient = paid_to(scene, figure.quantity) if figure.measure in ("other", "price") else None
    if recipient is None:
        return figure
    payer = figure.actor or subject_of_clause(scene, figure.quantity)
    if payer in (None, recipient.name):
        return figure
    figure.evidence["subject"] = (recipient.start, recipient.end)
    fee = figure.measure == "price" and recipient.kind == "person"
    public = figure.measure == "other" and is_public_payer(scene, payer) and recipient.kind != "person"
    measure = "compensation" if fee else "budget" if public else figure.measure
    return figure._replace(measure=measure, subject=recipient.name, actor=payer, unresolved=None)


def with_donor(scene: Scene, figure: Figure) -> Figure:
    """A gift as its donor pays it to who gets it: `La ville de Lyon a reçu un don de 3 millions venant de Renault`."""
    donor = _donor(scene, figure.quantity) if figure.measure == "other" else None
    if donor is None:
        return figure
    figure.evidence["actor"] = (donor.start, donor.end)
    given_to = subject_of_clause(scene, figure.quantity) or scene.topic
    if given_to == donor.name:
        given_to = None
    figure.evidence.pop("subject", None)
    return figure._replace(subject=given_to, actor=donor.name, unresolved=None if given_to else "no subject")


def with_grantor(scene: Scene, figure: Figure) -> Figure:
    """Pay as paid by who is said to grant it: `une prime de 3 millions versée par Renault`."""
    if figure.measure != "compensation":
        return figure
    noun = figure.evidence.get("measure", (0, 0))
    places = (figure.quantity.end, noun[1] if noun[1] < figure.quantity.start else figure.quantity.end)
    for mention in scene.mentions:
        granted = any(_GRANTED_BY.fullmatch(scene.flat, place, mention.start) for place in places)
        if granted and mention.kind != "place" and mention.name != figure.subject:
            figure.evidence["actor"] = (mention.start, mention.end)
            return figure._replace(actor=mention.name)
    return figure


_GRANTED_BY = re.compile(
    r"\s(?:(?:bruts?|nets?|annuels?|annuelle|mensuels?|mensuelle|exceptionnel(?:le)?)\s)?"
    r"(?:offert|vers|pay|accord|octroy|promis|propos|attribu|remis)(?:ée?s?|es?|s)?\spar\s(?:l[ea]s?\s|l')?(?:(?:groupe|société)\s)?"
)


def _donor(scene: Scene, quantity: Quantity) -> Mention | None:
    """Who a gift is said to come from."""
    if not _DONATION.search(scene.flat, scene.sentence.start, quantity.start):
        return None
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    return behind if behind and _COMES_FROM.fullmatch(scene.flat, quantity.end, behind.start) else None


_COMES_FROM = re.compile(
    r"\s(?:(?:venant|provenant|émanant|en\sprovenance|de\sla\spart)\s(?:d[eu]s?\s|d')|(?:offerte?|versée?|consentie?|accordée?)\spar\s)"
    r"(?:l[ea]s?\s|l')?(?:[a-zà-ÿ-]+\s)?"
)


def is_public_payer(scene: Scene, payer: str) -> bool:
    """Whether what somebody pays is public money: a state does, a ministry, a region or a town."""
    return payer == scene.state or scene.kinds.get(payer) == "state" or is_public_body(payer)


@cache
def pays() -> re.Pattern[str]:
    """A verb of paying and what follows it up to the sum that is paid."""
    return re.compile(rf"\b{verb_forms('paying verb')}\b[^,;.:]*$")


def with_debtor(scene: Scene, figure: Figure) -> Figure:
    """Damages as the one who pays them owes them, and the one behind `à` as the claimant.

    `condamnée à verser 50 000 euros de dommages à Eric Zemmour`: he is paid, and who pays is fined.
    """
    place = figure.evidence.get("subject")
    if figure.measure != "penalty" or figure.subject is None:
        return figure
    if (
        figure.actor in (None, figure.subject)
        and (paid := paid_to(scene, figure.quantity))
        and paid.name != figure.subject
    ):
        figure.evidence["actor"] = (paid.start, paid.end)
        return figure._replace(actor=paid.name)
    if claimant := _claimant(scene, figure):
        figure.evidence.pop("subject", None)
        figure.evidence["actor"] = (claimant.start, claimant.end)
        owes = next(
            (n for n in (subject_of_clause(scene, figure.quantity), scene.topic) if n != figure.subject), None
        )
        return figure._replace(subject=owes, actor=figure.subject, unresolved=None if owes else "no subject")
    if (
        place is None
        or place[0] < figure.quantity.end
        or scene.flat.find(",", figure.quantity.end, place[0]) >= 0
    ):
        return figure
    if not pays().search(scene.flat, scene.sentence.start, figure.quantity.start):
        return figure
    payer = subject_of_clause(scene, figure.quantity) or scene.topic
    if payer == figure.subject:
        return figure
    figure.evidence["actor"] = figure.evidence.pop("subject")
    return figure._replace(subject=payer, actor=figure.subject)


@cache
def _settles() -> re.Pattern[str]:
    authorities = alternation(words_of("authority that settles"))
    return re.compile(
        r"\b(?:accord|transaction|règlement|différend|contentieux|litige)\b(?:[^;.:,]|,(?=\d)){0,90}?"
        rf"\bavec\s(?:l[ea]s?\s|l')?(?P<who>{authorities})\b"
    )


def settled(scene: Scene, figure: Figure) -> Figure:
    """What is agreed on with the one who pursues as a penalty: `un accord de 1,25 milliard d'euros avec le fisc`."""
    if figure.quantity.kind != "money" or figure.measure not in ("deal_value", "other", "penalty"):
        return figure
    if scene.flat.find(" avec ", scene.sentence.start, scene.sentence.end) < 0:
        return figure
    found = _settles().search(scene.flat, scene.sentence.start, scene.sentence.end)
    payer = found and (subject_of_clause(scene, figure.quantity) or scene.topic)
    if found is None or payer is None:
        return figure
    start, end = found.span("who")
    who = next((m for m in scene.mentions if m.start < end and start < m.end), None)
    if who:
        figure.evidence["actor"] = (who.start, who.end)
    place = figure.evidence.get("subject", (start, start))
    if who and place[0] < who.end and who.start < place[1]:
        figure.evidence.pop("subject", None)
    figure.evidence["measure"] = (found.start(), end)
    actor = who.name if who else figure.actor if figure.actor != payer else None
    if actor is None:
        figure.evidence.pop("actor", None)
    return figure._replace(measure="penalty", subject=payer, actor=actor, unresolved=None)


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


@cache
def gives() -> re.Pattern[str]:
    """A verb of paying or giving and what follows it up to the sum, commas and all."""
    return re.compile(rf"\b{verb_forms('paying verb', 'giving verb')}\b[^;.:]*$")


# "4,2 millions d'euros iront donc aux projets de CARE"
_GOES_TO = re.compile(
    r"\s(?:ira|iront|va|vont|reviendra|reviendront|sera\s(?:reversé|versé|destiné)|seront\s(?:reversés|versés|destinés))\s(?:donc\s|ainsi\s)?"
    r"(?:à\s(?:l[ea]\s|l')?|aux?\s)(?:[a-zà-ÿ-]+\s(?:de\s(?:la\s|l')?|du\s|des\s|d'))?"
)


def goes_to(scene: Scene, quantity: Quantity) -> Mention | None:
    """Who a sum is said to go to, as the subject of its sentence."""
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    return behind if behind and _GOES_TO.fullmatch(scene.flat, quantity.end, behind.start) else None


# "à l'ASF", "à la fondation Nordelec", "au médiatique Me Luc Bernard"
_PAID_TO = re.compile(
    r"[\"»”]?\s(?:à\s(?:l[ea]\s|l'|son\s|sa\s)?|aux?\s)(?:(?:fondation|association|ville|commune|(?:[a-zà-ÿ-]+\s)?(?:me|maître|avocate?|m\.|mme))\s)?"
)
_TO_A_TOWN = re.compile(
    r"\s(?:à\s(?:la\s|sa\s)|au\s)(?:ville|commune|municipalité|mairie|village|région|département)\sd(?:e\s|')"
)
# "pour la rénovation de la cathédrale Notre-Dame"
_GIVEN_FOR = re.compile(
    r"[\"»”]?\s(?:pour\s|au\sfonds\s[^,;.:()]{0,30}à\s)(?:la\s|l'|le\s)?(?:rénovation|reconstruction|restauration|construction|sauvegarde|soutien)\s"
    r"(?:de\s(?:la\s|l')?|du\s|des\s|d'|à\s(?:la\s|l')?)(?:[a-zà-ÿ-]+\s)?"
)
_DONATION = re.compile(r"\b(?:dons?|donations?|legs)\b[\"»”]?\s[^,;.:()]{0,30}$")


_HOW_MUCH = re.compile(
    r"\s(?:environ\s|quelque\s|(?:près|plus|moins)\sde\s|jusqu'à\s|une\sindemnité\sde\s|la\ssomme\sde\s)?"
)


def paid_to(scene: Scene, quantity: Quantity) -> Mention | None:
    """Who is paid a sum: `verser environ 200 millions de dollars à Nordelec`, `verser à Nordelec 200 millions`."""
    ahead = next((m for m in reversed(scene.mentions) if m.end <= quantity.start), None)
    if (
        ahead
        and ahead.kind not in ("media", "place")
        and _HOW_MUCH.fullmatch(scene.flat, ahead.end, quantity.start)
    ):
        to = _TO.search(scene.flat, scene.sentence.start, ahead.start)
        if to and gives().search(scene.flat, scene.sentence.start, to.start()):
            return ahead
    mention = next((m for m in scene.mentions if m.start >= quantity.end and m.kind != "media"), None)
    if mention is None:
        return None
    donated = _DONATION.search(scene.flat, scene.sentence.start, quantity.start)
    if donated and _GIVEN_FOR.fullmatch(scene.flat, quantity.end, mention.start):
        return mention
    towards = _TO_A_TOWN if mention.kind == "place" else _PAID_TO
    if not towards.fullmatch(scene.flat, quantity.end, mention.start):
        return None
    given = donated or gives().search(scene.flat, scene.sentence.start, quantity.start)
    return mention if given else None
