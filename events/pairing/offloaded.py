"""Runs the solver in a child process with CPU, time and memory limits."""

from events.core.jobs.subprocess_pool import ResourceLimits, offload

LIMITS = ResourceLimits(cpu=90, wall=300, memory=2048)  # of a round; a crowd of 100,000 on a busy machine too


class SolverFailed(RuntimeError):
    """The algorithm could not read what we gave it."""


def solve_in_child(problem: dict[str, object]) -> dict[str, object]:
    """Who meets whom, by the algorithm in a child process."""
    answer = offload("events.pairing.json_api:match_json", problem, LIMITS)
    if not isinstance(answer, dict) or "error" in answer:
        raise SolverFailed(str(answer))
    return answer
