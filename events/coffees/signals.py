"""What happens to coffees."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CoffeeProposed:
    coffee_id: str


@dataclass(frozen=True)
class CoffeeAnswered:
    """One of them said yes; the others have not all answered yet."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeConfirmed:
    coffee_id: str


@dataclass(frozen=True)
class CoffeeMoved:
    """A confirmed coffee has another time now, and everyone agreed to it."""

    coffee_id: str


@dataclass(frozen=True)
class CoffeeDeclined:
    """Someone said not now, silently; `left_ids` had said yes or were still to answer."""

    coffee_id: str
    left_ids: tuple[str, ...]


@dataclass(frozen=True)
class DeclineDelayed:
    """Someone said not now and can still undo it; the others hear nothing yet."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeExpired:
    coffee_id: str
    left_ids: tuple[str, ...]


@dataclass(frozen=True)
class CoffeeCancelled:
    """A confirmed coffee is off; `by_id` said so."""

    coffee_id: str
    by_id: str


@dataclass(frozen=True)
class OutcomeGiven:
    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeTimeChosen:
    """One of them chose another of the common times; the others are asked again, whatever they said."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeeLeft:
    """One of three stepped out and the other two go on; `user_id` is the one who left."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class PromiseMade:
    """Something was promised, or its date changed."""

    promise_id: str


@dataclass(frozen=True)
class CoffeePlaceChosen:
    """One of them named another place; the others are asked again, whatever they said."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CoffeePlaceSet:
    """A coffee that stands has its place, or another one that everyone agreed to, at the same time."""

    coffee_id: str


@dataclass(frozen=True)
class CoffeeNumberGiven:
    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class IntroductionRequested:
    """Two people are asked whether they would like to meet; of one that is held nobody is asked."""

    introduction_id: str


@dataclass(frozen=True)
class IntroductionAgreed:
    """Both said yes, and no time is known that suits them both: one of them may name one."""

    introduction_id: str
