"""Registry of endpoints: every page and frame with the access it requires. A test walks all of it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Access(StrEnum):
    """Minimum role of the actor, checked at the endpoint and again in the action."""

    ANYONE = "anyone"  # visitors too; queries decide which rows they see
    SIGNED_IN = "signed in"
    MEMBER = "member of the circle"
    ORGANISER = "organiser or owner of the circle"
    OWNER = "owner of the circle"
    PARTNER = "one of the people of this coffee"
    SELF = "the person it belongs to"
    TOKEN = "bearer of the secret in the address"  # noqa: S105 - a word, not a secret
    OPERATOR = "operator of the installation"
    DEVELOPMENT = "anyone, in development only"


@dataclass(frozen=True)
class Endpoint:
    """A declared page or frame. `keys` lists the personal keys that open it without a sign-in, by
    purpose and verb, as in `coffee:answer`.
    """

    name: str
    kind: str
    who: Access
    methods: tuple[str, ...] = ()
    keys: tuple[str, ...] = field(default_factory=tuple)
    rule: str = ""  # URL rule of a page
    rate: str | None = None  # rate limit per person, for pages that take POST

    @property
    def purposes(self) -> frozenset[str]:
        return frozenset(key.partition(":")[0] for key in self.keys)


MACHINE_PAGES = {
    "pages.health",
    "pages.ready",
    "pages.metrics",
}  # called by monitoring, so no cookie is read
endpoints: dict[str, Endpoint] = {}  # by kind and name, such as "page stage.show" and "frame chat.post"


def declare(endpoint: Endpoint) -> None:
    key = f"{endpoint.kind} {endpoint.name}"
    if endpoints.setdefault(key, endpoint) != endpoint:
        raise ValueError(f"the {key} is declared twice")


def check_keys(verbs: dict[str, tuple[str, ...]]) -> None:
    """Raise ValueError when an endpoint takes a key for a verb that its purpose does not have."""
    for name, endpoint in endpoints.items():
        for key in endpoint.keys:
            purpose, _, verb = key.partition(":")
            if verb not in verbs.get(purpose, ()):
                raise ValueError(f"the {name} takes {key!r}, which is no verb of that purpose")
