"""Reasons for a coffee, for each of its people: codes with parameters, which pages turn into sentences."""

from collections.abc import Iterable, Mapping, Sequence

from events.pairing.bit_tables import normalize
from events.pairing.problem import Person, Problem, Reason

MAX_OFFERS = 3
MAX_ASKS = 3
MAX_SHARED = 2

Interactions = Mapping[frozenset[str], tuple[str, ...]]
Met = frozenset[frozenset[str]]


def interactions_by_pair(problem: Problem) -> Interactions:
    found: dict[frozenset[str], dict[str, None]] = {}
    for one, other, code in problem.together:
        found.setdefault(frozenset((one, other)), {})[code] = None
    return {pair: tuple(sorted(codes)) for pair, codes in found.items()}


def explain(group: Sequence[Person], moments: Interactions, met: Met) -> dict[str, tuple[Reason, ...]]:
    """At least one reason a person, about each of the others in turn."""
    return {
        me.id: tuple(reason for you in group if you is not me for reason in _about(me, you, moments, met))
        for me in group
    }


def _about(me: Person, you: Person, moments: Interactions, met: Met) -> list[Reason]:
    pair = frozenset((me.id, you.id))
    offers = _topics(me.asks, you.offers)[:MAX_OFFERS]
    asks = _topics(me.offers, you.asks)[:MAX_ASKS]
    both = [*_topics(me.asks, you.asks), *_topics(me.offers, you.offers)]
    told = {normalize(topic) for topic in (*offers, *asks)}
    shared = [topic for topic in dict.fromkeys(both) if normalize(topic) not in told][:MAX_SHARED]
    reasons: list[Reason] = [{"code": "offers", "topic": topic, "with": you.id} for topic in offers]
    reasons += [{"code": "asks", "topic": topic, "with": you.id} for topic in asks]
    reasons += [{"code": code, "with": you.id} for code in moments.get(pair, ())]
    reasons += [{"code": "shared_topic", "topic": topic, "with": you.id} for topic in shared]
    return reasons or [{"code": "met_before" if pair in met else "new", "with": you.id}]


def _topics(mine: Iterable[str], theirs: Iterable[str]) -> list[str]:
    known = {normalize(topic) for topic in theirs}
    return list({normalize(topic): topic for topic in mine if normalize(topic) in known}.values())
