"""Queries on rounds, opt-ins and fairness scores."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.rules import AGREED_STATES, CLOSED_STATES
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.read_batch import read_once
from events.core.errors import NotFound
from events.presence.models import Stay
from events.registrations.models import Registration
from events.rounds import policy
from events.rounds.models import FairnessScore, OptIn, Round, Run
from events.rounds.rules.timeline import RUN_LEAD_TIME


@dataclass(frozen=True)
class Progress:
    """Numbers only: individual answers are private."""

    said: int
    waiting: int
    left: int
    proposed: int
    confirmed: int


def find_round(db: Session, round_id: str) -> Round | None:
    query = select(Round).where(Round.id == round_id).options(joinedload(Round.circle))
    return read_once(db, ("round", round_id), lambda: db.scalar(query))


def get_directed(db: Session, actor: Actor, round_id: str) -> Round:
    """NotFound unless the actor organises the circle."""
    round_ = find_round(db, round_id)
    if round_ is None or not policy.may_direct(actor, membership_of(db, actor, round_.circle_id)):
        raise NotFound
    return round_


def round_of(db: Session, livestream_id: str) -> Round | None:
    query = select(Round).where(Round.livestream_id == livestream_id)
    return db.scalar(query.options(joinedload(Round.circle)))


def round_and_opt_in(
    db: Session, livestream_id: str, user_id: str | None
) -> tuple[Round, OptIn | None] | None:
    """The round of a livestream and this person's opt-in, in one query."""
    query = (
        select(Round, OptIn)
        .outerjoin(OptIn, (OptIn.round_id == Round.id) & (OptIn.user_id == user_id))
        .where(Round.livestream_id == livestream_id)
        .options(joinedload(Round.circle))
    )
    found = db.execute(query).first()
    return None if found is None else (found[0], found[1])


def find_open_standalone(db: Session, circle_id: str) -> Round | None:
    query = select(Round).where(
        Round.circle_id == circle_id,
        Round.livestream_id.is_(None),
        Round.state == "open",
        Round.closes_at > clock.now(),
    )
    return db.scalar(query.limit(1))


def list_open(db: Session, circle_id: str) -> list[Round]:
    """Rounds of a circle that accept opt-ins before publication."""
    query = select(Round).where(
        Round.circle_id == circle_id, Round.state == "open", Round.closes_at > clock.now()
    )
    return list(db.scalars(query.order_by(Round.closes_at, Round.id)))


def get_joinable(db: Session, actor: Actor, round_id: str) -> Round:
    """NotFound unless the actor may opt in to it."""
    round_ = find_round(db, round_id)
    if round_ is None or not policy.may_join(actor, round_, membership_of(db, actor, round_.circle_id)):
        raise NotFound
    return round_


def get_asked(db: Session, actor: Actor, round_id: str) -> Round:
    """A round of either kind; NotFound unless the actor belongs to it."""
    round_ = find_round(db, round_id)
    if round_ is None or not policy.may_take_time(actor, round_, belongs_to(db, actor, round_)):
        raise NotFound
    return round_


def belongs_to(db: Session, actor: Actor, round_: Round) -> bool:
    """Members of its circle, and guests of its livestream."""
    if membership_of(db, actor, round_.circle_id) is not None:
        return True
    livestream_id = round_.livestream_id if actor.person_id is not None else None
    return livestream_id is not None and was_present(db, actor.id, livestream_id)


def round_path(db: Session, round_id: str) -> str | None:
    """Target of a personal key for a round; None once it is gone."""
    return f"/rounds/{round_id}/coffee" if db.get(Round, round_id) is not None else None


def lock_round(db: Session, round_: Round) -> Round:
    """Row lock (SELECT ... FOR UPDATE) with a fresh read: opt-ins, closing and publishing are
    serialized.
    """
    query = select(Round).where(Round.id == round_.id).with_for_update(of=Round)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def opt_in_of(db: Session, round_id: str, user_id: str) -> OptIn | None:
    query = select(OptIn).where(OptIn.round_id == round_id, OptIn.user_id == user_id)
    return read_once(db, ("opt-in", round_id, user_id), lambda: db.scalar(query))


def latest_opt_in(db: Session, user_id: str, *, besides: str) -> OptIn | None:
    """Newest opt-in in any circle."""
    query = select(OptIn).where(OptIn.user_id == user_id, OptIn.round_id != besides)
    return db.scalar(query.order_by(OptIn.opted_in_at.desc()).limit(1))


def list_opt_ins(db: Session, round_id: str, *states: str) -> list[OptIn]:
    query = select(OptIn).where(OptIn.round_id == round_id, OptIn.state.in_(states)).order_by(OptIn.user_id)
    return list(db.scalars(query.options(joinedload(OptIn.user))))


def list_open_opt_ins(db: Session, circle_id: str, user_id: str) -> list[OptIn]:
    query = select(OptIn).join(Round, Round.id == OptIn.round_id)
    found = query.where(
        Round.circle_id == circle_id, OptIn.user_id == user_id, OptIn.state.in_(("waiting", "left"))
    )
    return list(db.scalars(found))


def was_present(db: Session, user_id: str, livestream_id: str) -> bool:
    """Registered for that livestream or attended it."""
    place = select(Registration.id).where(
        Registration.livestream_id == livestream_id,
        Registration.user_id == user_id,
        Registration.state == "coming",
    )
    stay = select(Stay.id).where(Stay.livestream_id == livestream_id, Stay.user_id == user_id)
    return db.scalar(place) is not None or db.scalar(stay.limit(1)) is not None


def coffee_in(db: Session, round_id: str, user_id: str) -> Coffee | None:
    query = (
        select(Coffee)
        .join(Seat)
        .where(
            Coffee.round_id == round_id,
            Coffee.state.not_in(CLOSED_STATES),
            Seat.user_id == user_id,
            Seat.answer != "no",
        )
    )
    return db.scalar(query.order_by(Coffee.proposed_at.desc()).limit(1))


def list_rounds_with_coffee(db: Session, round_ids: list[str], user_id: str) -> set[str]:
    """Those of these rounds in which this person has a coffee that is not off."""
    query = select(Coffee.round_id).join(Seat).where(Coffee.round_id.in_(round_ids))
    own = query.where(Coffee.state.not_in(CLOSED_STATES), Seat.user_id == user_id, Seat.answer != "no")
    return {round_id for round_id in db.scalars(own) if round_id is not None}


def is_due(db: Session, round_: Round, wave: int) -> bool:
    """Whether this is the next wave: 0 is the round itself."""
    if wave == 0:
        return round_.state in {"matching", "draft"} and round_.publish_at <= clock.now()
    if round_.state != "published" or wave != round_.wave + 1:
        return False
    return db.scalar(select(Run.id).where(Run.round_id == round_.id, Run.wave == wave)) is None


def next_wave_at(db: Session, round_id: str) -> datetime | None:
    """Start of the run before the first deadline of a waiting person; None without one."""
    query = select(func.min(OptIn.notify_by)).where(OptIn.round_id == round_id, OptIn.state == "waiting")
    first = db.scalar(query)
    return first - RUN_LEAD_TIME if first is not None else None


def fairness_of(db: Session, circle_id: str, user_ids: list[str]) -> dict[str, FairnessScore]:
    query = select(FairnessScore).where(
        FairnessScore.circle_id == circle_id, FairnessScore.user_id.in_(user_ids)
    )
    return {fairness.user_id: fairness for fairness in db.scalars(query)}


def progress_of(db: Session, round_id: str) -> Progress:
    yeses = select(OptIn.state, func.count(OptIn.id)).where(OptIn.round_id == round_id).group_by(OptIn.state)
    made = (
        select(Coffee.state, func.count(Coffee.id)).where(Coffee.round_id == round_id).group_by(Coffee.state)
    )
    said = dict(db.execute(yeses).all())
    coffees = dict(db.execute(made).all())
    return Progress(
        said=sum(count for state, count in said.items() if state != "withdrawn"),
        waiting=said.get("waiting", 0),
        left=said.get("left", 0),
        proposed=sum(coffees.values()),
        confirmed=sum(coffees.get(state, 0) for state in AGREED_STATES),
    )
