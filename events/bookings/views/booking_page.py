"""Pages of bookings: one's own booking page, and booking on another person's."""

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries.people import get_user, has_blocked
from events.bookings import forms
from events.bookings.actions import booking_page as booking_actions
from events.bookings.models import BookingPage
from events.bookings.queries import booking_page as booking_queries
from events.bookings.queries import invitations
from events.bookings.rules import clean_handle
from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone

blueprint = Blueprint("bookings", __name__)

FORMS = ("online", "phone", "location", "own_link")

error_messages.register(
    {
        "bad_handle": _l("Use three to forty letters or figures."),
        "too_many_handles": _l("Three earlier addresses lead to you already. Go back to one of those."),
        "handle_taken": _l("This address is taken. Choose another one."),
        "no_booking_now": _l("A coffee can't be planned just now. Perhaps you have one together already."),
    }
)


@page(blueprint, "/me/with", who=Access.SELF, methods=("GET", "POST"))
def booking_page(req: PageRequest) -> Response:
    user = get_user(req.db, req.actor.id)
    kept = booking_queries.page_of(req.db, user.id) or _fresh_page()
    first: dict[str, object] = {
        "handle": user.handle or clean_handle(user.name) or "",
        "forms": kept.forms,
        "lengths": [str(length) for length in kept.lengths],
        "greeting": kept.greeting,
        "notice": str(kept.notice),
        "horizon": str(kept.horizon),
        **{name: "1" for name, on in _switches(kept, is_open=user.takes_bookings).items() if on},
    }
    form = req.form(forms.OpenBooking, {} if req.posted else first)
    if form.act(lambda data: booking_actions.change_booking_page(req.db, req.actor, data)) is not None:
        return req.go("bookings.booking_page", done=_("Saved."))
    return req.render("bookings/booking_page.html", form=form, user=user, site=req.settings.public_url)


@page(blueprint, "/with/<handle>", who=Access.ANYONE, methods=("GET", "POST"))
def book(req: PageRequest, handle: str) -> Response:
    booking = booking_queries.get_booking(req.db, req.actor, handle.lower())
    owner = booking.owner
    if not req.posted and owner.handle != handle:
        return req.go("bookings.book", handle=owner.handle)
    if req.posted and req.actor.kind == "key":
        return req.go("accounts.sign_in", next=url_for("bookings.book", handle=owner.handle))
    if booking.may_book:
        req.limit_looks("people whose times are looked at", owner.id)
    form = req.form(forms.Book)
    if form.posted:
        req.limit("invite", "10 per day")
    booked = form.act(lambda data: booking_actions.book_coffee(req.db, req.actor, booking, data))
    if booked is not None:
        done = _("Asked. You'll hear when it's a yes.")
        if req.actor.reaches("coffee", booked.id):
            return req.go("coffees.show", id=booked.id, done=done)
        return req.go("bookings.book", handle=owner.handle, done=done)
    if booking.circle is not None:
        g.current_circle = CurrentCircle.of(booking.circle)
    return req.render("bookings/book.html", form=form, booking=booking, **_offer(req, booking))


def _offer(req: PageRequest, booking: booking_queries.Booking) -> dict[str, object]:
    """Template values; the length is chosen first, since times depend on it."""
    lengths = booking.page.lengths
    asked = request.values.get("minutes", type=int)
    minutes = asked if asked in lengths else next((one for one in (30, *lengths) if one in lengths), 30)
    closed, times = None, []
    if booking.may_book:
        if has_blocked(req.db, req.actor, booking.owner.id):
            closed = error_messages.message_for("you_blocked")
        elif not invitations.is_open_for(req.db, req.actor.id, booking.owner, by_link=True):
            closed = error_messages.message_for("no_booking_now")
        else:
            found = booking_queries.list_open_times(req.db, req.actor, booking, minutes)
            times = booking_queries.show_times(found, reader_zone())
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
