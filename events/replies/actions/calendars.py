"""What a calendar program answers has the effect of the buttons, for its own person and nobody else."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries import find_user_by_email
from events.coffees.actions import accept_coffee, cancel_coffee, decline_coffee
from events.coffees.models import Coffee, Seat
from events.coffees.queries import get_coffee
from events.core.access import Actor, authorize
from events.core.bus import announce
from events.core.calendar import Answer
from events.core.errors import Refused
from events.core.incoming import Incoming
from events.livestreams.models import Livestream
from events.registrations.actions import give_up_place, take_place
from events.registrations.queries import find_registration
from events.replies import policy
from events.replies.actions.passing import pass_on_counter
from events.replies.models import IncomingMail
from events.replies.queries import find_livestream, find_seat, holder, is_overtaken
from events.replies.signals import ReplyRefused

ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined"}


def answer_entry(db: Session, actor: Actor, incoming: Incoming, answer: Answer, row: IncomingMail) -> None:
    """Sender, attendee and the entry's person must be one, and the answer be to the entry as it is now."""
    authorize(policy.may_take_in, actor)
    person = find_user_by_email(db, incoming.sender)
    if person is None or answer.attendee != person.email:
        row.outcome = "stranger"
        return
    row.person_id, row.calendar_uid, row.stamped_at = person.id, answer.uid, answer.stamped_at
    if answer.stamped_at and is_overtaken(db, person, answer.uid, answer.stamped_at):
        row.outcome = "old"
        return
    seat, livestream = find_seat(db, answer.uid), find_livestream(db, answer.uid)
    if answer.method == "COUNTER":
        if seat is not None and seat.user_id == person.id:
            pass_on_counter(db, actor, incoming, answer, get_coffee(db, seat.coffee_id), row)
        return
    try:
        # What was half done when a refusal came is taken back; that the mail was read stays written.
        with db.begin_nested():
            if seat is not None:
                row.outcome = _answer_coffee(db, person, seat, answer)
            elif livestream is not None:
                row.outcome = _answer_livestream(db, person, livestream, answer)
    except Refused as refused:
        # The calendar now shows what is not so; its person should know.
        row.outcome, row.detail = "refused", refused.code
        announce(db, ReplyRefused(row.id, person.id))


def _answer_coffee(db: Session, person: User, seat: Seat, answer: Answer) -> str:
    if seat.user_id != person.id:
        return "stranger"
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
        take_place(db, actor, livestream)
    elif outcome == "declined":
        give_up_place(db, actor, livestream)
    return outcome
