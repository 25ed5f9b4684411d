"""Rounds and yeses for tests."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.core import clock
from events.livestreams.models import Livestream
from events.rounds.models import Draft, OptIn, Round
from events.rounds.rules import timeline


def make_round(db: Session, livestream: Livestream, *, state: str = "open") -> Round:
    """The round of a livestream that ended now, on its ordinary timeline."""
    circle = livestream.circle
    closes_at = timeline.closes_after(clock.now(), circle.zone)
    publish_at = timeline.published_after(closes_at, circle.zone, circle.country)
    round_ = Round(
        circle_id=livestream.circle_id,
        livestream_id=livestream.id,
        state=state,
        times=timeline.times_after(publish_at, circle.zone, circle.country),
        opened_at=clock.now(),
        closes_at=closes_at,
        publish_at=publish_at,
        published_at=clock.now() if state == "published" else None,
    )
    db.add(round_)
    db.flush()
    return round_


def make_yes(
    db: Session,
    round_: Round,
    user: User,
    *,
    times: Sequence[str] | None = None,
    forms: Sequence[str] = ("online",),
    trio: bool = True,
    on_my_mind: str = "",
    state: str = "waiting",
    notify_by: datetime | None = None,
) -> OptIn:
    """A yes at all times of the round, unless told otherwise."""
    yes = OptIn(
        round_id=round_.id,
        user_id=user.id,
        times=list(round_.times if times is None else times),
        forms=list(forms),
        trio=trio,
        on_my_mind=on_my_mind,
        state=state,
        opted_in_at=clock.now(),
        notify_by=notify_by,
    )
    db.add(yes)
    db.flush()
    return yes


def make_round_of_its_own(db: Session, circle: Circle, *, title: str = "") -> Round:
    """An open round without a livestream, on its ordinary timeline."""
    closes_at = timeline.closes_after(clock.now(), circle.zone)
    publish_at = timeline.published_after(closes_at, circle.zone, circle.country)
    round_ = Round(
        circle_id=circle.id,
        occasion="standalone",
        title=title,
        times=timeline.times_after(publish_at, circle.zone, circle.country),
        opened_at=clock.now(),
        closes_at=closes_at,
        publish_at=publish_at,
    )
    db.add(round_)
    db.flush()
    return round_


def make_draft(db: Session, round_: Round) -> Draft:
    """An empty draft of this round; `grow_draft` adds coffees."""
    draft = Draft(
        round_id=round_.id,
        coffees=[],
        problem=json.dumps({"people": [], "met": [], "together": []}),
        planned_at=round_.publish_at,
        made_at=clock.now(),
    )
    db.add(draft)
    db.flush()
    return draft


def grow_draft(db: Session, round_id: str, people: Sequence[User]) -> None:
    """One more coffee of these people, who say nothing about why."""
    draft = db.get_one(Draft, round_id)
    start = db.get_one(Round, round_id).times[0]
    coffee: dict[str, object] = {
        "people": [user.id for user in people],
        "starts_at": start,
        "form": "online",
        "alternatives": [],
        "reasons": {user.id: [{"code": "new"}] for user in people},
        "widened": [],
    }
    draft.coffees = [*draft.coffees, coffee]
    db.flush()
