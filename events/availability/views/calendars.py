"""Page of the external calendars read for busy times: add, refresh, remove."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.availability import forms
from events.availability.actions import calendars as availability_calendars
from events.availability.queries import calendars as calendars_queries
from events.availability.views.calendar_notes import note_sentences
from events.availability.views.times import blueprint
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest

RATE = "12 per hour"
error_messages.register(
    {
        "address_unusable": _l("This isn't the address of a calendar. It begins with https:// or webcal://."),
        "address_port": _l("We read calendars on the usual port only: an address without “:8443”."),
        "calendar_known": _l("We read this calendar already."),
        "too_many_calendars": _l("We read at most five calendars for you. Remove one first."),
        "host_unknown": _l("We can't reach a server at this address. Copy the address again."),
        "unreachable": _l("The server didn't give us a calendar. We try again by ourselves."),
        "server_trouble": _l("The server has trouble just now. We try again by ourselves."),
        "too_slow": _l("The server took too long. We try again by ourselves."),
        "no_access": _l(
            "The server doesn't let us in. Copy the secret address, not that of the page in your browser."
        ),
        "nothing_there": _l(
            "There is nothing at this address any more. Add the new secret address of your calendar."
        ),
        "too_many_redirects": _l("This address leads on and on. Copy the address again."),
        "too_large": _l("This calendar is too large for us. Share a smaller one."),
        "too_heavy": _l("We couldn't get through this calendar in time. Share a smaller one."),
        "too_many_events": _l("This calendar holds more than 20,000 entries to come. Share a smaller one."),
        "sealed_lost": _l("We can't open this address any more. Remove the calendar and add it again."),
        "not_a_calendar": _l("What we found there isn't a calendar. Copy the address that ends in .ics."),
    }
)  # fmt: skip


@page(blueprint, "/me/calendars", who=Access.SELF, methods=("GET", "POST"))
def calendars(req: PageRequest) -> Response:
    form = req.form(forms.AddCalendar)
    if form.data is not None:
        req.limit("calendars", RATE)
    if form.act(lambda data: availability_calendars.add_calendar(req.db, req.actor, data)) is not None:
        return req.go("availability.calendars", done=_("Added. We read it within a minute."))
    # The URL is a secret, so a refused form does not show it again.
    form.values.pop("address", None)
    found = calendars_queries.list_calendars(req.db, req.actor.id)
    return req.render(
        "availability/calendars.html",
        form=form,
        calendars=found,
        say=error_messages.message_for,
        note_sentences=note_sentences,
    )


@page(blueprint, "/me/calendars/<calendar_id>/read", who=Access.SELF, methods=("POST",))
def read_calendar(req: PageRequest, calendar_id: str) -> Response:
    req.limit("calendars", RATE)
    availability_calendars.request_refresh(req.db, req.actor, calendar_id)
    return req.go("availability.calendars", done=_("We read it within a minute."))


@page(blueprint, "/me/calendars/<calendar_id>/remove", who=Access.SELF, methods=("POST",))
def remove_calendar(req: PageRequest, calendar_id: str) -> Response:
    availability_calendars.remove_calendar(req.db, req.actor, calendar_id)
    return req.go("availability.calendars", done=_("Removed, with everything we had read from it."))
