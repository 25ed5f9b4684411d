"""How people reach me: phone number and my own meeting link."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts import actions, forms, queries
from events.accounts.rules import write_phone
from events.accounts.views.entry import blueprint
from events.core.door import Door
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import page


@blueprint.app_template_filter("phone")
def phone_words(phone: str, zone: str | None = None) -> str:
    """A stored number as the reader would write it."""
    return write_phone(phone, zone or reader_zone())


@blueprint.app_template_filter("masked")
def masked(value: str) -> str:
    """One's own number or address for whoever came by a key: enough to recognise it, not to learn it."""
    return "•" * 6 + value[-2:]


@page(blueprint, "/me/reach", who=Who.SELF, methods=("GET", "POST"))
def reach(door: Door) -> Response:
    user = queries.get_user(door.db, door.actor.id)
    kept: dict[str, object] = {
        "phone": write_phone(user.phone, user.zone),
        "meeting_link": user.meeting_link,
        "linkedin": user.linkedin,
        "welcomes": user.welcomes,
        **({"shares_phone": "1"} if user.shares_phone else {}),
    }
    form = door.form(forms.Reach, {} if door.posted else kept)
    if form.act(lambda data: actions.change_reach(door.db, door.actor, data)) is not None:
        return door.go("accounts.reach", done=_("Saved."))
    return door.render("accounts/reach.html", form=form)
