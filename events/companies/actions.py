"""Actions that hand a coffee on: ask a colleague to come instead, and the colleague's answer."""

from sqlalchemy.orm import Session

from events.accounts.queries.people import get_user, has_blocked, lock_people
from events.circles.models import Company, Membership
from events.circles.queries.circles import find_membership, membership_of
from events.circles.queries.companies import find_colleague
from events.coffees.actions.handing_on import hand_on_coffee
from events.coffees.actions.proposals import propose_coffee
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.queries.coffees import get_coffee, lock_coffee, partners_of
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.queries.shared_topics import reasons_between
from events.coffees.rules import INVITATION_DAYS
from events.companies import policy, queries
from events.companies.forms import AnswerHandover, AskColleague
from events.companies.models import Handover
from events.companies.rules import MAX_PER_COFFEE, may_still_hand_on
from events.companies.signals import ColleagueAsked
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Forbidden, Invalid


def ask_colleague(db: Session, actor: Actor, coffee: Coffee, data: AskColleague) -> Handover:
    """Ask one colleague at a time; the coffee stays as it is until they say yes. The same one when repeated.

    After a block, or while the colleague has a break, nobody is asked: it reads like one without an answer.
    """
    own = membership_of(db, actor, coffee.circle_id)
    authorize(policy.may_hand_on, actor, coffee, own)
    assert own is not None  # noqa: S101 - may_hand_on asks for one
    coffee = lock_coffee(db, coffee)
    now = clock.now()
    asked = queries.list_own(db, actor.id, coffee.id)
    known = next((one for one in asked if one.to_id == data.to), None)
    if known is not None:
        return known
    if not may_still_hand_on(coffee, now):
        raise Conflict("handover_late")
    if len(asked) >= MAX_PER_COFFEE or any(one.answer == "waiting" and one.answer_by > now for one in asked):
        raise Conflict("enough_colleagues")
    (for_id,) = partners_of(coffee, actor.id)
    company = _company(db, own)
    colleague = find_colleague(db, own, data.to)
    if company is None or colleague is None or data.to == for_id:
        raise Invalid(fields=[("to", "bad_choice")])
    lock_people(db, [data.to])
    until = answer_deadline(db, coffee.circle, coffee.starts_at)
    handover = Handover(
        circle_id=coffee.circle_id,
        coffee_id=coffee.id,
        from_id=actor.id,
        to_id=data.to,
        for_id=for_id,
        company=company.name,
        why=data.why or "",
        held=queries.is_withheld(db, coffee, actor.id, colleague, for_id),
        answer_by=min(until, coffee.answer_by) if coffee.state == "proposed" else until,
        created_at=now,
    )
    db.add(handover)
    db.flush()
    announce(db, ColleagueAsked(handover.id))
    return handover


def answer_handover(db: Session, actor: Actor, handover: Handover, data: AnswerHandover) -> Handover:
    """A yes ends the coffee and proposes one of this colleague to its other person, who may say no.

    Of two who hand the same coffee on, the first yes counts: Conflict("handover_over") for the second.
    """
    authorize(policy.may_answer, actor, handover)
    coffee = lock_coffee(db, get_coffee(db, handover.coffee_id))
    db.refresh(handover)
    if handover.answer != "waiting":
        return handover
    if find_membership(db, handover.to_id, handover.circle_id) is None:
        raise Forbidden
    if queries.is_over(handover, coffee):
        raise Conflict("handover_over")
    if data.answer == "yes":
        handover.made_id = _exchange(db, actor, handover, coffee, data).id
    handover.answer = data.answer
    db.flush()
    return handover


def _exchange(db: Session, actor: Actor, handover: Handover, coffee: Coffee, data: AnswerHandover) -> Coffee:
    """After a block that came meanwhile the other is not asked; to the colleague it stays unanswered."""
    if has_blocked(db, actor, handover.for_id):
        raise Conflict("you_blocked")
    times = queries.list_times(db, handover, coffee)
    if data.time is None or data.time not in times:
        raise Invalid(fields=[("time", "time_taken" if data.time else "missing")])
    kept_away = queries.is_kept_apart(db, handover.to_id, handover.for_id)
    mine, theirs = reasons_between(db, handover.circle, handover.to_id, handover.for_id)
    by = get_user(db, handover.from_id).first_name
    proposal = Proposal(
        circle_id=coffee.circle_id,
        round_id=coffee.round_id,
        occasion_id=coffee.occasion_id,
        starts_at=data.time,
        alternatives=[time for time in times if time != data.time],
        answer_by=answer_deadline(db, handover.circle, data.time, days=INVITATION_DAYS),
        minutes=coffee.minutes,
        form=coffee.form,
        place=coffee.place if coffee.form == "location" else "",
        invited_by_id=handover.to_id,
        asked="colleague",
        people=[
            Participant(handover.to_id, [{"code": "stands_in", "name": by}, *mine], proposes=True),
            Participant(
                handover.for_id,
                [{"code": "colleague", "name": by, "company": handover.company}, *theirs],
                delivered=not kept_away,
            ),
        ],
    )
    hand_on_coffee(db, SYSTEM, coffee, handover.from_id, handover.to_id, tells=not kept_away)
    return propose_coffee(db, SYSTEM, proposal)


def _company(db: Session, own: Membership) -> Company | None:
    return db.get(Company, own.company_id) if own.company_id is not None else None
