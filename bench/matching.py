"""Benchmark of matching beside exact blossom algorithms, and beside its proven upper bound.

python -m bench.matching [--large | --topics]   (the large round alone: some minutes)
"""

import argparse
import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import networkx
import numpy as np
import rustworkx

from events.core.jobs.subprocess_pool import offload
from events.pairing.bit_tables import tabulate
from events.pairing.candidates import Edges, find_edges
from events.pairing.offloaded import LIMITS
from events.pairing.parsing import read_problem
from events.pairing.problem import Problem
from events.pairing.solver import match
from tests.pairing.match_checker import Document, allowed, asks_met, generate, give_topics, met_pairs

SIZES = (300, 3_000, 10_000)
LARGE = 100_000
NETWORKX_UP_TO = 300
RUSTWORKX_UP_TO = 3_000
TOPIC_SIZES, TOPIC_LISTS, TOPIC_SEEDS, MAX_TOPICS = (100, 300), (26, 60, 100), (1, 2, 3), 20
TOPICS_HEAD = (
    "| people | topics | named | asks met, % of the most there can be | least | no ask met | at that most |",
    "|---|---|---|---|---|---|---|",
)
HEAD = (
    "| people | seconds | seated | at most | score | % of bound | rustworkx s | its score | networkx s |",
    "|---|---|---|---|---|---|---|---|---|",
)
LARGE_HEAD = (
    "| people | load | seconds | of processor | in solver.match | peak MiB | seated | at most | % of bound |",
    "|---|---|---|---|---|---|---|---|---|",
)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Benchmarks of the matching rules.")
    arguments.add_argument("--large", action="store_true", help=f"{LARGE:,} people, in a child process")
    arguments.add_argument("--topics", action="store_true", help="asks met beside their exact optimum")
    chosen = arguments.parse_args()
    print(large(LARGE) if chosen.large else topics() if chosen.topics else table())


def table() -> str:
    return "\n".join([*HEAD, *(row(size) for size in SIZES)])


def topics() -> str:
    """Asks met in rounds of people with 2 to 20 topics to ask and to offer, beside the most there can be."""
    rows = [topics_row(n, of, uneven) for n in TOPIC_SIZES for of in TOPIC_LISTS for uneven in (False, True)]
    return "\n".join([*TOPICS_HEAD, *rows])


def topics_row(n: int, of: int, uneven: bool) -> str:
    shares: list[float] = []
    sides = {"ours": list[int](), "best": list[int]()}  # asks met of each person
    for seed in TOPIC_SEEDS:
        document = generate(n, seed=seed)
        give_topics(document, most=MAX_TOPICS, of=of, seed=seed, uneven=uneven)
        for person in document["people"]:
            person["trio"] = False  # so that the exact optimum by pairs does the same work
        by_id = {person["id"]: person for person in document["people"]}
        plan: Any = match(read_problem(document)).as_json()
        pairs = {"ours": [coffee["people"] for coffee in plan["coffees"]], "best": most_asks_met(document)}
        assert len(pairs["ours"]) == len(pairs["best"]), "seats differ"
        got = {
            name: [asks_met(by_id[one], by_id[other]) for pair in some for one, other in permutations(pair)]
            for name, some in pairs.items()
        }
        shares.append(sum(got["ours"]) / sum(got["best"]))
        for name, counts in got.items():
            sides[name] += counts
    cells = [f"{n:,}", str(of), "uneven" if uneven else "even", f"{100 * sum(shares) / len(shares):.1f} %"]
    cells.append(f"{100 * min(shares):.1f} %")
    cells += [f"{100 * counts.count(0) / len(counts):.1f} %" for counts in sides.values()]
    return "| " + " | ".join(cells) + " |"


def most_asks_met(document: Document) -> list[list[str]]:
    """As many pairs of people who may meet and have not met as there can be; of those, most asks met."""
    people, met = document["people"], met_pairs(document)
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(people)))
    for (at, one), (to, other) in combinations(enumerate(people), 2):
        if allowed(one, other) and frozenset((one["id"], other["id"])) not in met:
            graph.add_edge(at, to, asks_met(one, other) + asks_met(other, one))
    pairs = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return [[people[at]["id"], people[to]["id"]] for at, to in pairs]


def large(n: int) -> str:
    """One round in the child process and within the limits of the product: all that its job waits for."""
    document = generate(n, seed=1)
    load, before = os.getloadavg()[0], resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    answer = offload("events.pairing.json_api:match_json", document, LIMITS)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    stats: Any = answer["stats"] if isinstance(answer, dict) else {}
    cells = [f"{n:,}", f"{load:.1f}", f"{seconds:.0f}", f"{processor:.0f}", f"{stats['seconds']:.0f}"]
    cells += [f"{after.ru_maxrss / 1024:,.0f}", f"{stats['seated']:,}", f"{stats['seated_most']:,}"]
    cells.append(f"{100 * stats['score'] / stats['bound']:.3f}")
    return "\n".join([*LARGE_HEAD, "| " + " | ".join(cells) + " |"])


def row(n: int) -> str:
    problem = circle(n)
    stats = match(problem).stats
    columns = [f"{n:,}", f"{stats.seconds:.2f}", f"{stats.seated:,}", f"{stats.seated_most:,}"]
    columns += [f"{stats.score:.1f}", f"{100 * stats.score / stats.bound:.3f}"]
    tables, _ = tabulate(problem)
    edges = find_edges(tables, met=False) if n <= RUSTWORKX_UP_TO else None
    if edges is None:
        return "| " + " | ".join([*columns, "", "", ""]) + " |"
    seconds, best = timed(lambda: blossom(n, edges))
    columns += [f"{seconds:.2f}", f"{100 * stats.score / best:.3f} %"]
    columns.append(f"{timed(lambda: by_networkx(edges))[0]:.2f}" if n <= NETWORKX_UP_TO else "")
    return "| " + " | ".join(columns) + " |"


def circle(n: int) -> Problem:
    """An even number of people who may all be seated in pairs, so that the references do the same work."""
    problem = read_problem(generate(n, seed=1))
    return replace(problem, seed=1)


def blossom(n: int, edges: Edges) -> float:
    """The score of the exact optimum over the same candidates."""
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from(
        list(zip(edges.one.tolist(), edges.other.tolist(), edges.score.tolist(), strict=True))
    )
    pairs = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return float(np.sum([graph.get_edge_data(*pair) for pair in pairs])) / 1e6


def by_networkx(edges: Edges) -> float:
    graph = networkx.Graph()
    graph.add_weighted_edges_from(
        zip(edges.one.tolist(), edges.other.tolist(), edges.score.tolist(), strict=True)
    )
    return float(len(networkx.max_weight_matching(graph, maxcardinality=True)))


def timed(work: Callable[[], float]) -> tuple[float, float]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


if __name__ == "__main__":
    main()
