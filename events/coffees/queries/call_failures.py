"""Registry of checks that tell whether a coffee's call failed technically, filled by features above."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from events.coffees.models import Coffee

CallFailureCheck = Callable[[Session, str], bool]
_checks: list[CallFailureCheck] = []


def register_call_failure_check(told: CallFailureCheck) -> None:
    """A feature that carries calls registers a check by coffee id."""
    _checks.append(told)


def had_call_failure(db: Session, coffee: Coffee) -> bool:
    """Then no reason is asked: the failure was technical."""
    return coffee.form == "online" and any(told(db, coffee.id) for told in _checks)
