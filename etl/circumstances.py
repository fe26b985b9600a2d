"""Circumstances: when a figure holds, how sure the text is of it, and whom it credits.

A date belongs to the figure that it stands nearest to, unless it dates something else (a comparand, a study, a car); a
figure without one takes the period that its text goes on about, or the day of the document. The verb that governs a
figure says how sure the text is (`etl.stance`), and the source that reaches it whose word it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from etl.clause import Figure, Scene
from etl.cues import RELATIVE
from etl.dates import Dated, find_dates
from etl.quantities import Quantity
from etl.segments import Sentence
from etl.stance import Mark, Voice, is_body, status_of


def credited(scene: Scene, quantity: Quantity) -> Voice | None:
    """The source that the figure is credited to: of those that reach it, the nearest."""
    reaching = [v for v in scene.voices if v.reach[0] <= quantity.start < v.reach[1]]
    return min(
        reaching, key=lambda v: min(abs(v.start - quantity.end), abs(quantity.start - v.end)), default=None
    )


def with_circumstances(
    scene: Scene,
    figure: Figure,
    like: Figure | None,
    voice: Voice | None,
    before: list[Figure],
    published: str | None,
) -> Figure:
    """The figure with its period, status and attribution, and the words that decide them as evidence.

    `like` is the figure that it repeats, `voice` its source, `before` all figures told so far. A period is null where
    the text gives no date and tells nothing as present or just done.
    """
    period, place = _period(scene, figure, like, before, published)
    if place:
        figure.evidence["period"] = place
    if voice:
        figure.evidence["attribution"] = (voice.start, voice.end)
    words = voice.words if voice else _credited_before(scene, figure.quantity, before)
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
    scene: Scene, figure: Figure, like: Figure | None, before: list[Figure], published: str | None
) -> tuple[str | None, tuple[int, int] | None]:
    """The period of a figure in EDTF, with the words that tell it where a date of the text does."""
    period, place = _dated(scene, figure.quantity, like)
    if period or place:
        return period, place
    if carried := _carried(scene, figure, before):
        return carried.period, carried.evidence["period"]
    if told := _told_before(scene, figure, published):
        return told.edtf, (told.start, told.end)
    return (None if _is_earlier(scene, figure.quantity) else published), None


def _dated(
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


_A_YEAR_BEFORE = re.compile(r"l'an dernier|l'année précédente|l'an passé|un an (?:plus tôt|auparavant|avant)")


def _quarter_before(scene: Scene, period: str, place: tuple[int, int], published: str | None) -> str | None:
    """The quarter of the year before that `contre 14 milliards l'année précédente` compares with, under its heading."""
    told = scene.headed.edtf if scene.headed else ""
    if len(period) == len("2024") and int(told[:4] or 0) - 1 == int(period) and published:
        return period + told[4:] if _A_YEAR_BEFORE.search(scene.flat, place[0] - 2, place[1]) else None
    return None


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


def part_of_year(text: str, flat: str, heading: Sentence, today: str | None) -> Dated | None:
    """The quarter or half that a heading names: what stands below is told of it."""
    if flat.find("mestre", heading.start, heading.end) < 0:  # `trimestre`, `semestre`
        return None
    dates = find_dates(text, heading.start, heading.end, today)
    return next((d for d in dates if _PART_OF_YEAR.fullmatch(d.edtf)), None)


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
