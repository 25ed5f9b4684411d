"""The nazit: when its turns begin and end, who is there, who has nobody to talk to, and what to plan from.

The times are pure constants; they stand here for the same reason as those of a round.
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
from events.coffees.queries.coffees import list_met_pairs, list_of_round, taking_part
from events.coffees.rules import pairs
from events.livestreams.models import Livestream
from events.rounds.queries.preferences import list_excluded_pairs
from events.rounds.queries.solver_input import MAX_TOPICS, Problem, list_shared_interactions
from events.rounds.rules.timeline import format_utc


def aftertalk_of(db: Session, livestream_id: str) -> Aftertalk | None:
    return db.scalar(select(Aftertalk).where(Aftertalk.livestream_id == livestream_id))


def find_aftertalk(db: Session, aftertalk_id: str) -> Aftertalk | None:
    return db.get(Aftertalk, aftertalk_id)


def lock_aftertalk(db: Session, aftertalk: Aftertalk) -> Aftertalk:
    """The same nazit read afresh and locked: joining, stepping on and filling wait for each other."""
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
    """Everyone who takes part and did not stop."""
    query = select(AftertalkParticipant).where(
        AftertalkParticipant.aftertalk_id == aftertalk_id, AftertalkParticipant.is_in
    )
    return list(
        db.scalars(
            query.order_by(AftertalkParticipant.user_id).options(joinedload(AftertalkParticipant.user))
        )
    )


def list_participant_ids(db: Session, aftertalk_id: str) -> list[str]:
    """All who ever tapped, whose pages may be open."""
    return list(
        db.scalars(
            select(AftertalkParticipant.user_id).where(AftertalkParticipant.aftertalk_id == aftertalk_id)
        )
    )


def list_talks(db: Session, aftertalk: Aftertalk) -> list[Coffee]:
    """Every talk of the nazit, the first ones first."""
    return list_of_round(db, aftertalk.id)


def running_talks(talks: list[Coffee]) -> dict[str, Coffee]:
    """Who is in which talk now."""
    running = (talk for talk in talks if talk.state == "confirmed")
    return {seat.user_id: talk for talk in running for seat in taking_part(talk)}


def is_alone(
    talk: Coffee | None, user_id: str, places: dict[str, AftertalkParticipant], now: datetime
) -> bool:
    """Whether nobody else of the talk is there, or coming back in a moment."""
    if talk is None:
        return True
    others = [seat.user_id for seat in taking_part(talk) if seat.user_id != user_id]
    return all(is_gone(places.get(other), now) for other in others)


def list_unpaired(db: Session, aftertalk: Aftertalk, now: datetime) -> list[AftertalkParticipant]:
    """Who is there and has nobody to talk to: before a turn all, within one who came late or was left."""
    every = list_participants(db, aftertalk.id)
    there = [place for place in every if is_there(place, now)]
    if aftertalk.state != "talking":
        return there
    places, running = {place.user_id: place for place in every}, running_talks(list_talks(db, aftertalk))
    return [place for place in there if is_alone(running.get(place.user_id), place.user_id, places, now)]


def talk_problem(db: Session, aftertalk: Aftertalk, places: list[AftertalkParticipant]) -> Problem:
    """What the matching plans from: all of them free for one talk, nobody with the same person twice.

    Who met on another day is met again only when somebody would be left out otherwise.
    """
    livestream = db.get_one(Livestream, aftertalk.livestream_id)
    ids = [place.user_id for place in places]
    known = set(ids)
    never = list_barred_pairs(db, aftertalk, ids)
    avoided: dict[str, set[str]] = {user_id: set() for user_id in ids}
    for pair in never:
        for user_id in pair & known:
            avoided[user_id] |= (pair & known) - {user_id}
    met = [pair for pair in list_met_pairs(db, livestream.circle_id) if pair <= known and pair not in never]
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
    shared = list_shared_interactions(db, livestream.circle_id, livestream.id, known)
    return {
        "people": people,
        "met": sorted(sorted(pair) for pair in met),
        "together": [list(row) for row in sorted(shared)],
        "slot_minutes": int(TALK_DURATION.total_seconds() // 60),
        "seed": int.from_bytes(hashlib.sha256(f"{aftertalk.id}:{aftertalk.step}".encode()).digest()[:6]),
    }


def may_pair(db: Session, aftertalk: Aftertalk, places: list[AftertalkParticipant]) -> bool:
    """Whether any two of these people may meet now: two whom a block keeps apart are no company."""
    ids = [place.user_id for place in places]
    return bool(pairs(ids) - list_barred_pairs(db, aftertalk, ids))


def count_visible_participants(db: Session, user_id: str, user_ids: Collection[str]) -> int:
    """How many take part as one of them reads it: of two who are kept apart, each is alone."""
    if len(user_ids) != 2 or user_id not in user_ids:
        return len(user_ids)
    return 1 if list_blocks(db, list(user_ids)) | list_excluded_pairs(db, user_ids) else 2


def list_barred_pairs(db: Session, aftertalk: Aftertalk, user_ids: list[str]) -> set[frozenset[str]]:
    """The pairs who blocked each other, keep apart, or have had their talk."""
    return (
        list_blocks(db, user_ids)
        | list_excluded_pairs(db, user_ids)
        | _pairs_of_talks(list_talks(db, aftertalk))
    )


def list_follow_up_coffees(db: Session, user_ids: Collection[str], aftertalk: Aftertalk) -> list[Coffee]:
    """The coffees that came out of it for exactly these people, whatever became of them."""
    seated = select(Seat.coffee_id).where(Seat.user_id.in_(list(user_ids)))
    query = select(Coffee).where(
        Coffee.id.in_(seated), Coffee.kind == "coffee", Coffee.occasion_id == aftertalk.livestream_id
    )
    return [one for one in db.scalars(query) if {seat.user_id for seat in one.seats} == set(user_ids)]


def _pairs_of_talks(talks: list[Coffee]) -> set[frozenset[str]]:
    """Who had a talk with whom, or was to have one: a connection that failed is not tried again."""
    return {pair for talk in talks for pair in pairs(seat.user_id for seat in talk.seats)}
