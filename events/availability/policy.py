"""Access rules for claims, usual hours and calendars."""

from collections.abc import Collection

from events.core.auth.actor import Actor


def may_claim(actor: Actor, user_ids: Collection[str]) -> bool:
    """SYSTEM, or one of the people in the meeting."""
    return actor.is_system() or actor.person_id in user_ids


def may_release(actor: Actor, user_ids: Collection[str]) -> bool:
    """Releasing an empty claim is always allowed; otherwise only its participants may."""
    return actor.is_system() or not user_ids or actor.person_id in user_ids


def may_change_hours(actor: Actor) -> bool:
    """One's own, only when signed in; a personal key is not enough."""
    return actor.is_signed_in()


def may_request_refresh(actor: Actor) -> bool:
    """Also with a key: it reveals nothing."""
    return actor.person_id is not None


def may_read_calendars(actor: Actor) -> bool:
    """SYSTEM only: calendar URLs are secrets."""
    return actor.is_system()
