"""Queries about messages, limited to those who may write them, and the words a preset begins with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Circle
from events.circles.policy import may_organise
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.core.errors import NotFound
from events.core.i18n.formatting import in_language_of, translate, when
from events.core.mail.ledger import DAY
from events.livestreams.models import Livestream
from events.messages import policy
from events.messages.models import Message
from events.messages.queries.audiences import count_audiences
from events.messages.rules import PRESETS, audiences_at
from events.rounds.models import Round
from events.rounds.queries.prolonging import prolonged_until
from events.rounds.queries.rounds import find_open_standalone, round_of
from events.rounds.rules.timeline import is_open


@dataclass(frozen=True)
class Desk:
    """What a team can write about one livestream, or about its circle without one."""

    circle: Circle
    livestream: Livestream | None
    round: Round | None  # the open one
    counts: dict[str, int]  # people reached by audience, likeliest audience first
    sent: Page[Message]  # drafts too


@dataclass(frozen=True)
class Wording:
    """Words to begin with, in the circle's language."""

    preset: str
    audience: str
    subject: str
    body: str


def desk_of(
    db: Session, actor: Actor, circle: Circle, livestream: Livestream | None, number: int = 1
) -> Desk:
    """Raises Forbidden for who may not write there."""
    membership = membership_of(db, actor, circle.id)
    authorize(policy.may_write, actor, membership, livestream)
    round_ = open_round(db, circle, livestream)
    audiences = _possible(livestream, round_, organises=may_organise(actor, membership))
    counts = count_audiences(db, audiences, circle, livestream, round_, but=actor.id)
    return Desk(circle, livestream, round_, counts, list_messages(db, circle, livestream, number))


def count_recipients(db: Session, actor: Actor, message: Message) -> int:
    """How many people this message would reach now; 0 when its audience is no longer one."""
    round_ = open_round(db, message.circle, message.livestream)
    if not is_possible(message, round_):
        return 0
    audience = (message.audience,)
    counts = count_audiences(db, audience, message.circle, message.livestream, round_, but=actor.id)
    return counts[message.audience]


def is_possible(message: Message, round_: Round | None) -> bool:
    """Whether its audience is one now; `round_` is the open one."""
    return message.audience in _possible(message.livestream, round_, organises=True)


def open_round(db: Session, circle: Circle, livestream: Livestream | None) -> Round | None:
    """The livestream's round while it accepts answers; without a livestream the circle's own."""
    if livestream is None:
        return find_open_standalone(db, circle.id)
    found = round_of(db, livestream.id)
    return found if found is not None and is_open(found, clock.now()) else None


def extended_until(db: Session, message: Message) -> datetime | None:
    """Until when sending it keeps the round open; None when it does not."""
    round_ = open_round(db, message.circle, message.livestream) if message.extends_round else None
    return prolonged_until(db, round_) if round_ is not None else None


def get_message(db: Session, actor: Actor, message_id: str) -> Message:
    """Raises NotFound for who may not write there."""
    loaded = joinedload(Message.circle), joinedload(Message.livestream), joinedload(Message.author)
    found = db.scalar(select(Message).where(Message.id == message_id).options(*loaded))
    if found is None:
        raise NotFound
    if not policy.may_open(actor, membership_of(db, actor, found.circle_id), found):
        raise NotFound
    return found


def list_messages(db: Session, circle: Circle, livestream: Livestream | None, number: int) -> Page[Message]:
    """A page of messages about a livestream, or of all of a circle; the newest first."""
    query = select(Message).where(Message.circle_id == circle.id)
    if livestream is not None:
        query = select(Message).where(Message.livestream_id == livestream.id)
    query = query.order_by(Message.created_at.desc(), Message.id.desc())
    query = query.options(joinedload(Message.author), joinedload(Message.livestream))
    return Page.of(db.scalars(window(query, number)), number)


def count_sent_today(db: Session, circle_id: str) -> int:
    query = select(func.count(Message.id)).where(
        Message.circle_id == circle_id, Message.sent_at > clock.now() - DAY
    )
    return db.scalar(query) or 0


def wording_of(db: Session, desk: Desk, preset: str) -> Wording | None:
    """None for a preset that does not apply now."""
    found = PRESETS.get(preset)
    circle, livestream, round_ = desk.circle, desk.livestream, desk.round
    if found is None or found.audience not in desk.counts:
        return None
    if found.before_start and (livestream is None or livestream.state != "announced"):
        return None
    facts: dict[str, str] = {}
    if livestream is not None:
        facts |= {"title": livestream.title, "host": livestream.host.first_name}
    if found.extends_round:
        until = prolonged_until(db, round_) if round_ is not None else None
        if until is None:
            return None
        facts["closes"] = when(until, "full_hour", circle.zone, circle.locale)
    with in_language_of(circle.locale):
        return Wording(
            preset, found.audience, translate(found.subject) % facts, translate(found.body) % facts
        )


def _possible(livestream: Livestream | None, round_: Round | None, *, organises: bool) -> tuple[str, ...]:
    return audiences_at(
        livestream.state if livestream is not None else None,
        round_open=round_ is not None,
        organises=organises,
        limited=livestream is not None and livestream.capacity is not None,
    )
