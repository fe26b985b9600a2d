"""Every word that the rules know, from `words/*.toml`, and the only builder of lexical patterns.

Words are data, grammar is code: an entry of a TOML file is one frozen dataclass below, with its example inside.
A file with an unknown key, a duplicate, or an entry without example is refused by place and name. A reader's own
words have the same form, and are added to the program's with `use_words`.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, dataclass, field, fields, replace
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

import re2
from re2 import _re2

from etl.errors import LexiconError
from etl.steps import IN_STEP

WORDS = Path(__file__).parent / "words"
WORDS_FILE = "words.toml"

# One space of French typography: plain, no-break, narrow no-break or thin. A line's end is none: readers unwrap lines.
SPACES = " \u00a0\u202f\u2009"
SPACE = f"[{SPACES}]"


@dataclass(frozen=True, slots=True)
class Cardinal:
    """A number word below a thousand, or `mille`."""

    forms: tuple[str, ...]
    value: int
    example: str


@dataclass(frozen=True, slots=True)
class Collective:
    """A word for about so many: `dizaine`, `centaine`."""

    forms: tuple[str, ...]
    value: int
    example: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A power of ten that multiplies a number; `english` is its value in an English passage."""

    forms: tuple[str, ...]
    value: int
    example: str
    abbreviations: tuple[str, ...] = ()
    english: int | None = None


@dataclass(frozen=True, slots=True)
class FractionWord:
    """A word for a part of a scale: `demi`, `quarts`."""

    forms: tuple[str, ...]
    value: Fraction
    example: str


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A verb that says so many times over, and the noun for it: `doubler`, `le double`."""

    verbs: tuple[str, ...]
    value: int
    example: str
    nouns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency, or a sub-unit of one (`per` of them make the unit).

    Where countries share a name, an entry with a `context` reads it in a text that has one of those words.
    """

    code: str
    example: str
    symbols: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()  # symbols that stand behind the number only: "COP 21" is no sum
    names: tuple[str, ...] = ()
    per: int = 1
    per_dollar: int = 1  # roughly: how large a sum is, whatever it is counted in, is told by its dollars
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Qualifier:
    """Words before or after a figure, or a verb, that say how the text holds it."""

    qualifier: str
    example: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    after_modal: tuple[str, ...] = ()  # what `pouvoir` governs: "peut atteindre"


@dataclass(frozen=True, slots=True)
class Rate:
    """Words that make an amount a rate of time."""

    per: str
    example: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say what a figure measures, and where its parties stand.

    `nouns` and `verbs` govern a figure; `after` are nouns that follow it (`10 % du capital`). `actor` and `subject`
    name the places, in order of preference, where the parties are looked for, and `needs` those of which one must
    be filled for the cue to count; see `etl.roles`.
    """

    measure: str
    example: str
    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    direction: str | None = None
    actor: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    of_company: bool = False  # said of other things too: it counts only where the subject is a company
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Stance:
    """Words that say how far the text commits itself to what it states, or whom it credits."""

    status: str
    example: str
    phrases: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Words that introduce a source (`before` its name), or that say: `verbs`, and forms of irregular ones.

    What is said follows `que`, or `de` where the verb `takes` it (`propose d'augmenter`).
    """

    example: str
    before: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    forms_of_saying: tuple[str, ...] = ()
    takes: str = "que"


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, state, institution, person, medium or product, under all the names that stand for it.

    A text published before `since` (EDTF) calls it by its `former` name.
    """

    name: str
    kind: str
    example: str
    aliases: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()  # what a state's people and things are called: `américain`, `américaine`
    ambiguous: bool = False  # a common word, too: where it opens a sentence, the rest of the text tells which
    former: str | None = None
    since: str | None = None
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Common nouns of one use: people that are counted, descriptions that stand for a company, and so on."""

    use: str
    example: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhysicalUnit:
    """A physical unit as pint writes it, with its French names and symbols."""

    unit: str
    example: str
    names: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    measure: str = "other"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A word of the calendar: a month, a weekday, a part of the year, with its number."""

    use: str
    forms: tuple[str, ...]
    value: int
    example: str


TABLES: dict[str, type[Any]] = {
    "cardinal": Cardinal,
    "collective": Collective,
    "scale": Scale,
    "fraction": FractionWord,
    "multiplier": Multiplier,
    "currency": Currency,
    "qualifier": Qualifier,
    "rate": Rate,
    "cue": Cue,
    "stance": Stance,
    "source": Source,
    "entity": Entity,
    "group": Group,
    "physical_unit": PhysicalUnit,
    "calendar": Calendar,
}

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Lexicon:
    """All entries, in the order of their files. `of(Currency)` gives those of one table."""

    tables: dict[type[Any], tuple[Any, ...]]

    def of(self, table: type[Entry]) -> tuple[Entry, ...]:
        """The entries of one table, e.g. every `Currency`."""
        return self.tables.get(table, ())


class Words(NamedTuple):
    """A file of words, with what it holds: a worker may be where the file is not."""

    name: str
    toml: str


def _words_of(path: Path) -> Words:
    try:
        return Words(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise LexiconError(f"{path.name}: {problem}") from None


def read_words(paths: Iterable[Path], added: Iterable[Words] = ()) -> Lexicon:
    """The lexicon of the given TOML files; raises `LexiconError` with file, table and entry where one is wrong.

    An entry of the `added` files may be an entity that stands before it: its other names, descriptions and heads
    are then one with those. Of a closed set, such as the measures, it may take only what stands before it.
    """
    read = _Read()
    for path in paths:
        _read_file(_words_of(path), read, adds=False)
    for words in added:
        _read_file(words, read, adds=True)
    return Lexicon({table: tuple(entries) for table, entries in read.tables.items()})


@dataclass(frozen=True)
class _Read:
    """What has been read so far, and where each thing stands that may stand but once."""

    tables: dict[type[Any], list[Any]] = field(
        default_factory=lambda: {table: [] for table in TABLES.values()}
    )
    seen: dict[tuple[str, str, str], str] = field(default_factory=dict)


def _read_file(words: Words, read: _Read, *, adds: bool) -> None:
    try:
        content = tomllib.loads(words.toml)
    except tomllib.TOMLDecodeError as problem:
        raise LexiconError(f"{words.name}: {problem}") from None
    known = {table: tuple(entries) for table, entries in read.tables.items()} if adds else {}
    entities = {entity.name: place for place, entity in enumerate(known.get(Entity, ()))}
    for name, entries in content.items():
        if name not in TABLES or not isinstance(entries, list):
            raise LexiconError(f"{words.name}: no table is called {name!r}; they are {', '.join(TABLES)}")
        table = TABLES[name]
        for number, raw in enumerate(entries, 1):
            place = f"{words.name}, {name} {number}"
            entry = _entry(table, raw, place)
            if adds:
                _check_added(entry, known[table], place)
            earlier = entities.pop(entry.name, None) if table is Entity else None
            for what in _identities(entry):
                if (name, *what) in read.seen and not (earlier is not None and what[1] == entry.name):
                    raise LexiconError(f"{place}: {what[1]!r} stands already in {read.seen[(name, *what)]}")
                read.seen[(name, *what)] = place
            if earlier is None:
                read.tables[table].append(entry)
            else:
                read.tables[table][earlier] = _joined(known[Entity][earlier], entry, place)


def _entry(table: type[Any], raw: dict[str, Any], place: str) -> Any:
    known = {key.name: key for key in fields(table)}
    if not isinstance(raw, dict):
        raise LexiconError(f"{place}: an entry is a table; write [[...]] above its keys")
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise LexiconError(f"{place}: unknown key {unknown[0]!r}; the keys are {', '.join(known)}")
    missing = [name for name, key in known.items() if key.default is MISSING and not raw.get(name)]
    if missing:
        raise LexiconError(f"{place}: {missing[0]!r} is missing")
    for name, cell in raw.items():
        what, holds = _CELLS[known[name].type]
        if not holds(cell):
            raise LexiconError(f"{place}: {name!r} must be {what}")
    cells = {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in raw.items()}
    if table is FractionWord:
        cells["value"] = Fraction(str(cells["value"]))
    return table(**cells)


def _is_phrase(cell: Any) -> bool:
    return isinstance(cell, str) and cell.strip() == cell != ""


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int) and not isinstance(cell, bool)


# What a key holds, by the type of its field.
_CELLS: dict[Any, tuple[str, Callable[[Any], bool]]] = {
    "tuple[str, ...]": (
        'a list of phrases: ["one", "two"], none of them empty',
        lambda cell: isinstance(cell, list) and all(map(_is_phrase, cell)),
    ),
    "str": ("a text", _is_phrase),
    "str | None": ("a text", _is_phrase),
    "int": ("a whole number", _is_number),
    "int | None": ("a whole number", _is_number),
    "float": ("a number", lambda cell: _is_number(cell) or isinstance(cell, float)),
    "Fraction": ('a fraction: "1/2"', lambda cell: bool(re.fullmatch(r"\d+(?:/[1-9]\d*|\.\d+)?", str(cell)))),
    "bool": ("true or false", lambda cell: isinstance(cell, bool)),
}


def _identities(entry: Any) -> Iterator[tuple[str, str]]:
    """What may stand only once in a table: each way of writing an entry, in its place; contexts are a currency's."""
    context = f" in a context of {entry.code}" if getattr(entry, "context", ()) else ""
    for place in ("forms", "abbreviations", "symbols", "behind", "names", "before", "after", "adjectives"):
        for form in getattr(entry, place, ()):
            yield place + context, form
    if isinstance(entry, Entity):
        for form in {entry.name, *entry.aliases}:
            yield "name", form
        for form in (*entry.descriptions, *entry.heads):
            yield "name", form


# --- the reader's own words -----------------------------------------------------------------------------------

# Keys whose values the rules know by name: an added entry takes one that the program's own words have.
_CLOSED = (
    "use", "kind", "kinds", "measure", "qualifier", "status", "direction", "actor", "subject", "needs", "takes", "per"
)  # fmt: skip


def _check_added(entry: Any, known: tuple[Any, ...], place: str) -> None:
    for key in _CLOSED:
        cell = getattr(entry, key, None)
        if cell is None or _is_number(cell):
            continue
        allowed = {value for other in known for value in _values(getattr(other, key))}
        wrong = [value for value in _values(cell) if value not in allowed]
        if wrong:
            raise LexiconError(
                f"{place}: no {key} is called {wrong[0]!r}; they are {', '.join(sorted(allowed))}"
            )
    from etl.units import is_unit  # noqa: PLC0415, the units come from the words

    if isinstance(entry, Currency) and entry.code not in {currency.code for currency in known}:
        if not re.fullmatch(r"[A-Z]{3,5}", entry.code):
            raise LexiconError(f"{place}: {entry.code!r} is no code of a currency; write it as EUR")
        if is_unit(entry.code) and entry.code not in {currency.code for currency in lexicon().of(Currency)}:
            raise LexiconError(f"{place}: {entry.code!r} is the symbol of another unit; give it another code")
    if isinstance(entry, PhysicalUnit) and not is_unit(entry.unit):
        raise LexiconError(f"{place}: {entry.unit!r} is no unit; write it as m**2, km/hour or kWh")
    for verb in getattr(entry, "verbs", ()):
        try:
            conjugated(verb)
        except LexiconError as problem:
            raise LexiconError(f"{place}: {problem}") from None


def _values(cell: Any) -> tuple[Any, ...]:
    return cell if isinstance(cell, tuple) else () if cell is None else (cell,)


def _joined(earlier: Entity, added: Entity, place: str) -> Entity:
    """The entity with what an added entry of its name says besides; of one cell there are no two answers."""
    for key in ("kind", "former", "since", "wikidata"):
        stands, says = getattr(earlier, key), getattr(added, key)
        if stands and says and stands != says:
            raise LexiconError(f"{place}: the {key} of {added.name!r} is {stands!r} already, not {says!r}")
    return replace(
        earlier,
        aliases=(*earlier.aliases, *added.aliases),
        descriptions=(*earlier.descriptions, *added.descriptions),
        heads=(*earlier.heads, *added.heads),
        demonyms=(*earlier.demonyms, *added.demonyms),
        ambiguous=earlier.ambiguous or added.ambiguous,
        former=earlier.former or added.former,
        since=earlier.since or added.since,
        wikidata=earlier.wikidata or added.wikidata,
    )


@dataclass
class _InUse:
    """What this process reads with."""

    added: tuple[Words, ...] = ()
    words: Lexicon | None = None


_in_use = _InUse()
_changing = Lock()


def use_words(*files: str | os.PathLike[str] | Words) -> None:
    r"""The program reads with the words of these files besides its own from now on; without any, with its own alone.

    Files have the form of `words/*.toml`. An entity that the program knows may be given again, with more names for
    it. Where a file is wrong, `LexiconError` says so and nothing has changed. The words are those of the process: a
    worker that was not forked takes them over with `use_words(*words_in_use())`.

    >>> import tempfile
    >>> from etl import parse
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     words = Path(folder, "my.toml")
    ...     _ = words.write_text(
    ...         '[[entity]]\nname = "Meta"\nkind = "company"\ndescriptions = ["la firme bleue"]\n'
    ...         'example = "La firme bleue a perdu 3 euros."\n'
    ...     )
    ...     use_words(words)
    >>> parse("La firme bleue a perdu 3 millions d'euros.")["subject"].tolist()
    ['Meta']
    >>> use_words()
    >>> parse("La firme bleue a perdu 3 millions d'euros.")["subject"].isna().tolist()
    [True]
    """
    added = tuple(file if isinstance(file, Words) else _words_of(Path(file)) for file in files)
    with _changing:  # of two threads of a worker, the second waits until the first has done it
        if added == _in_use.added:
            return
        _in_use.words = read_words(_own_files(), added)
        _in_use.added = added
        _forget()


def words_in_use() -> tuple[Words, ...]:
    """What `use_words` has added."""
    return _in_use.added


def words_beside(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The `words.toml` of each folder given, and of the folder of each file given, once each."""
    folders = [path if path.is_dir() else path.parent for path in map(Path, paths) if path != Path("-")]
    return [path for path in dict.fromkeys(folder / WORDS_FILE for folder in folders) if path.is_file()]


def _forget() -> None:
    """Empties every cache of the program: nearly all of them hold what was made from the words."""
    for name, module in list(sys.modules.items()):
        if name.startswith("etl."):
            for made in list(vars(module).values()):
                if callable(clear := getattr(made, "cache_clear", None)):
                    clear()


def _own_files() -> list[Path]:
    return sorted(WORDS.glob("*.toml"))


def lexicon() -> Lexicon:
    """The program's own words with those that `use_words` added, read once."""
    if _in_use.words is None:
        _in_use.words = read_words(_own_files())
    return _in_use.words


@cache
def printed_words_of(use: str) -> frozenset[str]:
    """The words of every group of a use, as printed."""
    return frozenset(word for group in lexicon().of(Group) if group.use == use for word in group.words)


@cache
def words_of(use: str) -> frozenset[str]:
    """The words of every group of a use, folded."""
    return frozenset(map(folded, printed_words_of(use)))


# --- patterns -------------------------------------------------------------------------------------------------

# Capitals are often printed without accents, and dumps lose them; a final "a" for "à" would change the word.
_LOOSE = {
    "é": "[ée]",
    "è": "[èe]",
    "ê": "[êe]",
    "ë": "[ëe]",
    "î": "[îi]",
    "ï": "[ïi]",
    "ô": "[ôo]",
    "û": "[ûu]",
}
_LOOSE |= {"É": "[ÉE]", "È": "[ÈE]", "ç": "[çc]", "'": "['\u2019]", "-": "[-\u2011\u2010]"}


def pattern_of(phrase: str) -> str:
    r"""A regex for one phrase as the press prints it: either apostrophe, any space, accents or none.

    >>> bool(re.fullmatch(pattern_of("l'État français"), "l’Etat\u00a0français"))
    True
    """
    loose = _LOOSE if len(phrase) > 3 else {"'": _LOOSE["'"]}  # "dès" is no "des"
    return "".join(f"{SPACE}+" if c == " " else loose.get(c, re.escape(c)) for c in phrase)


def alternation(phrases: Iterable[str]) -> str:
    """One regex group for many phrases, the longest first, so that `plus de` never hides `plus de la moitié`."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(map(pattern_of, ordered)) + ")" if ordered else "(?!)"


def whole_words(*words: str) -> str:
    r"""One regex group for words, signs and expressions, none a part of a word.

    Each branch begins with its letter, and not with `\b`: `re` passes over what begins with no such letter.

    >>> re.findall(whole_words("de", "dont", "d'"), "d'ode dont de")
    ["d'", 'dont', 'de']
    """
    begin_with: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        ends = r"\b" if word[-1].isalpha() else ""
        begin_with.setdefault(word[0], []).append(re.escape(word[1:]) + ends)
    branches = (
        (f"{first}(?<!\\w{first})" if first.isalpha() else re.escape(first)) + f"(?:{'|'.join(rest)})"
        for first, rest in begin_with.items()
    )
    return f"(?:{'|'.join(branches)})"


@cache
def verb_forms(*uses: str) -> str:
    """One regex group for every form of the verbs of some uses: those in -er conjugated, others as they are written.

    >>> import re
    >>> bool(re.fullmatch(verb_forms("paying verb"), "versera"))
    True
    """
    verbs = [verb for use in uses for verb in words_of(use)]
    return alternation(
        form for verb in verbs for form in (conjugated(verb) if verb.endswith("er") else (verb,))
    )


_FOLD = (
    ("’", "'"),
    ("\u2011", "-"),
    ("\u2010", "-"),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\n", " "),
)
_PLAIN = str.maketrans("àâéèêëîïôùûüç", "aaeeeeiiouuuc")


def folded(phrase: str) -> str:
    """A text as a key, as long as it: lower case, plain apostrophe and spaces. Accents stay: `côté` is no `cote`.

    >>> folded("L’État\u00a0français")
    "l'état français"
    """
    lower = phrase.lower()
    if lower.isascii():
        return lower.replace("\n", " ")
    if len(lower) != len(phrase):  # Some capitals have two small letters; offsets must not move.
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in phrase)
    for printed, plain_one in _FOLD:  # ten times as fast as a table of `str.translate`
        lower = lower.replace(printed, plain_one)
    return lower


@lru_cache(maxsize=4 * IN_STEP)
def folded_text(text: str) -> str:
    """A whole text, folded once for all who read it."""
    return folded(text)


def forget_texts() -> None:
    """Empties what is kept of the texts that have been read."""
    folded_text.cache_clear()
    _scanned.cache_clear()


_ENDINGS = {
    "er": "e es ons ez ent ais ait ions iez aient ant a èrent er era erai eront erons erait eraient é ée és ées",
    "ir": "is it issons issez issent issait issaient irent ir ira iront irait iraient issant i ie ies",
    "re": "s  ons ez ent ait aient it irent re ra ront rait raient ant u ue us ues",
}


@cache
def conjugated(infinitive: str) -> tuple[str, ...]:
    """The simple forms and participles of a regular French verb, or of a phrase that begins with one.

    Spellings that no verb has are among them and match nothing. Irregular verbs are written out in the words files.
    Raises `LexiconError` for what is no infinitive.

    >>> {"lèvera", "levé", "leva", "levant"} <= set(conjugated("lever"))
    True
    >>> "s'établissait à" in conjugated("s'établir à"), "annonçait" in conjugated("annoncer")
    (True, True)
    """
    match = re.fullmatch(r"(s'|se )?([\w-]+)(.*)", infinitive, re.DOTALL)
    endings = _ENDINGS.get(match[2][-2:]) if match else None
    if match is None or endings is None:
        raise LexiconError(f"{infinitive!r} is no infinitive in -er, -ir or -re; write its forms as phrases")
    reflexive, verb, rest = match.groups()
    forms = {stem + ending for stem in _stems(verb[:-2], verb[-2:]) for ending in endings.split(" ")}
    return tuple(sorted(f"{reflexive or ''}{form}{rest}" for form in forms))


def _stems(stem: str, ending: str) -> set[str]:
    """The stem with the changes that its spelling makes: lever lève, annoncer annonçait, juger jugeait."""
    stems = {stem}
    if ending == "er":
        if stem.endswith("c"):
            stems.add(stem[:-1] + "ç")
        if stem.endswith("g"):
            stems.add(stem + "e")
        if stem.endswith(("oy", "uy", "ay")):
            stems.add(stem[:-1] + "i")
        if grave := re.fullmatch(r"(.*)[eé]([^aeéiouy]+)", stem):
            stems |= (
                {f"{grave[1]}è{grave[2]}", stem + stem[-1]}
                if stem[-1] in "lt"
                else {f"{grave[1]}è{grave[2]}"}
            )
    return stems


# --- scans ----------------------------------------------------------------------------------------------------

# A scan reads a folded text as one byte a character, so that offsets are code points and RE2 needs no decoding. Its
# classes know ASCII alone: each accented letter of French becomes a capital, which no folded text has, and any other
# letter of cp1252 an underscore, so that `\b` falls where it should. What cp1252 has not becomes a question mark.
_ACCENTED = "àâäçéèêëîïôöùûüÿœæáíóúñãåø"
_BYTE = bytes(
    ord("A") + _ACCENTED.index(char)
    if char in _ACCENTED
    else ord("_")
    if code >= 128 and char.isalnum()
    else code
    for code, char in enumerate(bytes(range(256)).decode("cp1252", "replace"))
)
NOTHING = r"\b\B"  # the pattern that matches nowhere
_SCAN_MEMORY = 1 << 27  # bytes that an automaton of thousands of phrases may take


@lru_cache(maxsize=4 * IN_STEP)
def _scanned(flat: str) -> bytes:
    return flat.encode("cp1252", "replace").translate(_BYTE)


@dataclass(frozen=True)
class Scan:
    """A pattern that RE2 finds in time linear in the text; see `compile_scan`."""

    automaton: Any
    reach: int  # characters that it can take


def compile_scan(pattern: str, reach: int = 80) -> Scan:
    r"""A scan for a pattern over folded text: of two matches at one place the longer, `\b` and `\w` as in French.

    `pattern` is RE2's, in lower case; its letters may have accents outside of character classes. Raises
    `LexiconError` where RE2 refuses it.
    """
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.longest_match = True
    options.max_mem = _SCAN_MEMORY
    options.log_errors = False
    automaton = _re2.RE2(_scanned(pattern), options)
    if not automaton.ok():
        raise LexiconError(f"no scan can be made of {pattern[:60]!r}: {automaton.error()}")
    return Scan(automaton, reach)


def scanned_alternation(phrases: Iterable[str]) -> str:
    """What `alternation` is for a pattern, for a scan: one group for many phrases, accents or none, any spaces.

    >>> scanned_alternation(["jusqu'à", "près de"])
    "(?:jusqu'à|pr[èe]s +de)"
    """
    return "(?:" + ("|".join(sorted(map(_scanned_phrase, set(map(folded, phrases))))) or NOTHING) + ")"


def _scanned_phrase(phrase: str) -> str:
    loose = {c: letters for c, letters in _LOOSE.items() if c.isalpha()} if len(phrase) > 3 else {}
    return "".join(" +" if c == " " else loose.get(c, c if c in "'-" else re.escape(c)) for c in phrase)


# The engine itself, not its wrapper: making match objects costs twice what matching does.
_ANYWHERE = _re2.RE2.Anchor.UNANCHORED


def find_places(scan: Scan, flat: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    r"""Every match that begins in `flat[start:end]`, left to right, none overlapping.

    >>> find_places(compile_scan(r"\b(?:lève|lèvera)\b"), folded("Mistral lèvera, élève"))
    [(8, 14)]
    """
    scanned, stop = _scanned(flat), len(flat) if end is None else end
    last = min(len(flat), stop + scan.reach)
    match, anchor = scan.automaton.Match, _ANYWHERE
    places = []
    while start <= last:
        begin, finish = place = match(anchor, scanned, start, last)[0]
        if begin < 0 or begin >= stop:
            break
        places.append(place)
        start = finish if finish > begin else finish + 1
    return places


def find_place(scan: Scan, flat: str, start: int, end: int) -> tuple[int, int] | None:
    """The first match that begins in `flat[start:end]`, or `None`."""
    last = min(len(flat), end + scan.reach)
    begin, finish = scan.automaton.Match(_ANYWHERE, _scanned(flat), start, last)[0]
    return (begin, finish) if 0 <= begin < end else None


# --- phrases --------------------------------------------------------------------------------------------------

Payload = TypeVar("Payload")


@dataclass(frozen=True)
class Phrases(Generic[Payload]):
    """Phrases with what each stands for, and the one scan that finds thousands of them in a single pass."""

    payloads: dict[str, tuple[Payload, ...]]
    scan: Scan


def phrases_of(pairs: Iterable[tuple[str, Payload]]) -> Phrases[Payload]:
    """The phrases with what each stands for; one phrase may stand for several things."""
    payloads: dict[str, list[Payload]] = {}
    for phrase, payload in pairs:
        for key in {folded(phrase), _without_capital_accent(folded(phrase))}:
            known = payloads.setdefault(key, [])
            if payload not in known:
                known.append(payload)
    branches = [re.escape(phrase) + ("" if phrase.endswith("'") else r"\b") for phrase in sorted(payloads)]
    pattern = rf"\b(?:{'|'.join(branches) or NOTHING})"
    scan = compile_scan(pattern, max(map(len, payloads), default=0))
    return Phrases({phrase: tuple(meant) for phrase, meant in payloads.items()}, scan)


def find_phrases(
    phrases: Phrases[Payload], flat: str, start: int = 0, end: int | None = None
) -> list[tuple[int, int, tuple[Payload, ...]]]:
    """Every phrase in a folded text, left to right, the longest at each place, none overlapping."""
    payloads = phrases.payloads
    return [
        (begin, finish, meant)
        for begin, finish in find_places(phrases.scan, flat, start, end)
        if (meant := payloads.get(flat[begin:finish]))
    ]


def plain(phrase: str) -> str:
    """A phrase as a key that does without accents, for what `pattern_of` has found.

    >>> plain("Février")
    'fevrier'
    """
    return folded(phrase).translate(_PLAIN)


def _without_capital_accent(phrase: str) -> str:
    """`état` as it is printed where capitals lose their accent: `Etat`, `l'Etat`."""
    return re.sub(r"^((?:l'|d')?)(\w)", lambda match: match[1] + match[2].translate(_PLAIN), phrase)
