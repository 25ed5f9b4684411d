"""Page that manages the feed, and the iCalendar feed itself with conditional requests (ETag)."""

from urllib.parse import quote, urlencode

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from events.core.auth.actor import SYSTEM
from events.core.auth.endpoints import Access
from events.core.calendar.itip import Mailbox, calendar_file
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.feeds import actions, queries
from events.feeds.models import Feed

blueprint = Blueprint("feeds", __name__)
MAX_KEPT_FILES = 64  # of up to 160 kB each
_contents: dict[str, tuple[str, bytes]] = {}  # (mark, file) by feed


@page(blueprint, "/me/feed", who=Access.SELF, methods=("GET", "POST"))
def manage(req: PageRequest) -> Response:
    if req.posted:
        actions.make_feed(req.db, req.actor)
        return req.go("feeds.manage", done=_("Your calendar is ready. Add it below."))
    feed = queries.feed_of(req.db, req.actor.id)
    address = _address(req, feed) if feed is not None else ""
    return req.render("feeds/manage.html", feed=feed, address=address, ways=_subscription_links(address))


@page(blueprint, "/me/feed/end", who=Access.SELF, methods=("POST",))
def end(req: PageRequest) -> Response:
    actions.end_feed(req.db, req.actor)
    return req.go("feeds.manage", done=_("That address opens nothing any more."))


@page(blueprint, "/feeds/<token>.ics", who=Access.TOKEN)
def read(req: PageRequest, token: str) -> Response:
    """Answers 304 without loading entries if unchanged; a plain 404 for unknown addresses."""
    req.limit_network("feeds", "120 per minute")
    feed = queries.find_feed(req.db, token)
    if feed is None:
        return _with_private_headers(Response("", 404, mimetype="text/plain"))
    mark = queries.mark_of(req.db, feed)
    actions.record_fetch(req.db, SYSTEM, feed, mark)
    if _is_known(feed, mark):
        return _with_private_headers(Response(status=304), feed)
    content = _content(req, feed, mark)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="ontmoet.ics"'
    return _with_private_headers(answer, feed)


def _content(req: PageRequest, feed: Feed, mark: str) -> bytes:
    """The file, kept while its mark stays the same: some calendar programs never send it back to us."""
    kept = _contents.get(feed.id)
    if kept is not None and kept[0] == mark:
        return kept[1]
    entries = queries.list_entries(req.db, feed, req.settings.public_url)
    content = calendar_file(entries, "PUBLISH", Mailbox("Ontmoet", req.settings.mail_from), name="Ontmoet")
    if len(_contents) >= MAX_KEPT_FILES:
        _contents.pop(next(iter(_contents)), None)
    _contents[feed.id] = mark, content
    return content


def _is_known(feed: Feed, mark: str) -> bool:
    """If-None-Match decides, else If-Modified-Since."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(mark)
    since = request.if_modified_since
    return since is not None and feed.changed_at is not None and _second(feed) <= since.timestamp()


def _with_private_headers(answer: Response, feed: Feed | None = None) -> Response:
    """No shared caching, no indexing, no referrer."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if feed is not None and feed.changed_at is not None:
        answer.set_etag(feed.mark, weak=True)
        answer.headers["Last-Modified"] = http_date(_second(feed))
    return answer


def _second(feed: Feed) -> int:
    return int(feed.changed_at.timestamp()) if feed.changed_at is not None else 0


def _address(req: PageRequest, feed: Feed) -> str:
    return req.settings.public_url + url_for("feeds.read", token=queries.token_of(feed))


def _subscription_links(address: str) -> dict[str, str]:
    """By kind of program."""
    subscribed = "webcal://" + address.partition("://")[2]
    named = urlencode({"url": address, "name": "Ontmoet"}, quote_via=quote)
    return {
        "apple": subscribed,
        "google": "https://calendar.google.com/calendar/render?" + urlencode({"cid": subscribed}),
        "outlook": f"https://outlook.live.com/calendar/0/addfromweb?{named}",
        "office": f"https://outlook.office.com/calendar/0/addfromweb?{named}",
    }
