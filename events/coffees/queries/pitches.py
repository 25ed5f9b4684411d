"""Queries about coffees that were a sales pitch, for the solver and who said so."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees import rules
from events.coffees.models import Coffee, PitchMark
from events.core.auth.actor import Actor


@dataclass(frozen=True)
class Pitches:
    """`pairs` are kept apart; `repeated` are people of whom several different others said so."""

    pairs: set[frozenset[str]]
    repeated: set[str]


def list_pitches(db: Session, circle_id: str, since: datetime) -> Pitches:
    """Of the circle's coffees from `since` on."""
    query = (
        select(PitchMark.by_id, PitchMark.about_id)
        .join(Coffee, Coffee.id == PitchMark.coffee_id)
        .where(Coffee.circle_id == circle_id, Coffee.starts_at >= since)
    )
    by_about: dict[str, set[str]] = defaultdict(set)
    for by_id, about_id in db.execute(query):
        by_about[about_id].add(by_id)
    return Pitches(
        pairs={frozenset((by_id, about_id)) for about_id, by_ids in by_about.items() for by_id in by_ids},
        repeated={about_id for about_id, by_ids in by_about.items() if len(by_ids) >= rules.PITCHES_HEEDED},
    )


def list_own(db: Session, actor: Actor, coffee: Coffee) -> list[str]:
    """Whom the actor marked, for their own form."""
    query = select(PitchMark.about_id).where(
        PitchMark.coffee_id == coffee.id, PitchMark.by_id == actor.person_id
    )
    return list(db.scalars(query))
