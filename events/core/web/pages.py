"""Page decorator and error handlers: access check, unit of work, commit below status 400, errors as
pages.
"""

import string
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote, quote_from_bytes, urlsplit

import structlog
from flask import Blueprint, Flask, current_app, g, jsonify, redirect, render_template, request, session
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.wrappers import Response

from events.core.auth import actor as core_actor
from events.core.auth.actor import VISITOR, Actor
from events.core.auth.endpoints import MACHINE_PAGES, Access, Endpoint, declare
from events.core.config import LOOPBACK_HOSTS
from events.core.errors import NotFound, Refused, TooMany, Unavailable
from events.core.outages import database_outage
from events.core.web.error_messages import message_for
from events.core.web.request import SESSION_KEYS, PageRequest
from events.core.web.request_body import read_body
from events.core.web.templates import use_locale_of

log = structlog.get_logger()
P = ParamSpec("P")
View = Callable[Concatenate[PageRequest, P], Response | str]

POST_RATE = "300 per 10 minutes"  # per person and page
CHANGE_RATE = "60 per hour"  # for pages that send something to others

csrf = CSRFProtect()
login_manager = LoginManager()
_GUARDED = {
    Access.SIGNED_IN,
    Access.MEMBER,
    Access.ORGANISER,
    Access.OWNER,
    Access.PARTNER,
    Access.SELF,
    Access.OPERATOR,
}


def page(
    blueprint: Blueprint,
    rule: str,
    *,
    who: Access,
    methods: tuple[str, ...] = ("GET",),
    keys: tuple[str, ...] = (),
    name: str | None = None,
    rate: str = POST_RATE,
) -> Callable[[View[P]], View[P]]:
    """Declare a page. `who` is the minimum access, `keys` the personal keys (purpose and verb) that
    suffice instead, `rate` the limit of POST requests per person.
    """

    def register(view: View[P]) -> View[P]:
        endpoint = name or view.__name__
        limit = rate if "POST" in methods else None
        declared = Endpoint(f"{blueprint.name}.{endpoint}", "page", who, methods, keys, rule, limit)
        declare(declared)

        @wraps(view)
        def handle(*args: P.args, **kwargs: P.kwargs) -> Response:
            req = current_request()
            if who in _GUARDED and not _has_credentials(req.actor, declared.purposes):
                return _to_sign_in()
            if who is Access.DEVELOPMENT and (req.settings.production or not _is_loopback_host()):
                raise NotFound
            if request.method == "POST":
                req.limit(f"page {blueprint.name}.{endpoint}", rate)
            answer = view(req, *args, **kwargs)
            return answer if isinstance(answer, Response) else Response(answer, mimetype="text/html")

        blueprint.add_url_rule(rule, endpoint, handle, methods=list(methods))
        return view

    return register


def current_request() -> PageRequest:
    if "page_request" not in g:
        g.page_request = PageRequest()
    req: PageRequest = g.page_request
    return req


def init_app(app: Flask) -> None:
    """Install sign-in, CSRF, commit or rollback, and error handlers."""
    app.before_request(_quote_query)
    app.before_request(read_body)  # before a unit of work opens
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.user_loader(_load_signed_in)
    login_manager.request_loader(_load_by_key)
    login_manager.anonymous_user = lambda: VISITOR
    login_manager.session_protection = None  # our sign-ins are rows that can be revoked
    app.after_request(_commit_or_roll_back)
    app.teardown_request(_roll_back)
    app.register_error_handler(Refused, _answer_refusal)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(DBAPIError, _answer_database)
    app.register_error_handler(PoolTimeout, _answer_outage)
    app.register_error_handler(Exception, _answer_fault)


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _is_loopback_host() -> bool:
    """Whether the Host header is a loopback name; any other is a proxy, or DNS rebinding."""
    return urlsplit(request.host_url).hostname in LOOPBACK_HOSTS


def _has_credentials(actor: Actor, purposes: frozenset[str]) -> bool:
    return actor.is_signed_in() or any(purpose in purposes for purpose, _subject in actor.keys)


def _load_signed_in(sign_in_id: str) -> Actor | None:
    if request.endpoint in MACHINE_PAGES:
        return None
    actor = core_actor.load_actor(current_request().db, sign_in_id, tuple(session.get(SESSION_KEYS, [])))
    return None if actor is VISITOR else actor


def _load_by_key(_request: object) -> Actor | None:
    keys = tuple(session.get(SESSION_KEYS, []))
    if request.endpoint in MACHINE_PAGES or not keys:
        return None
    actor = core_actor.load_actor(current_request().db, None, keys)
    return None if actor is VISITOR else actor


def _quote_query() -> None:
    """Percent-encode non-ASCII bytes in the query: Werkzeug raises when they are no UTF-8.

    Gunicorn refuses such a request line; other servers may pass it on.
    """
    if not request.query_string.isascii():
        request.query_string = quote_from_bytes(request.query_string, safe=string.printable).encode()


def _commit_or_roll_back(response: Response) -> Response:
    req: PageRequest | None = g.get("page_request")
    if req is not None:
        if response.status_code >= 400:
            req.abandon()
            return response
        try:
            req.finish()
        except (DBAPIError, PoolTimeout) as busy:
            if database_outage(busy) is None:
                raise
            session.pop("_flashes", None)  # they announce what was rolled back
            return _answer_outage(busy)
    return response


def _roll_back(_error: BaseException | None) -> None:
    req: PageRequest | None = g.pop("page_request", None)
    if req is not None:
        req.abandon()


def _to_sign_in() -> Response:
    path = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(f"/sign-in?next={quote(path)}", 303)


def _answer_refusal(refused: Refused) -> Response:
    status = 404 if refused.status == 403 else refused.status
    req = current_request()
    req.abandon()
    if status == 404 and not wants_json() and not req.actor.is_signed_in() and request.method == "GET":
        # Visitors and key holders cannot tell absent from hidden.
        return _to_sign_in()
    response = _error_page(status, "not_found" if status == 404 else refused.code, refused.params)
    if isinstance(refused, TooMany | Unavailable):
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _answer_csrf(_error: CSRFError) -> Response:
    return _error_page(400, "expired_form", {})


def _answer_http(error: HTTPException) -> Response:
    code = error.code or 500
    if isinstance(error, SecurityError):
        return Response("Not our name.", 400, mimetype="text/plain")  # a page would link to that host
    if code == 404:
        # An unknown URL reveals nothing about existing rows.
        absent = request.endpoint in {None, "static"}
        return _error_page(404, "no_page", {}) if absent else _answer_refusal(NotFound())
    if code < 400:
        led_on = error.get_response()
        return Response(led_on.get_data(), code, led_on.headers)
    codes = {405: "wrong_method", 408: "too_slow", 413: "too_large", 429: "too_many"}
    response = _error_page(code, codes.get(code, "invalid"), {})
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _answer_database(error: DBAPIError) -> Response:
    return _answer_fault(error) if database_outage(error) is None else _answer_outage(error)


def _answer_outage(error: Exception) -> Response:
    log.warning("database unavailable", reason=database_outage(error), error=type(error).__name__)
    use_locale_of()  # the actor cannot be loaded
    return _answer_refusal(Unavailable())


def _answer_fault(error: Exception) -> Response:
    if current_app.config.get("TESTING_FAULTS"):
        raise error
    log.exception("page raised", path=request.path)
    current_request().abandon()
    return _error_page(500, "our_fault", {})


def _error_page(status: int, code: str, params: dict[str, object]) -> Response:
    sentence = message_for(code, **params)
    g.pop("current_circle", None)  # detached by the rollback
    if wants_json():
        response = jsonify({"error": {"code": code, "message": sentence}})
        response.status_code = status
        return response
    return Response(
        render_template("pages/error.html", sentence=sentence, status=status), status, mimetype="text/html"
    )
