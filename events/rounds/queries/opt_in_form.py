"""Query for the opt-in form: offered times, and what this person chose now or last time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from events.availability.queries.claims import busy_quarters
from events.availability.queries.hours import list_likely_times
from events.availability.rules.slots import busy_between
from events.circles.models import Topic
from events.circles.queries.circles import list_interests
from events.circles.queries.topics import list_common
from events.core import clock
from events.core.auth.actor import Actor
from events.rounds.models import USUAL_LENGTH, OptIn, Round
from events.rounds.queries.panels import Panel
from events.rounds.queries.rounds import find_round, latest_opt_in, opt_in_of
from events.rounds.rules.timeline import format_utc, late_news_by, parse_time, times_left

FIRST_FORMS = ("online",)
MAX_TOPICS = 300  # most used ones, to choose from; others are typed


@dataclass(frozen=True)
class Choice:
    """One offered start; `busy` when the person has a claim at that time."""

    starts_at: datetime
    busy: bool

    @property
    def value(self) -> str:
        return format_utc(self.starts_at)


@dataclass(frozen=True)
class OptInFormData:
    panel: Panel
    choices: list[Choice]
    initial: dict[str, object]
    remembered: bool
    usual: bool  # preselected from usual hours
    said: bool
    notify_by: datetime | None
    topics: list[Topic] | None  # to choose from, most used first; None for people who are no members

    @property
    def is_free(self) -> bool:
        return any(not choice.busy for choice in self.choices)


def opt_in_form_data(db: Session, actor: Actor, panel: Panel) -> OptInFormData | None:
    """None while opt-ins are not accepted: the page then shows the panel."""
    round_ = find_round(db, panel.round_id) if panel.round_id is not None else None
    if round_ is None or not panel.accepts_opt_in:
        return None
    now = clock.now()
    starts = times_left(round_, now)
    busy = _busy(db, actor.id, round_, starts)
    own = opt_in_of(db, round_.id, actor.id)
    said = own is not None and own.state in {"waiting", "left"}
    last = own if own is not None else latest_opt_in(db, actor.id, besides=round_.id)
    choices = [Choice(start, busy_between(start, round_.minutes, busy)) for start in starts]
    free = [choice.starts_at for choice in choices if not choice.busy]
    likely = list_likely_times(db, actor.id, free, round_.minutes) if own is None else None
    if own is not None:
        chosen = _chosen_before(free, own)
    else:
        chosen = _at_same_hours(free, last, round_.circle.zone) if likely is None else likely
    topics, interests = _topics(db, actor, round_) if panel.is_member else (None, {})
    return OptInFormData(
        panel=panel,
        choices=choices,
        initial=_initial(last, chosen) | interests,
        remembered=own is None and likely is None and bool(chosen),
        usual=bool(likely),
        said=said,
        notify_by=late_news_by(now, round_.circle.zone) if round_.state == "published" else None,
        topics=topics,
    )


def _topics(db: Session, actor: Actor, round_: Round) -> tuple[list[Topic], dict[str, object]]:
    """Topics of the circle, and the asks and offers that the actor has in it."""
    asks, offers = list_interests(db, round_.circle_id, [actor.id]).get(actor.id, ([], []))
    own = {"asks": [topic.id for topic in asks], "offers": [topic.id for topic in offers]}
    topics = list_common(db, round_.circle_id, MAX_TOPICS, [*own["asks"], *own["offers"]])
    return topics, dict(own)


def _busy(db: Session, user_id: str, round_: Round, starts: list[datetime]) -> set[datetime]:
    if not starts:
        return set()
    margin = timedelta(minutes=round_.minutes + 15)
    return busy_quarters(db, [user_id], min(starts) - margin, max(starts) + margin)[user_id]


def _chosen_before(free: Iterable[datetime], own: OptIn) -> list[datetime]:
    chosen = {parse_time(text) for text in own.times}
    return [start for start in free if start in chosen]


def _at_same_hours(free: Iterable[datetime], last: OptIn | None, zone: str) -> list[datetime]:
    """Starts at the hours chosen last time, by the circle's clock."""
    local = ZoneInfo(zone)
    hours = {parse_time(text).astimezone(local).time() for text in last.times} if last is not None else set()
    return [start for start in free if start.astimezone(local).time() in hours]


def _initial(last: OptIn | None, chosen: list[datetime]) -> dict[str, object]:
    initial: dict[str, object] = {
        "times": [format_utc(start) for start in chosen],
        "forms": list(last.forms) if last is not None else list(FIRST_FORMS),
        "lengths": [str(length) for length in (last.lengths if last is not None else (USUAL_LENGTH,))],
        "on_my_mind": last.on_my_mind if last is not None else "",
    }
    if last is None or last.trio:
        initial["trio"] = "1"
    return initial
