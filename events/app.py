"""create_app: the table of contents, and the only importer of doors and listeners."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import events.accounts.listeners
import events.availability.jobs
import events.availability.listeners
import events.calls.jobs
import events.calls.listeners
import events.calls.sockets
import events.chat.listeners
import events.chat.sockets
import events.circles.listeners
import events.coffees.jobs
import events.coffees.listeners
import events.livestreams.jobs
import events.livestreams.listeners
import events.matching.jobs
import events.matching.listeners
import events.matching.sockets
import events.notifications.jobs
import events.notifications.listeners
import events.polls.listeners
import events.polls.sockets
import events.presence.jobs
import events.presence.listeners
import events.presence.sockets
import events.questions.listeners
import events.questions.sockets
import events.recordings.jobs
import events.recordings.listeners
import events.registrations.listeners
import events.replies.jobs
import events.replies.listeners
import events.rescue.listeners
import events.stage.jobs  # noqa: F401 - these modules register themselves
from events import cli
from events.accounts import views as accounts
from events.accounts.queries.actors import load_actor, load_actors
from events.accounts.rules import PURPOSES
from events.availability import views as availability
from events.calls import views as calls
from events.chat import views as chat
from events.circles import views as circles
from events.coffees import views as coffees
from events.core import access, db, limits, observe, realtime, rights, secrets, security, web
from events.core import pages as templates
from events.core.config import ROOT, Settings, check_settings
from events.core.session_cookie import SessionCookie
from events.core.socket_gate import SocketGate
from events.core.trial_guard import TrialGuard
from events.feeds import views as feeds
from events.insights import views as insights
from events.livestreams import views as livestreams
from events.matching import views as matching
from events.notifications import views as notifications
from events.pages import views as pages
from events.polls import views as polls
from events.questions import views as questions
from events.recordings import views as recordings
from events.registrations import views as registrations
from events.rescue import views as rescue
from events.stage import views as stage

BLUEPRINTS = (
    accounts, circles, livestreams, registrations, chat, questions, polls, recordings, availability, coffees,
    feeds, calls, matching, rescue, insights, notifications, stage, pages,
)  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Raises UnsafeSettings when production is asked for with unsafe values."""
    settings = settings or Settings()
    check_settings(settings)
    app = Flask("events", root_path=str(ROOT), template_folder="templates", static_folder="static")
    _configure(app, settings)
    db.connect(settings.database_url)
    observe.init_app(app)
    security.init_app(app, settings)
    web.init_app(app)
    templates.init_app(app)
    access.set_loader(load_actor, load_actors)
    rights.check_keys({name: purpose.verbs for name, purpose in PURPOSES.items()})
    for views in BLUEPRINTS:
        app.register_blueprint(views.blueprint)
    realtime.init_app(app, settings)
    cli.init_app(app)
    gate = SocketGate(app.wsgi_app, settings.sockets_per_address if settings.limits == "on" else None)
    files = WhiteNoise(
        gate,
        root=str(ROOT / "static"),
        prefix="static/",
        max_age=3600,
        autorefresh=not settings.production,
        allow_all_origins=False,
        add_headers_function=security.protect_file(settings),
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
    secrets.configure(secret, previous)
    limits.configure(settings.redis_url, enabled=settings.limits == "on")
    observe.configure(settings)


def _hosts(settings: Settings) -> list[str]:
    """The names we answer to; what watches over this machine asks by the machine's own."""
    return [urlsplit(settings.public_url).hostname or "", "localhost", "127.0.0.1"]
