"""Noun phrases: whose a figure is where no entity is named, as the text prints it and without its article.

General news counts what common nouns name: `les soignants touchent 200 euros`, `le prix du gaz baisse de 3 %`. No
parser runs: a phrase is a determiner, a noun, the adjectives that their endings tell, and at most one complement; its
place beside a cue or at the head of its clause makes it the subject.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import NamedTuple

from etl.lexicon import words_of
from etl.parties import ADJECTIVE


class Phrase(NamedTuple):
    """A noun phrase at `start:end` of the text, its article left out, and its first word."""

    start: int
    end: int
    head: str

    @property
    def is_plural(self) -> bool:
        """Whether the first word has the ending of a plural."""
        return self.head.endswith(("s", "x"))


_NOUN = r"[a-zà-ÿœ](?:[\w-]{2,}|[\w-]*'[a-zà-ÿ]{2,})"
# No participle: "des gels destinés à l'hygiène". Some that are common have endings of their own.
_COMMON = (
    r"(?:tendre|dur|vert|rouge|noir|blanc|brut|neuf|neuve|bio|riche|pauvre|jeune|libre|public"
    r"|raciste|sexiste|terroriste|islamiste|\w+phobe|\w+sémite)s?"
)
_ADJECTIVES = rf"(?:\s(?!ayant\b|étant\b)(?:{ADJECTIVE}(?!\w)(?!\s(?:à|aux?|par)\s)|{_COMMON}(?!\w)))"
_BEFORE_NOUN = (
    r"(?:(?:grand|grande|gros|grosse|bon|bonne|mauvai|mauvaise|nouvelle)s?|nouveaux?|principa(?:ux|les?))\s"
)
_PHRASE = (
    rf"(?P<noun>(?:{_BEFORE_NOUN})?(?P<head>{_NOUN}){_ADJECTIVES}{{0,2}}"
    rf"(?:\s(?:de\s|d'){_NOUN}{_ADJECTIVES}?)?(?:\sà\seffet\sde\sserre)?)"
)
# "le prix du gaz", "le coût d'un épisode"; "taux d'épargne" and "prix de vente" are compounds, of nobody.
_OF = re.compile(
    rf"(?:\s{ADJECTIVE}(?!\w)){{0,2}}"
    rf"\s(?:de\sla\s|de\sl'|du\s|des\s|d'une?\s|de\sces\s|de\scette\s|(?P<bare>d'|de\s)){_PHRASE}"
)
_DEPTH = 4  # nouns of account that may stand before what they are of: "la hausse du prix du gaz"


def complement_of(flat: str, end: int, stop: int) -> Phrase | None:
    """What the noun that ends at `end` is of; nouns of account are gone through.

    >>> from etl.lexicon import folded
    >>> flat = folded("La hausse des prix des cigarettes de 10 %")
    >>> phrase = complement_of(flat, len("La hausse"), len(flat))
    >>> flat[phrase.start : phrase.end]
    'cigarettes'
    """
    for _ in range(_DEPTH):
        match = _OF.match(flat, end, stop)
        if match is None or not (match["bare"] or _may_be_subject(match["head"])):
            return None
        account = match["head"] in words_of("account noun") and match["head"] not in words_of(
            "good with a price"
        )
        if match["bare"] or account:
            end = match.end("head")  # "les tarifs de vente du gaz"
        else:
            return Phrase(*match.span("noun"), match["head"])
    return None


_HELD = re.compile(rf"\s(?:de\s|d'){_PHRASE}")


def held_by(flat: str, end: int, stop: int) -> Phrase | None:
    """What a measure of a good holds that ends at `end`: `le kilo de cerises`, `un paquet de cigarettes`."""
    match = _HELD.match(flat, end, stop)
    return Phrase(*match.span("noun"), match["head"]) if match and _may_be_subject(match["head"]) else None


# No time: "ces dernières semaines", "les années suivantes", "cet été"
_WHEN = r"(?:derni|premi|prochain|seul|semaine|année|jour|heure|soir|matin|nuit|été|hiver|printemps|automne)"
_OBJECT = re.compile(rf"\s(?:(?:l[ea]s?|cette|cet|ces?)\s|l')(?!{_WHEN}){_PHRASE}")


def changed(flat: str, end: int, stop: int) -> Phrase | None:
    """What a verb changes by the figure that ends at `end`: `réduire de 80 % cette pollution`."""
    match = _OBJECT.match(flat, end, stop)
    if match is None or not _may_be_subject(match["head"]):
        return None
    if match["head"] in words_of("account noun"):
        return complement_of(flat, match.end("head"), stop)
    return Phrase(*match.span("noun"), match["head"])


def _may_be_subject(head: str) -> bool:
    unfit = words_of("no subject noun"), words_of("function word"), _trades()
    return not any(head in words for words in unfit) and not _AUXILIARY.fullmatch(head)


@cache
def _trades() -> frozenset[str]:
    """The nouns of descriptions, which stand for an entity: `l'éditeur de logiciels`, `la start-up californienne`."""
    uses = "company description", "target description", "press description"
    phrases = chain.from_iterable(words_of(use) for use in uses)
    return frozenset(re.split(r"[ ']", phrase)[1] for phrase in phrases)


# "l'aurait valorisée"
_AUXILIARY = re.compile(r"(?:au|av|se|ét|ai|pour|dev|fau|vau)\w*(?:ait|aient|ra|ront|ons|ez)")


# What may stand between a noun and its verb: complements, and an apposition between commas, as in "le prix du gazole,
# le carburant le plus vendu, a perdu …".
_BEHIND_NOUN = (
    rf"(?:\s(?:de\sla\s|de\sl'|du\s|des\s|de\s|d'|à\s|au\s|aux\s|en\s|sans\s)(?:{_BEFORE_NOUN})?[\w'-]+(?:\s\d+)?{_ADJECTIVES}?){{0,3}}"
    rf"(?:\set\s(?:(?:de\sla\s|de\sl'|du\s|des\s|de\s|d'|l[ea]s?\s|l')[\w'-]+|{_NOUN}{_ADJECTIVES})(?=\s\w))?"
    r"(?:,\s[^,;:.()]{3,60},)?"
)
_AT_HEAD = (
    r"(?:(?:les|la|le|des|ces|cette|cet|ce|un\stel|une\stelle|de\stel(?:le)?s|certain(?:e?s)|chaque|plusieurs|tous\sles|toutes\sles)\s|l')"
    rf"{_PHRASE}{_BEHIND_NOUN}"
    r"\s(?P<verb>(?:ne\s|n'|se\s|s'|y\s|en\s)?[a-zà-ÿœ]+)(?!\w)"
)
_SENTENCE = re.compile(rf"\W*{_AT_HEAD}")
_CLAUSE = re.compile(
    rf"(?:[,;:«»\"“(–—•]\s?|-\s|\b(?:que|lorsque|quand|où|mais|car|puisque|donc)\s|\bqu')\s?{_AT_HEAD}"
)
_NO_VERBS = re.compile(
    r"(?:de|du|des|à|aux?|et|ou|en|dans|par|pour|avec|sur|qu[ie]|dont|où|comme|chez|contre|entre|vers|sous|sans|l[ea]s?|[ld]|plus|moins"
    r"|environ|quelque)"
)


def subject_phrase(flat: str, start: int, stop: int) -> Phrase | None:
    """The common noun at the head of the last clause of `flat[start:stop]` that has its verb behind it."""
    found = None
    opening = _SENTENCE.match(flat, start, stop)
    for match in (*([opening] if opening else []), *_CLAUSE.finditer(flat, start, stop)):
        verb = re.split(r"[ ']", match["verb"])[-1]
        if not _NO_VERBS.fullmatch(verb) and _may_be_subject(match["head"]):
            found = Phrase(*match.span("noun"), match["head"])
    return found


_PRICED = re.compile(
    rf"\b(?:une?\s|des\s|ses\s|son\s|leurs?\s){_PHRASE}(?:\s\w+[éi]e?s?)?\sà\s(?:plus\sde\s|moins\sde\s|près\sde\s|environ\s|seulement\s)?$"
)


# "Il louait le château pour", "Elle vend son usine"
_TRADED = re.compile(
    rf"\b(?:lou(?:e|ent|ait|aient|é|er|era)|vend(?:ent|ait|aient|u|re|ra)?|achet(?:é|er|ait|aient)|achèt(?:e|ent)|brad(?:e|é|er|ait)|cèd(?:e|ent)"
    rf"|céd(?:é|er|ait))\s(?:l[ea]s?\s|l'|une?\s|s(?:on|a|es)\s|leurs?\s|cette\s|ce\s){_PHRASE}"
    r"(?:\s(?:pour|à|contre|moyennant))?\s(?:(?:plus|moins|près)\sde\s|environ\s|quelque\s|seulement\s)?$"
)


def priced(flat: str, start: int, stop: int) -> Phrase | None:
    """The good whose price stands right behind it at `stop`: `un véhicule à 50 000 euros`, `louer le château pour`."""
    match = _PRICED.search(flat, start, stop) or _TRADED.search(flat, start, stop)
    fits = match is not None and _is_matter(match["head"])
    return Phrase(*match.span("noun"), match["head"]) if match and fits else None


# "Vendu 30 000 euros, le SUV sera livré": what opens the sentence is said of the subject behind it
_OFFERED = re.compile(
    r"\W*(?:disponible|(?:vendu|proposé|affiché|commercialisé|facturé|estimé|évalué|acheté|loué|adjugé|tarifé)e?)s?\b[^,;:.]*"
)
_THEN = re.compile(
    rf"(?:\s\([^()]*\))?[^,;:.()]{{0,40}},\s(?:ce(?:s|tte|t)?\s|l[ea]s?\s|l'|s(?:on|a|es)\s){_PHRASE}"
)


def offered(flat: str, start: int, figure: tuple[int, int]) -> Phrase | None:
    """What the adjective or participle of a price that opens a sentence is said of: the noun behind the comma.

    >>> from etl.lexicon import folded
    >>> flat = folded("Vendu 30 000 euros, le véhicule électrique sera livré.")
    >>> phrase = offered(flat, 0, (6, 18))
    >>> flat[phrase.start : phrase.end]
    'véhicule électrique'
    """
    match = _THEN.match(flat, figure[1]) if _OFFERED.fullmatch(flat, start, figure[0]) else None
    return Phrase(*match.span("noun"), match["head"]) if match else None


_GLOSSED = re.compile(
    rf"(?:\b(?:l[ea]s?|une?|du|des|aux?)\s(?:plus\s\w+\s|traditionnel(?:le)?\s)?|\bl'){_PHRASE}\s\($"
)


def glossed(flat: str, start: int, stop: int) -> Phrase | None:
    """The common noun right before the parenthesis that opens at `stop`: `le magret de canard (`."""
    match = _GLOSSED.search(flat, max(start, stop - 60), stop)
    return Phrase(*match.span("noun"), match["head"]) if match and _is_matter(match["head"]) else None


_UP_TO_VERB = re.compile(
    _BEHIND_NOUN
    + r"(?:\s(?:[ns]')?(?:ne|se|en|y|a|ont|est|sont|était|étaient|avait|avaient|va|vont|doit|doivent|peut|peuvent|été"
    r"|aussi|déjà|encore|pas|\w+ment|\w+r(?:a|ont|ait|aient))|\s[ns]')*"
    r"(?:\s(?:voi(?:t|ent)|voyai(?:t|ent)|verra|verront|vu)\s(?:ainsi\s|aussi\s|\w+ment\s)?(?:leurs?|ses|son|sa)\s[\w'-]+(?:\s[\w'-]+)?)?\s?"
)


def is_subject_of(flat: str, phrase: Phrase, verb: int) -> bool:
    """Whether nothing but complements and auxiliaries stands between a phrase and a verb."""
    return bool(_UP_TO_VERB.fullmatch(flat, phrase.end, verb))


_IN_CHANGE = re.compile(
    _BEHIND_NOUN + r"\s(?:(?:est|sont|était|étaient|reste|restent|serait|seraient|ressort|ressortent)\s"
    r"(?:[a-zà-ÿ]+ment\s|aussi\s|déjà\s)?en\s"
    r"|(?:(?:a|ont|avait|avaient)\s)?(?:subi|conn|enregistr|accus|affich|essu)[a-zà-ÿ]*\s(?:[a-zà-ÿ]+ment\s)?(?:une?\s|des\s))"
    r"(?:nouvelle?\s|net(?:te)?\s|forte?\s|légère?\s)?"
)


def is_in_change(flat: str, phrase: Phrase, noun: int) -> bool:
    """Whether a phrase has the change that the noun at a place names: `sont en baisse`, `subissent un recul`."""
    return bool(_IN_CHANGE.fullmatch(flat, phrase.end, noun))


_REDUCED = re.compile(
    rf"(?:\b(?:l[ea]s?|des|ces|cette|cet|ce|une?)\s|\bl')(?:petite?s?\s)?{_PHRASE}(?:\s(?:aujourd'hui|déjà|désormais|actuellement|encore|\w+ment))?,?\s$"
)


def reduced(flat: str, start: int, participle: int) -> Phrase | None:
    """The noun that a participle without its auxiliary is said of: `les granules aujourd'hui remboursées à 30 %`."""
    match = _REDUCED.search(flat, max(start, participle - 70), participle)
    return Phrase(*match.span("noun"), match["head"]) if match and _is_matter(match["head"]) else None


_NUMBER_OF = re.compile(rf"\b(?:le|un)\snombre\s(?:total\s|moyen\s)?(?:de\s|d'){_PHRASE}")
# As in: le nombre de maires ayant démissionné est en hausse
_HAVING_DONE = re.compile(r"\sayant\s[^,;:.()]{3,60}?(?=\s(?:est|sont|a|ont|était|avait)\s)")


def counted(flat: str, start: int, cue: int, *, verb: bool) -> Phrase | None:
    """What is counted by the subject of a verb or of a change: `le nombre d'accidents a baissé`, `est en baisse`."""
    for match in _NUMBER_OF.finditer(flat, start, cue):
        phrase = Phrase(*match.span("noun"), match["head"])
        done = _HAVING_DONE.match(flat, phrase.end, cue)
        whole = phrase._replace(end=done.end()) if done else phrase
        if (is_subject_of if verb else is_in_change)(flat, whole, cue):
            return phrase
    return None


_AMONG = re.compile(
    rf"\b(?:parmi|sur\sl'ensemble\sde)\s?(?:les|ces|leurs|ses|des)\s{_PHRASE}[^,;:.()]{{0,60}},\s(?:seuls?\s|seulement\s)?$"
)


def among(flat: str, start: int, stop: int) -> Phrase | None:
    """Those of whom the clause that ends at `stop` tells a part: `Parmi les décès en milieu hospitalier, `."""
    match = _AMONG.search(flat, start, stop)
    return Phrase(*match.span("noun"), match["head"]) if match and _may_be_subject(match["head"]) else None


def is_of_people(phrase: Phrase) -> bool:
    """Whether a phrase is of people or of bodies that they form: `les soignants`, `les compagnies aériennes`."""
    return phrase.head in words_of("person noun") or phrase.head in words_of("collective noun")


_OPENING = re.compile(
    rf"\W*(?:les\s|la\s|le\s|l'|des\s|une?\s)?(?P<noun>(?P<head>{_NOUN}){_ADJECTIVES}?)\s?:"
)
_WORD = re.compile(r"\w+")


def _is_matter(head: str) -> bool:
    return len(head) > _SHORT and head not in words_of("account noun") and _may_be_subject(head)


_SHORT = 3  # letters of a noun that means little alone
_REPEATED = 5  # a noun that a text prints so often, and no name more often, is what it is about


def matter_of(text: str, flat: str, title: tuple[int, int], lead: tuple[int, int], rivals: int) -> str | None:
    """The common noun that a text is about: one of its title or lead that it repeats more than any name.

    `rivals` is how often the text names the entity that it names most.
    """
    printed: dict[str, str] = {}
    for start, stop in (title, lead):
        phrases = [
            complement_of(flat, match.end(), stop)
            for match in _WORD.finditer(flat, start, stop)
            if match[0] in words_of("account noun")
        ]
        phrases.append(subject_phrase(flat, start, stop))
        phrases = [phrase for phrase in phrases if phrase and text[phrase.start].islower()]  # no names
        if opening := _OPENING.match(flat, start, stop):
            phrases.append(Phrase(*opening.span("noun"), opening["head"]))
        for phrase in phrases:
            if phrase and _is_matter(phrase.head):
                printed.setdefault(phrase.head, flat[phrase.start : phrase.end])
    least = max(_REPEATED, rivals)
    often = [head for head in printed if flat.count(_stem(head)) >= least]
    times = {head: len(re.findall(rf"\b{re.escape(_stem(head))}[sx]?\b", flat)) for head in often}
    best = max(times, key=lambda head: times[head], default=None)
    return printed[best] if best and times[best] >= least else None


# "Des nouveaux tarifs pour les taxis"
_FOR = re.compile(rf"\spour\s(?:l[ea]s?\s|l'){_PHRASE}")


def matter_of_heading(text: str, flat: str, start: int, stop: int) -> str | None:
    """The common noun that a heading is about: what an account in it is of, or for whom.

    >>> from etl.lexicon import folded
    >>> heading = "Hausse des tarifs de l'électricité"
    >>> matter_of_heading(heading, folded(heading), 0, len(heading))
    'électricité'
    """
    for word in _WORD.finditer(flat, start, stop):
        if word[0] not in words_of("account noun"):
            continue
        phrase = complement_of(flat, word.end(), stop)
        if phrase is None and (match := _FOR.match(flat, word.end(), stop)):
            phrase = Phrase(*match.span("noun"), match["head"])
        if phrase and text[phrase.start].islower() and _may_be_subject(phrase.head):
            return text[phrase.start : phrase.end]
    return None


def _stem(head: str) -> str:
    """A noun without the letter of its plural."""
    return head.rstrip("sx")
