"""What the mails to the host of a livestream say, and how many its announcement reaches."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import MailChoice, User
from events.circles.models import Membership
from events.core.calendar import Entry, Mailbox
from events.core.mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.queries import calendar_entry, find_livestream
from events.livestreams.rules.states import OPEN
from events.notifications.queries.news import News, zone_named
from events.registrations.queries import registration_of


def count_announced(db: Session, livestream: Livestream) -> int:
    """How many members get the announcement: all but the host and those who switched it off."""
    declined = select(MailChoice.user_id).where(MailChoice.kind == "livestream_announced")
    query = select(func.count(Membership.id)).where(
        Membership.circle_id == livestream.circle_id,
        Membership.user_id != livestream.host_id,
        Membership.user_id.not_in(declined),
    )
    return db.scalar(query) or 0


def read_hosted(db: Session, mail: OutgoingMail, person: User) -> News | None:
    """The newest time only. Who hosts and took a place has the calendar entry by that."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or livestream.host_id != person.id or mail.sequence != livestream.sequence:
        return None
    if livestream.state not in (*OPEN, "cancelled") or registration_of(db, person.id, livestream.id):
        return None

    def make(_link: str, site: str) -> Entry:
        desk = f"{site}/livestreams/{livestream.slug}/desk"
        return calendar_entry(livestream, desk, attendee=Mailbox(person.name, person.email), accepted=True)

    return News(
        "livestreams/hosted",
        ("stage.desk", {"slug": livestream.slug}),
        circle=livestream.circle.name,
        entry=make,
        method="CANCEL" if livestream.state == "cancelled" else "REQUEST",
        words={
            "livestream": livestream,
            "other_zone": zone_named(person, livestream.zone),
            "told": count_announced(db, livestream),
            "moved": livestream.sequence > 0,
        },
    )
