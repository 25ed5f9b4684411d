"""Pure rules of endings: when a livestream is overdue, ends by itself, did not start, or goes back on air.

All times are in UTC, so a change of the clocks during an evening shifts none of them.
"""

from datetime import datetime, timedelta

from events.livestreams.models import Livestream
from events.livestreams.rules.states import ON_AIR, UPCOMING

AUTO_END_CHOICES = (15, 30, 45, 60, 90, 120, 180)  # minutes after the planned end
BY_HAND = 1440  # minutes: "only by hand" ends a day later at the latest
EXTENSION = timedelta(minutes=30)
NUDGE_AFTER = timedelta(minutes=10)  # after the planned end, by mail
NOT_STARTED_AFTER = timedelta(minutes=45)  # after the planned end of one that nobody started
UNDO_END = timedelta(minutes=15)
MAX_AGE_HELD = timedelta(days=60)  # of an evening held elsewhere that is entered afterwards


def expected_end(livestream: Livestream) -> datetime:
    """The planned end, or as long after a late start as was planned."""
    began = max(livestream.went_live_at or livestream.starts_at, livestream.starts_at)
    return began + (livestream.ends_at - livestream.starts_at)


def ends_itself_at(livestream: Livestream) -> datetime:
    """When it ends without anybody pressing, but not while the host asked for more time."""
    due_at = expected_end(livestream) + timedelta(minutes=livestream.auto_end_minutes)
    return max(due_at, livestream.extended_until or due_at)


def is_overdue(livestream: Livestream, now: datetime) -> bool:
    """On air past its end, without more time asked for."""
    return livestream.state in ON_AIR and now >= overdue_from(livestream)


def overdue_from(livestream: Livestream) -> datetime:
    end = expected_end(livestream)
    return max(end, livestream.extended_until or end)


def is_due_to_end(livestream: Livestream, now: datetime) -> bool:
    return livestream.state in ON_AIR and now >= ends_itself_at(livestream)


def is_missed(livestream: Livestream, now: datetime) -> bool:
    """Announced, and nobody started it."""
    return livestream.state in UPCOMING and now >= livestream.ends_at + NOT_STARTED_AFTER


def undo_end_until(livestream: Livestream, now: datetime) -> datetime | None:
    """Until when an end can be taken back; None if it no longer can."""
    if livestream.state != "ended" or livestream.held_elsewhere or livestream.ended_at is None:
        return None
    until = livestream.ended_at + UNDO_END
    return until if now < until else None
