"""Independent checker of plans against the contract, sharing no code with the solver; and a problem
generator.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

Document = dict[str, Any]
WHY = {
    "nobody_else",
    "only_excluded",
    "no_common_language",
    "no_common_form",
    "no_common_time",
    "met_everyone",
    "nobody_left",
}


def generate(n: int, seed: int = 0, **changes: Any) -> Document:
    """Circle of n people like the demo's: topics, companies, blocks, earlier coffees, two languages."""
    draw = random.Random(seed)  # noqa: S311 - test data, not a secret
    ids = [f"p{at}" for at in range(n)]
    topics = [f"topic {at}" for at in range(26)]
    first = datetime(2026, 11, 24, 9, tzinfo=UTC)
    starts = [
        (first + timedelta(days=day, minutes=30 * at)).isoformat() for day in range(5) for at in range(8)
    ]
    people = [
        {
            "id": one,
            "offers": draw.sample(topics, 3),
            "asks": draw.sample(topics, 3),
            "languages": draw.choice([["nl"], ["nl", "en"], ["nl", "en"], ["en"]]),
            "company": draw.choice([None, f"company {draw.randrange(max(2, n // 2))}"]),
            "never": [other for other in draw.sample(ids, min(n, draw.randrange(3))) if other != one],
            "free": draw.sample(starts, 6),
            "forms": draw.choice([["online"], ["online", "phone"], ["phone", "online"]]),
            "trio": draw.random() < 0.8,
            "luck": round(draw.random() * 3, 2),
        }
        for one in ids
    ]
    pairs = [draw.sample(ids, 2) for _ in range(2 * n if n > 1 else 0)]
    together = [[*draw.sample(ids, 2), "asked_same_question"] for _ in range(n if n > 1 else 0)]
    return {"people": people, "met": pairs, "together": together, "seed": seed, **changes}


def give_topics(problem: Document, *, most: int, of: int = 60, seed: int = 0, uneven: bool = True) -> None:
    """Give everybody two to `most` topics to ask and to offer; `uneven`: some far more often than others."""
    draw = random.Random(seed)  # noqa: S311 - test data, not a secret
    topics = [f"topic {at}" for at in range(of)]
    shares = [1 / (at + 1) if uneven else 1.0 for at in range(of)]
    for person in problem["people"]:
        for side in ("asks", "offers"):
            many, chosen = draw.randint(2, most), set[str]()
            while len(chosen) < many:
                chosen.update(draw.choices(topics, shares))
            person[side] = sorted(chosen)


def asks_met(one: Document, other: Document) -> int:
    """How many of the one's asks the other offers."""
    return len(set(map(_spelled, one["asks"])) & set(map(_spelled, other["offers"])))


def allowed(one: Document, other: Document) -> bool:
    """Whether the hard rules let two people meet."""
    company = _spelled(one.get("company") or "")
    colleagues = company and company == _spelled(other.get("company") or "")
    return (
        one["id"] != other["id"]
        and other["id"] not in one.get("never", [])
        and one["id"] not in other.get("never", [])
        and not colleagues
        and all(_common([one, other], field) for field in ("languages", "forms", "free"))
    )


def met_pairs(problem: Document) -> set[frozenset[str]]:
    again = {frozenset(row[:2]) for row in problem.get("together", []) if row[2] == "again"}
    return {frozenset(pair) for pair in problem.get("met", [])} - again


def faults(problem: Document, plan: Document) -> list[str]:
    """Violations of the contract in a plan; empty for a sound plan."""
    people = {person["id"]: person for person in problem["people"]}
    met, slot = met_pairs(problem), timedelta(minutes=problem.get("slot_minutes", 30))
    had: Counter[str] = Counter()
    busy: dict[str, list[datetime]] = {}
    for coffee in plan["coffees"]:
        had.update(coffee["people"])
        for one in coffee["people"]:
            busy.setdefault(one, []).append(_at(coffee["starts_at"]))
    found = [
        f"{one} is in too many coffees" for one, many in had.items() if many > people[one].get("coffees", 1)
    ]
    found += [
        f"{one} is in two coffees at once"
        for one, starts in busy.items()
        for left, right in combinations(starts, 2)
        if abs(left - right) < slot
    ]
    for coffee in plan["coffees"]:
        found += [f"{coffee['people']}: {fault}" for fault in _coffee_faults(people, met, coffee)]
    together = Counter(frozenset(pair) for c in plan["coffees"] for pair in combinations(c["people"], 2))
    found += [f"{sorted(pair)} meet twice" for pair, many in together.items() if many > 1]
    out = {left["id"] for left in plan["without"]}
    if out != set(people) - set(had) or len(out) != len(plan["without"]):
        found.append("without is not everybody who has no coffee")
    found += [
        f"{left['id']}: {left['why']} is no known reason"
        for left in plan["without"]
        if left["why"] not in WHY
    ]
    found += [
        f"{one} and {other} could have met"
        for one, other in combinations(sorted(out), 2)
        if allowed(people[one], people[other])
    ]
    return found + _stats_faults(plan, had)


def _coffee_faults(people: dict[str, Document], met: set[frozenset[str]], coffee: Document) -> list[str]:
    group = [people[one] for one in coffee["people"]]
    found = []
    if len(set(coffee["people"])) not in (2, 3):
        found.append("not two or three people")
    if len(group) == 3 and not all(person.get("trio", True) for person in group):
        found.append("somebody refuses trios")
    if not all(allowed(one, other) for one, other in combinations(group, 2)):
        found.append("a hard rule forbids it")
    if not _common(group, "languages"):
        found.append("no language of all")
    if coffee["form"] not in _common(group, "forms"):
        found.append("not a form of all")
    starts = [coffee["starts_at"], *coffee["alternatives"]]
    if not {_at(start) for start in starts} <= _common(group, "free"):
        found.append("a time that somebody is not free")
    if len(set(starts)) != len(starts) or len(starts) > 4:
        found.append("alternatives repeat, or are too many")
    if not all(start.endswith("Z") for start in starts):
        found.append("a time that is not written in UTC")
    widened = any(frozenset(pair) in met for pair in combinations(coffee["people"], 2))
    if coffee["widened"] != (["met"] if widened else []):
        found.append("widening is not declared as it is")
    if set(coffee["reasons"]) != set(coffee["people"]) or not all(coffee["reasons"].values()):
        found.append("somebody has no reason")
    for one, reasons in coffee["reasons"].items():
        for reason in reasons:
            mine, theirs = people[one], people[reason["with"]]
            asked, offered = (mine, theirs) if reason["code"] == "offers" else (theirs, mine)
            if reason["code"] in ("offers", "asks") and not (
                _spelled(reason["topic"]) in map(_spelled, asked["asks"])
                and _spelled(reason["topic"]) in map(_spelled, offered["offers"])
            ):
                found.append("a reason that is none")
    return found


def _stats_faults(plan: Document, had: Counter[str]) -> list[str]:
    stats, found = plan["stats"], []
    if stats["seated"] != len(had):
        found.append("seated is miscounted")
    if stats["seated"] > stats["seated_most"]:
        found.append("seated_most is no bound")
    if stats["score"] > stats["bound"] + 1e-5:
        found.append("bound is no bound")
    if abs(stats["score"] - sum(coffee["score"] for coffee in plan["coffees"])) > 1e-3:
        found.append("the scores do not add up")
    return found


def _common(group: list[Document], field: str) -> set[Any]:
    read = _at if field == "free" else str
    values = [person.get(field, ["online"] if field == "forms" else []) for person in group]
    return set.intersection(*({read(value) for value in mine} for mine in values))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _spelled(text: str) -> str:
    return " ".join(text.casefold().split())
