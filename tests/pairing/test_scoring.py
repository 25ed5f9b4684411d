"""Properties of the score: every topic counts, each further one less, and rare ones more than common ones."""

import math
import random
from itertools import combinations, pairwise

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.pairing import scoring, weights
from events.pairing.bit_tables import Tables, tabulate
from events.pairing.parsing import read_problem
from events.pairing.rarity import topic_weights
from events.pairing.solver import match
from tests.pairing.match_checker import Document, allowed, asks_met, generate, give_topics, met_pairs
from tests.support.test_depth import examples

MOST = 60
LUCK = st.sampled_from([0.0, 0.3, 2.0, 40.0])
NEED = st.sampled_from([0.0, 0.5, 1.0])
WORDS = [f"word {at}" for at in range(6)]
TOPICS = st.lists(st.sampled_from(WORDS), max_size=6, unique=True)


def table(luck: float, need: float, thirds: int = weights.USUAL) -> np.ndarray[tuple[int, int], np.dtype]:
    """Gains of one person, by asks met and things shared."""
    flat = scoring.gains(np.array([luck]), need, MOST, weights.MAX_SHARED, thirds)
    return flat.reshape(MOST + 1, weights.MAX_SHARED + 1).astype(np.int64)


@settings(max_examples=examples(20), deadline=None)
@given(LUCK, NEED, st.sampled_from([1, 3]))
def test_every_ask_met_adds_something_and_each_further_one_less(
    luck: float, need: float, thirds: int
) -> None:
    for column in table(luck, need, thirds).T:
        steps = np.diff(column)
        assert (steps > 0).all()
        assert (np.diff(steps) <= 4).all()  # concave, but for the rounding to even millionths


@settings(max_examples=examples(20), deadline=None)
@given(LUCK, NEED)
def test_shared_things_add_less_and_less_and_never_as_much_as_an_ask_met(luck: float, need: float) -> None:
    gains = table(luck, need)
    for met, row in enumerate(gains[:-1]):
        steps = np.diff(row)
        assert (steps > 0).all()
        assert (np.diff(steps) <= 4).all()
        assert row[-1] < gains[met + 1, 0]


@settings(max_examples=examples(20), deadline=None)
@given(NEED.filter(bool), st.integers(1, MOST))
def test_the_same_asks_met_gain_less_for_who_received_more(need: float, met: int) -> None:
    fewer, more = table(0.5, need), table(5.0, need)
    assert fewer[met, 0] - fewer[0, 0] > more[met, 0] - more[0, 0]


def test_no_number_of_asks_is_a_ceiling() -> None:
    assert weights.benefit(60, 0) - weights.benefit(59, 0) == pytest.approx(weights.ASK_MET_BENEFIT)
    assert weights.benefit(0, 1e6) - weights.benefit(0, 0) == pytest.approx(0.25)
    assert weights.benefit(0, weights.MAX_SHARED) > weights.benefit(0, 1e6) - 0.002


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(TOPICS, max_size=12))
def test_rarity_is_bounded_and_falls_with_the_number_of_people(named: list[list[str]]) -> None:
    found = topic_weights(named)
    counts = {word: sum(word in topics for topics in named) for word in WORDS}
    assert set(found) == {word for word, many in counts.items() if many > 1}
    assert set(found.values()) <= {weights.COMMON, weights.USUAL, weights.RARE}
    for one, other in combinations(found, 2):
        if counts[one] > counts[other]:
            assert found[one] <= found[other]


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(TOPICS, min_size=8, max_size=12), st.randoms(use_true_random=False))
def test_rarity_depends_on_no_order_and_no_name(named: list[list[str]], draw: random.Random) -> None:
    names = dict(zip(WORDS, draw.sample(WORDS, len(WORDS)), strict=True))
    renamed = [[names[word] for word in topics] for topics in named]
    draw.shuffle(renamed)
    assert topic_weights(renamed) == {names[word]: size for word, size in topic_weights(named).items()}


def test_a_topic_that_everybody_names_counts_half_of_a_rare_one() -> None:
    everybody = [["everybody", f"group {at % 8}", *(["rare"] if at < 2 else [])] for at in range(40)]
    found = topic_weights(everybody)
    assert (found["everybody"], found["group 1"], found["rare"]) == (2, 3, 4)
    assert topic_weights([["everybody"]] * 40) == {"everybody": weights.USUAL}
    assert set(topic_weights(everybody[:7]).values()) <= {weights.USUAL}


def test_a_rare_topic_brings_two_people_together_before_a_common_one() -> None:
    """Both partners offer what the asker looks for: one what everybody offers, the other a rare topic."""
    document = generate(40, seed=4)
    for at, person in enumerate(document["people"]):
        person |= {"asks": [], "offers": ["common", f"group {at % 8}"], "never": [], "company": None}
        person |= {"languages": ["nl"], "luck": 0.0, "free": document["people"][0]["free"]}
        person["forms"] = ["online"]
    asker, common, rare = document["people"][:3]
    asker |= {"asks": ["common", "rare"], "offers": []}
    common["offers"], rare["offers"] = ["common"], ["rare"]
    document["people"][3]["offers"] = ["rare"]
    document["together"] = []
    tables, people = tabulate(read_problem(document))
    place = {person.id: at for at, person in enumerate(people)}
    both = np.array([place[common["id"]], place[rare["id"]]])
    common_score, rare_score = tables.pairs(np.array([place[asker["id"]]] * 2), both, met=True)
    assert 0 < common_score < rare_score


def expected(document: Document, one: Document, other: Document) -> float:
    """Score of a pair by the formula of docs/pairing.md, from the document alone."""
    normal = [
        {side: {" ".join(word.casefold().split()) for word in person[side]} for side in ("asks", "offers")}
        for person in document["people"]
    ]
    size = topic_weights([own["asks"] | own["offers"] for own in normal])
    by_id = {person["id"]: own for person, own in zip(document["people"], normal, strict=True)}
    mine, theirs = by_id[one["id"]], by_id[other["id"]]
    pair = {one["id"], other["id"]}
    codes = {row[2] for row in document["together"] if set(row[:2]) == pair}

    def weigh(words: set[str]) -> float:
        return sum(size[word] for word in words) / weights.USUAL

    shared = weigh(mine["asks"] & theirs["asks"]) + weigh(mine["offers"] & theirs["offers"]) + len(codes)
    total = 0.0
    for luck, words in (
        (one["luck"], mine["asks"] & theirs["offers"]),
        (other["luck"], theirs["asks"] & mine["offers"]),
    ):
        b = 0.04 + 0.36 * weigh(words) + 0.25 * (1 - 0.4 ** min(shared, 6))
        need = document.get("need", 0.5)
        total += (1 - need) * b**0.25 + need * 4 * math.log((1 + luck + b) / (1 + luck))
    return total


def scores(tables: Tables) -> np.ndarray[tuple[int, int], np.dtype]:
    return tables.block(0, tables.n, met=True)


@pytest.mark.parametrize("seed", range(6))
def test_the_score_of_every_pair_is_that_of_the_formula_from_both_sides(seed: int) -> None:
    document = generate(30, seed, need=(0.0, 0.5, 1.0)[seed % 3])
    give_topics(document, most=3 + 4 * seed, seed=seed)
    ids = [person["id"] for person in document["people"][:4]]
    document["together"] += [[*ids[:2], f"code {at}"] for at in range(9)]
    tables, people = tabulate(read_problem(document))
    by_id = {person["id"]: person for person in document["people"]}
    found = scores(tables)
    assert (found == found.T).all()
    index = np.array(list(combinations(range(tables.n), 2)))
    assert (tables.pairs(index[:, 0], index[:, 1], met=True) == found[index[:, 0], index[:, 1]]).all()
    checked = 0
    for at, to in index:
        one, other = by_id[people[at].id], by_id[people[to].id]
        assert (found[at, to] >= 0) == allowed(one, other)
        if found[at, to] >= 0:
            assert found[at, to] / 1e6 == pytest.approx(expected(document, one, other), abs=4e-6)
            checked += 1
    assert checked > 20


@pytest.mark.parametrize("of", [26, 60, 100])
def test_many_topics_are_met_nearly_as_often_as_could_be(of: int) -> None:
    """Two to twenty topics a person, beside the exact optimum for that sum alone, at equal seats."""
    document = generate(100, seed=of)
    give_topics(document, most=20, of=of)
    for person in document["people"]:
        person |= {"trio": False, "luck": 0.0}
    answer = match(read_problem(document)).as_json()
    by_id = {person["id"]: person for person in document["people"]}
    met = met_pairs(document)

    def both(one: str, other: str) -> int:
        return asks_met(by_id[one], by_id[other]) + asks_met(by_id[other], by_id[one])

    graph = networkx.Graph()
    for one, other in combinations(by_id, 2):
        if allowed(by_id[one], by_id[other]) and frozenset((one, other)) not in met:
            graph.add_edge(one, other, weight=both(one, other))
    best = networkx.max_weight_matching(graph, maxcardinality=True)
    coffees = [coffee["people"] for coffee in answer["coffees"]]  # type: ignore[attr-defined]
    assert len(coffees) == len(best)
    assert sum(both(*pair) for pair in coffees) >= 0.95 * sum(both(*pair) for pair in best)


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(8, 14), st.integers(0, 10_000))
def test_the_bound_holds_where_rarity_counts(n: int, seed: int) -> None:
    document = generate(n, seed)
    give_topics(document, most=10, of=12, seed=seed)
    for person in document["people"]:
        person["trio"] = False
    document["met"] = []
    stats = match(read_problem(document)).stats
    tables, _ = tabulate(read_problem(document))
    graph = networkx.Graph()
    found = scores(tables)
    for one, other in combinations(range(tables.n), 2):
        if found[one, other] >= 0:
            graph.add_edge(one, other, weight=int(found[one, other]))
    best = networkx.max_weight_matching(graph, maxcardinality=True)
    total = sum(graph.edges[pair]["weight"] for pair in best) / 1e6
    assert stats.seated == stats.seated_most == 2 * len(best)
    assert stats.score == pytest.approx(total, abs=1e-4)
    assert stats.bound >= total - 1e-5


def test_each_topic_more_in_common_scores_more() -> None:
    document = generate(2, seed=1)
    one, other = document["people"]
    for person in (one, other):
        person |= {"languages": ["nl"], "company": None, "never": [], "forms": ["online"]}
    other["free"] = one["free"]
    document["met"] = document["together"] = []
    found = []
    for many in range(12):
        one["asks"], other["offers"] = ([f"topic {at}" for at in range(many)] for _ in range(2))
        one["offers"] = other["asks"] = []
        found.append(match(read_problem(document)).stats.score)
    steps = [after - before for before, after in pairwise(found)]
    assert min(steps) > 0
    assert steps == sorted(steps, reverse=True)


def test_of_many_topics_met_the_rare_ones_are_told() -> None:
    document = generate(20, seed=1)
    one, other = document["people"][:2]
    for person in document["people"]:
        person |= {"asks": ["a", "b", "c", "d"], "offers": ["a", "b", "c", "d"], "languages": ["nl"]}
        person |= {"free": one["free"], "forms": ["online"], "company": None, "never": []}
    one["asks"] = ["a", "b", "c", "d", "x", "y"]
    other["offers"] = ["a", "b", "c", "d", "x", "y"]
    document["people"][2]["offers"] = ["x", "a"]
    document["people"][3]["asks"] = ["x", "y"]
    document |= {"met": [], "together": [], "locked": [[one["id"], other["id"], one["free"][0]]]}
    answer = match(read_problem(document)).as_json()
    pair = {one["id"], other["id"]}
    coffee = next(c for c in answer["coffees"] if set(c["people"]) == pair)  # type: ignore[attr-defined]
    told = [reason["topic"] for reason in coffee["reasons"][one["id"]] if reason["code"] == "offers"]
    assert told == ["x", "y", "a"]
