"""The card of a coffee with its answers."""

from datetime import datetime

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.availability.actions import ask_fresh_readings
from events.circles.queries import CurrentCircle
from events.coffees import actions, forms, queries
from events.coffees.models import Coffee
from events.coffees.rules import a_few
from events.core import words
from events.core.calendar import Mailbox, calendar_file
from events.core.door import Door, FormState
from events.core.errors import NotFound
from events.core.locale import current_locale
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page

blueprint = Blueprint("coffees", __name__)
READ, KEYS = ("coffee:read",), ("coffee:answer",)
Answered = (
    FormState[forms.Answer]
    | FormState[forms.Undo]
    | FormState[forms.Yes]
    | FormState[forms.Another]
    | FormState[forms.ChosenTime]
)
MOST_SHOWN = 6  # times that suit all, to propose from
MOST_OFFERED = 3  # other times named at once when the chosen one has just gone

words.register(
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


@page(blueprint, "/coffees/<id>", who=Who.PARTNER, keys=READ)
def show(door: Door, id: str) -> Response:
    """While this person reads it, their calendars are read anew: what they say counts at the answer."""
    coffee = coffee_of(door, id)
    if queries.sketch_of(coffee, door.actor.id).may_answer:
        ask_fresh_readings(door.db, door.actor)
    return show_card(door, coffee)


@page(blueprint, "/coffees/<id>/accept", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def accept(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.Yes)
    accepted = form.act(
        lambda data: actions.accept_coffee(
            door.db, door.actor, coffee, data.version, heed_calendar=not data.knowing
        )
    )
    return show_card(door, coffee, form) if accepted is None else door.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/decline", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def decline(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.Answer)
    declined = form.act(lambda data: actions.hold_decline(door.db, door.actor, coffee, data.version))
    if declined is None:
        return show_card(door, coffee, form)
    undo = url_for("coffees.undo", id=coffee.id) if declined.state == "proposed" else None
    return door.go("coffees.show", id=coffee.id, done=_("Fine, not right now."), undo=undo)


@page(blueprint, "/coffees/<id>/undo", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def undo(door: Door, id: str) -> Response:
    """Put back a coffee that was declined, during the hold."""
    coffee = coffee_of(door, id)
    form = door.form(forms.Undo)
    back = form.act(lambda _data: actions.undo_decline(door.db, door.actor, coffee))
    if back is None:
        return show_card(door, coffee, form)
    return door.go("coffees.show", id=coffee.id, done=_("The coffee is back."))


@page(blueprint, "/coffees/<id>/another", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def another(door: Door, id: str) -> Response:
    """Whether somebody else of the round is welcome too, should this one not be able to."""
    coffee = coffee_of(door, id)
    form = door.form(forms.Another)
    said = form.act(lambda data: actions.welcome_another(door.db, door.actor, coffee, welcome=data.welcome))
    return show_card(door, coffee, form) if said is None else door.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/move", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def move(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.ChosenTime)
    moved = form.act(lambda data: actions.choose_time(door.db, door.actor, coffee, data.time, data.version))
    return show_card(door, coffee, form) if moved is None else door.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/new-time", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS)
def new_time(door: Door, id: str) -> Response:
    """A time that nobody had chosen yet; a few that are known to suit all stand ready."""
    coffee, zone = coffee_of(door, id), reader_zone()
    card = queries.sketch_of(coffee, door.actor.id)
    if not card.may_change and not door.posted:
        return door.go("coffees.show", id=coffee.id)
    form = door.form(forms.NewTime)
    if form.posted:
        door.limit("new_time", "30 per hour")
    proposed = form.act(
        lambda data: actions.propose_time(door.db, door.actor, coffee, data.starts_at(zone), data.version)
    )
    if proposed is not None:
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    offered = queries.offered_times(door.db, door.actor.id, queries.people_of(coffee), coffee.minutes)
    times = a_few(offered, zone, MOST_SHOWN)
    return door.render("coffees/new_time.html", card=card, form=form, times=times, zone=zone)


@page(blueprint, "/coffees/<id>/cancel", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def cancel(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.Answer)
    cancelled = form.act(lambda data: actions.cancel_coffee(door.db, door.actor, coffee, data.version))
    return show_card(door, coffee, form) if cancelled is None else door.go("coffees.show", id=coffee.id)


@page(blueprint, "/coffees/<id>/calendar.ics", who=Who.PARTNER, keys=READ)
def calendar(door: Door, id: str) -> Response:
    """The entry as a file, under the UID that the invitation by mail has; only once the coffee stands."""
    coffee = coffee_of(door, id)
    seat = queries.seat_of(coffee, door.actor.id)
    if coffee.state not in {"confirmed", "met"} or seat.answer == "no":
        raise NotFound
    entry = queries.calendar_entry(coffee, seat, current_locale(), door.settings.public_url)
    file = calendar_file([entry], "PUBLISH", Mailbox("Ontmoet", door.settings.mail_from))
    response = Response(file, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="coffee.ics"'
    return response


def tapped() -> str | None:
    """The button of a mail that led here. Programs follow links too, so the page asks for one more press."""
    answer = request.args.get("answer")
    return answer if answer in {"yes", "no"} else None


def coffee_of(door: Door, coffee_id: str) -> Coffee:
    return queries.get_visible(door.db, door.actor, coffee_id)


def show_card(
    door: Door,
    coffee: Coffee,
    form: Answered | None = None,
    *,
    note_form: FormState[forms.Note] | None = None,
    promise_form: FormState[forms.Promised] | None = None,
) -> Response:
    """The card as it stands now; `form` is the one that was refused, whichever it was."""
    card = queries.card_of(door.db, door.actor, coffee)
    g.current_circle = CurrentCircle.of(card.circle)
    after = card.may_tell or (card.is_kept and (note_form or promise_form) is not None)
    refused = form.first_error if form is not None else None
    if promise_form is not None:
        shown = forms.Promised.model_fields
        refused = next((said for name, said in promise_form.errors.items() if name not in shown), None)
    return door.render(
        "coffees/show.html",
        form=form or note_form or promise_form,
        card=card,
        after=after,
        exchange=queries.exchange_of(door.db, door.actor, coffee) if after else None,
        looks_back=after and queries.may_look_back(coffee),
        said=queries.look_back_of(door.db, door.actor, coffee) if queries.may_look_back(coffee) else None,
        introductions=queries.list_introductions(door.db, door.actor, coffee) if after else [],
        following=queries.following_of(door.db, door.actor, coffee) if card.may_tell else None,
        refused=refused,
        tapped=tapped() if card.may_answer and refused is None else None,
        time_taken=refused == words.say("time_taken"),
        times=_offered(card, refused),
        note_form=note_form,
        promise_form=promise_form,
        zone=reader_zone(),
    )


def _offered(card: queries.Card, refused: str | None) -> list[tuple[str, datetime]]:
    """The other common times as (value, moment); three of them when the one that was chosen has just gone."""
    times = card.times[:MOST_OFFERED] if refused == words.say("time_taken") else card.times
    return [(time.isoformat(), time) for time in times]
