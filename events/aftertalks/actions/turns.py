"""State machine of the after-talk: gathering, talking for eight minutes, resting, over.

Every step names the one it was planned for, so a job that runs twice or late has no effect.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import cast

from sqlalchemy.orm import Session

from events.aftertalks import rules
from events.aftertalks.actions.talks import begin_talk, end_talk
from events.aftertalks.models import Aftertalk
from events.aftertalks.queries import attendance as aftertalks
from events.aftertalks.signals import AftertalkAdvanced, AftertalkChanged, ParticipantFreed
from events.calls.queries import list_speakers
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.rules import pairs
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.livestreams.models import Livestream
from events.rounds import policy
from events.rounds.queries import solver_input
from events.rounds.queries.met_pairs import list_meetings
from events.rounds.rules.draft_edits import Planned


def begin_turn(db: Session, actor: Actor, aftertalk: Aftertalk, step: int, plan: dict[str, object]) -> None:
    """Pair everyone present. Without a new pair it is over, or before the first turn waits for more people.

    No effect unless `step` is the current one.
    """
    authorize(policy.may_run, actor)
    aftertalk = aftertalks.lock_aftertalk(db, aftertalk)
    now = clock.now()
    if aftertalk.step != step or aftertalk.state not in {"gathering", "resting"}:
        return
    ends_at = now + rules.TALK_DURATION
    if _begin_talks(db, actor, aftertalk, plan, ends_at):
        _advance(db, aftertalk, "talking", turn=aftertalk.turn + 1, next_at=ends_at)
        announce(db, ParticipantFreed(aftertalk.id, int(rules.AWAY_TIMEOUT.total_seconds())))
    elif (
        aftertalk.turn == 0
        and aftertalk.opened_at is not None
        and now < aftertalk.opened_at + rules.GATHERING_PERIOD
    ):
        _advance(db, aftertalk, "gathering", next_at=aftertalk.opened_at + rules.GATHERING_PERIOD)
    else:
        _advance(db, aftertalk, "over")


def fill_turn(db: Session, actor: Actor, aftertalk: Aftertalk, plan: dict[str, object]) -> None:
    """Pair late and lonely participants for the rest of a turn, if MIN_TURN_LEFT remains."""
    authorize(policy.may_run, actor)
    aftertalk = aftertalks.lock_aftertalk(db, aftertalk)
    now = clock.now()
    if aftertalk.state != "talking" or aftertalk.next_at is None:
        return
    alone = {place.user_id for place in aftertalks.list_unpaired(db, aftertalk, now)}
    if aftertalk.next_at - now >= rules.MIN_TURN_LEFT:
        for talk in _begin_talks(db, actor, aftertalk, plan, aftertalk.next_at):
            alone |= {seat.user_id for seat in talk.seats}
    db.flush()
    if alone:
        announce(db, AftertalkChanged(aftertalk.id, tuple(sorted(alone))))


def end_turn(db: Session, actor: Actor, aftertalk: Aftertalk, step: int) -> None:
    """End all talks of the turn. No effect unless `step` is the current one."""
    authorize(policy.may_run, actor)
    aftertalk = aftertalks.lock_aftertalk(db, aftertalk)
    if aftertalk.step != step or aftertalk.state != "talking":
        return
    for talk in aftertalks.list_talks(db, aftertalk):
        end_talk(db, actor, talk, list_speakers(db, talk.id))
    if aftertalk.turn < rules.TURNS:
        _advance(db, aftertalk, "resting", next_at=clock.now() + rules.REST_DURATION)
    else:
        _advance(db, aftertalk, "over")


def gather_again(db: Session, actor: Actor, livestream_id: str) -> None:
    """The livestream went on after all: its talks end, and everyone who joined waits for the next end."""
    authorize(policy.may_run, actor)
    known = aftertalks.aftertalk_of(db, livestream_id)
    aftertalk = aftertalks.lock_aftertalk(db, known) if known is not None else None
    if aftertalk is None or aftertalk.opened_at is None:
        return
    for talk in aftertalks.list_talks(db, aftertalk):
        end_talk(db, actor, talk, list_speakers(db, talk.id))
    _advance(db, aftertalk, "gathering", turn=0, opened_at=None)


def _begin_talks(
    db: Session, actor: Actor, aftertalk: Aftertalk, plan: dict[str, object], ends_at: datetime
) -> list[Coffee]:
    """Begin planned talks, except those whose people left, were paired or were excluded meanwhile."""
    now = clock.now()
    free = {place.user_id for place in aftertalks.list_unpaired(db, aftertalk, now)}
    livestream = db.get_one(Livestream, aftertalk.livestream_id)
    planned = cast(list[Planned], plan["coffees"])
    wanted = sorted({user_id for coffee in planned for user_id in coffee["people"]})
    never = aftertalks.list_barred_pairs(db, aftertalk, wanted)
    names = solver_input.list_topic_names(db, livestream.circle_id, wanted)
    meetings = list_meetings(db, livestream.circle_id)
    running = aftertalks.running_talks(aftertalks.list_talks(db, aftertalk))
    begun: list[Coffee] = []
    for coffee in planned:
        people = coffee["people"]
        counted = pairs(people) if coffee["widened"] else set()
        told = {
            user_id: meetings.describe(reasons, user_id, counted)
            for user_id, reasons in coffee["reasons"].items()
        }
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
                    round_id=aftertalk.id,
                    occasion_id=livestream.id,
                    starts_at=now,
                    answer_by=now,
                    minutes=ceil((ends_at - now) / timedelta(minutes=1)),
                    widened=coffee["widened"],
                    people=[
                        Participant(user_id, solver_input.name_topics(told[user_id], names))
                        for user_id in people
                    ],
                ),
            )
        )
    return begun


def _advance(db: Session, aftertalk: Aftertalk, state: str, **values: object) -> None:
    aftertalk.state, aftertalk.step, aftertalk.next_at = state, aftertalk.step + 1, None
    for name, value in values.items():
        setattr(aftertalk, name, value)
    db.flush()
    announce(db, AftertalkAdvanced(aftertalk.id, aftertalk.step))
