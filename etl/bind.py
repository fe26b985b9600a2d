"""Binding: what each quantity measures, whose it is, who pays, when, how sure, who says so, or why we cannot tell.

A figure is bound in its sentence, with what the text has said before. It goes on from the figure before it
(`etl.ellipsis`), or the cues of the words compete for it (`etl.measures`); the places of its parties are looked up
among the entities of the clause (`etl.clause`), and descriptions and pronouns take the entity that the text is
about (`etl.discourse`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

from etl.circumstances import credited, part_of_year, with_circumstances
from etl.clause import Deal, Figure, Scene, also_bought, apposed, is_nominative, meant_for, subject_of_clause
from etl.cues import Hit, find_cues
from etl.dates import find_dates
from etl.discourse import (
    ACCOUNTS,
    company_of,
    deal_after,
    headed_by,
    main_entity,
    main_place,
    person_before,
    resolve,
    theme_after,
    topic_after,
)
from etl.ellipsis import LARGE_SUM, gone_on_from, of_same_deal, of_sentence, size_of
from etl.lexicon import (
    Entity,
    Phrases,
    alternation,
    find_phrases,
    folded_text,
    lexicon,
    phrases_of,
    verb_forms,
    words_of,
)
from etl.measures import measured
from etl.nouns import complement_of, matter_of, matter_of_heading, subject_phrase
from etl.parties import Cast, Mention
from etl.quantities import Quantity
from etl.segments import Sentence
from etl.stance import (
    LONGEST_QUOTATION,
    Voice,
    acts,
    find_marks,
    find_quotations,
    find_voices,
    tells,
)


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
    flat = folded_text(text)
    cast = _outside_figures(text, cast, quantities)
    topic = section = main = main_entity(cast, sentences, flat)
    sentences = _to_the_last_figure(sentences, quantities)
    end = sentences[-1].end if sentences else 0
    hits = find_cues(flat, end)
    quotations = find_quotations(text, flat, list(cast.mentions), end)
    places, cued, spoken = ([each.start for each in found] for found in (quantities, hits, quotations))
    figures: list[Figure] = []  # money and percentages, which go on from each other and not from counts
    counted: list[Figure] = []
    deal: Deal = (None, None)
    kinds = {mention.name: mention.kind for mention in cast.mentions if mention.name}
    theme = headed = None
    of_text = cache(partial(_matter, text, flat, sentences, cast))
    matter: Callable[[], str | None] = of_text
    lead, listed = topic, None  # what the list is about, and the paragraph of its last item
    zone, today, last, home = "", published, None, main_place(cast, sentences)
    for sentence in sentences:
        today = _today(text, sentence) or today
        if zone != sentence.zone and {zone, sentence.zone} & {"comment", "boilerplate"}:
            topic = main if sentence.zone == "body" else None
        zone = sentence.zone
        if zone == "title":
            headed = part_of_year(text, flat, sentence, today)
        if zone == "comment":
            topic = None
        elif _ITEM.match(flat, sentence.start):
            # The items of a list are about one thing each: "- Les salariés de La Poste recevront 300 euros"
            if listed is None or sentence.paragraph > listed + 1:
                lead = main or topic
            listed = sentence.paragraph
            items = cast.between(sentence.start, sentence.end)
            topic, theme = next((m.name for m in items if m.kind == "company" and m.name), lead), None
        here = quantities[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]
        named = resolve(cast, flat, sentence, topic, deal, main, last)
        mentions = [replace(m, kind="company") if m.kind == "media" and acts(flat, m) else m for m in named]
        cues = _outside_names(
            hits[bisect_left(cued, sentence.start) : bisect_left(cued, sentence.end)], mentions
        )
        if here:
            first = bisect_left(spoken, sentence.start - LONGEST_QUOTATION)
            earlier = [m for m in cast.between(sentence.start - LONGEST_QUOTATION, sentence.start) if m.name]
            quoted = quotations[first : bisect_left(spoken, sentence.end)]
            scene = Scene(
                text, flat, sentence, mentions, cues,
                find_dates(text, sentence.start, sentence.end, today),
                find_marks(text, flat, sentence.start, sentence.end),
                [*find_voices(text, flat, (sentence.start, sentence.end), [*earlier, *mentions]), *quoted],
                [q for q in here if q.kind in _OF_FINANCE], topic, deal, cast.state, theme, main,
                _last_subject(figures, sentence), kinds,
                matter, headed, partial(person_before, cast, flat), home,
            )  # fmt: skip
            _bind_each(scene, here, figures, counted, today)
        if zone == "boilerplate":
            continue
        deal = (here and _told_deal(figures, sentence, kinds)) or deal_after(
            flat, sentence, mentions, cues, deal
        )
        theme = theme_after(flat, sentence, cues) or theme
        section = (headed_by(flat, sentence, named) or main) if zone == "title" else section
        topic = topic_after(flat, sentence, named, topic, section, cast)
        matter = _matter_below(text, flat, sentence, of_text) or matter
        last = company_of(flat, sentence, mentions)
    return sorted([*_echoed(figures), *counted], key=lambda figure: figure.quantity.start)


def _to_the_last_figure(sentences: list[Sentence], quantities: list[Quantity]) -> list[Sentence]:
    """The sentences without those behind the last figure: they say nothing more of any."""
    last = quantities[-1].start if quantities else -1
    return sentences[: bisect_right(sentences, last, key=lambda sentence: sentence.start)]


def _today(text: str, sentence: Sentence) -> str | None:
    """The date that a comment carries: `Le 03/07/2025 à 8:02`."""
    dated = _COMMENTED.search(text, sentence.start, sentence.end) if sentence.zone == "comment" else None
    return f"{dated[3]}-{dated[2]}-{dated[1]}" if dated else None


_COMMENTED = re.compile(r"\b[Ll]e (\d\d)/(\d\d)/(20\d\d)\b")


def _matter_below(
    text: str, flat: str, sentence: Sentence, of_text: Callable[[], str | None]
) -> Callable[[], str | None] | None:
    """What the lines below a heading are about: its own common noun, else the text's; `None` where none stands here.

    A heading is a line of its own inside the text, or what follows the last bullet of a sentence.
    """
    start = text.rfind("•", sentence.start, sentence.end) + 1
    if sentence.zone == "title" and sentence.start > 0:
        start = sentence.start
    if not start or sentence.end - start > _LONGEST_HEADING:
        return None
    own = matter_of_heading(text, flat, start, sentence.end)
    return (lambda: own) if own else of_text


_LONGEST_HEADING = 90  # characters


def _bind_each(
    scene: Scene, here: list[Quantity], figures: list[Figure], counted: list[Figure], today: str | None
) -> None:
    """The quantities of a sentence, each added to `figures` where it is money or a percentage, else to `counted`."""
    for quantity in scene.quantities:
        figures.append(_bind_one(scene, quantity, figures, today))
        if (last := _last_subject(figures, scene.sentence)) != scene.last:
            scene = replace(scene, last=last)
    if len(scene.quantities) < len(here):
        scene = replace(scene, quantities=here)
    for quantity in here:
        if quantity.kind not in _OF_FINANCE:
            counted.append(_bind_one(scene, quantity, counted, today))


_ITEM = re.compile(r"[•●▪◦]|[-–—*]\s|\d{1,2}\s?h\s?\d\d\b")


def _outside_figures(text: str, cast: Cast, quantities: list[Quantity]) -> Cast:
    """The cast without parts of figures: `Meta acquiert Manus 2B$` names Manus, `3 dollars de Taïwan` nobody."""
    if not any(cast.overlapping(quantity.start, quantity.end) for quantity in quantities):
        return cast
    starts = [quantity.start for quantity in quantities]
    cut: dict[str, str] = {}
    kept: list[Mention] = []
    for mention in cast.mentions:
        place = bisect_left(starts, mention.end) - 1
        figure = quantities[place] if place >= 0 else None
        if figure is None or figure.end <= mention.start or mention.form != "name":
            kept.append(mention)
        elif mention.start < figure.start:
            end = mention.start + len(text[mention.start : figure.start].rstrip())
            cut[mention.name] = text[mention.start : end]
            kept.append(replace(mention, end=end, name=cut[mention.name]))
    if len(kept) == len(cast.mentions) and not cut:
        return cast
    # Short forms have taken the longer name, figure and all: "Manus" is "Manus 2B" no more.
    mentions = [replace(m, name=cut[m.name]) if m.name in cut else m for m in kept]
    return replace(cast, mentions=tuple(mentions), counts=Counter(m.name for m in mentions if m.name))


def _matter(text: str, flat: str, sentences: list[Sentence], cast: Cast) -> str | None:
    """The common noun that a text is about, told by its first two sentences."""
    first = [(s.start, s.end) for s in sentences[:2]]
    return matter_of(text, flat, first[0], first[-1], max(cast.counts.values(), default=0)) if first else None


def _outside_names(hits: list[Hit], mentions: list[Mention]) -> list[Hit]:
    """The cues that are no part of a name: `Caisse d'épargne` saves nothing, `Action Logement` is no share."""
    names = [(m.start, m.end) for m in mentions if m.form == "name"] if hits else []
    return [hit for hit in hits if not any(start <= hit.start and hit.end <= end for start, end in names)]


_OF_FINANCE = ("money", "percent")


def _told_deal(figures: list[Figure], sentence: Sentence, kinds: Mapping[str, str]) -> Deal | None:
    """Actor and target of the first deal that a figure of the sentence tells."""
    told = [f for f in of_sentence(figures, sentence) if f.measure in ("deal_value", "stake")]
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


def _bind_one(scene: Scene, quantity: Quantity, before: list[Figure], published: str | None) -> Figure:
    evidence = dict(quantity.evidence)
    gone_on = gone_on_from(scene, quantity, evidence, before)
    figure, like = gone_on or (measured(scene, quantity, evidence, before), None)
    if gone_on and figure.measure == "deal_value" and (also := also_bought(scene, quantity)):
        evidence["subject"] = also.place or evidence["subject"]
        figure = replace(figure, subject=also.name, actor=before[-1].actor)
    figure = of_same_deal(scene, figure, before)
    voice = credited(scene, quantity)
    figure = _of_nobody_implied(scene, _of_country(scene, _not_of_teller(scene, figure, voice), voice))
    figure = _of_main(scene, _with_holder(scene, figure))
    figure = _to_its_people(scene, _saved(scene, figure))
    figure = _as_before(scene, _held(scene, _received(scene, _of_person(scene, figure))), before)
    himself = figure.measure == "compensation" and figure.actor == figure.subject
    if himself and any(m.person == figure.actor for m in scene.mentions):
        evidence.pop("actor", None)
        figure = replace(figure, actor=None)  # a head who is himself paid
    if apposition := apposed(scene, quantity):
        own = figure.actor is not None and figure.actor == figure.subject  # who spends his own
        actor = apposition if own else figure.actor
        figure = replace(figure, subject=apposition, actor=actor, unresolved=None)
    elif figure.measure in _EACH_HAS and (whose := meant_for(scene, quantity)):
        evidence["subject"] = (whose.start, whose.end)
        figure = replace(figure, subject=whose.speaker, unresolved=None)
    figure = _of_rated(scene, _of_place(scene, _of_population(scene, figure)))
    return with_circumstances(scene, figure, like, voice, before, published)


_EACH_HAS = ("price", "change", "rate", "market_share", "compensation", "headcount", "users")


_OF_ANYBODY = ("market_share", "rate", "change", "price", "other", "budget", "headcount", "users")
_NOT_MEANT = ("institution", "person", "media", "")


def _of_country(scene: Scene, figure: Figure, voice: Voice | None) -> Figure:
    """A figure that no word gives to anybody, as the country's where the text is about no company.

    Who says it is not whose it is: `Philippe Etchebest estime que 40 % des restaurants fermeront`.
    """
    says = voice.mention if voice else None
    here = any(
        mention.name == figure.subject and (says is None or mention.name != says.name)
        for mention in scene.mentions
    )
    implied = "subject" not in figure.evidence and figure.subject is not None and not here
    if figure.measure not in _OF_ANYBODY:
        return figure
    if figure.subject and figure.subject not in scene.kinds and "subject" in figure.evidence:
        states = set(_of_peoples(scene, *figure.evidence["subject"]))
        return replace(figure, subject=states.pop()) if len(states) == 1 else figure
    if "subject" not in figure.evidence and scene.kinds.get(figure.subject or "") == "state":
        where = _located(scene, figure.quantity)
        return replace(figure, subject=where) if where else figure
    meant = figure.subject == scene.main and scene.kinds.get(figure.subject or "") in ("institution", "")
    if implied and not meant and scene.kinds.get(figure.subject or "") in _NOT_MEANT:
        return replace(figure, subject=_located(scene, figure.quantity) or scene.home)
    return figure


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
        return replace(figure, subject=scene.home, unresolved=None) if of_all and scene.home else figure
    kind = scene.kinds.get(figure.subject)
    here = any(m.name == figure.subject and m.kind != "state" for m in scene.mentions)
    given = here or "subject" in figure.evidence or kind in ("company", "product")
    given |= figure.subject == scene.main and kind == "" and figure.measure in ("price", "funding")
    given = given or (figure.subject == scene.matter() and figure.subject not in words_of("person noun"))
    if not given and kind == "person" and figure.measure in _OF_BUSINESS:
        return replace(figure, subject=None, unresolved="no subject")
    if given or figure.measure not in _OF_THEIR_OWNER:
        return figure
    if kind == "state" and (large or _located(scene, figure.quantity)):
        return (
            figure  # "En Équateur, le salaire minimum est de 400 dollars", "la mesure coûtera 20 milliards"
        )
    if large and scene.state:
        return replace(figure, subject=scene.state)
    return replace(figure, subject=None, unresolved="no subject")


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
    return replace(figure, subject=last.subject, unresolved=None)


_SHARE = re.compile(r"\b(?:action|titre)s?\b")
_ALWAYS_OWNED = ("debt", "revenue", "earnings", "valuation", "stake")


def _of_main(scene: Scene, figure: Figure) -> Figure:
    """An account, a stake or the price of a share that nobody is named for, as that of whom the text is about."""
    words = scene.flat[slice(*figure.evidence.get("measure", (0, 0)))]
    share = figure.measure == "price" and "action" in words
    of_state = figure.subject == scene.state or scene.kinds.get(figure.subject or "") == "state"
    lent = figure.measure == "debt" and of_state and "prêt" in words  # what a state lends or guarantees
    if (figure.subject and not lent) or not scene.main or not (share or figure.measure in _ALWAYS_OWNED):
        return figure
    owns = scene.kinds.get(scene.main) in (("company",) if share else ("company", "institution"))
    other = figure.actor != scene.main or figure.measure != "stake"
    return replace(figure, subject=scene.main, unresolved=None) if owns and other else figure


_ITS_PEOPLE = re.compile(
    r"[\"»”]?\s(?:\w+\s){0,3}?(?:à|aux?)\s(?:\w+\s){0,3}?(?:[\d.]+\s)?(?:salari|employé|collaborat|ouvri|vendeu|agents)"
)


def _to_its_people(scene: Scene, figure: Figure) -> Figure:
    """What a company pays to its people as its own: `Orange versera 1.000 euros à ses salariés en France`."""
    if figure.measure != "compensation" or scene.kinds.get(figure.actor or "") != "company":
        return figure
    named = scene.kinds.get(figure.subject or "") in ("state", "company", "institution", "")
    pays = named and _ITS_PEOPLE.match(scene.flat, figure.quantity.end, scene.sentence.end)
    return replace(figure, subject=figure.actor, unresolved=None) if pays else figure


def _saved(scene: Scene, figure: Figure) -> Figure:
    """What a company saves as its own: `Renault a annoncé un plan d'économies de 2 milliards`."""
    words = scene.flat[slice(*figure.evidence.get("measure", (0, 0)))]
    if (
        figure.measure != "other"
        or "économie" not in words
        or scene.kinds.get(figure.actor or "") != "company"
    ):
        return figure
    return replace(figure, subject=figure.actor, unresolved=None)


# "détenue à 51 % par un autre groupe belge, IPM, et à 49 % par Fininco": each part has its holder
_HELD_BY = re.compile(
    r"\s(?:d[ue]s?\s(?:capital|parts|actions|titres)\s)?(?:par|aux mains d[eu]s?)\s"
    r"(?:(?:le|la|une?)\s[^,;:.()\d]{0,40},\s|(?:l[ea]s?\s|l')(?:[\w'-]+\s){0,3})?"
)


def _with_holder(scene: Scene, figure: Figure) -> Figure:
    """A stake with the holder that stands right behind it."""
    behind = next((m for m in scene.mentions if m.start >= figure.quantity.end and m.kind != "media"), None)
    if figure.measure != "stake" or behind is None or behind.name in (figure.subject, figure.actor):
        return figure
    if not _HELD_BY.fullmatch(scene.flat, figure.quantity.end, behind.start):
        return figure
    figure.evidence["actor"] = (behind.start, behind.end)
    held = figure.subject or subject_of_clause(scene, figure.quantity)
    return replace(figure, subject=held, actor=behind.name, unresolved=None if held else figure.unresolved)


_HOLDERS = ("institution", "state", "person")


def _held(scene: Scene, figure: Figure) -> Figure:
    """A stake as one in a company: no state, body or person is held, and a target is no holder of itself."""
    if figure.measure != "stake" or figure.actor is None:
        return figure
    holder, kind = figure.subject, scene.kinds.get(figure.subject or "")
    if holder is None and figure.actor == scene.deal[1]:
        return replace(figure, subject=figure.actor, actor=scene.deal[0], unresolved=None)
    if kind in _HOLDERS and scene.kinds.get(figure.actor) == "company":
        return replace(figure, subject=figure.actor, actor=holder if kind == "state" else None)
    return figure


# "Sanofi reçoit 110 millions de crédit d'impôt", "Conforama attend toujours un prêt de 320 millions"
_RECEIVES = re.compile(
    r"\s(?:qui\s)?(?:a\s|avait\s|va\s|doit\s|devrait\s|pourra\s|pourrait\s|espère\s|espérait\s)?"
    r"(?:re[çc]oi|reçu|recev|touch|perç|percev|obten|obtien|obtin|bénéfici|attend|sollicit|demand|réclam|récupér)[a-zà-ÿ]*\b[^;:.]*"
)


def _received(scene: Scene, figure: Figure) -> Figure:
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
            return replace(figure, subject=mention.name, actor=payer, unresolved=None)
    helped = subject_phrase(scene.flat, scene.sentence.start, figure.quantity.start)
    if figure.subject or helped is None or scene.text[helped.start].isupper():
        return figure
    if _RECEIVES.fullmatch(scene.flat, helped.end, figure.quantity.start):
        figure.evidence["subject"] = (helped.start, helped.end)
        return replace(figure, subject=scene.text[helped.start : helped.end], unresolved=None)
    return figure


_OF_A_PERSON = ("compensation", "assets")
_HIS = re.compile(
    r"\b(?:son|sa)\s(?:\w+\s){0,2}?(?:salaires?|rémunération|fortune|traitement|indemnité|pension|paie|cachet|patrimoine|bonus|prime)\b"
    r"|\bses\s(?:\w+\s)?(?:indemnités|émoluments|honoraires|cachets|gains)\b"
)
_HE = re.compile(
    r"\b(?:il|elle|lui)\s(?!(?:n'|s')?(?:y|est|faut|agi\w*|reste)\b)(?![^,;:.]*\b(?:que|qui|qu'|et|mais|où)\b)[^;:.]*$"
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
    quantity, place = figure.quantity, figure.evidence.get("subject", (-1, -1))
    holder = next((m for m in scene.mentions if (m.start, m.end) == place), None)
    if figure.measure not in _OF_A_PERSON or (holder and (holder.kind == "person" or holder.person)):
        return figure
    owned = (m for m in scene.mentions if m.name == figure.subject and m.end < quantity.start)
    if any(_HIS_HEAD.search(scene.flat, scene.sentence.start, m.start) for m in owned):
        head = scene.person(scene.sentence.end)  # "le fondateur de Facebook a une fortune de …"
        return replace(figure, subject=head, unresolved=None if head else "no subject")
    start = max(scene.sentence.start, quantity.start - _CLAUSE)
    his = _HIS.search(scene.flat, start, min(scene.sentence.end, quantity.end + _CLAUSE))
    he = his or _HE.search(scene.flat, start, quantity.start)
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
    return replace(figure, subject=name, actor=pays if pays != name else None, unresolved=None)


_HIS_HEAD = re.compile(
    r"\b(?:fondat(?:eur|rice)|cofondat(?:eur|rice)|patronn?e?|pdg|présidente?|dirigeante?|direct(?:eur|rice)\s(?:\w+\s)?|créat(?:eur|rice))"
    r"\s?(?:de\s(?:la\s|l')?|d'|du\s)$"
)
_CLAUSE = 120  # characters on each side


_OF_TELLERS = (
    "revenue",
    "earnings",
    "assets",
    "debt",
    "valuation",
    "funding",
    "deal_value",
    "stake",
    "headcount",
    "users",
)


def _not_of_teller(scene: Scene, figure: Figure, voice: Voice | None) -> Figure:
    """What an institution, a person or a newspaper says of prices, pay or the economy as none of its own."""
    teller = voice.mention if voice else None
    if (
        teller is None
        or teller.name == scene.main
        or teller.kind not in ("institution", "person", "media")
        or figure.measure in _OF_TELLERS
    ):
        return figure
    if figure.actor in (teller.name, teller.speaker) and scene.kinds.get(figure.actor) != "state":
        figure.evidence.pop("actor", None)
        figure = replace(figure, actor=scene.state if figure.measure == "budget" else None)
    if figure.subject not in (teller.name, teller.speaker):
        return figure
    figure.evidence.pop("subject", None)
    return replace(figure, subject=None, unresolved="no subject")


# The people of whom a share is told: "84 % des Français" and "63 % des enfants américains".
_POPULATION = re.compile(r"[\s»”\"]{1,3}(?:des|de\sla|de|d'|du)\s?(?P<who>[\w-]+)(?:\s(?P<which>[\w-]+))?")


def _of_population(scene: Scene, figure: Figure) -> Figure:
    """A share of a people as that people's state; one of people whom no word of the sentence gives to anybody, of none.

    A company that is only remembered has no part in `63 % des enfants étaient vaccinés`.
    """
    match = _POPULATION.match(scene.flat, figure.quantity.end, scene.sentence.end)
    if figure.measure != "market_share" or figure.quantity.unit != "percent" or match is None:
        return figure
    people = match["who"] in words_of("person noun") | words_of("collective noun") | {"population"}
    name = "who" if scene.text[match.start("who")].isupper() else "which"
    if (name == "who" or people) and (states := _peoples()[0].payloads.get(match[name] or "")):
        figure.evidence["subject"] = match.span(name)
        return replace(figure, subject=states[0], unresolved=None)
    if figure.subject is None and (
        whole := complement_of(scene.flat, figure.quantity.end, scene.sentence.end)
    ):
        end = _OF_THE_SAME.match(scene.flat, whole.end, scene.sentence.end)
        place = (whole.start, end.end() if end else whole.end)
        if scene.text[whole.start].islower() and whole.head not in words_of("vote") | words_of("anybody"):
            figure.evidence["subject"] = place
            return replace(figure, subject=scene.text[slice(*place)], unresolved=None)
    here = any(mention.name == figure.subject for mention in scene.mentions)
    remembered = figure.subject is not None and "subject" not in figure.evidence and not here
    if (
        people
        and remembered
        and scene.kinds.get(figure.subject or "") in ("company", "person", "product", "")
    ):
        where = _located(scene, figure.quantity) or scene.home
        return replace(figure, subject=where, unresolved=None if where else "no subject")
    return figure


_OF_THE_SAME = re.compile(r"\sdes\s[a-zà-ÿ-]{4,}")  # "70 % des professeurs des écoles"


@cache
def _rating() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words_of('rating') | words_of('vote'))}\b")


_RATED = ("market_share", "other", "rate", "change")


def _of_rated(scene: Scene, figure: Figure) -> Figure:
    """A rating, or a change of one, as that of the person rated: `la cote d'Édouard Philippe grimpe de 8 points`.

    He is named before the figure in its sentence, else behind it, or spoken of before it; a head is himself here.
    """
    quantity, sentence = figure.quantity, scene.sentence
    if quantity.unit not in ("percent", "percentage_point") or figure.measure not in _RATED:
        return figure
    here = _rating().search(scene.flat, sentence.start, sentence.end)
    near = here or _rating().search(scene.flat, max(0, sentence.start - _RATED_BEFORE), sentence.start)
    people = [m for m in scene.mentions if (m.kind == "person" or m.person) and not tells(scene.flat, m)]
    before = [m for m in people if m.end <= quantity.start]
    kind = scene.kinds.get(figure.subject or "", "person")  # a head goes by the name of what he heads
    if _TURNOUT.search(scene.flat, sentence.start, quantity.start) or not near:
        return figure
    noun = figure.subject is not None and figure.subject not in scene.kinds and figure.subject[0].islower()
    if noun or kind not in ("state", "person", "institution"):
        return figure
    since = before[-1].end if before else sentence.start
    named = (m for m in scene.mentions if m.name == figure.subject and m.form == "name" and m.kind != "state")
    said = "subject" in figure.evidence and any(m.speaker == figure.subject for m in people)
    if said or any(m.kind != "person" or m.start >= since for m in named):
        return figure
    if _GLOSSES_PEOPLE.search(scene.flat, sentence.start, quantity.start):
        return replace(figure, subject=scene.state) if scene.state else figure
    behind = next((m for m in people if m.start >= quantity.end), None)
    if behind and _FOR_HIM.fullmatch(scene.flat, quantity.end, behind.start):
        rated: str | None = behind.speaker
    elif before:
        rated = before[-1].speaker
    elif not here:
        return figure
    else:
        rated = behind.speaker if behind else scene.person(sentence.start)
    return replace(figure, subject=rated, unresolved=None) if rated else figure


_TURNOUT = re.compile(r"\b(?:participation|abstention)\b")
_FOR_HIM = re.compile(r"\s(?:pour|à)\s")  # "contre 32 % pour Emmanuel Macron"
_GLOSSES_PEOPLE = re.compile(
    r"\b(?:français|françaises|sondés|interrogées|interrogés|électeurs)\b[^().;:]{0,80}\($"
)
_RATED_BEFORE = 250  # characters back to the rating that a sentence goes on about


# "70 % dans l'Allier, 78 % en Charente": what is told of each place
_THERE = re.compile(
    r"\s(?:dans\s(?:l['’]|l[ea]s?\s)|en\s|à\s(?:la\s|l['’])?|aux?\s|pour\s(?:l['’]|l[ea]s?\s))"
    r"(?P<place>[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+(?:(?:-(?:\w+['’])?|['’]|\s(?=[A-ZÀ-ÖØ-Þ]))[A-ZÀ-ÖØ-Þa-z][a-zà-ÿ]+)*)(?!\w)"
)
_OF_PLACES = ("market_share", "rate", "change", "price", "other")


def _of_place(scene: Scene, figure: Figure) -> Figure:
    """A figure that no word gives to anybody, or to the country alone, as that of the place that stands behind it."""
    quantity = figure.quantity
    there = _THERE.match(scene.text, quantity.end, scene.sentence.end)
    if there is None or figure.measure not in _OF_PLACES:
        return figure
    named = next((m for m in scene.mentions if m.start <= there.start("place") < m.end), None)
    if named and named.kind not in ("", "place", "state"):
        return figure
    of_country = "subject" not in figure.evidence and scene.kinds.get(figure.subject or "") == "state"
    if figure.subject is None or of_country or _is_of_another_place(scene, figure):
        figure.evidence["subject"] = there.span("place")
        return replace(figure, subject=named.name if named else there["place"], unresolved=None)
    return figure


def _is_of_another_place(scene: Scene, figure: Figure) -> bool:
    """Whether the subject of a figure is the place that stands behind the figure before it."""
    named = ((m.start, m.end) for m in scene.mentions if m.name == figure.subject)
    start, _ = figure.evidence.get("subject") or next(named, (0, 0))
    return start < figure.quantity.start and bool(
        _BEHIND_FIGURE.search(scene.text, max(0, start - 20), start)
    )


_BEHIND_FIGURE = re.compile(r"(?:%|\d|euros?|dollars?)\s(?:dans|en|à|aux?|pour)\s(?:l['’]|l[ea]s?\s)?$")


# Where a state is a place: "l'inflation a atteint 3 % en Espagne".
_IN = re.compile(r"\b(?:en|au|aux)\s$")


def _located(scene: Scene, quantity: Quantity) -> str | None:
    """The state where the text places a figure: the one behind it, else the only one that its sentence places."""
    placed = [
        m
        for m in scene.mentions
        if m.kind == "state" and m.form == "name" and _IN.search(scene.flat, max(0, m.start - 4), m.start)
    ]
    behind = [m for m in placed if m.start > quantity.start]
    following = next((q.start for q in scene.quantities if q.start > quantity.start), scene.sentence.end)
    if behind and behind[0].start < min(quantity.end + 30, following):
        return behind[0].name
    names = {m.name for m in placed} or set(_of_peoples(scene, scene.sentence.start, scene.sentence.end))
    return names.pop() if len(names) == 1 else None


@cache
def _peoples() -> tuple[Phrases[str], re.Pattern[str]]:
    """What states' peoples and things are called, and what is said of a country by such a word."""
    pairs = [(word, state.name) for state in lexicon().of(Entity) for word in state.demonyms]
    return phrases_of(pairs), re.compile(rf"\b{alternation(words_of('of a country'))}\s(?:\w+\s)?$")


def _of_peoples(scene: Scene, begin: int, stop: int) -> Iterator[str]:
    """The states whose economy or people some words name: `l'économie canadienne`, `les Brésiliens`."""
    phrases, nouns = _peoples()
    for start, end, states in find_phrases(phrases, scene.flat, begin, stop):
        people = scene.text[start].isupper() and scene.flat.endswith(("les ", "des ", "aux "), 0, start)
        if people or nouns.search(scene.flat, max(scene.sentence.start, start - _LONGEST_NOUN), start):
            yield from states if scene.flat[end : end + 1] != "-" else ()


_LONGEST_NOUN = 40  # characters of what is said of a country
