"""Whether the technique failed the people of a coffee, asked of whoever carries their call."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from events.coffees.models import Coffee

Told = Callable[[Session, str], bool]
_told: list[Told] = []


def register_trouble(told: Told) -> None:
    """A feature above this one knows of calls: it says by the id of a coffee whether one failed there."""
    _told.append(told)


def had_trouble(db: Session, coffee: Coffee) -> bool:
    """Then nobody is asked for a reason: they could not speak, and that is nobody's fault."""
    return coffee.form == "online" and any(told(db, coffee.id) for told in _told)
