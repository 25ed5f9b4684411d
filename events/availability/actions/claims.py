"""Claims of quarters of an hour; the primary key (person, quarter) prevents double booking."""

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
from events.core.bus import savepoint
from events.core.errors import Conflict


def claim_times(
    db: Session, actor: Actor, user_ids: Collection[str], starts_at: datetime, minutes: int, holder_id: str
) -> None:
    """Claim these quarters for all people, or none: raises Conflict("time_taken").

    A concurrent claim waits for the first transaction and then violates the primary key. Rows are
    inserted in one order, which avoids deadlocks.
    """
    authorize(policy.may_claim, actor, user_ids)
    rows = [
        {"user_id": user_id, "quarter": quarter, "holder_id": holder_id}
        for user_id in sorted(set(user_ids))
        for quarter in quarters(starts_at, minutes)
    ]
    try:
        with savepoint(db):
            db.execute(insert(Claim), rows)
    except IntegrityError:
        raise Conflict("time_taken") from None


def release_claims(db: Session, actor: Actor, holder_id: str, *, user_id: str | None = None) -> None:
    """Release the holder's claims, of all people or of one. Idempotent."""
    authorize(policy.may_release, actor, list_holders(db, holder_id))
    query = delete(Claim).where(Claim.holder_id == holder_id)
    if user_id is not None:
        query = query.where(Claim.user_id == user_id)
    db.execute(query)
