"""Pure rules that match stranded people: the hard rules of pairing only, longest wait first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_WAIT = timedelta(minutes=30)  # since the record of a stranded person
LOOKING_TIMEOUT = timedelta(seconds=75)  # the page repeats its request every 20 seconds
TALK_MINUTES = 20


@dataclass(frozen=True)
class Waiting:
    user_id: str
    company: str
    languages: frozenset[str]
    since: datetime


def may_meet(one: Waiting, other: Waiting, blocked: set[frozenset[str]]) -> bool:
    """Not blocked, of different companies, with a common language."""
    if frozenset((one.user_id, other.user_id)) in blocked or one.user_id == other.user_id:
        return False
    same_company = bool(one.company) and one.company.casefold() == other.company.casefold()
    return not same_company and bool(one.languages & other.languages)


def fitting(one: Waiting, others: list[Waiting], blocked: set[frozenset[str]]) -> list[Waiting]:
    """Those this person may meet, longest wait first."""
    found = [other for other in others if may_meet(one, other, blocked)]
    return sorted(found, key=lambda other: (other.since, other.user_id))


def longest_waiting_for(one: Waiting, others: list[Waiting], blocked: set[frozenset[str]]) -> Waiting | None:
    return next(iter(fitting(one, others, blocked)), None)
