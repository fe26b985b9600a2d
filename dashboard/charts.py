"""Pictures of facts and of the figures that state them: pure functions, from frames to what plotly draws.

One mark is one claim of one text: filled where the text affirms, hollow where it does not quite, round where
the number is exact, square where it is not, pointing where it is a bound only, a cross where it is denied. A bar
across the line is the consensus, a band the spread. No meaning hangs on colour alone. Every mark carries
`[figure_id, fact_id]` as its `customdata`.

`draw_deals` and its like give a chart as the plain values that a browser is sent; `deals` and its like make a figure of
plotly's of it, which a notebook shows. It checks every value, and that takes longer than all else.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from html import escape, unescape
from typing import Any, NamedTuple, ParamSpec, TypeAlias

import pandas as pd
import plotly.graph_objects as go

from dashboard import data, labels
from dashboard import format as fr
from dashboard.library import Row
from etl import table

# In the words of plotly's schema: the traces of a chart are its `data`, all else is its `layout`.
Chart: TypeAlias = dict[str, Any]
Trace: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a chart, and those of its lines in the order of use."""

    ink: str
    muted: str
    rule: str
    band: str
    accent: str
    paper: str
    lines: tuple[str, ...]


LIGHT = Theme(
    ink="#1c2733",
    muted="#5f6b78",
    rule="#e6e9ed",
    band="#c3cedb",
    accent="#1f6f8b",
    paper="#ffffff",
    lines=("#1f6f8b", "#b4532a", "#4d7c3a", "#7a4b9a", "#9a6b00", "#b03a64", "#3f5aa8", "#4a6670"),
)
DARK = Theme(
    ink="#e8ecf1",
    muted="#9aa6b3",
    rule="#2d3743",
    band="#47586a",
    accent="#6cc0dc",
    paper="#161d26",
    lines=("#6cc0dc", "#ec9a73", "#9acb83", "#c49be0", "#e0b94f", "#ee8db0", "#94aaf0", "#a9c1ca"),
)

ROW = 38  # pixels from a deal to the next
STEP = 0.22  # rows from a claim to the next that says the same
DEEPEST = 3.0  # rows that one deal may take, however many its claims
DOT = 9
SILENCE = timedelta(days=3 * 365)  # after which a valuation is no longer carried on
GAP = 30  # pixels between the labels at the ends of lines
TOP, BOTTOM = 48, 36
AXIS = 24  # pixels of an axis above its rows
FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": False,
    "showSendToCloud": False,
}  # what plotly shows beside it
NO_FIGURES = table.frame([])
SHAPES = {
    "about": "square",
    "between": "square",
    "over": "triangle-right",
    "at_least": "triangle-right",
    "under": "triangle-left",
    "at_most": "triangle-left",
}
SHAPE_NAMES = {
    "circle": "affirmé",
    "circle-open": "sous réserve",
    "square": "approché",
    "triangle-right": "au moins",
    "triangle-left": "au plus",
    "x-thin": "démenti",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A well-known deal that the others are measured by."""

    name: str
    value: float
    unit: str


def draw_deals(
    facts: pd.DataFrame,
    figures: pd.DataFrame,
    theme: Theme = LIGHT,
    *,
    order: str = "montant",
    log: bool = True,
    reference: Reference | None = None,
) -> Chart:
    """One row a deal, one dot a claim; a panel for each currency, all on one scale.

    `order` is `montant` (largest first), `date` (newest first) or `entite`. With a reference, a dotted line carries its
    sum through the deals in its currency, and each tells its ratio to it.
    """
    told = [fact for fact in data.records(facts) if _is_sum(fact)]
    panels = _panels(_ordered(told, order), figures)
    chart = _rows(panels, theme, log=log, reference=reference)
    for place, panel in enumerate(panels, start=1):
        levels = [panel.level[claim["fact_id"]] for claim in panel.claims]
        y = [level + step for level, step in zip(levels, _swarm(panel.claims), strict=True)]
        x = [claim["value"] for claim in panel.claims]
        dots = _dots(panel.claims, x, y, theme.accent)
        _put(chart, place, [_band(panel, theme), _consensus(panel, theme), *dots])
        if reference and reference.unit == panel.unit:
            chart["layout"]["shapes"].append(_dotted(reference.value, place, theme))
    return _finish(chart)


def _is_sum(row: Row) -> bool:
    return row["value"] is not None and row["value"] > 0


def _ordered(facts: list[Row], order: str) -> list[Row]:
    if order == "entite":
        return sorted(
            facts,
            key=lambda fact: (
                fact["subject"] is None,
                fact["subject"] or "",
                -fact["value"],
                fact["fact_id"],
            ),
        )
    if order == "date":
        return sorted(sorted(facts, key=lambda fact: str(fact["fact_id"])), key=_day, reverse=True)
    return sorted(facts, key=lambda fact: (-fact["value"], fact["fact_id"]))


def _day(fact: Row) -> str:
    """The day that a fact is about; of one that says none, what comes before all days."""
    return (fact["period"] and fr.instant(fact["period"])) or ""


def draw_valuations(
    facts: pd.DataFrame,
    figures: pd.DataFrame,
    theme: Theme = LIGHT,
    *,
    log: bool = True,
    implied: pd.DataFrame | None = None,
) -> Chart:
    """Steps through the consensus values of each entity, and a marker a claim; a panel for each currency.

    A line breaks where nothing was told for `SILENCE`. `implied` are valuations that deals imply (`subject`, `unit`,
    `period`, `value`, `formula`, `figure_id`, `fact_id`): hollow diamonds, on no line.
    """
    told = [fact | {"day": _day(fact)} for fact in data.records(facts)]
    told = [fact for fact in told if _is_sum(fact) and fact["day"] and fact["subject"] is not None]
    told.sort(key=lambda fact: str(fact["day"]))
    panels = _panels(told, figures)
    names = list(dict.fromkeys(fact["subject"] for fact in told))
    colours = {name: theme.lines[nth % len(theme.lines)] for nth, name in enumerate(names)}
    height = 340 if len(panels) > 1 else 460
    whole = max(1, len(panels)) * height + 40 * (len(panels) - 1)
    chart = _empty([1.0] * max(1, len(panels)), 40 / whole, theme, height=whole + TOP + BOTTOM, right=118)
    days = [fact["day"] for fact in told]
    for place, panel in enumerate(panels, start=1):
        histories = _histories(panel.facts)
        for name, history in _grouped(histories, "subject"):
            _put(chart, place, _steps(history, colours[name], days[-1]))
        of = {fact["fact_id"]: {"day": fact["day"], "subject": fact["subject"]} for fact in panel.facts}
        for name, said in _grouped([claim | of[claim["fact_id"]] for claim in panel.claims], "subject"):
            x, y = [claim["day"] for claim in said], [claim["value"] for claim in said]
            _put(chart, place, _dots(said, x, y, colours[name]))
        _put(chart, place, _diamonds(implied, panel.unit, colours))
        span = _range([*_sums(panel.facts), *(claim["value"] for claim in panel.claims)], log=log)
        chart["layout"][_axis("y", place)] |= _money_ticks(*span, panel.unit, log=log)
        chart["layout"]["annotations"] += _end_labels(
            histories, colours, place, height / (span[1] - span[0]), log=log
        )
    for place in range(1, max(1, len(panels)) + 1):
        last = place >= len(panels)
        alike = {} if last else {"matches": f"x{len(panels)}", "showticklabels": False}
        chart["layout"][_axis("x", place)] |= _year_axis(days) | alike
    return _finish(chart)


def _grouped(rows: Iterable[Row], name: str) -> Iterator[tuple[str, list[Row]]]:
    """The rows by their cell in a column, in the order in which its values come first."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    yield from groups.items()


def _diamonds(implied: pd.DataFrame | None, unit: str, colours: Mapping[str, str]) -> Iterator[Trace]:
    """The valuations that deals imply, of the entities that have a colour."""
    rows = [] if implied is None else data.records(implied)
    shown = [row for row in rows if row["unit"] == unit and row["subject"] in colours and _day(row)]
    for name, points in _grouped(shown, "subject"):
        yield {
            "type": "scatter",
            "x": [_day(row) for row in points],
            "y": [row["value"] for row in points],
            "mode": "markers",
            "name": "valorisation impliquée",
            "marker": {
                "symbol": "diamond-open",
                "size": DOT + 2,
                "color": colours[name],
                "line": {"width": 1.6},
            },
            "customdata": [[row["figure_id"], row["fact_id"]] for row in points],
            "hovertext": [
                f"<b>{escape(str(row['subject']))}{fr.NBSP}: {escape(fr.amount(row['value'], unit))}</b>"
                f"<br>valorisation impliquée<br>{escape(row['formula'])}"
                for row in points
            ],
            "hoverinfo": "text",
        }


def draw_comparison(deals: pd.DataFrame, theme: Theme = LIGHT) -> Chart:
    """Deals beside the references: a dot for the sum, a diamond for the whole it implies.

    `deals` are in the columns of `dashboard.data.operations`. A dotted line carries the largest sum of each reference
    through the other deals.
    """
    panels = _panels(data.records(data.compare(deals)), NO_FIGURES)
    chart = _rows(panels, theme)
    for place, panel in enumerate(panels, start=1):
        whole = [deal for deal in panel.facts if deal["implied"] is not None]
        values, implied = [deal["value"] for deal in whole], [deal["implied"] for deal in whole]
        levels = [panel.level[deal["fact_id"]] for deal in whole]
        wholes = _marks(whole, implied, levels, "diamond-open", theme.accent)
        spans = _spans(values, implied, levels, theme)
        _put(chart, place, [spans, wholes | {"name": "valorisation impliquée"}])
        for symbol in ("circle", "circle-open"):
            alike = [deal for deal in panel.facts if (deal["status"] == "actual") == (symbol == "circle")]
            x, y = [deal["value"] for deal in alike], [panel.level[deal["fact_id"]] for deal in alike]
            sums = _marks(alike, x, y, symbol, theme.accent) | {"name": f"montant {SHAPE_NAMES[symbol]}"}
            _put(chart, place, [sums] if alike else [])
        pinned = _grouped([deal for deal in panel.facts if deal["pinned"]], "subject")
        chart["layout"]["shapes"] += [_dotted(those[0]["value"], place, theme) for _, those in pinned]
    return _finish(chart)


P = ParamSpec("P")


def _figure_of(draw: Callable[P, Chart]) -> Callable[P, go.Figure]:
    """What makes plotly's figure of the chart that `draw` gives, from the same arguments."""

    @wraps(draw)
    def figure(*args: P.args, **kwargs: P.kwargs) -> go.Figure:
        return go.Figure(draw(*args, **kwargs))

    return figure


deals = _figure_of(draw_deals)
valuations = _figure_of(draw_valuations)
comparison = _figure_of(draw_comparison)


class Mark(NamedTuple):
    """A mark of a chart, in words: what a reader who does not see it is told."""

    figure_id: str
    words: str


def marks(chart: Chart) -> list[Mark]:
    """The marks of a chart in the order of its rows, each figure once, by its own claim where it has one."""
    found: dict[str, tuple[float, str]] = {}
    claims_first = sorted(chart["data"], key=lambda trace: trace.get("name") == "consensus")
    for trace in claims_first:
        for nth, (figure_id, _) in enumerate(trace.get("customdata", ())):
            if figure_id not in found:
                words = unescape(_TAG.sub("", trace["hovertext"][nth].replace("<br>", ", ")))
                day = trace["x"][nth]
                row = _moment(day).toordinal() if isinstance(day, str) else trace["y"][nth]
                found[figure_id] = (row, words)
    return [Mark(name, words) for name, (_, words) in sorted(found.items(), key=lambda item: item[1][0])]


_TAG = re.compile(r"<[^>]*>")


def select(chart: Chart, figure_id: str | None, theme: Theme = LIGHT) -> Chart:
    """The chart with a ring around each mark of the figure, or as it is where it has none."""
    rings = []
    for trace in chart["data"]:
        at = [nth for nth, ids in enumerate(trace.get("customdata", ())) if ids[0] == figure_id]
        if at:
            ring = {
                "type": "scatter",
                "x": [trace["x"][nth] for nth in at],
                "y": [trace["y"][nth] for nth in at],
                "xaxis": trace["xaxis"],
                "yaxis": trace["yaxis"],
                "mode": "markers",
                "marker": {
                    "symbol": "circle-open",
                    "size": 2 * DOT,
                    "color": theme.ink,
                    "line": {"width": 2},
                },
                "hoverinfo": "skip",
                "showlegend": False,
            }
            rings.append(ring)
    return {**chart, "data": [*chart["data"], *rings]} if rings else chart


@dataclass(frozen=True, slots=True)
class Panel:
    """The facts of one currency with their claims; where each fact stands, how deep its row is, in rows."""

    facts: list[Row]
    claims: list[Row]
    unit: str
    level: dict[str, float]
    depths: dict[str, float]

    @property
    def depth(self) -> float:
        """The height of all rows."""
        return sum(self.depths.values())


def _panels(facts: list[Row], figures: pd.DataFrame) -> list[Panel]:
    """A panel for each currency, the commonest first; what is no money is left out."""
    named = [name for fact in facts for name in fact["figures"]]
    said = {row["figure_id"]: row for row in data.records(figures[figures["figure_id"].isin(named)])}
    units = Counter(fact["unit"] for fact in facts if fr.is_currency(fact["unit"]))
    return [
        _panel([fact for fact in facts if fact["unit"] == unit], said, unit)
        for unit, _ in units.most_common()
    ]


def _panel(facts: list[Row], said: Mapping[str, Row], unit: str) -> Panel:
    claims = [
        said[name] | {"fact_id": fact["fact_id"]}
        for fact in facts
        for name in fact["figures"]
        if name in said and _is_sum(said[name])
    ]
    largest: dict[str, int] = {}
    for (fact_id, _), size in Counter(map(_stack, claims)).items():
        largest[fact_id] = max(size, largest.get(fact_id, 1))
    depths, level, above = {}, {}, 0.0
    for fact in facts:
        name = fact["fact_id"]
        depths[name] = min(max(largest.get(name, 1) * STEP, 1.0), DEEPEST)
        above += depths[name]
        level[name] = above - depths[name] / 2
    return Panel(facts, claims, unit, level, depths)


def _stack(claim: Row) -> tuple[str, float]:
    """What claims share whose dots would cover each other: the fact, and the place on the axis."""
    return claim["fact_id"], math.log10(claim["value"]) // 0.03


def _swarm(claims: list[Row]) -> list[float]:
    """How far each claim steps out of the middle of its row, so that equal claims stand in a stack."""
    stacks = [_stack(claim) for claim in claims]
    sizes, before = Counter(stacks), Counter[tuple[str, float]]()
    steps = []
    for stack in stacks:
        nth = before[stack]
        before[stack] += 1
        steps.append((nth + 1) // 2 * (-1) ** nth * min(DEEPEST / sizes[stack], STEP))
    return steps


def _rows(
    panels: list[Panel], theme: Theme, *, log: bool = True, reference: Reference | None = None
) -> Chart:
    """An empty chart of one row a fact, named at the left, its consensus at the right."""
    depths = [panel.depth for panel in panels] or [1.0]
    rows = ROW * sum(depths) + 60 * (len(depths) - 1)
    chart = _empty(depths, 60 / rows, theme, height=rows + TOP + BOTTOM, right=128 if reference else 78)
    layout = chart["layout"]
    span = _range([value for panel in panels for value in _sums(panel.facts)], log=log)
    for place, panel in enumerate(panels, start=1):
        layout[_axis("y", place)] |= {
            "range": [panel.depth, 0],
            "tickvals": list(panel.level.values()),
            "ticktext": [_name(fact, theme) for fact in panel.facts],
        }
        # Above the rows, where a reader begins: a chart of forty is taller than a window.
        layout[_axis("x", place)] |= _money_ticks(*span, panel.unit, log=log) | {"side": "top"}
        layout["annotations"] += [
            {
                "text": f"<b>{escape(fr.amount(fact['value'], panel.unit))}</b>{_times(fact, panel, reference)}",
                "x": 1,
                "y": panel.level[fact["fact_id"]],
                "xshift": 10,
                "font": {"color": theme.ink, "size": 13},
                **_beside(place),
            }
            for fact in panel.facts
        ]
    # What the axis takes above the rows it leaves free below them.
    layout["margin"] |= {"t": TOP + AXIS, "b": BOTTOM - AXIS}
    return chart


def _times(fact: Row, panel: Panel, reference: Reference | None) -> str:
    """How many times the reference a deal is, where both are in one currency."""
    if reference is None or reference.unit != panel.unit:
        return ""
    return f"{fr.NBSP} {fr.ratio(fact['value'] / reference.value)}"


def _name(fact: Row, theme: Theme) -> str:
    subject = _short(fact["subject"] or "Entité non nommée")
    small = [
        _short(fact["actor"]) if fact["actor"] else "",
        fr.date(fact["period"]) if fact["period"] else "",
    ]
    under = escape(", ".join(word for word in small if word))
    return (
        f"<b style='color:{theme.ink}'>{escape(subject)}</b>"
        f"<br><span style='font-size:11px;color:{theme.muted}'>{under}</span>"
    )


def _short(name: str, letters: int = 22) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"


def _band(panel: Panel, theme: Theme) -> Trace:
    wide = [
        fact
        for fact in panel.facts
        if None not in (fact["low"], fact["high"]) and 0 < fact["low"] < fact["high"]
    ]
    low, high = [fact["low"] for fact in wide], [fact["high"] for fact in wide]
    spans = _spans(low, high, [panel.level[fact["fact_id"]] for fact in wide], theme)
    return spans | {"name": "étendue", "showlegend": len(wide) > 0}


def _spans(low: list[float], high: list[float], level: list[float], theme: Theme) -> Trace:
    return {
        "type": "scatter",
        "x": [end for pair in zip(low, high, strict=True) for end in (*pair, None)],
        "y": [row for row in level for _ in range(3)],
        "mode": "lines",
        "line": {"color": theme.band, "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _consensus(panel: Panel, theme: Theme) -> Trace:
    level = [panel.level[fact["fact_id"]] for fact in panel.facts]
    bars = {
        "symbol": "line-ns",
        "size": [round((panel.depths[fact["fact_id"]] * ROW - 8) / 1.4) for fact in panel.facts],
        "color": theme.ink,
        "opacity": 1,
        "line": {"width": 3, "color": theme.ink},
    }
    trace = _marks(panel.facts, [fact["value"] for fact in panel.facts], level, "line-ns", theme.ink)
    return trace | {"name": "consensus", "marker": bars}


def _marks(facts: list[Row], x: list[float], y: list[float], symbol: str, colour: str) -> Trace:
    """One mark a fact."""
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers",
        "marker": {"symbol": symbol, "size": DOT + 2, "color": colour, "line": {"width": 2, "color": colour}},
        "customdata": [[data.spokesman(fact), fact["fact_id"]] for fact in facts],
        "hovertext": [_fact_hover(fact, value) for value, fact in zip(x, facts, strict=True)],
        "hoverinfo": "text",
    }


def _dots(claims: list[Row], x: Sequence[Any], y: Sequence[float], colour: str) -> Iterator[Trace]:
    """One mark a claim, in one trace for each symbol."""
    places: dict[str, list[int]] = {}
    for nth, claim in enumerate(claims):
        places.setdefault(_symbol(claim), []).append(nth)
    for symbol, at in sorted(places.items()):
        yield {
            "type": "scatter",
            "x": [x[nth] for nth in at],
            "y": [y[nth] for nth in at],
            "mode": "markers",
            "name": SHAPE_NAMES.get(symbol) or SHAPE_NAMES[symbol.removesuffix("-open")],
            "marker": {
                "symbol": symbol,
                "size": DOT,
                "color": colour,
                "line": {"width": 1.6, "color": colour},
            },
            "customdata": [[claims[nth]["figure_id"], claims[nth]["fact_id"]] for nth in at],
            "hovertext": [_claim_hover(claims[nth]) for nth in at],
            "hoverinfo": "text",
            "cliponaxis": False,
        }


def _symbol(figure: Row) -> str:
    """The shape that shows how the text commits itself, without colour."""
    if figure["status"] == "denied":
        return "x-thin"
    shape = SHAPES.get(figure["qualifier"], "circle")
    return shape if figure["status"] == "actual" else f"{shape}-open"


def _claim_hover(figure: Row) -> str:
    said = f"<b>{escape(fr.reading(figure))}</b> · {labels.STATUSES[figure['status']]}"
    quote = f"«{fr.THIN}{escape(figure['quote'])}{fr.THIN}»"
    where = [figure["publisher"] or "", fr.date(figure["published"]) if figure["published"] else ""]
    lines = [_parties(figure), said, quote, escape(", ".join(word for word in where if word))]
    return "<br>".join(line for line in lines if line)


def _fact_hover(fact: Row, value: float) -> str:
    texts = fr.counted(fact["n_documents"], "document")
    spread = fr.interval(fact["low"], fact["high"], fact["unit"])
    return "<br>".join(
        [_parties(fact), f"<b>{escape(fr.amount(value, fact['unit']))}</b>", escape(spread), texts]
    )


def _parties(cells: Row) -> str:
    """Who pays whom, or whose it is: `Meta → Scale AI`."""
    return escape(" → ".join(name for name in (cells["actor"], cells["subject"]) if name))


def _histories(facts: list[Row]) -> list[Row]:
    """What each entity was worth, one value a day: of those affirmed or reported, the one most documents tell."""
    told = [fact for fact in facts if fact["status"] in ("actual", "reported")]
    told.sort(key=lambda fact: (fact["n_documents"], fact["value"]))
    kept = {(fact["subject"], fact["day"]): fact for fact in told}
    return sorted(kept.values(), key=lambda fact: str(fact["day"]))


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(day)


def _steps(history: list[Row], colour: str, until: str) -> Iterator[Trace]:
    """The steps of an entity, broken by silence, and a dotted line from its last known value to the chart's end."""
    line = {"color": colour, "width": 2, "shape": "hv"}
    x: list[str | None] = []
    y: list[float | None] = []
    for fact in history:
        if x and x[-1] and _moment(fact["day"]) - _moment(x[-1]) > SILENCE:
            x, y = [*x, None], [*y, None]
        x, y = [*x, fact["day"]], [*y, fact["value"]]
    quiet = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    yield {"x": x, "y": y, "line": line, **quiet}
    yield {"x": [x[-1], until], "y": [y[-1]] * 2, "line": {**line, "width": 1, "dash": "dot"}, **quiet}


def _end_labels(
    histories: list[Row], colours: Mapping[str, str], place: int, decade: float, *, log: bool
) -> Iterator[dict[str, Any]]:
    """The name and last value of each entity at the right, moved apart where they would touch."""
    last = sorted(
        {fact["subject"]: fact for fact in histories}.values(), key=lambda fact: float(fact["value"])
    )
    heights = [math.log10(fact["value"]) if log else fact["value"] for fact in last]
    at = [height * decade for height in heights]
    for fact, height, here, there in zip(last, heights, at, _apart(at), strict=True):
        name, value = _short(fact["subject"], 16), fr.amount(fact["value"], fact["unit"])
        yield {
            "text": f"<b>{escape(name)}</b><br>{escape(value)}",
            "align": "left",
            "x": 1,
            "y": height,
            "yshift": there - here,
            "xshift": 6,
            "font": {"color": colours[fact["subject"]], "size": 12},
            **_beside(place),
        }


def _apart(places: Sequence[float]) -> list[float]:
    """The rising places, at least `GAP` from each other and on the whole where they were.

    >>> _apart([0, 0, 100]) == [-GAP / 2, GAP / 2, 100]
    True
    """
    blocks: list[tuple[float, int]] = []  # where a block of touching labels starts, and how many they are
    for place in places:
        start, count = float(place), 1
        while blocks and blocks[-1][0] + blocks[-1][1] * GAP > start:
            below, others = blocks.pop()
            start = (below * others + (start - others * GAP) * count) / (others + count)
            count += others
        blocks.append((start, count))
    return [start + nth * GAP for start, count in blocks for nth in range(count)]


def _beside(place: int) -> dict[str, Any]:
    """Where an annotation right of a panel is anchored."""
    return {
        "xref": f"{_of('x', place)} domain",
        "yref": _of("y", place),
        "xanchor": "left",
        "showarrow": False,
    }


def _of(axis: str, place: int) -> str:
    """What traces call the axis of a panel: the first has no number."""
    return f"{axis}{place}" if place > 1 else axis


def _axis(axis: str, place: int) -> str:
    """What the layout calls it."""
    return f"{axis}axis{place}" if place > 1 else f"{axis}axis"


def _dotted(value: float, place: int, theme: Theme) -> dict[str, Any]:
    """A dotted line through a panel."""
    return {
        "type": "line",
        "xref": _of("x", place),
        "x0": value,
        "x1": value,
        "yref": f"{_of('y', place)} domain",
        "y0": 0,
        "y1": 1,
        "line": {"color": theme.muted, "width": 1, "dash": "dot"},
    }


def _sums(facts: Iterable[Row]) -> Iterator[float]:
    """All values that facts say."""
    for fact in facts:
        for name in ("value", "low", "high", "implied"):
            if (value := fact.get(name)) is not None:
                yield value


def _range(values: Iterable[float], *, log: bool) -> tuple[float, float]:
    """The ends between which all values lie, with some air: powers of ten, or values from zero."""
    values = [value for value in values if value > 0]
    if not log:
        return 0.0, 1.06 * max(values, default=1e9)
    low, high = (math.log10(min(values)), math.log10(max(values))) if values else (6.0, 9.0)
    air = max(0.08 * (high - low), 0.12)
    return low - air, high + air


def _money_ticks(low: float, high: float, unit: str, *, log: bool) -> dict[str, Any]:
    """An axis that names at most three round sums, which a telephone has room for."""
    if not log:
        step = _round_step(high)
        sums = [step * nth for nth in range(math.floor(high / step) + 1)]
        names = [fr.amount(value, unit) for value in sums]
        return {"type": "linear", "range": [low, high], "tickvals": sums, "ticktext": names}
    for steps in ((1, 2, 5), (1, 3), (1,)):
        sums = [step * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for step in steps]
        sums = [value for value in sums if low <= math.log10(value) <= high]
        if len(sums) <= 3:
            break
    every = max(1, math.ceil(len(sums) / 3))
    names = [fr.amount(value, unit) if nth % every == 0 else "" for nth, value in enumerate(sums)]
    return {"type": "log", "range": [low, high], "tickvals": sums, "ticktext": names}


def _round_step(high: float) -> float:
    """A round step that a range from zero has two or three times.

    >>> _round_step(97e9), _round_step(4.2e9)
    (50000000000.0, 2000000000.0)
    """
    power = 10.0 ** math.floor(math.log10(high))
    return next(step * power for step in (0.5, 1, 2, 5) if high / (step * power) <= 3)


def _year_axis(days: Sequence[str]) -> dict[str, Any]:
    """An axis of at most seven years that ends with the last day."""
    if not days:
        return {"type": "date"}
    first, last = _moment(min(days)), _moment(max(days))
    air = max((last - first) * 0.03, timedelta(days=30))
    step = max(1, math.ceil((last.year - first.year) / 5))
    ends = [(first - air).isoformat(), (last + air / 3).isoformat()]
    return {"type": "date", "range": ends, "tickformat": "%Y", "dtick": f"M{12 * step}"}


_UNSTYLED = {"data": {"scatter": [{"type": "scatter"}]}}  # the template that plotly calls none


def _empty(depths: Sequence[float], gap: float, theme: Theme, *, height: float, right: int) -> Chart:
    """A chart of panels of these depths, one above the other; what is between two is a share of the whole."""
    gap = gap if len(depths) > 1 else 0.0
    room = (1 - gap * (len(depths) - 1)) / sum(depths)
    layout: dict[str, Any] = {
        "height": height,
        "template": _UNSTYLED,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": f",{fr.THIN}",
        "font": {"family": FONT, "color": theme.muted, "size": 12},
        "margin": {"l": 8, "r": right, "t": TOP, "b": BOTTOM},
        "legend": {
            "orientation": "h",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "xref": "container",
            "x": 0,
            "xanchor": "left",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "hoverlabel": {
            "bgcolor": theme.paper,
            "bordercolor": theme.rule,
            "align": "left",
            "font": {"color": theme.ink, "size": 13},
        },
        "hovermode": "closest",
        "clickmode": "event",
        "dragmode": False,
        "annotations": [],
        "shapes": [],
    }
    axis = {"gridcolor": theme.rule, "zeroline": False, "fixedrange": True}
    top = 1.0
    for place, depth in enumerate(depths, start=1):
        foot = max(0.0, top - depth * room)
        layout[_axis("x", place)] = {**axis, "anchor": _of("y", place), "domain": [0.0, 1.0], "tickangle": 0}
        layout[_axis("y", place)] = {
            **axis,
            "anchor": _of("x", place),
            "domain": [foot, top],
            "automargin": True,
        }
        top = foot - gap
    return {"data": [], "layout": layout}


def _put(chart: Chart, place: int, traces: Iterable[Trace]) -> None:
    """Adds traces to the panel at a place, counted from one."""
    chart["data"] += [trace | {"xaxis": _of("x", place), "yaxis": _of("y", place)} for trace in traces]


def _finish(chart: Chart) -> Chart:
    """The chart with each name once in its legend."""
    seen: set[str] = set()
    for trace in chart["data"]:
        name = trace.get("name")
        trace["showlegend"] = trace.get("showlegend") is not False and bool(name) and name not in seen
        if name:
            seen.add(name)
    return chart
