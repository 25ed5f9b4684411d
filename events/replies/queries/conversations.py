"""Matches a reply to the mail it answers, its subject and its readers."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey
from events.accounts.queries.people import find_key, list_blocks
from events.circles.models import Invitation, JoinRequest
from events.circles.queries.circles import list_organiser_ids
from events.coffees.models import Coffee, Promise
from events.coffees.queries.coffees import taking_part
from events.core import clock
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.mail.parser import Incoming
from events.livestreams.models import Livestream
from events.messages.models import Message
from events.recordings.models import Recording
from events.registrations.models import Registration
from events.replies.models import IncomingMail, Reply
from events.replies.rules import limits
from events.rounds.models import Round

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Conversation:
    """Whom our mail went to, and what about: a coffee or a circle. `with_id`: a member the team answers."""

    person_id: str
    circle_id: str
    coffee: Coffee | None = None
    with_id: str | None = None


def find_conversation(db: Session, incoming: Incoming) -> Conversation | None:
    """By the Message-ID of our mail, which is random and known to its reader alone; else by the personal
    link that the answer quotes, for relays that give mails numbers of their own."""
    query = select(OutgoingMail).where(OutgoingMail.message_id.in_(incoming.references))
    answered = {mail.message_id: mail for mail in db.scalars(query)} if incoming.references else {}
    for reference in incoming.references:
        if reference in answered:
            return _about(db, answered[reference].person_id, answered[reference].subject_id)
    for secret in incoming.keys:
        key = find_key(db, secret)
        if key is not None:
            return _about(db, key.user_id, key.subject_id)
    return None


def hearers_of(db: Session, conversation: Conversation) -> list[str] | None:
    """Who reads an answer here; None when nobody can any more. Someone who is blocked is left out without
    a word, so that an answer tells nothing about that."""
    author = conversation.person_id
    if conversation.coffee is not None:
        inside = [seat.user_id for seat in taking_part(conversation.coffee)]
        if conversation.coffee.state not in limits.REACHABLE or author not in inside:
            return None
        found = inside
    else:
        team = list_organiser_ids(db, conversation.circle_id)
        found = [conversation.with_id] if author in team and conversation.with_id else team
    others = [user_id for user_id in found if user_id != author]
    blocked = list_blocks(db, [author, *others])
    return [user_id for user_id in others if frozenset((author, user_id)) not in blocked] if others else None


def count_written(db: Session, conversation: Conversation) -> int:
    """How many answers this person gave in this conversation within a day."""
    query = select(func.count(Reply.id)).where(
        Reply.author_id == conversation.person_id,
        Reply.circle_id == conversation.circle_id,
        Reply.coffee_id == (conversation.coffee.id if conversation.coffee is not None else None),
        Reply.created_at > clock.now() - DAY,
    )
    return db.scalar(query) or 0


def count_refused(db: Session, user_id: str) -> int:
    """How many answers of this person reached nobody within a day."""
    query = select(func.count(IncomingMail.id)).where(
        IncomingMail.person_id == user_id,
        IncomingMail.outcome == "refused",
        IncomingMail.received_at > clock.now() - DAY,
    )
    return db.scalar(query) or 0


def _about(db: Session, person_id: str, subject_id: str) -> Conversation | None:
    """What a mail was about, whatever kind of thing its subject is."""
    reply = db.get(Reply, subject_id)
    if reply is not None:
        coffee = db.get(Coffee, reply.coffee_id) if reply.coffee_id is not None else None
        return Conversation(person_id, reply.circle_id, coffee, reply.author_id)
    promise = db.get(Promise, subject_id)
    coffee = db.get(Coffee, promise.coffee_id if promise is not None else subject_id)
    if coffee is not None:
        return Conversation(person_id, coffee.circle_id, coffee)
    circle_id = _circle_of(db, subject_id)
    return Conversation(person_id, circle_id) if circle_id is not None else None


def _circle_of(db: Session, subject_id: str) -> str | None:
    key = db.get(PersonalKey, subject_id)
    if key is not None:
        subject_id = key.subject_id
    place = db.get(Registration, subject_id) or db.get(Recording, subject_id)
    if place is not None:
        subject_id = place.livestream_id
    owned = (
        db.get(Livestream, subject_id)
        or db.get(Round, subject_id)
        or db.get(Invitation, subject_id)
        or db.get(JoinRequest, subject_id)
        or db.get(Message, subject_id)
    )
    return owned.circle_id if owned is not None else None
