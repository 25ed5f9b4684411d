"""Queries on drafts: the planning task for the solver, and the page that organisers see."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import list_users
from events.circles.queries.circles import membership_of
from events.circles.rules import label_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.read_batch import only_reads
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
MAX_PARSED_DRAFTS = 2
_parsed: dict[tuple[str, int, datetime], list[Planned]] = {}  # by round, version and time of planning


@dataclass(frozen=True)
class PlanningTask:
    """Work for the solver. `base`: document from the rows; `given`: the same with locks.

    `kept`: locked trios, which the solver does not see. `ready`: the draft, when rows did not change since.
    """

    base: Problem
    given: Problem
    locked: list[Planned]
    kept: list[Planned]
    ready: list[Planned] | None

    def plan(self, answer: dict[str, object]) -> list[Planned]:
        """Solver's coffees and kept trios, with locks and notes restored."""
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
    """One coffee of the draft as organisers see it.

    Without time and form: those of two coffees would tell whether two people fit, and so reveal a block.
    """

    number: int
    people: list[User]
    topics: list[tuple[str, str]]  # in Dutch and in English
    locked: bool
    note: str
    met_before: bool


@dataclass(frozen=True)
class DraftPage:
    coffees: list[DraftCoffee]
    made: int  # coffees of the draft; the page shows COFFEES_PER_PAGE
    left: list[User]  # the first unmatched people
    left_count: int
    labels: list[str]  # suggestions for name fields: people on this page
    number: int
    version: int
    may_undo: bool
    released: bool  # the release can still be cancelled

    @property
    def more(self) -> bool:
        return self.made > self.number * COFFEES_PER_PAGE


def draft_of(db: Session, round_id: str) -> Draft | None:
    return db.get(Draft, round_id, populate_existing=True)


def lock_draft(db: Session, actor: Actor, round_: Round, version: int) -> Draft:
    """Lock round and draft for an organiser.

    Conflict("draft_gone") after publication, Conflict("round_changed") for another version.
    """
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    round_ = lock_round(db, round_)
    draft = draft_of(db, round_.id)
    if round_.state != "draft" or draft is None or round_.publish_at <= clock.now():
        raise Conflict("draft_gone")
    if draft.version != version:
        raise Conflict("round_changed")
    return draft


def planning_task_of(db: Session, round_: Round, wave: int) -> PlanningTask | None:
    """Task that is due for a wave; None when there is none."""
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
    """Names and topics only: no wishes, lines or free times. None without a draft.

    Reads columns, not the row: `problem` and `before` are several times as large as the coffees.
    """
    columns = Draft.version, Draft.made_at, Draft.planned_at, Draft.before.is_not(None)
    found = db.execute(select(*columns).where(Draft.round_id == round_.id)).first()
    if found is None:
        return None
    version, made_at, planned_at, may_undo = found
    planned = list(enumerate(_read_coffees(db, round_.id, version, made_at)))
    first = (number - 1) * COFFEES_PER_PAGE
    shown = planned[first : first + COFFEES_PER_PAGE]
    seated = {user_id for _number, coffee in planned for user_id in coffee["people"]}
    left = sorted(set(db.scalars(select_drafted_ids(round_))) - seated)
    seated_ids = [user_id for _number, coffee in shown for user_id in coffee["people"]]
    users = list_users(db, [*seated_ids, *left[:MAX_LISTED_UNSEATED]])
    names = list_topic_names(db, round_.circle_id, seated_ids)
    people = sorted(users.values(), key=lambda user: user.name.casefold())
    return DraftPage(
        # Coffees with a deleted account are hidden; the solver runs again before publication.
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


def _read_coffees(db: Session, round_id: str, version: int, made_at: datetime) -> list[Planned]:
    """The coffees, parsed once for all pages of one version. Not to be changed."""
    known = _parsed.get((round_id, version, made_at)) if only_reads(db) else None
    if known is not None:
        return known
    columns = select(Draft.version, Draft.made_at, Draft.coffees).where(Draft.round_id == round_id)
    version, made_at, coffees = db.execute(columns).one()  # perhaps newer by now
    planned = cast(list[Planned], coffees)
    if only_reads(db):  # what it reads is committed
        while len(_parsed) >= MAX_PARSED_DRAFTS:
            _parsed.pop(next(iter(_parsed)))
        _parsed[round_id, version, made_at] = planned
    return planned


def select_drafted_ids(round_: Round) -> Select[str]:
    return select(OptIn.user_id).where(OptIn.round_id == round_.id, OptIn.state == "waiting")


def count_attempts(db: Session, round_id: str, wave: int) -> int:
    query = select(func.count(Run.id)).where(Run.round_id == round_id, Run.wave == wave)
    return db.scalar(query) or 0


def _with_locks(base: Problem, round_id: str, attempt: int, locked: Sequence[Planned]) -> Problem:
    """Locked pairs use the contract's field; people of locked trios are left out of the document.

    Each attempt has a seed of its own, so that another equally good plan can be found.
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
