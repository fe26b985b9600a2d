"""Binding: what each quantity measures, whose it is, who pays, when, how sure, who says so, or why we cannot tell.

A figure is bound in its sentence, with what the text has said before. It goes on from the figure before it
(`etl.ellipsis`), or the cues of the words compete for it (`etl.measures`); the places that its cue names are filled
(`etl.roles`) from among the entities of the clause (`etl.clause`), descriptions and pronouns take the entity that the
text is about (`etl.discourse`), and sense decides who can own and pay what (`etl.owners`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from typing import NamedTuple

from etl.circumstances import credited, part_of_year, with_circumstances
from etl.clause import Deal, Figure, Scene
from etl.cues import Hit, find_cues
from etl.dates import Dated, find_dates
from etl.discourse import (
    announced,
    company_of,
    deal_after,
    headed_by,
    main_entity,
    main_place,
    person_before,
    resolve,
    theme_after,
    told_on,
    topic_after,
    with_party_beside,
    with_surveyors,
)
from etl.ellipsis import gone_on_from, of_same_deal, of_sentence
from etl.lexicon import find_places, folded_text
from etl.measures import measured
from etl.nouns import matter_of, matter_of_heading
from etl.owners import owned
from etl.parties import Cast, Mention
from etl.quantities import Quantity
from etl.roles import also_bought, is_record, record_of
from etl.segments import Sentence
from etl.stance import (
    LONGEST_QUOTATION,
    Mark,
    Voice,
    acts,
    find_marks,
    find_quotations,
    find_voices,
)
from etl.steps import Steps, whole


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
    return whole(bind_in_steps(text, sentences, quantities, cast, published))


def bind_in_steps(
    text: str, sentences: list[Sentence], quantities: list[Quantity], cast: Cast, published: str | None
) -> Steps[list[Figure]]:
    """What `bind` gives, for texts that walk in step."""
    flat = folded_text(text)
    cast = with_surveyors(_outside_figures(text, cast, quantities), flat)
    topic = section = main = main_entity(cast, sentences, flat)
    sentences = _to_the_last_figure(sentences, quantities)
    quotations = find_quotations(text, flat, list(cast.mentions), sentences[-1].end if sentences else 0)
    figures: list[Figure] = []  # money and percentages, which go on from each other and not from counts
    counted: list[Figure] = []
    deal: Deal = (None, None)
    theme = headed = None
    of_text = cache(partial(_matter, text, flat, sentences, cast))
    matter: Callable[[], str | None] = of_text
    lead, listed = topic, None  # what the list is about, and the paragraph of its last item
    zone, last, home, bulleted = "", None, main_place(cast, sentences), "•" in text
    yield
    found = yield from _found_in(text, flat, sentences, quantities, published)
    passed = _Found(published, [], [], [], [])
    for sentence in sentences:
        today, here, hits, marks, dates = found.get(sentence.start, passed)
        if zone != sentence.zone and {zone, sentence.zone} & {"comment", "boilerplate"}:
            topic = main if sentence.zone == "body" else None
        zone = sentence.zone
        headed = part_of_year(text, flat, sentence, today) if zone == "title" else headed
        if zone == "comment":
            topic = None
        elif _ITEM.match(flat, sentence.start):
            # The items of a list are about one thing each: "- Les salariés de La Poste recevront 300 euros"
            inside = not _begins_line(text, sentence.start)  # its line: it goes on, unless it names somebody
            if inside or listed is None or sentence.paragraph > listed + 1:
                lead = topic if inside else main or topic
            listed = sentence.paragraph
            topic, theme = _first_company(cast, sentence) or lead, None
        named = resolve(cast, flat, sentence, topic, deal, main, last)
        mentions = _with_acting_media(flat, named) if cast.media else named
        topic = announced(flat, sentence, named) or topic
        cues = _outside_names(hits, mentions) if hits else hits
        if here:
            scene = Scene(
                text, flat, sentence, mentions, cues, dates, marks,
                _voices(text, flat, sentence, cast, mentions, quotations),
                [q for q in here if q.kind in _OF_FINANCE], topic, deal, cast.state, theme, main,
                figures, cast.kinds,
                matter, headed, partial(person_before, cast, flat), home,
            )  # fmt: skip
            yield from _bind_each(scene, here, figures, counted, today)
        if zone == "boilerplate":
            continue
        if here and (told_deal := _told_deal(flat, figures, sentence, cast.kinds)):
            deal = told_deal
        elif cues:
            deal = deal_after(flat, sentence, mentions, cues, deal)
        theme = (cues and theme_after(flat, sentence, cues)) or theme
        section = (headed_by(flat, sentence, named) or main) if zone == "title" else section
        topic = topic_after(flat, sentence, named, topic, section, cast)
        if zone == "title" or bulleted:
            matter = _matter_below(text, flat, sentence, of_text) or matter
        last = company_of(flat, sentence, mentions) if mentions else None
    told = (with_party_beside(cast, flat, figure) for figure in _echoed(figures))
    return sorted([*told, *counted], key=lambda figure: figure.quantity.start)


class _Found(NamedTuple):
    """What stands in a sentence that is read closely: one with a figure, or with a cue that a text can go on about."""

    today: str | None  # the date that `hier` counts from
    quantities: list[Quantity]
    cues: list[Hit]
    marks: list[Mark]  # none where no figure stands, nor dates
    dates: list[Dated]


def _found_in(
    text: str, flat: str, sentences: list[Sentence], quantities: list[Quantity], published: str | None
) -> Steps[dict[int, _Found]]:
    """What stands in each sentence that is read closely, by where it begins."""
    places = [quantity.start for quantity in quantities]
    told = [start for start, _ in find_places(told_on(), flat, 0, sentences[-1].end if sentences else 0)]
    starts, dated = [sentence.start for sentence in sentences], _dates_of_comments(text, sentences)
    closely = []
    yield
    for number in sorted({bisect_right(starts, place) - 1 for place in chain(places, told)}):
        sentence = sentences[number]
        here = quantities[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]
        last = bisect_left(dated, (sentence.end,))
        closely.append((sentence, dated[last - 1][1] if last else published, here))
    cues = [find_cues(flat, s.start, s.end) for s, _, _ in closely]
    yield
    marks = [find_marks(text, flat, s.start, s.end) if here else [] for s, _, here in closely]
    yield
    dates = [find_dates(text, s.start, s.end, day) if here else [] for s, day, here in closely]
    yield
    return {
        sentence.start: _Found(day, here, hits, said, days)
        for (sentence, day, here), hits, said, days in zip(closely, cues, marks, dates, strict=True)
    }


def _voices(
    text: str, flat: str, sentence: Sentence, cast: Cast, mentions: list[Mention], quotations: list[Voice]
) -> list[Voice]:
    """The sources that a sentence names, and the speakers of the quotations that may reach into it."""
    begin = sentence.start - LONGEST_QUOTATION
    earlier = [m for m in cast.between(begin, sentence.start) if m.name]
    named = find_voices(text, flat, (sentence.start, sentence.end), [*earlier, *mentions])
    if not quotations:
        return named
    first, last = (bisect_left(quotations, place, key=lambda q: q.start) for place in (begin, sentence.end))
    return [*named, *quotations[first:last]]


def _to_the_last_figure(sentences: list[Sentence], quantities: list[Quantity]) -> list[Sentence]:
    """The sentences without those behind the last figure: they say nothing more of any."""
    last = quantities[-1].start if quantities else -1
    return sentences[: bisect_right(sentences, last, key=lambda sentence: sentence.start)]


def _dates_of_comments(text: str, sentences: list[Sentence]) -> list[tuple[int, str]]:
    """The dates that comments carry, each with its place: `Le 03/07/2025 à 8:02`."""
    first = next((s.start for s in sentences if s.zone == "comment"), None)
    dates = () if first is None else _COMMENTED.finditer(text, first, sentences[-1].end)
    return [(dated.start(), f"{dated[3]}-{dated[2]}-{dated[1]}") for dated in dates]


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
) -> Steps[None]:
    """The quantities of a sentence, each added to `figures` where it is money or a percentage, else to `counted`."""
    yield
    for quantity in scene.quantities:
        figures.append(_bind_one(scene, quantity, figures, today))
    scene = scene if len(scene.quantities) == len(here) else replace(scene, quantities=here)
    for quantity in here:
        if quantity.kind not in _OF_FINANCE:
            counted.append(_bind_one(scene, quantity, counted, today))
    yield


_ITEM = re.compile(r"[•●▪◦]|[-–—*]\s|\d{1,2}\s?h\s?\d\d\b")


def _first_company(cast: Cast, sentence: Sentence) -> str | None:
    """The first company that a sentence names."""
    named = cast.between(sentence.start, sentence.end)
    return next((m.name for m in named if m.kind == "company" and m.name), None)


def _begins_line(text: str, place: int) -> bool:
    """Whether only white space stands before a place in its line."""
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()


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
        elif mention.name.startswith(left := text[mention.start : figure.start].rstrip()) and left:
            cut[mention.name] = left  # and not of "les 27 pays"
            kept.append(mention._replace(end=mention.start + len(left), name=left))
    if len(kept) == len(cast.mentions) and not cut:
        return cast
    # Short forms have taken the longer name, figure and all: "Manus" is "Manus 2B" no more.
    mentions = [m._replace(name=cut[m.name]) if m.name in cut else m for m in kept]
    return replace(cast, mentions=tuple(mentions), counts=Counter(m.name for m in mentions if m.name))


def _matter(text: str, flat: str, sentences: list[Sentence], cast: Cast) -> str | None:
    """The common noun that a text is about, told by its first two sentences."""
    first = [(s.start, s.end) for s in sentences[:2]]
    return matter_of(text, flat, first[0], first[-1], max(cast.counts.values(), default=0)) if first else None


def _with_acting_media(flat: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions with each medium that acts as a company does, and says nothing, as one."""
    return [m._replace(kind="company") if m.kind == "media" and acts(flat, m) else m for m in mentions]


def _outside_names(hits: list[Hit], mentions: list[Mention]) -> list[Hit]:
    """The cues that are no part of a name: `Caisse d'épargne` saves nothing, `Action Logement` is no share."""
    names = [(m.start, m.end) for m in mentions if m.form == "name"]
    return [hit for hit in hits if not any(start <= hit.start and hit.end <= end for start, end in names)]


_OF_FINANCE = ("money", "percent")


def _told_deal(flat: str, figures: list[Figure], sentence: Sentence, kinds: Mapping[str, str]) -> Deal | None:
    """Actor and target of the first deal that a figure of the sentence tells, and that is no older record."""
    told = [
        f
        for f in of_sentence(figures, sentence)
        if f.measure in ("deal_value", "stake")
        and not is_record(flat, sentence, f.evidence.get("subject", (sentence.start,))[0])
    ]
    return next(
        ((f.actor, f.subject) for f in told if f.actor and f.subject and kinds.get(f.actor) != "institution"),
        None,  # a regulator buys nothing
    )


def _echoed(figures: list[Figure]) -> list[Figure]:
    """Headings, and figures without a cue, read as the same sum elsewhere in the document."""
    if not any(map(_echoes, figures)):
        return figures
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
        value = figure.quantity.value if _echoes(figure) else None
        same = told.get((value.normalize(), figure.quantity.unit)) if value is not None else None
        if same:
            figure = figure._replace(
                measure=same.measure, subject=same.subject, actor=same.actor, unresolved=None
            )
        echoed.append(figure)
    return echoed


def _echoes(figure: Figure) -> bool:
    """Whether a figure may repeat what the document tells elsewhere: no cue says what it is, or it heads a section."""
    heading = figure.sentence.zone == "title" and figure.sentence.start > 0
    return heading or figure.unresolved == "no cue"


def _bind_one(scene: Scene, quantity: Quantity, before: list[Figure], published: str | None) -> Figure:
    evidence = dict(quantity.evidence)
    gone_on = gone_on_from(scene, quantity, evidence, before)
    figure, like = gone_on or (measured(scene, quantity, evidence, before), None)
    if gone_on and figure.measure == "deal_value" and (also := also_bought(scene, quantity)):
        evidence["subject"] = also.place or evidence["subject"]
        figure = figure._replace(subject=also.name, actor=before[-1].actor)
    if figure.measure == "deal_value" and (record := record_of(scene, quantity)):
        evidence["subject"] = record.place or evidence["subject"]
        figure = figure._replace(subject=record.name, unresolved=None)
    figure = of_same_deal(scene, figure, before)
    voice = credited(scene, quantity)
    figure = owned(scene, figure, voice, before)
    return with_circumstances(scene, figure, like, voice, before, published)
