"""Page of contact details, and template filters for phone numbers and masked values."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts import forms
from events.accounts.actions import profile
from events.accounts.queries import people
from events.accounts.rules import format_phone
from events.accounts.views.sign_in import blueprint
from events.core.auth.endpoints import Access
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone


@blueprint.app_template_filter("phone")
def phone_label(phone: str, zone: str | None = None) -> str:
    """Format a stored number for the reader's time zone."""
    return format_phone(phone, zone or reader_zone())


@blueprint.app_template_filter("masked")
def masked(value: str) -> str:
    """Mask one's own number or address for a key holder: recognisable, not readable."""
    return "•" * 6 + value[-2:]


@page(blueprint, "/me/reach", who=Access.SELF, methods=("GET", "POST"))
def reach(req: PageRequest) -> Response:
    user = people.get_user(req.db, req.actor.id)
    stored: dict[str, object] = {
        "phone": format_phone(user.phone, user.zone),
        "meeting_link": user.meeting_link,
        "linkedin": user.linkedin,
        "welcomes": user.welcomes,
        **({"shares_phone": "1"} if user.shares_phone else {}),
    }
    form = req.form(forms.ContactDetails, {} if req.posted else stored)
    if form.act(lambda data: profile.change_contact_details(req.db, req.actor, data)) is not None:
        return req.go("accounts.reach", done=_("Saved."))
    return req.render("accounts/reach.html", form=form)
