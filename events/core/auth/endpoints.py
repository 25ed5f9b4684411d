"""The registry of doors: every page and every frame, with who may pass. A test walks all of it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Access(StrEnum):
    """The least an actor must be, as declared at the door and enforced again in the action."""

    ANYONE = "anyone"  # also visitors; what they see is decided by the row
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
    """One declared door. `keys` names what opens it without a sign-in: personal keys by purpose and verb, as
    in `coffee:answer`."""

    name: str
    kind: str
    who: Access
    methods: tuple[str, ...] = ()
    keys: tuple[str, ...] = field(default_factory=tuple)
    rule: str = ""  # the address of a page
    rate: str | None = None  # how often one person may send it, for a page that takes POST

    @property
    def purposes(self) -> frozenset[str]:
        """The purposes of the keys that open this door."""
        return frozenset(key.partition(":")[0] for key in self.keys)


MACHINE_PAGES = {
    "pages.health",
    "pages.ready",
    "pages.metrics",
}  # who asks them is nobody; a cookie is not read
endpoints: dict[str, Endpoint] = {}  # by kind and name, such as "page stage.show" and "frame chat.post"


def declare(door: Endpoint) -> None:
    key = f"{door.kind} {door.name}"
    if endpoints.setdefault(key, door) != door:
        raise ValueError(f"the {key} is declared twice")


def check_keys(verbs: dict[str, tuple[str, ...]]) -> None:
    """Refuse to start when a door takes a key for a verb that its purpose does not have."""
    for name, door in endpoints.items():
        for key in door.keys:
            purpose, _, verb = key.partition(":")
            if verb not in verbs.get(purpose, ()):
                raise ValueError(f"the {name} takes {key!r}, which is no verb of that purpose")
