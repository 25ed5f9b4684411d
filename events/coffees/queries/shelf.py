"""Read model of one person's coffees: open ones in sections, and pages of past ones."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.circles.queries.circles import list_memberships
from events.coffees.queries.coffee_page import Card, summary_card_of
from events.coffees.queries.coffees import list_coffees, list_past
from events.coffees.status import CoffeeStatus
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.paging import Page
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import next_livestream

MAX_CIRCLES = 3  # whose next livestream is shown without a coffee


@dataclass(frozen=True)
class Shelf:
    """`to_answer`, `ahead` (agreed or waiting), `to_tell` (without an outcome) and a page of the past."""

    to_answer: list[Card]
    ahead: list[Card]
    to_tell: list[Card]
    past: Page[Card]
    next_livestream: Livestream | None

    @property
    def is_empty(self) -> bool:
        return not (self.to_answer or self.ahead or self.to_tell or self.past.rows or self.past.number > 1)


def shelf_of(db: Session, actor: Actor, number: int = 1) -> Shelf:
    open_ = [summary_card_of(coffee, actor.id) for coffee in list_coffees(db, actor)]
    now = clock.now()
    ahead = [card for card in open_ if card.coffee.ends_at > now and not card.may_answer]
    over = [card for card in open_ if card.coffee.ends_at <= now]
    to_tell = [
        card
        for card in over
        if card.may_tell and card.own.took_place is None and card.status != CoffeeStatus.UNREPORTED
    ]
    to_answer = [card for card in open_ if card.may_answer]
    shown = [*to_tell, *ahead, *to_answer]
    found = list_past(db, actor, [card.coffee.id for card in shown], number)
    past = [summary_card_of(coffee, actor.id) for coffee in found.rows]
    occasions = _occasions(db, [*shown, *past])
    return Shelf(
        to_answer=_soonest_first(_with_occasions(to_answer, occasions)),
        ahead=_soonest_first(_with_occasions(ahead, occasions)),
        to_tell=_with_occasions(to_tell, occasions),
        past=Page(_with_occasions(past, occasions), found.number, found.more),
        next_livestream=None if to_answer or ahead else _next_livestream(db, actor),
    )


def _occasions(db: Session, cards: list[Card]) -> dict[str, Livestream]:
    wanted = {card.coffee.occasion_id for card in cards if card.coffee.occasion_id}
    if not wanted:
        return {}
    return {one.id: one for one in db.scalars(select(Livestream).where(Livestream.id.in_(wanted)))}


def _with_occasions(cards: list[Card], occasions: dict[str, Livestream]) -> list[Card]:
    return [replace(card, occasion=occasions.get(card.coffee.occasion_id or "")) for card in cards]


def _soonest_first(cards: list[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: card.coffee.starts_at)


def _next_livestream(db: Session, actor: Actor) -> Livestream | None:
    circles = [member.circle_id for member in list_memberships(db, actor)][:MAX_CIRCLES]
    found = [next_livestream(db, circle_id) for circle_id in circles]
    return min((one for one in found if one is not None), key=lambda one: one.starts_at, default=None)
