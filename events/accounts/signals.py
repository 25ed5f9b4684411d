"""What happens to people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignUpRequested:
    """Somebody typed a name and an address; the link is still to be mailed."""

    pending_id: str


@dataclass(frozen=True)
class SignInLinkRequested:
    """A sign-in link was asked for an address, known or not, in the browser with this mark."""

    email: str
    browser: str
    subject_id: str = ""


@dataclass(frozen=True)
class ConfirmationLinkIssued:
    """Someone wants an account; the address is to be confirmed by a link."""

    user_id: str
    key_id: str


@dataclass(frozen=True)
class SignInLinkIssued:
    user_id: str
    key_id: str


@dataclass(frozen=True)
class SignInEnded:
    sign_in_id: str


@dataclass(frozen=True)
class ProfileChanged:
    user_id: str


@dataclass(frozen=True)
class KeyUsed:
    """A one-use key did its work; whoever gave it a subject acts on that."""

    key_id: str


@dataclass(frozen=True)
class PasswordChanged:
    user_id: str
