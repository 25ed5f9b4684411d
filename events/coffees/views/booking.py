"""Plan a coffee with me: one's own page, and everybody else's."""

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries import get_user, has_blocked
from events.circles.queries import CurrentCircle
from events.coffees import actions, forms, queries
from events.coffees.models import BookingPage
from events.coffees.rules import clean_handle
from events.coffees.views.card import blueprint
from events.core import words
from events.core.door import Door
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import page

FORMS = ("online", "phone", "location", "own_link")

words.register(
    {
        "bad_handle": _l("Use three to forty letters or figures."),
        "too_many_handles": _l("Three earlier addresses lead to you already. Go back to one of those."),
        "handle_taken": _l("This address is taken. Choose another one."),
        "no_booking_now": _l("A coffee can't be planned just now. Perhaps you have one together already."),
    }
)


@page(blueprint, "/me/with", who=Who.SELF, methods=("GET", "POST"))
def booking_page(door: Door) -> Response:
    user = get_user(door.db, door.actor.id)
    kept = queries.page_of(door.db, user.id) or _fresh_page()
    first: dict[str, object] = {
        "handle": user.handle or clean_handle(user.name) or "",
        "forms": kept.forms,
        "lengths": [str(length) for length in kept.lengths],
        "greeting": kept.greeting,
        "notice": str(kept.notice),
        "horizon": str(kept.horizon),
        **{name: "1" for name, on in _switches(kept, is_open=user.takes_bookings).items() if on},
    }
    form = door.form(forms.OpenBooking, {} if door.posted else first)
    if form.act(lambda data: actions.change_booking_page(door.db, door.actor, data)) is not None:
        return door.go("coffees.booking_page", done=_("Saved."))
    return door.render("coffees/booking_page.html", form=form, user=user, site=door.settings.public_url)


@page(blueprint, "/with/<handle>", who=Who.ANYONE, methods=("GET", "POST"))
def book(door: Door, handle: str) -> Response:
    booking = queries.get_booking(door.db, door.actor, handle.lower())
    owner = booking.owner
    if not door.posted and owner.handle != handle:
        return door.go("coffees.book", handle=owner.handle)
    if door.posted and door.actor.kind == "key":
        return door.go("accounts.sign_in", next=url_for("coffees.book", handle=owner.handle))
    if booking.may_book:
        door.limit_looks("people whose times are looked at", owner.id)
    form = door.form(forms.Book)
    if form.posted:
        door.limit("invite", "10 per day")
    booked = form.act(lambda data: actions.book_coffee(door.db, door.actor, booking, data))
    if booked is not None:
        done = _("Asked. You'll hear when it's a yes.")
        if door.actor.reaches("coffee", booked.id):
            return door.go("coffees.show", id=booked.id, done=done)
        return door.go("coffees.book", handle=owner.handle, done=done)
    if booking.circle is not None:
        g.current_circle = CurrentCircle.of(booking.circle)
    return door.render("coffees/book.html", form=form, booking=booking, **_offer(door, booking))


def _offer(door: Door, booking: queries.Booking) -> dict[str, object]:
    """What can be planned on this page now; the length is chosen first, since the times depend on it."""
    lengths = booking.page.lengths
    asked = request.values.get("minutes", type=int)
    minutes = asked if asked in lengths else next((one for one in (30, *lengths) if one in lengths), 30)
    closed, times = None, []
    if booking.may_book:
        if has_blocked(door.db, door.actor, booking.owner.id):
            closed = words.say("you_blocked")
        elif not queries.is_open_for(door.db, door.actor.id, booking.owner, by_link=True):
            closed = words.say("no_booking_now")
        else:
            found = queries.list_open_times(door.db, door.actor, booking, minutes)
            times = queries.show_times(found, reader_zone())
    return {
        "minutes": minutes,
        "closed": closed,
        "times": [(time.isoformat(), time) for time in times],
        "offered": [form for form in FORMS if form in booking.page.forms],
    }


def _fresh_page() -> BookingPage:
    return BookingPage(
        forms=["online"], lengths=[30], notice=24, horizon=21, at_once=False, greets=False, greeting=""
    )


def _switches(kept: BookingPage, *, is_open: bool) -> dict[str, bool]:
    return {"open": is_open, "at_once": kept.at_once, "greets": kept.greets}
