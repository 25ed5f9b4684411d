"""The members of the simulated circle: who they are, when they join and how they decide; pure."""

from dataclasses import dataclass
from random import Random

from events.circles.rules import DEFAULT_TOPICS
from events.seed.year.assumptions import KINDS, Kind

CIRCLE_SLUG = "jaarkring-demo"
CIRCLE_NAME = "Jaarkring Demo"
ABOUT = "Een kring om in rond te kijken: één jaar, nagespeeld met verzonnen mensen."
DOMAIN = "jaarkring.test"
OWNER, OWNER_NAME = f"ingrid@{DOMAIN}", "Ingrid de Wit"
NEWCOMERS = 0.2  # of the members join during the year
MAX_TOPICS = 3
_FIRST = """
Aagje Bas Coen Doris Ewout Fleur Geert Hanneke Ivo Jolanda Kees Lieke Maarten Nora Olaf Petra Quirijn Renske
Sjoerd Trudy Ulrich Veerle Willem Yvonne
""".split()  # noqa: SIM905 - names in a list read worse
_LAST = "Bakker Jansen Visser Smit Mulder Bos Vos Peters Hendriks Dekker Kok Maas".split()  # noqa: SIM905
_TRADES = (
    "drukker",
    "architect",
    "bakker",
    "coach",
    "fietsenmaker",
    "jurist",
    "loodgieter",
    "tekstschrijver",
)


@dataclass(frozen=True)
class Member:
    """`joins`: the day of the year on which this person joins; 0 for who is there from the start."""

    number: int
    name: str
    email: str
    headline: str
    company: str
    kind: Kind
    joins: int
    asks: tuple[str, ...]
    offers: tuple[str, ...]
    fills_profile: bool


@dataclass(frozen=True)
class Chance:
    """Decisions of people by person and question alone, so that two runs differ only in what was switched."""

    seed: int

    def happens(self, share: float, *question: object) -> bool:
        return self.draw(*question).random() < share

    def hours(self, median: float, *question: object) -> float:
        """A delay with this median: mostly near it, sometimes days; a quarter of an hour at least."""
        return max(0.25, self.draw(*question, "hours").lognormvariate(0, 0.9) * median)

    def draw(self, *question: object) -> Random:
        return Random("|".join(map(str, (self.seed, *question))))  # noqa: S311 - a simulation


def make_members(count: int, days: int, chance: Chance) -> list[Member]:
    """The owner and `count - 1` members of three kinds; the last fifth joins in months two to ten."""
    at_start = count - round(count * NEWCOMERS)
    return [
        _member(number, _joins(number - at_start, count - at_start, days), chance) for number in range(count)
    ]


def _joins(place: int, newcomers: int, days: int) -> int:
    return 0 if place < 0 else round(days * (0.1 + 0.7 * place / max(1, newcomers)))


def _member(number: int, joins: int, chance: Chance) -> Member:
    draw = chance.draw("member", number)
    kind = draw.choices(KINDS, [one.part for one in KINDS])[0]
    first, last = _FIRST[number % len(_FIRST)], _LAST[(number // len(_FIRST) + number) % len(_LAST)]
    names = [dutch for dutch, _english in DEFAULT_TOPICS]
    # Some topics are asked and offered by many, others by few.
    weights = [1 / (place + 3) for place in range(len(names))]
    chosen = list(dict.fromkeys(draw.choices(names, weights, k=12)))
    asks = draw.randint(1, MAX_TOPICS)
    return Member(
        number=number,
        name=f"{first} {last}" if number else OWNER_NAME,
        email=f"lid{number:03}@{DOMAIN}" if number else OWNER,
        headline=_TRADES[number % len(_TRADES)],
        company=f"{last} {number:03}",
        kind=kind,
        joins=joins,
        asks=tuple(chosen[:asks]),
        offers=tuple(chosen[asks : asks + draw.randint(1, MAX_TOPICS)]),
        fills_profile=draw.random() < kind.has_topics,
    )
