"""The switches of the desk: each changes the state of one livestream and answers with the desk."""

from collections.abc import Callable

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.core import words
from events.core.door import Door
from events.core.errors import Conflict, TooMany
from events.core.mailings import waits_for_tomorrow
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.livestreams import actions, forms
from events.livestreams.models import Livestream
from events.livestreams.views.pages import blueprint, directed


@page(blueprint, "/livestreams/<slug>/publish", who=Who.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def publish(door: Door, slug: str) -> Response:
    def announced(livestream: Livestream) -> str:
        done: str = _("It is announced. Members get a mail with a link, and so does whoever joins later.")
        if waits_for_tomorrow(door.db, livestream.circle_id):
            done = _(
                "It is announced. Your circle announced a lot today, so most members get this mail tomorrow."
            )
        return done

    return _switch(door, slug, announced, lambda it: actions.publish_livestream(door.db, door.actor, it))


@page(blueprint, "/livestreams/<slug>/start", who=Who.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def start(door: Door, slug: str) -> Response:
    done = _("You are live.")
    return _switch(door, slug, done, lambda it: actions.start_livestream(door.db, door.actor, it))


@page(blueprint, "/livestreams/<slug>/return", who=Who.ORGANISER, methods=("POST",))
def return_to_lobby(door: Door, slug: str) -> Response:
    done = _("You are back in the lobby. Every open page followed.")
    return _switch(door, slug, done, lambda it: actions.return_to_lobby(door.db, door.actor, it))


@page(blueprint, "/livestreams/<slug>/pause", who=Who.ORGANISER, methods=("POST",))
def pause(door: Door, slug: str) -> Response:
    form = door.form(forms.PauseLivestream)
    return _switch(
        door,
        slug,
        _("Viewers read your note."),
        lambda it: form.act(lambda data: actions.pause_livestream(door.db, door.actor, it, data)),
        form.errors,
    )


@page(blueprint, "/livestreams/<slug>/resume", who=Who.ORGANISER, methods=("POST",))
def resume(door: Door, slug: str) -> Response:
    done = _("You are live again.")
    return _switch(door, slug, done, lambda it: actions.resume_livestream(door.db, door.actor, it))


@page(blueprint, "/livestreams/<slug>/end", who=Who.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def end(door: Door, slug: str) -> Response:
    done = _("It has ended. Everyone who watched can say yes to a coffee now.")
    return _switch(door, slug, done, lambda it: actions.end_livestream(door.db, door.actor, it))


@page(blueprint, "/livestreams/<slug>/cancel", who=Who.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def cancel(door: Door, slug: str) -> Response:
    form = door.form(forms.CancelLivestream)
    return _switch(
        door,
        slug,
        _("It is cancelled. Everyone who was coming gets a mail, and their calendars follow."),
        lambda it: form.act(lambda data: actions.cancel_livestream(door.db, door.actor, it, data)),
        form.errors,
    )


@page(blueprint, "/livestreams/<slug>/next_item", who=Who.ORGANISER, methods=("POST",))
def next_item(door: Door, slug: str) -> Response:
    form = door.form(forms.BeginItem)
    return _switch(
        door,
        slug,
        None,
        lambda it: form.act(lambda data: actions.begin_next_item(door.db, door.actor, it, data)),
        form.errors,
    )


def _switch(
    door: Door,
    slug: str,
    done: str | Callable[[Livestream], str] | None,
    act: Callable[[Livestream], object],
    errors: dict[str, str] | None = None,
) -> Response:
    """Do one thing to a livestream and go back to its desk, with a word on what came of it."""
    livestream = directed(door, slug)
    try:
        with door.db.begin_nested():  # nothing is kept of what the mails it causes do not allow
            act(livestream)
    except (Conflict, TooMany) as refused:
        notice = words.say(refused.code, **refused.params)
        return door.go("stage.desk", slug=livestream.slug, notice=notice)
    if errors:
        return door.go("stage.desk", slug=livestream.slug, notice=next(iter(errors.values())))
    said = done(livestream) if callable(done) else done
    return door.go("stage.desk", slug=livestream.slug, done=said)
