"""The funnel of a simulated year by month, read from the rows that it left."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.rules import ABOUT_COFFEES
from events.circles.models import Membership
from events.coffees.models import Coffee, Seat
from events.core.mail.outgoing_mail import OutgoingMail
from events.notifications.queries.kinds import KINDS
from events.rounds.models import OptIn, Round
from events.welcomes.models import Welcome

# Said of any two people of an evening, or of nobody in particular.
THIN_CODES = {"both_came", "new", "unknown"}
MET_CODES = {"met_before", "met_earlier"}
# Kinds about somebody's own coffee besides those of its group.
OWN_COFFEE = {"look_back", "promise_due", "introduction", "introduction_agreed", "left_without", "always_yes"}
ANSWERS = {"place_taken", "place_given_up", "question_answered", "join_decided"}  # to what they just did


@dataclass
class Month:
    """Numbers of one month; coffees count in the month in which their round opened."""

    evenings: int = 0
    asked: int = 0  # by mail
    said_yes: int = 0
    proposed: int = 0
    confirmed: int = 0
    took_place: int = 0  # in the simulation, told or not
    told: int = 0  # that it took place
    by_call: int = 0  # took place by the call alone; nobody told
    quick_calls: int = 0  # that took place, without a round
    welcomes: int = 0  # welcome coffees that took place
    answered: int = 0  # whether it was worth it
    worth_it: int = 0
    cards: int = 0
    with_reason: int = 0  # beyond "both there"
    met_before: int = 0
    mails: int = 0
    members: int = 0  # at its end
    most_a_day: int = 0  # to one member, beside those about their own coffee and answers to their acts

    def add(self, other: "Month") -> None:
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            highest = one.name in {"most_a_day", "members"}
            setattr(self, one.name, max(mine, theirs) if highest else mine + theirs)


Months = dict[date, Month]


def read_funnel(
    db: Session, circle_id: str, zone: str, took_place: Mapping[str, bool], team: Collection[str]
) -> Months:
    """Of `team` mails are not counted: they get those of their duties too."""
    local = ZoneInfo(zone)
    months: defaultdict[date, Month] = defaultdict(Month)
    rounds = {one.id: one for one in db.scalars(select(Round).where(Round.circle_id == circle_id))}
    of = {one.id: _month(one.opened_at, local) for one in rounds.values()}
    for round_id, opened in of.items():
        months[opened].evenings += 1
        said = select(OptIn.id).where(OptIn.round_id == round_id, OptIn.state != "withdrawn")
        months[opened].said_yes += len(db.scalars(said).all())
    for coffee in db.scalars(select(Coffee).where(Coffee.round_id.in_(of), Coffee.kind == "coffee")):
        _add_coffee(months[of[coffee.round_id or ""]], coffee, took_place)
    welcomed = set(db.scalars(select(Welcome.coffee_id).where(Welcome.circle_id == circle_id)))
    alone = select(Coffee).where(Coffee.circle_id == circle_id, Coffee.round_id.is_(None))
    for coffee in db.scalars(alone.where(Coffee.id.in_([one for one, held in took_place.items() if held]))):
        month = months[_month(coffee.starts_at, local)]
        month.welcomes += coffee.id in welcomed
        month.quick_calls += coffee.id not in welcomed
    _add_mails(db, months, circle_id, rounds.values(), local, team)
    return dict(sorted(months.items()))


def _add_coffee(month: Month, coffee: Coffee, took_place: Mapping[str, bool]) -> None:
    month.proposed += 1
    month.confirmed += coffee.confirmed_at is not None
    month.took_place += took_place.get(coffee.id, False)
    told = any(seat.took_place for seat in coffee.seats)
    month.told += coffee.state == "met" and told
    month.by_call += coffee.state == "met" and not told
    for seat in coffee.seats:
        _add_seat(month, seat)


def _add_seat(month: Month, seat: Seat) -> None:
    codes = {str(reason.get("code")) for reason in seat.reasons}
    month.cards += 1
    month.with_reason += bool(codes - THIN_CODES - MET_CODES)
    month.met_before += bool(codes & MET_CODES)
    month.answered += seat.worth_it is not None
    month.worth_it += seat.worth_it is True


def _add_mails(
    db: Session,
    months: defaultdict[date, Month],
    circle_id: str,
    rounds: Iterable[Round],
    local: ZoneInfo,
    team: Collection[str],
) -> None:
    memberships = select(Membership).where(Membership.circle_id == circle_id)
    joined = {one.user_id: one.created_at for one in db.scalars(memberships)}
    opened = {one.id: one for one in rounds}
    instead = {one.livestream_id or "": one for one in rounds if one.occasion == "instead"}
    query = select(
        OutgoingMail.kind, OutgoingMail.person_id, OutgoingMail.subject_id, OutgoingMail.sent_at
    ).where(OutgoingMail.state == "sent", OutgoingMail.person_id.in_(joined))
    days: Counter[tuple[str, date]] = Counter()
    asked: dict[str, set[str]] = defaultdict(set)
    for kind, person_id, subject_id, sent_at in db.execute(query):
        if sent_at is None or person_id in team:
            continue
        day = sent_at.astimezone(local).date()
        months[day.replace(day=1)].mails += 1
        days[person_id, day] += not is_expected(kind)
        asks = opened if kind == "round_opened" else instead if kind == "livestream_cancelled" else {}
        round_ = asks.get(subject_id)
        if round_ is not None:
            asked[round_.id].add(person_id)
    for round_id, people in asked.items():
        months[_month(opened[round_id].opened_at, local)].asked += len(people)
    for (_person, day), count in days.items():
        month = months[day.replace(day=1)]
        month.most_a_day = max(month.most_a_day, count)
    for first, month in months.items():
        month.members = sum(_month(moment, local) <= first for moment in joined.values()) - len(team)


def is_expected(kind: str) -> bool:
    """Whether it is about somebody's own coffee or answers what they just did; such mail is not delayed."""
    declared = KINDS.get(kind)
    asked = declared is not None and (declared.asked or declared.group == ABOUT_COFFEES)
    return asked or kind in OWN_COFFEE | ANSWERS or kind.startswith("coffee_")


def total_of(months: Months) -> Month:
    total = Month()
    for one in months.values():
        total.add(one)
    return total


def _month(moment: datetime, local: ZoneInfo) -> date:
    return moment.astimezone(local).date().replace(day=1)
