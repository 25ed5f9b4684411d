"""The topic list, and what each member asks and offers."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles import actions, forms, policy, queries
from events.circles.models import Circle
from events.circles.queries.topics import find_named, find_topic, list_common, list_names, list_used
from events.circles.views.circle import blueprint, here
from events.core.access import authorize
from events.core.door import Door, FormState
from events.core.errors import Invalid, NotFound
from events.core.locale import current_locale
from events.core.rights import Who
from events.core.web import page

MAX_CHIPS = 40  # the most used ones; others are typed


@page(blueprint, "/circles/<slug>/topics", who=Who.ORGANISER, methods=("GET", "POST"))
def topics(door: Door, slug: str) -> Response:
    circle, own = here()
    authorize(policy.may_organise, door.actor, own)
    form = door.form(forms.ChangeTopics)
    if form.act(lambda data: _change(door, circle, data)) is not None:
        return door.go("circles.topics", slug=circle.slug, done=_("Saved."))
    chosen = find_topic(door.db, circle.id, str(form.values.get("topic") or request.args.get("topic", "")))
    return door.render(
        "circles/topics.html",
        form=form,
        circle=circle,
        chosen=chosen,
        topics=None if chosen else list_used(door.db, circle.id, door.search, door.page_number),
        names=list_names(door.db, circle.id) if chosen else [],
        search=door.search,
    )


@page(blueprint, "/circles/<slug>/me", who=Who.MEMBER, methods=("GET", "POST"))
def me_in(door: Door, slug: str) -> Response:
    circle, own = here()
    authorize(policy.is_own, door.actor, own)
    if own is None:
        raise NotFound
    asks, offers = queries.list_interests(door.db, circle.id, [own.user_id]).get(own.user_id, ([], []))
    stored: dict[str, object] = {
        "asks": [topic.id for topic in asks],
        "offers": [topic.id for topic in offers],
    }
    if own.listed:
        stored["listed"] = "1"
    # What is not ticked is not sent, and must not seem chosen when a refused form comes back.
    form = door.form(forms.Interests, {} if door.posted else stored)
    if form.act(lambda data: actions.set_interests(door.db, door.actor, circle, data)) is not None:
        return door.go("circles.member", slug=circle.slug, user_id=own.user_id, done=_("Saved."))
    locale = current_locale()
    own_ids = [topic.id for topic in (*asks, *offers)]
    common = list_common(door.db, circle.id, MAX_CHIPS, [*own_ids, *_ticked(form)])
    listed = sorted(common, key=lambda topic: topic.name_in(locale).lower())
    options = [(topic.id, topic.name_in(locale)) for topic in listed]
    return door.render("circles/me_in.html", form=form, circle=circle, options=options)


def _ticked(form: FormState[forms.Interests]) -> list[str]:
    """The topics of a refused form, so that they are still ticked."""
    return [*form.data.asks, *form.data.offers] if form.data is not None else []


def _change(door: Door, circle: Circle, data: forms.ChangeTopics) -> bool:
    """Which fields a change needs depends on the change."""
    if data.do == "add":
        if data.name_nl is None:
            raise Invalid(fields=[("name_nl", "missing")])
        actions.add_topic(door.db, door.actor, circle, data.name_nl, data.name_en or data.name_nl)
        return True
    if data.topic is None:
        raise Invalid("bad_choice")
    if data.do == "rename":
        if data.name_nl is None:
            raise Invalid(fields=[("name_nl", "missing")])
        names = (data.name_nl, data.name_en or data.name_nl)
        actions.rename_topic(door.db, door.actor, circle, data.topic, *names)
    elif data.do == "merge":
        if data.into is None:
            raise Invalid(fields=[("into", "missing")])
        if find_topic(door.db, circle.id, data.topic) is None:
            raise NotFound
        into = find_named(door.db, circle.id, data.into)
        if into is None:
            raise Invalid(fields=[("into", "no_such_topic")])
        actions.merge_topics(door.db, door.actor, circle, data.topic, into.id)
    else:
        actions.remove_topic(door.db, door.actor, circle, data.topic)
    return True
