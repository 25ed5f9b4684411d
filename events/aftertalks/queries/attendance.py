"""Queries on attendance: participants, running talks, unpaired people and the problem document for the
solver.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from events.accounts.queries.people import list_blocks
from events.aftertalks.models import Aftertalk, AftertalkParticipant
from events.aftertalks.rules import TALK_DURATION, is_gone, is_there
from events.circles.queries.circles import list_interests
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import list_of_round, taking_part
from events.coffees.rules import pairs
from events.livestreams.models import Livestream
from events.rounds.queries.met_pairs import met_pairs, window_start
from events.rounds.queries.preferences import list_excluded_pairs
from events.rounds.queries.solver_input import MAX_TOPICS, Problem, list_shared_interactions
from events.rounds.rules.timeline import format_utc


def aftertalk_of(db: Session, livestream_id: str) -> Aftertalk | None:
    return db.scalar(select(Aftertalk).where(Aftertalk.livestream_id == livestream_id))


def aftertalk_and_participant(
    db: Session, livestream_id: str, user_id: str
) -> tuple[Aftertalk | None, AftertalkParticipant | None]:
    """The after-talk of a livestream and this person's participation, in one query."""
    own = (AftertalkParticipant.aftertalk_id == Aftertalk.id) & (AftertalkParticipant.user_id == user_id)
    query = select(Aftertalk, AftertalkParticipant).outerjoin(AftertalkParticipant, own)
    found = db.execute(query.where(Aftertalk.livestream_id == livestream_id)).first()
    return (None, None) if found is None else (found[0], found[1])


def find_aftertalk(db: Session, aftertalk_id: str) -> Aftertalk | None:
    return db.get(Aftertalk, aftertalk_id)


def lock_aftertalk(db: Session, aftertalk: Aftertalk) -> Aftertalk:
    """Row lock (SELECT ... FOR UPDATE) with a fresh read: joining, stepping and filling are serialized."""
    query = select(Aftertalk).where(Aftertalk.id == aftertalk.id).with_for_update(of=Aftertalk)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def participant_of(db: Session, aftertalk_id: str, user_id: str) -> AftertalkParticipant | None:
    query = select(AftertalkParticipant).where(
        AftertalkParticipant.aftertalk_id == aftertalk_id, AftertalkParticipant.user_id == user_id
    )
    return db.scalar(query)


def participant_of_tab(db: Session, tab: str) -> AftertalkParticipant | None:
    return db.scalar(select(AftertalkParticipant).where(AftertalkParticipant.tab == tab))


def list_participants(db: Session, aftertalk_id: str) -> list[AftertalkParticipant]:
    """Participants who did not leave."""
    query = select(AftertalkParticipant).where(
        AftertalkParticipant.aftertalk_id == aftertalk_id, AftertalkParticipant.is_in
    )
    return list(
        db.scalars(
            query.order_by(AftertalkParticipant.user_id).options(joinedload(AftertalkParticipant.user))
        )
    )


def list_participant_ids(db: Session, aftertalk_id: str) -> list[str]:
    """Everyone who ever joined: their pages may be open."""
    return list(
        db.scalars(
            select(AftertalkParticipant.user_id).where(AftertalkParticipant.aftertalk_id == aftertalk_id)
        )
    )


def list_talks(db: Session, aftertalk: Aftertalk) -> list[Coffee]:
    return list_of_round(db, aftertalk.id)


def running_talks(talks: list[Coffee]) -> dict[str, Coffee]:
    """Running talk by user id."""
    running = (talk for talk in talks if talk.state == "confirmed")
    return {seat.user_id: talk for talk in running for seat in taking_part(talk)}


def is_alone(
    talk: Coffee | None, user_id: str, places: dict[str, AftertalkParticipant], now: datetime
) -> bool:
    """Whether every partner is gone."""
    if talk is None:
        return True
    others = [seat.user_id for seat in taking_part(talk) if seat.user_id != user_id]
    return all(is_gone(places.get(other), now) for other in others)


def list_unpaired(db: Session, aftertalk: Aftertalk, now: datetime) -> list[AftertalkParticipant]:
    """Present participants without a partner; outside a turn all who are present."""
    every = list_participants(db, aftertalk.id)
    there = [place for place in every if is_there(place, now)]
    if aftertalk.state != "talking":
        return there
    places, running = {place.user_id: place for place in every}, running_talks(list_talks(db, aftertalk))
    return [place for place in there if is_alone(running.get(place.user_id), place.user_id, places, now)]


def talk_problem(db: Session, aftertalk: Aftertalk, places: list[AftertalkParticipant]) -> Problem:
    """Problem document: everyone is free for one talk, without repeating a pair of today.

    People who met on another day meet only if someone would be left out otherwise.
    """
    livestream = db.get_one(Livestream, aftertalk.livestream_id)
    ids = [place.user_id for place in places]
    known = set(ids)
    never = list_barred_pairs(db, aftertalk, ids)
    avoided: dict[str, set[str]] = {user_id: set() for user_id in ids}
    for pair in never:
        for user_id in pair & known:
            avoided[user_id] |= (pair & known) - {user_id}
    had = met_pairs(db, livestream.circle_id, aftertalk.opened_at or livestream.ends_at)
    met = [pair for pair in had if pair <= known and pair not in never]
    interests = list_interests(db, livestream.circle_id, ids)
    start = format_utc(aftertalk.opened_at or livestream.ends_at)
    people: list[Problem] = []
    for place in places:
        asks, offers = interests.get(place.user_id, ([], []))
        people.append(
            {
                "id": place.user_id,
                "asks": sorted(topic.id for topic in asks)[:MAX_TOPICS],
                "offers": sorted(topic.id for topic in offers)[:MAX_TOPICS],
                "languages": place.user.languages.split() or [livestream.circle.locale],
                "company": place.user.company or None,
                "never": sorted(avoided[place.user_id]),
                "free": [start],
                "forms": ["online"],
            }
        )
    since = window_start(db, livestream.circle_id, aftertalk.opened_at or livestream.ends_at)
    shared = list_shared_interactions(db, livestream.circle_id, livestream.id, known, since)
    return {
        "people": people,
        "met": sorted(sorted(pair) for pair in met),
        "together": [list(row) for row in sorted(shared)],
        "slot_minutes": int(TALK_DURATION.total_seconds() // 60),
        "seed": int.from_bytes(hashlib.sha256(f"{aftertalk.id}:{aftertalk.step}".encode()).digest()[:6]),
    }


def may_pair(db: Session, aftertalk: Aftertalk, places: list[AftertalkParticipant]) -> bool:
    """Whether any two of them may meet: a blocked pair is no company."""
    ids = [place.user_id for place in places]
    return bool(pairs(ids) - list_barred_pairs(db, aftertalk, ids))


def count_visible_participants(db: Session, user_id: str, user_ids: Collection[str]) -> int:
    """Number as one of them may know it: a blocked pair each counts as alone."""
    if len(user_ids) != 2 or user_id not in user_ids:
        return len(user_ids)
    return 1 if list_blocks(db, list(user_ids)) | list_excluded_pairs(db, user_ids) else 2


def list_barred_pairs(db: Session, aftertalk: Aftertalk, user_ids: list[str]) -> set[frozenset[str]]:
    """Pairs who blocked or exclude each other, or have had their talk since the livestream ended."""
    begun = aftertalk.opened_at
    talks = [talk for talk in list_talks(db, aftertalk) if begun is None or talk.proposed_at >= begun]
    return list_blocks(db, user_ids) | list_excluded_pairs(db, user_ids) | _pairs_of_talks(talks)


def list_follow_up_coffees(db: Session, user_ids: Collection[str], aftertalk: Aftertalk) -> list[Coffee]:
    """Coffees proposed to exactly these people after the after-talk, in any state."""
    seated = select(Seat.coffee_id).where(Seat.user_id.in_(list(user_ids)))
    query = select(Coffee).where(
        Coffee.id.in_(seated), Coffee.kind == "coffee", Coffee.occasion_id == aftertalk.livestream_id
    )
    return [one for one in db.scalars(query) if {seat.user_id for seat in one.seats} == set(user_ids)]


def _pairs_of_talks(talks: list[Coffee]) -> set[frozenset[str]]:
    """Planned talks count too: a failed connection is not tried again."""
    return {pair for talk in talks for pair in pairs(seat.user_id for seat in talk.seats)}
