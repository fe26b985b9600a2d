"""The entities of a document: every place that names one, by its canonical name.

A name is known from the words (`entities.toml`) or from its capitals. A short form joins the longer name that the
same document prints (`Scale` and `Scale AI`, `Wang` and `Alexandr Wang`); a head is kept with the company that he
or she acts for. Descriptions (`la start-up`) and pronouns are found here and resolved by `etl.discourse`, which knows
the clause. A document is read by itself; names meet across documents in `etl.facts` alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple
from unicodedata import normalize

from etl.lexicon import (
    SPACE,
    SPACES,
    Currency,
    Entity,
    Phrases,
    Scan,
    alternation,
    compile_scan,
    find_phrases,
    find_places,
    folded,
    folded_text,
    lexicon,
    phrases_of,
    plain,
    printed_words_of,
    scanned_alternation,
    words_of,
)
from etl.segments import Sentence, begins_sentence
from etl.steps import Steps, whole

STATE_OF_THE_PRESS = "France"  # whose government, ministries and taxes French prose leaves unnamed

Form = Literal["name", "head", "company", "target", "state", "organ", "press", "pronoun"]


class Mention(NamedTuple):
    """An entity at `start:end`. `name` is canonical, and empty where a description or pronoun waits for its name."""

    start: int
    end: int
    name: str
    kind: str  # company, state, institution, person, media, product, or "" where only capitals are known
    form: Form = "name"
    person: str = ""  # the head who is named, where `name` is the company
    printed: str = ""  # the noun of a description: `groupe`

    @property
    def speaker(self) -> str:
        """Who is meant where the mention is a source: the person, not the company that he or she heads."""
        return self.person or self.name


_LEAD = 150  # characters of a text within which a foreign state is named that is its own


@dataclass(frozen=True)
class Cast:
    """All mentions of a document in order, and how often each entity is named."""

    mentions: tuple[Mention, ...]
    counts: Counter[str] = field(default_factory=Counter)
    young: frozenset[str] = frozenset()  # companies that the text calls a start-up
    media: frozenset[str] = frozenset()  # newspapers, channels and sites, sources or not

    @cached_property
    def _starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    @cached_property
    def named(self) -> dict[str, list[Mention]]:
        """The mentions of each entity, in order."""
        named: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            named.setdefault(mention.name, []).append(mention)
        return named

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What each entity is."""
        return {mention.name: mention.kind for mention in self.mentions if mention.name}

    @cached_property
    def people(self) -> Counter[str]:
        """How often each person is named, a head as himself."""
        return Counter(m.speaker for m in self.mentions if m.kind == "person" or m.person)

    @cached_property
    def foremost(self) -> str | None:
        """The person whom the document names most, the first of several."""
        return max(self.people, key=lambda name: self.people[name], default=None)

    @cached_property
    def state(self) -> str | None:
        """The state that the document names most.

        A government that it leaves unnamed counts for that of its press, or for the only other that its lead names.
        """
        named = Counter(m.name for m in self.mentions if m.kind == "state" and m.name)
        named[STATE_OF_THE_PRESS] += sum(times for name, times in self.counts.items() if is_state_body(name))
        first = next((m for m in self.mentions if m.kind == "state" and m.form == "name" and m.name), None)
        abroad = first and first.start < _LEAD and not named[STATE_OF_THE_PRESS]
        named[first.name if first and abroad else STATE_OF_THE_PRESS] += sum(
            m.form == "state" for m in self.mentions
        )
        return max(named, key=lambda name: named[name]) if named.total() else None

    def between(self, start: int, end: int) -> tuple[Mention, ...]:
        """The mentions that begin in `start:end`."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def overlapping(self, start: int, end: int) -> bool:
        """Whether a mention has a character of `start:end`."""
        last = bisect_left(self._starts, end) - 1
        return last >= 0 and self.mentions[last].end > start


@cache
def _state_bodies() -> tuple[str, ...]:
    return tuple(sorted(printed_words_of("state body")))


def is_state_body(name: str) -> bool:
    """Whether a name is a body whose money is the state's: a ministry, a chamber, the head of state's office."""
    return name.startswith(_state_bodies()) and "europé" not in name


def is_public_body(name: str) -> bool:
    """Whether what a body gives is public money: the state's, or a region's, a town's."""
    return is_state_body(name) or name.startswith(tuple(printed_words_of("public body")))


class _Printed(NamedTuple):
    """One way of printing an entity: its name, an alias, or a head who acts for it."""

    name: str
    folded: str
    entity: Entity
    head: str
    contracted: bool  # the name of `Le Monde` in "du Monde", of `Les Échos` in "des Échos"


class _Ways(NamedTuple):
    """The names that begin with one word, by their first `length` letters, folded; the longest first."""

    length: int
    names: dict[str, tuple[_Printed, ...]]


def _ways_of(alike: list[_Printed]) -> _Ways:
    length = min(len(way.folded) for way in alike)
    names: dict[str, tuple[_Printed, ...]] = {}
    for way in alike:
        lead = way.folded[:length]
        names[lead] = (*names.get(lead, ()), way)
    return _Ways(length, names)


class _Gazetteer(NamedTuple):
    names: dict[str, _Ways]  # by their folded first word
    exact: dict[str, _Printed]  # by the whole name without its accents
    lower: Scan  # names that begin with a small letter: xAI, eBay


_WORD = re.compile(r"[\w&]+")


@cache
def _gazetteer() -> _Gazetteer:
    names: dict[str, list[_Printed]] = {}
    for entity in lexicon().of(Entity):
        ways = [(name, "", False) for name in (entity.name, *entity.aliases)]
        ways += [
            (name[name.index(" ") + 1 :], "", True) for name, _, _ in ways if name.startswith(("Le ", "Les "))
        ]
        ways += [(head, head, False) for head in entity.heads]
        ways += [(_bare_capital(n), head, c) for n, head, c in ways if n[0] != _bare_capital(n)[0]]
        for name, head, contracted in ways:
            first = _WORD.match(name)
            if first and name not in printed_words_of("no name"):
                way = _Printed(name, folded(name), entity, head, contracted)
                names.setdefault(folded(first[0]), []).append(way)
    for alike in names.values():
        alike.sort(key=lambda way: -len(way.name))
    ordered = {first: _ways_of(alike) for first, alike in names.items()}
    exact = {plain(way.name): way for alike in names.values() for way in reversed(alike)}
    lower = [way.name for alike in names.values() for way in alike if way.name[0].islower()]
    return _Gazetteer(ordered, exact, compile_scan(rf"\b{scanned_alternation(lower)}\b"))


def _bare_capital(name: str) -> str:
    """A name with its capital as many newspapers print it, without its accent: `Edouard`, `Elysée`."""
    return normalize("NFD", name[0])[0] + name[1:]


# A point inside a name is an extension (`Character.AI`, `Booking.com`), not the end of a glued sentence.
_GOES_ON = r"[\w&]*(?:['\u2019-][A-ZÀ-ÖØ-Þa-z0-9][\w&]*|\.(?:AI|ai|com|fr|net|org|io|tv|cn)\b)*"
# "Val d'Oise", "Villeneuve d'Ascq" are one name each, "la Lotus d'Hethel" and "le TRV d'Engie" are two.
_BEFORE_D = "|".join(
    f"(?<={word})" for word in (
        "Côte", "Côtes", "Val", "Cap", "Pont", "Villeneuve", "Giscard", "Pays", "Île", "Ile", "Baie",
        "Castelnau", "Roque",
    )
)  # fmt: skip
# The capital first, and what may not stand before it behind: capitals are rare, and found fast.
_CAPITALS = re.compile(
    rf"[A-ZÀ-ÖØ-Þ](?<![\w@#/].){_GOES_ON}"
    rf"(?:(?:{SPACE}|{SPACE}&{SPACE}|(?:{_BEFORE_D}){SPACE}d['\u2019](?=[A-ZÀ-ÖØ-Þ])|{SPACE}(?:de|of|and|for|the|of{SPACE}the|du|von|van|der|bin|ben|al|del|della|da|das|dos|di|ten){SPACE}(?=[A-ZÀ-ÖØ-Þ]))"
    rf"[A-ZÀ-ÖØ-Þ0-9]{_GOES_ON})*"
)


def find_parties(
    text: str, sentences: list[Sentence], published: str | None = None, last: int | None = None
) -> Cast:
    """Every mention of an entity in the text, names resolved to one canonical form.

    Behind the sentence of a place `last`, if one is given, stand no figures. There pronouns and unnamed newspapers mean
    nobody, and are left out; a little further on, only names that have been read are found again.

    >>> from etl.segments import find_sentences
    >>> text = "Meta investit dans Scale. Selon Vahan Petrosyan, Scale AI y gagne."
    >>> [m.name for m in find_parties(text, find_sentences(text)).mentions if m.form == "name"]
    ['Meta', 'Scale AI', 'Vahan Petrosyan', 'Scale AI']
    """
    return whole(parties_in_steps(text, sentences, published, last))


def parties_in_steps(
    text: str, sentences: list[Sentence], published: str | None, last: int | None
) -> Steps[Cast]:
    """What `find_parties` finds, for texts that walk in step."""
    end = (
        next((s.end for s in reversed(sentences) if s.start <= last), last) if last is not None else len(text)
    )
    stop = min(max(end + _BEHIND, _ALWAYS_READ), len(text))
    descriptions = list(_find_descriptions(text, end, stop))
    yield
    found = list(_find_names(text, stop))
    yield
    found = _join_short_forms(_without_labels(text, _without_common_words(text, found)), text)
    names = sorted([*found, *descriptions], key=lambda m: (m.start, -m.end))
    mentions: list[Mention] = []
    for mention in names:
        if not mentions or mention.start >= mentions[-1].end:
            mentions.append(mention)
        elif (mention.start, mention.end) == (mentions[-1].start, mentions[-1].end):
            acts = mention.kind == "state" or (
                mention.kind == "institution" and _RULES.match(text, mention.end)
            )
            if mentions[-1].kind == "place" and acts:
                mentions[-1] = mention  # "Berlin a décidé", "Bruxelles inflige"
        elif mention.end > mentions[-1].end and (
            mention.start == mentions[-1].start or (mention.name and not mentions[-1].name)
        ):
            mentions[-1] = mention  # "la Banque de France" is no "banque"
    mentions = _by_letters(text, _without_accounts(text, _listed_places(text, mentions)))
    mentions = _at_their_time(_with_heads(text, mentions), published)
    mentions, young = _without_appositions(text, mentions)
    media = frozenset(m.name for m in mentions if m.kind == "media" and m.name)
    mentions = _media_as_companies(text, mentions, sentences)
    mentions += _named_again(text, mentions, stop)
    cast = Cast(tuple(mentions), Counter(m.name for m in mentions if m.name), young, media)
    return _with_own_ministries(text, cast)


# What a town does that stands for the body that sits there
_RULES = re.compile(
    rf"{SPACE}+(?:(?:a|avait|va|veut|doit|vient{SPACE}+de){SPACE}+(?:\w+ment{SPACE}+)?)?"
    r"(?:inflig|condamn|sanctionn|réclam|exig|autoris|valid|approuv|bloqu|interdi|ouvr|ouver|enquêt|propos|adopt)"
)


def _with_own_ministries(text: str, cast: Cast) -> Cast:
    """The cast with the ministries of a foreign state under their own names: that of China's finances is not Bercy."""
    if cast.state in (None, STATE_OF_THE_PRESS):
        return cast
    foreign = {
        m.start: _canonical(text[m.start : m.end])
        for m in cast.mentions
        if m.kind == "institution" and text.startswith("ministère", m.start) and m.form == "name"
    }
    if not foreign:
        return cast
    mentions = tuple(m._replace(name=foreign[m.start]) if m.start in foreign else m for m in cast.mentions)
    return replace(cast, mentions=mentions, counts=Counter(m.name for m in mentions if m.name))


_BEHIND = 450  # characters behind the last figure in which somebody can be named whom it is about
_ALWAYS_READ = 1500  # characters of a text that name whom it is about
_AGAIN = 4000  # characters behind those over which a text shows to whom it returns


def _named_again(text: str, mentions: list[Mention], stop: int) -> Iterator[Mention]:
    """The names that stand before `stop`, each wherever what follows prints it again: nothing else is read there."""
    rest = text[stop : stop + _AGAIN]
    printed = {text[m.start : m.end]: m for m in reversed(mentions) if m.name} if rest else {}
    again = [
        mention._replace(start=stop + start, end=stop + start + len(name))
        for name, mention in printed.items()
        if name in rest
        for start in _places_of(name, rest)
    ]
    end = stop
    for mention in sorted(again, key=lambda m: (m.start, -m.end)):
        if mention.start >= end:  # "Scale AI" there is no "Scale" more
            yield mention
            end = mention.end


def _places_of(name: str, text: str) -> Iterator[int]:
    """Where a whole name stands in a text."""
    end = 0
    while (place := text.find(name, end)) >= 0:
        end = place + len(name)
        if not (text[max(0, place - 1) : place].isalnum() or text[end : end + 1].isalnum()):
            yield place


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(entity.name for entity in lexicon().of(Entity) if entity.ambiguous)


def _without_common_words(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions without common words that open a sentence: `Printemps pluvieux`, where the text says `le printemps`.

    A name of two readings is a name where the text prints it inside a sentence, or says something of it.
    """
    ambiguous = _ambiguous()
    doubtful = {i for i, m in enumerate(found) if m.name in ambiguous and _begins(text, m.start)}
    if not doubtful:
        return found
    sure = {m.name for i, m in enumerate(found) if i not in doubtful}
    unsure = {i for i in doubtful if found[i].name not in sure and not _is_named().match(text, found[i].end)}
    printed = {text[found[i].start : found[i].end].lower() for i in unsure}
    common = {word for word in printed if word in text and _is_word_of(text, word)}
    return [m for i, m in enumerate(found) if i not in unsure or text[m.start : m.end].lower() not in common]


def _is_word_of(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _without_labels(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions without the letters of a party that only say whose somebody is: `le député LR`, `Duval (LR)`."""
    labels = printed_words_of("party label")
    return [
        m
        for m in found
        if text[m.start : m.end] not in labels or _NAMES_PARTY.search(text, max(0, m.start - 12), m.start)
    ]


_NAMES_PARTY = re.compile(
    rf"(?:(?<!\w)(?:l[ea]s?|aux|des|l['\u2019]|du|au|d['\u2019]|de|à|avec|derrière|devant|par|chez|pour|contre|et|ou|que|entre|selon)"
    rf"{SPACE}?|^|[.:;!?«\"“]{SPACE}?)$",
    re.IGNORECASE,
)


def _listed_places(text: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions with each unknown name between two places of a list as a place: `Rochefort, Méaulte et Nantes`."""
    places = {
        m.name
        for before, m, behind in zip(mentions, mentions[1:], mentions[2:], strict=False)
        if m.kind == ""
        and before.kind == behind.kind == "place"
        and _LISTS.fullmatch(text, before.end, m.start)
        and _LISTS.fullmatch(text, m.end, behind.start)
    }
    return [m._replace(kind="place") if m.name in places else m for m in mentions] if places else mentions


_LISTS = re.compile(rf",{SPACE}|{SPACE}(?:et|ou){SPACE}(?:à{SPACE})?")


def _without_accounts(text: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions without letters that stand for an account: `les tarifs réglementés de vente (TRV)` name nobody."""
    accounts = {
        m.name
        for m in mentions
        if m.name.isupper() and text.startswith(")", m.end) and _stands_for_account(text, m)
    }
    return [m for m in mentions if m.name not in accounts] if accounts else mentions


def _stands_for_account(text: str, letters: Mention) -> bool:
    """Whether letters in parentheses are the initials of the words before them, the first of which is an account."""
    before = re.search(
        r"((?:[a-zà-ÿ]+[\s'\u2019-])+)\($", text[max(0, letters.start - _SPELT_OUT) : letters.start]
    )
    words = (
        [word for word in re.findall(r"[a-zà-ÿ]+", before[1]) if len(word) > _SHORT_WORD] if before else []
    )
    spelt = words[-len(letters.name) :]
    initials = "".join(plain(word)[0] for word in spelt)
    return initials == letters.name.casefold() and spelt[0] in words_of("account noun") | words_of(
        "money noun"
    )


_SPELT_OUT = 90  # characters of what letters stand for
_SHORT_WORD = 3  # letters of the words that have no letter: `de`, `des`


def _by_letters(text: str, mentions: list[Mention]) -> list[Mention]:
    """Letters in parentheses under the name that they stand for, here and after: `le Rassemblement citoyen (Rac)`."""
    stands_for: dict[str, Mention] = {}
    for left, right in pairwise(mentions):
        joined = text.startswith(")", right.end) and text[left.end : right.start].strip() == "("
        if joined and left.name and right.kind in ("", "?") and left.kind not in ("place", "media", "person"):
            letters, name = right.name.casefold(), iter(plain(left.name))
            if len(letters) <= _LETTERS and " " not in letters and all(letter in name for letter in letters):
                stands_for[right.name] = left
    if not stands_for:
        return mentions
    return [
        m._replace(name=stands_for[m.name].name, kind=stands_for[m.name].kind) if m.name in stands_for else m
        for m in mentions
    ]


_LETTERS = 8


# What may stand between a description and its name: `d'intelligence artificielle`, `parisienne`, `spécialisée en …`.
_APPOSED = re.compile(
    rf"{SPACE}(?:(?:d['\u2019]|(?:de|des|du|en|à|spécialisée?|basée?|cotée?){SPACE})[\w'\u2019-]+{SPACE}"
    rf"|\w+(?:ain|aine|ien|ienne|ais|aise|ois|oise|and|ande|ol|ole|ique|el|elle|euse|tif|tive|ile){SPACE})"
    rf"(?:[\w'\u2019-]+{SPACE}){{0,6}}[«“\"]?{SPACE}?"
)


_COMMA = re.compile(rf",{SPACE}")


def _without_appositions(text: str, mentions: list[Mention]) -> tuple[list[Mention], frozenset[str]]:
    """The mentions with each description joined to the name that it stands before, and the companies called start-ups.

    `la start-up d'étiquetage Scale AI` is one mention of Scale AI, `le groupe de Mark Zuckerberg` one of Meta. A name
    that no entity of the words has is a company's where a description calls it so, or `chez` stands before it.
    """
    kept: list[Mention] = []
    young = set()
    unknown = [m for m in mentions if m.kind == "" and m.form == "name"]
    firms = {m.name for m in unknown if _is_of_firm(text, m.start)}
    bodies = {m.name for m in unknown if _is_body(text, m.start)}
    waiting: Mention | None = None
    for mention in mentions:
        if waiting is not None:
            joined = _joined(text, waiting, mention)
            if joined is None:
                kept.append(waiting)
            elif waiting.form == "target":
                young.add(joined.name)
            if joined and joined.kind == "" and waiting.printed in words_of("firm noun"):
                firms.add(joined.name)
            if joined and joined.kind == "" and waiting.printed in words_of("private body"):
                bodies.add(joined.name)
            mention, waiting = joined or mention, None
        if mention.form in ("target", "company") and not mention.name:
            apposed = kept and kept[-1].name and kept[-1].kind not in ("place", "state")
            if apposed and _COMMA.fullmatch(text, kept[-1].end, mention.start):
                if mention.form == "target":
                    young.add(kept[-1].name)
                continue  # "xAI, la société d'Elon Musk": said of the name before
            waiting = mention
        else:
            kept.append(mention)
            if mention.name and text.startswith(",", mention.end) and _IS_YOUNG.match(text, mention.end):
                young.add(mention.name)
    kept = [*kept, *([waiting] if waiting else [])]
    if firms:
        kept = [m._replace(kind="company") if m.kind == "" and m.name in firms else m for m in kept]
    if bodies:
        kept = [m._replace(kind="institution") if m.kind == "" and m.name in bodies else m for m in kept]
    return kept, frozenset(young)


def _is_body(text: str, start: int) -> bool:
    """Whether a name stands right behind what it is: `l'ONG britannique Christian Aid`, `l'association Tous debout`."""
    if not text[start - 2 : start - 1].isalpha():
        return False
    return _bodies().search(text, max(0, start - 50), start) is not None


@cache
def _bodies() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:[Ll]['\u2019]|[Ll][ae]{SPACE}|[Uu]ne?{SPACE}){alternation(printed_words_of('private body'))}"
        rf"{SPACE}(?:{ADJECTIVE}{SPACE}){{0,2}}$"
    )


def _is_of_firm(text: str, start: int) -> bool:
    """Whether what stands before a name only a company has: `chez Soluvia`, `les salariés de Soluvia`."""
    if text.endswith(_CHEZ, 0, start):
        return True
    return (
        text.endswith(_OF_ENDS, 0, start)
        and _had_by_firms().search(text, max(0, start - 40), start) is not None
    )


@cache
def _had_by_firms() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w){alternation(printed_words_of('had by a company'))}{SPACE}(?:de{SPACE}|d['\u2019]|du{SPACE})$"
    )


_CHEZ = tuple(f"{word}{space}" for word in ("chez", "Chez") for space in SPACES)
_IS_YOUNG = re.compile(
    rf",{SPACE}(?:une{SPACE}|cette{SPACE})?(?:(?:start-?up|jeune{SPACE}pousse|pépite|licorne))(?!\w)"
)


@cache
def giants() -> frozenset[str]:
    """The entities whose own descriptions call them a giant or a group: no `la start-up` means one of them."""
    return frozenset(
        entity.name
        for entity in lexicon().of(Entity)
        if any(
            re.search(r"géant|groupe|firme|numéro un|mastodonte|multinationale", phrase)
            for phrase in entity.descriptions
        )
    )


@cache
def of_trade(noun: str) -> frozenset[str]:
    """The entities whose own descriptions begin with a noun: `distributeur` of `le distributeur en ligne`."""
    return frozenset(
        entity.name
        for entity in lexicon().of(Entity)
        if any(
            re.match(rf"(?:l[ea]\s|l['\u2019]){re.escape(noun)}(?!\w)", folded(phrase))
            for phrase in entity.descriptions
        )
    )


_ABOUT = 4  # a source is named once or twice, the company that a text is about more often


_REPORTS = re.compile(
    rf"{SPACE}(?:a{SPACE}|avait{SPACE})?(?:révèl|révél|affirm|rapport|indiqu|assur|écri|dévoil|pointe|accus|cite|évoqu|publi)"
)


def _media_as_companies(text: str, mentions: list[Mention], sentences: list[Sentence]) -> list[Mention]:
    """The mentions with a medium as a company where it is an index, or the text is about it.

    The first sentence names it then, and so do most.
    """
    if not any(m.kind == "media" for m in mentions):
        return mentions
    first = sentences[0].end if sentences else 0
    counts = Counter(m.name for m in mentions if m.name and m.kind != "place")
    most = max(counts.values(), default=0)
    about = {
        m.name
        for m in mentions
        if m.kind == "media"
        and m.start < first
        and not _REPORTS.match(text, m.end)
        and counts[m.name] >= max(_ABOUT, 0.7 * most)
    }
    return [
        m._replace(kind="company")
        if m.kind == "media" and (m.name in about or text.endswith("indice ", 0, m.start))
        else m
        for m in mentions
    ]


def _joined(text: str, description: Mention, name: Mention) -> Mention | None:
    if not name.name or name.form == "pronoun" or name.kind in ("place", "media", "state"):
        return None
    gap = text[description.end : name.start]
    apposed = not gap.strip() or (len(gap) < 70 and _APPOSED.fullmatch(gap) and not _NOT_APPOSED.search(gap))
    owned = name.person and re.fullmatch(rf"{SPACE}(?:de{SPACE}|d['\u2019])", gap)
    return name._replace(start=description.start) if apposed or owned else None


_NOT_APPOSED = re.compile(
    r"(?<!\w)(?:est|a|ont|sont|était|avait|sera|aura|vaut|lève|rachète|investit|valorise|débourse|verse|détient|par|avec|dans|chez"
    r"|pour|auprès|fonds|que|qui|dont|où|et|milliards?|millions?)(?!\w)|\d"
)


@cache
def _former_names() -> dict[str, tuple[str, str]]:
    return {e.name: (e.former, e.since) for e in lexicon().of(Entity) if e.former and e.since}


def _at_their_time(mentions: list[Mention], published: str | None) -> list[Mention]:
    """The mentions under the names that the entities had when the text was published."""
    if published is None:
        return mentions
    then = {name: former for name, (former, since) in _former_names().items() if published < since}
    return [m._replace(name=then[m.name]) if m.name in then else m for m in mentions]


# --- names ----------------------------------------------------------------------------------------------------


class _Run(NamedTuple):
    """What capitals in a row say of themselves, wherever they stand."""

    first: str  # their first word, folded
    names: _Ways | None  # the known names that begin with it
    places: tuple[str, ...]
    lettered: bool  # whether a body known by its letters does
    body: bool  # whether a body does whose name goes on in small letters
    bare: bool  # a function word, and nothing else
    passes: bool  # a function word that begins no known name
    following: int  # where the next word begins
    can_be_new: bool  # a name that nothing but its capitals tells can begin so
    article: bool  # an article of its own begins it
    # the places behind its first word where a known name may begin, and those names
    inside: tuple[tuple[int, _Ways], ...]


_RUNS = 1 << 13  # runs of capitals that are kept: names come back, in a text and from text to text


@lru_cache(maxsize=_RUNS)
def _run_of(printed: str) -> _Run:
    word = _WORD.match(flat := folded(printed))
    first = word[0] if word else ""
    names, is_function_word = _gazetteer().names.get(first), first in printed_words_of("function word")
    return _Run(
        first, names, _places().get(first, ()), first in _lettered()[0], first in words_of("head of a name"),
        is_function_word and first == flat, is_function_word and names is None,
        _next_word(printed, 0, len(printed)), _begins_a_name(printed), _has_article(printed), _may_be_inside(printed),
    )  # fmt: skip


def _find_names(text: str, stop: int) -> Iterator[Mention]:
    """The names that begin in `text[:stop]`."""
    flat, gazetteer = folded_text(text), _gazetteer()
    for start, end in find_places(gazetteer.lower, flat, 0, stop):
        found = (
            _named_exactly(text[start:end])
            if text[start].islower() and text[start - 1 : start] != "."
            else None
        )
        if found:
            yield Mention(start, end, found.entity.name, found.entity.kind, person=found.head)
    openers = _openers()
    position = 0
    for match in _CAPITALS.finditer(text):
        if match.start() >= stop:
            break
        if match[0] in openers:
            continue
        start, end = max(match.start(), position), match.end()
        while start < end:
            run = _run_of(text[start:end])
            if run.passes:
                start += run.following
                continue
            known = _place_at(text, start, run.places) if run.places else None
            if run.names:
                name = _name_at(text, flat, start, run.names)
                # "le ministre de l'Action et des Comptes publics"
                office = name is not None and name.kind == "company" and _is_of_office(text, start)
                known = known if office else _longer(known, name)
            if run.lettered:
                known = _longer(known, _with_letters(text, start))
            mention = (
                known
                or (_title(text, start) if text.endswith(_MARKS, 0, start) else None)
                or (_body(text, start, run.first) if run.body else None)
                or (_new_name(text, start, end, run) if run.can_be_new and not run.bare else None)
            )
            if mention is None:
                start += run.following
                continue
            yield _of_town(text, mention) or mention
            start = position = _after_name(text, mention, end)


def _of_town(text: str, place: Mention) -> Mention | None:
    """The body that governs a place and stands before it, `None` where none does: `la mairie de Béziers`."""
    if place.kind not in ("place", "state", "") or not text.endswith(_OF_ENDS, 0, place.start):
        return None
    governs = _GOVERNS.search(text, max(0, place.start - 40), place.start)
    if governs is None:
        return None
    return Mention(governs.start(), place.end, _canonical(text[governs.start() : place.end]), "institution")


_GOVERNS = re.compile(
    rf"(?<!\w)(?:mairie|municipalité|métropole|conseil{SPACE}(?:municipal|départemental|régional)|université|CHU|rectorat|parquet"
    rf"|tribunal{SPACE}(?:de{SPACE}commerce|judiciaire|administratif|correctionnel|d['\u2019]instance|de{SPACE}grande{SPACE}instance)"
    rf"|cour{SPACE}(?:d['\u2019]appel|d['\u2019]assises))"
    rf"{SPACE}(?:de{SPACE}(?:la{SPACE})?|d['\u2019]|du{SPACE}|des{SPACE})$"
)


def is_court(name: str) -> bool:
    """Whether a name is a court's or a prosecutor's, which buys and sells nothing: `tribunal de commerce de Rouen`."""
    return name.startswith(("tribunal ", "cour d", "parquet "))


# How a preposition ends that may stand before a name, with its article: whatever governs the name is behind one.
_OF_ENDS = (
    "'",
    "\u2019",
    *(word + space for word in ("de", "la", "du", "des", "au", "aux") for space in SPACES),
)


@cache
def _openers() -> frozenset[str]:
    """The function words with a capital that begin no known name: `Selon` and `Depuis` open half of all sentences."""
    words = printed_words_of("function word") - _gazetteer().names.keys()
    return frozenset(map(str.capitalize, words))


def _longer(known: Mention | None, other: Mention | None) -> Mention | None:
    """Of two that begin at one place, the longer; the first of two as long."""
    return other if other and (known is None or other.end > known.end) else known


@cache
def _lettered() -> tuple[frozenset[str], re.Pattern[str]]:
    """The folded first words of bodies known by their letters, and their names: `Association horticole (HTA)`."""
    heads = printed_words_of("lettered body")
    letters = r"\((?P<letters>[A-ZÀ-ÖØ-Þ][\w-]{1,8})\)"
    name = rf"{alternation(heads)}(?:{SPACE}[\w'\u2019-]+){{1,9}}?{SPACE}{letters}"
    return frozenset(folded(head).split("-")[0] for head in heads), re.compile(name)


def _with_letters(text: str, start: int) -> Mention | None:
    """A body under the letters that stand in parentheses behind its name, `None` where none do."""
    match = _lettered()[1].match(text, start)
    if not match or not match["letters"][:2].isupper() or "." in match[0]:
        return None
    known = _named_exactly(match["letters"])
    name, kind = (known.entity.name, known.entity.kind) if known else (match["letters"], "institution")
    return Mention(match.start(), match.end(), name, kind)


# What the name of a body goes on with in small letters, `Association internationale du transport aérien`: adjectives,
# which their endings tell, and up to three complements of one noun each.
ADJECTIVE = (
    r"(?!(?:premi|derni|janvi|févri|fevri)er|(?:indique|explique|applique|communique|critique|implique|réplique|avait|était|fait|désormais|jamais|mais|avant|durant|pendant|suivant|devant|maintenant|auparavant|autant)\b)"
    r"[a-zà-ÿ]{2,}(?:a(?:l|le|les|ux)|ifs?|ives?|iques?|aires?|ien(?:s|ne|nes)?|ais|aises?|ois|oises?|ain(?:s|e|es)?"
    r"|els?|elles?|eux|euses?|[éy]en(?:s|ne|nes)?|onnes?|ée?s?|ants?|ands?|andes?|intes?|aints?|ins?|ines?|teurs?|trices?|oirs?|iers?|i[èe]res?)"
)
_COMPLEMENT = (
    rf"{SPACE}(?:et{SPACE}|pour{SPACE}|contre{SPACE})?(?:(?:de|du|des|aux?|à|sur|en){SPACE}(?:la{SPACE}|le{SPACE}|les{SPACE})?"
    rf"|(?:de{SPACE}|à{SPACE})?[dl]['\u2019]|la{SPACE}|les{SPACE})(?![\w'\u2019-]*\d)[\w-]{{3,}}(?:{SPACE}{ADJECTIVE}(?!\w))*"
)
_SMALL_LETTERS = re.compile(
    rf"(?:(?:{SPACE}(?:et{SPACE})?{ADJECTIVE}(?!\w))*(?:{_COMPLEMENT}){{1,3}}|(?:{SPACE}{ADJECTIVE}(?!\w))+)(?![\w-])"
)


def _body(text: str, start: int, first: str) -> Mention | None:
    """A body whose name goes on in small letters, `Observatoire des inégalités`; `first` is its first word, folded."""
    match = _SMALL_LETTERS.match(text, start + len(first))
    if match is None or text.endswith(_IN, 0, start):
        return None  # "l'introduction en Bourse de Nordelec"
    said = _SAID_OF_BODY.search(text, start + len(first) + 1, match.end())
    end = said.start() if said else match.end()  # "un Conseil des ministres accaparé"
    name = _canonical(text[start:end])
    return (
        None
        if name.startswith(tuple(printed_words_of("organ")))
        else Mention(start, end, name, "institution")
    )


_IN = tuple(f"en{space}" for space in SPACES)
_SAID_OF_BODY = re.compile(rf"(?<!des)(?<!de)(?<!la)(?<!les)(?<!aux)(?<!et){SPACE}\w+é(?:e|s|es)?$")


# A work or a brand between quotation marks, every word of it but the smallest with its capital: "House of Cards".
_TITLED = r"[A-ZÀ-ÖØ-Þ0-9][\w'\u2019&.-]*"
_TITLE_BETWEEN_MARKS = re.compile(
    rf"(?P<title>{_TITLED}(?:{SPACE}(?:{_TITLED}|of|the|and|de|du|des|la|le|les|et|à|in|to|a|&)){{0,6}}){SPACE}?[\"»”]"
)


_MARKS = ('"', "“", "«", "« ", "«\u00a0", "«\u202f")


def _title(text: str, start: int) -> Mention | None:
    """A title or a brand that stands alone between quotation marks."""
    match = _TITLE_BETWEEN_MARKS.match(text, start)
    words = match["title"].split() if match else []
    bare = match and words[0].lower() in printed_words_of("function word") and words[0] not in _ARTICLES
    if len(words) > _SHOUTED_TITLE and all(word.isupper() for word in words):
        return None  # a heading, not the name of a work
    if words and words[0] in printed_words_of("no name"):
        return None  # the "Ségur de la Santé"
    if match and words[-1][0].isupper() and not bare and len(words) > (words[0] in _ARTICLES):
        return Mention(start, match.end("title"), _canonical(match["title"]), "product")
    return None


_SHOUTED_TITLE = 3  # words in capitals that a title may have


def _named_exactly(printed: str) -> _Printed | None:
    """The entry of a name as printed, accents or not: `ministère de l'Ecologie` is the Écologie's."""
    return _gazetteer().exact.get(plain(printed))


def _after_name(text: str, mention: Mention, end: int) -> int:
    """Where the next name of a run can begin: what is stuck to a known one is its product (`Google Cloud`)."""
    if mention.end >= end:
        return end
    position = _next_word(text, mention.end - 1, end)
    if (
        mention.kind in ("company", "product")
        and not mention.person
        and position < end
        and position - mention.end <= 1
    ):
        while position < end and not _is_known(text, position):
            position = _next_word(text, position, end)
    return position


def _next_word(text: str, start: int, end: int) -> int:
    """Where the next capitalised word of a run begins, or its end."""
    match = _WORD_AND_GAP.match(text, start, end)
    position = match.end() if match else start + 1
    while position < end and not (text[position].isupper() or text[position].isdigit()):
        position += 1
    return min(position, end)


_WORD_AND_GAP = re.compile(r"\w+(?:-\w+)*['\u2019]?[^\w]*")
_CONTRACTED = re.compile(r"(?:[Dd]u|[Aa]u|[Dd]es|[Aa]ux)\s$")


def _is_known(text: str, start: int) -> bool:
    """Whether a known name or place begins here."""
    flat = folded_text(text)
    word = _WORD.match(flat, start)
    names, places = _gazetteer().names.get(word[0] if word else ""), _places().get(word[0] if word else "")
    return bool((names and _name_at(text, flat, start, names)) or (places and _place_at(text, start, places)))


def _place_at(text: str, start: int, places: tuple[str, ...]) -> Mention | None:
    """The longest of some places that begins here; `Havre` is one in `au Havre`."""
    for phrase in places:
        end = start + len(phrase)
        if text.startswith(phrase, start) and _PLACE_ENDS.match(text, end):
            if phrase in printed_words_of("place"):
                return Mention(start, end, phrase, "place")
            if _CONTRACTED.search(text, max(0, start - 4), start):
                return Mention(start, end, f"Le {phrase}", "place")
    return None


_PLACE_ENDS = re.compile(rf"(?![\w-])(?!{SPACE}[A-ZÀ-ÖØ-Þ0-9])")


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """The places by their folded first word, the longest first; those with an article also without it."""
    found: dict[str, list[str]] = {}
    printed = printed_words_of("place")
    bare = {place.removeprefix("Le ") for place in printed}
    for place in sorted(printed | bare, key=lambda name: (-len(name), name)):
        if first := _WORD.match(folded(place)):
            found.setdefault(first[0], []).append(place)
    return {first: tuple(names) for first, names in found.items()}


def _name_at(text: str, flat: str, start: int, ways: _Ways) -> Mention | None:
    """The longest of some known names that begins here."""
    for name, key, entity, head, contracted in ways.names.get(flat[start : start + ways.length], ()):
        end = start + len(name)
        if not flat.startswith(key, start) or flat[end : end + 1].isalnum() or not text[start].isupper():
            continue
        if contracted and not _CONTRACTED.search(text, max(0, start - 4), start):
            continue
        if text[end : end + 2].startswith("-") and text[end + 1 : end + 2].isalpha():
            asks = entity.kind == "institution" and name not in printed_words_of("party label")
            if not (asks and text[end + 1].isupper()):
                continue  # "Elabe-BFMTV" is the pollster's, "Paris-Nice" nobody's
        small = name.isupper() and len(name) >= _LETTERS_OF_BODY and text[start:end] == name.capitalize()
        if len(name) <= 4 and text[start:end] != name and not small:
            continue  # "Acpm" is the ACPM, "Lot" no airline
        if text[start:end].isupper() and len(name) > 4 and not name.isupper():
            continue
        return Mention(start, end, entity.name, entity.kind, "head" if head else "name", head)
    return None


_LETTERS_OF_BODY = 4
_ORDINAL = re.compile(r"[IVX]+(?:e|er|ème)")  # "la villa du XVIe arrondissement"


class _Capitals(NamedTuple):
    """A name that only its capitals tell, as they tell it wherever it stands."""

    words: tuple[str, ...]
    length: int  # of what is printed
    name: str
    kind: str
    shouts: bool  # every letter is a capital
    counts_people: bool  # it can be a people: `Soudanais`
    opens_sentences: bool  # it can be an adverb or a verb
    qualifies: bool  # it can be a participle: `Horrifiée`


def _begins_a_name(run: str) -> bool:
    """Whether capitals can be a name at all: no function word opens one, no ordinal, no word that names nobody."""
    words = run.split()
    first = words[0].replace("\u2019", "'").partition("'")[0]
    no_name = printed_words_of("no name")
    leads = first.lower() in printed_words_of("function word") and not _has_article(run)
    return not (leads or words[0] in no_name or first in no_name or _ORDINAL.fullmatch(words[0]))


def _has_article(run: str) -> bool:
    """Whether an article of its own begins a run: `Le Paluel`, where no sentence begins."""
    return run.startswith(_ARTICLES_BEFORE) and len(run.split()) > 1


# The first word of a sentence that a page glues to the heading above it.
_GLUED = re.compile(
    r"(?<=[a-zà-ÿ]{3})(?:L[ea]s?|Une?|Des|En|Ils?|Elles?|Ce|Cette|Pour|Dans|Aux?|Du|Avec|Selon|Depuis|Après|Sur|Par|Et|Mais|On)(?!\w)"
)


_ASKS = re.compile(r"(?:^|\s)[\w'\u2019]+-(?:t-)?(?:ils?|elles?|on|ce|nous|vous)(?![\w-])")


@lru_cache(maxsize=_RUNS)
def _capitals_of(run: str) -> _Capitals | None:
    """The name that a run of capitals holds, `None` where they are a heading's, an institution's or a code."""
    if glued := _GLUED.search(run) or _ASKS.search(run):
        run = run[: glued.start()]  # "les IntercitésLes abonnés", "CAMPAGNE Faut-il"
    words, no_name = run.split(), printed_words_of("no name")
    if len(words) > 1 and (behind := _where_a_person_begins(words)):
        words = words[:behind]  # "Cirque du Soleil Guy Laliberté"
    if not run or run[0].isdigit() or len(run) == 1 or run in _currency_codes():
        return None
    while words and (words[-1] in no_name or words[-1].isdigit() or words[-1] in _SMALL_WORDS):
        words.pop()
    if words and words[0] in printed_words_of("label of a heading"):
        return None  # "Affaire Nordelec": the next word is the name
    if not words or words[-1] in _ARTICLES or _is_no_name(words):
        return None
    run = run[: run.rindex(words[-1]) + len(words[-1])]
    name, alone = _canonical(run), len(words) == 1
    return _Capitals(
        tuple(words), len(run), name, _kind_alone(run, words, name), all(map(str.isupper, words)),
        alone and words[0].endswith(_PEOPLE), words[0].endswith(("ment", "ons", "er", "ir", "ez")),
        words[0].endswith(_QUALIFIES),
    )  # fmt: skip


def _new_name(text: str, start: int, end: int, run: _Run) -> Mention | None:
    """A name that only its capitals tell; at the beginning of a sentence one word is not enough."""
    if run.article and _begins(text, start):
        return None
    known = _known_inside(text, start, run.inside) if run.inside else None
    found = _capitals_of(text[start:end] if known is None else text[start : start + known].rstrip(_JOINS))
    if found is None or _names_nobody(text, start, found):
        return None
    end = start + found.length
    begins = len(found.words) == 1 and (_begins(text, start) or text.endswith(_MARKS, 0, start))
    if begins and found.opens_sentences:
        return None  # an adverb or a verb that opens its sentence
    if begins and (found.qualifies or not (_is_named().match(text, end) or _INSIDE.search(found.name))):
        return Mention(start, end, found.name, "?")
    return Mention(start, end, found.name, _kind_of(text, start, end, found))


_SMALL_WORDS = ("de", "of", "du", "von", "van")


@cache
def _currency_codes() -> frozenset[str]:
    return frozenset(currency.code for currency in lexicon().of(Currency))


_ARTICLES = ("Le", "La", "Les")
_ARTICLES_BEFORE = tuple(article + space for article in _ARTICLES for space in SPACES)
_BULLET = 30  # characters that may open a line before its first word


def _begins(text: str, start: int) -> bool:
    """Whether a word is the first of its sentence, or of its line behind a bullet: its capital tells nothing."""
    lead = text.rfind("\n", max(0, start - _BULLET), start) + 1
    opens_line = lead > 0 or start <= _BULLET
    opens = opens_line and not text[lead:start].strip(' -•–—*·>\u00a0"«“')
    return opens or text.endswith(("- ", " -"), 0, start) or begins_sentence(text, start)


_JOINS = " &-\u00a0\u202f"  # what joins the words of a run


def _known_inside(text: str, start: int, inside: tuple[tuple[int, _Ways], ...]) -> int | None:
    """Where in a run a known name begins behind its first word; `Île-de-France` is one name."""
    flat = folded_text(text)
    for place, names in inside:
        if _name_at(text, flat, start + place, names):
            return place
    return None


def _may_be_inside(run: str) -> tuple[tuple[int, _Ways], ...]:
    """The places behind the first word of a run where a known name may begin, and those that may."""
    if run.isalnum():
        return ()
    names, flat = _gazetteer().names, folded(run)
    words = [(match.start(), flat[slice(*match.span())]) for match in _WORD.finditer(run)]
    return tuple((place, names[word]) for place, word in words[1:] if word in names and run[place - 1] != "-")


_TO_COME = (
    r"[a-zà-ÿ]{2,}(?:er|ir|[dtv]r)a(?:it)?"  # a verb of what will or would be: "investira", "émettrait"
)
_INSIDE = re.compile(r"[a-zà-ÿ][A-ZÀ-ÖØ-Þ]")  # a capital inside a word: "GreenYellow"


@cache
def _is_named() -> re.Pattern[str]:
    """What a bare word before it is a name for, as nouns have an article: `Nordelec a`, `Soluvia, le groupe …,`."""
    verb = rf"(?:{alternation(printed_words_of('verb of a name'))}|{_TO_COME})"
    return re.compile(
        rf"{SPACE}(?:(?:ne|se){SPACE}|[ns]['\u2019])?{verb}(?!\w)"
        rf"|,{SPACE}(?:dont|qui|filiale|propriété){SPACE}"
        rf"|,{SPACE}(?:le{SPACE}|la{SPACE}|l['\u2019]|une?{SPACE})(?!même|autre|un|une)[a-zà-ÿ][^.;:,\d\n]{{3,60}}(?:,|{SPACE}qui){SPACE}"
    )


_QUALIFIES = ("é", "ée", "és", "ées", "ant", "eux", "euse")  # "Horrifiée, la mère a appelé"


def _where_a_person_begins(words: list[str]) -> int:
    """The word of a run where a person's name begins behind another: `CNDP Chantal Jouanno`; 0 where none does."""
    if words[0] in printed_words_of("given name") or words[0] in printed_words_of("named after a person"):
        return 0
    return next(
        (
            i
            for i, word in enumerate(words)
            if i and word in printed_words_of("given name") and i + 1 < len(words)
        ),
        0,
    )


_SHOUTED = re.compile(r"[A-ZÀ-ÖØ-Þ]{3,}[a-zà-ÿ]{2,}|[A-ZÀ-ÖØ-Þ]{5,}[a-zà-ÿ]")
_TITLE_OF = re.compile(
    rf"(?<!\w)(?:ministre|ministères?|secrétaire{SPACE}d['\u2019]État|préfet|maire|[Gg]arde){SPACE}(?:déléguée?{SPACE})?(?:chargée?{SPACE})?"
    rf"(?:à{SPACE}la{SPACE}|à{SPACE}l['\u2019]|aux?{SPACE}|de{SPACE}la{SPACE}|de{SPACE}l['\u2019]|des{SPACE}|du{SPACE}|de{SPACE}|d['\u2019])$"
)


def _is_no_name(words: list[str]) -> bool:
    """Whether capitals are a heading's or a bare institution's (`la Cour`), wherever they stand."""
    last, shouts = words[-1], words[0].isupper()
    if not last[1:].islower() and _SHOUTED.search(last):
        return True
    if shouts and len(words) >= 3 and all(word.isupper() for word in words[:-1]):
        return True  # "COLÈRE DES JOURNALISTES Auprès": a heading, and what is glued to it
    return len(words) == 1 and (words[0] in _capitalised() or words[0].lower() in _demonyms())


def _names_nobody(text: str, start: int, found: _Capitals) -> bool:
    """Whether capitals are a heading's, an office's (`ministre des Finances`) or a people's where they stand."""
    if found.shouts and (_is_shouted(text, start) or _is_label(text, start, found.words)):
        return True
    if found.counts_people and _SEVERAL.search(text, max(0, start - 12), start):
        return True
    return _is_of_office(text, start)


def _is_of_office(text: str, start: int) -> bool:
    """Whether what begins here is what an office is over: `le ministre des Finances`."""
    governed = text.endswith(_OF_ENDS, 0, start)
    return governed and _TITLE_OF.search(text, max(0, start - 40), start) is not None


def _is_shouted(text: str, start: int) -> bool:
    """Whether a whole heading is printed in capitals, before or behind: `UN APPARTEMENT À 950.000 EUROS`."""
    first, last = max(0, start - _AROUND), start + _AROUND
    sides = ((first, last), (first, start), (start, last))
    letters = ([c for c in text[slice(*side)] if c.isalpha()] for side in sides)
    return any(
        sum(map(str.isupper, side)) > 0.8 * max(len(side), least)
        for side, least in zip(letters, (0, _AROUND / 2, _AROUND / 2), strict=True)
    )


def _is_label(text: str, start: int, words: Iterable[str]) -> bool:
    """Whether capitals that open a line say what kind of article follows: `RETOUR SUR - Les dépenses …`."""
    label = " ".join(words)
    opens = start == 0 or text[start - 1] == "\n"
    return opens and len(label) > _LETTERS_OF_FIRM and bool(_LABELS.match(text, start + len(label)))


_LABELS = re.compile(rf"{SPACE}[-–—]{SPACE}|\.{SPACE}")
_LETTERS_OF_FIRM = 5
_AROUND = 40  # characters of a heading on each side


@cache
def _demonyms() -> frozenset[str]:
    return frozenset(word for state in lexicon().of(Entity) for word in state.demonyms)


@cache
def _capitalised() -> frozenset[str]:
    return printed_words_of("bare institution") | printed_words_of("capitalised noun")


# "plus de 1.000 Soudanais", "les Parisiennes": people of a place, whom French gives a capital.
_PEOPLE = (
    "ais", "ois", "aises", "oises", "iens", "iennes", "éens", "éennes", "ains", "aines", "ols", "oles",
)  # fmt: skip
_SEVERAL = re.compile(
    rf"(?:(?<!\w)(?:[Ll]es|[Dd]es|[Aa]ux|[Cc]es|mille|millions?{SPACE}de|milliers{SPACE}de)|\d){SPACE}$"
)


def _kind_alone(run: str, words: list[str], name: str) -> str:
    """The kind that a name tells of itself: a known place, a medium, a person by the given name; else nothing."""
    if name in printed_words_of("place") or _TOWN.fullmatch(run) or words[0] in _STREETS:
        return "place"
    media = printed_words_of("medium")
    if len(words) > 1 and (words[0] in media or words[-1] in media or words[:2] == ["Le", "Quotidien"]):
        return "media"
    return "person" if _is_full(words) and _is_given_name(words[0]) else ""


def _kind_of(text: str, start: int, end: int, found: _Capitals) -> str:
    """`person` where a given name or a title tells one, `place` for a place that is known, else nothing."""
    if found.kind == "place":
        return "place"
    within = _WITHIN.match(text, end) if len(found.words) == 1 else None
    if within and within["where"] in printed_words_of("place"):
        return "place"  # "Marcy-l'Étoile (Rhône)"
    if _STREET.search(text, max(0, start - 20), start):
        return "place"
    if found.kind:
        return found.kind
    office = _is_full(found.words) and (
        _OFFICE.search(text, max(0, start - 12), start) or _PORTFOLIO.search(text, max(0, start - 90), start)
    )
    if office:
        return "person"
    return "person" if _TITLE.search(text, max(0, start - 6), start) else ""


def _is_full(words: Sequence[str]) -> bool:
    """Whether a name has more than one word, as a person's has, and joins no two: `Marks & Spencer`."""
    return len(words) > 1 and "&" not in words


# "Sablé-sur-Sarthe", "Saint-Pée-sur-Nivelle", "Brive-la-Gaillarde"
_TOWN = re.compile(r"\w+(?:-\w+)*-(?:sur|sous|lès|les|la|le|en|de|du|d['\u2019]\w+)(?:-\w+)+")
# "rue La Boétie", "avenue de Ségur": an address
_STREETS = ("Rue", "Avenue", "Boulevard", "Quai", "Square", "Impasse")
_STREET = re.compile(
    rf"(?<!\w)(?:rue|avenue|boulevard|quai|square|impasse){SPACE}(?:(?:de|du|des){SPACE}(?:la{SPACE})?|d['\u2019]|de{SPACE}l['\u2019])?$"
)
_WITHIN = re.compile(rf"{SPACE}\((?P<where>[A-ZÀ-ÖØ-Þ][\w'\u2019 -]+)\)")


def _is_given_name(word: str) -> bool:
    """Whether a word is a given name, or joins one to another: `Jean-Guy`."""
    names = printed_words_of("given name")
    return word in names or ("-" in word and word.partition("-")[0] in names)


_OFFICE = re.compile(
    rf"(?<!\w)(?:ministre|maire|députée?|sénateur|sénatrice|préfète?|présidente|procureure?|avocate?|chancelière){SPACE}+$"
)
# "la secrétaire d'État à la Transition écologique", "le ministre délégué chargé des Transports"
_PORTFOLIO = re.compile(
    rf"(?<!\w)(?:ministre|secrétaire{SPACE}d['\u2019][ÉE]tat)(?:{SPACE}déléguée?)?{SPACE}(?:chargée?{SPACE})?(?:d[eu]s?|à|aux?)"
    rf"{SPACE}?(?:la{SPACE}|l['\u2019])?[A-ZÀ-ÖØ-Þ](?:(?!{SPACE}(?:a|ont|est|avait|va|sera|veut|doit|dit){SPACE})[\w'\u2019\s-]){{2,50}}"
    rf"{SPACE}$"
)
_TITLE = re.compile(rf"(?<!\w)(?:MM?\.|Mme|Mmes|Mlle|Me|Dr){SPACE}+$")


_SPACES = re.compile(rf"{SPACE}+")


def _canonical(run: str) -> str:
    if not run.isascii() or "  " in run:
        run = _SPACES.sub(" ", run).replace("\u2019", "'")
    return run.rstrip(".'-")


_PARTICLES = ("Le", "La", "De", "Du", "de", "du", "von", "van", "Van", "Von", "Ben", "El")


def _join_short_forms(found: list[Mention], text: str) -> list[Mention]:
    """Short forms under the longest name of the document that begins or ends with them, doubtful words dropped."""
    sure = {m.name for m in found if m.kind != "?"}
    people = {m.name for m in found if m.kind == "person"}  # whom an office before the name tells once
    longer: dict[str, Mention] = {}
    for mention in found:
        full, printed = mention.person or mention.name, text[mention.start : mention.end]
        if mention.kind == "?" or (printed == full and " " not in full):
            continue  # one word has no short form
        for words in map(str.split, {full, _canonical(printed)}):
            if len(words) >= 2:
                longer.setdefault(words[-1], mention)
                longer.setdefault(words[0], mention)
            if len(words) >= 3 and words[1] in _PARTICLES:
                longer.setdefault(" ".join(words[1:]), mention)
    joined: list[Mention] = []
    for mention in found:
        full_form = longer.get(mention.name)
        if full_form and mention.kind in ("", "?", "person") and full_form.name != mention.name:
            joined.append(
                mention._replace(
                    name=full_form.name,
                    kind=full_form.kind,
                    form=full_form.form,
                    person=full_form.person,
                )
            )
        elif mention.kind == "" and mention.name in people:
            joined.append(mention._replace(kind="person"))
        elif mention.kind != "?":
            joined.append(mention)
        elif mention.name in sure:
            joined.append(mention._replace(kind=""))
    return joined


# --- descriptions and heads -----------------------------------------------------------------------------------


class _Description(NamedTuple):
    """Whom or what a description stands for; its noun where that is a company that it does not name."""

    kind: str
    form: Form = "name"
    name: str = ""
    noun: str = ""


@cache
def _descriptions() -> Phrases[_Description]:
    uses: tuple[tuple[Form, str], ...] = (
        ("target", "company"),
        ("company", "company"),
        ("state", "state"),
        ("organ", "state"),
        ("press", "media"),
    )
    pairs = [
        (phrase, _Description(entity.kind, name=entity.name))
        for entity in lexicon().of(Entity)
        for phrase in entity.descriptions
    ]
    for use, kind in uses:
        for phrase in printed_words_of(f"{use} description"):
            noun = re.split(r"[ ']", folded(phrase))[-1] if kind == "company" else ""
            pairs.append((phrase, _Description(kind, use, noun=noun)))
    pairs += [(form, meant) for phrase, meant in pairs for form in _contracted(phrase)]
    pairs += [(word, _Description("", "pronoun")) for word in printed_words_of("pronoun")]
    pairs += [
        (word, _Description("", "pronoun", noun=word)) for word in (*_of_two(), *printed_words_of("latter"))
    ]
    return phrases_of(pairs)


@cache
def _of_two() -> frozenset[str]:
    """`le premier` and `le second`, of two that were named."""
    return printed_words_of("first of two") | printed_words_of("second of two")


@cache
def _of_two_tells() -> re.Pattern[str]:
    """What follows `le premier` where it is one of two: a sum, or a verb of its own."""
    return re.compile(
        r"(?:\s(?:à|de|pour|près\sde|plus\sde|environ|quelque))*\s\d[\d,.\s]*(?:milli|[km]?€|euros|dollars|%)"
        rf"|\s(?:(?:ne|se)\s|[ns]')?{alternation(printed_words_of('verb of a name'))}\b"
    )


_PEOPLE_BEHIND = re.compile(r"\s(?P<people>[a-zà-ÿ-]+)")


@cache
def _states_of_peoples() -> dict[str, str]:
    return {word: state.name for state in lexicon().of(Entity) for word in state.demonyms}


def _contracted(description: str) -> tuple[str, ...]:
    """`le groupe` as it stands in `du groupe` and `au groupe`."""
    return (f"du {description[3:]}", f"au {description[3:]}") if description.startswith("le ") else ()


def _find_descriptions(text: str, last: int, stop: int) -> Iterator[Mention]:
    """The descriptions and pronouns of `text[:stop]`; behind `last` those alone that tell of a name or a state."""
    flat = folded_text(text)
    for start, end, (meant, *_) in find_phrases(_descriptions(), flat, 0, stop):
        if start >= last and meant.form in ("pronoun", "press"):
            continue
        if meant.form == "pronoun" and meant.noun in _of_two() and not _of_two_tells().match(flat, end):
            continue  # "le premier trimestre"
        if meant.name and text[start].isupper() and _PLACE.search(text, max(0, start - 12), start):
            continue  # "à Berlin" is the town, "Berlin a décidé" the state
        start = _after_contraction(flat, start)
        people = _PEOPLE_BEHIND.match(flat, end) if meant.form in ("state", "organ") else None
        state = _states_of_peoples().get(people["people"]) if people else None
        if people and state:
            yield Mention(start, people.end(), state, "state")  # "le gouvernement libanais"
            continue
        if meant.form == "organ":
            continue
        yield Mention(start, end, meant.name, meant.kind, meant.form, printed=meant.noun)


def _after_contraction(flat: str, start: int) -> int:
    """Where the noun of `du groupe` begins: its preposition stays outside, where the clause is read."""
    return start + len("du ") if flat.startswith(("du ", "au "), start) else start


_PLACE = re.compile(rf"(?<!\w)(?:à|de|d['\u2019]|depuis|vers|en|près{SPACE}+de|pour|sur){SPACE}*$")


@cache
def _head_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    head = alternation(sorted(printed_words_of("head")))
    link = rf"{SPACE}+(?:\w+{SPACE}+){{0,3}}?(?:de{SPACE}+(?:la{SPACE}+)?|d['\u2019]|du{SPACE}+|chez{SPACE}+)"
    after = re.compile(
        rf",?{SPACE}*(?:\(|le{SPACE}+|la{SPACE}+|l['\u2019]|ancien{SPACE}+|actuel{SPACE}+|et{SPACE}+)*{head}(?:{SPACE}+(?:et{SPACE}+)?{head})?{link}(?:[\w-]+{SPACE}+){{0,4}}$",
        re.IGNORECASE,
    )
    before = re.compile(rf"(?<!\w){head}(?:{SPACE}+(?:et{SPACE}+)?{head})?{link}$", re.IGNORECASE)
    return after, before


def _with_heads(text: str, mentions: list[Mention]) -> list[Mention]:
    """Persons told to head a company of the document act for it: `Vahan Petrosyan, PDG de SuperAnnotate`."""
    after, before = _head_patterns()
    heads: dict[str, Mention] = {}
    named = [m for m in mentions if m.name]
    for left, right in pairwise(named):
        if right.start - left.end > _FAR_HEAD or left.name == right.name:
            continue
        gap = text[left.end : right.start]
        if "\n" in gap:
            continue
        if _may_head(left) and _may_be_headed(right) and after.fullmatch(gap):
            heads[left.name] = right
        elif (
            _may_head(right)
            and _may_be_headed(left)
            and _BESIDE.fullmatch(gap)
            and before.search(text, max(0, left.start - 60), left.start)
        ):
            heads[right.name] = left
    mentions = [_acting_for(mention, heads) for mention in mentions] if heads else mentions
    return _with_heads_of_state(text, mentions)


def _with_heads_of_state(text: str, mentions: list[Mention]) -> list[Mention]:
    """Persons told to head a state by the name of its people act for it: `Le président libanais Michel Aoun`."""
    states: dict[str, str] = {}
    for mention in mentions:
        if mention.kind == "person" and not mention.person:
            if not text[mention.start - 2 : mention.start - 1].isalpha():
                continue  # no word before it: "Mardi, Luc Bernard"
            office = _OFFICE_OF_STATE.search(text, max(0, mention.start - 60), mention.start)
            state = _states_of_peoples().get(office["people"]) if office else None
            if state:
                states[mention.name] = state
    if not states:
        return mentions
    return [
        m._replace(name=states[m.name], kind="state", form="head", person=m.name)
        if m.kind == "person" and m.name in states
        else m
        for m in mentions
    ]


_OFFICE_OF_STATE = re.compile(
    rf"(?<!\w)(?:[Pp]résidente?|Premi(?:er|ère){SPACE}ministre|premi(?:er|ère){SPACE}ministre|chanceli(?:er|ère)|chef{SPACE}de{SPACE}l['\u2019][ÉE]tat|roi|reine)"
    rf"{SPACE}(?P<people>[a-zà-ÿ-]+){SPACE}$"
)


_BESIDE = re.compile(rf",?{SPACE}+")
_FAR_HEAD = 80  # characters from a person to the company that he or she heads


def _may_head(mention: Mention) -> bool:
    return mention.kind in ("", "person") and " " in mention.name and not mention.person


def _may_be_headed(mention: Mention) -> bool:
    return (
        mention.kind in ("", "company", "institution", "product")
        and not mention.person
        and mention.form == "name"
    )


def _acting_for(mention: Mention, heads: dict[str, Mention]) -> Mention:
    company = heads.get(mention.name)
    if company is None or mention.person:
        return mention
    return mention._replace(
        name=company.name, kind=company.kind or "company", form="head", person=mention.name
    )
