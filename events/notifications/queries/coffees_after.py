"""Content of mails during a coffee and long after it."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import has_blocked
from events.calls.queries import list_stays
from events.coffees.models import Introduction, LookBack, Promise
from events.coffees.queries.month_later import may_look_back
from events.coffees.rules import PAST_OR_AGREED
from events.core import clock
from events.core.auth.actor import Actor
from events.core.mail.outgoing_mail import OutgoingMail
from events.notifications.queries.coffees import coffee_news, seat_in
from events.notifications.queries.mail_content import Look, MailContent, minute_of


def read_waiting(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """While it still helps: the coffee is on, not over, and this person has not been in the call."""
    found = seat_in(db, mail.subject_id, person)
    if found is None or found[0].state != "confirmed" or found[1].answer != "yes":
        return None
    coffee, seat = found
    if mail.sequence != minute_of(coffee.starts_at) or coffee.ends_at <= clock.now():
        return None
    if person.id in list_stays(db, coffee.id):
        return None
    return coffee_news(db, person, coffee, seat, "coffees/waiting")


def read_introduction(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """To each of the two while there is time to answer; one that is held is asked of nobody."""
    introduction = db.get(Introduction, mail.subject_id)
    if introduction is None or introduction.held or introduction.answer_by <= clock.now():
        return None
    mine = introduction.partner_id == person.id
    if (introduction.partner_answer if mine else introduction.member_answer) != "waiting":
        return None
    return MailContent(
        "coffees/introduction",
        ("coffees.introduction", {"id": introduction.id}),
        circle=introduction.circle.name,
        look=Look.of(introduction.circle),
        key=("introduction", introduction.id),
        words={"introduction": introduction, "other": introduction.member if mine else introduction.partner},
    )


def read_agreed(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """While they still look for a time; whoever blocked the other meanwhile hears nothing of them."""
    introduction = db.get(Introduction, mail.subject_id)
    if introduction is None or not introduction.lacks_time or introduction.answer_by <= clock.now():
        return None
    other = introduction.member if introduction.partner_id == person.id else introduction.partner
    if has_blocked(db, Actor(kind="person", person_id=person.id), other.id):
        return None
    return MailContent(
        "coffees/introduction_time",
        ("coffees.introduction", {"id": introduction.id}),
        circle=introduction.circle.name,
        look=Look.of(introduction.circle),
        key=("introduction", introduction.id),
        words={"introduction": introduction, "other": other},
    )


def read_look_back(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """A month later and once: of a coffee that took place, to who has not said what came of it."""
    found = seat_in(db, mail.subject_id, person)
    if found is None or found[1].answer != "yes" or not may_look_back(found[0]):
        return None
    if db.get(LookBack, (found[0].id, person.id)) is not None:
        return None
    return coffee_news(db, person, *found, "coffees/look_back")


def read_promise(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """On its day, while it is open and has that day still."""
    promise = db.get(Promise, mail.subject_id)
    if promise is None or promise.due_on is None or promise.done_at is not None:
        return None
    if mail.sequence != minute_of(promise.due_on) or promise.due_on.date() < clock.now().date():
        return None
    found = seat_in(db, promise.coffee_id, person)
    if found is None or found[0].state not in PAST_OR_AGREED or found[1].answer == "no":
        return None
    return coffee_news(db, person, *found, "coffees/promise", promise=promise)
