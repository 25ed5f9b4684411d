"""Badges of coffee statuses: label, colour and icon of each, for pages of every feature."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import lazy_pgettext

from events.coffees.status import CoffeeStatus


class Badge(NamedTuple):
    """`kind` is the end of the class `badge-…`; without an icon the badge has none."""

    label: Any  # translated when it is shown
    kind: str = ""
    icon: str | None = None


BADGES: Mapping[CoffeeStatus, Badge] = {
    CoffeeStatus.PROPOSED: Badge(lazy_pgettext("coffee", "Proposal"), "open"),
    CoffeeStatus.ACCEPTED: Badge(lazy_pgettext("coffee", "You said yes"), "in", "check"),
    CoffeeStatus.OWN_DECLINE: Badge(lazy_pgettext("coffee", "Not happening")),
    CoffeeStatus.CONFIRMED: Badge(lazy_pgettext("coffee", "Confirmed"), "confirmed", "check"),
    CoffeeStatus.OVER: Badge(lazy_pgettext("coffee", "Over")),
    CoffeeStatus.UNREPORTED: Badge(lazy_pgettext("coffee", "Unknown")),
    CoffeeStatus.MET: Badge(lazy_pgettext("coffee", "Met")),
    CoffeeStatus.MISSED: Badge(lazy_pgettext("coffee", "Didn't happen"), "notice", "circle-alert"),
    CoffeeStatus.DECLINED: Badge(lazy_pgettext("coffee", "Not happening")),
    CoffeeStatus.CANCELLED: Badge(lazy_pgettext("coffee", "Called off"), "notice", "x"),
    CoffeeStatus.EXPIRED: Badge(lazy_pgettext("coffee", "Expired")),
}
