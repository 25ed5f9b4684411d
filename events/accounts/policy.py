"""Who may do what with an account. Visitors have rights too: to sign up and to use a key."""

from events.accounts.models import PersonalKey, User
from events.core.access import Actor


def may_sign_up(actor: Actor) -> bool:
    return not actor.is_signed_in()


def may_issue_keys(actor: Actor) -> bool:
    """Keys go into mails; only we put them there."""
    return actor.is_system()


def may_judge_addresses(actor: Actor) -> bool:
    """Whether mail arrives somewhere is learned from mail servers and from keys that were used."""
    return actor.is_system()


def may_use_key(actor: Actor, key: PersonalKey) -> bool:
    """Whoever holds the link, unless someone else is signed in here: that sign-in is kept."""
    return not actor.is_signed_in() or actor.person_id == key.user_id


def may_sign_in(actor: Actor, user: User) -> bool:
    """Only people whose address is proven, and never over someone else's sign-in."""
    return user.confirmed_at is not None and (not actor.is_signed_in() or actor.person_id == user.id)


def is_signed_in(actor: Actor) -> bool:
    return actor.is_signed_in()


def may_change(actor: Actor, user: User) -> bool:
    """One's own profile, sign-ins and choices, and only when signed in: a personal key never suffices."""
    return actor.is_signed_in() and actor.person_id == user.id


def may_choose_locale(actor: Actor) -> bool:
    """The language of the page is no secret setting: the holder of a key may turn it too."""
    return actor.person_id is not None


def may_switch_mail(actor: Actor, user: User) -> bool:
    return actor.is_system() or may_change(actor, user)


def may_block(actor: Actor, user_id: str) -> bool:
    return actor.is_signed_in() and actor.person_id != user_id
