"""JSON interface of the solver, for the child process and the `flask match` command."""

from events.pairing.parsing import BadProblem, read_problem
from events.pairing.solver import match


def match_json(data: object) -> dict[str, object]:
    """Plan for a problem document, or {"error": sentence} for an invalid one."""
    try:
        problem = read_problem(data)
    except BadProblem as bad:
        return {"error": str(bad)}
    return match(problem).as_json()
