"""Pages of messages: write one, look at it as a mail, test it, send it; the log of what was sent."""

from flask import Blueprint, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from events.accounts.queries.people import get_user
from events.circles.models import Circle
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import Invalid
from events.core.mail.mailings import waits_for_tomorrow
from events.core.web import error_messages
from events.core.web.answers import go_or_say_why
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest
from events.core.web.security_headers import allow_frame
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_visible
from events.messages import actions, policy
from events.messages.forms import SendMessage, WriteMessage
from events.messages.models import Message
from events.messages.queries import messages
from events.messages.rules import MAX_PER_DAY

blueprint = Blueprint("messages", __name__)
error_messages.register(
    {
        "nobody_to_mail": _l("There is nobody to send this to."),
        "audience_changed": _l("It has become %(count)s in the meantime. Check the number, then send it."),
        "too_many_messages": _l(
            "Your circle sent %(most)s messages in the last 24 hours, and more is not possible. "
            "It is kept here; send it tomorrow."
        ),
        "message_sent": _l("This message has been sent in the meantime."),
        "test_switched_off": _l(
            "You switched off mails from organisers, so a test doesn't reach you either."
        ),
        "round_at_most": _l("The coffee round can't stay open any longer. Change the words, then send it."),
    }
)
AUDIENCE_WORDS = {
    "registered": _l("Everyone who registered"),
    "waiting": _l("Everyone on the waiting list"),
    "came": _l("Who came"),
    "missed": _l("Registered but missed it"),
    "unanswered": _l("Members who didn't register"),
    "undecided": _l("Hasn't answered the coffee round"),
    "circle": _l("The whole circle"),
}


@page(
    blueprint, "/livestreams/<slug>/messages", who=Access.SIGNED_IN, methods=("GET", "POST"), rate=CHANGE_RATE
)
def livestream(req: PageRequest, slug: str) -> Response:
    found = get_visible(req.db, req.actor, slug)
    return _write(req, found.circle, found)


@page(blueprint, "/circles/<slug>/messages", who=Access.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE)
def circle(req: PageRequest, slug: str) -> Response:
    return _write(req, get_circle(req.db, slug, req.actor), None)


@page(blueprint, "/messages/<id>", who=Access.ORGANISER)
def show(req: PageRequest, id: str) -> Response:
    """A draft as a mail and at the width of a phone, with its number; or what was sent."""
    message = messages.get_message(req.db, req.actor, id)
    _of_circle(message.circle)
    allow_frame("'self'")
    draft = message.sent_at is None
    membership = membership_of(req.db, req.actor, message.circle_id)
    return req.render(
        "messages/show.html",
        message=message,
        livestream=message.livestream,
        count=messages.count_recipients(req.db, req.actor, message) if draft else message.recipients,
        extended=messages.extended_until(req.db, message) if draft else None,
        may_send=policy.may_write_to(req.actor, membership, message.livestream, message.audience),
        words=AUDIENCE_WORDS,
        me=get_user(req.db, req.actor.id),
        left=max(0, MAX_PER_DAY - messages.count_sent_today(req.db, message.circle_id)),
        most=MAX_PER_DAY,
        answered=req.settings.reply_imap_url is not None,
    )


@page(blueprint, "/messages/<id>/edit", who=Access.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE)
def edit(req: PageRequest, id: str) -> Response:
    message = messages.get_message(req.db, req.actor, id)
    if message.sent_at is not None:
        return req.go("messages.show", id=message.id)
    desk = messages.desk_of(req.db, req.actor, message.circle, message.livestream)
    initial = {"audience": message.audience, "subject": message.subject, "body": message.body}
    form = req.form(WriteMessage, dict(initial))
    if form.act(lambda data: actions.change_message(req.db, req.actor, message, data)) is not None:
        return req.go("messages.show", id=message.id)
    _of_circle(message.circle)
    return _render(req, desk, form, message)


@page(blueprint, "/messages/<id>/test", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def test(req: PageRequest, id: str) -> Response:
    message = messages.get_message(req.db, req.actor, id)
    return go_or_say_why(
        req,
        lambda: actions.send_test(req.db, req.actor, message),
        "messages.show",
        done=_("A test is on its way to %(address)s.", address=get_user(req.db, req.actor.id).email),
        id=message.id,
    )


@page(blueprint, "/messages/<id>/send", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def send(req: PageRequest, id: str) -> Response:
    message = messages.get_message(req.db, req.actor, id)
    form = req.form(SendMessage)
    if form.data is None:
        raise Invalid("bad_choice")
    data = form.data
    return go_or_say_why(
        req,
        lambda: actions.send_message(req.db, req.actor, message, data),
        "messages.show",
        done=lambda sent: _sent(req, sent),
        id=id,
    )


@page(blueprint, "/messages/<id>/discard", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def discard(req: PageRequest, id: str) -> Response:
    message = messages.get_message(req.db, req.actor, id)
    place = (
        ("messages.livestream", message.livestream.slug)
        if message.livestream is not None
        else ("messages.circle", message.circle.slug)
    )
    return go_or_say_why(
        req,
        lambda: actions.discard_message(req.db, req.actor, message),
        place[0],
        done=_("The draft is gone."),
        slug=place[1],
    )


def _sent(req: PageRequest, message: Message) -> str:
    said: str = ngettext("Sent to %(num)s person.", "Sent to %(num)s people.", message.recipients)
    if waits_for_tomorrow(req.db, message.circle_id):
        said += " " + _(
            "Members get one mail a day: anyone who had one today gets this one tomorrow, "
            "unless that is too late."
        )
    return said


def _write(req: PageRequest, of: Circle, about: Livestream | None) -> Response:
    """The form, with the log below it."""
    authorize(policy.may_write, req.actor, membership_of(req.db, req.actor, of.id), about)
    _of_circle(of)
    desk = messages.desk_of(req.db, req.actor, of, about, req.page_number)
    begun = messages.wording_of(req.db, desk, request.args.get("preset", ""))
    initial: dict[str, object] = {"audience": next(iter(desk.counts), "")}
    if begun is not None:
        initial = {
            "audience": begun.audience,
            "subject": begun.subject,
            "body": begun.body,
            "preset": begun.preset,
        }
    form = req.form(WriteMessage, initial)
    written: Message | None = form.act(lambda data: actions.write_message(req.db, req.actor, of, about, data))
    if written is not None:
        return req.go("messages.show", id=written.id)
    return _render(req, desk, form, None)


def _render(
    req: PageRequest, desk: messages.Desk, form: FormState[WriteMessage], draft: Message | None
) -> Response:
    choices = [(key, f"{AUDIENCE_WORDS[key]} · {count}") for key, count in desk.counts.items()]
    return req.render(
        "messages/write.html", desk=desk, form=form, draft=draft, choices=choices, words=AUDIENCE_WORDS
    )


def _of_circle(of: Circle) -> None:
    g.current_circle = CurrentCircle.of(of)
