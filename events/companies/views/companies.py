"""Pages of a circle's companies: the list, one company with its people, and working there too."""

from flask import Blueprint, g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.actions.companies import join_company
from events.circles.models import Circle, Membership
from events.circles.policy import may_see_members
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.circles.queries.companies import get_company, list_companies, list_people
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest

blueprint = Blueprint("companies", __name__)


@page(blueprint, "/circles/<slug>/companies", who=Access.MEMBER)
def index(req: PageRequest, slug: str) -> Response:
    circle, _own = _circle(req, slug)
    found = list_companies(req.db, req.actor, circle, req.search, req.page_number)
    return req.render("companies/index.html", circle=circle, found=found, search=req.search)


@page(blueprint, "/circles/<slug>/companies/<company_id>", who=Access.MEMBER)
def show(req: PageRequest, slug: str, company_id: str) -> Response:
    circle, own = _circle(req, slug)
    company = get_company(req.db, req.actor, circle, company_id)
    found = list_people(req.db, req.actor, circle, company, req.page_number)
    return req.render("companies/show.html", circle=circle, own=own, company=company, found=found)


@page(
    blueprint,
    "/circles/<slug>/companies/<company_id>/join",
    who=Access.MEMBER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def join(req: PageRequest, slug: str, company_id: str) -> Response:
    circle, _own = _circle(req, slug)
    company = get_company(req.db, req.actor, circle, company_id)
    join_company(req.db, req.actor, circle, company)
    done = _("%(company)s is in your profile now.", company=company.name)
    return req.go("companies.show", slug=circle.slug, company_id=company.id, done=done)


def _circle(req: PageRequest, slug: str) -> tuple[Circle, Membership]:
    circle = get_circle(req.db, slug, req.actor)
    own = membership_of(req.db, req.actor, circle.id)
    authorize(may_see_members, req.actor, own)
    assert own is not None  # noqa: S101 - may_see_members asks for one
    g.current_circle = CurrentCircle.of(circle)
    return circle, own
