"""Actions on messages: write, change, test, send and discard."""

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import Session

from events.accounts.queries.people import wants_mail
from events.circles.models import Circle
from events.circles.queries.circles import lock_circle, membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Invalid, TooMany
from events.core.mail.ledger import DAY
from events.livestreams.models import Livestream
from events.messages import policy, rules
from events.messages.forms import SendMessage, WriteMessage
from events.messages.models import Message, MessageRecipient
from events.messages.queries.audiences import select_recipients
from events.messages.queries.messages import (
    count_recipients,
    count_sent_today,
    is_possible,
    open_round,
)
from events.messages.signals import MessageSent, MessageTested
from events.rounds.actions.lifecycle import prolong_round
from events.rounds.models import Round


def write_message(
    db: Session, actor: Actor, circle: Circle, livestream: Livestream | None, data: WriteMessage
) -> Message:
    """Keep it as a draft; nothing is sent."""
    membership = membership_of(db, actor, circle.id)
    authorize(policy.may_write_to, actor, membership, livestream, data.audience)
    message = Message(
        circle=circle,
        livestream=livestream,
        author_id=actor.id,
        created_at=clock.now(),
        recipients=0,
        extends_round=data.preset is not None and rules.PRESETS[data.preset].extends_round,
        audience=data.audience,
        subject=data.subject,
        body=data.body,
    )
    _check_audience(db, message)
    db.add(message)
    db.flush()
    return message


def change_message(db: Session, actor: Actor, message: Message, data: WriteMessage) -> Message:
    """Raises Conflict once it was sent."""
    membership = membership_of(db, actor, message.circle_id)
    authorize(policy.may_write_to, actor, membership, message.livestream, data.audience)
    message = _lock_draft(db, message)
    message.audience, message.subject, message.body = data.audience, data.subject, data.body
    _check_audience(db, message)
    db.flush()
    return message


def discard_message(db: Session, actor: Actor, message: Message) -> None:
    """Raises Conflict once it was sent: the log keeps those."""
    authorize(policy.may_open, actor, membership_of(db, actor, message.circle_id), message)
    db.delete(_lock_draft(db, message))
    db.flush()


def send_test(db: Session, actor: Actor, message: Message) -> None:
    """Mail it to the one who asks, as recipients would get it."""
    authorize(policy.may_open, actor, membership_of(db, actor, message.circle_id), message)
    if not wants_mail(db, actor.id, rules.MAIL_KIND):
        raise Conflict("test_switched_off")
    announce(db, MessageTested(message.id, actor.id, int(clock.now().timestamp())))


def send_message(db: Session, actor: Actor, message: Message, data: SendMessage) -> Message:
    """Choose the recipients and announce it; of two concurrent requests one takes effect.

    Raises Conflict when it would reach another number of people than the page named, TooMany over
    MAX_PER_DAY.
    """
    membership = membership_of(db, actor, message.circle_id)
    authorize(policy.may_write_to, actor, membership, message.livestream, message.audience)
    lock_circle(db, message.circle)  # so that the number a day holds
    message = _lock(db, message)
    if message.sent_at is not None:
        return message
    reached = count_recipients(db, actor, message)
    if not reached:
        raise Conflict("nobody_to_mail")
    if reached != data.count:
        raise Conflict("audience_changed", count=reached)
    if count_sent_today(db, message.circle_id) >= rules.MAX_PER_DAY:
        raise TooMany(int(DAY.total_seconds()), "too_many_messages", most=rules.MAX_PER_DAY)
    round_ = open_round(db, message.circle, message.livestream)
    chosen = select_recipients(message.audience, message.circle, message.livestream, round_, but=actor.id)
    rows = select(literal(message.id), chosen.subquery().c.id)
    db.execute(insert(MessageRecipient).from_select(["message_id", "user_id"], rows))
    if message.extends_round:
        _extend(db, actor, round_)
    message.sent_at, message.recipients, message.author_id = clock.now(), reached, actor.id
    db.flush()
    announce(db, MessageSent(message.id))
    return message


def sweep_messages(db: Session, actor: Actor) -> None:
    """Delete old drafts, and the lists of recipients whose mails are queued long since."""
    authorize(policy.may_sweep, actor)
    now = clock.now()
    old = Message.sent_at.is_(None) & (Message.created_at < now - rules.KEEP_DRAFTS)
    db.execute(delete(Message).where(old))
    queued = select(Message.id).where(Message.sent_at < now - rules.KEEP_RECIPIENTS)
    db.execute(delete(MessageRecipient).where(MessageRecipient.message_id.in_(queued)))


def _extend(db: Session, actor: Actor, round_: Round | None) -> None:
    """The words of the message say so, hence not without it."""
    if round_ is None:
        raise Conflict("round_at_most")
    prolong_round(db, actor, round_)


def _check_audience(db: Session, message: Message) -> None:
    if not is_possible(message, open_round(db, message.circle, message.livestream)):
        raise Invalid(fields=[("audience", "bad_choice")])


def _lock_draft(db: Session, message: Message) -> Message:
    message = _lock(db, message)
    if message.sent_at is not None:
        raise Conflict("message_sent")
    return message


def _lock(db: Session, message: Message) -> Message:
    """Row lock (SELECT ... FOR UPDATE) with a fresh read."""
    query = select(Message).where(Message.id == message.id).with_for_update(of=Message)
    return db.scalars(query.execution_options(populate_existing=True)).one()
