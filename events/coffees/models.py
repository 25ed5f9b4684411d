"""Tables of coffees, seats, contact sharing, introductions, follow-ups, notes and promises."""

from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.circles.models import Circle
from events.core import clock
from events.core.db.session import Base, Id, Ref

STATES = ("proposed", "confirmed", "met", "missed", "declined", "cancelled", "expired")
FORMS = ("online", "phone", "location", "own_link")
LENGTHS = (15, 30, 45)  # minutes people may choose from


class Coffee(Base):
    """One meeting. `round_id`: round it came from; `occasion_id`: livestream, if any.

    `kind`: coffee, or talk (a short one of the after-talk, confirmed at once, never moved or answered,
    with the after-talk's id as `round_id`). `alternatives`: other common times, ISO 8601. `version` rises
    with every change of time, place or state (optimistic lock). `place`: words for a location, an https
    address for an own link. `asked`: what is open, asked by `asked_by_id`: time, new_time, place,
    invited, booked, colleague, or empty for an unchanged match. `invited_by_id`: requested without a round.
    `follows_id`: previous coffee of the same people. `by_call`: the call is evidence that it took place.
    """

    __tablename__ = "coffee"
    __table_args__ = (
        Index(None, "circle_id", "state", "starts_at"),
        Index(None, "occasion_id", "state", "kind", "closed_at", "id"),  # the report counts by it alone
    )

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[str | None] = mapped_column(String(26), index=True)
    occasion_id: Mapped[str | None] = mapped_column(ForeignKey("livestream.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(10), default="coffee")
    state: Mapped[str] = mapped_column(String(20), default="proposed", index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int] = mapped_column(default=30)
    form: Mapped[str] = mapped_column(String(20), default="online")
    place: Mapped[str] = mapped_column(String(300), default="", server_default="")
    invited_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    asked: Mapped[str] = mapped_column(String(10), default="", server_default="")
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    alternatives: Mapped[list[str]] = mapped_column(JSON, default=list)
    widened: Mapped[list[str]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    answer_by: Mapped[datetime]
    proposed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    by_call: Mapped[bool] = mapped_column(default=False, server_default=false())
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="SET NULL"), index=True)
    circle: Mapped[Circle] = relationship()
    seats: Mapped[list["Seat"]] = relationship(order_by="Seat.position", lazy="selectin")

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_unreported(self) -> bool:
        """Closed after a week without a conclusive report."""
        return self.state == "confirmed" and self.closed_at is not None

    @property
    def display_state(self) -> str:
        """The state, with unreported and over (confirmed and past) told apart."""
        if self.is_unreported:
            return "unreported"
        return "over" if self.state == "confirmed" and self.ends_at <= clock.now() else self.state


class Seat(Base):
    """One person at a coffee. `answer`: waiting, yes or no. `reasons`: codes with parameters.

    `calendar_uid` and `sequence` are of this person's own calendar entry. Outcome fields are private.
    `leaves_at`: when a delayed decline takes effect; until then the others see no change.
    `accepts_replacement`: agrees in advance to another partner of the round. Not `delivered`: kept from
    this person by their block, and to the inviter like an unanswered invitation. `handed_to_id`: the
    colleague of one of them who came instead of that one, where this person may read it.
    """

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("coffee_id", "user_id"),)

    id: Mapped[Id]
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    answer: Mapped[str] = mapped_column(String(10), default="waiting")
    answered_at: Mapped[datetime | None]
    leaves_at: Mapped[datetime | None]
    delivered: Mapped[bool] = mapped_column(default=True, server_default=true())
    accepts_replacement: Mapped[bool] = mapped_column(default=False, server_default=false())
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    on_my_mind: Mapped[str] = mapped_column(String(240), default="")  # shown to partners
    phone: Mapped[str] = mapped_column(String(20), default="", server_default="")  # given for this coffee
    calendar_uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    invited: Mapped[bool] = mapped_column(default=False)  # a calendar REQUEST went out
    took_place: Mapped[bool | None]
    worth_it: Mapped[bool | None]
    again: Mapped[bool | None]
    outcome_at: Mapped[datetime | None]
    handed_to_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
    handed_to: Mapped[User | None] = relationship(foreign_keys=[handed_to_id])


class PitchMark(Base):
    """One participant's private word that a coffee was a sales pitch of another; read by the solver alone."""

    __tablename__ = "pitch_mark"

    coffee_id: Mapped[str] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[str] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    about_id: Mapped[str] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SharedDetails(Base):
    """Contact details shared with the others: phone, email, linkedin. Visible to those who share too."""

    __tablename__ = "shared_details"

    coffee_id: Mapped[str] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed_at: Mapped[datetime]


class Introduction(Base):
    """Two people brought together by a third: a `partner` of that coffee and a `member` of the circle.

    `held`: withheld from both; to its proposer it reads like an unanswered one. `made_id`: the coffee of
    two acceptances; None while no common time is known.
    """

    __tablename__ = "introduction"
    __table_args__ = (UniqueConstraint("coffee_id", "by_id", "partner_id", "member_id"),)

    id: Mapped[Id]
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"))
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    why: Mapped[str] = mapped_column(String(240), default="")
    partner_answer: Mapped[str] = mapped_column(String(10), default="waiting")
    member_answer: Mapped[str] = mapped_column(String(10), default="waiting")
    held: Mapped[bool] = mapped_column(default=False)
    answer_by: Mapped[datetime]
    created_at: Mapped[datetime]
    made_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="SET NULL"), index=True)
    by: Mapped[User] = relationship(foreign_keys=by_id, lazy="joined")
    partner: Mapped[User] = relationship(foreign_keys=partner_id, lazy="joined")
    member: Mapped[User] = relationship(foreign_keys=member_id, lazy="joined")
    circle: Mapped[Circle] = relationship()

    @property
    def is_agreed(self) -> bool:
        return self.partner_answer == self.member_answer == "yes"

    @property
    def lacks_time(self) -> bool:
        return self.is_agreed and self.made_id is None


class LookBack(Base):
    """Follow-up answer after a month: `came` is one of rules.OUTCOMES. Private.

    Only a `quote` with `may_quote` is shown to others, while both are set.
    """

    __tablename__ = "look_back"

    coffee_id: Mapped[str] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    came: Mapped[str] = mapped_column(String(20))
    quote: Mapped[str] = mapped_column(String(280), default="")
    may_quote: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="joined")


class SharedNote(Base):
    __tablename__ = "shared_note"

    coffee_id: Mapped[str] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    changed_at: Mapped[datetime]


class Promise(Base):
    """Something one participant promised the others, with an optional date."""

    __tablename__ = "promise"

    id: Mapped[Id]
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(240))
    due_on: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    user: Mapped[User] = relationship()
