"""Signals of circles and memberships."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CircleRequested:
    """A visitor requested a circle; the address is not looked up yet."""

    circle: str
    name: str
    email: str
    zone: str
    locale: str
    browser: str


@dataclass(frozen=True)
class MemberInvited:
    invitation_id: str


@dataclass(frozen=True)
class MembershipStarted:
    membership_id: str


@dataclass(frozen=True)
class MembershipEnded:
    circle_id: str
    user_id: str


@dataclass(frozen=True)
class JoinRequested:
    join_request_id: str


@dataclass(frozen=True)
class JoinDecided:
    join_request_id: str
