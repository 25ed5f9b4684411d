"""The doors of mail: switching a kind off from the mail itself, and the mailbox of development."""

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.actions import switch_mail
from events.accounts.models import PersonalKey
from events.accounts.queries import find_key
from events.accounts.rules import ABOUT_COFFEES, COFFEE_KINDS, EVERY_KIND, MAIL_KINDS
from events.core.access import SYSTEM
from events.core.door import Door
from events.core.errors import NotFound
from events.core.locale import in_language_of
from events.core.rights import Who
from events.core.web import csrf, page
from events.notifications.queries.mailbox import get_dropped, list_dropped

blueprint = Blueprint("notifications", __name__)

KIND_WORDS = {
    "livestream_announced": _l("mails about new livestreams"),
    "livestream_reminder": _l("reminders of livestreams"),
    "recording_ready": _l("mails about recordings that are ready"),
    "coffee_nudge": _l("reminders to answer a coffee"),
    "coffee_day": _l("reminders the day before a coffee"),
    "coffee_soon": _l("reminders an hour before a coffee"),
    "coffee_waiting": _l("words that someone waits for you in a call"),
    "coffee_after": _l("mails with the two questions after a coffee"),
    "promise_due": _l("reminders of what you promised"),
    "look_back": _l("the question a month after a coffee"),
    "introduction": _l("mails in which someone would like to introduce you"),
    "round_news": _l("news about coffee rounds"),
    ABOUT_COFFEES: _l("extra mails about coffees"),
    EVERY_KIND: _l("optional mails"),
}
GROUPS = {ABOUT_COFFEES: COFFEE_KINDS, EVERY_KIND: MAIL_KINDS}
# A mail styles itself inline; here and only here that is let through, and nothing else is.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


@page(blueprint, "/unsubscribe/<key>", who=Who.TOKEN, methods=("GET", "POST"))
def unsubscribe(door: Door, key: str) -> Response:
    """Looking changes nothing; one press does, also when the mail program presses (RFC 8058)."""
    found = _key(door, key)
    if found is None:
        response = door.render("notifications/no_such_link.html")
        response.status_code = 404
        return response
    # A mail program's one click means the kind of its mail; all kinds take a press of their own on the page.
    chosen = EVERY_KIND if door.posted and request.form.get("kinds") == EVERY_KIND else found.subject_id
    if door.posted:
        for kind in GROUPS.get(chosen, (chosen,)):
            switch_mail(door.db, SYSTEM, found.user_id, kind, on=False)
    # In the language of the mail, whatever this browser would ask for.
    with in_language_of(found.user.locale):
        words, one = KIND_WORDS[chosen], found.subject_id != EVERY_KIND
        return door.render(
            "notifications/unsubscribe.html", kind=words, one=one, person=found.user, done=door.posted
        )


# A mail program has no cookie and no token of ours; the secret in the address is what it shows.
csrf.exempt(unsubscribe)


@page(blueprint, "/dev/mail", who=Who.DEVELOPMENT)
def dev_mail(door: Door) -> Response:
    return door.render("notifications/mailbox.html", mails=list_dropped(door.settings.mail_directory))


@page(blueprint, "/dev/mail/<name>", who=Who.DEVELOPMENT)
def dev_mail_one(door: Door, name: str) -> Response:
    return door.render("notifications/mail.html", mail=get_dropped(door.settings.mail_directory, name))


@page(blueprint, "/dev/mail/<name>/html", who=Who.DEVELOPMENT)
def dev_mail_html(door: Door, name: str) -> Response:
    html = get_dropped(door.settings.mail_directory, name).html
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": MAIL_POLICY})


@page(blueprint, "/dev/mail/<name>/invite.ics", who=Who.DEVELOPMENT)
def dev_mail_calendar(door: Door, name: str) -> Response:
    calendar = get_dropped(door.settings.mail_directory, name).calendar
    if calendar is None:
        raise NotFound
    return Response(calendar, mimetype="text/calendar")


def _key(door: Door, secret: str) -> PersonalKey | None:
    """None for whatever is no key to mails, whole or garbled: one answer to all."""
    found = find_key(door.db, secret)
    return found if found and found.purpose == "mails" and found.subject_id in KIND_WORDS else None
