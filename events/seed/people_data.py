"""Data of the demo members: names, topics, asks and offers."""

from dataclasses import dataclass

CIRCLE_SLUG = "bedrijvenkring-demo"
CIRCLE_NAME = "Bedrijvenkring Demo"
LEAD = "Ondernemers uit stad en streek, van één tot vijftig man."
ABOUT = (
    "Ruim veertig ondernemers uit stad en streek. Elke maand een livestream van een uur, "
    "daarna koffie met wie je nog niet kende."
)

_FIRST = """
Farid Greet Hassan Iris Joost Karima Lars Mirthe Noor Otto Pien Quinten Rosa Sem Tess Umut Vera Wout
Xandra Yusuf Zara Aart Bo Cees Dirk Eefje Floor Gijs Hedwig Ilse Jip Koen Lotte Milan Nienke Okke Puck
Roos Siem Teun
""".split()  # noqa: SIM905 - forty quoted names read worse
_TRADES = (
    ("bakker", "Bakkerij {}"),
    ("accountant", "Kantoor {}"),
    ("installateur", "{} Installatie"),
    ("grafisch ontwerper", "Studio {}"),
    ("hovenier", "{} Groen"),
    ("transportondernemer", "{} Transport"),
    ("softwareontwikkelaar", "{} Software"),
    ("notaris", "Notariaat {}"),
    ("fysiotherapeut", "Praktijk {}"),
    ("meubelmaker", "{} Meubels"),
)
_TOPICS = (
    "Personeel vinden", "Offertes", "Inwerken", "Klanten vinden", "Prijzen bepalen", "Cashflow", "Marketing",
    "Leidinggeven", "Automatiseren", "Duurzaam ondernemen", "Webwinkel", "Bedrijfsopvolging",
)  # fmt: skip


@dataclass(frozen=True)
class Someone:
    """One person of the demo circle; asks and offers are names of topics."""

    name: str
    email: str
    headline: str
    company: str
    asks: tuple[str, ...]
    offers: tuple[str, ...]


CAST = (
    Someone(
        "Anna", "anna@demo.test", "voorzitter, adviseur", "Anna Advies",
        asks=("Klanten vinden",), offers=("Leidinggeven", "Planning en tijd"),
    ),
    Someone(
        "Bram", "bram@demo.test", "installateur, acht man", "Bram Installatie",
        asks=("Inwerken", "Personeel vinden"), offers=("Offertes", "Inkoop"),
    ),
    Someone(
        "Chris", "chris@demo.test", "meubelmaker", "Chris Meubels",
        asks=("Marketing", "Webwinkel"), offers=("Offertes", "Prijzen bepalen"),
    ),
    Someone(
        "Dana", "dana@demo.test", "accountant", "Kantoor Dana",
        asks=("Offertes", "Automatiseren"), offers=("Inwerken", "Cashflow"),
    ),
)  # fmt: skip


def members() -> tuple[Someone, ...]:
    """The forty others, each time the same."""
    return tuple(_member(number, name) for number, name in enumerate(_FIRST))


def _member(number: int, name: str) -> Someone:
    trade, company = _TRADES[number % len(_TRADES)]
    topics = [_TOPICS[(number * 5 + step * 3) % len(_TOPICS)] for step in range(4)]
    return Someone(
        name=name,
        email=f"{name.lower()}@demo.test",
        headline=trade,
        company=company.format(name),
        asks=tuple(topics[:2]),
        offers=tuple(topics[2:]),
    )
