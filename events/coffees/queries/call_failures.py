"""Whether the technique failed the people of a coffee, asked of whoever carries their call."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from events.coffees.models import Coffee

CallFailureCheck = Callable[[Session, str], bool]
_checks: list[CallFailureCheck] = []


def register_call_failure_check(told: CallFailureCheck) -> None:
    """A feature above this one knows of calls: it says by the id of a coffee whether one failed there."""
    _checks.append(told)


def had_call_failure(db: Session, coffee: Coffee) -> bool:
    """Then nobody is asked for a reason: they could not speak, and that is nobody's fault."""
    return coffee.form == "online" and any(told(db, coffee.id) for told in _checks)
