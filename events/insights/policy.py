"""Permissions of reports: the team of the livestream or the organisers of the circle."""

from events.circles import policy as circles
from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams import policy as livestreams
from events.livestreams.models import Livestream


def may_read_report(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return livestreams.may_direct(actor, livestream, membership)


def may_read_circle_report(actor: Actor, membership: Membership | None) -> bool:
    return circles.may_organise(actor, membership)


def may_set_goal(actor: Actor, membership: Membership | None) -> bool:
    return circles.may_organise(actor, membership)
