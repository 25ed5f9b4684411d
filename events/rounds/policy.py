"""Who may say yes to a round, run it, and see how it goes."""

from events.circles.models import Membership
from events.circles.policy import may_organise
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.rounds.models import Round


def may_run(actor: Actor) -> bool:
    """Rounds open, are matched and repaired by themselves."""
    return actor.is_system()


def may_direct(actor: Actor, membership: Membership | None) -> bool:
    """See how a round goes and close it: organisers, signed in."""
    return may_organise(actor, membership)


def may_opt_in(actor: Actor, livestream: Livestream, membership: Membership | None, was_there: bool) -> bool:
    """Members, and guests who had a place or were there; signed in, or by the key of its mail."""
    if actor.person_id is None or not actor.reaches("livestream", livestream.id):
        return False
    return membership is not None or was_there or ("livestream", livestream.id) in actor.keys


def may_join(actor: Actor, round_: Round, membership: Membership | None) -> bool:
    """Say yes to a round without a livestream: members, signed in or by the key of its mail."""
    return round_.livestream_id is None and membership is not None and actor.reaches("round", round_.id)


def may_set_preference(actor: Actor, membership: Membership | None) -> bool:
    """Say how one stands towards a circle's rounds, and whom one keeps apart from: for oneself, signed in."""
    return actor.is_signed_in() and membership is not None


def may_come_back(actor: Actor, circle_id: str, membership: Membership | None) -> bool:
    """End one's own pause; the key of the mail that told of it is enough."""
    return membership is not None and actor.reaches("pause", circle_id)
