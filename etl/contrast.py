"""Contrast: figures that a clause sets against others, of whom it names for that.

Prose compares by leaving out what is the same: `…, celui de Nissan a reculé de 5 %`, `tandis que Lactalis plafonnait à
2 milliards`, `devançant Carmeline et ses 861 millions`, `les 11 milliards d'Hermine`. The figure measures what the one
before it does; whose it is stands between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from etl.clause import OF, Figure, Scene, of_words, preposition
from etl.lexicon import whole_words
from etl.nouns import complement_of
from etl.parties import Mention


def contrasted(scene: Scene, figure: Figure, before: list[Figure]) -> Figure:
    """The figure as that of whom its clause sets against somebody; as it is, where it sets nobody."""
    if figure.quantity.equivalent_of is not None:
        return figure
    previous = before[-1] if before and before[-1].sentence == scene.sentence else None
    if previous and (of_noun := _that_of_noun(scene, figure, previous)):
        return of_noun
    if not scene.mentions:
        return figure
    begin = previous.quantity.end if previous else scene.sentence.start
    owner = (
        _that_of(scene, figure, begin)
        or _with_its_sum(scene, figure)
        or _whose_sum(scene, figure)
        or (_to_whom(scene, figure, begin) if previous else None)
        or (_in_own_clause(scene, figure, begin) if previous else None)
    )
    if owner is None or owner.name in (figure.subject, figure.actor):
        return figure
    acts = figure.actor is not None and figure.measure in _OF_ACTORS
    own = acts and figure.actor == figure.subject
    figure.evidence["actor" if acts else "subject"] = (owner.start, owner.end)
    return figure._replace(
        subject=owner.name if own or not acts else figure.subject,
        actor=owner.name if acts else figure.actor,
        unresolved=None,
    )


_OF_ACTORS = ("stake", "capex")  # what a new party does as the one before did: it holds, it spends


def _between(scene: Scene, figure: Figure, begin: int) -> Iterator[Mention]:
    """The entities between a place and a figure, the nearest first."""
    for mention in reversed(scene.mentions):
        if begin <= mention.start and mention.end <= figure.quantity.start and mention.kind != "media":
            yield mention


def _that_of(scene: Scene, figure: Figure, begin: int) -> Mention | None:
    """The owner that a pronoun stands before: `celui de Nissan`, `ceux de son rival Lactéor`."""
    found = [*_THAT.finditer(scene.flat, begin, figure.quantity.start)]
    if not found or _GOES_ON.fullmatch(scene.flat, begin, found[-1].start()):
        return None  # "15 % de ceux du PS, 12 % de ceux des Républicains": the figure before is theirs
    for mention in scene.mentions:
        if mention.start >= found[-1].end() and _OF.fullmatch(scene.flat, found[-1].end(), mention.start):
            return None if _LEAVES.search(scene.flat, mention.end, figure.quantity.start) else mention
    return None


def _that_of_noun(scene: Scene, figure: Figure, previous: Figure) -> Figure | None:
    """The figure of what a common noun names behind a pronoun: `les vols ont bondi de 30 %, ceux des vélos de 12 %`."""
    if previous.measure != figure.measure or scene.kinds.get(previous.subject or "", "state") != "state":
        return None
    that = [*_THAT.finditer(scene.flat, previous.quantity.end, figure.quantity.start)]
    phrase = complement_of(scene.flat, that[-1].end(), figure.quantity.start) if that else None
    if phrase is None or not _UP_TO.fullmatch(scene.flat, phrase.end, figure.quantity.start):
        return None
    named = any(that[-1].start() < m.start < figure.quantity.start for m in scene.mentions)
    return None if named else of_words(scene, figure, phrase.start, phrase.end)


_UP_TO = re.compile(r"\s(?:[a-zà-ÿ']+\s){0,3}")
_THAT = re.compile(whole_words("celui", "celle", "ceux", "celles"))
_GOES_ON = re.compile(r"\s?(?:de|chez|pour|parmi|à)\s")
_OF = re.compile(r"\s(?:de\s(?:la\s|l'|s(?:on|a|es)\s)?|du\s|des\s|d')(?:[a-zà-ÿ-]+\s){0,2}")
_LEAVES = re.compile(r"[;:(]|\b(?:que|qui|qu'|dont|selon|parmi)\b")


def _in_own_clause(scene: Scene, figure: Figure, begin: int) -> Mention | None:
    """The subject of a clause that is set against the one before: `…, tandis que Lactalis plafonnait à 2 milliards`.

    Only where the figure took its owner from that clause, and is no sum that one pays and another is paid.
    """
    if figure.measure in ("deal_value", "funding") or any(
        figure.evidence.get(column, (0, 0))[0] >= begin for column in ("subject", "actor")
    ):
        return None
    for mention in _between(scene, figure, begin):
        against = _AGAINST.search(scene.flat, begin, mention.start)
        if (
            against
            and mention.form != "pronoun"
            and preposition(scene.flat, against.end(), mention.start) is None
            and _DOES.fullmatch(scene.flat, mention.end, figure.quantity.start)
        ):
            return mention
    return None


# What sets one clause against another; the noun or the name that is its subject follows.
_AGAINST = re.compile(
    r"(?:,?\s(?:quand|tandis\sque|alors\sque|mais|là\soù|pendant\sque)\s|tandis\squ'|alors\squ'|[;,]\s(?:et\s)?|\set\s)"
    r"(?=(?:l[ea]s?\s|l'|s(?:on|a|es)\s)?(?:[a-zà-ÿ-]+\s){0,3}$)"
)
# From the subject to its figure: what is said of it in passing, and a verb.
_DOES = re.compile(
    r"(?:,\s(?:l[ea]\s|l'|s(?:on|a)\s|elle\b|lui\b|eux\b)[^,;:.()]{0,40},)?\s(?!(?:et|ou|de|du|des|à|qui|que|dont|où)\b|d'|qu')"
    r"(?:(?!(?:qui|que|dont)\b|qu')[a-zà-ÿ']+\s){1,7}?(?:à\s|de\s|d')?(?:(?:près|plus|moins)\sde\s|quelque\s|environ\s|les\s)?"
)


def _with_its_sum(scene: Scene, figure: Figure) -> Mention | None:
    """Who is named with a figure of his own: `loin devant Exor et ses 14 %`."""
    nearest = next(_between(scene, figure, scene.sentence.start), None)
    beside = nearest and _AND_ITS.fullmatch(scene.flat, nearest.end, figure.quantity.start)
    return nearest if beside else None


_AND_ITS = re.compile(
    r"[\"»”]?,?\s(?:et|avec)\s(?:ses|son|sa|leurs?)\s(?:(?:près|plus|moins)\sde\s|quelque\s|environ\s|[a-zà-ÿ]+\sde\s)?"
)


def _to_whom(scene: Scene, figure: Figure, begin: int) -> Mention | None:
    """Whose share of a vote is set against the one before: `50,9 % des voix, contre 49,1 % à Jair Bolsonaro`."""
    if figure.measure != "market_share" or not _AGAINST_SHARE.search(
        scene.flat, begin, figure.quantity.start
    ):
        return None
    behind = next((m for m in scene.mentions if m.start >= figure.quantity.end), None)
    return (
        behind
        if behind and behind.kind != "place" and _TO.fullmatch(scene.flat, figure.quantity.end, behind.start)
        else None
    )


_AGAINST_SHARE = re.compile(r"\bcontre\s$")
_TO = re.compile(r"\s(?:à|pour)\s(?:l[ea]\s|l')?")


def _whose_sum(scene: Scene, figure: Figure) -> Mention | None:
    """Who stands behind a figure that another is measured by: `dépasse les 11 milliards d'Hermine`."""
    determined = scene.flat.endswith(("les ", "aux ", "des "), scene.sentence.start, figure.quantity.start)
    if not determined or not _MEASURED_BY.search(scene.flat, scene.sentence.start, figure.quantity.start):
        return None
    behind = next((m for m in scene.mentions if m.start >= figure.quantity.end), None)
    return behind if behind and OF.fullmatch(scene.flat, figure.quantity.end, behind.start) else None


_MEASURED_BY = re.compile(
    r"\b(?:dépass|devan[çct]|surpass|rattrap|approch|derrière|loin\sd[eu']|face|comparé|supérieur|inférieur|contre|que)"
    r"[^.;:,]{0,40}\b(?:les|aux|des)\s$"
)
