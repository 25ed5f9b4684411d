"""Tables of rounds, opt-ins, solver runs, drafts, fairness scores, preferences and exclusions."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.circles.models import Circle
from events.core.db.session import Base, Id, Ref

LENGTHS = (15, 30, 45)
USUAL_LENGTH = 30


class Round(Base):
    """One round of a circle. `state`: open, on_hold (its livestream went on after all), matching, draft,
    published or closed.

    `occasion`: after_livestream, instead (of a cancelled one) or standalone. `times`: offered starts, ISO
    8601 in UTC. `closes_at` ends opt-ins; a draft exists until `publish_at`, when coffees are proposed.
    `wave` counts the runs after that, for people who were left or came late.
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
    """Opt-in of one person. `times`: chosen starts; `forms` and `lengths` (minutes): accepted ones.

    `state`: waiting, matched, left (unmatched) or withdrawn. `notify_by`: deadline for news after
    publication, a day after a partner declined and a week after a late opt-in. Unmatched people may still
    get a coffee in a later wave. `asked_time`: the one more start that they were asked about when left.
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
    asked_time: Mapped[str | None] = mapped_column(String(32))
    user: Mapped[User] = relationship()


class Run(Base):
    """One solver run, stored whole so that it can be replayed: same input and seed, same output.

    A wave may be planned more than once before publication; `attempt` counts from 0.
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
    """Coffees of a round before they are proposed, as organisers arranged them.

    `problem`: document they were planned from; `before`: coffees before the last edit. `version` rises
    with every change (optimistic lock); `attempt` counts solver runs; `tries` counts manual combinations,
    refused ones included. `planned_at`: publication time unless an organiser releases earlier.
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
    """Benefit that a person received in a circle's rounds; those with least come first. Never shown.

    `latest` is the part of `amount` from the newest coffee, taken back when that falls through.
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
    """Standing preference of a member for a circle's rounds: automatic opt-in, paused, or asked each time.

    `parts` of the day (morning, afternoon, evening) limit automatic opt-ins. `paused_why`: empty, own, or
    silent after unanswered proposals (`silent` counts them). `paused_until` is None when only the member
    ends it.
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
    """A person (`other_id`) or everyone of a `company` with whom a member refuses coffees.

    It works in both directions and in every circle, and is visible to its owner only.
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
