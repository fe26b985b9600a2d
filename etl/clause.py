"""The clause around a figure: which of its entities stands where, as subject, object, or behind a preposition.

No parser runs. The places are found by what tells them apart in French prose: the side of the verb, the preposition
that introduces a name, the passive, the relative pronoun, the possessive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from typing import NamedTuple

from etl.cues import Hit
from etl.dates import Dated
from etl.lexicon import alternation, whole_words, words_of
from etl.parties import Mention
from etl.quantities import Evidence, Quantity
from etl.segments import Sentence
from etl.stance import Mark, Voice

Deal = tuple[str | None, str | None]  # actor and target


@dataclass(frozen=True)
class Scene:
    """One sentence with all that was found in it, and what the text has said before."""

    text: str
    flat: str
    sentence: Sentence
    mentions: list[Mention]  # resolved: each has a name
    hits: list[Hit]
    dates: list[Dated]
    marks: list[Mark]
    voices: list[Voice]
    quantities: list[Quantity]
    topic: str | None
    deal: Deal  # actor and target of the deal that the text is about
    state: str | None  # the state that a government or ministry of the text pays for
    theme: str | None  # the account that the text is about: what `il ressort à` is said of
    main: str | None = None  # the company that the document is about
    told: Sequence[Figure] = ()  # the money and percentages of the text so far
    kinds: Mapping[str, str] = field(default_factory=dict)  # what each entity of the document is
    matter: Callable[[], str | None] = lambda: None  # the common noun that the document is about
    headed: Dated | None = None  # the quarter or half that the heading above names
    person: Callable[[int], str | None] = lambda _: None  # the person spoken of at a place
    home: str | None = None  # the place or state whose prices, rates and shares the text tells

    @cached_property
    def bearers(self) -> list[Mention]:
        """The mentions of who can act or bear a figure, without those that a clause denies to be the ones."""
        fit = (m for m in self.mentions if m.kind not in ("place", "media"))
        return [m for m in fit if not _NOT.search(self.flat, max(0, m.start - 12), m.start)]

    @property
    def last(self) -> str | None:
        """Whose account, valuation or deal was told just before: the one that `ses pertes` are of."""
        last = self.told[-1] if self.told else None
        if last is None or self.sentence.start - last.quantity.end > _JUST_BEFORE:
            return None
        return last.subject if last.sentence.zone == self.sentence.zone and last.measure in _GOES_ON else None


_JUST_BEFORE = 300  # characters
ACCOUNTS = (
    "revenue", "earnings", "loss", "debt", "valuation", "capex", "price", "assets", "penalty", "compensation",
)  # fmt: skip
_GOES_ON = (*ACCOUNTS, "funding", "change", "deal_value")  # what the next sentence tells more of


class Figure(NamedTuple):
    """A quantity with what it says; a null cell is one that the text does not fill or that no rule could decide."""

    quantity: Quantity
    sentence: Sentence
    evidence: Evidence
    measure: str | None
    subject: str | None = None
    actor: str | None = None
    period: str | None = None
    status: str = "actual"
    attribution: str | None = None
    base: str | None = None
    direction: str | None = None
    unresolved: str | None = None


def of_words(scene: Scene, figure: Figure, start: int, end: int) -> Figure:
    """The figure as that of whom or what the words at `start:end` of the text name: `les retraités`."""
    figure.evidence["subject"] = (start, end)
    return figure._replace(subject=scene.text[start:end], unresolved=None)


class Party(NamedTuple):
    """Who a figure belongs to or who acts, with the place of the words that say it."""

    name: str
    place: tuple[int, int] | None


def cue_words(scene: Scene, figure: Figure) -> str:
    """The folded words that say what a figure measures, empty where none do."""
    return scene.flat[slice(*figure.evidence.get("measure", (0, 0)))]


_PREPOSITION = re.compile(
    whole_words(
        "de", "du", "des", "d'", "dans", "à", "au", "aux", "par", "pour", "avec", "chez", "sur", "contre", "sans",
        "entre", "vers", "sous", "selon", "en", "comme", "hors", "après", "apres", "avant", "depuis", "derrière",
        "face", "malgré", "malgre", "devant", "auprès", "aupres", "parmi", "outre", "via", "envers",
    )
    + r"(?!\squ)"
)  # fmt: skip


def preposition(flat: str, stop: int, start: int) -> str | None:
    """The preposition that introduces what begins at `start`: the first one after `stop` that opens no adverbial."""
    for found in _PREPOSITION.finditer(flat, stop, start):
        if not _ADVERBIAL.match(flat, found.start(), start):
            word = found[0].strip("'")
            return {"d": "de", "du": "de", "des": "de", "au": "à", "aux": "à"}.get(word, word)
    return None


# "apporter 13 milliards en tout à la start-up", "verser 3 millions par an à X"
_ADVERBIAL = re.compile(
    r"(?:en\s(?:tout|plus|numéraire|liquide|cash|titres|actions|\d{4}|une\sfois|deux\sfois|effet)|au\s(?:total|moins|plus)"
    r"|à\s(?:terme|lui\sseul|elle\sseule|eux\sseuls|peu\sprès)|par\s(?:an|mois|jour)|sur\s\w+\s(?:ans|mois|années)"
    r"|d'ici\s(?:à\s)?(?:\d{4}|la\sfin)|de\splus|de\smieux)\b"
)


_OPENS_CLAUSE = re.compile(r".*(?:[,•:]|-(?= )|\)(?=\.))")


def is_nominative(flat: str, stop: int, mention: Mention, *, subordinate: bool = False) -> bool:
    """Whether no preposition introduces a mention, looking back to `stop`, the last comma or, where asked, `que`."""
    if stop >= mention.start:
        return True  # it opens the sentence
    stop = max(stop, mention.start - 60)
    if opened := _OPENS_CLAUSE.match(flat, stop, mention.start):
        stop = opened.end()
    for conjunction in _CONJUNCTION.finditer(flat, stop, mention.start) if subordinate else ():
        stop = conjunction.end()  # "d'autant plus lointain que Google …": a clause of its own
    return preposition(flat, stop, mention.start) is None


def nominatives(flat: str, start: int, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """The mentions of a sentence that no preposition introduces; the second of two stands as the first does."""
    stop, nominative = start, False
    for i, mention in enumerate(mentions):
        if i == 0 or not _AND.fullmatch(flat, stop, mention.start):
            nominative = is_nominative(flat, stop, mention)
        if nominative:
            yield mention
        stop = mention.end


# What joins a noun to what it is of.
OF = re.compile(r"\s(?:de\s(?:la\s|l')?|des\s|du\s|d'|de\s(?:ses|leurs)\s)")
# What joins a holder to the company of which it has a part: "la part de Bouygues dans Alstom"
IN_CAPITAL = re.compile(r"\s(?:dans|au\scapital\s(?:de|d'))\s?(?:le\scapital\s(?:de\s|d'))?(?:la\s|le\s|l')?")
_AND = re.compile(r"\s(?:et|ou|puis)\s(?:l[ea]s?\s|l'|de\s|d'|du\s|à\s|aux?\s)?")

_CONJUNCTION = re.compile(r"\b(?:que\s|qu'|quand\s|lorsque\s|lorsqu'|si\s|car\s|puisque\s|où\s)")


def mention_at(
    scene: Scene, hit: Hit, place: str, but: tuple[str, ...], quantity: Quantity | None = None
) -> Mention | None:
    """The entity at a place of the clause that a name of it tells: its subject, object, recipient, state, any other."""
    mentions = [m for m in scene.bearers if m.name not in but]
    if not mentions:
        return None
    passive = hit.form.kind == "verb" and hit.form.participle and is_passive(scene.flat, hit)
    if place == "nsubj" and hit.form.kind == "verb" and _is_said_of_noun(scene, hit):
        return None
    if place == "nsubj":
        if not passive or hit.form.cue.direction:
            return (
                nominative_of(scene.flat, scene.sentence.start, hit, mentions)
                or _subject_behind(scene, hit, mentions)
                or _agent_of_subject(scene, hit, mentions)
                or (
                    _complement_of_subject(scene, hit, mentions)
                    if hit.form.cue.actor in ((), ("bearer",))
                    and ("obj" not in hit.form.cue.subject or hit.form.kind == "noun")
                    else None
                )
            )
        agent = introduced_behind(scene, hit, mentions, ("par",))
        if agent is None and quantity is not None and 0 < hit.start - quantity.end <= 2:
            # "Nvidia ne versera pas les 40 milliards promis": the subject of the sum's own verb.
            return nominative_of(scene.flat, scene.sentence.start, hit, mentions)
        return agent
    if place == "obj":
        if passive:
            whole = _BEING.search(scene.flat, max(0, hit.start - 30), hit.start)
            told = whole and nominative_of(scene.flat, scene.sentence.start, hit, mentions)
            return told or nominative_of(scene.flat, scene.sentence.start, hit, mentions, reduced=True)
        if _CLITIC_OBJECT.search(scene.flat, max(scene.sentence.start, hit.start - 16), hit.start):
            return _pronoun_object(scene, hit, mentions)
        if relative := _whom(scene, hit, mentions):
            return relative
        return _object(scene.flat, hit, mentions)
    if place == "dative":
        # "La Cnil a infligé à Google une amende"
        given = next((m for m in reversed(mentions) if m.end <= hit.start), None)
        to = _TO_STATE if given and given.kind == "state" else _TO  # "condamné au Canada" is where
        return given if given and to.search(scene.flat, max(0, given.start - 6), given.start) else None
    if place == "other":
        mentions = [m for m in mentions if not _DOING.search(scene.flat, hit.end, m.start)]
        return min(mentions, key=lambda m: abs(m.start - hit.start), default=None)
    return next((m for m in mentions if m.kind == "state"), None)


_NOT = re.compile(r"\bet\s(?:non|pas)\s(?:l[ea]\s|l')?$")  # "c'est Renault, et non Nissan, qui perd"
_TO_STATE = re.compile(r"\bà\s(?:l'|la\s)?$")
_TO = re.compile(r"\bà\s(?:l'|la\s|le\s)?$|\baux?\s$")
_OF_NOUN = re.compile(
    r"(?P<noun>[a-zà-ÿ'-]+)(?P<comma>,?)\squi\s(?:(?:ne|se|en|y|a|ont|avait|aurait|\w+ment)\s|[ns]')*$"
)


def _is_said_of_noun(scene: Scene, hit: Hit) -> bool:
    """Whether a verb's relative clause is of a common noun: `les niches de Bercy, fiscales ou non, qui coûtent …`."""
    lead = max(scene.sentence.start, hit.start - 80)
    if scene.flat.find("qui", lead, hit.start) < 0:
        return False
    found = _OF_NOUN.search(scene.flat, lead, hit.start)
    before = [m for m in scene.mentions if m.start < (found.end("noun") if found else 0)]
    if found is None or not before or before[-1].end >= found.end("noun"):
        return False
    apposed = found["comma"] and re.fullmatch(r",\s[^,]*", scene.flat[before[-1].end : found.end("noun")])
    return not apposed  # "Renault, le constructeur au losange, qui perd 3 milliards"


_WHOM = re.compile(r"\bqu(?:e\s|')")


def _whom(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The entity that a relative clause is said of: `SpaceX, que Bloomberg évalue à 400 milliards`."""
    found = list(_WHOM.finditer(scene.flat, scene.sentence.start, hit.start))
    if not found or re.search(r"[,;:]", scene.flat[found[-1].end() : hit.start]):
        return None
    before = [m for m in mentions if m.end <= found[-1].start()]
    if not before or not re.fullmatch(r",\s", scene.flat[before[-1].end : found[-1].start()]):
        return None
    for i in range(len(before) - 1, -1, -1):
        if is_nominative(scene.flat, before[i - 1].end if i else scene.sentence.start, before[i]):
            return before[i]
    return None


def _pronoun_object(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The entity of `l'` in `l'opération la valorisait`: the clause's subject, unless it is the one that acts."""
    left = [m for m in mentions if m.end <= hit.start]
    subject = nominative_of(scene.flat, scene.sentence.start, hit, mentions)
    if "nsubj" in hit.form.cue.actor:
        others = [m for m in left if m != subject]
        return others[-1] if others else None
    return subject or (left[-1] if left else None)


_CLITIC_OBJECT = re.compile(r"\b(?:le|la|les|l'|lui)\s?(?:(?:a|avait|aurait|aura)\s)?$")


_HAVING = re.compile(
    r"\b(?:a|ont|avait|avaient|aura|auront|aurait|auraient|avoir|ayant|ai|avons)\s(?:\w+\s){0,3}$"
)


# The auxiliary of a passive behind what is told by the way: "Casino, dont Rallye détient 52 %, est valorisé"
_BEING = re.compile(
    r",\s(?:est|sont|était|étaient|sera|seront|serait|seraient|(?:a|ont|avait)\sété)\s(?:\w+\s){0,2}$"
)


def is_passive(flat: str, hit: Hit) -> bool:
    """Whether a participle is passive: `racheté`, `a été racheté`; not `a racheté`."""
    having = _HAVING.search(flat, max(0, hit.start - 40), hit.start)
    return having is None or " été " in having[0]


def nominative_of(
    flat: str, start: int, hit: Hit, mentions: list[Mention], *, reduced: bool = False
) -> Mention | None:
    """The subject of a verb or the one that a noun's verb has: the nearest entity on the left without a preposition."""
    left = [m for m in mentions if m.end <= hit.start]
    if not left:
        return None
    last = left[-1]
    left = _outside_relatives(flat, left, hit) or left
    if reduced:
        owner = last.kind == "person" and len(left) > 1 and OF.fullmatch(flat, left[-2].end, last.start)
        return left[-2] if owner else last  # "la Jaguar de Pierre Bergé adjugée"
    if _WHO.match(flat, last.end, hit.start):
        if (
            len(left) > 1
            and flat.startswith(", qui", last.end)
            and _PLACED.fullmatch(flat, left[-2].end, last.start)
        ):
            return left[-2]  # "le feuilleton Bleuville sur HBO, qui coûte"
        return next((m for m in left if _DESCRIBED.match(flat, m.end, last.end)), last)
    found = None
    for i in range(len(left) - 1, -1, -1):
        if found is not None and not _IS_SUBJECT_OF.fullmatch(flat, left[i].end, found.start):
            break
        if is_nominative(flat, left[i - 1].end if i else start, left[i], subordinate=True):
            found = left[i]  # "Bridgestone ferme Béthune": the first of two is the subject
    return found


# "Renault, qui perd", "Renault, plombé par la crise et qui perd": the relative clause alone, or beside a participle
_WHO = re.compile(
    r"\s*(?:,\s(?:très\s|déjà\s)?[a-zà-ÿ]{2,}(?:[éiu]|ert|int|is)e?s?\s[^,;:.()]*,?\s(?:et|mais))?,?\s*qui\b"
)


_PLACED = re.compile(r"[\"»”]?\s(?:sur|chez|à|en|dans)\s(?:l[ea]s?\s|l')?")


# "Stargate, une coentreprise d'OpenAI, SoftBank et MGX qui promet …": the verb is that of the one described
_DESCRIBED = re.compile(
    r",\s(?:une?\s|(?=(?:co)?fondat|patronn?e?\s|pdg\s|président|direct|dirigeant|propriétaire))(?:[\w'-]+\s){1,6}?(?:de\s|d'|du\s|des\s|entre\s|par\s)(?![^.;:]*\bqui\b)[^.;:]*$"
)


# A verb and its object: no comma, conjunction or relative pronoun stands between.
_IS_SUBJECT_OF = re.compile(
    r"\s(?:(?!(?:et|ou|que|qui|dont|mais|comme|alors|tandis|puis|avec)\b|qu')[a-zà-ÿ']+\s){1,2}?(?:(?:l[ea]s?|une?|ses?|son|sa)\s|l')?"
)


def _outside_relatives(flat: str, left: list[Mention], hit: Hit) -> list[Mention]:
    """The mentions in no relative clause closed before the hit: `TSMC, qui fournit Apple, Nvidia et AMD, a gagné`."""
    left = _outside_asides(flat, left, hit)
    comma = flat.rfind(",", left[-1].end, hit.start)
    opened = _RELATIVE_OPENS.search(flat, left[0].end, comma) if comma >= 0 else None
    if opened and hit.start - comma < _CLOSES and is_nominative(flat, left[0].start, left[0]):
        # "Arkéa, qui rassemble les caisses de Bretagne, Sud-Ouest et Massif central, octroiera"
        left = [m for m in left if m.end <= opened.start()]
    outside = left[:1]
    inside = False
    for before, mention in pairwise(left):
        gap = flat[before.end : mention.start]
        if opened := _RELATIVE_OPENS.match(gap):
            inside = "," not in gap[opened.end() :]
        elif not _GOES_ON_LIST.fullmatch(gap) and "," in gap:
            inside = False
        if not (inside and "," in flat[mention.end : hit.start]):
            outside.append(mention)
    return outside


def _outside_asides(flat: str, left: list[Mention], hit: Hit) -> list[Mention]:
    """The mentions in no parenthesis closed before the hit, else all: `les exploitants (APRR, Sanef) prévoient`."""
    closed = flat.rfind(")", left[0].start, hit.start)
    opened = flat.rfind("(", left[0].start - _ASIDE, closed) if closed >= 0 else -1
    return [m for m in left if not opened < m.start < closed] or left


_CLOSES = 30  # characters from the comma that closes a relative clause to the verb behind it
_ASIDE = 60  # characters back to where a parenthesis opens
_GOES_ON_LIST = re.compile(r",?\s(?:(?:et|ou|ainsi que|puis|à|chez|de|du|d'|le|la|l')\s?)*")
_RELATIVE_OPENS = re.compile(r",\s(?:qui|que|qu'|dont|où|dans lequel|dans laquelle|auquel|à laquelle)\b")


def _subject_behind(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The subject of the clause that an infinitive opens: `Pour mettre la main sur Tiffany, LVMH débourse`."""
    lead = scene.flat[scene.sentence.start : hit.start]
    if not _OPENING.fullmatch(lead):
        return None
    for mention in mentions:
        comma = scene.flat.rfind(",", hit.end, mention.start)
        if comma > 0:
            return mention if preposition(scene.flat, comma, mention.start) is None else None
    return None


_OPENING = re.compile(r"\W*(?:pour|afin de|afin d'|avant de|en)\s")


# "Avec un chiffre d'affaires de 3 milliards, Renault …", "Valorisée 3 milliards, la start-up …"
_ADJUNCT = re.compile(
    r"\W*(?:(?:avec|malgré|après|grâce à|en dépit de|dans le cadre d[e']|fort(?:e|s|es)? d[e']|sur)\s?"
    r"(?!(?:l'an|quoi|tout)\b)|(?:dotée?|valorisée?|estimée?|évaluée?|portée?|plombée?|lestée?|endettée?|condamnée?|créditée?|détenue?|contrôlée?|possédée?|vendue?|cédée?|rachetée?|pesant|affichant|totalisant)s?\s"
    r"|à\sla\stête\sd'une?\s"
    r"|(?:déjà\s|longtemps\s)?(?:actionnaire|propriétaire|détenteur|détentrice)\s)"
)


def _is_past_adjunct(scene: Scene, hit: Hit, quantity: Quantity | None, mention: Mention) -> bool:
    """Whether a name is in the clause behind an opening adjunct: `Dans le cadre d'un plan de 2 milliards, X vend Y`."""
    comma = scene.flat.find(",", quantity.end, mention.start) if quantity is not None else -1
    opens = _OPENING_ADJUNCT.match(scene.flat, scene.sentence.start, hit.start)
    return comma >= 0 and hit.form.kind == "noun" and opens is not None


# What opens with an account is said of the subject behind it; a plan that something is a part of opens no account.
_OF_OWN_ACCOUNT = r"avec|malgré|en dépit de|fort(?:e|s|es)? d[e']"
_OWN_ADJUNCT = re.compile(rf"\W*(?:{_OF_OWN_ACCOUNT})\s?")
_OPENING_ADJUNCT = re.compile(rf"\W*(?:{_OF_OWN_ACCOUNT}|dans le cadre d[e'])\s?")


def owner_behind_adjunct(scene: Scene, hit: Hit, quantity: Quantity, but: tuple[str, ...]) -> Party | None:
    """The subject of the clause that an account opens: `Avec une dette de 3 milliards, Renault …`."""
    opens = _OWN_ADJUNCT.match(scene.flat, scene.sentence.start, hit.start)
    if not opens or any(hit.end <= m.start < quantity.start for m in scene.mentions):
        return None
    behind = subject_behind_adjunct(scene, quantity, but)
    return Party(behind.name, (behind.start, behind.end)) if behind else None


def subject_behind_adjunct(scene: Scene, quantity: Quantity | None, but: tuple[str, ...]) -> Mention | None:
    """The subject of the clause behind the adjunct that opens a sentence, or what is said, and holds the figure."""
    if quantity is None:
        return None
    said = max(scene.flat.rfind(that, scene.sentence.start, quantity.start) for that in ("qu'", "que "))
    starts = (scene.sentence.start, said + 3) if said >= 0 else (scene.sentence.start,)
    if not any(_ADJUNCT.match(scene.flat, start, quantity.start) for start in starts):
        return None
    for mention in scene.mentions:
        comma = scene.flat.rfind(",", quantity.end, mention.start)
        if mention.start < quantity.end or comma < 0 or mention.kind in ("place", "media"):
            continue
        own = mention.start - comma < _AT_ONCE and preposition(scene.flat, comma, mention.start) is None
        return mention if own and mention.name not in but else None
    return None


_AT_ONCE = 40  # characters from the comma to the subject that follows it


def _agent_of_subject(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The one agent on the left of a present participle: `Le virage pris par Renault, investissant 3 milliards`."""
    left = [m for m in mentions if m.end <= hit.start]
    if len({m.name for m in left}) != 1 or not scene.flat.endswith("ant", hit.start, hit.end):
        return None
    return left[0] if preposition(scene.flat, scene.sentence.start, left[0].start) == "par" else None


def _complement_of_subject(scene: Scene, hit: Hit, mentions: list[Mention]) -> Mention | None:
    """The owner of the clause's subject: `Le chiffre d'affaires de Sanofi est en hausse`."""
    for mention in mentions:
        if mention.end > hit.start or mention.kind in ("media", "place"):
            return None
        begin = scene.flat.rfind(",", scene.sentence.start, mention.start) + 1 or scene.sentence.start
        if _SUBJECT_OF.fullmatch(scene.flat[begin : mention.start]):
            return mention
    return None


_SUBJECT_OF = re.compile(
    r"\W*(?:l[ea]s?\s|l'|une?\s|cette\s|ce\s|ces\s)(?:[\w'-]+\s){1,4}?(?:de\s(?:la\s|l')?|du\s|des\s|d')"
)


def _object(flat: str, hit: Hit, mentions: list[Mention]) -> Mention | None:
    right = [m for m in mentions if m.start >= hit.end]
    if right and len(flat[hit.end : right[0].start]) < 70:
        gap = flat[hit.end : right[0].start]
        before_name = re.sub(r"\b(?:le|la|les|l'|un|une)\b.*", "", gap)
        if preposition(flat, hit.end, hit.end + len(before_name)) is None and not _PARTS.search(gap):
            return right[0]
    return None


# A number, unless it is a year: "a racheté en 2019 Gimlet".
_PARTS = re.compile(r"[.;:]|(?<!\d)(?!(?:19|20)\d\d\b)\d")


_CLAUSE_END = re.compile(r"[;:]|\b(?:alors que|tandis que|apr[èe]s que|mais|apr[èe]s son)\b")


_RELATIVE_PRONOUN = re.compile(
    r",?\s(?P<pronoun>dont|où|auquel|auxquels|auxquelles|à laquelle|dans lequel|dans laquelle|à qui)\s"
)


def _antecedent_of_relative(
    scene: Scene, hit: Hit, mentions: list[Mention], prepositions: tuple[str, ...]
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


@cache
def _into_a_thing() -> re.Pattern[str]:
    things = alternation(words_of("thing invested in"))
    return re.compile(rf"\b(?:dans|sur)\s(?:l[ea]s?\s|l'|son\s|sa\s|ses\s|une?\s|des\s)?(?:\w+\s)?{things}\b")


# "une offre à 29 euros, allant sur le terrain de Canal+": what another clause is about
_DOING = re.compile(r",\s(?:tout\sen\s)?(?!montant|durant|pendant|suivant|avant|devant)[a-zà-ÿ]{2,}ant\s")
_TO_ACQUIRE = re.compile(r"\bpour (?:acquérir|racheter|acheter|s'offrir|prendre|s'emparer|mettre la main)\b")


def introduced_behind(
    scene: Scene,
    hit: Hit,
    mentions: list[Mention],
    prepositions: tuple[str, ...],
    quantity: Quantity | None = None,
) -> Mention | None:
    """The first entity behind the cue, or between the figure and the cue, that one of the prepositions introduces."""
    if not mentions:
        return None
    ahead = quantity is None or hit.end <= quantity.start or ":" in scene.flat[quantity.end : hit.start]
    begin = hit.end if ahead or quantity is None else quantity.end
    if relative := _antecedent_of_relative(scene, hit, mentions, prepositions):
        return relative
    stops = {begin, hit.end, *(m.end for m in scene.mentions), *(q.end for q in scene.quantities)}
    for mention in mentions:
        if mention.start < begin or mention.kind == "place":
            continue
        closed = _CLAUSE_END.search(scene.flat, begin, mention.start)
        if closed and closed[0] == ":" and quantity is not None and closed.start() < quantity.start:
            closed = None  # "aucune prise de participation n'approche : la plus grosse, dans Jio, a coûté 5 milliards"
        if closed or mention.start - begin > 200:
            return None
        stop = max(s for s in stops if s <= mention.start)
        lead = scene.flat[stop : mention.start]
        if any(" " in p and (p.removesuffix("e") if p.endswith(" de") else p) in lead for p in prepositions):
            return mention  # "auprès de", "auprès du"
        if "acquérir" in prepositions and _TO_ACQUIRE.search(scene.flat, begin, mention.start):
            return mention
        comma = scene.flat.rfind(",", stop, mention.start)
        if "dans" in prepositions and _into_a_thing().search(scene.flat, stop, mention.start):
            continue  # "450 millions investis dans le site du groupe Renault"
        led_by = _led_by(scene, hit, max(stop, comma + 1), mention)
        if led_by not in prepositions:
            continue
        if not _is_said_of_others(scene, stop, mention, led_by):
            elsewhere = (led_by == "de" and _is_past_adjunct(scene, hit, quantity, mention)) or (
                led_by in ("de", "sur", "à") and _DOING.search(scene.flat, begin, mention.start)
            )
            if not elsewhere:
                return mention
    return None


def _led_by(scene: Scene, hit: Hit, stop: int, mention: Mention) -> str | None:
    """The preposition of an entity, to whom what is sold goes first: `a cédé ses activités de charcuterie à Danone`."""
    led_by = preposition(scene.flat, stop, mention.start)
    if led_by == "de" and hit.form.kind == "verb" and _SELLS.match(scene.flat, hit.start):
        return "à" if _TO.search(scene.flat, max(stop, mention.start - 6), mention.start) else led_by
    return led_by


_SELLS = re.compile(r"(?:re)?(?:vend|cèd|céd)")


def _is_said_of_others(scene: Scene, stop: int, mention: Mention, led_by: str) -> bool:
    """Whether the entity only hears of it, or lends its name: `a dit à l'AFP`, `celle de Weleda restant inchangée`."""
    if led_by == "à" and _TOLD_TO.search(scene.flat, stop, mention.start):
        return True
    return bool(_OF_OTHERS.search(scene.flat, stop, mention.start))


# As in: a expliqué à l'AFP
_TOLD_TO = re.compile(
    r"\b(?:expliqu|confi|déclar|affirm|indiqu|assur|racont|dit|précis)[a-zà-ÿ]*\s(?:\w+\s)?(?:à\s(?:l[ea]\s|l')?|aux?\s)$"
)
_OF_OTHERS = re.compile(r"\b(?:celui|celle|ceux|celles)\s(?:de\s(?:la\s|l')?|du\s|des\s|d')$")
_BEHIND_NAME = re.compile(
    r"(?:\s(?:de|datant de)\s(?:19|20)\d\d|\s\((?:19|20)\d\d\))?"  # "une Lamborghini Reventon de 2010 (…)"
    r"(?:\s\([\w/-]{2,12}\))?\s\((?:\d{1,2}(?:e|er|ème|re)(?:\s(?:avec|à)\s|,\s)|soit\s|dont\s|[+-]\s?)?"
)


# "Nuance, le spécialiste de la dictée médicale, 19,7 milliards l'an dernier": a list without its verb
_APPOSITION = re.compile(r",\s(?:l[ea]s?\s|l'|une?\s)[^,.;:\d]{0,60},\s")


_INHABITED = re.compile(
    r",\s(?:une?\s|la\s|l')?(?:petite\s|grande\s)?(?:ville|commune|cité|village|bourgade|station|agglomération|île|métropole|capitale)"
    r"\s(?:[^,;.()]{0,40}\s)?de\s(?:plus\sde\s|près\sde\s|quelque\s|environ\s)?"
)
_OFFICE = re.compile(r",\s(?:[a-zà-ÿ'-]+\s){1,5}(?:l')?[\w'-]+\s\(")  # "Luc Bernard, député de l'Yonne ("
_WHERE = re.compile(r"\b(?:en|à|au|aux|dans)\s(?:l[ea]s?\s|l')?$")
_OF_WHERE = re.compile(r"\b(?:de\s|du\s|des\s|d')(?:l[ea]s?\s|l')?$")
_TEAM = re.compile(
    r",\s(?:l[ea]\s|l'|une?\s)(?:[\w'-]+\s){1,3}(?:de\s|d')(?:plus\sde\s|près\sde\s|quelque\s|environ\s)?"
)
_POLLED = re.compile(r"(?:\s\([\w/-]{2,12}\))?,?\s(?:à\s|avec\s)?")


def apposed(scene: Scene, quantity: Quantity) -> str | None:
    """The entity that a figure stands right behind: `Skype (8,5 Md$ en 2011)`, `la Chine (-7 %)`."""
    for mention in scene.mentions:
        if not 0 <= quantity.start - mention.end < 70 or mention.form == "pronoun" or mention.kind == "media":
            continue
        if mention.kind == "place" and _WHERE.search(scene.flat, scene.sentence.start, mention.start):
            continue  # "arrivée en tête en Corse (27 %)"
        tells = _TELLS_IT.fullmatch(scene.flat, scene.sentence.start, mention.start)
        if tells and not _OF_ITS.match(scene.flat, quantity.end):
            continue  # "Selon l'institut Sondéa, 58 % désapprouvent"
        elected = quantity.kind == "percent" and _OF_WHERE.search(
            scene.flat, scene.sentence.start, mention.start
        )
        if mention.kind == "place" and elected:
            continue  # "Luc Bernard, député de l'Yonne (27 %)"
        between = _behind_model(scene, mention, quantity)
        opens = not scene.flat[scene.sentence.start : mention.start].strip('«“" ')
        if opens and _APPOSITION.fullmatch(between):
            return mention.name
        person = mention.kind == "person" or mention.person
        if person and quantity.kind == "percent" and _OFFICE.fullmatch(between):
            return mention.speaker
        if quantity.kind == "count" and mention.kind in ("", "company") and _TEAM.fullmatch(between):
            return mention.name  # "Soluvia, une équipe de 62 personnes"
        if quantity.kind == "count" and mention.kind == "place" and _INHABITED.fullmatch(between):
            return mention.name  # "Tourcoing, ville de 95.000 habitants"
        beaten = "avec" in between and not is_nominative(scene.flat, scene.sentence.start, mention)
        polled = quantity.kind == "percent" and not beaten and _POLLED.fullmatch(between)
        if _BEHIND_NAME.fullmatch(between) or polled:
            return mention.speaker  # "Emmanuel Macron (16,7 millions d'euros)": his, and not his country's
    return None


_OF_ITS = re.compile(r"\sde\s(?:ses|son|sa|leurs?)\s")
_TELLS_IT = re.compile(r"\W*+(?:selon|d'après)\s[^,;:.()]*")


def _behind_model(scene: Scene, mention: Mention, quantity: Quantity) -> str:
    """The folded words from a name, and the model of it, to a figure: ` (` in `une Lamborghini Miura P400 S (…)`."""
    named = mention.kind in ("", "company", "product") and mention.form == "name"
    model = _MODEL.match(scene.text, mention.end, quantity.start) if named else None
    return scene.flat[model.end() if model else mention.end : quantity.start]


_OF_BODY = r"\s(?:de\s(?:l[ea]\s|l')?|du\s|des\s|d')"
_MODEL = re.compile(r"(?:\s(?:[A-ZÀ-ÖØ-Þ][\w.-]*|[\d/]+[A-Z]?))+(?=\s(?:\(|de\s\d{4}))")
_FOR = re.compile(
    r"\s(?:nets?\s(?:d'impôts?\s)?|bruts?\s)?(?:en\splus\s|en\smoyenne\s|par\s\w+\s)?(?:pour|chez)\s"
    rf"(?:l[ea]s?\s|l'|(?:les\s[a-zà-ÿ-]+|ceux|celles){_OF_BODY})?"
    rf"|\s(?:de\s(?:ceux|celles)|(?:des|chez\sles|parmi\sles)\s(?:soutiens|partisans|sympathisants|électeurs|militants)){_OF_BODY}"
    r"|\s(?:au|à\sl[ea'])\s?|\s(?:pour|à)\s(?:l[ea]\s)?seule?\s"
)


def meant_for(scene: Scene, quantity: Quantity) -> Mention | None:
    """The entity that a figure of a list is for: `entre 2 % pour Cofiroute et 3 % pour Sanef`."""
    behind = next((m for m in scene.mentions if m.start >= quantity.end), None)
    listed = any(q is not quantity and abs(q.start - quantity.start) < _LISTED for q in scene.quantities)
    if behind is None or not listed or behind.kind in ("place", "media", "state"):
        return None
    return behind if _FOR.fullmatch(scene.flat, quantity.end, behind.start) else None


_LISTED = 90  # characters from one figure of a list to the next


def spoken_of(scene: Scene, quantity: Quantity) -> str | None:
    """The entity that a figure without a cue is about: the subject of its sentence, else the topic."""
    behind = subject_behind_adjunct(scene, quantity, ())
    return (
        subject_of_clause(scene, quantity) or (behind.name if behind else None) or scene.topic or scene.state
    )


def subject_of_clause(scene: Scene, quantity: Quantity) -> str | None:
    """The first entity of the sentence before a figure that no preposition introduces."""
    stop = scene.sentence.start
    for mention in scene.mentions:
        if mention.end > quantity.start:
            return None
        aside = scene.flat.rfind("(", stop, mention.start) > scene.flat.rfind(")", stop, mention.start)
        # "(Virage 2015, FNAUT 2016), 43 %" is of neither.
        closed = aside and scene.flat.find(")", mention.end, quantity.start) >= 0
        if mention.kind not in ("media", "place") and not closed and is_nominative(scene.flat, stop, mention):
            return mention.name
        stop = mention.end
    return None
