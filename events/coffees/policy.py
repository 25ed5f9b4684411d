"""Access rules of coffees: their people, signed in or by the key of a mail about the coffee."""

from events.coffees.models import Coffee, Introduction, Promise
from events.core.auth.actor import Actor


def may_propose(actor: Actor, circle_id: str) -> bool:
    """SYSTEM only."""
    return actor.is_system() and bool(circle_id)


def may_expire(actor: Actor, _coffee: Coffee) -> bool:
    return actor.is_system()


def may_withdraw_member(actor: Actor) -> bool:
    """SYSTEM only, when a membership ended."""
    return actor.is_system()


def may_see(actor: Actor, coffee: Coffee) -> bool:
    """Its people, also after a no. Organisers do not see coffees of others."""
    return actor.is_system() or _has_seat(actor, coffee)


def may_answer(actor: Actor, coffee: Coffee) -> bool:
    return _has_seat(actor, coffee)


def may_take_part(actor: Actor, coffee: Coffee) -> bool:
    """Its people without a no: outcome, note, promises and chat room."""
    return _has_seat(actor, coffee) and any(
        seat.user_id == actor.person_id and seat.answer != "no" for seat in coffee.seats
    )


def may_keep_promise(actor: Actor, coffee: Coffee, promise: Promise) -> bool:
    return may_take_part(actor, coffee) and promise.user_id == actor.person_id


def may_introduce(actor: Actor, coffee: Coffee) -> bool:
    """Signed in: a key must not open the member list."""
    return actor.is_signed_in() and may_take_part(actor, coffee)


def may_be_introduced(actor: Actor, introduction: Introduction) -> bool:
    """Either introduced person, unless the introduction is withheld because of a block."""
    reached = actor.reaches("introduction", introduction.id)
    return (
        reached
        and not introduction.held
        and actor.person_id in (introduction.partner_id, introduction.member_id)
    )


def _has_seat(actor: Actor, coffee: Coffee) -> bool:
    return _reaches(actor, coffee) and any(
        seat.user_id == actor.person_id and seat.delivered for seat in coffee.seats
    )


def _reaches(actor: Actor, coffee: Coffee) -> bool:
    """A key of the livestream also opens its after-talk's talks."""
    of_evening = coffee.kind == "talk" and coffee.occasion_id is not None
    return actor.reaches("coffee", coffee.id) or (
        of_evening and actor.reaches("livestream", coffee.occasion_id or "")
    )
