"""The pages on which a person tells when they are free."""

from datetime import UTC, date, datetime, time

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries import get_user
from events.availability import actions, forms, queries
from events.core import clock, words
from events.core.door import Door, FormState
from events.core.locale import current_locale, when, zone_label
from events.core.rights import Who
from events.core.web import page

blueprint = Blueprint("availability", __name__)
SHOWN = range(7, 22)  # the hours of the day on the grid; others that were told are kept
DAYS = (
    (_l("Mon"), _l("Monday")),
    (_l("Tue"), _l("Tuesday")),
    (_l("Wed"), _l("Wednesday")),
    (_l("Thu"), _l("Thursday")),
    (_l("Fri"), _l("Friday")),
    (_l("Sat"), _l("Saturday")),
    (_l("Sun"), _l("Sunday")),
)
words.register(
    {
        "ends_before": _l("The last day comes before the first."),
        "day_passed": _l("These days are over already."),
        "too_many_days_off": _l("That is a long list of days off. Remove some you don't need any more."),
    }
)


@page(blueprint, "/me/times", who=Who.SELF, methods=("GET", "POST"))
def times(door: Door) -> Response:
    """When I am usually free: a grid of hours, and what is kept around a meeting."""
    # What is not ticked is not sent, and must not seem chosen when a refused form comes back.
    form = door.form(forms.Times, {} if door.posted else _as_told(door))
    if form.act(lambda data: actions.set_times(door.db, door.actor, data)) is not None:
        return door.go("availability.times", done=_("Saved. Times in these hours are ticked for you."))
    return _show(door, form)


@page(blueprint, "/me/times/off", who=Who.SELF, methods=("POST",))
def add_days_off(door: Door) -> Response:
    form = door.form(forms.DaysOff)
    if form.act(lambda data: actions.add_days_off(door.db, door.actor, data)) is not None:
        return door.go("availability.times", done=_("Saved. No coffee on these days."))
    return _show(door, off=form)


@page(blueprint, "/me/times/off/<days_off_id>/remove", who=Who.SELF, methods=("POST",))
def remove_days_off(door: Door, days_off_id: str) -> Response:
    actions.remove_days_off(door.db, door.actor, days_off_id)
    return door.go("availability.times", done=_("You can have coffee on these days again."))


def _show(
    door: Door,
    form: FormState[forms.Times] | None = None,
    off: FormState[forms.DaysOff] | None = None,
) -> Response:
    """The page holds two forms; the one that was sent shows what was typed, the other what is stored."""
    told = queries.hours_of(door.db, door.actor.id)
    zone = get_user(door.db, door.actor.id).zone
    return door.render(
        "availability/times.html",
        form=off or form,
        grid=form or {"values": _as_told(door), "errors": {}},
        off=off,
        days=DAYS,
        hours=SHOWN,
        days_off=[
            (days.id, span_words(days.first_day, days.last_day))
            for days in queries.list_days_off(door.db, door.actor.id)
        ],
        zone=zone_label(zone),
        told_zone=zone_label(told.zone) if told is not None and told.zone != zone else None,
    )


def _as_told(door: Door) -> dict[str, object]:
    told = queries.hours_of(door.db, door.actor.id)
    if told is None:
        return {"hours": [], "before": "0", "after": "0", "notice": "0"}
    return {
        "hours": [str(hour) for hour in told.hours],
        "before": str(told.before),
        "after": str(told.after),
        "notice": str(told.notice),
    }


def span_words(first: date, last: date) -> str:
    """Days in words: "ma 7 dec" or "ma 7 dec – vr 11 dec"."""
    return _day(first) if first == last else f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    """With its year when that is not this one."""
    words = when(datetime.combine(day, time(12), tzinfo=UTC), "short", "UTC", current_locale())
    return words if day.year == clock.now().year else f"{words} {day.year}"
