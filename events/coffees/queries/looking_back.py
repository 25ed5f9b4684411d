"""What people said a month later: one's own, and of a livestream what may be counted and quoted."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees.models import Coffee, LookBack
from events.coffees.rules import LOOK_BACK
from events.core import clock
from events.core.access import Actor


@dataclass(frozen=True)
class Quoted:
    """A sentence somebody lets the circle read, under their first name."""

    words: str
    name: str


def may_look_back(coffee: Coffee) -> bool:
    """A talk of a nazit is not asked about; a coffee that came of it is, for itself."""
    return coffee.kind == "coffee" and coffee.state == "met" and coffee.starts_at + LOOK_BACK <= clock.now()


def look_back_of(db: Session, actor: Actor, coffee: Coffee) -> LookBack | None:
    """The actor's own; nobody else's is ever read for a page of the coffee."""
    return db.get(LookBack, (coffee.id, actor.id))


def list_came_of(db: Session, livestream_id: str) -> tuple[list[str], list[Quoted]]:
    """What came of the coffees after a livestream, unsorted and without names; and the agreed quotes."""
    query = (
        select(LookBack)
        .join(Coffee, Coffee.id == LookBack.coffee_id)
        .where(Coffee.occasion_id == livestream_id, Coffee.state == "met")
        .order_by(LookBack.said_at, LookBack.user_id)
    )
    said = list(db.scalars(query))
    quotes = [Quoted(one.quote, one.user.first_name) for one in said if one.may_quote and one.quote]
    return [one.came for one in said], quotes
