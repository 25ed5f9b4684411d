"""What happens to places."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegistrationAdded:
    registration_id: str


@dataclass(frozen=True)
class RegistrationWithdrawn:
    registration_id: str


@dataclass(frozen=True)
class GuestLinkRequested:
    """A guest filled in name and address; who that is has not been looked up."""

    livestream_id: str
    name: str
    email: str
    locale: str


@dataclass(frozen=True)
class GuestLinkIssued:
    """A guest's key was issued and is to be mailed; the place is theirs once the link in the mail is used."""

    livestream_id: str
    user_id: str
    key_id: str
