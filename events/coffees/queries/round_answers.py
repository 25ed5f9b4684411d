"""Queries on the answers to coffees of one round: accepted replacements, and pairs to keep apart."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees.models import Coffee, Seat
from events.coffees.rules import pairs


def list_accepting_replacement(db: Session, round_id: str) -> set[str]:
    """User ids by their latest answer in this round; a no ends it."""
    return {user_id for user_id, welcome in _latest_answers(db, round_id).items() if welcome}


def offers_replacement(db: Session, coffee: Coffee, user_id: str) -> bool:
    """Ticked beside a yes, unless this person said in this round that they would rather be asked."""
    return (
        coffee.round_id is not None
        and _latest_answers(db, coffee.round_id, user_id).get(user_id, True) is not False
    )


def _latest_answers(db: Session, round_id: str, user_id: str | None = None) -> dict[str, bool | None]:
    """By user id whether the latest yes accepts a replacement; None after a no."""
    query = (
        select(Seat.user_id, Seat.answer, Seat.accepts_replacement)
        .join(Coffee, Coffee.id == Seat.coffee_id)
        .where(Coffee.round_id == round_id, Seat.answer != "waiting")
        .order_by(Coffee.proposed_at, Coffee.id)
    )
    found = db.execute(query if user_id is None else query.where(Seat.user_id == user_id))
    return {person_id: welcome if answer == "yes" else None for person_id, answer, welcome in found}


def list_apart_pairs(db: Session, round_id: str) -> set[frozenset[str]]:
    """Pairs of this round of whom one declined or cancelled their coffee: not paired in it once more."""
    query = (
        select(Seat.coffee_id, Seat.user_id, Seat.answer, Coffee.state)
        .join(Coffee, Coffee.id == Seat.coffee_id)
        .where(Coffee.round_id == round_id)
    )
    found: set[frozenset[str]] = set()
    by_coffee: dict[str, dict[str, str]] = defaultdict(dict)
    cancelled = set()
    for coffee_id, user_id, answer, state in db.execute(query):
        by_coffee[coffee_id][user_id] = answer
        if state == "cancelled":
            cancelled.add(coffee_id)
    for coffee_id, answers in by_coffee.items():
        whole = coffee_id in cancelled
        found |= {pair for pair in pairs(answers) if whole or any(answers[one] == "no" for one in pair)}
    return found
