"""Content of mails to guests, and to the team about them."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey, User
from events.accounts.queries.actors import is_valid
from events.circles.queries.circles import find_membership, find_request
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.text.markup import plain_name
from events.guests.models import Guest
from events.guests.queries import inviter_name
from events.livestreams.models import Livestream
from events.livestreams.queries.endings import list_director_ids
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.rules.states import OPEN, OVER
from events.notifications.queries.livestreams import came, count_free, livestream_news
from events.notifications.queries.mail_content import Look, MailContent

GUEST_AFTER = "guest_after"
ASK_GUEST_AFTER = timedelta(days=2)  # from the end on: the question for a coffee comes first


def read_guest_link(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """The link that makes the place theirs; the key belongs to the livestream it was issued for."""
    key = db.get(PersonalKey, mail.subject_id)
    if key is None or not is_valid(key):
        return None
    livestream = find_livestream(db, key.subject_id)
    if livestream is None or livestream.state not in OPEN:
        return None
    return livestream_news(
        person,
        livestream,
        "registrations/guest_link",
        given_key=key,
        full=count_free(db, livestream) == 0,
        inviter=plain_name(inviter_name(db, livestream.id, person.id)),
        decides=livestream.audience == "members" and livestream.circle.guest_approval,
    )


def read_place_requested(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For who directs still, while nobody has decided."""
    guest, livestream = _find(db, mail, "asked")
    if guest is None or livestream is None or livestream.state not in OPEN:
        return None
    if person.id not in list_director_ids(db, livestream):
        return None
    return MailContent(
        "guests/asked",
        ("guests.guests", {"slug": livestream.slug}),
        circle=livestream.circle.name,
        look=Look.of(livestream.circle),
        words={
            "guest": guest.user.name,
            "inviter": guest.invited_by.name if guest.invited_by is not None else "",
            "livestream": livestream,
        },
    )


def read_declined(db: Session, mail: OutgoingMail, _person: User) -> MailContent | None:
    guest, livestream = _find(db, mail, "declined")
    if guest is None or livestream is None:
        return None
    return MailContent(
        "guests/declined",
        ("circles.show", {"slug": livestream.circle.slug}),
        circle=livestream.circle.name,
        look=Look.of(livestream.circle),
        hears=livestream.circle.name,
        hears_team=True,
        words={"livestream": livestream},
    )


def read_after(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Once in a circle, to a guest who came and has not joined or asked by then."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or livestream.state not in OVER or not came(db, person, livestream):
        return None
    circle_id = livestream.circle_id
    if find_membership(db, person.id, circle_id) is not None or find_request(db, person.id, circle_id):
        return None
    if _was_asked_before(db, person, livestream):
        return None
    return livestream_news(person, livestream, "guests/after")


def _find(db: Session, mail: OutgoingMail, state: str) -> tuple[Guest | None, Livestream | None]:
    guest = db.get(Guest, mail.subject_id)
    if guest is None or guest.state != state:
        return None, None
    return guest, find_livestream(db, guest.livestream_id)


def _was_asked_before(db: Session, person: User, livestream: Livestream) -> bool:
    query = select(OutgoingMail.id).where(
        OutgoingMail.kind == GUEST_AFTER,
        OutgoingMail.person_id == person.id,
        OutgoingMail.group_id == livestream.circle_id,
        OutgoingMail.state == "sent",
    )
    return db.scalar(query.limit(1)) is not None
