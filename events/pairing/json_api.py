"""The algorithm over JSON: what a child process, a command and a file speak."""

from events.pairing.parsing import BadProblem, read_problem
from events.pairing.solver import match


def match_json(data: object) -> dict[str, object]:
    """The plan for a problem document, or {"error": sentence} when the document cannot be matched."""
    try:
        problem = read_problem(data)
    except BadProblem as bad:
        return {"error": str(bad)}
    return match(problem).as_json()
