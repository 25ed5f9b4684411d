"""Pure rule of widening times: which one more time to ask of people who were left without a common one."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import cast

from events.rounds.rules.draft_edits import Problem, ProblemPerson, build_coffee

MAX_PEOPLE = 60  # a larger pool has common times
TIME_TO_ANSWER = timedelta(hours=24)  # beside the notice that every start has


def times_to_ask(
    problem: Problem, user_ids: Collection[str], open_to: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """One start by user id: of those in `open_to` the one at which most of the others could meet them.

    `problem`: document of everyone who is without a coffee. Nobody is asked who has a time in common with
    someone they may meet, or for whom no time would help.
    """
    people = {one["id"]: one for one in cast(list[ProblemPerson], problem["people"])}
    if len(people) > MAX_PEOPLE:
        return {}
    asked = {}
    for user_id in sorted(user_ids):
        others = [other for other in people if other != user_id]
        if user_id not in people or any(build_coffee(problem, [user_id, other]) for other in others):
            continue
        helped = {
            start: sum(_could_meet(problem, people, user_id, other, start) for other in others)
            for start in sorted(set(open_to.get(user_id, ())))
        }
        best = max(helped, key=lambda start: helped[start], default="")
        if best and helped[best]:
            asked[user_id] = best
    return asked


def _could_meet(
    problem: Problem, people: Mapping[str, ProblemPerson], user_id: str, other: str, start: str
) -> bool:
    if start not in people[other]["free"]:
        return False
    willing: ProblemPerson = {**people[user_id], "free": [start]}
    return build_coffee({**problem, "people": [willing, people[other]]}, [user_id, other], start) is not None
