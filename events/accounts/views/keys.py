"""The links of our mails: some open a page, some are used once by pressing a button."""

from flask import flash, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts import actions, forms, policy, queries
from events.accounts.models import PersonalKey
from events.accounts.rules import PURPOSES, SESSION_PURPOSES
from events.accounts.views.entry import blueprint, enter, look_in_mail
from events.core import clock
from events.core.browser import browser_mark, limit_mail
from events.core.door import Door
from events.core.errors import NotFound
from events.core.rights import Who
from events.core.secrets import hash_password
from events.core.web import page

HOW = {"confirm": "confirmation", "sign_in": "link", "join": "invitation"}  # as a sign-in remembers it
BELOW = {
    "coffee",
    "guest",
    "check",
    "call",
    "outcome",
    "later",
    "place",
}  # pages below a key's page that a mail may name
ANSWERS = {"yes", "no"}  # buttons of a mail; the page asks for one more press


@page(blueprint, "/k/<key>", who=Who.TOKEN, methods=("GET", "POST"))
def open_key(door: Door, key: str) -> Response:
    """A link from a mail. Programs that look into mails follow links too, so GET uses nothing up."""
    door.limit_network("personal links", "120 per minute")
    found = queries.find_key(door.db, key)
    if found is None:
        return _no_such_key(door)
    another = door.actor.is_signed_in() and door.actor.person_id != found.user_id
    if found.purpose in SESSION_PURPOSES:
        return _go_where_it_leads(door, found, key, another=another)
    if not PURPOSES[found.purpose].once:
        return _no_such_key(door)
    if another:
        return door.render("accounts/another_key.html", key=found)
    if not policy.may_enter_by(door.actor, found, found.user, clock.now()):
        return _ask_to_sign_in(door, found, key)
    if found.purpose == "sign_in" and not _is_asked_here(found):
        return door.render("accounts/asked_elsewhere.html", key=found, secret=key)
    return _enter_by(door, found, key)


@page(blueprint, "/k/<key>/link", who=Who.TOKEN, methods=("POST",))
def mail_link(door: Door, key: str) -> Response:
    """Mail a short link to whom this key belongs to; it opens in this browser."""
    found = queries.find_key(door.db, key)
    if found is None or not PURPOSES[found.purpose].once:
        return _no_such_key(door)
    limit_mail(door, found.user.email, found.user_id)
    actions.ask_link_for_key(door.db, door.actor, found, browser_mark())
    path = queries.find_key_page(door.db, found) or session.get("next") or "/"
    return look_in_mail(door, "", "accounts.sign_in", path)


@page(blueprint, "/mail-me-a-link", who=Who.ANYONE, methods=("POST",))
def mail_link_to_myself(door: Door) -> Response:
    """For who came by a key and wants to sign in: nobody types an address that we know."""
    user = queries.get_user(door.db, door.actor.id)
    limit_mail(door, user.email, user.id)
    actions.ask_own_link(door.db, door.actor, browser_mark())
    return look_in_mail(door, "", "accounts.sign_in", "/")


@page(blueprint, "/leave-key", who=Who.ANYONE, methods=("POST",))
def leave_key(door: Door) -> Response:
    """Not you? From here on this browser is a visitor's again."""
    door.drop_keys()
    return door.go_path("/")


def _go_where_it_leads(door: Door, key: PersonalKey, secret: str, *, another: bool) -> Response:
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
    elif not door.posted and door.actor.person_id not in {None, key.user_id}:
        # Somebody else came here by a link before: a link that is merely opened does not take their place.
        return door.render("accounts/other_person.html", key=key, secret=secret)
    else:
        door.take_key(key.id)
    below = request.args.get("then", "")
    path = f"{path}/{below}" if below in BELOW else path
    answer = request.args.get("answer", "")
    return door.go_path(f"{path}?answer={answer}" if answer in ANSWERS else path)


def _ask_to_sign_in(door: Door, key: PersonalKey, secret: str) -> Response:
    """Somebody else decided to send this link, so it opens no account. Its owner has to sign in."""
    title, path = queries.find_key_title(door.db, key), queries.find_key_page(door.db, key)
    if key.purpose != "join" or title is None or path is None:
        return _no_such_key(door)
    return door.render("accounts/sign_in_first.html", key=key, secret=secret, title=title, path=path)


def _is_asked_here(key: PersonalKey) -> bool:
    return key.browser in {"", browser_mark()}


def _enter_by(door: Door, key: PersonalKey, secret: str) -> Response:
    """The button, and what pressing it does. A sign-up that is confirmed in another browser than the one it
    was typed in says so, and offers to choose the password here."""
    pending = queries.find_pending(door.db, key)
    here = pending is not None and key.browser == browser_mark()
    elsewhere = pending is not None and not here
    form = door.form(forms.UseKey)
    if form.data is None:
        title = queries.find_key_title(door.db, key)
        seen = {"key": key, "secret": secret, "title": title, "pending": pending, "elsewhere": elsewhere}
        return door.render("accounts/open_key.html", form=form, **seen)
    path = queries.find_key_page(door.db, key) or (pending.next if pending else "") or session.get("next")
    hashed = None
    if elsewhere and form.data.password:
        door.finish()
        hashed = hash_password(form.data.password)
    try:
        user = actions.use_key(door.db, door.actor, key)
    except NotFound:
        return _no_such_key(door)
    if pending is not None:
        zone = form.data.known_zone
        actions.complete_sign_up(door.db, door.actor, user, pending.id, here=here, zone=zone, hashed=hashed)
    if not door.actor.is_signed_in() or key.purpose == "sign_in":
        enter(door, user, HOW[key.purpose])
    return door.go_path(path or "/")


def _no_such_key(door: Door) -> Response:
    """Used, expired, revoked, never issued, its subject gone: one answer to all."""
    response = door.render("accounts/no_such_key.html")
    response.status_code = 404
    return response
