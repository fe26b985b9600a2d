"""Discourse: what a text is about from one sentence to the next, and whom its descriptions and pronouns mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from etl.clause import ACCOUNTS, Deal, Figure, Scene, is_nominative, nominatives, preposition
from etl.cues import Form, Hit, cue_forms
from etl.lexicon import Scan, alternation, compile_scan, find_place, phrases_of, printed_words_of, words_of
from etl.parties import Cast, Mention, giants, is_court, of_trade
from etl.roles import find_party
from etl.segments import Sentence
from etl.stance import is_cited, tells


def theme_after(flat: str, sentence: Sentence, hits: list[Hit]) -> str | None:
    """The account whose noun is the subject of a sentence: `Les ventes suivent` is one."""
    accounts = [hit for hit in hits if _is_account(hit.form)]
    if not accounts:
        return None
    for hit in accounts:
        begin = max(sentence.start, flat.rfind(",", sentence.start, hit.start) + 1)
        if preposition(flat, begin, hit.start) is None:
            return hit.form.cue.measure
    changes = (hit for hit in hits if hit.form.kind == "noun" and hit.form.cue.direction)
    for change in changes:  # "une hausse de son bénéfice. Il s'élève à 20 milliards"
        for hit in accounts:
            if _ITS.fullmatch(flat, change.end, hit.start):
                return hit.form.cue.measure
    return None


_ITS = re.compile(r"[^.,;:()]{0,40}?\s(?:de\s(?:son|sa|ses|leurs?)|du|des|de\sla)\s")


@cache
def _role() -> str:
    return alternation(printed_words_of("head"))


_HAS_ROLE = re.compile(
    rf",\s(?:le\s|la\s|l'|son\s|sa\s)?{_role()}\b(?!\s(?:\w+\s){{0,2}}(?:de|du|des|chez)\b|\s(?:\w+\s)?d')",
    re.IGNORECASE,
)


def resolve(
    cast: Cast,
    flat: str,
    sentence: Sentence,
    topic: str | None,
    deal: Deal,
    main: str | None,
    last: str | None,
) -> list[Mention]:
    """The mentions of a sentence, with the name that descriptions and pronouns stand for; those without one dropped.

    `last` is the company that the sentence before was about, if only it, whom a pronoun means where there is no topic.
    """
    resolved: list[Mention] = []
    for mention in cast.between(sentence.start, sentence.end):
        if mention.kind == "person" and topic and not mention.person and _HAS_ROLE.match(flat, mention.end):
            # "Amy Hood, la directrice financière," acts for the company that the text is about
            mention = mention._replace(name=topic, kind="company", form="head", person=mention.name)
        if mention.name:
            resolved.append(mention)
            continue
        if mention.form == "press":
            opens = not flat[sentence.start : mention.start].strip(' «“"')
            led = opens or _LEADS.search(flat, max(sentence.start, mention.start - 6), mention.start)
            resolved += _last_medium(cast, mention) if led and not _QUALIFIED.match(flat, mention.end) else []
            continue
        means = (
            main
            if _is_group(mention, topic, main) or _is_named_later(cast, mention, sentence, topic)
            else topic
        )
        if mention.form == "pronoun" and resolved and _is_stressed(flat, resolved[-1], mention):
            resolved.append(mention._replace(name=resolved[-1].name, kind=resolved[-1].kind))
            continue
        if mention.form == "pronoun":
            means = means or last
        elif mention.form == "company" and cast.kinds.get(means or "") in _NO_COMPANY:
            means = main if cast.kinds.get(main or "") not in _NO_COMPANY else None
        if name := _antecedent(cast, flat, mention, resolved, sentence, means, deal):
            resolved.append(mention._replace(name=name))
    return resolved


_NO_COMPANY = ("state", "place", "person")  # what `le groupe` never means


def _is_named_later(cast: Cast, mention: Mention, sentence: Sentence, topic: str | None) -> bool:
    """Whether a pronoun cannot mean the topic, as its sentence goes on to name it: `elle a payé 3 millions pour X`."""
    if mention.form != "pronoun":
        return False
    return any(m.name == topic and m.form == "name" for m in cast.between(mention.end, sentence.end))


_QUALIFIED = re.compile(
    r"\s(?:de\s|d'|du\s|des\s)"
)  # "le quotidien d'information économique" is one that was not named


_LEADS = re.compile(r"(?:[,.:;«»\"“”(–-]\s?|\bque\s|\b(?:du|de|et)\s)$")


def _last_medium(cast: Cast, mention: Mention) -> list[Mention]:
    """`le quotidien` as the medium named last before it, where one was."""
    near = cast.between(mention.start - _WITHIN, mention.start)
    last = next((m for m in reversed(near) if m.name in cast.media), None)
    return [mention._replace(name=last.name, kind=last.kind)] if last else []


def _is_group(mention: Mention, topic: str | None, main: str | None) -> bool:
    """Whether `le groupe` means the giant that the document is about, and not the small company just spoken of."""
    return mention.printed in printed_words_of("buyer") and main in giants() and topic not in giants()


_OF = re.compile(r".{0,3}(?:(?<=\bde\s)|du\s)")


def _antecedent(
    cast: Cast,
    flat: str,
    mention: Mention,
    before: list[Mention],
    sentence: Sentence,
    topic: str | None,
    deal: Deal,
) -> str | None:
    """The name that a description or pronoun stands for, or `None`."""
    if mention.form == "state":
        return cast.state
    if mention.form == "company":
        if trader := _of_its_trade(cast, mention, topic):
            return trader
        named = [m for m in before if m.kind == "company"]
        if named and all(m.form == "head" for m in named) and _OF.match(flat, max(0, mention.start - 3)):
            return named[-1].name  # "Zuckerberg a changé le nom de l'entreprise": the one that he heads
        buys = deal[0] and cast.kinds.get(deal[0]) not in _NO_COMPANY
        if buys and mention.printed in printed_words_of("buyer") and topic in (None, *deal):
            return deal[0]
        if (
            deal[1]
            and mention.printed not in printed_words_of("buyer")
            and (topic in (None, deal[1]) or (topic == deal[0] and deal[0] in giants()))
        ):
            return deal[1]
        led_by = preposition(flat, before[-1].end if before else sentence.start, mention.start)
        if led_by == "dans" and (subject := _subject_before(flat, before, sentence)):
            return _young_company(cast, mention.start, {subject.name}, deal)
        return topic or _last_company(cast, mention.start)
    if mention.form == "pronoun" and mention.printed in printed_words_of("latter"):
        if last := _latter(cast, mention, before):
            return last
    elif mention.form == "pronoun" and mention.printed:
        return _of_two(cast, mention, before)
    subject = _subject_before(flat, before, sentence)
    if mention.form == "pronoun":
        return subject.name if subject else topic
    return _young_company(cast, mention.start, {subject.name} if subject else {topic}, deal)


def _is_stressed(flat: str, name: Mention, pronoun: Mention) -> bool:
    """Whether a pronoun only stresses the name before it: `la France, elle, accuse un déficit`."""
    return flat[name.end : pronoun.start] == ", " and flat.startswith(",", pronoun.end)


def _latter(cast: Cast, mention: Mention, before: list[Mention]) -> str | None:
    """Whom `ce dernier` means: who was named last before it, close by."""
    near = [*cast.between(mention.start - _NEARBY, mention.start), *before]
    fit = (m for m in reversed(near) if m.name and m.kind not in ("media", "place", "state"))
    last = next((m for m in fit if m.name not in cast.media), None)
    return last.name if last and mention.start - last.end < _CLOSE_BY else None


_CLOSE_BY = 40  # characters


def _of_two(cast: Cast, mention: Mention, before: list[Mention]) -> str | None:
    """The first or the second of the only two companies, or states, named before `le premier` or `le second`."""
    for near in (before, cast.between(mention.start - _NEARBY, mention.start)):
        for kinds in (("", "company", "product"), ("state",)):
            named = list(dict.fromkeys(m.name for m in near if m.name and m.kind in kinds))
            if len(named) == _TWO:
                return named[mention.printed in printed_words_of("second of two")]
    return None


_TWO = 2


def _of_its_trade(cast: Cast, mention: Mention, topic: str | None) -> str | None:
    """The only entity named so far that is known by a trade, which the topic is not: `le distributeur` is Amazon."""
    if mention.printed not in words_of("trade"):
        return None
    of_it = of_trade(mention.printed)
    if topic in of_it:
        return None
    named = {m.name for m in cast.between(mention.start - _WITHIN, mention.start) if m.name in of_it}
    return named.pop() if len(named) == 1 else None


def _subject_before(flat: str, before: list[Mention], sentence: Sentence) -> Mention | None:
    """The first entity of a sentence so far that no preposition introduces."""
    stop = sentence.start
    for mention in before:
        if mention.kind not in ("media", "place") and is_nominative(flat, stop, mention):
            return mention
        stop = mention.end
    return None


_NEARBY = 300
_WITHIN = 10_000  # characters back to a company that `la start-up` still means


def _last_company(cast: Cast, place: int) -> str | None:
    """The only company named just before: what `le groupe` means in a text without a topic."""
    near = {m.name for m in cast.between(place - _NEARBY, place) if m.kind == "company" and m.name}
    return near.pop() if len(near) == 1 else None


def _young_company(cast: Cast, place: int, but: set[str | None], deal: Deal) -> str | None:
    """The company that `la start-up` means: one so called, the target of the deal, else the one named most."""
    before = cast.between(place - _WITHIN, place)
    for mention in reversed(before) if cast.young else ():
        if mention.name in cast.young:
            return mention.name
    if deal[1] and deal[1] not in giants():
        return deal[1]
    scores: dict[str, float] = {}
    but = but | giants()
    for mention in before:
        if not mention.name or mention.name in but:
            continue
        if mention.kind in ("", "company", "product"):
            scores[mention.name] = cast.counts[mention.name] + 3 * (place - mention.start < 300)
    if not scores:
        return None
    return max(scores, key=lambda name: (scores[name], name))


_PARTIES = ("", "company", "product", "institution")


_MINISTRIES = ("ministère", "Bercy", "Matignon", "Élysée")  # a chamber has accounts of its own
_RETURNS = 2  # an entity named so often is one that the text is about


def main_entity(cast: Cast, sentences: list[Sentence], flat: str) -> str | None:
    """The company that the document names most, its title counting three times; else a state or person.

    Who only tells is not whom a text is about. A ministry counts as its state: what is told of one is told of the
    country.
    """
    title = max((s.end for s in sentences[:1] if s.zone == "title"), default=0)
    scores: dict[str, float] = {}
    kinds: dict[str, str] = {}
    for mention in cast.mentions:
        if not mention.name or mention.kind in ("media", "place"):
            continue
        body = mention.kind == "institution" and mention.name.startswith(_MINISTRIES)
        if cast.counts[mention.name] == 1 and mention.start >= title and not body:
            continue  # neither the text's nor a rival of one that it returns to
        if not _only_tells(flat, mention):
            name = (cast.state if body else None) or mention.name
            worth = 1.0 if mention.kind in _PARTIES and not body else 0.3
            kinds.setdefault(name, "state" if body else mention.kind)
            scores[name] = scores.get(name, 0) + worth * (3 if mention.start < title else 1)
    for name in sorted(scores, key=lambda name: scores[name], reverse=True):
        if scores[name] <= _RETURNS:
            break
        if not _only_surveys(flat, cast.named.get(name, ())):
            return name
        del scores[name]
    rivals = max((cast.counts[name] for name in scores if kinds[name] in _PARTIES), default=0)
    people = [n for n in scores if kinds[n] == "person" and cast.counts[n] >= max(_RETURNS, rivals + 1)]
    return max(people, key=lambda name: scores[name], default=None)


# A place that the title names and the text so often, and no state more often, is where it happens.
_OF_PLACE = 3


def main_place(cast: Cast, sentences: list[Sentence]) -> str | None:
    """The place or state whose prices, rates and shares a text tells: the place of its title, else its state."""
    title = max((s.end for s in sentences[:1] if s.zone == "title"), default=0)
    named = [m.name for m in cast.between(0, title) if m.kind == "place"]
    if not named:
        return cast.state
    times = Counter(m.name for m in cast.mentions if m.kind == "place")
    least = max(_OF_PLACE, cast.counts[cast.state] if cast.state else 0)
    return next((name for name in named if times[name] >= least), cast.state)


def _only_tells(flat: str, mention: Mention) -> bool:
    return mention.kind in ("institution", "person") and tells(flat, mention)


def with_surveyors(cast: Cast, flat: str) -> Cast:
    """The cast with the companies that a text names for their survey alone as the institutions that tell it."""
    if find_place(_survey(), flat, 0, len(flat)) is None:
        return cast
    names = {m.name for m in cast.mentions if m.kind == "company" and m.name and m.form == "name"}
    telling = {name for name in names if _only_surveys(flat, cast.named[name])}
    if not telling:
        return cast
    mentions = tuple(m._replace(kind="institution") if m.name in telling else m for m in cast.mentions)
    return replace(cast, mentions=mentions)


@cache
def _survey() -> Scan:
    return compile_scan(r"\b(?:étude|enquête|sondage|baromètre|panel|observatoire)\b")


def _only_surveys(flat: str, mentions: Iterable[Mention]) -> bool:
    """Whether the mentions of somebody are of a survey alone: `l'étude menée par Deloitte`, `note Deloitte`."""
    named = [m for m in mentions if not flat.endswith("(", 0, m.start)]
    surveys = {m.start for m in named if _SURVEY_OF.search(flat, max(0, m.start - _CLAUSE), m.start)}
    if not surveys:
        return False
    told = sum(m.start in surveys or tells(flat, m) or is_cited(flat, m) for m in named)
    return 3 * told > 2 * len(named)


_SURVEY_OF = re.compile(
    r"\b(?:étude|enquête|sondage|baromètre|panel|calculs?|observatoire|estimations?|statistiques)\s(?:[a-zà-ÿ]+\s)?"
    r"(?:par\s|d[eu]\s|d')?(?:l[ae]\s|l')?(?:cabinet\s|institut\s)?$"
    r"|\b(?:men|condui|réalis|publi|effectu|révél|dévoil|délivr|fourn|communiqu|divulgu|compil|interrog|sond)(?:ée?|te?|ie?)s?"
    r"\s(?:[\wà-ÿ]+\s){0,2}?par\s(?:l[ae]\s|l')?(?:cabinet\s|institut\s)?(?:(?:[\w'-]+\s){1,3}?et\s)?$"
    r"|\b(?:étude|enquête|sondage|baromètre)\s[^.;:]{0,45}\s(?:pour|avec)\s(?:l[ae]\s|l')?$"
)
_CLAUSE = 60  # characters back to the preposition that introduces a name
_SPOKEN_OF = 600  # characters back to the person whom `son salaire` means


def person_before(cast: Cast, flat: str, place: int) -> str | None:
    """The person spoken of at a place: of those just named who do not only tell, the one that the text names most.

    Whom a preposition introduces once is not gone on about, where the text returns to another: `Il a cédé la direction
    à son dauphin, Luc Bernard`.
    """
    before = cast.between(place - _SPOKEN_OF, place)
    near = [m for m in before if (m.kind == "person" or m.person) and not tells(flat, m)]
    times, most = cast.people, cast.foremost
    most = most if most and times[most] > _RETURNS else None
    if not near:
        return most
    best = max(reversed(near), key=lambda m: times[m.speaker])
    once = (
        times[best.speaker] == 1 and preposition(flat, max(0, best.start - _CLAUSE), best.start) is not None
    )
    return most if once and most else best.speaker


_FORGOTTEN = 500  # characters after which an entity that is not the document's own is no topic any more


# "Chez xAI, la courbe est inverse", "Enfin, chez xAI, …", "Même constat du côté de xAI": the text turns to the entity.
_TURNS_TO = re.compile(
    r"\W*(?:(?:enfin|de même|en revanche|à l'inverse|par ailleurs|même\s[^,.;:]{3,25}),?\s)?"
    r"(?P<to>chez|quant à|du côté de|du côté d'|pour|à propos de|côté)\s?(?:la\s|le\s|l')?(?:groupe\s|constructeur\s)?"
)


def headed_by(flat: str, sentence: Sentence, mentions: list[Mention]) -> str | None:
    """The company that a heading inside a text is about: `ABB vend moins`, above the lines on ABB."""
    if sentence.zone != "title" or sentence.start == 0:
        return None
    return next((m.name for m in nominatives(flat, sentence.start, mentions) if m.kind == "company"), None)


def announced(flat: str, sentence: Sentence, mentions: list[Mention]) -> str | None:
    """The entity that a sentence says first that it is about: as a label, or by turning to it."""
    if not mentions or mentions[0].start - sentence.start > _OPENING:
        return None
    return _labelled(flat, sentence, mentions[0]) or _opened_with(flat, sentence, mentions[0])


_OPENING = 60  # characters: "En revanche, même constat du côté de l'"


def _labelled(flat: str, sentence: Sentence, first: Mention) -> str | None:
    """The entity before a colon that opens a sentence, which is about it: `► 09h32. Renault: les pertes …`."""
    if first.kind in ("media", "place", "person", "state") or first.person or first.form == "pronoun":
        return None
    opens = not flat[sentence.start : first.start].strip(_OPENS_LINE)
    return first.name if opens and _COLON.match(flat, first.end, sentence.end) else None


_OPENS_LINE = ' \n\u00a0-•●►–—*·>"«“.:0123456789h'
_COLON = re.compile(r"\s?:\s")


def _opened_with(flat: str, sentence: Sentence, first: Mention) -> str | None:
    """The company that a sentence opens by turning to: `Chez Renault, les ventes reculent`."""
    turns = first.kind in ("company", "", "product", "media") and not first.person and first.form != "pronoun"
    turning = turns and _TURNS_TO.fullmatch(flat, sentence.start, first.start)
    if not turning or turning["to"] == "pour":  # "Pour Moody's, la dette augmentera": who reckons
        return None
    return first.name if _TURNED.match(flat, first.end, sentence.end) else None


_TURNED = re.compile(r"\s?(?:,|:|\set\s)|\s(?:aussi|également|en revanche)\b")


def topic_after(
    flat: str, sentence: Sentence, mentions: list[Mention], topic: str | None, main: str | None, cast: Cast
) -> str | None:
    """The entity that the next sentence goes on about: the first of this one that no preposition introduces."""
    if mentions and (turned := _turned_to(flat, sentence, mentions, main, cast.counts)):
        return turned
    if topic == main:
        return main
    recent = any(m.name == topic for m in cast.between(sentence.end - _FORGOTTEN, sentence.end))
    return topic if recent else main


def _turned_to(
    flat: str, sentence: Sentence, mentions: list[Mention], main: str | None, counts: Mapping[str, int]
) -> str | None:
    """The entity that a sentence makes the topic: what it opens with, heads a section, or tells something of."""
    if _TURNS_TO.fullmatch(flat, sentence.start, mentions[0].start):
        return mentions[0].name
    if of_section := headed_by(flat, sentence, mentions):
        return of_section
    fit = {
        m.name
        for m in mentions
        if counts[m.name] >= _RETURNS
        and (
            m.kind in ("", "company", "product")
            or m.name == main
            or (m.kind == "state" and counts[m.name] > _RETURNS)
        )
    }
    for mention in nominatives(flat, sentence.start, mentions) if fit else ():
        if mention.name in fit and not is_cited(flat, mention):
            return mention.name
    return None


def company_of(flat: str, sentence: Sentence, mentions: list[Mention]) -> str | None:
    """The company that a sentence is about: the first entity that it names, where no preposition introduces it."""
    for mention in mentions:
        if mention.kind not in ("media", "place"):
            company = mention.kind == "company" and is_nominative(flat, sentence.start, mention)
            return mention.name if company else None
    return None


def deal_after(
    flat: str,
    sentence: Sentence,
    mentions: list[Mention],
    hits: list[Hit],
    deal: Deal,
) -> Deal:
    """Actor and target of the deal that the text is about after this sentence, which no figure of it tells."""
    hits = [hit for hit in hits if _makes_deal(hit.form)]
    if not hits or len({mention.name for mention in mentions} | {deal[1]} - {None}) < _PARTIES_OF_DEAL:
        return deal
    scene = Scene("", flat, sentence, mentions, hits, [], [], [], [], None, deal, None, None)
    for hit in hits:
        cue, bought = hit.form.cue, hit.form.kind == "noun"
        courts = tuple(mention.name for mention in mentions if is_court(mention.name))
        target = find_party(scene, hit, None, cue.needs or ("de",), courts)
        if target is None:
            continue
        places = ("par", "nsubj", "de") if bought else ("nsubj", "par", "de")
        if actor := find_party(scene, hit, None, places, (target.name,)):
            regulates = any(m.name == actor.name and m.kind == "institution" for m in mentions)
            return deal[0] if regulates else actor.name, target.name
    return deal


_PARTIES_OF_DEAL = 2


def _makes_deal(form: Form) -> bool:
    """Whether a cue tells who buys whom: `le rachat`, and each verb of a deal that names what it buys."""
    cue = form.cue
    if cue.measure != "deal_value":
        return False
    return "rachat" in cue.nouns if form.kind == "noun" else bool(cue.needs) and form.kind == "verb"


def _is_account(form: Form) -> bool:
    return form.kind == "noun" and form.cue.measure in ACCOUNTS


@cache
def told_on() -> Scan:
    """Where a cue can stand that a text goes on about, in a sentence without a figure too: an account, a deal."""
    return phrases_of(
        (phrase, form) for phrase, form in cue_forms() if _is_account(form) or _makes_deal(form)
    ).scan


def with_party_beside(cast: Cast, flat: str, figure: Figure) -> Figure:
    """A deal with the party that only the text beside it tells: the buyer who speaks of it next, the start-up before.

    `Le rachat d'Instagram coûte 1 milliard. Facebook a indiqué que l'opération était close.`
    """
    if figure.measure != "deal_value" or (figure.subject is None) == (figure.actor is None):
        return figure
    start, end = figure.quantity.start, figure.sentence.end
    if figure.actor is None:
        behind = cast.between(end, end + _NEARBY)
        buyer = next(
            (m for m in behind if m.kind == "company" and m.form == "name" and m.name != figure.subject), None
        )
        speaks = buyer and _SPEAKS_OF_DEAL.match(flat, buyer.end) and is_nominative(flat, end, buyer)
        return figure._replace(actor=buyer.name) if buyer and speaks else figure
    before = {m.name for m in cast.between(start - _NEARBY, start) if m.name in cast.young} - {figure.actor}
    return figure._replace(subject=before.pop(), unresolved=None) if len(before) == 1 else figure


_SPEAKS_OF_DEAL = re.compile(
    r"\s(?:a\s|avait\s)?(?:indiqu|confirm|annonc|précis|assur|déclar|affirm)\w+\s(?:\w+\s){0,2}qu(?:e\s|')"
    r"(?:l'opération|l'acquisition|la\stransaction|le\srachat|l'accord)\b"
)
