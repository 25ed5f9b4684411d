"""Calendar entry of one seat: its own UID, partners' first names and no addresses."""

from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import others_of
from events.coffees.queries.venue import reach_of
from events.coffees.rules import CLOSED_STATES
from events.core.calendar.itip import Entry, Mailbox
from events.core.i18n.formatting import in_language_of, translate


def calendar_entry(coffee: Coffee, seat: Seat, locale: str, public_url: str) -> Entry:
    """A declined or closed coffee is cancelled in the calendar."""
    names = [other.user.first_name for other in others_of(coffee, seat.user_id)]
    url = f"{public_url}/coffees/{coffee.id}"
    with in_language_of(locale):
        summary = _with_whom(names)
        place = _place(coffee, seat)
        more = translate("Everything about this coffee, also another time or calling it off: %(url)s")
    off = coffee.state in CLOSED_STATES or seat.answer == "no"
    return Entry(
        uid=seat.calendar_uid,
        sequence=seat.sequence,
        starts_at=coffee.starts_at,
        ends_at=coffee.ends_at,
        summary=summary,
        description=more % {"url": url},
        location=url if coffee.form == "online" and not off else place,
        url=url,
        cancelled=off,
        attendee=Mailbox(seat.user.name, seat.user.email),
        accepted=seat.answer == "yes",
        tentative=coffee.state == "proposed",
    )


def _with_whom(names: list[str]) -> str:
    if len(names) == 2:
        both = {"name": names[0], "other": names[1]}
        return translate("Coffee with %(name)s and %(other)s") % both
    return translate("Coffee with %(name)s") % {"name": " & ".join(names)}


def _place(coffee: Coffee, seat: Seat) -> str:
    """Without phone numbers: others may read a calendar."""
    if coffee.form == "phone":
        caller = reach_of(coffee, seat.user_id, may_change=False).caller
        if caller is None:
            return translate("By phone")
        if caller.id == seat.user_id:
            return translate("By phone: you call")
        return translate("By phone: %(name)s calls you") % {"name": caller.first_name}
    if coffee.form == "location":
        return coffee.place or translate("On location, as you agree together")
    if coffee.form == "own_link":
        found = coffee.place if seat.answer != "no" else ""
        return found or translate("Online, through a link of one of you")
    return translate("Online, in your browser")
