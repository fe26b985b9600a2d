"""Binding: what each quantity measures, whose it is, who pays, when, how sure, who says so, or why we cannot tell.

A figure is bound in its sentence. The cues of the words (`measures.toml`) compete for it: the nearest that governs it wins.
The winning cue says where its parties stand (`nsubj`, `dans`, `de`, …), and the places are looked up among the entities
of the clause; descriptions and pronouns take the entity that the text is about. Where two readings stay equal, the
cell stays empty and `unresolved` says why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from etl.dates import Dated, find_dates
from etl.lexicon import Cue, Group, Phrases, alternation, conjugated, find_phrases, folded, lexicon, phrases_of
from etl.parties import Cast, Mention, giants
from etl.quantities import Evidence, Quantity
from etl.segments import Sentence
from etl.stance import Mark, Voice, find_marks, find_quotations, find_voices, status_of


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


# --- cues -----------------------------------------------------------------------------------------------------


class _Form(NamedTuple):
    """One cue as a phrase can print it."""

    cue: Cue
    kind: str  # noun, verb or after
    participle: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    """A cue at `start:end` of the text."""

    start: int
    end: int
    form: _Form


_PARTICIPLE = re.compile(
    r".*(?:é|ée|és|ées|i|ie|is|ies|u|ue|us|ues|acquis|acquise|repris|reprise|pris|offert|détenu|détenue)\b.*"
)


@cache
def _cues() -> Phrases[_Form | None]:
    masks = (word for group in lexicon().of(Group) if group.use == "no cue" for word in group.words)
    return phrases_of([*_cue_forms(), *((word, None) for word in masks)])


def _cue_forms() -> Iterator[tuple[str, _Form]]:
    for cue in lexicon().of(Cue):
        for noun in cue.nouns:
            yield noun, _Form(cue, "noun", participle=False)
        for verb in cue.verbs:
            for form in conjugated(verb):
                first = form.split(" ")[0]
                yield (
                    form,
                    _Form(
                        cue, "verb", participle=bool(re.search(r"(?:é|ée|és|ées|i|ie|u|ue|us|ues)$", first))
                    ),
                )
        for phrase in cue.phrases:
            auxiliary = phrase.startswith(("a ", "ont ", "avait ", "s'"))
            yield phrase, _Form(cue, "verb", participle=not auxiliary and bool(_PARTICIPLE.fullmatch(phrase)))
        for phrase in cue.after:
            yield phrase, _Form(cue, "after", participle=False)


def _find_cues(flat: str) -> list[_Hit]:
    return [
        _Hit(a, b, form)
        for a, b, forms in find_phrases(_cues(), flat)
        for form in forms
        if form is not None and not _INCLUDED.match(flat, b)
    ]


# "dette comprise", "primes de fidélité comprises": what is in a sum is not what it measures.
_INCLUDED = re.compile(r"\s(?:de\s\w+\s)?compris(?:es?)?\b")


# --- the sentence, as the rules see it --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scene:
    """One sentence with all that was found in it, and what the text has said before."""

    text: str
    flat: str
    sentence: Sentence
    mentions: list[Mention]  # resolved: each has a name
    hits: list[_Hit]
    dates: list[Dated]
    marks: list[Mark]
    voices: list[Voice]
    quantities: list[Quantity]
    topic: str | None
    deal: tuple[str | None, str | None]  # actor and target of the deal that the text is about
    state: str | None  # the state that a government or ministry of the text pays for
    theme: str | None  # the account that the text is about: what `il ressort à` is said of
    last: str | None = None  # whose account or deal was told just before


class _Party(NamedTuple):
    name: str
    place: tuple[int, int] | None


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
    flat = folded(text)
    hits = _find_cues(flat)
    quotations = find_quotations(flat, list(cast.mentions))
    figures: list[Figure] = []
    deal: tuple[str | None, str | None] = (None, None)
    topic = main = _main_entity(cast, sentences)
    theme: str | None = None
    state = _state(cast)
    zone = ""
    today = published
    for sentence in sentences:
        if sentence.zone == "comment" and (dated := _COMMENTED.search(text, sentence.start, sentence.end)):
            today = f"{dated[3]}-{dated[2]}-{dated[1]}"
        if {zone, sentence.zone} & {"comment", "boilerplate"} and zone != sentence.zone:
            topic = main if sentence.zone == "body" else None
        zone = sentence.zone
        if zone == "comment":
            topic = None
        here = [q for q in quantities if sentence.start <= q.start < sentence.end]
        mentions = _resolved(cast, flat, sentence, topic, deal)
        cues = _within(hits, sentence)
        if here:
            scene = _Scene(
                text, flat, sentence, mentions, cues,
                find_dates(text, sentence.start, sentence.end, today),
                find_marks(text, flat, sentence.start, sentence.end),
                [*find_voices(text, flat, (sentence.start, sentence.end), mentions), *quotations],
                here, topic, deal, state, theme, _last_subject(figures, sentence),
            )  # fmt: skip
            for quantity in here:
                figures.append(_bind_one(scene, quantity, figures, today))
        if zone == "boilerplate":
            continue
        deal = _deal_after(flat, sentence, mentions, cues, figures, deal)
        theme = _theme_after(flat, sentence, cues) or theme
        topic = _topic_after(flat, sentence, mentions, topic, main, cast)
    return _echoed(figures)


def _last_subject(figures: list[Figure], sentence: Sentence) -> str | None:
    """Whose account, valuation or deal was told just before a sentence: the one that `ses pertes` are of."""
    if (
        not figures
        or sentence.start - figures[-1].quantity.end > 300
        or figures[-1].sentence.zone != sentence.zone
    ):
        return None
    return (
        figures[-1].subject
        if figures[-1].measure in (*_ACCOUNTS, "funding", "change", "deal_value")
        else None
    )


_ACCOUNTS = (
    "revenue",
    "earnings",
    "loss",
    "debt",
    "valuation",
    "capex",
    "price",
    "assets",
    "penalty",
    "compensation",
)


_STATE_BODIES = (
    "ministère",
    "Bercy",
    "Élysée",
    "Matignon",
    "Assemblée nationale",
    "Sénat",
    "Parlement",
    "Cour des comptes",
)


def _state(cast: Cast) -> str | None:
    """The state of the document: the one it names most; what it tells of the government unnamed counts for France."""
    named = Counter(m.name for m in cast.mentions if m.kind == "state" and m.name)
    named["France"] += sum(m.form == "state" or m.name.startswith(_STATE_BODIES) for m in cast.mentions)
    return max(named, key=lambda name: named[name]) if named.total() else None


def _theme_after(flat: str, sentence: Sentence, hits: list[_Hit]) -> str | None:
    """The account whose noun is the subject of a sentence: `Les ventes suivent.`"""
    for hit in hits:
        if hit.form.kind == "noun" and hit.form.cue.measure in _ACCOUNTS:
            begin = max(sentence.start, flat.rfind(",", sentence.start, hit.start) + 1)
            if _preposition(flat, begin, hit.start) is None:
                return hit.form.cue.measure
    return None


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


def _within(hits: list[_Hit], sentence: Sentence) -> list[_Hit]:
    starts = [hit.start for hit in hits]
    return hits[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]


# --- discourse: descriptions, pronouns, topic, deal --------------------------------------------------------------

_PREPOSITION = re.compile(
    r"\b(?:de|du|des|dans|à|au|aux|par|pour|avec|chez|sur|contre|sans|entre|vers|sous|selon|en|comme|hors|apr[èe]s|avant"
    r"|depuis|face|malgr[ée]|devant|aupr[èe]s)\b(?!\squ)|\bd'"
)


def _preposition(flat: str, stop: int, start: int) -> str | None:
    """The preposition that introduces what begins at `start`: the first one after `stop`."""
    found = _PREPOSITION.search(flat, stop, start)
    if not found:
        return None
    word = found[0].strip("'")
    return {"d": "de", "du": "de", "des": "de", "au": "à", "aux": "à"}.get(word, word)


@cache
def _role() -> str:
    return alternation(word for group in lexicon().of(Group) if group.use == "head" for word in group.words)


_HAS_ROLE = re.compile(rf",\s(?:le\s|la\s|l'|son\s|sa\s)?{_role()}\b(?!\s(?:\w+\s){{0,2}}(?:de|du|des|chez)\b|\s(?:\w+\s)?d')", re.IGNORECASE)


def _resolved(
    cast: Cast, flat: str, sentence: Sentence, topic: str | None, deal: tuple[str | None, str | None]
) -> list[Mention]:
    """The mentions of a sentence, with the name that descriptions and pronouns stand for; those without one dropped."""
    starts = [m.start for m in cast.mentions]
    resolved: list[Mention] = []
    for mention in cast.mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]:
        if mention.kind == "person" and topic and not mention.person and _HAS_ROLE.match(flat, mention.end):
            # "Amy Hood, la directrice financière," acts for the company that the text is about
            mention = replace(mention, name=topic, kind="company", form="head", person=mention.name)
        if mention.name:
            resolved.append(mention)
            continue
        name = _antecedent(cast, flat, mention, resolved, sentence, topic, deal)
        if name:
            resolved.append(replace(mention, name=name))
    return resolved


# What the press calls the buyer where it has named both: the start-up is no group.
_BUYERS = frozenset({"groupe", "géant", "firme", "multinationale", "mastodonte", "constructeur", "acquéreur"})


def _antecedent(
    cast: Cast,
    flat: str,
    mention: Mention,
    before: list[Mention],
    sentence: Sentence,
    topic: str | None,
    deal: tuple[str | None, str | None],
) -> str | None:
    """The name that a description or pronoun stands for, or `None`."""
    subject = next(
        (
            m
            for i, m in enumerate(before)
            if m.kind not in ("media", "place")
            and _is_nominative(flat, before[i - 1].end if i else sentence.start, m)
        ),
        None,
    )
    if mention.form == "pronoun":
        return subject.name if subject else topic
    if mention.form == "state":
        return _state(cast)
    if mention.form == "company":
        if deal[0] and mention.printed in _BUYERS and topic in (None, *deal):
            return deal[0]
        if deal[1] and mention.printed not in _BUYERS and topic in (None, deal[1]):
            return deal[1]
        if (
            _preposition(flat, before[-1].end if before else sentence.start, mention.start) == "dans"
            and subject
        ):
            return _young_company(cast, mention.start, {subject.name}, deal)
        return topic
    return _young_company(cast, mention.start, {subject.name} if subject else {topic}, deal)


def _young_company(
    cast: Cast, place: int, but: set[str | None], deal: tuple[str | None, str | None]
) -> str | None:
    """The company that `la start-up` means: one so called by the text, the target of its deal, else the one it names most."""
    for mention in reversed(cast.mentions):
        if mention.start < place and mention.name in cast.young:
            return mention.name
    if deal[1] and deal[1] not in giants():
        return deal[1]
    scores: dict[str, float] = {}
    for mention in cast.mentions:
        if mention.start >= place or not mention.name or mention.name in but | giants():
            continue
        if mention.kind in ("", "company", "product"):
            scores[mention.name] = cast.counts[mention.name] + 3 * (place - mention.start < 300)
    if not scores:
        return None
    return max(scores, key=lambda name: (scores[name], name))


_PARTIES = ("", "company", "product", "institution")
_RETURNS = 2  # an entity named so often is one that the text is about


def _main_entity(cast: Cast, sentences: list[Sentence]) -> str | None:
    """The company that the document names most, its title counting three times; states and persons where it has none."""
    title = max((s.end for s in sentences[:1] if s.zone == "title"), default=0)
    scores: dict[str, float] = {}
    for mention in cast.mentions:
        if mention.name and mention.kind not in ("media", "place"):
            worth = 1.0 if mention.kind in _PARTIES else 0.3
            scores[mention.name] = scores.get(mention.name, 0) + worth * (3 if mention.start < title else 1)
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best and scores[best] > _RETURNS else None


_FORGOTTEN = 500  # characters after which an entity that is not the document's own is no topic any more


def _topic_after(
    flat: str, sentence: Sentence, mentions: list[Mention], topic: str | None, main: str | None, cast: Cast
) -> str | None:
    """The entity that the next sentence goes on about: the first of this one that no preposition introduces."""
    stop = sentence.start
    for mention in mentions:
        if mention.kind not in ("", "company", "product") and not (
            mention.kind == "state" and cast.counts[mention.name] > 2
        ):
            stop = mention.end
            continue
        if cast.counts[mention.name] >= _RETURNS and _is_nominative(flat, stop, mention):
            return mention.name
        stop = mention.end
    recent = any(
        m.name == topic and sentence.end - _FORGOTTEN < m.start < sentence.end for m in cast.mentions
    )
    return topic if recent else main


def _is_nominative(flat: str, stop: int, mention: Mention) -> bool:
    """Whether no preposition introduces a mention, looking back to `stop` or the last comma."""
    stop = max(
        stop,
        mention.start - 60,
        *(flat.rfind(mark, stop, mention.start) + 1 for mark in (",", "- ", "•", ":")),
    )
    return _preposition(flat, stop, mention.start) is None


_DEAL_MEASURES = ("deal_value", "stake", "funding")


def _deal_after(
    flat: str,
    sentence: Sentence,
    mentions: list[Mention],
    hits: list[_Hit],
    figures: list[Figure],
    deal: tuple[str | None, str | None],
) -> tuple[str | None, str | None]:
    """Actor and target of the deal that the text is about after this sentence."""
    told = [
        f
        for f in figures
        if f.sentence == sentence and f.measure in ("deal_value", "stake") and f.actor and f.subject
    ]
    if told:
        return told[0].actor, told[0].subject
    scene = _Scene("", flat, sentence, mentions, hits, [], [], [], [], None, deal, None, None)
    for hit in hits:
        cue = hit.form.cue
        bought = hit.form.kind == "noun" and "rachat" in cue.nouns
        if cue.measure != "deal_value" or not (bought or (cue.needs and hit.form.kind == "verb")):
            continue
        target = _find_party(scene, hit, None, cue.needs or ("de",), ())
        actor = _find_party(scene, hit, None, ("nsubj", "par", "de"), (target.name,) if target else ())
        if target and actor:
            return actor.name, target.name
    return deal


# --- one figure -----------------------------------------------------------------------------------------------


def _bind_one(scene: _Scene, quantity: Quantity, before: list[Figure], published: str | None) -> Figure:
    evidence = dict(quantity.evidence)
    previous = before[-1] if before and before[-1].sentence == scene.sentence else None
    like = _continued(scene, quantity, previous)
    signed = quantity.kind == "percent" and scene.text[quantity.start] in "+-\u2212"
    if signed:
        figure = _signed_change(scene, quantity, previous, evidence)
    elif like is not None:
        figure = _of_new_party(scene, _like(like, quantity, scene.sentence, evidence), like)
    else:
        figure = _decide(scene, quantity, evidence, before)
    period, place = _period(scene, quantity, published, like)
    status, mark = status_of(
        scene.flat, scene.marks, quantity.start, quantity.end, (scene.sentence.start, scene.sentence.end)
    )
    voice = _voice(scene, quantity)
    if mark is None and previous and _shares_verb(scene, previous, quantity):
        status = previous.status
        if "status" in previous.evidence:
            evidence["status"] = previous.evidence["status"]
    if (
        mark
        and mark.tense
        and mark.says == "reported"
        and voice
        and voice.mention
        and voice.mention.kind != "media"
    ):
        status = "planned"  # the future of a past speech: "a annoncé qu'il investirait"
    if place:
        evidence["period"] = place
    if mark:
        evidence["status"] = (mark.start, mark.end)
    if voice:
        evidence["attribution"] = (voice.start, voice.end)
        if status in ("actual", "planned") and _is_hearsay(voice, figure):
            status = "reported"
    if period is None and status in ("actual", "reported", "planned", "possible", "denied"):
        period = published
    return replace(figure, period=period, status=status, attribution=voice.words if voice else None)


_NEW_VERB = re.compile(
    r"\b(?:a|ont|est|sont|était|avait|fut|vaut|atteint|représente|contre|après|au lieu de|au-delà)\b|[;.]|\b\w{3,}(?:ait|aient)\b"
)


def _shares_verb(scene: _Scene, previous: Figure, quantity: Quantity) -> bool:
    """Whether no verb of its own stands between a figure and the one before: a list, a conversion, `dont 2 à la signature`."""
    return previous.status != "actual" and not _NEW_VERB.search(
        scene.flat, previous.quantity.end, quantity.start
    )


def _is_hearsay(voice: Voice, figure: Figure) -> bool:
    """Whether the source speaks of others: the press, an unnamed source, the head of another company."""
    if voice.mention is None:
        return True
    if voice.mention.kind == "media":
        return True
    party = voice.mention.name
    return (
        bool(voice.mention.person)
        and party not in (figure.subject, figure.actor)
        and voice.mention.kind == "company"
    )


def _apposed(scene: _Scene, quantity: Quantity) -> str | None:
    """The entity that an amount in parentheses stands behind: `Skype (8,5 Md$ en 2011)`."""
    for mention in scene.mentions:
        if mention.end <= quantity.start and re.fullmatch(
            r"\s\((?:\w+\s)?", scene.flat[mention.end : quantity.start]
        ):
            return mention.name
    return None


def _signed_change(scene: _Scene, quantity: Quantity, previous: Figure | None, evidence: Evidence) -> Figure:
    """A percentage with its sign, `(+15 %)`: the change of what the figure before it measures."""
    direction = "up" if scene.text[quantity.start] == "+" else "down"
    base = (
        previous.base if previous and previous.measure == "change" else previous.measure if previous else None
    )
    evidence["measure"] = evidence["direction"] = (quantity.start, quantity.start + 1)
    return Figure(
        quantity, scene.sentence, "change", previous.subject if previous else scene.topic,
        direction=direction, base=base, evidence=evidence,
    )  # fmt: skip


def _continued(scene: _Scene, quantity: Quantity, previous: Figure | None) -> Figure | None:
    """The figure just before that this one goes on from: its conversion, a list, `contre 77 millions un an plus tôt`."""
    if previous is None:
        return None
    if quantity.equivalent_of == previous.quantity.start:
        return previous
    if previous.quantity.kind != quantity.kind or previous.measure is None:
        return None
    gap = scene.flat[previous.quantity.end : quantity.start]
    if (
        previous.measure == "change"
        and quantity.kind == "percent"
        and re.search(r"\bet\b[^;:]{0,60}\bde (?:\w+ de )?$", gap)
    ):
        return previous
    if len(gap) > 60 or any(
        previous.quantity.end <= hit.start < quantity.start for hit in scene.hits if hit.form.cue.weight > 1
    ):
        return None
    if re.search(r"\bcontre\s+(?:\w+\s|d'){0,3}$", gap) or re.fullmatch(
        r"[\s,]*(?:et|ou|à|puis|voire|-)?\s*(?:de\s|à\s|d'|les\s|en\s\d{4}\s|\w+\s){0,3}", gap
    ):
        return previous
    return None


def _like(figure: Figure, quantity: Quantity, sentence: Sentence, evidence: Evidence) -> Figure:
    """The figure with the measure and parties of one that it goes on from."""
    for column in ("measure", "subject", "actor"):
        if column in figure.evidence:
            evidence[column] = figure.evidence[column]
    return replace(
        figure, quantity=quantity, sentence=sentence, evidence=evidence, status="actual", attribution=None
    )


def _main_of_text(quantity: Quantity, before: list[Figure]) -> Figure | None:
    """The last figure of the measure that most sums so far have: a sum of its order without a cue is of it too."""
    told = [f for f in before if f.quantity.kind == "money" and f.unresolved is None and f.measure in _MAIN]
    if quantity.kind != "money" or not told:
        return None
    measure, times = Counter(figure.measure for figure in told).most_common(1)[0]
    size = quantity.value or quantity.low or 0
    if times * 2 < len(told) or (measure == "deal_value" and size < _LARGE):
        return None
    return next((f for f in reversed(told) if f.measure == measure and f.subject), None)


_MAIN = ("deal_value", "funding", "penalty", "compensation", "budget", "capex", "price", "revenue", "valuation")


def _of_new_party(scene: _Scene, figure: Figure, before: Figure) -> Figure:
    """The figure with the party that is new since the one before: `Nvidia cédait 2 % et Microsoft 3 %`."""
    quantity = figure.quantity
    if quantity.equivalent_of is not None:
        return figure
    for mention in scene.mentions:
        between = before.quantity.end <= mention.start and mention.end <= quantity.start
        if not between or mention.kind in ("place", "media"):
            continue
        if re.fullmatch(r"(?:,?\s(?:et\s|puis\s|contre\s)?|\s;\s)(?:l[ea]s?\s|l')?", scene.flat[before.quantity.end : mention.start]):
            column = "actor" if before.actor and _acts(scene, before) else "subject"
            figure.evidence[column] = (mention.start, mention.end)
            return replace(figure, **{column: mention.name})
    return figure


def _acts(scene: _Scene, figure: Figure) -> bool:
    """Whether it is the actor of a figure that stands before it: the place that a new party takes."""
    place = figure.evidence.get("actor")
    return place is not None and place[1] <= figure.quantity.start


def _decide(scene: _Scene, quantity: Quantity, evidence: Evidence, before: list[Figure]) -> Figure:
    for cost, hit in sorted(_ranked(scene, quantity), key=lambda pair: pair[0]):
        cue = hit.form.cue
        if cue.measure == "price" and cue.nouns[:1] == ("cours",) and (quantity.value or 0) >= _LARGE:
            continue  # no share costs as much
        if cost > 6 and (anaphoric := _of_theme(scene, quantity, evidence)):
            return anaphoric
        sources = tuple(
            voice.mention.name for voice in scene.voices if voice.mention and voice.mention.kind == "media"
        )
        if cue.needs and not _find_party(scene, hit, quantity, cue.needs, sources):
            continue
        actor, subject = _parties(scene, hit, quantity, sources)
        evidence["measure"] = (hit.start, hit.end)
        if cue.measure == "stake" and subject is None and actor and (holder := _holder(scene, actor)):
            actor, subject = holder
        for column, party in (("actor", actor), ("subject", subject)):
            if party and party.place:
                evidence[column] = party.place
        figure = Figure(
            quantity, scene.sentence, cue.measure, subject.name if subject else None, actor.name if actor else None,
            direction=cue.direction, unresolved=None if subject or not cue.subject else "no subject",
            evidence=evidence, base=_base(scene, hit, quantity),
        )  # fmt: skip
        figure = _public(_by_size(figure, scene, hit), scene)
        return replace(figure, subject=apposed) if (apposed := _apposed(scene, quantity)) else figure
    if anaphoric := _of_theme(scene, quantity, evidence):
        return anaphoric
    if share := _share_of(scene, quantity, evidence):
        return share
    if before and _goes_on(scene, quantity, before[-1]):
        return _like(before[-1], quantity, scene.sentence, evidence)
    if main := _main_of_text(quantity, before):
        return _like(main, quantity, scene.sentence, evidence)
    return Figure(
        quantity, scene.sentence, "other", _spoken_of(scene, quantity), unresolved="no cue", evidence=evidence
    )


_SHARE = re.compile(
    r"[\s»”\"]{1,3}(?:des|du|de la|de l'|de ces|de ses|de leurs?|de|d')\s?(?P<whole>(?:[\w'-]+\s?){1,2})"
)


def _share_of(scene: _Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A percentage of some whole that no other cue governs: `95 % du soja` is a share of a market or a population."""
    if quantity.unit != "percent":
        return None
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    if not match:
        return None
    evidence["measure"] = evidence["base"] = match.span("whole")
    held = next((m for m in scene.mentions if match.start("whole") == m.start), None)
    if held and held.kind in ("company", ""):
        actor = scene.deal[0] if held.name == scene.deal[1] else None
        return Figure(quantity, scene.sentence, "stake", held.name, actor, evidence=evidence)
    subject = held.name if held else None
    base = scene.text[slice(*match.span("whole"))].strip()
    return Figure(quantity, scene.sentence, "market_share", subject, base=base, evidence=evidence)


_LEVEL = r"(?:attei|dépass|excéd|excèd|s'élev|s'élèv|s'établi|ressort|avoisin|culmin|frôl|approch|grimp|mont|tomb|revien|revena|pass|représent|se chiffr)\w*"
_ANAPHOR = re.compile(
    rf"\b(?:ils?|elles?|celle-ci|celui-ci)\s(?:\w+\s)?{_LEVEL}[^,;:.]{{0,30}}$"
    r"|\b(?:le|la|les|l')\s?(?:estim|évalu|chiffr|fix|voi|voy|situ)\w*[^,;.]{0,30}\bà\s[^,;:.]{0,20}$"
)


def _of_theme(scene: _Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A sum that a pronoun is said to reach: `Les ventes suivent : elles dépassent 4 milliards`."""
    if scene.theme is None or quantity.kind != "money":
        return None
    found = _ANAPHOR.search(scene.flat, max(scene.sentence.start, quantity.start - 70), quantity.start)
    if not found:
        return None
    evidence["measure"] = (found.start(), found.start() + len(found[0].split(" ")[0]))
    figure = Figure(quantity, scene.sentence, scene.theme, scene.last or scene.topic, evidence=evidence)
    return _by_size(figure, scene, None)


def _spoken_of(scene: _Scene, quantity: Quantity) -> str | None:
    """The entity that a figure without a cue is about: the subject of its sentence, else the topic."""
    stop = scene.sentence.start
    for mention in scene.mentions:
        if mention.end > quantity.start:
            break
        if mention.kind not in ("media", "place") and _is_nominative(scene.flat, stop, mention):
            return mention.name
        stop = mention.end
    return scene.topic


def _holder(scene: _Scene, actor: _Party) -> tuple[_Party, _Party] | None:
    """A founder and the company that he or she holds: `Kevin Systrom, son cofondateur, en détient 40 %`."""
    mention = next((m for m in scene.mentions if (m.start, m.end) == actor.place and m.person), None)
    return (_Party(mention.person, actor.place), _Party(mention.name, actor.place)) if mention else None


def _public(figure: Figure, scene: _Scene) -> Figure:
    """Public money with the state that pays it: a ministry, the government and the head of state pay for it."""
    if figure.measure != "budget":
        return figure
    if figure.actor is None or figure.actor.startswith(_STATE_BODIES):
        return replace(figure, actor=scene.state)
    return figure


_LARGE = 50_000_000  # no share, seat or good of the press costs as much; a company does


def _by_size(figure: Figure, scene: _Scene, hit: _Hit | None) -> Figure:
    """The figure with a measure that fits its size: a `price` of 26 milliards is a deal's, a `valuation` of 65 dollars a share's."""
    quantity = figure.quantity
    size = quantity.value or quantity.low or 0
    if quantity.kind != "money":
        return figure
    if (
        figure.measure == "deal_value"
        and size < 1_000_000
        and hit is not None
        and "vendre" in hit.form.cue.verbs
    ):
        return replace(figure, measure="price", actor=None)
    if figure.measure == "valuation" and size < 100_000:
        return replace(figure, measure="price")
    if figure.measure == "price" and size >= _LARGE and scene.deal[1]:
        bought = (
            figure.subject
            if "subject" in figure.evidence and figure.subject != scene.deal[0]
            else scene.deal[1]
        )
        return replace(figure, measure="deal_value", actor=scene.deal[0], subject=bought)
    if hit is None:
        return figure
    if figure.measure == "compensation" and size >= _LARGE and "indemnité" in scene.flat[hit.start : hit.end]:
        return replace(figure, measure="penalty")
    if (
        figure.measure == "compensation"
        and hit.form.kind == "verb"
        and size >= _LARGE
        and figure.subject
        and figure.subject == figure.actor
    ):
        return replace(figure, measure="earnings", actor=None)
    return figure


_ONGOING = ("deal_value", "funding", "valuation", "capex", "penalty", "budget", "compensation", "revenue", "earnings", "loss",
            "market_share", "rate")  # fmt: skip


def _goes_on(scene: _Scene, quantity: Quantity, last: Figure) -> bool:
    """Whether a figure without a cue tells more of what the one before it told: same kind and unit, close behind."""
    return (
        last.measure in _ONGOING
        and last.quantity.kind == quantity.kind
        and last.quantity.unit == quantity.unit
        and last.sentence.zone == scene.sentence.zone
        and quantity.start - last.quantity.end < 350
    )


def _base(scene: _Scene, hit: _Hit, quantity: Quantity) -> str | None:
    """The account that a change changes, where a cue in the sentence names it."""
    if hit.form.cue.measure != "change":
        return None
    bases = (
        "revenue",
        "earnings",
        "loss",
        "debt",
        "price",
        "valuation",
        "compensation",
        "capex",
        "budget",
        "assets",
    )
    near = [other for other in scene.hits if other.form.cue.measure in bases and other.form.kind == "noun"]
    return min(near, key=lambda other: abs(other.start - hit.start)).form.cue.measure if near else None


# --- which cue ------------------------------------------------------------------------------------------------

_REACH = 45.0
_RELATIVE = re.compile(
    r"\b(?:que|qui|qu'|dont|alors que|tandis que|apr[èe]s|avant|contre|mais|lorsque|soit|puis)\b|[()]"
)


def _ranked(scene: _Scene, quantity: Quantity) -> Iterator[tuple[float, _Hit]]:
    for hit in scene.hits:
        if hit.form.cue.kinds and quantity.kind not in hit.form.cue.kinds:
            continue
        cost = _cost(scene, hit, quantity)
        if cost is not None and cost < _REACH:
            yield cost, hit


def _cost(scene: _Scene, hit: _Hit, quantity: Quantity) -> float | None:
    """How far a cue stands from a figure, in words and in what separates them; `None` where it cannot govern it."""
    flat = scene.flat
    if hit.form.kind == "after":
        gap = flat[quantity.end : hit.start]
        return (
            -hit.form.cue.weight - 6
            if quantity.end <= hit.start and len(gap.strip(' "»”')) <= 12 and "," not in gap
            else None
        )
    if hit.start < quantity.end and hit.end > quantity.start:
        return None
    if hit.end <= quantity.start:
        gap, side = flat[hit.end : quantity.start], 0.0
    else:
        gap, side = flat[quantity.end : hit.start], 5.0
        if _governs_its_own(scene, hit):
            return None
        if re.fullmatch(r"\s*(?:de|d'|du|des|en)\s*(?:\w+\s)?", gap):
            side = -2.0
    if hit.form.cue.direction and _SOLD.match(flat, quantity.end) and flat[hit.start : hit.start + 2] == "cé":
        return None
    if hit.form.cue.direction and not _tells_change(flat, hit, quantity):
        return None
    between = sum(
        1
        for other in scene.quantities
        if min(hit.end, quantity.end) <= other.start < max(hit.start, quantity.start)
        and other is not quantity
    )
    words = len(re.findall(r"\w+", gap))
    separated = 2.5 * gap.count(",") + 9 * len(re.findall(r"[;:]", gap)) + 5 * len(_RELATIVE.findall(gap))
    return words + side + separated + 5 * between - hit.form.cue.weight


# "céder 25 % à son fonds" sells a share, "céder 2 % à 45 euros" loses in price.
_SOLD = re.compile(r"\s(?:à|au|aux|du|de)\s(?!\d)")
_GOVERNS = re.compile(r"\s(?:(?:\w+\s){0,3}(?:de|d'|à|inférieure? à|supérieure? à)\s?(?:\w+\s(?:de|d')\s?)?)?$")


def _governs_its_own(scene: _Scene, hit: _Hit) -> bool:
    """Whether a noun behind a figure has a figure of its own: `19,7 milliards, avec une prime de 23 %`."""
    following = next((q for q in scene.quantities if q.start >= hit.end), None)
    return following is not None and bool(_GOVERNS.fullmatch(scene.flat[hit.end : following.start]))


# "le gain dépasse 61 %", "la hausse atteint 5 %"
_REACHES = re.compile(
    r"\s(?:[\w']+\s){0,4}?(?:atteint|atteignait|atteindra|dépasse|dépassait|est|était|sera|ressort|avoisine|s'élève|s'établit)"
    r"\s(?:[\w']+\s){0,3}(?:de\s|d'|à\s)?"
)


def _tells_change(flat: str, hit: _Hit, quantity: Quantity) -> bool:
    """Whether a figure is the amount of a change: `en hausse de 5 %`, `perd 5 %`; not its level: `en hausse à 5 %`."""
    if hit.end <= quantity.start:
        gap = flat[hit.end : quantity.start]
        if len(gap) > 70 or re.search(r"[;:.()]|\b(?:qui|que(?! de)|et|pour)\b", gap):
            return False
        lead = re.search(r"(?:\b(?:plus|moins|près|environ|quelque|autour|au|jusqu)\b[\s\w']*)?$", gap)
        head = gap[: lead.start()] if lead else gap
        if quantity.kind == "percent" and hit.form.kind == "noun" and _REACHES.fullmatch(gap):
            return True
        growth = flat[hit.start : hit.end] == "croissance"
        if growth and quantity.kind == "percent" and re.search(r"\bà\s*$", head):
            return True
        if re.search(r"\b(?:à|au|aux|pour)\s*$", head) and not re.search(r"\bjusqu'à", gap):
            return False
        if quantity.kind == "money":
            return hit.form.kind == "noun" and bool(
                re.fullmatch(r"\s*(?:\w+\s){0,2}(?:de|d'|des)\s*[\w\s']*", gap)
            )
        return bool(re.search(r"\b(?:de|d'|des|par)\s*$|^\s*$|^\s*(?:de\s|d')", head)) or not head.strip()
    gap = flat[quantity.end : hit.start]
    return bool(re.fullmatch(r"\s*(?:de|d'|en)\s*(?:\w+\s)?", gap)) or not gap.strip()


# --- which parties ----------------------------------------------------------------------------------------------


_POSSESSIVE = re.compile(r"\b(?:son|sa|ses|leur|leurs)\s(?:\w+\s)?$")


def _parties(
    scene: _Scene, hit: _Hit, quantity: Quantity, sources: tuple[str, ...]
) -> tuple[_Party | None, _Party | None]:
    cue = hit.form.cue
    if hit.form.kind == "noun" and _POSSESSIVE.search(
        scene.flat, max(scene.sentence.start, hit.start - 25), hit.start
    ):
        return _possessed(scene, hit, quantity, sources)
    named = tuple(place for place in cue.subject if place not in _IMPLICIT)
    investors = (
        tuple(m.name for m in scene.mentions if _INVESTOR.search(m.name))
        if cue.measure in ("valuation", "funding", "revenue")
        else ()
    )
    subject = _find_party(scene, hit, quantity, named, (*sources, *investors))
    actor = _find_party(scene, hit, quantity, cue.actor, (*sources, *((subject.name,) if subject else ())))
    if subject is None:
        left = tuple(place for place in cue.subject if place in _IMPLICIT and place != "actor")
        subject = _find_party(scene, hit, quantity, left, (*sources, *((actor.name,) if actor else ())))
    return actor, subject or (actor if "actor" in cue.subject else None)


# Places that no word of the sentence fills.
_IMPLICIT = frozenset({"topic", "deal target", "other", "actor"})


def _possessed(
    scene: _Scene, hit: _Hit, quantity: Quantity, sources: tuple[str, ...]
) -> tuple[_Party | None, _Party | None]:
    """The parties of `son achat de WhatsApp`, `sa valeur`: the owner is the last entity that the sentence named, or its topic."""
    cue = hit.form.cue
    owners = [m for m in scene.mentions if m.end <= hit.start and m.name not in sources and m.kind != "place"]
    nominative = _nominative(scene.flat, scene.sentence.start, hit, owners)
    owner = nominative or (owners[-1] if owners and cue.actor else None)
    party = (
        _Party(owner.name, (owner.start, owner.end))
        if owner
        else _Party(scene.topic, None)
        if scene.topic
        else None
    )
    if not cue.actor:
        return None, party
    others = tuple(place for place in cue.subject if place not in ("actor", "topic", "nsubj"))
    subject = _find_party(scene, hit, quantity, others, (*sources, *((party.name,) if party else ())))
    return party, subject or (party if "actor" in cue.subject else None)


def _find_party(
    scene: _Scene, hit: _Hit, quantity: Quantity | None, places: Iterable[str], but: tuple[str, ...]
) -> _Party | None:
    """The entity at the first of the places that has one, other than those in `but`."""
    places = list(places)
    if hit.form.kind == "verb":  # a verb's own subject and object before what a preposition introduces
        places.sort(key=lambda place: place not in ("nsubj", "obj"))
    prepositions = tuple(place for place in places if place not in _PLACES)
    for place in places:
        if place in prepositions:
            mention = _behind(
                scene, hit, [m for m in scene.mentions if m.name not in but], prepositions, quantity
            )
            if mention:
                return _Party(mention.name, (mention.start, mention.end))
        elif place == "topic":
            if hit.form.cue.measure in ("valuation", "funding") and scene.topic in giants() and scene.deal[1]:
                if scene.deal[1] not in but and scene.flat[hit.start : hit.start + 6] != "capita":
                    return _Party(scene.deal[1], None)
            owned = hit.form.cue.measure in _OWNED and scene.last is not None
            name = scene.last if owned else scene.topic
            if name and name not in but:
                return _Party(name, None)
        elif place.startswith("deal "):
            name = scene.deal[0 if place == "deal actor" else 1]
            stale = place == "deal actor" and scene.deal[1] not in but and quantity is not None and bool(but)
            if name and name not in but and not stale:
                return _Party(name, None)
        else:
            mention = _mention_at(scene, hit, place, but, quantity)
            if mention:
                name = (
                    mention.speaker if mention.person and hit.form.cue.measure in _PERSONAL else mention.name
                )
                return _Party(name, (mention.start, mention.end))
            if place == "nsubj" and (owner := _own_head(scene, hit, but)):
                return _Party(owner.person, (owner.start, owner.end))
    return None


_INVESTOR = re.compile(r"(?:Capital|Ventures|Partners|Fund|Funds|Global|Management|Investments|Horowitz|Holdings)$")
_OWNED = ("revenue", "earnings", "loss", "valuation", "funding", "change")
_PERSONAL = (
    "assets",
    "compensation",
)  # what a person has or is paid is the person's, whatever he or she heads


def _own_head(scene: _Scene, hit: _Hit, but: tuple[str, ...]) -> Mention | None:
    """A head who acts on the very company that he or she heads: `Lawrence Stroll investit dans Aston Martin`."""
    subject = _nominative(scene.flat, scene.sentence.start, hit, scene.mentions)
    return subject if subject and subject.person and subject.name in but else None


_PLACES = frozenset(
    {"topic", "dative", "nsubj", "obj", "other", "state", "deal actor", "deal target", "actor"}
)


def _mention_at(
    scene: _Scene, hit: _Hit, place: str, but: tuple[str, ...], quantity: Quantity | None = None
) -> Mention | None:
    mentions = [m for m in scene.mentions if m.name not in but and m.kind not in ("place", "media")]
    passive = hit.form.kind == "verb" and hit.form.participle and _is_passive(scene.flat, hit)
    if place == "nsubj":
        if not passive:
            return _nominative(scene.flat, scene.sentence.start, hit, mentions)
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


_WHOM = re.compile(r"\bqu(?:e\s|')")


def _whom(scene: _Scene, hit: _Hit, mentions: list[Mention]) -> Mention | None:
    """The entity that a relative clause is said of: `SpaceX, que Bloomberg évalue à 400 milliards`."""
    found = list(_WHOM.finditer(scene.flat, scene.sentence.start, hit.start))
    if not found or re.search(r"[,;:]", scene.flat[found[-1].end() : hit.start]):
        return None
    before = [m for m in mentions if m.end <= found[-1].start()]
    if not before or not re.fullmatch(r",\s", scene.flat[before[-1].end : found[-1].start()]):
        return None
    for i in range(len(before) - 1, -1, -1):
        if _is_nominative(scene.flat, before[i - 1].end if i else scene.sentence.start, before[i]):
            return before[i]
    return None


def _pronoun_object(scene: _Scene, hit: _Hit, mentions: list[Mention]) -> Mention | None:
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


def _is_passive(flat: str, hit: _Hit) -> bool:
    return not _HAVING.search(flat, max(0, hit.start - 40), hit.start)


def _nominative(
    flat: str, start: int, hit: _Hit, mentions: list[Mention], *, reduced: bool = False
) -> Mention | None:
    """The subject of a verb or the one that a noun's verb has: the nearest entity on the left without a preposition."""
    left = [m for m in mentions if m.end <= hit.start]
    if not left:
        return None
    last = left[-1]
    if reduced or re.match(r"\s*,?\s*qui\b", flat[last.end : hit.start]):
        return last
    for i in range(len(left) - 1, -1, -1):
        if _is_nominative(flat, left[i - 1].end if i else start, left[i]):
            return left[i]
    return None


def _object(flat: str, hit: _Hit, mentions: list[Mention]) -> Mention | None:
    right = [m for m in mentions if m.start >= hit.end]
    if right and len(flat[hit.end : right[0].start]) < 70:
        gap = flat[hit.end : right[0].start]
        before_name = re.sub(r"\b(?:le|la|les|l'|un|une)\b.*", "", gap)
        if _preposition(flat, hit.end, hit.end + len(before_name)) is None and not re.search(
            r"[.;:]|\d", gap
        ):
            return right[0]
    return None


_CLAUSE_END = re.compile(r"[;:]|\b(?:alors que|tandis que|apr[èe]s que|mais|apr[èe]s son)\b")


_RELATIVE_PRONOUN = re.compile(
    r",?\s(?P<pronoun>dont|où|auquel|à laquelle|dans lequel|dans laquelle|à qui)\s"
)


def _antecedent_of_relative(
    scene: _Scene, hit: _Hit, mentions: list[Mention], prepositions: tuple[str, ...]
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


_TO_ACQUIRE = re.compile(r"\bpour (?:acquérir|racheter|acheter|s'offrir|prendre|s'emparer|mettre la main)\b")


def _behind(
    scene: _Scene,
    hit: _Hit,
    mentions: list[Mention],
    prepositions: tuple[str, ...],
    quantity: Quantity | None = None,
) -> Mention | None:
    """The first entity behind the cue, or between the figure and the cue, that one of the prepositions introduces."""
    begin = hit.end if quantity is None or hit.end <= quantity.start else quantity.end
    stops = sorted({begin, hit.end, *(m.end for m in scene.mentions), *(q.end for q in scene.quantities)})
    if relative := _antecedent_of_relative(scene, hit, mentions, prepositions):
        return relative
    for mention in mentions:
        if mention.start < begin or mention.kind == "place":
            continue
        if _CLAUSE_END.search(scene.flat, begin, mention.start) or mention.start - begin > 200:
            return None
        stop = max(s for s in stops if s <= mention.start)
        if any(" " in p and p in scene.flat[stop : mention.start] for p in prepositions):
            return mention
        if "acquérir" in prepositions and _TO_ACQUIRE.search(scene.flat, begin, mention.start):
            return mention
        comma = scene.flat.rfind(",", stop, mention.start)
        if _preposition(scene.flat, max(stop, comma + 1), mention.start) in prepositions:
            return mention
    return None


# --- when, and who says so --------------------------------------------------------------------------------------


def _period(
    scene: _Scene, quantity: Quantity, published: str | None, like: Figure | None
) -> tuple[str | None, tuple[int, int] | None]:
    """The date nearest to the figure in its clause, else the only one of the sentence."""
    if like is not None and quantity.equivalent_of is not None:
        return like.period, like.evidence.get("period")
    dates = [d for d in scene.dates if not (quantity.start <= d.start < quantity.end)]
    if not dates:
        return None, None
    best = min(dates, key=lambda dated: _distance(scene, dated, quantity))
    if _distance(scene, best, quantity) > 30:
        return None, None
    return best.edtf, (best.start, best.end)


def _distance(scene: _Scene, dated: Dated, quantity: Quantity) -> float:
    if dated.start >= quantity.end:
        gap, between = scene.flat[quantity.end : dated.start], (quantity.end, dated.start)
    else:
        gap, between = scene.flat[dated.end : quantity.start], (dated.end, quantity.start)
    crossed = sum(1 for q in scene.quantities if between[0] <= q.start < between[1])
    # A date behind another figure is that figure's; a date that opens the sentence holds for all of it.
    each = _BEHIND_ANOTHER if dated.start >= quantity.end else 5
    cost = (
        len(re.findall(r"\w+", gap)) + 3 * gap.count(",") + 12 * len(re.findall(r"[;:]", gap)) + each * crossed
        + 6 * len(_RELATIVE.findall(gap))
    )  # fmt: skip
    opens = len(re.findall(r"\w+", scene.flat[scene.sentence.start : dated.start])) <= 2
    return min(cost, 14.0 + crossed) if opens and dated.end <= quantity.start and ";" not in gap else cost


_BEHIND_ANOTHER = 25


def _voice(scene: _Scene, quantity: Quantity) -> Voice | None:
    """The source that the figure is credited to: of those that reach it, the nearest."""
    reaching = [v for v in scene.voices if v.reach[0] <= quantity.start < v.reach[1]]
    return min(
        reaching, key=lambda v: min(abs(v.start - quantity.end), abs(quantity.start - v.end)), default=None
    )
