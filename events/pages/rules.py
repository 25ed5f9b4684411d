"""Pure rules of Today and of a new circle: what is asked of the reader at a moment, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from events.coffees.models import Coffee
from events.coffees.rules import CALL_OPENS
from events.livestreams.models import Livestream
from events.livestreams.rules.endings import is_overdue
from events.livestreams.rules.states import GATHERED, OVER
from events.office_hours.rules import ASK_FOR


class Ask(StrEnum):
    """What a thing asks, the most urgent first."""

    ON_NOW = "on_now"  # a livestream in the lobby or live
    OVERDUE = "overdue"  # live past its planned end
    NOT_STARTED = "not_started"  # past its planned start
    COFFEE_NOW = "coffee_now"  # from the opening of the call to its end
    ANSWER = "coffee"
    COLLEAGUE = "colleague"  # a coffee to take over
    TELL = "tell"
    MISSED = "missed"  # a livestream that nobody started
    DRAFT = "draft"  # of a round
    REQUESTS = "requests"  # to join the circle
    BOOK = "book"  # somebody named in the circle's book left
    QUESTIONS = "questions"  # left over of a livestream
    WRAP = "wrap"  # the recording is missing
    CONFIRMED = "confirmed"
    NEXT = "next"  # the next livestream
    ROUND = "round"  # to say yes to
    WELCOME = "welcome"  # coffee of a newcomer
    START = "start"  # a circle that never published a livestream
    RECORDING = "recording"  # begun
    PROMISE = "promise"
    UNSEEN = "unseen"  # a recording
    LISTING = "listing"  # whether a circle's member list shows this person
    PLACES = "places"  # to offer after a livestream
    REPORT = "report"  # can be read


# These never lead the page.
OPTIONAL = frozenset({Ask.BOOK, Ask.LISTING, Ask.PLACES, Ask.REPORT})


# Duties of organisers and hosts, which have a list of their own.
DUTIES = frozenset({
    Ask.OVERDUE, Ask.NOT_STARTED, Ask.MISSED, Ask.DRAFT, Ask.REQUESTS, Ask.BOOK, Ask.QUESTIONS, Ask.WRAP,
    Ask.PLACES, Ask.START, Ask.REPORT,
})  # fmt: skip
_RANK = {ask: rank for rank, ask in enumerate(Ask)}


@dataclass(frozen=True)
class Entry:
    """`by`: when it begins or its time runs out; the nearest of one kind comes first."""

    ask: Ask
    by: datetime
    item: object


def ask_of_coffee(coffee: Coffee, user_id: str, now: datetime) -> Ask | None:
    """A coffee stays until its person told about it, for the week in which they can."""
    own = next(seat for seat in coffee.seats if seat.user_id == user_id)
    if coffee.state == "proposed":
        return Ask.ANSWER if own.answer == "waiting" and now < coffee.answer_by else None
    if own.took_place is not None:
        return None
    if coffee.state == "confirmed" and now < coffee.ends_at:
        return Ask.COFFEE_NOW if now >= coffee.starts_at - CALL_OPENS else Ask.CONFIRMED
    return Ask.TELL


def ask_of_livestream(livestream: Livestream, now: datetime, *, directs: bool) -> Ask | None:
    """Of one that is over the recording, for those who direct it."""
    if livestream.state in GATHERED:
        return Ask.OVERDUE if directs and is_overdue(livestream, now) else Ask.ON_NOW
    if livestream.state == "announced":
        return Ask.NOT_STARTED if directs and livestream.starts_at <= now else Ask.NEXT
    duties = {"missed": Ask.MISSED, "ended": Ask.WRAP, "replay": Ask.REPORT}
    return duties.get(livestream.state) if directs else None


def asks_for_places(livestream: Livestream, now: datetime) -> bool:
    """For a few days after the end host, speaker and team may offer places of their own."""
    if livestream.state not in OVER or livestream.ended_at is None:
        return False
    return now < livestream.ended_at + ASK_FOR


def sort_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Most urgent first. A round that closes before the next livestream begins comes before it."""
    found = list(entries)
    starts = min((entry.by for entry in found if entry.ask is Ask.NEXT), default=None)

    def urgency(entry: Entry) -> tuple[float, datetime]:
        rank = float(_RANK[entry.ask])
        if entry.ask is Ask.ROUND and starts is not None and entry.by < starts:
            rank = _RANK[Ask.NEXT] - 0.5
        return rank, entry.by

    return sorted(found, key=urgency)


class Step(StrEnum):
    """What comes next for a circle that published nothing yet."""

    PLAN = "plan"
    INVITE = "invite"
    PUBLISH = "publish"


def first_step(*, planned: bool, invited: bool) -> Step:
    if not planned:
        return Step.PLAN
    return Step.PUBLISH if invited else Step.INVITE
