"""Pages for joining, requesting, inviting, welcoming and leaving."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts.queries.people import find_key
from events.circles import policy
from events.circles.actions import invitations, joining, members
from events.circles.actions.joining import InvitationResult
from events.circles.forms import circles as circles_circles
from events.circles.models import Circle
from events.circles.queries import pending
from events.circles.views.circle import blueprint, circle_and_membership
from events.core.auth.actor import SYSTEM, authorize
from events.core.auth.endpoints import Access
from events.core.errors import Invalid, NotFound
from events.core.web.answers import act_or_say_why, go_or_say_why
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest


@page(blueprint, "/circles/<slug>/join", who=Access.SIGNED_IN, methods=("POST",), rate=CHANGE_RATE)
def join(req: PageRequest, slug: str) -> Response:
    """Join or request, as the circle's `joining` says."""
    circle, own = circle_and_membership()
    if own is not None:
        return req.go("circles.show", slug=circle.slug)
    if circle.joining == "open":
        return act_or_say_why(
            req,
            lambda: joining.join_circle(req.db, req.actor, circle),
            lambda _membership: req.go("circles.accept_invitation", slug=circle.slug),
            "circles.show",
            slug=circle.slug,
        )
    req.limit("ask to join", "20 per hour")
    return go_or_say_why(
        req,
        lambda: joining.request_to_join(req.db, req.actor, circle),
        "circles.show",
        done=_("Asked. The team will let you know by mail."),
        slug=circle.slug,
    )


@page(blueprint, "/circles/<slug>/leave", who=Access.MEMBER, methods=("POST",), rate=CHANGE_RATE)
def leave(req: PageRequest, slug: str) -> Response:
    circle, _own = circle_and_membership()
    return go_or_say_why(
        req,
        lambda: members.leave_circle(req.db, req.actor, circle),
        "circles.show",
        slug=circle.slug,
        done=_("You left %(name)s.", name=circle.name),
    )


@page(blueprint, "/circles/<slug>/invite", who=Access.ORGANISER, methods=("GET", "POST"))
def invite(req: PageRequest, slug: str) -> Response:
    """Reports the outcome per address; a GET lists unanswered invitations."""
    circle, own = circle_and_membership()
    authorize(policy.may_organise, req.actor, own)
    form = req.form(circles_circles.Invite)
    outcome = None
    if form.data is not None:
        req.limit("invitations", "20 per hour")
        outcome = form.act(lambda data: _invite(req, data))
        if outcome is not None:
            form.values = {
                "addresses": "\n".join(result.written for result in outcome if result.outcome == "no_address")
            }
    return req.render(
        "circles/invite.html",
        form=form,
        circle=circle,
        outcome=outcome,
        awaited=pending.list_invitations(req.db, req.actor, circle, req.search, req.page_number),
        search=req.search,
    )


@page(
    blueprint,
    "/circles/<slug>/invite/<invitation_id>/withdraw",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def withdraw_invitation(req: PageRequest, slug: str, invitation_id: str) -> Response:
    circle, _own = circle_and_membership()
    joining.withdraw_invitation(req.db, req.actor, circle, invitation_id)
    return req.go("circles.invite", slug=circle.slug, done=_("The invitation is withdrawn."))


@page(
    blueprint,
    "/circles/<slug>/invite/<invitation_id>/again",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def resend_invitation(req: PageRequest, slug: str, invitation_id: str) -> Response:
    circle, _own = circle_and_membership()
    return go_or_say_why(
        req,
        lambda: invitations.resend_invitation(req.db, req.actor, circle, invitation_id),
        "circles.invite",
        slug=circle.slug,
        done=_("The invitation is on its way again."),
    )


@page(blueprint, "/invitations/<key>/decline", who=Access.TOKEN, methods=("POST",), rate=CHANGE_RATE)
def decline_invitation(req: PageRequest, key: str) -> Response:
    """By the key of the mail, signed in or not; the same answer to a key that is no longer valid."""
    circle, user_id = _invited_by_key(req, key)
    invitations.decline_invitation(req.db, SYSTEM, circle, user_id)
    return req.render("circles/declined.html", circle=circle)


@page(blueprint, "/invitations/<key>/look", who=Access.TOKEN, methods=("POST",), rate=CHANGE_RATE)
def look_at_invitation(req: PageRequest, key: str) -> Response:
    """As `decline_invitation`: the same for a new address and a known one, so it tells the team neither."""
    circle, user_id = _invited_by_key(req, key)
    invitations.note_look(req.db, SYSTEM, circle, user_id)
    return req.render("circles/invited.html", circle=circle, secret=key)


@page(blueprint, "/circles/<slug>/requests", who=Access.ORGANISER)
def requests(req: PageRequest, slug: str) -> Response:
    circle, _own = circle_and_membership()
    found = pending.list_requests(req.db, req.actor, circle, req.page_number)
    return req.render(
        "circles/requests.html",
        circle=circle,
        requests=found,
        count=pending.count_requests(req.db, circle.id),
    )


@page(blueprint, "/circles/<slug>/requests/<request_id>", who=Access.ORGANISER, methods=("POST",))
def decide_request(req: PageRequest, slug: str, request_id: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.may_organise, req.actor, own)
    form = req.form(circles_circles.Decide)
    if form.data is None:
        raise Invalid("bad_choice")
    decision = form.data.decision
    return go_or_say_why(
        req,
        lambda: joining.decide_request(req.db, req.actor, circle, request_id, decision),
        "circles.requests",
        slug=circle.slug,
        done=_("Let in.") if decision == "accepted" else _("Declined. We tell them kindly."),
    )


def _invited_by_key(req: PageRequest, key: str) -> tuple[Circle, str]:
    found = find_key(req.db, key)
    circle = req.db.get(Circle, found.subject_id) if found and found.purpose == "join" else None
    if found is None or circle is None:
        raise NotFound
    return circle, found.user_id


def _invite(req: PageRequest, data: circles_circles.Invite) -> list[InvitationResult]:
    circle, _own = circle_and_membership()
    return joining.invite_members(req.db, req.actor, circle, circles_circles.read_invitees(data.addresses))
