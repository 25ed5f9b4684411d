"""Actor: the authenticated person, key holder, visitor or system behind a request, and its
authorization.
"""

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
    """The one who acts. A key holder is a person who followed a personal link of one of our mails."""

    kind: Literal["person", "key", "visitor", "system"]
    person_id: str | None = None
    name: str = ""
    sign_in_id: str | None = None
    keys: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # (purpose, subject id)
    operator: bool = False
    locale: str | None = None
    zone: str | None = None
    photo_url: str | None = None
    allowed_embeds: tuple[str, ...] = ()  # origins whose video players load without asking
    since: datetime | None = None  # when the account was created

    @property
    def id(self) -> str:
        """The person's id. Raises Forbidden for visitors and SYSTEM."""
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
        """Whether this actor may act as the person for this subject: signed in, or with a key for
        it.
        """
        return self.kind in {"person", "system"} or (purpose, subject_id) in self.keys

    # Interface of Flask-Login; the id is that of the sign-in, not of the person.
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
    """Avatar colour 1 to 4, by hash of the person's id."""
    return hashlib.sha256(person_id.encode()).digest()[0] % TONES + 1


def authorize(rule: Callable[..., bool], actor: Actor, *things: object) -> None:
    """Raise Forbidden unless the policy `rule(actor, *things)` returns True."""
    if not rule(actor, *things):
        raise Forbidden


Credentials = tuple[str | None, tuple[str, ...]]  # sign-in id, ids of personal keys
ActorLoader = Callable[[Session, str | None, tuple[str, ...]], Actor]
ActorsLoader = Callable[[Session, Collection[Credentials]], dict[Credentials, Actor]]


def _load_visitor(_db: Session, _sign_in_id: str | None, _key_ids: tuple[str, ...]) -> Actor:
    return VISITOR


def _load_visitors(_db: Session, asked: Collection[Credentials]) -> dict[Credentials, Actor]:
    return dict.fromkeys(asked, VISITOR)


@dataclass(slots=True)
class ActorLoaders:
    """Registered by the feature that has the tables; until then everybody is a visitor."""

    one: ActorLoader = _load_visitor
    many: ActorsLoader = _load_visitors


_loaders = ActorLoaders()


def register_loaders(one: ActorLoader, many: ActorsLoader) -> None:
    """Register the functions that load actors from credentials, one or many at once."""
    _loaders.one, _loaders.many = one, many


def load_actor(db: Session, sign_in_id: str | None, key_ids: tuple[str, ...] = ()) -> Actor:
    """Load the actor from the database: an ended sign-in or a revoked key no longer counts."""
    if sign_in_id is None and not key_ids:
        return VISITOR
    return _loaders.one(db, sign_in_id, key_ids)


def load_actors(db: Session, asked: Collection[Credentials]) -> dict[Credentials, Actor]:
    """Load many actors at once, in few queries."""
    return _loaders.many(db, asked)
