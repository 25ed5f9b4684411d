"""The turns of a nazit: people are brought together, talk for eight minutes, and rest a moment.

Every step names the one it was planned for: a job that runs twice, or late, finds it done.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import cast

from sqlalchemy.orm import Session

from events.calls.queries import list_speakers
from events.coffees.actions import begin_talk, end_talk
from events.coffees.forms import Place, Proposal
from events.coffees.models import Coffee
from events.coffees.rules import pairs
from events.core import clock
from events.core.access import Actor, authorize
from events.core.bus import announce
from events.livestreams.models import Livestream
from events.matching import policy, queries
from events.matching.models import Nazit
from events.matching.queries import nazit as nazits
from events.matching.queries.arranging import Planned
from events.matching.signals import NazitChanged, NazitLoosened, NazitStepped


def begin_turn(db: Session, actor: Actor, nazit: Nazit, step: int, plan: dict[str, object]) -> None:
    """Everyone who is there is brought together. With nobody new to meet it is over; before the first
    turn we rather wait for more people."""
    authorize(policy.may_run, actor)
    nazit = nazits.hold_nazit(db, nazit)
    now = clock.now()
    if nazit.step != step or nazit.state not in {"gathering", "resting"}:
        return
    ends_at = now + nazits.TALK
    if _bring_together(db, actor, nazit, plan, ends_at):
        _step(db, nazit, "talking", turn=nazit.turn + 1, next_at=ends_at)
        announce(db, NazitLoosened(nazit.id, int(nazits.ALONE.total_seconds())))
    elif nazit.turn == 0 and nazit.opened_at is not None and now < nazit.opened_at + nazits.GATHERS:
        _step(db, nazit, "gathering", next_at=nazit.opened_at + nazits.GATHERS)
    else:
        _step(db, nazit, "over")


def fill_turn(db: Session, actor: Actor, nazit: Nazit, plan: dict[str, object]) -> None:
    """Within a turn, those who came late or were left are brought together for what remains of it."""
    authorize(policy.may_run, actor)
    nazit = nazits.hold_nazit(db, nazit)
    now = clock.now()
    if nazit.state != "talking" or nazit.next_at is None:
        return
    alone = {place.user_id for place in nazits.list_unpaired(db, nazit, now)}
    if nazit.next_at - now >= nazits.LEAST:
        for talk in _bring_together(db, actor, nazit, plan, nazit.next_at):
            alone |= {seat.user_id for seat in talk.seats}
    db.flush()
    if alone:
        announce(db, NazitChanged(nazit.id, tuple(sorted(alone))))


def end_turn(db: Session, actor: Actor, nazit: Nazit, step: int) -> None:
    """The time of the turn is over for all of its talks at once."""
    authorize(policy.may_run, actor)
    nazit = nazits.hold_nazit(db, nazit)
    if nazit.step != step or nazit.state != "talking":
        return
    for talk in nazits.list_talks(db, nazit):
        end_talk(db, actor, talk, list_speakers(db, talk.id))
    if nazit.turn < nazits.TURNS:
        _step(db, nazit, "resting", next_at=clock.now() + nazits.REST)
    else:
        _step(db, nazit, "over")


def _bring_together(
    db: Session, actor: Actor, nazit: Nazit, plan: dict[str, object], ends_at: datetime
) -> list[Coffee]:
    """Begin the planned talks, but those whose people left, found somebody or fell out meanwhile."""
    now = clock.now()
    free = {place.user_id for place in nazits.list_unpaired(db, nazit, now)}
    livestream = db.get_one(Livestream, nazit.livestream_id)
    planned = cast(list[Planned], plan["coffees"])
    wanted = sorted({user_id for coffee in planned for user_id in coffee["people"]})
    never = nazits.list_never(db, nazit, wanted)
    names = queries.list_topic_names(db, livestream.circle_id, wanted)
    running = nazits.running_talks(nazits.list_talks(db, nazit))
    begun: list[Coffee] = []
    for coffee in planned:
        people = coffee["people"]
        if not set(people) <= free or pairs(people) & never:
            continue
        for user_id in people:
            left = running.get(user_id)
            if left is not None:
                end_talk(db, actor, left, list_speakers(db, left.id))
        begun.append(
            begin_talk(
                db,
                actor,
                Proposal(
                    circle_id=livestream.circle_id,
                    round_id=nazit.id,
                    occasion_id=livestream.id,
                    starts_at=now,
                    answer_by=now,
                    minutes=ceil((ends_at - now) / timedelta(minutes=1)),
                    widened=coffee["widened"],
                    people=[
                        Place(user_id, queries.name_topics(coffee["reasons"][user_id], names))
                        for user_id in people
                    ],
                ),
            )
        )
    return begun


def _step(db: Session, nazit: Nazit, state: str, **values: object) -> None:
    nazit.state, nazit.step, nazit.next_at = state, nazit.step + 1, None
    for name, value in values.items():
        setattr(nazit, name, value)
    db.flush()
    announce(db, NazitStepped(nazit.id, nazit.step))
