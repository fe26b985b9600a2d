"""The state of the page is its URL: which page, which filters, which figure. Each filter is one row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from dashboard import labels

Values: TypeAlias = tuple[str, ...]
Cells: TypeAlias = "pd.Series[Any]"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name in the URL, its label, the measures it shows, and the words that count them."""

    key: str
    label: str
    measures: Values  # none: all
    one: str
    many: str
    remark: str
    room: int = 0  # how many marks its chart has room for: 0, as many as there are
    marked: str = "fact_id"  # the column that tells one such mark from another


# (subject, actor): compared with every other deal, so that a new one has a measure.
REFERENCES = (("WhatsApp", "Meta"), ("OpenAI", "Microsoft"))

PAGES = (
    Page(
        "operations",
        "Opérations",
        ("deal_value", "funding"),
        "opération",
        "opérations",
        "montants annoncés",
        room=40,
    ),
    Page(
        "valorisations",
        "Valorisations",
        ("valuation",),
        "valorisation",
        "valorisations",
        "comme les textes les donnent",
        room=8,
        marked="subject",
    ),
    Page(
        "comparaison",
        "Comparaison",
        ("deal_value", "stake"),
        "opération comparée",
        "opérations comparées",
        "montants de l’époque, sans conversion",
    ),
    Page("chiffres", "Chiffres", (), "chiffre", "chiffres", "chacun avec la phrase qui l’énonce"),
)
PAGE = {page.key: page for page in PAGES}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in the URL, its label, which rows stay, how it reads, the choices it offers."""

    key: str
    label: str
    predicate: Callable[[pd.DataFrame, Values], Cells]
    phrase: Callable[[Values], str]
    choices: Callable[[pd.DataFrame], dict[str, str]]
    placeholder: str
    single: bool = False
    pages: Values = tuple(PAGE)


@dataclass(frozen=True, slots=True)
class State:
    """What the address says: a page, the chosen values of each filter, and perhaps a figure."""

    page: Page = PAGES[0]
    chosen: Mapping[str, Values] = field(default_factory=dict)
    figure: str | None = None

    def values(self, key: str) -> Values:
        """The chosen values of the filter, none where it does not stand on the page."""
        return self.chosen.get(key, ()) if self.page.key in FILTER[key].pages else ()


def is_reference(table: pd.DataFrame) -> Cells:
    """True for the rows of the well-known deals that stand beside whatever is compared."""
    mask: Cells = pd.Series(data=False, index=table.index)
    for subject, actor in REFERENCES:
        mask |= (table["subject"] == subject) & (table["actor"] == actor)
    return mask


def years(table: pd.DataFrame) -> Cells:
    """The year that each period begins in, as text; null where the row has no period."""
    year: Cells = table["period"].str.extract(r"^(\d{4})", expand=False)
    return year


def _among(names: Sequence[str], words: Mapping[str, str], found: Cells) -> dict[str, str]:
    present = set(found.dropna())
    return {name: words[name].capitalize() for name in names if name in present}


def _frequent(*columns: Cells) -> dict[str, str]:
    names = pd.concat(columns).dropna().value_counts(sort=False)
    order = sorted(names.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return {str(name): str(name) for name, _ in order}


def _years(figures: pd.DataFrame) -> dict[str, str]:
    return {year: year for year in sorted(years(figures).dropna().unique(), reverse=True)}


def _either(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} ou {last}" if most else last


FILTERS = (
    Filter(
        "mesure",
        "Mesure",
        lambda table, values: table["measure"].isin(values),
        lambda values: _either([labels.MEASURES.get(value, value) for value in values]),
        lambda figures: _among(tuple(labels.MEASURES), labels.MEASURES, figures["measure"]),
        "Toutes",
        pages=("operations", "chiffres"),
    ),
    Filter(
        "operation",
        "Opérations à comparer",
        lambda table, values: table["subject"].isin(values) | is_reference(table),
        lambda values: f"{', '.join(values)} et les références",
        lambda figures: _frequent(figures.loc[figures["measure"] == "deal_value", "subject"]),
        "Les plus grandes",
        pages=("comparaison",),
    ),
    Filter(
        "entite",
        "Entité",
        lambda table, values: table["subject"].isin(values) | table["actor"].isin(values),
        lambda values: f"avec {_either(values)}",
        lambda figures: _frequent(figures["subject"], figures["actor"]),
        "Toutes",
        pages=("operations", "valorisations", "chiffres"),
    ),
    Filter(
        "depuis",
        "Depuis",
        lambda table, values: years(table) >= values[0],
        lambda values: f"depuis {values[0]}",
        _years,
        "…",
        single=True,
    ),
    Filter(
        "jusque",
        "Jusqu’en",
        lambda table, values: years(table) <= values[0],
        lambda values: f"jusqu’en {values[0]}",
        _years,
        "…",
        single=True,
    ),
    Filter(
        "statut",
        "Statut",
        lambda table, values: table["status"].isin(values),
        lambda values: f"au statut {_either([f'« {labels.STATUSES.get(v, v)} »' for v in values])}",
        lambda figures: _among(tuple(labels.STATUSES), labels.STATUSES, figures["status"]),
        "Tous",
    ),
)
FILTER = {row.key: row for row in FILTERS}


def parse(search: str | None) -> State:
    """The state that a query string says; what it says wrongly is left out.

    >>> parse("?page=chiffres&entite=Meta&nonsense=1").values("entite")
    ('Meta',)
    """
    pairs = parse_qsl((search or "").removeprefix("?"))
    last = dict(pairs)
    chosen = {row.key: tuple(value for key, value in pairs if key == row.key) for row in FILTERS}
    return State(
        page=PAGE.get(last.get("page", ""), PAGES[0]),
        chosen={
            key: values[-1:] if FILTER[key].single else values for key, values in chosen.items() if values
        },
        figure=last.get("chiffre"),
    )


def query(state: State) -> str:
    """The query string that says the state: `parse` takes it back.

    >>> query(State(PAGE["chiffres"], {"entite": ("Scale AI", "Meta")}))
    '?page=chiffres&entite=Scale+AI&entite=Meta'
    """
    pairs = [("page", state.page.key)]
    pairs += [(row.key, value) for row in FILTERS for value in state.chosen.get(row.key, ())]
    if state.figure:
        pairs.append(("chiffre", state.figure))
    return f"?{urlencode(pairs)}"


def keep(figures: pd.DataFrame, state: State) -> pd.DataFrame:
    """The figures that the page and its filters leave, in their order."""
    mask = pd.Series(data=True, index=figures.index)
    if state.page.measures:
        mask &= figures["measure"].isin(state.page.measures)
    for row in FILTERS:
        if values := state.values(row.key):
            mask &= row.predicate(figures, values).fillna(value=False).astype(bool)
    return figures[mask]


def sentence(state: State, count: int, figures: pd.DataFrame) -> str:
    """What the page shows, in words: « 27 opérations de 2012 à 2025, montants annoncés »."""
    page = state.page
    noun = page.many if count >= 2 else page.one
    found = years(figures).dropna()
    span = ""
    if len(found):
        first, last = found.min(), found.max()
        span = f" de {first} à {last}" if first != last else f" en {first}"
    words = [row.phrase(values) for row in FILTERS if (values := state.values(row.key))]
    return ", ".join([f"{count}\u00a0{noun}{span}", *words, page.remark])
