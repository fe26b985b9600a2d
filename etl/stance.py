"""How far a text commits itself to a figure, and whom it credits with it.

The verb that governs the figure decides: the journalistic conditional reports, a future plans, `pouvoir` leaves
possible, a denial denies. A source is named by `selon`, by a verb of saying, or by the speaker of the quotation
around the figure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from etl.lexicon import (
    Group,
    Phrases,
    Scan,
    Source,
    Stance,
    alternation,
    compile_scan,
    conjugated,
    find_phrases,
    find_place,
    find_places,
    folded,
    lexicon,
    phrases_of,
    printed_words_of,
    scanned_alternation,
    words_of,
)
from etl.parties import Mention, is_public_body, is_state_body

PRECEDENCE = ("denied", "possible", "reported", "planned", "actual")


class Mark(NamedTuple):
    """Words at `start:end` that speak for a status, or that introduce a source."""

    start: int
    end: int
    says: str
    tense: bool = False  # told by the ending of a verb alone


@cache
def _marks() -> Phrases[str]:
    return phrases_of(
        (form, entry.status)
        for entry in lexicon().of(Stance)
        for form in (*entry.phrases, *(form for verb in entry.verbs for form in conjugated(verb)))
    )


# The conditional and the future of any verb: its infinitive, or the stem of an irregular one, with their endings.
# "préparait" and "consacrait" are no such stems; "tirait" and "virait" look like one and are listed.
_TENSE = re.compile(
    r"\b(?P<stem>ir|(?:(?:[a-zà-ÿ]+[ei]|s?au|conclu|exclu|inclu|(?:[a-zà-ÿ]*(?:pou|cou|mou|ve|que)r)"
    r"|[a-zà-ÿ]*(?:nd|ud|rd|tt|[iî]t|mp|inc|cev|dev|viv|suiv|mouv|pleuv)))r)"
    r"(?:(?P<conditional>ait|aient)|(?P<future>a|ont))\b"
)


def find_marks(text: str, flat: str, start: int, end: int) -> list[Mark]:
    """Every mark of status in `text[start:end]` in order; `flat` is the text as `folded` has prepared it.

    >>> from etl.lexicon import folded
    >>> text = "Meta paierait 15 milliards et pourrait recruter."
    >>> [mark.says for mark in find_marks(text, folded(text), 0, 48)]
    ['reported', 'possible']
    """
    marks = [
        Mark(a, b, says[0])
        for a, b, says in find_phrases(_marks(), flat, start, end)
        if not _IS_OWED.match(flat, a)
        and not (flat[a:b] == "risque" and _A_RISK.search(flat, max(0, a - 8), a))
        and (flat[a:b] not in _WITH_INFINITIVE or _INFINITIVE.match(flat, b))
        and (flat[a:b] not in _GOES or _TO_DO.match(flat, b))
        and not (flat.endswith("ne ", 0, a) and _IS_CAP.match(flat, b))
        and not (flat.startswith("négoci", a) and flat.endswith("se ", 0, a))
        and not (flat.endswith("jamais", a, b) and _NO_MORE.match(flat, b))
    ]
    if tensed := find_place(_tensed(), flat, start, end):
        marks += _tenses(text, flat, (start, end), tensed[0], marks)
    if flat.find("nous ", start, end) >= 0:
        shall = _WE_SHALL.finditer(flat, start, end)
        marks += [Mark(m.start("verb"), m.end(), "planned", tense=True) for m in shall]
    if flat.find("non ", start, end) >= 0:
        marks += [Mark(m.start(), m.end(), "denied") for m in _AND_NOT.finditer(flat, start, end)]
    if flat.find("pas", start, end) >= 0 or flat.find("jamais", start, end) >= 0:
        marks += [Mark(m.start(), m.end(), "denied") for m in _NEGATED.finditer(flat, start, end)]
    return sorted(marks, key=lambda mark: mark.start)


def _tenses(text: str, flat: str, sentence: tuple[int, int], first: int, marks: list[Mark]) -> list[Mark]:
    """The conditionals and futures of a sentence from the place of the first on, without those inside `marks`."""
    start, end = sentence
    taken = {position for mark in marks for position in range(mark.start, mark.end)}
    tenses = []
    for match in _TENSE.finditer(flat, first, end):
        name = text[match.start()].isupper() and match.start() > start
        told = match[0] in ("aura", "auront") and _ACCOMPLISHED.match(flat, match.end(), end)
        if told and not _BY_THEN.search(flat, start, end):
            continue
        if match.start() not in taken and not name and match["stem"] not in words_of("no infinitive"):
            says = "reported" if match["conditional"] else "planned"
            tenses.append(Mark(match.start(), match.end(), says, tense=True))
    return tenses


# "chaque bulletin aura donc coûté 6 euros" sums up what is past, "aura coûté 3 milliards d'ici 2030" does not
_ACCOMPLISHED = re.compile(
    r"\s(?:donc\s|ainsi\s|finalement\s|également\s|\w+ment\s)?[a-zà-ÿ]+(?:ée?s?|is?|it|us?)\b"
)
_BY_THEN = re.compile(r"\bd'ici\b|\bbientôt\b|\bfin 20\d\d\b|\ben 20[3-9]\d\b")


@cache
def _tensed() -> Scan:
    return compile_scan(r"\w+r(?:ait|aient|a|ont)\b|\bir(?:ait|aient|a|ont)\b")


_WE_SHALL = re.compile(r"nous(?<!\wnous) (?P<verb>\w+rons)\b")
# "doit 12 000 dollars" owes them; "compte investir" intends to, "compte 200 salariés" has them.
_IS_OWED = re.compile(
    r"d(?:oit|oivent|evait|evaient)\s(?:(?:encore|toujours|déjà|aussi|environ|quelque|au moins"
    r"|(?:près|plus|moins) de)\s)*"
    r"(?:(?:près|plus|moins) d')?"
    r"(?:\d|(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|cent|mille|plusieurs|des)\s)"
)
# "ne peuvent être facturés plus de 20 euros", "ne peut pas dépasser 3 000 euros": what a rule caps is no possibility
_IS_CAP = re.compile(
    r"\s(?:pas\s)?(?:(?:être\s)?\w+\s(?:plus\sd|au-delà\sd)|dépasser|excéder|être\ssupérieur)"
)
_A_RISK = re.compile(r"\b(?:de|du|le|un|ce|au|à|sans|haut|tout)\s$")  # "facteur de risque": the noun
_WITH_INFINITIVE = frozenset({"compte", "comptent", "comptait", "comptaient"})
_GOES = frozenset({"va", "vont", "allait", "allaient"})
# "va investir", "va bientôt tout vendre"; "va bien au premier semestre" is how it fares
_TO_DO = re.compile(
    r"\s(?!(?:très\s|plutôt\s)?(?:bien|mieux|mal)\s(?:au|aux|en|du|de|depuis|ce|cette|à)\b)(?:[^\W\d]+\s){0,3}?[^\W\d]+(?:er|ir|re)\b"
)
_NO_MORE = re.compile(r"\s(?:dépass|excéd|attei|franchi|été\saussi)")  # "n'a jamais dépassé" bounds what is
_INFINITIVE = re.compile(r"\s(?:\w+\s)?\w+(?:er|ir|re)\b")
# "2,3 millions d'euros et non pas 1 million"
_AND_NOT = re.compile(
    r"\b(?<!ou\s)non(?:\spas)?(?=\s(?:d'|de\s|à\s|des?\s|les?\s)?(?:\d|une?\s(?:demi-)?[mb]illi))"
)
# "n'a pas payé un milliard" denies the sum; "pas encore", "ne dépasse pas" and "ne … que" do not.
_NEGATED = re.compile(
    r"n(?<!\wn)(?:e\s|')(?!(?:\w+\s)?(?:dépass|excèd|excéd|attei|compt|communiqu|donn|précis|révél|sai[st]))(?:\w+\s){1,3}?(?:pas(?!\sencore)|jamais)\b(?!\s(?:dépass|excéd|attei|franchi|plus\sd|être\s\w+\s(?:plus\sd|au-delà\sd)))"
)


# Finite verbs of plain fact: one of them between a mark and the figure takes the figure from the mark.
@cache
def _fact() -> re.Pattern[str]:
    verbs = alternation(words_of("verb of fact"))
    return re.compile(
        r"\b(?:a|ont|avait|avaient|est(?!\sd[e'])|sont|étai(?:t|ent)|fut|furent"
        rf"|{verbs})\b"
    )


_BOUNDARY = re.compile(
    r"[;)]|\s[-\u2013\u2014]\s"
    r"|,?\s(?:alors que|tandis que|mais|apr[èe]s que|apr[èe]s avoir|apr[èe]s|contre|lorsque|quand|dont|apr[èe]s son)\s"
    r"|,?\s(?:malgré|en dépit d[eu])\s"
    r"|\(contre\s"
    # What is quoted behind a colon is a sentence of its own.
    r"|:\s?[\"«“]\s?(?:(?:l[ea]s?|une?|des|nous|je|ils?|elles?|on|ce)\s|[cjl]')"
    # Whom a measure is for is told as a fact: "versera une prime à ceux qui gagnent moins de 2 000 euros".
    r"|\s(?:qui|percevant|touchant|gagnant|disposant)\s"
)


def status_of(
    flat: str, marks: Sequence[Mark], start: int, end: int, sentence: tuple[int, int]
) -> tuple[str, Mark | None]:
    """The status that governs a figure at `start:end`, and the mark that says so; `actual` where nothing does.

    The nearest mark on the left counts unless a verb of fact or the end of its clause stands between; a mark on the
    right counts where the figure is the subject of its verb (`14 milliards seraient versés`).
    """
    if not marks:
        return "actual", None
    left = [mark for mark in marks if sentence[0] <= mark.start < start]
    governing: list[Mark] = []
    for mark in reversed(left):
        if not _reaches(flat, mark, start) or (
            governing and _NEW_CLAUSE.search(flat, mark.end, governing[-1].start)
        ):
            break
        governing.append(mark)
    right = [
        mark for mark in marks
        if _looks_back(flat, mark, end)
        and end <= mark.start < min(end + 40, sentence[1])
        and not _apart(flat, mark).search(flat, end + flat.startswith(")", end), mark.start)
    ]  # fmt: skip
    chosen = min([*governing, *right], key=lambda mark: PRECEDENCE.index(mark.says), default=None)
    if (
        chosen
        and chosen.tense
        and chosen.says in ("reported", "planned")
        and _CONDITION.search(flat, *sentence)
    ):
        return "possible", chosen
    return (chosen.says, chosen) if chosen else ("actual", None)


# What takes a verb from the figure before it: "3 millions et devrait"; before a noun, `pour` too: "rappelé pour risque"
_APART = re.compile(r"[,;:.()]|\b(?:que|qui|dont|et|ce)\b|\bqu'")
_APART_OF_NOUN = re.compile(rf"{_APART.pattern}|\bpour\b")


def _apart(flat: str, mark: Mark) -> re.Pattern[str]:
    """What may not stand between a figure and a mark behind it that can be its verb."""
    return _APART_OF_NOUN if flat.startswith(("risqu", "menac"), mark.start) else _APART


def _looks_back(flat: str, mark: Mark, end: int) -> bool:
    """Whether a mark can be of a figure before it: a verb whose subject it is, a participle: `les 4,9 % prévus`."""
    if mark.tense or mark.says == "possible" or flat[mark.start : mark.end] in _MODALS:
        return True
    planned = _EPITHET.fullmatch(flat, mark.start, mark.end)
    if planned is None:
        return False
    return bool(_AT_ONCE.fullmatch(flat, end, mark.start) or _WHICH_IS.fullmatch(flat, end, mark.start))


_AT_ONCE = re.compile(r"\s(?:initialement\s|d'abord\s|encore\s)?")
_WHICH_IS = re.compile(
    r"(?:\sd(?:e\s|')[\w' -]{2,25}?)?\s(?:est|sont)\s(?:encore\s|aussi\s|donc\s|également\s)?"
)
_MODALS = ("doit", "doivent", "devait", "devaient", "devrait", "devraient", "va", "vont")
# What holds on a condition is possible: "bondiraient de 80 % si …", "en cas d'échec".
_CONDITION = re.compile(
    r"(?<!même )(?<!comme )\b(?:si|s'ils?|en cas de|en cas d'|au cas où|à condition|à défaut)\b"
)


_NEW_CLAUSE = re.compile(r"[,;:]|\bqu|\bet\b")


# A denial holds only what its verb governs: "n'a pas payé un milliard", "dément avoir versé 3 millions".
_DENIES = re.compile(
    r"(?:\s(?!qui\b|que\b|qu'|dont\b|mais\b|seulement\b|sous\b|avec\b)[\w'’«\"-]+){0,7}\s?[«\"]?"
)


def _reaches(flat: str, mark: Mark, start: int) -> bool:
    between = flat[mark.end : start]
    if mark.says == "denied" and not _DENIES.fullmatch(between):
        return False
    before = flat[max(0, mark.start - 24) : mark.start]
    if _EPITHET.fullmatch(flat, mark.start, mark.end) and not _IS.search(before) and _IS_LEFT.search(between):
        return False
    return not _fact().search(between) and not _BOUNDARY.search(between) and len(between) < 200


# "Avant la réunion prévue jeudi, le groupe a gagné 3 millions" plans the meeting alone: behind a comma that no "de"
# follows, or behind "que", a participle without its auxiliary says nothing of a figure.
_EPITHET = re.compile(r"(?:prévu|attendu|promis|envisagé|réclamé)e?s?")
_IS = re.compile(
    r"(?:\b(?:a|ont|avait|avaient|aurait|est|sont|sera|seront|[ée]t[ée])|[ée]tai(?:t|ent))\s(?:\w+\s)?$"
)
_IS_LEFT = re.compile(r",(?!\s(?:de|d'|soit|pour|à)\b)|\squ(?:e\s|')")


# --- sources --------------------------------------------------------------------------------------------------


@cache
def _saying() -> Phrases[str]:
    entries = lexicon().of(Source)
    verbs = [
        (form, entry.takes)
        for entry in entries
        for verb in entry.verbs
        for form in (*conjugated(verb), *_pasts_of_reflexive(verb))
        if not form.endswith(("ra", "ront", "rait", "raient"))  # what will be added is no speech
    ]
    return phrases_of([*verbs, *((form, entry.takes) for entry in entries for form in entry.forms_of_saying)])


def _pasts_of_reflexive(verb: str) -> Iterator[str]:
    """`s'est félicité` and the like of `se féliciter`."""
    itself = _ITSELF.match(verb)
    for form in conjugated(verb) if itself else ():
        if form.endswith(("é", "ée", "és", "ées", "i", "ie", "is", "ies")):
            past = _ITSELF.sub("", form)
            yield from (f"s'est {past}", f"s'était {past}", f"se sont {past}")


_ITSELF = re.compile(r"s(?:e\s|')")


def _said(flat: str, start: int, end: int) -> list[tuple[int, int, tuple[str, ...]]]:
    """The verbs of saying that begin in `flat[start:end]`."""
    return find_phrases(_saying(), flat, start, end)


def _first_said(flat: str, start: int, end: int) -> tuple[int, int, tuple[str, ...]] | None:
    """The first verb of saying that begins in `flat[start:end]`."""
    return next(iter(_said(flat, start, end)), None)


@cache
def _introducing() -> Phrases[str]:
    return phrases_of(
        (form, "source") for entry in lexicon().of(Source) for p in entry.before for form in _elided(p)
    )


def _elided(phrase: str) -> tuple[str, ...]:
    if not phrase.endswith(" de"):
        return (phrase,)
    return (
        phrase,
        f"{phrase[:-2]}d'",
        f"{phrase[:-2]}du",
        f"{phrase[:-2]}des",
        f"{phrase[:-2]}de la",
        f"{phrase} l'",
    )


class Voice(NamedTuple):
    """A source at `start:end`: the mention of it, or its words where it has no name (`une source syndicale`).

    It is credited with the figures of `reach`, a span of the text.
    """

    start: int
    end: int
    words: str
    mention: Mention | None
    reach: tuple[int, int]


@cache
def _unnamed() -> re.Pattern[str]:
    uses = ("unnamed source", "unnamed body")
    sources, bodies = (alternation(printed_words_of(use)) for use in uses)
    return re.compile(
        r"(?:[ \u00a0](?:une?|des|l[ae]|les|plusieurs|deux|certaines?|certains)|[ \u00a0]l['\u2019])?"
        rf"[ \u00a0]?(?P<noun>(?:{sources}|(?<=la[ \u00a0])presse)\b[^,.;:()\"»”]{{0,60}}|{bodies}\b)"
    )


@cache
def _bodies() -> re.Pattern[str]:
    words = printed_words_of("unnamed body")
    return re.compile(rf"(?:\w+\s|l['\u2019])?{alternation(words)}\b", re.IGNORECASE)


def is_body(words: str) -> bool:
    """Whether an unnamed source is one that makes its figures itself: `la direction`, `une étude`; no `source`."""
    return bool(_bodies().match(words) or _records().match(words))


@cache
def _records() -> re.Pattern[str]:
    """What is written down speaks for itself: `selon les comptes`, `selon des chiffres de 2016`."""
    return re.compile(
        rf"(?:(?:les|des|ces|ses|le|un|du)\s)?{alternation(printed_words_of('record'))}\b", re.IGNORECASE
    )


_THAT = re.compile(r"(?:[^,;.]{0,60}?)\b(?<!alors\s)(?<!tandis\s)(?:que|qu'|:)|[^,;.]{0,40}[\"«“:]")
_SCOPE_END = re.compile(r"[;]|,?\s(?:alors|tandis)\squ(?:e\s|')")


_TOLD_BY = re.compile(
    r"\b(?:selon|d'après|auprès de|rapport de|étude de|enquête de|sondage)\s?(?:la\s|le\s|l'|du\s)?$"
)


def tells(flat: str, mention: Mention) -> bool:
    """Whether a mention is one of who tells, not of who is told of: `selon la Cour des comptes`, `l'Insee prévoit`."""
    if _TOLD_BY.search(flat, max(0, mention.start - 12), mention.start):
        return True
    if flat.startswith(",", mention.end) and flat.endswith("pour ", 0, mention.start):
        return True  # "Pour Terra Nova, la mesure rapporterait 3 milliards"
    if _LEAVES_CLAUSE.match(flat, mention.end):
        return False
    said = _first_said(flat, mention.end, mention.end + _SAYS_BEHIND)
    return said is not None and not _LEAVES_CLAUSE.search(flat, mention.end, said[0])


def is_cited(flat: str, mention: Mention) -> bool:
    """Whether a mention closes what it is cited for: `…, relève l'Observatoire`."""
    if not _CLOSES.search(flat, max(0, mention.start - _CITED_WITHIN), mention.start):
        return False
    said = _first_said(flat, mention.start - _SAYS_BEHIND - 6, mention.start)
    return (
        said is not None
        and bool(_CITED.search(flat, max(0, said[0] - 12), said[0]))
        and bool(_BEFORE_CITED.fullmatch(flat, said[1], mention.start))
    )


_CITED_WITHIN = 30  # characters back to what closes a speech
_CLOSES = re.compile(r"[,»”\"]")
_CITED = re.compile(r"[,»”\"]\s(?:(?:a|ont|avait)\s)?(?:\w+ment\s)?$")
_BEFORE_CITED = re.compile(r"\s(?:l[ae]\s|l'|les\s)?")


def estimates(flat: str, mention: Mention) -> bool:
    """Whether a mention is one of who reckons others' sums: `l'Insee prévoit une hausse`; no `la BCE relève`."""
    said = _first_said(flat, mention.end, mention.end + _SAYS_BEHIND)
    return said is not None and "sum" in said[2] and not _LEAVES_CLAUSE.search(flat, mention.end, said[0])


_SAYS_BEHIND = 12  # characters: " a également …"
_LEAVES_CLAUSE = re.compile(r"[,.;:()]")


def find_voices(text: str, flat: str, sentence: tuple[int, int], mentions: list[Mention]) -> list[Voice]:
    """Every source that a sentence names, with the span of text that it is credited with.

    `mentions` are those of the document up to the end of the sentence.
    """
    start, end = sentence
    voices = []
    for a, b, _ in find_phrases(_introducing(), flat, start, end):
        voice = _introduced(text, flat, a, b, sentence, mentions)
        if voice:
            voices.append(voice)
    voices += _press_voices(text, flat, sentence, mentions)
    voices += _studies(flat, sentence, mentions)
    for a, b, takes in _said(flat, start, end):
        voice = _sayer(text, flat, (a, b), takes, sentence, mentions)
        if voice:
            voices.append(voice)
    if flat.find("pour ", start, end) >= 0 and (opening := _FOR_WHOM.match(flat, start, end)):
        starts = (opening.end(), opening.start("title"))
        whose = next(
            (
                m
                for m in mentions
                if m.name and (m.start in starts or _ROLE_BEFORE.fullmatch(text, opening.end(), m.start))
            ),
            None,
        )
        if whose and _may_reckon(flat, whose) and _MAIN_CLAUSE.match(flat, whose.end):
            voices.append(Voice(start, whose.end, whose.speaker, whose, (whose.end, end)))
    return [*voices, *_agents(flat, sentence, mentions)]


def _studies(flat: str, sentence: tuple[int, int], mentions: list[Mention]) -> Iterator[Voice]:
    """Whose study shows what follows: `Une étude de l'Insee montre que 12 % des ménages sont pauvres`."""
    start, end = sentence
    if find_place(_study(), flat, start, end) is None:
        return
    for mention in mentions:
        if not mention.name or mention.form == "pronoun" or not start <= mention.start < end:
            continue
        study = _STUDY_OF.search(flat, max(start, mention.start - _OF_STUDY), mention.start)
        shows = study and _SHOWS.match(flat, mention.end, end)
        if study and shows:
            yield Voice(study.start(), mention.end, mention.speaker, mention, (shows.end(), end))


@cache
def _study() -> Scan:
    return compile_scan(rf"\b{_STUDIES}\b")


_STUDIES = r"(?:étude|enquête|sondage|baromètre|rapport|analyse|bilan)"
_OF_STUDY = 70  # characters from a study to whose it is
_STUDY_OF = re.compile(
    rf"\b{_STUDIES}\s(?:[a-zà-ÿ]+\s){{0,3}}?(?:(?:publi|réalis|men|effectu)ée?\spar\s|d[eu]s?\s|d')(?:la\s|l')?(?:institut\s|cabinet\s|ong\s|association\s)?$"
)
_SHOWS = re.compile(
    r"(?:\s(?!qu)[^,;.:()]{0,60}?)?(?:,[^;.:()]{0,80},)?\s(?:a\s|avait\s)?"
    r"(?:montr|indiqu|rév[èé]l|établi|point|soulign|chiffr|concl|estim|évalu|confirm|sugg[èé]r|dénombr|recens|avanc|fait\sétat|fait\sapparaître"
    r"|met\sen\s(?:lumière|évidence))\w*\b"
)


def _agents(flat: str, sentence: tuple[int, int], mentions: list[Mention]) -> Iterator[Voice]:
    """Who estimated, expected or asked, behind `par` or `que`: `estimées à 3 millions par X`, `que X prévoyait`."""
    start, end = sentence
    by_somebody = flat.find("par ", start, end) >= 0
    if not by_somebody and flat.find(" qu", start, end) < 0:
        return
    for match in _EXPECTED_BY.finditer(flat, start, end):
        by = _named_behind(mentions, match.start("by"), match.end())
        if by and ("par" in match["by"] or _EXPECTS.match(flat, by.end)):
            reach = (match.start(), match.start("by"))
            yield Voice(match.start("by"), by.end, by.speaker, by, reach)
    for match in _ESTIMATED_BY.finditer(flat, start, end) if by_somebody else ():
        by = next((m for m in mentions if m.start == match.end() and m.name), None)
        if by:
            reach = (match.start(), match.start("by"))
            yield Voice(match.start("by"), by.end, by.speaker, by, reach)
    for match in _ASKED_BY.finditer(flat, start, end) if by_somebody else ():
        by = _named_behind(mentions, match.start(), match.end())
        if by and by.kind != "media":  # which interviews, and polls nobody
            yield Voice(match.start(), by.end, by.speaker, by, (start, end))


def _named_behind(mentions: list[Mention], start: int, end: int) -> Mention | None:
    """The name that some words stand before, or open with its article."""
    return next((m for m in mentions if m.name and start < m.start <= end < m.end), None)


def _may_reckon(flat: str, whose: Mention) -> bool:
    """Whether `pour` can be in the opinion of somebody: of a person, of a body that bears no cost itself."""
    if whose.person or whose.kind == "person":
        return True
    rates = whose.kind == "institution" and not is_public_body(whose.name)
    rates |= folded(whose.name) in words_of("rating agency")
    return rates and not _ITS_COST.match(flat, whose.end)


_ITS_COST = re.compile(
    r",\s(?:l[ea]s?\s|l'|une?\s)(?:\w+\s)?(?:coûts?|factures?|note|addition|ardoise|pertes?|manque|budget|gains?|effort)\b"
)
# As in: interrogés par OpinionWay, 64 % des cadres …
_ASKED_BY = re.compile(
    r"\b(?:interrogé|sondé)e?s?\spar\s(?:la\schaîne\s|le\scabinet\s|l'institut\s|l[ea]\s|l')?"
)
# "Pour M. Bouillon, il faudrait relever le plafond à 100 000 euros"
_FOR_WHOM = re.compile(r"(?:[\w'-]+\s){0,2}[\w'-]*,?\s?pour\s(?P<title>(?:m\.|mme)\s)?")
_ROLE_BEFORE = re.compile(r"(?:l[ea]\s|l['\u2019])(?:[a-zà-ÿ'\u2019-]+\s){0,4}")  # "l'économiste "
_MAIN_CLAUSE = re.compile(
    r",\s(?:[\"«]\s?)?(?:il|elle|on|c'est|cela|ce|ces|cette|l[ae]s?|un|une|les|son|sa|\d[\d,.]*\s?%)(?!\w)[^,;:.]*?"
    r"\b(?:est|sont|sera|faut|faudra|faudrait|doit|devrait|peut|représente|\w+(?:ait|aient|ra|ront))\b"
)


# As in: les 4,9 % prévus par le gouvernement, les 20 milliards que Bercy prévoyait
_EXPECTED_BY = re.compile(
    r"\d[\d,.\s]*(?:%|[€$£]|\b(?:milli\w+\s(?:d'euros|de\sdollars)|euros|dollars|millions?|milliards?))\s"
    r"(?P<by>(?:prévu|attendu|promis|annoncé|espéré|escompté|anticipé|programmé)e?s?\spar\s(?:la\s|le\s|l'|les\s)?|qu(?:e\s|')(?:la\s|le\s|l'|les\s)?)"
)
_EXPECTS = re.compile(
    r"\s(?:\w+ait|prévoit|espère|attend|vise|escompte|anticipe|promet|annonce)(?<!avait)(?<!était)\b"
)
# "des dégradations estimées à 360 millions d'euros par la Sécurité routière"
_ESTIMATED_BY = re.compile(
    r"\b(?:estim|évalu|chiffr|calcul|revendiqu|avanc|crédit|mesur)ée?s?\s(?:\w+\s){0,2}(?:à\s)?[^.;:()]{0,60}?(?:%|[€$£]|\b(?:euros|dollars|francs|livres|yens|yuans|millions?|milliards?))\s(?P<by>par\s(?:la\s|le\s|l'|les\s)?)"
)


@cache
def _anonymous() -> Scan:
    return compile_scan(rf"\b{scanned_alternation(words_of('anonymous press'))}\b")


# "L'Équipe accroît son prix de vente", "Le Soir a perdu 3 millions d'euros"
_OWNS = re.compile(
    r"[\s»”\"]{1,3}(?:ne\s|n'|va\s|a\s|voit\s|ont\s|aussi\s|\w+\s){1,3}(?:de\s[\d,]+\s\w+\s)?(?:son|sa|ses)\s"
    r"|[\s»”\"]{1,3}(?:a\s)?(?:gagn|perd|recul|progress|bond|chut|baiss|augment|grimp|rachet|emploi|écop|lanc|lèv|lev)\w*\s"
    r"|[\s»”\"]{1,3}(?:compt(?:e|ait)|doit\s(?:vers|pay|rembours)er)\s"
    r"|[\s»”\"]{1,3}(?:(?:a|avait|aura)\s(?:été\s)?|est\s|sera\s)?(?:condamnée?|rachetée?|vendue?|valorisée?|cédée?|détenue?)\s"
)


def acts(flat: str, mention: Mention) -> bool:
    """Whether a medium is the company that a sentence tells of: it has accounts, or is bought, and says nothing."""
    lead = max(0, mention.start - 50)
    return bool(_OWNS.match(flat, mention.end, mention.end + 60) or _TRADED.search(flat, lead, mention.start))


# "a vendu BFMTV à CMA CGM", "le rachat du quotidien Libération"
_TRADED = re.compile(
    r"\b(?:r?(?:achet|achèt)\w*|(?:re)?vend\w*|s'(?:est|était)\soffert|rachat\s(?:de|du)|vente\s(?:de|du)|(?:céd|cèd|acqui|acquér|convoit)\w*|cession\s(?:de|du)"
    r"|s'offr\w*|capital\s(?:de|du)|reprise\s(?:de|du)|acquisition\s(?:de|du))\s(?:la\s|le\s|l'|les\s)?"
    r"(?:(?:chaîne|journal|quotidien|magazine|hebdomadaire|groupe|site)\s)?(?:l[ea]\s)?$"
)


def _press_voices(text: str, flat: str, sentence: tuple[int, int], mentions: list[Mention]) -> list[Voice]:
    """The press as the subject of its clause: `Bloomberg évoquait une mise de 10 milliards`."""
    voices = []
    polled = flat.find(" pour ", *sentence) >= 0
    here = [m for m in mentions if sentence[0] <= m.start < sentence[1]]
    for i, mention in enumerate(here):
        if mention.kind != "media" or (i and _is_listed(flat, here[i - 1], mention)):
            continue
        if polled and _POLLED_FOR.search(text, sentence[0], mention.start):
            continue
        stop = here[i - 1].end if i else sentence[0]
        if not _LED_BY_PREPOSITION.search(flat, max(stop, mention.start - _LEAD), mention.start):
            end = next((m.start() for m in _SCOPE_END.finditer(flat, mention.end, sentence[1])), sentence[1])
            voices.append(Voice(mention.start, mention.end, mention.speaker, mention, (mention.end, end)))
    voices.extend(
        Voice(start, end, text[start:end], None, (end, sentence[1]))
        for start, end in find_places(_anonymous(), flat, *sentence)
        if end <= sentence[1] and not _LED_BY_PREPOSITION.search(flat, max(sentence[0], start - 14), start)
    )
    return voices


# "un sondage Ipsos pour TF1, Radio Lumen et RTL": who asks for a poll has not made it
_POLLED_FOR = re.compile(
    rf"\b{_STUDIES}\b[^.;:()]{{0,50}}?\spour\s"
    r"(?:(?:l[ea]s?\s|l['\u2019]|et\s|d[eu]\s|chaîne\s|journal\s)*[A-ZÀ-Þ0-9][\w'\u2019-]*,?\s)+(?:et\s)?(?:l[ea]s?\s|l['\u2019])?$"
)
_LEAD = 24  # characters: "pour l'hebdomadaire "
_LED_BY_PREPOSITION = re.compile(
    r"\b(?:de|du|des|d'|à|au|aux|par|pour|avec|chez|sur|contre|dans|selon|après|et)\s?(?:le\s|la\s|l'|les\s)?"
    r"(?:(?:chaîne|journal|quotidien|magazine|site|hebdomadaire)\s)?$"
)


def _is_listed(flat: str, before: Mention, mention: Mention) -> bool:
    """Whether a medium goes on a list of media."""
    return before.kind == "media" and bool(
        re.fullmatch(r"(?:,|\set)\s(?:l[ae]s?\s|l')?", flat[before.end : mention.start])
    )


_MISTER = re.compile(r"\b(?:M|MM|Mme|Dr|Pr)\.")
_COMMISSIONED = re.compile(
    r"\s(?:pour|relayée?\spar)\s(?:l[ae]\s|l')?(?:chaîne\s|journal\s|quotidien\s|magazine\s)?$"
)


def _introduced(
    text: str, flat: str, a: int, b: int, sentence: tuple[int, int], mentions: list[Mention]
) -> Voice | None:
    named, behind = _source_at(text, flat, a, b, mentions)
    unnamed = _unnamed().match(text, b)
    if named is None and unnamed and (by := _by_body().search(flat, b, unnamed.end())):
        named = _last_body(flat, by.start(), mentions, [])  # "selon les chiffres fournis par le ministère"
    if named is None and (made := _MADE_BY.search(flat, b, sentence[1])):
        named = next((m for m in mentions if m.start == made.end() and m.name), None)
    if named is None and unnamed is None:
        return None
    if named and (appended := _apposed_person(flat, named, mentions)):
        named = appended
    if named and named.start >= b:
        verb = _first_said(flat, named.end, min(named.end + 40, sentence[1]))
        if verb and "," not in flat[named.end : verb[0]] and _THAT.match(flat, verb[1], sentence[1]):
            return Voice(a, named.end, named.speaker, named, (verb[1], sentence[1]))
    begin = sentence[0]
    for boundary in _SCOPE_END.finditer(flat, sentence[0], a):
        begin = boundary.end()
    stop = next((m.start() for m in _SCOPE_END.finditer(flat, b, sentence[1])), sentence[1])
    # "Selon X, …" leads its clause; ", selon X" closes what stands before it.
    leads = not flat[begin:a].strip(" \"'-\u00ab\u201c") or len(flat[begin:a].split()) <= 2
    behind = max(behind, named.end) if named else unnamed.end() if unnamed else b
    incised = flat.endswith(", ", begin, a) and flat.startswith(",", behind)
    reach = (b, stop) if leads else (begin, stop) if incised else (begin, a)
    words = named.speaker if named else text[b : unnamed.end()].strip() if unnamed else ""
    return Voice(a, max(b, named.end) if named else b, words, named, reach)


def _source_at(text: str, flat: str, a: int, b: int, mentions: list[Mention]) -> tuple[Mention | None, int]:
    """Who is credited by the words at `a:b`, and where words for who was named before end: `selon le syndicat`."""
    if meant := _PRONOUN.match(flat, b):
        person = _last_speaker(a, mentions, [])
        body = _last_body(flat, a, mentions, []) if meant[1] == "elle" else None
        return body if body and (person is None or person.end < body.start) else person, b
    body_told = _body_behind().match(flat, b)
    if body_told and _CLOSES.match(flat, body_told.end()):
        return _last_body(flat, a, mentions, [], body_told["body"]), body_told.end()
    named = next((m for m in mentions if b <= m.start <= b + 60 and m.form != "pronoun" and m.name), None)
    between = _MISTER.sub("", text[b : named.start]) if named else ""
    if named and (re.search(r"[,;.:()\"«]", between) or _COMMISSIONED.search(flat, b, named.start)):
        named = None  # "selon une enquête pour la chaîne LCI": who asked for it has not made it
    return named, b


_PRONOUN = re.compile(r"\s(lui|elle|eux|ces derniers|ce dernier)\b")
_CLOSES = re.compile(r"\s?(?:[,.;:()\"»”]|$)")  # "l'agence de notation" is another
# As in: selon la dernière édition du baromètre de la qualité de vie, réalisé par Actineo
_MADE_BY = re.compile(
    r"\b(?:étude|enquête|sondage|baromètre|panel)\b[^.;:]{0,80}\b(?:réalisé|mené|conduit|publié|commandé)e?s?\s(?:[a-zà-ÿ]+\s){0,2}?par\s(?:l[ae]\s|l')?"
)


def _apposed_person(flat: str, named: Mention, mentions: list[Mention]) -> Mention | None:
    """The person who stands behind a description: `un rival de Scale, Vahan Petrosyan,`; no subject of a verb."""
    following = next((m for m in mentions if m.start >= named.end), None)
    if following and following.kind != "media" and (following.person or following.kind == "person"):
        apposed = re.fullmatch(r",\s+", flat[named.end : following.start])
        if _OFFICE_IN.search(flat, max(0, named.start - 30), named.start):
            apposed = apposed or re.fullmatch(r"\s", flat[named.end : following.start])
        return following if apposed and not _IS_SUBJECT.match(flat, following.end) else None
    return None


# "le gouverneur de Beyrouth Marwan Abboud"
_OFFICE_IN = re.compile(
    r"\b(?:maire|gouverneure?|préfète?|procureure?|député|ambassadeur|ambassadrice|archevêque)\s(?:de\s|d'|du\s)(?:la\s|l')?$"
)
_WHEN = re.compile(
    r"(?:\s(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|matin|soir|midi|aujourd'hui|\d{1,2}\s\w+|\w+ment))+"
)


def _when(flat: str, start: int) -> int:
    """How many characters say when something was said: ` mardi matin`."""
    when = _WHEN.match(flat, start)
    return when.end() - start if when else 0


def _last_person(place: int, mentions: list[Mention]) -> Mention | None:
    """The last person named before a place: whom `le ministre` means."""
    people = (m for m in reversed(mentions) if m.end <= place and (m.person or m.kind == "person"))
    last = next(people, None)
    return last if last and place - last.end < _LAST else None


@cache
def _source_behind() -> re.Pattern[str]:
    """`la source gouvernementale` behind a verb of saying."""
    return re.compile(r"\s(?P<who>(?:la|une|cette|la\smême)\ssource(?:\s(?!à\b|au\b|sur\b)[a-zà-ÿ]+)?)")


_IS_SUBJECT = re.compile(
    r"\s(?:n'|ne\s|s'|se\s)?(?:a|avait|aura|aurait|est|était|va|\w+(?:e|t|ait|ra|rait))\s"
)


def _sayer(
    text: str,
    flat: str,
    verb: tuple[int, int],
    takes: tuple[str, ...],
    sentence: tuple[int, int],
    mentions: list[Mention],
) -> Voice | None:
    """`X indique que …` is credited with what follows, `…, indique X` with what stands before."""
    a, b = verb
    here = [m for m in mentions if sentence[0] <= m.start < sentence[1] and m.name]
    after = _speaker_after(flat, b, here)
    inverted = _INVERTED.search(flat, max(sentence[0], a - 25), a)
    if inverted and inverted[0].startswith("comme") and flat.startswith("prév", a):
        inverted = None  # "comme le prévoyait la loi"
    if _PRONOUN_BEHIND.match(flat, b, sentence[1]) or _PRONOUN_BEFORE.search(
        flat, max(sentence[0], a - 12), a
    ):
        spoke = _who_spoke(flat, mentions, a)
        quoted = any(flat.find(mark, sentence[0], a) >= 0 for mark in ('"', "«", "“"))
        if (
            spoke is None
            and not quoted
            and _IL.search(flat, max(sentence[0], a - 12), min(b + 8, sentence[1]))
        ):
            spoke = _last_person(a, mentions)
        return Voice(a, b, spoke.speaker, spoke, (_quote_before(flat, sentence[0], a), a)) if spoke else None
    if inverted and (role := _role_behind().match(flat, b + _when(flat, b), sentence[1])):
        named = next(
            (
                m
                for m in here
                if m.start >= role.end() - _ROLE_NAME and m.start >= b and (m.person or m.kind == "person")
            ),
            None,
        )
        spoke = (
            named if named and _is_named_behind(flat, role.end(), named.start) else _last_person(a, mentions)
        )
        return Voice(a, b, spoke.speaker, spoke, (_quote_before(flat, sentence[0], a), a)) if spoke else None
    if inverted and (one := _ONE_BEHIND.match(flat, b)) and (spoke := _named_at(here, one.end())):
        return Voice(a, b, spoke.speaker, spoke, (_quote_before(flat, sentence[0], a), a))
    if inverted and (source := _source_behind().match(flat, b)):
        return Voice(a, b, text[slice(*source.span("who"))], None, (_quote_before(flat, sentence[0], a), a))
    if (
        inverted
        and after
        and not re.match(r"\s*(?:que\b|qu')", flat[b : b + 6])
        and _SPEAKER_BEHIND.fullmatch(flat, b, after.start)
    ):
        return Voice(a, b, after.speaker, after, (_quote_before(flat, sentence[0], a), a))
    infinitive = ("de" in takes and _OF_DOING.match(flat, b)) or (
        "avoir" in takes and _HAVING_DONE.match(flat, b)
    )
    if "sum" in takes and not infinitive and not _SAYS_THAT.match(flat, b, sentence[1]):
        return _estimator(flat, verb, sentence, here, mentions)
    end = sentence[1]
    if not infinitive and not _THAT.match(flat, b, sentence[1]):
        now = "noun" in takes and not flat.endswith(("été ", "avait ", "avaient "), 0, a)
        now = now and not _IS_TO.search(flat, max(sentence[0], a - 30), a)
        told = _A_NOUN.match(flat, b, sentence[1]) if now else None
        if told is None:
            return None
        end = told.end()
    if _UNSAID.search(flat[max(sentence[0], a - 12) : a]):
        return None  # "n'était évaluée qu'à" says nothing
    if flat.endswith(("er", "ir", "re"), a, b) and _MEANT.search(flat, max(sentence[0], a - 12), a):
        return None  # "des soldats venus défendre notre territoire"
    before = [m for m in here if m.end <= a and not re.search(r"[;:]", flat[m.end : a])]
    subject = _who_says(flat, a, before, mentions)
    return Voice(a, b, subject.speaker, subject, (b, end)) if subject else None


def _named_at(mentions: list[Mention], place: int) -> Mention | None:
    return next((mention for mention in mentions if mention.start == place and mention.name), None)


# "explique-t-on au ministère de l'Économie", "relativise-t-on chez Renault": the house speaks
_ONE_BEHIND = re.compile(
    r"(?:-t)?-on\s(?:\w+ment\s)?(?:chez|aux?|à|dans|du\scôté\sd[eu]s?|auprès\sd[eu]s?)\s(?:la\s|les?\s|l')?"
)
_ONE_SAYS = re.compile(rf"[\s,]*(?:\w+\s){{0,2}}?\w+{_ONE_BEHIND.pattern}")
# "doit annoncer jeudi un plan de 3 milliards": who is to say it has not said it
_IS_TO = re.compile(
    r"\b(?:doi(?:t|vent)|dev(?:ait|aient|ra|ront|rait|raient)|va|vont|allait|pourrait|pourraient|compte|veut|entend)\s(?:\w+\s)?$"
)
# As in: a annoncé mercredi le licenciement de 25 % de ses effectifs
_A_NOUN = re.compile(
    r"(?:\s[\wà-ÿ]+){0,3}?\s(?:une?\s|l[ea]s?\s|l'|des?\s|d'|s(?:on|a|es)\s|leurs?\s|plus\s|près\s|environ\s|quelque\s|\d)"
    r"(?:(?!\s(?:après|malgré|alors|quand|avant)\b)[^,;:])*"
)
_INVERTED = re.compile(
    r"(?:[,\"»”]\s*|\bcomme\s(?:le\s|l')?)(?:(?:a|ont|avait|avaient|s'est)\s)?(?:\w+ment\s)?$"
)
_SPEAKER_BEHIND = re.compile(
    r"[-\s]*(?:t-)?(?:l[ea']\s?|un\s|une\s|les\s)?(?:[\w'-]+\s){0,9}?(?:(?:[\w'-]+)?,\s)?"
)
_UNSAID = re.compile(r"\bn(?:e\s|')(?:en\s|y\s)?\w*\s?$")


def _who_says(flat: str, verb: int, before: list[Mention], mentions: list[Mention]) -> Mention | None:
    """The subject of a verb of saying; where that is a pronoun, whoever spoke last in the sentences before."""
    if _ANYBODY.search(flat, max(0, verb - 30), verb):
        return None
    if body := _body_before().search(flat, max(0, verb - 50), verb):
        return _last_body(flat, body.start(), mentions, [], body["body"])
    subject = _subject_of(flat, verb, before)
    pronoun = _HE.search(flat, max(0, verb - 30), verb)
    if pronoun is None or (subject and subject.form != "pronoun" and subject.start > pronoun.start()):
        return subject
    return _who_spoke(flat, mentions, pronoun.start("he")) or subject


def _who_spoke(flat: str, mentions: list[Mention], place: int) -> Mention | None:
    """The last person or body before a place that a text has speak there: `a déclaré Luc Bernard. Il chiffre …`."""
    for mention in reversed(mentions):
        if mention.end > place or mention.form == "pronoun" or not mention.name:
            continue
        if place - mention.end > _SPEAKS_ON:
            return None
        speaks = mention.person or mention.kind in ("person", "institution", "")
        if speaks and (
            tells(flat, mention)
            or is_cited(flat, mention)
            or _SPEAKS.search(flat, max(0, mention.start - 40), mention.start)
        ):
            return mention
    return None


_HE = re.compile(r"(?<!\w)(?P<he>il|elle)\s(?:(?:en\s|y\s|l'|s')\s?)?(?:(?:a|avait|est)\s)?(?:\w+ment\s)?$")
_ANYBODY = re.compile(r"(?<!\w)(?:on|je)\s(?:(?:en\s|y\s|l'|s'|n')\s?)?(?:ai?\s)?(?:\w+ment\s)?$")
# "a déclaré au Parisien François Dussault"
_SPEAKS = re.compile(r"[,»”\"]\s(?:(?:a|ont|avait)\s)?[a-zà-ÿ]+(?:é|e)\s(?:(?:à|au)\s[^,.;:()]{0,25}\s)?$")
_PRONOUN_BEHIND = re.compile(r"-(?:t-)?(?:il|elle)\b")
_PRONOUN_BEFORE = re.compile(r"[,»”\"]\s(?:a|avait)-t-(?:il|elle)\s$")
_IL = re.compile(r"-(?:t-)?il\b")  # whom the text names last may be no woman
_SAYS_THAT = re.compile(
    r",?\s(?:[^\W\d]+\s){0,3}?qu(?:e\b|'(?!à\b))"
)  # "estime aussi que": a clause is said, and no sum
_MEANT = re.compile(r"\b(?:pour|afin de|venue?s?|partie?s?)\s$")
_OF_DOING = re.compile(r"\s(?:de\s|d')\w+(?:er|ir|re)\b")
# "a dit lundi avoir payé", "assure devoir rembourser"
_HAVING_DONE = re.compile(r"[^,;.:()]{0,30}?\s(?:avoir|s'être|être|devoir|pouvoir)\s")
_PARTICIPLE = re.compile(r"\w+(?:é|ée|és|ées)\b")
_HAVING = re.compile(r"\b(?:a|ont|avait|avaient)\s(?:\w+\s)?$")


_QUOTED = re.compile(
    r"(?:«[^«»]*»|“[^“”]*”|\"[^\"]*\")[\s,]*(?:(?:a|ont|avait|avaient|s'est)\s)?(?:\w+ment\s)?$"
)


def _quote_before(flat: str, start: int, verb: int) -> int:
    """Where the speech begins that a verb of saying closes: at its opening quotation mark, else with the sentence."""
    quoted = _QUOTED.search(flat, start, verb)
    return quoted.start() if quoted else start


def _estimator(
    flat: str,
    verb: tuple[int, int],
    sentence: tuple[int, int],
    here: list[Mention],
    mentions: list[Mention],
) -> Voice | None:
    """Who gives a sum of others' in a clause of their own: `Bercy table sur une croissance de 1,5 %`."""
    a, b = verb
    if _PARTICIPLE.match(flat, a, b) and not _HAVING.search(flat, max(sentence[0], a - 20), a):
        return None  # "une fortune évaluée à"
    if flat.startswith("l'estime", a - 2) and flat.startswith(" d", b):
        return None  # "dans l'estime de ses compatriotes"
    before = [m for m in here if m.end <= a and not re.search(r"[;:]", flat[m.end : a])]
    subject = _who_says(flat, a, before, mentions)
    if subject is None or not (subject.person or subject.kind in ("person", "institution", "media")):
        return None  # what a company expects is its own account
    end = next((m.start() for m in _SCOPE_END.finditer(flat, b, sentence[1])), sentence[1])
    return Voice(a, b, subject.speaker, subject, (b, end))


def _speaker_after(flat: str, verb_end: int, here: list[Mention]) -> Mention | None:
    """The first entity behind a verb of saying that is not spoken to, or the person who stands in apposition to it."""
    behind = (
        m
        for m in here
        if m.start >= verb_end
        and m.kind != "place"
        and not _SPOKEN_TO.search(flat[max(0, m.start - 6) : m.start])
        and not (m.kind == "media" and _SPOKEN_ON.search(flat, max(verb_end, m.start - 40), m.start))
    )
    speaker, following = next(behind, None), next(behind, None)
    person = following and (following.person or following.kind == "person")
    if speaker and following and person and _NEXT_TO.fullmatch(flat, speaker.end, following.start):
        return following
    return speaker


_SPOKEN_TO = re.compile(r"\b(?:au|aux|à)\s(?:la\s|l')?$")
# "a indiqué sur RMC et BFMTV la ministre"
_SPOKEN_ON = re.compile(
    r"\b(?:sur|dans|devant|au\smicro\sde)\s(?:l[ea]s?\s|l')?(?:[\w'-]+(?:\s[\w'-]+)?\set\s)?$"
)
_NEXT_TO = re.compile(r",?\s")


LONGEST_QUOTATION = 1600  # characters, marks and all
# Each branch begins with its mark, so that marks are found fast; what may not stand before one is asked behind it.
_QUOTES = re.compile(r"«[^«»\n]{2,1500}»|“[^“”\n]{2,1500}”|\"(?<![\w\"].)(?=\S)[^\"\n]{2,1500}\"")
_OPENING_MARKS = ("«", "“", '"')
_SEVERAL_SAY = re.compile(r"-(?:t-)?(?:ils|elles)\b")  # no one person spoke before: "indiquent-ils"
_PRONOUN_SAYS = re.compile(
    r"[\s,]*(?:\w+\s){0,3}?(?:a|ont|s'est|avait|\w+)-(?:t-)?(?:il|elle|ils|elles|on)\b"
)


_HE_SAYS = re.compile(r"-(?:t-)?(?:il|elle|on)")
_STOPS, _STOPS_BEFORE = re.compile(r"[.;]"), re.compile(r"[.;][\s-]")


def find_quotations(text: str, flat: str, mentions: list[Mention], end: int) -> list[Voice]:
    """Every quotation that begins before `end`, with its speaker: named behind it or before it, else the last one."""
    quotations: list[Voice] = []
    if not any(mark in text for mark in _OPENING_MARKS):
        return quotations
    starts = [mention.start for mention in mentions]
    for match in takewhile(lambda match: match.start() < end, _QUOTES.finditer(text)):
        first = bisect_left(starts, match.start() - _LAST)
        near = mentions[first : bisect_left(starts, match.end() + _LAST)]
        speaker = _quoted_speaker(text, flat, match.span(), near, quotations)
        if speaker:
            quotations.append(Voice(match.start(), match.start() + 1, speaker.speaker, speaker, match.span()))
    return quotations


def _quoted_speaker(
    text: str, flat: str, quote: tuple[int, int], mentions: list[Mention], before: list[Voice]
) -> Mention | None:
    start, end = quote
    line = text.find("\n", end, end + 140)
    stop = min(end + 140, line if line >= 0 else len(flat))
    if one := _ONE_SAYS.match(flat, end, stop):
        return _named_at(mentions, one.end())
    verb = _first_said(flat, end, min(end + 40, stop))
    if verb and not _STOPS.search(flat, end, verb[0]):
        near = [m for m in mentions if m.name and verb[1] <= m.start < stop]
        speaker = _speaker_after(flat, verb[1], near)
        described = _role_behind().match(flat, verb[1], stop)
        a_person = speaker is not None and (bool(speaker.person) or speaker.kind in ("person", ""))
        if described and not (
            a_person and speaker and _is_named_behind(flat, described.end(), speaker.start)
        ):
            return _last_speaker(start, mentions, before)
        body = _body_behind().match(flat, verb[1], stop)
        if body and not (speaker and _is_named_behind(flat, body.end(), speaker.start)):
            return _last_body(flat, start, mentions, before, body["body"])
        if _SEVERAL_SAY.match(flat, verb[1], stop):
            return None
        if _PRONOUN_SAYS.match(flat, end, stop) or _HE_SAYS.match(flat, verb[1], verb[1] + 6):
            return _last_speaker(start, mentions, before)
        if speaker and not _STOPS.search(flat, verb[1], speaker.start):
            return speaker
    lead = max(text.rfind("\n", max(0, start - _LEAD_OF_QUOTE), start) + 1, start - _LEAD_OF_QUOTE, 0)
    said = _said(flat, lead, start)
    if said and not _STOPS_BEFORE.search(flat, said[-1][1], start):
        subject = _subject_of(
            flat, said[-1][0], [m for m in mentions if m.name and lead <= m.start and m.end <= said[-1][0]]
        )
        if subject:
            return subject
    if before and start - before[-1].reach[1] < 250 and end - start > _FRAGMENT:
        return before[-1].mention
    return _incised(flat, quote, mentions)


def _incised(flat: str, quote: tuple[int, int], mentions: list[Mention]) -> Mention | None:
    """Who is said to speak inside a quotation: `« J'ai acheté 3 000 titres, explique Armin. Ils valaient plus. »`."""
    for a, b, _ in _said(flat, *quote):
        if not flat.endswith(", ", 0, a):
            continue
        here = [m for m in mentions if m.name and b <= m.start < min(b + _ROLE_NAME, quote[1])]
        speaker = _speaker_after(flat, b, here)
        if speaker and not _LEAVES_CLAUSE.search(flat, b, speaker.start):
            return speaker
    return None


_LEAD_OF_QUOTE = 240  # characters back to who opens a quotation
_REACH_OF_SUBJECT = 120  # characters from a speaker to his verb, over what stands in apposition to him
_GOVERNED = re.compile(
    r"\b(?:de|d'|du|des|à|au|aux|dans|par|pour|avec|chez|sur|contre|en)\s*(?:l[ae]\s|les\s|l')?$"
)
_SPEAKS_ON = 600  # characters from one quotation to the next of the same speaker
_LAST = 1500  # characters from the last person named to `a-t-elle ajouté`
# characters from a role to the name that follows it: "le ministre de l'Économie Bruno Le Maire"
_ROLE_NAME = 45


def _is_named_behind(flat: str, role: int, name: int) -> bool:
    """Whether a role is followed by its name: `le ministre de l'Économie Bruno Le Maire`."""
    return name < role + _ROLE_NAME and not _STOPS.search(flat, role, name)


@cache
def _role_behind() -> re.Pattern[str]:
    """`la ministre` behind a verb of saying: one who was named before."""
    roles = [
        word for group in lexicon().of(Group) if group.use in ("head", "speaker role") for word in group.words
    ]
    return re.compile(rf"\s(?:le\s|la\s|l'|s(?:on|a)\s)(?:\w+\s)?{alternation(roles)}(?!\w)", re.IGNORECASE)


def _told_body() -> str:
    """The regex group of what a body that was named before is called: `le régulateur`."""
    return rf"(?:le\s|la\s|l'|cette\s|cet\s)(?P<body>{alternation(words_of('speaking body'))})"


@cache
def _body_behind() -> re.Pattern[str]:
    """`le régulateur` behind a verb of saying: a body that was named before."""
    return re.compile(rf"\s{_told_body()}(?!\w)")


@cache
def _body_before() -> re.Pattern[str]:
    """`Le syndicat` as the subject of a verb of saying that follows: a body that was named before."""
    return re.compile(rf"(?:^|[\s.,;:»”\"(]){_told_body()}\s(?:(?:a|avait|y|en|l'a)\s)?(?:\w+ment\s)?$")


@cache
def _by_body() -> re.Pattern[str]:
    return re.compile(rf"\b(?:par|de|du)\s(?:le\s|la\s|l')?{alternation(words_of('speaking body'))}(?!\w)")


def _last_body(
    flat: str, place: int, mentions: list[Mention], before: list[Voice], noun: str = ""
) -> Mention | None:
    """Which body `détaille le régulateur` means: the last that spoke nearby, else the last one named.

    Of those named, the one that the text calls by that noun; `le syndicat` is no ministry.
    """
    if before and place - before[-1].reach[1] < _SPEAKS_ON:
        last = before[-1].mention
        if last and last.kind == "institution" and not last.person:
            return last
    bodies = [m for m in mentions if m.end <= place and m.kind == "institution" and not m.person]
    if noun in words_of("private body"):
        bodies = [m for m in bodies if not is_state_body(m.name)]
    called = {m.name for m in bodies if noun and flat.find(noun, max(0, m.start - _CALLED), m.end) >= 0}
    last_named = next((m for m in reversed(bodies) if not called or m.name in called), None)
    return last_named if last_named and place - last_named.end < _LAST else None


_CALLED = 30  # characters from what a body is to its name: "l'ONG britannique Christian Aid"
_FRAGMENT = 40  # characters: what is shorter may be a word between quotation marks, not speech


def _last_speaker(place: int, mentions: list[Mention], before: list[Voice]) -> Mention | None:
    """Whom `a-t-il ajouté` means: the speaker of the last quotation nearby, else the last person named."""
    if before and place - before[-1].reach[1] < _SPEAKS_ON:
        return before[-1].mention
    people = [
        m for m in mentions if m.end <= place and (m.person or m.kind == "person") and place - m.end < _LAST
    ]
    return people[-1] if people else None


_SEVERAL_DO = re.compile(r"(?:ont|avaient)\s|\w+ent\b")


def _is_quoted(flat: str, mention: Mention, verb: int) -> bool:
    """Whether a mention stands inside a quotation that ends before a verb; a name that is quoted alone does not."""
    if flat.startswith(('"', " »", "»"), mention.end) and flat.endswith(('"', "« ", "«"), 0, mention.start):
        return False
    mark = flat.find('"', mention.end, verb)
    if mark >= 0:
        return flat[mark - 1] != " " and flat[mark + 1] in " ,.;:!?)"  # it closes what it does not open
    closes = flat.find("»", mention.end, verb)
    return closes >= 0 and flat.find("«", mention.end, closes) < 0


def _subject_of(flat: str, verb: int, before: list[Mention]) -> Mention | None:
    """The nearest mention before a verb that no preposition introduces, no quotation holds, and that can do it."""
    if _SEVERAL_DO.match(flat, verb):  # "ceux qui soutiennent l'exécutif déclarent"
        before = [m for m in before if m.kind != "state" or flat.endswith(("s", "x"), m.start, m.end)]
    before = [m for m in before if not _is_quoted(flat, m, verb)]
    for mention in reversed(before):
        if len(flat[mention.end : verb]) > _REACH_OF_SUBJECT:
            return None
        if mention.kind != "place" and not _GOVERNED.search(flat, max(0, mention.start - 12), mention.start):
            return mention
    return before[0] if before and len(flat[before[0].end : verb]) < 60 else None
