"""The mail of an invitation as it arrives, and the team's own line in it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles import policy
from events.circles.actions.invitations import change_line
from events.circles.forms.circles import ChangeInvitationLine
from events.circles.views.circle import blueprint, circle_and_membership
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.security_headers import allow_frame

error_messages.register(
    {
        "has_contact": _l(
            "No links, addresses or telephone numbers in this line: its readers may not know you yet."
        )
    }
)


@page(blueprint, "/circles/<slug>/invitation-mail", who=Access.ORGANISER, methods=("GET", "POST"))
def invitation_mail(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.may_organise, req.actor, own)
    form = req.form(ChangeInvitationLine, {"line": circle.invitation_line})
    if form.act(lambda data: (change_line(req.db, req.actor, circle, data.line or ""),)) is not None:
        return req.go("circles.invitation_mail", slug=circle.slug, done=_("Saved."))
    allow_frame("'self'")
    return req.render("circles/invitation_mail.html", form=form, circle=circle)
