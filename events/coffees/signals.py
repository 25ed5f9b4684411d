"""Signals of coffees."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CoffeeProposed:
    coffee_id: str


@dataclass(frozen=True)
class CoffeeAnswered:
    """One person accepted; others have not answered."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeConfirmed:
    coffee_id: str


@dataclass(frozen=True)
class CoffeeMoved:
    """A confirmed coffee has another time that everyone accepted."""

    coffee_id: str


@dataclass(frozen=True)
class CoffeeDeclined:
    """`left_ids`: people who had accepted or were still to answer."""

    coffee_id: str
    left_ids: tuple[str, ...]


@dataclass(frozen=True)
class DeclineDelayed:
    """A decline that can still be undone; the others are not told yet."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeExpired:
    coffee_id: str
    left_ids: tuple[str, ...]


@dataclass(frozen=True)
class CoffeeHandedOn:
    """One of two does not come; a coffee of the other with a colleague of theirs took its place.

    `left_ids`: the other, if a block keeps that one from them.
    """

    coffee_id: str
    by_id: str
    left_ids: tuple[str, ...]


@dataclass(frozen=True)
class CoffeeCancelled:
    coffee_id: str
    by_id: str


@dataclass(frozen=True)
class OutcomeGiven:
    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeTimeChosen:
    """Another time was chosen; the others' answers are reset."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeLeft:
    """One of three people left and the other two continue."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class PromiseMade:
    """A new promise, or a new date."""

    promise_id: str


@dataclass(frozen=True)
class CoffeePlaceChosen:
    """Another place was chosen; the others' answers are reset."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeePlaceSet:
    """A confirmed coffee got a place, at the same time."""

    coffee_id: str


@dataclass(frozen=True)
class CoffeeNumberGiven:
    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class IntroductionRequested:
    """Two people are asked to meet; withheld ones reach no one."""

    introduction_id: str


@dataclass(frozen=True)
class IntroductionAgreed:
    """Both accepted, and no common time is known."""

    introduction_id: str


@dataclass(frozen=True)
class CoffeeTookPlace:
    """Known from the call, before any participant told."""

    coffee_id: str
