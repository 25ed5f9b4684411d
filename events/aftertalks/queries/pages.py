"""Read models of the after-talk's pages for one person: the offer under the livestream and the talk
page.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.aftertalks import policy
from events.aftertalks.models import Aftertalk
from events.aftertalks.queries.attendance import (
    aftertalk_and_participant,
    aftertalk_of,
    count_visible_participants,
    is_alone,
    list_follow_up_coffees,
    list_participants,
    list_talks,
    participant_of,
    running_talks,
)
from events.aftertalks.rules import FIRST_TURN_DELAY, OFFERED_BEFORE_END, TURNS
from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import others_of, seat_of
from events.coffees.rules import mutual_pairs
from events.core import clock
from events.core.auth.actor import Actor
from events.core.errors import NotFound
from events.livestreams.models import Livestream
from events.livestreams.rules.states import ON_AIR, OVER


class AftertalkStatus(StrEnum):
    """Stage of the after-talk as one person meets it."""

    OFF = "off"  # switched off, or there was none
    OFFERED = "offered"
    JOINED = "joined"  # the livestream still goes on
    WAITING = "waiting"  # for the first turn
    COMPANY = "company"  # waiting for more participants
    TALK = "talk"
    ALONE = "alone"  # without a partner in this turn
    REST = "rest"  # between two turns
    OVER = "over"  # for everyone, or for a participant who left


@dataclass(frozen=True)
class Offer:
    """`shows_in` is in seconds."""

    status: AftertalkStatus  # OFFERED or JOINED
    shows_in: int


@dataclass(frozen=True)
class FinishedTalk:
    """A talk that took place, with own and mutual answers; `coffee_id` was proposed for a mutual wish."""

    talk: Coffee
    others: list[User]
    own: Seat
    agreed: list[User]
    coffee_id: str | None  # what was proposed because both wanted to


@dataclass(frozen=True)
class AftertalkPage:
    """The after-talk as one person sees it; `seconds` are left of the present step."""

    status: AftertalkStatus
    livestream: Livestream
    may_join: bool = False
    aftertalk: Aftertalk | None = None
    turns: int = TURNS
    seconds: int = 0
    people: int = 0
    talk: Coffee | None = None
    own: Seat | None = None
    others: list[Seat] = field(default_factory=list)
    spoken: list[FinishedTalk] = field(default_factory=list)

    @property
    def asked(self) -> list[FinishedTalk]:
        """Talks with an unanswered "again?"."""
        return [one for one in self.spoken if one.own.again is None]


def offer_of(db: Session, actor: Actor, livestream: Livestream) -> Offer | None:
    """None without access or after the end."""
    membership = membership_of(db, actor, livestream.circle_id)
    if not livestream.aftertalk or not policy.may_join_aftertalk(actor, livestream, membership):
        return None
    aftertalk, place = aftertalk_and_participant(db, livestream.id, actor.id)
    if (aftertalk is None and livestream.state in OVER) or (
        aftertalk is not None and aftertalk.state == "over"
    ):
        return None
    inside = place is not None and place.is_in
    shows_in = _seconds(livestream.ends_at - OFFERED_BEFORE_END) if livestream.state not in OVER else 0
    return Offer(AftertalkStatus.JOINED if inside else AftertalkStatus.OFFERED, shows_in)


def page_of(db: Session, actor: Actor, livestream: Livestream) -> AftertalkPage:
    """NotFound without access."""
    membership = membership_of(db, actor, livestream.circle_id)
    if not policy.may_join_aftertalk(actor, livestream, membership):
        raise NotFound
    aftertalk = aftertalk_of(db, livestream.id)
    going_on = livestream.state in ON_AIR
    if aftertalk is None:
        offered = going_on and livestream.aftertalk
        status = AftertalkStatus.OFFERED if offered else AftertalkStatus.OFF
        return AftertalkPage(status, livestream, going_on)
    talks = list_talks(db, aftertalk)
    place = participant_of(db, aftertalk.id, actor.id)
    spoken = [_finished_talk(db, aftertalk, talk, actor.id) for talk in talks if _took_part(talk, actor.id)]
    inside = place is not None and place.is_in
    talk = running_talks(talks).get(actor.id) if inside and aftertalk.state == "talking" else None
    places = {one.user_id: one for one in list_participants(db, aftertalk.id)}
    talking = talk is not None and not is_alone(talk, actor.id, places, clock.now())
    return AftertalkPage(
        status=_status(livestream, aftertalk, inside, place is not None, talking),
        livestream=livestream,
        may_join=livestream.aftertalk and aftertalk.state != "over" and not inside,
        aftertalk=aftertalk,
        seconds=_seconds(aftertalk.next_at) if aftertalk.next_at is not None else 0,
        people=count_visible_participants(db, actor.id, places),
        talk=talk,
        own=seat_of(talk, actor.id) if talk is not None else None,
        others=others_of(talk, actor.id) if talk is not None else [],
        spoken=spoken,
    )


def get_talk(db: Session, actor: Actor, aftertalk: Aftertalk, talk_id: str) -> Coffee:
    """NotFound unless it is the actor's own."""
    for talk in list_talks(db, aftertalk):
        if talk.id == talk_id and policy.may_meet_again(actor, talk):
            return talk
    raise NotFound


def _status(
    livestream: Livestream, aftertalk: Aftertalk, inside: bool, known: bool, talking: bool
) -> AftertalkStatus:
    if aftertalk.state == "over":
        return AftertalkStatus.OVER if aftertalk.turn or known else AftertalkStatus.OFF
    if not inside:
        if known:
            return AftertalkStatus.OVER
        return AftertalkStatus.OFFERED if livestream.aftertalk else AftertalkStatus.OFF
    if aftertalk.opened_at is None:
        return AftertalkStatus.JOINED
    if aftertalk.state == "talking":
        return AftertalkStatus.TALK if talking else AftertalkStatus.ALONE
    if aftertalk.state == "resting":
        return AftertalkStatus.REST
    soon = aftertalk.next_at is not None and aftertalk.next_at <= clock.now() + FIRST_TURN_DELAY
    return AftertalkStatus.WAITING if soon else AftertalkStatus.COMPANY


def _took_part(talk: Coffee, user_id: str) -> bool:
    """Talks in which this person was not heard are not asked about."""
    return talk.state == "met" and any(s.user_id == user_id and s.answer == "yes" for s in talk.seats)


def _finished_talk(db: Session, aftertalk: Aftertalk, talk: Coffee, user_id: str) -> FinishedTalk:
    others = others_of(talk, user_id)
    wanted = mutual_pairs({seat.user_id: seat.again for seat in talk.seats})
    agreed = [seat.user for seat in others if frozenset((user_id, seat.user_id)) in wanted]
    coffees = [one for user in agreed for one in list_follow_up_coffees(db, (user_id, user.id), aftertalk)]
    return FinishedTalk(
        talk=talk,
        others=[seat.user for seat in others],
        own=seat_of(talk, user_id),
        agreed=agreed,
        coffee_id=coffees[0].id if coffees else None,
    )


def _seconds(until: datetime) -> int:
    return max(0, round((until - clock.now()).total_seconds()))
