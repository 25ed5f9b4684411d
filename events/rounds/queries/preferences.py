"""Queries on standing preferences and exclusions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from events.accounts.models import User
from events.availability.models import CircleBreak
from events.availability.queries.breaks import days_of
from events.circles.models import Circle, Membership
from events.core import clock
from events.core.auth.actor import Actor
from events.rounds.models import Exclusion, OptIn, Round, RoundPreference
from events.rounds.queries.rounds import latest_opt_in


@dataclass(frozen=True)
class CurrentPreference:
    """Preference at this time; an expired pause counts as none."""

    always: bool
    paused: bool
    paused_until: datetime | None


def preference_of(db: Session, circle_id: str, user_id: str) -> RoundPreference | None:
    query = select(RoundPreference).where(
        RoundPreference.circle_id == circle_id, RoundPreference.user_id == user_id
    )
    return db.scalar(query)


def current_preference(db: Session, circle_id: str, user_id: str) -> CurrentPreference:
    return current_of(preference_of(db, circle_id, user_id))


def current_of(own: RoundPreference | None) -> CurrentPreference:
    if own is None:
        return CurrentPreference(always=False, paused=False, paused_until=None)
    paused = own.is_paused(clock.now())
    return CurrentPreference(own.always, paused, own.paused_until if paused else None)


def preference_and_closed_days(
    db: Session, circle: Circle, user_id: str, start: datetime
) -> tuple[CurrentPreference, frozenset[date]]:
    """Current preference of a member, and the circle's days without coffees from `start` on, in one query."""
    first = start.astimezone(ZoneInfo(circle.zone)).date()
    own = and_(RoundPreference.circle_id == Circle.id, RoundPreference.user_id == user_id)
    ahead = and_(CircleBreak.circle_id == Circle.id, CircleBreak.last_day >= first)
    query = select(RoundPreference, CircleBreak).select_from(Circle).where(Circle.id == circle.id)
    rows = db.execute(query.outerjoin(RoundPreference, own).outerjoin(CircleBreak, ahead)).all()
    return current_of(rows[0][0]), days_of((row[1] for row in rows if row[1] is not None), first)


def always_form_values(db: Session, circle_id: str, user_id: str) -> dict[str, object]:
    """Initial form values: the stored preference, else the last opt-in."""
    own = preference_of(db, circle_id, user_id)
    if own is not None and own.parts:
        chosen: dict[str, object] = {
            "parts": own.parts,
            "forms": own.forms,
            "lengths": list(map(str, own.lengths)),
        }
        return {**chosen, "always": "1"} if own.always else chosen
    last = latest_opt_in(db, user_id, besides="")
    if last is None:
        return {"always": "1", "forms": ["online"], "lengths": ["30"]}
    return {"always": "1", "forms": last.forms, "lengths": list(map(str, last.lengths))}


def pause_path(db: Session, circle_id: str) -> str | None:
    """Target of the key in a mail about a pause."""
    circle = db.get(Circle, circle_id)
    return f"/circles/{circle.slug}/coffee/back" if circle is not None else None


def list_preferences(db: Session, circle_id: str, user_ids: Collection[str]) -> list[RoundPreference]:
    query = select(RoundPreference).where(
        RoundPreference.circle_id == circle_id, RoundPreference.user_id.in_(list(user_ids))
    )
    return list(db.scalars(query))


def list_always(db: Session, round_: Round) -> list[RoundPreference]:
    """Members with automatic opt-ins who are not paused and did not answer this round."""
    said = select(OptIn.user_id).where(OptIn.round_id == round_.id)
    query = (
        select(RoundPreference)
        .join(
            Membership,
            (Membership.circle_id == RoundPreference.circle_id)
            & (Membership.user_id == RoundPreference.user_id),
        )
        .where(
            RoundPreference.circle_id == round_.circle_id,
            RoundPreference.always,
            RoundPreference.user_id.not_in(said),
        )
        .order_by(RoundPreference.user_id)
    )
    return [own for own in db.scalars(query) if not own.is_paused(clock.now())]


def list_own_exclusions(db: Session, actor: Actor) -> list[Exclusion]:
    """Only the owner may read these."""
    query = select(Exclusion).where(Exclusion.user_id == actor.id).options(joinedload(Exclusion.other))
    return list(db.scalars(query.order_by(Exclusion.created_at)))


def list_excluded_pairs(db: Session, user_ids: Collection[str]) -> set[frozenset[str]]:
    """Pairs among these people where one excludes the other or the other's company."""
    query = select(User.id, User.company).where(User.id.in_(set(user_ids)))
    companies: dict[str, str] = dict(db.execute(query).all())
    return list_excluded_among(db, companies)


def list_excluded_among(db: Session, companies: Mapping[str, str]) -> set[frozenset[str]]:
    """The same, given the company of each person."""
    ids = set(companies)
    by_company: dict[str, list[str]] = {}
    for user_id, company in companies.items():
        by_company.setdefault(normalize_company(company), []).append(user_id)
    found: set[frozenset[str]] = set()
    for own in db.scalars(select(Exclusion).where(Exclusion.user_id.in_(ids))):
        others = [own.other_id] if own.other_id else by_company.get(normalize_company(own.company), [])
        found |= {
            frozenset((own.user_id, other)) for other in others if other in ids and other != own.user_id
        }
    return found


def normalize_company(company: str) -> str:
    """Case and spaces do not matter."""
    return " ".join(company.split()).casefold()
