"""Who meets whom: pure functions from a round's people to its coffees, with proof of how good they are."""

from events.matching.rules.exchange import match_json
from events.matching.rules.matching import match
from events.matching.rules.problem import Coffee, Left, Person, Problem, Result, Stats
from events.matching.rules.reading import BadProblem, read_problem

__all__ = [
    "BadProblem",
    "Coffee",
    "Left",
    "Person",
    "Problem",
    "Result",
    "Stats",
    "match",
    "match_json",
    "read_problem",
]
