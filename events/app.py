"""Application factory: registers every feature, and alone imports pages, frames and listeners."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from events import cli
from events.accounts import register as accounts
from events.accounts.rules import PURPOSES
from events.aftertalks import register as aftertalks
from events.availability import register as availability
from events.bookings import register as bookings
from events.calls import register as calls
from events.chat import register as chat
from events.circles import register as circles
from events.coffees import register as coffees
from events.companies import register as companies
from events.core import observability, rate_limits
from events.core.auth import crypto, endpoints
from events.core.config import ROOT, Settings, check_settings
from events.core.db import session
from events.core.realtime import handlers
from events.core.realtime.socket_gate import SocketGate
from events.core.web import pages, security_headers, templates
from events.core.web.session_cookie import SessionCookie
from events.core.web.trial_guard import TrialGuard
from events.exports import register as exports
from events.feeds import register as feeds
from events.guests import register as guests
from events.handbooks import register as handbooks
from events.insights import register as insights
from events.livestreams import register as livestreams
from events.messages import register as messages
from events.notifications import register as notifications
from events.office_hours import register as office_hours
from events.pages import register as site_pages
from events.polls import register as polls
from events.presence import register as presence
from events.questions import register as questions
from events.quick_calls import register as quick_calls
from events.recordings import register as recordings
from events.registrations import register as registrations
from events.replies import register as replies
from events.rescue import register as rescue
from events.rounds import register as rounds
from events.stage import register as stage
from events.welcomes import register as welcomes

FEATURES = (
    accounts,
    circles,
    livestreams,
    registrations,
    guests,
    presence,
    chat,
    questions,
    polls,
    recordings,
    availability,
    coffees,
    bookings,
    feeds,
    calls,
    rounds,
    aftertalks,
    rescue,
    office_hours,
    quick_calls,
    welcomes,
    companies,
    exports,
    handbooks,
    insights,
    messages,
    replies,
    notifications,
    stage,
    site_pages,
)  # low to high


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Raises UnsafeSettings when production is asked for with unsafe values."""
    settings = settings or Settings()
    check_settings(settings)
    app = Flask("events", root_path=str(ROOT), template_folder="templates", static_folder="static")
    _configure(app, settings)
    session.connect(settings.database_url)
    observability.init_app(app)
    security_headers.init_app(app, settings)
    pages.init_app(app)
    templates.init_app(app)
    endpoints.check_keys({name: purpose.verbs for name, purpose in PURPOSES.items()})
    for feature in FEATURES:
        feature.register(app)
    handlers.init_app(app, settings)
    cli.init_app(app)
    gate = SocketGate(app.wsgi_app, settings.sockets_per_address if settings.limits == "on" else None)
    files = WhiteNoise(
        gate,
        root=str(ROOT / "static"),
        prefix="static/",
        max_age=3600,
        autorefresh=not settings.production,
        allow_all_origins=False,
        add_headers_function=security_headers.protect_file(settings),
    )
    top = ROOT / "static" / "vendor" / "root"  # what browsers ask for at the top: icons, made at set-up
    if top.is_dir():
        files.add_files(str(top))
    # We listen on this machine only: in production it is the proxy that calls, and adds who called it.
    served = ProxyFix(files, x_for=1, x_proto=1) if settings.production else TrialGuard(files)
    app.wsgi_app = served  # type: ignore[method-assign]  # the documented way to add WSGI middleware
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secret = settings.secret_key.get_secret_value()
    previous = settings.secret_key_previous.get_secret_value() if settings.secret_key_previous else None
    app.session_interface = SessionCookie()
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=secret,
        SECRET_KEY_FALLBACKS=[previous] if previous else None,
        MAX_CONTENT_LENGTH=9 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=200,
        PERMANENT_SESSION_LIFETIME=timedelta(days=60),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_NAME="__Host-ontmoet" if settings.production else "ontmoet",
        SESSION_REFRESH_EACH_REQUEST=False,
        TRUSTED_HOSTS=_hosts(settings) if settings.production else None,
        WTF_CSRF_TIME_LIMIT=None,
    )
    crypto.configure(secret, previous)
    rate_limits.configure(settings.redis_url, enabled=settings.limits == "on")
    observability.configure(settings)


def _hosts(settings: Settings) -> list[str]:
    """The names we answer to; what watches over this machine asks by the machine's own."""
    return [urlsplit(settings.public_url).hostname or "", "localhost", "127.0.0.1"]
