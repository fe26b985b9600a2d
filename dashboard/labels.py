"""Every French word that stands for a code of the tables, and nothing else."""

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"}
RATES = {"year": "an", "month": "mois", "week": "semaine", "day": "jour", "hour": "h"}

# Singular and plural; a unit that is written the same whatever the number stands twice.
UNITS = {
    "percent": ("%", "%"),
    "per_mille": ("‰", "‰"),
    "percentage_point": ("point", "points"),
    "basis_point": ("point de base", "points de base"),
    "person": ("personne", "personnes"),
    "dimensionless": ("", ""),
    "m**2": ("m²", "m²"),
    "m**3": ("m³", "m³"),
    "hectare": ("hectare", "hectares"),
}

KINDS = {
    "money": "montant",
    "percent": "pourcentage",
    "count": "dénombrement",
    "quantity": "grandeur physique",
    "multiple": "multiple",
}

MEASURES = {
    "deal_value": "rachat ou investissement",
    "funding": "levée de fonds",
    "valuation": "valorisation",
    "stake": "part du capital",
    "capex": "dépenses d’investissement",
    "revenue": "chiffre d’affaires",
    "earnings": "bénéfice",
    "loss": "perte",
    "debt": "dette",
    "assets": "actifs",
    "compensation": "rémunération",
    "price": "prix",
    "penalty": "amende",
    "market_share": "part de marché",
    "rate": "taux",
    "change": "variation",
    "budget": "argent public",
    "headcount": "effectif",
    "users": "utilisateurs",
    "area": "surface",
    "power": "puissance",
    "other": "autre",
}
NO_MEASURE = "mesure non déterminée"

STATUSES = {
    "actual": "affirmé",
    "reported": "rapporté",
    "planned": "prévu",
    "possible": "possible",
    "denied": "démenti",
}

# What follows the colon of « Statut : prévu — … » in the evidence.
STATUS_MEANINGS = {
    "actual": "énoncé comme un fait",
    "reported": "au conditionnel ou d’après une source",
    "planned": "annoncé pour plus tard",
    "possible": "une éventualité",
    "denied": "nié par le texte",
}

# `{}` is the amount that the words hold.
QUALIFIERS = {
    "exact": "{}",
    "about": "environ {}",
    "over": "plus de {}",
    "at_least": "au moins {}",
    "under": "moins de {}",
    "at_most": "au plus {}",
}

QUALIFIER_NAMES = {
    "exact": "exact",
    "about": "approché",
    "over": "plus de",
    "at_least": "au moins",
    "under": "moins de",
    "at_most": "au plus",
    "between": "fourchette",
    "magnitude": "ordre de grandeur",
}

ZONES = {"title": "titre", "body": "corps du texte", "comment": "commentaire", "boilerplate": "hors texte"}
DIRECTIONS = {"up": "hausse", "down": "baisse"}

# Columns whose codes a reader sees as words.
WORDS = {
    "measure": MEASURES,
    "status": STATUSES,
    "qualifier": QUALIFIER_NAMES,
    "kind": KINDS,
    "direction": DIRECTIONS,
    "zone": ZONES,
}

# Headers of the grid, in its order.
HEADERS = {
    "period": "Date",
    "subject": "Entité",
    "actor": "Acteur",
    "measure": "Mesure",
    "value": "Valeur",
    "status": "Statut",
    "quote": "Dans le texte",
    "attribution": "Selon",
    "sentence": "Phrase",
    "title": "Document",
    "publisher": "Éditeur",
    "published": "Paru",
    "qualifier": "Précision",
    "low": "Minimum",
    "high": "Maximum",
    "unit": "Unité",
    "kind": "Nature",
    "direction": "Sens",
    "base": "Base",
    "zone": "Zone",
    "source": "Source",
    "start": "Début",
    "end": "Fin",
    "figure_id": "Identifiant",
}

# What each of these columns says, for a reader who points at its header.
MEANINGS = {
    "period": "La date ou la période dont parle le chiffre",
    "subject": "L’entité que le chiffre décrit : rachetée, évaluée, détenue, condamnée",
    "actor": "L’entité qui paie, détient, achète ou dépense",
    "measure": "Ce que le chiffre mesure",
    "value": "Le nombre imprimé, à son échelle, avec ce qui le nuance",
    "status": "Jusqu’où le texte s’engage sur ce chiffre",
    "quote": "Le chiffre tel qu’il est imprimé",
    "attribution": "À qui le texte prête le chiffre ; vide si c’est lui qui parle",
    "sentence": "La phrase qui énonce le chiffre",
    "title": "Le titre du document",
    "publisher": "Qui a publié le document",
    "published": "Quand le document a paru",
    "qualifier": "Comment le texte tient le nombre : exact, approché, une borne, une fourchette",
    "low": "Le minimum auquel le texte s’engage",
    "high": "Le maximum auquel le texte s’engage",
    "unit": "La monnaie ou l’unité, par période s’il y a lieu",
    "kind": "De quelle sorte de nombre il s’agit",
    "direction": "Hausse ou baisse, si le chiffre est une variation",
    "base": "Ce qui varie, ou ce dont le chiffre est une part",
    "zone": "Dans quelle partie du document se trouve le chiffre",
    "source": "Le fichier ou l’adresse d’où vient le document",
    "start": "Le rang du premier caractère du chiffre dans le texte, compté de zéro",
    "end": "Le rang du caractère qui suit le chiffre",
    "figure_id": "Le nom du chiffre : son document et sa place",
}

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

# The second number of an EDTF date that is no month (ISO 8601-2, 4.8).
DIVISIONS = {
    "21": "printemps",
    "22": "été",
    "23": "automne",
    "24": "hiver",
    "33": "1er trimestre",
    "34": "2e trimestre",
    "35": "3e trimestre",
    "36": "4e trimestre",
    "37": "1er quadrimestre",
    "38": "2e quadrimestre",
    "39": "3e quadrimestre",
    "40": "1er semestre",
    "41": "2e semestre",
}
