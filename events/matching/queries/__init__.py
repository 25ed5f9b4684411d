"""Reads about rounds: who said yes, how a round goes, and what the pages show of it."""

from events.matching.queries.gathering import Problem, list_topic_names, problem_of
from events.matching.queries.panels import Choice, Panel, Sheet, panel_of, sheet_of
from events.matching.queries.rounds import (
    Progress,
    coffee_in,
    find_round,
    get_directed,
    hold_round,
    is_due,
    latest_yes,
    list_own_yes,
    list_yes,
    luck_of,
    news_due_at,
    progress_of,
    round_of,
    was_there,
    yes_of,
)

__all__ = [
    "Choice",
    "Panel",
    "Problem",
    "Progress",
    "Sheet",
    "coffee_in",
    "find_round",
    "get_directed",
    "hold_round",
    "is_due",
    "latest_yes",
    "list_own_yes",
    "list_topic_names",
    "list_yes",
    "luck_of",
    "news_due_at",
    "panel_of",
    "problem_of",
    "progress_of",
    "round_of",
    "sheet_of",
    "was_there",
    "yes_of",
]
