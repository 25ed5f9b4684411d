"""Reasons for a coffee, for each of its people: codes with parameters, which pages turn into sentences."""

from collections.abc import Iterable, Mapping, Sequence

from events.pairing.problem import Person, Problem, Reason
from events.pairing.rarity import normalize
from events.pairing.weights import USUAL

MAX_OFFERS = 3
MAX_ASKS = 3
MAX_SHARED = 2

Interactions = Mapping[frozenset[str], tuple[str, ...]]
Met = frozenset[frozenset[str]]
Words = dict[str, str]


def interactions_by_pair(problem: Problem) -> Interactions:
    found: dict[frozenset[str], dict[str, None]] = {}
    for one, other, code in problem.together:
        found.setdefault(frozenset((one, other)), {})[code] = None
    return {pair: tuple(sorted(codes)) for pair, codes in found.items()}


def explain(
    group: Sequence[Person], moments: Interactions, met: Met, weight: Mapping[str, int]
) -> dict[str, tuple[Reason, ...]]:
    """At least one reason a person, about each of the others in turn; rare topics by `weight` first."""
    topics = {one.id: (_by_word(one.asks), _by_word(one.offers)) for one in group}
    return {
        me.id: tuple(
            reason
            for you in group
            if you is not me
            for reason in _about(me, you, topics, moments, met, weight)
        )
        for me in group
    }


def _about(
    me: Person,
    you: Person,
    topics: Mapping[str, tuple[Words, Words]],
    moments: Interactions,
    met: Met,
    weight: Mapping[str, int],
) -> list[Reason]:
    pair = frozenset((me.id, you.id))
    (asks, offers), (their_asks, their_offers) = topics[me.id], topics[you.id]

    def common(mine: Words, theirs: Words) -> list[str]:
        words = [word for word in mine if word in theirs]
        return sorted(words, key=lambda word: -weight.get(word, USUAL)) if len(words) > 1 else words

    helped, helping = common(asks, their_offers)[:MAX_OFFERS], common(offers, their_asks)[:MAX_ASKS]
    told = {*helped, *helping}
    both = dict.fromkeys([*common(asks, their_asks), *common(offers, their_offers)])
    shared = [word for word in both if word not in told][:MAX_SHARED]
    reasons: list[Reason] = [{"code": "offers", "topic": asks[word], "with": you.id} for word in helped]
    reasons += [{"code": "asks", "topic": offers[word], "with": you.id} for word in helping]
    reasons += [{"code": code, "with": you.id} for code in moments.get(pair, ())]
    reasons += [
        {"code": "shared_topic", "topic": asks.get(word) or offers[word], "with": you.id} for word in shared
    ]
    return reasons or [{"code": "met_before" if pair in met else "new", "with": you.id}]


def _by_word(topics: Iterable[str]) -> Words:
    """Topics as they were written, the last of several spellings, by their normal form."""
    return {normalize(topic): topic for topic in topics}
