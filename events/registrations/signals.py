"""Signals of registrations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegistrationAdded:
    registration_id: str


@dataclass(frozen=True)
class RegistrationWithdrawn:
    registration_id: str


@dataclass(frozen=True)
class PlaceOffered:
    """The first in line has until `answer_by` to take the place that came free."""

    registration_id: str


@dataclass(frozen=True)
class LastPlacesCalled:
    """Offers are over: from now on a place goes to whoever is first."""

    registration_id: str


@dataclass(frozen=True)
class GuestLinkRequested:
    """A guest sent the form; the address is not looked up yet."""

    livestream_id: str
    name: str
    email: str
    locale: str
    inviter_id: str = ""  # the member whose own link was used


@dataclass(frozen=True)
class GuestLinkIssued:
    """A guest's key was issued and is to be mailed; using it registers the guest."""

    livestream_id: str
    user_id: str
    key_id: str
    inviter_id: str = ""  # the member whose own link was used
