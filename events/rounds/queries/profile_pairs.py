"""Query of what two people of a round have in common by what the circle can read of them anyway."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle, Membership

NEW_PERIOD = timedelta(days=60)  # after joining; in a circle younger than this everyone is new
MAX_SHARING = 60  # more say nothing about two, and their pairs grow quadratically


def list_profile_pairs(
    db: Session, circle_id: str, known: Collection[str], at: datetime
) -> set[tuple[str, str, str]]:
    """(id, id, code): `same_work` by the headline beside a name, `both_new` by the day of joining."""
    query = (
        select(User.id, User.headline, Membership.created_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.circle_id == circle_id, User.id.in_(known))
    )
    has_newcomers = db.get_one(Circle, circle_id).created_at <= at - NEW_PERIOD
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for user_id, headline, joined_at in db.execute(query):
        work = normalize_work(headline)
        if work:
            groups["same_work", work].append(user_id)
        if has_newcomers and joined_at > at - NEW_PERIOD:
            groups["both_new", ""].append(user_id)
    return {
        (one, other, code)
        for (code, _work), user_ids in groups.items()
        if len(user_ids) <= MAX_SHARING
        for one, other in combinations(sorted(user_ids), 2)
    }


def headlines_of(db: Session, user_ids: Collection[str]) -> Mapping[str, str]:
    query = select(User.id, User.headline).where(User.id.in_(user_ids))
    return dict(db.execute(query).all())


def normalize_work(headline: str) -> str:
    return " ".join(headline.split()).casefold()
