"""Read model of Today: everything that asks for this person, in order of urgency."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import CompoundSelect, func, literal, select, union_all
from sqlalchemy.orm import Session

from events.circles.models import Invitation, JoinRequest, Membership
from events.circles.policy import organises
from events.circles.queries.circles import list_memberships
from events.coffees.models import Coffee
from events.coffees.queries.coffees import list_own_promises
from events.coffees.queries.current import list_current
from events.companies.queries import handovers_to_answer, list_asked
from events.core import clock
from events.core.auth.actor import Actor
from events.handbooks.queries import count_vacant
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import list_visible
from events.livestreams.rules.endings import ends_itself_at
from events.livestreams.rules.states import OVER
from events.office_hours.models import LivestreamSpeaker, OfficeHour
from events.pages.queries.first_steps import FirstSteps
from events.pages.rules import (
    DUTIES,
    OPTIONAL,
    Ask,
    Entry,
    ask_of_coffee,
    ask_of_livestream,
    asks_for_places,
    sort_entries,
)
from events.questions.models import Question
from events.recordings.queries.shelf import list_unfinished, list_unseen
from events.registrations.models import Registration
from events.rounds.queries.panels import Row, list_actionable
from events.welcomes.queries import circles_to_offer

MAX_ROWS = 4  # of one kind
MAX_ROUNDS = 12  # read, so that those behind one link are counted
FOLLOW_UP = timedelta(days=14)  # how long an evening that is over stays on Today
ENDED = (*OVER, "missed")
_PEOPLED, _BEGUN = "peopled", "begun"
_KINDS = _REGISTERED, _NEWLY_IN, _SPOKEN, _OFFERED, _HANDED = "place", "new", "spoken", "offered", "handed"


@dataclass(frozen=True)
class Today:
    """What asks for its reader; the first entry has the one filled button of the page."""

    entries: list[Entry]  # in order of urgency
    counts: dict[Ask, int]  # of what is asked, also beyond MAX_ROWS
    asks: list[Row]  # rounds to say yes to; only the nearest is an entry
    overdue: dict[str, datetime]  # when livestreams past their end end by themselves, by id
    registered: set[str]  # ids of livestreams
    directed: set[str]  # ids of livestreams that this person runs
    new_messages: dict[str, int]  # unread, by id of the coffee
    circles: int  # to how many this person belongs

    @property
    def lead(self) -> Entry | None:
        first = self.entries[0] if self.entries else None
        return first if first is not None and first.ask not in OPTIONAL else None

    @property
    def rows(self) -> list[Entry]:
        return [entry for entry in self._rest() if entry.ask not in DUTIES]

    @property
    def duties(self) -> list[Entry]:
        return [entry for entry in self._rest() if entry.ask in DUTIES]

    def _rest(self) -> list[Entry]:
        return self.entries if self.lead is None else self.entries[1:]


def today_of(db: Session, actor: Actor) -> Today:
    memberships = list_memberships(db, actor)
    registered, newly_in, spoken, offered, handed = _of_person(db, actor.id, memberships)
    own = _own(list_visible(db, actor), memberships, registered)
    directed = _directed(own, memberships, actor)
    rounds = list_actionable(db, actor, MAX_ROUNDS)
    current = list_current(db, actor)
    entries = [
        *_livestreams(own, directed),
        *_coffees([coffee for coffee, _unread in current], actor),
        *(Entry(Ask.COLLEAGUE, found[0].answer_by, found) for found in list_asked(db, actor.id, handed)),
        *_rounds(rounds),
        *_duties(db, own, directed, memberships),
        *_places(own, (directed | spoken) - offered),
        *(Entry(Ask.WELCOME, one.created_at, one.circle) for one in memberships if one.circle_id in newly_in),
        *(Entry(Ask.LISTING, one.created_at, one) for one in memberships if one.listing_chosen_at is None),
        *_recordings(db, actor, directed),
        *(Entry(Ask.PROMISE, clock.now(), found) for found in list_own_promises(db, actor)),
    ]
    shown, counts = _first_of_each(sort_entries(entries))
    return Today(
        entries=shown,
        counts=counts,
        asks=[row for row in rounds if row.asks],
        overdue={
            entry.item.id: ends_itself_at(entry.item)
            for entry in shown
            if entry.ask is Ask.OVERDUE and isinstance(entry.item, Livestream)
        },
        registered=registered,
        directed=directed,
        new_messages={coffee.id: unread for coffee, unread in current if unread},
        circles=len(memberships),
    )


def _first_of_each(entries: Iterable[Entry]) -> tuple[list[Entry], dict[Ask, int]]:
    shown: list[Entry] = []
    counts: dict[Ask, int] = {}
    for ask, group in groupby(entries, lambda entry: entry.ask):
        found = list(group)
        counts[ask] = len(found)
        shown += found[: 1 if ask is Ask.ROUND else MAX_ROWS]
    return shown, counts


def _livestreams(own: list[Livestream], directed: set[str]) -> Iterator[Entry]:
    now = clock.now()
    for livestream in own:
        ask = ask_of_livestream(livestream, now, directs=livestream.id in directed)
        if ask is None or (livestream.state in ENDED and not _is_recent(livestream)):
            continue
        yield Entry(ask, livestream.starts_at, livestream)


def _coffees(current: list[Coffee], actor: Actor) -> Iterator[Entry]:
    now = clock.now()
    for coffee in current:
        ask = ask_of_coffee(coffee, actor.id, now)
        if ask is not None:
            yield Entry(ask, coffee.starts_at, coffee)


def _rounds(rounds: list[Row]) -> Iterator[Entry]:
    for row in rounds:
        if row.asks:
            yield Entry(Ask.ROUND, row.round.closes_at, row)
        else:
            yield Entry(Ask.DRAFT, row.round.publish_at, row)


def _duties(
    db: Session, own: list[Livestream], directed: set[str], memberships: list[Membership]
) -> Iterator[Entry]:
    """Questions left over, requests to join, entries to hand over and new circles, in one query."""
    over = {one.id: one for one in own if one.state in OVER and one.id in directed and _is_recent(one)}
    organised = {one.circle_id: one.circle for one in memberships if organises(one)}
    if not over and not organised:
        return
    # The nearest livestreams may have none of a circle that published one long ago.
    maybe_new = organised.keys() - {one.circle_id for one in own if one.published_at is not None}
    drafts = {one.circle_id: one for one in own if one.state == "draft"}
    peopled, begun = set[str](), set[str]()
    for what, id_, count, since in db.execute(_count_duties(over, organised, maybe_new)):
        if what == _PEOPLED:
            peopled.add(id_)
        elif what == _BEGUN:
            begun.add(id_)
        else:
            yield Entry(Ask(what), since, (over.get(id_) or organised[id_], count))
    for id_ in maybe_new - begun:
        circle = organised[id_]
        yield Entry(Ask.START, circle.created_at, FirstSteps(circle, drafts.get(id_), id_ in peopled))


def _count_duties(
    over: Collection[str], organised: Collection[str], new: Collection[str]
) -> CompoundSelect[str, str, int, datetime]:
    """Rows of what, id, count and since. Of the `new` circles: _PEOPLED have a member or an invitation,
    _BEGUN published a livestream.
    """
    count, asked, wished = func.count(), Question.asked_at, JoinRequest.created_at
    return union_all(
        select(literal(Ask.QUESTIONS.value), Question.livestream_id, count, func.min(asked))
        .where(Question.livestream_id.in_(over), Question.state == "open")
        .group_by(Question.livestream_id),
        select(literal(Ask.REQUESTS.value), JoinRequest.circle_id, count, func.min(wished))
        .where(JoinRequest.circle_id.in_(organised), JoinRequest.decision.is_(None))
        .group_by(JoinRequest.circle_id),
        select(literal(Ask.BOOK.value), *count_vacant(organised).subquery().c),
        select(literal(_PEOPLED), Invitation.circle_id, count, func.min(Invitation.created_at))
        .where(Invitation.circle_id.in_(new))
        .group_by(Invitation.circle_id),
        select(literal(_PEOPLED), Membership.circle_id, count, func.min(Membership.created_at))
        .where(Membership.circle_id.in_(new), Membership.role == "member")
        .group_by(Membership.circle_id),
        select(literal(_BEGUN), Livestream.circle_id, count, func.min(Livestream.published_at))
        .where(Livestream.circle_id.in_(new), Livestream.published_at.is_not(None))
        .group_by(Livestream.circle_id),
    )  # fmt: skip


def _places(own: list[Livestream], ids: set[str]) -> Iterator[Entry]:
    for one in own:
        if one.id in ids and asks_for_places(one, clock.now()):
            yield Entry(Ask.PLACES, one.ended_at or one.ends_at, (one, 0))


def _recordings(db: Session, actor: Actor, directed: set[str]) -> Iterator[Entry]:
    now = clock.now()
    for unfinished in list_unfinished(db, actor.id):
        yield Entry(Ask.RECORDING, now, unfinished)
    for unseen in list_unseen(db, actor.id, now - FOLLOW_UP):
        if unseen.livestream.id not in directed:
            yield Entry(Ask.UNSEEN, now, unseen)


def _own(visible: list[Livestream], memberships: list[Membership], registered: set[str]) -> list[Livestream]:
    """Those of the person's circles, and those they have a place at; not the public ones of others."""
    circles = {membership.circle_id for membership in memberships}
    return [one for one in visible if one.circle_id in circles or one.id in registered]


def _directed(livestreams: list[Livestream], memberships: list[Membership], actor: Actor) -> set[str]:
    circles = {membership.circle_id for membership in memberships}
    organised = {membership.circle_id for membership in memberships if organises(membership)}
    return {
        one.id
        for one in livestreams
        if one.circle_id in organised or (one.host_id == actor.person_id and one.circle_id in circles)
    }


def _is_recent(livestream: Livestream) -> bool:
    return (livestream.ended_at or livestream.ends_at) > clock.now() - FOLLOW_UP


def _of_person(db: Session, user_id: str, memberships: list[Membership]) -> list[set[str]]:
    """Ids in one query: livestreams with a place, a talk or office hours of theirs; circles new to them."""
    rows = union_all(
        select(literal(_REGISTERED), Registration.livestream_id).where(
            Registration.user_id == user_id, Registration.state == "coming"
        ),
        select(literal(_NEWLY_IN), circles_to_offer(user_id, memberships).subquery().c.circle_id),
        select(literal(_SPOKEN), LivestreamSpeaker.livestream_id).where(LivestreamSpeaker.user_id == user_id),
        select(literal(_OFFERED), OfficeHour.livestream_id).where(OfficeHour.user_id == user_id),
        select(literal(_HANDED), handovers_to_answer(user_id).subquery().c.id),
    )
    found = db.execute(rows).all()
    return [{id_ for what, id_ in found if what == one} for one in _KINDS]
