"""Pages of office hours: offer times of one's own, withdraw or take one, and name the speaker."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from events.circles.models import Membership
from events.circles.policy import organises
from events.circles.queries.circles import CurrentCircle, membership_of
from events.circles.queries.person_lookup import list_candidates, list_suggested, visible_ids
from events.circles.rules import label_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.answers import act_or_say_why, go_or_say_why
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_visible
from events.office_hours import actions, forms, policy, queries, rules

blueprint = Blueprint("office_hours", __name__)
TAKE_RATE = "10 per day"

error_messages.register(
    {
        "not_free": _l("Choose times that are shown now."),
        "office_hours_full": _l("You can offer %(num)s places at most. Withdraw one first."),
        "office_hours_over": _l("Places can be offered until two weeks after the livestream."),
        "office_hour_taken": _l("This place is taken. You can cancel or move the coffee itself."),
        "office_hour_gone": _l("This place is no longer free."),
        "office_hour_had": _l("You have a place after this livestream already: one a person."),
    }
)


@page(
    blueprint,
    "/livestreams/<slug>/office-hours",
    who=Access.ORGANISER,
    methods=("GET", "POST"),
    rate=CHANGE_RATE,
)
def offer(req: PageRequest, slug: str) -> Response:
    """For host and speaker too."""
    livestream, membership = _livestream(req, slug)
    speaker_id = queries.find_speaker_id(req.db, livestream.id)
    authorize(policy.may_offer, req.actor, livestream, membership, speaker_id)
    own = [row for row in queries.list_rows(req.db, livestream, req.actor.id) if row.user.id == req.actor.id]
    offered = {row.hour.starts_at for row in own}
    times = [time for time in queries.list_times(req.db, req.actor.id, reader_zone()) if time not in offered]
    choices = [(time.isoformat(), time) for time in times]
    suggested = [] if own else [key for key, _time in choices[: rules.SUGGESTED]]
    form = req.form(forms.OfferOfficeHours, {"times": suggested, "minutes": "15", "days": "7"})
    count = form.act(lambda data: actions.offer_hours(req.db, req.actor, livestream, data))
    if count is not None:
        done = ngettext("You offer %(num)s place.", "You offer %(num)s places.", count)
        return req.go("office_hours.offer", slug=livestream.slug, done=done)
    return req.render(
        "office_hours/offer.html",
        form=form,
        livestream=livestream,
        own=own,
        times=choices,
        room=rules.MAX_PLACES - len(own),
    )


@page(
    blueprint,
    "/livestreams/<slug>/office-hours/<hour_id>/withdraw",
    who=Access.MEMBER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def withdraw(req: PageRequest, slug: str, hour_id: str) -> Response:
    livestream, _membership = _livestream(req, slug)
    return go_or_say_why(
        req,
        lambda: actions.withdraw_hour(req.db, req.actor, livestream, hour_id),
        "office_hours.offer",
        done=_("Withdrawn."),
        slug=livestream.slug,
    )


@page(
    blueprint,
    "/livestreams/<slug>/office-hours/<hour_id>/take",
    who=Access.MEMBER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def take(req: PageRequest, slug: str, hour_id: str) -> Response:
    livestream, _membership = _livestream(req, slug)
    req.limit("take office hour", TAKE_RATE)
    done = _("It's agreed. Both of you get it in your calendar.")
    return act_or_say_why(
        req,
        lambda: actions.take_hour(req.db, req.actor, livestream, hour_id),
        lambda coffee: req.go("coffees.show", id=coffee.id, done=done),
        "stage.show",
        slug=livestream.slug,
    )


@page(
    blueprint,
    "/livestreams/<slug>/speaker",
    who=Access.ORGANISER,
    methods=("GET", "POST"),
    rate=CHANGE_RATE,
)
def speaker(req: PageRequest, slug: str) -> Response:
    """For the host too."""
    livestream, membership = _livestream(req, slug)
    authorize(policy.may_name_speaker, req.actor, livestream, membership)
    known = queries.find_speaker(req.db, livestream.id)
    first: dict[str, object] = (
        {"speaker": label_of(known), "speaker_id": known.id} if known is not None else {}
    )
    form = req.form(forms.NameSpeaker, first)
    if form.act(lambda data: actions.name_speaker(req.db, req.actor, livestream, data)) is not None:
        return req.go("stage.show", slug=livestream.slug, done=_("Saved."))
    among = visible_ids(req.db, req.actor, livestream.circle)
    several = form.codes.get("speaker") == "several_people"
    typed = str(form.values.get("speaker", ""))
    suggested = list_suggested(req.db, req.actor, livestream.circle, [])
    return req.render(
        "office_hours/speaker.html",
        form=form,
        livestream=livestream,
        labels=[label_of(user) for user in suggested],
        people=list_candidates(req.db, among, typed, by_address=organises(membership)) if several else [],
    )


def _livestream(req: PageRequest, slug: str) -> tuple[Livestream, Membership | None]:
    livestream = get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    if membership is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
    return livestream, membership
