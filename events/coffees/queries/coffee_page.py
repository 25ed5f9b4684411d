"""Read model of a coffee as one of its people sees it."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.availability.queries.calendars import find_busy
from events.availability.queries.claims import list_free
from events.circles.models import Circle
from events.circles.queries.circles import find_memberships
from events.circles.queries.openable_profiles import list_openable
from events.coffees import rules
from events.coffees.models import Coffee, LookBack, Promise, Seat, SharedNote
from events.coffees.queries.coffees import list_promises, others_of, seat_of, taking_part
from events.coffees.queries.month_later import may_look_back
from events.coffees.queries.venue import Reach, reach_of
from events.coffees.status import (
    CoffeeStatus,
    Fact,
    PrimaryAction,
    StatusSentence,
    primary_action_for,
    sentence_for,
)
from events.core import clock
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream

MAX_CIRCLES = 3  # whose next livestream is shown without a coffee


@dataclass(frozen=True)
class Reasons:
    """Reasons to meet one partner: their offers, one's own, and what both share."""

    user: User
    theirs: list[dict[str, object]]
    mine: list[dict[str, object]]
    both: list[dict[str, object]]
    on_my_mind: str


@dataclass(frozen=True)
class Card:
    """One coffee as one of its people sees it.

    `times`: the other common times that are still free. `calendar_read`: when the reader's own calendar was
    last read, if it is busy at this time and the answer is open. `notify_by`: deadline for news of a
    replacement. `pages`: ids of partners whose page in the circle the reader may open. `may_tell`: from the
    start on, when the outcome can be reported.
    """

    coffee: Coffee
    own: Seat
    others: list[User]
    status: CoffeeStatus
    circle: Circle
    occasion: Livestream | None
    member_since: datetime | None
    reasons: list[Reasons]
    times: list[datetime]
    note: SharedNote | None
    promises: list[Promise]
    again: list[User]
    reach: Reach
    notify_by: datetime | None
    calendar_read: datetime | None
    may_answer: bool
    may_change: bool
    may_accept_replacement: bool
    is_replacement: bool
    may_check: bool
    may_call: bool
    may_tell: bool
    is_kept: bool
    pages: frozenset[str] = frozenset()
    said: LookBack | None = None

    @property
    def display_status(self) -> CoffeeStatus:
        """A confirmed coffee that is past counts as over."""
        past = self.status == CoffeeStatus.CONFIRMED and self.coffee.ends_at <= clock.now()
        return CoffeeStatus.OVER if past else self.status

    @property
    def facts(self) -> Fact:
        coffee, own = self.coffee, self.own
        holds = {
            Fact.TRIO: len(self.others) == 2,
            Fact.MAY_ANSWER: self.may_answer,
            Fact.MAY_UNDO: self.undo_until is not None,
            Fact.REQUESTED: coffee.invited_by_id is not None or coffee.round_id is None,
            Fact.IS_REPLACEMENT: self.is_replacement,
            Fact.NOT_ANSWERED: own.answer == "waiting" and coffee.invited_by_id is None,
            Fact.REPLACEMENT_COMES: self.notify_by is not None,
            Fact.MAY_CALL: self.may_call,
            Fact.MAY_CHECK: self.may_check,
            Fact.MAY_TELL: self.may_tell,
            Fact.NOT_TOLD: own.took_place is None,
            Fact.MUTUAL_AGAIN: bool(self.again),
            Fact.HANDED_ON: own.handed_to_id is not None,
        }
        return reduce(or_, (fact for fact, true in holds.items() if true), Fact.NONE)

    @property
    def sentence(self) -> StatusSentence:
        return sentence_for(self.display_status, self.facts)

    @property
    def primary_action(self) -> PrimaryAction:
        return primary_action_for(self.display_status, self.facts)

    @property
    def undo_until(self) -> datetime | None:
        """End of the reader's own delayed decline, while it can be undone."""
        until = self.own.leaves_at
        return until if until is not None and self.coffee.state == "proposed" else None

    @property
    def own_link(self) -> str:
        return self.own.user.meeting_link if self.coffee.form == "own_link" else ""

    @property
    def asker(self) -> User | None:
        """Partner who requested a change of the proposal."""
        return next((other for other in self.others if other.id == self.coffee.asked_by_id), None)

    @property
    def first(self) -> User:
        return self.others[0]


def card_of(db: Session, actor: Actor, coffee: Coffee) -> Card:
    """Complete card, in a bounded number of queries."""
    card = summary_card_of(coffee, actor.id)
    people = [seat.user_id for seat in taking_part(coffee)]
    times = rules.other_times(coffee.alternatives, coffee.starts_at, clock.now()) if card.may_change else []
    partners = find_memberships(db, coffee.circle_id, [other.id for other in card.others])
    since = partners.get(card.first.id) if len(card.others) == 1 else None
    occasion, note, said = db.execute(_about(coffee, actor.id)).one()
    return _with(
        card,
        occasion=occasion,
        pages=list_openable(db, actor, coffee.circle_id, partners.values()),
        said=said if may_look_back(coffee) else None,
        member_since=since.created_at if since is not None else None,
        calendar_read=_calendar_read(db, card),
        times=list_free(db, people, times, coffee.minutes, besides=coffee.id),
        note=note if card.is_kept else None,
        promises=list_promises(db, coffee) if card.is_kept else [],
    )


def _about(coffee: Coffee, user_id: str) -> Select[Livestream | None, SharedNote | None, LookBack | None]:
    """One row: the livestream it came of, the shared note, and this person's own look back."""
    own = (LookBack.coffee_id == Coffee.id) & (LookBack.user_id == user_id)
    return (
        select(Livestream, SharedNote, LookBack)
        .select_from(Coffee)
        .outerjoin(Livestream, Livestream.id == Coffee.occasion_id)
        .outerjoin(SharedNote, SharedNote.coffee_id == Coffee.id)
        .outerjoin(LookBack, own)
        .where(Coffee.id == coffee.id)
    )


def summary_card_of(coffee: Coffee, user_id: str) -> Card:
    """Card from the coffee's loaded rows alone, without a query."""
    now = clock.now()
    own = seat_of(coffee, user_id)
    others = others_of(coffee, user_id)
    inside = own.answer != "no" and own.leaves_at is None
    proposed, confirmed = coffee.state == "proposed", coffee.state == "confirmed"
    ahead = coffee.starts_at > now
    accepted = proposed and inside and own.answer == "yes"
    stands = confirmed and inside
    online = coffee.form == "online" and stands and coffee.kind == "coffee"
    may_change = (proposed or confirmed) and inside and ahead
    return Card(
        coffee=coffee,
        own=own,
        others=[seat.user for seat in others],
        status=_status(coffee, own),
        circle=coffee.circle,
        occasion=None,
        member_since=None,
        reasons=[_reasons(own, seat, only=len(others) == 1) for seat in others],
        times=[],
        note=None,
        promises=[],
        again=_mutual_again(coffee, own, others),
        reach=reach_of(coffee, user_id, may_change=may_change),
        notify_by=_replacement_by(coffee, own, now),
        calendar_read=None,
        may_answer=proposed and inside and own.answer == "waiting" and ahead,
        may_change=may_change,
        may_accept_replacement=accepted and ahead and coffee.round_id is not None,
        is_replacement=own.accepts_replacement and own.answered_at == coffee.proposed_at,
        may_check=online and now < coffee.ends_at,
        may_call=online and rules.call_is_open(now, coffee.starts_at, coffee.ends_at),
        may_tell=inside and coffee.state in rules.PAST_OR_AGREED and not ahead,
        is_kept=inside and coffee.state in rules.PAST_OR_AGREED,
    )


def _calendar_read(db: Session, card: Card) -> datetime | None:
    """Only before the answer, and unless the calendar contains this very coffee."""
    if not card.may_answer or card.own.invited:
        return None
    return find_busy(db, card.own.user_id, card.coffee.starts_at, card.coffee.ends_at)


def _status(coffee: Coffee, own: Seat) -> CoffeeStatus:
    if own.answer == "no" or own.leaves_at is not None:
        return CoffeeStatus.OWN_DECLINE
    if coffee.state == "proposed" and own.answer == "yes":
        return CoffeeStatus.ACCEPTED
    return CoffeeStatus.UNREPORTED if coffee.is_unreported else CoffeeStatus(coffee.state)


def _reasons(own: Seat, other: Seat, *, only: bool) -> Reasons:
    sides = rules.sort_reasons(own.reasons, other.user_id, only=only)
    return Reasons(other.user, sides["theirs"], sides["mine"], sides["both"], other.on_my_mind)


def _mutual_again(coffee: Coffee, own: Seat, others: list[Seat]) -> list[User]:
    wanted = rules.mutual_pairs({seat.user_id: seat.again for seat in (own, *others)})
    return [seat.user for seat in others if frozenset((own.user_id, seat.user_id)) in wanted]


def _replacement_by(coffee: Coffee, own: Seat, now: datetime) -> datetime | None:
    """Deadline for news of a replacement, for people left by a decline or expiry."""
    left = coffee.state == "declined" or (coffee.state == "expired" and own.answer == "yes")
    if not left or own.answer == "no" or coffee.closed_at is None or coffee.round_id is None:
        return None
    by = rules.replacement_news_by(coffee.closed_at, coffee.circle.zone)
    return by if by > now else None


def _with(card: Card, **found: object) -> Card:
    return Card(**{**card.__dict__, **found})
