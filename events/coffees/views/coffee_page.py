"""Page of a coffee with its answers, and error messages of coffees."""

from datetime import datetime

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.availability.actions.calendars import refresh_stale_calendars
from events.chat.actions import marks
from events.chat.forms import PostFromPage
from events.circles.queries.circles import CurrentCircle
from events.coffees import forms
from events.coffees.actions import replacements, rescheduling, responses, undoing
from events.coffees.models import Coffee
from events.coffees.queries import (
    calendar_entry,
    coffee_page,
    coffees,
    colleagues,
    common_times,
    contact_sharing,
    introductions,
    month_later,
    next_coffee,
    room,
    round_answers,
    round_offers,
)
from events.coffees.rules import spread_over_days
from events.core.auth.endpoints import Access
from events.core.calendar.itip import Mailbox, calendar_file
from events.core.errors import NotFound
from events.core.i18n.formatting import current_locale
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest
from events.core.web.templates import reader_zone

blueprint = Blueprint("coffees", __name__)
READ, KEYS = ("coffee:read",), ("coffee:answer",)
Answered = (
    FormState[forms.Answer]
    | FormState[forms.Undo]
    | FormState[forms.Accept]
    | FormState[forms.Another]
    | FormState[forms.ChosenTime]
)
MAX_SHOWN = 6  # common times offered in the form
MAX_OFFERED = 3  # alternatives after a time was taken

error_messages.register(
    {
        "time_taken": _l("That time has just gone."),
        "coffee_changed": _l("This coffee has changed in the meantime. Have another look at the time."),
        "calendar_busy": _l("Your own calendar shows something at this time. Say yes again if it's fine."),
        "coffee_closed": _l("This coffee isn't open for an answer any more."),
        "decline_told": _l("The others know already that this coffee isn't happening."),
        "coffee_begun": _l("This coffee's time has come. It can't be changed any more."),
        "coffee_not_yet": _l("This coffee is still to come. Tell us afterwards."),
        "not_a_common_time": _l("That isn't a time you all chose. Pick one of these."),
        "not_on_the_quarter": _l("Pick a time on the quarter of an hour."),
        "too_soon_or_far": _l("Pick a moment from two hours from now up to sixty days ahead."),
        "same_time": _l("That is the time it has now. Pick another."),
        "you_are_busy": _l("You have something else at that moment yourself. Pick another."),
        "not_two_or_three": _l("A coffee is for two or three people."),
        "coffee_planned": _l("There is a next coffee already. Have another look at the time."),
        "note_changed": _l("The note was changed in the meantime. What you typed is still here."),
    }
)


@page(blueprint, "/coffees/<id>", who=Access.PARTNER, keys=READ)
def show(req: PageRequest, id: str) -> Response:
    """Refreshes the reader's calendars in the background, for the check at the answer."""
    coffee = coffee_of(req, id)
    if coffee_page.summary_card_of(coffee, req.actor.id).may_answer:
        refresh_stale_calendars(req.db, req.actor)
    return show_card(req, coffee)


@page(blueprint, "/coffees/<id>/accept", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def accept(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Accept)
    accepted = form.act(
        lambda data: responses.accept_coffee(
            req.db,
            req.actor,
            coffee,
            data.version,
            heed_calendar=not data.knowing,
            replacement=data.another,
        )
    )
    return show_card(req, coffee, form) if accepted is None else req.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/decline", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def decline(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Answer)
    declined = form.act(lambda data: undoing.delay_decline(req.db, req.actor, coffee, data.version))
    if declined is None:
        return show_card(req, coffee, form)
    undo = url_for("coffees.undo", id=coffee.id) if declined.state == "proposed" else None
    return req.go("coffees.show", id=coffee.id, done=_("Fine, not right now."), undo=undo)


@page(blueprint, "/coffees/<id>/undo", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def undo(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Undo)
    back = form.act(lambda _data: undoing.undo_decline(req.db, req.actor, coffee))
    if back is None:
        return show_card(req, coffee, form)
    return req.go("coffees.show", id=coffee.id, done=_("The coffee is back."))


@page(blueprint, "/coffees/<id>/another", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def another(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Another)
    said = form.act(
        lambda data: replacements.accept_replacement(req.db, req.actor, coffee, welcome=data.welcome)
    )
    return show_card(req, coffee, form) if said is None else req.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/move", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def move(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.ChosenTime)
    moved = form.act(
        lambda data: rescheduling.choose_time(req.db, req.actor, coffee, data.time, data.version)
    )
    return show_card(req, coffee, form) if moved is None else req.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/new-time", who=Access.PARTNER, methods=("GET", "POST"), keys=KEYS)
def new_time(req: PageRequest, id: str) -> Response:
    """Form for a new time, with a few that suit everyone."""
    coffee, zone = coffee_of(req, id), reader_zone()
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    if not card.may_change and not req.posted:
        return req.go("coffees.show", id=coffee.id)
    form = req.form(forms.NewTime)
    if form.posted:
        req.limit("new_time", "30 per hour")
    proposed = form.act(
        lambda data: rescheduling.propose_time(req.db, req.actor, coffee, data.starts_at(zone), data.version)
    )
    if proposed is not None:
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    offered = common_times.list_offered_times(
        req.db, req.actor.id, common_times.participant_ids(coffee), coffee.minutes
    )
    times = spread_over_days(offered, zone, MAX_SHOWN)
    return req.render("coffees/new_time.html", card=card, form=form, times=times, zone=zone)


@page(blueprint, "/coffees/<id>/cancel", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def cancel(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Answer)
    cancelled = form.act(lambda data: responses.cancel_coffee(req.db, req.actor, coffee, data.version))
    return show_card(req, coffee, form) if cancelled is None else req.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/calendar.ics", who=Access.PARTNER, keys=READ)
def calendar(req: PageRequest, id: str) -> Response:
    """iCalendar file under the UID of the mailed invitation; only for agreed coffees."""
    coffee = coffee_of(req, id)
    seat = coffees.seat_of(coffee, req.actor.id)
    if coffee.state not in {"confirmed", "met"} or seat.answer == "no":
        raise NotFound
    entry = calendar_entry.calendar_entry(coffee, seat, current_locale(), req.settings.public_url)
    file = calendar_file([entry], "PUBLISH", Mailbox("Ontmoet", req.settings.mail_from))
    response = Response(file, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="coffee.ics"'
    return response


def tapped() -> str | None:
    """Answer button of a mail. Link scanners follow it too, so the page asks for a second press."""
    answer = request.args.get("answer")
    return answer if answer in {"yes", "no"} else None


def coffee_of(req: PageRequest, coffee_id: str) -> Coffee:
    return coffees.get_visible(req.db, req.actor, coffee_id)


def show_card(
    req: PageRequest,
    coffee: Coffee,
    form: Answered | None = None,
    *,
    note_form: FormState[forms.Note] | None = None,
    promise_form: FormState[forms.Promised] | None = None,
    chat_form: FormState[PostFromPage] | None = None,
) -> Response:
    """`form` is the one that was refused."""
    card = coffee_page.card_of(req.db, req.actor, coffee)
    g.current_circle = CurrentCircle.of(card.circle)
    after = card.may_tell or (card.is_kept and (note_form or promise_form) is not None)
    refused = form.first_error if form is not None else None
    if promise_form is not None:
        shown = forms.Promised.model_fields
        refused = next((said for name, said in promise_form.errors.items() if name not in shown), None)
    chat = room.panel_of(req.db, req.actor, coffee)
    if chat is not None and chat.last_seq > chat.read_seq:
        marks.mark_read(req.db, req.actor, chat.rights, chat.last_seq)
    return req.render(
        "coffees/show.html",
        form=form or note_form or promise_form or chat_form,
        card=card,
        chat=chat,
        chat_form=chat_form,
        after=after,
        exchange=contact_sharing.exchange_of(req.db, req.actor, coffee) if after else None,
        looks_back=after and month_later.may_look_back(coffee),
        said=card.said,
        introductions=introductions.list_introductions(req.db, req.actor, coffee) if after else [],
        following=next_coffee.following_of(req.db, req.actor, coffee) if card.may_tell else None,
        refused=refused,
        tapped=tapped() if card.may_answer and refused is None else None,
        time_taken=refused == error_messages.message_for("time_taken"),
        times=_offered(card, refused),
        round_offer=round_offers.find_round_offer(req.db, req.actor, coffee) if card.status.is_off else None,
        offers_replacement=card.may_answer and round_answers.offers_replacement(req.db, coffee, req.actor.id),
        hands_on=colleagues.may_ask_colleague(req.db, req.actor, card),
        note_form=note_form,
        promise_form=promise_form,
        zone=reader_zone(),
    )


def _offered(card: coffee_page.Card, refused: str | None) -> list[tuple[str, datetime]]:
    """(value, time) of other common times; MAX_OFFERED after a time was taken."""
    times = card.times[:MAX_OFFERED] if refused == error_messages.message_for("time_taken") else card.times
    return [(time.isoformat(), time) for time in times]
