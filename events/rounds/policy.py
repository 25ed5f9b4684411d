"""Access rules of rounds."""

from events.circles.models import Membership
from events.circles.policy import may_organise
from events.coffees import policy as coffees_policy
from events.coffees.models import Coffee
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.rounds.models import Round


def may_run(actor: Actor) -> bool:
    """Rounds are opened, matched and repaired by SYSTEM only."""
    return actor.is_system()


def may_direct(actor: Actor, membership: Membership | None) -> bool:
    return may_organise(actor, membership)


def may_opt_in(actor: Actor, livestream: Livestream, membership: Membership | None, was_there: bool) -> bool:
    """Members, and guests who registered or attended; signed in or by the key of the round's mail."""
    if actor.person_id is None or not actor.reaches("livestream", livestream.id):
        return False
    return membership is not None or was_there or ("livestream", livestream.id) in actor.keys


def may_join(actor: Actor, round_: Round, membership: Membership | None) -> bool:
    """Members, signed in or by the key of the round's mail; only rounds without a livestream."""
    return round_.livestream_id is None and membership is not None and actor.reaches("round", round_.id)


def may_rejoin(actor: Actor, coffee: Coffee, there: bool) -> bool:
    """After a coffee of the round: its people who still belong there, by the key of its mail too."""
    return there and coffees_policy.may_answer(actor, coffee)


def may_take_time(actor: Actor, round_: Round, belongs: bool) -> bool:
    """The one more time: who belongs to the round, by the key of its mail too."""
    return belongs and actor.person_id is not None and actor.reaches("round", round_.id)


def may_set_preference(actor: Actor, membership: Membership | None) -> bool:
    """Own preferences and exclusions, signed in: a key from a mail is not enough."""
    return actor.is_signed_in() and membership is not None


def may_come_back(actor: Actor, circle_id: str, membership: Membership | None) -> bool:
    """A key from the mail about the pause is enough."""
    return membership is not None and actor.reaches("pause", circle_id)
