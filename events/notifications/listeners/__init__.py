"""What happened becomes a mail in the outbox, in the same transaction; if it is due is read when sent."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts.signals import SignInLinkAsked, SignUpStarted
from events.circles.models import Invitation, JoinRequest, Membership
from events.circles.queries import list_organiser_ids
from events.circles.signals import JoinAsked, JoinDecided, MemberInvited, MembershipStarted
from events.coffees.models import Coffee, Seat
from events.coffees.queries import get_coffee, taking_part
from events.coffees.signals import (
    CoffeeCancelled,
    CoffeeConfirmed,
    CoffeeDeclined,
    CoffeeExpired,
    CoffeeLeft,
    CoffeeMoved,
    CoffeePlaceChosen,
    CoffeePlaceSet,
    CoffeeProposed,
    CoffeeTimeChosen,
)
from events.core import clock
from events.core.bus import on
from events.core.mail import post
from events.core.queue import enqueue
from events.livestreams.models import Livestream
from events.livestreams.queries import get_livestream, list_upcoming
from events.livestreams.signals import LivestreamCancelled, LivestreamMoved, LivestreamPublished
from events.notifications.jobs import announce_livestream, announce_recording
from events.notifications.listeners import coffees_after, rounds
from events.notifications.listeners.moments import later
from events.notifications.queries import minute_of
from events.recordings.signals import RecordingAnnounced
from events.registrations.models import Registration
from events.registrations.queries import list_coming
from events.registrations.signals import GuestAsked, PlaceGivenUp, PlaceTaken
from events.replies.models import Reply
from events.replies.signals import ReplyPassedOn, ReplyRefused

__all__ = ["coffees_after", "rounds"]
DAY_BEFORE = timedelta(days=1)
LIVESTREAM_SOON = timedelta(minutes=20)
COFFEE_SOON = timedelta(hours=1)
NUDGE = timedelta(days=1)


@on(SignUpStarted)
def mail_confirmation(db: Session, signal: SignUpStarted) -> None:
    post(db, "confirm_address", signal.user_id, signal.key_id)


@on(SignInLinkAsked)
def mail_sign_in_link(db: Session, signal: SignInLinkAsked) -> None:
    post(db, "sign_in_link", signal.user_id, signal.key_id)


@on(MemberInvited)
def mail_invitation(db: Session, signal: MemberInvited) -> None:
    """Inviting someone again sends the mail again; pressing twice within a minute does not."""
    invitation = db.get_one(Invitation, signal.invitation_id)
    minute = minute_of(clock.now())
    post(
        db,
        "invited",
        invitation.user_id,
        invitation.id,
        sequence=minute,
        to_many=True,
        group_id=invitation.circle_id,
    )


@on(JoinAsked)
def mail_team(db: Session, signal: JoinAsked) -> None:
    request = db.get_one(JoinRequest, signal.join_request_id)
    for user_id in list_organiser_ids(db, request.circle_id):
        post(db, "join_asked", user_id, request.id, sequence=minute_of(request.created_at))


@on(JoinDecided)
def mail_decision(db: Session, signal: JoinDecided) -> None:
    request = db.get_one(JoinRequest, signal.join_request_id)
    post(db, "join_decided", request.user_id, request.id, sequence=minute_of(request.created_at))


@on(LivestreamPublished)
def mail_circle(db: Session, signal: LivestreamPublished) -> None:
    enqueue(db, announce_livestream, signal.livestream_id, key=f"announce:{signal.livestream_id}:")


@on(MembershipStarted)
def mail_newcomer(db: Session, signal: MembershipStarted) -> None:
    """Whoever joins after the announcement gets it too; coming back does not send it again."""
    membership = db.get_one(Membership, signal.membership_id)
    for livestream in list_upcoming(db, membership.circle_id):
        post(db, "livestream_announced", membership.user_id, livestream.id, to_many=True)


@on(LivestreamPublished, LivestreamMoved, LivestreamCancelled)
def mail_host(db: Session, signal: LivestreamPublished | LivestreamMoved | LivestreamCancelled) -> None:
    """The host registers for nothing: her calendar follows without a place."""
    livestream = get_livestream(db, signal.livestream_id)
    post(db, "livestream_hosted", livestream.host_id, livestream.id, sequence=livestream.sequence)


@on(LivestreamMoved)
def mail_new_time(db: Session, signal: LivestreamMoved) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    for place in list_coming(db, livestream.id):
        post(db, "livestream_moved", place.user_id, livestream.id, sequence=livestream.sequence, to_many=True)
        _remind_of_livestream(db, place.user_id, livestream)


@on(LivestreamCancelled)
def mail_cancellation(db: Session, signal: LivestreamCancelled) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    for place in list_coming(db, livestream.id):
        post(db, "livestream_cancelled", place.user_id, livestream.id, to_many=True)


@on(PlaceTaken)
def mail_place(db: Session, signal: PlaceTaken) -> None:
    registration = db.get_one(Registration, signal.registration_id)
    post(db, "place_taken", registration.user_id, registration.id, sequence=registration.sequence)
    _remind_of_livestream(db, registration.user_id, get_livestream(db, registration.livestream_id))


@on(PlaceGivenUp)
def mail_place_given_up(db: Session, signal: PlaceGivenUp) -> None:
    registration = db.get_one(Registration, signal.registration_id)
    post(db, "place_given_up", registration.user_id, registration.id, sequence=registration.sequence)


@on(GuestAsked)
def mail_guest(db: Session, signal: GuestAsked) -> None:
    """Asking again sends the link again, though the key may be the same."""
    post(db, "guest_link", signal.user_id, signal.key_id, sequence=minute_of(clock.now()))


@on(RecordingAnnounced)
def mail_recording(db: Session, signal: RecordingAnnounced) -> None:
    enqueue(db, announce_recording, signal.recording_id, key=f"recording:{signal.recording_id}:")


@on(CoffeeProposed, CoffeeTimeChosen, CoffeePlaceChosen)
def mail_proposal(db: Session, signal: CoffeeProposed | CoffeeTimeChosen | CoffeePlaceChosen) -> None:
    """To all who are still to answer; a newly chosen time or place asks the others again.

    Who said beforehand that another is welcome too only hears who is asked for them.
    """
    coffee = get_coffee(db, signal.coffee_id)
    for seat in coffee.seats:
        if seat.answer == "waiting":
            many = coffee.round_id is not None
            post(db, "coffee_proposed", seat.user_id, coffee.id, sequence=coffee.version, to_many=many)
            due = minute_of(coffee.answer_by)
            later(db, "coffee_nudge", seat.user_id, coffee.id, coffee.answer_by - NUDGE, due)
        elif seat.with_another and isinstance(signal, CoffeeProposed):
            post(db, "coffee_instead", seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeConfirmed, CoffeeMoved)
def mail_agreed(db: Session, signal: CoffeeConfirmed | CoffeeMoved) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    kind = "coffee_moved" if isinstance(signal, CoffeeMoved) else "coffee_confirmed"
    start = minute_of(coffee.starts_at)
    for seat in taking_part(coffee):
        post(db, kind, seat.user_id, coffee.id, sequence=coffee.version)
        later(db, "coffee_day", seat.user_id, coffee.id, coffee.starts_at - DAY_BEFORE, start)
        later(db, "coffee_soon", seat.user_id, coffee.id, coffee.starts_at - COFFEE_SOON, start)
        later(db, "coffee_after", seat.user_id, coffee.id, coffee.ends_at, start)


@on(CoffeePlaceSet)
def mail_coffee_place(db: Session, signal: CoffeePlaceSet) -> None:
    """The calendars of all follow; the reminders of that time are on their way already."""
    coffee = get_coffee(db, signal.coffee_id)
    for seat in taking_part(coffee):
        post(db, "coffee_place", seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeLeft)
def mail_smaller(db: Session, signal: CoffeeLeft) -> None:
    """One of three is out: a calendar that was invited hears so; the other two hear it once it stands."""
    coffee = get_coffee(db, signal.coffee_id)
    for seat in coffee.seats:
        if seat.user_id == signal.user_id and seat.invited:
            post(db, "coffee_given_up", seat.user_id, coffee.id, sequence=coffee.version)
        elif seat.user_id != signal.user_id and seat.answer == "yes" and coffee.state == "confirmed":
            post(db, "coffee_smaller", seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeCancelled)
def mail_called_off(db: Session, signal: CoffeeCancelled) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    for seat in taking_part(coffee):
        kind = "coffee_given_up" if seat.user_id == signal.by_id else "coffee_cancelled"
        post(db, kind, seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeDeclined, CoffeeExpired)
def mail_off(db: Session, signal: CoffeeDeclined | CoffeeExpired) -> None:
    """Who was left hears it neutrally; who ended it only when their calendar must hear it."""
    coffee = get_coffee(db, signal.coffee_id)
    for seat in coffee.seats:
        if seat.user_id in signal.left_ids:
            post(db, "coffee_off", seat.user_id, coffee.id, sequence=coffee.version)
        elif seat.invited and not _left_before(coffee, seat):
            post(db, "coffee_given_up", seat.user_id, coffee.id, sequence=coffee.version)


@on(ReplyPassedOn)
def mail_reply(db: Session, signal: ReplyPassedOn) -> None:
    reply = db.get_one(Reply, signal.reply_id)
    for user_id in signal.to_ids:
        post(db, "coffee_reply" if reply.coffee_id else "circle_reply", user_id, reply.id)


@on(ReplyRefused)
def mail_refusal(db: Session, signal: ReplyRefused) -> None:
    post(db, "reply_refused", signal.user_id, signal.incoming_id)


def _left_before(coffee: Coffee, seat: Seat) -> bool:
    """Whether this seat said no while the others went on: its calendar has heard already."""
    noes = [one.answered_at for one in coffee.seats if one.answer == "no" and one.answered_at is not None]
    return seat.answer == "no" and (coffee.state == "expired" or seat.answered_at != max(noes))


def _remind_of_livestream(db: Session, user_id: str, livestream: Livestream) -> None:
    start = livestream.starts_at
    later(db, "livestream_day", user_id, livestream.id, start - DAY_BEFORE, minute_of(start))
    later(db, "livestream_soon", user_id, livestream.id, start - LIVESTREAM_SOON, minute_of(start))
