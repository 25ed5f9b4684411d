"""Downloads of a circle's lists as CSV: members, invitations, registrations of one livestream."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import get_circle
from events.core import clock
from events.core.auth.endpoints import Access
from events.core.i18n.formatting import current_locale
from events.core.text.csv_files import csv_chunks
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.exports import actions, queries
from events.livestreams.queries.livestreams import get_visible
from events.registrations.rules import ON_LIST

blueprint = Blueprint("exports", __name__)
EXPORT_RATE = "20 per hour"
ROLES = {"owner": _l("owner"), "organiser": _l("organiser"), "member": _l("member")}
STATUSES = {
    "joined": _l("joined"),
    "declined": _l("said no, thank you"),
    "returned": _l("the mail came back"),
    "looked": _l("had a look"),
    "reminded": _l("reminded"),
    "sent": _l("mailed"),
    "waiting": _l("invited"),
}
STATES = {
    "coming": _l("Coming"),
    "withdrawn": _l("Gave it up"),
    **dict.fromkeys(ON_LIST, _l("On the waiting list")),
}
Cells = Sequence[str | int]


@page(blueprint, "/circles/<slug>/members.csv", who=Access.ORGANISER, methods=("POST",), rate=EXPORT_RATE)
def members(req: PageRequest, slug: str) -> Response:
    circle = get_circle(req.db, slug, req.actor)
    actions.note_export_of_people(req.db, req.actor, circle, "members")
    roles, yes, no = {key: str(words) for key, words in ROLES.items()}, _("yes"), _("no")
    headings = (
        _("Name"), _("What they do"), _("Company"), _("Role in the circle"), _("In the member list"),
        _("Looking for"), _("Can help with"),
    )  # fmt: skip

    def rows() -> Iterator[list[Cells]]:
        for batch in queries.read_members(circle.id, locale):
            yield [
                (
                    one.name, one.headline, one.company, roles[one.role], yes if one.listed else no,
                    ", ".join(one.asks), ", ".join(one.offers),
                )
                for one in batch
            ]  # fmt: skip

    locale = current_locale()
    return _file(req, _("members"), headings, rows())


@page(blueprint, "/circles/<slug>/invitations.csv", who=Access.ORGANISER, methods=("POST",), rate=EXPORT_RATE)
def invitations(req: PageRequest, slug: str) -> Response:
    circle = get_circle(req.db, slug, req.actor)
    actions.note_export_of_people(req.db, req.actor, circle, "invitations")
    statuses = {key: str(words) for key, words in STATUSES.items()}
    zone = _zone(req)

    def rows() -> Iterator[list[Cells]]:
        for batch in queries.read_invitations(circle.id):
            yield [(one.name, one.address, statuses[one.status], _moment(one.at, zone)) for one in batch]

    headings = _("Name"), _("E-mail address"), _("What became of it"), _("When")
    return _file(req, _("invitations"), headings, rows())


@page(
    blueprint,
    "/livestreams/<slug>/registrations.csv",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=EXPORT_RATE,
)
def registrations(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    actions.note_export_of_registrations(req.db, req.actor, livestream)
    states = {key: str(words) for key, words in STATES.items()}
    yes, guest, zone = _("yes"), _("guest"), _zone(req)

    def rows() -> Iterator[list[Cells]]:
        for batch in queries.read_registrations(livestream.id):
            yield [
                (
                    one.name, guest if one.guest else "", states.get(one.state, ""),
                    _moment(one.since, zone) if one.since else "", yes if one.came else "",
                )
                for one in batch
            ]  # fmt: skip

    headings = _("Name"), _("Guest"), _("Place"), _("Since"), _("Came")
    return _file(req, _("registrations"), headings, rows())


def _file(req: PageRequest, name: str, headings: Sequence[str], batches: Iterator[list[Cells]]) -> Response:
    """The audit entry is committed before the first byte."""
    day = clock.now().astimezone(_zone(req)).date().isoformat()
    req.finish()
    response = Response(csv_chunks(headings, batches), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.csv"'
    return response


def _zone(req: PageRequest) -> ZoneInfo:
    return ZoneInfo(req.actor.zone or "UTC")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """As spreadsheets read it in every language: 2026-12-03 20:00."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
