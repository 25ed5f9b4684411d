"""sitemap.xml and its files, and robots.txt, which points to it."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.pages.queries.sitemap import count_files, list_addresses
from events.pages.views.home import blueprint

FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}
FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}
ALWAYS = ("pages.today", "livestreams.index", "pages.help", "pages.privacy")
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
RATE = "60 per minute"


@page(blueprint, "/robots.txt", who=Access.ANYONE)
def robots(req: PageRequest) -> Response:
    content = f"{ROBOTS}\nSitemap: {req.settings.public_url}{url_for('pages.sitemap')}\n"
    return Response(content, mimetype="text/plain", headers=FOR_A_DAY)


@page(blueprint, "/sitemap.xml", who=Access.ANYONE)
def sitemap(req: PageRequest) -> Response:
    """An index of the files, each with some thousands of addresses."""
    req.limit_network("sitemap", RATE)
    numbers = range(1, count_files(req.db) + 1)
    addresses = [url_for("pages.sitemap_file", number=number) for number in numbers]
    return _answer(req, "pages/sitemap_index.xml", addresses)


@page(blueprint, "/sitemaps/<int:number>.xml", who=Access.ANYONE)
def sitemap_file(req: PageRequest, number: int) -> Response:
    req.limit_network("sitemap", RATE)
    if not 1 <= number <= count_files(req.db):
        raise NotFound
    addresses = [url_for(endpoint) for endpoint in ALWAYS] if number == 1 else []
    addresses += [url_for(endpoint, slug=slug) for endpoint, slug in list_addresses(req.db, number)]
    return _answer(req, "pages/sitemap.xml", addresses)


def _answer(req: PageRequest, template: str, addresses: list[str]) -> Response:
    content = render_template(template, site=req.settings.public_url, addresses=addresses)
    return Response(content, mimetype="application/xml", headers=FOR_AN_HOUR)
