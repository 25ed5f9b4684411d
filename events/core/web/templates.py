"""Jinja environment: globals, filters and context, and the reader's locale and time zone."""

from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, request, session, url_for
from flask_babel import Babel
from flask_login import current_user

from events.core import clock
from events.core.auth.actor import VISITOR, Actor
from events.core.config import Settings
from events.core.i18n import formatting
from events.core.text import bidi
from events.core.text.email_address import readable_address
from events.core.text.markup import clock_text, linked, mail_markdown, markdown, plain_name
from events.core.web import template_cache


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(formatting.TRANSLATIONS)
    Babel(app, locale_selector=reader_locale, timezone_selector=reader_zone)
    bidi.init_environment(app.jinja_env)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {
        "link": url_for,
        "canonical": _canonical,
        "now": clock.now,
        "reader_zone": reader_zone,
    }
    app.jinja_env.filters |= {
        "when": _when,
        "span": _span,
        "relative_time": _relative_time,
        "markdown": markdown,
        "mail_markdown": mail_markdown,
        "linked": linked,
        "timecode": clock_text,
        "address": readable_address,
        "plain_name": plain_name,
    }
    app.context_processor(_reader)
    template_cache.init_app(app)


def reader_locale() -> str:
    """Locale of the account, else of this browser, else Accept-Language. A key holder changes the
    language of this browser only, so for them the browser's choice comes first.
    """
    actor, here = _actor(), session.get("locale")
    chosen = here or actor.locale if actor.kind == "key" else actor.locale or here
    if chosen in formatting.LOCALES:
        return str(chosen)
    return request.accept_languages.best_match(formatting.LOCALES) or formatting.DEFAULT_LOCALE


def reader_zone() -> str:
    zone = _actor().zone or session.get("zone")
    return zone if zone and formatting.is_zone(zone) else formatting.DEFAULT_ZONE


def use_locale_of(actor: Actor = VISITOR) -> None:
    """Render in this actor's locale from now on, without loading the actor from the database."""
    g._login_user = actor  # Flask-Login's cache of the current user


def _actor() -> Actor:
    actor: Actor = current_user._get_current_object() if current_user else VISITOR
    return actor


def _reader() -> dict[str, object]:
    actor = _actor()
    return {
        "reader": actor if actor.is_signed_in() or actor.keys else None,
        "key_person": actor.name if actor.kind == "key" else None,
        "current_circle": g.get("current_circle"),
        "locale": formatting.current_locale(),
        "theme": session.get("theme", ""),
        "allowed_embeds": actor.allowed_embeds if actor.person_id else session.get("allowed_embeds", ()),
    }


def _canonical(endpoint: str, **values: Any) -> str:
    """The address of a page at PUBLIC_URL, under whatever name it was requested."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.public_url + url_for(endpoint, **values)


def _when(value: datetime, style: str = "day_hour", zone: str | None = None) -> str:
    return formatting.when(value, style, zone or reader_zone(), formatting.current_locale())


def _span(start: datetime, end: datetime, zone: str | None = None) -> str:
    return formatting.span(start, end, zone or reader_zone())


def _relative_time(value: datetime) -> str:
    return formatting.distance(value, clock.now(), formatting.current_locale())
