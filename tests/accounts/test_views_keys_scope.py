"""Scope of personal keys: the holder of a key sees what a visitor sees, and the key's own page."""

import pytest
from flask import Flask

from events.core.auth import endpoints
from events.core.auth.endpoints import Access
from tests.architecture.test_rights import address, browser, new_world

PUBLIC_PAGES = sorted(
    endpoint.name
    for endpoint in endpoints.endpoints.values()
    if endpoint.who is Access.ANYONE and "GET" in endpoint.methods and not endpoint.keys
)


@pytest.mark.parametrize("key", ["coffee key", "livestream key"])
@pytest.mark.parametrize("endpoint", PUBLIC_PAGES)
def test_a_key_shows_no_more_than_a_visitor_sees(app: Flask, endpoint: str, key: str) -> None:
    """The key of one coffee or livestream opens that one; its holder may well be a member."""
    world = new_world()
    path = address(endpoints.endpoints[f"page {endpoint}"].rule, endpoint, world)
    seen = browser(app, world, "visitor").get(path)
    by_key = browser(app, world, key).get(path)
    assert by_key.status_code == seen.status_code
    hidden = ("Avond kanarie", "Opname kanarie", *(person.email for person in world.people.values()))
    shown = {word for word in hidden if word in by_key.get_data(as_text=True)}
    assert shown == {word for word in hidden if word in seen.get_data(as_text=True)}


def test_a_key_of_one_coffee_opens_no_other(app: Flask) -> None:
    world = new_world()
    holder = browser(app, world, "coffee key")
    livestream = world.values["livestream"]
    for path in (f"/livestreams/{livestream}", f"/livestreams/{livestream}/chat", "/coffees", "/me"):
        assert holder.get(path).headers["Location"].startswith("/sign-in"), path
