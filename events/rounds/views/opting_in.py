"""Opt-in page of a livestream's round, and error messages of rounds."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.i18n.formatting import current_locale, when
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_visible
from events.rounds import forms
from events.rounds.actions import opting_in
from events.rounds.models import OptIn
from events.rounds.queries import opt_in_form, panels
from events.rounds.views.topics import topic_fields

blueprint = Blueprint("rounds", __name__)
KEYS = ("livestream:have",)

error_messages.register(
    {
        "no_times": _l("Pick at least one time that is really free."),
        "no_form": _l("Pick at least one way to talk."),
        "time_not_offered": _l("One of these times isn't offered any more. Pick from the ones below."),
        "time_busy": _l("You have another coffee at one of these times. Pick from the others."),
        "round_closed": _l("This round has closed. What you chose before still counts."),
        "round_not_open": _l("This round isn't open yet."),
        "round_changed": _l("This round has changed in the meantime. Have another look."),
        "draft_gone": _l("The coffees of this round have been proposed already."),
        "does_not_fit": _l("That can't be done. Everything stays as it was; try it with someone else."),
        "round_open_already": _l("A round is open already. Wait for it, or close it first."),
        "no_parts": _l("Pick at least one part of the day."),
        "pause_over": _l("Pick a day that is still ahead."),
        "one_of_both": _l("Choose a member, or write the name of a company."),
        "too_many_apart": _l("The list is full. Take off whom you no longer mind meeting."),
        "coffee_had": _l("You already have a coffee in this round."),
    }
)


@page(blueprint, "/livestreams/<slug>/coffee", who=Access.SIGNED_IN, methods=("GET", "POST"), keys=KEYS)
def opt_in(req: PageRequest, slug: str) -> Response:
    """The form while opt-ins are accepted; before and after that the status."""
    livestream, panel = _livestream(req, slug)
    sheet = opt_in_form.opt_in_form_data(req.db, req.actor, panel)
    if sheet is None and not req.posted:
        return req.render("rounds/preferences.html", livestream=livestream, coffee_round=panel)
    form = req.form(forms.OptInForm, sheet.initial if sheet is not None and not req.posted else None)
    saved = form.act(lambda data: opting_in.submit_opt_in(req.db, req.actor, livestream, data))
    if saved is not None:
        return req.go("stage.show", slug=livestream.slug, done=confirmation(saved, panel))
    if sheet is None:
        return req.go("rounds.opt_in", slug=livestream.slug, notice=form.first_error)
    return req.render(
        "rounds/opt_in.html",
        livestream=livestream,
        sheet=sheet,
        form=form,
        topics=topic_fields(sheet, form),
    )


@page(blueprint, "/livestreams/<slug>/coffee/withdraw", who=Access.SIGNED_IN, methods=("POST",), keys=KEYS)
def withdraw(req: PageRequest, slug: str) -> Response:
    livestream, _panel = _livestream(req, slug)
    opting_in.withdraw_opt_in(req.db, req.actor, livestream)
    return req.go("stage.show", slug=livestream.slug, done=_("Fine. No coffee this time."))


def confirmation(saved: OptIn, panel: panels.Panel) -> str:
    hears = saved.notify_by or panel.publish_at
    day = when(hears, "day", reader_zone(), current_locale()) if hears is not None else ""
    return str(_("You said yes. You'll hear by %(day)s.", day=day))


def _livestream(req: PageRequest, slug: str) -> tuple[Livestream, panels.Panel]:
    """NotFound for people who may not opt in."""
    livestream = get_visible(req.db, req.actor, slug)
    panel = panels.panel_of(req.db, req.actor, livestream)
    if panel is None or not panel.may_opt_in:
        raise NotFound
    if panel.is_member:
        g.current_circle = CurrentCircle.of(livestream.circle)
    return livestream, panel
