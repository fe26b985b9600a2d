"""Shares: what a percentage counts where it is no level and no change, and of which whole it is a part.

`60 % du capital` is a stake, `60 % du marché` a share, `60 % du salaire` a ratio of sums; votes are the candidate's.
"""

from __future__ import annotations

import re
from functools import cache

from etl.clause import Figure, Scene, is_nominative, nominatives, spoken_of, subject_of_clause
from etl.cues import Hit
from etl.lexicon import alternation, words_of
from etl.parties import Mention
from etl.quantities import Evidence, Quantity


def goes_on_shares(scene: Scene, quantity: Quantity, hit: Hit, before: list[Figure]) -> bool:
    """Whether a bare `taux` goes on about shares told before: `54 % approuvent. Un taux qui grimpe à 70 %`."""
    told = (
        before
        and before[-1].measure == "market_share"
        and quantity.start - before[-1].quantity.end < _NEAR_SHARES
    )
    bare = scene.flat[hit.start : hit.end] == "taux" and not scene.flat.startswith(
        (" de ", " d'", " des "), hit.end
    )
    return bool(told and bare)


_NEAR_SHARES = 200  # characters
_NEAR_CANDIDATE = 110  # characters


def candidate(scene: Scene, quantity: Quantity) -> Mention | None:
    """Who has a share of the votes: who stands behind it, or the last one named before it.

    `Martine Vassal, deuxième avec 22 % des voix, contre 19 % à Samia Ghali`
    """
    for mention in scene.mentions:
        if mention.start >= quantity.end and mention.kind not in ("place", "media", "state"):
            if _GOES_TO.fullmatch(scene.flat, quantity.end, mention.start):
                return mention
            break
    fit = [m for m in scene.mentions if m.kind not in ("place", "media", "state")]
    before = [m for m in fit if m.end <= quantity.start]
    if before and quantity.start - before[-1].end < _NEAR_CANDIDATE:
        told = [*nominatives(scene.flat, scene.sentence.start, before)]
        led = before[-1] not in told and _WITH.fullmatch(scene.flat, before[-1].end, quantity.start)
        last = told[-1] if told and led else before[-1]
        first = before[before.index(last) - 1] if last is not before[0] else last
        joined = first in told and _AND.fullmatch(scene.flat, first.end, last.start)
        return first if joined else last  # "La France insoumise et le PCF ont rassemblé 13 % des voix"
    after = next((m for m in fit if m.start >= quantity.end), None)
    if after is None or before or not _FRONTED.fullmatch(scene.flat, quantity.end, after.start):
        return None
    return after if is_nominative(scene.flat, quantity.end, after) else None


_AND = re.compile(r"\set\s(?:l[ea]s?\s|l')?")
_GOES_TO = re.compile(
    r"(?:\s(?:des\s)?(?:voix|suffrages))?\s(?:à|au|aux|pour)\s(?:l[ea]\s|l'|mm?\.\s|mme\s)?(?:[a-zà-ÿ'-]+\s){0,7}?(?:l[ea]\s[a-zà-ÿ]+\s)?"
)
# As in: Benoît Hamon l'emporte face à Manuel Valls, avec 58,8 % des voix
_WITH = re.compile(r",?\savec\s(?:près\sde\s|plus\sde\s|environ\s)?")
# As in: Éliminé avec 6 % des voix, Benoît Hamon …
_FRONTED = re.compile(r"[^,.;:()]{0,60},\s(?:l[ea]\s|l')?(?:[a-zà-ÿ'-]+\s){0,3}?")
# "un jeune sur quatre (26,9 %)", "94 % ont choisi": a share of people or things, whatever the words around say.
_FRACTION = re.compile(
    r"\b(?:tiers|quart|moitié|majorité|cinquième|dixième"
    r"|sur\s(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix))\b[^().;:]{0,50}\($"
)
PLURAL_VERB = re.compile(
    r"[\s»”\"]{1,3}(?:n'|ne\s|s'|se\s|y\s|en\s)?(?:ont|sont|étaient|avaient|\w+[^m\W]ent|\w+aient|\w+èrent)\b"
)


def of_people(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A percentage that counts people or things: it glosses a fraction, or is the subject of a plural verb."""
    lead = max(scene.sentence.start, quantity.start - 80)
    if quantity.unit != "percent" or not (
        _FRACTION.search(scene.flat, lead, quantity.start)
        or PLURAL_VERB.match(scene.flat, quantity.end, scene.sentence.end)
    ):
        return None
    whose = spoken_of(scene, quantity)
    before = [m.name for m in scene.mentions if m.start < quantity.start]
    if whose and scene.kinds.get(whose) == "" and whose not in before:
        whose = scene.state  # what a text is about holds no opinion: `la Shoah`
    return Figure(quantity, scene.sentence, evidence, "market_share", whose)


_SHARE = re.compile(
    r"[\s»”\"]{1,3}(?:des|du|de la|de l'|de ces|de ses|de son|de sa|de leurs?|de|d')\s?(?P<whole>(?:[\w'-]+\s?){1,2})"
)


def _is_amount(whole: str) -> bool:
    """Whether what a percentage is of is a sum: `70 % du salaire` is a ratio of two, `70 % des salariés` a share."""
    return whole.startswith("cette dernière") or whole.split(" ", maxsplit=1)[0] in words_of("amount")


_WORD_LEFT_OVER = re.compile(
    r"\s(?:de|du|des|d|à|au|aux|en|et|ou|a|ont|est|sont|par|pour|qui|que|dans|sur|se|ne|y|avec)$"
)
# "réalise 70 % de son chiffre d'affaires en Chine": a part of the whole; "une commission de 30 % du prix" is a ratio
_OF_SALES = re.compile(r"(?:chiffre|ventes|recettes|revenus|activité)\b")
_MAKES = re.compile(r"\b(?:réalis|g[ée]n[éè]r|tir|p[eè]s|assur|concentr|fai[ts])\w*\s(?:[\w']+\s){0,3}$")


def whole_of(scene: Scene, quantity: Quantity) -> str | None:
    """The words of the whole that a percentage is a share of: `20 % des effectifs`."""
    share = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    return _whole(scene, share) if share else None


def _whole(scene: Scene, match: re.Match[str]) -> str:
    return _WORD_LEFT_OVER.sub("", scene.text[slice(*match.span("whole"))].strip())


_OF_OWN = re.compile(r"\s(?:de\s(?:sa|son)|du)\s(?:société|entreprise|start-up|groupe|capital|compagnie)\b")


def share_of(scene: Scene, quantity: Quantity, evidence: Evidence) -> Figure | None:
    """A percentage of some whole that no other cue governs: `95 % du soja` is a share of a market or a population."""
    if quantity.unit != "percent":
        return None
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    if not match:
        return None
    evidence["measure"] = evidence["base"] = match.span("whole")
    held = next((m for m in scene.mentions if match.start("whole") == m.start), None)
    if held and held.kind == "company":
        actor = scene.deal[0] if held.name == scene.deal[1] else None
        return Figure(quantity, scene.sentence, evidence, "stake", held.name, actor)
    if _OF_OWN.match(scene.flat, quantity.end):
        giver = subject_of_clause(scene, quantity)
        return Figure(quantity, scene.sentence, evidence, "stake", giver or scene.topic)
    whole = scene.text[slice(*match.span("whole"))].split()
    people = whole[0] if whole and whole[0].istitle() else None
    subject = held.name if held else people or spoken_of(scene, quantity)
    base = _whole(scene, match)
    part = _OF_SALES.match(match["whole"]) and _MAKES.search(scene.flat, scene.sentence.start, quantity.start)
    measure = "rate" if _is_amount(match["whole"]) and not part else "market_share"
    return Figure(quantity, scene.sentence, evidence, measure, subject, base=base)


@cache
def ballot() -> re.Pattern[str]:
    """A word of a vote or a poll: a share near one is of voters, and a `tour` near one raises no money."""
    return re.compile(rf"\b{alternation(words_of('ballot'))}\b")


def turnout_of(scene: Scene, figure: Figure, hit: Hit) -> Figure | None:
    """The share of voters that `la participation` is near a word of a vote, and no stake."""
    word = scene.flat[hit.start : hit.end]
    near = max(0, scene.sentence.start - _AROUND_VOTE)
    votes = word == "participation" and ballot().search(scene.flat, near, scene.sentence.end)
    if not votes or figure.measure != "stake" or scene.kinds.get(figure.actor or "") == "company":
        return None
    return figure._replace(measure="market_share", subject=None, actor=None, unresolved="no subject")


_AROUND_VOTE = 300  # characters back to the word of a vote


def is_of_common_noun(scene: Scene, quantity: Quantity) -> bool:
    """Whether a percentage is said of things that are no company: `60 % du jeu vidéo`, and not `60 % du capital`."""
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    return (
        match is not None
        and scene.text[match.start("whole")].islower()
        and match["whole"].split(" ")[0] not in words_of("part of a company")
        and not any(
            m.start <= match.start("whole") < m.end or match.start() < m.start < match.end()
            for m in scene.mentions
        )
    )


def is_of_an_amount(scene: Scene, quantity: Quantity) -> bool:
    """Whether a percentage is a ratio of sums: `indemnisé à hauteur de 70 % du salaire`."""
    match = _SHARE.match(scene.flat, quantity.end, scene.sentence.end)
    return match is not None and _is_amount(match["whole"])
