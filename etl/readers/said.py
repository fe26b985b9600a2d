"""What documents say of themselves in words: dates as mail, web pages and press databases write them."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date

_FRENCH = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre")
_MONTHS = {name: number for number, name in enumerate((*_FRENCH, "novembre", "décembre"), 1)}
_MONTHS |= {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items() if name.isascii() and name[:3] != "jui"}
_MONTHS |= {"fevrier": 2, "févr": 2, "fév": 2, "avr": 4, "juil": 7, "aout": 8, "decembre": 12, "déc": 12}

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})(?:er)?[ \u00a0]+([^\W\d_]{3,9})\.?,?[ \u00a0]+(\d{4})(?!\d)")
_MONTH_FIRST = re.compile(
    r"(?<!\w)([^\W\d_]{3,9})\.?[ \u00a0]+(\d{1,2})(?:st|nd|rd|th)?,[ \u00a0]+(\d{4})(?!\d)"
)
_MONTH_ONLY = re.compile(r"(?<!\w)([^\W\d_]{3,9})[ \u00a0]+(\d{4})(?!\d)")


def find_date(text: str) -> str | None:
    """The first date of a line of metadata as EDTF; numbers are read as the French write them, day first.

    >>> find_date("Le Monde, vendredi 13 juin 2025, p. 12"), find_date("Fri, 13 Jun 2025 18:02:00 +0200")
    ('2025-06-13', '2025-06-13')
    >>> find_date("06/01/2025"), find_date("June 13, 2025"), find_date("Juin 2025"), find_date("hier")
    ('2025-01-06', '2025-06-13', '2025-06', None)
    """
    text = text[:500]
    if match := _ISO.search(text):
        return _date(match[1], match[2], match[3])
    if match := _DAY_FIRST.search(text):
        return _date(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.search(text):
        return _date(match[3], _month(match[1]), match[2])
    if match := _SLASHES.search(text):
        return _date(match[3], match[2], match[1])
    if (match := _MONTH_ONLY.search(text)) and (month := _month(match[1])):
        return f"{match[2]}-{month:02}"
    return None


def _month(name: str) -> int:
    return _MONTHS.get(name.lower(), 0)


def _date(year: str, month: str | int, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
