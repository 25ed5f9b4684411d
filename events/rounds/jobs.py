"""Jobs of rounds: match, repair in waves, automatic opt-ins, and end."""

from sqlalchemy.orm import Session

from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Conflict
from events.core.jobs.queue import Lane, job
from events.pairing.offloaded import solve_in_child
from events.rounds.actions import drafts as draft_actions
from events.rounds.actions import lifecycle, preferences, publishing
from events.rounds.models import Round
from events.rounds.queries import drafts, rounds

MAX_PLANS = 3  # runs again when rows changed while the solver ran


@job(lane=Lane.HEAVY)
def match_round(round_id: str) -> None:
    """Draft the coffees of a closed round; propose them when that is due."""
    with unit_of_work() as db:
        round_ = rounds.find_round(db, round_id)
        due = round_ is not None and lifecycle.begin_matching(db, SYSTEM, round_)
    if due:
        _run(round_id, 0)


@job(lane=Lane.HEAVY)
def run_wave(round_id: str, wave: str) -> None:
    """Match people who were left or came late."""
    _run(round_id, int(wave))


@job(lane=Lane.HEAVY)
def opt_in_always_members(round_id: str) -> None:
    with unit_of_work() as db:
        round_ = rounds.find_round(db, round_id)
        if round_ is not None:
            preferences.opt_in_always_members(db, SYSTEM, round_)


@job()
def end_round(round_id: str) -> None:
    with unit_of_work() as db:
        round_ = rounds.find_round(db, round_id)
        if round_ is not None:
            lifecycle.end_round(db, SYSTEM, round_)


def _run(round_id: str, wave: int) -> None:
    """Read, solve in a child process outside any transaction, store; again if rows changed, MAX_PLANS
    times.
    """
    for last in (False,) * (MAX_PLANS - 1) + (True,):
        task = _task(round_id, wave)
        if task is None:
            return
        answer = _solve(task)
        try:
            with unit_of_work() as db:
                round_ = rounds.find_round(db, round_id)
                if round_ is not None:
                    _store(db, round_, wave, task, answer)
                return
        except Conflict:
            if last:
                raise


def _task(round_id: str, wave: int) -> drafts.PlanningTask | None:
    with unit_of_work() as db:
        round_ = rounds.find_round(db, round_id)
        return drafts.planning_task_of(db, round_, wave) if round_ is not None else None


def _solve(task: drafts.PlanningTask) -> dict[str, object] | None:
    """Plan of the solver; None when the draft is still valid."""
    return None if task.ready is not None else solve_in_child(task.given)


def _store(
    db: Session, round_: Round, wave: int, task: drafts.PlanningTask, answer: dict[str, object] | None
) -> None:
    """Store as a draft before publication time, else publish."""
    if answer is None:
        publishing.publish_round(db, SYSTEM, round_, wave, task.base, task.ready or [])
    elif not rounds.is_due(db, round_, wave):
        draft_actions.make_draft(db, SYSTEM, round_, task, answer)
    elif publishing.publish_round(db, SYSTEM, round_, wave, task.base, task.plan(answer)):
        draft_actions.store_run(db, SYSTEM, round_, wave, task.given, answer)
