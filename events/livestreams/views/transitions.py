"""Form endpoints of a livestream's transitions; each redirects to the desk."""

from collections.abc import Callable

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.core.auth.endpoints import Access
from events.core.i18n.formatting import current_locale, when
from events.core.mail.mailings import waits_for_tomorrow
from events.core.web.answers import act_or_say_why
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone
from events.livestreams import forms
from events.livestreams.actions import endings, gathering, transitions
from events.livestreams.models import Livestream
from events.livestreams.views.pages import blueprint, get_directed


@page(blueprint, "/livestreams/<slug>/publish", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def publish(req: PageRequest, slug: str) -> Response:
    def announced(livestream: Livestream) -> str:
        done: str = _("It is announced. Members get a mail with a link, and so does whoever joins later.")
        if waits_for_tomorrow(req.db, livestream.circle_id):
            done = _(
                "It is announced. Members get one mail a day: "
                "anyone who had one today gets this one tomorrow."
            )
        return done

    return _switch(req, slug, announced, lambda it: transitions.publish_livestream(req.db, req.actor, it))


@page(blueprint, "/livestreams/<slug>/start", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def start(req: PageRequest, slug: str) -> Response:
    done = _("You are live.")
    return _switch(req, slug, done, lambda it: transitions.start_livestream(req.db, req.actor, it))


@page(blueprint, "/livestreams/<slug>/return", who=Access.ORGANISER, methods=("POST",))
def return_to_lobby(req: PageRequest, slug: str) -> Response:
    done = _("You are back in the lobby. Every open page followed.")
    return _switch(req, slug, done, lambda it: transitions.return_to_lobby(req.db, req.actor, it))


@page(blueprint, "/livestreams/<slug>/pause", who=Access.ORGANISER, methods=("POST",))
def pause(req: PageRequest, slug: str) -> Response:
    form = req.form(forms.PauseLivestream)
    return _switch(
        req,
        slug,
        _("Viewers read your note."),
        lambda it: form.act(lambda data: transitions.pause_livestream(req.db, req.actor, it, data)),
        form.errors,
    )


@page(blueprint, "/livestreams/<slug>/lobby_note", who=Access.ORGANISER, methods=("POST",))
def tell_lobby(req: PageRequest, slug: str) -> Response:
    form = req.form(forms.TellLobby)
    told = form.data is not None and form.data.words
    return _switch(
        req,
        slug,
        _("Everyone in the lobby reads it.") if told else _("The lobby no longer shows your words."),
        lambda it: form.act(lambda data: gathering.tell_lobby(req.db, req.actor, it, data)),
        form.errors,
    )


@page(blueprint, "/livestreams/<slug>/later", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def start_later(req: PageRequest, slug: str) -> Response:
    form = req.form(forms.StartLater)
    return _switch(
        req,
        slug,
        lambda it: str(_("It starts at %(hour)s. Everyone who registered gets a mail.", hour=_hour(it))),
        lambda it: form.act(lambda data: gathering.start_later(req.db, req.actor, it, data)),
        form.errors,
    )


@page(blueprint, "/livestreams/<slug>/resume", who=Access.ORGANISER, methods=("POST",))
def resume(req: PageRequest, slug: str) -> Response:
    done = _("You are live again.")
    return _switch(req, slug, done, lambda it: transitions.resume_livestream(req.db, req.actor, it))


@page(blueprint, "/livestreams/<slug>/end", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def end(req: PageRequest, slug: str) -> Response:
    done = _("It has ended. Everyone who watched can say yes to a coffee now.")
    return _switch(req, slug, done, lambda it: transitions.end_livestream(req.db, req.actor, it))


@page(blueprint, "/livestreams/<slug>/undo_end", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def undo_end(req: PageRequest, slug: str) -> Response:
    done = _("You are live again, and so is every open page.")
    return _switch(req, slug, done, lambda it: endings.undo_end(req.db, req.actor, it))


@page(blueprint, "/livestreams/<slug>/extend", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def extend(req: PageRequest, slug: str) -> Response:
    done = _("It goes on: for half an hour it won't end by itself.")
    return _switch(req, slug, done, lambda it: endings.extend_livestream(req.db, req.actor, it))


@page(blueprint, "/livestreams/<slug>/cancel", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def cancel(req: PageRequest, slug: str) -> Response:
    form = req.form(forms.CancelLivestream)
    return _switch(
        req,
        slug,
        _("It is cancelled. Everyone who was coming gets a mail, and their calendars follow."),
        lambda it: form.act(lambda data: transitions.cancel_livestream(req.db, req.actor, it, data)),
        form.errors,
    )


@page(blueprint, "/livestreams/<slug>/next_item", who=Access.ORGANISER, methods=("POST",))
def next_item(req: PageRequest, slug: str) -> Response:
    form = req.form(forms.BeginItem)
    return _switch(
        req,
        slug,
        None,
        lambda it: form.act(lambda data: transitions.begin_next_item(req.db, req.actor, it, data)),
        form.errors,
    )


def _hour(livestream: Livestream) -> str:
    return when(livestream.starts_at, "hour", reader_zone(), current_locale())


def _switch(
    req: PageRequest,
    slug: str,
    done: str | Callable[[Livestream], str] | None,
    act: Callable[[Livestream], object],
    errors: dict[str, str] | None = None,
) -> Response:
    """Run one transition and redirect to the desk with a message."""
    livestream = get_directed(req, slug)

    def then(_result: object) -> Response:
        if errors:
            return req.go("stage.desk", slug=livestream.slug, notice=next(iter(errors.values())))
        said = done(livestream) if callable(done) else done
        return req.go("stage.desk", slug=livestream.slug, done=said)

    return act_or_say_why(req, lambda: act(livestream), then, "stage.desk", slug=livestream.slug)
