"""Home and Today, the pages about us, and the ones that machines read."""

from hmac import compare_digest
from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Response

from events.accounts.queries import list_opened
from events.core.client_network import current_address
from events.core.config import LOOPBACK_HOSTS
from events.core.door import Door
from events.core.errors import NotFound
from events.core.health import examine_health
from events.core.rights import Who
from events.core.web import page
from events.pages.queries import today_of

blueprint = Blueprint("pages", __name__)
KEYS = (
    "livestream:watch",
    "coffee:read",
    "introduction:read",
    "round:answer",
    "pause:end",
)  # home names them

FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}
# Public pages may be found; what belongs to one person, or is a secret in an address, is nobody's to list.
ROBOTS = """User-agent: *
Disallow: /coffees
Disallow: /dev/
Disallow: /feeds/
Disallow: /k/
Disallow: /me
Disallow: /metrics
Disallow: /readyz
Disallow: /sign-in
Disallow: /socket.io/
Disallow: /unsubscribe/
Allow: /
"""


@page(blueprint, "/", who=Who.ANYONE, keys=KEYS)
def today(door: Door) -> Response:
    if door.actor.kind == "key":
        return door.render("pages/by_key.html", opened=list_opened(door.db, door.actor))
    if not door.actor.is_signed_in():
        return door.render("pages/home.html")
    return door.render("pages/today.html", today=today_of(door.db, door.actor))


@page(blueprint, "/privacy", who=Who.ANYONE)
def privacy(door: Door) -> Response:
    return door.render("pages/privacy.html")


@page(blueprint, "/help", who=Who.ANYONE)
def help(door: Door) -> Response:
    return door.render("pages/help.html")


@page(blueprint, "/robots.txt", who=Who.ANYONE)
def robots(door: Door) -> Response:
    return Response(ROBOTS, mimetype="text/plain", headers=FOR_A_DAY)


@page(blueprint, "/healthz", who=Who.ANYONE)
def health(door: Door) -> Response:
    return jsonify({"alive": True, "version": _version()})


@page(blueprint, "/readyz", who=Who.ANYONE)
def ready(door: Door) -> Response:
    door.limit_network("ready", "120 per minute")
    health = examine_health(door.settings)
    checks = {
        "database": health.database is None,
        "tables": health.tables,
        "worker": health.worker,
        "queue": health.queue,
        "redis": health.redis is None,
        "media": door.settings.media_dir.parent.exists(),
    }
    well = all(checks.values())
    waits, worked = health.mail_waits_since, health.relay.worked_at
    more = {
        "mail_waits_since": waits and waits.isoformat(timespec="seconds"),
        "given_up": health.failed,
        "relay_works": health.relay.works,
        "relay_worked_at": worked and worked.isoformat(timespec="seconds"),
    }
    response = jsonify({"ready": well, **(checks | more if _may_see_inside(door) else {})})
    response.status_code = 200 if well else 503
    return response


@page(blueprint, "/metrics", who=Who.TOKEN)
def metrics(door: Door) -> Response:
    if not _may_see_inside(door):
        raise NotFound
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)


def _may_see_inside(door: Door) -> bool:
    """With METRICS_TOKEN; without it only this machine, and never in production, where a proxy that says
    nothing of who calls looks like this machine itself."""
    token = door.settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None and compare_digest(given.encode(), token.get_secret_value().encode()):
        return True
    return not door.settings.production and current_address() in LOOPBACK_HOSTS


def _version() -> str:
    try:
        return version("ontmoet")
    except PackageNotFoundError:
        return "0.1.0"
