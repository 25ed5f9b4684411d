"""Who may do what with a coffee: its people, signed in or by the key of its mail, and nobody else."""

from events.coffees.models import Coffee, Introduction, Promise
from events.core.auth.actor import Actor


def may_propose(actor: Actor, circle_id: str) -> bool:
    """Coffees are proposed by the matching."""
    return actor.is_system() and bool(circle_id)


def may_expire(actor: Actor, _coffee: Coffee) -> bool:
    return actor.is_system()


def may_withdraw_member(actor: Actor) -> bool:
    """Whoever's membership ended is taken out of the coffees of that circle by ourselves."""
    return actor.is_system()


def may_see(actor: Actor, coffee: Coffee) -> bool:
    """Also for those who said no; not even organisers see a coffee of others."""
    return actor.is_system() or _has_seat(actor, coffee)


def may_answer(actor: Actor, coffee: Coffee) -> bool:
    """Say yes or no, choose a time, call off."""
    return _has_seat(actor, coffee)


def may_take_part(actor: Actor, coffee: Coffee) -> bool:
    """What belongs to those who did not say no: outcome, note, promises, the room."""
    return _has_seat(actor, coffee) and any(
        seat.user_id == actor.person_id and seat.answer != "no" for seat in coffee.seats
    )


def may_keep_promise(actor: Actor, coffee: Coffee, promise: Promise) -> bool:
    """Only who promised says whether it is done."""
    return may_take_part(actor, coffee) and promise.user_id == actor.person_id


def may_introduce(actor: Actor, coffee: Coffee) -> bool:
    """Who had it and is signed in: a key never opens the member list."""
    return actor.is_signed_in() and may_take_part(actor, coffee)


def may_be_introduced(actor: Actor, introduction: Introduction) -> bool:
    """The two it brings together, unless it is asked of nobody."""
    reached = actor.reaches("introduction", introduction.id)
    return (
        reached and not introduction.held and actor.person_id in (introduction.one_id, introduction.other_id)
    )


def _has_seat(actor: Actor, coffee: Coffee) -> bool:
    return _reaches(actor, coffee) and any(
        seat.user_id == actor.person_id and seat.delivered for seat in coffee.seats
    )


def _reaches(actor: Actor, coffee: Coffee) -> bool:
    """The talks of a nazit belong to the evening: who came by the link of its livestream is in them."""
    of_evening = coffee.kind == "talk" and coffee.occasion_id is not None
    return actor.reaches("coffee", coffee.id) or (
        of_evening and actor.reaches("livestream", coffee.occasion_id or "")
    )
