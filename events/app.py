"""create_app: the table of contents, and the only importer of doors and listeners."""

import importlib
import importlib.util
import sys
import traceback
from datetime import timedelta

from flask import Flask
from whitenoise import WhiteNoise

from events import cli
from events.core import access, db, limits, observe, pages, realtime, secrets, security, web
from events.core.config import ROOT, Settings, check_settings

FEATURES = [
    "accounts",
    "circles",
    "livestreams",
    "registrations",
    "presence",
    "chat",
    "questions",
    "polls",
    "recordings",
    "availability",
    "coffees",
    "calls",
    "matching",
    "insights",
    "notifications",
    "stage",
    "pages",
]


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Raises UnsafeSettings when production is asked for with unsafe values."""
    settings = settings or Settings()
    check_settings(settings)
    app = Flask("events", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SECRET_KEY_FALLBACKS=[settings.secret_key_previous.get_secret_value()]
        if settings.secret_key_previous
        else None,
        MAX_CONTENT_LENGTH=9 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=200,
        PERMANENT_SESSION_LIFETIME=timedelta(days=60),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_NAME="__Host-ontmoet" if settings.production else "ontmoet",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    secrets.configure(
        settings.secret_key.get_secret_value(),
        settings.secret_key_previous.get_secret_value() if settings.secret_key_previous else None,
    )
    limits.configure(settings.redis_url, enabled=settings.limits == "on")
    observe.configure(settings)
    db.connect(settings.database_url)
    observe.init_app(app)
    security.init_app(app, settings)
    web.init_app(app)
    pages.init_app(app)
    _open_doors(app)
    realtime.init_app(app, settings)
    cli.init_app(app)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=str(ROOT / "static"), prefix="static/", max_age=3600)  # type: ignore[method-assign]  # the documented way to add WSGI middleware
    return app


def _open_doors(app: Flask) -> None:
    for feature in FEATURES:
        for part in ("jobs", "listeners", "views", "sockets"):
            name = f"events.{feature}.{part}"
            try:
                if importlib.util.find_spec(name) is None:
                    continue
                module = importlib.import_module(name)
            except Exception:
                traceback.print_exc(file=sys.stderr)
                continue
            if part == "views" and hasattr(module, "blueprint"):
                app.register_blueprint(module.blueprint)
    queries = importlib.import_module("events.accounts.queries")
    access.set_loader(queries.load_actor)
