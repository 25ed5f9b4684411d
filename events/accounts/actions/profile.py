"""Actions on a person's own profile, contact details, mail choices and blocks."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.forms import ContactDetails, Profile
from events.accounts.models import Block, MailChoice, User
from events.accounts.queries.people import get_user
from events.accounts.rules import MAIL_KINDS, is_meeting_link, parse_linkedin, parse_phone, with_embed
from events.accounts.signals import CompanyNamed, PersonBlocked
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create
from events.core.errors import Invalid


def change_profile(db: Session, actor: Actor, data: Profile) -> User:
    user = get_user(db, actor.id)
    authorize(policy.may_change, actor, user)
    user.name = data.name
    user.headline = data.headline or ""
    user.company = data.company or ""
    user.languages = " ".join(data.languages)
    user.zone = data.zone
    user.locale = data.locale
    announce(db, CompanyNamed(user.id))
    return user


def change_contact_details(db: Session, actor: Actor, data: ContactDetails) -> User:
    """Raises Invalid with the field for a bad phone number, meeting link or LinkedIn address."""
    user = get_user(db, actor.id)
    authorize(policy.may_change, actor, user)
    phone = parse_phone(data.phone, user.zone) if data.phone else ""
    if phone is None:
        raise Invalid(fields=[("phone", "bad_phone")])
    if data.meeting_link and not is_meeting_link(data.meeting_link):
        raise Invalid(fields=[("meeting_link", "bad_meeting_link")])
    linkedin = parse_linkedin(data.linkedin) if data.linkedin else ""
    if linkedin is None:
        raise Invalid(fields=[("linkedin", "bad_linkedin")])
    if data.shares_phone and not phone:
        raise Invalid(fields=[("phone", "missing")])
    user.phone = phone
    user.shares_phone = data.shares_phone
    user.linkedin = linkedin
    user.meeting_link = data.meeting_link or ""
    user.welcomes = data.welcomes
    db.flush()
    return user


def set_photo(db: Session, actor: Actor, name: str | None) -> str | None:
    """Set or (None) remove the photo; returns the previous file name, for deletion after commit."""
    user = get_user(db, actor.id)
    authorize(policy.may_change, actor, user)
    former, user.photo = user.photo, name
    return former


def choose_locale(db: Session, actor: Actor, locale: str) -> None:
    authorize(policy.is_signed_in, actor)
    get_user(db, actor.id).locale = locale


def choose_theme(db: Session, actor: Actor, theme: str) -> None:
    authorize(policy.is_signed_in, actor)
    get_user(db, actor.id).theme = theme


def allow_embed(db: Session, actor: Actor, origin: str, *, allowed: bool) -> None:
    """Give or withdraw consent to load players from `origin`."""
    authorize(policy.may_allow_embed, actor)
    user = get_user(db, actor.id)
    user.allowed_embeds = " ".join(with_embed(user.allowed_embeds.split(), origin, allowed=allowed))


def switch_mail(db: Session, actor: Actor, user_id: str, kind: str, *, on: bool) -> None:
    """Turn a kind of mail on or off. SYSTEM may do so for a mail's unsubscribe link."""
    authorize(policy.may_switch_mail, actor, get_user(db, user_id))
    if kind not in MAIL_KINDS:
        raise Invalid("bad_choice")
    query = select(MailChoice).where(MailChoice.user_id == user_id, MailChoice.kind == kind)
    if on:
        db.execute(delete(MailChoice).where(MailChoice.user_id == user_id, MailChoice.kind == kind))
    else:
        get_or_create(
            db,
            lambda: db.scalar(query),
            lambda: MailChoice(user_id=user_id, kind=kind, created_at=clock.now()),
        )


def block_person(db: Session, actor: Actor, user_id: str) -> None:
    """Idempotent and silent: the blocked person sees no difference."""
    authorize(policy.may_block, actor, user_id)
    get_user(db, user_id)
    same = select(Block).where(Block.blocker_id == actor.id, Block.blocked_id == user_id)
    get_or_create(
        db,
        lambda: db.scalar(same),
        lambda: Block(blocker_id=actor.id, blocked_id=user_id, created_at=clock.now()),
    )
    announce(db, PersonBlocked(actor.id, user_id))


def unblock_person(db: Session, actor: Actor, user_id: str) -> None:
    authorize(policy.may_block, actor, user_id)
    db.execute(delete(Block).where(Block.blocker_id == actor.id, Block.blocked_id == user_id))
