"""The state of the page is its URL: which page, which filters, in what money, which figure. Each filter is one row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl, urlencode

from dashboard import labels

Values: TypeAlias = tuple[str, ...]
Value: TypeAlias = str | float | list[str] | None  # of a parameter of a question


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
    in_menu: bool = True
    marked: str = "fact_id"  # the column that tells one such mark from another


# (subject, actor): compared with every other deal, so that a new one has a measure.
REFERENCES = (("WhatsApp", "Meta"), ("OpenAI", "Microsoft"))
IS_REFERENCE = (
    f"(subject, actor) IN {REFERENCES}"  # in SQL, which writes tuples and these names as Python does
)

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
        "Comparaisons",
        ("deal_value", "funding", "stake"),
        "opération comparée",
        "opérations comparées",
        "montants annoncés",
    ),
    Page("chiffres", "Chiffres", (), "chiffre", "chiffres", "chacun avec la phrase qui l’énonce"),
    Page("document", "Document", (), "chiffre", "chiffres", "surlignés dans le texte", in_menu=False),
    Page("analyser", "Analyser", (), "chiffre", "chiffres", "lus ici, sans rien garder"),
    Page("sources", "Sources", (), "document", "documents", "avec ce que la lecture n’y a pas compris"),
)
PAGE = {page.key: page for page in PAGES}
CHARTS = ("operations", "valorisations", "comparaison")


@dataclass(frozen=True, slots=True)
class Option:
    """One way to show what the filters leave: its name in the URL, its label, its choices, the first one chosen."""

    key: str
    label: str
    choices: Mapping[str, str]
    pages: Values
    defaults: Mapping[str, str] = field(default_factory=dict)  # of the pages that do not begin with the first

    def default(self, page: Page) -> str:
        """What the page shows where the address says nothing."""
        return self.defaults.get(page.key, next(iter(self.choices)))


PRICES = "2025"  # the last year that both price indices have

OPTIONS = (
    Option(
        "monnaie",
        "Monnaie",
        {"origine": "D’origine", "USD": "Dollars", "EUR": "Euros"},
        CHARTS,
        {"comparaison": "USD"},
    ),
    Option(
        "prix",
        "Prix",
        {"courants": "De l’époque", PRICES: f"De {PRICES}"},
        CHARTS,
        {"comparaison": PRICES},
    ),
    Option("tri", "Trier par", {"montant": "Montant", "date": "Date", "entite": "Entité"}, ("operations",)),
    Option(
        "reference",
        "Référence",
        {"aucune": "Aucune", **{target: f"{payer}–{target}" for target, payer in REFERENCES}},
        ("operations",),
    ),
    Option(
        "echelle",
        "Échelle",
        {"log": "Logarithmique", "lineaire": "Linéaire"},
        ("operations", "valorisations"),
    ),
)
OPTION = {row.key: row for row in OPTIONS}


class Choice(NamedTuple):
    """A value that a filter offers, what it is called, and how many figures have it."""

    value: str
    label: str
    figures: int


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in the URL, its label, which rows stay, how it reads, the choices it offers.

    `predicate` is SQL over the table of figures; `$key`, by the filter's own key, is the list of the chosen values.
    Over those of parties and of tallies it is the same, or `by_party`. `counted` is the cell of tallies, as SQL, of
    whose values it offers each with the number of its figures.
    """

    key: str
    label: str
    predicate: str
    phrase: Callable[[Values], str]
    counted: str
    choices: Callable[[Mapping[str, int]], Iterable[Choice]]
    placeholder: str
    by_party: str | None = None
    single: bool = False
    is_open: bool = False  # there may be more values than a list can offer: the others are found by typing
    pages: Values = (*CHARTS, "chiffres")


class Condition(NamedTuple):
    """Which rows stay: SQL over their table, and the values of its parameters."""

    sql: str
    values: Mapping[str, Value]


class Span(NamedTuple):
    """How many of what a page counts there are, and the first and last year that they are about."""

    many: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class State:
    """What the address says: a page, the chosen values of each filter and option, perhaps a figure and a document."""

    page: Page = PAGES[0]
    chosen: Mapping[str, Values] = field(default_factory=dict)
    figure: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    document: str | None = None

    def values(self, key: str) -> Values:
        """The chosen values of the filter, none where it does not stand on the page."""
        return self.chosen.get(key, ()) if self.page.key in FILTER[key].pages else ()

    def option(self, key: str) -> str:
        """The choice of the option that the page shows: the address's, or the page's own."""
        own = OPTION[key].default(self.page)
        return self.options.get(key, own) if self.page.key in OPTION[key].pages else own

    @property
    def currency(self) -> str | None:
        """The ISO 4217 code of the currency in which amounts are shown; null for each one's own."""
        chosen = self.option("monnaie")
        return None if chosen == "origine" else chosen

    @property
    def prices(self) -> int | None:
        """The year in whose prices amounts are shown; null for those of their time."""
        chosen = self.option("prix")
        return int(chosen) if chosen.isdigit() else None

    @property
    def is_restated(self) -> bool:
        """Whether amounts are shown in another money than that of their texts."""
        return self.currency is not None or self.prices is not None


def _among(words: Mapping[str, str]) -> Callable[[Mapping[str, int]], list[Choice]]:
    """The values that have words, in the order of these."""
    return lambda counts: [
        Choice(name, word.capitalize(), counts[name]) for name, word in words.items() if name in counts
    ]


def _by_count(counts: Mapping[str, int]) -> list[Choice]:
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return [Choice(name, name, counts[name]) for name in order]


def _newest_first(counts: Mapping[str, int]) -> list[Choice]:
    return [Choice(year, year, counts[year]) for year in sorted(counts, reverse=True)]


def _either(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} ou {last}" if most else last


FILTERS = (
    Filter(
        "mesure",
        "Mesure",
        "measure IN $mesure",
        lambda values: _either([labels.MEASURES.get(value, value) for value in values]),
        "measure",
        _among(labels.MEASURES),
        "Toutes",
        pages=("operations", "chiffres"),
    ),
    Filter(
        "operation",
        "Opérations à comparer",
        f"subject IN $operation OR {IS_REFERENCE}",
        lambda values: f"{', '.join(values)} et les références",
        "CASE WHEN measure = 'deal_value' AND is_subject THEN name END",
        _by_count,
        "Les plus grandes",
        is_open=True,
        pages=("comparaison",),
    ),
    Filter(
        "entite",
        "Entité",
        "rowid IN (SELECT place FROM parties WHERE name IN $entite)",
        lambda values: f"avec {_either(values)}",
        "name",
        _by_count,
        "Toutes",
        by_party="name IN $entite",
        is_open=True,
        pages=("operations", "valorisations", "chiffres"),
    ),
    Filter(
        "depuis",
        "Depuis",
        "year >= $depuis[1]",
        lambda values: f"depuis {values[0]}",
        "year",
        _newest_first,
        "…",
        single=True,
    ),
    Filter(
        "jusque",
        "Jusqu’en",
        "year <= $jusque[1]",
        lambda values: f"jusqu’en {values[0]}",
        "year",
        _newest_first,
        "…",
        single=True,
    ),
    Filter(
        "statut",
        "Statut",
        "status IN $statut",
        lambda values: f"au statut {_either([f'« {labels.STATUSES.get(v, v)} »' for v in values])}",
        "status",
        _among(labels.STATUSES),
        "Tous",
    ),
)
FILTER = {row.key: row for row in FILTERS}


def parse(search: str | None) -> State:
    """The state that a query string says; what it says wrongly is left out, and told by `problems`.

    >>> parse("?page=chiffres&entite=Meta&nonsense=1").values("entite")
    ('Meta',)
    """
    pairs = parse_qsl((search or "").removeprefix("?"))
    last = dict(pairs)
    chosen = {row.key: tuple(value for key, value in pairs if key == row.key) for row in FILTERS}
    page = PAGE.get(last.get("page", ""), PAGES[0])
    return State(
        page=page,
        chosen={
            key: values[-1:] if FILTER[key].single else values for key, values in chosen.items() if values
        },
        figure=last.get("chiffre"),
        options={row.key: last[row.key] for row in OPTIONS if last.get(row.key) in row.choices},
        document=last.get("document"),
    )


def problems(search: str | None) -> list[str]:
    r"""What is wrong with a query string, a French sentence each.

    >>> problems("?page=opérations")
    ['La page «\u202fopérations\u202f» n’existe pas : voici Opérations.']
    """
    said = []
    for key, value in parse_qsl((search or "").removeprefix("?")):
        quoted = f"«\u202f{value}\u202f»"
        if key == "page" and value not in PAGE:
            said.append(f"La page {quoted} n’existe pas : voici {PAGES[0].label}.")
        elif key in OPTION and value not in OPTION[key].choices:
            said.append(f"{OPTION[key].label} : {quoted} n’est pas un choix ; l’adresse reste sans effet.")
        elif key not in _KEYS:
            said.append(f"L’adresse dit {key}={value}, que Chiffrier ne connaît pas et laisse de côté.")
    return said


_KEYS = {"page", "chiffre", "document", *FILTER, *OPTION, "token"}


def query(state: State) -> str:
    """The query string that says the state: `parse` takes it back.

    >>> query(State(PAGE["chiffres"], {"entite": ("Scale AI", "Meta")}))
    '?page=chiffres&entite=Scale+AI&entite=Meta'
    """
    pairs = [("page", state.page.key)]
    pairs += [(row.key, value) for row in FILTERS for value in state.chosen.get(row.key, ())]
    pairs += [(row.key, state.options[row.key]) for row in OPTIONS if row.key in state.options]
    if state.document:
        pairs.append(("document", state.document))
    address = f"?{urlencode(pairs)}"
    return with_figure(address, state.figure) if state.figure else address


def with_figure(address: str, figure_id: str) -> str:
    """The query string of a state without a figure, with that figure.

    >>> with_figure("?page=chiffres", "0001:12-18")
    '?page=chiffres&chiffre=0001%3A12-18'
    """
    return f"{address}&{urlencode({'chiffre': figure_id})}"


def condition(state: State, *, but: str | None = None, by_party: bool = False) -> Condition:
    """Which figures the page and its filters leave, or would leave without the filter of that key.

    It is asked of the table of figures; by party, of that of parties or of tallies.

    >>> condition(State(PAGE["valorisations"], {"depuis": ("2014",)}))
    Condition(sql='(measure IN $measures) AND (year >= $depuis[1])',
    values={'measures': ['valuation'], 'depuis': ['2014']})
    """
    measures = [("measure IN $measures", "measures", state.page.measures)]
    chosen = [
        ((by_party and row.by_party) or row.predicate, row.key, state.values(row.key))
        for row in FILTERS
        if row.key != but
    ]
    held = [(sql, key, values) for sql, key, values in (*measures, *chosen) if values]
    sql = " AND ".join(f"({sql})" for sql, _, _ in held)
    return Condition(sql or "true", {key: list(values) for _, key, values in held})


def sentence(state: State, span: Span) -> str:
    """What the page shows, in words: « 27 opérations de 2012 à 2025, montants annoncés »."""
    page = state.page
    noun = page.many if span.many >= 2 else page.one
    when = ""
    if span.first:
        when = f" de {span.first} à {span.last}" if span.first != span.last else f" en {span.first}"
    words = [row.phrase(values) for row in FILTERS if (values := state.values(row.key))]
    money = _money(state) if page.key in CHARTS else ""
    return ", ".join([f"{span.many}\u00a0{noun}{when}", *words, f"{page.remark}{money}"])


_CURRENCIES = {"USD": "en dollars", "EUR": "en euros"}


def _money(state: State) -> str:
    """In what money a page shows its amounts: « en dollars de 2025 »."""
    currency, prices = state.currency, state.prices
    if currency is None:
        return f", en monnaie d’origine, aux prix de {prices}" if prices else ""
    if prices is None:
        return f", {_CURRENCIES[currency]} courants, au cours de leur date"
    return f", {_CURRENCIES[currency]} de {prices}"
