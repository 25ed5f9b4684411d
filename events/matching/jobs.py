"""What happens to rounds by themselves: they are matched, repaired in waves, and end."""

from sqlalchemy.orm import Session

from events.core.access import SYSTEM
from events.core.db import unit_of_work
from events.core.errors import Conflict
from events.core.offload import Bounds, offload
from events.core.queue import job
from events.matching import actions, queries
from events.matching.models import Round

BOUNDS = Bounds(cpu=90, wall=120, memory=2048)
MOST_PLANS = 3  # made anew when something changed while the plan was being made


class PlanRefused(RuntimeError):
    """The algorithm could not read what we gave it."""


@job()
def match_round(round_id: str) -> None:
    """Draft the coffees of a round that has closed, and propose them when that is due."""
    with unit_of_work() as db:
        round_ = queries.find_round(db, round_id)
        due = round_ is not None and actions.begin_matching(db, SYSTEM, round_)
    if due:
        _run(round_id, 0)


@job()
def run_wave(round_id: str, wave: str) -> None:
    """Look again for whoever was left, and for those who came late."""
    _run(round_id, int(wave))


@job()
def end_round(round_id: str) -> None:
    with unit_of_work() as db:
        round_ = queries.find_round(db, round_id)
        if round_ is not None:
            actions.end_round(db, SYSTEM, round_)


def _run(round_id: str, wave: int) -> None:
    """Read, plan in a child process with nothing open, keep; anew when the rows moved on meanwhile."""
    for last in (False,) * (MOST_PLANS - 1) + (True,):
        task = _task(round_id, wave)
        if task is None:
            return
        answer = _answer(task)
        try:
            with unit_of_work() as db:
                round_ = queries.find_round(db, round_id)
                if round_ is not None:
                    _keep(db, round_, wave, task, answer)
                return
        except Conflict:
            if last:
                raise


def _task(round_id: str, wave: int) -> queries.Task | None:
    with unit_of_work() as db:
        round_ = queries.find_round(db, round_id)
        return queries.task_of(db, round_, wave) if round_ is not None else None


def _answer(task: queries.Task) -> dict[str, object] | None:
    """The algorithm's plan; None when the draft stands as it is."""
    if task.ready is not None:
        return None
    answer = offload("events.matching.rules:match_json", task.given, BOUNDS)
    if not isinstance(answer, dict) or "error" in answer:
        raise PlanRefused(str(answer))
    return answer


def _keep(
    db: Session, round_: Round, wave: int, task: queries.Task, answer: dict[str, object] | None
) -> None:
    """As a draft while there is time to look at it; else its coffees are proposed."""
    if answer is None:
        actions.publish_round(db, SYSTEM, round_, wave, task.base, task.ready or [])
    elif not queries.is_due(db, round_, wave):
        actions.make_draft(db, SYSTEM, round_, task, answer)
    elif actions.publish_round(db, SYSTEM, round_, wave, task.base, task.plan(answer)):
        actions.store_run(db, SYSTEM, round_, wave, task.given, answer)
