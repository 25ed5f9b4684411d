"""Jobs of the after-talk: its timed steps, and pairing within a turn."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from events.aftertalks.actions import turns
from events.aftertalks.models import Aftertalk
from events.aftertalks.queries.attendance import find_aftertalk, list_unpaired, talk_problem
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import job
from events.pairing.offloaded import solve_in_child
from events.rounds.queries import solver_input

Plan: TypeAlias = dict[str, object]


@job()
def step_aftertalk(aftertalk_id: str, step: str) -> None:
    """End a turn, or solve and begin the next one. No effect unless `step` is current and due."""
    with unit_of_work() as db:
        aftertalk = find_aftertalk(db, aftertalk_id)
        if (
            aftertalk is None
            or aftertalk.step != int(step)
            or (aftertalk.next_at or clock.now()) > clock.now()
        ):
            return
        if aftertalk.state == "talking":
            turns.end_turn(db, SYSTEM, aftertalk, int(step))
            return
        problem = _problem(db, aftertalk)

    def begin(db: Session, aftertalk: Aftertalk, plan: Plan) -> None:
        turns.begin_turn(db, SYSTEM, aftertalk, int(step), plan)

    _solve_and_write(aftertalk_id, problem, begin)


@job()
def fill_aftertalk(aftertalk_id: str) -> None:
    """Pair participants without a partner within a turn."""
    with unit_of_work() as db:
        aftertalk = find_aftertalk(db, aftertalk_id)
        if aftertalk is None or aftertalk.state != "talking":
            return
        problem = _problem(db, aftertalk)

    def fill(db: Session, aftertalk: Aftertalk, plan: Plan) -> None:
        turns.fill_turn(db, SYSTEM, aftertalk, plan)

    _solve_and_write(aftertalk_id, problem, fill)


def _problem(db: Session, aftertalk: Aftertalk) -> solver_input.Problem:
    return talk_problem(db, aftertalk, list_unpaired(db, aftertalk, clock.now()))


def _solve_and_write(
    aftertalk_id: str, problem: solver_input.Problem, write: Callable[[Session, Aftertalk, Plan], None]
) -> None:
    """Solve outside any unit of work; the plan is empty for fewer than two people. `write` locks the
    after-talk and leaves out what no longer holds.
    """
    people = problem["people"]
    plan = solve_in_child(problem) if isinstance(people, list) and len(people) > 1 else {"coffees": []}
    with unit_of_work() as db:
        aftertalk = find_aftertalk(db, aftertalk_id)
        if aftertalk is not None:
            write(db, aftertalk, plan)
