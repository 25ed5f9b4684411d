"""Weights of topics by how many people of the round name them, in thirds of a topic."""

import math
from collections import Counter
from collections.abc import Collection, Sequence

from events.pairing.weights import COMMON, MIN_RATED_PEOPLE, RARE, RARITY_FACTOR, USUAL

ROUNDING = 9  # digits, so that equal shares are equal


def normalize(topic: str) -> str:
    """Topics and companies that differ in case or spaces are equal."""
    return " ".join(topic.casefold().split())


def topic_weights(named: Sequence[Collection[str]]) -> dict[str, int]:
    """Weights of the topics that two or more people name, most named first.

    A topic's inverse document frequency is compared with the mean of them all: the weight depends on how
    often a topic is named beside the others, so a round in which all are named alike has only usual ones.
    """
    counts = Counter(topic for topics in named for topic in set(topics))
    shared = {topic: many for topic, many in counts.items() if many > 1}
    order = sorted(shared, key=lambda topic: (-shared[topic], topic))
    if len(named) < MIN_RATED_PEOPLE:
        return dict.fromkeys(order, USUAL)
    mean = math.fsum(math.log(many) for many in shared.values()) / max(1, len(shared))
    return {topic: _weight(math.log(shared[topic]) - mean) for topic in order}


def _weight(deviation: float) -> int:
    """`deviation` is the logarithm of how often a topic is named, less the mean."""
    limit = round(math.log(RARITY_FACTOR), ROUNDING)
    if round(deviation, ROUNDING) > limit:
        return COMMON
    return RARE if round(deviation, ROUNDING) < -limit else USUAL
