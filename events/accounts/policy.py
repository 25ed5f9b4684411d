"""Who may do what with an account. Visitors have rights too: to sign up and to use a key."""

from datetime import datetime

from events.accounts.models import PersonalKey, SignIn, User
from events.accounts.rules import MAILBOX_PROOFS, PROOF_LIFETIME, PURPOSES
from events.core.auth.actor import Actor


def may_sign_up(actor: Actor) -> bool:
    return not actor.is_signed_in()


def may_issue_keys(actor: Actor) -> bool:
    """Keys go into mails; only we put them there."""
    return actor.is_system()


def may_record_bounces(actor: Actor) -> bool:
    """Whether mail arrives somewhere is learned from mail servers and from keys that were used."""
    return actor.is_system()


def may_use_key(actor: Actor, key: PersonalKey) -> bool:
    """Whoever holds the link, unless someone else is signed in here: that sign-in is kept."""
    return not actor.is_signed_in() or actor.person_id == key.user_id


def may_request_own_link(actor: Actor, user: User) -> bool:
    """A link to oneself, also for who came by a key: it goes to the mailbox and shows nothing here."""
    return actor.person_id == user.id


def may_sign_in_by_key(actor: Actor, key: PersonalKey, user: User, moment: datetime) -> bool:
    """Whether using this key may let its bearer in.

    Only a link asked for by somebody at the door enters a confirmed account. What others decide to send, and
    when, enters an address that was never confirmed, and that only while the mail is fresh.
    """
    purpose = PURPOSES[key.purpose]
    if actor.is_signed_in() and actor.person_id == user.id:
        return purpose.once
    if user.confirmed_at is not None:
        return purpose.enters == "anyone"
    return purpose.once and moment < key.created_at + purpose.enters_for


def may_sign_in(actor: Actor, user: User) -> bool:
    """Only people whose address is proven, and never over someone else's sign-in."""
    return user.confirmed_at is not None and (not actor.is_signed_in() or actor.person_id == user.id)


def is_signed_in(actor: Actor) -> bool:
    return actor.is_signed_in()


def may_change(actor: Actor, user: User) -> bool:
    """One's own profile, sign-ins and choices, and only when signed in: a personal key never suffices."""
    return actor.is_signed_in() and actor.person_id == user.id


def may_set_first_password(actor: Actor, sign_in: SignIn | None, moment: datetime) -> bool:
    """Only right after a link from one's own mailbox: a browser left open is no proof of an address."""
    if sign_in is None or sign_in.id != actor.sign_in_id or sign_in.how not in MAILBOX_PROOFS:
        return False
    return moment - sign_in.created_at <= PROOF_LIFETIME


def may_allow_embed(actor: Actor) -> bool:
    """Watching by the link of a mail includes letting the player in."""
    return actor.person_id is not None


def may_switch_mail(actor: Actor, user: User) -> bool:
    return actor.is_system() or may_change(actor, user)


def may_block(actor: Actor, user_id: str) -> bool:
    return actor.is_signed_in() and actor.person_id != user_id
