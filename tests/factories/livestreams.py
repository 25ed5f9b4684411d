"""Livestreams for tests."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.core import clock
from events.core.ids import new_id
from events.core.text.markup import slugify
from events.livestreams.models import AgendaItem, Livestream


def make_livestream(
    db: Session,
    circle: Circle,
    host: User,
    *,
    title: str = "Offertes die een ja krijgen",
    state: str = "announced",
    audience: str = "members",
    starts_at: datetime | None = None,
    capacity: int | None = None,
    provider: str = "hls",
    source_ref: str = "http://localhost:8000/media/demo/film.m3u8",
) -> Livestream:
    moment = clock.now()
    start = starts_at or moment + timedelta(days=1)
    begun = state in {"live", "paused", "ended", "replay"}
    livestream = Livestream(
        circle_id=circle.id,
        host_id=host.id,
        slug=slugify(title),
        title=title,
        audience=audience,
        zone=circle.zone,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        provider=provider,
        source_ref=source_ref,
        state=state,
        capacity=capacity,
        published_at=None if state == "draft" else moment,
        went_live_at=moment if begun else None,
        ended_at=moment if state in {"ended", "replay"} else None,
        calendar_uid=f"{new_id()}@ontmoet.test",
        created_at=moment,
    )
    db.add(livestream)
    db.flush()
    return livestream


def make_agenda(db: Session, livestream: Livestream, *titles: str) -> list[AgendaItem]:
    """Items ten minutes apart; none has begun."""
    items = [
        AgendaItem(livestream_id=livestream.id, position=place, minute=place * 10, title=title)
        for place, title in enumerate(titles)
    ]
    db.add_all(items)
    db.flush()
    return items
