"""What happens to rounds by themselves: they are matched, repaired in waves, and end."""

from events.core.access import SYSTEM
from events.core.db import unit_of_work
from events.core.errors import Conflict
from events.core.offload import Bounds, offload
from events.core.queue import job
from events.matching import actions, queries

BOUNDS = Bounds(cpu=90, wall=120, memory=2048)
MOST_PLANS = 3  # made anew when something changed while the plan was being made


class PlanRefused(RuntimeError):
    """The algorithm could not read what we gave it."""


@job()
def match_round(round_id: str) -> None:
    """Propose the coffees of a round that is due; one that was moved or published stays as it is."""
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
    """Read, plan in a child process with nothing open, publish; anew when the rows moved on meanwhile."""
    for last in (False,) * (MOST_PLANS - 1) + (True,):
        problem = _problem(round_id, wave)
        if problem is None:
            return
        answer = offload("events.matching.rules:match_json", problem, BOUNDS)
        if not isinstance(answer, dict) or "error" in answer:
            raise PlanRefused(str(answer))
        try:
            with unit_of_work() as db:
                round_ = queries.find_round(db, round_id)
                if round_ is not None:
                    actions.publish_round(db, SYSTEM, round_, wave, problem, answer)
                return
        except Conflict:
            if last:
                raise


def _problem(round_id: str, wave: int) -> queries.Problem | None:
    with unit_of_work() as db:
        round_ = queries.find_round(db, round_id)
        if round_ is None or not queries.is_due(db, round_, wave):
            return None
        return queries.problem_of(db, round_, wave)
