"""Pages behind the links in mails: some open a page, some are used once by a button."""

import re

from flask import flash, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts import forms, policy
from events.accounts.actions import keys, links
from events.accounts.models import PersonalKey
from events.accounts.queries import people
from events.accounts.rules import PURPOSES, SESSION_PURPOSES
from events.accounts.views.sign_in import blueprint, redirect_to_check_mail, start_session
from events.core import clock
from events.core.auth.crypto import hash_password
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.web.browser_id import browser_mark, limit_mail
from events.core.web.pages import page
from events.core.web.request import PageRequest

SIGN_IN_METHODS = {
    "confirm": "confirmation",
    "sign_in": "link",
    "join": "invitation",
}  # key purpose -> `SignIn.how`
BELOW = {
    "coffee",
    "guest",
    "check",
    "call",
    "outcome",
    "later",
    "messages",
    "place",
    "join",
    "one-more-time",
}  # subpages of a key's page that a mail may link to
MOMENT = re.compile(r"[0-9]{1,6}")  # a second of the recording, after `t=`
ANSWER_BUTTONS = {"yes", "no"}  # buttons in a mail; the page asks for confirmation


@page(blueprint, "/k/<key>", who=Access.TOKEN, methods=("GET", "POST"))
def open_key(req: PageRequest, key: str) -> Response:
    """A GET consumes nothing, since mail scanners follow links too."""
    req.limit_network("personal links", "120 per minute")
    found = people.find_key(req.db, key)
    if found is None:
        return _invalid_link(req)
    another = req.actor.is_signed_in() and req.actor.person_id != found.user_id
    if found.purpose in SESSION_PURPOSES:
        return _redirect_to_subject(req, found, key, another=another)
    if not PURPOSES[found.purpose].once:
        return _invalid_link(req)
    if another:
        return req.render("accounts/another_key.html", key=found)
    if not policy.may_sign_in_by_key(req.actor, found, found.user, clock.now()):
        return _require_sign_in(req, found, key)
    if found.purpose == "sign_in" and not _was_requested_here(found):
        return req.render("accounts/asked_elsewhere.html", key=found, secret=key)
    return _confirm(req, found, key)


@page(blueprint, "/k/<key>/link", who=Access.TOKEN, methods=("POST",))
def mail_link(req: PageRequest, key: str) -> Response:
    """Mail a short-lived link to the key's person; it works in this browser."""
    found = people.find_key(req.db, key)
    if found is None or not PURPOSES[found.purpose].once:
        return _invalid_link(req)
    limit_mail(req, found.user.email, found.user_id)
    links.request_link_for_key(req.db, req.actor, found, browser_mark())
    path = people.find_key_page(req.db, found) or session.get("next") or "/"
    return redirect_to_check_mail(req, "", "accounts.sign_in", path)


@page(blueprint, "/mail-me-a-link", who=Access.ANYONE, methods=("POST",))
def mail_link_to_myself(req: PageRequest) -> Response:
    """Mail a sign-in link to a key holder, without typing the address."""
    user = people.get_user(req.db, req.actor.id)
    limit_mail(req, user.email, user.id)
    links.request_own_link(req.db, req.actor, browser_mark())
    return redirect_to_check_mail(req, "", "accounts.sign_in", "/")


@page(blueprint, "/leave-key", who=Access.ANYONE, methods=("POST",))
def leave_key(req: PageRequest) -> Response:
    """Drop the keys of this browser, so that it is a visitor's again."""
    req.drop_keys()
    return req.go_path("/")


def _redirect_to_subject(req: PageRequest, key: PersonalKey, secret: str, *, another: bool) -> Response:
    path = people.find_key_page(req.db, key)
    if path is None:
        return _invalid_link(req)
    if another:
        flash(
            _(
                "You are signed in as %(name)s; this link is %(other)s's.",
                name=req.actor.name,
                other=key.user.name,
            ),
            "notice",
        )
    elif not req.posted and req.actor.person_id not in {None, key.user_id}:
        # Opening a link does not replace the key of another person in this browser.
        return req.render("accounts/other_person.html", key=key, secret=secret)
    else:
        req.take_key(key.id)
    below = request.args.get("then", "")
    path = f"{path}/{below}" if below in BELOW else path
    answer, second = request.args.get("answer", ""), request.args.get("t", "")
    if answer in ANSWER_BUTTONS:
        return req.go_path(f"{path}?answer={answer}")
    # A moment of the recording; pages without one ignore it.
    return req.go_path(f"{path}?t={second}" if MOMENT.fullmatch(second) else path)


def _require_sign_in(req: PageRequest, key: PersonalKey, secret: str) -> Response:
    """Others decide when this key is sent, so it cannot sign in; its owner must."""
    title, path = people.find_key_title(req.db, key), people.find_key_page(req.db, key)
    if key.purpose != "join" or title is None or path is None:
        return _invalid_link(req)
    return req.render("accounts/sign_in_first.html", key=key, secret=secret, title=title, path=path)


def _was_requested_here(key: PersonalKey) -> bool:
    return key.browser in {"", browser_mark()}


def _confirm(req: PageRequest, key: PersonalKey, secret: str) -> Response:
    """The confirm button and its effect.

    A sign-up confirmed in another browser says so, and offers to choose the password.
    """
    pending = people.find_pending(req.db, key)
    same_browser = pending is not None and key.browser == browser_mark()
    elsewhere = pending is not None and not same_browser
    form = req.form(forms.UseKey)
    if form.data is None:
        title = people.find_key_title(req.db, key)
        seen = {"key": key, "secret": secret, "title": title, "pending": pending, "elsewhere": elsewhere}
        return req.render("accounts/use_link.html", form=form, **seen)
    path = people.find_key_page(req.db, key) or (pending.next if pending else "") or session.get("next")
    hashed = None
    if elsewhere and form.data.password:
        req.finish()
        hashed = hash_password(form.data.password)
    try:
        user = keys.use_key(req.db, req.actor, key)
    except NotFound:
        return _invalid_link(req)
    if pending is not None:
        zone = form.data.known_zone
        links.complete_sign_up(
            req.db, req.actor, user, pending.id, same_browser=same_browser, zone=zone, hashed=hashed
        )
    if not req.actor.is_signed_in() or key.purpose == "sign_in":
        start_session(req, user, SIGN_IN_METHODS[key.purpose])
    return req.go_path(path or "/")


def _invalid_link(req: PageRequest) -> Response:
    """The same answer for used, expired, revoked and unknown keys, and for missing subjects."""
    response = req.render("accounts/invalid_link.html")
    response.status_code = 404
    return response
