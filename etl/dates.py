"""Dates and periods of French prose as EDTF (ISO 8601-2), resolved against the document's own date.

The precision that the text prints is kept: `en 2014` is `2014`, `il y a environ un an` in June 2025 is `2024-06~`, the
first quarter of 2020 is `2020-33`. What cannot be resolved without a date that nobody gives is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from etl.lexicon import (
    SPACE,
    Calendar,
    Scan,
    alternation,
    compile_scan,
    find_place,
    folded,
    folded_text,
    lexicon,
    plain,
    scanned_alternation,
)
from etl.numerals import parse_numeral


class Dated(NamedTuple):
    """A date or period at `start:end` of the text, in EDTF."""

    start: int
    end: int
    edtf: str


class _Anchor(NamedTuple):
    """The document's date as far as it is known."""

    year: int
    month: int | None
    day: int | None


class _Patterns(NamedTuple):
    date: re.Pattern[str]
    months: dict[str, int]
    weekdays: dict[str, int]
    ordinals: dict[str, int]


@cache
def _patterns() -> _Patterns:
    tables: dict[str, dict[str, int]] = {"month": {}, "weekday": {}, "ordinal": {}}
    for entry in lexicon().of(Calendar):
        tables[entry.use].update({plain(form): entry.value for form in entry.forms})
    forms = {
        use: alternation(f for e in lexicon().of(Calendar) if e.use == use for f in e.forms) for use in tables
    }
    named = {f"{{{use}}}": alternation for use, alternation in forms.items()}
    rules = [_rule(shape, named) for shape in _SHAPES]
    return _Patterns(
        re.compile("|".join(f"{_BEGINS}{rule}(?!\\w)" for rule in rules), re.IGNORECASE), *tables.values()
    )


# No part of a number; right behind the end of a sentence only with a capital, as pages glue them: "etc.).L'an dernier"
_BEGINS = r"(?<![\w-])(?:(?<![.,])|(?<=\.)(?-i:(?=[A-ZÀ-ÖØ-Þ])))"


def _rule(shape: str, named: dict[str, str]) -> str:
    """The regex of a shape of `_SHAPES`."""
    for name, regex in {**_PARTS, **named}.items():
        shape = shape.replace(name, f"(?:{regex})")
    return shape.replace(" ", f"(?:{SPACE}+)").replace("'", "['’]")


@cache
def _candidates() -> Scan:
    """Where a date can stand: the shapes without what may not follow them, which the patterns ask for."""
    forms = {
        f"{{{use}}}": scanned_alternation(f for e in lexicon().of(Calendar) if e.use == use for f in e.forms)
        for use in ("month", "weekday", "ordinal")
    }
    shapes = []
    for shape in _SHAPES:
        for name, regex in {**_PARTS, **forms}.items():
            shape = shape.replace(name, f"(?:{regex})")
        bare = _without_lookaheads(re.sub(r"\(\?P<\w+>", "(?:", shape))
        shapes.append(bare.replace(" ", "(?: +)").replace("T(", "t("))
    return compile_scan(rf"\b(?:{'|'.join(shapes)})")


def _without_lookaheads(pattern: str) -> str:
    while (start := pattern.find("(?!")) >= 0:
        end, depth = start + 1, 1
        while depth:
            depth += {"(": 1, ")": -1}.get(pattern[end], 0)
            end += 1
        pattern = pattern[:start] + pattern[end:]
    return pattern


# A shape is a regex in which a blank is any white space of one or more, ` ?` of none or more, `'` either
# apostrophe, and `{name}` a list of words.
_PARTS = {
    "{number}": r"\d{1,2}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente",
    "{about}": r"environ |près d(?:e|') ?|(?:un peu )?plus d(?:e|') ?",
    "{of}": r"(?: |-)(?:du mois (?:de |d')|de |d')?",
    "{year}": r"(?:19|20)\d\d",
    "{that_year}": r"cette(?: même)? année-là|(?:cette|la) même année",
}
_SHAPES = (
    # "du 3 au 5 mai 2024", "entre le 3 et le 5 mai"
    (
        r"(?:du|entre le) (?P<d1>\d{1,2})(?:er)?(?: (?P<m1>{month}))? (?:au|et le)"
        r" (?P<d2>\d{1,2}) (?P<m2>{month})(?: (?P<d_year>{year}))?"
    ),
    r"(?P<first>{month})(?: (?P<first_year>{year}))? (?:à|et) (?P<last>{month})(?: (?P<last_year>{year}))?",
    r"(?P<from>{year}) ?(?:-|–|/| (?:et|à) ) ?(?P<to>{year})",
    r"(?:les )?années (?P<decade>(?:19|20)\d0)",
    # "mi-juin 2024", "le 1er mai", "en mars dernier", "cette année-là, en mars"
    (
        r"(?:(?P<then>{that_year}),? (?:en|dès|au mois de) )?"
        r"(?:(?P<part_month>début|mi|fin){of})?(?:(?P<day>\d{1,2})(?:er)? )?(?P<month>{month})"
        r"(?: (?P<month_year>{year})| (?P<month_last>dernier|prochain)|,? de (?P<month_told>{that_year}))?"
    ),
    # "les neuf premiers mois de 2016"
    (
        r"(?P<months>trois|quatre|cinq|six|sept|huit|neuf|dix|onze) premiers mois"
        r"(?: de (?:(?P<months_year>{year})|l'année|l'exercice))?"
    ),
    # "le deuxième trimestre 2025", "le premier semestre de l'exercice 2025"
    (
        r"(?P<quarter>{ordinal}) (?P<unit>trimestre|semestre)"
        r"(?: (?:de (?:l'exercice )?)?(?P<quarter_year>{year})"
        r"| de (?P<quarter_last>l'(?:an|année) (?:dernière?|passée?)|cette année))?"
    ),
    r"T(?P<q>[1-4]) ?(?P<q_year>{year})",
    r"(?P<latest>(?:dernier trimestre|trimestre (?:écoulé|dernier|précédent)))(?! (?:de|{year}))",
    # "il y a près de deux ans", "trois mois plus tôt"
    r"il y a (?P<ago_about>{about})?(?P<ago>{number}) (?P<ago_unit>ans?|années?|mois|semaines?|jours?)",
    (
        r"(?P<shift>{number}) (?P<shift_unit>ans?|mois)"
        r" (?P<way>plus tôt|auparavant|plus tard|après(?! (?:l|son|sa|ses|le|la|les|avoir)))"
    ),
    # "1 645 sur la même période en 2022", "à la même période de l'an dernier"
    (
        r"la même (?P<same>période|époque|date)"
        r"(?: (?:en |de )(?P<same_year>{year})"
        r"| (?P<same_last>(?:de )?l'(?:an|année) (?:derni(?:er|ère)|passée?|précédente?)"
        r"|un an (?:plus tôt|auparavant)))?"
    ),
    r"(?P<that>{that_year}|ce mois-là|à l'époque|alors(?! que| qu'))",
    r"(?:d'ici(?: à)?|dans(?: les)?) (?P<ahead>{number}) (?:prochaine?s )?(?P<ahead_unit>ans?|années?|mois)",
    (
        r"(?P<weekday>{weekday})(?: (?P<weekday_last>dernier|prochain|soir|matin))?"
        r"(?: (?P<wd_day>\d{1,2})(?:er)? (?P<wd_month>{month})(?: (?P<wd_year>{year}))?)?"
    ),
    (
        r"(?P<relative>avant-hier|hier|aujourd'hui|ce (?:jour|soir|matin)|après-demain|demain"
        r"|l'(?:an|année|exercice) (?:derni(?:er|ère)|passée?|précédente?)|l'(?:an|année|exercice) prochaine?"
        r"|cette année(?!-)|l'année en cours|le mois (?:dernier|passé)|le mois prochain|ce mois-ci"
        r"|la semaine (?:dernière|passée)|cette semaine|la semaine prochaine)"
    ),
    # a year, and no sum or count that looks like one: "2000 euros", "2020 salariés"
    (
        r"(?:(?P<part_year>début|mi|fin){of})?(?:courant )?(?P<year>{year})"
        r"(?! ?(?:€|\$|%|euros|dollars|salari|emplois|postes|personnes))"
    ),
)


def find_dates(text: str, start: int, end: int, published: str | None) -> list[Dated]:
    """Every date of `text[start:end]` in order, resolved against the document's date `published` (EDTF).

    >>> [d.edtf for d in find_dates("jeudi, en 2014, il y a environ un an, mi-2024", 0, 45, "2025-06-13")]
    ['2025-06-12', '2014', '2024-06~', '2024-06~']
    >>> find_dates("jeudi", 0, 5, None)
    []
    """
    flat = folded_text(text)
    anchor = _parse_anchor(published)
    found: list[Dated] = []
    for match in _printed(text, flat, start, end):
        if match["weekday"] and _FROM_DAY_TO_DAY.match(text, max(0, match.start() - 3)):
            continue  # "du dimanche au vendredi" is every week
        edtf = _resolve(match, anchor, _told(text, match, found, published))
        if edtf:
            found.append(Dated(match.start(), match.end(), edtf))
    return found


def _printed(text: str, flat: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every date as it is printed, left to right; the patterns are asked where the scan says that one can stand."""
    pattern = _patterns().date
    while place := find_place(_candidates(), flat, start, end):
        match = pattern.match(text, place[0], end)
        if match:
            yield match
        start = match.end() if match else place[0] + 1


_FROM_DAY_TO_DAY = re.compile(
    r"(?:du (?:lun|mar|mercre|jeu|vendre|same|diman)\w+ au|au) (?:lun|mar|mercre|jeu|vendre|same|diman)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _parse_anchor(published: str | None) -> _Anchor | None:
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", published or "")
    if not match:
        return None
    month, day = (int(part) if part else None for part in match.groups()[1:])
    return _Anchor(int(match[1]), month, day)


_LOOK_BACK = 250  # characters back to the date that `deux ans plus tard` counts from


def _told(text: str, match: re.Match[str], found: list[Dated], published: str | None) -> str | None:
    """The date told before, for one that counts from it: `en 2015. Deux ans plus tard`."""
    if not any(match[name] for name in ("shift", "that", "then", "month_told", "same")):
        return None
    if found:
        return found[-1].edtf
    if match["shift"] and match["way"].lower() in ("plus tôt", "auparavant"):
        return None  # without a date in its sentence it counts from the document's
    line = text.rfind("\n", 0, match.start()) + 1
    if "année" in match[0] and not text[line : match.start()].strip():
        # of the paragraph before, where it opens its own
        line = text.rfind("\n", 0, len(text[:line].rstrip())) + 1
    back = 2 * _LOOK_BACK if match["same"] else _LOOK_BACK
    before = find_dates(text, max(line, match.start() - back), match.start(), published)
    return before[-1].edtf if before else None


def _resolve(match: re.Match[str], anchor: _Anchor | None, told: str | None) -> str | None:
    for name, rule in _RULES.items():
        if match[name]:
            return rule(match, anchor, told)
    return None


def _with_part(year: str, part: str | None) -> str:
    """`mi-2024` is about June 2024; the part of a month says no day."""
    if part is None:
        return year
    return f"{year}-06~" if folded(part) == "mi" else f"{year}~"


def _month(match: re.Match[str], anchor: _Anchor | None, told: str | None) -> str | None:
    month = _patterns().months[plain(match["month"])]
    if printed := match["month_year"] or (told and told[:4]):
        year = int(printed)
    elif anchor is None:
        return None
    else:
        since = _SINCE.search(match.string, max(0, match.start() - 12), match.start())
        year = (
            anchor.year - 1
            if since and month > (anchor.month or 12)
            else _year_of_month(month, anchor, last=match["month_last"])
        )
    if not match["day"]:
        return f"{year}-{month:02}"
    if not printed and anchor and anchor.month == month and anchor.day:
        ahead = int(match["day"]) > anchor.day  # "le 20 avril prochain", said on the 1st
        year = anchor.year if match["month_last"] == ("prochain" if ahead else "dernier") else year
    return _day(year, month, int(match["day"]))


# What has gone on since a month goes on: "depuis octobre", said in June
_SINCE = re.compile(r"\bdepuis (?:l[ea] )?$", re.IGNORECASE)


def _months(match: re.Match[str], anchor: _Anchor | None) -> str | None:
    """`de juillet à septembre` as an interval; a first month after the last one is the year before's."""
    first, last = (_patterns().months[plain(match[name])] for name in ("first", "last"))
    if match["last_year"]:
        year = int(match["last_year"])
        if match["first_year"]:
            return f"{match['first_year']}-{first:02}/{year}-{last:02}"
    elif anchor is None:
        return None
    else:
        year = anchor.year - (last > (anchor.month or 12))
    return f"{year - (first > last)}-{first:02}/{year}-{last:02}"


def _first_months(match: re.Match[str], anchor: _Anchor | None) -> str | None:
    """`les neuf premiers mois de 2016` as an interval of months."""
    numeral = parse_numeral(match["months"], 0)
    year = match["months_year"] or (anchor and anchor.year)
    return f"{year}-01/{year}-{int(numeral.value):02}" if numeral and year else None


def _latest_quarter(anchor: _Anchor | None) -> str | None:
    """The quarter that was over when the document came out."""
    if anchor is None or anchor.month is None:
        return None
    number = (anchor.month - 1) // 3
    return f"{anchor.year}-{32 + number}" if number else f"{anchor.year - 1}-36"


def _days(match: re.Match[str], anchor: _Anchor | None) -> str | None:
    """`du 4 au 10 mai` as an interval of days."""
    last_month = _patterns().months[plain(match["m2"])]
    first_month = _patterns().months[plain(match["m1"])] if match["m1"] else last_month
    if not match["d_year"] and anchor is None:
        return None
    year = int(match["d_year"]) if match["d_year"] or anchor is None else _year_of_month(last_month, anchor)
    first = _day(year - (first_month > last_month), first_month, int(match["d1"]))
    last = _day(year, last_month, int(match["d2"]))
    return f"{first}/{last}" if first and last else None


def _year_of_month(month: int, anchor: _Anchor, *, last: str | None = None) -> int:
    """A month without a year is the nearest one: at most four months ahead, else behind."""
    here = anchor.month or 12
    if last == "prochain":
        return anchor.year + (month <= here)
    if last == "dernier":
        return anchor.year - (month >= here)
    return anchor.year - (month > here + 4) + (month < here - 8)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _quarter(match: re.Match[str], anchor: _Anchor | None) -> str | None:
    number = _patterns().ordinals[plain(match["quarter"])]
    half = match["unit"].lower() == "semestre"
    if half and number > 2:
        return None
    season = (39 if half else 32) + number
    if match["quarter_year"]:
        return f"{match['quarter_year']}-{season}"
    if anchor is None:
        return None
    if match["quarter_last"]:
        return f"{anchor.year - (not match['quarter_last'].lower().startswith('cette'))}-{season}"
    # Results are told after their quarter ends: one that has not begun is last year's.
    first_month = (number - 1) * (6 if half else 3) + 1
    return f"{anchor.year - (first_month > (anchor.month or 12))}-{season}"


def _shifted(match: re.Match[str], anchor: _Anchor | None, told: str | None) -> str | None:
    """A date so long before or after the one told: `un an plus tôt` in a sentence on 2019 is 2018."""
    later = match["way"].lower() in ("plus tard", "après")
    if told is None:
        return None if later else _ago(match["shift"], match["shift_unit"], anchor, about=False)
    numeral = parse_numeral(match["shift"], 0)
    if numeral is None:
        return None
    step = int(numeral.value) * (1 if later else -1)
    ends = [_shift(end, step, match["shift_unit"]) for end in told.split("/")]
    if any(end is None for end in ends):
        return None
    edtf = "/".join(end for end in ends if end)
    day = _published_day(anchor)
    if later and day and edtf > day.isoformat():
        return day.isoformat()  # "six ans plus tard" is now
    return edtf


def _same_span(match: re.Match[str], anchor: _Anchor | None, told: str | None) -> str | None:
    """`la même période en 2022` as the quarter, month or months just told, in that year."""
    if match["same_year"]:
        year = int(match["same_year"])
    elif match["same_last"]:
        year = (int(told[:4]) if told else anchor.year if anchor else 0) - 1
    else:
        return told
    if told is None:
        return str(year) if year > 0 else None
    return shifted(told, year - int(told[:4]))


def shifted(edtf: str, years: int) -> str | None:
    """A date or period so many years on, as precise as it is printed but for its day.

    >>> shifted("2024-34", -1), shifted("2023-04/2023-06", -1), shifted("2024-06-13", 1)
    ('2023-34', '2022-04/2022-06', '2025-06')
    """
    ends = [_shift(end, years, "ans") for end in edtf.split("/")]
    return "/".join(end for end in ends if end) if all(ends) else None


def _shift(edtf: str, step: int, unit: str) -> str | None:
    """One date so many years or months on."""
    base = _SHIFTED.fullmatch(edtf)
    if base is None or (unit.lower().startswith("mois") and not base["month"]):
        return None
    if not unit.lower().startswith("mois"):
        return f"{int(base['year']) + step}{base['part'] or ''}"
    months = int(base["year"]) * 12 + int(base["month"]) - 1 + step
    return f"{months // 12}-{months % 12 + 1:02}"


# A year, with its quarter, half or month; the day of a shifted date is no longer known.
_SHIFTED = re.compile(r"(?P<year>\d{4})(?P<part>-(?:3[3-6]|4[01])|-(?P<month>0\d|1[0-2]))?(?:-\d\d)?~?")


def _ago(number: str, unit: str, anchor: _Anchor | None, *, about: bool, step: int = -1) -> str | None:
    numeral = parse_numeral(number, 0)
    if anchor is None or numeral is None:
        return None
    count, unit = -step * int(numeral.value), folded(unit)
    mark = "~" if about else ""
    if unit.startswith("an"):
        return (
            f"{anchor.year - count}-{anchor.month:02}{mark}"
            if anchor.month and about
            else f"{anchor.year - count}{mark}"
        )
    if unit == "mois" and anchor.month:
        months = anchor.year * 12 + anchor.month - 1 - count
        return f"{months // 12}-{months % 12 + 1:02}{mark}"
    days = count * (7 if unit.startswith("semaine") else 1)
    day = _published_day(anchor)
    return (day - timedelta(days)).isoformat() + mark if day else None


def _published_day(anchor: _Anchor | None) -> date | None:
    return date(anchor.year, anchor.month, anchor.day) if anchor and anchor.month and anchor.day else None


def _weekday(match: re.Match[str], anchor: _Anchor | None) -> str | None:
    if match["wd_day"]:
        month = _patterns().months[plain(match["wd_month"])]
        if match["wd_year"]:
            return _day(int(match["wd_year"]), month, int(match["wd_day"]))
        return _day(_year_of_month(month, anchor), month, int(match["wd_day"])) if anchor else None
    day = _published_day(anchor)
    if day is None or anchor is None:
        # The month is known and the day is not: the weekday is told as just past.
        return f"{anchor.year}-{anchor.month:02}" if anchor and anchor.month else None
    back = (day.isoweekday() - _patterns().weekdays[plain(match["weekday"])]) % 7
    which = (match["weekday_last"] or "").lower()
    if which == "prochain":
        return (day + timedelta((7 - back) % 7 or 7)).isoformat()
    if which == "dernier" and back == 0:
        back = 7
    return (day - timedelta(back)).isoformat()


def is_weekday(words: str) -> bool:
    """Whether words name a day of the week alone.

    >>> is_weekday("jeudi soir"), is_weekday("jeudi dernier"), is_weekday("jeudi 5 mai")
    (True, False, False)
    """
    day, _, part = words.partition(" ")
    return plain(day) in _patterns().weekdays and part in ("", "matin", "soir")


# The group that each shape has, and how it is resolved against the date of the document and the one told before it.
_RULES: dict[str, Callable[[re.Match[str], _Anchor | None, str | None], str | None]] = {
    "d1": lambda m, a, _: _days(m, a),
    "first": lambda m, a, _: _months(m, a),
    "from": lambda m, _, __: f"{m['from']}/{m['to']}" if m["from"] < m["to"] else None,
    "decade": lambda m, _, __: f"{m['decade']}/{m['decade'][:3]}9",
    "month": lambda m, a, told: _month(m, a, told if m["then"] or m["month_told"] else None),
    "months": lambda m, a, _: _first_months(m, a),
    "quarter": lambda m, a, _: _quarter(m, a),
    "latest": lambda _, a, __: _latest_quarter(a),
    "q": lambda m, _, __: f"{m['q_year']}-{32 + int(m['q'])}",
    "ago": lambda m, a, _: _ago(m["ago"], m["ago_unit"], a, about=bool(m["ago_about"])),
    "shift": _shifted,
    "same": _same_span,
    "that": lambda _, __, told: told,
    "ahead": lambda m, a, _: _ago(m["ahead"], m["ahead_unit"], a, about=False, step=1),
    "weekday": lambda m, a, _: _weekday(m, a),
    "relative": lambda m, a, _: _relative(plain(m["relative"]), a),
    "year": lambda m, _, __: _with_part(m["year"], m["part_year"]),
}


def _relative(words: str, anchor: _Anchor | None) -> str | None:
    if anchor is None:
        return None
    if re.match(r"l'|cette annee", words):
        step = 1 if "prochain" in words else 0 if "cours" in words or words.startswith("cette") else -1
        return str(anchor.year + step)
    if "mois" in words:
        step = 1 if "prochain" in words else 0 if "ci" in words else -1
        months = anchor.year * 12 + (anchor.month or 0) - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}" if anchor.month else None
    day = _published_day(anchor)
    if "semaine" in words:
        step = 7 if "prochaine" in words else 0 if words.startswith("cette") else -7
        return (day + timedelta(step)).isoformat()[:7] if day else None
    step = {"avant-hier": -2, "hier": -1, "demain": 1, "apres-demain": 2}.get(words, 0)
    return (day + timedelta(step)).isoformat() if day else None
