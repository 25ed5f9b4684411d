"""Client that runs the solver in a child process with CPU, time and memory limits."""

from events.core.jobs.subprocess_pool import ResourceLimits, offload

LIMITS = ResourceLimits(cpu=90, wall=300, memory=2048)  # 100,000 people on a busy machine


class SolverFailed(RuntimeError):
    """The solver rejected the document: a bug of the caller, not of a user."""


def solve_in_child(problem: dict[str, object]) -> dict[str, object]:
    """Plan document for a problem document; blocks until the child ends. Raises SolverFailed."""
    answer = offload("events.pairing.json_api:match_json", problem, LIMITS)
    if not isinstance(answer, dict) or "error" in answer:
        raise SolverFailed(str(answer))
    return answer
