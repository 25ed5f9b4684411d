"""Data types of a round's input and output, and their JSON form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

Reason = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A participant. `prior_benefit` (JSON: `luck`) sums earlier benefits (`weights.benefit`).

    `trio` accepts a coffee of three, `trio_last` says that the latest coffee was one.
    """

    id: str
    languages: tuple[str, ...]
    free: tuple[datetime, ...]
    offers: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    company: str | None = None
    never: tuple[str, ...] = ()
    forms: tuple[str, ...] = ("online",)
    trio: bool = True
    trio_last: bool = False
    coffees: int = 1
    prior_benefit: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Input of a round. Codes in `together` are shared interactions; `again` (wished by both) lifts
    `met`.
    """

    people: tuple[Person, ...]
    met: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, str, str], ...] = ()
    locked: tuple[tuple[str, str, datetime], ...] = ()
    need: float = 0.5
    slot_minutes: int = 30
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Coffee:
    """Two or three people, a start and form that all of them chose, and reasons for each."""

    people: tuple[str, ...]
    starts_at: datetime
    form: str
    alternatives: tuple[datetime, ...]
    score: float
    reasons: Mapping[str, tuple[Reason, ...]]
    widened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Stats:
    """Result beside proven bounds.

    `seated_most`: no plan within the hard rules, repeated pairs and trios included, seats more people.
    `bound`: no plan that seats `seated` people, in pairs and trios, has a higher score. It ranges over
    new pairs if no unlocked coffee is widened, and over repeated pairs as well if one is. Locked coffees
    count as given in both. With several coffees a person both hold for every plan, but are looser:
    everyone who may meet anyone, with their best partner every time. `locked_refused` counts locked pairs
    that a hard rule forbids; they were matched afresh.
    """

    people: int
    seated: int
    seated_most: int
    score: float
    bound: float
    pairs: int
    trios: int
    widened: int
    locked_refused: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    coffees: tuple[Coffee, ...]
    without: tuple[Unmatched, ...]
    stats: Stats = field(compare=False)

    def as_json(self) -> dict[str, object]:
        """Output document of the contract (docs/pairing.md)."""
        stats = {name: getattr(self.stats, name) for name in Stats.__dataclass_fields__}
        return {
            "coffees": [coffee_as_json(coffee) for coffee in self.coffees],
            "without": [{"id": left.id, "why": left.why} for left in self.without],
            "stats": stats,
        }


def coffee_as_json(coffee: Coffee) -> dict[str, object]:
    return {
        "people": list(coffee.people),
        "starts_at": format_utc(coffee.starts_at),
        "form": coffee.form,
        "alternatives": [format_utc(start) for start in coffee.alternatives],
        "score": coffee.score,
        "reasons": {who: [dict(reason) for reason in why] for who, why in coffee.reasons.items()},
        "widened": list(coffee.widened),
    }


def format_utc(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z, as the contract writes times."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
