"""Listeners that queue the mails of accounts, circles, coffees and replies in the same transaction."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts.signals import ConfirmationLinkIssued, SignInLinkIssued
from events.circles.models import Invitation, JoinRequest
from events.circles.queries.circles import list_organiser_ids
from events.circles.signals import JoinDecided, JoinRequested, MemberInvited
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import get_coffee, taking_part
from events.coffees.queries.deadlines import nudge_time
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
from events.core.mail.daily import after_the_night
from events.core.mail.outbox import queue_mail
from events.notifications.listeners.schedule import in_order, later
from events.notifications.queries.accounts import INVITATION_REMINDER, INVITATION_REMINDERS
from events.notifications.queries.mail_content import minute_of
from events.replies.models import Reply
from events.replies.signals import ReplyPassedOn, ReplyRefused

DAY_BEFORE = timedelta(days=1)
COFFEE_SOON = timedelta(hours=1)


@on(ConfirmationLinkIssued)
def mail_confirmation(db: Session, signal: ConfirmationLinkIssued) -> None:
    queue_mail(db, "confirm_address", signal.user_id, signal.key_id)


@on(SignInLinkIssued)
def mail_sign_in_link(db: Session, signal: SignInLinkIssued) -> None:
    queue_mail(db, "sign_in_link", signal.user_id, signal.key_id)


@on(MemberInvited)
def mail_invitation(db: Session, signal: MemberInvited) -> None:
    """Inviting someone again sends the mail again; pressing twice within a minute does not. The reminders are
    planned once: they count from the day of the invitation.
    """
    invitation = db.get_one(Invitation, signal.invitation_id)
    minute = minute_of(clock.now())
    queue_mail(
        db,
        "invited",
        invitation.user_id,
        invitation.id,
        sequence=minute,
        bulk=True,
        group_id=invitation.circle_id,
    )
    for number, after in enumerate(INVITATION_REMINDERS, 1):
        queue_mail(
            db,
            INVITATION_REMINDER,
            invitation.user_id,
            invitation.id,
            sequence=number,
            at=after_the_night(invitation.created_at + after, invitation.user.zone),
            bulk=True,
            group_id=invitation.circle_id,
            daily_in=invitation.user.zone,
        )


@on(JoinRequested)
def mail_team(db: Session, signal: JoinRequested) -> None:
    request = db.get_one(JoinRequest, signal.join_request_id)
    for user_id in sorted(list_organiser_ids(db, request.circle_id)):
        queue_mail(db, "join_asked", user_id, request.id, sequence=minute_of(request.created_at))


@on(JoinDecided)
def mail_decision(db: Session, signal: JoinDecided) -> None:
    request = db.get_one(JoinRequest, signal.join_request_id)
    queue_mail(db, "join_decided", request.user_id, request.id, sequence=minute_of(request.created_at))


@on(CoffeeProposed, CoffeeTimeChosen, CoffeePlaceChosen)
def mail_proposal(db: Session, signal: CoffeeProposed | CoffeeTimeChosen | CoffeePlaceChosen) -> None:
    """To all who are still to answer; a newly chosen time or place asks the others again.

    Who said beforehand that another is welcome too only hears who is asked for them.
    """
    coffee = get_coffee(db, signal.coffee_id)
    nudge_at = nudge_time(db, coffee)
    for seat in in_order(coffee.seats):
        if seat.answer == "waiting":
            many = coffee.round_id is not None
            group_id = coffee.circle_id if many else None
            queue_mail(
                db,
                "coffee_proposed",
                seat.user_id,
                coffee.id,
                sequence=coffee.version,
                bulk=many,
                group_id=group_id,
            )
            due = minute_of(coffee.answer_by)
            later(db, "coffee_nudge", seat.user_id, coffee, nudge_at, due)
        elif seat.accepts_replacement and isinstance(signal, CoffeeProposed):
            queue_mail(db, "coffee_instead", seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeConfirmed, CoffeeMoved)
def mail_agreed(db: Session, signal: CoffeeConfirmed | CoffeeMoved) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    kind = "coffee_moved" if isinstance(signal, CoffeeMoved) else "coffee_confirmed"
    start = minute_of(coffee.starts_at)
    for seat in taking_part(coffee):
        queue_mail(db, kind, seat.user_id, coffee.id, sequence=coffee.version)
        later(db, "coffee_day", seat.user_id, coffee, coffee.starts_at - DAY_BEFORE, start)
        later(db, "coffee_soon", seat.user_id, coffee, coffee.starts_at - COFFEE_SOON, start)
        later(db, "coffee_after", seat.user_id, coffee, coffee.ends_at, start)


@on(CoffeePlaceSet)
def mail_coffee_place(db: Session, signal: CoffeePlaceSet) -> None:
    """The calendars of all follow; the reminders of that time are on their way already."""
    coffee = get_coffee(db, signal.coffee_id)
    for seat in in_order(taking_part(coffee)):
        queue_mail(db, "coffee_place", seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeLeft)
def mail_smaller(db: Session, signal: CoffeeLeft) -> None:
    """One of three is out: a calendar that was invited hears so; the other two hear it once it stands."""
    coffee = get_coffee(db, signal.coffee_id)
    for seat in coffee.seats:
        if seat.user_id == signal.user_id and seat.invited:
            queue_mail(db, "coffee_given_up", seat.user_id, coffee.id, sequence=coffee.version)
        elif seat.user_id != signal.user_id and seat.answer == "yes" and coffee.state == "confirmed":
            queue_mail(db, "coffee_smaller", seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeCancelled)
def mail_called_off(db: Session, signal: CoffeeCancelled) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    for seat in taking_part(coffee):
        kind = "coffee_given_up" if seat.user_id == signal.by_id else "coffee_cancelled"
        queue_mail(db, kind, seat.user_id, coffee.id, sequence=coffee.version)


@on(CoffeeDeclined, CoffeeExpired)
def mail_off(db: Session, signal: CoffeeDeclined | CoffeeExpired) -> None:
    """Who was left hears it neutrally; who ended it only when their calendar must hear it."""
    coffee = get_coffee(db, signal.coffee_id)
    for seat in coffee.seats:
        if seat.user_id in signal.left_ids:
            queue_mail(db, "coffee_off", seat.user_id, coffee.id, sequence=coffee.version)
        elif seat.invited and not _left_before(coffee, seat):
            queue_mail(db, "coffee_given_up", seat.user_id, coffee.id, sequence=coffee.version)


@on(ReplyPassedOn)
def mail_reply(db: Session, signal: ReplyPassedOn) -> None:
    reply = db.get_one(Reply, signal.reply_id)
    for user_id in sorted(signal.to_ids):
        queue_mail(db, "coffee_reply" if reply.coffee_id else "circle_reply", user_id, reply.id)


@on(ReplyRefused)
def mail_refusal(db: Session, signal: ReplyRefused) -> None:
    queue_mail(db, "reply_refused", signal.user_id, signal.incoming_id)


def _left_before(coffee: Coffee, seat: Seat) -> bool:
    """Whether this seat said no while the others went on: its calendar has heard already."""
    noes = [one.answered_at for one in coffee.seats if one.answer == "no" and one.answered_at is not None]
    return seat.answer == "no" and (coffee.state == "expired" or seat.answered_at != max(noes))
