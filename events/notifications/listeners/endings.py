"""Listeners that queue mails to host and team about a livestream that was not wrapped up, or not started."""

from sqlalchemy.orm import Session

from events.core.bus import on
from events.core.mail.outbox import queue_mail
from events.livestreams.queries.endings import list_director_ids
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.rules.endings import NUDGE_AFTER, expected_end
from events.livestreams.signals import LivestreamEnded, LivestreamMissed, LivestreamStarted
from events.notifications.queries.mail_content import minute_of


@on(LivestreamStarted)
def plan_nudge(db: Session, signal: LivestreamStarted) -> None:
    """Once a livestream: dropped when sent, if it was wrapped up by then."""
    livestream = get_livestream(db, signal.livestream_id)
    end = expected_end(livestream)
    sequence = minute_of(end)
    queue_mail(
        db, "livestream_overdue", livestream.host_id, livestream.id, sequence=sequence, at=end + NUDGE_AFTER
    )


@on(LivestreamEnded)
def mail_end(db: Session, signal: LivestreamEnded) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    if livestream.ended_itself and livestream.ended_at is not None:
        sequence = minute_of(livestream.ended_at)
        queue_mail(db, "livestream_ended_itself", livestream.host_id, livestream.id, sequence=sequence)


@on(LivestreamMissed)
def mail_missed(db: Session, signal: LivestreamMissed) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    for user_id in list_director_ids(db, livestream):
        queue_mail(db, "livestream_missed", user_id, livestream.id, sequence=livestream.sequence)
