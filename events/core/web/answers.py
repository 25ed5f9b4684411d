"""Shared answers of pages to a POST: by form or as JSON, and a refusal as a notice on the page before."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import jsonify, request
from werkzeug.wrappers import Response

from events.core.bus import savepoint
from events.core.errors import Conflict, TooMany
from events.core.web.error_messages import message_for
from events.core.web.forms import Form, parse_page
from events.core.web.pages import wants_json
from events.core.web.request import FormState, PageRequest

F = TypeVar("F", bound=Form)
T = TypeVar("T")


def answer_form_or_json(
    req: PageRequest,
    model: type[F],
    act: Callable[[F], T],
    *,
    as_json: Callable[[T], dict[str, object]],
    again: Callable[[FormState[F]], Response],
    done: Callable[[], Response],
) -> Response:
    """Act on a post by form, or by a script that asks for JSON, such as one whose socket is blocked.

    Mistakes show in the form (`again`); for JSON they are an answer with their status.
    """
    if wants_json():
        fields = {name: request.form.getlist(name) for name in request.form}
        return jsonify(as_json(act(parse_page(model, fields))))
    form = req.form(model)
    return again(form) if form.act(act) is None else done()


def go_or_say_why(
    req: PageRequest,
    act: Callable[[], T],
    endpoint: str,
    *,
    done: str | Callable[[T], str | None] | None,
    **values: Any,
) -> Response:
    """Act and go to a page that says `done`, or why a conflict or a ceiling refused it."""

    def then(result: T) -> Response:
        return req.go(endpoint, done=done(result) if callable(done) else done, **values)

    return act_or_say_why(req, act, then, endpoint, **values)


def act_or_say_why(
    req: PageRequest, act: Callable[[], T], then: Callable[[T], Response], endpoint: str, **values: Any
) -> Response:
    """Act and answer with `then(result)`; a refusal by a conflict or a ceiling is said on another page.

    The savepoint undoes what was written before the refusal: the redirect itself commits.
    """
    try:
        with savepoint(req.db):
            result = act()
    except (Conflict, TooMany) as refused:
        return req.go(endpoint, notice=message_for(refused.code, **refused.params), **values)
    return then(result)
