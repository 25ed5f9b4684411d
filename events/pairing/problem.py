"""What goes into a round and what comes out: plain frozen values, and their form as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

Reason = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who said yes. `luck` is the benefit so far, about 0 to 1 for every earlier coffee.

    `trio` says whether a coffee of three is welcome, `trio_last` whether the latest coffee was one.
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
    luck: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A round. `together` codes are shared moments; the code `again` (both wish it) lifts `met`."""

    people: tuple[Person, ...]
    met: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, str, str], ...] = ()
    locked: tuple[tuple[str, str, datetime], ...] = ()
    need: float = 0.5
    slot_minutes: int = 30
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Coffee:
    """Two or three people, a start and a form all of them chose, and why, for each of them."""

    people: tuple[str, ...]
    starts_at: datetime
    form: str
    alternatives: tuple[datetime, ...]
    score: float
    reasons: Mapping[str, tuple[Reason, ...]]
    widened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody without a coffee, and the code of the reason."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Stats:
    """What was reached, beside what nobody could surpass.

    `seated_most`: no plan within the hard rules, met pairs and trios included, seats more people.
    `bound`: no plan that seats `seated` people, in pairs and trios, has a higher score. It ranges over
    fresh pairs when no unlocked coffee is widened, and over met pairs as well when one is. Locked coffees
    are taken as given in both. When anybody wants several coffees both still hold for every plan, but
    are looser: everyone who may meet anybody, with their very best partner every time.
    `locked_refused` counts locked pairs that a hard rule forbids: they were matched afresh.
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
    """A plan for the round."""

    coffees: tuple[Coffee, ...]
    without: tuple[Unmatched, ...]
    stats: Stats = field(compare=False)

    def as_json(self) -> dict[str, object]:
        """The output document of the contract."""
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
    """A moment as the contract writes it: UTC with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
