"""Rows of Today: everything that asks for this person, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from events.circles.models import Circle, Invitation, Membership
from events.circles.policy import organises
from events.circles.queries.circles import list_memberships
from events.coffees.models import Coffee, Promise
from events.coffees.queries.coffees import list_coffees, list_own_promises, seat_of
from events.core import clock
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import list_visible
from events.livestreams.rules.endings import ends_itself_at, is_overdue
from events.livestreams.rules.states import GATHERED, OPEN, OVER
from events.questions.queries import count_open
from events.recordings.queries.shelf import Unfinished, list_unfinished, list_unseen
from events.registrations.models import Registration
from events.rounds.queries.panels import Row, list_actionable

MAX_ROWS = 4
MAX_ROUNDS = 12  # read, so that those behind one link are counted; drafts take MAX_ROWS
FOLLOW_UP = timedelta(days=14)  # how long an evening that is over stays on Today


@dataclass(frozen=True)
class Start:
    """A circle of the reader's that never published a livestream, with what was done for it."""

    circle: Circle
    invited: bool
    draft: Livestream | None


@dataclass(frozen=True)
class Today:
    """`first` names what gets the one filled button: on_now, coffee, missed, wrap, confirmed, round, next,
    start, recording, promise, unseen or nothing.
    """

    on_now: list[Livestream]
    overdue: dict[str, datetime]  # of these, run by this person: when they end by themselves, by id
    missed: list[Livestream]  # run by this person; nobody started them
    coffees: list[Coffee]  # waiting for this person's answer
    wrap: list[Livestream]  # over, directed by this person, without a recording yet
    questions: list[tuple[Livestream, int]]  # over, directed by this person, with open questions
    reports: list[Livestream]  # the same with one: their report can be read
    confirmed: list[Coffee]  # ahead of us
    rounds: list[Row]  # to say yes to, or a draft to look at
    ahead: list[Livestream]
    starts: list[Start]
    registered: set[str]  # ids of livestreams
    directed: set[str]  # ids of livestreams that this person runs
    unfinished: list[Unfinished]
    unseen: list[Unfinished]  # of other evenings than those this person directs
    promised: list[tuple[Promise, Coffee]]  # by this person, not done yet
    circles: int  # to how many this person belongs

    @property
    def first(self) -> str:
        for name, found in (
            ("on_now", self.on_now),
            ("coffee", self.coffees),
            ("missed", self.missed),
            ("wrap", self.wrap),
            ("confirmed", self.confirmed),
            ("round", self.rounds),
            ("next", self.ahead),
            ("start", self.starts),
            ("recording", self.unfinished),
            ("promise", self.promised),
            ("unseen", self.unseen),
        ):
            if found:
                return name
        return "nothing"


def today_of(db: Session, actor: Actor) -> Today:
    memberships = list_memberships(db, actor)
    registered = _registered(db, actor.id)
    own = _own(list_visible(db, actor), memberships, registered)
    directed = _directed(own, memberships, actor)
    livestreams = [one for one in own if one.state in OPEN]
    coffees = list_coffees(db, actor)
    moment = clock.now()
    over = [one for one in own if one.state in OVER and one.id in directed and _is_recent(one)]
    return Today(
        on_now=[one for one in livestreams if one.state in GATHERED],
        overdue={
            one.id: ends_itself_at(one)
            for one in livestreams
            if one.id in directed and is_overdue(one, moment)
        },
        missed=[one for one in own if one.state == "missed" and one.id in directed and _is_recent(one)][
            :MAX_ROWS
        ],
        coffees=[
            one
            for one in coffees
            if one.state == "proposed"
            and one.answer_by > moment
            and seat_of(one, actor.id).answer == "waiting"
        ],
        wrap=[one for one in over if one.state == "ended"][:MAX_ROWS],
        questions=_questions(db, over),
        reports=[one for one in over if one.state == "replay"][:MAX_ROWS],
        confirmed=[one for one in coffees if one.state == "confirmed" and one.starts_at > moment][:MAX_ROWS],
        rounds=list_actionable(db, actor, MAX_ROUNDS),
        ahead=[one for one in livestreams if one.state == "announced"][:MAX_ROWS],
        starts=_starts(db, own, memberships),
        registered=registered,
        directed=directed,
        unfinished=list_unfinished(db, actor.id)[:MAX_ROWS],
        unseen=[
            one for one in list_unseen(db, actor.id, moment - FOLLOW_UP) if one.livestream.id not in directed
        ][:MAX_ROWS],
        promised=list_own_promises(db, actor)[:MAX_ROWS],
        circles=len(memberships),
    )


def _own(
    livestreams: list[Livestream], memberships: list[Membership], registered: set[str]
) -> list[Livestream]:
    """Those of the person's circles, and those they have a place at; not the public ones of others."""
    circles = {membership.circle_id for membership in memberships}
    return [one for one in livestreams if one.circle_id in circles or one.id in registered]


def _directed(livestreams: list[Livestream], memberships: list[Membership], actor: Actor) -> set[str]:
    circles = {membership.circle_id for membership in memberships}
    organised = {membership.circle_id for membership in memberships if organises(membership)}
    return {
        one.id
        for one in livestreams
        if one.circle_id in organised or (one.host_id == actor.person_id and one.circle_id in circles)
    }


def _questions(db: Session, over: list[Livestream]) -> list[tuple[Livestream, int]]:
    counts = count_open(db, [one.id for one in over])
    return [(one, counts[one.id]) for one in over if one.id in counts][:MAX_ROWS]


def _is_recent(livestream: Livestream) -> bool:
    return (livestream.ended_at or livestream.ends_at) > clock.now() - FOLLOW_UP


def _starts(db: Session, livestreams: list[Livestream], memberships: list[Membership]) -> list[Start]:
    """One query however many circles there are, and none when each has begun."""
    begun = {one.circle_id for one in livestreams if one.published_at is not None}
    circles = {m.circle_id: m.circle for m in memberships if organises(m) and m.circle_id not in begun}
    if not circles:
        return []
    invited = select(Invitation.circle_id).where(Invitation.circle_id.in_(circles))
    others = select(Membership.circle_id).where(
        Membership.circle_id.in_(circles), Membership.role == "member"
    )
    peopled = set(db.scalars(union(invited, others)))
    drafts = {one.circle_id: one for one in livestreams if one.state == "draft"}
    return [Start(circle, id_ in peopled, drafts.get(id_)) for id_, circle in circles.items()]


def _registered(db: Session, user_id: str) -> set[str]:
    query = select(Registration.livestream_id).where(
        Registration.user_id == user_id, Registration.state == "coming"
    )
    return set(db.scalars(query))
