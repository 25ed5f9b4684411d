"""Hook for a circle's next event, provided by a feature above this one."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from events.core.auth.actor import Actor

Coming = Callable[[Session, Actor, str], object | None]
_readers: list[Coming] = []


def register_upcoming(read: Coming) -> None:
    """Register read(db, actor, circle id) -> view data of `registrations/_coming_next.html`, or
    None."""
    _readers[:] = [read]


def find_upcoming(db: Session, actor: Actor, circle_id: str) -> object | None:
    return _readers[0](db, actor, circle_id) if _readers else None
