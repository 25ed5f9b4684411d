"""Rounds of coffees and the nazit: who said yes, at which times, and how each run of the matching went."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.circles.models import Circle
from events.core.db.session import Base, Id, Ref

LENGTHS = (15, 30, 45)
USUAL_LENGTH = 30


class Round(Base):
    """One round of a circle: `state` is open, matching, draft, published or closed.

    `occasion` is after_livestream, instead (of one that was cancelled) or standalone. `times` are the
    starts everybody chooses from, as ISO moments. `closes_at` ends saying yes, `publish_at` is when the
    coffees are proposed, in between there is a draft; `wave` counts the runs after that, for those who
    were left or came late.
    """

    __tablename__ = "round"

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    livestream_id: Mapped[str | None] = mapped_column(
        ForeignKey("livestream.id", ondelete="CASCADE"), unique=True
    )
    occasion: Mapped[str] = mapped_column(String(20), default="after_livestream")
    title: Mapped[str] = mapped_column(String(120), default="", server_default="")  # of a standalone one
    state: Mapped[str] = mapped_column(String(20), default="open", index=True)
    times: Mapped[list[str]] = mapped_column(JSON, default=list)
    minutes: Mapped[int] = mapped_column(default=30)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    publish_at: Mapped[datetime]
    wave: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    circle: Mapped[Circle] = relationship()


class OptIn(Base):
    """One person said yes to a round. `times` are chosen starts, `forms` acceptable ones and `lengths`
    acceptable minutes; the newest word counts.

    `state` is waiting, matched, left (nobody fitted this time) or withdrawn. `news_by` is when someone who
    waits after the round was published must hear: soon for who was left by another's no, within a week
    for who came late. Whoever was left may still get a coffee when another comes.
    """

    __tablename__ = "opt_in"
    __table_args__ = (UniqueConstraint("round_id", "user_id"),)

    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    times: Mapped[list[str]] = mapped_column(JSON, default=list)
    forms: Mapped[list[str]] = mapped_column(JSON, default=list)
    lengths: Mapped[list[int]] = mapped_column(JSON, default=lambda: [USUAL_LENGTH], server_default="[30]")
    trio: Mapped[bool] = mapped_column(default=True)
    on_my_mind: Mapped[str] = mapped_column(String(240), default="")
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    opted_in_at: Mapped[datetime]
    notify_by: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class Run(Base):
    """One run of the matching, stored whole so that it can be replayed: same input and seed, same output.

    A wave may be planned more than once before its coffees are proposed; `attempt` counts from 0.
    """

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("round_id", "wave", "attempt"),)

    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    wave: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    input: Mapped[str] = mapped_column(Text)
    output: Mapped[str] = mapped_column(Text)
    ran_at: Mapped[datetime]


class Draft(Base):
    """The coffees of a round before they are proposed, as its organisers have arranged them.

    `problem` is the document they were made from; `before` what they were before the last change by hand.
    `version` rises with every change; `attempt` counts how often the algorithm was asked again.
    `planned_at` is when the round is published unless an organiser presses earlier. `tries` counts the
    combinations that were tried by hand, also those that were refused.
    """

    __tablename__ = "draft"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    coffees: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    before: Mapped[list[dict[str, object]] | None] = mapped_column(JSON(none_as_null=True))
    problem: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    attempt: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    planned_at: Mapped[datetime]
    made_at: Mapped[datetime]


class FairnessScore(Base):
    """How a person fared in a circle's rounds so far; who had least goes first. Never shown to anyone.

    `latest` is the part of `amount` that the newest coffee gave; it is taken back when that falls through.
    """

    __tablename__ = "fairness_score"
    __table_args__ = (UniqueConstraint("circle_id", "user_id"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    amount: Mapped[float] = mapped_column(default=0.0)
    latest: Mapped[float] = mapped_column(default=0.0)
    missed: Mapped[int] = mapped_column(default=0)  # rounds in a row without a coffee


class RoundPreference(Base):
    """How a member stands towards the rounds of a circle: always yes, paused, or asked every time.

    With `always` every round gets a yes at the times within `parts` of the day (morning, afternoon,
    evening). `paused_why` is empty, own or silent: someone who left `silent` proposals in a row unanswered
    is paused too. `paused_until` is empty when only the person ends it.
    """

    __tablename__ = "round_preference"
    __table_args__ = (UniqueConstraint("circle_id", "user_id"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    always: Mapped[bool] = mapped_column(default=False)
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    forms: Mapped[list[str]] = mapped_column(JSON, default=list)
    lengths: Mapped[list[int]] = mapped_column(JSON, default=list)
    paused_why: Mapped[str] = mapped_column(String(10), default="")
    paused_until: Mapped[datetime | None]
    silent: Mapped[int] = mapped_column(default=0)

    def is_paused(self, now: datetime) -> bool:
        return bool(self.paused_why) and (self.paused_until is None or now < self.paused_until)


class Exclusion(Base):
    """Someone whom a person never wants a coffee with: a competitor or a customer, as they see it.

    A person (`other_id`) or everyone of a `company`. It works both ways in every circle; nobody but the
    one who declared it ever learns of it.
    """

    __tablename__ = "exclusion"
    __table_args__ = (UniqueConstraint("user_id", "other_id"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    other_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    company: Mapped[str] = mapped_column(String(80), default="")
    why: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    other: Mapped[User | None] = relationship(foreign_keys=[other_id])
