"""What the pages show of a round: the panel under a livestream, and the sheet on which one says yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from events.availability.queries import busy_quarters, list_likely_times
from events.availability.rules import busy_between
from events.circles.queries import membership_of
from events.core import clock
from events.core.access import Actor
from events.livestreams.models import Livestream
from events.livestreams.queries import next_livestream
from events.livestreams.rules.states import OVER
from events.matching import policy
from events.matching.models import Round, Yes
from events.matching.queries.rounds import coffee_in, latest_yes, round_of, was_there, yes_of
from events.matching.queries.timeline import LATE_NEWS, as_text, is_open, is_open_late, moment, times_left

Near = Literal["before", "open", "said", "closed", "pending", "late", "waiting", "coffee", "left", "over"]
FIRST_FORMS = ("online",)


@dataclass(frozen=True)
class Panel:
    """How near one person is to a coffee after this livestream.

    `near` is before (no round yet), open or late (can say yes), said (can change it), closed or pending
    (too late or in time; nothing is known before `publish_at`), waiting (for another, or as one who came
    late, until `news_by`), coffee (`coffee_id`), left (nobody fitted; `open_late` says whether other times
    can still be chosen) or over.
    """

    near: Near
    slug: str
    title: str
    closes_at: datetime | None = None
    publish_at: datetime | None = None
    news_by: datetime | None = None
    coffee_id: str | None = None
    round_id: str | None = None
    open_late: bool = False
    directs: bool = False
    may_say: bool = False
    is_member: bool = False
    next_livestream: Livestream | None = None

    @property
    def takes_yes(self) -> bool:
        return self.near in {"open", "said", "late"} or (self.open_late and self.near in {"waiting", "left"})


@dataclass(frozen=True)
class Choice:
    """One start to choose from; `busy` when this person gave that time away already."""

    starts_at: datetime
    busy: bool

    @property
    def value(self) -> str:
        return as_text(self.starts_at)


@dataclass(frozen=True)
class Sheet:
    """What the page of saying yes shows: the times, and what this person chose now or the last time."""

    panel: Panel
    choices: list[Choice]
    initial: dict[str, object]
    remembered: bool
    usual: bool  # what is ticked are this person's usual hours
    said: bool
    news_by: datetime | None

    @property
    def is_free(self) -> bool:
        return any(not choice.busy for choice in self.choices)


def panel_of(db: Session, actor: Actor, livestream: Livestream) -> Panel | None:
    """The panel for this reader; None for who has no part in it."""
    membership = membership_of(db, actor, livestream.circle_id)
    directs = policy.may_direct(actor, membership)
    may_say = policy.may_say_yes(actor, livestream, membership, membership is not None)
    if not may_say and actor.person_id is not None:
        there = was_there(db, actor.id, livestream.id)
        may_say = policy.may_say_yes(actor, livestream, membership, there)
    if not may_say and not directs:
        return None
    round_ = round_of(db, livestream.id)
    if round_ is None:
        near: Near = "over" if livestream.state in (*OVER, "cancelled") else "before"
        return Panel(
            near,
            livestream.slug,
            livestream.title,
            directs=directs,
            may_say=may_say,
            is_member=membership is not None,
        )
    yes = yes_of(db, round_.id, actor.id)
    now = clock.now()
    coffee = coffee_in(db, round_.id, actor.id) if yes is not None and yes.state == "matched" else None
    near = "coffee" if coffee is not None else _near(round_, yes, now)
    return Panel(
        near,
        livestream.slug,
        livestream.title,
        closes_at=round_.closes_at,
        publish_at=round_.publish_at,
        news_by=yes.news_by if yes is not None else None,
        coffee_id=coffee.id if coffee is not None else None,
        round_id=round_.id,
        open_late=is_open_late(round_, now),
        directs=directs,
        may_say=may_say,
        is_member=membership is not None,
        next_livestream=next_livestream(db, round_.circle_id) if near in {"left", "over"} else None,
    )


def sheet_of(db: Session, actor: Actor, livestream: Livestream, panel: Panel) -> Sheet | None:
    """The sheet, while one can say yes; None otherwise, and then the panel says how things stand."""
    round_ = round_of(db, livestream.id)
    if round_ is None or not panel.takes_yes:
        return None
    now = clock.now()
    starts = times_left(round_, now)
    busy = _busy(db, actor.id, round_, starts)
    own = yes_of(db, round_.id, actor.id)
    said = own is not None and own.state in {"waiting", "left"}
    last = own if own is not None else latest_yes(db, actor.id, besides=round_.id)
    choices = [Choice(start, busy_between(start, round_.minutes, busy)) for start in starts]
    free = [choice.starts_at for choice in choices if not choice.busy]
    likely = list_likely_times(db, actor.id, free, round_.minutes) if own is None else None
    if own is not None:
        chosen = _same(free, own)
    else:
        chosen = _alike(free, last, round_.circle.zone) if likely is None else likely
    return Sheet(
        panel=panel,
        choices=choices,
        initial=_initial(last, chosen),
        remembered=own is None and likely is None and bool(chosen),
        usual=bool(likely),
        said=said,
        news_by=now + LATE_NEWS if round_.state == "published" else None,
    )


def _near(round_: Round, yes: Yes | None, now: datetime) -> Near:
    state = yes.state if yes is not None else "withdrawn"
    if is_open(round_, now):
        return "said" if state == "waiting" else "open"
    if round_.state in {"open", "matching", "draft"}:
        return "pending" if state == "waiting" else "closed"
    if state == "waiting":
        return "waiting"
    if state == "left":
        return "left"
    # A coffee that this person turned down, or that fell through without an answer, is not followed up.
    if state == "matched":
        return "over"
    return "late" if is_open_late(round_, now) else "over"


def _busy(db: Session, user_id: str, round_: Round, starts: list[datetime]) -> set[datetime]:
    if not starts:
        return set()
    margin = timedelta(minutes=round_.minutes + 15)
    return busy_quarters(db, [user_id], min(starts) - margin, max(starts) + margin)[user_id]


def _same(free: Iterable[datetime], own: Yes) -> list[datetime]:
    chosen = {moment(text) for text in own.times}
    return [start for start in free if start in chosen]


def _alike(free: Iterable[datetime], last: Yes | None, zone: str) -> list[datetime]:
    """The starts at the same hours as the ones chosen the last time."""
    local = ZoneInfo(zone)
    hours = {moment(text).astimezone(local).time() for text in last.times} if last is not None else set()
    return [start for start in free if start.astimezone(local).time() in hours]


def _initial(last: Yes | None, chosen: list[datetime]) -> dict[str, object]:
    """What stands on the sheet before anything is typed."""
    initial: dict[str, object] = {
        "times": [as_text(start) for start in chosen],
        "forms": list(last.forms) if last is not None else list(FIRST_FORMS),
        "occupies": last.occupies if last is not None else "",
    }
    if last is None or last.trio:
        initial["trio"] = "1"
    return initial
