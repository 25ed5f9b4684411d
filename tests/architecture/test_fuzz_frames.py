"""Property-based fuzz run over every frame: any JSON, as anybody, in any room."""

import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from events.core.realtime.packets import MAX_FRAME_BYTES
from events.core.web import error_messages
from tests.architecture.test_rights import FRAMES
from tests.support.clients import SocketClient
from tests.support.fuzzing import ACTORS, FuzzWorld, budget, fuzz_world
from tests.support.other_circle import OF_THE_OTHER
from tests.support.random_input import KNOWN, Known, any_text, payload

ROOMS = (
    "livestream:{livestream}", "livestream:{recorded}", "livestream:{other_livestream}",
    "coffee:{coffee}", "coffee:{other_coffee}", "livestream:", ":", "person:{user}", "livestream:{circle}",
)  # fmt: skip
actors = st.sampled_from(sorted(ACTORS))
any_value = payload | st.sampled_from(ROOMS) | st.sampled_from([f"{{{name}}}" for name in KNOWN])


def frames(name: str) -> st.SearchStrategy[object]:
    """The payload as it should be with some fields of it anything else, or anything at all."""
    right = FRAMES[name]
    changes = st.dictionaries(st.sampled_from(sorted(right)) | any_text, any_value, max_size=3)
    changed = changes.map(lambda drawn: {**right, **drawn})
    return changed | changed | changed | payload


def resolved(world: FuzzWorld, given: object) -> object:
    """With the ids of what exists in the place of its names."""
    if isinstance(given, Known):
        return world.name(given)
    if isinstance(given, str):
        return world.values.get(given[1:-1], given) if given[:1] == "{" else _room(world, given)
    if isinstance(given, list) and len(given) < 50:
        return [resolved(world, one) for one in given]
    if isinstance(given, dict):
        return {key: resolved(world, one) for key, one in given.items()}
    return given


def _room(world: FuzzWorld, text: str) -> str:
    kind, _, name = text.partition(":{")
    return f"{kind}:{world.values[name[:-1]]}" if name[:-1] in world.values else text


def opened(app: Flask, world: FuzzWorld, actor: str) -> SocketClient:
    client = app.test_client()
    client.set_cookie("ontmoet", world.cookies[actor])
    return SocketClient(app, None, client=client)


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_no_payload_is_too_odd_for_a_frame(app: Flask, name: str) -> None:
    """Done or refused in words; refused, it writes nothing, and the socket goes on."""
    world = fuzz_world(app)

    @budget(10)
    @given(actors, st.lists(frames(name), min_size=1, max_size=3))
    def never_fails(actor: str, sent: list[object]) -> None:
        with world.example():
            wire = opened(app, world, actor)
            for one in sent:
                before = len(world.writes)
                ack = wire.client.emit(name, resolved(world, one), callback=True)
                if ack is None:  # longer than any frame may be: not even its number was read
                    assert len(json.dumps(resolved(world, one))) + len(name) > MAX_FRAME_BYTES - 20
                    continue
                assert ack["ok"] or (ack["status"] < 500 and error_messages.is_known(ack["error"])), ack
                assert ack["ok"] or len(world.writes) == before, (ack, world.writes[before:])
                assert OF_THE_OTHER not in str(ack), ack
            assert OF_THE_OTHER not in str(wire.client.get_received())
            assert wire.send("chat.leave", room="livestream:x").ok
            wire.close()

    never_fails()
