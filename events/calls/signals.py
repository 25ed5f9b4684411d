"""What happens in a call."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallEntered:
    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class CallReplaced:
    """The person went on in another tab; `tab` is the one that lost its place."""

    coffee_id: str
    tab: str


@dataclass(frozen=True)
class CallLeft:
    """`hung_up` when the person said so, and not merely lost the connection."""

    coffee_id: str
    user_id: str
    hung_up: bool = True


@dataclass(frozen=True)
class CallSignalled:
    """Something for the browser of the other. It carries its content, since nothing of a call is kept."""

    coffee_id: str
    tab: str
    epoch: int
    seat: int
    relay_only: bool
    content: dict[str, object]


@dataclass(frozen=True)
class PartnerAwaited:
    """Some are in the call, and minutes after the start others have not been there at all."""

    coffee_id: str
    absent_ids: tuple[str, ...]
    waiting_ids: tuple[str, ...]


@dataclass(frozen=True)
class PartnerStillAwaited:
    """The same, so long after the start that whoever waits may want to do something else."""

    coffee_id: str
    absent_ids: tuple[str, ...]
    waiting_ids: tuple[str, ...]


@dataclass(frozen=True)
class ExtensionRequested:
    """One of them would like ten minutes more; it is agreed once all who are there would."""

    coffee_id: str
    user_id: str


@dataclass(frozen=True)
class RelayMissed:
    """A browser in a call that needs a relay got none; all of them are asked what they would like."""

    coffee_id: str
