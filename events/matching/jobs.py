"""What happens to rounds and a nazit by themselves: matched, repaired in waves, turn after turn, ended."""

from sqlalchemy.orm import Session

from events.core import clock
from events.core.access import SYSTEM
from events.core.db import unit_of_work
from events.core.errors import Conflict
from events.core.offload import Bounds, offload
from events.core.queue import Lane, job
from events.matching import actions, queries
from events.matching.models import Round
from events.matching.queries.nazit import find_nazit, list_unpaired, talk_problem

BOUNDS = Bounds(cpu=90, wall=300, memory=2048)  # of a round; a crowd of 100,000 on a busy machine too
MOST_PLANS = 3  # made anew when something changed while the plan was being made


class PlanRefused(RuntimeError):
    """The algorithm could not read what we gave it."""


@job(lane=Lane.HEAVY)
def match_round(round_id: str) -> None:
    """Draft the coffees of a round that has closed, and propose them when that is due."""
    with unit_of_work() as db:
        round_ = queries.find_round(db, round_id)
        due = round_ is not None and actions.begin_matching(db, SYSTEM, round_)
    if due:
        _run(round_id, 0)


@job(lane=Lane.HEAVY)
def run_wave(round_id: str, wave: str) -> None:
    """Look again for whoever was left, and for those who came late."""
    _run(round_id, int(wave))


@job(lane=Lane.HEAVY)
def say_always(round_id: str) -> None:
    """Say yes for those who always do."""
    with unit_of_work() as db:
        round_ = queries.find_round(db, round_id)
        if round_ is not None:
            actions.say_always(db, SYSTEM, round_)


@job()
def end_round(round_id: str) -> None:
    with unit_of_work() as db:
        round_ = queries.find_round(db, round_id)
        if round_ is not None:
            actions.end_round(db, SYSTEM, round_)


@job()
def step_nazit(nazit_id: str, step: str) -> None:
    """The step it was planned for is over: a turn ends, or people are brought together for the next."""
    with unit_of_work() as db:
        nazit = find_nazit(db, nazit_id)
        if nazit is None or nazit.step != int(step) or (nazit.next_at or clock.now()) > clock.now():
            return
        if nazit.state == "talking":
            actions.end_turn(db, SYSTEM, nazit, int(step))
            return
        problem = talk_problem(db, nazit, list_unpaired(db, nazit, clock.now()))
    plan = _talks(problem)
    with unit_of_work() as db:
        nazit = find_nazit(db, nazit_id)
        if nazit is not None:
            actions.begin_turn(db, SYSTEM, nazit, int(step), plan)


@job()
def fill_nazit(nazit_id: str) -> None:
    """Within a turn, see whether those who have nobody can have each other."""
    with unit_of_work() as db:
        nazit = find_nazit(db, nazit_id)
        if nazit is None or nazit.state != "talking":
            return
        problem = talk_problem(db, nazit, list_unpaired(db, nazit, clock.now()))
    plan = _talks(problem)
    with unit_of_work() as db:
        nazit = find_nazit(db, nazit_id)
        if nazit is not None:
            actions.fill_turn(db, SYSTEM, nazit, plan)


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
    return None if task.ready is not None else _plan(task.given)


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


def _talks(problem: queries.Problem) -> dict[str, object]:
    """Who talks with whom; for fewer than two there is nothing to plan."""
    people = problem["people"]
    return _plan(problem) if isinstance(people, list) and len(people) > 1 else {"coffees": []}


def _plan(problem: queries.Problem) -> dict[str, object]:
    """Who meets whom, by the algorithm in a child process."""
    answer = offload("events.matching.rules:match_json", problem, BOUNDS)
    if not isinstance(answer, dict) or "error" in answer:
        raise PlanRefused(str(answer))
    return answer
