"""The members of a circle: the list, one of them, their role, and goodbye."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts.actions import block_person, unblock_person
from events.accounts.queries import has_blocked
from events.circles import actions, forms, policy, queries
from events.circles.queries.bans import list_bans
from events.circles.queries.unreached import list_unreached
from events.circles.views.circle import blueprint, here
from events.core.access import authorize
from events.core.door import Door
from events.core.errors import Conflict, Invalid
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.core.words import say

MAX_BESIDE = 3  # removed and unreached people above and below the member list; each has a page of its own


@page(blueprint, "/circles/<slug>/members", who=Who.MEMBER)
def members(door: Door, slug: str) -> Response:
    circle, own = here()
    organises = policy.may_organise(door.actor, own)
    found = queries.find_members(door.db, door.actor, circle, door.search, door.page_number)
    first = organises and door.page_number == 1 and not door.search
    return door.render(
        "circles/members.html",
        circle=circle,
        own=own,
        found=found,
        search=door.search,
        organises=organises,
        bans=list_bans(door.db, door.actor, circle, 1) if first else None,
        unreached=list_unreached(door.db, door.actor, circle, 1) if first else None,
        shown=MAX_BESIDE,
    )


@page(blueprint, "/circles/<slug>/removed", who=Who.ORGANISER)
def removed(door: Door, slug: str) -> Response:
    circle, _own = here()
    bans = list_bans(door.db, door.actor, circle, door.page_number)
    return door.render("circles/removed.html", circle=circle, bans=bans)


@page(blueprint, "/circles/<slug>/unreached", who=Who.ORGANISER)
def unreached(door: Door, slug: str) -> Response:
    circle, _own = here()
    found = list_unreached(door.db, door.actor, circle, door.page_number)
    return door.render("circles/unreached.html", circle=circle, unreached=found)


@page(blueprint, "/circles/<slug>/members/<user_id>", who=Who.MEMBER)
def member(door: Door, slug: str, user_id: str) -> Response:
    circle, own = here()
    found = queries.get_member(door.db, door.actor, circle, user_id)
    asks, offers = queries.list_interests(door.db, circle.id, [user_id]).get(user_id, ([], []))
    return door.render(
        "circles/member.html",
        circle=circle,
        member=found,
        asks=asks,
        offers=offers,
        is_me=found.user_id == door.actor.person_id,
        owns=policy.may_own(door.actor, own),
        may_remove=policy.may_remove(door.actor, own, found),
        blocked=has_blocked(door.db, door.actor, user_id),
    )


@page(blueprint, "/circles/<slug>/members/<user_id>/block", who=Who.MEMBER, methods=("POST",))
def block(door: Door, slug: str, user_id: str) -> Response:
    circle, _own = here()
    queries.get_member(door.db, door.actor, circle, user_id)
    block_person(door.db, door.actor, user_id)
    return door.go("circles.member", slug=circle.slug, user_id=user_id, done=_("Done. They won't be told."))


@page(blueprint, "/circles/<slug>/members/<user_id>/unblock", who=Who.MEMBER, methods=("POST",))
def unblock(door: Door, slug: str, user_id: str) -> Response:
    circle, _own = here()
    queries.get_member(door.db, door.actor, circle, user_id)
    unblock_person(door.db, door.actor, user_id)
    return door.go("circles.member", slug=circle.slug, user_id=user_id, done=_("Done."))


@page(blueprint, "/circles/<slug>/members/<user_id>/role", who=Who.OWNER, methods=("POST",), rate=CHANGE_RATE)
def change_role(door: Door, slug: str, user_id: str) -> Response:
    circle, own = here()
    authorize(policy.may_own, door.actor, own)
    form = door.form(forms.ChangeRole)
    if form.data is None:
        raise Invalid("bad_choice")
    try:
        actions.change_role(door.db, door.actor, circle, user_id, form.data.role)
    except Conflict as refused:
        return door.go("circles.member", slug=circle.slug, user_id=user_id, notice=say(refused.code))
    return door.go("circles.member", slug=circle.slug, user_id=user_id, done=_("Saved."))


@page(
    blueprint,
    "/circles/<slug>/members/<user_id>/remove",
    who=Who.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def remove_member(door: Door, slug: str, user_id: str) -> Response:
    circle, _own = here()
    try:
        actions.remove_member(door.db, door.actor, circle, user_id)
    except Conflict as refused:
        return door.go("circles.member", slug=circle.slug, user_id=user_id, notice=say(refused.code))
    return door.go("circles.members", slug=circle.slug, done=_("Removed from the circle."))


@page(
    blueprint,
    "/circles/<slug>/members/<user_id>/let-back",
    who=Who.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def let_back(door: Door, slug: str, user_id: str) -> Response:
    circle, _own = here()
    actions.let_back(door.db, door.actor, circle, user_id)
    return door.go(
        "circles.members", slug=circle.slug, done=_("Done. They can come in again when they like.")
    )


@page(
    blueprint,
    "/circles/<slug>/members/<user_id>/try-again",
    who=Who.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def try_again(door: Door, slug: str, user_id: str) -> Response:
    circle, _own = here()
    actions.try_address_again(door.db, door.actor, circle, user_id)
    return door.go("circles.members", slug=circle.slug, done=_("Fine. The next mail is sent there again."))
