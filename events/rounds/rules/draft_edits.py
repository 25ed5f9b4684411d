"""Pure rules of manually built coffees: time, form and reasons of a few people, or None if impossible.

They read the solver's problem document and apply the same hard rules, without loading the solver. None
never says why: a block, a time and a language look the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import log
from typing import NotRequired, TypedDict, cast

from events.pairing.rarity import normalize, topic_weights
from events.pairing.weights import USUAL
from events.rounds.rules.benefit import benefit

ALTERNATIVES = 3
MAX_TOPICS = 3
MAX_SHARED = 2
PRIVATE_CODES = {"again"}  # a mutual wish is known to these two only
MIN_DIFFERENCE = 0.05  # of log benefit

Problem = dict[str, object]


class Planned(TypedDict):
    """One coffee of the solver's answer; in a draft also its lock and note."""

    people: list[str]
    starts_at: str
    form: str
    alternatives: list[str]
    reasons: dict[str, list[dict[str, str]]]
    widened: list[str]
    locked: NotRequired[bool]
    note: NotRequired[str]


class ProblemPerson(TypedDict):
    id: str
    asks: list[str]
    offers: list[str]
    languages: list[str]
    company: str | None
    never: list[str]
    free: list[str]
    forms: list[str]


def build_coffee(problem: Problem, user_ids: Sequence[str], starts_at: str | None = None) -> Planned | None:
    """Coffee of these people at their first common time or at `starts_at`; None if impossible."""
    known = {one["id"]: one for one in cast(list[ProblemPerson], problem["people"])}
    group = [known[user_id] for user_id in dict.fromkeys(user_ids) if user_id in known]
    if len(group) != len(user_ids) or len(group) not in {2, 3}:
        return None
    if not all(_may_meet(one, other) for one, other in combinations(group, 2)):
        return None
    common = sorted(set.intersection(*(set(one["free"]) for one in group)))
    forms = set.intersection(*(set(one["forms"]) for one in group))
    languages = set.intersection(*(set(one["languages"]) for one in group))
    if not (common and forms and languages) or (starts_at is not None and starts_at not in common):
        return None
    start = starts_at or common[0]
    met = {frozenset(pair) for pair in cast(list[list[str]], problem["met"])}
    shared = _shared(problem)
    weight = _topic_weights(problem)
    pairs = {frozenset((one["id"], other["id"])) for one, other in combinations(group, 2)}
    again = {pair for pair in pairs if "again" in shared.get(pair, ())}
    return {
        "people": [one["id"] for one in group],
        "starts_at": start,
        "form": min(forms, key=lambda form: (sum(one["forms"].index(form) for one in group), form)),
        "alternatives": [text for text in common if text != start][:ALTERNATIVES],
        "reasons": {
            me["id"]: [
                reason for you in group if you is not me for reason in _about(me, you, shared, met, weight)
            ]
            for me in group
        },
        "widened": ["met"] if (pairs & met) - again else [],
    }


def compare_fit(before: Sequence[Planned], after: Sequence[Planned]) -> str:
    """ "better", "less_well" or "as_well" for these coffees after an edit."""
    gain = _worth(after) - _worth(before)
    if abs(gain) < MIN_DIFFERENCE:
        return "as_well"
    return "better" if gain > 0 else "less_well"


def _may_meet(one: ProblemPerson, other: ProblemPerson) -> bool:
    if other["id"] in one["never"] or one["id"] in other["never"]:
        return False
    companies = [(who["company"] or "").strip().casefold() for who in (one, other)]
    return not companies[0] or companies[0] != companies[1]


def _about(
    me: ProblemPerson,
    you: ProblemPerson,
    shared: Mapping[frozenset[str], Sequence[str]],
    met: set[frozenset[str]],
    weight: Mapping[str, int],
) -> list[dict[str, str]]:
    def rare_first(topics: Iterable[str]) -> list[str]:
        return sorted(topics, key=lambda topic: -weight.get(normalize(topic), USUAL))

    pair = frozenset((me["id"], you["id"]))
    offers = rare_first(topic for topic in me["asks"] if topic in you["offers"])[:MAX_TOPICS]
    asks = rare_first(topic for topic in me["offers"] if topic in you["asks"])[:MAX_TOPICS]
    both = [topic for side in (me["asks"], me["offers"]) for topic in side]
    told = [topic for topic in dict.fromkeys(both) if topic in [*you["asks"], *you["offers"]]]
    alike = [topic for topic in told if topic not in [*offers, *asks]][:MAX_SHARED]
    reasons = [{"code": "offers", "topic": topic, "with": you["id"]} for topic in offers]
    reasons += [{"code": "asks", "topic": topic, "with": you["id"]} for topic in asks]
    reasons += [{"code": code, "with": you["id"]} for code in shared.get(pair, ())]
    reasons += [{"code": "shared_topic", "topic": topic, "with": you["id"]} for topic in alike]
    return reasons or [{"code": "met_before" if pair in met else "new", "with": you["id"]}]


def _topic_weights(problem: Problem) -> dict[str, int]:
    people = cast(list[ProblemPerson], problem["people"])
    return topic_weights([{normalize(topic) for topic in (*one["asks"], *one["offers"])} for one in people])


def _shared(problem: Problem) -> dict[frozenset[str], list[str]]:
    found: dict[frozenset[str], list[str]] = {}
    for one, other, code in cast(list[list[str]], problem["together"]):
        found.setdefault(frozenset((one, other)), []).append(code)
    return found


def _worth(coffees: Sequence[Planned]) -> float:
    """Logarithm of the Nash product of benefits, a person. Mutual wishes are left out, to keep them
    private.
    """
    worth = 0.0
    for coffee in coffees:
        for reasons in coffee["reasons"].values():
            worth += log(benefit(one for one in reasons if one["code"] not in PRIVATE_CODES))
    return worth / max(1, sum(len(coffee["people"]) for coffee in coffees))
