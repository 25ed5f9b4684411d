"""Permissions of exports: those of the page that shows the same list."""

from events.circles import policy as circles
from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.registrations import policy as registrations


def may_export_people(actor: Actor, membership: Membership | None) -> bool:
    return circles.may_organise(actor, membership)


def may_export_registrations(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return registrations.may_see_list(actor, livestream, membership)
