"""Populations: whose a share, a rate or a price is where it belongs to a country, a place, a people, or a person rated.

General news counts what no company owns: a country's prices, a town's voters, the French who trust a minister.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from etl.clause import Figure, Scene, of_words, preposition
from etl.lexicon import (
    Entity,
    Phrases,
    alternation,
    find_phrases,
    lexicon,
    phrases_of,
    printed_words_of,
    words_of,
)
from etl.nouns import Phrase, among, complement_of, glossed, is_of_people, subject_phrase
from etl.quantities import Quantity
from etl.shares import PLURAL_VERB, ballot
from etl.stance import Voice, tells

_OF_ANYBODY = ("market_share", "rate", "change", "price", "other", "budget", "headcount", "users")
_NOT_MEANT = ("institution", "person", "media", "")


def of_country(scene: Scene, figure: Figure, voice: Voice | None) -> Figure:
    """A figure that no word gives to anybody, as the country's where the text is about no company.

    Who says it is not whose it is: `Philippe Etchebest estime que 40 % des restaurants fermeront`.
    """
    if figure.measure not in _OF_ANYBODY:
        return figure
    says = voice.mention if voice else None
    here = any(
        mention.name == figure.subject and (says is None or mention.name != says.name)
        for mention in scene.mentions
    )
    implied = "subject" not in figure.evidence and figure.subject is not None and not here
    if figure.subject and figure.subject not in scene.kinds and "subject" in figure.evidence:
        states = set(_of_peoples(scene, *figure.evidence["subject"]))
        return figure._replace(subject=states.pop()) if len(states) == 1 else figure
    if "subject" not in figure.evidence and scene.kinds.get(figure.subject or "") == "state":
        where = located(scene, figure.quantity)
        return figure._replace(subject=where) if where else figure
    meant = figure.subject == scene.main and scene.kinds.get(figure.subject or "") in ("institution", "")
    counts = (figure.subject or "").startswith("Observatoire")
    meant = meant and not counts and figure.subject not in printed_words_of("counts for others")
    if meant and figure.measure == "market_share" and scene.kinds.get(figure.subject or "") == "institution":
        # "Selon la CGT, 80 % des écoles rouvrent"; a party has its share of a vote
        within = scene.sentence.start, scene.sentence.end
        votes = ballot().search(scene.flat, *within) and not _TURNOUT.search(scene.flat, *within)
        meant = bool(votes or _OF_ITS_PEOPLE.match(scene.flat, figure.quantity.end))
    if implied and not meant and scene.kinds.get(figure.subject or "") in _NOT_MEANT:
        return figure._replace(subject=located(scene, figure.quantity) or scene.home)
    return figure


_TURNOUT = re.compile(r"\b(?:abstention|participation)\b")
_OF_ITS_PEOPLE = re.compile(
    r"\s(?:de\s(?:ses|son|sa|leurs?)|du\s(?:budget|personnel)|des\s(?:effectifs|agents|salariés))\b"
)
# The people of whom a share is told: "84 % des Français" and "63 % des enfants américains".
_POPULATION = re.compile(r"[\s»”\"]{1,3}(?:des|de\sla|de|d'|du)\s?(?P<who>[\w-]+)(?:\s(?P<which>[\w-]+))?")


def of_population(scene: Scene, figure: Figure) -> Figure:
    """A share of a people as that people's state; one of people whom no word of the sentence gives to anybody, of none.

    A company that is only remembered has no part in `63 % des enfants étaient vaccinés`.
    """
    if figure.measure not in ("market_share", "other"):
        return figure
    if glossed := _of_glossed(scene, figure) or _of_gloss(scene, figure) or _of_staff(scene, figure):
        return glossed
    match = _POPULATION.match(scene.flat, figure.quantity.end, scene.sentence.end)
    if figure.measure != "market_share" or figure.quantity.unit != "percent":
        return figure
    if match is None:
        return _of_those_among(scene, figure)
    if _ASKED.match(scene.flat, figure.quantity.end) and scene.kinds.get(
        figure.subject or "", "state"
    ) not in ("state", "person"):
        figure.evidence.pop("subject", None)
        return figure._replace(subject=scene.home, unresolved=None if scene.home else "no subject")
    if match["who"] == "entre" and (of_them := _of_them(scene, figure)):
        return of_them
    people = match["who"] in words_of("person noun") | words_of("collective noun") | {"population"}
    name = "who" if scene.text[match.start("who")].isupper() else "which"
    if (name == "who" or people) and (states := _peoples()[0].payloads.get(match[name] or "")):
        figure.evidence["subject"] = match.span(name)
        return figure._replace(subject=states[0], unresolved=None)
    whole = complement_of(scene.flat, figure.quantity.end, scene.sentence.end)
    if whole and (figure.subject is None or _is_object_of(scene, figure, whole)):
        same = _OF_THE_SAME.match(scene.flat, whole.end, scene.sentence.end)
        place = (whole.start, same.end() if same else _end_of_people(scene, whole))
        if scene.text[whole.start].islower() and whole.head not in words_of("vote") | words_of("anybody"):
            return of_words(scene, figure, *place)
    if counted := _of_what_it_counts(scene, figure, whole, things=not people):
        return counted
    return _of_people_here(scene, figure) if people else figure


def _of_those_among(scene: Scene, figure: Figure) -> Figure:
    """A share of those of whom its clause opens with some, as theirs: `Parmi les décès, 82 % concernent …`."""
    where = scene.kinds.get(figure.subject or "", "state")
    if "subject" in figure.evidence or where not in ("state", "place"):
        return figure
    those = among(scene.flat, scene.sentence.start, figure.quantity.start)
    if those is None or scene.text[those.start].isupper():
        return figure
    if _counts_nothing(those) or those.head in words_of("vote"):
        return figure
    return of_words(scene, figure, those.start, those.end)


def _of_people_here(scene: Scene, figure: Figure) -> Figure:
    """A share of people whom only the memory of somebody owns, as theirs, their place's or the country's."""
    named = any(
        m.name == figure.subject and preposition(scene.flat, scene.sentence.start, m.start) not in _NOT_THEIRS
        for m in scene.mentions
        if m.end <= figure.quantity.start
    )
    implied = figure.subject is not None and "subject" not in figure.evidence and not named
    if not implied or scene.kinds.get(figure.subject or "") == "institution":
        return figure
    if where := located(scene, figure.quantity):
        return figure._replace(subject=where)
    if people_told := _told_people(scene, figure.quantity):
        return of_words(scene, figure, *people_told)
    if scene.kinds.get(figure.subject or "") in ("company", "person", "product", ""):
        return figure._replace(subject=scene.home, unresolved=None if scene.home else "no subject")
    return figure


def _of_what_it_counts(scene: Scene, figure: Figure, whole: Phrase | None, *, things: bool) -> Figure | None:
    """A share of common nouns, which no person has: of those who act in a clause of their own, of mere things.

    `Le recteur Luc Bernard sait que 60 % des élèves viendront`; of Luc Bernard's fire: `90 % des bâtiments ont brûlé`.
    """
    whose = scene.kinds.get(figure.subject or "", "state")
    if whole is None or whose not in ("person", ""):
        return None
    if not whole.is_plural or scene.text[whole.start].isupper():
        return None
    if _counts_nothing(whole) or whole.head in words_of("vote"):
        return None
    if ballot().search(scene.flat, whole.start, whole.end) or _is_part(scene, figure.quantity):
        return None
    end = _end_of_people(scene, whole)
    act = whose == "person" and PLURAL_VERB.match(scene.flat, end, scene.sentence.end)
    remembered = things and not any(m.name == figure.subject for m in scene.mentions)
    if not act and not remembered:
        return None
    where = located(scene, figure.quantity)
    return figure._replace(subject=where) if where else of_words(scene, figure, whole.start, end)


def _is_object_of(scene: Scene, figure: Figure, whole: Phrase) -> bool:
    """Whether a share's subject is what its people see, know or want: `68 % des jeunes connaissent le Vel'd'Hiv`."""
    start, _ = figure.evidence.get("subject", (0, 0))
    had = scene.kinds.get(figure.subject or "") in ("", "company", "product", "media")
    before = any(m.name == figure.subject and m.end <= figure.quantity.start for m in scene.mentions)
    seen = whole.is_plural and PLURAL_VERB.search(scene.flat, whole.end, start)
    return had and not before and bool(seen)


def _told_people(scene: Scene, quantity: Quantity) -> tuple[int, int] | None:
    """Where the people stand whom a share is of, and who are no whole country: `62 % des retraités`."""
    if _is_part(scene, quantity):
        return None
    whole = complement_of(scene.flat, quantity.end, scene.sentence.end)
    if whole is None or not whole.is_plural or scene.text[whole.start].isupper():
        return None
    end = _end_of_people(scene, whole)
    anybody = whole.head in words_of("anybody") and end - whole.start == len(whole.head)
    return None if anybody or whole.head in words_of("vote") else (whole.start, end)


def _end_of_people(scene: Scene, whole: Phrase) -> int:
    """Where the phrase of a whole ends, without what was asked of it and without what does not agree with it."""
    said = _SAID_OF_PEOPLE.search(scene.flat, whole.start, whole.end)
    return said.start() if said and whole.is_plural else whole.end


def _is_part(scene: Scene, quantity: Quantity) -> bool:
    """Whether a share is of what stands before it: `le tourisme représente 10 % des emplois`."""
    return _IS_PART.search(scene.flat, scene.sentence.start, quantity.start) is not None


_IS_PART = re.compile(
    r"\b(?:représent|constitu|regroup|rassembl|concentr|compos|pes|pès|form)\w*\s(?:\w+\s){0,4}?$"
)
# As in: 60 % des entreprises interrogées, des passagers ayant réservé, des patients âgés de plus de 70 ans
_SAID_OF_PEOPLE = re.compile(
    r"\s(?:(?:interrogé|sondé|questionné|étudié)e?s|\w+ant|(?:\w+\s)?de\s(?:plus|moins|notre|votre|leur))$"
)


_NOT_THEIRS = ("pour", "avant", "après", "depuis", "selon", "contre")  # what stands behind these has no share


def _of_glossed(scene: Scene, figure: Figure) -> Figure | None:
    """A percentage that only repeats `sept Français sur dix` as that of their state."""
    if figure.measure != "market_share" or scene.state is None:
        return None
    glosses = _glossed_people(scene, figure.quantity)
    told, _ = figure.evidence.get("subject", (0, 0))
    if glosses is None or told > glosses.start():
        return None
    between = any(glosses.start() < m.start < figure.quantity.start for m in scene.mentions)
    return None if between else figure._replace(subject=scene.state, unresolved=None)


_ASKED = re.compile(
    r"\s(?:des|de\sces)\s(?:sondés|interrogés|personnes\s(?:sondées|interrogées)|répondants)\b"
)


def _of_them(scene: Scene, figure: Figure) -> Figure | None:
    """A share `d'entre elles` as that of the people or things that the clause before is about: `Les femmes …`."""
    here = any(m.name == figure.subject and m.kind != "state" for m in scene.mentions)
    start = max(0, scene.sentence.start - _SPOKEN_OF)
    them = subject_phrase(scene.flat, start, figure.quantity.start)
    if here or them is None or not them.is_plural or scene.text[them.start].isupper():
        return None
    if _counts_nothing(them):
        return None
    return of_words(scene, figure, them.start, them.end)


_SPOKEN_OF = 250  # characters back to those whom `eux` and `elles` mean


def _of_gloss(scene: Scene, figure: Figure) -> Figure | None:
    """A percentage between parentheses as that of the common noun before them: `le magret de canard (19 %)`."""
    alone = figure.quantity.unit == "percent" and scene.flat.startswith(")", figure.quantity.end)
    told = "subject" in figure.evidence or scene.kinds.get(figure.subject or "") == "company"
    if not alone or told or any(m.name == figure.subject for m in scene.mentions):
        return None
    noun = glossed(scene.flat, scene.sentence.start, figure.quantity.start)
    if noun is None or _counts_nothing(noun) or is_of_people(noun):
        return None
    if scene.text[noun.start].isupper():
        return None  # "Jean-Yves Le Drian (20 %)"
    return of_words(scene, figure, noun.start, noun.end)


_COUNTS_NOTHING = ("account noun", "money noun", "anybody", "respondent", "amount", "rating")


def _counts_nothing(noun: Phrase) -> bool:
    """Whether a share is never one of what a noun names: `prix`, `sondés`, `opinions`."""
    return any(noun.head in words_of(use) for use in _COUNTS_NOTHING)


def _of_staff(scene: Scene, figure: Figure) -> Figure | None:
    """A share of `les salariés` as that of the company that the text is about."""
    match = _POPULATION.match(scene.flat, figure.quantity.end, scene.sentence.end)
    company = scene.topic if scene.kinds.get(scene.topic or "") == "company" else scene.main
    own = scene.kinds.get(company or "") == "company" and "subject" not in figure.evidence
    if figure.measure != "market_share" or match is None or match["who"] not in _STAFF or not own:
        return None
    return figure._replace(subject=company, unresolved=None)


_STAFF = ("salariés", "employés", "collaborateurs", "salaries", "employes")
_OF_THE_SAME = re.compile(r"\sdes\s[a-zà-ÿ-]{4,}")  # "70 % des professeurs des écoles"


@cache
def _rating() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words_of('rating') | words_of('vote'))}\b")


_RATED = ("market_share", "other", "rate", "change")


def of_rated(scene: Scene, figure: Figure) -> Figure:
    """A rating, or a change of one, as that of the person rated: `la cote d'Édouard Philippe grimpe de 8 points`.

    He is named before the figure in its sentence, else behind it, or spoken of before it; a head is himself here.
    """
    quantity, sentence = figure.quantity, scene.sentence
    if quantity.unit not in ("percent", "percentage_point") or figure.measure not in _RATED:
        return figure
    kind = scene.kinds.get(figure.subject or "", "person")  # a head goes by the name of what he heads
    noun = figure.subject is not None and figure.subject not in scene.kinds and figure.subject[0].islower()
    if noun or kind not in ("state", "person", "institution"):
        return figure
    if _is_turnout(scene, figure):
        voter = scene.kinds.get(figure.subject or "") == "person" and figure.measure == "market_share"
        return figure._replace(subject=scene.home) if voter and scene.home else figure
    here = _rating().search(scene.flat, sentence.start, sentence.end)
    near = here or _rating().search(scene.flat, max(0, sentence.start - _RATED_BEFORE), sentence.start)
    if not near:
        return figure
    people = [m for m in scene.mentions if (m.kind == "person" or m.person) and not tells(scene.flat, m)]
    before = [m for m in people if m.end <= quantity.start]
    since = before[-1].end if before else sentence.start
    named = (m for m in scene.mentions if m.name == figure.subject and m.form == "name" and m.kind != "state")
    said = "subject" in figure.evidence and any(m.speaker == figure.subject for m in people)
    if said or any(m.kind != "person" or m.start >= since for m in named):
        return figure
    if _glossed_people(scene, quantity):
        return figure._replace(subject=scene.state) if scene.state else figure
    behind = next((m for m in people if m.start >= quantity.end), None)
    if behind and _FOR_HIM.fullmatch(scene.flat, quantity.end, behind.start):
        rated: str | None = behind.speaker
    elif before:
        rated = before[-1].speaker
    elif not here:
        return figure
    else:
        rated = behind.speaker if behind else scene.person(sentence.start)
    return figure._replace(subject=rated, unresolved=None) if rated else figure


def _is_turnout(scene: Scene, figure: Figure) -> bool:
    """Whether a figure is of voters, and no candidate's: the turnout is told before it, and nobody between."""
    start = figure.quantity.start
    if _TURNOUT_BEHIND.match(scene.flat, figure.quantity.end, scene.sentence.end):
        return True
    told = [*_TURNOUT.finditer(scene.flat, max(0, start - _RATED_BEFORE), start)]
    between = (m for m in scene.mentions if told and told[-1].end() <= m.start < start)
    return bool(told) and not any(
        m.form != "pronoun" and (m.kind in ("person", "") or m.person) for m in between
    )


_TURNOUT_BEHIND = re.compile(
    r"[^.;:]{0,60},\sl(?:a\s|')(?:participation|abstention)\b"
)  # "À 67 %, l'abstention …"
_FOR_HIM = re.compile(r"\s(?:pour|à)\s")  # "contre 32 % pour Emmanuel Macron"


def _glossed_people(scene: Scene, quantity: Quantity) -> re.Match[str] | None:
    """The respondents whom a figure glosses that opens a parenthesis behind them."""
    if not scene.flat.endswith("(", scene.sentence.start, quantity.start):
        return None
    return _glosses_people().search(scene.flat, scene.sentence.start, quantity.start)


@cache
def _glosses_people() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words_of('respondent'))}\b[^().;:]{{0,80}}\($")


_RATED_BEFORE = 250  # characters back to the rating that a sentence goes on about


# "70 % dans l'Allier, 78 % en Charente": what is told of each place
_THERE = re.compile(
    r"\s(?:dans\s(?:l['’]|l[ea]s?\s)|en\s|à\s(?:la\s|l['’])?|aux?\s|pour\s(?:l['’]|l[ea]s?\s))"
    r"(?P<place>[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+(?:(?:-(?:\w+['’])?|['’]|\s(?=[A-ZÀ-ÖØ-Þ]))[A-ZÀ-ÖØ-Þa-z][a-zà-ÿ]+)*)(?!\w)"
)
_OF_PLACES = ("market_share", "rate", "change", "price", "other")


def of_place(scene: Scene, figure: Figure) -> Figure:
    """A figure that no word gives to anybody, or to the country alone, as that of the place that stands behind it."""
    if figure.measure not in _OF_PLACES:
        return figure
    there = _THERE.match(scene.text, figure.quantity.end, scene.sentence.end)
    if there is None:
        return figure
    named = next((m for m in scene.mentions if m.start <= there.start("place") < m.end), None)
    if named and named.kind not in ("", "place", "state"):
        return figure
    kind = scene.kinds.get(figure.subject or "")
    of_country = kind == "place" or (kind == "state" and "subject" not in figure.evidence)
    if figure.subject is None or of_country or _is_of_another_place(scene, figure):
        figure.evidence["subject"] = there.span("place")
        return figure._replace(subject=named.name if named else there["place"], unresolved=None)
    return figure


def of_where(scene: Scene, figure: Figure) -> Figure:
    """A figure of a relative clause as that of the place that it is said of: `à Amiens, où 19 % de la population`."""
    start = figure.quantity.start
    counts = figure.quantity.kind not in ("money", "percent")
    if figure.measure not in _OF_PLACES or "subject" in figure.evidence or counts:
        return figure
    for place in scene.mentions:
        there = place.kind in ("place", "state") and place.end < start
        if there and _WHERE.fullmatch(scene.flat, place.end, start):
            return figure._replace(subject=place.name, unresolved=None)
    return figure


_WHERE = re.compile(r"(?:\s\([^()]{2,30}\))?,\soù\s(?:[^,;:.()]{0,80}\s)?")


def of_opening_place(scene: Scene, figure: Figure) -> Figure:
    """A figure that its clause gives to nobody as that of the place that opens it: `À Lyon, la chute atteint 9 %`."""
    owned = figure.subject is not None and scene.kinds.get(figure.subject) not in ("state", "place")
    if owned or figure.measure not in (*_OF_PLACES, "compensation"):
        return figure
    if _THERE.match(scene.text, figure.quantity.end, scene.sentence.end):
        return figure  # "contre 610 euros à Nantes"
    start = figure.quantity.start
    for place in reversed(scene.mentions):
        opens = place.kind in ("place", "state") and place.end < start
        if opens and _OPENS.search(scene.flat[scene.sentence.start : place.start]):
            told, _ = figure.evidence.get("subject", (-1, -1))
            goes_on = _OF_CLAUSE.fullmatch(scene.flat, place.end, start)
            named = any(m.name == figure.subject and m.start > place.start for m in scene.mentions)
            listed = any(m.kind == "place" and 0 < m.start - place.end <= len(", ") for m in scene.mentions)
            if told >= place.start or named or listed or not goes_on:
                return figure
            figure.evidence["subject"] = (place.start, place.end)
            return figure._replace(subject=place.name, unresolved=None)
    return figure


_OPENS = re.compile(
    r"(?:^|[;•.!?»]\s|,\s(?:et|mais)\s)\W*(?:à|a|en|aux?|dans\sl[ea]s?|dans\sl')\s?(?:la\s|l')?$"
)
_OF_CLAUSE = re.compile(r"(?:\s\([^()]{2,30}\))?,\s[^;.:()]*")


def _is_of_another_place(scene: Scene, figure: Figure) -> bool:
    """Whether the subject of a figure is the place that stands behind the figure before it."""
    named = ((m.start, m.end) for m in scene.mentions if m.name == figure.subject)
    start, _ = figure.evidence.get("subject") or next(named, (0, 0))
    return start < figure.quantity.start and bool(
        _BEHIND_FIGURE.search(scene.text, max(0, start - 20), start)
    )


_BEHIND_FIGURE = re.compile(
    r"(?:%|\d|euros?|dollars?|millions|milliards?)\s(?:dans|en|à|aux?|pour)\s(?:l['’]|l[ea]s?\s)?$"
)


# Where a state is a place: "l'inflation a atteint 3 % en Espagne".
_IN = re.compile(r"\b(?:en|au|aux)\s$")


def located(scene: Scene, quantity: Quantity) -> str | None:
    """The state where the text places a figure: the one behind it, else the only one that its sentence places."""
    placed = [
        m
        for m in scene.mentions
        if m.kind == "state" and m.form == "name" and _IN.search(scene.flat, max(0, m.start - 4), m.start)
    ]
    ahead = next((m for m in placed if _JUST_AHEAD.fullmatch(scene.flat, m.end, quantity.start)), None)
    if ahead:
        return ahead.name
    behind = [m for m in placed if m.start > quantity.start]
    following = next((q.start for q in scene.quantities if q.start > quantity.start), scene.sentence.end)
    if behind and behind[0].start < min(quantity.end + 30, following):
        return behind[0].name
    names = {m.name for m in placed} or set(_of_peoples(scene, scene.sentence.start, scene.sentence.end))
    return names.pop() if len(names) == 1 else None


_JUST_AHEAD = re.compile(
    r",?\s(?:(?:à|de|:|avec)\s)?"
)  # "en Allemagne 51 euros, en Grande-Bretagne 39 euros"


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
