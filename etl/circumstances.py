"""Circumstances: when a figure holds, how sure the text is of it, and whom it credits.

A date belongs to the figure that it stands nearest to, unless it dates something else (a comparand, a study, a car); a
figure without one takes the period that its text goes on about, or the day of the document. The verb that governs a
figure says how sure the text is (`etl.stance`), and the source that reaches it whose word it is.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from operator import itemgetter

from etl.clause import Figure, Scene
from etl.cues import RELATIVE, WORD
from etl.dates import Dated, find_dates, is_weekday, shifted
from etl.ellipsis import of_sentence, takes_up
from etl.lexicon import whole_words
from etl.quantities import Quantity
from etl.segments import Sentence
from etl.stance import Mark, Voice, is_body, status_of


def credited(scene: Scene, quantity: Quantity) -> Voice | None:
    """The source that the figure is credited to: of those that reach it, the nearest."""
    if not scene.voices:
        return None
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
    if voice and voice.mention and voice.mention.kind == "media" and voice.mention.name == figure.subject:
        voice = None  # a medium that a figure is about is no source of it
    if voice:
        figure.evidence["attribution"] = (voice.start, voice.end)
    words = voice.words if voice else _credited_before(scene, figure.quantity, before)
    if voice and voice.mention is None and _THE_STUDY.fullmatch(voice.words):
        words = _last_credited(before, scene) or words
    status = _status(scene, figure, voice, before)
    if (status, words) != (figure.status, figure.attribution):
        figure = figure._replace(status=status, attribution=words)
    period, place = _period(scene, figure, like, before, published)
    if place:
        figure.evidence["period"] = place
        period = _quarter_before(scene, period, place, published) or period if period else None
    if period and place and _lies_ahead(scene, figure, period, place, published):
        period = _YEAR.sub(lambda year: str(int(year[0]) + 1), period)
    elif period and place and _lies_behind(scene, figure, period, place, published):
        period = _YEAR.sub(lambda year: str(int(year[0]) - 1), period)
    elif period and place and _is_next_week(scene, period, place, published):
        period = (date.fromisoformat(period) + timedelta(weeks=1)).isoformat()
    if status == "actual" and period and place and _is_to_come(scene, figure, period, place, published):
        status = "planned"
    return figure._replace(period=period, status=status)


def _is_to_come(
    scene: Scene, figure: Figure, period: str, place: tuple[int, int], published: str | None
) -> bool:
    """Whether a figure holds in a year that has not begun: `un rebond de 6 % en 2021`, said in 2020."""
    if published is None or not period[:4] > published[:4]:
        return False
    return bool(_AT_THAT_TIME.fullmatch(scene.flat, figure.quantity.end, place[0]))


_AT_THAT_TIME = re.compile(
    r"(?:\s[^\W\d]+){0,4}?\s(?:en|dès|d'ici(?:\sà)?|pour|à\spartir\sde|à\sl'horizon|fin)\s?"
)


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
    told = _last_credited(before, scene)
    same = told and _SAME_STUDY.search(scene.flat, scene.sentence.start, scene.sentence.end)
    return told if same else None


def _last_credited(before: list[Figure], scene: Scene) -> str | None:
    """The body or the study that the last figure with a source is credited with; no person makes one."""
    told = (f.attribution for f in reversed(before[-_TOLD:]) if f.attribution)
    return next((source for source in told if scene.kinds.get(source) != "person"), None)


_THE_STUDY = re.compile(r"l['’](?:étude|enquête)|le\s(?:sondage|baromètre)")  # the one that was told before


_TOLD = 8  # figures back to the study that `cette enquête` means


def _status(scene: Scene, figure: Figure, voice: Voice | None, before: list[Figure]) -> str:
    """How sure the text is of a figure: as its verb, the verb of the list that it stands in, or its source says."""
    quantity, evidence = figure.quantity, figure.evidence
    bounds = (scene.sentence.start, scene.sentence.end)
    status, mark = status_of(scene.flat, scene.marks, quantity.start, quantity.end, bounds)
    if _stands_aside(scene, quantity):
        status, mark = "actual", None
    previous = before[-1] if before and before[-1].sentence == scene.sentence else None
    if mark is None and previous and not _shares_verb(scene, previous, quantity):
        previous = _item_before(scene, figure, before)
    if mark is None and previous:
        status = previous.status
        if "status" in previous.evidence:
            evidence["status"] = previous.evidence["status"]
    if mark:
        evidence["status"] = (mark.start, mark.end)
        if mark.tense and mark.says == "reported" and _foretells(scene, mark, voice):
            status = "planned"
        if _is_already_there(scene, quantity):
            status = "actual"
    if status == "actual" and figure.measure in _PLANNED and _ASKED.match(scene.flat, quantity.end):
        status = "planned"
    polled = figure.measure == "market_share" and _POLL.search(
        scene.flat, max(0, quantity.start - _RECENT_POLL), quantity.start
    )
    hearsay = voice and status in ("actual", "planned") and not polled and _is_hearsay(voice, figure)
    return "reported" if hearsay else status


_POLL = re.compile(
    r"\b(?:sondage|sondés|enquête|baromètre|personnes\sinterrogées)\b"
)  # it counts itself what it tells
_RECENT_POLL = 300  # characters back to a poll


def _stands_aside(scene: Scene, quantity: Quantity) -> bool:
    """Whether a percentage alone between parentheses glosses a name: no verb outside says how sure it is."""
    opens = quantity.kind == "percent" and scene.flat[quantity.start - 1 : quantity.start] == "("
    if not opens or not scene.flat.startswith(")", quantity.end):
        return False
    return any(0 < quantity.start - m.end < _GLOSSES for m in scene.mentions if m.form == "name")


_GLOSSES = 4  # characters: " ("


def _foretells(scene: Scene, mark: Mark, voice: Voice | None) -> bool:
    """Whether a conditional is the future of a past speech: `a annoncé qu'il investirait`, not `aurait investi`."""
    if scene.flat.startswith(("aurait", "auraient"), mark.start):
        return False
    if voice is not None and voice.mention is not None:
        return voice.mention.kind != "media"
    said = _ANNOUNCED.search(scene.flat, scene.sentence.start, mark.start)
    return said is not None and not _PRESS.search(scene.flat, scene.sentence.start, said.start())


# Behind the past of a verb that announces: "La ministre a annoncé que l'aide serait de 500 euros"
_ANNOUNCED = re.compile(
    r"\b(?:a|ont|avait|avaient|ayant)\s(?:\w+\s)?(?:annoncé|décidé|promis|confirmé|garanti|prévenu|juré|assuré|acté|convenu"
    r"|indiqué|précisé|déclaré)\s(?:[\w'-]+\s){0,5}?qu(?:e\s|')"
)
_PRESS = re.compile(
    r"\b(?:journal|quotidien|hebdomadaire|magazine|presse|médias?|chaîne|agence|site|sources?)\b"
)


_NEW_VERB = re.compile(
    r"\b(?:a|ont|est|sont|était|avait|fut|vaut|atteint|représente|contre|après|au lieu de|au-delà)\b|[;.]"
    r"|\b(?:percevant|touchant|gagnant|disposant|ayant|inférieure?s?|supérieure?s?|jusqu'ici|détenue?s?|se situe)\b"
    r"|\b\w{3,}(?:ait|aient)\b"
)


def _shares_verb(scene: Scene, previous: Figure, quantity: Quantity) -> bool:
    """Whether no verb stands between a figure and the one before: a list, a conversion, `dont 2 à la signature`."""
    return previous.status != "actual" and not _NEW_VERB.search(
        scene.flat, previous.quantity.end, quantity.start
    )


# "500 euros pour ceux qui gagnent moins de 2 000 euros; 250 euros pour les autres"
_ITEM = re.compile(r"[;:(«\"“]\s?(?:et\s)?[«\"“]?\s?(?:de\s|d')?$|\bet\s(?:de\s|d')?[«\"“]?\s?$")


def _item_before(scene: Scene, figure: Figure, before: list[Figure]) -> Figure | None:
    """The item before the one that a figure opens, of the list that one verb governs."""
    start = figure.quantity.start
    if not _ITEM.search(scene.flat, max(scene.sentence.start, start - 12), start):
        return None
    key = (figure.measure, figure.quantity.unit)
    alike = (f for f in of_sentence(before, scene.sentence)[::-1] if (f.measure, f.quantity.unit) == key)
    return next((f for f in alike if f.status == "planned"), None)


# "compenser la perte de 3 milliards engendrée par la réforme", "annuler la saisie de 2 millions d'aides confisquées":
# what a definite noun names is there, whatever is to be done about it
_THE = re.compile(
    r"\b(?:la|le|l'|les|sa|son|ses|leurs?|ces|cette)\s?[\w-]+\s(?:\w+\s)?(?:de\s|d')(?:\w+\sde\s)?$"
)
_DONE = re.compile(
    r"(?:\s(?:d'|de\s)\w+)?(?:\s(?!ser|aur|va\b|vont\b|doi|dev|peu|pou)\w+)?\s(?:déjà\s)?"
    r"(?:vers|engendr|confisqu|inflig|dépens|pay|enregistr|accumul|réalis|caus|provoqu|encaiss|engag|sai)(?:é|i)e?s?\b"
)
_PLANNED = ("budget", "capex", "deal_value", "funding", "compensation", "debt", "penalty")
_ASKED = re.compile(
    r"(?:\s(?:d'|de\s)\w+|\)|\s\([^()]{1,40}\))?,?\s(?:déjà\s|(?:a|ont|avait|avaient)\sété\s)?"
    r"(?:annonc|promi|propos|demand|réclam|prév|envisag|revendiqu|requi)(?:é|u|s)?e?s?(?:\s(?!à\b)|(?=[.,\"»]))"
)


def _is_already_there(scene: Scene, quantity: Quantity) -> bool:
    """Whether a figure is that of a definite noun, and a participle says that it has come about."""
    lead = max(scene.sentence.start, quantity.start - 60)
    return bool(_THE.search(scene.flat, lead, quantity.start) and _DONE.match(scene.flat, quantity.end))


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
    if like is not None and figure.quantity.equivalent_of is not None:
        return like.period, like.evidence.get("period")
    if glossed := _glossed(scene, figure.quantity, before):
        return glossed.period, glossed.evidence.get("period")
    if repeated := _repeats(scene, figure, before):
        return repeated.period, repeated.evidence.get("period")
    if dated := _dated(scene, figure):
        place = (dated.start, dated.end)
        earlier = _years_before(scene, figure, place, before)
        return earlier or _since(scene, figure, dated, published), place
    if carried := _carried(scene, figure, before) or _still_ahead(scene, figure, before, published):
        return carried.period, carried.evidence["period"]
    if told := _told_before(scene, figure, published):
        return told.edtf, (told.start, told.end)
    if _is_narrated(scene, figure):
        if narrated := _narrated(scene, figure, before, published):
            return narrated.period, narrated.evidence["period"]
        if figure.measure not in _OF_THE_NEWS and figure.quantity.kind in ("money", "percent"):
            return None, None
    return (None if _is_earlier(scene, figure.quantity) else published), None


def _repeats(scene: Scene, figure: Figure, before: list[Figure]) -> Figure | None:
    """The figure before whose date one has that glosses another name of its list, or takes its change up.

    `l'Espagne (-18,5 %) et la France (-13,8 %)`, `Cette hausse est de 0,8 % pour …`.
    """
    last = before[-1] if before else None
    if last is None or last.measure != figure.measure or "period" not in last.evidence:
        return None
    if takes_up(scene, figure, last):
        return last
    listed = last.sentence == scene.sentence and _stands_aside(scene, figure.quantity)
    since = any(last.quantity.end <= d.start < figure.quantity.end + _IN_GLOSS for d in scene.dates)
    return last if listed and not since else None


_IN_GLOSS = 25  # characters of a gloss
_GLOSS = re.compile(r"\s?\([^()]{0,30}")


def _glossed(scene: Scene, quantity: Quantity, before: list[Figure]) -> Figure | None:
    """The figure that a percentage in parentheses is told of: `un bénéfice de 35 milliards (+15 %)`."""
    last = before[-1] if before and before[-1].sentence == scene.sentence else None
    if last is None or quantity.kind != "percent":
        return None
    if not _GLOSS.fullmatch(scene.flat, last.quantity.end, quantity.start):
        return None
    closing = scene.flat.find(")", quantity.end, scene.sentence.end)
    inside = any(last.quantity.end <= dated.start < closing for dated in scene.dates)
    return None if inside else last


_YEARS_BEFORE = re.compile(
    r"(?P<years>un|deux|trois|quatre|cinq|dix) ans? (?:plus tôt|auparavant)|l'(?:an|année|exercice) précédente?"
)
_COUNT = {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "dix": 10}


def _years_before(scene: Scene, figure: Figure, place: tuple[int, int], before: list[Figure]) -> str | None:
    """The period of a comparand, counted from that of the figure it stands beside: `contre 14 millions un an avant`."""
    words = _YEARS_BEFORE.fullmatch(scene.flat, *place)
    start = figure.quantity.start
    last = next((f for f in reversed(before[-_RECENT:]) if not _compares(scene, f)), None)
    if words is None or last is None or last.period is None or "period" not in last.evidence:
        return None
    if start - last.quantity.end > _NEAR or scene.text.find("\n", last.quantity.end, start) >= 0:
        return None
    return shifted(last.period, -_COUNT[words["years"] or "un"])


_ADDS_UP = (
    "deal_value", "funding", "capex", "revenue", "earnings", "loss", "change", "budget", "other",
)  # fmt: skip
_YEAR_OR_PART = re.compile(r"\d{4}(?:-\d\d)?~?")
_SINCE = re.compile(r"\bdepuis\s(?:l[ea]\s|l')?(?:début\s|fin\s)?$")


def _since(scene: Scene, figure: Figure, dated: Dated, published: str | None) -> str | None:
    """What adds up since a date as the period up to the document's own: `a promis 13 milliards depuis 2019`."""
    precision = len(dated.edtf.strip("~"))
    if published is None or figure.measure not in _ADDS_UP or not _YEAR_OR_PART.fullmatch(dated.edtf):
        return dated.edtf
    if not _SINCE.search(scene.flat, max(scene.sentence.start, dated.start - 20), dated.start):
        return dated.edtf
    until = published[:precision]
    return f"{dated.edtf.strip('~')}/{until}" if dated.edtf < until else dated.edtf


def _dated(scene: Scene, figure: Figure) -> Dated | None:
    """The date nearest to the figure in its clause, else the only one of the sentence."""
    if not scene.dates:
        return None
    quantity = figure.quantity
    dates = (
        d
        for d in scene.dates
        if not quantity.start <= d.start < quantity.end and not _is_of_offence(scene, d, figure)
    )
    far = ((_distance(scene, dated, figure), dated) for dated in dates)
    near = sorted((pair for pair in far if pair[0] <= _FARTHEST), key=itemgetter(0))
    return next((dated for _, dated in near if not _is_of_another(scene, dated, quantity)), None)


_FARTHEST = 30  # words, and what separates, from a date to its figure


def _is_of_offence(scene: Scene, dated: Dated, figure: Figure) -> bool:
    """Whether a date tells when the wrong was done: `condamné à 3 millions d'amende pour corruption en 2004`."""
    if figure.measure != "penalty":
        return False
    start, end = figure.quantity.start, figure.quantity.end
    if dated.start >= end:
        return bool(_FOR_WRONG.search(scene.flat, end, dated.start))
    return bool(
        _FOR_DOING.search(scene.flat, scene.sentence.start, dated.start)
        and _TO.fullmatch(scene.flat, dated.end, start)
    )


_FOR_WRONG = re.compile(r"\spour\s[^,;:.]*$")
_FOR_DOING = re.compile(r"\b(?:condamn|écop|sanctionn|puni)\w*\s(?:\w+\s){0,2}pour\s[^,;:.]*$")
_TO = re.compile(r"\s(?:à|d')\s?(?:\w+\s){0,4}")


_OF_PERIOD = (
    "revenue",
    "earnings",
    "loss",
    "change",
)  # what is counted over a period, sentence after sentence
_NEAR = 400  # characters over which a text goes on about one period
_RECENT = 3  # figures back to the one that is no comparand
_EARLIER = re.compile(r"plus tôt|auparavant|précédent|derni|la même période")


def _compares(scene: Scene, figure: Figure) -> bool:
    """Whether a figure stands for an earlier time beside the one that is told: `contre 141 millions un an plus tôt`."""
    return bool(_EARLIER.search(scene.flat[slice(*figure.evidence.get("period", (0, 0)))]))


_NOW = re.compile(whole_words("désormais", "aujourd'hui", "actuellement", "maintenant", "à présent"))
_SPAN = re.compile(r"\d{4}(?:-(?:3[3-6]|4[01]))?")  # a year, a quarter or a half


def _is_of_now(scene: Scene) -> bool:
    """Whether a sentence says that it tells of today."""
    return _NOW.search(scene.flat, scene.sentence.start, scene.sentence.end) is not None


def _carried(scene: Scene, figure: Figure, before: list[Figure]) -> Figure | None:
    """The figure before that dates one without a date: accounts of a year are told sentence after sentence."""
    if figure.measure not in _OF_PERIOD or not before or _is_of_now(scene):
        return None
    last = next((f for f in reversed(before[-_RECENT:]) if not _compares(scene, f)), before[-1])
    across = scene.text.find("\n", last.quantity.end, figure.quantity.start) >= 0
    if last.sentence == scene.sentence and _is_of_opening(scene, last.quantity.end, figure.quantity):
        return None
    if _has_own_date(scene, figure, last) or (across and last.subject != figure.subject):
        return None
    near = figure.quantity.start - last.quantity.end < _NEAR and last.sentence.zone == scene.sentence.zone
    told = near and last.measure in _OF_PERIOD and "period" in last.evidence and last.period
    return last if told and _SPAN.fullmatch(last.period or "") else None


def _has_own_date(scene: Scene, figure: Figure, last: Figure) -> bool:
    """Whether a date of the sentence is the figure's, and not that of `last`, another figure, or a comparand.

    `+ 10 % par rapport à 2018`, `20 milliards, contre 14 l'année précédente`.
    """
    end, place = figure.quantity.end, last.evidence.get("period")
    return any(
        (dated.start, dated.end) != place
        and not _is_of_another(scene, dated, figure.quantity)
        and not (dated.start > end and _AGAINST.search(scene.flat, end, dated.start))
        for dated in scene.dates
    )


_AGAINST = re.compile(r"(?:,?\s|\s?\()contre\s")


_A_YEAR_BEFORE = re.compile(r"l'an dernier|l'année précédente|l'an passé|un an (?:plus tôt|auparavant|avant)")


def _quarter_before(scene: Scene, period: str, place: tuple[int, int], published: str | None) -> str | None:
    """The quarter of the year before that `contre 14 milliards l'année précédente` compares with, under its heading."""
    told = scene.headed.edtf if scene.headed else ""
    if len(period) == len("2024") and int(told[:4] or 0) - 1 == int(period) and published:
        return period + told[4:] if _A_YEAR_BEFORE.search(scene.flat, place[0] - 2, place[1]) else None
    return None


_FOR_ALL = ("change", "price", "rate")  # what changes for everybody on one day


def _still_ahead(scene: Scene, figure: Figure, before: list[Figure], published: str | None) -> Figure | None:
    """The figure before that dates what is to come too: `3 % de plus au 1er mars. Ils baisseront de 2 % ailleurs`."""
    last = before[-1] if before else None
    if last is None or last.period is None or published is None or "period" not in last.evidence:
        return None
    start = figure.quantity.start
    near = start - last.quantity.end < _NEAR and scene.text.find("\n", last.quantity.end, start) < 0
    alike = figure.status == last.status == "planned" and figure.measure == last.measure in _FOR_ALL
    ahead = near and alike and last.period > published and not _has_own_date(scene, figure, last)
    return last if ahead else None


_JUST_BEFORE = 250  # characters back to the period that a sentence goes on about


_PART_OF_YEAR = re.compile(r"\d{4}-(?:3[3-6]|4[01])")


def _told_before(scene: Scene, figure: Figure, published: str | None) -> Dated | None:
    """The quarter or half that the sentence before names: `au deuxième trimestre. Il s'est élevé à 20 milliards`."""
    start = scene.sentence.start
    if figure.measure not in _OF_PERIOD or scene.sentence.zone != "body":
        return None
    if _has_own_date(scene, figure, figure) or _is_of_now(scene):
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


# "La CMA estimait que Microsoft contrôlait 60 % du marché": the imperfect tells of the time told just before
_IMPERFECT = re.compile(
    r"\b(?!fait\b|lait\b|trait\b|ven(?:ait|aient)\sd|\w*(?:parfait|souhait|extrait|retrait|attrait|portrait|satisfait|stupéfait|forfait|méfait|plaît|connaît))"
    r"(?:avait|avaient|était|étaient|\w{2,}[^r\W](?:ait|aient))\b(?![^,;:]*\b(?:a|ont|est|sont|vaut|atteint|va|vont)\b)[^,;:]{0,70}$"
)
_TOLD_THAT = re.compile(r"\b(?:a|ont|vient d)\s(?:\w+\s)?\w+(?:é|it|i|u)\s[^,;:.]*\bqu(?:e\s|')")


_OF_THE_NEWS = ("deal_value", "valuation", "stake", "funding", "headcount", "users")
_RECENTLY = re.compile(
    r"\b(?:jusqu'(?:à présent|ici)|jusque-là|ces derni(?:ers|ères) (?:jours|semaines|mois)|dernièrement|récemment)\b"
)


_VERB_AND_FIGURE = 100  # characters from the verb of a figure to it


def _is_narrated(scene: Scene, figure: Figure) -> bool:
    """Whether the verb of a figure is in the imperfect, and not for the present of a past speech."""
    start, stop = scene.sentence.start, figure.quantity.start
    near = max(start, stop - _VERB_AND_FIGURE)
    if figure.measure == "change" or scene.flat.find("ai", near, stop) < 0:
        return False
    if scene.flat.find("qu", start, stop) >= 0 and _TOLD_THAT.search(scene.flat, start, stop):
        return False
    return bool(_IMPERFECT.search(scene.flat, near, stop)) and not _RECENTLY.search(scene.flat, start, stop)


def _narrated(scene: Scene, figure: Figure, before: list[Figure], published: str | None) -> Figure | None:
    """The figure before, in the same paragraph, that a past time is told of."""
    last = before[-1] if before else None
    if last is None or last.period is None or "period" not in last.evidence or published is None:
        return None
    start = figure.quantity.start
    near = start - last.quantity.end < _NEAR and scene.text.find("\n", last.quantity.end, start) < 0
    return last if near and last.period < published else None


def _is_only(scene: Scene, dated: Dated, quantity: Quantity) -> bool:
    """Whether a date says when, and not before, something came about: `n'a introduit une TVA à 5 % qu'en 2018`."""
    behind = _NOT_BEFORE.fullmatch(scene.flat, quantity.end, dated.start)
    return bool(behind and _NE.search(scene.flat, scene.sentence.start, quantity.start))


_NOT_BEFORE = re.compile(
    r"(?:\s(?!plus\b|moins\b|mieux\b)[\w'-]+){0,5}?\squ(?:e\s|')(?:en|au|à|dans|depuis|fin|début)\s?(?:l'|le\s|la\s)?"
)
_NE = re.compile(r"\bn(?:e\s|')(?!\w+\spas\b)[^,;:.]*$")
# "par rapport à 2017" dates what a figure is compared with, "Ferrari 250 de 1958" a car.
_COMPARED = re.compile(
    r"(?:par rapport (?:à|aux?)(?:\s[\w'-]+){0,6}?"
    r"|(?:comparée?s? à|vis-à-vis de|face à|\bqu'|\bque(?!\s\w+(?:er|ir|re)\b))\s?"
    r"(?:en\s|au\s|celui de\s|[^\W\d]+\s|l'){0,3}"
    r"|(?:plus|moins|mieux|autant)\sque\s(?:en|sur|au|aux|durant|pendant|lors|l)\b(?:[\s'][\w-]+){0,4}?)\s?$"
)
_MAY_COMPARE = re.compile(r"par rapport|comparée?|vis-à-vis|face à|plus|moins|mieux|autant|qu['e]")
# Of these, what compares wherever the figure stands: "alors qu'au 31 décembre, le parti revendiquait 3 000 adhérents"
_COMPARES = re.compile(
    r"\b(?:par rapport|(?:plus|moins|mieux|autant|aussi|même|supérieure?s?|inférieure?s?)(?:\s\w+)?\squ)"
)
# "mieux qu'en 2021, où le groupe avait gagné 3 millions"
_DURING_WHICH = re.compile(r",?\s(?:où|quand|lorsqu|pour lequel|pour laquelle|durant l|pendant l|au cours d)")
_OPENS_GLOSS = re.compile(r"\s?\(\s?")
# "contre 39 243 en 2019, soit une baisse de 18 %": the year of the comparand is not that of the change
_COMPARAND = re.compile(
    r"\bcontre\s(?:(?:près|plus|moins)\sde\s|environ\s|quelque\s|les\s)?\d[\d\s.,]*(?:\s?(?:%|€|[$]|[\w'-]+)){0,4}?"
    r"\s(?:en\s|fin\s|sur\s|à\s)?$"
)


# "selon une étude publiée lundi" dates the study, not what it finds
_PUBLISHED = re.compile(
    r"\b(?:étude|rapport|enquête|sondage|baromètre|chiffres|données|statistiques|bilan|note|résultats|comptes)\s[^.;:]{0,40}?"
    r"(?:publi|par[ua]|dévoil|diffus|rendu|présent|dress)\w*\s(?:publics?\s|publiques?\s)?(?:ce\s|le\s|par\s[^.,;]{0,20}\s)?$"
)
_MADE_IN = re.compile(r"(?:[A-ZÀ-ÖØ-Þ0-9][\w-]*|litres?|cylindres|ch)\s(?:de|datant de)\s$")


def _is_of_another(scene: Scene, dated: Dated, quantity: Quantity) -> bool:
    """Whether a date belongs to something else than the figure: its comparand, a thing named by its year."""
    lead = max(scene.sentence.start, dated.start - 60)
    may_compare = _MAY_COMPARE.search(scene.flat, lead, dated.start)
    compared = may_compare and _COMPARED.search(scene.flat, may_compare.start(), dated.start)
    if compared and not _is_only(scene, dated, quantity):
        return dated.start > quantity.start or (
            bool(_COMPARES.search(scene.flat, compared.start() - 20, dated.start))
            and not _DURING_WHICH.match(scene.flat, dated.end)
            and not _OPENS_GLOSS.fullmatch(scene.flat, dated.end, quantity.start)
        )
    comparand = _COMPARAND.search(scene.flat, lead, dated.start)
    if comparand and not comparand.start() < quantity.start < dated.start:
        return True
    if dated.start >= quantity.end and _RECORD.search(scene.flat, quantity.end, dated.start):
        return True
    if dated.end <= quantity.start and _is_before_now(scene, dated, quantity):
        return True
    if _PUBLISHED.search(scene.flat, max(scene.sentence.start, dated.start - 70), dated.start):
        return True
    if _is_of_opening(scene, dated.start, quantity):
        return True
    if _is_in_other_parenthesis(scene, dated, quantity) or _is_in_aside(scene, dated, quantity):
        return True
    return len(dated.edtf) == 4 and bool(_MADE_IN.search(scene.text, lead, dated.start))


# "proche de son record atteint le 19 février": what a figure is held against has a date of its own
_RECORD = re.compile(
    r"\b(?:record|plus haut|plus bas|pic|sommet|plancher|niveau)s?\b[^,;:]{0,40}?"
    r"\b(?:de|du|d'|atteint|touché|établi|datant|inscrit)e?\s?(?:en\s|le\s|de\s|fin\s)?$"
)
# "Créé en 2003, le site revendique 3 millions": a participle that tells a life has the date to itself
_BORN = (
    r"(?:(?:déjà|lui-même|elle-même)\s)?(?:fond|cré|lanc|n|annonc|candidat|vainqueur|(?:ré)?élu|nomm|promu|introdui|cot"
    r"|rachet|arriv|inaugur|ouvert|présent|valoris|évalu|installé)\w*\s"
)
_OPENS_WITH = re.compile(rf"{_BORN}[^,;:.]*$")
_PRESENT = re.compile(
    r"(?!.*\b(?:a|ont|avait|avaient|était|étaient|fut)\s\w*(?:é|i|u|is|it|ert)e?s?\b)[^;:]*?,\s[^;:]*"
)


def _is_before_now(scene: Scene, dated: Dated, quantity: Quantity) -> bool:
    """Whether a figure is told of today, and a date before it of something else: `en 2025, et atteint désormais`."""
    gap = scene.flat[dated.end : quantity.start]
    if _NOW.search(gap):
        return True
    if not _OPENS_WITH.fullmatch(scene.flat, scene.sentence.start, dated.start):
        return False
    return scene.flat.startswith(",", dated.end) and bool(_PRESENT.fullmatch(gap))


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
_OPENS_AFTER = re.compile(r"\W*(?:après|malgré|contre|au lieu d[e'u])\b[^,;:.]*\d[^,;:]*?")


def _is_of_opening(scene: Scene, place: int, quantity: Quantity) -> bool:
    """Whether a place is in what a sentence sets off: `Après un bénéfice de 3 milliards en 2019, Renault …`."""
    opens = _OPENS_AFTER.fullmatch(scene.flat, scene.sentence.start, place)
    return bool(opens) and scene.flat.find(", ", place, quantity.start) >= 0


def _is_in_aside(scene: Scene, dated: Dated, quantity: Quantity) -> bool:
    """Whether a date belongs to what a participle tells by the way, between commas, before the verb."""
    goes_on = _GOES_ON.match(scene.flat, dated.end, quantity.start)
    return bool(goes_on) and bool(_ASIDE.search(scene.flat, scene.sentence.start, dated.start))


# "Emmanuel Faber, nommé PDG en 2014, a annoncé": the verb of the sentence goes on behind what is told by the way
_ASIDE = re.compile(rf",\s{_BORN}[^,;:.()]*$")
_GOES_ON = re.compile(
    r"[^,;:.()]{0,60},\s(?:\w+\s)?(?:n'|ne\s|s'|se\s)?(?:en\s)?"
    r"(?:a|ont|avait|avaient|aurait|est|sont|était|étaient|va|vont|doit|doivent|devrait|veut|prévoit|compte|table|vise"
    r"|affiche|annonce|emploie|pèse|réalise|revendique|détient|possède|vaut|coûte|élève)\s"
)


def _distance(scene: Scene, dated: Dated, figure: Figure) -> float:
    quantity = figure.quantity
    if dated.start >= quantity.end:
        converted = _CONVERTED.match(scene.flat, quantity.end, dated.start)
        end = converted.end() if converted else quantity.end
        gap, between = scene.flat[end : dated.start], (end, dated.start)
    else:
        gap, between = scene.flat[dated.end : quantity.start], (dated.end, quantity.start)
    crossed = (
        sum(between[0] <= q.start < between[1] for q in scene.quantities) if len(scene.quantities) > 1 else 0
    )
    to_level = figure.measure == "change" and dated.start >= quantity.end and _TO_ITS_LEVEL.match(gap)
    if to_level and crossed == 1 and "%" not in gap:
        crossed = 0  # "a chuté de 55 % à 335 millions d'euros au premier semestre"
    # A date behind another figure is that figure's; a date that opens the sentence holds for all of it.
    each = _BEHIND_ANOTHER if dated.start >= quantity.end else 5
    cost = (
        len(WORD.findall(gap)) + 3 * gap.count(",") + 12 * (gap.count(";") + gap.count(":")) + each * crossed
        + 6 * len(RELATIVE.findall(gap))
    )  # fmt: skip
    if dated.start >= quantity.end and ";" in gap:
        cost += _OF_NEXT_CLAUSE
    if _BY_THEN.search(scene.flat, max(scene.sentence.start, dated.start - 12), dated.start):
        cost -= 0 if crossed else _BY
    if dated.start >= quantity.end and _SAID.search(gap):
        cost += _OF_SPEECH
    at_once = dated.start >= quantity.end and not crossed and len(gap.split()) <= 2
    if at_once and not any(mark in gap for mark in ",;:"):
        return cost - 6  # "à 23 % en 2017": a date right behind its figure
    if (
        dated.start >= quantity.end
        or ";" in gap
        or not _OPENS.fullmatch(scene.flat, scene.sentence.start, dated.start)
    ):
        return cost
    alone = not any(
        dated.end <= other.start < quantity.start and not _is_of_another(scene, other, quantity)
        for other in scene.dates
    )
    return min(cost, 14.0 + crossed) if alone else cost


_TO_ITS_LEVEL = re.compile(r"\s(?:,\s)?à\s\d")  # behind a change: "de 55 % à 335 millions"
# No more than two words stand before a date that opens its sentence.
_OPENS = re.compile(r"\W*+(?:\w++\W*+){0,2}")
_CONVERTED = re.compile(r"\s?\([^()]*\)(?=\s)")  # "181 milliards de yens (1,1 milliard d'euros) en 2023"
_BEHIND_ANOTHER = 25


# ", a annoncé mercredi" dates the announcement before what it tells.
_SAID = re.compile(r",\s(?:a|ont|avait|avaient)\s\w+[éit]\s(?:ce\s)?$")


_OF_SPEECH = 9
_BY_THEN = re.compile(r"\bd'ici\s(?:à\s)?(?:fin\s)?$")  # "augmenter de 50 % les contrôles d'ici 2022"
_BY = 8
_OF_NEXT_CLAUSE = 20


_YEAR = re.compile(r"\b\d{4}(?=-)")


def _lies_ahead(
    scene: Scene, figure: Figure, period: str, place: tuple[int, int], published: str | None
) -> bool:
    """Whether a month without its year is the next one: `doit apporter 750 millions en septembre`, said in March."""
    mark = figure.evidence.get("status")
    past = published is not None and len(published) >= _MONTH and period[:_MONTH] < published[:_MONTH]
    words = scene.flat[slice(*place)]
    named = past and "-" in period and not any(c.isdigit() for c in words) and "derni" not in words
    if not named or figure.status != "planned" or mark is None or mark[0] > place[0]:
        return False
    return not any(mark[0] < other.start < figure.quantity.start for other in scene.quantities)


_STILL_TO_BE = re.compile(
    r"va|vont|doi(?:t|vent)|dev(?:ra|ront|rait|raient)|pourrai(?:t|ent)|(?<!était\s)(?<!étaient\s)(?:prévue?s?|attendue?s?)|(?!aura)\w+(?:ra|ront)"
)
# "doit annoncer jeudi", "va être versé dès jeudi"; "Jeudi, le groupe va rembourser"
_BY_DAY = re.compile(r"\s(?!(?:[\w'-]+\s)*qu)(?:[\w'-]+\s){0,4}")
_FROM_DAY = re.compile(r",\s(?!(?:[\w'-]+\s)*(?:qu|a\s|ont\s))(?:[\w'-]+\s){1,5}")


def _is_next_week(scene: Scene, period: str, place: tuple[int, int], published: str | None) -> bool:
    """Whether a weekday is one to come: `doit annoncer jeudi un plan`, `Jeudi, le groupe va rembourser`."""
    start, end = place
    if not published or not period < published or not is_weekday(scene.flat[start:end]):
        return False
    if scene.flat.endswith("depuis ", 0, start):
        return False
    ahead = (mark for mark in scene.marks if _STILL_TO_BE.fullmatch(scene.flat, mark.start, mark.end))
    return any(
        _BY_DAY.fullmatch(scene.flat, mark.end, start) or _FROM_DAY.fullmatch(scene.flat, end, mark.start)
        for mark in ahead
    )


_MONTH = len("2025-09")
_WAS = re.compile(
    r"\b(?:a|ont|avait|avaient|s'est|s'était|fut|était|étaient|(?!dev|all|prév|voul|compt)\w{2,}[^r\W](?:ait|aient))\b"
    r"|\w[éiu]e?s?\s(?:en|dès|fin|mi|d[eu])?\s?(?:mi-)?$"
)
_HAD = re.compile(  # "le double de sa valorisation de mai": what one has of a month is over
    r"\b(?:sa|son|leur)\s(?:[a-z]+\s)?(?:valorisation|record|pic|creux|plus (?:haut|bas)|tour de table"
    r"|levée de fonds|augmentation de capital|introduction en Bourse|emprunt)\sd[e']\s?$",
    re.IGNORECASE,
)
_NAMED_MONTH = re.compile(r"\d{4}-(?:0\d|1[0-2])")


def _lies_behind(
    scene: Scene, figure: Figure, period: str, place: tuple[int, int], published: str | None
) -> bool:
    """Whether a month without its year is the last one: `la cession de décembre avait rapporté`, said in October."""
    ahead = published is not None and len(published) >= _MONTH and period[:_MONTH] > published[:_MONTH]
    words = scene.flat[slice(*place)]
    named = ahead and _NAMED_MONTH.fullmatch(period) and not re.search(r"\d{4}|prochain", words)
    if not named or figure.status not in ("actual", "reported") or scene.sentence.zone != "body":
        return False
    start = scene.sentence.start
    lead = (place[0], figure.quantity.end) if place[0] < figure.quantity.start else (start, place[0])
    return bool(_WAS.search(scene.flat, *lead) or _HAD.search(scene.flat, start, place[0]))
