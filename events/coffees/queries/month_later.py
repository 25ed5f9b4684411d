"""Queries on follow-up answers: one's own, and totals and quotes of a livestream."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from events.coffees.models import Coffee, LookBack
from events.coffees.queries.took_place import took_place
from events.coffees.rules import MONTH_LATER, OUTCOMES
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.paging import Page, window


@dataclass(frozen=True)
class Quoted:
    words: str
    name: str


def may_look_back(coffee: Coffee) -> bool:
    """Talks of an after-talk are not asked about."""
    return coffee.kind == "coffee" and coffee.state == "met" and coffee.starts_at + MONTH_LATER <= clock.now()


def look_back_of(db: Session, actor: Actor, coffee: Coffee) -> LookBack | None:
    """The actor's own answer; no page shows another's."""
    return db.get(LookBack, (coffee.id, actor.id))


def select_came_of(livestream_id: str) -> Select[*tuple[Any, ...]]:
    """Number of answers, one column for each outcome code."""
    counts = [func.count(case((LookBack.came == code, 1))).label(f"came_{code}") for code in OUTCOMES]
    query = select(*counts).join(Coffee, Coffee.id == LookBack.coffee_id)
    return query.where(Coffee.occasion_id == livestream_id, took_place())


def list_quotes(db: Session, livestream_id: str, number: int) -> Page[Quoted]:
    """Quotes with consent, latest first."""
    query = (
        select(LookBack)
        .join(Coffee, Coffee.id == LookBack.coffee_id)
        .where(Coffee.occasion_id == livestream_id, took_place())
        .where(LookBack.may_quote, LookBack.quote != "")
        .order_by(LookBack.answered_at.desc(), LookBack.user_id)
    )
    quotes = (Quoted(one.quote, one.user.first_name) for one in db.scalars(window(query, number)))
    return Page.of(quotes, number)
