"""Signals of calls."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallEntered:
    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CallReplaced:
    """The person entered from another tab; `tab` is the replaced socket."""

    coffee_id: str
    tab: str


@dataclass(frozen=True)
class CallLeft:
    """`hung_up` is False when only the connection was lost."""

    coffee_id: str
    user_id: str
    hung_up: bool = True


@dataclass(frozen=True)
class CallSignalled:
    """Carries its content, since signalling is not stored."""

    coffee_id: str
    tab: str
    epoch: int
    seat: int
    relay_only: bool
    content: dict[str, object]


@dataclass(frozen=True)
class PartnerAwaited:
    """NOTIFY_ABSENT_AFTER the start some are in the call and others never were."""

    coffee_id: str
    absent_ids: tuple[str, ...]
    waiting_ids: tuple[str, ...]


@dataclass(frozen=True)
class PartnerStillAwaited:
    """The same after OFFER_ALTERNATIVE_AFTER."""

    coffee_id: str
    absent_ids: tuple[str, ...]
    waiting_ids: tuple[str, ...]


@dataclass(frozen=True)
class ExtensionRequested:
    """Agreed once everyone present asked for it."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class RelayMissed:
    """A browser that needs a relay got none; everyone is asked for consent to connect directly."""

    coffee_id: str
