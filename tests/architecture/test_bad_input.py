"""Every form of every page, one field at a time with what does not belong there: refused, and no trace."""

import html
from collections.abc import Iterator
from typing import Any, get_origin

import pytest
from flask import Flask
from markupsafe import escape
from pydantic import BaseModel
from werkzeug.test import TestResponse

from events.core.auth import endpoints
from events.core.db.session import unit_of_work
from events.core.errors import Invalid
from events.core.i18n.formatting import in_language_of
from events.core.web import error_messages
from events.core.web.forms import parse_page
from events.livestreams.queries.livestreams import get_livestream
from tests.architecture.test_rights import address, browser, new_world
from tests.factories.registrations import make_registration
from tests.support.bad_values import ON_PAGES, count_rows
from tests.support.clients import PageClient
from tests.support.form_cases import SHEETS, FormCase
from tests.support.permission_world import World
from tests.support.test_depth import sample

TEXT = "Marker & <b>woorden</b>"


def busy_world() -> World:
    """Guests are welcome at the livestream, and the member has a place there."""
    world = new_world()
    with unit_of_work() as db:
        livestream = get_livestream(db, world.keys["livestream"][0].subject_id)
        livestream.guests_allowed = livestream.circle.links_shown = True
        make_registration(db, livestream, world.people["member"])
    return world


def at_the_door(app: Flask, world: World, endpoint: str) -> tuple[PageClient, str]:
    page = browser(app, world, SHEETS[endpoint].actor)
    page.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return page, address(endpoints.endpoints[f"page {endpoint}"].rule, endpoint, world)


def refusals(form: type[BaseModel], given: dict[str, str | list[str]]) -> list[tuple[str, str]]:
    """The (field, code) pairs with which the form itself refuses this."""
    as_sent = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    as_sent = {
        n: [v.encode(errors="surrogatepass").decode(errors="replace") for v in vs]
        for n, vs in as_sent.items()
    }
    try:
        parse_page(form, as_sent)
    except Invalid as invalid:
        return invalid.fields
    return []


def spoilt(sheet: FormCase) -> Iterator[dict[str, str | list[str]]]:
    """The right form with one field that is not, for each field; then one with a field too many."""
    for turn, name in enumerate(sheet.form.model_fields):
        for value in sample(ON_PAGES, turn):
            rest = {known: given for known, given in sheet.right.items() if known != name}
            yield rest if value is None else {**rest, name: value}
    yield {**sheet.right, "surprise": "x"}


def as_bytes(given: dict[str, str | list[str]]) -> dict[str, Any]:
    """As a broken client sends it: a lone half of a pair goes out as its bytes."""
    return {
        name: [one.encode(errors="surrogatepass") for one in (value if isinstance(value, list) else [value])]
        for name, value in given.items()
    }


def what_is_read(page: PageClient, answer: TestResponse) -> str:
    """The page, or what the next one says above it."""
    with page.client.session_transaction() as session:
        flashes = [message for _category, message in session.pop("_flashes", [])]
    return " ".join([html.unescape(answer.get_data(as_text=True)), *flashes])


@pytest.mark.parametrize("endpoint", sorted(SHEETS))
def test_a_spoilt_form_is_refused_in_words_and_writes_nothing(app: Flask, endpoint: str) -> None:
    world, sheet = busy_world(), SHEETS[endpoint]
    assert refusals(sheet.form, sheet.right) == []
    page, path = at_the_door(app, world, endpoint)
    wrong, refused, rows = [], 0, count_rows()
    for given in spoilt(sheet):
        found = refusals(sheet.form, given)
        if not found:
            continue
        refused += 1
        answer = page.post(path, **as_bytes(given))
        read = what_is_read(page, answer)
        codes = {code for _name, code in found}
        with in_language_of("en"):
            said = any(error_messages.message_for(code) in read for code in codes | {"bad_choice"})
            said = said or ("missing" in codes and "Fill in ‘" in read)  # beside a field with a label
        known = all(error_messages.is_known(code) for code in codes)
        if answer.status_code not in {303, 422} or count_rows() != rows or not (said and known):
            shown = {name: str(value)[:40] for name, value in given.items()}
            wrong.append((answer.status_code, found, "said" if said else "silent", shown))
    assert wrong == []
    assert refused


@pytest.mark.parametrize("endpoint", sorted(SHEETS))
def test_what_a_form_takes_does_no_harm(app: Flask, endpoint: str) -> None:
    """Odd but storable: it is done or refused, and the page still stands."""
    world, sheet = busy_world(), SHEETS[endpoint]
    page, path = at_the_door(app, world, endpoint)
    for given in spoilt(sheet):
        if not refusals(sheet.form, given):
            answer = page.post(path, **as_bytes(given))
            assert answer.status_code < 500, (given, answer.status_code)
            assert "<script>alert" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("endpoint", [name for name in sorted(SHEETS) if SHEETS[name].again])
def test_what_was_typed_comes_back(app: Flask, endpoint: str) -> None:
    world, sheet = busy_world(), SHEETS[endpoint]
    page, path = at_the_door(app, world, endpoint)
    typed: dict[str, Any] = {
        name: f"{name} {TEXT}" for name in sheet.form.model_fields if takes_text(sheet, name)
    }
    answer = page.post(path, **as_bytes({**sheet.right, **typed, "surprise": "x"}))
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert [name for name, text in typed.items() if str(escape(text)) not in shown] == []
    kept = [text for name, text in sheet.right.items() if name not in {*typed, "client_id"}]
    assert [text for text in kept if isinstance(text, str) and text.splitlines()[0] not in shown] == []


def test_a_password_never_comes_back(app: Flask) -> None:
    world = busy_world()
    secret = "correct-horse-battery"
    for endpoint, named in {
        "accounts.sign_up": "password",
        "accounts.sign_in": "password",
        "accounts.change_password": "new",
    }.items():
        page, path = at_the_door(app, world, endpoint)
        answer = page.post(path, **as_bytes({**SHEETS[endpoint].right, named: secret, "surprise": "x"}))
        assert answer.status_code == 422
        assert secret not in answer.get_data(as_text=True)


def takes_text(sheet: FormCase, name: str) -> bool:
    """Whether a reader could type any sentence there."""
    if name in {"password", "next", "zone", "client_id", *sheet.right} - {"name", "title", "body", "what"}:
        return False
    is_list = get_origin(sheet.form.model_fields[name].annotation) is list
    if is_list or "bool" in str(sheet.form.model_fields[name].annotation):
        return False
    return not refusals(sheet.form, {**sheet.right, name: f"{name} {TEXT}"})
