"""Content of mails about livestreams, registrations and recordings."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey, User
from events.circles.models import Membership
from events.core import clock
from events.core.calendar.itip import Entry, Mailbox, Method
from events.core.mail.outbox import is_second_today
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import calendar_entry, find_livestream
from events.livestreams.rules.states import OPEN, UPCOMING
from events.notifications.queries.mail_content import (
    SKIP_DAY_REMINDER_WITHIN,
    Look,
    MailContent,
    MakeEntry,
    is_tomorrow,
    minute_of,
    zone_named,
)
from events.presence.models import Stay
from events.registrations.models import Registration
from events.registrations.queries.registrations import find_registration, registration_of
from events.registrations.queries.waiting_list import count_held_and_waiting
from events.registrations.rules import ON_LIST
from events.rounds.queries.preferences import current_preference
from events.rounds.queries.rounds import opt_in_of, round_of
from events.rounds.rules.timeline import is_open

LIVESTREAM_SOON = "livestream_soon"
ANNOUNCED_BEFORE = timedelta(hours=2)


def list_audience(db: Session, livestream: Livestream, *, after: str, most: int) -> list[User]:
    """Members of the circle and others who took a place, in batches by id."""
    members = select(Membership.user_id).where(Membership.circle_id == livestream.circle_id)
    coming = select(Registration.user_id).where(
        Registration.livestream_id == livestream.id, Registration.state == "coming"
    )
    query = select(User).where(User.id > after, User.id.in_(members) | User.id.in_(coming)).order_by(User.id)
    return list(db.scalars(query.limit(most)))


def announced_until(livestream: Livestream) -> datetime:
    """The latest moment at which its announcement is still of use."""
    return livestream.starts_at - ANNOUNCED_BEFORE


def read_moved(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """The newest time only: an older change that is still waiting says nothing any more."""
    livestream = find_livestream(db, mail.subject_id)
    place = _place_or_turn(db, person, mail.subject_id)
    if livestream is None or place is None or livestream.state not in OPEN:
        return None
    if mail.sequence != livestream.sequence:
        return None
    waits = place.state != "coming"
    kept_until = place.answer_by if place.state == "offered" else None
    return livestream_news(
        person,
        livestream,
        "livestreams/moved",
        None if waits else place,
        waits=waits,
        kept_until=kept_until,
    )


def _place_or_turn(db: Session, person: User, livestream_id: str) -> Registration | None:
    """This person's place, or their turn on the waiting list."""
    found = find_registration(db, person.id, livestream_id)
    return found if found is not None and found.state in ("coming", *ON_LIST) else None


def read_cancelled(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    livestream = find_livestream(db, mail.subject_id)
    place = _place_or_turn(db, person, mail.subject_id)
    if livestream is None or place is None or livestream.state != "cancelled":
        return None
    waited = place.state != "coming"
    return livestream_news(
        person,
        livestream,
        "livestreams/cancelled",
        None if waited else place,
        method="CANCEL",
        waited=waited,
        coffee_until=coffee_until(db, livestream, person),
    )


def read_reminder(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Due while the start is the one it was planned for; the last one also when it began a little early.

    Other mail leaves its day free; whoever registered on that very day had the link by another mail.
    """
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or registration_of(db, person.id, livestream.id) is None:
        return None
    if mail.sequence != minute_of(livestream.starts_at):
        return None
    soon = mail.kind == LIVESTREAM_SOON
    if livestream.state not in (OPEN if soon else UPCOMING) or is_second_today(db, mail, person.zone):
        return None
    if clock.now() > (livestream.ends_at if soon else livestream.starts_at - SKIP_DAY_REMINDER_WITHIN):
        return None
    return livestream_news(
        person,
        livestream,
        "livestreams/reminder",
        soon=soon,
        tomorrow=is_tomorrow(livestream.starts_at, person),
    )


def read_place_taken(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    registration = db.get(Registration, mail.subject_id)
    if registration is None or registration.state != "coming" or registration.sequence != mail.sequence:
        return None
    livestream = find_livestream(db, registration.livestream_id)
    if livestream is None or livestream.state not in OPEN:
        return None
    return livestream_news(person, livestream, "registrations/place_taken", registration)


def read_place_given_up(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    registration = db.get(Registration, mail.subject_id)
    if registration is None or registration.state != "withdrawn" or registration.sequence != mail.sequence:
        return None
    livestream = find_livestream(db, registration.livestream_id)
    if livestream is None or livestream.state not in OPEN:
        return None
    return livestream_news(person, livestream, "registrations/place_given_up", registration, method="CANCEL")


def read_place_offered(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """While the place is still kept for this person."""
    registration = db.get(Registration, mail.subject_id)
    if registration is None or registration.state != "offered" or registration.answer_by is None:
        return None
    livestream = find_livestream(db, registration.livestream_id)
    if (
        livestream is None
        or livestream.state not in OPEN
        or mail.sequence != minute_of(registration.answer_by)
    ):
        return None
    until = registration.answer_by
    return livestream_news(person, livestream, "registrations/place_offered", until=until)


def read_last_places(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For who waits until the start; how many places are free is counted when it is sent."""
    registration = db.get(Registration, mail.subject_id)
    if registration is None or registration.state != "called":
        return None
    livestream = find_livestream(db, registration.livestream_id)
    if livestream is None or livestream.state not in UPCOMING or clock.now() >= livestream.starts_at:
        return None
    return livestream_news(person, livestream, "registrations/last_places", free=count_free(db, livestream))


def count_free(db: Session, livestream: Livestream) -> int:
    held, _waiting = count_held_and_waiting(db, livestream.id)
    return max(0, (livestream.capacity or held + 1) - held)


def livestream_news(
    person: User,
    livestream: Livestream,
    template: str,
    registration: Registration | None = None,
    *,
    method: Method = "REQUEST",
    given_key: PersonalKey | None = None,
    **words: object,
) -> MailContent:
    return MailContent(
        template,
        ("stage.show", {"slug": livestream.slug}),
        circle=livestream.circle.name,
        look=Look.of(livestream.circle),
        key=("livestream", livestream.id),
        given_key=given_key,
        entry=_entry(person, livestream, registration) if registration is not None else None,
        method=method,
        hears=livestream.circle.name,
        hears_team=True,
        words={"livestream": livestream, "other_zone": zone_named(person, livestream.zone), **words},
    )


def _entry(person: User, livestream: Livestream, registration: Registration) -> MakeEntry:
    def make(_link: str, site: str) -> Entry:
        # The plain address: others may see this calendar, and whoever holds the personal link acts with it.
        return calendar_entry(
            livestream,
            f"{site}/livestreams/{livestream.slug}",
            sequence=registration.sequence,
            attendee=Mailbox(person.name, person.email),
            accepted=registration.state == "coming",
        )

    return make


def came(db: Session, person: User, livestream: Livestream) -> bool:
    """Whether this person was there while it was on air; the host was, though a desk counts no stay."""
    if livestream.went_live_at is None or livestream.ended_at is None:
        return False
    if livestream.host_id == person.id:
        return True
    query = select(Stay.id).where(
        Stay.livestream_id == livestream.id,
        Stay.user_id == person.id,
        Stay.entered_at < livestream.ended_at,
        Stay.seen_at >= livestream.went_live_at,
    )
    return db.scalar(query.limit(1)) is not None


def coffee_until(db: Session, livestream: Livestream, person: User) -> datetime | None:
    """Until when this person can still say yes to a coffee after it; None when they answered or pause."""
    round_ = round_of(db, livestream.id)
    if round_ is None or not is_open(round_, clock.now()) or opt_in_of(db, round_.id, person.id) is not None:
        return None
    own = current_preference(db, livestream.circle_id, person.id)
    return None if own.paused or own.always else round_.closes_at
