"""Content of mails about coffees."""

from datetime import datetime

from babel.lists import format_list
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.queries.circles import find_membership
from events.coffees.models import Coffee, Seat
from events.coffees.queries.calendar_entry import calendar_entry
from events.coffees.queries.coffee_page import card_of
from events.coffees.rules import CLOSED_STATES, PAST_OR_AGREED
from events.core import clock
from events.core.auth.actor import Actor
from events.core.calendar.itip import Entry, Method
from events.core.mail.outgoing_mail import OutgoingMail
from events.notifications.queries.mail_content import (
    SKIP_DAY_REMINDER_WITHIN,
    Look,
    MailContent,
    MakeEntry,
    is_superseded,
    is_tomorrow,
    minute_of,
    zone_named,
)
from events.replies.rules.limits import REACHABLE
from events.rounds.queries.rounds import opt_in_of

COFFEE_SOON = "coffee_soon"


def read_proposed(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """The card as a mail, for who still has to answer the newest time."""
    found = _open_seat(db, mail, person)
    if found is None or is_superseded(db, mail):
        return None
    coffee, seat = found
    # A calendar that holds the former time is asked for the new one; a first proposal is in no calendar.
    method: Method | None = "REQUEST" if seat.invited else None
    template = "coffees/invited" if coffee.asked in {"invited", "booked"} else "coffees/proposed"
    return coffee_news(db, person, coffee, seat, template, method=method)


def read_instead(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Who is asked now, for whom another was welcome too; when it stands already, the other mail says so."""
    found = seat_in(db, mail.subject_id, person)
    if found is None or is_superseded(db, mail):
        return None
    coffee, seat = found
    waits = coffee.state == "proposed" and seat.answer == "yes" and coffee.starts_at > clock.now()
    waits = waits and seat.leaves_at is None
    return coffee_news(db, person, coffee, seat, "coffees/instead") if waits else None


def read_nudge(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Once, a working day before the answer is due."""
    found = _open_seat(db, mail, person)
    if found is None or mail.sequence != minute_of(found[0].answer_by) or found[0].answer_by <= clock.now():
        return None
    return coffee_news(db, person, *found, "coffees/nudge")


def read_confirmed(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    found = _standing_seat(db, mail, person)
    if found is None or is_superseded(db, mail):
        return None
    return coffee_news(db, person, *found, f"coffees/{mail.kind.removeprefix('coffee_')}", method="REQUEST")


def read_off(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For who said yes or was still to answer: neutral, with the moment at which they hear more.

    Not for who never heard of it, since it was taken back before any mail about it left.
    """
    found = seat_in(db, mail.subject_id, person)
    if found is None or found[0].state not in {"declined", "expired"}:
        return None
    coffee, seat = found
    if seat.answer == "waiting" and not seat.invited and not _was_told(db, mail):
        return None
    notify_by = _paired_by(db, coffee, person)
    return coffee_news(
        db, person, coffee, seat, "coffees/off", method=cancel_method(seat), notify_by=notify_by
    )


def read_cancelled(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For the other, with when they hear of another coffee; for who ended it there is only the calendar."""
    found = seat_in(db, mail.subject_id, person)
    if found is None or is_superseded(db, mail):
        return None
    coffee, seat = found
    left = seat.answer == "no"
    if not left and coffee.state not in CLOSED_STATES:
        return None
    mine = left or mail.kind == "coffee_given_up"
    return coffee_news(
        db,
        person,
        coffee,
        seat,
        "coffees/cancelled",
        method=cancel_method(seat),
        mine=mine,
        notify_by=None if mine else _paired_by(db, coffee, person),
    )


def read_reminder(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Due while the start is the one it was planned for and lies ahead."""
    found = _standing_seat(db, mail, person)
    if found is None:
        return None
    coffee, seat = found
    soon = mail.kind == COFFEE_SOON
    latest = coffee.starts_at if soon else coffee.starts_at - SKIP_DAY_REMINDER_WITHIN
    if mail.sequence != minute_of(coffee.starts_at) or latest <= clock.now():
        return None
    return coffee_news(db, person, coffee, seat, "coffees/reminder", soon=soon)


def read_after(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """The two private questions, unless they have been answered already."""
    found = seat_in(db, mail.subject_id, person)
    if found is None:
        return None
    coffee, seat = found
    if coffee.state not in PAST_OR_AGREED or seat.answer != "yes" or seat.outcome_at is not None:
        return None
    if mail.sequence != minute_of(coffee.starts_at) or coffee.ends_at > clock.now():
        return None
    return coffee_news(db, person, coffee, seat, "coffees/after")


def seat_in(db: Session, coffee_id: str, person: User) -> tuple[Coffee, Seat] | None:
    """A coffee with this person's seat at it."""
    coffee = db.get(Coffee, coffee_id)
    if coffee is None:
        return None
    own = (seat for seat in coffee.seats if seat.user_id == person.id and seat.delivered)
    return next(((coffee, seat) for seat in own), None)


def _was_told(db: Session, mail: OutgoingMail) -> bool:
    query = select(OutgoingMail.id).where(
        OutgoingMail.person_id == mail.person_id,
        OutgoingMail.subject_id == mail.subject_id,
        OutgoingMail.state == "sent",
    )
    return db.scalar(query.limit(1)) is not None


def _open_seat(db: Session, mail: OutgoingMail, person: User) -> tuple[Coffee, Seat] | None:
    found = seat_in(db, mail.subject_id, person)
    if found is None:
        return None
    coffee, seat = found
    waits = coffee.state == "proposed" and seat.answer == "waiting" and coffee.starts_at > clock.now()
    waits = waits and seat.leaves_at is None  # a decline on hold is an answer
    return found if waits else None


def _standing_seat(db: Session, mail: OutgoingMail, person: User) -> tuple[Coffee, Seat] | None:
    found = seat_in(db, mail.subject_id, person)
    return found if found and found[0].state == "confirmed" and found[1].answer == "yes" else None


def _paired_by(db: Session, coffee: Coffee, person: User) -> datetime | None:
    """Until when another coffee is looked for; None when nobody looks."""
    yes = opt_in_of(db, coffee.round_id, person.id) if coffee.round_id else None
    return yes.notify_by if yes is not None and yes.state == "waiting" else None


def cancel_method(seat: Seat) -> Method | None:
    """A calendar hears of the end only when it was invited."""
    return "CANCEL" if seat.invited else None


def coffee_news(
    db: Session,
    person: User,
    coffee: Coffee,
    seat: Seat,
    template: str,
    *,
    method: Method | None = None,
    **words: object,
) -> MailContent:
    card = card_of(db, _holder(person, coffee), coffee)
    names = format_list([other.first_name for other in card.others], locale=person.locale)
    return MailContent(
        template,
        ("coffees.show", {"id": coffee.id}),
        circle=coffee.circle.name,
        look=Look.of(coffee.circle),
        key=("coffee", coffee.id),
        entry=_entry(coffee, seat, person) if method is not None else None,
        method=method or "REQUEST",
        pauses=_pausable(db, coffee, person),
        hears=names if coffee.state in REACHABLE and seat.answer != "no" else "",
        hears_count=len(card.others),
        words={
            "coffee": coffee,
            "card": card,
            "names": names,
            "other_zone": zone_named(person, coffee.circle.zone),
            "tomorrow": is_tomorrow(
                coffee.answer_by if coffee.state == "proposed" else coffee.starts_at, person
            ),
            **words,
        },
    )


def _pausable(db: Session, coffee: Coffee, person: User) -> str:
    """The circle whose rounds this person can pause, while the coffee is one that a round proposed."""
    asks = coffee.state == "proposed" and coffee.round_id is not None
    return coffee.circle.slug if asks and find_membership(db, person.id, coffee.circle_id) else ""


def _holder(person: User, coffee: Coffee) -> Actor:
    """The person as the link in the mail lets them in."""
    return Actor(
        kind="key",
        person_id=person.id,
        name=person.name,
        keys=frozenset({("coffee", coffee.id)}),
        locale=person.locale,
        zone=person.zone,
    )


def _entry(coffee: Coffee, seat: Seat, person: User) -> MakeEntry:
    def make(_link: str, site: str) -> Entry:
        return calendar_entry(coffee, seat, person.locale, site)

    return make
