"""Whole evenings for tests: a livestream in a state, with an agenda."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.core import clock
from events.livestreams.models import AgendaItem, Livestream
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast

AGENDA = ("Welkom", "Drie offertes", "Jullie vragen")


def make_evening(
    db: Session, cast: Cast, *, state: str = "live", audience: str = "members", items: int = 3
) -> Livestream:
    """A livestream of the cast's circle in that state, hosted by Anna."""
    upcoming = state in {"draft", "announced"}
    start = clock.now() + (timedelta(days=1) if upcoming else timedelta())
    livestream = make_livestream(db, cast.circle, cast.anna, state=state, audience=audience, starts_at=start)
    for position in range(items):
        title = AGENDA[position % len(AGENDA)]
        db.add(AgendaItem(livestream_id=livestream.id, position=position, minute=20 * position, title=title))
    db.flush()
    return livestream
