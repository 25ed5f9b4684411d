"""Actions on introductions: two people brought together by a third after a coffee.

Either may decline without the other knowing; two acceptances make a coffee. Without a common time each of
them may propose one.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.queries.people import has_blocked, list_blocks, list_users, lock_people
from events.availability.queries.claims import overlaps
from events.availability.queries.hours import list_shared_times
from events.circles.queries.circles import get_member
from events.coffees import policy, rules
from events.coffees.actions.proposals import propose_coffee
from events.coffees.forms import Introduce, Introduced, Participant, Proposal
from events.coffees.models import Coffee, Introduction
from events.coffees.queries.coffees import others_of
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.queries.introductions import lock_introduction
from events.coffees.signals import IntroductionAgreed, IntroductionRequested
from events.coffees.transitions import check_proposed_time
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Invalid

MAX_PER_COFFEE = 3
TIMES = 4
MINUTES = 30


def introduce(db: Session, actor: Actor, coffee: Coffee, data: Introduce) -> Introduction:
    """Propose that two people meet.

    If one of the three blocked another, or takes no invitations, it is withheld: to its proposer it reads
    like one without an answer.
    """
    authorize(policy.may_introduce, actor, coffee)
    if coffee.state not in rules.PAST_OR_AGREED:
        raise Conflict("coffee_closed")
    if data.partner not in {seat.user_id for seat in others_of(coffee, actor.id)}:
        raise Invalid(fields=[("partner", "bad_choice")])
    if data.member in {seat.user_id for seat in coffee.seats}:
        raise Invalid(fields=[("member", "bad_choice")])
    get_member(db, actor, coffee.circle, data.member)
    lock_people(db, [actor.id])
    mine = select(Introduction).where(Introduction.coffee_id == coffee.id, Introduction.by_id == actor.id)
    proposed = list(db.scalars(mine))
    for known in proposed:
        if (known.partner_id, known.member_id) == (data.partner, data.member):
            return known
    if len(proposed) >= MAX_PER_COFFEE:
        raise Conflict("enough_introduced")
    introduction = Introduction(
        coffee_id=coffee.id,
        circle_id=coffee.circle_id,
        by_id=actor.id,
        partner_id=data.partner,
        member_id=data.member,
        why=data.why or "",
        held=_is_withheld(db, actor.id, data),
        created_at=clock.now(),
        answer_by=rules.introduction_until(clock.now(), coffee.circle.zone),
    )
    db.add(introduction)
    db.flush()
    announce(db, IntroductionRequested(introduction.id))
    return introduction


def answer_introduction(
    db: Session, actor: Actor, introduction: Introduction, data: Introduced
) -> Introduction:
    """Record an answer. A no is shown to no one; the second yes proposes a coffee.

    Without a common time both have INTRODUCTION_DAYS more to propose one.
    """
    authorize(policy.may_be_introduced, actor, introduction)
    introduction = lock_introduction(db, introduction)
    if introduction.made_id is not None:
        return introduction
    if introduction.answer_by <= clock.now():
        raise Conflict("introduction_over")
    agreed = introduction.is_agreed
    if introduction.partner_id == actor.person_id:
        introduction.partner_answer = data.answer
    else:
        introduction.member_answer = data.answer
    if introduction.is_agreed:
        introduction.made_id = _propose(db, introduction)
    if introduction.lacks_time and not agreed:
        introduction.answer_by = rules.introduction_until(clock.now(), introduction.circle.zone)
        announce(db, IntroductionAgreed(introduction.id))
    db.flush()
    return introduction


def propose_introduction_time(
    db: Session, actor: Actor, introduction: Introduction, starts_at: datetime
) -> Coffee:
    """Propose a time of one's own after two acceptances without a common time.

    Usual hours are ignored: they may be why there is none. After a block the proposal stays unanswered.
    """
    authorize(policy.may_be_introduced, actor, introduction)
    introduction = lock_introduction(db, introduction)
    if introduction.made_id is not None:
        raise Conflict("coffee_planned")
    if not introduction.is_agreed or introduction.answer_by <= clock.now():
        raise Conflict("introduction_over")
    check_proposed_time(starts_at)
    people = [introduction.partner_id, introduction.member_id]
    other = next(user_id for user_id in people if user_id != actor.person_id)
    if has_blocked(db, actor, other):
        raise Conflict("you_blocked")
    if overlaps(db, [actor.id], starts_at, MINUTES):
        raise Conflict("you_are_busy")
    kept_away = {other} if list_blocks(db, people) else set()
    proposal = _proposal(db, introduction, [starts_at], by_id=actor.id, kept_away=kept_away)
    made = propose_coffee(db, SYSTEM, proposal)
    introduction.made_id = made.id
    db.flush()
    return made


def _is_withheld(db: Session, by_id: str, data: Introduce) -> bool:
    people = [by_id, data.partner, data.member]
    asked = list_users(db, [data.partner, data.member]).values()
    return bool(list_blocks(db, people)) or any(user.welcomes == "nobody" for user in asked)


def _propose(db: Session, introduction: Introduction) -> str | None:
    """Id of the coffee; None without a common time.

    After a block it is delivered to the blocked person only, and stays unanswered.
    """
    people = [introduction.partner_id, introduction.member_id]
    now = clock.now()
    free = list_shared_times(db, people, now + rules.INVITATION_NOTICE, now + rules.OFFERED_AHEAD, MINUTES)
    times = rules.spread_over_days(free, introduction.circle.zone, TIMES)
    if not times:
        return None
    partner, member = people
    pairs = ((partner, member), (member, partner))
    kept_away = {mine for mine, theirs in pairs if has_blocked(db, Actor("person", mine), theirs)}
    return propose_coffee(db, SYSTEM, _proposal(db, introduction, times, kept_away=kept_away)).id


def _proposal(
    db: Session,
    introduction: Introduction,
    times: list[datetime],
    *,
    by_id: str | None = None,
    kept_away: Collection[str] = (),
) -> Proposal:
    """Coffee at the first of these times, proposed by one of the two or by neither."""
    reason = {"code": "introduced", "name": introduction.by.first_name}
    return Proposal(
        circle_id=introduction.circle_id,
        starts_at=times[0],
        alternatives=times[1:],
        answer_by=answer_deadline(db, introduction.circle, times[0]),
        minutes=MINUTES,
        asked="new_time" if by_id else "",
        invited_by_id=by_id,
        people=[
            Participant(user_id, [reason], proposes=user_id == by_id, delivered=user_id not in kept_away)
            for user_id in (introduction.partner_id, introduction.member_id)
        ],
    )
