"""Property-based fuzz run over every address: any path, query, header and body, by anybody."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import events.app  # noqa: F401 - declares every page
from events.core.auth import endpoints
from tests.support.form_cases import SHEETS
from tests.support.fuzzing import ACTORS, Ask, budget, fuzz_world
from tests.support.random_input import Body, Known, value
from tests.support.random_requests import bodies, headers, pair_query, raw_query

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
USUAL = {
    "user_id": "user", "request_id": "request", "invitation_id": "invitation", "promise_id": "promise",
    "break_id": "break", "question_id": "question", "poll_id": "poll",
    "apart_id": "apart", "handle": "handle",
}  # fmt: skip
NAMELESS = b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"
OF_RECORDED = ("recordings.", "rounds.", "aftertalks.", "insights.")
UNREADY = "pages.ready"  # says 503 while no worker runs, as in these tests
PAGES = {
    door.name: door for door in endpoints.endpoints.values() if door.kind == "page" and door.name != UNREADY
}
actors = st.sampled_from(sorted(ACTORS))


def usual(endpoint: str, rule: str, parameter: str) -> Known | str:
    """What stands there in an address of ours."""
    if parameter not in {"slug", "id"}:
        return Known(USUAL[parameter]) if parameter in USUAL else "nothing"
    first = rule.split("/")[1]
    if first == "livestreams":
        return Known("recorded" if endpoint.startswith(OF_RECORDED) else "livestream")
    return Known({"handed-on": "handover"}.get(first, first.removesuffix("s")))


def usual_path(endpoint: str) -> tuple[str | Known, ...]:
    rule = PAGES[endpoint].rule
    parts = enumerate(PARAMETER.split(rule))
    return tuple(usual(endpoint, rule, part) if number % 2 else part for number, part in parts)


def paths(endpoint: str, rule: str) -> st.SearchStrategy[tuple[str | Known, ...]]:
    """The address with what belongs in it, or with anything else."""
    parts: list[st.SearchStrategy[str | Known]] = []
    for number, part in enumerate(PARAMETER.split(rule)):
        if number % 2 == 0:
            parts.append(st.just(part))
        else:
            expected = st.just(usual(endpoint, rule, part))
            parts.append(expected | expected | expected | value)
    return st.tuples(*parts)


def asks(endpoint: str) -> st.SearchStrategy[Ask]:
    door = PAGES[endpoint]
    method = st.sampled_from((*door.methods, *door.methods, *door.methods, "HEAD", "OPTIONS", "PUT", "FOO"))
    names = sorted(SHEETS[endpoint].form.model_fields) if endpoint in SHEETS else ["name", "page"]
    return st.builds(Ask, method, paths(endpoint, door.rule), raw_query | pair_query, headers, bodies(names))


@pytest.mark.parametrize("endpoint", sorted(PAGES))
def test_no_request_is_too_odd_for_a_page(app: Flask, endpoint: str) -> None:
    world = fuzz_world(app)

    @budget(3)
    @given(actors, asks(endpoint))
    def never_fails(actor: str, ask: Ask) -> None:
        with world.example():
            world.try_out(actor, ask)

    never_fails()


@pytest.mark.parametrize(
    "ask",
    [
        Ask("POST", ("/theme",), body=Body("multipart/form-data; boundary=x", NAMELESS)),
        Ask("GET", ("/sign-in",), "next=/\xf2"),
        Ask("GET", ("/livestreams",), "q=\xff&tab=\xff"),
        Ask("GET", ("/coffees/", Known("other_coffee")), "\xff"),
        Ask("GET", ("/",), headers={"Host": "x.test"}),
        Ask("GET", ("/socket.io/",)),
    ],
)
def test_what_the_fuzz_run_found_stays_mended(app: Flask, ask: Ask) -> None:
    world = fuzz_world(app)
    for actor in ACTORS:
        with world.example():
            assert world.try_out(actor, ask).status_code < 500


def test_no_address_is_too_odd(app: Flask) -> None:
    world = fuzz_world(app)
    start = st.sampled_from(
        ("/", "//", "/static/", "/socket.io/", "/k/", "/photos/", "/static/../", "", "/livestreams/", "/me")
    )
    anywhere = st.builds(
        Ask, st.sampled_from(("GET", "POST", "HEAD")), st.tuples(start, value, st.just("/") | value),
        raw_query | pair_query, headers, bodies(["name"]),
    )  # fmt: skip

    @budget(60)
    @given(actors, anywhere)
    def never_fails(actor: str, ask: Ask) -> None:
        with world.example():
            world.try_out(actor, ask)

    never_fails()
