"""Tables of people, sign-ins, personal keys, blocks, mail choices and bounced addresses."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.core import clock
from events.core.auth.actor import initial_of, tone_of
from events.core.db.session import Base, Id, Ref


class User(Base):
    """A member, guest or operator. Without `confirmed_at` the address is unproven."""

    __tablename__ = "user"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    is_operator: Mapped[bool] = mapped_column(default=False)
    headline: Mapped[str] = mapped_column(String(120), default="")
    company: Mapped[str] = mapped_column(String(80), default="")
    photo: Mapped[str | None] = mapped_column(String(40))  # file name below the media directory
    locale: Mapped[str] = mapped_column(String(2), default="nl")
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")
    languages: Mapped[str] = mapped_column(String(40), default="nl")  # spoken languages, as "nl en"
    theme: Mapped[str] = mapped_column(String(5), default="", server_default="")  # "" follows the system
    # Space-separated origins whose players may load without consent, oldest first.
    allowed_embeds: Mapped[str] = mapped_column(Text, default="", server_default="")
    phone: Mapped[str] = mapped_column(String(20), default="", server_default="")  # E.164, "" without one
    shares_phone: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # with the other participants, once a call is agreed
    linkedin: Mapped[str] = mapped_column(String(200), default="", server_default="")  # LinkedIn URL
    meeting_link: Mapped[str] = mapped_column(String(300), default="", server_default="")  # https URL
    handle: Mapped[str | None] = mapped_column(
        String(40), unique=True
    )  # path of the booking page: /with/<handle>
    takes_bookings: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Who may invite this person for a coffee: all, met or nobody.
    welcomes: Mapped[str] = mapped_column(String(10), default="all", server_default="all")
    # Raised to void every key issued before; see `PersonalKey.epoch`.
    key_epoch: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    @property
    def initial(self) -> str:
        return initial_of(self.name)

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def tone(self) -> int:
        return tone_of(self.id)

    @property
    def photo_url(self) -> str | None:
        return photo_url_of(self.photo)


def photo_url_of(photo: str | None) -> str | None:
    return f"/photos/{photo}" if photo else None


class SignIn(Base):
    """One signed-in browser, ended by setting `ended_at`. Its id is in the signed cookie."""

    __tablename__ = "sign_in"

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    how: Mapped[str] = mapped_column(String(20))  # password, link, confirmation, invitation
    browser: Mapped[str] = mapped_column(String(120), default="")
    user: Mapped[User] = relationship()


class PersonalKey(Base):
    """A secret link of one person for one purpose. The secret is derived from id and nonce.

    `rules.PURPOSES` lists the purposes. `subject_id` is a row id for `livestream`, `coffee`,
    `introduction`, `colleague` and `round`; a circle id for `pause` and `join`; a kind of mail for `mails`; a
    pending circle id or empty for `confirm` and `sign_in`. `browser` is the id of the browser that
    requested it, if any. A key is valid while `epoch` equals its person's `key_epoch`.
    """

    __tablename__ = "personal_key"
    __table_args__ = (UniqueConstraint("user_id", "purpose", "subject_id", "nonce"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40), default="")
    nonce: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    browser: Mapped[str] = mapped_column(String(40), default="", server_default="")
    user: Mapped[User] = relationship()


class PendingSignUp(Base):
    """Sign-up data until the address is confirmed. Applies only in the browser `browser`, since
    anybody can type anybody's address."""

    __tablename__ = "pending_sign_up"
    __table_args__ = (UniqueConstraint("email", "browser"),)

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254))
    browser: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(2))
    next: Mapped[str] = mapped_column(Text, default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(index=True)


class Block(Base):
    """One person avoids another. Silent, and effective in both directions."""

    __tablename__ = "block"
    __table_args__ = (UniqueConstraint("blocker_id", "blocked_id"), Index(None, "blocked_id"))

    id: Mapped[Id]
    blocker_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    blocked_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]


class MailChoice(Base):
    """A kind of mail that a person switched off."""

    __tablename__ = "mail_choice"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class BouncedAddress(Base):
    """A person's address that bounced. `kind` is gone (no such mailbox), full or complaint.

    From `suppressed_at` on, only mail that its owner has just requested is sent.
    """

    __tablename__ = "returned_address"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(10))
    times: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime]
    suppressed_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class AuditEntry(Base):
    """An audited action of one person, kept for the people it concerns."""

    __tablename__ = "audit_entry"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    what: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(Text, default="")

    @classmethod
    def by(cls, person_id: str | None, what: str, about: str = "") -> "AuditEntry":
        """Dated now. `person_id` None means the installation itself."""
        return cls(at=clock.now(), actor_id=person_id, what=what, about=about)
