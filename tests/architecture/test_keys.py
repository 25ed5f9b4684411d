"""Every purpose of a personal key against every page and frame: it opens what its verbs say, nothing else."""

import pytest
from flask import Flask

from events.accounts.rules import PURPOSES
from events.core.auth import endpoints
from events.core.auth.endpoints import Access
from events.core.db.session import unit_of_work
from tests.architecture.test_rights import FORGIVEN, FRAMES, address, filled, is_refused, new_world
from tests.factories.accounts import make_key
from tests.support.clients import PageClient, SocketClient
from tests.support.permission_world import CANARY, World

# Two take the key out of the cookie; the third is for all who hold one, and only mails their person.
APART = {"accounts.leave_key", "accounts.sign_out", "accounts.mail_link_to_myself"}
PAGES = [door for door in endpoints.endpoints.values() if door.kind == "page" and door.name not in APART]


def holder(app: Flask, world: World, purpose: str) -> PageClient:
    """A browser whose cookie holds a key of this purpose, however it came there."""
    with unit_of_work() as db:
        keys = world.keys.get(purpose) or [make_key(db, world.people["partner"], purpose)]
    page = PageClient(app, None)
    with page.client.session_transaction() as session:
        session["keys"] = [key.id for key in keys]
    return page


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_page_opens_to_the_purposes_that_it_names_and_to_no_other(app: Flask, purpose: str) -> None:
    world = new_world()
    page, visitor = holder(app, world, purpose), PageClient(app, None)
    for door in PAGES:
        if purpose in door.purposes:
            continue
        path = address(door.rule, door.name, world)
        for method in door.methods:
            ask = PageClient.get if method == "GET" else PageClient.post
            answer = ask(page, path)
            if is_refused(answer.status_code, answer.headers.get("Location")):
                continue
            assert door.who not in {Access.SIGNED_IN, Access.MEMBER, Access.PARTNER, Access.SELF}, door.name
            same = ask(visitor, path)
            assert answer.status_code == same.status_code, door.name
            assert (CANARY in answer.text) == (CANARY in same.text), door.name


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_frame_is_taken_by_the_purposes_that_it_names_and_by_no_other(app: Flask, purpose: str) -> None:
    world = new_world()
    socket = SocketClient(app, None, client=holder(app, world, purpose).client)
    for name, payload in FRAMES.items():
        if purpose not in endpoints.endpoints[f"frame {name}"].purposes and name not in FORGIVEN:
            ack = socket.send(name, **filled(payload, world))
            assert ack.status in {403, 404}, name
            assert CANARY not in str(ack.data), name
    socket.close()


def test_an_endpoint_with_an_unknown_verb_stops_the_start() -> None:
    verbs = {name: purpose.verbs for name, purpose in PURPOSES.items()}
    endpoints.check_keys(verbs)
    with pytest.raises(ValueError, match="no verb"):
        endpoints.check_keys({**verbs, "coffee": ("read",)})


def test_what_is_used_once_opens_no_page_and_only_links_asked_for_enter_an_account() -> None:
    assert {name for name, purpose in PURPOSES.items() if purpose.once and purpose.verbs} == set()
    assert {name for name, purpose in PURPOSES.items() if purpose.enters == "anyone"} == {"sign_in"}
