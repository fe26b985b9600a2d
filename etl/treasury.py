"""Treasury: public money, and what is counted of a whole economy, with the state that pays, saves and owes it."""

from __future__ import annotations

import re
from functools import cache

from etl.clause import OF, Figure, Scene, cue_words, is_nominative, of_words, subject_of_clause
from etl.cues import Hit
from etl.ellipsis import LARGE_SUM, size_of
from etl.lexicon import printed_words_of, verb_forms, words_of
from etl.nouns import subject_phrase
from etl.parties import STATE_OF_THE_PRESS, Mention, is_state_body
from etl.payments import is_public_payer, pays
from etl.quantities import Evidence, Quantity
from etl.roles import find_party
from etl.stance import Voice, tells


def of_politics(scene: Scene, figure: Figure) -> Figure:
    """What a politician would spend by the million as the state's: `elle veut consacrer 2 milliards à la sécurité`."""
    spends = figure.measure == "capex" and scene.kinds.get(figure.actor or "") == "person"
    if not spends or scene.state is None or size_of(figure.quantity) < LARGE_SUM:
        return figure
    figure.evidence.pop("subject", None)
    return figure._replace(measure="budget", subject=None, actor=scene.state)


def injected(scene: Scene, quantity: Quantity, hit: Hit, evidence: Evidence) -> Figure | None:
    """Public money that a state puts into what has no name: `Londres injecte 1,6 milliard dans ses transports`."""
    if hit.form.cue.measure != "deal_value" or hit.form.kind != "verb":
        return None
    payer = find_party(scene, hit, quantity, ("nsubj",), ())
    if payer is None or payer.place is None or scene.kinds.get(payer.name) != "state":
        return None
    if not _INTO.match(scene.flat, quantity.end, scene.sentence.end):
        return None
    evidence["measure"], evidence["actor"] = (hit.start, hit.end), payer.place
    return Figure(quantity, scene.sentence, evidence, "budget", None, payer.name, unresolved="no subject")


_INTO = re.compile(r"\sdans\s")


def announced(scene: Scene, figure: Figure, voice: Voice | None) -> Figure:
    """A sum that no cue tells as public money where the state announces it: `Manuel Valls a annoncé 3 milliards`."""
    quantity = figure.quantity
    if figure.measure != "other" or quantity.kind != "money" or "measure" in figure.evidence or voice is None:
        return figure
    teller = voice.mention
    if teller is None or not is_public_payer(scene, teller.name) or size_of(quantity) < LARGE_SUM:
        return figure
    said = _ANNOUNCES.search(scene.flat, scene.sentence.start, quantity.start)
    if said is None:
        return figure
    figure.evidence["measure"] = said.span("said")
    figure.evidence.pop("subject", None)
    return figure._replace(measure="budget", subject=None, actor=teller.name, unresolved="no subject")


_ANNOUNCES = re.compile(
    r"\b(?P<said>(?:annonc|promi|promet|confirm)\w*)\s(?:\w+\s){0,3}?[\"«“]?\s?"
    r"(?:(?:près|plus|moins)\sde\s|quelque\s|environ\s)?$"
)


def granted(scene: Scene, figure: Figure, voice: Voice | None) -> Figure:
    """Public money and gifts as paid by who says that he pays: `Le FMI annonce débloquer une aide de 3 millions`."""
    teller = voice.mention if voice else None
    if teller is None or is_state_body(teller.name):
        return figure  # the state's money, whichever ministry has it
    public = figure.measure == "budget" and teller.form == "name" and teller.kind in ("institution", "place")
    gift = figure.measure == "other" and figure.quantity.kind == "money" and figure.subject is None
    if not (public or gift):
        return figure
    if not _grants().match(scene.flat, teller.end, figure.quantity.start):
        return figure
    figure.evidence["actor"] = (teller.start, teller.end)
    if public:
        return figure._replace(actor=teller.name)
    return figure._replace(actor=teller.speaker, subject=teller.speaker, unresolved=None)


@cache
def _grants() -> re.Pattern[str]:
    says = r"\s(?:(?:a|vient\sd'|avait)\s?)?(?:annonc|indiqu|confirm|déclar|affirm|fait\ssavoir|assur|promis|promet)\w*"
    does = rf"(?:avoir\s(?:\w+\s)?)?{verb_forms('granting verb')}\b"
    return re.compile(rf"{says}\s(?:(?!que?\b|qu')[^\s,;:.()]+\s){{0,5}}?{does}[^;:.]*")


def collected(scene: Scene, figure: Figure) -> Figure:
    """What a tax or a measure brings the state as its public money: `elle rapporterait 3 milliards par an à l'État`."""
    if figure.quantity.kind != "money" or figure.measure not in ("other", "revenue", "budget"):
        return figure
    brings = _BRINGS.search(scene.flat, scene.sentence.start, figure.quantity.start)
    if brings is None or not (brings["treasury"] or _TO_TREASURY.match(scene.flat, figure.quantity.end)):
        return figure
    figure.evidence.pop("actor", None)
    state = scene.state or STATE_OF_THE_PRESS
    return figure._replace(measure="budget", subject=state, actor=None, unresolved=None)


_TREASURY = (
    r"\s(?:à\sl'état|aux\s(?:caisses|finances\spubliques|comptes\spublics)|au\s(?:trésor|fisc|budget))\b"
)
_BRINGS = re.compile(
    rf"\brapport(?:e|ent|er|era|eront|ait|aient|erait|eraient|é)\b(?P<treasury>{_TREASURY})?\s?[^,;:.]*$"
)
_TO_TREASURY = re.compile(rf"[^,;:.]{{0,30}}{_TREASURY}")


def of_the_economy(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """Growth, deficit, unemployment as the state's, whichever institution tells them."""
    kind = scene.kinds.get(figure.subject) if figure.subject else None
    words = scene.flat[hit.start : hit.end]
    place = figure.evidence.get("subject", (0, 0))
    nobody = figure.subject is None and scene.kinds.get(scene.main or "") != "company"
    social = figure.subject in printed_words_of("social insurance") and words == "déficit"
    if (
        figure.measure == "loss"
        and (social or kind == "state" or nobody)
        and words in words_of("macroeconomic")
    ):
        return figure._replace(measure="budget")  # a deficit of the state is public money
    if _is_forgone(scene, figure):
        payer = scene.state or STATE_OF_THE_PRESS
        return figure._replace(
            measure="budget",
            subject=figure.subject or payer,
            actor=figure.actor or payer,
            unresolved=None,
        )
    if place[0] >= hit.end and OF.fullmatch(scene.flat, hit.end, place[0]):
        return figure  # "le déficit de la Sécurité sociale"
    if place[1] and place[1] <= hit.start and _SHOWS.search(scene.flat, place[1], hit.start):
        return figure  # "l'Assurance maladie devrait afficher un déficit"
    tellers = (None, "institution") if words == "croissance" else (None, "institution", "")
    # As in "il verse un salaire minimum de".
    pays_it = figure.measure == "compensation" and "subject" in figure.evidence
    told = kind in tellers or (kind == "person" and not pays_it)
    told_last = scene.kinds.get(scene.last or "") == "state" and _OF_IT.match(
        scene.flat, scene.sentence.start
    )
    state = scene.last if told_last else scene.state
    if words not in words_of("macroeconomic") or state is None or not told:
        return figure
    return figure._replace(subject=state, actor=None, unresolved=None)


def _is_forgone(scene: Scene, figure: Figure) -> bool:
    """Whether a figure is what a tax brings or costs the state: `un manque à gagner de 3 milliards pour l'État`."""
    start = figure.quantity.start
    if figure.measure == "price" and _POLICY_COSTS.search(scene.flat, scene.sentence.start, start):
        firm = scene.kinds.get(scene.main or "") == "company" or any(
            m.kind == "company" for m in scene.mentions
        )
        return size_of(figure.quantity) >= LARGE_SUM and not firm
    if figure.measure not in ("price", "loss", "revenue", "other"):
        return False
    borne = _TO_STATE.match(scene.flat, figure.quantity.end, scene.sentence.end)
    if not borne and not _COSTS_STATE.search(scene.flat, scene.sentence.start, start):
        return False
    taxed = _TAX.search(scene.flat, scene.sentence.start, start) or size_of(figure.quantity) >= _OF_STATES
    return figure.measure == "loss" or (figure.measure in ("price", "revenue", "other") and bool(taxed))


_SHOWS = re.compile(r"\b(?:affich|accus|enregistr|subi|présent)\w*\s(?:[^,;:.]{0,30}\s)?(?:un|son)\s$")
_OF_STATES = 1_000_000_000  # no suit costs a state so much
_COSTS_STATE = re.compile(r"\bcoût\w+\s(?:[^,;.:]{0,25}\s)?à\sl'[ée]tat\s(?:\w+\s){0,2}$")
# "le gel des tarifs du gaz devrait coûter quatre milliards"
_POLICY_COSTS = re.compile(
    r"\b(?:mesures?|concessions?|réforme|gel|exonérations?|défiscalisation|allègements?|revalorisation|dispositif|ristourne"
    r"|remise|bouclier|suppression|chèque|prime)\b[^.;:]{0,100}\bcoût\w+[^.;:]{0,30}$"
)
_TAX = re.compile(r"\b(?:niches?|impôts?|taxes?|fisca\w+|exonérations?|cotisations?|prélèvements?)\b")
_TO_STATE = re.compile(
    r"\s(?:par\san\s)?(?:(?:à|pour)\s(?:l'état|les\sfinances\spubliques|les\scaisses\sde\sl'état)"
    r"|aux\sfinances\spubliques|aux?\scontribuables?"
    r"|de\smanque\sà\sgagner\s(?:d'impôts?|fiscal|de\s(?:tva|recettes\sfiscales)))\b"
)


_OF_IT = re.compile(r"\W*(?:elle|il|celle-ci|celui-ci)\s")  # what the sentence before tells goes on


def of_product(scene: Scene, figure: Figure) -> Figure:
    """The change of a gross domestic product as the state's, and no company's: `un PIB en baisse de 8 %`."""
    told = "subject" in figure.evidence or scene.kinds.get(figure.subject or "") in ("state", "place")
    if figure.measure != "change" or told:
        return figure
    begin = max(scene.sentence.start, figure.quantity.start - _NEAR)
    product = _PRODUCT.search(scene.flat, begin, figure.quantity.start)
    if product is None or (product["whose"] and figure.subject is None):
        return figure
    # whose "le PIB allemand" is, no name says
    state = None if product["whose"] else scene.state or STATE_OF_THE_PRESS
    return figure._replace(subject=state, actor=None, unresolved=None if state else "no subject")


_NEAR = 50  # characters from the product to the size of its change
_PRODUCT = re.compile(
    r"\b(?:le|du|un|au)\s(?:pib|produit\sintérieur\sbrut)(?P<whose>\s\w+(?:ain|and|ois|ais|ien|éen|nique|gnol|dial))?\b[^,;:]*$"
)


def with_state(scene: Scene, figure: Figure) -> Figure:
    """Public money with the state that pays it, or saves it: ministries, government and head of state act for it."""
    place = figure.evidence.get("measure", (0, 0))
    firm = scene.kinds.get(scene.main or "") == "company"
    party = figure.subject or figure.actor or (None if firm else scene.state)
    if is_saved(scene, figure) and party and scene.kinds.get(party) in ("state", "institution"):
        return figure._replace(measure="budget", direction="down", actor=party)
    if figure.measure != "budget":
        return figure
    if work := _of_work(scene, figure):
        return figure._replace(measure="capex", subject=work, actor=None, unresolved=None)
    if _EUROPEAN.match(scene.flat, place[1], scene.sentence.end) and figure.actor != _UNION:
        figure.evidence["actor"] = place
        subject = figure.subject or (figure.actor if scene.kinds.get(figure.actor or "") == "state" else None)
        return figure._replace(subject=subject, actor=_UNION)
    if cue_words(scene, figure) in words_of("tax") and (payer := _taxpayer(scene, figure.quantity)):
        figure.evidence["actor"] = (payer.start, payer.end)
        return figure._replace(subject=scene.state or STATE_OF_THE_PRESS, actor=payer.name, unresolved=None)
    tellers = (m for m in scene.mentions if m.name == figure.actor and m.kind == "institution")
    private = scene.kinds.get(figure.actor or "") in ("person", "media")
    by_state = figure.actor is None or private or is_state_body(figure.actor)
    by_state = by_state or any(tells(scene.flat, m) for m in tellers)
    return figure._replace(actor=scene.state) if by_state else figure


def _of_work(scene: Scene, figure: Figure) -> str | None:
    """The film or the like whose budget a sum is, and no state's: `« Titanic », dont le budget est de 200 millions`."""
    if not cue_words(scene, figure).startswith("budget"):
        return None
    if figure.subject and figure.subject.split(" ")[0] in words_of("work"):
        return figure.subject
    start, end = figure.evidence.get("actor", (0, 0))
    quoted = (
        start > 0
        and scene.text[start - 1] in '"“«\u00a0 '
        and scene.text[end : end + 2].strip()[:1] in ('"', "”", "»")
    )
    return (
        figure.actor if quoted and scene.kinds.get(figure.actor or "") in ("", "product", "person") else None
    )


# "L'État a garanti un prêt de 5 milliards", "un prêt de 5 milliards garanti par l'État", "des prêts de l'État"
_LENDS = re.compile(
    r"(?:,\s(?:qui|dont)\s[^,;:.]{0,80},)?[^,;:.]{0,40}\b(?:garant|accord|octr|consent|valid|sign|prêt|offert|offre)\w*\s"
    r"[^,;:.]{0,40}\bprêts?\b[^;:.]*"
)
_LENT_BY = re.compile(
    r"(?:\s(?:de\sprêts?\s)?(?:garanti|accordé|octroyé|consenti)e?s?\spar|\sde\sprêts?\sde)\s(?:la\s|le\s|l')?"
)
_LENT_TO = re.compile(r"\s(?:à|au|aux)\s(?:la\s|le\s|l')?(?:[a-zà-ÿ'-]+\s){0,3}?")


def with_lender(scene: Scene, figure: Figure) -> Figure:
    """A loan as the borrower's, with who gives or guarantees it; a state's is public money."""
    if figure.measure != "debt" or "prêt" not in cue_words(scene, figure):
        return figure
    end, others = figure.quantity.end, [m for m in scene.mentions if m.kind in ("company", "")]
    to = next((m for m in others if m.start >= end and _LENT_TO.fullmatch(scene.flat, end, m.start)), None)
    lender = _lender(scene, figure.quantity, private=to is not None)
    if lender is None:
        return figure
    named = (to.name if to else None, figure.subject, subject_of_clause(scene, figure.quantity), scene.topic)
    fit = (name for name in named if name and name != lender.name)
    borrower = next((name for name in fit if scene.kinds.get(name) in ("company", "")), None)
    figure.evidence["actor"] = (lender.start, lender.end)
    if to:
        figure.evidence["subject"] = (to.start, to.end)
    elif borrower != figure.subject:
        figure.evidence.pop("subject", None)
    measure, unresolved = "budget" if lender.kind == "state" else "debt", None if borrower else "no subject"
    return figure._replace(measure=measure, subject=borrower, actor=lender.name, unresolved=unresolved)


def _lender(scene: Scene, quantity: Quantity, *, private: bool) -> Mention | None:
    """The state that gives or guarantees a loan, or a company that gives one to somebody named."""
    for mention in scene.mentions:
        if mention.kind != "state" and not (private and mention.kind == "company"):
            continue
        if mention.end <= quantity.start:
            lends = _LENDS.fullmatch(scene.flat, mention.end, quantity.start)
            if lends and is_nominative(scene.flat, scene.sentence.start, mention):
                return mention
        elif _LENT_BY.fullmatch(scene.flat, quantity.end, mention.start):
            return mention
    return None


def is_saved(scene: Scene, figure: Figure) -> bool:
    """Whether a figure is what somebody saves: `un plan d'économies de 2 milliards`."""
    return figure.measure == "other" and "économie" in cue_words(scene, figure)


_UNION = "Union européenne"
_EUROPEAN = re.compile(r"\s(?:\w+\s)?europée(?:n|ns|nne|nnes)\b")  # "le plan de relance européen"


def _taxpayer(scene: Scene, quantity: Quantity) -> Mention | None:
    """The company that pays a tax: `Netflix avait versé 900 000 euros d'impôts`."""
    paid = pays().search(scene.flat, scene.sentence.start, quantity.start)
    payers = (m for m in scene.mentions if m.kind in ("company", "product"))
    return next((m for m in payers if paid and _HAS.fullmatch(scene.flat, m.end, paid.start())), None)


_HAS = re.compile(r"\s(?:(?:a|ont|avait|avaient|aura|aurait|n'a|a\s\w+)\s)?")


# "Sanofi reçoit 110 millions de crédit d'impôt", "Conforama attend toujours un prêt de 320 millions"
_RECEIVES = re.compile(
    r"\s(?:qui\s)?(?:a\s|avait\s|va\s|doit\s|devrait\s|pourra\s|pourrait\s|espère\s|espérait\s)?"
    r"(?:re[çc]oi|reçu|recev|touch|perç|percev|obten|obtien|obtin|bénéfici|attend|sollicit|demand|réclam|récupér)[a-zà-ÿ]*"
    r"\b[^;:.]*"
)


def with_helped(scene: Scene, figure: Figure) -> Figure:
    """Public money as that of the company or body that is said to receive or to ask for it; the state pays."""
    if figure.measure != "budget":
        return figure
    for mention in scene.mentions:
        if mention.end > figure.quantity.start or mention.kind in ("place", "media", "person"):
            continue
        gets = _RECEIVES.fullmatch(scene.flat, mention.end, figure.quantity.start)
        if gets and is_nominative(scene.flat, scene.sentence.start, mention, subordinate=True):
            figure.evidence["subject"] = (mention.start, mention.end)
            if figure.actor == mention.name:
                figure.evidence.pop("actor", None)
            payer = scene.state if figure.actor in (None, mention.name) else figure.actor
            payer = payer if payer != mention.name else None  # a state that is helped
            return figure._replace(subject=mention.name, actor=payer, unresolved=None)
    helped = subject_phrase(scene.flat, scene.sentence.start, figure.quantity.start)
    if figure.subject or helped is None or scene.text[helped.start].isupper():
        return figure
    if _RECEIVES.fullmatch(scene.flat, helped.end, figure.quantity.start):
        return of_words(scene, figure, helped.start, helped.end)
    return figure
