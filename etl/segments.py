"""Zones and sentences of a text, offsets kept: the first cut, made on layout and punctuation alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from etl.lexicon import Entity, Group, alternation, lexicon, plain, printed_words_of

_LINE = re.compile(r"[^\n]+")
# The end of a sentence: its mark, what closes after it, then space and a beginning, or a beginning glued to it. Its
# mark first, and what may not stand before that behind it: marks are rare, and found fast.
_END = re.compile(
    r"(?P<mark>[.!?\u2026](?<![.!?\u2026].)[.!?\u2026]*+)(?P<close>(?:[ \u00a0\u202f]*[\u00bb\u201d]|[\"')\]])*+)"
    r"(?P<gap>\s+(?=[\"'(\[\u00ab\u201c\u2013\u2014-]*\s*[A-ZÀ-ÖØ-Þ0-9«\"“])|(?=[\"«“-]?\s?[A-ZÀ-ÖØ-Þ][\w'\u2019]|[«“]\s?\d))"
)
# A heading glued to the text below it, "à 100 millions d'eurosMais ce qui manque"; no "YouTube" and no "iPhone".
_GLUED = re.compile(
    r"[A-ZÀ-ÖØ-Þ](?:(?<=[a-zà-ÿœ]{3}.)|(?<=\s(?:19|20)\d\d.))(?=[a-zà-ÿœ]|['\u2019 ])"
)  # the capital first: it is rarer
# A heading between dashes inside a line, as news agencies print it: "… à payer. - Un virus discret -Avec un chiffre"
_BETWEEN_DASHES = re.compile(r"-(?<=[.!?\u2026\u00bb\u201d\"\s].)\s[^\n-]{3,80}?\s-(?=\s?[A-ZÀ-ÖØ-Þ\"«“])")
# An item of a list that goes on in its line: "… de dons. • Total va faire un don"
_BULLETS = "•●▪►■◆"
_ITEM = re.compile(rf"[{_BULLETS}](?=\s*[\w«\"“])")
_LAST_WORD = re.compile(r"[\w'\u2019-]*$")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_CLOSED = re.compile(r"[.!\u2026;:,][\"'\u00bb\u201d)\s]*$")
_TITLE_LENGTH = 200
# The longest of 104,000 sentences of the news has 1,164 characters: what has more is a list without an end, read in
# parts, so that the work on a text grows with its length and not with the square of it.
_LONGEST = 2_000
_PAUSE, _BEHIND_A_WORD = re.compile(r".*[,;:](\s+)\S"), re.compile(r".*(?:[^\W\d]|[$€£%])(\s+)\w")


class Sentence(NamedTuple):
    """A sentence at `start:end` of the text, in one zone; `paragraph` counts the lines that have text."""

    start: int
    end: int
    zone: str
    paragraph: int


@cache
def _abbreviation() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternation(printed_words_of('abbreviation'))}|[A-Z])$")


@cache
def _longest_abbreviation() -> int:
    return max(map(len, printed_words_of("abbreviation")))


@cache
def _abbreviation_ends() -> frozenset[str]:
    """The last two letters of each abbreviation, with their accents or without."""
    return frozenset(
        form[-_ENDING:] for word in printed_words_of("abbreviation") for form in (word, plain(word))
    )


@cache
def _inner_capital() -> re.Pattern[str]:
    words = printed_words_of("inner capital")
    names = [
        name
        for entity in lexicon().of(Entity)
        for name in (entity.name, *entity.aliases)
        if name[0].islower()
    ]
    return re.compile(alternation([*words, *names]))


@cache
def _furniture() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    groups = {group.use: group.words for group in lexicon().of(Group)}
    site, related, comments = (
        re.compile(rf"\s*{alternation(groups[use])}(?!\w)", re.IGNORECASE)
        for use in ("site furniture", "related articles", "comments begin")
    )
    return site, related, comments


def find_sentences(text: str, around: Sequence[int] | None = None) -> list[Sentence]:
    r"""All sentences of the text in order; they cover every character that is not white space.

    A line is never joined to the next one. Zones are `title`, `body`, `comment` or `boilerplate`. With `around`, places
    of the text in order, the lines that hold none of them are left whole.

    >>> text = "Meta investit\n\nMeta investit 14 milliards. M. Wang part."
    >>> [(text[s.start : s.end], s.zone) for s in find_sentences(text)]
    [('Meta investit', 'title'), ('Meta investit 14 milliards.', 'body'), ('M. Wang part.', 'body')]
    """
    lines = [span for match in _LINE.finditer(text) if (span := _trim(text, *match.span()))]
    bulleted = any(bullet in text for bullet in _BULLETS)
    return [
        Sentence(
            start, end, "title" if text[start] == "-" and _is_heading(text, start, end) else zone, paragraph
        )
        for paragraph, ((begin, stop), zone) in enumerate(zip(lines, _zones(text, lines), strict=True))
        for start, end in (
            _split(text, begin, stop, bulleted=bulleted) if _holds(around, begin, stop) else [(begin, stop)]
        )
    ]


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a sentence is a heading between dashes."""
    heading = _BETWEEN_DASHES.match(text, start)
    return heading is not None and heading.end() == end


def begins_sentence(text: str, place: int) -> bool:
    """Whether a sentence begins at a place, or right before it with the marks that open it.

    >>> text = "Meta investit. « Scale y gagne », dit M. Wang."
    >>> [begins_sentence(text, text.index(word)) for word in ("Meta", "Scale", "Wang")]
    [True, True, False]
    """
    begin = max(0, place - _REACH)
    opened = begin + len(text[begin:place].rstrip(_OPENERS))
    if opened == 0 or "\n" in text[opened:place]:
        return True
    if text[opened - 1] in _BULLETS:
        return True
    if text[opened - 1] not in _CLOSERS and not text[opened - 1].isspace():
        return False  # a word before it, and no mark
    ends = _END.finditer(text, max(0, opened - _REACH), place + len("Le"))
    return any(
        opened <= match.end() <= place and (match["mark"] != "." or not _is_inside(text, match))
        for match in ends
    )


_CLOSERS = (
    ".!?\u2026\u00bb\u201d)]"  # marks that end a sentence, and what closes behind them, but for the openers
)
_OPENERS = " \t\n\r\u00a0\u202f\u2009\"'«“‘(–—-"  # "Clairement" begins its sentence, quoted or not


def _holds(places: Sequence[int] | None, begin: int, stop: int) -> bool:
    if places is None:
        return True
    first = bisect_left(places, begin)
    return first < len(places) and places[first] < stop


def _split(text: str, begin: int, stop: int, *, bulleted: bool) -> Iterator[tuple[int, int]]:
    """The sentences of one line without white space around it; items of a list only where a text is `bulleted`."""
    ends = [
        (match.start("gap"), match.end())
        for match in _END.finditer(text, begin, stop)
        if match["mark"] != "." or not _is_inside(text, match)
    ]
    glued = [(m.start(), m.start()) for m in _GLUED.finditer(text, begin, stop) if _is_glue(text, m.start())]
    headings = [(m.end(), m.end()) for m in _BETWEEN_DASHES.finditer(text, begin, stop)]
    items = (
        [(_space_before(text, m.start()), m.start()) for m in _ITEM.finditer(text, begin + 1, stop)]
        if bulleted
        else []
    )
    for end, following in sorted({*ends, *glued, *headings, *items}) if glued or headings or items else ends:
        if end - begin > _LONGEST:
            yield from _in_parts(text, begin, end)
        elif begin < end:
            yield begin, end
        begin = following
    if begin < stop:
        yield from _in_parts(text, begin, stop)


def _space_before(text: str, place: int) -> int:
    """Where the white space begins that stands right before a place."""
    begin = max(0, place - _REACH)
    return begin + len(text[begin:place].rstrip())


def _in_parts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence whole, or cut where it pauses, or else behind a word or sign, if it is longer than sentences are."""
    while end - begin > _LONGEST:
        cut = _PAUSE.match(text, begin, begin + _LONGEST) or _BEHIND_A_WORD.match(
            text, begin, begin + _LONGEST
        )
        if not cut:
            break
        yield begin, cut.start(1)
        begin = cut.end(1)
    yield begin, end


_WORD = 3  # letters: "xAI" and "eBay" are names
_ENDING = 2  # letters of a word that tell most that no abbreviation ends with
_REACH = 12  # characters back that tell an abbreviation


def _is_glue(text: str, place: int) -> bool:
    """Whether a small-letter word ends here and a capitalised one begins: `euros|Mais`; a name has other words."""
    if text[place - 1].isdigit():
        return True  # "entre 2010 et 2012L'ancienne ministre"
    word = _LAST_WORD.search(text, max(0, place - 25), place)
    last = re.split(r"['\u2019]", word[0])[-1] if word else ""
    if len(last) < _WORD or not last.islower() or "-" in last:
        return False
    return not _inner_capital().match(text, place - len(last))


def _is_inside(text: str, match: re.Match[str]) -> bool:
    """Whether a point belongs to an abbreviation, an initial, or a name such as `Character.AI`."""
    place = match.start()
    if match["gap"] or match["close"]:
        longest = _longest_abbreviation()
        if place > longest and text[place - longest - 1 : place].isalpha():
            return False  # the word is too long for one
        last = text[max(0, place - _ENDING) : place]
        if len(last) == _ENDING and last.isalpha() and last not in _abbreviation_ends():
            return False  # nor does one end so
        before = text[max(0, place - _REACH) : place]
        return bool(_abbreviation().search(before)) and not before.endswith(("etc", " IA", " AI"))
    # Glued: `2019).En mai` ends a sentence, `Character.AI`, `Developpez.com`, `U.S.` and `S.A` do not.
    after = _FIRST_WORD.match(text, match.end(), match.end() + 30)
    word = after[1] if after else ""
    if 1 < len(word) <= 3 and word.isupper() and text[max(0, place - 1) : place].isalpha():
        return True
    return bool(_INITIAL.search(text, max(0, place - 2), place))


_FIRST_WORD = re.compile(r"[\"«“-]?\s?(\w+)")
_INITIAL = re.compile(r"(?<!\w)[A-Z]$")


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _zones(text: str, lines: list[tuple[int, int]]) -> list[str]:
    site, related, comments = _furniture()
    zones: list[str] = []
    section = "body"
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        if comments.match(line):
            section = "comment"
        elif section != "comment" and related.match(line):
            section = "boilerplate"
        if section != "body":
            zones.append(section)
        elif site.match(line):
            zones.append("boilerplate")
        elif _is_title(
            line, first="body" not in zones and "title" not in zones, last=number == len(lines) - 1
        ):
            zones.append("title")
        else:
            zones.append("body")
    return zones


def _is_title(line: str, *, first: bool, last: bool) -> bool:
    if _HEADING.match(line):
        return True
    line = line.strip()
    if len(line) > _TITLE_LENGTH or line[:1] in "-•–—*" or (last and not first):
        return False
    return not _CLOSED.search(line) and (first or not line.endswith(('"', "»", "”")))
