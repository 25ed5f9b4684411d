"""Listeners that queue the mails of coffees that are handed on to a colleague."""

from sqlalchemy.orm import Session

from events.coffees.queries.coffees import get_coffee
from events.coffees.signals import CoffeeHandedOn
from events.companies.models import Handover
from events.companies.signals import ColleagueAsked
from events.core.bus import on
from events.core.mail.outbox import queue_mail
from events.notifications.listeners.schedule import in_order


@on(ColleagueAsked)
def mail_colleague(db: Session, signal: ColleagueAsked) -> None:
    handover = db.get_one(Handover, signal.handover_id)
    queue_mail(db, "colleague_asked", handover.to_id, handover.id)


@on(CoffeeHandedOn)
def mail_handed(db: Session, signal: CoffeeHandedOn) -> None:
    """Who is asked for the coffee with the colleague learns it from that mail, and here only for a calendar.

    Whom a block keeps from it hears that the coffee is off, as after any other end.
    """
    coffee = get_coffee(db, signal.coffee_id)
    off = "coffee_cancelled" if coffee.state == "cancelled" else "coffee_off"
    for seat in in_order(coffee.seats):
        if seat.user_id in signal.left_ids:
            queue_mail(db, off, seat.user_id, coffee.id, sequence=coffee.version)
        elif seat.user_id == signal.by_id or seat.invited:
            queue_mail(db, "coffee_handed", seat.user_id, coffee.id, sequence=coffee.version)
