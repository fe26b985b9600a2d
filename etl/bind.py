"""Binding: what each quantity measures, whose it is, who pays, when, how sure, who says so, or why we cannot tell.

A figure is bound in its sentence, with what the text has said before. It goes on from the figure before it
(`etl.ellipsis`), or the cues of the words compete for it (`etl.measures`); the places of its parties are looked up
among the entities of the clause (`etl.clause`), and descriptions and pronouns take the entity that the text is
about (`etl.discourse`).
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial

from etl.clause import Deal, Figure, Scene, apposed, meant_for
from etl.cues import RELATIVE, Hit, find_cues
from etl.dates import Dated, find_dates
from etl.discourse import (
    ACCOUNTS,
    deal_after,
    headed_by,
    main_entity,
    resolve,
    theme_after,
    topic_after,
)
from etl.ellipsis import LARGE_SUM, gone_on_from, of_same_deal, of_sentence, size_of
from etl.lexicon import folded_text
from etl.measures import measured
from etl.nouns import matter_of
from etl.parties import Cast, Mention
from etl.quantities import Quantity
from etl.segments import Sentence
from etl.stance import (
    LONGEST_QUOTATION,
    Mark,
    Voice,
    acts,
    find_marks,
    find_quotations,
    find_voices,
    is_body,
    status_of,
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
    spoken = [voice.start for voice in quotations]
    places, cued = [q.start for q in quantities], [hit.start for hit in hits]
    figures: list[Figure] = []  # money and percentages, which go on from each other and not from counts
    counted: list[Figure] = []
    deal: Deal = (None, None)
    kinds = {mention.name: mention.kind for mention in cast.mentions if mention.name}
    theme: str | None = None
    matter = cache(partial(_matter, text, flat, sentences, cast))
    lead, listed = topic, None  # what the list is about, and the paragraph of its last item
    headed: Dated | None = None
    zone, today = "", published
    for sentence in sentences:
        if sentence.zone == "comment" and (dated := _COMMENTED.search(text, sentence.start, sentence.end)):
            today = f"{dated[3]}-{dated[2]}-{dated[1]}"
        if {zone, sentence.zone} & {"comment", "boilerplate"} and zone != sentence.zone:
            topic = main if sentence.zone == "body" else None
        zone = sentence.zone
        if zone == "title":
            headed = _part_of_year(text, flat, sentence, today)
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
        named = resolve(cast, flat, sentence, topic, deal, main)
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
                [q for q in here if q.kind in _OF_FINANCE], topic, deal, cast.state, theme, main, None, kinds,
                matter, headed,
            )  # fmt: skip
            _bind_each(scene, here, figures, counted, today)
        if zone == "boilerplate":
            continue
        deal = deal_after(flat, sentence, mentions, cues, _told_deal(figures, sentence, kinds), deal)
        theme = theme_after(flat, sentence, cues) or theme
        section = (headed_by(flat, sentence, named) or main) if zone == "title" else section
        topic = topic_after(flat, sentence, named, topic, section, cast)
    return sorted([*_echoed(figures), *counted], key=lambda figure: figure.quantity.start)


def _to_the_last_figure(sentences: list[Sentence], quantities: list[Quantity]) -> list[Sentence]:
    """The sentences without those behind the last figure: they say nothing more of any."""
    last = quantities[-1].start if quantities else -1
    return sentences[: bisect_right(sentences, last, key=lambda sentence: sentence.start)]


def _bind_each(
    scene: Scene, here: list[Quantity], figures: list[Figure], counted: list[Figure], today: str | None
) -> None:
    """The quantities of a sentence, each added to `figures` where it is money or a percentage, else to `counted`."""
    for quantity in scene.quantities:
        told = replace(scene, last=_last_subject(figures, scene.sentence))
        figures.append(_bind_one(told, quantity, figures, today))
    scene = replace(scene, quantities=here, last=_last_subject(figures, scene.sentence))
    for quantity in here:
        if quantity.kind not in _OF_FINANCE:
            counted.append(_bind_one(scene, quantity, counted, today))


_ITEM = re.compile(r"[•●▪◦]|[-–—*]\s|\d{1,2}\s?h\s?\d\d\b")


def _outside_figures(text: str, cast: Cast, quantities: list[Quantity]) -> Cast:
    """The cast without parts of figures: `Meta acquiert Manus 2B$` names Manus, `3 dollars de Taïwan` nobody."""
    starts = [quantity.start for quantity in quantities]
    mentions: list[Mention] = []
    for mention in cast.mentions:
        place = bisect_left(starts, mention.end) - 1
        figure = quantities[place] if place >= 0 else None
        if figure is None or figure.end <= mention.start or mention.form != "name":
            mentions.append(mention)
        elif mention.start < figure.start:
            end = mention.start + len(text[mention.start : figure.start].rstrip())
            mentions.append(replace(mention, end=end, name=text[mention.start : end]))
    if len(mentions) == len(cast.mentions) and all(map(operator.is_, mentions, cast.mentions)):
        return cast
    return replace(cast, mentions=tuple(mentions), counts=Counter(m.name for m in mentions if m.name))


def _part_of_year(text: str, flat: str, heading: Sentence, today: str | None) -> Dated | None:
    """The quarter or half that a heading names: what stands below is told of it."""
    if flat.find("mestre", heading.start, heading.end) < 0:  # `trimestre`, `semestre`
        return None
    dates = find_dates(text, heading.start, heading.end, today)
    return next((d for d in dates if _PART_OF_YEAR.fullmatch(d.edtf)), None)


def _matter(text: str, flat: str, sentences: list[Sentence], cast: Cast) -> str | None:
    """The common noun that a text is about, told by its first two sentences."""
    first = [(s.start, s.end) for s in sentences[:2]]
    return matter_of(text, flat, first[0], first[-1], max(cast.counts.values(), default=0)) if first else None


def _outside_names(hits: list[Hit], mentions: list[Mention]) -> list[Hit]:
    """The cues that are no part of a name: `Caisse d'épargne` saves nothing, `Action Logement` is no share."""
    names = [(m.start, m.end) for m in mentions if m.form == "name"]
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


# A comment carries its own date: "Le 03/07/2025 à 8:02".
_COMMENTED = re.compile(r"\b[Ll]e (\d\d)/(\d\d)/(20\d\d)\b")


def _bind_one(scene: Scene, quantity: Quantity, before: list[Figure], published: str | None) -> Figure:
    evidence = dict(quantity.evidence)
    gone_on = gone_on_from(scene, quantity, evidence, before)
    figure, like = gone_on or (measured(scene, quantity, evidence, before), None)
    figure = of_same_deal(scene, figure, before)
    voice = _voice(scene, quantity)
    figure = _of_nobody_implied(scene, _of_country(scene, _not_of_teller(scene, figure, voice), voice))
    if apposition := apposed(scene, quantity):
        figure = replace(figure, subject=apposition)
    elif figure.measure in _EACH_HAS and (whose := meant_for(scene, quantity)):
        evidence["subject"] = (whose.start, whose.end)
        figure = replace(figure, subject=whose.speaker, unresolved=None)
    period, place = _period(scene, quantity, like)
    if place:
        evidence["period"] = place
    elif period is None and (carried := _carried(scene, figure, before)):
        period = carried.period
        evidence["period"] = carried.evidence["period"]
    elif period is None and (told := _told_before(scene, figure, published)):
        period, evidence["period"] = told.edtf, (told.start, told.end)
    elif period is None and not _is_earlier(scene, quantity):
        period = published
    if voice:
        evidence["attribution"] = (voice.start, voice.end)
    words = voice.words if voice else _credited_before(scene, quantity, before)
    status = _status(scene, figure, voice, before)
    if period and place:
        period = _quarter_before(scene, period, place, published) or period
    if period and place and _lies_ahead(scene, figure, status, period, place, published):
        period = _YEAR.sub(lambda year: str(int(year[0]) + 1), period)
    return replace(figure, period=period, status=status, attribution=words)


_SAME_STUDY = re.compile(
    r"\b(?:selon|d'après|dans|pour)\s(?:cette|ce|la\smême|le\smême)\s(?:enquête|étude|sondage|baromètre|rapport|institut|organisme)\b"
)
_THAT_IS = re.compile(r",\ssoit\s[^.;:(),]{0,25}$")


def _credited_before(scene: Scene, quantity: Quantity, before: list[Figure]) -> str | None:
    """Whom a figure is credited with that goes on from another, or comes from the study named before."""
    last = before[-1] if before else None
    if (
        last
        and last.sentence == scene.sentence
        and _THAT_IS.search(scene.flat, last.quantity.end, quantity.start)
    ):
        return last.attribution
    if not _SAME_STUDY.search(scene.flat, scene.sentence.start, scene.sentence.end):
        return None
    told = (f.attribution for f in reversed(before[-_TOLD:]) if f.attribution)
    return next(told, None)


_TOLD = 8  # figures back to the study that `cette enquête` means


_A_YEAR_BEFORE = re.compile(r"l'an dernier|l'année précédente|l'an passé|un an (?:plus tôt|auparavant|avant)")


def _quarter_before(scene: Scene, period: str, place: tuple[int, int], published: str | None) -> str | None:
    """The quarter of the year before that `contre 14 milliards l'année précédente` compares with, under its heading."""
    told = scene.headed.edtf if scene.headed else ""
    if len(period) == len("2024") and int(told[:4] or 0) - 1 == int(period) and published:
        return period + told[4:] if _A_YEAR_BEFORE.search(scene.flat, place[0] - 2, place[1]) else None
    return None


_EACH_HAS = ("price", "change", "rate", "market_share", "compensation", "headcount", "users")
_YEAR = re.compile(r"\b\d{4}(?=-)")


def _lies_ahead(
    scene: Scene, figure: Figure, status: str, period: str, place: tuple[int, int], published: str | None
) -> bool:
    """Whether a month without its year is the next one: `doit apporter 750 millions en septembre`, said in March."""
    mark = figure.evidence.get("status")
    past = published is not None and len(published) >= _MONTH and period[:_MONTH] < published[:_MONTH]
    words = scene.flat[slice(*place)]
    named = past and "-" in period and not any(c.isdigit() for c in words) and "derni" not in words
    if not named or status != "planned" or mark is None or mark[0] > place[0]:
        return False
    return not any(mark[0] < other.start < figure.quantity.start for other in scene.quantities)


_MONTH = len("2025-09")


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
    if "subject" not in figure.evidence and scene.kinds.get(figure.subject or "") == "state":
        where = _located(scene, figure.quantity)
        return replace(figure, subject=where) if where else figure
    meant = figure.subject == scene.main and scene.kinds.get(figure.subject or "") in ("institution", "")
    if implied and not meant and scene.kinds.get(figure.subject or "") in _NOT_MEANT:
        return replace(figure, subject=scene.state)
    return figure


_OF_THEIR_OWNER = ("price", "compensation", "penalty", "funding", "loss")


def _of_nobody_implied(scene: Scene, figure: Figure) -> Figure:
    """A price, a pay, a fine that no word gives to anybody as nobody's, unless the text is about a company.

    What costs a country's sums, and changes and rates of nobody's, are the country's.
    """
    large = figure.measure == "price" and size_of(figure.quantity) >= LARGE_SUM
    if figure.subject is None:
        of_all = large or figure.measure in ("change", "rate", "market_share")
        return replace(figure, subject=scene.state, unresolved=None) if of_all and scene.state else figure
    kind = scene.kinds.get(figure.subject)
    here = any(m.name == figure.subject and m.kind != "state" for m in scene.mentions)
    given = here or "subject" in figure.evidence or kind in ("company", "product")
    if given or figure.measure not in _OF_THEIR_OWNER:
        return figure
    if kind == "state" and (large or _located(scene, figure.quantity)):
        return (
            figure  # "En Équateur, le salaire minimum est de 400 dollars", "la mesure coûtera 20 milliards"
        )
    if large and scene.state:
        return replace(figure, subject=scene.state)
    return replace(figure, subject=None, unresolved="no subject")


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
    names = {m.name for m in placed}
    return names.pop() if len(names) == 1 else None


def _status(scene: Scene, figure: Figure, voice: Voice | None, before: list[Figure]) -> str:
    """How sure the text is of a figure: as its verb, the verb of the list that it stands in, or its source says."""
    quantity, evidence = figure.quantity, figure.evidence
    bounds = (scene.sentence.start, scene.sentence.end)
    status, mark = status_of(scene.flat, scene.marks, quantity.start, quantity.end, bounds)
    previous = before[-1] if before and before[-1].sentence == scene.sentence else None
    if mark is None and previous and _shares_verb(scene, previous, quantity):
        status = previous.status
        if "status" in previous.evidence:
            evidence["status"] = previous.evidence["status"]
    if mark:
        evidence["status"] = (mark.start, mark.end)
        if mark.tense and mark.says == "reported" and _foretells(scene, mark, voice):
            status = "planned"
    return "reported" if voice and status in ("actual", "planned") and _is_hearsay(voice, figure) else status


def _foretells(scene: Scene, mark: Mark, voice: Voice | None) -> bool:
    """Whether a conditional is the future of a past speech: `a annoncé qu'il investirait`, not `aurait investi`."""
    spoken = voice is not None and voice.mention is not None and voice.mention.kind != "media"
    return spoken and not scene.flat.startswith(("aurait", "auraient"), mark.start)


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
        return not is_body(voice.words)  # a study, the management: it counts itself what it tells
    if voice.mention.kind == "media":
        return True
    party = voice.mention.name
    return (
        bool(voice.mention.person)
        and party not in (figure.subject, figure.actor)
        and voice.mention.kind == "company"
    )


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


_OF_PERIOD = (
    "revenue",
    "earnings",
    "loss",
    "change",
)  # what is counted over a period, sentence after sentence
_NEAR = 400  # characters over which a text goes on about one period
_RECENT = 3  # figures back to the one that is no comparand
_EARLIER = re.compile(r"plus tôt|auparavant|précédent|derni")


def _compares(scene: Scene, figure: Figure) -> bool:
    """Whether a figure stands for an earlier time beside the one that is told: `contre 141 millions un an plus tôt`."""
    return bool(_EARLIER.search(scene.flat[slice(*figure.evidence.get("period", (0, 0)))]))


_NOW = re.compile(r"\b(?:désormais|aujourd'hui|actuellement|maintenant|à présent)\b")
_SPAN = re.compile(r"\d{4}(?:-(?:3[3-6]|4[01]))?")  # a year, a quarter or a half


def _carried(scene: Scene, figure: Figure, before: list[Figure]) -> Figure | None:
    """The figure before that dates one without a date: accounts of a year are told sentence after sentence."""
    now = _NOW.search(scene.flat, scene.sentence.start, scene.sentence.end)
    if figure.measure not in _OF_PERIOD or _has_own_date(scene, figure) or now or not before:
        return None
    last = next((f for f in reversed(before[-_RECENT:]) if not _compares(scene, f)), before[-1])
    near = figure.quantity.start - last.quantity.end < _NEAR and last.sentence.zone == scene.sentence.zone
    told = near and last.measure in _OF_PERIOD and "period" in last.evidence and last.period
    return last if told and _SPAN.fullmatch(last.period or "") else None


def _has_own_date(scene: Scene, figure: Figure) -> bool:
    """Whether a date of the sentence is the figure's, not that of a comparand: `+ 10 % par rapport à 2018`."""
    end = figure.quantity.end
    return any(
        not _is_of_another(scene, dated, figure.quantity)
        and not (dated.start > end and _AGAINST.search(scene.flat, end, dated.start))
        for dated in scene.dates
    )


_AGAINST = re.compile(r",?\scontre\s")  # "20 milliards, contre 14 l'année précédente"


_JUST_BEFORE = 250  # characters back to the period that a sentence goes on about


_PART_OF_YEAR = re.compile(r"\d{4}-(?:3[3-6]|4[01])")


def _told_before(scene: Scene, figure: Figure, published: str | None) -> Dated | None:
    """The quarter or half that the sentence before names: `au deuxième trimestre. Il s'est élevé à 20 milliards`."""
    start = scene.sentence.start
    now = _NOW.search(scene.flat, start, scene.sentence.end)
    if (
        figure.measure not in _OF_PERIOD
        or _has_own_date(scene, figure)
        or now
        or scene.sentence.zone != "body"
    ):
        return None
    line = scene.text.rfind("\n", max(0, start - _JUST_BEFORE), start) + 1
    lead = max(line, start - _JUST_BEFORE, 0)
    before = [d for d in find_dates(scene.text, lead, start, published) if _PART_OF_YEAR.fullmatch(d.edtf)]
    told = before[-1] if before and not _COMPARED.search(scene.flat, lead, before[-1].start) else None
    return told or scene.headed


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


# "selon une étude publiée lundi" dates the study, not what it finds
_PUBLISHED = re.compile(
    r"\b(?:étude|rapport|enquête|sondage|baromètre|chiffres|données|statistiques|bilan|note|résultats|comptes)\s[^.;:]{0,40}?"
    r"(?:publi|par[ua]|dévoil|diffus|rendu|présent|dress)\w*\s(?:publics?\s|publiques?\s)?(?:ce\s|le\s|par\s[^.,;]{0,20}\s)?$"
)
_MADE_IN = re.compile(r"[A-ZÀ-ÖØ-Þ0-9][\w-]*\s(?:de|datant de)\s$")


def _is_of_another(scene: Scene, dated: Dated, quantity: Quantity) -> bool:
    """Whether a date belongs to something else than the figure: its comparand, a thing named by its year."""
    lead = max(scene.sentence.start, dated.start - 40)
    if _COMPARED.search(scene.flat, lead, dated.start):
        return dated.start > quantity.start
    if _PUBLISHED.search(scene.flat, max(scene.sentence.start, dated.start - 70), dated.start):
        return True
    if _is_in_other_parenthesis(scene, dated, quantity):
        return True
    return len(dated.edtf) == 4 and bool(_MADE_IN.search(scene.text, lead, dated.start))


def _is_in_other_parenthesis(scene: Scene, dated: Dated, quantity: Quantity) -> bool:
    """Whether a date glosses something else in parentheses: `32 312 véhicules (contre 39 243 en 2019)`."""
    opening = scene.flat.rfind("(", max(scene.sentence.start, dated.start - 80), dated.start)
    closing = scene.flat.find(")", dated.end, scene.sentence.end)
    if opening < 0 or closing < 0 or ")" in scene.flat[opening : dated.start]:
        return False
    if opening < quantity.start < closing:
        return False
    own = quantity.end <= opening and not scene.flat[quantity.end : opening].strip()
    return not own and bool(_GLOSSED.search(scene.flat[opening : dated.start]) or opening + 1 == dated.start)


_GLOSSED = re.compile(r"\d")


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
    if dated.start >= quantity.end and ";" in gap:
        cost += _OF_NEXT_CLAUSE
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
_OF_NEXT_CLAUSE = 20


def _voice(scene: Scene, quantity: Quantity) -> Voice | None:
    """The source that the figure is credited to: of those that reach it, the nearest."""
    reaching = [v for v in scene.voices if v.reach[0] <= quantity.start < v.reach[1]]
    return min(
        reaching, key=lambda v: min(abs(v.start - quantity.end), abs(quantity.start - v.end)), default=None
    )
