"""Tables of circles, companies, memberships, invitations, bans, join requests, topics and interests."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id, Ref


class Circle(Base):
    """A business circle. `joining` is open, on_request or by_invitation.

    `met_window`: for how many rounds two people who met are not paired again: three, six or twelve.
    `guests_from`: who may come to members' livestreams as a guest: link (whoever has it), members or
    team (whom they bring), or nobody.
    """

    __tablename__ = "circle"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    lead: Mapped[str] = mapped_column(String(160), default="", server_default="")  # for whom, in one line
    about: Mapped[str] = mapped_column(Text, default="")
    joining: Mapped[str] = mapped_column(String(20), default="by_invitation")
    locale: Mapped[str] = mapped_column(String(2), default="nl")
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")
    country: Mapped[str] = mapped_column(String(2), default="NL", server_default="NL")  # of its holidays
    met_window: Mapped[str] = mapped_column(String(10), default="six", server_default="six")
    colour: Mapped[str | None] = mapped_column(String(7))
    logo: Mapped[str | None] = mapped_column(String(40))  # name of a file
    # Whether visitors read the titles and dates of members' livestreams on the circle's page.
    shows_members_evenings: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether the link of a members' livestream shows its title and date to anyone.
    links_shown: Mapped[bool] = mapped_column(default=True, server_default=true())
    guests_from: Mapped[str] = mapped_column(String(10), default="link", server_default="link")
    guests_per_member: Mapped[int | None] = mapped_column(default=2, server_default="2")  # an evening
    guest_visits: Mapped[int | None]  # how often one guest may come, in all
    guest_approval: Mapped[bool] = mapped_column(default=False, server_default=false())  # by the team
    findable: Mapped[bool] = mapped_column(
        default=False, server_default=false(), index=True
    )  # by search engines
    # The team's own sentence in the mail of an invitation, kept for the next one.
    invitation_line: Mapped[str] = mapped_column(String(140), default="", server_default="")
    created_at: Mapped[datetime]


class PendingCircle(Base):
    """A circle requested by a visitor. `circle_id` is set once the address is proven."""

    __tablename__ = "pending_circle"

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    locale: Mapped[str] = mapped_column(String(2))
    zone: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    circle_id: Mapped[str | None] = mapped_column(ForeignKey("circle.id", ondelete="SET NULL"), index=True)
    user: Mapped[User] = relationship()


class CircleSlug(Base):
    """A former slug, which redirects to the current one."""

    __tablename__ = "circle_slug"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)


class Company(Base):
    """The company of one or more members of a circle, which follows from what each wrote in their profile.

    `key` is the name without what spellings differ in (`rules.company_key`). Who leaves last takes it along.
    """

    __tablename__ = "company"
    __table_args__ = (UniqueConstraint("circle_id", "key"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class Membership(Base):
    """One person's role in one circle: owner, organiser or member. Ending it deletes the row.

    `listed`: the member list shows them to the other members; the team sees everybody.
    `listing_chosen_at` is None until they said so themselves, either way.
    """

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("circle_id", "user_id"), Index(None, "circle_id", "role"))

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    company_id: Mapped[str | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"), index=True)
    role: Mapped[str] = mapped_column(String(20), default="member")
    listed: Mapped[bool] = mapped_column(default=False)
    listing_chosen_at: Mapped[datetime | None]
    # Someone of the team who agreed to be named on the circle's public page.
    named: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    circle: Mapped[Circle] = relationship()
    user: Mapped[User] = relationship()


class Invitation(Base):
    """`name` and `company` are what the team typed. Until acceptance only these are shown, so that
    an invitation reveals nothing of an account elsewhere."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("circle_id", "user_id"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    invited_by_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20), default="member")
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    company: Mapped[str] = mapped_column(String(80), default="", server_default="")
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]  # by the invited person
    looked_at: Mapped[datetime | None]  # first press on "see what it is"; opening the link alone is not kept
    circle: Mapped[Circle] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    invited_by: Mapped[User] = relationship(foreign_keys=[invited_by_id])

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.declined_at is None


class CircleBan(Base):
    """A removed person, who cannot join again until the team lifts the ban."""

    __tablename__ = "circle_ban"

    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[Ref] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    banned_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class JoinRequest(Base):
    """A request to join. `decision` is accepted or declined."""

    __tablename__ = "join_request"
    __table_args__ = (UniqueConstraint("circle_id", "user_id"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(20))
    user: Mapped[User] = relationship()


class Topic(Base):
    """A topic in both languages; topics typed by members have the same word in both."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("circle_id", "name_nl"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    name_nl: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))

    def name_in(self, locale: str) -> str:
        return self.name_en if locale == "en" else self.name_nl


class Interest(Base):
    """A member's interest in a topic: `side` is asks or offers."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("membership_id", "topic_id", "side"),)

    id: Mapped[Id]
    membership_id: Mapped[Ref] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    topic_id: Mapped[Ref] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    topic: Mapped[Topic] = relationship()
