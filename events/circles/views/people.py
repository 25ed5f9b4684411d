"""Pages of a circle's members: list, profile, roles, blocks, removal and bans."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts.actions.profile import block_person, unblock_person
from events.accounts.queries.people import has_blocked
from events.circles import policy
from events.circles.actions import members as circles_members
from events.circles.forms import circles as circles_circles
from events.circles.queries import circles
from events.circles.queries.bans import list_bans
from events.circles.queries.bounced_members import list_bounced_members
from events.circles.views.circle import blueprint, circle_and_membership
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import Invalid
from events.core.web.answers import act_or_say_why, go_or_say_why
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest

MAX_BESIDE_LIST = 3  # removed and bounced people beside the list; each has its own page


@page(blueprint, "/circles/<slug>/members", who=Access.MEMBER)
def members(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    organises = policy.may_organise(req.actor, own)
    found = circles.find_members(req.db, req.actor, circle, req.search, req.page_number)
    first = organises and req.page_number == 1 and not req.search
    return req.render(
        "circles/members.html",
        circle=circle,
        own=own,
        found=found,
        search=req.search,
        organises=organises,
        bans=list_bans(req.db, req.actor, circle, 1) if first else None,
        unreached=list_bounced_members(req.db, req.actor, circle, 1) if first else None,
        shown=MAX_BESIDE_LIST,
    )


@page(blueprint, "/circles/<slug>/removed", who=Access.ORGANISER)
def removed(req: PageRequest, slug: str) -> Response:
    circle, _own = circle_and_membership()
    bans = list_bans(req.db, req.actor, circle, req.page_number)
    return req.render("circles/removed.html", circle=circle, bans=bans)


@page(blueprint, "/circles/<slug>/unreached", who=Access.ORGANISER)
def unreached(req: PageRequest, slug: str) -> Response:
    circle, _own = circle_and_membership()
    found = list_bounced_members(req.db, req.actor, circle, req.page_number)
    return req.render("circles/unreached.html", circle=circle, unreached=found)


@page(blueprint, "/circles/<slug>/members/<user_id>", who=Access.MEMBER)
def member(req: PageRequest, slug: str, user_id: str) -> Response:
    circle, own = circle_and_membership()
    found = circles.get_member(req.db, req.actor, circle, user_id)
    asks, offers = circles.list_interests(req.db, circle.id, [user_id]).get(user_id, ([], []))
    return req.render(
        "circles/member.html",
        circle=circle,
        member=found,
        asks=asks,
        offers=offers,
        is_me=found.user_id == req.actor.person_id,
        owns=policy.may_own(req.actor, own),
        may_remove=policy.may_remove(req.actor, own, found),
        blocked=has_blocked(req.db, req.actor, user_id),
    )


@page(blueprint, "/circles/<slug>/members/<user_id>/block", who=Access.MEMBER, methods=("POST",))
def block(req: PageRequest, slug: str, user_id: str) -> Response:
    circle, _own = circle_and_membership()
    circles.get_member(req.db, req.actor, circle, user_id)
    block_person(req.db, req.actor, user_id)
    return req.go("circles.member", slug=circle.slug, user_id=user_id, done=_("Done. They won't be told."))


@page(blueprint, "/circles/<slug>/members/<user_id>/unblock", who=Access.MEMBER, methods=("POST",))
def unblock(req: PageRequest, slug: str, user_id: str) -> Response:
    circle, _own = circle_and_membership()
    circles.get_member(req.db, req.actor, circle, user_id)
    unblock_person(req.db, req.actor, user_id)
    return req.go("circles.member", slug=circle.slug, user_id=user_id, done=_("Done."))


@page(
    blueprint, "/circles/<slug>/members/<user_id>/role", who=Access.OWNER, methods=("POST",), rate=CHANGE_RATE
)
def change_role(req: PageRequest, slug: str, user_id: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.may_own, req.actor, own)
    form = req.form(circles_circles.ChangeRole)
    if form.data is None:
        raise Invalid("bad_choice")
    role = form.data.role
    return go_or_say_why(
        req,
        lambda: circles_members.change_role(req.db, req.actor, circle, user_id, role),
        "circles.member",
        slug=circle.slug,
        user_id=user_id,
        done=_("Saved."),
    )


@page(
    blueprint,
    "/circles/<slug>/members/<user_id>/remove",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def remove_member(req: PageRequest, slug: str, user_id: str) -> Response:
    circle, _own = circle_and_membership()
    done = _("Removed from the circle.")
    return act_or_say_why(
        req,
        lambda: circles_members.remove_member(req.db, req.actor, circle, user_id),
        lambda _removed: req.go("circles.members", slug=circle.slug, done=done),
        "circles.member",
        slug=circle.slug,
        user_id=user_id,
    )


@page(
    blueprint,
    "/circles/<slug>/members/<user_id>/let-back",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def let_back(req: PageRequest, slug: str, user_id: str) -> Response:
    circle, _own = circle_and_membership()
    circles_members.lift_ban(req.db, req.actor, circle, user_id)
    return req.go("circles.members", slug=circle.slug, done=_("Done. They can come in again when they like."))


@page(
    blueprint,
    "/circles/<slug>/members/<user_id>/try-again",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def try_again(req: PageRequest, slug: str, user_id: str) -> Response:
    circle, _own = circle_and_membership()
    circles_members.retry_address(req.db, req.actor, circle, user_id)
    return req.go("circles.members", slug=circle.slug, done=_("Fine. The next mail is sent there again."))
