"""Table of personal calendar feeds."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id


class Feed(Base):
    """A person's feed. Deleting it ends its address; a new one gets another.

    The secret in its address is derived from id and nonce. `mark`: fingerprint of the content served last;
    `changed_at`: when that changed; `used_at`: last fetch.
    """

    __tablename__ = "feed"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    nonce: Mapped[str] = mapped_column(String(24))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    mark: Mapped[str] = mapped_column(String(64), default="")
    changed_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined")
