"""Mail pages: switch a kind of mail off by its link, and read the development mailbox."""

import re

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.actions.profile import switch_mail
from events.accounts.models import PersonalKey
from events.accounts.queries.people import find_key, get_user
from events.accounts.rules import ABOUT_COFFEES, COFFEE_KINDS, EVERY_KIND, MAIL_KINDS
from events.circles.queries.circles import get_circle
from events.core.auth.actor import SYSTEM
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.i18n.formatting import in_language_of
from events.core.mail.rendering import render_parts
from events.core.web.pages import csrf, page
from events.core.web.request import PageRequest
from events.messages.queries.messages import get_message
from events.notifications.jobs import preview_message
from events.notifications.queries.mailbox import get_dropped, list_dropped
from events.notifications.queries.previews import preview_invitation

blueprint = Blueprint("notifications", __name__)

KIND_WORDS = {
    "livestream_announced": _l("mails about new livestreams"),
    "livestream_reminder": _l("reminders of livestreams"),
    "livestream_nudge": _l("reminders to wrap up a livestream, or to say what became of it"),
    "recording_ready": _l("mails about recordings that are ready"),
    "question_asked": _l("mails about questions asked after the end"),
    "question_answered": _l("answers to questions you asked"),
    "coffee_nudge": _l("reminders to answer a coffee"),
    "coffee_day": _l("reminders the day before a coffee"),
    "coffee_soon": _l("reminders an hour before a coffee"),
    "coffee_waiting": _l("words that someone waits for you in a call"),
    "coffee_message": _l("mails with messages of a coffee that you haven't read"),
    "coffee_after": _l("mails with the two questions after a coffee"),
    "promise_due": _l("reminders of what you promised"),
    "look_back": _l("the question a month after a coffee"),
    "introduction": _l("mails in which someone would like to introduce you"),
    "round_news": _l("news about coffee rounds"),
    "round_reminder": _l("reminders before a coffee round closes"),
    "circle_message": _l("messages of organisers"),
    "welcome_coffee": _l("the offer of a welcome coffee in a new circle"),
    "guest_after": _l("the question to join, after you were a guest"),
    "invitation_reminder": _l("reminders of invitations to a circle"),
    ABOUT_COFFEES: _l("extra mails about coffees"),
    EVERY_KIND: _l("optional mails"),
}
GROUPS = {ABOUT_COFFEES: COFFEE_KINDS, EVERY_KIND: MAIL_KINDS}
# A mail styles itself inline; here and only here that is let through, and nothing else is.
LANGUAGES = ("nl", "en")
BODY = re.compile("<body[^>]*>")
CONTENT = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'"  # of a mail
MAIL_POLICY = f"{CONTENT}; frame-ancestors 'none'"
# In a frame of the page that previews it: without scripts, forms or ways out of the frame.
PREVIEW_POLICY = f"{CONTENT}; frame-ancestors 'self'; form-action 'none'; sandbox"


@page(blueprint, "/unsubscribe/<key>", who=Access.TOKEN, methods=("GET", "POST"))
def unsubscribe(req: PageRequest, key: str) -> Response:
    """Looking changes nothing; one press does, also when the mail program presses (RFC 8058)."""
    found = _key(req, key)
    if found is None:
        response = req.render("notifications/no_such_link.html")
        response.status_code = 404
        return response
    # A mail program's one click means the kind of its mail; all kinds take a press of their own on the page.
    chosen = EVERY_KIND if req.posted and request.form.get("kinds") == EVERY_KIND else found.subject_id
    if req.posted:
        for kind in GROUPS.get(chosen, (chosen,)):
            switch_mail(req.db, SYSTEM, found.user_id, kind, on=False)
    # In the language of the mail, whatever this browser would ask for.
    with in_language_of(found.user.locale):
        words, one = KIND_WORDS[chosen], found.subject_id != EVERY_KIND
        return req.render(
            "notifications/unsubscribe.html", kind=words, one=one, person=found.user, done=req.posted
        )


# A mail program has no cookie and no token of ours; the secret in the address is what it shows.
csrf.exempt(unsubscribe)


@page(blueprint, "/messages/<id>/mail", who=Access.ORGANISER)
def message(req: PageRequest, id: str) -> Response:
    """A message of organisers as its writer would get it."""
    found = get_message(req.db, req.actor, id)
    mail = preview_message(req.db, found, get_user(req.db, req.actor.id))
    html = mail.get_body(("html",))
    content = html.get_content() if html is not None else ""
    return Response(content, mimetype="text/html", headers={"Content-Security-Policy": PREVIEW_POLICY})


@page(blueprint, "/circles/<slug>/invitation-mail/<language>", who=Access.ORGANISER)
def invitation_preview(req: PageRequest, slug: str, language: str) -> Response:
    """The mail of an invitation, for a frame of our own pages: subject and sender above it."""
    circle = get_circle(req.db, slug, req.actor)
    settings = req.settings
    if language not in LANGUAGES:
        raise NotFound
    letter = preview_invitation(
        req.db,
        req.actor,
        circle,
        language,
        sender=settings.mail_from,
        answered=settings.reply_imap_url is not None,
        logo=url_for("circles.logo", name=circle.logo, _external=True) if circle.logo else None,
    )
    subject, _body, html = render_parts(letter)
    head = render_template("mail/_preview_head.html", subject=subject, letter=letter)
    whole = BODY.sub(lambda body: body[0] + head, html, count=1)
    return Response(whole, mimetype="text/html", headers={"Content-Security-Policy": PREVIEW_POLICY})


@page(blueprint, "/dev/mail", who=Access.DEVELOPMENT)
def dev_mail(req: PageRequest) -> Response:
    return req.render("notifications/mailbox.html", mails=list_dropped(req.settings.mail_directory))


@page(blueprint, "/dev/mail/<name>", who=Access.DEVELOPMENT)
def dev_mail_one(req: PageRequest, name: str) -> Response:
    return req.render("notifications/mail.html", mail=get_dropped(req.settings.mail_directory, name))


@page(blueprint, "/dev/mail/<name>/html", who=Access.DEVELOPMENT)
def dev_mail_html(req: PageRequest, name: str) -> Response:
    html = get_dropped(req.settings.mail_directory, name).html
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": MAIL_POLICY})


@page(blueprint, "/dev/mail/<name>/invite.ics", who=Access.DEVELOPMENT)
def dev_mail_calendar(req: PageRequest, name: str) -> Response:
    calendar = get_dropped(req.settings.mail_directory, name).calendar
    if calendar is None:
        raise NotFound
    return Response(calendar, mimetype="text/calendar")


def _key(req: PageRequest, secret: str) -> PersonalKey | None:
    """None for whatever is no key to mails, whole or garbled: one answer to all."""
    found = find_key(req.db, secret)
    return found if found and found.purpose == "mails" and found.subject_id in KIND_WORDS else None
