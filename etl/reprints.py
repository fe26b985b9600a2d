"""Reprints: texts that are nearly the same, as of one dispatch in many newspapers, found without comparing all pairs.

A signature keeps, of each of many orderings of a text's word sequences, the first (Broder's MinHash): two texts agree
at a share of places that estimates how much they share. Bands of it serve as keys, so that only likely pairs meet.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")
_SEQUENCE = 4  # words
_LEAST = 20  # sequences: in a shorter text the same words say little
_PLACES, _BAND = 64, 4
_ALIKE = 0.6  # of the sequences of both texts

_random = np.random.default_rng(20250613)
_FACTORS = _random.integers(0, 2**64, _PLACES, np.uint64) | np.uint64(1)
_SHIFTS = _random.integers(0, 2**64, _PLACES, np.uint64)


def signature(text: str) -> bytes | None:
    """What `group` compares, 256 bytes whatever the length of the text; `None` for one too short to tell.

    >>> len(signature("Meta investit quatorze milliards de dollars dans une jeune pousse. " * 9))
    256
    """
    words = [match[0].lower().encode() for match in _WORD.finditer(text)]
    pieces = [b" ".join(words[n : n + _SEQUENCE]) for n in range(len(words) - _SEQUENCE + 1)]
    if len(pieces) < _LEAST:
        return None
    hashes = np.unique(np.fromiter(map(zlib.crc32, pieces), np.uint64, len(pieces)))
    first = np.full(_PLACES, np.iinfo(np.uint32).max, np.uint32)
    for part in np.array_split(hashes, len(hashes) // 4096 + 1):
        # Products wrap at 64 bits; their upper half depends on all bits of the hash.
        mixed = ((part[:, None] * _FACTORS + _SHIFTS) >> np.uint64(32)).astype(np.uint32)
        first = np.minimum(first, mixed.min(axis=0))
    return first.tobytes()


def group(signatures: Iterable[tuple[str, bytes | None]]) -> Iterator[tuple[str, str]]:
    """Each name with that of the first text that it reprints; those that reprint none are left out.

    The first text of a group speaks for it, so that a chain of small changes does not join what is unlike.

    >>> text = "Meta investit quatorze milliards de dollars dans la jeune pousse Scale AI, dont il prend la moitié"
    >>> text += " selon les dirigeants des deux groupes, qui ont annoncé vendredi leur accord à la presse."
    >>> list(group([("une", signature(text)), ("deux", signature(f"{text} (avec AFP)")), ("trois", None)]))
    [('deux', 'une')]
    """
    leaders: dict[tuple[int, bytes], list[tuple[str, NDArray[np.uint32]]]] = {}
    for name, own in signatures:
        if own is None:
            continue
        places = np.frombuffer(own, np.uint32)
        keys = [(n, own[4 * n : 4 * (n + _BAND)]) for n in range(0, _PLACES, _BAND)]
        leader = _leader(places, (pair for key in keys for pair in leaders.get(key, ())))
        if leader is not None:
            yield name, leader
        else:
            for key in keys:
                leaders.setdefault(key, []).append((name, places))


def _leader(places: NDArray[np.uint32], likely: Iterable[tuple[str, NDArray[np.uint32]]]) -> str | None:
    for name, others in likely:
        if np.count_nonzero(places == others) >= _ALIKE * _PLACES:
            return name
    return None
