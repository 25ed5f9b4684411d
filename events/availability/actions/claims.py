"""Taking and giving back time; the primary key of a claim makes double booking impossible."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.availability import policy
from events.availability.models import Claim
from events.availability.queries.claims import list_holders
from events.availability.rules.slots import quarters
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict


def claim_times(
    db: Session, actor: Actor, user_ids: Collection[str], starts_at: datetime, minutes: int, holder_id: str
) -> None:
    """Give all these people's quarters to the holder, or none: Conflict("time_taken").

    Two at once cannot both succeed: the second insert waits for the first transaction and then breaks the
    key. The order of the rows is the same for everyone, so that two never wait for each other.
    """
    authorize(policy.may_claim, actor, user_ids)
    rows = [
        {"user_id": user_id, "quarter": quarter, "holder_id": holder_id}
        for user_id in sorted(set(user_ids))
        for quarter in quarters(starts_at, minutes)
    ]
    try:
        with db.begin_nested():
            db.execute(insert(Claim), rows)
    except IntegrityError:
        raise Conflict("time_taken") from None


def release_claims(db: Session, actor: Actor, holder_id: str, *, user_id: str | None = None) -> None:
    """Give back what the holder took, of all its people or of one. Releasing twice is harmless."""
    authorize(policy.may_release, actor, list_holders(db, holder_id))
    query = delete(Claim).where(Claim.holder_id == holder_id)
    if user_id is not None:
        query = query.where(Claim.user_id == user_id)
    db.execute(query)
