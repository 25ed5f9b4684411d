"""Access rules for livestreams: planning, directing, seeing and taking part."""

from events.circles.models import Membership
from events.circles.policy import may_organise, organises
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream


def may_plan(actor: Actor, membership: Membership | None) -> bool:
    """Organisers, signed in."""
    return may_organise(actor, membership)


def may_direct(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Organisers and the host, signed in; a personal key is not enough."""
    if actor.is_system():
        return True
    hosts = membership is not None and livestream.host_id == actor.person_id
    return actor.is_signed_in() and (hosts or organises(membership))


def may_change_all(actor: Actor, _livestream: Livestream, membership: Membership | None) -> bool:
    """Organisers: a change to several evenings of a series. Its host may change the one they host."""
    return may_organise(actor, membership)


def may_see(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Published: everyone if public, else members and key holders. Before: directors only."""
    if may_direct(actor, livestream, membership):
        return True
    if livestream.published_at is None:
        return False
    return livestream.audience == "public" or _belongs(actor, livestream, membership)


def may_be_shared(livestream: Livestream) -> bool:
    """Whether its link shows anyone what it is: title, circle, date and cover, and nothing else."""
    shown = livestream.audience == "public" or livestream.circle.links_shown
    return livestream.published_at is not None and shown


def may_take_part(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Attend, chat, ask: members, key holders, and anyone signed in if it is public."""
    if actor.is_system():
        return True
    if actor.person_id is None or not may_see(actor, livestream, membership):
        return False
    return _belongs(actor, livestream, membership) or actor.is_signed_in()


def may_transition_automatically(actor: Actor) -> bool:
    """SYSTEM only: transitions made by jobs and recordings."""
    return actor.is_system()


def _belongs(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    if ("livestream", livestream.id) in actor.keys:
        return True
    return membership is not None and actor.reaches("livestream", livestream.id)
