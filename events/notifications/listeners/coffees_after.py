"""Listeners that queue mails around a coffee: messages, someone waits, promises, a month later."""

from sqlalchemy.orm import Session

from events.calls.signals import PartnerAwaited
from events.chat.actions.marks import plan_mail
from events.chat.signals import PrivateMessagePosted
from events.coffees.models import Introduction, Promise
from events.coffees.queries.coffees import get_coffee, others_of, taking_part
from events.coffees.rules import MONTH_LATER, promise_reminder_at
from events.coffees.signals import (
    CoffeeTookPlace,
    IntroductionAgreed,
    IntroductionRequested,
    OutcomeGiven,
    PromiseMade,
)
from events.core.auth.actor import SYSTEM
from events.core.bus import on
from events.core.mail.outbox import queue_mail
from events.notifications.listeners.schedule import in_order, later
from events.notifications.queries.mail_content import minute_of


@on(PartnerAwaited)
def mail_absent(db: Session, signal: PartnerAwaited) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    for user_id in signal.absent_ids:
        queue_mail(db, "coffee_waiting", user_id, coffee.id, sequence=minute_of(coffee.starts_at))


@on(PrivateMessagePosted)
def mail_message(db: Session, signal: PrivateMessagePosted) -> None:
    """To the others of the coffee, should they not read it meanwhile; one mail brings all that was said."""
    coffee = get_coffee(db, signal.subject_id)
    for seat in in_order(others_of(coffee, signal.author_id)):
        at = plan_mail(db, SYSTEM, signal.room_id, seat.user_id, signal.seq) if seat.delivered else None
        if at is not None:
            queue_mail(db, "coffee_message", seat.user_id, coffee.id, sequence=signal.seq, at=at)


@on(OutcomeGiven, CoffeeTookPlace)
def ask_later(db: Session, signal: OutcomeGiven | CoffeeTookPlace) -> None:
    """Once it is known that they had coffee, each is asked a month after it; once, however often it is told.

    A talk of a nazit is no coffee: what came of it shows in the coffee that it led to.
    """
    coffee = get_coffee(db, signal.coffee_id)
    if coffee.kind == "coffee" and coffee.state == "met":
        for seat in taking_part(coffee):
            later(db, "look_back", seat.user_id, coffee, coffee.starts_at + MONTH_LATER, 0)


@on(IntroductionRequested)
def mail_introduced(db: Session, signal: IntroductionRequested) -> None:
    introduction = db.get_one(Introduction, signal.introduction_id)
    for user_id in sorted((introduction.partner_id, introduction.member_id)):
        queue_mail(db, "introduction", user_id, introduction.id)


@on(IntroductionAgreed)
def mail_agreed(db: Session, signal: IntroductionAgreed) -> None:
    introduction = db.get_one(Introduction, signal.introduction_id)
    for user_id in sorted((introduction.partner_id, introduction.member_id)):
        queue_mail(db, "introduction_agreed", user_id, introduction.id)


@on(PromiseMade)
def remind_of_promise(db: Session, signal: PromiseMade) -> None:
    """In the morning of its day, to who promised; another date is another reminder."""
    promise = db.get_one(Promise, signal.promise_id)
    if promise.due_on is not None:
        at = promise_reminder_at(promise.due_on, promise.user.zone)
        later(db, "promise_due", promise.user_id, promise, at, minute_of(promise.due_on))
