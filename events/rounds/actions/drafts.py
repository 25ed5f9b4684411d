"""Actions on a round's draft: store a solver run, request a new plan, release it or cancel the release."""

import json
from datetime import timedelta
from typing import cast

from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.rounds import policy
from events.rounds.models import Draft, Round, Run
from events.rounds.queries import drafts, rounds
from events.rounds.rules.draft_edits import Problem
from events.rounds.signals import DraftMade, DraftReleased, DraftRequested

RELEASE_DELAY = timedelta(minutes=10)  # between release and mails


def make_draft(
    db: Session, actor: Actor, round_: Round, task: drafts.PlanningTask, answer: dict[str, object]
) -> bool:
    """Store the plan as a draft; False when there is nothing to draft any more.

    Conflict("round_changed") when the rows changed while the solver ran.
    """
    authorize(policy.may_run, actor)
    round_ = rounds.lock_round(db, round_)
    now = drafts.planning_task_of(db, round_, 0)
    if now is None or round_.state != "matching":
        return False
    if now.given != task.given:
        raise Conflict("round_changed")
    store_run(db, actor, round_, 0, task.given, answer)
    draft = drafts.draft_of(db, round_.id)
    first = draft is None
    if draft is None:
        draft = Draft(round_id=round_.id, version=0, attempt=0, planned_at=round_.publish_at)
        db.add(draft)
    draft.coffees, draft.before = [cast("dict[str, object]", coffee) for coffee in task.plan(answer)], None
    draft.problem, draft.made_at = json.dumps(task.base), clock.now()
    draft.version += 1
    round_.state = "draft"
    db.flush()
    announce(db, DraftMade(round_.id, first))
    return True


def store_run(
    db: Session, actor: Actor, round_: Round, wave: int, given: Problem, answer: dict[str, object]
) -> None:
    """Store input and output of a run, so that it can be replayed."""
    authorize(policy.may_run, actor)
    texts = [json.dumps(one, separators=(",", ":"), sort_keys=True) for one in (given, answer)]
    attempt = drafts.count_attempts(db, round_.id, wave)
    db.add(
        Run(
            round_id=round_.id,
            wave=wave,
            attempt=attempt,
            input=texts[0],
            output=texts[1],
            ran_at=clock.now(),
        )
    )
    db.flush()


def request_new_plan(db: Session, actor: Actor, round_: Round, version: int) -> None:
    """Run the solver again; locked coffees stay."""
    draft = drafts.lock_draft(db, actor, round_, version)
    draft.planned_at = max(draft.planned_at, round_.publish_at)
    round_.publish_at = draft.planned_at
    _renew(db, round_, draft)


def renew_draft(db: Session, actor: Actor, round_: Round) -> None:
    """Run the solver again after a withdrawal; no effect unless the round is a draft."""
    authorize(policy.may_run, actor)
    draft = drafts.draft_of(db, round_.id)
    if round_.state == "draft" and draft is not None:
        _renew(db, round_, draft)


def release_draft(db: Session, actor: Actor, round_: Round) -> Round:
    """Publish after RELEASE_DELAY, in which the release can be cancelled. Idempotent."""
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    round_ = rounds.lock_round(db, round_)
    draft = drafts.draft_of(db, round_.id)
    soon = clock.now() + RELEASE_DELAY
    if round_.state == "draft" and draft is not None and soon < round_.publish_at == draft.planned_at:
        round_.publish_at = soon
        db.flush()
        announce(db, DraftReleased(round_.id))
    return round_


def cancel_release(db: Session, actor: Actor, round_: Round) -> None:
    """Restore the planned publication time. Conflict("draft_gone") once it was published."""
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    round_ = rounds.lock_round(db, round_)
    draft = drafts.draft_of(db, round_.id)
    if round_.state != "draft" or draft is None or round_.publish_at <= clock.now():
        raise Conflict("draft_gone")
    round_.publish_at = draft.planned_at
    db.flush()


def _renew(db: Session, round_: Round, draft: Draft) -> None:
    round_.state = "matching"
    draft.attempt += 1
    draft.version += 1
    db.flush()
    announce(db, DraftRequested(round_.id, draft.attempt))
