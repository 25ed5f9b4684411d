"""Hook for the parts of a circle's page that features above this one provide."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from events.circles.models import Circle, Membership
from events.core.auth.actor import Actor

Read = Callable[[Session, Actor, Circle, Membership | None], object]
_readers: list[Read] = []


def register_page_parts(read: Read) -> None:
    """Register read(db, actor, circle, membership) -> view data of `pages/_circle_page.html`."""
    _readers[:] = [read]


def read_page_parts(db: Session, actor: Actor, circle: Circle, membership: Membership | None) -> object:
    return _readers[0](db, actor, circle, membership) if _readers else None
