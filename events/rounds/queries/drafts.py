"""The draft of a round: what is handed to the algorithm, what is kept of it, and what its organisers see."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import list_users
from events.circles.queries.circles import membership_of
from events.circles.queries.person_lookup import label_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict
from events.rounds import policy
from events.rounds.models import Draft, OptIn, Round, Run
from events.rounds.queries.rounds import is_due, lock_round
from events.rounds.queries.solver_input import list_topic_names, problem_of
from events.rounds.rules.draft_edits import PRIVATE_CODES, Planned, Problem, build_coffee
from events.rounds.rules.timeline import format_utc, parse_time

PAIR = 2
COFFEES_PER_PAGE = 15
MAX_LISTED_UNSEATED = 60


@dataclass(frozen=True)
class PlanningTask:
    """What is to be planned now. `base` are the rows, `given` the document for the algorithm, with locks.

    `kept` are locked coffees that are set as they stand; `ready` is the draft when nothing moved since.
    """

    base: Problem
    given: Problem
    locked: list[Planned]
    kept: list[Planned]
    ready: list[Planned] | None

    def plan(self, answer: dict[str, object]) -> list[Planned]:
        """The coffees of the algorithm beside those that were kept, with their locks and notes again."""
        marks = {frozenset(coffee["people"]): coffee for coffee in self.locked}
        made = [*self.kept, *cast(list[Planned], answer["coffees"])]
        for coffee in made:
            coffee["starts_at"] = format_utc(parse_time(coffee["starts_at"]))
            coffee["alternatives"] = [format_utc(parse_time(text)) for text in coffee["alternatives"]]
            mark = marks.get(frozenset(coffee["people"]))
            if mark is not None:
                coffee["locked"], coffee["note"] = True, mark.get("note", "")
        return made


@dataclass(frozen=True)
class DraftCoffee:
    """One coffee of the draft as an organiser sees it; what people chose and wish stays theirs.

    Neither an hour nor a form: from those of two coffees it would follow that two people fit, and so why
    they may not be put together.
    """

    number: int
    people: list[User]
    topics: list[tuple[str, str]]  # in Dutch and in English
    locked: bool
    note: str
    met_before: bool


@dataclass(frozen=True)
class DraftPage:
    """The draft as a page: its coffees, who has none, and when it goes out."""

    coffees: list[DraftCoffee]
    made: int  # coffees in all; a large round shows a page of them at a time
    left: list[User]  # the first of those who have none
    left_count: int
    labels: list[str]  # names beside the fields: of who stands on this page
    number: int
    version: int
    may_undo: bool
    released: bool  # an organiser pressed; it can still be held back

    @property
    def more(self) -> bool:
        return self.made > self.number * COFFEES_PER_PAGE


def draft_of(db: Session, round_id: str) -> Draft | None:
    return db.get(Draft, round_id, populate_existing=True)


def lock_draft(db: Session, actor: Actor, round_: Round, version: int) -> Draft:
    """The draft for who organises, locked with its round, in the version that was looked at."""
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    round_ = lock_round(db, round_)
    draft = draft_of(db, round_.id)
    if round_.state != "draft" or draft is None or round_.publish_at <= clock.now():
        raise Conflict("draft_gone")
    if draft.version != version:
        raise Conflict("round_changed")
    return draft


def planning_task_of(db: Session, round_: Round, wave: int) -> PlanningTask | None:
    """What there is to plan for a round now; None when nothing is: it is not due, or done."""
    drafting = wave == 0 and round_.state == "matching" and round_.publish_at > clock.now()
    if not drafting and not is_due(db, round_, wave):
        return None
    base = problem_of(db, round_, wave)
    draft = draft_of(db, round_.id) if wave == 0 else None
    if draft is None:
        return PlanningTask(base, base, [], [], None)
    stands = round_.state == "draft" and json.loads(draft.problem) == base
    locked = [coffee for coffee in _coffees(draft) if coffee.get("locked")]
    locked = [
        coffee for coffee in locked if build_coffee(base, coffee["people"], coffee["starts_at"]) is not None
    ]
    trios = [coffee for coffee in locked if len(coffee["people"]) > PAIR]
    return PlanningTask(
        base,
        _with_locks(base, round_.id, draft.attempt, locked),
        locked,
        trios,
        _coffees(draft) if stands else None,
    )


def page_of(db: Session, round_: Round, number: int) -> DraftPage | None:
    """Names and topics; never a wish, a line or a free time of anybody. None without a draft.

    Of a large draft only the coffees are read: its problem and what it was before are several times as long.
    """
    columns = Draft.coffees, Draft.version, Draft.planned_at, Draft.before.is_not(None)
    found = db.execute(select(*columns).where(Draft.round_id == round_.id)).first()
    if found is None:
        return None
    coffees, version, planned_at, may_undo = found
    planned = list(enumerate(cast(list[Planned], coffees)))
    first = (number - 1) * COFFEES_PER_PAGE
    shown = planned[first : first + COFFEES_PER_PAGE]
    seated = {user_id for _number, coffee in planned for user_id in coffee["people"]}
    left = sorted(set(db.scalars(select_drafted_ids(round_))) - seated)
    seated_ids = [user_id for _number, coffee in shown for user_id in coffee["people"]]
    users = list_users(db, [*seated_ids, *left[:MAX_LISTED_UNSEATED]])
    names = list_topic_names(db, round_.circle_id, seated_ids)
    people = sorted(users.values(), key=lambda user: user.name.casefold())
    return DraftPage(
        # Someone whose account is gone is in no coffee; the draft is made again before it is proposed.
        coffees=[
            _draft_coffee(place, coffee, users, names)
            for place, coffee in shown
            if users.keys() >= set(coffee["people"])
        ],
        made=len(planned),
        left=[user for user in people if user.id in set(left)],
        left_count=len(left),
        labels=[label_of(user) for user in people],
        number=number,
        version=version,
        may_undo=may_undo,
        released=round_.publish_at < planned_at,
    )


def select_drafted_ids(round_: Round) -> Select[str]:
    """The ids of those whom a draft is about."""
    return select(OptIn.user_id).where(OptIn.round_id == round_.id, OptIn.state == "waiting")


def count_attempts(db: Session, round_id: str, wave: int) -> int:
    """How often this wave was planned so far."""
    query = select(func.count(Run.id)).where(Run.round_id == round_id, Run.wave == wave)
    return db.scalar(query) or 0


def _with_locks(base: Problem, round_id: str, attempt: int, locked: Sequence[Planned]) -> Problem:
    """Locked pairs by the contract's own field; the people of locked trios are left out altogether.

    Each attempt has a draw of its own: trying again may find another plan that is as good.
    """
    aside = {user_id for coffee in locked if len(coffee["people"]) > PAIR for user_id in coffee["people"]}
    pairs = [coffee for coffee in locked if len(coffee["people"]) == PAIR]
    people = cast(list[Problem], base["people"])
    seed = hashlib.sha256(f"{round_id}:0:{attempt}".encode()).digest()[:6]
    return {
        **base,
        "people": [one for one in people if one["id"] not in aside],
        "met": _without(cast(list[list[str]], base["met"]), aside),
        "together": _without(cast(list[list[str]], base["together"]), aside),
        "locked": [[*coffee["people"], coffee["starts_at"]] for coffee in pairs],
        "seed": int.from_bytes(seed) if attempt else base["seed"],
    }


def _without(rows: list[list[str]], aside: set[str]) -> list[list[str]]:
    return [row for row in rows if row[0] not in aside and row[1] not in aside]


def _draft_coffee(
    number: int, coffee: Planned, users: dict[str, User], names: dict[str, tuple[str, str]]
) -> DraftCoffee:
    reasons = [one for side in coffee["reasons"].values() for one in side if one["code"] not in PRIVATE_CODES]
    topics = dict.fromkeys(one["topic"] for one in reasons if "topic" in one)
    return DraftCoffee(
        number=number,
        people=[users[user_id] for user_id in coffee["people"] if user_id in users],
        topics=[names[topic] for topic in topics if topic in names],
        locked=coffee.get("locked", False),
        note=coffee.get("note", ""),
        met_before="met" in coffee["widened"],
    )


def _coffees(draft: Draft) -> list[Planned]:
    return cast(list[Planned], draft.coffees)
