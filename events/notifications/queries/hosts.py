"""Content of mails to the host of a livestream, and the number of people its announcement reaches."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import MailChoice, User
from events.circles.models import Membership
from events.core.calendar.itip import Entry, Mailbox, Method
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import calendar_entry, find_livestream
from events.livestreams.rules.states import OPEN
from events.notifications.queries.mail_content import Look, MailContent, zone_named
from events.registrations.queries.registrations import find_registration, registration_of


def count_announced(db: Session, livestream: Livestream) -> int:
    """How many members get the announcement: all but the host and those who switched it off."""
    declined = select(MailChoice.user_id).where(MailChoice.kind == "livestream_announced")
    query = select(func.count(Membership.id)).where(
        Membership.circle_id == livestream.circle_id,
        Membership.user_id != livestream.host_id,
        Membership.user_id.not_in(declined),
    )
    return db.scalar(query) or 0


def host_sequence(livestream: Livestream) -> int:
    """The SEQUENCE of the host's calendar entry, which is that of the mails to hosts too: it only rises."""
    return livestream.sequence + livestream.host_sequence


def read_hosted(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """The newest time only. Who hosts and took a place has the calendar entry by that."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or not _is_newest(mail, livestream, person):
        return None
    if livestream.state not in (*OPEN, "cancelled") or registration_of(db, person.id, livestream.id):
        return None
    return _news(
        db, person, livestream, "livestreams/hosted",
        method="CANCEL" if livestream.state == "cancelled" else "REQUEST",
        told=count_announced(db, livestream),
        moved=livestream.sequence > 0,
    )  # fmt: skip


def read_handed(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For who was chosen as host after it was published, while they still are."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or not _is_newest(mail, livestream, person) or livestream.state not in OPEN:
        return None
    return _news(db, person, livestream, "livestreams/handed")


def read_unhosted(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For a former host who was told to be one: nobody is told of the end of what they never heard of."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or livestream.host_id == person.id or livestream.state not in OPEN:
        return None
    if not _knows_as_host(db, mail):
        return None
    return _news(db, person, livestream, "livestreams/unhosted", method="CANCEL", page="stage.show")


def _is_newest(mail: OutgoingMail, livestream: Livestream, person: User) -> bool:
    return livestream.host_id == person.id and mail.sequence == host_sequence(livestream)


def _knows_as_host(db: Session, mail: OutgoingMail) -> bool:
    """Whether the last mail about hosting this that reached the person made them its host."""
    last = (
        select(OutgoingMail.kind)
        .where(OutgoingMail.person_id == mail.person_id, OutgoingMail.subject_id == mail.subject_id)
        .where(OutgoingMail.kind.in_(("livestream_hosted", "livestream_handed", "livestream_unhosted")))
        .where(OutgoingMail.state == "sent")
        .order_by(OutgoingMail.sequence.desc())
    )
    return db.scalar(last.limit(1)) in {"livestream_hosted", "livestream_handed"}


def _news(
    db: Session,
    person: User,
    livestream: Livestream,
    template: str,
    *,
    method: Method = "REQUEST",
    page: str = "stage.desk",
    **words: object,
) -> MailContent:
    """A mail to a host. Without a place it holds the calendar entry: one who took a place has it by that."""
    place = find_registration(db, person.id, livestream.id)
    coming = place is not None and place.state == "coming"
    given_up = place.sequence if place is not None else 0

    def make(_link: str, site: str) -> Entry:
        desk = f"{site}/livestreams/{livestream.slug}{'/desk' if page == 'stage.desk' else ''}"
        return calendar_entry(
            livestream,
            desk,
            sequence=max(livestream.host_sequence, given_up),  # above that of a place given up before
            attendee=Mailbox(person.name, person.email),
            accepted=True,
        )

    return MailContent(
        template,
        (page, {"slug": livestream.slug}),
        circle=livestream.circle.name,
        look=Look.of(livestream.circle),
        entry=None if coming else make,
        method=method,
        words={
            "livestream": livestream,
            "other_zone": zone_named(person, livestream.zone),
            "has_place": coming,
            **words,
        },
    )
