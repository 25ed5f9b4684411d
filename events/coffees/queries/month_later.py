"""What people said a month later: one's own, and of a livestream what may be counted and quoted."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.coffees.models import Coffee, LookBack
from events.coffees.rules import MONTH_LATER
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.paging import Page, window


@dataclass(frozen=True)
class Quoted:
    """A sentence somebody lets the circle read, under their first name."""

    words: str
    name: str


def may_look_back(coffee: Coffee) -> bool:
    """A talk of a nazit is not asked about; a coffee that came of it is, for itself."""
    return coffee.kind == "coffee" and coffee.state == "met" and coffee.starts_at + MONTH_LATER <= clock.now()


def look_back_of(db: Session, actor: Actor, coffee: Coffee) -> LookBack | None:
    """The actor's own; nobody else's is ever read for a page of the coffee."""
    return db.get(LookBack, (coffee.id, actor.id))


def count_came_of(db: Session, livestream_id: str) -> dict[str, int]:
    """How often each thing came of the coffees after a livestream."""
    query = select(LookBack.came, func.count()).join(Coffee, Coffee.id == LookBack.coffee_id)
    query = query.where(Coffee.occasion_id == livestream_id, Coffee.state == "met")
    return dict(db.execute(query.group_by(LookBack.came)).all())


def list_quotes(db: Session, livestream_id: str, number: int) -> Page[Quoted]:
    """A page of what people let the circle read about those coffees, the latest first."""
    query = (
        select(LookBack)
        .join(Coffee, Coffee.id == LookBack.coffee_id)
        .where(Coffee.occasion_id == livestream_id, Coffee.state == "met")
        .where(LookBack.may_quote, LookBack.quote != "")
        .order_by(LookBack.answered_at.desc(), LookBack.user_id)
    )
    quotes = (Quoted(one.quote, one.user.first_name) for one in db.scalars(window(query, number)))
    return Page.of(quotes, number)
