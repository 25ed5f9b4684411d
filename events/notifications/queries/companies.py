"""Content of mails about coffees that are handed on."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.coffees.queries.coffees import get_coffee
from events.companies.models import Handover
from events.companies.queries import is_over
from events.core.mail.outgoing_mail import OutgoingMail
from events.notifications.queries.coffees import cancel_method, coffee_news, seat_in
from events.notifications.queries.mail_content import Look, MailContent


def read_colleague_asked(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """To the colleague while an answer helps; one that is held is asked of nobody."""
    handover = db.get(Handover, mail.subject_id)
    if handover is None or handover.held or handover.to_id != person.id or handover.answer != "waiting":
        return None
    coffee = get_coffee(db, handover.coffee_id)
    if is_over(handover, coffee):
        return None
    return MailContent(
        "companies/colleague_asked",
        ("companies.answer", {"id": handover.id}),
        circle=handover.circle.name,
        look=Look.of(handover.circle),
        key=("colleague", handover.id),
        words={"handover": handover, "coffee": coffee, "by": handover.by, "other": handover.other},
    )


def read_handed(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """To who handed it on, and to the other if their calendar holds it."""
    found = seat_in(db, mail.subject_id, person)
    if found is None or found[1].handed_to is None:
        return None
    coffee, seat = found
    mine, colleague = seat.answer == "no", seat.handed_to
    return coffee_news(
        db,
        person,
        coffee,
        seat,
        "companies/coffee_handed",
        method=cancel_method(seat),
        mine=mine,
        colleague=colleague,
    )
