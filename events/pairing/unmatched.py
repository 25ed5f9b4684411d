"""Reasons for staying unmatched: the first rule, in a fixed order, that leaves no partner."""

from collections.abc import Sequence

from events.pairing.problem import Person
from events.pairing.rarity import normalize

Excluded = frozenset[tuple[str, str]]


def unmatched_reason(
    me: Person, people: Sequence[Person], excluded: Excluded, met: frozenset[frozenset[str]]
) -> str:
    """First code that applies: `nobody_else`, `only_excluded`, `no_common_language`, `no_common_form`,
    `no_common_time`, `met_everyone` or `nobody_left` (possible partners all have other coffees).
    """
    others = [you for you in people if you is not me]
    if not others:
        return "nobody_else"
    others = [you for you in others if not _is_excluded(me, you, excluded)]
    if not others:
        return "only_excluded"
    for code, field in (("language", "languages"), ("form", "forms"), ("time", "free")):
        mine = set(getattr(me, field))
        others = [you for you in others if not mine.isdisjoint(getattr(you, field))]
        if not others:
            return f"no_common_{code}"
    fresh = any(frozenset((me.id, you.id)) not in met for you in others)
    return "nobody_left" if fresh else "met_everyone"


def _is_excluded(me: Person, you: Person, excluded: Excluded) -> bool:
    colleagues = bool(me.company) and normalize(me.company or "") == normalize(you.company or "")
    return (
        (me.id, you.id) in excluded
        or (you.id, me.id) in excluded
        or (colleagues and normalize(me.company or "") != "")
    )
