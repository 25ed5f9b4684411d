"""Access rules for accounts, including what visitors may do: sign up and use a key."""

from datetime import datetime

from events.accounts.models import PersonalKey, SignIn, User
from events.accounts.rules import MAILBOX_PROOFS, PROOF_LIFETIME, PURPOSES
from events.core.auth.actor import Actor


def may_sign_up(actor: Actor) -> bool:
    return not actor.is_signed_in()


def may_issue_keys(actor: Actor) -> bool:
    """SYSTEM only: keys go into mails."""
    return actor.is_system()


def may_record_bounces(actor: Actor) -> bool:
    """SYSTEM only: bounces come from mail servers, recoveries from used keys."""
    return actor.is_system()


def may_use_key(actor: Actor, key: PersonalKey) -> bool:
    """Anyone with the link, unless another person is signed in: that sign-in is kept."""
    return not actor.is_signed_in() or actor.person_id == key.user_id


def may_request_own_link(actor: Actor, user: User) -> bool:
    """Also with a key: the link goes to the person's mailbox and reveals nothing in this
    browser."""
    return actor.person_id == user.id


def may_sign_in_by_key(actor: Actor, key: PersonalKey, user: User, moment: datetime) -> bool:
    """Whether this key may sign its bearer in.

    A confirmed account is entered only by a link requested in a sign-in form. A key that others
    caused to be sent signs in to an account that was never confirmed, for `enters_for` after issue.
    """
    purpose = PURPOSES[key.purpose]
    if actor.is_signed_in() and actor.person_id == user.id:
        return purpose.once
    if user.confirmed_at is not None:
        return purpose.enters == "anyone"
    return purpose.once and moment < key.created_at + purpose.enters_for


def may_sign_in(actor: Actor, user: User) -> bool:
    """Only people with a confirmed address, and never over another person's sign-in."""
    return user.confirmed_at is not None and (not actor.is_signed_in() or actor.person_id == user.id)


def is_signed_in(actor: Actor) -> bool:
    return actor.is_signed_in()


def may_change(actor: Actor, user: User) -> bool:
    """One's own account, only when signed in; a personal key is not enough."""
    return actor.is_signed_in() and actor.person_id == user.id


def may_set_first_password(actor: Actor, sign_in: SignIn | None, moment: datetime) -> bool:
    """Only soon after a link from one's own mailbox; an unattended browser proves nothing."""
    if sign_in is None or sign_in.id != actor.sign_in_id or sign_in.how not in MAILBOX_PROOFS:
        return False
    return moment - sign_in.created_at <= PROOF_LIFETIME


def may_allow_embed(actor: Actor) -> bool:
    """Also with a key: watching from a mail's link includes loading the player."""
    return actor.person_id is not None


def may_switch_mail(actor: Actor, user: User) -> bool:
    return actor.is_system() or may_change(actor, user)


def may_block(actor: Actor, user_id: str) -> bool:
    return actor.is_signed_in() and actor.person_id != user_id
