"""Saying yes and taking it back, from the livestream it belongs to."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle
from events.core import words
from events.core.door import Door
from events.core.errors import NotFound
from events.core.locale import current_locale, when
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import page
from events.livestreams.models import Livestream
from events.livestreams.queries import get_visible
from events.matching import actions, forms, queries
from events.matching.models import Yes

blueprint = Blueprint("matching", __name__)
KEYS = ("livestream:have",)

words.register(
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


@page(blueprint, "/livestreams/<slug>/coffee", who=Who.SIGNED_IN, methods=("GET", "POST"), keys=KEYS)
def say_yes(door: Door, slug: str) -> Response:
    """The sheet with the times while one can say yes; before and after that, how things stand."""
    livestream, panel = _livestream(door, slug)
    sheet = queries.sheet_of(door.db, door.actor, panel)
    if sheet is None and not door.posted:
        return door.render("matching/standing.html", livestream=livestream, coffee_round=panel)
    form = door.form(forms.SayYes, sheet.initial if sheet is not None and not door.posted else None)
    yes = form.act(lambda data: actions.say_yes(door.db, door.actor, livestream, data))
    if yes is not None:
        return door.go("stage.show", slug=livestream.slug, done=said_yes(yes, panel))
    if sheet is None:
        return door.go("matching.say_yes", slug=livestream.slug, notice=form.first_error)
    return door.render("matching/say_yes.html", livestream=livestream, sheet=sheet, form=form)


@page(blueprint, "/livestreams/<slug>/coffee/withdraw", who=Who.SIGNED_IN, methods=("POST",), keys=KEYS)
def withdraw(door: Door, slug: str) -> Response:
    livestream, _panel = _livestream(door, slug)
    actions.withdraw_yes(door.db, door.actor, livestream)
    return door.go("stage.show", slug=livestream.slug, done=_("Fine. No coffee this time."))


def said_yes(yes: Yes, panel: queries.Panel) -> str:
    """That it was heard, and by when they hear more."""
    hears = yes.news_by or panel.publish_at
    day = when(hears, "day", reader_zone(), current_locale()) if hears is not None else ""
    return str(_("You said yes. You'll hear by %(day)s.", day=day))


def _livestream(door: Door, slug: str) -> tuple[Livestream, queries.Panel]:
    """The livestream and how near this reader is to a coffee; for who may not say yes there is neither."""
    livestream = get_visible(door.db, door.actor, slug)
    panel = queries.panel_of(door.db, door.actor, livestream)
    if panel is None or not panel.may_say:
        raise NotFound
    if panel.is_member:
        g.current_circle = CurrentCircle.of(livestream.circle)
    return livestream, panel
