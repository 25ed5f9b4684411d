"""The topic list, and what each member asks and offers."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles import actions, forms, policy, queries
from events.circles.models import Circle
from events.circles.views.circle import blueprint, here
from events.core.access import authorize
from events.core.door import Door
from events.core.errors import Invalid, NotFound
from events.core.locale import current_locale
from events.core.paging import Page
from events.core.rights import Who
from events.core.web import page


@page(blueprint, "/circles/<slug>/topics", who=Who.ORGANISER, methods=("GET", "POST"))
def topics(door: Door, slug: str) -> Response:
    circle, own = here()
    authorize(policy.may_organise, door.actor, own)
    form = door.form(forms.ChangeTopics)
    if form.act(lambda data: _change(door, circle, data)) is not None:
        return door.go("circles.topics", slug=circle.slug, done=_("Saved."))
    locale = current_locale()
    listed = queries.list_topics(door.db, circle.id)
    chosen = form.values.get("topic") or request.args.get("topic")
    return door.render(
        "circles/topics.html",
        form=form,
        circle=circle,
        topics=Page.cut(listed, door.page_number),
        chosen=next((topic for topic in listed if topic.id == chosen), None),
        others=[(topic.id, topic.name_in(locale)) for topic in listed if topic.id != chosen],
        uses=queries.count_uses(door.db, circle.id),
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
    listed = sorted(queries.list_topics(door.db, circle.id), key=lambda topic: topic.name_in(locale).lower())
    options = [(topic.id, topic.name_in(locale)) for topic in listed]
    return door.render("circles/me_in.html", form=form, circle=circle, options=options)


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
        actions.merge_topics(door.db, door.actor, circle, data.topic, data.into)
    else:
        actions.remove_topic(door.db, door.actor, circle, data.topic)
    return True
