"""Signals of accounts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignUpRequested:
    """A sign-up form was sent; its link is not mailed yet."""

    pending_id: str


@dataclass(frozen=True)
class SignInLinkRequested:
    """A link was requested for an address, known or not. `browser` is the requesting browser's
    id."""

    email: str
    browser: str
    subject_id: str = ""


@dataclass(frozen=True)
class ConfirmationLinkIssued:
    """An unconfirmed person's key was issued and is to be mailed."""

    user_id: str
    key_id: str


@dataclass(frozen=True)
class SignInLinkIssued:
    user_id: str
    key_id: str


@dataclass(frozen=True)
class KeyUsed:
    """A one-use key was consumed; the feature that issued it acts on that."""

    key_id: str


@dataclass(frozen=True)
class PersonBlocked:
    """For the pages that the blocker has open; the blocked person is never told."""

    blocker_id: str
    blocked_id: str


@dataclass(frozen=True)
class CompanyNamed:
    """A person wrote which company is theirs, perhaps the same one."""

    user_id: str
