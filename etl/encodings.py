"""Bytes to text: the encodings that French texts are found in, declared rightly, wrongly or not at all.

UTF-8 proves itself, since no other encoding gives valid UTF-8 by chance. Of what is left, a declaration is only one
witness: Windows-1252 (which holds Latin-1) and Mac Roman are told apart by the letters that each would make.
"""

from __future__ import annotations

import codecs
from itertools import pairwise

from etl.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What French prose is written with beyond ASCII, and nothing else.
_FRENCH = frozenset("éèêëàâîïôûùüçœæÿÉÈÊËÀÂÎÏÔÛÙÜÇŒÆ«»‹›’‘“”…–—€£°²³ºª\u00a0·•©®±×½¼¾µñáíóúöäß§™¥")
# Windows, Unix with the euro, Macintosh, DOS: the first is by far the likeliest.
_ONE_BYTE = ("cp1252", "iso8859_15", "mac_roman", "cp850")
_SAMPLE = 200_000  # bytes; enough letters to judge by


def decode(data: bytes, place: str, declared: str | None = None) -> tuple[str, str]:
    r"""The text and the name of its encoding; each line end becomes a line feed, a byte order mark is dropped.

    `declared` is what a header or the document itself says; it is believed where the bytes do not contradict it.
    Raises `DocumentError` for bytes that are no text.

    >>> decode("Société".encode("cp1252"), "une.txt"), decode("Société".encode("mac_roman"), "une.txt")
    (('Société', 'cp1252'), ('Société', 'mac_roman'))
    """
    text, encoding = _decode(data, declared)
    if text is None or "\0" in text or _is_binary(text[:4096]):
        raise DocumentError(f"{place}: not text, but binary data; name it by its type")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(data: bytes, declared: str | None) -> tuple[str | None, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _try(data, "utf-8-sig" if encoding == "utf-8" else encoding)
            if text is not None:
                return text, encoding
    text = _try(data, "utf-8")
    if text is not None and "\0" not in text:
        return text, "utf-8"
    if wide := _wide(data):
        return _try(data, wide), wide
    if b"\0" in data:
        return None, ""
    return _narrow(data, _known(declared))


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _known(declared: str | None) -> str | None:
    """The codec that a declaration names, if it is one of text; Latin-1 on the web means Windows-1252."""
    try:
        info = codecs.lookup((declared or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding:  # noqa: SLF001, the only place that says so
        return None
    return "cp1252" if info.name in ("iso8859-1", "ascii") else info.name


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Latin text is a zero."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _narrow(data: bytes, declared: str | None) -> tuple[str | None, str]:
    """The one-byte encoding that makes the most French of the bytes; a draw goes to the declaration."""
    tried = dict.fromkeys(name for name in (declared, *_ONE_BYTE) if name and name != "utf-8")
    best: tuple[float, str] | None = None
    for encoding in tried:
        sample = data[:_SAMPLE].decode(encoding, "replace")
        score = _frenchness(sample)
        if best is None or score > best[0]:
            best = score, encoding
    assert best is not None
    text = _try(data, best[1])
    # Windows-1252 has five holes; what stands in one is shown as a character that is missing.
    return (data.decode("cp1252", "replace"), "cp1252") if text is None else (text, best[1])


def _frenchness(text: str) -> float:
    score = 0.0
    for before, char in pairwise(f" {text}"):
        if char < "\x80":
            continue
        if char not in _FRENCH:
            score -= 1
        elif char.isupper() and before.islower():
            score -= 1  # "sociÈtÈ"
        else:
            score += 1 if char.isalpha() else 0.5
    return score


def _is_binary(head: str) -> bool:
    odd = sum(char < " " and char not in "\t\n\r\f\x0b\x1a\x1b" for char in head)
    return odd > max(2, len(head) // 50)
