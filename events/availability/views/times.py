"""Pages of usual hours and days off."""

from datetime import UTC, date, datetime, time

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries.people import get_user
from events.availability import forms
from events.availability.actions import hours
from events.availability.queries import hours as availability_hours
from events.core import clock
from events.core.auth.endpoints import Access
from events.core.i18n.formatting import current_locale, when, zone_label
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import FormState, PageRequest

blueprint = Blueprint("availability", __name__)
GRID_HOURS = range(7, 22)  # hours of the day on the grid; stored hours outside it are kept
DAYS = (
    (_l("Mon"), _l("Monday")),
    (_l("Tue"), _l("Tuesday")),
    (_l("Wed"), _l("Wednesday")),
    (_l("Thu"), _l("Thursday")),
    (_l("Fri"), _l("Friday")),
    (_l("Sat"), _l("Saturday")),
    (_l("Sun"), _l("Sunday")),
)
error_messages.register(
    {
        "ends_before": _l("The last day comes before the first."),
        "day_passed": _l("These days are over already."),
        "too_many_days_off": _l("That is a long list of days off. Remove some you don't need any more."),
    }
)


@page(blueprint, "/me/times", who=Access.SELF, methods=("GET", "POST"))
def times(req: PageRequest) -> Response:
    """A grid of hours, and the margins around a meeting."""
    # Browsers omit unticked boxes; a refused form must not show them ticked.
    form = req.form(forms.WeeklyHoursForm, {} if req.posted else _form_values(req))
    if form.act(lambda data: hours.set_times(req.db, req.actor, data)) is not None:
        return req.go("availability.times", done=_("Saved. Times in these hours are ticked for you."))
    return _show(req, form)


@page(blueprint, "/me/times/off", who=Access.SELF, methods=("POST",))
def add_days_off(req: PageRequest) -> Response:
    form = req.form(forms.DaysOff)
    if form.act(lambda data: hours.add_days_off(req.db, req.actor, data)) is not None:
        return req.go("availability.times", done=_("Saved. No coffee on these days."))
    return _show(req, off=form)


@page(blueprint, "/me/times/off/<days_off_id>/remove", who=Access.SELF, methods=("POST",))
def remove_days_off(req: PageRequest, days_off_id: str) -> Response:
    hours.remove_days_off(req.db, req.actor, days_off_id)
    return req.go("availability.times", done=_("You can have coffee on these days again."))


def _show(
    req: PageRequest,
    form: FormState[forms.WeeklyHoursForm] | None = None,
    off: FormState[forms.DaysOff] | None = None,
) -> Response:
    """The page holds two forms; the one that was sent shows its input, the other stored values."""
    stored = availability_hours.hours_of(req.db, req.actor.id)
    zone = get_user(req.db, req.actor.id).zone
    return req.render(
        "availability/times.html",
        form=off or form,
        grid=form or {"values": _form_values(req), "errors": {}},
        off=off,
        days=DAYS,
        hours=GRID_HOURS,
        days_off=[
            (days.id, span_label(days.first_day, days.last_day))
            for days in availability_hours.list_days_off(req.db, req.actor.id)
        ],
        zone=zone_label(zone),
        told_zone=zone_label(stored.zone) if stored is not None and stored.zone != zone else None,
    )


def _form_values(req: PageRequest) -> dict[str, object]:
    stored = availability_hours.hours_of(req.db, req.actor.id)
    if stored is None:
        return {"hours": [], "before": "0", "after": "0", "notice": "0"}
    return {
        "hours": [str(hour) for hour in stored.hours],
        "before": str(stored.before),
        "after": str(stored.after),
        "notice": str(stored.notice),
    }


def span_label(first: date, last: date) -> str:
    """ "ma 7 dec" or "ma 7 dec – vr 11 dec", in the reader's language."""
    return _day(first) if first == last else f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    """With the year if it is not the current one."""
    words = when(datetime.combine(day, time(12), tzinfo=UTC), "short", "UTC", current_locale())
    return words if day.year == clock.now().year else f"{words} {day.year}"
