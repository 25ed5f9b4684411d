"""Queries on stranded people, and on those who look for a replacement now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.coffees.models import Coffee
from events.core import clock
from events.core.auth.actor import Actor
from events.core.errors import NotFound
from events.rescue import policy
from events.rescue.models import Stranded
from events.rescue.rules import LOOKING_TIMEOUT, Waiting


def get_stranded(db: Session, actor: Actor, coffee: Coffee) -> Stranded:
    """The actor's own; NotFound otherwise."""
    stranded = find_stranded(db, coffee.id, actor.person_id or "")
    if stranded is None or not policy.may_request_replacement(actor, coffee, stranded):
        raise NotFound
    return stranded


def find_stranded(db: Session, coffee_id: str, user_id: str) -> Stranded | None:
    query = select(Stranded).where(Stranded.coffee_id == coffee_id, Stranded.user_id == user_id)
    return db.scalar(query)


def lock_looking(db: Session, own: Stranded) -> list[Stranded]:
    """People of this circle who look for a replacement now, locked in id order."""
    query = (
        select(Stranded)
        .where(
            Stranded.circle_id == own.circle_id,
            Stranded.looking_at > clock.now() - LOOKING_TIMEOUT,
            Stranded.found_id.is_(None),
            Stranded.coffee_id != own.coffee_id,
        )
        .order_by(Stranded.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(db.scalars(query))


def waiting_of(user: User, stranded: Stranded) -> Waiting:
    return Waiting(user.id, user.company.strip(), frozenset(user.languages.split()), stranded.since)
