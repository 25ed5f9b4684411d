"""What the pages show of a nazit to one person: the offer under the livestream, and the page of the talks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.aftertalks import policy as aftertalks_policy
from events.aftertalks.models import Aftertalk
from events.aftertalks.queries.attendance import (
    FIRST,
    OFFERED_BEFORE_END,
    TURNS,
    aftertalk_of,
    count_company,
    is_alone,
    list_again_coffees,
    list_places,
    list_talks,
    place_of,
    running_talks,
)
from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import others_of, seat_of
from events.coffees.rules import mutual
from events.core import clock
from events.core.auth.actor import Actor
from events.core.errors import NotFound
from events.livestreams.models import Livestream
from events.livestreams.rules.states import ON_AIR, OVER

Near = Literal["off", "offered", "joined", "waiting", "company", "talk", "alone", "rest", "over"]


@dataclass(frozen=True)
class Offer:
    """Under the livestream: whether this person takes part, and in how many seconds it is shown."""

    near: Literal["offered", "joined"]
    shows_in: int


@dataclass(frozen=True)
class Spoken:
    """A talk that took place, with what this person said and what both said."""

    talk: Coffee
    others: list[User]
    own: Seat
    agreed: list[User]
    coffee_id: str | None  # what was proposed because both wanted to


@dataclass(frozen=True)
class AftertalkPage:
    """The nazit before one person.

    `near` is off (switched off, or there was none), offered (may tap), joined (tapped, the livestream still
    goes on), waiting (for the first turn), company (for more people), talk, alone (nobody to talk to in
    this turn), rest (between two turns) or over (for all, or for who stopped). `seconds` are left of it.
    """

    near: Near
    livestream: Livestream
    may_join: bool = False
    aftertalk: Aftertalk | None = None
    turns: int = TURNS
    seconds: int = 0
    people: int = 0
    talk: Coffee | None = None
    own: Seat | None = None
    others: list[Seat] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)

    @property
    def asked(self) -> list[Spoken]:
        """Of which talks "again?" is still to be answered."""
        return [one for one in self.spoken if one.own.again is None]


def offer_of(db: Session, actor: Actor, livestream: Livestream) -> Offer | None:
    """The offer for this reader; None when there is none, or when it is over."""
    membership = membership_of(db, actor, livestream.circle_id)
    if not livestream.aftertalk or not aftertalks_policy.may_join_aftertalk(actor, livestream, membership):
        return None
    aftertalk = aftertalk_of(db, livestream.id)
    if (aftertalk is None and livestream.state in OVER) or (
        aftertalk is not None and aftertalk.state == "over"
    ):
        return None
    place = place_of(db, aftertalk.id, actor.id) if aftertalk is not None else None
    shows_in = _seconds(livestream.ends_at - OFFERED_BEFORE_END) if livestream.state not in OVER else 0
    return Offer("joined" if place is not None and place.is_in else "offered", shows_in)


def page_of(db: Session, actor: Actor, livestream: Livestream) -> AftertalkPage:
    """The page of the nazit; for who may not take part there is none."""
    membership = membership_of(db, actor, livestream.circle_id)
    if not aftertalks_policy.may_join_aftertalk(actor, livestream, membership):
        raise NotFound
    aftertalk = aftertalk_of(db, livestream.id)
    going_on = livestream.state in ON_AIR
    if aftertalk is None:
        return AftertalkPage("offered" if going_on and livestream.aftertalk else "off", livestream, going_on)
    talks = list_talks(db, aftertalk)
    place = place_of(db, aftertalk.id, actor.id)
    spoken = [_spoken(db, aftertalk, talk, actor.id) for talk in talks if _sat(talk, actor.id)]
    inside = place is not None and place.is_in
    talk = running_talks(talks).get(actor.id) if inside and aftertalk.state == "talking" else None
    places = {one.user_id: one for one in list_places(db, aftertalk.id)}
    talking = talk is not None and not is_alone(talk, actor.id, places, clock.now())
    return AftertalkPage(
        near=_near(livestream, aftertalk, inside, place is not None, talking),
        livestream=livestream,
        may_join=livestream.aftertalk and aftertalk.state != "over" and not inside,
        aftertalk=aftertalk,
        seconds=_seconds(aftertalk.next_at) if aftertalk.next_at is not None else 0,
        people=count_company(db, actor.id, places),
        talk=talk,
        own=seat_of(talk, actor.id) if talk is not None else None,
        others=others_of(talk, actor.id) if talk is not None else [],
        spoken=spoken,
    )


def get_talk(db: Session, actor: Actor, aftertalk: Aftertalk, talk_id: str) -> Coffee:
    """One's own talk of this nazit."""
    for talk in list_talks(db, aftertalk):
        if talk.id == talk_id and aftertalks_policy.may_meet_again(actor, talk):
            return talk
    raise NotFound


def _near(livestream: Livestream, aftertalk: Aftertalk, inside: bool, known: bool, talking: bool) -> Near:
    if aftertalk.state == "over":
        return "over" if aftertalk.turn or known else "off"
    if not inside:
        return "over" if known else "offered" if livestream.aftertalk else "off"
    if aftertalk.opened_at is None:
        return "joined"
    if aftertalk.state == "talking":
        return "talk" if talking else "alone"
    if aftertalk.state == "resting":
        return "rest"
    soon = aftertalk.next_at is not None and aftertalk.next_at <= clock.now() + FIRST
    return "waiting" if soon else "company"


def _sat(talk: Coffee, user_id: str) -> bool:
    """Whether this person spoke in it: one that failed is not asked about."""
    return talk.state == "met" and any(s.user_id == user_id and s.answer == "yes" for s in talk.seats)


def _spoken(db: Session, aftertalk: Aftertalk, talk: Coffee, user_id: str) -> Spoken:
    others = others_of(talk, user_id)
    wanted = mutual({seat.user_id: seat.again for seat in talk.seats})
    agreed = [seat.user for seat in others if frozenset((user_id, seat.user_id)) in wanted]
    coffees = [one for user in agreed for one in list_again_coffees(db, (user_id, user.id), aftertalk)]
    return Spoken(
        talk=talk,
        others=[seat.user for seat in others],
        own=seat_of(talk, user_id),
        agreed=agreed,
        coffee_id=coffees[0].id if coffees else None,
    )


def _seconds(until: datetime) -> int:
    return max(0, round((until - clock.now()).total_seconds()))
