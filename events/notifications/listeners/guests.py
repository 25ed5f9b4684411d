"""Listeners that queue mails to guests, and to the team about them."""

from sqlalchemy.orm import Session

from events.accounts.queries.people import list_users
from events.core import clock
from events.core.bus import on
from events.core.mail.daily import after_the_night
from events.core.mail.outbox import queue_mail
from events.guests.models import Guest
from events.guests.signals import GuestDeclined, GuestPlaceRequested
from events.livestreams.queries.endings import list_director_ids
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.signals import LivestreamEnded
from events.notifications.queries.guests import ASK_GUEST_AFTER, GUEST_AFTER
from events.registrations.queries.registrations import list_guest_ids


@on(GuestPlaceRequested)
def mail_team(db: Session, signal: GuestPlaceRequested) -> None:
    guest = db.get_one(Guest, signal.guest_id)
    for user_id in list_director_ids(db, get_livestream(db, guest.livestream_id)):
        queue_mail(db, "guest_asked", user_id, guest.id)


@on(GuestDeclined)
def mail_declined(db: Session, signal: GuestDeclined) -> None:
    guest = db.get_one(Guest, signal.guest_id)
    queue_mail(db, "guest_declined", guest.user_id, guest.id)


@on(LivestreamEnded)
def ask_guests(db: Session, signal: LivestreamEnded) -> None:
    """Whoever came is asked whether they would like to join; dropped when sent, if they did not come."""
    livestream = get_livestream(db, signal.livestream_id)
    if livestream.audience != "members":
        return
    guests = list_users(db, list_guest_ids(db, livestream.id))
    for user in sorted(guests.values(), key=lambda user: user.id):
        queue_mail(
            db,
            GUEST_AFTER,
            user.id,
            livestream.id,
            at=after_the_night(clock.now() + ASK_GUEST_AFTER, user.zone),
            bulk=True,
            group_id=livestream.circle_id,
            daily_in=user.zone,
        )
