"""What happens to places."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceTaken:
    registration_id: str


@dataclass(frozen=True)
class PlaceGivenUp:
    registration_id: str


@dataclass(frozen=True)
class GuestLinkAsked:
    """A guest filled in name and address; who that is has not been looked up."""

    livestream_id: str
    name: str
    email: str
    locale: str


@dataclass(frozen=True)
class GuestAsked:
    """A guest's key was issued and is to be mailed; the place is theirs once the link in the mail is used."""

    livestream_id: str
    user_id: str
    key_id: str
