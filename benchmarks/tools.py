"""One tool in a process of its own: `python tools.py NAME` reads the documents that it is told to, as often as asked.

The other tools live in another environment than the program, so each is told what to do on standard input and answers
on standard output, a JSON object a line: `{"read": FILE}` gives `seconds` and how many `figures` the documents of the
file have; `{"list": FILE}` gives those figures, as the scorer wants them. `recognizers.js` does the same.

A tool is set up as its documentation says, for money and percents alone where it lets one choose.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

Documents = list[dict[str, Any]]


class Tool(NamedTuple):
    """What is timed, and what makes figures of its results: (document, start, end, kind, value, unit)."""

    read: Callable[[Documents], Any]
    figures: Callable[[Documents, Any], Iterator[tuple[str, int, int, str, float | None, str | None]]]


def each(read: Callable[[str], Any], figures: Callable[[Any], Iterator[tuple[Any, ...]]]) -> Tool:
    """A tool that reads one text at a time."""
    return Tool(
        lambda documents: [read(document["text"]) for document in documents],
        lambda documents, results: (
            (document["id"], *figure)
            for document, result in zip(documents, results, strict=True)
            for figure in figures(result)
        ),
    )


# Ours


def chiffrier(*, meaning: bool = True) -> Tool:
    import etl
    from etl.documents import Document

    def read(documents: Documents) -> Any:
        made = ({key: cell for key, cell in document.items() if key != "id"} for document in documents)
        return etl.extract((Document(**document) for document in made), meaning=meaning)

    columns = ["document_id", "start", "end", "kind", "value", "unit"]
    return Tool(read, lambda _, table: table[columns].itertuples(index=False, name=None))


def finding() -> Tool:
    return chiffrier(meaning=False)


# What one would write at first: a number, a scale, a currency or a percent sign. It finds, and reads nothing.
PLAIN = re.compile(
    r"[€$£]\s?\d[\d.,\s]*\d?(?:\s?(?:milliers?|millions?|milliards?|Md|M|k)\b)?"
    r"|\b\d[\d.,\s]*(?:(?:milliers?|millions?|milliards?|Mds?|M|k)\s?(?:de |d['’])?)?"
    r"(?:[€$£%]|euros?\b|dollars?\b|livres?\b|francs?\b|yens?\b|pour cent\b)"
)


def plain() -> Tool:
    return each(
        lambda text: list(PLAIN.finditer(text)), lambda found: ((*m.span(), "", None, None) for m in found)
    )


# Others

SCALES = {
    1: [""],
    10**3: ["mille", "millier", "milliers", "k"],
    10**6: ["million", "millions", "M"],
    10**9: ["milliard", "milliards", "Md", "Mds"],
}
CURRENCIES = {
    "EUR": ["euro", "euros", "€", "EUR"],
    "USD": ["dollar", "dollars", "dollars américains", "$", "$US", "USD"],
    "GBP": ["livre", "livres", "livre sterling", "livres sterling", "£", "GBP"],
    "CHF": ["franc suisse", "francs suisses", "CHF"],
    "CAD": ["dollar canadien", "dollars canadiens", "CAD"],
    "JPY": ["yen", "yens", "¥", "JPY"],
    "CNY": ["yuan", "yuans", "CNY"],
    "RUB": ["rouble", "roubles", "RUB"],
}


def edsnlp() -> Tool:
    """EDS-NLP reads quantities, and no money: each scale of each currency is given to it as a unit of its own."""
    import edsnlp

    units = {"percent": {"dim": "percent", "degree": 1, "scale": 1, "terms": ["%", "pour cent"]}}
    for (code, names), (scale, words) in product(CURRENCIES.items(), SCALES.items()):
        joints = [" ", "", " de ", " d'", " d’"] if scale > 1 else [""]
        terms = ["".join(term) for term in product(words, joints, names)]
        units[f"{code} {scale}"] = {"dim": code, "degree": 1, "scale": scale, "terms": terms}
    for unit in units.values():
        unit["followed_by"] = None
    nlp = edsnlp.blank("eds")
    nlp.add_pipe("eds.sentences")
    # Its usual attribute, NORM, makes one currency sign of all.
    wanted = {name: {"unit": name} for name in ["percent", *(f"{code} 1" for code in CURRENCIES)]}
    config = {"quantities": wanted, "units_config": units, "extract_ranges": True, "attr": "LOWER"}
    nlp.add_pipe("eds.quantities", config=config)

    def read(text: str) -> Any:
        spans = nlp(text).spans["quantities"]
        return [(span.start_char, span.end_char, span._.value) for span in spans]

    def figures(found: Any) -> Iterator[tuple[Any, ...]]:
        for start, end, quantity in found:
            code, _, scale = quantity.unit.partition(" ")
            ends = [part.value for part in quantity]  # two where it is a range
            value = sum(ends) / len(ends) * int(scale or 1)
            yield start, end, "percent" if code == "percent" else "money", value, code

    return each(read, figures)


def recognizers() -> Tool:
    from recognizers_number import NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer
    from recognizers_text import Culture

    money = NumberWithUnitRecognizer(Culture.French).get_currency_model()
    percent = NumberRecognizer(Culture.French).get_percentage_model()

    def figures(found: Any) -> Iterator[tuple[Any, ...]]:
        for r in found:
            yield r.start, r.end + 1, *recognized(r.type_name, r.resolution or {})

    return each(lambda text: money.parse(text) + percent.parse(text), figures)


RECOGNIZED = {
    "Euro": "EUR",
    "Dollar": "USD",
    "Dollar États-Unis": "USD",
    "Livre": "GBP",
    "Franc Suisse": "CHF",
    "Dollar Canadien": "CAD",
    "Yen Japonais": "JPY",
    "Yuan Chinois": "CNY",
    "Rouble": "RUB",
    "Rouble russe": "RUB",
}


def recognized(name: str, resolution: dict[str, Any]) -> tuple[str, float | None, str | None]:
    """Kind, value and unit of what Recognizers-Text gives, in Python as in JavaScript."""
    value = (resolution.get("value") or "").rstrip("%").replace(",", ".")
    number = float(value) if re.fullmatch(r"-?\d+(?:\.\d+)?(?:E[+-]?\d+)?", value) else None
    if name == "percentage":
        return "percent", number, "percent"
    return "money", number, RECOGNIZED.get(resolution.get("unit", ""))


def quantulum3() -> Tool:
    """It has no French: it reads digits, signs, and what English has in common."""
    from quantulum3 import parser

    def figures(found: Any) -> Iterator[tuple[Any, ...]]:
        for q in found:
            if q.unit.entity.name == "currency":
                yield *q.span, "money", q.value, q.unit.currency_code
            elif q.unit.name == "percentage":
                yield *q.span, "percent", q.value, "percent"

    return each(parser.parse, figures)


def duckling() -> Tool:
    """Its French has sums of money, and no percents."""
    import duckling as haskell

    zones = haskell.load_time_zones("/usr/share/zoneinfo")
    french = haskell.parse_locale("FR_XX", haskell.default_locale_lang(haskell.parse_lang("FR")))
    context = haskell.Context(haskell.parse_ref_time(zones, "Europe/Paris", 0), french)
    money = haskell.parse_dimensions(["amount-of-money"])
    signs = {"$": "USD", "£": "GBP", "¥": "JPY"}

    def figures(found: Any) -> Iterator[tuple[Any, ...]]:
        for entity in found:
            value = entity["value"]
            if value["type"] == "interval":
                ends = [value[end] for end in ("from", "to") if end in value]
                value = {"value": sum(end["value"] for end in ends) / len(ends), "unit": ends[0]["unit"]}
            unit = (
                value["unit"].encode("latin-1", "replace").decode(errors="replace")
            )  # its bytes, read one by one
            yield entity["start"], entity["end"], "money", value["value"], signs.get(unit, unit)

    return each(lambda text: haskell.parse(text, context, money), figures)


TOOLS = {f.__name__: f for f in (chiffrier, finding, plain, edsnlp, recognizers, quantulum3, duckling)}

SENTENCE = "Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %."


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a tool prints is no answer
    tool = TOOLS[sys.argv[1]]()
    first = [{"id": "0" * 16, "document_id": "0" * 16, "source": "text", "text": SENTENCE}]
    list(tool.figures(first, tool.read(first)))
    files: dict[str, Documents] = {}
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        [(what, file)] = json.loads(line).items()
        if file not in files:
            lines = Path(file).read_text(encoding="utf-8").split("\n")
            files[file] = [json.loads(line) for line in lines if line]
        begin = time.perf_counter()
        result = tool.read(files[file])
        seconds = time.perf_counter() - begin
        found = list(tool.figures(files[file], result))
        keys = ("id", "start", "end", "kind", "value", "unit")
        answer = {
            "seconds": seconds,
            "figures": [dict(zip(keys, row, strict=True)) for row in found] if what == "list" else len(found),
        }
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
