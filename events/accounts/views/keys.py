"""The links of our mails: some open a page, some are used once by pressing a button."""

from flask import flash, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts import actions, queries
from events.accounts.models import PersonalKey
from events.accounts.views.entry import PENDING, blueprint, enter
from events.core.door import Door
from events.core.errors import NotFound
from events.core.rights import Who
from events.core.web import page

USED_ONCE = {"confirm": "confirmation", "sign_in": "link", "join": "invitation"}
BELOW = {
    "coffee",
    "guest",
    "check",
    "call",
    "outcome",
    "later",
}  # pages below a key's page that a mail may name


@page(blueprint, "/k/<key>", who=Who.TOKEN, methods=("GET", "POST"))
def open_key(door: Door, key: str) -> Response:
    """A link from a mail. Programs that look into mails follow links too, so GET uses nothing up."""
    door.limit_network("personal links", "120 per minute")
    found = queries.find_key(door.db, key)
    if found is None:
        return _no_such_key(door)
    another = door.actor.is_signed_in() and door.actor.person_id != found.user_id
    if found.purpose in queries.SESSION_PURPOSES:
        return _go_where_it_leads(door, found, another=another)
    if found.purpose not in USED_ONCE:
        return _no_such_key(door)
    if another or not door.posted:
        title = queries.find_key_title(door.db, found)
        return door.render("accounts/open_key.html", key=found, secret=key, another=another, title=title)
    return _use(door, found)


@page(blueprint, "/leave-key", who=Who.ANYONE, methods=("POST",))
def leave_key(door: Door) -> Response:
    """Not you? From here on this browser is a visitor's again."""
    door.drop_keys()
    return door.go_path("/")


def _go_where_it_leads(door: Door, key: PersonalKey, *, another: bool) -> Response:
    path = queries.find_key_page(door.db, key)
    if path is None:
        return _no_such_key(door)
    if another:
        flash(
            _(
                "You are signed in as %(name)s; this link is %(other)s's.",
                name=door.actor.name,
                other=key.user.name,
            ),
            "notice",
        )
    else:
        door.take_key(key.id)
    below = request.args.get("then", "")
    return door.go_path(f"{path}/{below}" if below in BELOW else path)


def _use(door: Door, key: PersonalKey) -> Response:
    path = queries.find_key_page(door.db, key) or session.get("next")
    pending = session.get(PENDING)
    first = key.user.confirmed_at is None
    try:
        user = actions.use_key(door.db, door.actor, key)
    except NotFound:
        return _no_such_key(door)
    if first and pending is not None and pending[0] == user.email:
        _email, name, zone, hashed = pending
        actions.complete_sign_up(door.db, door.actor, user, name=name, zone=zone, hashed=hashed)
    enter(door, user, USED_ONCE[key.purpose])
    return door.go_path(path or "/")


def _no_such_key(door: Door) -> Response:
    """Used, expired, revoked, never issued, its subject gone: one answer to all."""
    response = door.render("accounts/no_such_key.html")
    response.status_code = 404
    return response
