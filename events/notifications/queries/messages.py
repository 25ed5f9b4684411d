"""Content and recipients of organisers' messages."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.queries.bans import is_banned
from events.circles.queries.circles import find_membership
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.rules.states import GATHERED, GONE, UPCOMING
from events.messages.models import Message, MessageRecipient
from events.notifications.queries.livestreams import announced_until
from events.notifications.queries.mail_content import Look, MailContent
from events.registrations.queries.registrations import find_registration
from events.registrations.rules import ON_LIST
from events.rounds.queries.rounds import find_open_standalone

TEST = "circle_message_test"


def list_recipients(db: Session, message: Message, *, after: str, most: int) -> list[User]:
    """The recipients chosen when it was sent, in batches by id."""
    chosen = select(MessageRecipient.user_id).where(MessageRecipient.message_id == message.id)
    query = select(User).where(User.id > after, User.id.in_(chosen)).order_by(User.id)
    return list(db.scalars(query.limit(most)))


def useful_until(message: Message) -> datetime | None:
    """No other mail of the day may hold it up beyond this: it goes at once while people gather."""
    livestream = message.livestream
    if livestream is None:
        return None
    if livestream.state in GATHERED:
        return message.sent_at
    return announced_until(livestream) if livestream.state in UPCOMING else None


def read_message(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """None for recipients who no longer belong to its audience; a test reaches its writer while it exists."""
    message = db.get(Message, mail.subject_id)
    if message is None:
        return None
    if mail.kind == TEST:
        return message_news(db, message, person, test=True)
    if is_banned(db, person.id, message.circle_id) or not _belongs(db, message, person):
        return None
    return None if _is_overtaken(message) else message_news(db, message, person)


def message_news(db: Session, message: Message, person: User, *, test: bool = False) -> MailContent:
    """Its frame is in the reader's language; the words are the writer's.

    Who looks at a draft, or tests it, is named as its sender.
    """
    circle, livestream = message.circle, message.livestream
    round_ = None
    if livestream is None and message.audience == "undecided":
        round_ = find_open_standalone(db, circle.id)
    page, key = ("circles.show", {"slug": circle.slug}), None
    if livestream is not None:
        page, key = ("stage.show", {"slug": livestream.slug}), ("livestream", livestream.id)
    elif round_ is not None:
        page, key = ("rounds.join", {"id": round_.id}), ("round", round_.id)
    return MailContent(
        "messages/message",
        page,
        circle=circle.name,
        look=Look.of(circle),
        key=key,
        hears=circle.name,
        hears_team=True,
        words={
            "message": message,
            "livestream": livestream,
            "author": (message.author if message.sent_at is not None else person).name,
            "test": test,
            "coffee": round_ is not None,
        },
    )


def _belongs(db: Session, message: Message, person: User) -> bool:
    """A member, or, with a place at the livestream, whoever registered; on its waiting list who still is."""
    place = find_registration(db, person.id, message.livestream_id) if message.livestream_id else None
    state = place.state if place is not None else None
    if message.audience == "waiting":
        return state in ON_LIST
    if state == "coming":
        return True
    placeless = message.audience in {"registered", "missed"}
    return not placeless and find_membership(db, person.id, message.circle_id) is not None


def _is_overtaken(message: Message) -> bool:
    """Words from before the start are of no use once it is over or cancelled."""
    livestream, sent_at = message.livestream, message.sent_at
    if livestream is None or sent_at is None or livestream.state not in GONE:
        return False
    since = livestream.cancelled_at if livestream.state == "cancelled" else livestream.went_live_at
    return since is not None and sent_at < since
