"""The feed of a person."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id


class Feed(Base):
    """One person's feed; ended, it is gone, and a new one has another address.

    The secret of its address is derived from id and nonce. `mark` is the fingerprint of what was given
    last, `changed_at` when that became so; `used_at` when a program last came for it.
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
