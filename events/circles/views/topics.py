"""Pages of the topic list and of the actor's own asks and offers."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles import policy
from events.circles.actions import topics as circles_topics
from events.circles.forms import circles
from events.circles.models import Circle
from events.circles.queries import circles as circles_circles
from events.circles.queries.topics import find_named, find_topic, list_common, list_names, list_used
from events.circles.views.circle import blueprint, circle_and_membership
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import Invalid, NotFound
from events.core.i18n.formatting import current_locale
from events.core.web.pages import page
from events.core.web.request import FormState, PageRequest

MAX_CHIPS = 40  # most used topics; others are typed


@page(blueprint, "/circles/<slug>/topics", who=Access.ORGANISER, methods=("GET", "POST"))
def topics(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.may_organise, req.actor, own)
    form = req.form(circles.ChangeTopics)
    if form.act(lambda data: _change(req, circle, data)) is not None:
        return req.go("circles.topics", slug=circle.slug, done=_("Saved."))
    chosen = find_topic(req.db, circle.id, str(form.values.get("topic") or request.args.get("topic", "")))
    return req.render(
        "circles/topics.html",
        form=form,
        circle=circle,
        chosen=chosen,
        topics=None if chosen else list_used(req.db, circle.id, req.search, req.page_number),
        names=list_names(req.db, circle.id) if chosen else [],
        search=req.search,
    )


@page(blueprint, "/circles/<slug>/me", who=Access.MEMBER, methods=("GET", "POST"))
def me_in(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.is_own, req.actor, own)
    if own is None:
        raise NotFound
    asks, offers = circles_circles.list_interests(req.db, circle.id, [own.user_id]).get(own.user_id, ([], []))
    stored: dict[str, object] = {
        "asks": [topic.id for topic in asks],
        "offers": [topic.id for topic in offers],
    }
    if own.listed:
        stored["listed"] = "1"
    # Browsers omit unticked boxes; a refused form must not show them ticked.
    form = req.form(circles.Interests, {} if req.posted else stored)
    if form.act(lambda data: circles_topics.set_interests(req.db, req.actor, circle, data)) is not None:
        return req.go("circles.member", slug=circle.slug, user_id=own.user_id, done=_("Saved."))
    locale = current_locale()
    own_ids = [topic.id for topic in (*asks, *offers)]
    common = list_common(req.db, circle.id, MAX_CHIPS, [*own_ids, *_ticked(form)])
    listed = sorted(common, key=lambda topic: topic.name_in(locale).lower())
    options = [(topic.id, topic.name_in(locale)) for topic in listed]
    return req.render("circles/me_in.html", form=form, circle=circle, options=options)


def _ticked(form: FormState[circles.Interests]) -> list[str]:
    """Topics of a refused form, so that they stay ticked."""
    return [*form.data.asks, *form.data.offers] if form.data is not None else []


def _change(req: PageRequest, circle: Circle, data: circles.ChangeTopics) -> bool:
    """Raises Invalid if the change lacks a field, NotFound for another circle's topic."""
    if data.do == "add":
        if data.name_nl is None:
            raise Invalid(fields=[("name_nl", "missing")])
        circles_topics.add_topic(req.db, req.actor, circle, data.name_nl, data.name_en or data.name_nl)
        return True
    if data.topic is None:
        raise Invalid("bad_choice")
    if data.do == "rename":
        if data.name_nl is None:
            raise Invalid(fields=[("name_nl", "missing")])
        names = (data.name_nl, data.name_en or data.name_nl)
        circles_topics.rename_topic(req.db, req.actor, circle, data.topic, *names)
    elif data.do == "merge":
        if data.into is None:
            raise Invalid(fields=[("into", "missing")])
        if find_topic(req.db, circle.id, data.topic) is None:
            raise NotFound
        into = find_named(req.db, circle.id, data.into)
        if into is None:
            raise Invalid(fields=[("into", "no_such_topic")])
        circles_topics.merge_topics(req.db, req.actor, circle, data.topic, into.id)
    else:
        circles_topics.remove_topic(req.db, req.actor, circle, data.topic)
    return True
