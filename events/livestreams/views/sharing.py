"""Pages for sharing a livestream: text and link to copy, preview picture, QR code for a slide."""

from urllib.parse import quote

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, membership_of
from events.core.auth.endpoints import Access
from events.core.i18n.formatting import current_locale, span, when
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.livestreams import policy
from events.livestreams.models import Livestream
from events.livestreams.queries import livestreams as livestream_queries
from events.livestreams.queries.share_images import draw_picture, hash_facts, preview_facts, qr_facts
from events.livestreams.queries.shared_links import get_shown
from events.livestreams.rules.qr_code import qr_svg
from events.livestreams.views.pages import KEYS, blueprint

PICTURE_MAX_AGE_SECONDS = 3600


@page(blueprint, "/livestreams/<slug>/share", who=Access.ANYONE, keys=KEYS)
def share(req: PageRequest, slug: str) -> Response:
    """Works without scripts too: the text stands in a field, and the buttons are links."""
    livestream = livestream_queries.get_visible(req.db, req.actor, slug)
    url = url_for("stage.show", slug=livestream.slug, _external=True)
    text = _text(livestream, url)
    if membership_of(req.db, req.actor, livestream.circle_id) is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
    return req.render(
        "livestreams/share.html",
        livestream=livestream,
        shown=policy.may_be_shared(livestream),
        url=url,
        text=text,
        whatsapp=f"https://wa.me/?text={quote(text)}",
        linkedin=f"https://www.linkedin.com/sharing/share-offsite/?url={quote(url, safe='')}",
        preview=preview_url(livestream),
    )


@page(blueprint, "/livestreams/<slug>/preview.png", who=Access.ANYONE, keys=KEYS)
def preview(req: PageRequest, slug: str) -> Response:
    """1200 × 630, for those who show a preview of the link."""
    livestream = get_shown(req.db, req.actor, slug)
    return _picture(req, "preview", livestream, preview_facts(livestream))


@page(blueprint, "/livestreams/<slug>/qr.png", who=Access.ANYONE, keys=KEYS)
def qr_png(req: PageRequest, slug: str) -> Response:
    livestream = get_shown(req.db, req.actor, slug)
    return _picture(req, "qr", livestream, qr_facts(livestream, _short(livestream)))


@page(blueprint, "/livestreams/<slug>/qr.svg", who=Access.ANYONE, keys=KEYS, name="qr_svg")
def qr_code(req: PageRequest, slug: str) -> Response:
    livestream = get_shown(req.db, req.actor, slug)
    answer = Response(qr_svg(**qr_facts(livestream, _short(livestream))), mimetype="image/svg+xml")
    return _cached(answer, shared=policy.may_be_shared(livestream))


def preview_url(livestream: Livestream) -> str:
    """Absolute; changes with the picture, so that it is fetched again."""
    version = hash_facts(preview_facts(livestream))
    return url_for("livestreams.preview", slug=livestream.slug, v=version, _external=True)


def _picture(req: PageRequest, kind: str, livestream: Livestream, facts: dict[str, str]) -> Response:
    etag, shared = hash_facts(facts), policy.may_be_shared(livestream)
    if request.if_none_match.contains(etag):
        answer = Response(status=304)
    else:
        livestream_id = livestream.id
        req.finish()
        answer = Response(
            draw_picture(kind, livestream_id, facts, req.settings.media_dir), mimetype="image/png"
        )
    answer.set_etag(etag)
    return _cached(answer, shared=shared)


def _cached(answer: Response, *, shared: bool) -> Response:
    scope = "public" if shared else "private"
    answer.headers["Cache-Control"] = f"{scope}, max-age={PICTURE_MAX_AGE_SECONDS}"
    return answer


def _short(livestream: Livestream) -> str:
    return url_for("stage.show", slug=livestream.slug, _external=True)


def _text(livestream: Livestream, url: str) -> str:
    day = when(livestream.starts_at, "day", livestream.zone, current_locale())
    hours = span(livestream.starts_at, livestream.ends_at, livestream.zone)
    opening = _(
        "‘%(title)s’, a livestream of %(circle)s.", title=livestream.title, circle=livestream.circle.name
    )
    after = _("And a coffee afterwards, if you like.")
    return f"{opening}\n{day}, {hours}. {after}\n{url}"
