"""Who is asking: the actor that every action and query receives, and the one gate they pass."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from events.core.errors import Forbidden

TONES = 4


@dataclass(frozen=True)
class Actor:
    """Someone at a door. A key holder is a person who came through the link of one of our mails."""

    kind: Literal["person", "key", "visitor", "system"]
    person_id: str | None = None
    name: str = ""
    sign_in_id: str | None = None
    keys: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # (purpose, id of its subject)
    operator: bool = False
    locale: str | None = None
    zone: str | None = None
    photo_url: str | None = None
    allowed_embeds: tuple[str, ...] = ()  # origins of other sites whose players may load at once
    since: datetime | None = None  # when the account began

    @property
    def id(self) -> str:
        """The person's id; only for actors that are somebody."""
        if self.person_id is None:
            raise Forbidden
        return self.person_id

    @property
    def initial(self) -> str:
        return initial_of(self.name)

    @property
    def tone(self) -> int:
        return tone_of(self.person_id or "")

    def is_signed_in(self) -> bool:
        return self.kind == "person"

    def is_system(self) -> bool:
        return self.kind == "system"

    def reaches(self, purpose: str, subject_id: str) -> bool:
        """Whether this actor may act as the person there: always when signed in, else within the key."""
        return self.kind in {"person", "system"} or (purpose, subject_id) in self.keys

    # The four members that Flask-Login asks of its user; the id is that of the sign-in, not the person.
    is_active = True

    @property
    def is_authenticated(self) -> bool:
        return self.is_signed_in()

    @property
    def is_anonymous(self) -> bool:
        return not self.is_signed_in()

    def get_id(self) -> str | None:
        return self.sign_in_id


SYSTEM = Actor(kind="system", name="Ontmoet")
VISITOR = Actor(kind="visitor")


def initial_of(name: str) -> str:
    return name.strip()[:1].upper()


def tone_of(person_id: str) -> int:
    """One of four avatar colours, by hash of the person and not by meaning: 1 to 4."""
    return hashlib.sha256(person_id.encode()).digest()[0] % TONES + 1


def authorize(rule: Callable[..., bool], actor: Actor, *things: object) -> None:
    """Raise Forbidden unless the policy `rule(actor, *things)` allows it."""
    if not rule(actor, *things):
        raise Forbidden


Credentials = tuple[str | None, tuple[str, ...]]  # the id of a sign-in, the ids of personal keys
ActorLoader = Callable[[Session, str | None, tuple[str, ...]], Actor]
ActorsLoader = Callable[[Session, Collection[Credentials]], dict[Credentials, Actor]]


def _nobody(_db: Session, _sign_in_id: str | None, _key_ids: tuple[str, ...]) -> Actor:
    return VISITOR


_load: ActorLoader = _nobody
_load_many: ActorsLoader = lambda _db, asked: dict.fromkeys(asked, VISITOR)  # noqa: E731 - replaced at start


def set_loader(loader: ActorLoader, load_many: ActorsLoader) -> None:
    """`app.py` says who turns (sign-in id, ids of personal keys) into an actor, one or many at once."""
    global _load, _load_many
    _load, _load_many = loader, load_many


def load_actor(db: Session, sign_in_id: str | None, key_ids: tuple[str, ...] = ()) -> Actor:
    """The actor as the rows say now: a sign-in that ended or a key that was revoked no longer counts."""
    if sign_in_id is None and not key_ids:
        return VISITOR
    return _load(db, sign_in_id, key_ids)


def load_actors(db: Session, asked: Collection[Credentials]) -> dict[Credentials, Actor]:
    """The same for many sockets at once, in few queries."""
    return _load_many(db, asked)
