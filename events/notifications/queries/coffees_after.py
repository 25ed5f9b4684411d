"""What the mails say that come long after a coffee."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.coffees.models import Promise
from events.coffees.rules import KEPT
from events.core import clock
from events.core.mail import OutgoingMail
from events.notifications.queries.coffees import coffee_news, seat_in
from events.notifications.queries.news import News, minute_of


def read_promise(db: Session, mail: OutgoingMail, person: User) -> News | None:
    """On its day, while it is open and has that day still."""
    promise = db.get(Promise, mail.subject_id)
    if promise is None or promise.due_on is None or promise.done_at is not None:
        return None
    if mail.sequence != minute_of(promise.due_on) or promise.due_on.date() < clock.now().date():
        return None
    found = seat_in(db, promise.coffee_id, person)
    if found is None or found[0].state not in KEPT or found[1].answer == "no":
        return None
    return coffee_news(db, person, *found, "coffees/promise", promise=promise)
