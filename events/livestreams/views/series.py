"""Pages of a series: make one of an evening, see its evenings, when they are announced, stop it."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.livestreams import forms, policy
from events.livestreams.actions import series as actions
from events.livestreams.models import Livestream
from events.livestreams.queries import plans
from events.livestreams.queries.livestreams import get_visible
from events.livestreams.rules.rhythms import ANNOUNCE_CHOICES, ANNOUNCE_DAYS, ordinal_of, rhythms_of
from events.livestreams.views.pages import blueprint

ORDINALS = (_l("first"), _l("second"), _l("third"), _l("fourth"))
USUAL_COUNT = 6


@page(
    blueprint, "/livestreams/<slug>/series", who=Access.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE
)
def evenings(req: PageRequest, slug: str) -> Response:
    """The series that this evening belongs to, or the form that makes one of it; for organisers."""
    livestream = _organised(req, slug)
    series = plans.get_series(req.db, livestream)
    initial: dict[str, object] = {"announce_days": ANNOUNCE_DAYS, "count": USUAL_COUNT, "rhythm": "monthly"}
    form = req.form(forms.MakeSeries, initial)
    made = form.act(lambda data: actions.create_series(req.db, req.actor, livestream, data))
    if made is not None:
        return req.go("livestreams.evenings", slug=livestream.slug, done=_made(req, livestream))
    if series is None:
        day = plans.local_day(livestream)
        return req.render(
            "livestreams/make_series.html",
            form=form,
            livestream=livestream,
            rhythms=rhythms_of(day),
            ordinal=ORDINALS[min(ordinal_of(day), 4) - 1],
            announce_choices=ANNOUNCE_CHOICES,
            may_repeat=livestream.state in plans.CHANGEABLE,
        )
    listed = plans.page_of_evenings(req.db, series, req.page_number)
    count, drafts = plans.count_evenings(req.db, series)
    return req.render(
        "livestreams/series.html",
        livestream=livestream,
        series=series,
        listed=listed,
        days_off=plans.days_off(req.db, livestream.circle, listed.rows),
        count=count,
        drafts=drafts,
        announce_choices=ANNOUNCE_CHOICES,
    )


@page(
    blueprint,
    "/livestreams/<slug>/series/announce",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def announce_evenings(req: PageRequest, slug: str) -> Response:
    livestream = _organised(req, slug)
    form = req.form(forms.SetAnnouncement)
    form.act(lambda data: actions.set_announcement(req.db, req.actor, livestream, data))
    done = None if form.errors else _("Saved.")
    return req.go("livestreams.evenings", slug=livestream.slug, done=done, notice=form.first_error)


@page(blueprint, "/livestreams/<slug>/series/stop", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def stop_evenings(req: PageRequest, slug: str) -> Response:
    livestream = _organised(req, slug)
    stopped = actions.stop_series(req.db, req.actor, livestream)
    done = ngettext(
        "One evening is dropped. Nobody had been told about it yet.",
        "%(num)s evenings are dropped. Nobody had been told about them yet.",
        stopped,
    )
    return req.go("livestreams.evenings", slug=livestream.slug, done=done if stopped else None)


def _organised(req: PageRequest, slug: str) -> Livestream:
    livestream = get_visible(req.db, req.actor, slug)
    authorize(policy.may_plan, req.actor, membership_of(req.db, req.actor, livestream.circle_id))
    g.current_circle = CurrentCircle.of(livestream.circle)
    return livestream


def _made(req: PageRequest, livestream: Livestream) -> str:
    series = plans.get_series(req.db, livestream)
    rows = plans.list_evenings(req.db, series) if series is not None else []
    said = str(ngettext("One evening is planned.", "%(num)s evenings are planned.", len(rows)))
    off = len(plans.days_off(req.db, livestream.circle, rows))
    if off:
        warning = ngettext(
            "One falls on a holiday or in a break: move it or leave it out.",
            "%(num)s fall on a holiday or in a break: move them or leave them out.",
            off,
        )
        said += f" {warning}"
    return said
