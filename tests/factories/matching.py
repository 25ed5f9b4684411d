"""Rounds and yeses for tests."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.livestreams.models import Livestream
from events.matching.models import Round, Yes
from events.matching.queries import timeline


def make_round(db: Session, livestream: Livestream, *, state: str = "open") -> Round:
    """The round of a livestream that ended now, on its ordinary timeline."""
    zone = livestream.circle.zone
    closes_at = timeline.closes_after(clock.now(), zone)
    publish_at = timeline.published_after(closes_at, zone)
    round_ = Round(
        circle_id=livestream.circle_id,
        livestream_id=livestream.id,
        state=state,
        times=timeline.times_after(publish_at, zone),
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
    occupies: str = "",
    state: str = "waiting",
    news_by: datetime | None = None,
) -> Yes:
    """A yes at all times of the round, unless told otherwise."""
    yes = Yes(
        round_id=round_.id,
        user_id=user.id,
        times=list(round_.times if times is None else times),
        forms=list(forms),
        trio=trio,
        occupies=occupies,
        state=state,
        said_at=clock.now(),
        news_by=news_by,
    )
    db.add(yes)
    db.flush()
    return yes
