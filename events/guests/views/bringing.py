"""Pages of members and team: a member's own link, decisions on guests, the circle's rules."""

from urllib.parse import quote

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import Forbidden, Invalid
from events.core.i18n.formatting import current_locale, when
from events.core.web.answers import go_or_say_why
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.guests import actions, forms, policy, queries, rules
from events.guests.views.places import blueprint
from events.livestreams.queries.livestreams import get_visible

FROM_WORDS = {
    "link": _l("Whoever has the link of the livestream"),
    "members": _l("Guests of members, by the member's own link"),
    "team": _l("Guests of the team only"),
    "nobody": _l("No guests"),
}


@page(blueprint, "/livestreams/<slug>/bring", who=Access.SIGNED_IN)
def bring(req: PageRequest, slug: str) -> Response:
    """A member's own link to pass on, and the guests it brought. Works without scripts too."""
    livestream = get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    authorize(policy.may_bring, req.actor, livestream, membership)
    if membership is None:
        raise Forbidden
    g.current_circle = CurrentCircle.of(livestream.circle)
    code = queries.link_code(livestream, membership)
    url = url_for("guests.invited", slug=livestream.slug, code=code, _external=True)
    words = _(
        "Will you come along to ‘%(title)s’ of %(circle)s, %(when)s? With this link you are my guest:",
        title=livestream.title,
        circle=livestream.circle.name,
        when=when(livestream.starts_at, "full_hour", livestream.zone, current_locale()),
    )
    return req.render(
        "guests/bring.html",
        livestream=livestream,
        url=url,
        words=words,
        whatsapp=f"https://wa.me/?text={quote(words + chr(10) + url)}",
        mailto=f"mailto:?subject={quote(livestream.title)}&body={quote(words + chr(10) + url)}",
        brought=queries.brought_by(req.db, livestream, req.actor.id),
    )


@page(blueprint, "/livestreams/<slug>/guests", who=Access.ORGANISER)
def guests(req: PageRequest, slug: str) -> Response:
    """Who brought whom, and who asks the team for a place; for directors."""
    livestream = get_visible(req.db, req.actor, slug)
    asking = queries.list_guests(req.db, req.actor, livestream, 1, asking=True)
    coming = queries.list_guests(req.db, req.actor, livestream, req.page_number)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return req.render("guests/guests.html", livestream=livestream, asking=asking, coming=coming)


@page(
    blueprint,
    "/livestreams/<slug>/guests/<guest_id>",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def decide(req: PageRequest, slug: str, guest_id: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    authorize(policy.may_decide, req.actor, livestream, membership)
    form = req.form(forms.Decide)
    if form.data is None:
        raise Invalid("bad_choice")
    decision = form.data.decision
    return go_or_say_why(
        req,
        lambda: actions.decide_on_guest(req.db, req.actor, livestream, guest_id, decision),
        "guests.guests",
        slug=livestream.slug,
        done=_("They have a place.") if decision == "accepted" else _("Declined. We tell them kindly."),
    )


@page(blueprint, "/circles/<slug>/guests", who=Access.OWNER, methods=("GET", "POST"))
def rules_of_circle(req: PageRequest, slug: str) -> Response:
    circle = get_circle(req.db, slug)
    authorize(policy.may_change_rules, req.actor, membership_of(req.db, req.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    stored: dict[str, object] = {
        "guests_from": circle.guests_from,
        "guests_per_member": rules.write_limit(circle.guests_per_member),
        "guest_visits": rules.write_limit(circle.guest_visits),
        "guest_approval": "yes" if circle.guest_approval else "no",
    }
    form = req.form(forms.GuestRules, stored)
    if form.act(lambda data: actions.change_rules(req.db, req.actor, circle, data)) is not None:
        return req.go("circles.settings", slug=circle.slug, done=_("Saved."))
    limits = [(str(most), str(most)) for most in rules.LIMITS]
    return req.render(
        "guests/rules.html",
        form=form,
        circle=circle,
        guests_from=FROM_WORDS.items(),
        limits=[*limits, (rules.NO_LIMIT, _("as many as they like"))],
    )
