"""Parts of a circle's public page that its team changes: logo, colour preview, names of the team."""

import re
from pathlib import Path

from flask import render_template, request, send_from_directory
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles import policy
from events.circles.actions.circle import set_logo
from events.circles.actions.members import name_on_page
from events.circles.forms.circles import ChangeLogo, NameOnPage
from events.circles.queries.circles import get_circle
from events.circles.rules import cover_accent
from events.circles.views.circle import blueprint, circle_and_membership, render_settings
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import Invalid, NotFound
from events.core.media.contrast import HEX_COLOUR
from events.core.media.files import save_logo
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest

_NAME = re.compile(r"[a-z2-7]{26}\.png")


@page(blueprint, "/circles/<slug>/logo", who=Access.OWNER, methods=("POST",), rate=CHANGE_RATE)
def change_logo(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.may_own, req.actor, own)
    form = req.form(ChangeLogo)
    if form.data is None:
        return render_settings(req, circle, logo=form)
    given = request.files.get("logo")
    req.finish()
    try:
        name = None if form.data.remove else _save(req, given.stream.read() if given else b"")
    except Invalid as invalid:
        form.refuse(invalid)
        return render_settings(req, circle, logo=form)
    former = set_logo(req.db, req.actor, get_circle(req.db, slug), name)
    req.finish()
    if former is not None:
        (_directory(req) / former).unlink(missing_ok=True)
    return req.go("circles.settings", slug=circle.slug, done=_("Saved."))


@page(blueprint, "/logos/<name>", who=Access.ANYONE)
def logo(req: PageRequest, name: str) -> Response:
    """Also for mail programs: the same address in every mail, so it never tells who opened one."""
    if not _NAME.fullmatch(name):
        raise NotFound
    response = send_from_directory(_directory(req).absolute(), name, mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@page(blueprint, "/circles/<slug>/colour.svg", who=Access.OWNER)
def colour_preview(req: PageRequest, slug: str) -> Response:
    """The circle's tile in a colour that is not saved yet, on a light and a dark page."""
    circle, own = circle_and_membership()
    authorize(policy.may_own, req.actor, own)
    colour = request.args.get("colour", "")
    if colour and not HEX_COLOUR.fullmatch(colour):
        raise NotFound
    drawn = render_template(
        "circles/colour_preview.svg", circle=circle, colour=colour, accent=cover_accent(colour)
    )
    return Response(drawn, mimetype="image/svg+xml")


@page(blueprint, "/circles/<slug>/named", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def change_named(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    form = req.form(NameOnPage)
    if form.data is None:
        raise Invalid("bad_choice")
    name_on_page(req.db, req.actor, own, named=form.data.named)
    return req.go("circles.show", slug=circle.slug, done=_("Saved."))


def _save(req: PageRequest, data: bytes) -> str:
    if not data:
        raise Invalid(fields=[("logo", "no_picture")])
    return save_logo(_directory(req), data)


def _directory(req: PageRequest) -> Path:
    return req.settings.media_dir / "logos"
