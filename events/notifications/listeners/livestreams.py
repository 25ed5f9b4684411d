"""Listeners that queue mails about livestreams, registrations and recordings, within a circle's ceilings."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.circles.models import Membership
from events.circles.signals import MembershipStarted
from events.core import clock
from events.core.bus import on
from events.core.mail.mailings import enter_mailing
from events.core.mail.outbox import drop_waiting, queue_mail
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream, list_upcoming
from events.livestreams.signals import HostChanged, LivestreamCancelled, LivestreamMoved, LivestreamPublished
from events.notifications.jobs import enqueue_announcement, mail_daily
from events.notifications.listeners.schedule import later
from events.notifications.queries.hosts import host_sequence
from events.notifications.queries.livestreams import announced_until
from events.notifications.queries.mail_content import minute_of
from events.recordings.models import Recording
from events.recordings.signals import RecordingAnnounced
from events.registrations.models import Registration
from events.registrations.queries.registrations import list_coming
from events.registrations.queries.waiting_list import list_on_list
from events.registrations.signals import (
    GuestLinkIssued,
    LastPlacesCalled,
    PlaceOffered,
    RegistrationAdded,
    RegistrationWithdrawn,
)

DAY_BEFORE = timedelta(days=1)
LIVESTREAM_SOON = timedelta(minutes=20)


@on(LivestreamPublished)
def mail_circle(db: Session, signal: LivestreamPublished) -> None:
    enter_mailing(db, get_livestream(db, signal.livestream_id).circle_id, signal.livestream_id)
    enqueue_announcement(db, "livestream_announced", signal.livestream_id)


@on(MembershipStarted)
def mail_newcomer(db: Session, signal: MembershipStarted) -> None:
    """Whoever joins after the announcement gets it too; coming back does not send it again."""
    membership = db.get_one(Membership, signal.membership_id)
    for livestream in list_upcoming(db, membership.circle_id):
        until = announced_until(livestream)
        mail_daily(
            db, "livestream_announced", membership.user, livestream.id, membership.circle_id, until=until
        )


@on(LivestreamPublished, LivestreamMoved, LivestreamCancelled)
def mail_host(db: Session, signal: LivestreamPublished | LivestreamMoved | LivestreamCancelled) -> None:
    """The host registers for nothing: her calendar follows without a place."""
    livestream = get_livestream(db, signal.livestream_id)
    queue_mail(db, "livestream_hosted", livestream.host_id, livestream.id, sequence=host_sequence(livestream))


@on(HostChanged)
def mail_hosts(db: Session, signal: HostChanged) -> None:
    """The new host's calendar gets the entry and that of the former one loses it."""
    livestream = get_livestream(db, signal.livestream_id)
    sequence = host_sequence(livestream)
    queue_mail(db, "livestream_handed", livestream.host_id, livestream.id, sequence=sequence)
    queue_mail(db, "livestream_unhosted", signal.former_id, livestream.id, sequence=sequence)


@on(LivestreamMoved)
def mail_new_time(db: Session, signal: LivestreamMoved) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    enter_mailing(db, livestream.circle_id, livestream.id, announces=False)
    for place in _concerned(db, livestream):
        queue_mail(
            db,
            "livestream_moved",
            place.user_id,
            livestream.id,
            sequence=livestream.sequence,
            bulk=True,
            group_id=livestream.circle_id,
        )
        if place.state == "coming":
            _remind_of_livestream(db, place.user_id, livestream)


@on(LivestreamCancelled)
def mail_cancellation(db: Session, signal: LivestreamCancelled) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    drop_waiting(db, "livestream_announced", livestream.id, livestream.circle_id)
    for place in _concerned(db, livestream):
        circle_id = livestream.circle_id
        queue_mail(db, "livestream_cancelled", place.user_id, livestream.id, bulk=True, group_id=circle_id)


@on(RegistrationAdded)
def mail_place(db: Session, signal: RegistrationAdded) -> None:
    registration = db.get_one(Registration, signal.registration_id)
    queue_mail(db, "place_taken", registration.user_id, registration.id, sequence=registration.sequence)
    _remind_of_livestream(db, registration.user_id, get_livestream(db, registration.livestream_id))


@on(RegistrationWithdrawn)
def mail_place_given_up(db: Session, signal: RegistrationWithdrawn) -> None:
    registration = db.get_one(Registration, signal.registration_id)
    queue_mail(db, "place_given_up", registration.user_id, registration.id, sequence=registration.sequence)


@on(PlaceOffered)
def mail_offer(db: Session, signal: PlaceOffered) -> None:
    registration = db.get_one(Registration, signal.registration_id)
    if registration.answer_by is not None:
        until = minute_of(registration.answer_by)
        queue_mail(db, "place_offered", registration.user_id, registration.id, sequence=until)


@on(LastPlacesCalled)
def mail_last_places(db: Session, signal: LastPlacesCalled) -> None:
    registration = db.get_one(Registration, signal.registration_id)
    livestream = get_livestream(db, registration.livestream_id)
    start = minute_of(livestream.starts_at)
    queue_mail(
        db,
        "last_places",
        registration.user_id,
        registration.id,
        sequence=start,
        bulk=True,
        group_id=livestream.circle_id,
    )


@on(GuestLinkIssued)
def mail_guest(db: Session, signal: GuestLinkIssued) -> None:
    """Asking again sends the link again, though the key may be the same."""
    queue_mail(db, "guest_link", signal.user_id, signal.key_id, sequence=minute_of(clock.now()))


@on(RecordingAnnounced)
def mail_recording(db: Session, signal: RecordingAnnounced) -> None:
    recording = db.get_one(Recording, signal.recording_id)
    livestream = get_livestream(db, recording.livestream_id)
    enter_mailing(db, livestream.circle_id, recording.id)
    enqueue_announcement(db, "recording_ready", signal.recording_id)


def _concerned(db: Session, livestream: Livestream) -> list[Registration]:
    """Who comes, then who is on the waiting list."""
    return [*list_coming(db, livestream.id), *list_on_list(db, livestream.id)]


def _remind_of_livestream(db: Session, user_id: str, livestream: Livestream) -> None:
    start = livestream.starts_at
    later(db, "livestream_day", user_id, livestream, start - DAY_BEFORE, minute_of(start))
    later(db, "livestream_soon", user_id, livestream, start - LIVESTREAM_SOON, minute_of(start))
