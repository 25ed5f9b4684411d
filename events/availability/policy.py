"""Who may take and give back time, and tell when they are free."""

from collections.abc import Collection

from events.core.auth.actor import Actor


def may_claim(actor: Actor, user_ids: Collection[str]) -> bool:
    """We may; a person only for a meeting of which they are part."""
    return actor.is_system() or actor.person_id in user_ids


def may_release(actor: Actor, user_ids: Collection[str]) -> bool:
    """Nothing held is nobody's loss; otherwise one of those whose time it was."""
    return actor.is_system() or not user_ids or actor.person_id in user_ids


def may_change_hours(actor: Actor) -> bool:
    """One's own week, and only when signed in: a personal key never suffices."""
    return actor.is_signed_in()


def may_request_refresh(actor: Actor) -> bool:
    """Whoever answers for themselves, through a personal key as well: it tells them nothing."""
    return actor.person_id is not None


def may_read_calendars(actor: Actor) -> bool:
    """Addresses of calendars are opened by us alone, to read them."""
    return actor.is_system()
