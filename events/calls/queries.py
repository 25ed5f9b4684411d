"""Queries on calls: present participants, and each of the others as a peer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.calls import rules
from events.calls.models import CallStay
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import others_of, taking_part


@dataclass(frozen=True)
class Peer:
    """One of the others as a participant negotiates with them; `tab` is their socket.

    `relay_only` until both consented: neither learns the other's network address.
    """

    seat: int
    name: str
    present: bool
    polite: bool
    epoch: int
    relay_only: bool
    tab: str | None


def list_stays(db: Session, coffee_id: str) -> dict[str, CallStay]:
    """Latest stay by user id, of everyone who ever entered."""
    newest = (
        select(func.max(CallStay.epoch)).where(CallStay.coffee_id == coffee_id).group_by(CallStay.user_id)
    )
    query = select(CallStay).where(CallStay.coffee_id == coffee_id, CallStay.epoch.in_(newest))
    return {stay.user_id: stay for stay in db.scalars(query)}


def find_stay_of_tab(db: Session, tab: str) -> CallStay | None:
    query = select(CallStay).where(CallStay.tab == tab, CallStay.left_at.is_(None))
    return db.scalar(query.order_by(CallStay.entered_at.desc()).limit(1))


def list_peers(db: Session, coffee: Coffee, user_id: str) -> list[Peer]:
    stays = list_stays(db, coffee.id)
    return [peer_of(stays, user_id, seat) for seat in others_of(coffee, user_id)]


def peer_of(stays: dict[str, CallStay], user_id: str, seat: Seat) -> Peer:
    own, theirs = stays.get(user_id), stays.get(seat.user_id)
    both = [stay for stay in (own, theirs) if stay is not None]
    return Peer(
        seat=seat.position,
        name=seat.user.first_name,
        present=theirs is not None and theirs.left_at is None,
        polite=rules.is_polite(user_id, seat.user_id),
        epoch=max((stay.epoch for stay in both), default=0),
        relay_only=any(stay.relay_required for stay in both) and not _both_agreed(both),
        tab=theirs.tab if theirs is not None and theirs.left_at is None else None,
    )


def _both_agreed(stays: list[CallStay]) -> bool:
    return len(stays) > 1 and all(stay.direct for stay in stays)


def is_relay_missed(stays: dict[str, CallStay]) -> bool:
    """Whether a browser in the call got no relay candidate."""
    return any(stay.relay_missed and stay.left_at is None for stay in stays.values())


def have_all_met(db: Session, coffee: Coffee) -> bool:
    """Whether every pair of them met at an earlier coffee, in any circle."""
    ids = [seat.user_id for seat in taking_part(coffee)]
    query = (
        select(Seat.coffee_id, Seat.user_id)
        .join(Coffee)
        .where(Seat.user_id.in_(ids), Seat.answer != "no", Coffee.state == "met", Coffee.id != coffee.id)
    )
    tables: dict[str, set[str]] = defaultdict(set)
    for coffee_id, user_id in db.execute(query):
        tables[coffee_id].add(user_id)
    return all(any(set(pair) <= met for met in tables.values()) for pair in combinations(ids, 2))


def list_speakers(db: Session, coffee_id: str) -> set[str]:
    """User ids whom media of another reached."""
    query = select(CallStay.user_id).where(
        CallStay.coffee_id == coffee_id, CallStay.connected_at.is_not(None)
    )
    return set(db.scalars(query))


def agreed_extensions(stays: dict[str, CallStay]) -> int:
    """Least number that everyone present agreed to; 0 for a single person."""
    there = [stay.more for stay in stays.values() if stay.left_at is None]
    return min(there) if len(there) > 1 else 0


def had_trouble(db: Session, coffee_id: str) -> bool:
    """Technical failure of a participant, and media never reached anyone."""
    stays = list_stays(db, coffee_id).values()
    return any(stay.trouble for stay in stays) and not list_speakers(db, coffee_id)


def has_spoken(db: Session, coffee_id: str, user_id: str) -> bool:
    """Whether media of another reached this person."""
    query = select(CallStay.id).where(
        CallStay.coffee_id == coffee_id, CallStay.user_id == user_id, CallStay.connected_at.is_not(None)
    )
    return db.scalar(query.limit(1)) is not None


def is_evident(db: Session, coffee: Coffee, now: datetime) -> bool:
    """Whether all of its people were in the call together for EVIDENT_AFTER, with media of another."""
    query = select(CallStay.user_id, CallStay.entered_at, CallStay.left_at, CallStay.connected_at).where(
        CallStay.coffee_id == coffee.id
    )
    stays: dict[str, list[tuple[datetime, datetime]]] = {seat.user_id: [] for seat in taking_part(coffee)}
    connected: set[str] = set()
    for user_id, entered_at, left_at, connected_at in db.execute(query):
        if user_id in stays:
            stays[user_id].append((entered_at, left_at or now))
        if connected_at is not None:
            connected.add(user_id)
    return connected >= stays.keys() and rules.together(list(stays.values())) >= rules.EVIDENT_AFTER
