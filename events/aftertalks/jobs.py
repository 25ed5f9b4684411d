"""Jobs of the after-talk: its timed steps, and pairing within a turn."""

from events.aftertalks.actions import turns
from events.aftertalks.queries.attendance import find_aftertalk, list_unpaired, talk_problem
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import job
from events.pairing.offloaded import solve_in_child
from events.rounds.queries import solver_input


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
        problem = talk_problem(db, aftertalk, list_unpaired(db, aftertalk, clock.now()))
    plan = _plan(problem)
    with unit_of_work() as db:
        aftertalk = find_aftertalk(db, aftertalk_id)
        if aftertalk is not None:
            turns.begin_turn(db, SYSTEM, aftertalk, int(step), plan)


@job()
def fill_aftertalk(aftertalk_id: str) -> None:
    """Pair participants without a partner within a turn."""
    with unit_of_work() as db:
        aftertalk = find_aftertalk(db, aftertalk_id)
        if aftertalk is None or aftertalk.state != "talking":
            return
        problem = talk_problem(db, aftertalk, list_unpaired(db, aftertalk, clock.now()))
    plan = _plan(problem)
    with unit_of_work() as db:
        aftertalk = find_aftertalk(db, aftertalk_id)
        if aftertalk is not None:
            turns.fill_turn(db, SYSTEM, aftertalk, plan)


def _plan(problem: solver_input.Problem) -> dict[str, object]:
    """Plan of the solver; empty for fewer than two people."""
    people = problem["people"]
    return solve_in_child(problem) if isinstance(people, list) and len(people) > 1 else {"coffees": []}
