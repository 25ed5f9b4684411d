"""Calendar responses by mail (iTIP REPLY): the effect of the buttons, for the sender alone."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import find_user_by_email, get_user
from events.coffees.actions.responses import accept_coffee, cancel_coffee, decline_coffee
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import get_coffee
from events.coffees.rules import PAST_OR_AGREED
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce, savepoint
from events.core.calendar.itip import Answer
from events.core.errors import Refused
from events.core.mail.parser import Incoming
from events.livestreams.models import Livestream
from events.registrations.actions import add_registration, withdraw_registration
from events.registrations.queries.registrations import find_registration
from events.replies import policy
from events.replies.actions.forwarding import pass_on_counter
from events.replies.models import IncomingMail
from events.replies.queries.conversations import count_refused, find_conversation
from events.replies.queries.intake import find_livestream, find_seat, holder, is_overtaken, was_asked
from events.replies.rules import limits, stamps
from events.replies.signals import ReplyRefused

ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined"}
REACHABLE_NOW = ("proposed", *PAST_OR_AGREED)


def answer_entry(db: Session, actor: Actor, incoming: Incoming, answer: Answer, row: IncomingMail) -> None:
    """Do what the entry's own person answered, to the entry as it is now.

    An answer that may be somebody else's changes nothing: its person is told and asked.
    """
    authorize(policy.may_take_in, actor)
    seat, livestream = find_seat(db, answer.uid), find_livestream(db, answer.uid)
    person, certain = _whose(db, incoming, answer, seat, livestream)
    if person is None:
        known = find_user_by_email(db, incoming.sender)
        row.outcome = "unknown" if known is not None and answer.attendee == known.email else "stranger"
        return
    stamped_at = stamps.stamp(answer.stamped_at, clock.now())
    row.person_id, row.calendar_uid = person.id, answer.uid
    if is_overtaken(db, person, answer.uid, stamped_at):
        row.outcome = "old"
        return
    if not certain:
        _ask(db, person, seat, livestream, answer, row)
        return
    row.stamped_at = stamped_at
    if answer.method == "COUNTER":
        if seat is not None:
            pass_on_counter(db, actor, incoming, answer, get_coffee(db, seat.coffee_id), row)
        return
    try:
        # What was half done when a refusal came is taken back; that the mail was read stays written.
        with savepoint(db):
            if seat is not None:
                row.outcome = _answer_coffee(db, person, seat, answer)
            elif livestream is not None:
                row.outcome = _answer_livestream(db, person, livestream, answer)
    except Refused as refused:
        # The calendar now shows what is not so; its person should know.
        row.outcome, row.detail = "refused", refused.code
        announce(db, ReplyRefused(row.id, person.id))


def _whose(
    db: Session, incoming: Incoming, answer: Answer, seat: Seat | None, livestream: Livestream | None
) -> tuple[User | None, bool]:
    """Whose entry is answered, and whether it is certain that they did.

    The UID of a coffee is known to its person alone, who may have passed it on: sender and attendee must
    be that person. The UID of a livestream is public, and From can be written by anybody: our own mail
    server must have proven it, or the answer must name a mail that only this person got.
    """
    if seat is not None:
        owner = get_user(db, seat.user_id)
        return owner, incoming.sender == owner.email and answer.attendee == owner.email
    if livestream is None:
        return None, False
    conversation = find_conversation(db, incoming)
    if conversation is not None and conversation.circle_id == livestream.circle_id:
        person: User | None = get_user(db, conversation.person_id)
    else:
        conversation, person = None, find_user_by_email(db, answer.attendee)
    if person is None or find_registration(db, person.id, livestream.id) is None:
        return None, False
    same = incoming.sender == person.email and answer.attendee == person.email
    return person, same and (incoming.proven or conversation is not None)


def _ask(
    db: Session,
    person: User,
    seat: Seat | None,
    livestream: Livestream | None,
    answer: Answer,
    row: IncomingMail,
) -> None:
    """Tell the entry's person, once for each state of the entry, when the answer would change something."""
    outcome = ANSWERS.get(answer.partstat, "noted") if answer.method == "REPLY" else "noted"
    if outcome == "noted" or not _would_change(db, person, seat, livestream, answer, outcome):
        row.outcome = "noted" if outcome == "noted" else "old"
        return
    code = f"{outcome}_elsewhere"
    asked = was_asked(db, person, answer.uid, code)
    row.outcome, row.detail = "refused", code
    told = count_refused(db, person.id)
    db.flush()
    if not asked and told < limits.MAX_REFUSALS_PER_DAY:
        announce(db, ReplyRefused(row.id, person.id))


def _would_change(
    db: Session, person: User, seat: Seat | None, livestream: Livestream | None, answer: Answer, outcome: str
) -> bool:
    if seat is not None:
        coffee = get_coffee(db, seat.coffee_id)
        waits = seat.answer == "waiting" if outcome == "accepted" else seat.answer != "no"
        return answer.sequence == seat.sequence and coffee.state in REACHABLE_NOW and waits
    registration = find_registration(db, person.id, livestream.id) if livestream is not None else None
    if livestream is None or registration is None:
        return False
    current = answer.sequence == livestream.sequence + registration.sequence
    return current and (registration.state == "coming") is (outcome == "declined")


def _answer_coffee(db: Session, person: User, seat: Seat, answer: Answer) -> str:
    if answer.sequence != seat.sequence:
        return "old"
    outcome = ANSWERS.get(answer.partstat, "noted")
    coffee = get_coffee(db, seat.coffee_id)
    actor = holder(person, "coffee", coffee.id)
    if outcome == "accepted" and seat.answer == "waiting":
        accept_coffee(db, actor, coffee, coffee.version)
    elif outcome == "declined":
        _decline(db, actor, coffee)
    return outcome


def _decline(db: Session, actor: Actor, coffee: Coffee) -> None:
    """Not now while it is proposed, called off once it stands."""
    if coffee.state == "proposed":
        decline_coffee(db, actor, coffee, coffee.version)
    else:
        cancel_coffee(db, actor, coffee, coffee.version)


def _answer_livestream(db: Session, person: User, livestream: Livestream, answer: Answer) -> str:
    """Only who was sent an entry of their own can answer: everyone may know the UID of a livestream."""
    registration = find_registration(db, person.id, livestream.id)
    if registration is None:
        return "unknown"
    if answer.sequence != livestream.sequence + registration.sequence:
        return "old"
    outcome = ANSWERS.get(answer.partstat, "noted")
    actor = holder(person, "livestream", livestream.id)
    if outcome == "accepted":
        add_registration(db, actor, livestream)
    elif outcome == "declined":
        withdraw_registration(db, actor, livestream)
    return outcome
