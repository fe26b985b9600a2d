"""Pictures of facts and of the figures that state them: pure functions, from frames to plotly figures.

One mark is one claim of one text: filled where the text affirms, hollow where it does not quite, round where
the number is exact, square where it is not, pointing where it is a bound only, a cross where it is denied. A bar
across the line is the consensus, a band the spread. No meaning hangs on colour alone. Every mark carries
`[figure_id, fact_id]` as its `customdata`.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import data, labels
from dashboard import format as fr
from dashboard.data import Cells
from dashboard.library import Row
from etl import table


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
SILENCE = pd.Timedelta(days=3 * 365)  # after which a valuation is no longer carried on
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


def deals(
    facts: pd.DataFrame,
    figures: pd.DataFrame,
    theme: Theme = LIGHT,
    *,
    order: str = "montant",
    log: bool = True,
    reference: Reference | None = None,
) -> go.Figure:
    """One row a deal, one dot a claim; a panel for each currency, all on one scale.

    `order` is `montant` (largest first), `date` (newest first) or `entite`. With a reference, a dotted line carries its
    sum through the deals in its currency, and each tells its ratio to it.
    """
    facts = _ordered(facts[facts["value"] > 0], order)
    panels = _panels(facts, figures)
    chart = _rows(panels, theme, log=log, reference=reference)
    for place, panel in enumerate(panels, start=1):
        said = panel.claims
        level = said["fact_id"].map(panel.level) + _swarm(said)
        dots = _dots(said, said["value"], level, theme.accent)
        chart.add_traces([_band(panel, theme), _consensus(panel, theme), *dots], place, 1)
        if reference and reference.unit == panel.unit:
            line = {"color": theme.muted, "width": 1, "dash": "dot"}
            chart.add_vline(reference.value, line=line, row=place, col=1)
    return _finish(chart)


def _ordered(facts: pd.DataFrame, order: str) -> pd.DataFrame:
    if order == "date":
        days = facts["period"].map(fr.instant, na_action="ignore")
        facts = facts.assign(day=days).sort_values(["day", "fact_id"], ascending=[False, True])
        return facts.drop(columns="day")
    if order == "entite":
        return facts.sort_values(["subject", "value", "fact_id"], ascending=[True, False, True])
    return facts.sort_values(["value", "fact_id"], ascending=[False, True])


def valuations(
    facts: pd.DataFrame,
    figures: pd.DataFrame,
    theme: Theme = LIGHT,
    *,
    log: bool = True,
    implied: pd.DataFrame | None = None,
) -> go.Figure:
    """Steps through the consensus values of each entity, and a marker a claim; a panel for each currency.

    A line breaks where nothing was told for `SILENCE`. `implied` are valuations that deals imply (`subject`, `unit`,
    `period`, `value`, `formula`, `figure_id`, `fact_id`): hollow diamonds, on no line.
    """
    facts = facts.assign(day=facts["period"].map(fr.instant, na_action="ignore"))
    facts = facts[(facts["value"] > 0) & facts["day"].notna() & facts["subject"].notna()].sort_values("day")
    panels = _panels(facts, figures)
    colours = {name: theme.lines[i % len(theme.lines)] for i, name in enumerate(facts["subject"].unique())}
    height = 340 if len(panels) > 1 else 460
    whole = max(1, len(panels)) * height + 40 * (len(panels) - 1)
    spacing = 40 / whole if len(panels) > 1 else 0
    chart = make_subplots(rows=max(1, len(panels)), cols=1, vertical_spacing=spacing, shared_xaxes="all")
    _style(chart, theme, height=whole + TOP + BOTTOM, right=118)
    for place, panel in enumerate(panels, start=1):
        for name, history in _histories(panel.facts).groupby("subject", sort=False):
            chart.add_traces(list(_steps(history, colours[str(name)], facts["day"].max())), place, 1)
        said = panel.claims.merge(
            panel.facts[["fact_id", "day", "subject"]], on="fact_id", suffixes=("_said", "")
        )
        for name, of_one in said.groupby("subject", sort=False):
            chart.add_traces(
                list(_dots(of_one, of_one["day"], of_one["value"], colours[str(name)])), place, 1
            )
        chart.add_traces(list(_diamonds(implied, panel.unit, colours)), place, 1)
        span = _range([panel.facts, panel.claims[["value"]]], log=log)
        chart.update_yaxes(_money_ticks(*span, panel.unit, log=log), row=place, col=1)
        _end_labels(chart, _histories(panel.facts), colours, place, height / (span[1] - span[0]), log=log)
    chart.update_xaxes(_year_axis(facts["day"]))
    return _finish(chart)


def _diamonds(implied: pd.DataFrame | None, unit: str, colours: dict[str, str]) -> Iterator[go.Scatter]:
    """The valuations that deals imply, of the entities that have a colour."""
    if implied is None:
        return
    shown = implied.assign(day=implied["period"].map(fr.instant, na_action="ignore"))
    shown = shown[(shown["unit"] == unit) & shown["subject"].isin(colours) & shown["day"].notna()]
    for name, points in shown.groupby("subject", sort=False):
        rows = data.records(points)
        colour = colours[str(name)]
        yield go.Scatter(
            x=list(points["day"]),
            y=list(points["value"]),
            mode="markers",
            name="valorisation impliquée",
            marker={"symbol": "diamond-open", "size": DOT + 2, "color": colour, "line": {"width": 1.6}},
            customdata=points[["figure_id", "fact_id"]].to_numpy().tolist(),
            hovertext=[
                f"<b>{escape(str(row['subject']))}{fr.NBSP}: {escape(fr.amount(row['value'], unit))}</b>"
                f"<br>valorisation impliquée<br>{escape(row['formula'])}"
                for row in rows
            ],
            hoverinfo="text",
        )


def comparison(deals: pd.DataFrame, theme: Theme = LIGHT) -> go.Figure:
    """Deals beside the references: a dot for the sum, a diamond for the whole it implies.

    `deals` are in the columns of `dashboard.data.operations`. A dotted line carries the largest sum of each reference
    through the other deals.
    """
    compared = data.compare(deals)
    panels = _panels(compared, NO_FIGURES)
    chart = _rows(panels, theme)
    for place, panel in enumerate(panels, start=1):
        deals = panel.facts
        level = deals["fact_id"].map(panel.level)
        whole = deals[deals["implied"].notna()]
        chart.add_trace(_spans(whole["value"], whole["implied"], level[whole.index], theme), place, 1)
        implied = _marks(whole, whole["implied"], level[whole.index], "diamond-open", theme.accent)
        chart.add_trace(implied.update(name="valorisation impliquée"), place, 1)
        for symbol, alike in deals.groupby(deals["status"].map({"actual": "circle"}).fillna("circle-open")):
            sums = _marks(alike, alike["value"], level[alike.index], str(symbol), theme.accent)
            chart.add_trace(sums.update(name=f"montant {SHAPE_NAMES[str(symbol)]}"), place, 1)
        for value in deals[deals["pinned"]].drop_duplicates("subject")["value"]:
            chart.add_vline(value, line={"color": theme.muted, "width": 1, "dash": "dot"}, row=place, col=1)
    return _finish(chart)


class Mark(NamedTuple):
    """A mark of a chart, in words: what a reader who does not see it is told."""

    figure_id: str
    words: str


def marks(chart: go.Figure) -> list[Mark]:
    """The marks of a chart in the order of its rows, each figure once, by its own claim where it has one."""
    found: dict[str, tuple[float, str]] = {}
    claims_first = sorted(chart.data, key=lambda trace: trace.name == "consensus")
    for trace in claims_first:
        for nth, (figure_id, _) in enumerate(trace.customdata if trace.customdata is not None else ()):
            words = unescape(_TAG.sub("", trace.hovertext[nth].replace("<br>", ", ")))
            row = trace.x[nth] if isinstance(trace.x[nth], str) else trace.y[nth]
            found.setdefault(figure_id, (_days(row) if isinstance(row, str) else float(row), words))
    return [Mark(name, words) for name, (_, words) in sorted(found.items(), key=lambda item: item[1][0])]


def _days(day: str) -> float:
    return float(pd.Timestamp(day).toordinal())


_TAG = re.compile(r"<[^>]*>")


def select(chart: go.Figure, figure_id: str | None, theme: Theme = LIGHT) -> go.Figure:
    """The chart with a ring around each mark of the figure, or as it is where it has none."""
    rings = []
    for trace in chart.data:
        at = [
            i
            for i, ids in enumerate(trace.customdata if trace.customdata is not None else ())
            if ids[0] == figure_id
        ]
        if at:
            ring = go.Scatter(
                x=[trace.x[nth] for nth in at],
                y=[trace.y[nth] for nth in at],
                xaxis=trace.xaxis,
                yaxis=trace.yaxis,
            )
            marker = {"symbol": "circle-open", "size": 2 * DOT, "color": theme.ink, "line": {"width": 2}}
            rings.append(ring.update(mode="markers", marker=marker, hoverinfo="skip", showlegend=False))
    return go.Figure(chart).add_traces(rings) if rings else chart


@dataclass(frozen=True, slots=True)
class Panel:
    """The facts of one currency with their claims; where each fact stands, how deep its row is, in rows."""

    facts: pd.DataFrame
    claims: pd.DataFrame
    unit: str
    level: dict[str, float]
    depths: dict[str, float]

    @property
    def depth(self) -> float:
        """The height of all rows."""
        return sum(self.depths.values())


def _panels(facts: pd.DataFrame, figures: pd.DataFrame) -> list[Panel]:
    """A panel for each currency, the commonest first; what is no money is left out."""
    units = [str(unit) for unit in facts["unit"].value_counts().index if fr.is_currency(str(unit))]
    return [_panel(facts[facts["unit"] == unit], figures, unit) for unit in units]


def _panel(facts: pd.DataFrame, figures: pd.DataFrame, unit: str) -> Panel:
    claims = data.claims(facts, figures)
    claims = claims[claims["value"] > 0]
    largest = claims.groupby(_stacks(claims)).size().groupby("fact_id").max()
    depth = facts["fact_id"].map(largest).fillna(1).mul(STEP).clip(1, DEEPEST)
    level = dict(zip(facts["fact_id"], depth.cumsum() - depth / 2, strict=True))
    return Panel(facts, claims, unit, level, dict(zip(facts["fact_id"], depth, strict=True)))


def _stacks(claims: pd.DataFrame) -> list[Cells]:
    """What claims share whose dots would cover each other: the fact, and the place on the axis."""
    return [claims["fact_id"], (claims["value"].map(math.log10) // 0.03).rename("place")]


def _swarm(claims: pd.DataFrame) -> Cells:
    """How far each claim steps out of the middle of its row, so that equal claims stand in a stack."""
    stacks = claims.groupby(_stacks(claims))["value"]
    nth, size = stacks.cumcount(), stacks.transform("size")
    step = (DEEPEST / size).clip(upper=STEP)
    return (nth + 1) // 2 * (-1) ** nth * step


def _rows(
    panels: list[Panel], theme: Theme, *, log: bool = True, reference: Reference | None = None
) -> go.Figure:
    """An empty chart of one row a fact, named at the left, its consensus at the right."""
    depths = [panel.depth for panel in panels] or [1.0]
    rows = ROW * sum(depths) + 60 * (len(depths) - 1)
    height = rows + TOP + BOTTOM
    spacing = 60 / rows if len(depths) > 1 else 0
    chart = make_subplots(rows=len(depths), cols=1, row_heights=depths, vertical_spacing=spacing)
    _style(chart, theme, height=height, right=128 if reference else 78)
    span = _range([panel.facts for panel in panels], log=log)
    sums = []
    for place, panel in enumerate(panels, start=1):
        read = data.records(panel.facts)
        names = [_name(fact, theme) for fact in read]
        chart.update_yaxes(
            range=[panel.depth, 0], tickvals=list(panel.level.values()), ticktext=names, row=place, col=1
        )
        # Above the rows, where a reader begins: a chart of forty is taller than a window.
        chart.update_xaxes(_money_ticks(*span, panel.unit, log=log), side="top", row=place, col=1)
        sums += [
            {
                "text": f"<b>{escape(fr.amount(fact['value'], panel.unit))}</b>{_times(fact, panel, reference)}",
                "x": 1,
                "y": panel.level[fact["fact_id"]],
                "xshift": 10,
                "font": {"color": theme.ink, "size": 13},
                **_beside(place),
            }
            for fact in read
        ]
    # What the axis takes above the rows it leaves free below them.
    return chart.update_layout(annotations=sums, margin={"t": TOP + AXIS, "b": BOTTOM - AXIS})


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


def _band(panel: Panel, theme: Theme) -> go.Scatter:
    wide = panel.facts[panel.facts["low"].gt(0) & (panel.facts["high"] > panel.facts["low"])]
    spans = _spans(wide["low"], wide["high"], wide["fact_id"].map(panel.level), theme)
    return spans.update(name="étendue", showlegend=len(wide) > 0)


def _spans(low: Cells, high: Cells, level: Cells, theme: Theme) -> go.Scatter:
    x = [end for pair in zip(low, high, strict=True) for end in (*pair, None)]
    y = [row for row in level for _ in range(3)]
    line = {"color": theme.band, "width": 3}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)


def _consensus(panel: Panel, theme: Theme) -> go.Scatter:
    level = panel.facts["fact_id"].map(panel.level)
    depth = (panel.facts["fact_id"].map(panel.depths) * ROW - 8) / 1.4
    trace = _marks(panel.facts, panel.facts["value"], level, "line-ns", theme.ink)
    return trace.update(
        name="consensus",
        marker={
            "size": [round(size) for size in depth],
            "opacity": 1,
            "line": {"width": 3, "color": theme.ink},
        },
    )


def _marks(facts: pd.DataFrame, x: Cells, y: Cells, symbol: str, colour: str) -> go.Scatter:
    """One mark a fact."""
    read = data.records(facts)
    return go.Scatter(
        x=list(x),
        y=list(y),
        mode="markers",
        marker={"symbol": symbol, "size": DOT + 2, "color": colour, "line": {"width": 2, "color": colour}},
        customdata=[[data.spokesman(fact), fact["fact_id"]] for fact in read],
        hovertext=[_fact_hover(fact, value) for value, fact in zip(x, read, strict=True)],
        hoverinfo="text",
    )


def _dots(claims: pd.DataFrame, x: Cells, y: Cells, colour: str) -> Iterator[go.Scatter]:
    """One mark a claim, in one trace for each symbol."""
    read = data.records(claims)
    symbols = pd.Series([_symbol(figure) for figure in read], claims.index, dtype="str")
    hover = pd.Series([_claim_hover(figure) for figure in read], claims.index, dtype="object")
    for symbol, said in claims.groupby(symbols):
        yield go.Scatter(
            x=list(x[said.index]),
            y=list(y[said.index]),
            mode="markers",
            name=SHAPE_NAMES.get(str(symbol)) or SHAPE_NAMES[str(symbol).removesuffix("-open")],
            marker={"symbol": symbol, "size": DOT, "color": colour, "line": {"width": 1.6, "color": colour}},
            customdata=said[["figure_id", "fact_id"]].to_numpy().tolist(),
            hovertext=list(hover[said.index]),
            hoverinfo="text",
            cliponaxis=False,
        )


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


def _histories(facts: pd.DataFrame) -> pd.DataFrame:
    """What each entity was worth, one value a day: of those affirmed or reported, the one most documents tell."""
    told = facts[facts["status"].isin(["actual", "reported"])]
    told = told.sort_values(["n_documents", "value"]).drop_duplicates(["subject", "day"], keep="last")
    return told.sort_values("day", kind="stable")


def _steps(history: pd.DataFrame, colour: str, until: str) -> Iterator[go.Scatter]:
    """The steps of an entity, broken by silence, and a dotted line from its last known value to the chart's end."""
    line = {"color": colour, "width": 2, "shape": "hv"}
    x: list[str | None] = []
    y: list[float | None] = []
    for day, value in zip(history["day"], history["value"], strict=True):
        if x and x[-1] and pd.Timestamp(day) - pd.Timestamp(x[-1]) > SILENCE:
            x, y = [*x, None], [*y, None]
        x, y = [*x, day], [*y, value]
    quiet = {"mode": "lines", "hoverinfo": "skip", "showlegend": False}
    yield go.Scatter(x=x, y=y, line=line, **quiet)
    yield go.Scatter(x=[x[-1], until], y=[y[-1]] * 2, line={**line, "width": 1, "dash": "dot"}, **quiet)


def _end_labels(
    chart: go.Figure,
    facts: pd.DataFrame,
    colours: dict[str, str],
    place: int,
    decade: float,
    *,
    log: bool,
) -> None:
    """The name and last value of each entity at the right, moved apart where they would touch."""
    last = facts.drop_duplicates("subject", keep="last").sort_values("value")
    heights = [math.log10(value) if log else value for value in last["value"]]
    at = [height * decade for height in heights]
    for fact, height, here, there in zip(data.records(last), heights, at, _apart(at), strict=True):
        name, value = _short(fact["subject"], 16), fr.amount(fact["value"], fact["unit"])
        chart.add_annotation(
            text=f"<b>{escape(name)}</b><br>{escape(value)}",
            align="left",
            x=1,
            y=height,
            yshift=there - here,
            xshift=6,
            font={"color": colours[fact["subject"]], "size": 12},
            **_beside(place),
        )


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
    axis = str(place) if place > 1 else ""
    return {"xref": f"x{axis} domain", "yref": f"y{axis}", "xanchor": "left", "showarrow": False}


def _range(tables: list[pd.DataFrame], *, log: bool) -> tuple[float, float]:
    """The ends between which all values lie, with some air: powers of ten, or values from zero."""
    cells = [table[name] for table in tables for name in ("value", "low", "high", "implied") if name in table]
    values = pd.concat([pd.Series(dtype=float), *cells]) if cells else pd.Series(dtype=float)
    values = values[values > 0]
    if not log:
        return 0.0, 1.06 * (values.max() if len(values) else 1e9)
    low, high = (math.log10(values.min()), math.log10(values.max())) if len(values) else (6.0, 9.0)
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


def _year_axis(days: Cells) -> dict[str, Any]:
    """An axis of at most seven years that ends with the last day."""
    if not len(days):
        return {"type": "date"}
    first, last = pd.Timestamp(days.min()), pd.Timestamp(days.max())
    air = max((last - first) * 0.03, pd.Timedelta(days=30))
    step = max(1, math.ceil((last.year - first.year) / 5))
    ends = [(first - air).isoformat(), (last + air / 3).isoformat()]
    return {"type": "date", "range": ends, "tickformat": "%Y", "dtick": f"M{12 * step}"}


def _style(chart: go.Figure, theme: Theme, height: float, right: int) -> None:
    chart.update_layout(
        height=height,
        template="none",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=f",{fr.THIN}",
        font={
            "family": FONT,
            "color": theme.muted,
            "size": 12,
        },
        margin={"l": 8, "r": right, "t": TOP, "b": BOTTOM},
        legend={
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
        hoverlabel={
            "bgcolor": theme.paper,
            "bordercolor": theme.rule,
            "align": "left",
            "font": {"color": theme.ink, "size": 13},
        },
        hovermode="closest",
        clickmode="event",
        dragmode=False,
    )
    chart.update_xaxes(gridcolor=theme.rule, zeroline=False, tickangle=0, fixedrange=True)
    chart.update_yaxes(gridcolor=theme.rule, zeroline=False, automargin=True, fixedrange=True)


def _finish(chart: go.Figure) -> go.Figure:
    """The chart with each name once in its legend."""
    seen: set[str] = set()
    for trace in chart.data:
        trace.showlegend = trace.showlegend is not False and bool(trace.name) and trace.name not in seen
        seen.add(trace.name)
    return chart
