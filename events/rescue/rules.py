"""Who of those who wait at the same hour may meet: the hard rules of the matching, and nothing softer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_WAIT = timedelta(minutes=30)  # so long someone who waits is worth another conversation
LOOKING_TIMEOUT = timedelta(seconds=75)  # a page that looks asks again every twenty
TALK_MINUTES = 20


@dataclass(frozen=True)
class Waiting:
    """One person who waits, as far as the hard rules ask."""

    user_id: str
    company: str
    languages: frozenset[str]
    since: datetime


def may_meet(one: Waiting, other: Waiting, blocked: set[frozenset[str]]) -> bool:
    """Not blocked by either, not of one company, with a language in common."""
    if frozenset((one.user_id, other.user_id)) in blocked or one.user_id == other.user_id:
        return False
    same_company = bool(one.company) and one.company.casefold() == other.company.casefold()
    return not same_company and bool(one.languages & other.languages)


def longest_waiting_for(one: Waiting, others: list[Waiting], blocked: set[frozenset[str]]) -> Waiting | None:
    """Of those who may be met, who has waited longest."""
    fitting = [other for other in others if may_meet(one, other, blocked)]
    return min(fitting, key=lambda other: (other.since, other.user_id), default=None)
