"""Office hours for tests."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.livestreams.models import Livestream
from events.office_hours.models import LivestreamSpeaker, OfficeHour


def make_office_hours(
    db: Session, livestream: Livestream, owner: User, count: int = 3, *, first: datetime | None = None
) -> list[OfficeHour]:
    """Quarters of an hour on the next days, that can be taken for a week."""
    start = first or (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    hours = [
        OfficeHour(
            livestream_id=livestream.id,
            user_id=owner.id,
            starts_at=start + timedelta(days=number),
            ends_at=start + timedelta(days=number, minutes=15),
            closes_at=clock.now() + timedelta(days=7),
            created_at=clock.now(),
        )
        for number in range(count)
    ]
    db.add_all(hours)
    db.flush()
    return hours


def make_speaker(db: Session, livestream: Livestream, user: User) -> None:
    db.add(LivestreamSpeaker(livestream_id=livestream.id, user_id=user.id))
    db.flush()
