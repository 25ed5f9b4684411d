"""Forwards a written reply to its readers, without mail addresses."""

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import find_user_by_email, get_user
from events.chat.actions.messages import post_message
from events.chat.forms import MAX_BODY_LENGTH, Post
from events.chat.queries.unread import BY_MAIL
from events.coffees.models import Coffee
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce, savepoint
from events.core.calendar.itip import Answer
from events.core.errors import Refused, TooMany
from events.core.mail.ledger import act_for
from events.core.mail.parser import Incoming
from events.replies import policy
from events.replies.models import IncomingMail, Reply
from events.replies.queries.conversations import (
    Conversation,
    count_refused,
    count_written,
    find_conversation,
    hearers_of,
)
from events.replies.queries.intake import holder
from events.replies.rules import limits, trimming
from events.replies.signals import ReplyPassedOn, ReplyRefused


def pass_on(db: Session, actor: Actor, incoming: Incoming, row: IncomingMail) -> None:
    """To the others of the coffee, or to the circle's team. Whoever wrote from elsewhere hears so at home."""
    authorize(policy.may_take_in, actor)
    conversation = find_conversation(db, incoming)
    if conversation is None:
        return
    row.person_id = conversation.person_id
    author = find_user_by_email(db, incoming.sender)
    if author is None or author.id != conversation.person_id:
        _refuse(db, row, "other_address")
        return
    body = limits.cut(trimming.conceal(trimming.trim(incoming.text)))
    _hand_over(db, incoming, conversation, author, body, row)


def pass_on_counter(
    db: Session, actor: Actor, incoming: Incoming, answer: Answer, coffee: Coffee, row: IncomingMail
) -> None:
    """A calendar proposes another time: the partner reads it as what it is, someone's words."""
    authorize(policy.may_take_in, actor)
    conversation = Conversation(str(row.person_id), coffee.circle_id, coffee)
    author = get_user(db, conversation.person_id)
    body = limits.cut(trimming.conceal(trimming.trim(answer.comment)))
    suggests = datetime.fromisoformat(answer.starts_at) if answer.starts_at else None
    _hand_over(db, incoming, conversation, author, body, row, suggests)


def _hand_over(
    db: Session,
    incoming: Incoming,
    conversation: Conversation,
    author: User,
    body: str,
    row: IncomingMail,
    suggests: datetime | None = None,
) -> None:
    hearers = hearers_of(db, conversation)
    if hearers is None:
        _refuse(db, row, "nobody_there")
    elif not body and suggests is None:
        _refuse(db, row, "no_words")
    elif count_written(db, conversation) >= limits.MAX_PER_DAY:
        row.outcome, row.detail = "refused", "too_many"
    else:
        reply = Reply(
            author_id=author.id,
            coffee_id=conversation.coffee.id if conversation.coffee is not None else None,
            circle_id=conversation.circle_id,
            about=trimming.conceal(incoming.subject),
            body=body,
            files=incoming.attachments,
            suggests_at=suggests,
            created_at=clock.now(),
        )
        try:
            with savepoint(db):
                _pass_reply(db, reply, author, conversation.coffee, hearers, row)
        except TooMany:
            row.outcome, row.detail = "refused", "too_many"


def _pass_reply(
    db: Session, reply: Reply, author: User, coffee: Coffee | None, hearers: list[str], row: IncomingMail
) -> None:
    """Mail it to its hearers and write it in the coffee's room, whoever is left out because of a block: what
    the author sees there must not depend on that. TooMany when the author mails too much.
    """
    act_for(db, lambda: Actor(kind="key", person_id=author.id, since=author.created_at))
    db.add(reply)
    db.flush()
    row.outcome = "passed_on"
    if coffee is not None:
        _say_in_room(db, author, coffee, reply.body, row)
    announce(db, ReplyPassedOn(reply.id, tuple(hearers)))


def _say_in_room(db: Session, author: User, coffee: Coffee, body: str, row: IncomingMail) -> None:
    """The words stand in the coffee's room too, as the author's own message, also before and after the time
    in which one can write there.
    """
    if not body:
        return
    said = body if len(body) <= MAX_BODY_LENGTH else body[: MAX_BODY_LENGTH - 1].rstrip() + "…"
    try:
        line = Post(room=f"coffee:{coffee.id}", client_id=f"{BY_MAIL}{row.id}", body=said)
        with savepoint(db):
            post_message(db, holder(author, "coffee", coffee.id), line, by_mail=True)
    except (Refused, ValidationError):
        return  # the mail has it in any case


def _refuse(db: Session, row: IncomingMail, why: str) -> None:
    """Reaching nobody in silence would be worse than a mail; but never many of them."""
    told = count_refused(db, str(row.person_id))
    row.outcome, row.detail = "refused", why
    db.flush()
    if told < limits.MAX_REFUSALS_PER_DAY:
        announce(db, ReplyRefused(row.id, str(row.person_id)))
