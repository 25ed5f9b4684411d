"""Bringing two people together after a coffee: both may say no, silently, and two yeses make a coffee."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.queries import list_blocks, list_users
from events.availability.queries import list_shared_times
from events.circles.queries import get_member
from events.coffees import policy, rules
from events.coffees.actions.proposing import propose_coffee
from events.coffees.forms import Introduce, Introduced, Place, Proposal
from events.coffees.models import Coffee, Introduction
from events.coffees.queries import hold_introduction, others_of
from events.coffees.signals import IntroductionAsked
from events.core import clock
from events.core.access import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Invalid

MOST_A_COFFEE = 3
TIMES = 4


def introduce(db: Session, actor: Actor, coffee: Coffee, data: Introduce) -> Introduction:
    """Propose that two meet. Where one of the three blocked another, or takes no invitations, nobody is
    asked; to who proposed it that reads like two people who did not answer.
    """
    authorize(policy.may_introduce, actor, coffee)
    if coffee.state not in rules.KEPT:
        raise Conflict("coffee_closed")
    if data.one not in {seat.user_id for seat in others_of(coffee, actor.id)}:
        raise Invalid(fields=[("one", "bad_choice")])
    if data.other in {seat.user_id for seat in coffee.seats}:
        raise Invalid(fields=[("other", "bad_choice")])
    get_member(db, actor, coffee.circle, data.other)
    mine = select(Introduction).where(Introduction.coffee_id == coffee.id, Introduction.by_id == actor.id)
    proposed = list(db.scalars(mine))
    for known in proposed:
        if (known.one_id, known.other_id) == (data.one, data.other):
            return known
    if len(proposed) >= MOST_A_COFFEE:
        raise Conflict("enough_introduced")
    introduction = Introduction(
        coffee_id=coffee.id,
        circle_id=coffee.circle_id,
        by_id=actor.id,
        one_id=data.one,
        other_id=data.other,
        why=data.why or "",
        held=_is_held(db, actor.id, data),
        created_at=clock.now(),
        answer_by=clock.now() + rules.INTRODUCTION_TIME,
    )
    db.add(introduction)
    db.flush()
    announce(db, IntroductionAsked(introduction.id))
    return introduction


def answer_introduction(
    db: Session, actor: Actor, introduction: Introduction, data: Introduced
) -> Introduction:
    """Yes, or no. A no is told to nobody; the second yes makes a coffee, whose time both still choose."""
    authorize(policy.may_be_introduced, actor, introduction)
    introduction = hold_introduction(db, introduction)
    if introduction.made_id is not None:
        return introduction
    if introduction.answer_by <= clock.now():
        raise Conflict("introduction_over")
    if introduction.one_id == actor.person_id:
        introduction.one_answer = data.answer
    else:
        introduction.other_answer = data.answer
    if introduction.one_answer == introduction.other_answer == "yes":
        introduction.made_id = _coffee_of(db, introduction)
    db.flush()
    return introduction


def _is_held(db: Session, by_id: str, data: Introduce) -> bool:
    people = [by_id, data.one, data.other]
    asked = list_users(db, [data.one, data.other]).values()
    return bool(list_blocks(db, people)) or any(user.welcomes == "nobody" for user in asked)


def _coffee_of(db: Session, introduction: Introduction) -> str | None:
    """None when they share no time in the coming weeks, or one has blocked the other by now."""
    people = [introduction.one_id, introduction.other_id]
    now = clock.now()
    free = list_shared_times(db, people, now + rules.ANSWER_TIME, now + rules.OFFERED_AHEAD, 30)
    times = rules.a_few(free, introduction.circle.zone, TIMES)
    if not times or list_blocks(db, people):
        return None
    reason = {"code": "introduced", "name": introduction.by.first_name}
    made = propose_coffee(
        db,
        SYSTEM,
        Proposal(
            circle_id=introduction.circle_id,
            starts_at=times[0],
            alternatives=times[1:],
            answer_by=rules.answer_until(now, times[0]),
            people=[Place(user_id, [reason]) for user_id in people],
        ),
    )
    return made.id
