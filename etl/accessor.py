"""`table.figures`: the calls of the package as methods of a pandas table that has their columns.

Any call of `etl` that makes or loads a table registers it; for a table that came another way, `import etl.accessor`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

import etl
from etl.documents import Document
from etl.errors import AccessorError, ChiffrierError, TableError
from etl.highlight import Highlight, highlight
from etl.money import in_money
from etl.table import FACTS, FIGURES, columns_of, frame

if TYPE_CHECKING:
    import plotly.graph_objects as go

_PARTIES = ("subject", "actor", "target", "acquirer")
_MONEY = "chiffrier money"  # the key in `attrs` under which a table remembers into what it was restated


@pd.api.extensions.register_dataframe_accessor("figures")
class FiguresAccessor:
    """What can be asked of a table of figures, of facts or of deals. Every method gives a new table.

    >>> text = "Meta a investi 14,3 milliards de dollars dans Scale AI. Nvidia vaut 4 500 milliards de dollars."
    >>> figures = etl.parse(text, published="2025-06-13")
    >>> figures.figures.of("Meta").figures.in_currency("EUR")["value_restated"].round(-8).tolist()
    [12400000000.0]
    """

    def __init__(self, table: pd.DataFrame) -> None:
        try:
            self._contract = columns_of(table)
        except TableError as problem:
            raise AccessorError(str(problem)) from None
        self._table = table

    def of(self, name: str) -> pd.DataFrame:
        """The rows that are about an entity or that it acts in: its canonical name, as the table writes it."""
        columns = [column for column in _PARTIES if column in self._table]
        return self._table[(self._table[columns] == name).any(axis="columns")]

    def in_currency(self, currency: str) -> pd.DataFrame:
        """The table with its amounts in one currency (an ISO 4217 code), each at the rate of its own date.

        The columns are those of `etl.restate`. After `constant`, the prices stay those of that year: the order of the
        two does not matter. Raises `MoneyError` for a currency without a rate.
        """
        return self._restated({"currency": currency})

    def constant(self, year: int) -> pd.DataFrame:
        """The table with its amounts in the prices of one year, each in its own currency or that of `in_currency`.

        The columns are those of `etl.restate`. Raises `MoneyError` for a year that no index has.

        >>> figures = etl.parse("Facebook a payé 19 milliards de dollars pour WhatsApp.", published="2014-02-20")
        >>> figures.figures.in_currency("EUR").figures.constant(2025)["restatement"][0].rpartition(", × ")[2]
        '128.75/99.81 (euro-area HICP, 2025 over 2014)'
        """
        return self._restated({"prices": year})

    def _restated(self, change: dict[str, Any]) -> pd.DataFrame:
        money = self._money | change
        table = etl.restate(self._table, **money)
        table.attrs[_MONEY] = money
        return table

    @property
    def _money(self) -> dict[str, Any]:
        return dict(self._table.attrs.get(_MONEY, {}))

    def facts(self) -> pd.DataFrame:
        """The facts that the figures state, as `etl.reconcile` gives them; raises `TableError` for other tables."""
        if self._contract is not FIGURES:
            raise TableError("facts are made of figures; this table holds none")
        return etl.reconcile(self._table)

    def highlight(self, documents: Iterable[Document] = ()) -> Highlight:
        """The figures marked in their sentences, or in the whole texts of the documents that are given, for a notebook.

        What `etl.parse` made has its text with it. Raises `TableError` where the table holds no figures, and where a
        text is not the one that they were read in.
        """
        texts = dict(getattr(self._table, "texts", None) or {})
        texts |= {document.document_id: document.text for document in documents}
        return highlight(self._table, texts)

    def quantities(self, unit: str, column: str = "value") -> pd.Series[Any]:
        """A column as a pint-pandas series in one unit of the table: `USD`, `EUR/year`, `m**2`.

        What has the same dimension is converted (`EUR/month` to `EUR/year`), all else is null; one currency never
        becomes another: use `in_currency` for that. The units are defined in pint's application registry, beside those
        that are there. Raises `UnitError` for what is no unit, and `ChiffrierError` where pint-pandas is missing.

        >>> figures = etl.parse("Le loyer est de 1 280 euros par mois, soit 9 % du salaire.")
        >>> annual = figures.figures.quantities("EUR/year")
        >>> str(annual.dtype), annual.pint.magnitude.tolist()
        ('pint[EUR / year][Float64]', [15360.0, nan])
        """
        import pint  # noqa: PLC0415, it takes its time

        from etl.units import convert, define_units, parse_unit  # noqa: PLC0415

        try:
            import pint_pandas  # noqa: F401, PLC0415, an extra that need not be installed
        except ModuleNotFoundError:
            raise ChiffrierError("quantities need pint-pandas; run: pip install 'chiffrier[pint]'") from None
        parse_unit(unit)
        define_units(pint.application_registry.get())  # type: ignore[no-untyped-call]
        dimension = {name: parse_unit(name).dimensionality for name in {unit, *self._table["unit"].dropna()}}
        cells = [
            None if pd.isna(cell) or dimension[own] != dimension[unit] else convert(float(cell), own, unit)
            for own, cell in zip(self._table["unit"], self._table[column], strict=True)
        ]
        numbers = pd.Series(cells, self._table.index, "Float64", name=column)
        return numbers.astype(pd.api.types.pandas_dtype(f"pint[{unit}][Float64]"))

    @property
    def plot(self) -> Plots:
        """The charts of the dashboard: `plot.deals()`, `plot.valuations()`."""
        return Plots(self._table, self._money)


class Plots:
    """Charts of a table of figures, or of facts, as plotly figures, in the money into which the table was restated."""

    def __init__(self, table: pd.DataFrame, money: dict[str, Any]) -> None:
        contract = columns_of(table)
        if contract is FIGURES:
            figures, facts = table, etl.reconcile(table)
        elif contract is FACTS:
            figures, facts = frame([]), table
        else:
            raise TableError("charts are drawn of figures or of facts; this table holds neither")
        self._figures, self._facts = in_money(figures, **money), in_money(facts, **money)

    def deals(self) -> go.Figure:
        """One row a deal or funding round, largest first, one dot for each claim of a text."""
        return self._chart("deals", ("deal_value", "funding"))

    def valuations(self) -> go.Figure:
        """What each entity was worth along the years: its consensus values, and one dot for each claim of a text."""
        return self._chart("valuations", ("valuation",))

    def _chart(self, name: str, measures: tuple[str, ...]) -> go.Figure:
        try:
            from dashboard import charts  # noqa: PLC0415, an extra that need not be installed, and never before a chart is asked for
        except ModuleNotFoundError as problem:
            raise ChiffrierError(
                f"charts need {problem.name}; run: pip install 'chiffrier[dashboard]'"
            ) from None
        facts = self._facts[
            self._facts["measure"].isin(measures) & self._facts["unit"].str.fullmatch("[A-Z]{3}")
        ]
        chart = getattr(charts, name)(facts, self._figures)
        # Plotly's own button would send the data to a server.
        return chart.update_layout(modebar_remove=["sendChartToCloud"])
