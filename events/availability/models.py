"""Claims: who is busy when, one row per person and quarter of an hour."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db import Base


class Claim(Base):
    """A quarter of an hour that a person has given away. The primary key makes double booking impossible."""

    __tablename__ = "claim"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    quarter: Mapped[datetime] = mapped_column(primary_key=True)  # its start, UTC
    holder_id: Mapped[str] = mapped_column(String(26), index=True)  # the coffee that took it
