"""Pages of a new member: the invitation, the three questions, and whether the list shows them."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles import policy
from events.circles.actions import joining
from events.circles.actions.listing import answer_questions, choose_listing
from events.circles.forms.circles import ChooseListing, FirstQuestions
from events.circles.models import Circle, Membership
from events.circles.queries import circles
from events.circles.queries.companies import suggest_companies
from events.circles.queries.topics import list_common
from events.circles.queries.upcoming import find_upcoming
from events.circles.views.circle import blueprint, circle_and_membership
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import Invalid, NotFound
from events.core.i18n.formatting import current_locale
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest

MAX_CHIPS = 12  # of each side; all the others are on the page of asks and offers


@page(blueprint, "/circles/<slug>/welcome", who=Access.SIGNED_IN, methods=("GET", "POST"), rate=CHANGE_RATE)
def accept_invitation(req: PageRequest, slug: str) -> Response:
    """For invited people: the button that joins. For members: three questions, which may be skipped."""
    circle, own = circle_and_membership()
    if own is not None:
        return _ask(req, circle, own)
    if req.posted:
        joining.accept_invitation(req.db, req.actor, circle, req.actor.id)
        return req.go("circles.accept_invitation", slug=circle.slug)
    invitation = circles.find_invitation(req.db, req.actor.id, circle.id)
    if not req.actor.is_signed_in() or invitation is None:
        raise NotFound
    coming = find_upcoming(req.db, req.actor, circle.id)
    return req.render("circles/welcome.html", circle=circle, own=None, invitation=invitation, coming=coming)


@page(blueprint, "/circles/<slug>/listing", who=Access.MEMBER, methods=("POST",))
def choose_to_be_listed(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.is_own, req.actor, own)
    form = req.form(ChooseListing)
    if form.data is None:
        raise Invalid("bad_choice")
    listed = form.data.listed == "yes"
    choose_listing(req.db, req.actor, circle, listed=listed)
    return req.go(
        "pages.today",
        done=_("The members of %(circle)s see you in their list.", circle=circle.name)
        if listed
        else _("The list of %(circle)s leaves you out.", circle=circle.name),
    )


def _ask(req: PageRequest, circle: Circle, own: Membership) -> Response:
    form = req.form(FirstQuestions, {} if req.posted else _stored(req, circle, own))
    form.values.pop("csrf_token", None)
    if req.posted and not form.values:  # pressed "Join" twice
        return req.go("circles.accept_invitation", slug=circle.slug)
    if form.act(lambda data: answer_questions(req.db, req.actor, circle, data)) is not None:
        return req.go("pages.today", done=_("Saved. Welcome to %(circle)s.", circle=circle.name))
    chosen = [str(topic) for side in ("asks", "offers") for topic in _all_of(form, side)]
    locale = current_locale()
    common = list_common(req.db, circle.id, MAX_CHIPS, chosen)
    return req.render(
        "circles/questions.html",
        form=form,
        circle=circle,
        options=sorted(
            ((topic.id, topic.name_in(locale)) for topic in common), key=lambda one: one[1].lower()
        ),
        coming=find_upcoming(req.db, req.actor, circle.id),
        companies=suggest_companies(req.db, req.actor, circle),
        own=own,
    )


def _stored(req: PageRequest, circle: Circle, own: Membership) -> dict[str, object]:
    asks, offers = circles.list_interests(req.db, circle.id, [own.user_id]).get(own.user_id, ([], []))
    stored: dict[str, object] = {
        "headline": own.user.headline,
        "company": own.user.company,
        "asks": [topic.id for topic in asks],
        "offers": [topic.id for topic in offers],
    }
    return stored | {"listed": "1"} if own.listed and own.listing_chosen_at is not None else stored


def _all_of(form: FormState[FirstQuestions], side: str) -> list[object]:
    found = form.values.get(side) or []
    return found if isinstance(found, list) else [found]
