"""Home, Today and information pages, and health checks for machines."""

from hmac import compare_digest
from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Response

from events.accounts.queries.people import list_accessible_pages
from events.core.auth.endpoints import Access
from events.core.config import LOOPBACK_HOSTS
from events.core.errors import NotFound
from events.core.network.client_network import current_address
from events.core.ops.health import examine_health
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.pages.queries.today import today_of

blueprint = Blueprint("pages", __name__)
KEYS = (
    "livestream:watch",
    "coffee:read",
    "introduction:read",
    "colleague:answer",
    "round:answer",
    "pause:end",
    "welcome:accept",
)  # home names them


@page(blueprint, "/", who=Access.ANYONE, keys=KEYS)
def today(req: PageRequest) -> Response:
    if req.actor.kind == "key":
        return req.render("pages/by_key.html", opened=list_accessible_pages(req.db, req.actor))
    if not req.actor.is_signed_in():
        return req.render("pages/home.html")
    return req.render("pages/today.html", today=today_of(req.db, req.actor))


@page(blueprint, "/privacy", who=Access.ANYONE)
def privacy(req: PageRequest) -> Response:
    return req.render("pages/privacy.html")


@page(blueprint, "/help", who=Access.ANYONE)
def help(req: PageRequest) -> Response:
    return req.render("pages/help.html")


@page(blueprint, "/healthz", who=Access.ANYONE)
def health(req: PageRequest) -> Response:
    return jsonify({"alive": True, "version": _version()})


@page(blueprint, "/readyz", who=Access.ANYONE)
def ready(req: PageRequest) -> Response:
    req.limit_network("ready", "120 per minute")
    health = examine_health(req.settings)
    checks = {
        "database": health.database is None,
        "tables": health.tables,
        "worker": health.worker,
        "queue": health.queue,
        "redis": health.redis is None,
        "media": req.settings.media_dir.parent.exists(),
    }
    well = all(checks.values())
    waits, worked = health.mail_waits_since, health.relay.worked_at
    more = {
        "mail_waits_since": waits and waits.isoformat(timespec="seconds"),
        "given_up": health.failed,
        "relay_works": health.relay.works,
        "relay_worked_at": worked and worked.isoformat(timespec="seconds"),
    }
    response = jsonify({"ready": well, **(checks | more if _may_see_inside(req) else {})})
    response.status_code = 200 if well else 503
    return response


@page(blueprint, "/metrics", who=Access.TOKEN)
def metrics(req: PageRequest) -> Response:
    if not _may_see_inside(req):
        raise NotFound
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)


def _may_see_inside(req: PageRequest) -> bool:
    """With METRICS_TOKEN; without it only this machine, and never in production, where a proxy that says
    nothing of who calls looks like this machine itself."""
    token = req.settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None and compare_digest(given.encode(), token.get_secret_value().encode()):
        return True
    return not req.settings.production and current_address() in LOOPBACK_HOSTS


def _version() -> str:
    try:
        return version("ontmoet")
    except PackageNotFoundError:
        return "0.1.0"
