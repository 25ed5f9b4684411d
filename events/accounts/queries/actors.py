"""Queries that load the actor for the credentials of a page or socket, singly or in bulk."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from events.accounts.models import PersonalKey, SignIn, photo_url_of
from events.accounts.rules import SESSION_PURPOSES
from events.core import clock
from events.core.auth.actor import VISITOR, Actor, Credentials
from events.core.db.session import Base

_SIGN_IN = (  # compiled once: runs for every page and every second of frames
    select(SignIn).options(joinedload(SignIn.user)).where(SignIn.id == bindparam("id"))
)
_sign_ins, _users = Base.metadata.tables["sign_in"], Base.metadata.tables["user"]
_SIGNED_IN = (  # without objects: thousands of sockets may connect at once, and each frame may ask
    select(
        _sign_ins.c.id.label("sign_in_id"),
        _users.c.id,
        _users.c.name,
        _users.c.is_operator,
        _users.c.locale,
        _users.c.zone,
        _users.c.photo,
        _users.c.allowed_embeds,
        _users.c.created_at,
    )
    .join(_users, _users.c.id == _sign_ins.c.user_id)
    .where(_sign_ins.c.ended_at.is_(None), _sign_ins.c.expires_at > bindparam("moment"))
)
_SIGN_INS = _SIGNED_IN.where(_sign_ins.c.id.in_(bindparam("ids", expanding=True)))
_ONE_SIGN_IN = _SIGNED_IN.where(_sign_ins.c.id == bindparam("id_"))  # compiled once, unlike a list


def load_actor(db: Session, sign_in_id: str | None, key_ids: tuple[str, ...]) -> Actor:
    """A valid sign-in decides; else the person of the newest valid key, limited to that key."""
    keys = _valid_keys(db, key_ids)
    sign_in = db.scalar(_SIGN_IN, {"id": sign_in_id}) if sign_in_id is not None else None
    db.info["sign_in"] = sign_in  # a session holds objects weakly; `update_last_seen` reuses this one
    if sign_in is not None and sign_in.ended_at is None and sign_in.expires_at > clock.now():
        return _actor_of(sign_in.user, keys, sign_in_id=sign_in.id)
    if keys:
        return _actor_of(keys[0].user, keys)
    return VISITOR


def load_actors(db: Session, asked: Collection[Credentials]) -> dict[Credentials, Actor]:
    """`load_actor` in bulk: one query for all credentials with a sign-in and no keys."""
    ids = [sign_in_id for sign_in_id, key_ids in asked if sign_in_id is not None and not key_ids]
    signed_in = {row.sign_in_id: row for row in _signed_in(db, ids)}
    found = {}
    for sign_in_id, key_ids in asked:
        if key_ids:
            found[sign_in_id, key_ids] = load_actor(db, sign_in_id, key_ids)
        elif sign_in_id in signed_in:
            found[sign_in_id, key_ids] = _actor_of(signed_in[sign_in_id], [], sign_in_id=sign_in_id)
        else:
            found[sign_in_id, key_ids] = VISITOR
    return found


def _signed_in(db: Session, ids: list[str]) -> Iterable[Any]:
    if not ids:
        return ()
    if len(ids) == 1:
        return db.execute(_ONE_SIGN_IN, {"id_": ids[0], "moment": clock.now()})
    return db.execute(_SIGN_INS, {"ids": ids, "moment": clock.now()})


def is_valid(key: PersonalKey) -> bool:
    """Unused, unrevoked, unexpired and of its person's current epoch (mail-switch keys: any
    epoch)."""
    current = key.purpose == "mails" or key.epoch == key.user.key_epoch
    return current and key.revoked_at is None and key.used_at is None and key.expires_at > clock.now()


def _valid_keys(db: Session, key_ids: tuple[str, ...]) -> list[PersonalKey]:
    """Only keys of the newest key's person: the last opened link decides who a browser is."""
    if not key_ids:
        return []
    query = select(PersonalKey).options(joinedload(PersonalKey.user)).where(PersonalKey.id.in_(key_ids))
    found = {key.id: key for key in db.scalars(query)}
    valid = [
        found[key_id]
        for key_id in key_ids
        if key_id in found and is_valid(found[key_id]) and found[key_id].purpose in SESSION_PURPOSES
    ]
    return [key for key in valid if key.user_id == valid[0].user_id]


def _actor_of(user: Any, keys: list[PersonalKey], *, sign_in_id: str | None = None) -> Actor:
    own = frozenset((key.purpose, key.subject_id) for key in keys if key.user_id == user.id)
    return Actor(
        kind="person" if sign_in_id else "key",
        person_id=user.id,
        name=user.name,
        sign_in_id=sign_in_id,
        keys=own,
        operator=user.is_operator and sign_in_id is not None,
        locale=user.locale,
        zone=user.zone,
        photo_url=photo_url_of(user.photo),
        allowed_embeds=tuple(user.allowed_embeds.split()),
        since=user.created_at,
    )
